"""What has come due about one thing, what was said already, and what holds a person's mail back. With slow, plain twins."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations import reminder_rules as rules
from initiatives.calculations.early_warning import CADENCE, REMINDER_KINDS, due_day
from sundhedsaftale.lib.working_days import is_working_day

DAYS = st.dates(date(2024, 1, 1), date(2030, 1, 1))
DEADLINES = st.builds(rules.Deadline, DAYS)
HAND_INS = st.builds(lambda day, more: rules.HandIn(day, day + timedelta(days=more)), DAYS, st.integers(0, 60))
ONCES = st.builds(
    lambda kind, day, after, more: rules.Once(
        kind, day, day + timedelta(days=after), None if more is None else day + timedelta(days=after + more)
    ),
    st.sampled_from([rules.MISSING, rules.TELL_SECRETARY, rules.TELL_CHAIR]),
    DAYS,
    st.integers(0, 90),
    st.none() | st.integers(0, 30),
)
SERIES = st.builds(rules.Series, st.just(rules.UNDATED), DAYS, st.integers(1, 100))
RULES = DEADLINES | HAND_INS | ONCES | SERIES


def all_due(rule: rules.Rule, today: date) -> list[tuple[str, date, date]]:
    """The twin: every (kind, due day, day it came due) the rule has said by today, oldest first, by going through days."""
    if isinstance(rule, rules.Deadline | rules.HandIn):
        deadline = rule.last_day if isinstance(rule, rules.Deadline) else rule.hand_in
        kinds = list(CADENCE) if isinstance(rule, rules.Deadline) else ["before_30", "before_7", "before_1", "after_1"]
        if isinstance(rule, rules.HandIn) and today > rule.meeting_day:
            return []
        found = []
        for kind in kinds:
            day = deadline + timedelta(days=CADENCE[kind])
            while CADENCE[kind] < 0 and not is_working_day(day):
                day -= timedelta(days=1)
            if day <= today:
                found.append((kind, deadline, day))
        return found
    if isinstance(rule, rules.Once):
        over = rule.until is not None and today > rule.until
        return [(rule.kind, rule.due_on, rule.day)] if rule.day <= today and not over else []
    found, day = [], rule.first
    while day <= today:
        found.append((rule.kind, day, day))
        day += timedelta(days=rule.every)
    return found


@given(RULES, st.integers(-120, 400))
def test_the_latest_of_all_that_has_come_due(rule: rules.Rule, days: int) -> None:
    base = next(getattr(rule, name) for name in ("last_day", "hand_in", "due_on", "first") if hasattr(rule, name))
    today = base + timedelta(days=days)
    everything = all_due(rule, today)
    due = rules.come_due(rule, today)
    assert (due and (due.kind, due.due_on, due.day)) == (everything[-1] if everything else None)
    if due:
        assert rules.still_says(rule, due.kind, due.due_on)
        assert due.due_on in rules.key_days(rule, today, today)
        assert not rules.is_said(rule, due, [])
        assert rules.is_said(rule, due, [(due.kind, due.due_on)])
        for kind, day, _came in everything[:-1]:
            assert not rules.is_said(rule, due, [(kind, day)])


@given(RULES, DAYS, st.integers(0, 120))
def test_all_keys_of_a_span_of_days_are_looked_for(rule: rules.Rule, first: date, more: int) -> None:
    days = rules.key_days(rule, first, first + timedelta(days=more))
    for step in range(more + 1):
        due = rules.come_due(rule, first + timedelta(days=step))
        assert due is None or due.due_on in days


@given(RULES, st.lists(st.integers(1, 20), max_size=60))
def test_over_any_run_of_days_nothing_is_said_twice_or_out_of_order(rule: rules.Rule, steps: list[int]) -> None:
    base = next(getattr(rule, name) for name in ("last_day", "hand_in", "due_on", "first") if hasattr(rule, name))
    today, said = base - timedelta(days=40), []
    for step in steps:
        today += timedelta(days=step)
        due = rules.come_due(rule, today)
        if due is None or rules.is_said(rule, due, said):
            continue
        assert (due.kind, due.due_on) not in said
        assert due.day <= today
        said.append((due.kind, due.due_on))
    if isinstance(rule, rules.Deadline | rules.HandIn):
        assert [kind for kind, _ in said] == sorted((kind for kind, _ in said), key=REMINDER_KINDS.index)
    else:
        assert [day for _, day in said] == sorted(day for _, day in said)


@pytest.mark.parametrize(
    ("deadline", "kind", "day"),
    [
        (date(2027, 1, 1), "before_1", date(2026, 12, 31)),  # New Year's Eve is a working day
        (
            date(2027, 1, 4),
            "before_1",
            date(2026, 12, 31),
        ),  # Monday: the Sunday, the Saturday and New Year's Day before it
        (date(2026, 12, 28), "before_1", date(2026, 12, 24)),  # a Monday after Christmas
        (date(2026, 12, 31), "before_7", date(2026, 12, 24)),
        (date(2027, 1, 31), "before_30", date(2026, 12, 31)),  # the Friday is New Year's Day
        (date(2027, 3, 30), "before_1", date(2027, 3, 24)),  # the Tuesday after Easter: back over five days off
        (date(2027, 5, 13), "before_7", date(2027, 5, 5)),  # seven days before is Ascension Day
        (date(2024, 2, 29), "after_1", date(2024, 3, 1)),
        (date(2026, 12, 31), "after_1", date(2027, 1, 1)),  # caught up on the next working day
        (date(2026, 12, 31), "after_60", date(2027, 3, 1)),
    ],
)
def test_the_cadence_over_holidays_and_the_turn_of_the_year(deadline: date, kind: str, day: date) -> None:
    assert due_day(kind, deadline) == day
    due = rules.come_due(rules.Deadline(deadline), day)
    assert due is not None
    assert due.kind == kind
    before = rules.come_due(rules.Deadline(deadline), day - timedelta(days=1))
    assert before is None or before.kind != kind


def test_a_hand_in_is_asked_for_until_the_meeting_is_held_and_no_further() -> None:
    rule = rules.HandIn(date(2026, 11, 9), date(2026, 11, 23))
    found = [(step, rules.come_due(rule, rule.hand_in + timedelta(days=step))) for step in range(-35, 40)]
    kinds = [(step, due.kind) for step, due in found if due]
    assert {kind for _, kind in kinds} == {"before_30", "before_7", "before_1", "after_1"}
    assert kinds[-1] == (14, "after_1")
    assert all(due.passes for _, due in found if due)


def test_only_the_days_beside_a_deadline_pass_the_floor() -> None:
    rule = rules.Deadline(date(2026, 11, 18))
    passing = {
        due.kind: due.passes
        for step in range(-40, 90)
        if (due := rules.come_due(rule, rule.last_day + timedelta(days=step)))
    }
    assert {kind for kind, passes in passing.items() if passes} == {"before_1", "after_1"}


def test_whoever_was_told_as_chair_is_not_told_as_secretary_afterwards() -> None:
    day = date(2026, 11, 2)
    rule = rules.Once(rules.TELL_SECRETARY, day, day)
    due = rules.come_due(rule, day)
    assert due is not None
    assert rules.is_said(rule, due, [(rules.TELL_CHAIR, day)])
    assert not rules.is_said(rule, due, [(rules.TELL_CHAIR, day - timedelta(days=1))])


@pytest.mark.parametrize(
    ("day", "weekly"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 29), date(2026, 11, 23)),
        (date(2026, 4, 8), date(2026, 4, 7)),  # Easter Monday is a holiday
        (date(2027, 1, 3), date(2026, 12, 28)),
        (date(2027, 5, 18), date(2027, 5, 18)),  # after Whit Monday
    ],
)
def test_the_weekly_day_is_the_first_working_day_of_the_week(day: date, weekly: date) -> None:
    assert rules.weekly_day(day) == weekly


MONDAY = date(2026, 11, 23)


def due(kind: str = "before_7", day: date = MONDAY, passes: bool = False) -> rules.Due:
    return rules.Due(kind, day, day, late=False, passes=passes)


@pytest.mark.parametrize(
    ("step", "last", "weekly", "what", "why"),
    [
        (0, None, False, [due()], ""),
        (0, -4, False, [due()], "floor"),
        (0, -5, False, [due()], ""),
        (0, -1, False, [due(), due(passes=True)], ""),  # one that passes takes the others along
        (5, None, False, [due(passes=True)], "day_off"),  # a Saturday
        (0, None, True, [due()], ""),
        (1, None, True, [due()], ""),  # the Monday was missed: caught up
        (1, None, True, [due(day=MONDAY + timedelta(days=1))], "weekly"),
        (1, -3, True, [due(day=MONDAY + timedelta(days=1), passes=True)], ""),
        (0, -3, True, [due()], "floor"),
        (7, -3, True, [due(day=MONDAY + timedelta(days=1))], ""),
    ],
)
def test_what_holds_a_mail_back(step: int, last: int | None, weekly: bool, what: list[rules.Due], why: str) -> None:
    last_on = None if last is None else MONDAY + timedelta(days=last)
    found = rules.why_held(what, today=MONDAY + timedelta(days=step), last_mail_on=last_on, weekly=weekly)
    assert found == why


@given(
    DAYS,
    st.lists(st.tuples(st.integers(-20, 0), st.booleans()), min_size=1, max_size=5),
    st.none() | st.integers(0, 9),
    st.booleans(),
)
def test_a_mail_is_held_for_exactly_one_reason(
    today: date, rows: list[tuple[int, bool]], ago: int | None, weekly: bool
) -> None:
    """The twin says it in the words of the rule, one after another."""
    what = [due(day=today + timedelta(days=step), passes=passes) for step, passes in rows]
    last = None if ago is None else today - timedelta(days=ago)
    first = today - timedelta(days=today.weekday())
    while not is_working_day(first):
        first += timedelta(days=1)
    if not is_working_day(today):
        expected = "day_off"
    elif any(passes for _, passes in rows):
        expected = ""
    elif weekly and not any(one.day <= first for one in what):
        expected = "weekly"
    else:
        expected = "floor" if ago is not None and ago < 5 else ""
    assert rules.why_held(what, today=today, last_mail_on=last, weekly=weekly) == expected
