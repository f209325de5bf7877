"""The forms in which Danish (and English) officials write periods: one pattern and one builder a form.

The patterns run on cleaned text (see `reading.clean`): small letters, one kind of space, one kind of hyphen, no
invisible characters.
A builder takes the match and a year to use when the words have none, and returns a Period without words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sundhedsaftale.lib.periods import model
from sundhedsaftale.lib.periods.model import Period, PeriodError

MONTH_NUMBERS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "maj": 5, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "okt": 10,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
ORDINALS = {
    "første": 1, "andet": 2, "anden": 2, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6,
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5,
}  # fmt: skip
PARTS = {
    "primo": 1, "start": 1, "begy": 1, "tidl": 1, "earl": 1,
    "medio": 2, "midt": 2, "mid": 2, "mid-": 2,
    "ultimo": 3, "slut": 3, "sids": 3, "sent": 3, "late": 3,
}  # fmt: skip

# Four digits beginning 19, 20 or 21 are a year in prose; "3021" after a quarter is refused with a reason.
_YEAR = r"(?:19|20|21)\d\d(?!\d)"
_BEFORE_YEAR = r"(?:,?\s(?:i |af |år |of |in )?|\s?[-/.]\s?)"
_TAIL = rf"{_BEFORE_YEAR}(?P<year>{_YEAR})"
_TAIL_OPT = rf"(?:{_TAIL})?"
# After a quarter or a half-year any four digits are meant as a year, so a wrong one can be refused with its reason.
_WIDE_TAIL = rf"{_BEFORE_YEAR}(?P<year>\d{{4}}(?!\d))"
_WIDE_TAIL_OPT = rf"(?:{_WIDE_TAIL})?"
_MONTH_LONG = (
    "januar|februar|marts|april|maj|juni|juli|august|september|oktober|november|december"
    "|january|february|march|may|june|july|october"
)
_MONTH_SHORT = r"(?:jan|feb|mar|apr|jun|aug|sept?|okt|oct|nov|dec)\b\.?|jul\."
_MONTH = rf"(?P<month>(?:{_MONTH_LONG})\b|{_MONTH_SHORT})"
_ORDINAL = r"(?P<number>\d{1,2}|første|anden|andet|tredje|fjerde|femte|sjette|first|second|third|fourth|fifth)"
_ORDINAL_END = r"(?:st|nd|rd|th)?\s?\.?\s*"
_QUARTER_WORD = r"(?:kvartal(?:et|s)?|kvt\b\.?|kv\b\.?|quarter)"
_HALF_WORD = r"(?:halvår(?:et)?|halvdel(?:en)? af|half(?: of)?)"
_SEASON = r"(?P<season>forår(?:et)?|efterår(?:et)?|sommer(?:en|ferien)?|vinter(?:en)?|spring|summer|autumn|winter)"
_DASH = r"\s?-\s?"


def _month(text: str) -> int:
    return MONTH_NUMBERS[text[:3]]


def _number(text: str) -> int:
    return ORDINALS[text] if text in ORDINALS else int(text)


def _written(match: re.Match[str], name: str) -> str | None:
    """What the words say for a group that not all forms have."""
    return match[name] if name in match.re.groupindex else None


def _year(match: re.Match[str], default: int | None) -> int:
    written = _written(match, "year")
    if written:
        return int(written)
    if default is None:
        raise PeriodError("year_missing")
    return default


def _full_year(text: str, beside: int) -> int:
    """'24' beside 2023 is 2024; four digits are themselves."""
    return int(text) if len(text) == 4 else beside // 100 * 100 + int(text)


def _code(match: re.Match[str], default: int | None) -> Period:
    year, unit, number = int(match["year"]), match["unit"], int(match["number"])
    if unit in "kq":
        return model.quarter_period(year, number)
    if unit == "h":
        return model.half_year_period(year, number)
    return model.month_period(year, number) if unit == "m" else model.week_period(year, number)


def _iso_day(match: re.Match[str], default: int | None) -> Period:
    return model.day_period(int(match["year"]), int(match["month"]), int(match["day"]))


def _day(match: re.Match[str], default: int | None) -> Period:
    day, month = int(match["day"]), int(match["month"])
    if month > 12:
        raise PeriodError("month_out_of_range", {"number": month})
    return _day_in(day, month, match, default)


def _day_in(day: int, month: int, match: re.Match[str], default: int | None) -> Period:
    written = _written(match, "year")
    year = int(written) if written else default
    if year is None:
        # A leap year stands in for the missing one: 31 February exists in no year, a better reason than "no year".
        model.day_period(2000, month, day)
        raise PeriodError("year_missing")
    return model.day_period(year + 2000 if year < 100 else year, month, day)


def _day_word(match: re.Match[str], default: int | None) -> Period:
    return _day_in(int(match["day"]), _month(match["month"]), match, default)


def _day_range(match: re.Match[str], default: int | None) -> Period:
    month = _month(match["month"])
    first = _day_in(int(match["day"]), month, match, default)
    return model.range_period(first, _day_in(int(match["day2"]), month, match, default))


def _quarter(match: re.Match[str], default: int | None) -> Period:
    number = _number(match["number"])
    if not 1 <= number <= 4:
        raise PeriodError("quarter_out_of_range", {"number": number})
    return model.quarter_period(_year(match, default), number)


def _quarter_range(match: re.Match[str], default: int | None) -> Period:
    first = _quarter(match, default)
    number = _number(match["number2"])
    if not 1 <= number <= 4:
        raise PeriodError("quarter_out_of_range", {"number": number})
    return model.range_period(first, model.quarter_period(_year(match, default), number))


def _half(match: re.Match[str], default: int | None) -> Period:
    number = _number(match["number"])
    if number not in (1, 2):
        raise PeriodError("half_year_out_of_range", {"number": number})
    return model.half_year_period(_year(match, default), number)


def _week(match: re.Match[str], default: int | None) -> Period:
    numbers = [int(match["number"])] + ([int(match["number2"])] if match["number2"] else [])
    for number in numbers:
        if not 1 <= number <= 53:
            raise PeriodError("week_out_of_range", {"number": number, "year": "", "last": 53})
    year = _year(match, default)
    weeks = [model.week_period(year, number) for number in numbers]
    return weeks[0] if len(weeks) == 1 else model.range_period(weeks[0], weeks[1])


def _season_name(text: str) -> str:
    start = text[:3]
    names = {"for": model.SPRING, "spr": model.SPRING, "som": model.SUMMER, "sum": model.SUMMER}
    return names.get(start, model.AUTUMN if start in ("eft", "aut") else model.WINTER)


def _season(match: re.Match[str], default: int | None) -> Period:
    season = _season_name(match["season"])
    first = _year(match, default)
    second = _written(match, "year2")
    if second and (season != model.WINTER or _full_year(second, first) != first + 1):
        raise PeriodError("not_understood")
    return model.season_period(first, season)


def _month_only(match: re.Match[str], default: int | None) -> Period:
    return model.month_period(_year(match, default), _month(match["month"]))


def _iso_month(match: re.Match[str], default: int | None) -> Period:
    return model.month_period(int(match["year"]), int(match["month"]))


def _year_range(match: re.Match[str], default: int | None) -> Period:
    first = int(match["year"])
    return model.range_period(model.year_period(first), model.year_period(_full_year(match["year2"], first)))


def _year_only(match: re.Match[str], default: int | None) -> Period:
    return model.year_period(_year(match, default))


def _turn(match: re.Match[str], default: int | None) -> Period:
    year = _year(match, default)
    if match["year2"] and _full_year(match["year2"], year) != year + 1:
        raise PeriodError("not_understood")
    return model.range_period(model.day_period(year, 12, 31), model.day_period(year + 1, 1, 1))


def _inner(text: str, default: int | None) -> Period:
    """The period named after primo, medio, ultimo or udgangen af."""
    if text in ("året", "års", "the year"):
        text = "" if default is None else str(default)
        if not text:
            raise PeriodError("year_missing")
    for form in TARGETS:
        match = form.pattern.fullmatch(text)
        if match:
            return form.build(match, default)
    raise PeriodError("not_understood")


def _part(match: re.Match[str], default: int | None) -> Period:
    word = match["part"]
    third = PARTS.get(word) or next(value for key, value in PARTS.items() if word.startswith(key))
    return model.part_period(_inner(match["target"], default), third)


def _end_of(match: re.Match[str], default: int | None) -> Period:
    return _inner(match["target"] or "året", default)


def _ongoing(match: re.Match[str], default: int | None) -> Period:
    return Period(model.ONGOING, None, None)


@dataclass(frozen=True, eq=False)
class Form:
    """One way of writing a period.

    `starts` says what it can begin with, to try only the forms that have a chance: three letters, a letter and "0" for
    any digit, "4" for a number of four digits, or one of one or two digits before a word ("1a") or a number ("11").
    """

    kind: str
    starts: tuple[str, ...]
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str], int | None], Period]
    may_have_year: bool


def _form(kind: str, starts: str, pattern: str, build: Callable[[re.Match[str], int | None], Period]) -> Form:
    compiled = re.compile(pattern + r"(?!\w)")
    return Form(kind, tuple(starts.split()), compiled, build, may_have_year="year" in compiled.groupindex)


def _unnamed(form: Form) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", form.pattern.pattern)


_MONTH_STARTS = "jan feb mar apr maj may jun jul aug sep okt oct nov dec"
_ORDINAL_STARTS = "1a før and tre fje fem sje fir sec thi fou fif"
_CODE = _form("code", "4", r"(?P<year>(?:19|20|21)\d\d)(?P<unit>[kqhmwu])(?P<number>\d{1,2})", _code)
_QUARTER = _form("quarter", _ORDINAL_STARTS, rf"{_ORDINAL}{_ORDINAL_END}{_QUARTER_WORD}{_WIDE_TAIL_OPT}", _quarter)
_QUARTER_KQ = _form("quarter", "k0 q0", rf"[kq](?P<number>\d{{1,2}}){_WIDE_TAIL}", _quarter)
_HALF = _form("half_year", _ORDINAL_STARTS, rf"{_ORDINAL}{_ORDINAL_END}{_HALF_WORD}{_WIDE_TAIL_OPT}", _half)
_HALF_H = _form("half_year", "h0", rf"h(?P<number>\d){_TAIL}", _half)
_SEASON_YEAR = _form(
    "season",
    "for eft som vin spr sum aut win",
    rf"{_SEASON}{_TAIL}(?:\s?[-/]\s?(?P<year2>{_YEAR}|\d\d(?!\d)))?",
    _season,
)
_MONTH_YEAR = _form("month", _MONTH_STARTS, rf"{_MONTH}{_TAIL}", _month_only)
_BARE_SEASON = _form(
    "bare_season", "for eft som vin", r"(?P<season>foråret|efteråret|sommeren|sommerferien|vinteren)", _season
)
_BARE_MONTH = _form("bare_month", _MONTH_STARTS, rf"(?P<month>{_MONTH_LONG})", _month_only)
_YEAR_ONLY = _form("year", "4", rf"(?P<year>{_YEAR})", _year_only)

#: What primo, medio, ultimo and "udgangen af" may stand before.
TARGETS = (
    _CODE, _QUARTER, _QUARTER_KQ, _HALF, _HALF_H, _SEASON_YEAR, _MONTH_YEAR, _BARE_SEASON, _BARE_MONTH, _YEAR_ONLY,
)  # fmt: skip
_TARGET = "(?P<target>" + "|".join(_unnamed(form) for form in TARGETS) + "|året|the year)"
_PART_WORD = (
    r"(?P<part>primo|medio|ultimo|starten (?:af|på)|begyndelsen af|tidligt (?:i|på)|midten af|midt i"
    r"|slutningen af|sidst (?:i|på)|sent (?:i|på)|early(?: in)?|mid|late(?: in)?)"
)

#: All forms. At one place in a text the longest match wins; of equally long ones the first.
FORMS = (
    _form("part", "pri med ult sta beg tid mid slu sid sen ear lat", rf"{_PART_WORD}[\s-](?:i )?{_TARGET}", _part),
    _form("end_of", "udg afs end", rf"(?:udgangen|afslutningen|end) (?:af|of) {_TARGET}", _end_of),
    _form("end_of", "åre", r"årets (?:udgang|slutning)(?P<target>)", _end_of),
    _form("turn", "års", rf"årsskiftet(?:\s(?P<year>{_YEAR})(?:\s?[-/]\s?(?P<year2>{_YEAR}|\d\d(?!\d)))?)?", _turn),
    _CODE,
    _form("day", "4", r"(?P<year>(?:19|20|21)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)", _iso_day),
    _form("day", "11", rf"(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?(?P<year>{_YEAR})", _day),
    _form("day", "11", r"(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d\d)", _day),
    _form("day", "11", rf"(?P<day>\d{{1,2}})/ ?(?P<month>\d{{1,2}})(?: ?[-/.] ?| )(?P<year>{_YEAR}|\d\d)", _day),
    _form("day", "11", rf"(?P<day>\d{{1,2}})-(?P<month>\d{{1,2}})-(?P<year>{_YEAR})", _day),
    _form(
        "range",
        "11 1a",
        rf"(?P<day>\d{{1,2}})\.?\s?(?:-|til)\s?(?P<day2>\d{{1,2}})\.?\s?{_MONTH}{_TAIL_OPT}",
        _day_range,
    ),
    _form("day", "1a", rf"(?P<day>\d{{1,2}})(?:\.|st|nd|rd|th)?\s?(?:of )?{_MONTH}{_TAIL_OPT}", _day_word),
    _form("day", _MONTH_STARTS, rf"{_MONTH}\s(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<year>{_YEAR})", _day_word),
    _form(
        "range",
        "11 1a",
        rf"(?P<number>\d)\.?\s?(?:-|til|og)\s?(?P<number2>\d)\.?\s?{_QUARTER_WORD}{_WIDE_TAIL_OPT}",
        _quarter_range,
    ),
    _form("range", "k0 q0", rf"[kq](?P<number>\d)\s?(?:-|til|og)\s?[kq]?(?P<number2>\d){_WIDE_TAIL}", _quarter_range),
    _QUARTER,
    _QUARTER_KQ,
    _form("quarter", "kva qua", rf"(?:kvartal|quarter)\s(?P<number>\d{{1,2}}){_WIDE_TAIL}", _quarter),
    _HALF,
    _HALF_H,
    _form(
        "week",
        "uge wee",
        rf"(?:uge(?:rne)?|weeks?)\s?(?P<number>\d{{1,2}})(?:\s?(?:-|til|og|to)\s?(?P<number2>\d{{1,2}})(?!\d))?"
        rf"{_TAIL_OPT}",
        _week,
    ),
    _SEASON_YEAR,
    _MONTH_YEAR,
    _form("range", "4", rf"(?P<year>{_YEAR})\s?/\s?(?P<year2>{_YEAR}|\d\d)", _year_range),
    _form("range", "4", rf"(?P<year>{_YEAR})(?:\s?[-:]\s?| til | to )(?P<year2>{_YEAR})", _year_range),
    _form("month", "4", r"(?P<year>(?:19|20|21)\d\d)-(?P<month>0[1-9]|1[0-2])", _iso_month),
    _form("range", "4", rf"(?P<year>{_YEAR})-(?P<year2>\d\d)", _year_range),
    _BARE_SEASON,
    _BARE_MONTH,
    _YEAR_ONLY,
    _form("ongoing", "løb for kon ong", r"(?:løbende|fortløbende|kontinuerligt|ongoing)", _ongoing),
)

_STARTS = {start for form in FORMS for start in form.starts}
FORMS_BY_START = {start: tuple(form for form in FORMS if start in form.starts) for start in _STARTS}
#: Where a period can begin: not inside a word or a longer number.
CANDIDATE = re.compile(
    r"(?<!\w)(?:(?P<number>\d+)|[hkq]\d|" + "|".join(sorted(start for start in _STARTS if start.isalpha())) + ")"
)
