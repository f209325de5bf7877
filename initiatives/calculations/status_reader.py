"""Reading a status cell: free Danish prose with several statements in the order of time.

The reader suggests and a person confirms; the words themselves are kept as they are. The last statement about the item
itself decides its state. A promise that follows ("genoptages", "forventes", "behandles") or a parenthesis adds a date or
a milestone, never a state. "Udsat" and "standby" cancel an earlier new date, "forsinket" keeps it, and tense decides
whether something has begun ("igangsat") or is going to ("igangsættes"). Example read in full: the status column of
Region Midtjylland's action plan of 5 November 2020.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from initiatives.calculations import states
from initiatives.calculations import status_words as w
from sundhedsaftale.lib.periods import FoundPeriod, Period, PeriodError, find_periods

PROMISE_WITHOUT_DATE = "promise_without_date"  # "Genoptages." and nothing more
POSTPONED_WITHOUT_DATE = "postponed_without_date"
ON_HOLD_WITHOUT_DATE = "on_hold_without_date"
AWAITS_REFORM = "awaits_reform"
UNREADABLE_PERIOD = "unreadable_period"  # "5. kvartal 2021"
YEAR_MISSING = "year_missing"  # "i foråret", and no year to go by
YEAR_ASSUMED = "year_assumed"  # "i foråret", read as the year of `today`
SUB_TRACKS = "sub_tracks"
GROUP_TO_BE_SET_UP = "group_to_be_set_up"
NO_STATE = "no_state"

FLAGS = (
    PROMISE_WITHOUT_DATE, POSTPONED_WITHOUT_DATE, ON_HOLD_WITHOUT_DATE, AWAITS_REFORM, UNREADABLE_PERIOD, YEAR_MISSING,
    YEAR_ASSUMED, SUB_TRACKS, GROUP_TO_BE_SET_UP, NO_STATE,
)  # fmt: skip

ITEM, PART, OTHER = "item", "part", "other"


@dataclass(frozen=True)
class ReadPeriod:
    """A period with the words it was read from and where they stand. `error` instead of `period`: it names none."""

    words: str
    start: int
    end: int
    period: Period | None = None
    error: PeriodError | None = None

    @property
    def last_day(self) -> date | None:
        return self.period.last_day if self.period else None


@dataclass(frozen=True)
class ReadMilestone:
    title: str
    when: ReadPeriod


@dataclass(frozen=True)
class StatusReading:
    """What a status cell seems to say. Offsets are into the text given; `state_span` is the statement that decided."""

    state: str | None = None
    planned: ReadPeriod | None = None
    started: ReadPeriod | None = None
    since: ReadPeriod | None = None
    new_date: ReadPeriod | None = None
    cause: str | None = None
    milestones: tuple[ReadMilestone, ...] = ()
    flags: tuple[str, ...] = ()
    state_span: tuple[int, int] | None = None
    cause_span: tuple[int, int] | None = None
    unreadable: tuple[ReadPeriod, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON: the periods in the words of the text, None where the text says nothing."""
        return {
            "state": self.state,
            "planned": self.planned.words if self.planned else None,
            "started": self.started.words if self.started else None,
            "since": self.since.words if self.since else None,
            "new_date": self.new_date.words if self.new_date else None,
            "cause": self.cause,
            "milestones": [{"title": item.title, "date": item.when.words} for item in self.milestones],
            "flags": list(self.flags),
        }


@dataclass(frozen=True)
class _Statement:
    kind: str
    start: int
    end: int
    about: str
    subject: str


@dataclass
class _Draft:
    """What has been gathered so far; only this module fills it in."""

    planned: ReadPeriod | None = None
    started: ReadPeriod | None = None
    since: ReadPeriod | None = None
    new_date: ReadPeriod | None = None
    milestones: list[ReadMilestone] = field(default_factory=list)
    loose: list[ReadMilestone] = field(default_factory=list)
    strong: _Statement | None = None
    weak: list[_Statement] = field(default_factory=list)
    trouble_end: int | None = None
    open_promise: bool = False
    unreadable: list[ReadPeriod] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)


_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_TO = re.compile(
    r"\b(?:til|indtil|frem\s+mod|inden)\s+(?:den\s+|d\.\s*|i\s+|og\s+med\s+|møde\w*\s+(?:i\s+|den\s+)?)*$", re.I
)
_FROM = re.compile(r"\bfra\s+(?:den\s+|d\.\s*|i\s+)*$", re.I)
_SINCE = re.compile(r"\b(?:siden|i|den|d\.|pr\.|per|medio|på\s+møde\w*)\s+(?:den\s+|i\s+)*$", re.I)
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_EDGE = re.compile(
    r"^[\s,.;:()\-–•*»«]+|(?:[\s,.;:(\-–]|\b(?:i|på|til|den|d\.|pr\.|fra|siden|og|ved|med|senest|inden|omkring))+$",
    re.I,
)
_WORD = re.compile(r"[^\W\d_][\w.-]*")
_SEPARATOR = re.compile(r"[,;:]|\s(?:men|og|samt|mens)\s|\s[–-]\s")


def read_status(text: str, *, today: date | None = None) -> StatusReading:
    """What the cell seems to say. Never raises, and gives no date whose words are not in the text.

    `today` is the day the cell speaks of: its year is used for periods without one, and that is flagged.
    """
    if _INVISIBLE.search(text):
        return _read_without_invisible(text, today)
    found = [item for item in find_periods(text, today=today) if item.period is None or item.period.is_dated]
    asides = [match.span() for match in _PARENTHESIS.finditer(text) if not _is_only_a_period(match, found)]
    draft = _Draft()
    for start, end in _sentences(text):
        _read_sentence(text, start, end, found, asides, draft)
    return _finished(text, draft)


def _read_without_invisible(text: str, today: date | None) -> StatusReading:
    """Soft hyphens and their like are left out for reading, and the offsets moved back to the text given."""
    places = [place for place, character in enumerate(text) if not _INVISIBLE.match(character)]
    reading = read_status("".join(text[place] for place in places), today=today)

    def span(start: int, end: int) -> tuple[int, int]:
        return places[start], places[end - 1] + 1

    def moved(item: ReadPeriod | None) -> ReadPeriod | None:
        return (
            None
            if item is None
            else replace(item, start=span(item.start, item.end)[0], end=span(item.start, item.end)[1])
        )

    return replace(
        reading,
        planned=moved(reading.planned),
        started=moved(reading.started),
        since=moved(reading.since),
        new_date=moved(reading.new_date),
        milestones=tuple(
            ReadMilestone(item.title, when) for item in reading.milestones if (when := moved(item.when)) is not None
        ),
        state_span=span(*reading.state_span) if reading.state_span else None,
        cause_span=span(*reading.cause_span) if reading.cause_span else None,
        unreadable=tuple(when for item in reading.unreadable if (when := moved(item)) is not None),
    )


def _is_only_a_period(match: re.Match[str], found: list[FoundPeriod]) -> bool:
    """ "Genoptages (2. kvartal 2021)" is one statement; other parentheses stand aside."""
    for item in found:
        if match.start() < item.start and item.end < match.end():
            rest = match.string[match.start(1) : item.start] + match.string[item.end : match.end(1)]
            return not _EDGE.sub("", rest).strip()
    return False


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in w.BREAK.finditer(text):
        if (
            match[0]
            and "\n\n" not in match[0]
            and w.ABBREVIATION.search(text, max(start, match.start() - 14), match.start())
        ):
            continue
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


def _within(place: int, spans: list[tuple[int, int]]) -> tuple[int, int] | None:
    return next(((start, end) for start, end in spans if start <= place < end), None)


def _read_sentence(
    text: str, start: int, end: int, found: list[FoundPeriod], asides: list[tuple[int, int]], draft: _Draft
) -> None:
    here = [item for item in found if start <= item.start < end]
    statements = list(_statements(text, start, end, here, asides))
    dates: dict[int, list[FoundPeriod]] = {}
    for item in here:
        aside = _within(item.start, asides)
        if aside is not None:
            _add_milestone(draft, _title(text, aside[0] + 1, aside[1] - 1, item), item)
            continue
        before = [index for index, statement in enumerate(statements) if statement.end <= item.start]
        if statements:
            dates.setdefault(before[-1] if before else 0, []).append(item)
        else:
            _take_loose(text, start, end, item, draft)
    for index, statement in enumerate(statements):
        _take_statement(text, start, statement, dates.get(index, []), draft)


def _statements(
    text: str, start: int, end: int, here: list[FoundPeriod], asides: list[tuple[int, int]]
) -> Iterator[_Statement]:
    place, subject, about = start, "", ITEM
    in_sub_track = re.match(r"\d\)", text[start : start + 3]) is not None
    for match in w.STATEMENT.finditer(text, start, end):
        kind = match.lastgroup or w.NOTHING
        if kind == w.NOTHING or _within(match.start(), asides) is not None:
            continue
        own = _subject(text, place, match.start(), here, is_first=place == start)
        if own or place == start:
            subject, about = own, _about(own)
        if in_sub_track:
            about = PART
        yield _Statement(kind, match.start(), match.end(), about, subject)
        place = match.end()


def _subject(text: str, start: int, end: int, here: list[FoundPeriod], *, is_first: bool) -> str:
    """The words before a statement that say what it is about, without dates.

    Empty for a later statement of the sentence with no subject of its own: "… er igangsat i klyngen og forventes færdig".
    """
    for item in here:
        if start <= item.start and item.end <= end:
            text = text[: item.start] + " " * (item.end - item.start) + text[item.end :]
    separators = list(_SEPARATOR.finditer(text, start, end))
    if separators and (not is_first or text[separators[-1].end() : end].strip()):
        start = separators[-1].end()
    elif not is_first:
        return ""
    return _EDGE.sub("", " ".join(text[start:end].split())).strip()


def _about(subject: str) -> str:
    words = [word for word in _WORD.findall(subject) if word.lower().strip(".") not in w.OF_THE_ITEM]
    if not words:
        return ITEM
    return PART if any(w.PART.fullmatch(word.strip(".")) for word in words[:3]) else OTHER


def _as_read(item: FoundPeriod) -> ReadPeriod:
    return ReadPeriod(item.words, item.start, item.end, item.period, item.error)


def _usable(draft: _Draft, item: FoundPeriod) -> ReadPeriod | None:
    """The period for use, or None when the words name none that exists; flags both cases that need a person."""
    read = _as_read(item)
    if item.error is not None and item.error.reason_code != "year_missing":
        draft.unreadable.append(read)
        draft.flags.add(UNREADABLE_PERIOD)
        return None
    if item.error is not None:
        draft.flags.add(YEAR_MISSING)
    elif item.period is not None and item.period.year_assumed:
        draft.flags.add(YEAR_ASSUMED)
    return read


def _title(text: str, start: int, end: int, item: FoundPeriod) -> str:
    rest = text[start : item.start].rstrip() + " " + text[item.end : end].lstrip()
    before = _EDGE.sub("", " ".join(text[start : item.start].split()))
    after = " ".join(text[item.end : end].split())
    rest = before if len(before) > 3 and len(after) < 3 else f"{before} {after}"
    return _EDGE.sub("", rest).strip()[:200]


def _add_milestone(draft: _Draft, title: str, item: FoundPeriod) -> None:
    when = _usable(draft, item)
    if when is not None:
        draft.milestones.append(ReadMilestone(title, when))


def _take_loose(text: str, start: int, end: int, item: FoundPeriod, draft: _Draft) -> None:
    """A date in a sentence without a statement: "Temadrøftelser i 2021." A sentence with a verb only tells of something."""
    title = _title(text, start, end, item)
    if w.VERB.search(text, start, end):
        return
    when = _usable(draft, item)
    if when is not None:
        title = re.sub(r"^milepæl(?:e|en)?\s*:?\s*", "", title, flags=re.I) or title
        kept = draft.milestones if re.match(r"\W*milepæl", text[start:end], re.I) else draft.loose
        kept.append(ReadMilestone(title, when))


def _take_statement(text: str, start: int, statement: _Statement, dates: list[FoundPeriod], draft: _Draft) -> None:
    kind = statement.kind
    if kind == w.MOVE and not any(item.start >= statement.end for item in dates):
        return
    if kind in w.TROUBLE:
        _take_trouble(text, statement, dates, draft)
    elif kind in (w.PLAN, w.PROMISE_START, w.PROMISE_END, w.NEW_DATE, w.PROMISE):
        _take_promise(text, start, statement, dates, draft)
    elif kind in (w.START, w.IN_FORCE, w.GOING):
        _take_start(statement, dates, draft)
    elif kind in (w.DONE, w.OPERATION, w.CANCEL):
        _take_end(statement, dates, draft)
    elif kind == w.WAIT:
        draft.weak.append(statement)
        for item in dates:
            _add_milestone(draft, _statement_title(text, start, statement, item), item)
    elif kind == w.RESULT:
        draft.weak.append(statement)
    else:
        draft.strong = statement


def _take_trouble(text: str, statement: _Statement, dates: list[FoundPeriod], draft: _Draft) -> None:
    """Postponed, on hold or delayed. What stands before "til" is left behind, what stands after it is the new date."""
    if statement.about == PART and draft.strong is not None:
        for item in dates:
            _add_milestone(draft, statement.subject, item)
        return
    draft.strong = statement
    draft.trouble_end = statement.end
    if statement.kind != w.DELAY:
        draft.new_date = None
        draft.open_promise = False
    if statement.kind != w.HOLD:
        draft.since = None
    for item in dates:
        ends = item.parts if item.parts and re.search(r"\btil\b", text[item.start : item.end]) else ()
        if ends:
            _leave_behind(statement, ends[0], draft)
            draft.new_date = _usable(draft, ends[1]) or draft.new_date
        elif _FROM.search(text, 0, item.start) and statement.kind != w.HOLD:
            _leave_behind(statement, item, draft)
        elif _TO.search(text, max(0, item.start - 30), item.start):
            draft.new_date = _usable(draft, item) or draft.new_date
        elif statement.kind == w.HOLD or item.start < statement.start or _SINCE.search(text, 0, item.start):
            draft.since = _usable(draft, item) or draft.since
        else:
            draft.new_date = _usable(draft, item) or draft.new_date


def _leave_behind(statement: _Statement, item: FoundPeriod, draft: _Draft) -> None:
    if statement.kind == w.HOLD:
        draft.since = _usable(draft, item) or draft.since
    elif draft.planned is None:
        draft.planned = _usable(draft, item)


def _in_trouble(draft: _Draft) -> bool:
    return draft.strong is not None and draft.strong.kind in w.TROUBLE


def _take_promise(text: str, start: int, statement: _Statement, dates: list[FoundPeriod], draft: _Draft) -> None:
    kind, trouble = statement.kind, _in_trouble(draft)
    if kind == w.PLAN and draft.strong is None and statement.about != PART:
        draft.strong = statement
    elif kind != w.NEW_DATE:
        draft.weak.append(statement)
    if not dates:
        if kind == w.PROMISE_START and statement.about != PART:
            draft.open_promise = True
        return
    for item in dates:
        if _is_milestone(statement, draft, text):
            _add_milestone(draft, _statement_title(text, start, statement, item), item)
        elif kind == w.NEW_DATE or trouble:
            draft.new_date = _usable(draft, item) or draft.new_date
            draft.open_promise = False
        elif draft.planned is None:
            draft.planned = _usable(draft, item)
        else:
            _add_milestone(draft, _statement_title(text, start, statement, item), item)


def _is_milestone(statement: _Statement, draft: _Draft, text: str) -> bool:
    """Whether a promise speaks of a step on the way, and not of the item itself."""
    kind, about = statement.kind, statement.about
    if kind == w.NEW_DATE:
        return False
    if kind == w.PROMISE:
        expected = re.match(r"(?:for)?vente[st]", text[statement.start : statement.end], re.I) is not None
        carried_out = (
            re.match(r"gennemføres|afholdes|implementeres", text[statement.start : statement.end], re.I) is not None
        )
        return about != ITEM or not (expected or (carried_out and draft.strong is None))
    if kind == w.PROMISE_END:
        return about != ITEM
    if draft.strong is not None and not _in_trouble(draft):
        return about != ITEM or draft.strong.kind not in (w.PLAN, w.NOT_STARTED)
    return about == PART and draft.strong is not None


def _statement_title(text: str, start: int, statement: _Statement, item: FoundPeriod) -> str:
    """The statement as a title: what it is about and what is to happen, without the date."""
    end = item.start if item.start > statement.end else statement.end
    said = _EDGE.sub("", " ".join(text[statement.start : end].split()))
    return f"{statement.subject} {said}".strip()[:200] if statement.subject else said[:1].upper() + said[1:200]


def _take_start(statement: _Statement, dates: list[FoundPeriod], draft: _Draft) -> None:
    if statement.about == PART and (draft.strong is not None or statement.kind == w.GOING):
        draft.weak.append(statement)
        return
    draft.strong = statement
    draft.open_promise = False
    for item in dates:
        if draft.started is None:
            draft.started = _usable(draft, item)


def _take_end(statement: _Statement, dates: list[FoundPeriod], draft: _Draft) -> None:
    if statement.about == PART:
        draft.weak.append(statement)
        return
    draft.strong = statement
    draft.open_promise = False
    for item in dates[:1]:
        draft.since = _usable(draft, item)


def _state(draft: _Draft) -> tuple[str | None, _Statement | None]:
    if draft.strong is not None:
        return w.STATE_OF[draft.strong.kind], draft.strong
    for kind, state in w.WEAK_STATE_OF.items():
        for statement in reversed(draft.weak):
            if statement.kind == kind or (kind == w.RESULT and statement.kind in w.STATE_OF):
                # A finished part means that the item is under way; a moved part moved the item, for nothing else is known.
                return state, statement
    return None, None


def _cause(
    text: str, draft: _Draft, decided: _Statement | None, state: str | None
) -> tuple[str, tuple[int, int]] | None:
    """The cause named with a mark ("pga."), else in the sentence that says something went wrong, else what is awaited."""
    best: tuple[str, tuple[int, int]] | None = None
    for mark in w.CAUSE_MARK.finditer(text):
        stop = re.compile(r"[.;!?](?:\s|$)|\n\s*\n").search(text, mark.end())
        end = stop.start() if stop else len(text)
        match = w.CAUSE.search(text, mark.end(), end)
        if match:
            best = (match.lastgroup or w.OTHER, match.span())
        elif best is None and text[mark.end() : end].strip():
            best = (w.OTHER, (mark.end(), end))
    if best is not None:
        return best
    troubled = (states.DELAYED, states.POSTPONED, states.ON_HOLD, states.CANCELLED)
    if state not in troubled or decided is None:
        return None
    for start, end in _sentences(text):
        if start <= decided.start < end or (draft.trouble_end is None and start >= decided.start):
            match = w.CAUSE.search(text, start, end)
            if match:
                return match.lastgroup or w.OTHER, match.span()
    match = w.WAITING_FOR_REFORM.search(text)
    return (w.AWAITING_REFORM, match.span()) if match else None


def _finished(text: str, draft: _Draft) -> StatusReading:
    state, decided = _state(draft)
    _place_loose(draft, state)
    cause = _cause(text, draft, decided, state)
    flags = draft.flags
    if not text.strip() or state is None:
        flags.add(NO_STATE)
    if draft.new_date is None and UNREADABLE_PERIOD not in flags:
        if draft.open_promise and draft.planned is None or draft.open_promise and _in_trouble(draft):
            flags.add(PROMISE_WITHOUT_DATE)
        if state == states.POSTPONED:
            flags.add(POSTPONED_WITHOUT_DATE)
        if state == states.ON_HOLD:
            flags.add(ON_HOLD_WITHOUT_DATE)
    if w.WAITING_FOR_REFORM.search(text):
        flags.add(AWAITS_REFORM)
    if w.SUB_TRACKS.search(text):
        flags.add(SUB_TRACKS)
    if w.GROUP_TO_COME.search(text):
        flags.add(GROUP_TO_BE_SET_UP)
    return StatusReading(
        state=state,
        planned=draft.planned,
        started=draft.started,
        since=draft.since,
        new_date=draft.new_date,
        cause=cause[0] if cause else None,
        milestones=tuple(sorted(draft.milestones, key=lambda item: item.when.start)),
        flags=tuple(flag for flag in FLAGS if flag in flags),
        state_span=(decided.start, decided.end) if decided else None,
        cause_span=cause[1] if cause else None,
        unreadable=tuple(draft.unreadable),
    )


def _place_loose(draft: _Draft, state: str | None) -> None:
    """After "udsat" without a date of its own, the next bare date is where the item now stands; the rest are milestones."""
    for item in draft.loose:
        after = draft.trouble_end is not None and item.when.start >= draft.trouble_end
        planned = draft.planned.last_day if draft.planned else None
        later = planned is None or item.when.last_day is None or item.when.last_day > planned
        wants_date = state in (states.POSTPONED, states.ON_HOLD) and draft.new_date is None and not draft.open_promise
        if wants_date and after and later:
            draft.new_date = item.when
        else:
            draft.milestones.append(item)
