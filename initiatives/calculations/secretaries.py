"""Whether a body is left without a secretary when somebody's role is moved or ended. Both ends of a period count."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

#: First and last day; None is open.
Period = tuple[date | None, date | None]


def first_day_without(
    before: Iterable[Period], after: Iterable[Period], *, first: date, last: date | None = None
) -> date | None:
    """The first day from `first` to `last` that somebody covered before the change and nobody covers after it.

    A gap that was there already is no news: None.
    """
    before, after = list(before), list(after)
    # A gap can only begin where it is looked for first, where a period of before begins, or after one of after ends.
    days = {first}
    days |= {start for start, _end in before if start is not None}
    days |= {end + timedelta(days=1) for _start, end in after if end is not None and end < date.max}
    for day in sorted(days):
        if day >= first and (last is None or day <= last) and _covered(before, day) and not _covered(after, day):
            return day
    return None


def _covered(periods: list[Period], day: date) -> bool:
    return any((start is None or start <= day) and (end is None or day <= end) for start, end in periods)
