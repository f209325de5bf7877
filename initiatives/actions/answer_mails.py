"""A fresh link in place of one that has run out: asked for by whoever holds the old one, sent to the person alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from initiatives.actions.status import current_status
from initiatives.answer_links import LIFE, answer_url
from initiatives.models import ActionItem, FreshLink, Meeting
from initiatives.permissions import user_can_write_status

PAUSE = timedelta(hours=1)


@transaction.atomic
def ask_fresh_link(*, by: Any, item: ActionItem, meeting: Meeting | None, now: datetime) -> FreshLink | None:
    """Keep that the person wants a fresh link; None when they asked within the hour. No page shows it.

    The person's row is locked, so two presses at once ask once.
    """
    get_user_model().objects.select_for_update().get(pk=by.pk)
    if FreshLink.objects.filter(person=by, asked_at__gt=now - PAUSE).exists():
        return None
    return FreshLink.objects.create(person=by, item=item, meeting=meeting, asked_at=now)


def send_fresh_link(pk: int, *, now: datetime) -> bool:
    """Send the mail, once at most. False when it is sent already, or the person may no longer answer.

    Raises OSError or SMTPException when the mail server cannot be reached or says no: then it is certain that nothing was
    sent, and the same call may be made again. A line that broke on the way is not certain, and is never tried again.
    """
    asked = FreshLink.objects.select_related("person").get(pk=pk)
    item = ActionItem.objects.select_related("plan__body").prefetch_related("anchorings__body").get(pk=asked.item_id)
    message = _message(asked.person, item, asked.meeting, today=timezone.localtime(now).date())
    if message is None:
        return False
    connection = get_connection()
    connection.open()
    try:
        if not FreshLink.objects.filter(pk=pk, handed_over_at__isnull=True).update(handed_over_at=now):
            return False
        message.connection = connection
        message.send()
    except (SMTPResponseException, SMTPRecipientsRefused):
        FreshLink.objects.filter(pk=pk).update(handed_over_at=None)
        raise
    finally:
        connection.close()
    return True


def _message(person: Any, item: ActionItem, meeting: Meeting | None, *, today: date) -> EmailMultiAlternatives | None:
    here = person.is_active and person.closed_on is None and person.email
    if not here or not user_can_write_status(person, item, today=today):
        return None
    current = current_status(item)
    with translation.override(person.language or settings.LANGUAGE_CODE):
        subject = _("A new link: %(number)s. %(title)s") % {"number": item.number, "title": item.title}
        context = {
            "subject": " ".join(subject.split()),
            "recipient": str(person),
            "title": f"{item.number}. {item.title}",
            "plan": item.plan.short_title or item.plan.title,
            "url": answer_url(person=person, item=item, sequence=current.sequence if current else 0, meeting=meeting),
            "days": LIFE.days,
            "mine_url": settings.SITE_URL + reverse("mine"),
            "site_name": settings.SITE_NAME,
            "language": translation.get_language(),
        }
        text = render_to_string("emails/fresh_link.txt", context)
        html = render_to_string("emails/fresh_link.html", context)
    message = EmailMultiAlternatives(
        subject=context["subject"], body=text, to=[person.email], headers={"Auto-Submitted": "auto-generated"}
    )
    message.attach_alternative(html, "text/html")
    return message
