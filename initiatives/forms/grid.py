"""The fields of the status grid on their way in: what was typed, and what is said by it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from initiatives.actions.meeting_answers import Answer, Problem
from initiatives.actions.status import StatusDraft
from initiatives.calculations.status_reader import read_status
from initiatives.calculations.sure_reading import take
from initiatives.forms.status import TEXT_LENGTH, WORDS_LENGTH
from initiatives.models import ActionItem, Body, DelayCause, State
from initiatives.presenters.status_grid import FIELDS, Typed, doubt_text, prefix
from sundhedsaftale.lib.cpr import find_cpr


def typed_row(data: Mapping[str, str], number: int) -> Typed:
    """The row as it was sent; a field that is missing is empty."""
    row = prefix(number)
    values = {name: data.get(f"{row}-{name}", "") for name in FIELDS}
    return Typed(**values, unchanged=f"{row}-unchanged" in data)


def answer_of(
    typed: Typed, item: ActionItem, causes: Mapping[str, DelayCause], *, behalf: Body | None, today: date
) -> Answer | Problem:
    """What a touched row says, or why it cannot be told."""
    opened_on = int(typed.opened) if typed.opened.isdecimal() else 0
    if typed.unchanged:
        if typed.text.strip() or typed.state or typed.due.strip() or typed.cause:
            return _problem("text", _("There are both new words and a tick at »Unchanged«. Keep one of them."))
        return Answer(item.number, item, opened_on, None, behalf)
    if not typed.text.strip():
        return _problem("text", _("Write the status in your own words."))
    if len(typed.text) > TEXT_LENGTH:
        return _problem("text", _("The text is longer than %(most)s characters.") % {"most": TEXT_LENGTH})
    if len(typed.due) > WORDS_LENGTH:
        return _problem("due", _("The date is longer than %(most)s characters.") % {"most": WORDS_LENGTH})
    if typed.state and typed.state not in State.values:
        return _problem("state", _("Choose a state."))
    if typed.cause and typed.cause not in causes:
        return _problem("cause", _("Choose a cause from the list."))
    if find_cpr(typed.text) or find_cpr(typed.due):
        # Not looked at further: the action refuses it, and says what to do.
        return Answer(item.number, item, opened_on, StatusDraft(State.PLANNED, typed.text, due=typed.due), behalf)
    return _read(typed, item, causes, opened_on, behalf, today)


def _read(
    typed: Typed,
    item: ActionItem,
    causes: Mapping[str, DelayCause],
    opened_on: int,
    behalf: Body | None,
    today: date,
) -> Answer | Problem:
    reading = read_status(typed.text, today=today)
    taken = take(reading, state=typed.state, due=typed.due.strip(), cause=typed.cause)
    if taken.unsure:
        return Problem({name: [doubt_text(reason)] for name, reason in taken.unsure.items()})
    draft = StatusDraft(
        state=taken.state,
        text=typed.text,
        due=taken.due,
        planned=taken.planned,
        started=taken.started,
        since=taken.since,
        cause=causes.get(taken.cause),
        no_date=taken.no_date,
    )
    return Answer(item.number, item, opened_on, draft, behalf)


def _problem(field: str, text: str) -> Problem:
    return Problem({field: [text]})
