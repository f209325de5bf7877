"""Reading a status cell: free Danish prose with several statements in the order of time.

The reader suggests and a person confirms; the words themselves are kept as they are. The last statement about the item
itself decides its state. A promise that follows ("genoptages", "forventes", "behandles") or a parenthesis adds a date
or a milestone, never a state. "Udsat" and "standby" cancel an earlier new date, "forsinket" keeps it, and tense decides
whether something has begun ("igangsat") or is going to ("igangsættes"). The example read in full is the status column
of Region Midtjylland's action plan of 5 November 2020.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from datetime import date
from functools import lru_cache
from operator import attrgetter

from initiatives.calculations import status_reading as r
from initiatives.calculations import status_words as w
from initiatives.calculations.status_draft import Draft, finished
from initiatives.calculations.status_reading import ReadMilestone, ReadPeriod, StatusReading
from initiatives.calculations.status_sentences import (
    ITEM,
    PART,
    Cell,
    Statement,
    aside_at,
    statement_title,
    statements,
    take_apart,
    title_without,
)
from sundhedsaftale.lib.periods import FoundPeriod
from sundhedsaftale.lib.words import Lowered, lowered

#: Letters of a cell whose reading is remembered: no cell of a plan is longer, and memory has a bound.
LONGEST_REMEMBERED = 2_000

__all__ = ["ReadMilestone", "ReadPeriod", "StatusReading", "read_status"]

_SOFT_HYPHEN = "\u00ad"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# Invisible characters, and the hyphen of a word broken over two lines ("Genop-\ntages", but not "COVID-\n19").
_BROKEN_WORD = re.compile(r"-(?<=[a-zæøå]-)[ \t]*\r?\n[ \t]*(?=[a-zæøå])(?!og\b|eller\b)")
_BROKEN = re.compile(rf"{_INVISIBLE.pattern}+|{_BROKEN_WORD.pattern}")
_TO = re.compile(r"\b(?:til|indtil|frem\s+mod|inden)\s+(?:(?:den|d\.|i|og\s+med|møde\w*)\s+)*$")
_FROM = re.compile(r"\bfra\s+(?:(?:den|d\.|i|og\s+med)\s+)*$")
_SINCE = re.compile(r"\b(?:siden|i|den|d\.|pr\.|per|på\s+møde\w*)\s+(?:(?:den|i)\s+)*$")
_MILESTONE = re.compile(r"\W*milepæl(?:e|en)?\b\s*:?\s*", re.IGNORECASE)
_EXPECTED = ("forventes", "forventet", "ventes", "ventet")
_CARRIED_OUT = ("gennemføres", "afholdes", "implementeres")
_END_OF = attrgetter("end")


def read_status(text: str, *, today: date | None = None) -> StatusReading:
    """What the cell seems to say. Never raises, and gives no date whose words are not in the text.

    `today` is the day the cell speaks of: its year is used for periods without one, and that is flagged.
    The same words are read again and again (an import's preview, the pages of delays), so an answer is remembered.
    """
    return _remembered(text, today) if len(text) <= LONGEST_REMEMBERED else _read(text, today)


@lru_cache(maxsize=2048)
def _remembered(text: str, today: date | None) -> StatusReading:
    return _read(text, today)


def _read(text: str, today: date | None) -> StatusReading:
    low = lowered(text)
    # One sign is quickly looked for. Of the invisible ones only the soft hyphen is a letter of Latin-1.
    hidden = _SOFT_HYPHEN in text if low.is_latin else _INVISIBLE.search(text)
    if hidden or ("-" in text and _BROKEN_WORD.search(text)):
        return _read_joined(text, today)
    return _read_plain(text, low, today)


def _read_plain(text: str, low: Lowered, today: date | None) -> StatusReading:
    cell = take_apart(text, low, today=today)
    draft = Draft()
    first = 0
    for number, (_, end) in enumerate(cell.sentences):
        last = bisect_left(cell.starts, end, first)
        if first < last:
            _read_dated_sentence(cell, number, cell.found[first:last], draft)
        elif cell.stated[number]:
            for statement in statements(cell, number):
                _TAKE[statement.kind](cell, statement, [], draft)
        first = last
    return finished(cell, draft)


def _read_joined(text: str, today: date | None) -> StatusReading:
    """Soft hyphens and words broken over two lines are joined for reading, and the offsets moved back to the text."""
    places: list[int] = []
    place = 0
    for match in _BROKEN.finditer(text):
        places.extend(range(place, match.start()))
        place = match.end()
    places.extend(range(place, len(text)))
    joined = "".join(text[place] for place in places)
    reading = _read_plain(joined, lowered(joined), today)

    def span(pair: tuple[int, int] | None) -> tuple[int, int] | None:
        return None if pair is None else (places[pair[0]], places[pair[1] - 1] + 1)

    def kept(item: ReadPeriod) -> ReadPeriod:
        return item._replace(start=places[item.start], end=places[item.end - 1] + 1)

    def moved(item: ReadPeriod | None) -> ReadPeriod | None:
        return None if item is None else kept(item)

    return reading._replace(
        planned=moved(reading.planned),
        started=moved(reading.started),
        since=moved(reading.since),
        new_date=moved(reading.new_date),
        milestones=tuple(ReadMilestone(item.title, kept(item.when)) for item in reading.milestones),
        state_span=span(reading.state_span),
        cause_span=span(reading.cause_span),
        unreadable=tuple(kept(item) for item in reading.unreadable),
    )


def _read_dated_sentence(cell: Cell, number: int, here: list[FoundPeriod], draft: Draft) -> None:
    """A date belongs to the statement before it, or to the first one when it opens the sentence."""
    start, end = cell.sentences[number]
    said = statements(cell, number) if cell.stated[number] else []
    if len(said) == 1 and not cell.asides:
        _TAKE[said[0].kind](cell, said[0], here, draft)
        return
    dates: list[list[FoundPeriod]] = [[] for _ in said]
    loose: list[FoundPeriod] = []
    for item in here:
        aside = aside_at(cell, item.start) if cell.asides else None
        if aside is not None:
            _add_milestone(draft, title_without(cell.text, aside[0] + 1, aside[1] - 1, item), item)
        elif said:
            before = bisect_right(said, item.start, key=_END_OF)
            dates[max(before - 1, 0)].append(item)
        else:
            loose.append(item)
    # A sentence with a verb that says no state only tells something: "Analysen viste i 2019, at …".
    if loose and not w.VERB.search(cell.low, start, end):
        for item in loose:
            _take_loose(cell, start, end, item, draft)
    for statement, own_dates in zip(said, dates, strict=True):
        _TAKE[statement.kind](cell, statement, own_dates, draft)


def _usable(draft: Draft, item: FoundPeriod) -> ReadPeriod | None:
    """The period for use, or None when the words name none that exists; flags both cases that need a person."""
    read = ReadPeriod(item.words, item.start, item.end, item.period, item.error)
    if item.error is not None and item.error.reason_code != "year_missing":
        draft.unreadable.append(read)
        draft.flags.add(r.UNREADABLE_PERIOD)
        return None
    if item.error is not None:
        draft.flags.add(r.YEAR_MISSING)
    elif item.period is not None and item.period.year_assumed:
        draft.flags.add(r.YEAR_ASSUMED)
    return read


def _add_milestone(draft: Draft, title: str, item: FoundPeriod) -> None:
    when = _usable(draft, item)
    if when is not None:
        draft.milestones.append(ReadMilestone(title, when))


def _take_loose(cell: Cell, start: int, end: int, item: FoundPeriod, draft: Draft) -> None:
    """A date in a sentence without a statement: "Temadrøftelser i 2021." """
    when = _usable(draft, item)
    if when is None:
        return
    title = title_without(cell.text, start, end, item)
    named = _MILESTONE.match(title)
    if named:
        draft.milestones.append(ReadMilestone(title[named.end() :] or title, when))
    else:
        draft.loose.append(ReadMilestone(title, when))


def _take_move(cell: Cell, statement: Statement, dates: list[FoundPeriod], draft: Draft) -> None:
    if any(item.start >= statement.end for item in dates):
        _take_trouble(cell, statement, dates, draft)


def _take_state(cell: Cell, statement: Statement, dates: list[FoundPeriod], draft: Draft) -> None:
    draft.strong = statement


def _take_weak(cell: Cell, statement: Statement, dates: list[FoundPeriod], draft: Draft) -> None:
    draft.weak.append(statement)
    for item in dates if statement.kind == w.WAIT else ():
        _add_milestone(draft, statement_title(cell, statement, item), item)


def _take_trouble(cell: Cell, statement: Statement, dates: list[FoundPeriod], draft: Draft) -> None:
    """Postponed, on hold or delayed. What stands before "til" is left behind, what stands after it is the new date."""
    if draft.strong is not None and statement.about == PART:
        for item in dates:
            _add_milestone(draft, statement_title(cell, statement, item), item)
        return
    draft.strong = statement
    draft.trouble_end = statement.end
    draft.since = None
    if statement.kind != w.DELAY:
        draft.new_date = None
        draft.open_promise = False
    for item in dates:
        begin = max(0, item.start - 30)
        if item.parts and re.search(r"\btil\b", cell.low[item.start : item.end]):
            _leave_behind(statement, item.parts[0], draft)
            draft.new_date = _usable(draft, item.parts[1]) or draft.new_date
        elif "fra" in (before := cell.low[begin : item.start]) and _FROM.search(before):
            _leave_behind(statement, item, draft)
        elif _TO.search(before):
            draft.new_date = _usable(draft, item) or draft.new_date
        elif statement.kind == w.HOLD or item.start < statement.start or _SINCE.search(before):
            draft.since = _usable(draft, item) or draft.since
        else:
            draft.new_date = _usable(draft, item) or draft.new_date


def _leave_behind(statement: Statement, item: FoundPeriod, draft: Draft) -> None:
    """ "Udsat fra" names what had been promised, "på standby fra" the day it stopped."""
    if statement.kind == w.HOLD:
        draft.since = _usable(draft, item) or draft.since
    elif draft.planned is None:
        draft.planned = _usable(draft, item)


def _take_promise(cell: Cell, statement: Statement, dates: list[FoundPeriod], draft: Draft) -> None:
    kind = statement.kind
    # Asked before the statement itself decides anything.
    is_step = bool(dates) and _is_milestone(cell, statement, draft)
    if kind == w.PLAN and draft.strong is None and statement.about != PART:
        draft.strong = statement
    elif kind != w.NEW_DATE:
        draft.weak.append(statement)
    if not dates and kind in (w.PROMISE_START, w.RESUME) and statement.about != PART:
        draft.open_promise = True
    for item in dates:
        if is_step:
            _add_milestone(draft, statement_title(cell, statement, item), item)
        elif kind in (w.NEW_DATE, w.EXTENDED, w.RESUME) or draft.in_trouble:
            draft.new_date = _usable(draft, item) or draft.new_date
            draft.open_promise = False
        elif draft.planned is None:
            draft.planned = _usable(draft, item)
        else:
            _add_milestone(draft, statement_title(cell, statement, item), item)


def _is_milestone(cell: Cell, statement: Statement, draft: Draft) -> bool:
    """Whether a promise speaks of a step on the way, and not of the item itself."""
    kind = statement.kind
    if kind in (w.NEW_DATE, w.EXTENDED, w.RESUME):
        return False
    if kind == w.PROMISE:
        expected = cell.low.startswith(_EXPECTED, statement.start)
        carried_out = draft.strong is None and cell.low.startswith(_CARRIED_OUT, statement.start)
        return not (expected or carried_out) or statement.about != ITEM
    if kind == w.PROMISE_END:
        return statement.about != ITEM
    if draft.strong is not None and not draft.in_trouble:
        return draft.strong.kind not in (w.PLAN, w.NOT_STARTED) or statement.about != ITEM
    return (draft.strong is not None or bool(draft.weak)) and statement.about == PART


def _take_start(cell: Cell, statement: Statement, dates: list[FoundPeriod], draft: Draft) -> None:
    if (draft.strong is not None or statement.kind == w.GOING) and statement.about == PART:
        draft.weak.append(statement)
        return
    draft.strong = statement
    draft.open_promise = False
    for item in dates:
        if draft.started is None:
            draft.started = _usable(draft, item)


def _take_end(cell: Cell, statement: Statement, dates: list[FoundPeriod], draft: Draft) -> None:
    if statement.about == PART:
        draft.weak.append(statement)
        return
    draft.strong = statement
    draft.open_promise = False
    for item in dates[:1]:
        draft.since = _usable(draft, item)


_TAKE = (
    dict.fromkeys((w.POSTPONE, w.HOLD, w.DELAY), _take_trouble)
    | {w.MOVE: _take_move}
    | dict.fromkeys(
        (w.PLAN, w.NEW_DATE, w.EXTENDED, w.RESUME, w.PROMISE_START, w.PROMISE_END, w.PROMISE), _take_promise
    )
    | dict.fromkeys((w.START, w.IN_FORCE, w.GOING), _take_start)
    | dict.fromkeys((w.DONE, w.OPERATION, w.CANCEL), _take_end)
    | dict.fromkeys((w.WAIT, w.RESULT), _take_weak)
    | dict.fromkeys((w.NOT_STARTED, w.NOT_DONE, w.ON_TRACK), _take_state)
)
