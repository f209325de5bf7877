"""A reminder mail written in the recipient's language, from what is true at the moment it is sent."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import ActionItem, Reminder, ReminderMail, StatusUpdate
from initiatives.presenters.digest import digest_sections, digest_view
from initiatives.presenters.reminders import mail_lines, mail_subject


def compose(mail: ReminderMail, *, today: date) -> EmailMultiAlternatives | None:
    """The mail as it would be sent today; None when everything in it has been settled since it was queued.

    An item that was closed, or whose deadline has moved, falls out; so does a mention that has been seen. Two queries, and
    those of `digest_sections` when it has a digest.
    """
    if not mail.recipient.is_active or not mail.recipient.email:
        return None
    reminders = _still_true(mail, today)
    news = digest_sections([mail], today=today).get(mail.pk or 0) if hasattr(mail, "digest") else None
    if not reminders and not news:
        return None
    with translation.override(mail.recipient.language or settings.LANGUAGE_CODE):
        lines = mail_lines(reminders, site_url=settings.SITE_URL, today=today)
        digest = digest_view(news, site_url=settings.SITE_URL)
        subject = mail_subject(lines) if lines or digest is None else digest.subject
        context = {
            "lines": lines,
            "digest": digest,
            "subject": subject,
            "recipient": str(mail.recipient),
            "site_name": settings.SITE_NAME,
            "mine_url": settings.SITE_URL + reverse("mine"),
            "pause_url": settings.SITE_URL + reverse("reminder_pause"),
            "rhythm_url": settings.SITE_URL + reverse("mail_rhythm"),
            "language": translation.get_language(),
        }
        text = render_to_string("emails/reminder.txt", context)
        html = render_to_string("emails/reminder.html", context)
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[mail.recipient.email],
        headers={
            "Message-ID": mail.message_id,
            "List-Unsubscribe": f"<{context['pause_url']}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(html, "text/html")
    return message


def _still_true(mail: ReminderMail, today: date) -> list[tuple[Reminder, StatusUpdate]]:
    current = {
        status.item_id: status
        for status in StatusUpdate.objects.current()
        .filter(item__in=ActionItem.objects.open(today=today).filter(reminders__mail=mail))
        .exclude(state__in=CLOSED_STATES)
        .select_related("due")
    }
    found = []
    for reminder in mail.reminders.select_related("item__plan").order_by("due_on", "item__plan", "item__number"):
        status = current.get(reminder.item_id or 0)
        if status is not None and status.due is not None and status.due.last_day == reminder.due_on:
            found.append((reminder, status))
    return found
