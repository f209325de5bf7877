"""Reminders in words: what each is about, and the log of what was sent, waits or is uncertain."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Prefetch, QuerySet, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.calculations.reminder_rules import NO_FIGURES, NO_NEWS, UNDATED
from initiatives.models import Body, MailState, Reminder, ReminderMail
from initiatives.models.reminders import ReminderMailQuerySet
from initiatives.presenters.initiative_list import Choice, ChoiceGroup
from initiatives.presenters.meetings import meeting_title
from sundhedsaftale.lib.danish import format_date, sort_key

LOG_LENGTH = 50
SENT_AGAIN_BY_HAND = (MailState.UNCERTAIN, MailState.REFUSED)
OVER = (MailState.SENT, MailState.DROPPED)
STATE, PERSON, BODY, PAGE = "tilstand", "person", "udvalg", "side"
#: What has to be fetched with a reminder before it can be named.
WHAT_IT_IS_ABOUT = ("item__plan", "milestone__item__plan", "meeting__body", "initiative", "indicator")


@dataclass(frozen=True)
class LogRow:
    pk: int
    who: str
    state: str
    icon_path: str
    subject: str
    items: list[tuple[str, str]]  # title and address
    when: str
    error: str
    resend_url: str  # "" when there is nothing to send again


@dataclass(frozen=True)
class LogPage:
    """A page of the log: what needs a decision first, then what waits, then what is over. shown: how many it holds."""

    answer: str
    shown: str
    uncertain: list[LogRow]
    waiting: list[LogRow]
    sent: list[LogRow]
    states: list[ChoiceGroup]
    people: list[ChoiceGroup]
    bodies: list[ChoiceGroup]
    is_filtered: bool
    is_first: bool
    page_text: str
    previous_url: str
    next_url: str


def reminded_of(reminder: Reminder) -> tuple[str, str]:
    """What it is about, and its address."""
    if reminder.item is not None:
        return _item_link(reminder.item)
    if reminder.milestone is not None:
        return reminder.milestone.title, _item_link(reminder.milestone.item)[1]
    if reminder.meeting is not None:
        title = f"{reminder.meeting.body.name}: {meeting_title(reminder.meeting)}"
        return title, reverse("meeting", args=[reminder.meeting.pk])
    if reminder.initiative is not None:
        return reminder.initiative.title, reverse("initiative", args=[reminder.initiative.slug])
    assert reminder.indicator is not None
    return reminder.indicator.name, reverse("indicator", args=[reminder.indicator.code])


def about_what_day(reminder: Reminder, language: str) -> str:
    day = format_date(reminder.due_on, language)
    words = {
        UNDATED: _("Without a date"),
        NO_NEWS: _("Without news"),
        NO_FIGURES: _("New figures were expected by %(day)s") % {"day": day},
    }
    return words.get(reminder.kind) or _("About the deadline %(day)s") % {"day": day}


def with_log_data(mails: QuerySet[ReminderMail]) -> QuerySet[ReminderMail]:
    """Two queries; what a person must decide comes first, the newest on top."""
    reminders = Reminder.objects.select_related(*WHAT_IT_IS_ABOUT).order_by("due_on", "pk")
    rank = Case(
        When(state__in=SENT_AGAIN_BY_HAND, then=Value(0)),
        When(state__in=OVER, then=Value(2)),
        default=Value(1),
        output_field=IntegerField(),
    )
    rows = mails.select_related("recipient").prefetch_related(Prefetch("reminders", queryset=reminders))
    return rows.annotate(rank=rank).order_by("rank", "-created_at", "-pk")


def log_page(visible: ReminderMailQuerySet, query: Mapping[str, str], *, bodies: Collection[int] | None) -> LogPage:
    """Five queries. visible: the mails the reader may see; bodies: those they are secretary of, None for all."""
    choices = _bodies(bodies, query.get(BODY, ""))
    chosen = next((choice for choice in choices if choice.selected), None)
    mails = visible if chosen is None else visible.concerning([int(chosen.value)])
    people = _people(mails, query.get(PERSON, ""))
    person = next((choice for choice in people if choice.selected), None)
    if person is not None:
        mails = mails.filter(recipient=int(person.value))
    counts = dict(mails.order_by().values_list("state").annotate(Count("pk")))
    states = _states(query.get(STATE, ""))
    state = next((choice for choice in states if choice.selected), None)
    shown = mails if state is None else mails.filter(state=state.value)
    total = sum(counts.values()) if state is None else counts.get(state.value, 0)
    pages = Paginator(with_log_data(shown), LOG_LENGTH)
    vars(pages)["count"] = total  # counted already, with the states
    page = pages.get_page(query.get(PAGE, "1"))
    wanted = {BODY: chosen, PERSON: person, STATE: state}
    kept = {name: choice.value for name, choice in wanted.items() if choice is not None}
    rows = [(mail.state, _log_row(mail)) for mail in page.object_list]
    return LogPage(
        answer=_answer(sum(counts.get(one, 0) for one in SENT_AGAIN_BY_HAND)),
        shown=ngettext("%(count)d mail", "%(count)d mails", total) % {"count": total},
        uncertain=[row for state, row in rows if state in SENT_AGAIN_BY_HAND],
        waiting=[row for state, row in rows if state not in (*SENT_AGAIN_BY_HAND, *OVER)],
        sent=[row for state, row in rows if state in OVER],
        states=[ChoiceGroup("", states)],
        people=[ChoiceGroup("", people)],
        bodies=[ChoiceGroup("", choices)],
        is_filtered=bool(kept),
        is_first=page.number == 1,
        page_text=_("Page %(number)s of %(pages)s") % {"number": page.number, "pages": page.paginator.num_pages}
        if page.has_other_pages()
        else "",
        previous_url=_url(kept, page.number - 1) if page.has_previous() else "",
        next_url=_url(kept, page.number + 1) if page.has_next() else "",
    )


def _url(kept: dict[str, str], number: int) -> str:
    return f"{reverse('reminder_log')}?{urlencode({**kept, PAGE: number})}"


def _bodies(bodies: Collection[int] | None, asked: str) -> list[Choice]:
    rows = Body.objects.filter(plans__isnull=False).distinct() if bodies is None else Body.objects.filter(pk__in=bodies)
    return [Choice(str(pk), name, str(pk) == asked) for pk, name in rows.values_list("pk", "name")]


def _people(mails: QuerySet[ReminderMail], asked: str) -> list[Choice]:
    rows = mails.order_by().values_list("recipient_id", "recipient__name").distinct()
    named = sorted(((pk, name or _("Without a name")) for pk, name in rows), key=lambda row: sort_key(row[1]))
    return [Choice(str(pk), name, str(pk) == asked) for pk, name in named]


def _states(asked: str) -> list[Choice]:
    order = (*SENT_AGAIN_BY_HAND, MailState.PENDING, MailState.CLAIMED, MailState.HANDING_OVER, *OVER)
    return [Choice(state.value, str(state.label), state.value == asked) for state in order]


def _answer(uncertain: int) -> str:
    if not uncertain:
        return _("No mail is uncertain.")
    return ngettext("%(count)d mail needs your decision.", "%(count)d mails need your decision.", uncertain) % {
        "count": uncertain
    }


def _log_row(mail: ReminderMail) -> LogRow:
    when = timezone.localtime(mail.sent_at or mail.created_at)
    icons = {MailState.SENT: "check", MailState.UNCERTAIN: "guess", MailState.REFUSED: "error"}
    return LogRow(
        pk=mail.pk,
        who=str(mail.recipient.name or _("Without a name")),
        state=str(MailState(mail.state).label),
        icon_path=f"icons/{icons.get(MailState(mail.state), 'approx')}.svg",
        subject=mail.subject,
        items=list(dict.fromkeys(reminded_of(reminder) for reminder in mail.reminders.all())),
        when=f"{format_date(when.date(), get_language() or 'da')}, {when:%H.%M}",
        error="; ".join(words for words in (mail.error, mail.sent_again) if words),
        resend_url=reverse("reminder_resend", args=[mail.pk]) if mail.state in SENT_AGAIN_BY_HAND else "",
    )


def _item_link(item: Any) -> tuple[str, str]:
    return f"{item.number}. {item.title}", reverse("item", args=[item.plan.slug, item.number])
