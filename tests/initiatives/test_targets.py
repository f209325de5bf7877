"""Targets: set, changed and withdrawn; who may; and where they are shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from indicators.models import DataVersion
from initiatives.actions.targets import set_target, stamp_of, update_target, withdraw_target
from initiatives.models import Body, Role, Target
from initiatives.permissions import (
    bodies_user_can_set_targets_for,
    check_user_can_set_target,
    target_bodies,
    user_can_set_target,
)
from tests import factories as make
from tests.initiatives import small_world as small
from tests.project.page_world import Denmark, denmark, fill

pytestmark = pytest.mark.django_db

DECIDED, DUE = date(2024, 3, 1), date(2028, 12, 31)


@pytest.fixture(autouse=True)
def _no_drawing() -> Any:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        yield


@pytest.fixture
def world() -> Denmark:
    return denmark()


@pytest.fixture
def body(world: Denmark) -> Body:
    return small.body("Samarbejdsudvalget", area=world.region)


@pytest.fixture
def secretary(body: Body) -> Any:
    user = small.user("delmaal@example.dk")
    small.member(user, body)
    return user


def a_target(world: Denmark, body: Body, **more: Any) -> Target:
    facts: dict[str, Any] = {"indicator": world.readmissions, "area": world.region, "body": body, "by": None}
    facts |= {"value": Decimal("10.5"), "due_on": DUE, "decided_on": DECIDED, "now": make.moment()}
    return set_target(**{**facts, **more})


# --- Actions ----------------------------------------------------------------------------------------------------------


def test_a_target_is_stored_with_its_history_and_counts_the_pages_up(
    world: Denmark, body: Body, secretary: Any
) -> None:
    before = DataVersion.objects.get().number
    target = a_target(world, body, by=secretary, note=" Vedtaget på mødet. ")
    assert (target.value, target.due_on, target.note, target.by) == (
        Decimal("10.5"),
        DUE,
        "Vedtaget på mødet.",
        secretary,
    )
    assert target.history.get().history_user == secretary
    assert DataVersion.objects.get().number == before + 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"due_on": DECIDED}, "due_on"),
        ({"decided_on": date(2027, 1, 1)}, "decided_on"),
        ({"note": "Om 010180-1234."}, "note"),
        ({"value": Decimal("1e17")}, "value"),
    ],
)
def test_what_cannot_be_stored_is_refused_and_nothing_is_stored(
    world: Denmark, body: Body, more: dict[str, Any], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        a_target(world, body, **more)
    assert field in refused.value.message_dict
    assert not Target.objects.exists()


def test_a_body_has_one_standing_target_for_a_day(world: Denmark, body: Body, secretary: Any) -> None:
    first = a_target(world, body)
    with translation.override("en"), pytest.raises(ValidationError, match="already has a target"):
        a_target(world, body, value=Decimal(9))
    withdraw_target(target=first, reason="Nyt grundlag.", by=secretary, now=make.moment())
    assert a_target(world, body, value=Decimal(9)).pk != first.pk


def test_a_changed_target_keeps_what_it_was(world: Denmark, body: Body, secretary: Any) -> None:
    target = a_target(world, body)
    update_target(target=target, value=Decimal(9), due_on=DUE, decided_on=DECIDED, by=secretary, now=make.moment())
    assert [row.value for row in target.history.order_by("history_id")] == [Decimal("10.5"), Decimal(9)]


def test_a_withdrawn_target_says_why_and_cannot_be_changed(world: Denmark, body: Body, secretary: Any) -> None:
    target = a_target(world, body)
    with pytest.raises(ValidationError):
        withdraw_target(target=target, reason=" ", by=secretary, now=make.moment())
    withdraw_target(target=target, reason="Nyt grundlag.", by=secretary, now=make.moment())
    target.refresh_from_db()
    assert (target.withdrawn_by, target.withdrawn_reason) == (secretary, "Nyt grundlag.")
    assert not Target.objects.standing().exists()
    with pytest.raises(ValidationError):
        withdraw_target(target=target, reason="Igen.", by=secretary, now=make.moment())
    with pytest.raises(ValidationError):
        update_target(target=target, value=Decimal(9), due_on=DUE, decided_on=DECIDED, by=secretary, now=make.moment())


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_who_may_set_a_target(world: Denmark, body: Body, secretary: Any) -> None:
    today = timezone.localdate()
    other, chair, steward = small.body("Et andet udvalg"), small.user("formand@example.dk"), make.make_steward()
    small.member(chair, body, role=Role.CHAIR)
    assert user_can_set_target(secretary, body, today=today)
    assert not user_can_set_target(secretary, other, today=today)
    assert not user_can_set_target(chair, body, today=today)
    assert user_can_set_target(steward, other, today=today)
    assert bodies_user_can_set_targets_for(secretary, today=today) == [body]
    assert target_bodies(secretary, today=today) == {body.pk}
    assert target_bodies(steward, today=today) == {
        one.pk for one in bodies_user_can_set_targets_for(steward, today=today)
    }
    with pytest.raises(PermissionDenied, match="Et andet udvalg"):
        check_user_can_set_target(secretary, other, today=today)


# --- Pages ------------------------------------------------------------------------------------------------------------


def sent(world: Denmark, body: Body, **more: str) -> dict[str, Any]:
    facts = {"indicator": world.readmissions.code, "area": "082", "body": body.pk, "value": "10.5", "note": ""}
    return {**facts, "due_on": "2028-12-31", "decided_on": "2024-03-01", **more}


def test_a_secretary_sets_changes_and_withdraws(client: Client, world: Denmark, body: Body, secretary: Any) -> None:
    client.cookies["sprog"] = "en"
    client.force_login(secretary)
    opened = client.get("/delmaal/nyt/?indikator=genindlaeggelser&omraade=082").content.decode()
    assert 'value="genindlaeggelser" selected' in opened
    assert 'value="082" selected' in opened
    answer = client.post("/delmaal/nyt/", sent(world, body))
    assert answer["Location"] == "/indikatorer/genindlaeggelser/?omraade=082#targets"
    target = Target.objects.get()
    assert (target.value, target.by) == (Decimal("10.5"), secretary)
    page = client.get("/indikatorer/genindlaeggelser/?omraade=082").content.decode()
    assert f"/delmaal/{target.pk}/ret/" in page
    assert "There is no figure newer than the start." in page
    changed = {"value": "9,5", "due_on": "2028-12-31", "decided_on": "2024-03-01"}
    assert client.post(f"/delmaal/{target.pk}/ret/", changed).status_code == 422, "a comma is no English number"
    client.cookies["sprog"] = "da"
    assert 'value="10,5"' in client.get(f"/delmaal/{target.pk}/ret/").content.decode()
    assert client.post(f"/delmaal/{target.pk}/ret/", changed).status_code == 302
    target.refresh_from_db()
    assert target.value == Decimal("9.5")
    assert client.post(f"/delmaal/{target.pk}/traek-tilbage/", {"withdrawn_reason": ""}).status_code == 422
    client.post(f"/delmaal/{target.pk}/traek-tilbage/", {"withdrawn_reason": "Nyt grundlag."})
    assert "Nyt grundlag." in client.get("/indikatorer/genindlaeggelser/").content.decode()
    assert client.get(f"/delmaal/{target.pk}/ret/").status_code == 404


def test_a_refused_form_keeps_every_word(client: Client, world: Denmark, body: Body, secretary: Any) -> None:
    client.force_login(secretary)
    answer = client.post("/delmaal/nyt/", sent(world, body, value="mange", note="Vedtaget."))
    assert answer.status_code == 422
    assert "mange" in answer.content.decode()
    assert "Vedtaget." in answer.content.decode()
    assert not Target.objects.exists()


def test_others_may_not(client: Client, world: Denmark, body: Body, secretary: Any) -> None:
    target = a_target(world, body)
    other = small.body("Et andet udvalg")
    addresses = ("/delmaal/nyt/", f"/delmaal/{target.pk}/ret/", f"/delmaal/{target.pk}/traek-tilbage/")
    for address in addresses:
        assert client.get(address).status_code == 302, "asked to sign in"
    stranger = small.user("fremmed@example.dk")
    small.member(stranger, other)
    client.force_login(stranger)
    for address in addresses[1:]:
        assert client.get(address).status_code == 403
    assert client.post("/delmaal/nyt/", sent(world, body, due_on="2029-12-31")).status_code == 403
    assert Target.objects.count() == 1
    page = client.get("/indikatorer/genindlaeggelser/?omraade=082").content.decode()
    assert f"/delmaal/{target.pk}/ret/" not in page


def test_the_page_shows_progress_and_draws_the_target(
    client: Client, world: Denmark, body: Body, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    fill(world.readmissions, {"082": "11.0", "000": "11.0"}, "2024")
    a_target(world, body)
    a_target(world, body, value=Decimal(4), due_on=date(2026, 12, 31), note="Meget.")
    client.cookies["sprog"] = "en"
    with time_machine.travel("2026-11-20T12:00:00+01:00", tick=False), django_assert_max_num_queries(12):
        page = client.get("/indikatorer/genindlaeggelser/?omraade=082").content.decode()
    assert "Targets: 2. Reached: 0. On course: 1. Not: 1. Cannot be decided: 0." in page
    assert "11.5 (2023)" in page
    assert "11.0 (2024)" in page
    assert "Square: a decided target." in page
    assert "Target 10.5\u00a0pct." in page
    anonymous = client.get("/indikatorer/sygehusophold/").content.decode()
    assert "No body has decided a target for this indicator." in anonymous
    assert "/delmaal/nyt/" not in anonymous


def test_machines_read_standing_targets(client: Client, world: Denmark, body: Body, secretary: Any) -> None:
    target = a_target(world, body)
    gone = a_target(world, body, due_on=date(2027, 12, 31))
    withdraw_target(target=gone, reason="Nyt.", by=secretary, now=make.moment())
    rows = client.get("/api/v1/targets/?indicator=genindlaeggelser&area=082").json()["results"]
    assert [(row["id"], row["indicator"], row["area"]["code"], row["value"], row["due_on"]) for row in rows] == [
        (target.pk, "genindlaeggelser", "082", "10.500000", "2028-12-31")
    ]
    assert client.get(f"/api/v1/targets/{gone.pk}/").status_code == 404
    assert client.get("/api/v1/targets/?body=findes-ikke").json()["results"] == []


# --- Two at once ------------------------------------------------------------------------------------------------------


def _at_once(*calls: Callable[[], Any]) -> list[str]:
    """What became of each, in order of the alphabet."""
    start, outcomes = threading.Barrier(len(calls)), []

    def run(call: Callable[[], Any]) -> None:
        try:
            start.wait(10)
            call()
            outcomes.append("stored")
        except ValidationError as error:
            outcomes.append(" ".join(error.messages))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return sorted(outcomes)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_who_set_the_same_target_at_once_leave_one_and_one_is_told() -> None:
    world = denmark()
    body = small.body("Samarbejdsudvalget", area=world.region)
    with translation.override("en"):
        outcomes = _at_once(
            lambda: a_target(world, body, value=Decimal("10.5")), lambda: a_target(world, body, value=Decimal("9.5"))
        )
    assert outcomes[1] == "stored"
    assert "har allerede" in outcomes[0] or "already has a target" in outcomes[0]
    target = Target.objects.get()
    assert target.history.count() == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once need PostgreSQL")
@pytest.mark.django_db(transaction=True)
def test_two_who_change_the_same_target_at_once_leave_one_and_one_is_told() -> None:
    world = denmark()
    target = a_target(world, small.body("Samarbejdsudvalget", area=world.region))

    def change(value: str) -> Callable[[], Any]:
        mine = Target.objects.get(pk=target.pk)
        return lambda: update_target(
            target=mine, value=Decimal(value), due_on=DUE, decided_on=DECIDED, by=None, now=make.moment()
        )

    outcomes = _at_once(change("9.5"), change("8.5"))
    assert outcomes.count("stored") == 1, outcomes
    assert any("save again" in said or "gem igen" in said for said in outcomes)
    target.refresh_from_db()
    assert target.value in (Decimal("9.5"), Decimal("8.5"))
    assert target.history.count() == 2


def test_whoever_saves_a_form_that_is_out_of_date_is_told_and_may_save_again(
    client: Client, world: Denmark, body: Body, secretary: Any
) -> None:
    target = a_target(world, body)
    client.cookies["sprog"] = "en"
    client.force_login(secretary)
    address = reverse("target_edit", args=[target.pk])
    assert stamp_of(target) in client.get(address).content.decode()
    mine = {"value": "9.5", "due_on": "2028-12-31", "decided_on": "2024-03-01", "note": "", "seen": stamp_of(target)}
    update_target(target=target, value=Decimal(8), due_on=DUE, decided_on=DECIDED, by=None, now=make.moment())
    told = client.post(address, mine)
    assert told.status_code == 422
    assert "Somebody has changed the target since you opened it: it is now 8 by" in told.content.decode()
    target.refresh_from_db()
    assert target.value == 8
    assert stamp_of(target) in told.content.decode()
    assert client.post(address, {**mine, "seen": stamp_of(target)}).status_code == 302
    target.refresh_from_db()
    assert target.value == Decimal("9.5")
