"""Reminders: what is due is put into the outbox once, ever; what stands in the outbox is handed to the mail server.

Two steps, each safe to repeat and to be killed in. `queue_due` asks the database what is due and writes one mail per
person. `send_pending` takes each mail through claim -> commit -> handing over -> commit -> send -> stamp. Killed before
the hand-over it is tried again; killed after it, nobody knows whether it went out, so it is listed and only a person
sends it again. Never twice unasked, never lost unseen.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.actions.mail_line import MailLine
from initiatives.actions.reminder_mails import MailFacts, compose, mail_facts
from initiatives.actions.reminder_outbox import join_waiting, may_be_taken, pause_after, pending_mails, put_in_order
from initiatives.actions.reminder_queue import is_sending_time, queue_due
from initiatives.actions.reminder_rows import write_hand_over, write_sent
from initiatives.models import MailState, ReminderMail
from sundhedsaftale.lib.smtp import Answer, Outcome

__all__ = [
    "SendCount",
    "claim",
    "hand_over",
    "is_much_waiting",
    "is_sending_time",
    "pause_reminders",
    "queue_due",
    "resend_uncertain",
    "send_pending",
    "stamp",
]

logger = logging.getLogger(__name__)

#: A run ends before the next one is due, and long before Celery would kill it in the middle of a mail.
RUN_LIMIT = timedelta(minutes=9)
#: A mail that is put off again and again, for days, needs a person.
GIVE_UP_AFTER = 20
STATE_AFTER = {
    Outcome.ACCEPTED: MailState.SENT,
    Outcome.LATER: MailState.PENDING,
    Outcome.REFUSED: MailState.REFUSED,
    Outcome.NO_SERVICE: MailState.PENDING,
    Outcome.UNKNOWN: MailState.UNCERTAIN,
}
WAITING = (MailState.PENDING, MailState.CLAIMED, MailState.HANDING_OVER)
LONGEST_PAUSE = timedelta(days=366)
#: Mails claimed and composed together: what they say is asked of the database once for all of them.
BATCH = 100
#: How often a mail is composed anew because the data changed while it was on its way; then a later run takes it.
TRIES = 3

Clock = Callable[[], datetime]


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
    put_in_order(now)
    sent = _send_all(now) if is_sending_time(now) else 0
    standing = dict(ReminderMail.objects.order_by().values_list("state").annotate(Count("pk")))
    return SendCount(
        sent=sent,
        waiting=sum(standing.get(state, 0) for state in WAITING),
        uncertain=standing.get(MailState.UNCERTAIN, 0),
        refused=standing.get(MailState.REFUSED, 0),
    )


def is_much_waiting(now: datetime) -> bool:
    """Whether a second worker would be of use: more mails wait than one takes at a time."""
    return bool(is_sending_time(now) and pending_mails(now)[BATCH : BATCH + 1])


def _send_all(now: datetime) -> int:
    join_waiting()
    began, line, sent = timezone.now(), MailLine(), 0

    def clock() -> datetime:
        """Now, and not when the run began: a claim that looks old from the start would be taken over at once."""
        return now + (timezone.now() - began)

    waiting = list(pending_mails(now).values_list("pk", flat=True))
    try:
        for start in range(0, len(waiting), BATCH):
            if not line.open():
                pending_mails(now).order_by().update(error=line.trouble)
                break
            sent += _send_batch(claim(waiting[start : start + BATCH], clock()), line, clock, now + RUN_LIMIT)
            if line.is_useless or not now <= clock() < now + RUN_LIMIT:
                break  # the others would fare no better, or a later run takes them
    finally:
        line.close()
    return sent


def _send_batch(mails: list[ReminderMail], line: MailLine, clock: Clock, end: datetime) -> int:
    """How many were sent. What the line or the time did not suffice for is given back."""
    began, sent = clock(), 0
    facts = mail_facts(mails, today=timezone.localtime(began).date())
    for number, mail in enumerate(mails):
        if line.is_useless or not line.open() or not began <= clock() < end:
            release(mails[number:], line.trouble)
            break
        for _attempt in range(TRIES):
            state = _send_one(mail, line, clock, facts)
            if state != MailState.CLAIMED or facts.is_current:
                break
            # Somebody wrote something since the facts were read: what is left of the batch is composed anew.
            facts = mail_facts(mails[number:], today=facts.today)
        sent += state == MailState.SENT
    return sent


def claim(pks: Collection[int], now: datetime) -> list[ReminderMail]:
    """Take those that nobody else has for this worker, and commit that before anything else.

    A row another worker is taking at this moment is passed over. SQLite has no such lock; there a whole transaction
    waits for its turn, which comes to the same.
    """
    free = may_be_taken(now).filter(pk__in=pks).order_by("created_at", "pk")
    with transaction.atomic():
        mails = list(free.select_for_update(of=("self",), skip_locked=True).select_related("recipient"))
        mine = ReminderMail.objects.filter(pk__in=[mail.pk for mail in mails])
        mine.update(state=MailState.CLAIMED, claimed_at=now, not_before=None, attempts=F("attempts") + 1)
    for mail in mails:
        mail.state, mail.claimed_at, mail.attempts = MailState.CLAIMED, now, mail.attempts + 1
    return mails


def release(mails: list[ReminderMail], error: str) -> None:
    """Give back what was claimed and not handed over: it was no attempt."""
    mine = ReminderMail.objects.filter(pk__in=[mail.pk for mail in mails], state=MailState.CLAIMED)
    mine.filter(claimed_at=mails[0].claimed_at).update(
        state=MailState.PENDING, claimed_at=None, attempts=F("attempts") - 1, error=error
    )


def hand_over(mail: ReminderMail, subject: str, now: datetime, *, facts: MailFacts) -> bool:
    """Say, before a word of the mail is sent, that it is about to be.

    False when another worker has the claim now, or when the data has changed since the mail was composed: an item that
    was closed a moment ago is not reminded of. One statement.
    """
    taken = write_hand_over(mail, subject, now, version=facts.version)
    if taken:
        mail.claimed_at = now
    return taken


def stamp(mail: ReminderMail, state: str, now: datetime, error: str = "") -> None:
    """Say what became of it. That it was sent is true whoever has the mail now; the rest is said of one's own only."""
    if state == MailState.SENT:
        write_sent(mail, now)
        return
    mine = ReminderMail.objects.filter(pk=mail.pk, state__in=(MailState.CLAIMED, MailState.HANDING_OVER))
    mine.filter(claimed_at=mail.claimed_at).update(
        state=state,
        sent_at=None,
        error=error,
        claimed_at=None,
        not_before=now + pause_after(mail.attempts) if state == MailState.PENDING else None,
    )


def _send_one(mail: ReminderMail, line: MailLine, clock: Clock, facts: MailFacts) -> MailState:
    """What became of it. Two statements when it goes well."""
    try:
        message = compose(mail, today=facts.today, facts=facts)
    except DatabaseError:
        raise
    except Exception as error:
        # One mail that cannot be written holds up nobody else's. It is tried again: the next version may know how.
        logger.exception("reminder mail %s cannot be written", mail.pk)
        return _settle(mail, Answer(Outcome.LATER, type(error).__name__), clock)
    if message is None:
        stamp(mail, MailState.DROPPED, clock())
        return MailState.DROPPED
    return _settle(
        mail, line.deliver(message, lambda: hand_over(mail, str(message.subject), clock(), facts=facts)), clock
    )


def _settle(mail: ReminderMail, answer: Answer, clock: Clock) -> MailState:
    """Stamp what the answer means. A kill is no answer: then the row stays as it is, and a later run finds it."""
    if answer.outcome is Outcome.GIVEN_UP:
        return MailState.CLAIMED  # by another worker, or to be composed anew
    state, error = STATE_AFTER[answer.outcome], answer.reason
    if answer.outcome is Outcome.LATER and mail.attempts >= GIVE_UP_AFTER:
        state, error = MailState.REFUSED, f"given up after {mail.attempts} attempts: {error}"
    if state != MailState.SENT:
        logger.warning("reminder mail %s was not sent: %s", mail.pk, error)
    stamp(mail, state, clock(), error)
    return state


# --- By hand ----------------------------------------------------------------------------------------------------------


def resend_uncertain(*, mail: ReminderMail, by: Any, now: datetime) -> bool:
    """Put an uncertain or refused mail back into the outbox, with the same Message-ID. False when it is neither now.

    Whoever pressed the button is kept beside the mail.
    """
    note = f"sent again by {by} {timezone.localtime(now):%Y-%m-%d %H:%M}"
    back = ReminderMail.objects.filter(pk=mail.pk, state__in=(MailState.UNCERTAIN, MailState.REFUSED)).update(
        state=MailState.PENDING, claimed_at=None, not_before=None, attempts=0, sent_again=note[:300], error=""
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
