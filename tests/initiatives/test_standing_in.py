"""Absences with a deputy: what the deputy may, where and when, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.actions.delegations import end_absence, end_every_absence, register_absence
from initiatives.actions.meetings import register_meeting
from initiatives.models import Delegation, Role
from initiatives.permissions import (
    body_ids_with_role,
    plan_rights,
    user_can_approve,
    user_can_create_plan,
    user_can_write_status,
)
from initiatives.presenters.facts import load_items
from initiatives.presenters.mine import mine, waiting_count
from initiatives.standing_in import roles_on
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db


class Scene:
    """The absent person is secretary of one body and leads another; the deputy reads in the first."""

    def __init__(self) -> None:
        self.today = timezone.localdate()
        self.home, self.away, self.foreign = world.body("Hjemme"), world.body("Ude"), world.body("Fremmed")
        self.person, self.deputy = world.user("person@example.dk"), world.user("vikar@example.dk")
        world.member(self.person, self.home)
        world.member(self.person, self.away, Role.LEAD)
        world.member(self.deputy, self.home, Role.READER)
        self.plan, self.other = world.plan(self.home), world.plan(self.foreign)
        due = self.today - timedelta(days=1)
        self.item = world.item(self.plan, title="Hjemmets", due=due)
        self.carried = world.item(self.other, owners=(self.away,), title="Båret ude", due=due)
        self.coordinated = world.item(self.other, coordinator=self.person, title="Tovholders", due=due)
        self.theirs = world.item(self.other, title="Andres", due=due)

    def day(self, number: int) -> date:
        return self.today + timedelta(days=number)

    def register(self, first: int = 0, last: int = 7, **more: Any) -> Delegation:
        facts = {"person": self.person, "deputy": self.deputy, "by": self.person, "now": timezone.now(), **more}
        return register_absence(first_day=self.day(first), last_day=self.day(last), **facts)

    def writes(self, who: Any = None, on: int = 0) -> set[str]:
        """What they may write, asked item by item; `plan_rights` must say the same."""
        who, found = who or self.deputy, set()
        for plan in (self.plan, self.other):
            rights = plan_rights(who, plan, today=self.day(on))
            facts = {one.pk: one for one in load_items(Q(plan=plan))}
            for item in plan.items.select_related("plan__body").prefetch_related("anchorings__body"):
                may = user_can_write_status(who, item, today=self.day(on))
                assert may == rights.can_write(facts[item.pk]), item.title
                if may:
                    found.add(item.title)
        return found


@pytest.fixture
def scene() -> Scene:
    return Scene()


ALL = {"Hjemmets", "Båret ude", "Tovholders"}


def test_without_an_absence_the_deputy_has_their_own_and_no_more(scene: Scene) -> None:
    assert scene.writes() == set()
    assert scene.writes(scene.person) == ALL


def test_for_the_period_the_deputy_has_every_role_and_the_person_keeps_theirs(scene: Scene) -> None:
    scene.register(2, 4)
    assert [bool(scene.writes(on=number)) for number in (1, 2, 4, 5)] == [False, True, True, False]
    assert scene.writes(on=3) == ALL
    assert scene.writes(scene.person, on=3) == ALL
    today = scene.day(3)
    assert body_ids_with_role(scene.deputy, (Role.SECRETARY,), today=today) == {scene.home.pk}
    assert user_can_create_plan(scene.deputy, scene.home, today=today)
    assert not user_can_create_plan(scene.deputy, scene.away, today=today)


def test_an_absence_from_one_body_lends_nothing_elsewhere(scene: Scene) -> None:
    world.member(scene.deputy, scene.away, Role.READER)
    scene.register(body=scene.away)
    assert scene.writes() == {"Båret ude"}
    roles = roles_on(scene.deputy, today=scene.today)
    assert roles.lent == {(scene.person.pk, scene.away.pk, Role.LEAD)}


def test_a_coordinators_items_go_with_the_body_they_belong_to(scene: Scene) -> None:
    own = world.item(scene.plan, coordinator=scene.person, title="Tovholder hjemme")
    scene.register(body=scene.home)
    assert scene.writes() == {"Hjemmets", "Tovholder hjemme"}
    assert own.coordinator == scene.person
    carried_home = world.item(scene.other, coordinator=scene.person, owners=(scene.home,), title="Båret hjemme")
    assert "Båret hjemme" in scene.writes()
    assert carried_home.plan == scene.other


def test_ended_early_it_ends_at_once(scene: Scene) -> None:
    delegation = scene.register()
    assert scene.writes() == ALL
    assert end_absence(delegation=delegation, by=scene.person, now=timezone.now())
    assert scene.writes() == set()
    assert not end_absence(delegation=delegation, by=scene.person, now=timezone.now())
    delegation.refresh_from_db()
    assert delegation.ended_by == scene.person


def test_deputies_of_deputies_are_not_followed(scene: Scene) -> None:
    third = world.user("tredje@example.dk")
    world.member(third, scene.home, Role.READER)
    scene.register()
    scene.register(person=scene.deputy, deputy=third)
    assert scene.writes(third) == set()
    assert scene.writes() == ALL


def test_a_role_that_is_over_is_not_lent(scene: Scene) -> None:
    scene.register()
    scene.person.memberships.update(valid_to=scene.day(-1))
    assert scene.writes() == {"Tovholders"}


def test_a_closed_deputy_has_nothing(scene: Scene) -> None:
    scene.register()
    scene.deputy.is_active = False
    scene.deputy.save()
    assert scene.writes() == set()
    assert not body_ids_with_role(scene.deputy, (Role.SECRETARY,), today=scene.today)


def test_a_chairs_approval_is_lent_too(scene: Scene) -> None:
    world.member(scene.person, scene.home, Role.CHAIR)
    meeting = register_meeting(body=scene.home, day=scene.day(30), by=None)
    assert not user_can_approve(scene.deputy, meeting, today=scene.today)
    scene.register()
    assert user_can_approve(scene.deputy, meeting, today=scene.today)


def test_the_same_questions_as_before(scene: Scene, django_assert_num_queries: Any) -> None:
    scene.register()
    with django_assert_num_queries(1):
        plan_rights(scene.deputy, scene.plan, today=scene.today)
    with django_assert_num_queries(1):
        body_ids_with_role(scene.deputy, (Role.SECRETARY,), today=scene.today)
    with django_assert_num_queries(1):
        waiting_count(scene.deputy, scene.today)


def test_what_a_deputy_writes_is_the_deputys(client: Client, scene: Scene) -> None:
    scene.register()
    client.force_login(scene.deputy)
    url = reverse("status_unchanged", args=[scene.plan.slug, scene.item.number])
    assert client.post(url, {"opened_on": "1", "page": "mine"}).status_code == 302
    newest = scene.item.statuses.order_by("-sequence").first()
    assert newest is not None
    assert (newest.sequence, newest.by) == (2, scene.deputy)


# --- My tasks ---------------------------------------------------------------------------------------------------------


def test_my_tasks_say_for_whom(client: Client, scene: Scene) -> None:
    own = world.item(scene.other, coordinator=scene.deputy, title="Vikarens egen", due=scene.day(-1))
    client.force_login(scene.deputy)
    client.cookies["sprog"] = "en"
    scene.register()
    page = client.get(reverse("mine")).context["page"]
    said = {item.title: item.taken_over for group in page.groups for item in group.items}
    assert said == {own.title: "", **dict.fromkeys(ALL, "For person, who is away")}
    assert waiting_count(scene.deputy, scene.today) == 4
    client.force_login(scene.person)
    page = client.get(reverse("mine")).context["page"]
    assert {item.taken_over for group in page.groups for item in group.items} == {""}


def test_what_is_mine_anyway_is_not_said_to_be_somebody_elses(scene: Scene) -> None:
    world.member(scene.deputy, scene.home)
    scene.register()
    assert set(scene.plan.items.filter(mine(scene.deputy, today=scene.today))) == {scene.item}


# --- What is refused --------------------------------------------------------------------------------------------------


def refused(scene: Scene, *, field: str, first: int = 0, last: int = 7, **more: Any) -> None:
    with pytest.raises(ValidationError) as error:
        scene.register(first, last, **more)
    assert list(error.value.error_dict) == [field]


def test_absences_that_cannot_be(scene: Scene) -> None:
    stranger = world.user("fremmed@example.dk")
    world.member(stranger, scene.foreign)
    closed = world.user("lukket@example.dk", is_active=False)
    world.member(closed, scene.home)
    refused(scene, field="first_day", first=-1)
    refused(scene, field="last_day", first=3, last=2)
    refused(scene, field="last_day", last=500)
    refused(scene, field="deputy", deputy=scene.person)
    refused(scene, field="deputy", deputy=closed)
    refused(scene, field="deputy", deputy=stranger)
    refused(scene, field="deputy", body=scene.away)  # the deputy is not in that one
    refused(scene, field="first_day", body=scene.foreign)  # the person is not
    assert not Delegation.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "clash"), [(0, 4, False), (0, 5, True), (6, 6, True), (10, 12, True), (11, 12, False)]
)
def test_overlapping_absences_are_refused(scene: Scene, first: int, last: int, clash: bool) -> None:
    scene.register(5, 10)
    if clash:
        refused(scene, field="first_day", first=first, last=last)
    else:
        scene.register(first, last)


def test_two_bodies_may_have_two_deputies(scene: Scene) -> None:
    other = world.user("anden@example.dk")
    world.member(other, scene.away)
    scene.register(body=scene.home)
    scene.register(body=scene.away, deputy=other)
    refused(scene, field="first_day")
    refused(scene, field="first_day", body=scene.home)


def test_an_ended_absence_gives_room_for_another(scene: Scene) -> None:
    end_absence(delegation=scene.register(), by=scene.person, now=timezone.now())
    scene.register()


def test_a_deputy_who_is_away_themselves_is_refused(scene: Scene) -> None:
    scene.register(2, 3, person=scene.deputy, deputy=scene.person)
    refused(scene, field="deputy", first=3, last=5)
    scene.register(4, 5)


def test_every_absence_of_somebody_ends(scene: Scene) -> None:
    scene.register()
    scene.register(20, 25)
    scene.register(10, 12, person=scene.deputy, deputy=scene.person)
    assert end_every_absence(user=scene.person, by=scene.deputy, now=timezone.now()) == 3
    assert scene.writes() == set()
