"""The period codes of statistics: 2023, 2024M03, 2021K4, 2025H1, 2019:2023, 2014M07:2015M06.

The forms are Statistics Denmark's (api.statbank.dk); Q for K and a dash for the colon are read too.
"""

from __future__ import annotations

import re

from sundhedsaftale.lib.periods import model
from sundhedsaftale.lib.periods.model import Period, PeriodError
from sundhedsaftale.lib.periods.printing import DASH, format_period

_CODE = re.compile(r"(?P<year>\d{4})(?:(?P<unit>[KQMHUW])(?P<number>\d{1,2})|[:/\u2013-](?P<year2>\d{4}))?")
# Twelve months that are not a calendar year: "2014M07:2015M06". The same kind of period at both ends.
_SPAN = re.compile(r"(?P<first>\d{4}(?P<unit>[KQMH])\d{1,2}):(?P<last>\d{4}(?P=unit)\d{1,2})")


def observation_period(code: str) -> Period:
    """The days an observation speaks of. Several years in one figure are a `range`. Raises PeriodError."""
    span = _SPAN.fullmatch(code)
    if span:
        try:
            whole = model.range_period(observation_period(span["first"]), observation_period(span["last"]))
        except PeriodError as error:
            raise PeriodError(error.reason_code, error.message_values, code) from None
        return whole.with_words(code)
    match = _match(code)
    year, unit = int(match["year"]), match["unit"]
    try:
        if match["year2"]:
            return model.range_period(model.year_period(year), model.year_period(int(match["year2"]))).with_words(code)
        if unit is None:
            return model.year_period(year).with_words(code)
        return _build(year, unit, int(match["number"])).with_words(code)
    except PeriodError as error:
        raise PeriodError(error.reason_code, error.message_values, code) from None


def shift_observation_period(code: str, years: int) -> str:
    """The code of the same period some years later (negative: earlier), written as the code given.

    Raises PeriodError, also when there is no such period: week 53 of a year with 52.
    """
    observation_period(code)
    span = _SPAN.fullmatch(code)
    if span:
        return ":".join(shift_observation_period(span[end], years) for end in ("first", "last"))
    match = _match(code)
    shifted = f"{int(match['year']) + years:04d}" + code[4:]
    if match["year2"]:
        shifted = f"{int(match['year']) + years:04d}{code[4]}{int(match['year2']) + years:04d}"
    observation_period(shifted)
    return shifted


def observation_period_label(code: str, language: str = "da") -> str:
    """ "marts 2024", "2019–2023", "4. kvartal 2021", "juli 2014 – juni 2015". Raises PeriodError."""
    period = observation_period(code)
    span = _SPAN.fullmatch(code)
    if span:
        return f" {DASH} ".join(observation_period_label(span[end], language) for end in ("first", "last"))
    if period.precision == model.RANGE:
        assert period.first_day is not None
        assert period.last_day is not None
        return f"{period.first_day.year}{DASH}{period.last_day.year}"
    return format_period(period, language=language)


def _match(code: str) -> re.Match[str]:
    match = _CODE.fullmatch(code)
    if match is None:
        raise PeriodError("not_understood", words=code)
    return match


def _build(year: int, unit: str, number: int) -> Period:
    if unit in "KQ":
        return model.quarter_period(year, number)
    if unit == "M":
        return model.month_period(year, number)
    return model.half_year_period(year, number) if unit == "H" else model.week_period(year, number)
