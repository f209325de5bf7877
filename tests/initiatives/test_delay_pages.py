"""The delays of a plan and of all plans: the answer, the tables, the filter in the address, and what they cost."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from initiatives.actions.status import StatusDraft, record_status
from initiatives.calculations import delays
from initiatives.models import ActionItem, DelayCause, Plan, Postponement, Track
from initiatives.presenters.delay_facts import load_delays
from tests.initiatives import small_world as world
from tests.initiatives.large_plan import large_plan

pytestmark = pytest.mark.django_db
BLANK_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><g/></svg>'
NOVEMBER, MARCH, MAY = date(2020, 11, 5), date(2021, 3, 4), date(2021, 5, 6)


@pytest.fixture(autouse=True)
def _no_drawing() -> Iterator[None]:
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [BLANK_SVG] * len(specs)):
        yield


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


def tell(item: Any, state: str, *, as_of: date = NOVEMBER, **draft: Any) -> None:
    words = StatusDraft(state=state, text=draft.pop("text", "Ord."), **draft)
    record_status(item=item, draft=words, opened_on=item.statuses.count(), as_of=as_of, by=None)


@pytest.fixture
def causes() -> dict[str, DelayCause]:
    names = {"covid_19": "COVID-19", "staffing": "Staffing", "awaiting_reform": "Awaits the health reform"}
    return {code: DelayCause.objects.create(code=code, name=name, name_en=name) for code, name in names.items()}


@pytest.fixture
def plan(causes: dict[str, DelayCause]) -> Plan:
    """Four items, two of them moved, one of these three times and shared by two owners."""
    body, other = world.body("Udvalget", slug="udvalget"), world.body("Klyngen", slug="klyngen")
    plan = world.plan(body, as_of=NOVEMBER)
    first = world.item(plan, state=None, title="Delt punkt", owners=(body, other))
    second = world.item(plan, state=None, title="Uden dato", owners=(body,))
    third = world.item(plan, state=None, title="Venter", owners=())
    world.item(plan, state=None, title="Intet sagt", owners=(body,))
    tell(first, "postponed", planned="2. kvartal 2020", due="4. kvartal 2020", cause=causes["covid_19"])
    tell(first, "postponed", cause=causes["covid_19"], as_of=MARCH)
    tell(first, "postponed", due="2021", cause=causes["staffing"], as_of=MAY)
    tell(second, "postponed", planned="1. kvartal 2020", cause=causes["covid_19"], text="Afventer sundhedsreformen.")
    tell(third, "delayed", cause=causes["awaiting_reform"])
    return plan


def page_of(client: Client, path: str, **query: str) -> tuple[Any, str]:
    response = client.get(path, query)
    assert response.status_code == 200
    text = html.unescape(response.content.decode()).replace("\xa0", " ")
    return response.context["page"], text[text.index("<main") : text.index("</main>")]


def of_plan(client: Client, plan: Plan) -> tuple[Any, str]:
    return page_of(client, reverse("plan_delays", args=[plan.slug]))


def test_the_answer(english: Client, plan: Plan) -> None:
    page, text = of_plan(english, plan)
    assert page.ledger.lead == "Two of four items have been postponed, four times in all."
    assert page.ledger.rest == ("Together that is up to 6 quarters. One has no new date. Two await others."), (
        "2 quarters, then nothing known, then 4 from the last promise to the end of 2021"
    )
    assert page.ledger.lead in text


@pytest.mark.parametrize("state", ["in_progress", None])
def test_nothing_moved(english: Client, state: str | None) -> None:
    plan = world.plan(world.body())
    world.item(plan, state=state)
    page, text = of_plan(english, plan)
    assert page.ledger.lead == "The only item has not been postponed."
    assert "No postponement has been written." in text
    assert page.ledger.items == ()


@pytest.mark.parametrize(
    ("moved", "unmoved", "lead"),
    [
        (1, 0, "The only item has been postponed, one time in all."),
        (2, 0, "All two items have been postponed, two times in all."),
        (1, 2, "One of three items has been postponed, one time in all."),
        (0, 2, "None of two items has been postponed."),
    ],
)
def test_few_and_all(english: Client, causes: dict[str, DelayCause], moved: int, unmoved: int, lead: str) -> None:
    plan = world.plan(world.body())
    for number in range(moved + unmoved):
        item = world.item(plan, state=None)
        if number < moved:
            tell(item, "postponed", planned="2. kvartal 2020", due="4. kvartal 2020", cause=causes["staffing"])
    assert of_plan(english, plan)[0].ledger.lead == lead


def test_no_items_at_all(english: Client) -> None:
    page, _text = of_plan(english, world.plan(world.body()))
    assert page.ledger.lead == "There are no items to count."
    everything, _text = page_of(english, reverse("delay_list"))
    assert everything.ledger.lead == "There are no items to count."


def test_by_item(english: Client, plan: Plan) -> None:
    page, _text = of_plan(english, plan)
    shared, undated, waiting = page.ledger.items
    assert (shared.title, shared.times.text, shared.slip.text) == ("1. Delt punkt", "3 times", "up to 6 quarters")
    assert shared.causes.text.replace("\xa0", " ") == "COVID-19 (2) and Staffing (1)"
    assert (undated.now.blank, undated.slip.blank) == ("no new date", "no new date to count to")
    assert undated.awaiting.text == "the health reform", "the words say so, the cause does not"
    assert (waiting.times.blank, waiting.awaiting.text) == ("not postponed", "the health reform")
    assert waiting.owners.blank == "no owner named"


def test_by_owner_says_why_it_does_not_add_up(english: Client, plan: Plan) -> None:
    page, text = of_plan(english, plan)
    assert [(line.name, line.times) for line in page.ledger.owners] == [
        ("Udvalget", "4"), ("Klyngen", "3"), ("No owner", "0"),
    ]  # fmt: skip
    assert page.ledger.whole.times == "4"
    assert "3 postponements have several owners and count for each of them." in text
    assert "3 larger than the total." in text


def test_by_quarter_and_cause(english: Client, plan: Plan) -> None:
    page, _text = of_plan(english, plan)
    assert [(line.name.replace("\xa0", " "), line.times, line.undated) for line in page.ledger.quarters] == [
        ("Q4 2020", "2", "1"), ("Q1 2021", "1", "1"), ("Q2 2021", "1", "0"),
    ]  # fmt: skip
    assert [(line.name, line.times) for line in page.ledger.causes] == [("COVID-19", "3"), ("Staffing", "1")]
    assert page.ledger.chart.say.replace("\xa0", " ") == "Most were decided in Q4 2020: two postponements."


def test_what_is_closed_waits_for_nothing_and_what_is_taken_out_is_not_counted(english: Client, plan: Plan) -> None:
    tell(plan.items.get(title="Venter"), "completed", as_of=MAY)
    sub = Track.objects.create(plan=plan, parent=plan.tracks.get(), title="Under")
    plan.items.filter(title="Uden dato").update(track=sub)
    assert len(load_delays(Q(plan=plan)).items) == 4
    Track.objects.filter(pk=plan.tracks.get(parent=None).pk).update(closed_on=MAY)
    assert load_delays(Q(plan=plan)).items == (), "an item under a sub-heading of a closed heading is out too"
    Track.objects.update(closed_on=None)
    ActionItem.objects.filter(title="Delt punkt").update(closed_on=MAY)
    page, _text = of_plan(english, plan)
    assert page.ledger.lead.startswith("One of three items has been postponed, one time")
    assert [line.title for line in page.ledger.items] == ["2. Uden dato"]


def test_moves_are_counted_in_the_order_written_not_by_their_dates(plan: Plan) -> None:
    """A status written late about an earlier day: its move still follows the one before it."""
    Postponement.objects.filter(item__title="Delt punkt").update(decided_on=NOVEMBER)
    slips = [one.slip for one in delays.count_moves(load_delays(Q(plan=plan)).moves)]
    assert sorted(slips, key=str) == [2, 4, None, None]


# --- All plans --------------------------------------------------------------------------------------------------------


@pytest.fixture
def two_plans(plan: Plan, causes: dict[str, DelayCause]) -> Plan:
    body = world.body("Eksempeludvalget", slug="eksempel")
    example = world.plan(body, is_example=True)
    tell(world.item(example, state=None, owners=(body,)), "postponed", planned="1. kvartal 2020", due="2. kvartal 2020",
         cause=causes["staffing"], as_of=MARCH)  # fmt: skip
    return example


@pytest.mark.parametrize(
    ("query", "times", "items"),
    [
        ({}, 4, 3),
        ({"ansvarlig": "klyngen"}, 3, 1),
        ({"ansvarlig": "eksempel"}, 0, 0),
        ({"aar": "2020"}, 2, 2),
        ({"aar": "2021"}, 2, 1),
        ({"aar": "2021", "ansvarlig": "klyngen"}, 2, 1),
    ],
)
def test_the_filter_is_in_the_address(
    english: Client, two_plans: Plan, query: dict[str, str], times: int, items: int
) -> None:
    page, _text = page_of(english, reverse("delay_list"), **query)
    assert (page.ledger.total.times, len(page.ledger.items)) == (times, items)
    assert page.unknown == ()


def test_an_example_counts_when_asked_for_by_name(english: Client, two_plans: Plan) -> None:
    page, text = page_of(english, reverse("delay_list"), plan=two_plans.slug)
    assert page.ledger.total.times == 1
    assert "Example plans are counted only" not in text
    page, text = page_of(english, reverse("delay_list"))
    assert page.ledger.total.times == 4
    assert "Example plans are counted only when you choose one." in text


def test_a_year_keeps_the_slip_counted_from_before_it(english: Client, two_plans: Plan) -> None:
    """In 2021 the date came back after nothing: without 2020 there would be nothing to count it from."""
    page, _text = page_of(english, reverse("delay_list"), aar="2021")
    assert (page.ledger.total.slip, page.ledger.total.unknown_slip) == (4, 1)


@pytest.mark.parametrize("name", ["ansvarlig", "plan", "aar"])
def test_what_is_unknown_is_left_out_and_said(english: Client, plan: Plan, name: str) -> None:
    page, text = page_of(english, reverse("delay_list"), **{name: "<b>findes ikke</b>"})
    assert page.unknown == ("<b>findes ikke</b>",)
    assert page.ledger.total.times == 4
    assert "It is left out." in text


def test_the_region_alone_for_a_script(english: Client, plan: Plan) -> None:
    url = reverse("delay_list")
    part = english.get(url, {"aar": "2021", "plan": ""}, headers={"HX-Request": "true"})
    assert b"<html" not in part.content
    assert b'id="forsinkelser-svar" hx-swap-oob="true"' in part.content
    assert part["HX-Push-Url"] == f"{url}?aar=2021"
    assert "HX-Request" in english.get(url)["Vary"]


def test_a_plan_that_is_not_there(client: Client) -> None:
    assert client.get(reverse("plan_delays", args=["findes-ikke"])).status_code == 404


def test_the_plan_page_shows_the_way(english: Client, plan: Plan) -> None:
    assert reverse("plan_delays", args=[plan.slug]) in english.get(reverse("plan", args=[plan.slug])).content.decode()


def test_a_large_plan_costs_as_few_queries_as_a_small_one(english: Client, plan: Plan) -> None:
    world.area("000", "Hele landet", "country")
    with CaptureQueriesContext(connection) as small:
        of_plan(english, plan)
    large = large_plan()
    for item in ActionItem.objects.filter(plan=large)[:40]:
        tell(item, "postponed", due="4. kvartal 2028", cause=DelayCause.objects.get(code="covid_19"), as_of=MAY)
    with CaptureQueriesContext(connection) as queries:
        page, _text = of_plan(english, large)
    assert page.ledger.total.times == 40
    assert len(queries) == len(small) <= 7
    with CaptureQueriesContext(connection) as everything:
        page_of(english, reverse("delay_list"))
    assert len(everything) <= 7
