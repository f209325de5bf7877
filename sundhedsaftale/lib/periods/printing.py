"""Printing periods so that what is printed reads back as the same period."""

from __future__ import annotations

from datetime import date, timedelta

from sundhedsaftale.lib.periods import model
from sundhedsaftale.lib.periods.model import Period

NBSP = "\u00a0"
DASH = "\u2013"

MONTH_NAMES = {
    "da": (
        "januar", "februar", "marts", "april", "maj", "juni", "juli", "august", "september", "oktober", "november",
        "december",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip
_SEASON_NAMES = {
    "da": {3: "foråret", 6: "sommeren", 9: "efteråret", 12: "vinteren"},
    "en": {3: "spring", 6: "summer", 9: "autumn", 12: "winter"},
}
_PART_NAMES = {"da": ("primo", "medio", "ultimo"), "en": ("early", "mid", "late")}
_NO_DAYS = {
    "da": {model.ONGOING: "løbende", model.NONE: "ingen dato"},
    "en": {model.ONGOING: "ongoing", model.NONE: "no date"},
}


def format_period(
    period: Period | date | None, last_day: date | None = None, precision: str = "", language: str = "da"
) -> str:
    """ "2. kvartal 2021" for a Period, or for a first day, last day and precision as they are stored.

    The number and its unit are kept on one line by a no-break space. Reading it back gives the same days and precision.
    """
    if isinstance(period, Period):
        first_day, last_day, precision = period.first_day, period.last_day, period.precision
    else:
        first_day = period
    language = _language(language)
    if precision in (model.ONGOING, model.NONE) or first_day is None or last_day is None:
        return _NO_DAYS[language][model.ONGOING if precision == model.ONGOING else model.NONE]
    printers = {
        model.DAY: _day,
        model.WEEK: _week,
        model.MONTH: _month,
        model.QUARTER: _quarter,
        model.HALF_YEAR: _half_year,
        model.YEAR: _year,
        model.SEASON: _season,
    }
    if precision in printers:
        return printers[precision](first_day, language)
    if precision == model.PART:
        return _part(first_day, last_day, language)
    return _range(first_day, last_day, language)


def month_name(month: int, language: str = "da") -> str:
    return MONTH_NAMES[_language(language)][month - 1]


def _language(language: str) -> str:
    return "en" if language.lower().startswith("en") else "da"


def _day(first: date, language: str) -> str:
    name = month_name(first.month, language)
    return f"{first.day}{NBSP}{name} {first.year}" if language == "en" else f"{first.day}.{NBSP}{name} {first.year}"


def _week(first: date, language: str) -> str:
    year, week, _ = first.isocalendar()
    return f"{'week' if language == 'en' else 'uge'}{NBSP}{week} {year}"


def _month(first: date, language: str) -> str:
    return f"{month_name(first.month, language)} {first.year}"


def _quarter(first: date, language: str) -> str:
    year, quarter = model.quarter_of(first)
    return f"Q{quarter} {year}" if language == "en" else f"{quarter}.{NBSP}kvartal {year}"


def _half_year(first: date, language: str) -> str:
    number = 1 if first.month < 7 else 2
    if language == "en":
        return f"{'first' if number == 1 else 'second'} half of {first.year}"
    return f"{number}.{NBSP}halvår {first.year}"


def _year(first: date, language: str) -> str:
    return str(first.year)


def _season(first: date, language: str) -> str:
    name = _SEASON_NAMES[language].get(first.month, _SEASON_NAMES[language][12])
    return f"{name} {first.year}/{first.year + 1}" if first.month == 12 else f"{name} {first.year}"


def _wholes(first: date) -> list[Period]:
    """Every period that may be divided into thirds and holds the day, the longest first."""
    year, quarter = model.quarter_of(first)
    seasons = [model.season_period(year, name) for name in model.SEASONS]
    if year > model.FIRST_YEAR:
        seasons.append(model.season_period(year - 1, model.WINTER))
    half = model.half_year_period(year, 1 if first.month < 7 else 2)
    wholes = [model.year_period(year), half, model.quarter_period(year, quarter), model.month_period(year, first.month)]
    return wholes + seasons


def _part(first: date, last: date, language: str) -> str:
    for whole in _wholes(first):
        for third in (1, 2, 3):
            part = model.part_period(whole, third)
            if (part.first_day, part.last_day) == (first, last):
                return f"{_PART_NAMES[language][third - 1]}{NBSP}{format_period(whole, language=language)}"
    return _range(first, last, language)


def _range(first: date, last: date, language: str) -> str:
    after = last + timedelta(days=1)
    years = (first.month, first.day, after.month, after.day) == (1, 1, 1, 1)
    months = first.day == 1 and after.day == 1
    quarters = months and first.month % 3 == 1 and after.month % 3 == 1
    same_quarter = model.quarter_of(first) == model.quarter_of(last)
    if years and first.year != last.year:
        return f"{first.year}{DASH}{last.year}"
    if months and first.year == last.year and first.month != last.month:
        return f"{month_name(first.month, language)}{DASH}{_month(last, language)}"
    if quarters and not same_quarter:
        return f"{_quarter(first, language)} {DASH} {_quarter(last, language)}"
    if months and (first.year, first.month) != (last.year, last.month):
        return f"{_month(first, language)} {DASH} {_month(last, language)}"
    return f"{_day(first, language)} {DASH} {_day(last, language)}"
