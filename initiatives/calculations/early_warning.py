"""What needs attention now, and which reminder is due.

Levels: red is past its last day, yellow within 15 days (the fifteenth included), green later; an item without a date is
a group of its own, and a closed one is in none. Reminders go out 30, 7 and 1 days before a deadline and 1, 7, 30 and
60 days after it, on working days.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from initiatives.calculations.states import is_closed
from sundhedsaftale.lib.working_days import is_working_day, previous_working_day

RED = "red"
YELLOW = "yellow"
GREEN = "green"
NO_DATE = "no_date"
LEVELS = (RED, YELLOW, GREEN, NO_DATE)

#: How close a deadline is when it turns yellow.
YELLOW_DAYS = 15
#: At most one reminder mail to a person in so many days.
FLOOR_DAYS = 5

BEFORE_30 = "before_30"
BEFORE_7 = "before_7"
BEFORE_1 = "before_1"
AFTER_1 = "after_1"
AFTER_7 = "after_7"
AFTER_30 = "after_30"
AFTER_60 = "after_60"

#: Days from the deadline, in the order they come due.
CADENCE = {BEFORE_30: -30, BEFORE_7: -7, BEFORE_1: -1, AFTER_1: 1, AFTER_7: 7, AFTER_30: 30, AFTER_60: 60}
REMINDER_KINDS = tuple(CADENCE)
#: The day before and the day after a deadline are never held back by the floor.
ABOVE_THE_FLOOR = (BEFORE_1, AFTER_1)


@dataclass(frozen=True)
class ReminderDue:
    """The one reminder to send today. `merged` are earlier kinds that came due too and are said by this one.

    `late`: the deadline has passed, which is what the mail then says, whatever was missed.
    """

    kind: str
    due_on: date
    late: bool
    days_to_deadline: int
    merged: tuple[str, ...] = ()


def warning_level(last_day: date | None, *, today: date, state: str | None) -> str | None:
    """red, yellow, green or no_date; None for a closed item. A deadline of today is not past."""
    if is_closed(state):
        return None
    if last_day is None:
        return NO_DATE
    if last_day < today:
        return RED
    return YELLOW if (last_day - today).days <= YELLOW_DAYS else GREEN


def due_day(kind: str, deadline: date) -> date:
    """The day a kind comes due. One before the deadline moves back to a working day, so that it comes in time."""
    day = deadline + timedelta(days=CADENCE[kind])
    return previous_working_day(day) if CADENCE[kind] < 0 else day


def reminder_kind_due(
    deadline: date | None,
    *,
    today: date,
    last_sent_on: date | None,
    sent_kinds: Collection[str],
    state: str | None = None,
) -> ReminderDue | None:
    """The reminder to send today about one deadline, or None.

    `sent_kinds` are the kinds sent about this deadline (a moved deadline starts afresh); `last_sent_on` is the day this
    person last got a reminder mail about anything. Kinds due together merge into the latest. A day that was missed, or
    was no working day, is caught up on the next one.
    """
    if deadline is None or is_closed(state) or not is_working_day(today):
        return None
    come_due = [kind for kind in REMINDER_KINDS if due_day(kind, deadline) <= today]
    if not come_due:
        return None
    latest = come_due[-1]
    # A later kind speaks for the earlier ones: what was missed before it is not sent after it.
    if any(REMINDER_KINDS.index(kind) >= REMINDER_KINDS.index(latest) for kind in sent_kinds if kind in CADENCE):
        return None
    if last_sent_on is not None and latest not in ABOVE_THE_FLOOR and (today - last_sent_on).days < FLOOR_DAYS:
        return None
    return ReminderDue(
        kind=latest,
        due_on=due_day(latest, deadline),
        late=today > deadline,
        days_to_deadline=(deadline - today).days,
        merged=tuple(kind for kind in come_due[:-1] if kind not in sent_kinds),
    )
