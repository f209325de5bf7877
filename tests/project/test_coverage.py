"""The coverage map: what is bad with nobody on it, what is tied to nothing, and what is busy without moving."""

from __future__ import annotations

import html
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.actions.assessments import assess
from indicators.models import Area, Goal, Indicator, Observation
from initiatives.models import ActionItem, Body, Contribution, Plan
from tests import factories as make
from tests.initiatives import small_world as small
from tests.initiatives.large_plan import large_plan
from tests.project.page_world import Denmark, denmark, fill

pytestmark = pytest.mark.django_db
URL = "/daekning/"


@pytest.fixture
def world(client: Client) -> Denmark:
    client.cookies["sprog"] = "en"
    return denmark()


@pytest.fixture
def plan(world: Denmark) -> Plan:
    return small.plan(small.body("Udvalget", area=world.region), short_title="Planen")


def page_of(client: Client, area: str = "") -> tuple[Any, str]:
    response = client.get(URL, {"omraade": area} if area else {})
    assert response.status_code == 200
    text = html.unescape(response.content.decode())
    return response.context["page"], text[text.index("<main") : text.index("</main>")]


def link(thing: ActionItem, to: Goal | Indicator) -> Contribution:
    target = {"goal": to} if isinstance(to, Goal) else {"indicator": to}
    return Contribution.objects.create(item=thing, reason="Fordi.", created_at=make.moment(), **target)


def forgotten(page: Any) -> list[str]:
    return [line.name for line in page.forgotten]


# --- Nobody works on it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("area", "how"), [("791", ""), ("082", ""), ("klynge-midtklyngen", "3 of 3 municipalities")])
def test_what_is_worse_than_the_country_and_nobody_works_on(
    client: Client, world: Denmark, area: str, how: str
) -> None:
    page, text = page_of(client, area)
    assert forgotten(page) == ["Akutte genindlæggelser"]
    assert page.lead == "One indicator is worse than the country, and nobody works on it."
    assert how in page.forgotten[0].how
    assert (page.forgotten[0].light is None) == bool(how)
    assert page.forgotten[0].others == "Nothing on the goal either."
    assert "effekt" not in text


def test_an_open_item_takes_it_off_the_list_and_a_link_to_the_whole_goal_does_not(
    client: Client, world: Denmark, plan: Plan
) -> None:
    item = small.item(plan)
    of_goal = link(item, world.readmissions.goal)
    page, _text = page_of(client, "791")
    assert page.forgotten[0].others == "On the goal otherwise: 1 item."
    of_goal.delete()
    drawn = link(item, world.readmissions)
    page, _text = page_of(client, "791")
    assert forgotten(page) == []
    assert page.lead == "Somebody works on every indicator that is known to be worse than the country."
    drawn.removed_at = make.moment()
    drawn.save()
    assert forgotten(page_of(client, "791")[0]) == ["Akutte genindlæggelser"], "a removed link is no link"


@pytest.mark.parametrize("state", ["completed", "in_operation", "cancelled"])
def test_what_is_over_works_on_nothing(client: Client, world: Denmark, plan: Plan, state: str) -> None:
    link(small.item(plan, state=state), world.readmissions)
    assert forgotten(page_of(client, "791")[0]) == ["Akutte genindlæggelser"]


def test_what_is_taken_out_ended_or_an_example_works_on_nothing(client: Client, world: Denmark, plan: Plan) -> None:
    link(small.item(plan), world.readmissions)
    ActionItem.objects.update(closed_on=date(2026, 1, 1))
    ended = small.initiative(plan.body, stage="ended")
    made_up = small.initiative(small.body("Eksempel", is_example=True, area=world.region))
    for initiative in (ended, made_up):
        Contribution.objects.create(
            initiative=initiative, indicator=world.readmissions, reason="r", created_at=make.moment()
        )
    assert forgotten(page_of(client, "791")[0]) == ["Akutte genindlæggelser"]


def test_work_elsewhere_is_told_and_does_not_count_here(client: Client, world: Denmark) -> None:
    """Another region works on it: nobody does here, and that is not the same as nobody at all."""
    north = small.plan(small.body("Nord", area=make.make_area("081")))
    link(small.item(north), world.readmissions)
    page, _text = page_of(client, "791")
    assert page.forgotten[0].others == "Elsewhere: 1 item."
    assert page_of(client, "081")[0].frameworks[0].goals[0].work.items == 1


def test_an_owner_here_makes_an_item_ours_whoever_keeps_the_plan(client: Client, world: Denmark) -> None:
    north = small.plan(small.body("Nord", area=make.make_area("081")))
    viborg = small.body("Viborg Kommune", area=Area.objects.get(code="791"))  # a cluster ends with the reform
    link(small.item(north, owners=(viborg,)), world.readmissions)
    assert forgotten(page_of(client, "791")[0]) == []


def test_the_country_is_judged_by_its_development(client: Client, world: Denmark) -> None:
    page, _text = page_of(client)
    assert page.lead == "No light is known for Hele landet, so nothing can be pointed out."
    fill(world.readmissions, {"000": "10.0"}, "2022")
    assess(indicator_ids=[world.readmissions.pk])
    page, _text = page_of(client)
    assert forgotten(page) == ["Akutte genindlæggelser"]
    assert page.lead == "One indicator worsens, and nobody works on it."


@pytest.mark.parametrize("change", ["withheld", "no direction"])
def test_what_has_no_light_is_never_called_bad(client: Client, world: Denmark, change: str) -> None:
    if change == "withheld":
        Observation.objects.filter(indicator=world.readmissions, area__code="791").update(
            value=None, flag="suppressed", reason="For få personer."
        )
    else:
        Indicator.objects.filter(pk=world.readmissions.pk).update(direction="none")
    assess(indicator_ids=[world.readmissions.pk])
    page, text = page_of(client, "791")
    assert forgotten(page) == []
    if change == "withheld":
        assert "Cannot be shown" in text
        assert "13.3" not in text


def test_an_indicator_that_is_the_same_as_another_is_told_once_and_shares_its_links(
    client: Client, world: Denmark, plan: Plan
) -> None:
    twin = make.make_indicator("tvilling", name="Tvillingen", same_as=world.readmissions, position=9)
    assert forgotten(page_of(client, "791")[0]) == ["Akutte genindlæggelser"]
    link(small.item(plan), twin)
    assert forgotten(page_of(client, "791")[0]) == []


# --- Tied to no goal --------------------------------------------------------------------------------------------------


def test_items_tied_to_no_goal_with_their_reason(client: Client, world: Denmark, plan: Plan) -> None:
    small.item(plan, title="Uden ord", state="postponed")
    told = small.item(plan, title="Med ord")
    told.links_note = "Handler om møder."
    told.save()
    link(small.item(plan, title="Koblet"), world.stays)
    small.item(plan, title="Færdig", state="completed")
    page, text = page_of(client, "791")
    assert [(line.title, line.reason, line.blank) for line in page.untied] == [
        ("1. Uden ord", "", "nobody has written why"), ("2. Med ord", "Handler om møder.", ""),
    ]  # fmt: skip
    assert page.untied[0].state.undated
    assert "Two open items are tied to no goal." in text
    assert page_of(client, "081")[0].untied == (), "another region's list is its own"


def test_a_long_list_is_folded(client: Client, world: Denmark, plan: Plan) -> None:
    for _ in range(14):
        small.item(plan)
    page, text = page_of(client, "082")
    assert (len(page.untied), len(page.untied_more), page.untied_count) == (12, 2, 14)
    assert "Show 2 more" in text


# --- Much work, no movement -------------------------------------------------------------------------------------------


def test_much_work_and_nothing_that_moves(client: Client, world: Denmark, plan: Plan) -> None:
    goal = world.stays.goal
    for _ in range(2):
        link(small.item(plan), goal)
    assert page_of(client, "791")[0].standstills == ()
    link(small.item(plan), goal)
    page, text = page_of(client, "791")
    assert [(line.work, line.why) for line in page.standstills] == [
        ("3 items", "No development is known for its indicators here: we cannot say whether anything moves."),
    ]  # fmt: skip
    assert "Much is at least 3 items and initiatives together." in text
    fill(world.stays, {"791": "55.3"}, "2022")
    assess(indicator_ids=[world.stays.pk])
    assert page_of(client, "791")[0].standstills[0].why == "The one known development does not improve."
    Observation.objects.filter(indicator=world.stays, area__code="791", period="2022").update(value=70)
    assess(indicator_ids=[world.stays.pk])
    page, _text = page_of(client, "791")
    assert page.standstills == ()
    assert page.standstill_blank.startswith("No goal has as much work as that")


# --- The map ----------------------------------------------------------------------------------------------------------


def test_the_map_counts_each_thing_once_for_its_goal(client: Client, world: Denmark, plan: Plan) -> None:
    item = small.item(plan)
    for target in (world.stays.goal, world.stays, world.readmissions):
        link(item, target)
    small.initiative(plan.body, goals=(world.stays.goal,), areas=(world.region,))
    page, _text = page_of(client, "082")
    goal = page.frameworks[0].goals[0]
    assert (goal.work.items, goal.work.initiatives) == (1, 1)
    assert [(line.name, line.work.items, line.work.initiatives) for line in goal.indicators] == [
        ("Akutte genindlæggelser", 1, 0), ("Forebyggelige sygehusophold", 1, 0),
    ]  # fmt: skip
    assert [light.code for light in (line.light for line in goal.indicators)] == ["red", "green"]


def test_before_anything_is_loaded_the_page_says_so(client: Client) -> None:
    client.cookies["sprog"] = "en"
    page, text = page_of(client)
    assert "No goals yet." in text
    assert page.untied_blank == "There are no open items here."


def test_the_way_in_keeps_the_area(client: Client, world: Denmark) -> None:
    text = client.get(reverse("goal_list"), {"omraade": "791"}).content.decode()
    assert f'href="{reverse("coverage")}?omraade=791"' in text


def test_a_large_world_asks_as_few_questions_as_a_small_one(client: Client, world: Denmark) -> None:
    for area in ("791", "klynge-midtklyngen"):
        with CaptureQueriesContext(connection) as small_one:
            page_of(client, area)
        assert len(small_one) <= 9, [query["sql"][:90] for query in small_one]
    plan = large_plan()
    Body.objects.filter(pk=plan.body_id).update(area=world.region)
    Contribution.objects.bulk_create(
        Contribution(item=item, indicator=world.stays, reason="r", created_at=make.moment())
        for item in plan.items.filter(number__lte=100)
    )
    for number in range(20):
        make.make_indicator(f"mere-{number}", position=20 + number)
    with CaptureQueriesContext(connection) as large:
        page, _text = page_of(client, "klynge-midtklyngen")
    assert page.untied_count > 50
    assert len(large) == len(small_one)
