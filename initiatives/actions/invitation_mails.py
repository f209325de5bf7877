"""The mail of an invitation: HANDING_OVER is committed before the mail server is called, what became of it after.

The secret of the link is made here, for one mail; its hash is stored in the same UPDATE that claims the row. So no queue
and no table ever holds a secret. A mail that could not be handed over waits for the next run; one nobody knows the fate
of is uncertain, and only a person sends it again.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from initiatives.actions.invitations import hash_of, new_secret
from initiatives.models import Invitation, InvitationMail
from initiatives.presenters.wording import day_text

logger = logging.getLogger(__name__)

HAND_OVER_LIMIT = timedelta(minutes=15)
ACCEPT_URL_NAME = "invitation_link"


def send_waiting_invitations(*, now: datetime) -> int:
    """Send what waits, and put in order what earlier runs left behind. How many were handed over.

    Must not run inside a transaction: the claim is committed before the mail server is called.
    """
    Invitation.objects.filter(mail_state=InvitationMail.HANDING_OVER, mailed_at__lt=now - HAND_OVER_LIMIT).update(
        mail_state=InvitationMail.UNCERTAIN, mail_error="interrupted during the hand-over to the mail server"
    )
    connection, sent = get_connection(), 0
    try:
        for pk in list(_waiting(now).order_by("created_at", "pk").values_list("pk", flat=True)):
            state = _send_one(pk, connection, now)
            if state is None:
                break  # the mail server cannot be reached; the others would wait for it too
            sent += state == InvitationMail.SENT
    finally:
        connection.close()
    return sent


def compose(invitation: Invitation, secret: str) -> EmailMultiAlternatives:
    """In the language of the invitation. The link stands here and nowhere else."""
    with translation.override(invitation.language or settings.LANGUAGE_CODE):
        context = {
            "body": invitation.body.name,
            "role": invitation.get_role_display(),
            "name": invitation.name,
            "by": str(invitation.by),
            "first_day": day_text(invitation.valid_from),
            "last_day": day_text(invitation.valid_to) if invitation.valid_to else "",
            "expires": day_text(timezone.localtime(invitation.expires_at).date()),
            "url": settings.SITE_URL + reverse(ACCEPT_URL_NAME, args=[secret]),
            "site_name": settings.SITE_NAME,
            "language": translation.get_language(),
        }
        subject = " ".join((_("You are invited to %(body)s") % {"body": invitation.body.name}).split())
        context["subject"] = subject
        text = render_to_string("emails/invitation.txt", context)
        html = render_to_string("emails/invitation.html", context)
    message = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[invitation.email],
        headers={"Message-ID": _message_id(invitation, secret), "Auto-Submitted": "auto-generated"},
    )
    message.attach_alternative(html, "text/html")
    return message


def _waiting(now: datetime) -> Any:
    return Invitation.objects.standing(now=now).filter(mail_state=InvitationMail.WAITING)


def _send_one(pk: int, connection: Any, now: datetime) -> InvitationMail | None:
    """What became of it; None when the mail server cannot be reached."""
    invitation = Invitation.objects.select_related("body", "by").get(pk=pk)
    secret = new_secret()
    message = compose(invitation, secret)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _waiting(now).filter(pk=pk).update(mail_error=_reason(error))
        return None
    # By one conditional UPDATE: another worker, an answer or a withdrawal may have come first.
    claimed = _waiting(now).filter(pk=pk, token_hash=invitation.token_hash)
    if not claimed.update(mail_state=InvitationMail.HANDING_OVER, mailed_at=now, token_hash=hash_of(secret)):
        return InvitationMail.WAITING
    message.connection = connection
    try:
        message.send()
    except Exception as error:
        # A kill is no Exception: then the row stays as it is, and a later run finds it.
        connection.close()
        state = _state_after(error)
        logger.warning("the mail of invitation %s was not stamped as sent: %s", pk, _reason(error))
        _stamp(pk, secret, state, _reason(error))
        return state
    _stamp(pk, secret, InvitationMail.SENT)
    return InvitationMail.SENT


def _stamp(pk: int, secret: str, state: InvitationMail, error: str = "") -> None:
    Invitation.objects.filter(pk=pk, token_hash=hash_of(secret)).update(mail_state=state, mail_error=error)


def _message_id(invitation: Invitation, secret: str) -> str:
    """One for each link: a mail sent again is another mail, with another link."""
    digest = hashlib.sha256(f"{invitation.pk}\n{hash_of(secret)}".encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


def _state_after(error: Exception) -> InvitationMail:
    """What a failed hand-over means: an answer of the server is certain, a broken line is not."""
    codes = _codes(error)
    if not codes:
        return InvitationMail.UNCERTAIN
    return InvitationMail.WAITING if any(400 <= code < 500 for code in codes) else InvitationMail.REFUSED


def _codes(error: Exception) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _reason(error: Exception) -> str:
    """Kind and code only: the server's own words may hold the address."""
    return " ".join([type(error).__name__, *(str(code) for code in _codes(error))])
