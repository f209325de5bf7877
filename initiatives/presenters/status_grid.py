"""All items of a plan in one grid, to be answered for a meeting from the keyboard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.meeting_answers import Problem
from initiatives.calculations.status_reader import read_status
from initiatives.calculations.sure_reading import (
    CAUSE_GUESSED,
    DATE_GUESSED,
    DATE_UNREADABLE,
    NO_CAUSE,
    NO_STATE,
    STATE_GUESSED,
    Taken,
    take,
)
from initiatives.models import DelayCause, Meeting, Plan
from initiatives.permissions import PlanRights
from initiatives.presenters.items import ItemUrls, no_status_reason, without_blank_lines
from initiatives.presenters.meeting_items import MeetingItem, StatusRow
from initiatives.presenters.meeting_page import on_behalf_text
from initiatives.presenters.meetings import hand_in_sentence, meeting_title
from initiatives.presenters.states import ORDER, StateView, state_view
from initiatives.presenters.status_editor import ConflictView, conflict_view
from initiatives.presenters.wording import day_text, is_danish, period_text
from sundhedsaftale.lib.cpr import find_cpr
from sundhedsaftale.lib.periods import PeriodError, parse_period

FIELDS = ("text", "state", "due", "cause", "opened")


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields of one row, as it was typed."""

    text: str = ""
    state: str = ""
    due: str = ""
    cause: str = ""
    opened: str = ""
    unchanged: bool = False

    @property
    def is_touched(self) -> bool:
        return bool(self.text.strip() or self.state or self.due.strip() or self.cause or self.unchanged)


@dataclass(frozen=True, slots=True)
class GridReading:
    """How the words of a row are read: what is saved when nothing is chosen by hand.

    doubts: what a person has to choose. refused: the words hold a CPR number and were not looked at.
    """

    row: str
    state: StateView | None = None
    date: str = ""
    cause: str = ""
    doubts: tuple[str, ...] = ()
    refused: bool = False
    empty: bool = True


@dataclass(frozen=True, slots=True)
class RowError:
    field_id: str
    text: str


@dataclass(frozen=True, slots=True)
class GridRow:
    row: str  # prefix of the fields' names and ids
    number: int
    title: str
    url: str
    owners: str
    state: StateView
    words: str
    meta: str
    due: str
    on_behalf_of: str
    answered: str
    can_keep: bool
    typed: Typed
    opened: int
    errors: tuple[RowError, ...]
    conflict: ConflictView | None
    reading: GridReading
    read_url: str
    focus: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the fields to choose by hand are unfolded: something was chosen, or has to be."""
        typed = self.typed
        by_hand = bool(typed.state or typed.due or typed.cause)
        return by_hand or any(not error.field_id.endswith("-text") for error in self.errors)

    @property
    def has_text_error(self) -> bool:
        return any(error.field_id.endswith("-text") for error in self.errors)


@dataclass(frozen=True, slots=True)
class Choices:
    """The lists of every row, the same for all of them. Pairs of value and label."""

    states: tuple[tuple[str, str], ...]
    causes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GridPage:
    heading: str
    kicker: str
    lead: str
    deadline: str
    others: str
    rows: tuple[GridRow, ...]
    errors: tuple[RowError, ...]
    choices: Choices
    back_url: str
    plan_title: str
    not_saved: str = ""


@dataclass(frozen=True)
class Sent:
    """What came back with a form: the fields by item number, the problems by item number, a word for the whole page."""

    typed: Mapping[int, Typed] = field(default_factory=dict)
    problems: Mapping[int, Problem] = field(default_factory=dict)
    problem: str = ""


def grid_choices() -> Choices:
    """One query."""
    name = "name" if is_danish() else "name_en"
    return Choices(
        states=tuple((state, state_view(state).word) for state in ORDER),
        causes=tuple(DelayCause.objects.values_list("code", name)),
    )


def grid_page(
    meeting: Meeting,
    plan: Plan,
    items: list[MeetingItem],
    rights: PlanRights,
    choices: Choices,
    *,
    today: date,
    sent: Sent | None = None,
) -> GridPage:
    """The grid as it opens, or as it comes back with everything that was typed."""
    given = sent or Sent()
    urls = ItemUrls(plan.slug)
    read_url = reverse("status_grid_read", args=[meeting.pk, plan.slug, 0]).split("/0/")
    shown = [item for item in items if rights.can_write(item) or item.number in given.typed]
    rows: list[GridRow] = []
    for item in shown:
        typed = given.typed.get(item.number, Typed())
        problem = given.problems.get(item.number)
        behalf = rights.on_behalf_of(item)
        rows.append(
            _row(
                item,
                plan,
                urls,
                typed,
                problem,
                choices,
                behalf=behalf.name if behalf else "",
                read_url=f"/{item.number}/".join(read_url),
                focus=not rows and not given.problems and not given.problem,
                today=today,
            )
        )
    errors = tuple(error for row in rows for error in row.errors)
    return GridPage(
        heading=_("Statuses for the meeting"),
        kicker=f"{meeting.body.name} · {meeting_title(meeting)}",
        lead=plan.title,
        deadline=hand_in_sentence(meeting),
        others=_others(len(items) - len(shown)),
        rows=tuple(rows),
        errors=(*((RowError("", given.problem),) if given.problem else ()), *errors),
        choices=choices,
        back_url=reverse("meeting", args=[meeting.pk]),
        plan_title=plan.short_title or plan.title,
        not_saved=_not_saved(given),
    )


def prefix(number: int) -> str:
    return f"p{number}"


def grid_reading(row: str, typed: Typed, choices: Choices, *, today: date) -> GridReading:
    """What would be saved of these words. The scan for CPR numbers comes first."""
    if find_cpr(typed.text):
        return GridReading(row, refused=True, empty=False)
    if not typed.text.strip():
        return GridReading(row)
    chosen = typed.state if typed.state in ORDER else ""  # a forged one is refused by the form and means nothing here
    taken = take(read_status(typed.text, today=today), state=chosen, due=typed.due.strip(), cause=typed.cause)
    return GridReading(
        row,
        state=state_view(taken.state, undated=taken.no_date and "due" not in taken.unsure) if taken.state else None,
        date=_date(taken.due, today),
        cause=dict(choices.causes).get(taken.cause, "") if "cause" not in taken.unsure else "",
        doubts=doubts(taken),
        empty=False,
    )


def doubts(taken: Taken) -> tuple[str, ...]:
    return tuple(doubt_text(reason) for reason in taken.unsure.values())


def doubt_text(reason: str) -> str:
    return {
        NO_STATE: _("No state can be read from the words. Choose one."),
        STATE_GUESSED: _("The state is only a guess. Choose one."),
        DATE_GUESSED: _("The year of the date is missing. Write the date with its year."),
        DATE_UNREADABLE: _("A date in the words cannot be read. Write it in the field of its own."),
        NO_CAUSE: _("Choose why it is postponed."),
        CAUSE_GUESSED: _("The cause is only a guess. Choose one."),
    }[reason]


def _row(
    item: MeetingItem,
    plan: Plan,
    urls: ItemUrls,
    typed: Typed,
    problem: Problem | None,
    choices: Choices,
    *,
    behalf: str,
    read_url: str,
    focus: bool,
    today: date,
) -> GridRow:
    newest = item.newest
    row = prefix(item.number)
    theirs = problem.status if problem else None
    # After a conflict the next press stands on top of theirs: the person has seen it. Else the row stays on what it saw.
    opened = theirs.sequence if theirs else int(typed.opened) if typed.opened.isdecimal() else _sequence(newest)
    return GridRow(
        row=row,
        number=item.number,
        title=item.title,
        url=urls.item(item.number),
        owners=", ".join(owner.name for owner in item.owners),
        state=state_view(newest.state if newest else "", undated=bool(newest and newest.undated)),
        words=without_blank_lines(item.words) if newest else no_status_reason(plan),
        meta=_meta(newest),
        due=period_text(newest.due) if newest else "",
        on_behalf_of=on_behalf_text(behalf),
        answered=_("Answered for this meeting") if item.answer is not None else "",
        can_keep=newest is not None,
        typed=typed,
        opened=opened,
        errors=_errors(row, item, problem),
        conflict=conflict_view(theirs, typed.text) if theirs else None,
        reading=grid_reading(row, typed, choices, today=today),
        read_url=read_url,
        focus=focus,
    )


def _sequence(newest: StatusRow | None) -> int:
    return newest.sequence if newest else 0


def _meta(newest: StatusRow | None) -> str:
    if newest is None:
        return ""
    text = _("Unchanged %(day)s") if newest.unchanged else _("As of %(day)s")
    return text % {"day": day_text(newest.as_of)}


def _errors(row: str, item: MeetingItem, problem: Problem | None) -> tuple[RowError, ...]:
    """The errors of the row, each at the field it speaks of; those of the whole row stand at the words."""
    if problem is None:
        return ()
    place = {"text": "text", "state": "state", "due": "due", "cause": "cause"}
    found = [
        RowError(f"{row}-{place.get(name, 'text')}", f"{item.number}. {text}")
        for name, texts in problem.errors.items()
        for text in texts
    ]
    if problem.conflict:
        found.append(RowError(f"{row}-text", _("%(number)s. Two wrote at the same time.") % {"number": item.number}))
    return tuple(found)


def _date(words: str, today: date) -> str:
    """The period in full; the words as they stand when they name none (the save says so)."""
    if not words:
        return ""
    try:
        return period_text(parse_period(words, today=today))
    except PeriodError:
        return words


def _others(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)s other item is written by its own owners.",
        "%(count)s other items are written by their own owners.",
        count,
    ) % {"count": count}


def _not_saved(given: Sent) -> str:
    if not given.problems:
        return _("Nothing is saved yet") if given.problem else ""
    return ngettext(
        "Nothing is saved yet: one row needs you", "Nothing is saved yet: %(count)s rows need you", len(given.problems)
    ) % {"count": len(given.problems)}
