"""The timeline on a page of its own: the filter in the address, the table, the file, and what a large plan costs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from initiatives.actions.status import StatusDraft, record_status
from initiatives.models import ActionItem, Anchoring, Contribution, DelayCause, Plan, Track
from tests.initiatives import small_world as world
from tests.initiatives.large_plan import large_plan

pytestmark = pytest.mark.django_db
DAY = date(2020, 11, 5)
BLANK_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g/></svg>'


@pytest.fixture(autouse=True)
def _no_drawing() -> Iterator[None]:
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [BLANK_SVG] * len(specs)):
        yield


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


def tell(item: Any, state: str, *, as_of: date = DAY, **draft: Any) -> None:
    words = StatusDraft(state=state, text=draft.pop("text", "Ord."), **draft)
    record_status(item=item, draft=words, opened_on=item.statuses.count(), as_of=as_of, by=None)


@pytest.fixture
def plan() -> Plan:
    """Three items: one moved twice, one postponed without a date, one with nothing at all under a sub-heading."""
    covid = DelayCause.objects.create(code="covid_19", name="COVID-19", name_en="COVID-19")
    staffing = DelayCause.objects.create(code="staffing", name="Bemanding", name_en="Staffing")
    body, other = world.body("Udvalget", slug="udvalget"), world.body("Klyngen", slug="klyngen")
    plan = world.plan(body, as_of=DAY)
    first = world.item(plan, state=None, title="Åben dør", owners=(body, other))
    second = world.item(plan, state=None, title="Ældre hjem", owners=(body,))
    third = world.item(plan, state=None, title="Zonekort")
    tell(first, "postponed", planned="2. kvartal 2020", due="4. kvartal 2020", cause=covid)
    tell(first, "postponed", due="2. kvartal 2021", cause=staffing)
    tell(second, "postponed", planned="1. kvartal 2020", cause=covid)
    parent = plan.tracks.get()
    third.track = Track.objects.create(plan=plan, parent=parent, title="Underspor", position=2)
    third.save()
    Contribution.objects.create(
        item=first, indicator=world.indicator(of=world.goal(3, "Flere sunde år")), reason="R", created_at=timezone.now()
    )
    return plan


def ask(client: Client, plan: Plan, **query: str) -> Any:
    response = client.get(reverse("plan_timeline", args=[plan.slug]), query)
    assert response.status_code == 200
    return response


def titles(response: Any) -> list[str]:
    return [line.title for line in response.context["page"].lines]


def text_of(response: Any) -> str:
    text = response.content.decode()
    return text[text.index("<main") : text.index("</main>")] if "<main" in text else text


@pytest.mark.slow
def test_every_item_with_what_was_promised_and_what_is_now(english: Client, plan: Plan) -> None:
    first, second, third = ask(english, plan).context["page"].lines
    assert (first.promised.text, first.now.text, first.slip.text, first.times.text) == (
        "Q2 2020", "Q2 2021", "4 quarters", "2 times",
    )  # fmt: skip
    assert (first.cause.text, first.owners.text) == ("COVID-19 and Staffing", "Udvalget and Klyngen")
    assert (second.now.blank, second.slip.blank, second.times.text) == ("no new date", "no end known", "1 time")
    for cell in (third.promised, third.now, third.slip, third.times, third.cause, third.owners):
        assert cell.text or cell.blank
        assert not cell.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["Åben dør", "Ældre hjem", "Zonekort"]),
        ({"sortering": "titel"}, ["Zonekort", "Ældre hjem", "Åben dør"]),
        ({"sortering": "skred"}, ["Ældre hjem", "Åben dør", "Zonekort"]),
        ({"ansvarlig": "klyngen"}, ["Åben dør"]),
        ({"ansvarlig": "ingen"}, ["Zonekort"]),
        ({"tilstand": "postponed"}, ["Åben dør", "Ældre hjem"]),
        ({"tilstand": "uden-ny-dato"}, ["Ældre hjem"]),
        ({"tilstand": "ingen"}, ["Zonekort"]),
        ({"maal": "nationale-maal-3"}, ["Åben dør"]),
        ({"maal": "ingen"}, ["Ældre hjem", "Zonekort"]),
        ({"aarsag": "covid_19"}, ["Åben dør", "Ældre hjem"]),
        ({"aarsag": "staffing", "tilstand": "postponed"}, ["Åben dør"]),
    ],
)
def test_the_filter_is_in_the_address(english: Client, plan: Plan, query: dict[str, str], found: list[str]) -> None:
    response = ask(english, plan, **query)
    assert titles(response) == found
    assert f"Shows {len(found)} of 3 items." in text_of(response)


def test_a_heading_holds_what_stands_under_its_sub_headings(english: Client, plan: Plan) -> None:
    parent, sub = plan.tracks.get(parent=None), plan.tracks.get(parent__isnull=False)
    assert len(titles(ask(english, plan, spor=str(parent.pk)))) == 3
    assert titles(ask(english, plan, spor=str(sub.pk))) == ["Zonekort"]


@pytest.mark.parametrize("name", ["ansvarlig", "tilstand", "spor", "maal", "aarsag", "sortering"])
@pytest.mark.parametrize("value", ["findes-ikke", "<script>", "0", "postponed' OR 1=1", "\x00"])
def test_what_is_unknown_is_left_out_and_said(english: Client, plan: Plan, name: str, value: str) -> None:
    response = ask(english, plan, **{name: value})
    assert len(titles(response)) == 3
    assert "It is left out." in text_of(response)
    assert "<script>alert" not in text_of(response)
    assert "<script>»" not in text_of(response)


def test_what_nothing_fits_says_so_and_shows_the_way_back(english: Client, plan: Plan) -> None:
    response = ask(english, plan, ansvarlig="klyngen", tilstand="ingen")
    assert titles(response) == []
    assert "None of the items fits all of it." in text_of(response)
    assert f'href="{reverse("plan_timeline", args=[plan.slug])}"' in text_of(response)


def test_only_the_region_is_sent_to_a_script_and_the_address_is_short(english: Client, plan: Plan) -> None:
    url = reverse("plan_timeline", args=[plan.slug])
    query = {"ansvarlig": "", "tilstand": "postponed", "sortering": "plan"}
    part = english.get(url, query, headers={"HX-Request": "true"})
    assert part.content.decode().lstrip().startswith('<div id="tidslinje-resultat">')
    assert part["HX-Push-Url"] == f"{url}?tilstand=postponed"
    assert "HX-Request" in part["Vary"]
    assert "HX-Request" in english.get(url)["Vary"]
    back = english.get(url, query, headers={"HX-Request": "true", "HX-History-Restore-Request": "true"})
    assert b"<html" in back.content, "the browser's back button gets the whole page"


def test_what_is_taken_out_of_the_plan_is_not_drawn(english: Client, plan: Plan) -> None:
    ActionItem.objects.filter(title="Zonekort").update(closed_on=DAY, closed_reason="Flyttet.")
    assert titles(ask(english, plan)) == ["Åben dør", "Ældre hjem"]


def test_an_empty_plan_and_a_plan_without_dates(english: Client) -> None:
    empty = world.plan(world.body())
    page = text_of(ask(english, empty))
    assert "There is nothing to draw." in page
    world.item(empty, state="in_progress")
    page = text_of(ask(english, empty))
    assert "There is nothing to draw: none of these has a date." in page
    assert "<table" in page


def test_a_plan_that_is_not_there(client: Client) -> None:
    assert client.get(reverse("plan_timeline", args=["findes-ikke"])).status_code == 404
    assert client.get(reverse("plan_timeline_svg", args=["findes-ikke"])).status_code == 404


def test_the_band_is_today_while_that_keeps_the_columns(english: Client, plan: Plan) -> None:
    with mock.patch("django.utils.timezone.localdate", return_value=date(2021, 2, 3)):
        assert "The yellow band holds today, 3 February 2021." in text_of(ask(english, plan)).replace("\xa0", " ")
    with mock.patch("django.utils.timezone.localdate", return_value=date(2027, 1, 1)):
        text = text_of(ask(english, plan)).replace("\xa0", " ")
        assert "The yellow band holds 5 November 2020, the day of the newest status." in text


# --- The file ---------------------------------------------------------------------------------------------------------


def test_the_file_says_every_row_in_words(english: Client, plan: Plan) -> None:
    url = reverse("plan_timeline_svg", args=[plan.slug])
    response = english.get(url, {"tilstand": "postponed"})
    assert response["Content-Type"] == "image/svg+xml; charset=utf-8"
    assert f'filename="tidslinje-{plan.slug}.svg"' in response["Content-Disposition"]
    svg = response.content.decode()
    assert "<title" in svg
    assert "1. Åben dør: Postponed. Promised: Q2 2020; now: Q2 2021; slip: 4 quarters." in svg.replace("\xa0", " ")
    assert "Zonekort" not in svg
    assert url + "?tilstand=postponed" in text_of(ask(english, plan, tilstand="postponed"))


def test_nothing_to_draw_is_no_file(client: Client) -> None:
    empty = world.plan(world.body())
    assert client.get(reverse("plan_timeline_svg", args=[empty.slug])).status_code == 404


# --- Size -------------------------------------------------------------------------------------------------------------


def test_a_plan_of_200_items_in_a_fixed_number_of_queries(english: Client) -> None:
    world.area("000", "Hele landet", "country")
    plan = large_plan()
    url = reverse("plan_timeline", args=[plan.slug])
    with CaptureQueriesContext(connection) as queries:
        page = english.get(url)
    assert len(queries) <= 10, [query["sql"][:90] for query in queries]
    text = text_of(page)
    assert "The picture draws the first 60 of the 200 chosen. The table has them all." in text
    assert text.count('<tr role="row">') == 201
    Anchoring.objects.filter(item__plan=plan, item__number__gt=150).delete()
    with CaptureQueriesContext(connection) as fewer:
        english.get(url, {"ansvarlig": "ingen", "sortering": "skred"})
    assert len(fewer) == len(queries)


def test_the_plan_page_shows_the_way(english: Client, plan: Plan) -> None:
    page = text_of(english.get(reverse("plan", args=[plan.slug])))
    assert reverse("plan_timeline", args=[plan.slug]) in page
