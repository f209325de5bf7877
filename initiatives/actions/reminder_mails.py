"""A reminder mail written in the recipient's language, from what is true at the moment it is sent."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from indicators.actions.versions import current_version
from initiatives.answer_links import answer_address
from initiatives.models import ReminderMail, StatusUpdate
from initiatives.presenters.digest import digest_sections, digest_view
from initiatives.presenters.personal_news import PersonalNews
from initiatives.presenters.reminder_lines import Said, mail_intro, mail_lines, mail_subject
from initiatives.reminding.facts import Facts, load_facts

#: Signed under a name of its own: a link to stop mails opens nothing else.
UNSUBSCRIBE_SALT = "initiatives.reminders.unsubscribe"
UNSUBSCRIBE_SECONDS = 400 * 24 * 3600


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What a batch of mails says, at one version of the data. sequences: of the current status of each item to answer."""

    today: date
    version: int
    reminders: Facts
    news: dict[int, PersonalNews]
    sequences: dict[int, int]

    @property
    def is_current(self) -> bool:
        """Whether nothing was written since. One query."""
        return current_version() == self.version


def mail_facts(mails: Collection[ReminderMail], *, today: date) -> MailFacts:
    """A fixed number of queries, however many mails."""
    version = current_version()  # first: what is written while the rest is read makes the facts old, never too new
    reminders = load_facts(mails, today=today)
    items = reminders.items
    current = StatusUpdate.objects.current().filter(item__in=items) if items else StatusUpdate.objects.none()
    return MailFacts(
        today=today,
        version=version,
        reminders=reminders,
        news=digest_sections(mails, today=today),
        sequences=dict(current.order_by().values_list("item_id", "sequence")),
    )


def compose(mail: ReminderMail, *, today: date, facts: MailFacts | None = None) -> EmailMultiAlternatives | None:
    """The mail as it would be sent today; None when everything in it has been settled since it was queued.

    An item that was closed, or whose deadline has moved, falls out; so does a mention that has been seen. No query when
    the facts of its batch are given.
    """
    person = mail.recipient
    if not person.is_active or person.closed_on is not None or not person.email:
        return None
    facts = facts or mail_facts([mail], today=today)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        sections = _sections(mail, facts)
        if not any(sections.values()):
            return None
        lines, digest = sections["lines"], sections["digest"]
        unsubscribe = settings.SITE_URL + unsubscribe_path(person.pk)
        context = {
            **sections,
            "subject": mail_subject(lines) if lines else digest.subject,
            "intro": mail_intro(lines) if lines else "",
            "recipient": str(person),
            "site_name": settings.SITE_NAME,
            "mine_url": _page("mine"),
            "rhythm_url": _page("mail_rhythm"),
            "pause_url": _page("reminder_pause"),
            "unsubscribe_url": unsubscribe,
            "language": translation.get_language(),
        }
        text = render_to_string("emails/reminder.txt", context)
        html = render_to_string("emails/reminder.html", context)
    message = EmailMultiAlternatives(
        subject=str(context["subject"]),
        body=text,
        to=[person.email],
        headers={
            "Message-ID": mail.message_id,
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _sections(mail: ReminderMail, facts: MailFacts) -> dict[str, Any]:
    """What the mail holds, a name for each part of the templates. A mail in which all are empty is not sent."""
    said: dict[tuple[str, int, date], Said] = {}
    for one in facts.reminders.standing(mail):
        # Mails that were joined may hold two kinds about one deadline: the later one speaks for both.
        key = (one.subject.about, one.subject.pk, one.reminder.due_on)
        said[key] = Said(one.subject, one.reminder.kind, one.reminder.due_on, one.reminder.recipient_role, one.parts)

    def answer_url(item: int, meeting: int | None) -> str:
        sequence = facts.sequences.get(item, 0)
        return answer_address(person=mail.recipient, item_id=item, sequence=sequence, meeting_id=meeting)

    lines = mail_lines(said.values(), site_url=settings.SITE_URL, today=facts.today, answer_url=answer_url)
    return {"lines": lines, "digest": digest_view(facts.news.get(mail.pk), site_url=settings.SITE_URL)}


def _page(name: str) -> str:
    return settings.SITE_URL + _path(name)


@cache
def _path(name: str) -> str:
    """The same in every mail."""
    return reverse(name)


def unsubscribe_path(person: int) -> str:
    """Where one press stops the reminders of this person, without signing in (RFC 8058)."""
    token = signing.dumps(person, salt=UNSUBSCRIBE_SALT)
    return reverse("reminder_unsubscribe", args=[token])


def unsubscribe_person(token: str) -> int | None:
    """Whose mails the link stops; None when it is not ours or too old."""
    try:
        return int(signing.loads(token, salt=UNSUBSCRIBE_SALT, max_age=UNSUBSCRIBE_SECONDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None
