"""The tables of the pages as files: the same numbers as on the page, and no more questions to the database than it asks."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from io import StringIO
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from lxml import html

from indicators.actions.versions import bump_version
from indicators.models import Area, Flag, Goal, Indicator, Observation
from tests import factories as make
from tests.project.page_world import Denmark, denmark

pytestmark = pytest.mark.django_db

#: A page's own limit: a file asks no more.
MOST = 12
FILES = (
    "/maal/maal",
    "/maal/maal/indikatorer",
    "/maal/maal/omraader",
    "/maal/maal/kurver",
    "/indikatorer/sygehusophold/omraader",
    "/indikatorer/sygehusophold/kommuner",
    "/indikatorer/sygehusophold/alle-tal",
    "/omraader/082/tal",
    "/omraader/klynge-midtklyngen/kommuner",
    "/daekning/kort",
    "/daekning/ingen-arbejder",
    "/daekning/stilstand",
    "/daekning/punkter-uden-maal",
    "/data/udgaver",
    "/data/rettelser",
    "/data/kontrolsum",
)


@pytest.fixture(autouse=True)
def _no_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    monkeypatch.setattr("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs))


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    """The words are the message ids then, whatever the translation says. Numbers in a CSV file are Danish in any case."""
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def world() -> Denmark:
    return denmark()


def rows_of(client: Client, address: str) -> list[dict[str, str]]:
    """The table of a CSV file, without the notes under the empty row."""
    response = client.get(address)
    assert response.status_code == 200, address
    lines = list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline=""), delimiter=";"))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1 : lines.index([])]]


def notes_of(client: Client, address: str) -> list[list[str]]:
    text = client.get(address).getvalue().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    return lines[lines.index([]) + 1 :]


# --- What everybody gets ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", FILES)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonstat"])
def test_every_table_is_there_in_three_forms(client: Client, world: Denmark, address: str, ending: str) -> None:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        response = client.get(f"{address}.{ending}", {"omraade": "082"})
        content = response.getvalue()
    assert response.status_code == 200
    assert len(asked) <= MOST, [query["sql"] for query in asked]
    assert re.fullmatch(
        r'attachment; filename="[a-z0-9-]+-\d{4}-\d\d-\d\d\.(csv|xlsx|json)"', response["Content-Disposition"]
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    if ending == "csv":
        assert content.startswith(b"\xef\xbb\xbf")
    elif ending == "xlsx":
        assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames) == 2
    else:
        assert json.loads(content)["version"] == "2.0"


@pytest.mark.parametrize(
    "address",
    [
        "/maal/maal.pdf",
        "/maal/findes-ikke/indikatorer.csv",
        "/maal/maal/andet.csv",
        "/indikatorer/findes-ikke/omraader.csv",
        "/indikatorer/sygehusophold/andet.csv",
        "/indikatorer/sygehusophold/grupper.csv",  # it has no groups
        "/indikatorer/sygehusophold/alle-tal.csv?udgave=findes-ikke",
        "/indikatorer/findes-ikke/alle-tal.csv",
        "/omraader/999/tal.csv",
        "/omraader/082/andet.csv",
        "/daekning/andet.csv",
        "/data/andet.csv",
        "/data/udgaver/999999.csv",
    ],
)
def test_what_is_not_there_is_not_found(client: Client, world: Denmark, address: str) -> None:
    assert client.get(address).status_code == 404


def test_a_file_asks_no_more_of_the_database_when_there_is_more_in_it(client: Client, world: Denmark) -> None:
    def asked(address: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(address).getvalue()
        return len(queries)

    addresses = [f"{address}.csv?omraade=082" for address in FILES]
    before = [asked(address) for address in addresses]
    for number in range(3, 12):
        indicator = make.make_indicator(f"endnu-en-{number}", position=number)
        for code in ("000", "081", "082", "740", "779", "791"):
            make.make_observation(indicator, Area.objects.get(code=code), "5.0")
    bump_version()  # as every action does
    assert [asked(address) for address in addresses] == before


# --- The same as on the page ------------------------------------------------------------------------------------------


def printed(page: Any, section: str, inside: str = "") -> list[str]:
    """The numbers of the tables of a section, without the marks between thousands."""
    found = page.xpath(f'//section[@aria-labelledby="{section}"]{inside}//table//*[contains(@class,"sa-val")]')
    return [in_danish(element.text_content()) for element in found]


def in_danish(text: str) -> str:
    """ "1,234.5" of an English page as it stands in the file: "1234,5"."""
    return text.strip().replace(",", "").replace(".", ",").replace("−", "-")


def values(rows: list[dict[str, str]], *columns: str) -> list[str]:
    return [row[column] for row in rows for column in columns if row[column]]


@pytest.mark.slow
def test_every_number_in_a_file_is_the_number_on_the_page(client: Client) -> None:
    """All indicators and goals of the catalogue, seen from the country and from a municipality."""
    call_command("load_demo", "--without-users", stdout=StringIO())
    compared = 0
    for code in Indicator.objects.values_list("code", flat=True):
        for place in ("000", "791"):
            address = f"/indikatorer/{code}/"
            page = html.fromstring(client.get(address, {"omraade": place}).content)
            links = page.xpath('//ul[contains(@class,"sa-files")]//a/@href')
            files = {link.rsplit("/", 1)[1].split(".csv")[0]: link for link in links if ".csv" in link}
            shown = printed(page, "table")
            found = [row for name in ("omraader", "kommuner") if name in files for row in rows_of(client, files[name])]
            told = values(found, "Value")
            assert told == shown, address
            groups = values(rows_of(client, files["grupper"]), "Value") if "grupper" in files else []
            on_page = page.xpath('//section[starts-with(@aria-labelledby,"breakdown")]//*[contains(@class,"sa-val")]')
            assert groups == [in_danish(one.text_content()) for one in on_page], address
            compared += len(told) + len(groups)
    for slug in Goal.objects.values_list("slug", flat=True):
        for place in ("000", "791", "klynge-midtklyngen"):
            page = html.fromstring(client.get(f"/maal/{slug}/", {"omraade": place}).content)
            if shown := printed(page, "indicators"):
                rows = rows_of(client, f"/maal/{slug}/indikatorer.csv?omraade={place}")
                country = next(iter(set(rows[0]) & {"Hele landet"}))
                assert values(rows, "Value", country) == shown, (slug, place)
            if shown := printed(page, "matrix"):
                told = values(rows_of(client, f"/maal/{slug}/omraader.csv?omraade={place}"), "Value")
                assert told == shown, (slug, place)
            compared += len(shown)
    page = html.fromstring(client.get("/omraader/791/").content)
    assert values(rows_of(client, "/omraader/791/tal.csv"), "Value", "Hele landet") == printed(page, "figures")
    assert compared > 4000


# --- Blanks -----------------------------------------------------------------------------------------------------------


def test_a_withheld_figure_leaves_in_no_form(client: Client, world: Denmark) -> None:
    """Not even when a number has been left behind in what the source printed."""
    secret = "987654"
    row = Observation.objects.get(indicator=world.stays, area__code="791")
    Observation.objects.filter(pk=row.pk).update(
        value=None, flag=Flag.SUPPRESSED, reason="Færre end fem.", printed=secret, numerator=secret, denominator=secret
    )
    for address in (*FILES, f"/data/udgaver/{row.edition_id}"):
        for ending in ("csv", "jsonstat"):
            content = client.get(f"{address}.{ending}?omraade=791").getvalue().decode()
            assert secret not in content, address
    (found,) = [row for row in rows_of(client, "/indikatorer/sygehusophold/kommuner.csv") if row["Area code"] == "791"]
    assert (found["Value"], found["Remark"]) == ("", "Færre end fem.")
    cube = json.loads(client.get("/indikatorer/sygehusophold/kommuner.jsonstat").getvalue())
    place = cube["dimension"]["area"]["category"]["index"].index("Viborg")
    assert cube["value"][place] is None
    assert cube["status"] == {str(place): "suppressed"}


# --- Whole ------------------------------------------------------------------------------------------------------------


def test_the_whole_indicator_has_both_the_replaced_and_the_new_figure(client: Client, world: Denmark) -> None:
    old = Observation.objects.get(indicator=world.stays, area__code="791")
    Observation.objects.filter(pk=old.pk).update(is_current=False)
    newer = make.make_edition("nationale-maal-2025", "2025-11", title="Udgaven 2025")
    make.make_observation(world.stays, old.area, "99.25", edition=newer)
    rows = [row for row in rows_of(client, "/indikatorer/sygehusophold/alle-tal.csv") if row["Area code"] == "791"]
    assert [row["Value"] for row in rows] == ["55,3", "99,25"]
    assert rows[0]["In force"] != rows[1]["In force"]
    only = rows_of(client, "/indikatorer/sygehusophold/alle-tal.csv?udgave=nationale-maal-2025")
    assert [row["Value"] for row in only] == ["99,25"]


def test_an_edition_is_fetched_whole_and_says_where_it_is_from(client: Client, world: Denmark) -> None:
    edition = Observation.objects.all()[0].edition
    address = f"/data/udgaver/{edition.pk}.csv"
    assert len(rows_of(client, address)) == Observation.objects.filter(edition=edition).count()
    said = {text for line in notes_of(client, address) for text in line}
    assert {edition.title, f"http://localhost:8000{address}"} <= said


def test_an_edition_too_large_for_a_workbook_says_so(
    client: Client, world: Denmark, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indicators.views.files.MOST_ROWS", 3)
    edition = Observation.objects.all()[0].edition_id
    answers = {ending: client.get(f"/data/udgaver/{edition}.{ending}") for ending in ("csv", "xlsx", "jsonstat")}
    assert {ending: answer.status_code for ending, answer in answers.items()} == {
        "csv": 200,
        "xlsx": 413,
        "jsonstat": 413,
    }
    assert answers["csv"].streaming
    assert b"CSV" in answers["xlsx"].content


def test_the_address_in_a_file_holds_only_what_was_chosen(client: Client, world: Denmark) -> None:
    notes = notes_of(client, "/maal/maal/indikatorer.csv?omraade=791&x=%3Dcmd")
    assert "http://localhost:8000/maal/maal/indikatorer.csv?omraade=791" in [line[-1] for line in notes]
    assert Counter(len(line) for line in notes) == {2: len(notes)}
