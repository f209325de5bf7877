"""Reading periods out of what people wrote: one answer from a form field, or all periods in a piece of prose."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from sundhedsaftale.lib.periods import model
from sundhedsaftale.lib.periods.grammar import CANDIDATE, FORMS_BY_START, Form
from sundhedsaftale.lib.periods.model import Period, PeriodError
from sundhedsaftale.lib.periods.vocabulary import FIRST, stretches
from sundhedsaftale.lib.words import Lowered, lowered

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_HIDDEN = re.compile(f"[{_INVISIBLE}]")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2212"
_ODD_DASH = re.compile(f"[{_DASHES}]")
_ONE_DASH = str.maketrans(dict.fromkeys(_DASHES, "-"))
_SPACES = re.compile(r"\s{2,}")

_FOUR_DIGITS = re.compile(r"\d{4}")
_NUMBER_BEFORE = re.compile(r"\d[.,/:-]")
_JOINTS = ".,/:-"
_BETWEEN_PARTS = " .-/"
_NUMBER_AFTER = re.compile(r"[.,/:-]\d")
# Words that belong to a deadline as written: "senest 1. april 2026", "inden udgangen af 2023".
_LATEST = re.compile(r"\bsenest\s+(?:den\s+|d\.\s*|i\s+|ved\s+|pr\.\s*)?$")
_BY_THE_END = re.compile(r"\b(?:inden|senest\s+ved|senest|by\s+the)\s+$")
_PREPOSITION = re.compile(
    r"(?:\b(?:i|til|fra|siden|senest|inden|før|efter|ved|omkring|ultimo|medio|primo|pr\.?|per|og|eller|ca\.?|in|since|by"
    r"|until|from|for|af|møde)|[(/,-])\s*$"
)
_COUNTED = re.compile(
    r"\s*+(?:borger|patient|person|kr\b|kroner|mio|mia|timer|time\b|dage|dag\b|forløb|indlæg|ansat|medarb|pct|procent|%"
    r"|besøg|læge|sygeplej|plads|seng|sager|henvis|deltag|kommuner)"
)
_RANGE_LINK = re.compile(r" ?- ?| (?:til og med|frem til|t\.o\.m\.|til|to) | ?/ ?")
_AND_LINK = re.compile(r" (?:og|and) ")
_BETWEEN = re.compile(r"\b(?:mellem|between)\s+(?:den\s+)?$")
#: How far back the words before a period are looked for; they are short, but white space may stand between them.
_LOOK_BACK = 40
# People write the same few periods again and again. Longer stretches are not kept: they would fill the memory.
_KEPT = 4096
_LONGEST_KEPT = 80

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


class FoundPeriod(NamedTuple):
    """A period found in prose, or the reason the words at that place name none. Offsets are into the text given.

    `parts` are the two ends when two periods were read as one range ("1. maj til 3. juni").
    """

    start: int
    end: int
    words: str
    period: Period | None = None
    error: PeriodError | None = None
    parts: tuple[FoundPeriod, ...] = ()


class _Unit(NamedTuple):
    """One period in a stretch of period words, wherever in a text the stretch stands."""

    start: int
    end: int
    form: Form
    match: re.Match[str]
    has_year: bool

    def build(self, default_year: int | None) -> Period:
        period = self.form.build(self.match, default_year)
        return period if self.has_year or not period.is_dated else period.with_words("", year_assumed=True)


class _Stretch(NamedTuple):
    """Period words that follow each other: where they stand, the same cleaned, and the units found in them.

    `places` says where each cleaned character stood, or is None when nothing moved. `text` and `low` are the whole
    text as given and in small letters.
    """

    text: str
    low: str
    start: int
    cleaned: str
    units: tuple[_Unit, ...]
    places: list[int] | None

    def at(self, place: int) -> int:
        return self.start + (place if self.places is None else self.places[place])

    def span(self, first: _Unit, last: _Unit) -> tuple[int, int]:
        return self.at(first.start), self.at(last.end - 1) + 1


def folded(low: Lowered) -> str:
    """The text in small letters with one kind of hyphen, of the same length: places in the one are places in the other."""
    return low.small if low.is_latin or not _ODD_DASH.search(low.small) else low.small.translate(_ONE_DASH)


def find_periods(text: str, *, today: date | None = None) -> list[FoundPeriod]:
    """All periods in the text, in order, each the longest that can be read at its place.

    A period without a year gets the year of `today` and says so (`year_assumed`), or the error `year_missing`.
    Words that look like a period but name none ("5. kvartal 2021") come back with their error.
    """
    year = today.year if today else None
    if text.isascii() or not _HIDDEN.search(text):
        return _read(text, lowered(text), year)
    places = [place for place, character in enumerate(text) if character not in _INVISIBLE]
    shown = "".join([text[place] for place in places])
    return [_moved(item, places) for item in _read(shown, lowered(shown), year)]


def find_periods_at(text: str, low: Lowered, places: Iterable[int], *, today: date | None = None) -> list[FoundPeriod]:
    """`find_periods` for whoever has been through the words of a text: `places` is where FIRST_WORDS or numbers stand.

    The text has no invisible characters.
    """
    return _found_at(text, folded(low), places, today.year if today else None)


def _moved(item: FoundPeriod, places: list[int]) -> FoundPeriod:
    # The end is one past the last character that was kept, wherever the next one stood.
    parts = tuple(_moved(part, places) for part in item.parts)
    return item._replace(start=places[item.start], end=places[item.end - 1] + 1, parts=parts)


def parse_period(text: str, *, today: date | None = None) -> Period:
    """The one period the text names, with the text as its words.

    An empty text, a dash or "ingen dato" is the precision `none`. Raises PeriodError with `.words` set.
    """
    words = " ".join(text.split())
    cleaned = " ".join(_HIDDEN.sub("", folded(lowered(words))).split())
    if _NO_DATE.fullmatch(cleaned):
        return Period(model.NONE, None, None, words)
    found = _read(cleaned, lowered(cleaned), today.year if today else None, prose=False)
    if len(found) != 1:
        raise PeriodError("not_understood", words=words)
    item = found[0]
    if not _LEAD_IN.fullmatch(cleaned[: item.start]) or cleaned[item.end :].strip(" .,;:)"):
        raise PeriodError("not_understood", words=words)
    if item.error is not None:
        raise PeriodError(item.error.reason_code, item.error.message_values, words)
    assert item.period is not None
    return item.period.with_words(words)


def _read(text: str, low: Lowered, year: int | None, *, prose: bool = True) -> list[FoundPeriod]:
    return _found_at(text, folded(low), [match.start() for match in FIRST.finditer(low.words)], year, prose=prose)


def _found_at(text: str, low: str, places: Iterable[int], year: int | None, *, prose: bool = True) -> list[FoundPeriod]:
    found: list[FoundPeriod] = []
    has_latest = "senest" in low
    for start, end in stretches(low, places):
        # "v1.2 2021": the 2 is no number of its own.
        joined = start > 1 and low[start - 1] in _JOINTS and low[start - 2].isdigit()
        lone = _lone(text[start:end], low[start:end], year) if not joined and end - start <= _LONGEST_KEPT else None
        if lone is _NO_PERIOD:
            continue
        if lone is not None and not has_latest and _is_itself(lone, low, start):
            _, begins, ends, words, period, error = lone
            found.append(FoundPeriod(start + begins, start + ends, words, period, error))
        else:
            found += _read_stretch(_stretch(text, low, start, end, joined), year, prose)
    return found


class _Lone(NamedTuple):
    """What stands in a stretch that holds one period and no more, wherever the stretch stands. No kind: no period."""

    kind: str
    start: int = 0
    end: int = 0
    words: str = ""
    period: Period | None = None
    error: PeriodError | None = None


@lru_cache(maxsize=_KEPT)
def _lone(words: str, low: str, year: int | None) -> _Lone | None:
    cleaned, places = _squeezed(low)
    units = _units(cleaned)
    if not units:
        return _NO_PERIOD
    if len(units) > 1:
        return None
    unit = units[0]
    start, end = (unit.start, unit.end) if places is None else (places[unit.start], places[unit.end - 1] + 1)
    said = words[start:end] if cleaned == low else " ".join(words[start:end].split())
    return _Lone(unit.form.kind, start, end, said, *_built(unit, year, said))


_NO_PERIOD = _Lone("")
# What stands around these decides whether they are periods, or how far they reach.
_TO_LOOK_AT = ("bare_month", "end_of")


def _is_itself(lone: _Lone, low: str, start: int) -> bool:
    """Whether the words around, "senest" not among them, change nothing: it is nothing that is counted."""
    if lone.kind in _TO_LOOK_AT:
        return False
    return lone.kind != "year" or not _COUNTED.match(low, start + lone.end)


def _read_stretch(stretch: _Stretch, year: int | None, prose: bool) -> list[FoundPeriod]:
    found: list[FoundPeriod] = []
    units = stretch.units
    index = 0
    while index < len(units):
        pair = _as_range(stretch, index, year, prose) if index + 1 < len(units) else None
        if pair is not None:
            found.append(pair)
            index += 2
            continue
        if not prose or _stands_alone(stretch, units[index]):
            found.append(_as_found(stretch, units[index], year))
        index += 1
    return found


def _stretch(text: str, low: str, start: int, end: int, joined: bool) -> _Stretch:
    if joined:
        # What it is joined to is looked at with it, and a letter before that keeps it from being a number of its own.
        start -= 2
        cleaned, places = _squeezed("x" + low[start:end])
        start -= 1
    else:
        cleaned, places = _squeezed(low[start:end])
    units = _kept_units(cleaned) if len(cleaned) <= _LONGEST_KEPT else _units(cleaned)
    return _Stretch(text, low, start, cleaned, units, places)


def _squeezed(words: str) -> tuple[str, list[int] | None]:
    """The words with single spaces, and where each character stood, or None when nothing moved."""
    if "  " not in words and words.isprintable():
        return words, None
    cleaned = " ".join(words.split())
    if len(cleaned) == len(words):
        return cleaned, None
    places: list[int] = []
    place = 0
    for match in _SPACES.finditer(words):
        places.extend(range(place, match.start() + 1))
        place = match.end()
    places.extend(range(place, len(words)))
    return cleaned, places


def _units(text: str) -> tuple[_Unit, ...]:
    units: list[_Unit] = []
    place = 0
    while place < len(text) and (candidate := CANDIDATE.search(text, place)):
        unit = _longest_at(text, candidate)
        if unit is None:
            place = candidate.end() if candidate["number"] else candidate.start() + 1
        else:
            units.append(unit)
            place = unit.end
    return tuple(units)


_kept_units = lru_cache(maxsize=_KEPT)(_units)


def _longest_at(text: str, candidate: re.Match[str]) -> _Unit | None:
    start, number = candidate.start(), candidate["number"]
    if number is None:
        key = text[start] + "0" if text[start + 1].isdigit() else text[start : start + 3]
    else:
        if start > 1 and _NUMBER_BEFORE.match(text, start - 2):
            return None
        if len(number) < 3:
            key = "1a" if text[candidate.end() :].lstrip(_BETWEEN_PARTS)[:1].isalpha() else "11"
        else:
            key = "4" if len(number) == 4 else ""
    best: tuple[Form, re.Match[str]] | None = None
    for form in FORMS_BY_START.get(key, ()):
        match = form.pattern.match(text, start)
        if match is None or (best is not None and match.end() <= best[1].end()):
            continue
        end = match.end()
        if text[end - 1].isdigit() and _NUMBER_AFTER.match(text, end):
            continue
        best = form, match
        if end == len(text):
            break
    if best is None:
        return None
    form, match = best
    has_year = form.may_have_year and bool(match["year"])
    if form.kind in ("part", "end_of"):
        has_year = has_year or _FOUR_DIGITS.search(match[0]) is not None
    return _Unit(start, match.end(), form, match, has_year)


def _stands_alone(stretch: _Stretch, unit: _Unit) -> bool:
    """In prose "maj" may be a name and 2024 a number of patients: these need a word before or none after."""
    if unit.form.kind == "bare_month":
        start = stretch.at(unit.start)
        return _PREPOSITION.search(stretch.low, max(0, start - _LOOK_BACK), start) is not None
    if unit.form.kind == "year":
        return _COUNTED.match(stretch.low, stretch.at(unit.end - 1) + 1) is None
    return True


def _as_found(stretch: _Stretch, unit: _Unit, year: int | None) -> FoundPeriod:
    """The unit with the words that say it is a deadline."""
    start, end = stretch.span(unit, unit)
    begin = max(0, start - _LOOK_BACK)
    if unit.form.kind == "end_of":
        latest = _BY_THE_END.search(stretch.low, begin, start)
    else:
        latest = _LATEST.search(stretch.low, begin, start) if "senest" in stretch.low[begin:start] else None
    if latest is not None and stretch.low[start - 1].isspace():
        start = latest.start()
    words = " ".join(stretch.text[start:end].split())
    return FoundPeriod(start, end, words, *_kept_built(unit, year, words))


def _built(unit: _Unit, year: int | None, words: str) -> tuple[Period | None, PeriodError | None]:
    try:
        return unit.build(year).with_words(words), None
    except PeriodError as error:
        return None, PeriodError(error.reason_code, error.message_values, words)


_kept_built = lru_cache(maxsize=_KEPT)(_built)


def _as_range(stretch: _Stretch, index: int, year: int | None, prose: bool) -> FoundPeriod | None:
    """Two neighbours joined by a dash, "til" or, after "mellem", "og": one range. The first may borrow its year."""
    first, last = stretch.units[index], stretch.units[index + 1]
    if "ongoing" in (first.form.kind, last.form.kind) or not _are_linked(stretch, first, last):
        return None
    start, end = stretch.span(first, last)
    words = " ".join(stretch.text[start:end].split())
    try:
        period = _range_of(first, last, year).with_words(words)
    except PeriodError as error:
        if error.reason_code == "range_backwards" and prose:
            return None
        return FoundPeriod(start, end, words, error=PeriodError(error.reason_code, error.message_values, words))
    first_year = period.first_day.year if period.first_day else year
    parts = (_as_found(stretch, first, first_year), _as_found(stretch, last, year))
    return FoundPeriod(start, end, words, period=period, parts=parts)


def _are_linked(stretch: _Stretch, first: _Unit, last: _Unit) -> bool:
    between = stretch.cleaned[first.end : last.start]
    if _RANGE_LINK.fullmatch(between):
        return True
    if not _AND_LINK.fullmatch(between):
        return False
    same_kind = first.form.kind.removeprefix("bare_") == last.form.kind.removeprefix("bare_")
    if same_kind and not first.has_year:
        return True
    start = stretch.at(first.start)
    return _BETWEEN.search(stretch.low, max(0, start - _LOOK_BACK), start) is not None


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
