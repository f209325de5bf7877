"""The feed of new and corrected figures: valid Atom, the same names wherever the site stands, times of the data."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.http import parse_http_date
from lxml import etree

from indicators.actions.versions import changes_pages
from indicators.models import Area, Edition, Indicator, Observation
from indicators.presenters import news
from tests import factories as make

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
LONG_AGO = timezone.now() - timedelta(days=400)


@pytest.fixture(autouse=True)
def _in_english(client: Client) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"


@pytest.fixture
def activity() -> Indicator:
    """27.1 in the edition of 2023, corrected to 37.1 in the edition of 2024."""
    country = make.make_area()
    indicator = make.make_indicator("fysisk-aktivitet", name="Fysisk aktivitet", level={"decimals": 1})
    first = make.make_edition("maal-2023", "2023-11", title="Mål 2023", received_at=LONG_AGO)
    second = make.make_edition("maal-2024", "2024-11", title="Mål 2024", received_at=LONG_AGO + timedelta(days=365))
    make.make_observation(indicator, country, "27.1", "2022", edition=first, is_current=False)
    make.make_observation(indicator, country, "37.1", "2022", edition=second, flag="corrected")
    return indicator


@changes_pages
def move_on() -> None:
    """Any change: the version of the data goes up."""


def feed(client: Client, address: str = "/data/nyt.atom", **headers: str) -> Any:
    move_on()
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(answer.content, etree.XMLParser(resolve_entities=False))


def entries(root: Any) -> list[dict[str, str]]:
    return [
        {
            "id": entry.findtext(f"{ATOM}id"),
            "title": entry.findtext(f"{ATOM}title"),
            "updated": entry.findtext(f"{ATOM}updated"),
            "text": entry.findtext(f"{ATOM}summary"),
            "link": entry.find(f"{ATOM}link").get("href"),
        }
        for entry in root.iter(f"{ATOM}entry")
    ]


def test_a_correction_is_told_with_both_figures(client: Client, activity: Indicator) -> None:
    found = entries(feed(client))
    assert sorted(entry["title"] for entry in found) == [
        "Corrected: Fysisk aktivitet",
        "New figures: Mål 2023",
        "New figures: Mål 2024",
    ]
    (corrected,) = [entry for entry in found if entry["title"].startswith("Corrected")]
    assert "Hele landet, 2022: before 27.1, now 37.1 (corrected)" in corrected["text"]
    assert corrected["link"] == "http://localhost:8000/indikatorer/fysisk-aktivitet/#versions"


def test_what_atom_demands_is_there(client: Client, activity: Indicator) -> None:
    for address in ("/data/nyt.atom", "/indikatorer/fysisk-aktivitet/nyt.atom"):
        root = feed(client, address)
        assert root.tag == f"{ATOM}feed"
        assert all(root.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
        assert root.find(f"{ATOM}author").findtext(f"{ATOM}name")
        links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
        assert links["self"] == f"http://localhost:8000{address}"
        found = entries(root)
        assert len(found) == 3
        ids = [entry["id"] for entry in found] + [root.findtext(f"{ATOM}id")]
        assert len(set(ids)) == len(ids)
        assert all(one.startswith("urn:uuid:") for one in ids)
        assert all(all(entry.values()) for entry in found)


def test_names_and_times_are_the_datas_own(client: Client, activity: Indicator) -> None:
    """Fetched again, from another host: the same names and the same times."""
    here = entries(feed(client))
    with override_settings(SITE_URL="https://elsewhere.example.dk"):
        there = entries(feed(client))
    assert [(entry["id"], entry["updated"], entry["title"]) for entry in here] == [
        (entry["id"], entry["updated"], entry["title"]) for entry in there
    ]
    assert there[0]["link"].startswith("https://elsewhere.example.dk/")
    newest = Edition.objects.latest("received_at").received_at
    assert feed(client).findtext(f"{ATOM}updated")[:19] == newest.isoformat()[:19]


def test_a_reader_with_a_copy_is_told_that_nothing_is_new(client: Client, activity: Indicator) -> None:
    first = client.get("/data/nyt.atom")
    again = client.get("/data/nyt.atom", headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert first["Last-Modified"]
    move_on()
    assert client.get("/data/nyt.atom", headers={"if-none-match": first["ETag"]}).status_code == 200


def test_a_change_of_notes_alone_is_no_correction(client: Client, activity: Indicator) -> None:
    Observation.objects.filter(is_current=True).update(value="27.1")
    assert not [entry for entry in entries(feed(client)) if entry["title"].startswith("Corrected")]


def test_a_correction_that_was_rolled_back_is_not_told(client: Client, activity: Indicator) -> None:
    Observation.objects.filter(edition__slug="maal-2024").update(is_current=False)
    Observation.objects.filter(edition__slug="maal-2023").update(is_current=True)
    assert not [entry for entry in entries(feed(client)) if entry["title"].startswith("Corrected")]


def test_another_method_is_a_break_and_no_correction(client: Client, activity: Indicator) -> None:
    Observation.objects.filter(is_current=True).update(method="standardised")
    told = {entry["title"]: entry["text"] for entry in entries(feed(client)) if not entry["title"].startswith("New")}
    assert list(told) == ["Break in the series: Fysisk aktivitet"]
    (text,) = told.values()
    assert text.startswith("One figure is computed by another method now and cannot be compared with the one before.")
    assert "Hele landet, 2022: before 27.1, now 37.1 (another method)" in text


def test_what_came_later_without_a_date_was_not_replaced(client: Client, activity: Indicator) -> None:
    """A table without a date stands before all reports, whenever it came: no report has corrected it."""
    country = Area.objects.get()
    late = make.make_edition("tabel", "", title="Tabel", received_at=LONG_AGO + timedelta(days=380))
    make.make_observation(activity, country, "50.0", "2022", edition=late, is_current=False)
    told = [entry["text"] for entry in entries(feed(client)) if entry["title"].startswith("Corrected")]
    assert len(told) == 1
    assert "50.0" not in told[0]
    Edition.objects.filter(pk=late.pk).update(received_at=LONG_AGO - timedelta(days=1))
    told = [entry["text"] for entry in entries(feed(client)) if entry["title"].startswith("Corrected")]
    assert any("before 50.0, now 27.1" in text for text in told)


def test_a_figure_that_was_withdrawn_is_told_in_words(client: Client, activity: Indicator) -> None:
    Observation.objects.filter(is_current=True).update(value=None, flag="suppressed", reason="For få.")
    text = next(entry["text"] for entry in entries(feed(client)) if entry["title"].startswith("Corrected"))
    assert "before 27.1, now withheld" in text


def test_a_name_with_marks_stays_a_name(client: Client, activity: Indicator) -> None:
    Area.objects.update(name="<b>Læsø & omegn</b>")
    text = next(entry["text"] for entry in entries(feed(client)) if entry["title"].startswith("Corrected"))
    assert "&lt;b&gt;Læsø &amp; omegn&lt;/b&gt;" in text


def test_the_feed_ends_somewhere(client: Client, activity: Indicator, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(6):
        edition = make.make_edition(f"flere-{number}", f"2025-0{number + 1}")
        make.make_observation(activity, Area.objects.get(), "1.0", f"200{number}", edition=edition)
    monkeypatch.setattr(news, "MOST_ENTRIES", 4)
    assert len(entries(feed(client))) == 4


def test_many_corrected_figures_are_one_entry(client: Client, activity: Indicator) -> None:
    old, new = Edition.objects.order_by("published_on")
    for number in range(40):
        area = make.make_area(f"9{number:02}", "municipality", f"Kommune {number}")
        make.make_observation(activity, area, "1.0", "2022", edition=old, is_current=False)
        make.make_observation(activity, area, "2.0", "2022", edition=new)
    move_on()
    with CaptureQueriesContext(connection) as asked:
        client.get("/data/nyt.atom")
    assert len(asked) <= 10
    (text,) = [entry["text"] for entry in entries(feed(client)) if entry["title"].startswith("Corrected")]
    assert text.startswith("41 figures have been corrected.")
    assert text.count("<br>") == news.MOST_LINES + 2
    assert "And 11 more." in text


def test_a_withdrawn_edition_is_told_when_it_was_withdrawn(client: Client, activity: Indicator) -> None:
    when = LONG_AGO + timedelta(days=380)
    Edition.objects.filter(slug="maal-2024").update(withdrawn_at=when)
    for address in ("/data/nyt.atom", "/indikatorer/fysisk-aktivitet/nyt.atom"):
        assert entries(feed(client, address))[0]["title"] == "Withdrawn: Mål 2024"
    assert int(when.timestamp()) == parse_http_date(client.get("/data/nyt.atom")["Last-Modified"])


def test_an_old_edition_that_was_withdrawn_is_told_however_many_came_since(
    client: Client, activity: Indicator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "MOST_ENTRIES", 3)
    for number in range(4):
        edition = make.make_edition(f"nye-{number}", "2025", received_at=LONG_AGO + timedelta(days=370 + number))
        make.make_observation(activity, Area.objects.get(), "1.0", f"200{number}", edition=edition)
    Edition.objects.filter(slug="maal-2023").update(withdrawn_at=LONG_AGO + timedelta(days=390))
    found = entries(feed(client))
    assert (found[0]["title"], len(found)) == ("Withdrawn: Mål 2023", 3)


def test_an_indicators_feed_is_about_it_alone(client: Client, activity: Indicator) -> None:
    other = make.make_indicator("andet", name="Andet")
    make.make_observation(other, Area.objects.get(), "5.0", edition=make.make_edition("andet-2025", "2025-01"))
    assert len(entries(feed(client))) == 4
    assert len(entries(feed(client, "/indikatorer/andet/nyt.atom"))) == 1
    assert client.get("/indikatorer/findes-ikke/nyt.atom").status_code == 404


def test_a_site_without_figures_has_an_empty_feed(client: Client) -> None:
    assert entries(feed(client)) == []


def test_pages_name_their_feed(client: Client, activity: Indicator) -> None:
    assert 'type="application/atom+xml"' in client.get("/data/").content.decode()
    assert (
        'href="/indikatorer/fysisk-aktivitet/nyt.atom"' in client.get("/indikatorer/fysisk-aktivitet/").content.decode()
    )
