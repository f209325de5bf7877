"""What goal, indicator and area pages are told about who works for them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from initiatives.models import Contribution
from initiatives.presenters.links import (
    initiatives_for_areas,
    items_for_areas,
    work_for_goal,
    work_for_indicator,
)
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def link(reason: str, **ends: Any) -> Contribution:
    return Contribution.objects.create(reason=reason, created_at=world.timezone.now(), **ends)


def test_an_item_is_listed_once_with_the_reason_of_its_link_to_the_goal(django_assert_num_queries: Any) -> None:
    goal = world.goal()
    measure = world.indicator(of=goal)
    owners = (world.body("Klyngen"), world.body("Almen praksis"))
    item = world.item(world.plan(world.body()), owners=owners, state="postponed")
    link("Måles her.", item=item, indicator=measure)
    link("Handler om målet.", item=item, goal=goal)
    with django_assert_num_queries(1):
        listed = work_for_goal(goal, today=TODAY)[0]
    assert [(row.number, row.reason, row.owners, row.state.undated) for row in listed] == [
        (1, "Handler om målet.", "Klyngen og Almen praksis", True)
    ]
    assert [row.reason for row in work_for_indicator(measure, today=TODAY)[0]] == ["Måles her."]


def test_links_that_were_removed_and_items_that_were_closed_are_not_listed() -> None:
    goal = world.goal()
    plan = world.plan(world.body())
    gone, closed, stands = (world.item(plan, state=None) for _ in range(3))
    link("Fjernet.", item=gone, goal=goal, removed_at=world.timezone.now())
    link("Lukket.", item=closed, goal=goal)
    link("Står.", item=stands, goal=goal)
    plan.items.filter(pk=closed.pk).update(closed_on=world.date(2026, 1, 1))
    listed = work_for_goal(goal, today=TODAY)[0]
    assert [row.reason for row in listed] == ["Står."]
    assert listed[0].state.code == ""
    assert listed[0].as_of_text == ""


def test_examples_come_last() -> None:
    goal = world.goal()
    body = world.body()
    for example in (True, False):
        link("Fordi.", item=world.item(world.plan(body, is_example=example)), goal=goal)
    assert [row.is_example for row in work_for_goal(goal, today=TODAY)[0]] == [False, True]


def test_initiatives_once_each_in_one_query(django_assert_num_queries: Any) -> None:
    goal = world.goal()
    measure = world.indicator(of=goal)
    initiative = world.initiative(world.body("Klyngen"), goals=(goal,), evidence_step=3)
    link("Måles her.", initiative=initiative, indicator=measure)
    with django_assert_num_queries(1):
        listed = work_for_goal(goal, today=TODAY)[1]
    assert [(row.title, row.body, row.evidence_step) for row in listed] == [(initiative.title, "Klyngen", 3)]
    assert [row.reason for row in work_for_indicator(measure, today=TODAY)[1]] == ["Måles her."]


def test_what_goes_on_in_an_area(django_assert_num_queries: Any) -> None:
    region, town = world.area("082", "Midtjylland", "region"), world.area("791", "Viborg")
    regional, local = world.body("Udvalget", area=region), world.body("Klyngen", area=town)
    plan = world.plan(regional)
    world.item(plan, owners=(local,))
    world.item(plan, owners=(regional,))
    world.initiative(regional, "Udført i Viborg", areas=(town,))
    with django_assert_num_queries(2):
        assert [row.number for row in items_for_areas([region.pk, town.pk], today=TODAY)] == [1, 2]
    assert [row.number for row in items_for_areas([town.pk], today=TODAY)] == [1]
    with django_assert_num_queries(1):
        assert [row.title for row in initiatives_for_areas([town.pk])] == ["Udført i Viborg"]
