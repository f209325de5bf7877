"""Levels, and which reminder is due: each kind at most once, never too late to help, never to what is closed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations import early_warning as ew
from initiatives.calculations.states import CLOSED_STATES, OPEN_STATES, STATES
from sundhedsaftale.lib.working_days import is_working_day

TODAY = date(2026, 9, 16)  # a Wednesday


@pytest.mark.parametrize(
    ("days", "level"),
    [(-400, "red"), (-1, "red"), (0, "yellow"), (1, "yellow"), (15, "yellow"), (16, "green"), (400, "green")],
)
def test_levels(days, level):
    assert ew.warning_level(TODAY + timedelta(days=days), today=TODAY, state="in_progress") == level


@pytest.mark.parametrize("state", STATES)
def test_closed_items_are_in_no_group_and_open_ones_without_a_date_are_in_their_own(state):
    assert ew.warning_level(None, today=TODAY, state=state) == (None if state in CLOSED_STATES else "no_date")
    overdue = ew.warning_level(TODAY - timedelta(days=1), today=TODAY, state=state)
    assert overdue == (None if state in CLOSED_STATES else "red")


def test_an_item_without_a_state_is_open():
    assert ew.warning_level(TODAY, today=TODAY, state=None) == "yellow"


def due(deadline, today, *, last=None, sent=(), state="in_progress"):
    return ew.reminder_kind_due(deadline, today=today, last_sent_on=last, sent_kinds=set(sent), state=state)


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (31, None), (30, "before_30"), (29, "before_30"), (8, "before_30"), (7, "before_7"), (2, "before_7"),
        (1, "before_1"), (0, "before_1"), (-1, "after_1"), (-6, "after_1"), (-7, "after_7"), (-29, "after_7"),
        (-30, "after_30"), (-60, "after_60"), (-400, "after_60"),
    ],
)  # fmt: skip
def test_the_latest_kind_that_has_come_due(days, kind):
    reminder = due(TODAY + timedelta(days=days), TODAY)
    assert (reminder and reminder.kind) == kind
    if reminder:
        assert reminder.late == (days < 0)
        assert reminder.days_to_deadline == days


def test_kinds_that_come_due_together_are_one_reminder():
    reminder = due(TODAY - timedelta(days=8), TODAY, sent={"before_30"})
    assert reminder == ew.ReminderDue(
        "after_7", TODAY - timedelta(days=1), True, -8, merged=("before_7", "before_1", "after_1")
    )


def test_nothing_is_said_twice():
    assert due(TODAY + timedelta(days=7), TODAY, sent={"before_30", "before_7"}) is None


def test_what_was_missed_is_not_said_after_what_came_later():
    assert due(TODAY - timedelta(days=8), TODAY, sent={"after_7"}) is None


def test_a_weekend_moves_the_day_before_forward_and_the_day_after_back():
    sunday = date(2026, 9, 20)
    friday, saturday, monday = date(2026, 9, 18), date(2026, 9, 19), date(2026, 9, 21)
    sent = {"before_30", "before_7"}
    assert due(sunday, friday, sent=sent).kind == "before_1"
    assert due(sunday, saturday, sent=sent) is None
    assert due(sunday, monday, sent=sent | {"before_1"}).kind == "after_1"


@pytest.mark.parametrize("day", [date(2026, 12, 25), date(2027, 1, 1), date(2026, 9, 19), date(2026, 5, 14)])
def test_no_mail_on_a_day_off(day):
    assert due(day + timedelta(days=7), day) is None


def test_at_most_one_mail_in_five_days():
    deadline = TODAY + timedelta(days=7)
    assert due(deadline, TODAY, last=TODAY - timedelta(days=4)) is None
    assert due(deadline, TODAY, last=TODAY - timedelta(days=5)).kind == "before_7"


@pytest.mark.parametrize(("days", "kind"), [(1, "before_1"), (-1, "after_1")])
def test_the_floor_yields_beside_the_deadline(days, kind):
    assert due(TODAY + timedelta(days=days), TODAY, last=TODAY - timedelta(days=1)).kind == kind


def test_what_the_floor_held_back_is_said_later():
    deadline = TODAY + timedelta(days=7)
    assert due(deadline, TODAY, last=TODAY - timedelta(days=2)) is None
    later = TODAY + timedelta(days=5)
    assert due(deadline, later, last=TODAY - timedelta(days=2)).kind == "before_7"


@pytest.mark.parametrize("state", STATES)
def test_who_is_reminded(state):
    assert (due(TODAY + timedelta(days=1), TODAY, state=state) is not None) == (state in OPEN_STATES)


def test_nothing_without_a_deadline():
    assert due(None, TODAY) is None


@given(
    st.dates(date(2024, 1, 1), date(2030, 1, 1)),
    st.lists(st.integers(1, 12), max_size=60),
    st.sampled_from(OPEN_STATES),
)
def test_over_any_run_of_days_each_kind_is_sent_at_most_once_and_in_order(deadline, steps, state):
    """The job runs on some days and misses others, and the floor counts only its own mails."""
    today, last, sent = deadline - timedelta(days=40), None, []
    for step in steps:
        today += timedelta(days=step)
        reminder = due(deadline, today, last=last, sent=sent, state=state)
        if reminder is None:
            continue
        assert reminder.kind not in sent
        assert not set(reminder.merged) & set(sent)
        assert is_working_day(today)
        assert reminder.due_on <= today
        assert reminder.late == (today > deadline)
        if last is not None and reminder.kind not in ew.ABOVE_THE_FLOOR:
            assert today - last >= timedelta(days=5)
        sent.append(reminder.kind)
        last = today
    assert sent == sorted(sent, key=ew.REMINDER_KINDS.index)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.sampled_from(OPEN_STATES))
def test_with_a_run_every_day_all_seven_kinds_go_out(deadline, state):
    sent, last = [], None
    for offset in range(-45, 90):
        today = deadline + timedelta(days=offset)
        reminder = due(deadline, today, last=last, sent=sent, state=state)
        if reminder:
            sent.append(reminder.kind)
            last = today
    assert sent == list(ew.REMINDER_KINDS)


@given(st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(-100, 100), st.sampled_from(CLOSED_STATES))
def test_closed_items_are_never_reminded_of(today, days, state):
    assert due(today + timedelta(days=days), today, state=state) is None
