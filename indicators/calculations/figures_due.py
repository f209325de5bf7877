"""When the next figures of an indicator should have come, from how often they are published and when they last were.

An indicator that is published every fourth year does not alarm after one. A cadence nobody has stated, and a figure that
was published once, never do. Publications slip: nothing is said before GRACE_DAYS have passed.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

CADENCE_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12, "every_2_years": 24, "every_4_years": 48}
GRACE_DAYS = 60
_PUBLISHED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def published_day(words: str) -> date | None:
    """ "2024-11-07", "2024-11" or "2024" as its last day; None when it is none of these."""
    found = _PUBLISHED.fullmatch(words.strip())
    if found is None:
        return None
    year, month, day = (int(part) if part else 0 for part in found.groups())
    try:
        return date(year, month or 12, day or _days_in(year, month or 12))
    except ValueError:
        return None


def figures_missed_on(cadence: str, published: date | None, *, announced: date | None = None) -> date | None:
    """The first day on which the next figures are missing; None when none are expected.

    announced: the day the source itself has named for its next publication, when that is after the newest one.
    """
    if announced is not None and (published is None or announced > published):
        return announced + timedelta(days=1)
    months = CADENCE_MONTHS.get(cadence)
    if months is None or published is None:
        return None
    return _months_after(published, months) + timedelta(days=GRACE_DAYS + 1)


def expected_on(cadence: str, published: date | None, *, announced: date | None = None) -> date | None:
    """The day the next figures are expected: the one the source has named, else as long after the newest as usual."""
    if announced is not None and (published is None or announced > published):
        return announced
    months = CADENCE_MONTHS.get(cadence)
    return _months_after(published, months) if months is not None and published is not None else None


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last; the last day of a month stays the last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = _days_in(year, month + 1)
    return date(year, month + 1, last if day.day == _days_in(day.year, day.month) else min(day.day, last))


def _days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]
