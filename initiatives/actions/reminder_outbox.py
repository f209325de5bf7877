"""What stands in the outbox: which mails may go now, and what earlier runs left behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from initiatives.models import MailState, Reminder, ReminderMail

CLAIM_LIMIT = timedelta(minutes=10)
HAND_OVER_LIMIT = timedelta(minutes=15)
SHORTEST_PAUSE = timedelta(minutes=5)
LONGEST_PAUSE_BETWEEN_TRIES = timedelta(hours=4)


def pause_after(attempts: int) -> timedelta:
    """How long a mail waits after so many attempts: 5 minutes, then twice as long each time, up to 4 hours."""
    doubled: timedelta = SHORTEST_PAUSE * 2 ** min(max(attempts, 1) - 1, 10)
    return min(doubled, LONGEST_PAUSE_BETWEEN_TRIES)


def pending_mails(now: datetime) -> Any:
    """Mails to people who want them, oldest first, without those the server did not want yet.

    Whoever has paused after the mail was written gets it when the pause ends.
    """
    today = timezone.localtime(now).date()
    paused = Q(recipient__reminders_paused_until__gte=today)
    return may_be_taken(now).exclude(paused).order_by("created_at", "pk")


def may_be_taken(now: datetime) -> Any:
    """Waiting, and the pause after the last attempt is over. A pause longer than any was set by a clock since put back."""
    ready = Q(not_before=None) | Q(not_before__lte=now) | Q(not_before__gt=now + LONGEST_PAUSE_BETWEEN_TRIES)
    return ReminderMail.objects.filter(ready, state=MailState.PENDING)


def put_in_order(now: datetime) -> None:
    """Claims nobody finished are free again; hand-overs nobody stamped are uncertain.

    A moment well ahead of now is old too: the clock has been put back since.
    """

    def left_behind(limit: timedelta) -> Q:
        return Q(claimed_at__lt=now - limit) | Q(claimed_at__gt=now + limit)

    ReminderMail.objects.filter(left_behind(CLAIM_LIMIT), state=MailState.CLAIMED).update(
        state=MailState.PENDING, claimed_at=None
    )
    ReminderMail.objects.filter(left_behind(HAND_OVER_LIMIT), state=MailState.HANDING_OVER).update(
        state=MailState.UNCERTAIN, error="interrupted during the hand-over to the mail server"
    )


def join_waiting() -> None:
    """Mails that pile up for one person while the server is away become one: the newest takes the reminders of the others.

    A mail somebody asked to be sent again stays by itself: it keeps its Message-ID, as a copy may have arrived. So does
    one with news: what a digest tells is told in the mail it was put in.
    """
    waiting = ReminderMail.objects.filter(state=MailState.PENDING, sent_again="", digest__isnull=True)
    crowded = waiting.order_by().values("recipient").annotate(mails=Count("pk")).filter(mails__gt=1)
    rows = waiting.filter(recipient__in=crowded.values("recipient")).order_by("created_at", "pk")
    by_person: dict[int, list[int]] = {}
    for pk, recipient in rows.values_list("pk", "recipient_id"):
        by_person.setdefault(recipient, []).append(pk)
    for pks in by_person.values():
        with transaction.atomic():
            # Locked, so that no other worker takes one of them meanwhile; whichever was taken before stays out.
            held = (
                waiting.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True)
            )
            _join([pk for pk in pks if pk in set(held)])


def _join(pks: list[int]) -> None:
    *older, newest = pks or [0]
    if older:
        Reminder.objects.filter(mail__in=older).update(mail=newest)
        ReminderMail.objects.filter(pk__in=older).update(
            state=MailState.DROPPED, not_before=None, error="joined with a later mail to the same person"
        )
