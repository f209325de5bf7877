"""Roles given, dated and ended: nothing deleted, everything signed, and never silently without a secretary."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections

from initiatives.actions.memberships import (
    MembershipConflict,
    add_member,
    bodies_left_without_secretary,
    change_dates,
    end_role,
    leave_everything,
    stamp_of,
)
from initiatives.models import Membership, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

TODAY = date(2026, 12, 31)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.fixture
def scene() -> Any:
    class Scene:
        body = world.body("Udvalget")
        secretary, other = world.user("sekretaer@example.dk"), world.user("medlem@example.dk")
        admin = world.user("admin@example.dk", is_superuser=True)

    made = Scene()
    made.role = world.member(made.secretary, made.body)  # type: ignore[attr-defined]
    return made


def add(scene: Any, **more: Any) -> Membership:
    facts = {"user": scene.other, "role": Role.MEMBER, "valid_from": TODAY, **more}
    return add_member(body=scene.body, by=scene.secretary, today=TODAY, **facts)


def end(scene: Any, **more: Any) -> Membership:
    facts = {"membership": scene.role, "last_day": TODAY, "by": scene.admin, **more}
    return end_role(today=TODAY, **facts)


def test_a_role_is_given_and_signed(scene: Any) -> None:
    made = add(scene, valid_to=day(9))
    history = made.history.get()
    assert (history.history_user, history.valid_to) == (scene.secretary, day(9))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"role": "konge"}, "role"),
        ({"valid_to": day(-1)}, "valid_to"),
        ({"valid_from": day(-9000)}, "valid_from"),
        ({"valid_to": date(2926, 1, 1)}, "valid_to"),
    ],
)
def test_what_cannot_be_given(scene: Any, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        add(scene, **facts)
    assert list(refused.value.error_dict) == [field]
    assert Membership.objects.count() == 1


def test_a_closed_account_and_a_body_that_has_ended_get_nothing(scene: Any) -> None:
    scene.other.is_active = False
    scene.other.save()
    with pytest.raises(ValidationError) as refused:
        add(scene)
    assert "user" in refused.value.error_dict
    scene.body.valid_to = day(-1)
    scene.body.save()
    with pytest.raises(ValidationError) as refused:
        add(scene, user=scene.admin)
    assert "valid_from" in refused.value.error_dict


@pytest.mark.parametrize(
    ("first", "last", "allowed"),
    [(5, 15, False), (10, None, False), (11, 20, True), (-5, 4, True), (-5, 5, False), (0, None, False), (7, 8, False)],
)
def test_the_same_role_twice_at_the_same_time_is_refused(
    scene: Any, first: int, last: int | None, allowed: bool
) -> None:
    add(scene, valid_from=day(5), valid_to=day(10))
    facts = {"valid_from": day(first), "valid_to": day(last) if last is not None else None}
    if allowed:
        add(scene, **facts)
    else:
        with pytest.raises(ValidationError):
            add(scene, **facts)
    add(scene, role=Role.READER, **facts)  # another role is another matter


def test_a_role_that_was_called_off_stands_in_nobodys_way(scene: Any) -> None:
    end(scene, membership=add(scene, valid_from=day(5)), last_day=TODAY)
    add(scene, valid_from=day(3))


def test_ending_keeps_the_row_and_tells_who(scene: Any) -> None:
    made = add(scene)
    end(scene, membership=made, last_day=day(3), by=scene.secretary)
    made.refresh_from_db()
    assert made.valid_to == day(3)
    assert [row.history_user for row in made.history.all()] == [scene.secretary, scene.secretary]


def test_dates_that_do_not_change_leave_no_row(scene: Any) -> None:
    made = add(scene)
    change_dates(membership=made, valid_from=TODAY, valid_to=None, by=scene.secretary, today=TODAY)
    assert made.history.count() == 1


def test_a_first_day_after_the_last_is_refused_but_a_role_may_be_called_off(scene: Any) -> None:
    made = add(scene, valid_from=day(5))
    with pytest.raises(ValidationError):
        change_dates(membership=made, valid_from=day(6), valid_to=day(4), by=scene.secretary, today=TODAY)
    called_off = end(scene, membership=made, last_day=TODAY)
    assert all(not Membership.objects.valid_on(day(n)).filter(pk=called_off.pk).exists() for n in range(-1, 9))


# --- The last secretary -----------------------------------------------------------------------------------------------


def test_the_last_secretary_cannot_end_themselves_not_even_when_asked(scene: Any) -> None:
    for confirmed in (False, True):
        with pytest.raises(ValidationError) as refused:
            end(scene, by=scene.secretary, confirmed=confirmed)
        assert not hasattr(refused.value, "error_dict")
    scene.role.refresh_from_db()
    assert scene.role.valid_to is None


def test_an_administrator_is_asked_first(scene: Any) -> None:
    with pytest.raises(ValidationError) as asked:
        end(scene)
    assert list(asked.value.error_dict) == ["confirmed"]
    assert end(scene, confirmed=True).valid_to == TODAY


def test_an_administrator_who_is_the_last_secretary_is_asked_too(scene: Any) -> None:
    own = world.member(scene.admin, world.body("Andet"))
    with pytest.raises(ValidationError) as asked:
        end(scene, membership=own)
    assert list(asked.value.error_dict) == ["confirmed"]
    assert end(scene, membership=own, confirmed=True).valid_to == TODAY


def test_with_another_secretary_nobody_asks(scene: Any) -> None:
    world.member(scene.other, scene.body)
    assert end(scene, by=scene.secretary).valid_to == TODAY


def test_a_closed_account_is_no_secretary(scene: Any) -> None:
    world.member(scene.other, scene.body)
    scene.other.is_active = False
    scene.other.save()
    with pytest.raises(ValidationError):
        end(scene, by=scene.secretary)


def test_a_body_that_ends_with_the_role_needs_nobody_after(scene: Any) -> None:
    scene.body.valid_to = TODAY
    scene.body.save()
    assert end(scene, by=scene.secretary).valid_to == TODAY


def test_other_roles_may_end_freely(scene: Any) -> None:
    assert end(scene, membership=add(scene, role=Role.CHAIR), by=scene.secretary).valid_to == TODAY


def test_two_who_change_the_same_role_are_told(scene: Any) -> None:
    made = add(scene)
    opened = stamp_of(made)
    end(scene, membership=made, last_day=day(3), opened_on=opened)
    with pytest.raises(MembershipConflict) as conflict:
        end(scene, membership=made, last_day=day(9), opened_on=opened)
    assert conflict.value.current.valid_to == day(3)
    assert end(scene, membership=made, last_day=day(9), opened_on=stamp_of(conflict.value.current)).valid_to == day(9)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="two writers wait for each other on PostgreSQL alone")
def test_of_two_secretaries_who_end_each_other_at_once_one_is_told(scene: Any) -> None:
    second = world.member(scene.other, scene.body)
    told: list[Exception] = []

    def remove(membership: Membership, by: Any) -> None:
        try:
            end_role(membership=membership, last_day=day(-1), by=by, today=TODAY)
        except ValidationError as error:
            told.append(error)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=remove, args=(scene.role, scene.other)),
        threading.Thread(target=remove, args=(second, scene.secretary)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection.vendor == "postgresql"
    assert len(told) == 1
    assert Membership.objects.valid_on(TODAY).filter(body=scene.body, role=Role.SECRETARY).count() == 1


# --- Leaving everything -----------------------------------------------------------------------------------------------


def test_whoever_leaves_has_nothing_more_and_keeps_what_is_over(scene: Any) -> None:
    over = world.member(scene.other, scene.body, Role.READER, valid_from=day(-9), valid_to=day(-5))
    now = world.member(scene.other, scene.body, Role.MEMBER)
    later = world.member(scene.other, scene.body, Role.CHAIR, valid_from=day(4), valid_to=day(9))
    ended = leave_everything(user=scene.other, last_day=TODAY, by=scene.admin, why="Kontoen blev lukket")
    assert {one.pk for one in ended} == {now.pk, later.pk}
    over.refresh_from_db()
    assert over.valid_to == day(-5)
    for number in range(1, 12):
        assert not Membership.objects.valid_on(day(number)).filter(user=scene.other).exists()
    assert now.history.first().history_change_reason == "Kontoen blev lukket"
    assert leave_everything(user=scene.other, last_day=TODAY, by=scene.admin) == []


def test_which_bodies_would_be_left(scene: Any) -> None:
    shared, reading = world.body("Delt"), world.body("Læst")
    world.member(scene.secretary, shared)
    world.member(scene.other, shared)
    world.member(scene.secretary, reading, Role.READER)
    ended = world.body("Ophørt", valid_to=TODAY)
    world.member(scene.secretary, ended)
    assert [body.name for body in bodies_left_without_secretary(scene.secretary, today=TODAY)] == ["Udvalget"]
    assert bodies_left_without_secretary(scene.other, today=TODAY) == []
