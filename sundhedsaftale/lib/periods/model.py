"""What a period is: a stretch of days named as imprecisely as the people who promised it named it."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

DAY = "day"
WEEK = "week"
MONTH = "month"
QUARTER = "quarter"
HALF_YEAR = "half_year"
YEAR = "year"
SEASON = "season"
PART = "part"
RANGE = "range"
ONGOING = "ongoing"
NONE = "none"

PRECISIONS = (DAY, WEEK, MONTH, QUARTER, HALF_YEAR, YEAR, SEASON, PART, RANGE, ONGOING, NONE)
_DATED = frozenset(PRECISIONS) - {ONGOING, NONE}

SPRING, SUMMER, AUTUMN, WINTER = "spring", "summer", "autumn", "winter"
SEASONS = (SPRING, SUMMER, AUTUMN, WINTER)
_SEASON_FIRST_MONTH = {SPRING: 3, SUMMER: 6, AUTUMN: 9, WINTER: 12}

FIRST_YEAR = 1900
LAST_YEAR = 2199

#: One plain English sentence per reason code, with the names of the values it takes.
#: Pages have their own translated sentences; these are for logs and exceptions.
REASONS = {
    "not_understood": "No period can be read from the words.",
    "year_missing": "The year is missing.",
    "year_out_of_range": "The year %(year)s is outside 1900-2199.",
    "quarter_out_of_range": "There is no quarter %(number)s: a year has four quarters.",
    "half_year_out_of_range": "There is no half-year %(number)s: a year has two.",
    "month_out_of_range": "There is no month %(number)s: a year has twelve.",
    "day_not_in_month": "Day %(day)s does not exist in that month: it has %(last)s days.",
    "week_out_of_range": "There is no week %(number)s in that year: the last one is %(last)s.",
    "range_backwards": "The period ends before it begins.",
}


class PeriodError(ValueError):
    """The words name no period that exists. `reason_code` is a key of REASONS, `words` is what was written."""

    def __init__(self, reason_code: str, message_values: dict[str, object] | None = None, words: str = "") -> None:
        self.reason_code = reason_code
        self.message_values = dict(message_values or {})
        self.words = words
        super().__init__(REASONS[reason_code] % self.message_values)


@dataclass(frozen=True, init=False)
class Period:
    """First and last day, both included, with the words as written. A deadline is the last day.

    `ongoing` and `none` have no last day. `year_assumed` says the year was not in the words and comes from `today`.
    """

    precision: str
    first_day: date | None
    last_day: date | None
    words: str = ""
    year_assumed: bool = False

    def __init__(
        self,
        precision: str,
        first_day: date | None,
        last_day: date | None,
        words: str = "",
        year_assumed: bool = False,
    ) -> None:
        if precision in _DATED:
            if first_day is None or last_day is None:
                raise ValueError("a dated period has both a first and a last day")
            if last_day < first_day:
                raise PeriodError("range_backwards", words=words)
        elif precision not in PRECISIONS:
            raise ValueError(f"unknown precision {precision!r}")
        # The way a frozen class sets its own fields takes three times as long, and periods are made by the thousand.
        fields = vars(self)
        fields["precision"] = precision
        fields["first_day"] = first_day
        fields["last_day"] = last_day
        fields["words"] = words
        fields["year_assumed"] = year_assumed

    @property
    def deadline(self) -> date | None:
        return self.last_day

    @property
    def is_dated(self) -> bool:
        return self.first_day is not None and self.last_day is not None

    def with_words(self, words: str, *, year_assumed: bool | None = None) -> Period:
        assumed = self.year_assumed if year_assumed is None else year_assumed
        return Period(self.precision, self.first_day, self.last_day, words, assumed)


_DAYS_IN_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and calendar.isleap(year) else _DAYS_IN_MONTH[month - 1]


def weeks_in_year(year: int) -> int:
    """52 or 53: 28 December is always in the last ISO week."""
    return date(year, 12, 28).isocalendar()[1]


def check_year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise PeriodError("year_out_of_range", {"year": year})
    return year


def year_period(year: int) -> Period:
    check_year(year)
    return Period(YEAR, date(year, 1, 1), date(year, 12, 31))


def half_year_period(year: int, number: int) -> Period:
    if number not in (1, 2):
        raise PeriodError("half_year_out_of_range", {"number": number})
    check_year(year)
    if number == 1:
        return Period(HALF_YEAR, date(year, 1, 1), date(year, 6, 30))
    return Period(HALF_YEAR, date(year, 7, 1), date(year, 12, 31))


def quarter_period(year: int, number: int) -> Period:
    if not 1 <= number <= 4:
        raise PeriodError("quarter_out_of_range", {"number": number})
    check_year(year)
    last_month = number * 3
    return Period(QUARTER, date(year, last_month - 2, 1), date(year, last_month, days_in_month(year, last_month)))


def month_period(year: int, month: int) -> Period:
    if not 1 <= month <= 12:
        raise PeriodError("month_out_of_range", {"number": month})
    check_year(year)
    return Period(MONTH, date(year, month, 1), date(year, month, days_in_month(year, month)))


def day_period(year: int, month: int, day: int) -> Period:
    if not 1 <= month <= 12:
        raise PeriodError("month_out_of_range", {"number": month})
    check_year(year)
    last = days_in_month(year, month)
    if not 1 <= day <= last:
        raise PeriodError("day_not_in_month", {"day": day, "month": month, "year": year, "last": last})
    only = date(year, month, day)
    return Period(DAY, only, only)


def week_period(year: int, number: int) -> Period:
    """ISO week, Monday to Sunday, as Danish calendars number them."""
    check_year(year)
    last = weeks_in_year(year)
    if not 1 <= number <= last:
        raise PeriodError("week_out_of_range", {"number": number, "year": year, "last": last})
    monday = date.fromisocalendar(year, number, 1)
    return Period(WEEK, monday, monday + timedelta(days=6))


def season_period(year: int, season: str) -> Period:
    """Spring March-May, summer June-August, autumn September-November; winter begins in December of `year`."""
    check_year(year)
    first_month = _SEASON_FIRST_MONTH[season]
    end_year, end_month = (year + 1, 2) if season == WINTER else (year, first_month + 2)
    return Period(SEASON, date(year, first_month, 1), date(end_year, end_month, days_in_month(end_year, end_month)))


def part_period(whole: Period, third: int) -> Period:
    """primo (1), medio (2) or ultimo (3): the first, middle or last third of the period named.

    Years, half-years, quarters and seasons divide into whole months. A month divides as 1-10, 11-20, 21-end.
    """
    assert whole.first_day is not None
    assert whole.last_day is not None
    first, last = whole.first_day, whole.last_day
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if months == 1:
        begin = first.replace(day=1 + 10 * (third - 1))
        end = last if third == 3 else first.replace(day=10 * third)
        return Period(PART, begin, end)
    size = months // 3
    begin = add_months(first, size * (third - 1))
    end = add_months(first, size * third) - timedelta(days=1)
    return Period(PART, begin, end)


def add_months(day: date, months: int) -> date:
    """Only for the first day of a month, where no clamping is needed."""
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, day.day)


def range_period(first: Period, last: Period) -> Period:
    """From the first day of one period to the last day of another. Raises `range_backwards`."""
    assert first.first_day is not None
    assert last.last_day is not None
    if last.last_day < first.first_day:
        raise PeriodError("range_backwards")
    return Period(RANGE, first.first_day, last.last_day)


def quarter_of(day: date) -> tuple[int, int]:
    """(year, quarter 1-4) that holds the day."""
    return day.year, (day.month - 1) // 3 + 1


def quarters_between(last_day_a: date, last_day_b: date) -> int:
    """How many quarters later the second last day is: the slip of a promise moved from one to the other.

    Counted from quarter to quarter, so 30 June 2020 -> 30 June 2021 is 4. Negative when it was moved forward.
    """
    year_a, quarter_a = quarter_of(last_day_a)
    year_b, quarter_b = quarter_of(last_day_b)
    return (year_b - year_a) * 4 + quarter_b - quarter_a
