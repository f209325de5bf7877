"""Plans, headings, items, milestones and links by hand: each change signed, nothing deleted."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from initiatives.actions.links import add_link, remove_link
from initiatives.actions.milestones import add_milestone, reach_milestone, update_milestone
from initiatives.actions.plans import (
    add_item,
    add_track,
    close,
    create_plan,
    move,
    reopen,
    update_item,
    update_plan,
    update_track,
)
from initiatives.models import Plan, PlanKind
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)


@pytest.fixture
def by() -> Any:
    return world.user("sekretaer@example.dk")


@pytest.fixture
def body() -> Any:
    return world.body("Udvalget")


@pytest.fixture
def plan(body: Any) -> Any:
    return world.plan(body)


def test_a_plan_from_nothing_is_signed(body: Any, by: Any) -> None:
    kind = PlanKind.objects.create(code="handleplan", name="Handleplan", name_plural="Handleplaner")
    plan = create_plan(body=body, kind=kind, title="  Bedre udskrivelser på tværs ", by=by)
    track = add_track(plan=plan, title="Første spor", number="1", by=by)
    item = add_item(track=track, title="Fælles tjekliste", owners=[body], by=by, today=TODAY, planned="2. kvartal 2027")
    assert plan.slug == "bedre-udskrivelser-paa-tvaers"
    assert plan.title == "Bedre udskrivelser på tværs"
    assert (item.number, item.key) == (1, "faelles-tjekliste")
    assert item.schedules.get().last_day == date(2027, 6, 30)
    for thing in (plan, track, item):
        assert thing.history.get().history_user == by


def test_two_plans_with_one_title_and_one_called_as_the_form(body: Any, by: Any) -> None:
    kind = PlanKind.objects.create(code="handleplan", name="Handleplan", name_plural="Handleplaner")
    slugs = [create_plan(body=body, kind=kind, title=title, by=by).slug for title in ("Plan A", "Plan A", "Ny")]
    assert slugs == ["plan-a", "plan-a-2", "ny-1"]


def test_a_reworded_item_keeps_its_key_and_says_who_and_what(plan: Any, body: Any, by: Any) -> None:
    item = add_item(track=plan.tracks.get(), title="Gammel titel", owners=[body], by=None, today=TODAY)
    update_item(item=item, title="Ny titel", by=by, today=TODAY)
    assert item.key == "gammel-titel"
    assert [(row.title, row.history_user) for row in item.history.order_by("history_id")] == [
        ("Gammel titel", None),
        ("Ny titel", by),
    ]


def test_saving_without_a_change_leaves_no_history(plan: Any, body: Any, by: Any) -> None:
    item = add_item(track=plan.tracks.get(), title="Titel", owners=[body], by=by, today=TODAY)
    update_item(item=item, title="Titel", owners=[body], by=by, today=TODAY)
    update_plan(plan=plan, title=plan.title, by=by)
    assert item.history.count() == 1
    assert plan.history.count() == 1


def test_new_owners_stand_in_the_history(plan: Any, body: Any, by: Any) -> None:
    item = add_item(track=plan.tracks.get(), title="Titel", owners=[body], by=by, today=TODAY)
    other = world.body("Praksisplanudvalget")
    update_item(item=item, owners=[other, body], by=by, today=TODAY)
    assert [anchoring.body for anchoring in item.anchorings.order_by("position")] == [other, body]
    newest = item.history.first()
    assert newest is not None
    assert "Praksisplanudvalget" in newest.history_change_reason
    assert newest.history_user == by


def test_a_plan_of_2020_is_not_carried_by_a_council_of_2027(body: Any, by: Any) -> None:
    plan = world.plan(body, as_of=date(2020, 11, 5))
    council = world.body("Sundhedsrådet", valid_from=date(2027, 1, 1))
    with pytest.raises(ValidationError) as refused:
        add_item(track=plan.tracks.get(), title="Titel", owners=[council], by=by, today=TODAY)
    assert list(refused.value.message_dict) == ["owners"]
    assert not plan.items.exists()


def test_owners_that_have_ended_since_may_stay(plan: Any, by: Any) -> None:
    gone = world.body("Det gamle udvalg", valid_to=date(2022, 6, 30))
    item = world.item(plan, owners=(gone,))
    update_item(item=item, title="Ny titel", owners=[gone, world.body("Det nye udvalg")], by=by, today=TODAY)
    assert item.anchorings.count() == 2


@pytest.mark.parametrize("title", ["", "   ", "x" * 301, "Borger 010190-1234"])
def test_titles_that_are_refused(plan: Any, body: Any, by: Any, title: str) -> None:
    for attempt in (
        lambda: add_item(track=plan.tracks.get(), title=title, owners=[body], by=by, today=TODAY),
        lambda: add_track(plan=plan, title=title, by=by),
        lambda: update_plan(plan=Plan.objects.get(pk=plan.pk), title=title, by=by),
        lambda: update_track(track=plan.tracks.get(), title=title, by=by),
    ):
        with pytest.raises(ValidationError) as refused:
            attempt()
        assert list(refused.value.message_dict) == ["title"]
    assert not plan.items.exists()
    assert plan.tracks.count() == 1


def test_closing_needs_a_reason_and_deletes_nothing(plan: Any, by: Any) -> None:
    item = world.item(plan)
    with pytest.raises(ValidationError):
        close(thing=item, reason=" ", on=TODAY, by=by)
    close(thing=item, reason="Løst i et andet spor.", on=TODAY, by=by)
    item.refresh_from_db()
    assert (item.closed_on, item.closed_reason) == (TODAY, "Løst i et andet spor.")
    reopen(thing=item, by=by)
    item.refresh_from_db()
    assert item.closed_on is None
    assert item.closed_reason == ""
    reasons = list(item.history.order_by("history_id").values_list("history_change_reason", flat=True))
    assert "Løst i et andet spor." in reasons


def test_sub_headings_stand_under_headings_only(plan: Any, by: Any) -> None:
    sub = add_track(plan=plan, title="Underspor", parent=plan.tracks.get(), by=by)
    with pytest.raises(ValidationError):
        add_track(plan=plan, title="Under det igen", parent=sub, by=by)
    with pytest.raises(ValidationError):
        add_track(plan=world.plan(plan.body), title="I en anden plan", parent=plan.tracks.get(parent=None), by=by)


def test_an_item_moves_only_within_its_plan(plan: Any, by: Any) -> None:
    item, other = world.item(plan), world.plan(plan.body)
    with pytest.raises(ValidationError):
        update_item(item=item, track=other.tracks.get(), by=by, today=TODAY)


def order(plan: Any) -> list[int]:
    return list(plan.items.order_by("position", "number").values_list("number", flat=True))


def test_up_and_down_and_the_edges(plan: Any, by: Any) -> None:
    one, _two, three = (world.item(plan) for _ in range(3))
    assert move(thing=three, up=True, by=by)
    assert order(plan) == [1, 3, 2]
    one.refresh_from_db()
    assert not move(thing=one, up=True, by=by)
    assert move(thing=one, up=False, by=by)
    assert order(plan) == [3, 1, 2]


class AnyMoves(TestCase):
    @settings(max_examples=12, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=8), st.booleans())
    def test_moving_is_swapping_neighbours_and_loses_nobody(self, steps: list[Any], tied: bool) -> None:
        plan = world.plan(world.body())
        items = [world.item(plan, state=None) for _ in range(4)]
        if tied:
            plan.items.update(position=0)
        expected = [1, 2, 3, 4]
        for which, up in steps:
            items[which].refresh_from_db()
            here = expected.index(which + 1)
            there = here - 1 if up else here + 1
            assert move(thing=items[which], up=up, by=None) == (0 <= there < 4)
            if 0 <= there < 4:
                expected[here], expected[there] = expected[there], expected[here]
            assert order(plan) == expected


# --- Milestones -------------------------------------------------------------------------------------------------------


def test_a_milestone_is_added_moved_and_reached_and_the_item_tells_of_it(plan: Any, by: Any) -> None:
    item = world.item(plan)
    milestone = add_milestone(item=item, title="Evaluering", when="1. kvartal 2027", by=by, today=TODAY)
    assert milestone.last_day == date(2027, 3, 31)
    update_milestone(milestone=milestone, title="Evaluering", when="2. kvartal 2027", by=by, today=TODAY)
    reach_milestone(milestone=milestone, on=TODAY, by=by, today=TODAY)
    milestone.refresh_from_db()
    assert (milestone.last_day, milestone.reached_on) == (date(2027, 6, 30), TODAY)
    told = [row.history_change_reason for row in item.history.all() if row.history_user == by]
    assert len(told) == 3
    assert all("Evaluering" in reason for reason in told)


def test_a_milestone_may_be_without_a_date_but_not_reached_tomorrow(plan: Any, by: Any) -> None:
    milestone = add_milestone(item=world.item(plan), title="Aftale", when="", by=by, today=TODAY)
    assert milestone.last_day is None
    with pytest.raises(ValidationError):
        reach_milestone(milestone=milestone, on=date(2026, 11, 23), by=by, today=TODAY)


@pytest.mark.parametrize(
    ("title", "when", "field"),
    [("", "2027", "title"), ("Titel", "uge 54 2027", "when"), ("Borger 010190 1234", "", "title")],
)
def test_milestones_that_are_refused(plan: Any, by: Any, title: str, when: str, field: str) -> None:
    item = world.item(plan)
    with pytest.raises(ValidationError) as refused:
        add_milestone(item=item, title=title, when=when, by=by, today=TODAY)
    assert list(refused.value.message_dict) == [field]
    assert not item.milestones.exists()


# --- Links ------------------------------------------------------------------------------------------------------------


def test_a_link_has_a_reason_and_stands_once(plan: Any, by: Any) -> None:
    item, aim = world.item(plan), world.goal()
    with pytest.raises(ValidationError):
        add_link(thing=item, target=aim, reason=" ", by=by)
    link = add_link(thing=item, target=aim, reason="Punktet handler om målet.", by=by)
    with pytest.raises(ValidationError):
        add_link(thing=item, target=aim, reason="En gang til.", by=by)
    assert item.contributions.get() == link
    assert link.by == by


def test_a_removed_link_stays_readable_and_can_be_drawn_again(plan: Any, by: Any) -> None:
    item, measure = world.item(plan), world.indicator()
    link = add_link(thing=item, target=measure, reason="Måles her.", by=by)
    with pytest.raises(ValidationError):
        remove_link(link=link, reason="", by=by)
    remove_link(link=link, reason="Forkert indikator.", by=by)
    first_time = item.contributions.get().removed_at
    remove_link(link=link, reason="En anden grund.", by=world.user())
    link.refresh_from_db()
    assert (link.removed_by, link.removed_reason, link.removed_at) == (by, "Forkert indikator.", first_time)
    add_link(thing=item, target=measure, reason="Alligevel.", by=by)
    assert item.contributions.count() == 2
    assert item.contributions.active().count() == 1


def test_no_cpr_number_in_a_reason(plan: Any, by: Any) -> None:
    item = world.item(plan)
    with pytest.raises(ValidationError) as refused:
        add_link(thing=item, target=world.goal(), reason="Borger 010190-1234", by=by)
    assert "010190" not in str(refused.value)
    assert not item.contributions.exists()
