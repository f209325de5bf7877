"""Is a target on course? A straight line from the figure it began at to the value it aims for.

The start is the newest figure whose period had ended on the day the target was decided. The line runs from the last day
of that period to the target's day. The newest figure is on course when it is at or past the line on the last day of its
own period, in the wanted direction. A figure whose period ends on the target's day or later decides: reached or missed.
A target that is reached before its day is reached, and stays so only as long as the newest figure says it.

Nothing is decided without a wanted direction, a start, a figure after the start, or across a change of method. A target
that was met already when it was decided is said to be so: it is no progress. Straight lines are our reading [I]: no
source says how a figure ought to move towards its target.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Course(StrEnum):
    REACHED = "reached"
    ON_COURSE = "on_course"
    OFF_COURSE = "off_course"
    MISSED = "missed"
    UNKNOWN = "unknown"


class Unknown(StrEnum):
    """Why it cannot be decided."""

    NO_DIRECTION = "no_direction"
    NO_FIGURE = "no_figure"
    NO_START = "no_start"
    NO_NEWER = "no_newer"
    METHOD_BREAK = "method_break"
    MET_AT_START = "met_at_start"
    AWAITING = "awaiting"


@dataclass(frozen=True)
class Measured:
    """One figure that may be shown; blanks are left out by the caller."""

    last_day: date
    value: Decimal
    method: str = ""


@dataclass(frozen=True)
class Progress:
    """start, now: the figures; expected: where the line is on the last day of `now`; needed: what is left, 0 or more."""

    course: Course
    why: str = ""
    start: Measured | None = None
    now: Measured | None = None
    expected: Decimal | None = None
    needed: Decimal | None = None


def progress(
    figures: Sequence[Measured], *, target: Decimal, due_on: date, decided_on: date, direction: str, today: date
) -> Progress:
    """direction: higher, lower or none."""
    ordered = sorted(figures, key=lambda figure: figure.last_day)
    if not ordered:
        return Progress(Course.UNKNOWN, Unknown.NO_FIGURE)
    before = [figure for figure in ordered if figure.last_day <= decided_on]
    start = before[-1] if before else None
    decisive = [figure for figure in ordered if figure.last_day >= due_on]
    now = decisive[0] if decisive else ordered[-1]
    if direction not in ("higher", "lower"):
        return Progress(Course.UNKNOWN, Unknown.NO_DIRECTION, start, now)
    needed = _behind(now.value, target, direction)
    reached = needed == 0
    if start is None and not decisive:
        return Progress(Course.REACHED if reached else Course.UNKNOWN, "" if reached else Unknown.NO_START, None, now,
                        needed=needed)  # fmt: skip
    if start is not None and now.method != start.method:
        return Progress(Course.UNKNOWN, Unknown.METHOD_BREAK, start, now)
    if decisive:
        return Progress(Course.REACHED if reached else Course.MISSED, "", start, now, needed=needed)
    assert start is not None
    return _on_the_way(start, now, needed, target=target, due_on=due_on, direction=direction, today=today)


def _on_the_way(
    start: Measured, now: Measured, needed: Decimal, *, target: Decimal, due_on: date, direction: str, today: date
) -> Progress:
    if now.last_day == start.last_day:
        met = needed == 0
        return Progress(Course.UNKNOWN, Unknown.MET_AT_START if met else Unknown.NO_NEWER, start, now, needed=needed)
    if needed == 0:
        return Progress(Course.REACHED, "", start, now, needed=needed)
    if today > due_on:
        return Progress(Course.UNKNOWN, Unknown.AWAITING, start, now, needed=needed)
    passed, whole = (now.last_day - start.last_day).days, (due_on - start.last_day).days
    expected = start.value + (target - start.value) * passed / whole
    on_course = _behind(now.value, expected, direction) == 0
    return Progress(Course.ON_COURSE if on_course else Course.OFF_COURSE, "", start, now, expected, needed)


def _behind(value: Decimal, aim: Decimal, direction: str) -> Decimal:
    return max(Decimal(0), aim - value if direction == "higher" else value - aim)
