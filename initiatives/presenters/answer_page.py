"""The page behind a link in a mail: one item, what was last said of it, and three ways to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.answer_links import AnswerLink
from initiatives.forms.answers import LATE, DelayForm, UpdateForm
from initiatives.forms.base import error_list
from initiatives.models import ActionItem, Meeting, StatusUpdate
from initiatives.permissions import plan_rights
from initiatives.presenters.facts import ItemFacts, Owner, StatusFact
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.items import ItemUrls, StatusPanel, status_panel
from initiatives.presenters.meeting_page import on_behalf_text
from initiatives.presenters.meetings import hand_in_sentence, meeting_title
from initiatives.presenters.reminder_lines import deadline_sentence
from initiatives.presenters.states import state_view
from initiatives.presenters.status_editor import (
    ConflictView,
    ReadingView,
    StateChoice,
    conflict_view,
    reading_view,
    state_choices,
)
from initiatives.presenters.wording import is_danish, period_text

#: Whose words stand there now: those the mail asked about, the person's own answer, or somebody else's since.
ASKED, OWN, OTHERS = "asked", "own", "others"
UPDATE, DELAY = "opdater", "forsinket"


@dataclass(frozen=True)
class Answering:
    """A link that is good: who answers what, and where it stands."""

    person: Any
    item: ActionItem
    link: AnswerLink
    meeting: Meeting | None
    current: StatusUpdate | None

    @property
    def language(self) -> str:
        return self.person.language or settings.LANGUAGE_CODE

    @property
    def situation(self) -> str:
        if self.current is None or self.current.sequence <= self.link.sequence:
            return ASKED
        return OWN if self.current.by_id == self.person.pk else OTHERS


@dataclass(frozen=True, slots=True)
class AnswerPage:
    number: int
    title: str
    kicker: str
    who: str
    situation: str
    lead: str
    deadline: str
    meeting: str  # "" when the mail was not about one
    hand_in: str
    on_behalf_of: str
    panel: StatusPanel
    written: str  # who wrote the words that stand, and when; "" when they came with the plan
    opened_on: (
        int  # what the whole page was opened on; a form keeps its own until its words have been seen beside others'
    )
    form_opened_on: int
    delay_opened_on: int
    read_url: str
    form: Any  # the one in which something was typed, or the new one
    delay: Any
    open: str  # which of the two is unfolded: "", UPDATE or DELAY
    errors: list[dict[str, str]]
    reading: ReadingView
    states: tuple[StateChoice, ...]
    late_states: tuple[StateChoice, ...]
    rows: int
    filled: bool
    more_open: bool
    conflict: ConflictView | None

    @property
    def can_keep(self) -> bool:
        return self.panel.sequence > 0


def answer_page(
    asked: Answering,
    token: str,
    *,
    update: UpdateForm,
    delay: DelayForm,
    opened: str,
    today: date,
    conflict: StatusUpdate | None = None,
    filled: bool = False,
) -> AnswerPage:
    """update, delay: the forms as they are to be shown, one of them perhaps with what was typed. Three queries."""
    item, current = asked.item, asked.current
    facts = _facts(item, current)
    causes = list(update.fields["cause"].choices)  # type: ignore[attr-defined]  # both forms ask, the database answers once
    for form in (update, delay):
        form.fields["cause"].choices = causes  # type: ignore[attr-defined]
    text, chosen = str(update["text"].value() or ""), str(update["state"].value() or "")
    reading, _read = reading_view(item.number, text, chosen, today=today)
    typed = delay if opened == DELAY else update
    behalf = plan_rights(asked.person, item.plan, today=today).on_behalf_of(facts)
    return AnswerPage(
        number=item.number,
        title=item.title,
        kicker=item.plan.short_title or item.plan.title,
        who=str(asked.person),
        situation=asked.situation,
        lead=_lead(asked),
        deadline=_deadline(current, today),
        meeting=meeting_title(asked.meeting) if asked.meeting else "",
        hand_in=hand_in_sentence(asked.meeting) if asked.meeting else "",
        on_behalf_of=on_behalf_text(behalf.name) if behalf else "",
        panel=status_panel(facts, item.plan, urls=ItemUrls(item.plan.slug), can_write=False, page="item"),
        written=_written(current),
        opened_on=current.sequence if current else 0,
        form_opened_on=conflict.sequence if conflict else update["opened_on"].value(),
        delay_opened_on=conflict.sequence if conflict else delay["opened_on"].value(),
        read_url=reverse("answer_read", args=[token]),
        form=update,
        delay=delay,
        open=opened,
        errors=error_list(typed) if opened else [],
        reading=reading,
        states=state_choices(str(update["state"].auto_id), chosen),
        late_states=_late_states(delay),
        rows=min(max(text.count("\n") + 2, 5), 14),
        filled=filled,
        more_open=any(update[name].value() for name in ("planned", "started", "since")),
        conflict=conflict_view(conflict, str(typed["text"].value() or "")) if conflict else None,
    )


def _facts(item: ActionItem, current: StatusUpdate | None) -> ItemFacts:
    """What the panel prints of an item, from rows that are here already."""
    told = (
        StatusFact(
            sequence=current.sequence,
            state=current.state,
            unchanged=current.unchanged,
            as_of=current.as_of,
            due=current.due.period if current.due else None,
            cause=current.cause_id or "",
            cause_name=(current.cause.name if is_danish() else current.cause.name_en) if current.cause else "",
            on_behalf_of=current.on_behalf_of.name if current.on_behalf_of else "",
        )
        if current is not None
        else None
    )
    return ItemFacts(
        pk=item.pk,
        plan_id=item.plan_id,
        track_id=item.track_id,
        number=item.number,
        position=item.position,
        title=item.title,
        content="",
        horizon="",
        horizon_note="",
        coordinator_id=item.coordinator_id,
        closed_on=item.closed_on,
        closed_reason=item.closed_reason,
        words=current.text if current is not None else "",
        owners=tuple(Owner(row.body_id, row.body.name) for row in item.anchorings.all()),
        statuses=(told,) if told is not None else (),
        schedules={},
        milestones=(),
    )


def _late_states(form: DelayForm) -> tuple[StateChoice, ...]:
    """Numbered as Django numbers the radios, so that the error summary finds the first."""
    chosen, auto_id = str(form["state"].value() or ""), str(form["state"].auto_id)
    return tuple(
        StateChoice(id=f"{auto_id}_{place}", value=state, state=state_view(state), checked=state == chosen)
        for place, state in enumerate(LATE)
    )


def _lead(asked: Answering) -> str:
    if asked.situation == OWN:
        return _("Thank you. Your answer is saved.")
    if asked.situation == OTHERS and asked.current is not None:
        words = {"who": str(asked.current.by or _("Somebody"))}
        return _("%(who)s has answered since the mail was sent. See whether it still holds.") % words
    if asked.current is None:
        return _("Nobody has written a status yet.")
    return _("Does what was last written still hold?")


def _deadline(current: StatusUpdate | None, today: date) -> str:
    due = current.due if current else None
    if due is None:
        return _("No deadline: no new date has been named.") if current else ""
    if due.last_day is None:
        return _("No deadline: »%(words)s« names no day.") % {"words": period_text(due.period)}
    words = period_text(due.period) if due.first_day != due.last_day else ""
    return deadline_sentence(due.last_day, today=today, words=words)


def _written(current: StatusUpdate | None) -> str:
    if current is None or current.by is None:
        return ""
    words = {"who": str(current.by), "when": moment_text(current.recorded_at)}
    return _("Written by %(who)s, %(when)s") % words
