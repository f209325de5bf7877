"""Meetings as they are changed: dates counted backwards, the year's plan, decisions, answers on behalf of others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from initiatives.actions.meeting_answers import Answer, Problem, RowsRefused, Worded, answer_items, record_decisions
from initiatives.actions.meetings import (
    DecisionConflict,
    cancel_meeting,
    record_decision,
    register_meeting,
    register_year,
    update_meeting,
    update_meeting_rules,
)
from initiatives.actions.status import StatusDraft, keep_status, record_status
from initiatives.calculations.year_plan import YearRow
from initiatives.models import Body, Decision, Meeting, StatusUpdate
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db
DAY = date(2027, 2, 4)
CPR = "Borgeren 010190-1234 ringede."


@pytest.fixture
def by() -> Any:
    return world.user("sekretaer@example.dk")


@pytest.fixture
def body() -> Body:
    return world.body("Udvalget")


def yesterday() -> date:
    return timezone.localdate() - timedelta(days=1)


def past_meeting(body: Body, by: Any) -> Meeting:
    return register_meeting(body=body, day=yesterday(), by=by)


# --- Registering ------------------------------------------------------------------------------------------------------


def test_the_dates_of_the_meeting_in_2020(body: Body, by: Any) -> None:
    meeting = register_meeting(body=body, day=date(2020, 11, 5), by=by)
    assert (meeting.hand_in, meeting.dispatch) == (date(2020, 10, 22), date(2020, 10, 29))
    assert meeting.history.get().history_user == by


def test_the_bodys_own_numbers_and_a_holiday(body: Body, by: Any) -> None:
    update_meeting_rules(body=body, hand_in_days=10, dispatch_days=3, needs_approval=True, by=by)
    meeting = register_meeting(body=Body.objects.get(), day=date(2027, 4, 1), by=by)  # Easter lies before it
    assert (meeting.hand_in, meeting.dispatch) == (date(2027, 3, 22), date(2027, 3, 24))
    assert Body.objects.get().needs_approval


def test_dates_by_hand_stand_and_their_order_is_checked(body: Body, by: Any) -> None:
    meeting = register_meeting(body=body, day=DAY, hand_in=date(2027, 1, 4), dispatch=date(2027, 2, 4), by=by)
    assert (meeting.hand_in, meeting.dispatch) == (date(2027, 1, 4), DAY)


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"hand_in": date(2027, 1, 30), "dispatch": date(2027, 1, 29)}, "hand_in"),
        ({"dispatch": date(2027, 2, 5)}, "dispatch"),
        ({"hand_in": date(2027, 2, 1)}, "hand_in"),  # later than the dispatch that was counted
        ({"hand_in": date(2025, 1, 20)}, "hand_in"),
    ],
)
def test_dates_out_of_order_store_nothing(body: Body, by: Any, dates: dict[str, date], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        register_meeting(body=body, day=DAY, by=by, **dates)
    assert set(refused.value.error_dict) == {field}
    assert not Meeting.objects.exists()


def test_a_body_meets_once_a_day_and_only_while_it_exists(by: Any) -> None:
    body = world.body("Det gamle udvalg", valid_from=date(2020, 1, 1), valid_to=date(2026, 12, 31))
    register_meeting(body=body, day=date(2026, 12, 31), by=by)
    for day in (date(2026, 12, 31), date(2027, 1, 1), date(2019, 12, 31)):
        with pytest.raises(ValidationError) as refused:
            register_meeting(body=body, day=day, by=by)
        assert set(refused.value.error_dict) == {"day"}
    assert Meeting.objects.count() == 1


def test_who_comes_a_moment_too_late_is_told_by_the_constraint(
    body: Body, by: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_meeting(body=body, day=DAY, by=by)
    # What the second of two sees who register at the same moment: nothing there yet.
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", lambda queryset: queryset.model is Body)
    with pytest.raises(ValidationError) as refused:
        register_meeting(body=body, day=DAY, by=by)
    assert set(refused.value.error_dict) == {"day"}
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("texts", [{"title": CPR}, {"case_number": "010190-1234"}])
def test_no_cpr_number_enters(body: Body, by: Any, texts: dict[str, str]) -> None:
    with pytest.raises(ValidationError) as refused:
        register_meeting(body=body, day=DAY, by=by, **texts)
    assert "010190" not in str(refused.value)
    assert not Meeting.objects.exists()


# --- Moving and cancelling --------------------------------------------------------------------------------------------


def test_a_deadline_left_as_it_was_follows_the_meeting_and_one_set_by_hand_stands(body: Body, by: Any) -> None:
    meeting = register_meeting(body=body, day=DAY, by=by)
    moved = update_meeting(
        meeting=meeting, day=date(2027, 2, 11), hand_in=meeting.hand_in, dispatch=date(2027, 2, 2), by=by
    )
    assert (moved.hand_in, moved.dispatch) == (date(2027, 1, 28), date(2027, 2, 2))
    assert moved.history.count() == 2


def test_saving_without_a_change_leaves_no_history_row(body: Body, by: Any) -> None:
    meeting = register_meeting(body=body, day=DAY, title="Temamøde", by=by)
    update_meeting(
        meeting=meeting, day=DAY, title="Temamøde ", hand_in=meeting.hand_in, dispatch=meeting.dispatch, by=by
    )
    assert meeting.history.count() == 1


def test_a_cancelled_meeting_keeps_its_row_and_frees_its_day(body: Body, by: Any) -> None:
    meeting = register_meeting(body=body, day=DAY, by=by)
    with pytest.raises(ValidationError):
        cancel_meeting(meeting=meeting, reason=" ", by=by)
    cancel_meeting(meeting=meeting, reason="Ingen sager.", by=by)
    register_meeting(body=body, day=DAY, by=by)
    assert Meeting.objects.filter(cancelled_reason="Ingen sager.").count() == 1
    for change in (
        lambda: cancel_meeting(meeting=meeting, reason="Igen.", by=by),
        lambda: update_meeting(meeting=meeting, day=date(2027, 3, 4), by=by),
    ):
        with pytest.raises(ValidationError):
            change()
    assert Meeting.objects.count() == 2


def test_a_meeting_with_decisions_was_held(body: Body, by: Any) -> None:
    meeting = past_meeting(body, by)
    record_decision(meeting=meeting, item=world.item(world.plan(body)), text="Tiltrådt.", by=by)
    with pytest.raises(ValidationError):
        cancel_meeting(meeting=meeting, reason="Aflyst.", by=by)


# --- The rule of a body -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("hand_in", "dispatch"), [(7, 8), (-1, 0), (7, -1), (366, 7)])
def test_a_rule_that_makes_no_sense_is_refused(body: Body, by: Any, hand_in: int, dispatch: int) -> None:
    with pytest.raises(ValidationError):
        update_meeting_rules(body=body, hand_in_days=hand_in, dispatch_days=dispatch, needs_approval=True, by=by)
    assert Body.objects.values_list("hand_in_days", "dispatch_days", "needs_approval").get() == (14, 7, False)


# --- A year at a time -------------------------------------------------------------------------------------------------


def rows(*days: date) -> list[YearRow]:
    return [YearRow(line, day) for line, day in enumerate(days, start=1)]


def test_a_year_is_registered_once(body: Body, by: Any) -> None:
    there = register_meeting(body=body, day=DAY, title="Temamøde", hand_in=date(2027, 1, 4), by=by)
    year = rows(DAY, date(2027, 4, 15), date(2027, 6, 3))
    first = register_year(body=body, rows=year, by=by)
    again = register_year(body=body, rows=year, by=by)
    assert (len(first.created), len(first.kept), len(again.created), len(again.kept)) == (2, 1, 0, 3)
    there.refresh_from_db()
    assert (there.title, there.hand_in) == ("Temamøde", date(2027, 1, 4))
    assert Meeting.objects.count() == 3


def test_one_bad_line_registers_nothing_and_every_bad_line_is_named(by: Any) -> None:
    body = world.body("Udvalget", valid_to=date(2027, 3, 1))
    year = [*rows(DAY, date(2027, 4, 15)), YearRow(5, date(2027, 2, 10), title=CPR)]
    with pytest.raises(ValidationError) as refused:
        register_year(body=body, rows=year, by=by)
    assert len(refused.value.messages) == 2
    assert "2" in refused.value.messages[0]
    assert "5" in refused.value.messages[1]
    assert "010190" not in str(refused.value)
    assert not Meeting.objects.exists()


# --- Decisions --------------------------------------------------------------------------------------------------------


def test_a_decision_is_reworded_with_a_history_row_for_each_wording(body: Body, by: Any) -> None:
    meeting, item = past_meeting(body, by), world.item(world.plan(body))
    for words in ("Tiltrådt.", "Tiltrådt. ", "Tiltrådt med bemærkninger."):
        record_decision(meeting=meeting, item=item, text=words, by=by)
    decision = Decision.objects.get()
    assert decision.text == "Tiltrådt med bemærkninger."
    assert list(decision.history.order_by("pk").values_list("text", flat=True)) == [
        "Tiltrådt.",
        "Tiltrådt med bemærkninger.",
    ]


def test_decisions_are_refused_where_they_do_not_belong(body: Body, by: Any) -> None:
    meeting, item = past_meeting(body, by), world.item(world.plan(body))
    elsewhere = world.item(world.plan(world.body("Et andet udvalg")))
    coming = register_meeting(body=body, day=timezone.localdate() + timedelta(days=1), by=by)
    cancelled = register_meeting(body=body, day=yesterday() - timedelta(days=1), by=by)
    cancel_meeting(meeting=cancelled, reason="Ingen sager.", by=by)
    calls: list[tuple[Meeting, Any, str]] = [
        (meeting, elsewhere, "Tiltrådt."),
        (coming, item, "Tiltrådt."),
        (cancelled, item, "Tiltrådt."),
        (meeting, item, "  "),
        (meeting, item, CPR),
    ]
    for at, what, words in calls:
        with pytest.raises(ValidationError):
            record_decision(meeting=at, item=what, text=words, by=by)
    assert not Decision.objects.exists()


def test_the_second_of_two_who_word_a_decision_is_told(body: Body, by: Any) -> None:
    meeting, item = past_meeting(body, by), world.item(world.plan(body))
    record_decision(meeting=meeting, item=item, text="Tiltrådt.", by=by, opened_on="")
    with pytest.raises(DecisionConflict) as conflict:
        record_decision(meeting=meeting, item=item, text="Udsat.", by=by, opened_on="")
    assert conflict.value.current is not None
    assert Decision.objects.get().text == "Tiltrådt."
    record_decision(meeting=meeting, item=item, text="Udsat.", by=by, opened_on="Tiltrådt.")
    assert Decision.objects.get().text == "Udsat."


def test_many_decisions_are_stored_together_or_not_at_all(body: Body, by: Any) -> None:
    meeting, plan = past_meeting(body, by), world.plan(body)
    one, other = world.item(plan), world.item(plan)
    with pytest.raises(RowsRefused) as refused:
        record_decisions(meeting=meeting, worded=[Worded(1, one, "Tiltrådt.", ""), Worded(2, other, CPR, "")], by=by)
    assert set(refused.value.problems) == {2}
    assert not Decision.objects.exists()
    record_decisions(meeting=meeting, worded=[Worded(1, one, "Tiltrådt.", ""), Worded(2, other, "Udsat.", "")], by=by)
    assert Decision.objects.count() == 2


# --- Statuses for a meeting -------------------------------------------------------------------------------------------


def draft(text: str = "I gang nu.", **fields: Any) -> StatusDraft:
    return StatusDraft(state=fields.pop("state", "in_progress"), text=text, **fields)


def test_a_status_is_tied_to_the_meeting_and_marked_on_behalf(body: Body, by: Any) -> None:
    owner = world.body("Klyngen")
    item = world.item(world.plan(body), owners=(owner,))
    meeting = register_meeting(body=body, day=DAY, by=by)
    told: dict[str, Any] = {"item": item, "as_of": DAY, "by": by, "meeting": meeting, "on_behalf_of": owner}
    record_status(draft=draft(), opened_on=1, **told)
    keep_status(opened_on=2, **told)
    for status in StatusUpdate.objects.filter(sequence__gt=1):
        assert (status.meeting, status.on_behalf_of, status.by) == (meeting, owner, by)


def test_a_status_is_not_tied_to_a_strangers_meeting_nor_to_a_cancelled_one(body: Body, by: Any) -> None:
    item = world.item(world.plan(body), owners=(world.body("Klyngen"),))
    cancelled = register_meeting(body=body, day=DAY, by=by)
    cancel_meeting(meeting=cancelled, reason="Ingen sager.", by=by)
    cancelled.refresh_from_db()
    strangers = register_meeting(body=world.body("Et andet udvalg"), day=DAY, by=by)
    addressed: list[dict[str, Any]] = [
        {"meeting": cancelled},
        {"meeting": strangers},
        {"on_behalf_of": body},  # does not carry the item
    ]
    for wrong in addressed:
        with pytest.raises(ValidationError):
            record_status(item=item, draft=draft(), opened_on=1, as_of=DAY, by=by, **wrong)
        with pytest.raises(ValidationError):
            keep_status(item=item, opened_on=1, as_of=DAY, by=by, **wrong)
    assert item.statuses.count() == 1


def test_many_answers_are_stored_together_or_not_at_all(body: Body, by: Any) -> None:
    plan = world.plan(body)
    one, other, third = (world.item(plan) for _ in range(3))
    meeting = register_meeting(body=body, day=DAY, by=by)
    answers = [Answer(1, one, 1, draft()), Answer(2, other, 1, draft(CPR)), Answer(3, third, 1)]
    world.status(third, text="Skrevet imens.")
    with pytest.raises(RowsRefused) as refused:
        answer_items(meeting=meeting, answers=answers, as_of=DAY, by=by, refused={9: Problem({"text": ["x"]})})
    assert set(refused.value.problems) == {2, 3, 9}
    assert refused.value.problems[3].conflict
    assert StatusUpdate.objects.count() == 4
    good = [Answer(1, one, 1, draft()), Answer(3, third, 2)]
    assert answer_items(meeting=meeting, answers=good, as_of=DAY, by=by) == 2
    assert list(meeting.statuses.values_list("unchanged", flat=True)) == [False, True]


def test_a_refusal_counts_no_data_version_up(body: Body, by: Any, data_version: Callable[[], int]) -> None:
    item = world.item(world.plan(body))
    meeting = register_meeting(body=body, day=DAY, by=by)
    before = data_version()
    with pytest.raises(RowsRefused):
        answer_items(meeting=meeting, answers=[Answer(1, item, 7, draft())], as_of=DAY, by=by)
    assert data_version() == before
    answer_items(meeting=meeting, answers=[Answer(1, item, 1, draft())], as_of=DAY, by=by)
    assert data_version() > before


@pytest.fixture
def data_version() -> Callable[[], int]:
    from indicators.actions.versions import current_version

    return current_version
