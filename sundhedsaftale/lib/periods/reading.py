"""Reading periods out of what people wrote: one answer from a form field, or all periods in a piece of prose."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sundhedsaftale.lib.periods import model
from sundhedsaftale.lib.periods.grammar import CANDIDATE, FORMS_BY_START, Form
from sundhedsaftale.lib.periods.model import Period, PeriodError

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SAME_LENGTH = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00a0\u2007\u2009\u202f\t\r\n\x0b\x0c", " ")
)
_ODD = re.compile(f"[{''.join(map(chr, _SAME_LENGTH))}]")
_NO_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_SPACES = re.compile("  +")
_DROPPED = re.compile(f"[{_INVISIBLE}]+| [ {_INVISIBLE}]+")

_NUMBER_BEFORE = re.compile(r"\d[.,/:-]$")
_NUMBER_AFTER = re.compile(r"[.,/:-]\d")
# Words that belong to a deadline as written: "senest 1. april 2026", "inden udgangen af 2023".
_LATEST = re.compile(r"\bsenest (?:den |d\. ?|i |ved |pr\. ?)?$")
_BY_THE_END = re.compile(r"\b(?:inden|senest ved|senest|by the) $")
_PREPOSITION = re.compile(
    r"(?:\b(?:i|til|fra|siden|senest|inden|før|efter|ved|omkring|ultimo|medio|primo|pr\.?|per|og|eller|ca\.?|in|since|by"
    r"|until|from|for|af|møde)|[(/,-]) ?$"
)
_COUNTED = re.compile(
    r" ?(?:borger|patient|person|kr\b|kroner|mio|mia|timer|time\b|dage|dag\b|forløb|indlæg|ansat|medarb|pct|procent|%"
    r"|besøg|læge|sygeplej|plads|seng|sager|henvis|deltag|kommuner)"
)
_RANGE_LINK = re.compile(r" ?- ?| (?:til og med|frem til|t\.o\.m\.|til|to) | ?/ ?")
_AND_LINK = re.compile(r" (?:og|and) ")
_BETWEEN = re.compile(r"\b(?:mellem|between) (?:den )?$")

_LEAD_IN = re.compile(
    r"(?:(?:fra og med|til og med|frem til|frem mod|i løbet af|hen over|no later than|fra|til|siden|senest|inden for"
    r"|inden|indtil|før|efter|omkring|cirka|ca\.|forventet|forventes|pr\.|per|ved|den|d\.|i|på|by|in|from|since|until|before"
    r"|on|the|during|møde|mødet|mellem|between"
    r"|(?:man|tirs|ons|tors|fre|lør|søn)dag|(?:mon|tues|wednes|thurs|fri|satur|sun)day),?\s+)*"
)
_NO_DATE = re.compile(
    r"-*|(?:ingen|uden)(?: ny)? (?:dato|frist)(?: endnu)?|(?:endnu )?ikke (?:fastsat|fastlagt|kendt|aftalt)"
    r"|no (?:new )?date|(?:not )?(?:yet )?undated"
)


@dataclass(frozen=True)
class FoundPeriod:
    """A period found in prose, or the reason the words at that place name none. Offsets are into the text given.

    `parts` are the two ends when two periods were read as one range ("1. maj til 3. juni").
    """

    start: int
    end: int
    words: str
    period: Period | None = None
    error: PeriodError | None = None
    parts: tuple[FoundPeriod, ...] = ()


@dataclass(frozen=True)
class _Unit:
    start: int
    end: int
    form: Form
    match: re.Match[str]

    @property
    def has_year(self) -> bool:
        return bool(self.match.groupdict().get("year")) or (
            self.form.kind in ("part", "end_of") and re.search(r"\d{4}", self.match[0]) is not None
        )

    def build(self, default_year: int | None) -> Period:
        period = self.form.build(self.match, default_year)
        return period if self.has_year or not period.is_dated else period.with_words("", year_assumed=True)


def clean(text: str) -> tuple[str, list[int] | None]:
    """The text in small letters, with one kind of space and hyphen and no invisible characters.

    Beside it where each of its characters stood, or None when nothing moved.
    """
    same = text.replace("\n", " ")
    if _ODD.search(same):
        same = same.translate(_SAME_LENGTH)
    cleaned = same.lower()
    if len(cleaned) != len(text):
        # A few foreign capitals become two characters; they are in no period and stay as they are.
        cleaned = "".join(c.lower() if len(c.lower()) == 1 else c for c in same)
    hidden = not text.isascii() and _HIDDEN.search(cleaned) is not None
    if not hidden and "  " not in cleaned:
        return cleaned, None
    kept: list[str] = []
    places: list[int] = []
    place = 0
    for match in (_DROPPED if hidden else _SPACES).finditer(cleaned):
        # Of several spaces the first one stays.
        end = match.start() + (match[0][0] == " ")
        kept.append(cleaned[place:end])
        places.extend(range(place, end))
        place = match.end()
    kept.append(cleaned[place:])
    places.extend(range(place, len(text) + 1))
    return "".join(kept), places


def find_periods(text: str, *, today: date | None = None) -> list[FoundPeriod]:
    """All periods in the text, in order, each the longest that can be read at its place.

    A period without a year gets the year of `today` and says so (`year_assumed`), or the error `year_missing`.
    Words that look like a period but name none ("5. kvartal 2021") come back with their error.
    """
    cleaned, places = clean(text)
    return [_placed(item, text, places) for item in _read(cleaned, today.year if today else None)]


def parse_period(text: str, *, today: date | None = None) -> Period:
    """The one period the text names, with the text as its words.

    An empty text, a dash or "ingen dato" is the precision `none`. Raises PeriodError with `.words` set.
    """
    words = " ".join(text.split())
    cleaned = " ".join(clean(words)[0].split())
    if _NO_DATE.fullmatch(cleaned):
        return Period(model.NONE, None, None, words)
    found = _read(cleaned, today.year if today else None, prose=False)
    if len(found) != 1:
        raise PeriodError("not_understood", words=words)
    item = found[0]
    if not _LEAD_IN.fullmatch(cleaned[: item.start]) or cleaned[item.end :].strip(" .,;:)"):
        raise PeriodError("not_understood", words=words)
    if item.error is not None:
        raise PeriodError(item.error.reason_code, item.error.message_values, words)
    assert item.period is not None
    return item.period.with_words(words)


def _read(text: str, year: int | None, *, prose: bool = True) -> list[FoundPeriod]:
    units = _units(text)
    found: list[FoundPeriod] = []
    index = 0
    while index < len(units):
        pair = _as_range(text, units, index, year, prose)
        if pair is not None:
            found.append(pair)
            index += 2
            continue
        if not prose or _stands_alone(text, units[index]):
            found.append(_as_found(text, units[index], year))
        index += 1
    return found


def _units(text: str) -> list[_Unit]:
    units: list[_Unit] = []
    place = 0
    while True:
        candidate = CANDIDATE.search(text, place)
        if candidate is None:
            return units
        unit = _longest_at(text, candidate)
        if unit is None:
            place = candidate.end() if candidate["number"] else candidate.start() + 1
        else:
            units.append(unit)
            place = unit.end


def _longest_at(text: str, candidate: re.Match[str]) -> _Unit | None:
    start, number = candidate.start(), candidate["number"]
    if number is None:
        key = text[start] + "0" if text[start + 1].isdigit() else text[start : start + 3]
    else:
        if _NUMBER_BEFORE.search(text, max(0, start - 2), start):
            return None
        key = "4" if len(number) == 4 else "12" if len(number) < 3 else ""
    best: _Unit | None = None
    for form in FORMS_BY_START.get(key, ()):
        match = form.pattern.match(text, start)
        if match is None or (best is not None and match.end() <= best.end):
            continue
        if text[match.end() - 1].isdigit() and _NUMBER_AFTER.match(text, match.end()):
            continue
        best = _Unit(start, match.end(), form, match)
    return best


def _stands_alone(text: str, unit: _Unit) -> bool:
    """In prose "maj" may be a name and 2024 a number of patients: these need a word before or none after."""
    if unit.form.kind == "bare_month":
        return _PREPOSITION.search(text, max(0, unit.start - 10), unit.start) is not None
    if unit.form.kind == "year":
        return _COUNTED.match(text, unit.end) is None
    return True


def _as_found(text: str, unit: _Unit, year: int | None) -> FoundPeriod:
    """Without words as yet: `_placed` takes them from the text as given."""
    start = unit.start
    if text.endswith(" ", 0, start):
        before = _BY_THE_END if unit.form.kind == "end_of" else _LATEST
        latest = before.search(text, max(0, start - 20), start)
        start = latest.start() if latest else start
    try:
        return FoundPeriod(start, unit.end, "", period=unit.build(year))
    except PeriodError as error:
        return FoundPeriod(start, unit.end, "", error=error)


def _as_range(text: str, units: list[_Unit], index: int, year: int | None, prose: bool) -> FoundPeriod | None:
    """Two neighbours joined by a dash, "til" or, after "mellem", "og": one range. The first may borrow its year."""
    if index + 1 >= len(units):
        return None
    first, last = units[index], units[index + 1]
    if "ongoing" in (first.form.kind, last.form.kind) or not _are_linked(text, first, last):
        return None
    try:
        period = _range_of(first, last, year)
    except PeriodError as error:
        if error.reason_code == "range_backwards" and prose:
            return None
        return FoundPeriod(first.start, last.end, "", error=error)
    parts = (_as_found(text, first, period.first_day.year if period.first_day else year), _as_found(text, last, year))
    return FoundPeriod(first.start, last.end, "", period=period, parts=parts)


def _are_linked(text: str, first: _Unit, last: _Unit) -> bool:
    between = text[first.end : last.start]
    if _RANGE_LINK.fullmatch(between):
        return True
    if not _AND_LINK.fullmatch(between):
        return False
    same_kind = first.form.kind.removeprefix("bare_") == last.form.kind.removeprefix("bare_")
    return (same_kind and not first.has_year) or _BETWEEN.search(text, 0, first.start) is not None


def _range_of(first: _Unit, last: _Unit, year: int | None) -> Period:
    if first.has_year:
        begin = first.build(None)
        end = last.build(begin.last_day.year if begin.last_day else year)
        if not last.has_year and end.last_day and begin.first_day and end.last_day < begin.first_day:
            end = last.build(begin.first_day.year + 1)
    else:
        end = last.build(year)
        assert end.last_day is not None
        begin = first.build(end.last_day.year)
        if begin.first_day and end.first_day and begin.first_day > end.first_day:
            begin = first.build(end.last_day.year - 1)
    return model.range_period(begin, end).with_words("", year_assumed=not (first.has_year or last.has_year))


def _placed(item: FoundPeriod, text: str, places: list[int] | None) -> FoundPeriod:
    """The item with offsets into the text as given, and its words as they stand there, only on one line."""
    start, end = item.start, item.end
    if places is not None:
        # The end is one past the last character that was kept, wherever the next one stood.
        start, end = places[start], places[end - 1] + 1
    words = text[start:end]
    if places is not None:
        words = words.translate(_NO_INVISIBLE)
    words = " ".join(words.split())
    return FoundPeriod(
        start,
        end,
        words,
        None if item.period is None else item.period.with_words(words),
        None if item.error is None else PeriodError(item.error.reason_code, item.error.message_values, words),
        tuple(_placed(part, text, places) for part in item.parts),
    )
