"""The status editor as the page shows it: what the reader made of the words, and whose words stand in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from initiatives.actions.periods import period_message
from initiatives.calculations.states import ON_HOLD
from initiatives.calculations.status_reader import ReadPeriod, StatusReading, read_status
from initiatives.calculations.status_reading import NO_STATE
from initiatives.models import DelayCause, State, StatusUpdate
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.marked_words import Piece
from initiatives.presenters.reading_sentence import reading_pieces, reading_sentence, when_text
from initiatives.presenters.states import ORDER, StateView, state_view
from initiatives.presenters.wording import day_text, is_danish, period_text
from sundhedsaftale.lib.cpr import find_cpr

GOOD, BAD, GUESS = "check", "error", "guess"
#: As long as a status may be; nobody writes more, and a server is not kept busy with it.
LONGEST_READ = 6_000


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of what was read. icon: check, error or guess."""

    label: str
    value: str
    note: str = ""
    icon: str = GOOD

    @property
    def is_bad(self) -> bool:
        return self.icon == BAD

    @property
    def is_guess(self) -> bool:
        return self.icon == GUESS


@dataclass(frozen=True, slots=True)
class ReadingView:
    """refused: the words hold a CPR number and were not read at all. differs: the state read is not the one chosen.

    sentence: all that was read, as one question. pieces: the words, those it was read from marked.
    """

    number: int
    sentence: str = ""
    pieces: tuple[Piece, ...] = ()
    lines: tuple[ReadLine, ...] = ()
    empty: str = ""
    refused: bool = False
    differs: str = ""
    usable: bool = False

    @property
    def has_bad(self) -> bool:
        return any(line.is_bad for line in self.lines)


@dataclass(frozen=True, slots=True)
class ConflictView:
    who: str
    when: str
    words: str
    state: StateView
    due: str  # "" when they named no date
    mine: str


@dataclass(frozen=True, slots=True)
class StateChoice:
    id: str
    value: str
    state: StateView
    checked: bool


def reading_view(number: int, text: str, chosen: str, *, today: date) -> tuple[ReadingView, StatusReading]:
    """What the words seem to say. The scan for CPR numbers comes first: such words are not looked at further."""
    if find_cpr(text):
        return ReadingView(number=number, refused=True), StatusReading()
    if not text.strip():
        return ReadingView(number=number, empty=_("Write something, and you see here how it is read.")), StatusReading()
    if len(text) > LONGEST_READ:
        return ReadingView(number=number, empty=_("The text is too long to be read here.")), StatusReading()
    reading = read_status(text, today=today)
    cause = _cause_name(reading.cause) if reading.cause else ""
    lines = _lines(reading, cause)
    if not lines and set(reading.flags) <= {NO_STATE}:
        return ReadingView(number=number, empty=_("No state and no date can be read. Choose them below.")), reading
    view = ReadingView(
        number=number,
        sentence=reading_sentence(reading, cause),
        pieces=reading_pieces(text, reading),
        lines=lines,
        differs=_differs(reading, chosen),
        usable=any((reading.state, reading.cause, reading.planned, reading.started, reading.since, reading.new_date)),
    )
    return view, reading


def conflict_view(current: StatusUpdate, mine: str) -> ConflictView:
    return ConflictView(
        who=str(current.by) if current.by else _("Somebody"),
        when=moment_text(current.recorded_at),
        words=current.text,
        state=state_view(current.state),
        due=period_text(current.due.period) if current.due else "",
        mine=mine,
    )


def state_choices(auto_id: str, chosen: str) -> tuple[StateChoice, ...]:
    """The eight states with their icons; ids as Django numbers radios, so that the error summary finds the first."""
    return tuple(
        StateChoice(id=f"{auto_id}_{place}", value=state, state=state_view(state), checked=state == chosen)
        for place, state in enumerate(ORDER)
    )


def _lines(reading: StatusReading, cause: str) -> tuple[ReadLine, ...]:
    lines = []
    if reading.state:
        lines.append(ReadLine(_("State"), str(State(reading.state).label)))
    dated: tuple[tuple[str, ReadPeriod | None], ...] = (
        (_("Promised for"), reading.planned),
        (_("Started"), reading.started),
        (_("On hold since") if reading.state == ON_HOLD else pgettext("reading", "Since"), reading.since),
        (_("New date"), reading.new_date),
    )
    lines += [_dated(label, read) for label, read in dated if read is not None]
    lines += [ReadLine(_("Date"), _unreadable(read), _why_not(read), BAD) for read in reading.unreadable]
    if "postponed_without_date" in reading.flags or "on_hold_without_date" in reading.flags:
        lines.append(ReadLine(_("New date"), _("None is named"), _("The item will be marked »No new date«."), GUESS))
    elif "promise_without_date" in reading.flags:
        lines.append(ReadLine(_("New date"), _("Promised, but without a date"), icon=GUESS))
    if cause:
        lines.append(ReadLine(_("Cause"), cause))
    for milestone in reading.milestones:
        when = milestone.when
        note = _("Add it as a milestone on the item's page, if it is one.")
        lines.append(ReadLine(_("Milestone"), f"{milestone.title}, {when_text(when)}", note, GUESS))
    return tuple(lines)


def _dated(label: str, read: ReadPeriod) -> ReadLine:
    if read.period is None:
        return ReadLine(label, _unreadable(read), _why_not(read), BAD)
    latest = read.period.last_day
    note = _("at the latest %(day)s") % {"day": day_text(latest)} if latest else ""
    icon = GUESS if read.period.year_assumed else GOOD
    return ReadLine(label, when_text(read), note, icon)


def _unreadable(read: ReadPeriod) -> str:
    return _("Cannot be read: »%(words)s«") % {"words": read.words}


def _why_not(read: ReadPeriod) -> str:
    return period_message(read.error) if read.error is not None else ""


def _cause_name(code: str) -> str:
    cause: Any = DelayCause.objects.filter(pk=code).first()
    if cause is None:
        return code
    return str(cause.name if is_danish() else cause.name_en)


def _differs(reading: StatusReading, chosen: str) -> str:
    if not reading.state or not chosen or reading.state == chosen:
        return ""
    words = {"chosen": State(chosen).label, "read": State(reading.state).label}
    return _("You have chosen »%(chosen)s«. The text reads as »%(read)s«.") % words
