"""Which reminder has come due about one thing, and what keeps a person's mail back today.

Four rules, after what the thing is:

- Deadline: 30, 7 and 1 days before the last day and 1, 7, 30 and 60 days after it (items and milestones);
- HandIn: 30, 7 and 1 days before texts are handed in for a meeting and 1 day after, until the meeting is held;
- Once: one thing said once from a day on (who has not answered; the secretary and the chair are told);
- Series: a first day and then again every so many days, while nothing happens (no new date, no news, no new figures).

A mail is at most one in five days. The day before and the day after a deadline, and everything about a meeting's
hand-in, pass that floor; then all that has come due goes along in the same mail.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from initiatives.calculations.early_warning import (
    ABOVE_THE_FLOOR,
    AFTER_1,
    BEFORE_1,
    BEFORE_7,
    BEFORE_30,
    FLOOR_DAYS,
    REMINDER_KINDS,
    due_day,
)
from sundhedsaftale.lib.working_days import is_working_day, next_working_day

HAND_IN_KINDS = (BEFORE_30, BEFORE_7, BEFORE_1, AFTER_1)
MISSING = "missing"
TELL_SECRETARY = "tell_secretary"
TELL_CHAIR = "tell_chair"
TELLS = (TELL_SECRETARY, TELL_CHAIR)
UNDATED = "undated"
NO_NEWS = "no_news"
NO_FIGURES = "no_figures"

#: Postponed or on hold without a new date: after so many days, and again after as many.
UNDATED_DAYS = 60
#: An initiative nobody has written about for so long is asked about, and again after the second number of days.
NEWS_DAYS, NEWS_AGAIN_DAYS = 180, 90
#: Figures that have not come are named again after so many days.
FIGURES_AGAIN_DAYS = 90

#: Why a mail is not sent today.
DAY_OFF = "day_off"
FLOOR = "floor"
WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Deadline:
    last_day: date


@dataclass(frozen=True, slots=True)
class HandIn:
    hand_in: date
    meeting_day: date


@dataclass(frozen=True, slots=True)
class Once:
    """due_on: the day in the key; said from `day` to `until`. passes: above the floor."""

    kind: str
    due_on: date
    day: date
    until: date | None = None
    late: bool = True
    passes: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    kind: str
    first: date
    every: int


Rule = Deadline | HandIn | Once | Series


@dataclass(frozen=True, slots=True)
class Due:
    """What has come due. due_on: the day that makes it unique; day: when it came due; passes: above the floor."""

    kind: str
    due_on: date
    day: date
    late: bool
    passes: bool = False


def come_due(rule: Rule, today: date) -> Due | None:
    """The latest of what the rule says by today: it speaks for all that came before it."""
    if isinstance(rule, Deadline):
        return _latest(REMINDER_KINDS, rule.last_day, today)
    if isinstance(rule, HandIn):
        found = _latest(HAND_IN_KINDS, rule.hand_in, today) if today <= rule.meeting_day else None
        return found and Due(found.kind, found.due_on, found.day, found.late, passes=True)
    if isinstance(rule, Once):
        if today < rule.day or (rule.until is not None and today > rule.until):
            return None
        return Due(rule.kind, rule.due_on, rule.day, rule.late, rule.passes)
    day = series_day(rule.first, rule.every, today)
    return None if day is None else Due(rule.kind, day, day, late=False)


def _latest(kinds: tuple[str, ...], deadline: date, today: date) -> Due | None:
    for kind in reversed(kinds):
        day = due_day(kind, deadline)
        if day <= today:
            return Due(kind, deadline, day, today > deadline, kind in ABOVE_THE_FLOOR)
    return None


def series_day(first: date, every: int, today: date) -> date | None:
    """The latest day of the series that has come; None before the first."""
    if today < first:
        return None
    return first + timedelta(days=(today - first).days // every * every)


def is_said(rule: Rule, due: Due, sent: Collection[tuple[str, date]]) -> bool:
    """Whether this, or something later that speaks for it, was said. sent: (kind, due day) about the same thing."""
    if isinstance(rule, Deadline | HandIn):
        order = REMINDER_KINDS.index(due.kind)
        return any(
            day == due.due_on and kind in REMINDER_KINDS and REMINDER_KINDS.index(kind) >= order for kind, day in sent
        )
    if isinstance(rule, Series):
        return any(kind == due.kind and day >= due.due_on for kind, day in sent)
    # Whoever is told as chair need not be told as secretary afterwards.
    speak = (due.kind, TELL_CHAIR) if due.kind == TELL_SECRETARY else (due.kind,)
    return any(kind in speak and day == due.due_on for kind, day in sent)


def key_days(rule: Rule, first: date, last: date) -> set[date]:
    """The due days that can stand in the keys of what comes due from first to last."""
    if isinstance(rule, Deadline):
        return {rule.last_day}
    if isinstance(rule, HandIn):
        return {rule.hand_in}
    if isinstance(rule, Once):
        return {rule.due_on}
    day = series_day(rule.first, rule.every, first) or rule.first
    steps = max(0, (last - day).days // rule.every)
    return {day + timedelta(days=step * rule.every) for step in range(steps + 1)}


def still_says(rule: Rule, kind: str, due_on: date) -> bool:
    """Whether something queued as (kind, day) is still what the rule says: the deadline stands, the answer is missing."""
    if isinstance(rule, Deadline):
        return kind in REMINDER_KINDS and due_on == rule.last_day
    if isinstance(rule, HandIn):
        return kind in HAND_IN_KINDS and due_on == rule.hand_in
    if isinstance(rule, Once):
        return (kind, due_on) == (rule.kind, rule.due_on)
    return kind == rule.kind and due_on >= rule.first and (due_on - rule.first).days % rule.every == 0


def weekly_day(today: date) -> date:
    """The first working day of the week."""
    return next_working_day(today - timedelta(days=today.weekday()))


def why_held(due: Collection[Due], *, today: date, last_mail_on: date | None, weekly: bool = False) -> str:
    """Why nothing of this is sent to the person today; "" when all of it is sent, in one mail.

    weekly: the person wants one mail a week, on its first working day. What came due after that day waits for the next;
    a mail that was missed on the day is caught up on the next working day.
    """
    if not is_working_day(today):
        return DAY_OFF
    if any(one.passes for one in due):
        return ""
    if weekly and all(one.day > weekly_day(today) for one in due):
        return WEEKLY
    if last_mail_on is not None and (today - last_mail_on).days < FLOOR_DAYS:
        return FLOOR
    return ""
