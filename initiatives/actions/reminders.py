"""Reminders: what is due is put into the outbox once, ever; what stands in the outbox is handed to the mail server.

Two steps, each safe to repeat and to be killed in. `queue_due` asks the database what is due and writes one mail per
person. `send_pending` takes each mail through claim -> commit -> handing over -> commit -> send -> stamp. Killed before
the hand-over it is tried again; killed after it, nobody knows whether it went out, so it is listed and only a person
sends it again. Never twice unasked, never lost unseen.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.actions.reminder_mails import compose
from initiatives.actions.reminder_queue import is_sending_time, queue_due
from initiatives.models import MailState, ReminderMail
from initiatives.reminding.facts import Facts, load_facts

__all__ = [
    "SendCount",
    "claim",
    "hand_over",
    "is_sending_time",
    "pause_reminders",
    "queue_due",
    "resend_uncertain",
    "send_pending",
    "stamp",
]

logger = logging.getLogger(__name__)

CLAIM_LIMIT = timedelta(minutes=10)
HAND_OVER_LIMIT = timedelta(minutes=15)
WAITING = (MailState.PENDING, MailState.CLAIMED, MailState.HANDING_OVER)
LONGEST_PAUSE = timedelta(days=366)
#: Mails claimed and composed together: few enough to be sent well within CLAIM_LIMIT.
BATCH = 200


@dataclass(frozen=True)
class SendCount:
    """sent: in this run. The others are what stands in the outbox when the run is over."""

    sent: int = 0
    waiting: int = 0
    uncertain: int = 0
    refused: int = 0


# --- Out of the outbox ------------------------------------------------------------------------------------------------


def send_pending(*, now: datetime) -> SendCount:
    """Send what waits in the outbox, and put in order what earlier runs left behind.

    Must not run inside a transaction: each step is committed before the next, or a kill would undo the claim.
    """
    _put_in_order(now)
    sent = _send_all(now) if is_sending_time(now) else 0
    standing = dict(ReminderMail.objects.order_by().values_list("state").annotate(Count("pk")))
    return SendCount(
        sent=sent,
        waiting=sum(standing.get(state, 0) for state in WAITING),
        uncertain=standing.get(MailState.UNCERTAIN, 0),
        refused=standing.get(MailState.REFUSED, 0),
    )


def _pending(now: datetime) -> Any:
    """Mails to people who want them. Whoever has paused after the mail was written gets it when the pause ends."""
    today = timezone.localtime(now).date()
    paused = Q(recipient__reminders_paused_until__gte=today)
    return ReminderMail.objects.filter(state=MailState.PENDING).exclude(paused).order_by("created_at", "pk")


def _put_in_order(now: datetime) -> None:
    """Claims nobody finished are free again; hand-overs nobody stamped are uncertain."""
    ReminderMail.objects.filter(state=MailState.CLAIMED, claimed_at__lt=now - CLAIM_LIMIT).update(
        state=MailState.PENDING, claimed_at=None
    )
    ReminderMail.objects.filter(state=MailState.HANDING_OVER, claimed_at__lt=now - HAND_OVER_LIMIT).update(
        state=MailState.UNCERTAIN, error="interrupted during the hand-over to the mail server"
    )


def _send_all(now: datetime) -> int:
    connection, sent = get_connection(), 0
    waiting = list(_pending(now).values_list("pk", flat=True))
    try:
        for pks in (waiting[start : start + BATCH] for start in range(0, len(waiting), BATCH)):
            mails = claim(pks, now)
            facts = load_facts(mails, today=timezone.localtime(now).date())
            for number, mail in enumerate(mails):
                state = _send_one(mail, connection, now, facts)
                if state is None:
                    release(mails[number + 1 :], now)
                    return sent  # the mail server cannot be reached; the others would wait for it too
                sent += state == MailState.SENT
    finally:
        connection.close()
    return sent


def claim(pks: Collection[int], now: datetime) -> list[ReminderMail]:
    """Take those that nobody else has for this worker, and commit that before anything else.

    A row another worker is taking at this moment is passed over. SQLite has no such lock; there a whole transaction
    waits for its turn, which comes to the same.
    """
    free = ReminderMail.objects.filter(pk__in=pks, state=MailState.PENDING).order_by("created_at", "pk")
    with transaction.atomic():
        mails = list(free.select_for_update(of=("self",), skip_locked=True).select_related("recipient"))
        mine = ReminderMail.objects.filter(pk__in=[mail.pk for mail in mails])
        mine.update(state=MailState.CLAIMED, claimed_at=now)
    for mail in mails:
        mail.state, mail.claimed_at = MailState.CLAIMED, now
    return mails


def release(mails: Collection[ReminderMail], now: datetime) -> None:
    """Give back what was claimed and not handed over."""
    mine = ReminderMail.objects.filter(pk__in=[mail.pk for mail in mails], state=MailState.CLAIMED, claimed_at=now)
    mine.update(state=MailState.PENDING, claimed_at=None)


def hand_over(mail: ReminderMail, now: datetime) -> bool:
    """Say, before the mail server is called, that it is about to be. False when another worker has the claim now."""
    mine = ReminderMail.objects.filter(pk=mail.pk, state=MailState.CLAIMED, claimed_at=mail.claimed_at)
    return bool(
        mine.update(state=MailState.HANDING_OVER, claimed_at=now, attempts=mail.attempts + 1, subject=mail.subject)
    )


def stamp(mail: ReminderMail, state: str, now: datetime, error: str = "") -> None:
    """Say what became of it."""
    ReminderMail.objects.filter(pk=mail.pk).update(
        state=state, sent_at=now if state == MailState.SENT else None, error=error, claimed_at=None
    )


def _send_one(mail: ReminderMail, connection: Any, now: datetime, facts: Facts) -> MailState | None:
    """What became of it; None when the mail server cannot be reached. Two statements when it goes well."""
    message = compose(mail, today=timezone.localtime(now).date(), facts=facts)
    if message is None:
        stamp(mail, MailState.DROPPED, now)
        return MailState.DROPPED
    mail.subject = str(message.subject)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        ReminderMail.objects.filter(pk=mail.pk).update(attempts=mail.attempts + 1)
        stamp(mail, MailState.PENDING, now, _reason(error))
        return None
    if not hand_over(mail, now):
        return MailState.CLAIMED
    message.connection = connection
    try:
        message.send()
    except Exception as error:
        # A kill is no Exception: then the row stays as it is, and a later run finds it.
        connection.close()
        state = _state_after(error)
        logger.warning("reminder mail %s was not stamped as sent: %s", mail.pk, _reason(error))
        stamp(mail, state, now, _reason(error))
        return state
    stamp(mail, MailState.SENT, now)
    return MailState.SENT


def _state_after(error: Exception) -> MailState:
    """What a failed hand-over means: an answer of the server is certain, a broken line is not."""
    codes = _codes(error)
    if not codes:
        return MailState.UNCERTAIN
    return MailState.PENDING if any(400 <= code < 500 for code in codes) else MailState.REFUSED


def _codes(error: Exception) -> list[int]:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def _reason(error: Exception) -> str:
    """Kind and code only: the server's own words may hold the address."""
    return " ".join([type(error).__name__, *(str(code) for code in _codes(error))])


# --- By hand ----------------------------------------------------------------------------------------------------------


def resend_uncertain(*, mail: ReminderMail, by: Any, now: datetime) -> bool:
    """Put an uncertain or refused mail back into the outbox, with the same Message-ID. False when it is neither now.

    Whoever pressed the button is kept beside the mail.
    """
    note = f"sent again by {by} {timezone.localtime(now):%Y-%m-%d %H:%M}"
    back = ReminderMail.objects.filter(pk=mail.pk, state__in=(MailState.UNCERTAIN, MailState.REFUSED)).update(
        state=MailState.PENDING, claimed_at=None, error=note
    )
    return bool(back)


def pause_reminders(*, user: Any, until: date | None, today: date) -> None:
    """Send this person nothing until after that day; None ends the pause. Raises ValidationError keyed `until`."""
    if until is not None and until < today:
        raise ValidationError({"until": [_("Choose a day that has not passed.")]})
    if until is not None and until > today + LONGEST_PAUSE:
        raise ValidationError({"until": [_("Choose a day within the next year.")]})
    user.reminders_paused_until = until
    user.save(update_fields=["reminders_paused_until"])
