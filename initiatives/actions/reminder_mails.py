"""A reminder mail written in the recipient's language, from what is true at the moment it is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from initiatives.models import ReminderMail
from initiatives.presenters.reminder_lines import Said, mail_intro, mail_lines, mail_subject
from initiatives.reminding.facts import Facts, load_facts

#: (person, item) -> where this person answers for the item, "" for nowhere.
AnswerLinks = Callable[[int, int], str]
#: Signed under a name of its own: a link to stop mails opens nothing else.
UNSUBSCRIBE_SALT = "initiatives.reminders.unsubscribe"
UNSUBSCRIBE_SECONDS = 400 * 24 * 3600


def no_answer_links(person: int, item: int) -> str:
    return ""


def compose(
    mail: ReminderMail, *, today: date, facts: Facts | None = None, answer_links: AnswerLinks = no_answer_links
) -> EmailMultiAlternatives | None:
    """The mail as it would be sent today; None when everything in it has been settled since it was queued.

    An item that was closed, or whose deadline has moved, falls out. No query when the facts of its batch are given.
    """
    person = mail.recipient
    if not person.is_active or person.closed_on is not None or not person.email:
        return None
    facts = facts or load_facts([mail], today=today)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        sections = _sections(mail, facts, answer_links)
        if not any(sections.values()):
            return None
        unsubscribe = settings.SITE_URL + unsubscribe_path(person.pk)
        context = {
            **sections,
            "subject": mail_subject(sections["lines"]),
            "intro": mail_intro(sections["lines"]),
            "recipient": str(person),
            "site_name": settings.SITE_NAME,
            "mine_url": settings.SITE_URL + reverse("mine"),
            "pause_url": settings.SITE_URL + reverse("reminder_pause"),
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


def _sections(mail: ReminderMail, facts: Facts, answer_links: AnswerLinks) -> dict[str, Any]:
    """What the mail holds, a name for each part of the templates. A mail in which all are empty is not sent."""
    said = [
        Said(one.subject, one.reminder.kind, one.reminder.due_on, one.reminder.recipient_role, one.parts)
        for one in facts.standing(mail)
    ]

    def answer_url(item: int) -> str:
        return answer_links(mail.recipient_id, item)

    return {"lines": mail_lines(said, site_url=settings.SITE_URL, today=facts.today, answer_url=answer_url)}


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
