"""Working days in Denmark: Monday to Friday, except public holidays.

Store bededag is no public holiday from 2024 (Act no. 214 of 6 March 2023). Grundlovsdag, juleaftensdag and
nytårsaftensdag are not public holidays by law and count as working days here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

ONE_DAY = timedelta(days=1)


#: Store bededag, the fourth Friday after Easter, was a public holiday for the last time in this year.
LAST_STORE_BEDEDAG = 2023


def easter_sunday(year: int) -> date:
    """Easter Sunday in the Gregorian calendar, by the anonymous algorithm (Nature, 20 April 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    e = (32 + 2 * (b % 4) + 2 * (c // 4) - d - c % 4) % 7
    f = d + e - 7 * ((a + 11 * d + 22 * e) // 451) + 114
    return date(year, f // 31, f % 31 + 1)


@lru_cache(maxsize=64)
def public_holidays(year: int) -> frozenset[date]:
    """Danish public holidays of a year, without Sundays as such.

    Computed here: the package that knows every country's holidays takes as long to load as the rest of the web process.
    """
    easter = easter_sunday(year)
    # Maundy Thursday, Good Friday, Easter Sunday and Monday, Ascension Day, Whit Sunday and Monday.
    offsets = [-3, -2, 0, 1, 39, 49, 50] + ([26] if year <= LAST_STORE_BEDEDAG else [])
    movable = {easter + timedelta(days=offset) for offset in offsets}
    return frozenset(movable | {date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)})


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and day not in public_holidays(day.year)


def previous_working_day(day: date, *, include: bool = True) -> date:
    """The day itself if it is a working day, else the nearest one before it. `include=False`: always before it."""
    candidate = day if include else day - ONE_DAY
    while not is_working_day(candidate):
        candidate -= ONE_DAY
    return candidate


def next_working_day(day: date, *, include: bool = True) -> date:
    """The day itself if it is a working day, else the nearest one after it. `include=False`: always after it."""
    candidate = day if include else day + ONE_DAY
    while not is_working_day(candidate):
        candidate += ONE_DAY
    return candidate


def working_days_between(first: date, last: date) -> int:
    """Working days after the first day, up to and including the last; negative when the last is earlier."""
    if last < first:
        return -working_days_between(last, first)
    return sum(is_working_day(first + timedelta(days=step)) for step in range(1, (last - first).days + 1))


@dataclass(frozen=True)
class MeetingDates:
    """When texts are handed in and papers sent out for a meeting."""

    meeting_day: date
    hand_in: date
    dispatch: date


def meeting_dates(meeting_day: date, hand_in_days: int = 14, dispatch_days: int = 7) -> MeetingDates:
    """Hand-in and dispatch so many calendar days before the meeting, moved back to a working day.

    Raises ValueError when a number is negative or papers would go out before the texts are in.
    """
    if dispatch_days < 0 or hand_in_days < dispatch_days:
        raise ValueError("texts are handed in before papers are dispatched, and both before the meeting")
    return MeetingDates(
        meeting_day,
        previous_working_day(meeting_day - timedelta(days=hand_in_days)),
        previous_working_day(meeting_day - timedelta(days=dispatch_days)),
    )
