"""Which statuses answer for a meeting.

A status answers for a meeting in one of two ways:

- it is tied to the meeting: it was written on the meeting's own pages, on whatever day;
- it speaks of a day after the body's previous meeting and no later than the day of this one, and is not tied to another
  meeting. A meeting that was cancelled ties nothing: what was written for it answers for the next one.

The day a status speaks of is the day it was written; words that were entered later than they were said (an old plan that
is imported) speak of the day they were said, or last year's plan would answer for next month's meeting.

Before a body's first meeting there is no earlier one to count from. There the collection opens FIRST_COLLECTION days
before hand-in: words older than that were not written for the meeting.

An item nothing more is owed for (completed, in operation, given up) is not asked, unless it was closed for this meeting.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from initiatives.calculations.states import is_closed

FIRST_COLLECTION = 30  # calendar days before hand-in


@dataclass(frozen=True, slots=True)
class Window:
    """The days on which a status counts for the meeting without being tied to it; both included."""

    opens: date
    closes: date

    def holds(self, day: date) -> bool:
        return self.opens <= day <= self.closes


@dataclass(frozen=True, slots=True)
class Spoken:
    """A status as far as the rule looks at it. for_meeting: the meeting it is tied to, None when that was cancelled."""

    sequence: int
    state: str
    day: date  # the day it speaks of
    for_meeting: int | None = None


def window(*, day: date, hand_in: date, previous: date | None) -> Window:
    """previous: the day of the body's meeting before this one, None when there was none."""
    if previous is None:
        return Window(hand_in - timedelta(days=FIRST_COLLECTION), day)
    return Window(previous + timedelta(days=1), day)


def answer_for(statuses: Iterable[Spoken], *, meeting: int, when: Window) -> Spoken | None:
    """The newest status that answers for the meeting; None while nobody has answered."""
    found = [one for one in statuses if one.for_meeting == meeting or (one.for_meeting is None and when.holds(one.day))]
    return max(found, key=lambda one: one.sequence, default=None)


def is_asked(statuses: Iterable[Spoken], *, meeting: int, when: Window) -> bool:
    """Whether the item belongs on the meeting's checklist."""
    rows = list(statuses)
    if answer_for(rows, meeting=meeting, when=when) is not None:
        return True
    # What it was when the meeting was held decides; what was written for a later meeting does not look back.
    before = [one for one in rows if one.day <= when.closes]
    latest = max(before, key=lambda one: one.sequence, default=None)
    return latest is None or not is_closed(latest.state)
