"""What has been gathered from the statements of a status cell, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass, field

from initiatives.calculations import states
from initiatives.calculations import status_reading as r
from initiatives.calculations import status_words as w
from initiatives.calculations.status_reading import ReadMilestone, ReadPeriod, StatusReading
from initiatives.calculations.status_sentences import Cell, Statement, cause_marked, cause_named

_TROUBLED = (states.DELAYED, states.POSTPONED, states.ON_HOLD, states.CANCELLED)


@dataclass(slots=True)
class Draft:
    """What has been gathered so far; only the reader fills it in."""

    planned: ReadPeriod | None = None
    started: ReadPeriod | None = None
    since: ReadPeriod | None = None
    new_date: ReadPeriod | None = None
    milestones: list[ReadMilestone] = field(default_factory=list)
    loose: list[ReadMilestone] = field(default_factory=list)
    strong: Statement | None = None
    weak: list[Statement] = field(default_factory=list)
    trouble_end: int | None = None
    open_promise: bool = False
    unreadable: list[ReadPeriod] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    @property
    def in_trouble(self) -> bool:
        if self.strong is None:
            return any(statement.kind == w.WAIT for statement in self.weak)
        return self.strong.kind in w.TROUBLE


def finished(cell: Cell, draft: Draft) -> StatusReading:
    state, decided = _decided(draft)
    _place_loose(draft, state)
    code, place, sure = _cause(cell, decided, state) or (None, None, r.LIKELY)
    flags = draft.flags | _flags(cell.low, draft, state)
    return StatusReading(
        state=state,
        planned=draft.planned,
        started=draft.started,
        since=draft.since,
        new_date=draft.new_date,
        cause=code,
        milestones=tuple(sorted(draft.milestones, key=lambda item: item.when.start)) if draft.milestones else (),
        flags=tuple([flag for flag in r.FLAGS if flag in flags]) if flags else (),
        state_span=(decided.start, decided.end) if decided else None,
        cause_span=place,
        unreadable=tuple(draft.unreadable),
        # Without a statement about the item itself the state only follows from what is said of its parts.
        state_confidence=r.SURE if draft.strong is not None else r.LIKELY,
        cause_confidence=sure,
    )


def _decided(draft: Draft) -> tuple[str | None, Statement | None]:
    """The state and the statement that decided it. A finished part means that the item is under way."""
    if draft.strong is not None:
        return w.STATE_OF[draft.strong.kind], draft.strong
    for kind, state in w.WEAK_STATE_OF.items():
        for statement in reversed(draft.weak):
            if statement.kind == kind or (kind == w.RESULT and statement.kind in w.STATE_OF):
                return state, statement
    return None, None


def _cause(cell: Cell, decided: Statement | None, state: str | None) -> tuple[str, tuple[int, int], str] | None:
    """The cause with a mark ("pga."), else the one in the sentence that says what went wrong, else what is awaited."""
    marked = cause_marked(cell)
    if marked is not None:
        return *marked, r.SURE
    if decided is None or state not in _TROUBLED:
        return None
    named = cause_named(cell, decided.start)
    if named is not None:
        return *named, r.LIKELY
    awaited = w.WAITING_FOR_REFORM.search(cell.low) if "reform" in cell.low else None
    return (w.AWAITING_REFORM, awaited.span(), r.LIKELY) if awaited else None


def _place_loose(draft: Draft, state: str | None) -> None:
    """After "udsat" without a date of its own, the next bare date is its new date; others are milestones."""
    for item in draft.loose:
        after = draft.trouble_end is not None and item.when.start >= draft.trouble_end
        planned = draft.planned.last_day if draft.planned else None
        later = planned is None or item.when.last_day is None or item.when.last_day > planned
        wants_date = state in (states.POSTPONED, states.ON_HOLD) and draft.new_date is None and not draft.open_promise
        if wants_date and after and later:
            draft.new_date = item.when
        else:
            draft.milestones.append(item)


def _flags(low: str, draft: Draft, state: str | None) -> set[str]:
    flags: set[str] = set()
    if state is None:
        flags.add(r.NO_STATE)
    if draft.new_date is None and r.UNREADABLE_PERIOD not in draft.flags:
        if draft.open_promise and (draft.planned is None or draft.in_trouble):
            flags.add(r.PROMISE_WITHOUT_DATE)
        if state == states.POSTPONED:
            flags.add(r.POSTPONED_WITHOUT_DATE)
        if state == states.ON_HOLD:
            flags.add(r.ON_HOLD_WITHOUT_DATE)
    if "reform" in low and w.WAITING_FOR_REFORM.search(low):
        flags.add(r.AWAITS_REFORM)
    if w.has_sub_tracks(low):
        flags.add(r.SUB_TRACKS)
    if "nedsættes" in low and w.GROUP_TO_COME.search(low):
        flags.add(r.GROUP_TO_BE_SET_UP)
    return flags
