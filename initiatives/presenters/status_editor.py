"""The status editor as the page shows it: what the reader made of the words, and whose words stand in the way."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from initiatives.actions.periods import period_message
from initiatives.calculations.status_reader import ReadPeriod, StatusReading, read_status
from initiatives.models import DelayCause, State, StatusUpdate
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.states import ORDER, StateView, state_view
from initiatives.presenters.wording import day_text, is_danish, period_text
from sundhedsaftale.lib.cpr import find_cpr

GOOD, BAD, GUESS = "check", "error", "guess"


@dataclass(frozen=True, slots=True)
class ReadLine:
    """One line of "read as". icon: check, error or guess."""

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
    """refused: the words hold a CPR number and were not read at all. differs: the state read is not the one chosen."""

    number: int
    lines: tuple[ReadLine, ...] = ()
    empty: str = ""
    refused: bool = False
    differs: str = ""
    usable: bool = False


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
    reading = read_status(text, today=today)
    lines = _lines(reading)
    if not lines:
        return ReadingView(number=number, empty=_("No state and no date can be read. Choose them below.")), reading
    return ReadingView(number=number, lines=lines, differs=_differs(reading, chosen), usable=True), reading


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


def _lines(reading: StatusReading) -> tuple[ReadLine, ...]:
    lines = []
    if reading.state:
        lines.append(ReadLine(_("State"), str(State(reading.state).label)))
    dated: tuple[tuple[str, ReadPeriod | None], ...] = (
        (_("Promised for"), reading.planned),
        (_("Started"), reading.started),
        (_("On hold since"), reading.since),
        (_("New date"), reading.new_date),
    )
    lines += [_dated(label, read) for label, read in dated if read is not None]
    lines += [ReadLine(_("Date"), _unreadable(read), _why_not(read), BAD) for read in reading.unreadable]
    if "postponed_without_date" in reading.flags or "on_hold_without_date" in reading.flags:
        lines.append(ReadLine(_("New date"), _("None is named"), _("The item will be marked »No new date«."), GUESS))
    elif "promise_without_date" in reading.flags:
        lines.append(ReadLine(_("New date"), _("Promised, but without a date"), icon=GUESS))
    if reading.cause:
        lines.append(ReadLine(_("Cause"), _cause_name(reading.cause)))
    for milestone in reading.milestones:
        when = milestone.when
        note = _("Add it as a milestone on the item's page, if it is one.")
        lines.append(ReadLine(_("Milestone"), f"{milestone.title}, {_when(when)}", note, GUESS))
    return tuple(lines)


def _dated(label: str, read: ReadPeriod) -> ReadLine:
    if read.period is None:
        return ReadLine(label, _unreadable(read), _why_not(read), BAD)
    latest = read.period.last_day
    note = _("at the latest %(day)s") % {"day": day_text(latest)} if latest else ""
    icon = GUESS if read.period.year_assumed else GOOD
    return ReadLine(label, _when(read), note, icon)


def _when(read: ReadPeriod) -> str:
    return period_text(read.period) if read.period is not None else read.words


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
