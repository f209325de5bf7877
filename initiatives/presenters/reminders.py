"""Reminders in words: the lines of a mail, and the log of what was sent, waits or is uncertain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from initiatives.models import MailState, Reminder, ReminderMail, StatusUpdate
from initiatives.presenters.wording import period_text
from sundhedsaftale.lib.danish import format_date, format_number

LOG_LENGTH = 100
SENT_AGAIN_BY_HAND = (MailState.UNCERTAIN, MailState.REFUSED)


@dataclass(frozen=True)
class MailLine:
    """One item in a mail. `deadline` is a whole sentence, `late` says whether it has passed."""

    title: str
    plan: str
    url: str
    deadline: str
    late: bool


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
    answer: str
    uncertain: list[LogRow]
    waiting: list[LogRow]
    sent: list[LogRow]


def deadline_sentence(deadline: date, *, today: date, words: str = "") -> str:
    """How far away the last day is. `words`: the period as promised, when it is wider than a day."""
    days = (deadline - today).days
    language = get_language() or "da"
    day = format_date(deadline, language)
    values = {"day": f"{words} ({day})" if words else day, "count": format_number(abs(days), 0, language)}
    if days < 0:
        text = ngettext(
            "The deadline has passed: %(day)s, %(count)s day ago.",
            "The deadline has passed: %(day)s, %(count)s days ago.",
            abs(days),
        )
    elif days == 0:
        text = _("The deadline is today, %(day)s.")
    elif days == 1:
        text = _("The deadline is tomorrow, %(day)s.")
    else:
        text = _("The deadline is in %(count)s days, %(day)s.")
    return text % values


def mail_lines(reminders: Iterable[tuple[Reminder, StatusUpdate]], *, site_url: str, today: date) -> list[MailLine]:
    """In the order given. The words are those of today, whatever day the reminder was queued on."""
    return [
        MailLine(
            title=_item_link(item)[0],
            plan=item.plan.short_title or item.plan.title,
            url=site_url + _item_link(item)[1],
            deadline=deadline_sentence(reminder.due_on, today=today, words=_wider_than_a_day(status)),
            late=reminder.due_on < today,
        )
        for reminder, status in reminders
        if (item := reminder.item) is not None
    ]


def _wider_than_a_day(status: StatusUpdate) -> str:
    if status.due is None or status.due.first_day == status.due.last_day:
        return ""
    return period_text(status.due.period)


def mail_subject(lines: list[MailLine]) -> str:
    late = sum(line.late for line in lines)
    if late:
        return ngettext(
            "The deadline has passed for %(count)d item", "The deadline has passed for %(count)d items", late
        ) % {"count": late}
    return ngettext("%(count)d item is due soon", "%(count)d items are due soon", len(lines)) % {"count": len(lines)}


def log_page(mails: Iterable[ReminderMail]) -> LogPage:
    """The mails must come with recipient, reminders and their items and plans."""
    rows = [(mail.state, _log_row(mail)) for mail in mails]
    uncertain = [row for state, row in rows if state in SENT_AGAIN_BY_HAND]
    over = (MailState.SENT, MailState.DROPPED)
    return LogPage(
        answer=_answer(len(uncertain)),
        uncertain=uncertain,
        waiting=[row for state, row in rows if state not in (*SENT_AGAIN_BY_HAND, *over)],
        sent=[row for state, row in rows if state in over],
    )


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
        items=[_item_link(reminder.item) for reminder in mail.reminders.all() if reminder.item is not None],
        when=f"{format_date(when.date(), get_language() or 'da')}, {when:%H.%M}",
        error=mail.error,
        resend_url=reverse("reminder_resend", args=[mail.pk]) if mail.state in SENT_AGAIN_BY_HAND else "",
    )


def _item_link(item: Any) -> tuple[str, str]:
    return f"{item.number}. {item.title}", reverse("item", args=[item.plan.slug, item.number])
