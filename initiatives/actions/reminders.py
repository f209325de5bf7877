"""Reminders: what is due is put into the outbox once, ever; what stands in the outbox is handed to the mail server.

Two steps, each safe to repeat and to be killed in. `queue_due` asks the database what is due and writes one mail per
person. `send_pending` takes each mail through claim -> commit -> handing over -> commit -> send -> stamp. Killed before
the hand-over it is tried again; killed after it, nobody knows whether it went out, so it is listed and only a person
sends it again. Never twice unasked, never lost unseen.
"""

from __future__ import annotations

import hashlib
import logging
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import IntegrityError, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.actions.reminder_mails import compose
from initiatives.calculations.early_warning import REMINDER_KINDS, ReminderDue, reminder_kind_due
from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import (
    ActionItem,
    Anchoring,
    MailState,
    Membership,
    Reminder,
    ReminderMail,
    Role,
    StatusUpdate,
)
from sundhedsaftale.lib.working_days import is_working_day

logger = logging.getLogger(__name__)

FIRST_HOUR = time(8)
#: The longest look ahead: 30 days before, moved back over a holiday.
HORIZON = timedelta(days=45)
CLAIM_LIMIT = timedelta(minutes=10)
HAND_OVER_LIMIT = timedelta(minutes=15)
WAITING = (MailState.PENDING, MailState.CLAIMED, MailState.HANDING_OVER)
LONGEST_PAUSE = timedelta(days=366)


@dataclass(frozen=True)
class Due:
    """An item with a deadline. revision: how often the deadline has moved; each move starts the reminders afresh."""

    item: ActionItem
    deadline: date
    state: str
    revision: int


@dataclass(frozen=True)
class SendCount:
    """sent: in this run. The others are what stands in the outbox when the run is over."""

    sent: int = 0
    waiting: int = 0
    uncertain: int = 0
    refused: int = 0


def is_sending_time(now: datetime) -> bool:
    """Working days from 08:00 in Denmark; whatever was missed is caught up at the next such time."""
    local = timezone.localtime(now)
    return is_working_day(local.date()) and local.time() >= FIRST_HOUR


# --- Into the outbox --------------------------------------------------------------------------------------------------


def queue_due(*, now: datetime) -> int:
    """Put what is due into the outbox, one mail to a person. Returns how many reminders were new.

    The number of database queries does not grow with items or people. Running it again, or in two workers at once, adds
    nothing: each reminder has a unique key.
    """
    if not is_sending_time(now):
        return 0
    for _attempt in range(2):
        try:
            with transaction.atomic():
                return _queue(now)
        except IntegrityError:
            # Another worker was faster with some of them; what it left is looked for once more.
            logger.info("reminders were queued by somebody else at the same moment")
    return 0


def _queue(now: datetime) -> int:
    today = timezone.localtime(now).date()
    due = _open_items_with_deadline(today)
    recipients = _recipients(due, today)
    everybody = {person.pk: person for people in recipients.values() for person in people}
    sent_kinds = _sent_kinds(due)
    last_mail = _last_mail(everybody)
    chosen: dict[int, list[tuple[Due, ReminderDue]]] = {}
    for person_id in everybody:
        mine = [entry for entry in due if any(person.pk == person_id for person in recipients[entry.item.pk])]
        chosen[person_id] = _due_for_one(person_id, mine, sent_kinds, last_mail.get(person_id), today)
    return _write(now, everybody, {person: rows for person, rows in chosen.items() if rows})


def _open_items_with_deadline(today: date) -> list[Due]:
    """Two queries: the current statuses with a date that is near or past, and how often those dates have moved."""
    current = list(
        StatusUpdate.objects.current()
        .filter(item__in=ActionItem.objects.open(today=today).values("pk"), due__last_day__lte=today + HORIZON)
        .exclude(state__in=CLOSED_STATES)
        .select_related("due", "item__plan", "item__coordinator")
        .order_by("due__last_day", "item_id")
    )
    moves: dict[int, int] = {}
    before: dict[int, date | None] = {}
    rows = StatusUpdate.objects.filter(item__in=[status.item_id for status in current]).order_by("item", "sequence")
    for item_id, last_day in rows.values_list("item_id", "due__last_day"):
        if item_id in before and before[item_id] != last_day:
            moves[item_id] = moves.get(item_id, 0) + 1
        before[item_id] = last_day
    return [
        Due(status.item, status.due.last_day, status.state, moves.get(status.item_id, 0))
        for status in current
        if status.due is not None and status.due.last_day is not None
    ]


def _recipients(due: list[Due], today: date) -> dict[int, list[Any]]:
    """Who is reminded of each item: its coordinator, else the secretaries of the owning bodies and of the plan's body.

    Where one of them has paused, or there is none, the deputies take over. Two queries.
    """
    bodies: dict[int, set[int]] = {entry.item.pk: {entry.item.plan.body_id} for entry in due}
    for item_id, body_id in Anchoring.objects.filter(item__in=bodies).values_list("item_id", "body_id"):
        bodies[item_id].add(body_id)
    people: dict[tuple[int, str], list[Any]] = {}
    memberships = (
        Membership.objects.valid_on(today)
        .filter(body__in={body for ids in bodies.values() for body in ids}, role__in=(Role.SECRETARY, Role.DEPUTY))
        .filter(user__is_active=True)
        .select_related("user")
        .order_by("user_id")
    )
    for membership in memberships:
        people.setdefault((membership.body_id, membership.role), []).append(membership.user)
    return {entry.item.pk: _reminded(entry.item, bodies[entry.item.pk], people, today) for entry in due}


def _reminded(item: ActionItem, bodies: set[int], people: dict[tuple[int, str], list[Any]], today: date) -> list[Any]:
    def holders(role: str) -> list[Any]:
        found = {person.pk: person for body in sorted(bodies) for person in people.get((body, role), [])}
        return list(found.values())

    coordinator = item.coordinator
    first = [coordinator] if coordinator is not None and coordinator.is_active else holders(Role.SECRETARY)
    present = [person for person in first if not _is_paused(person, today)]
    if len(present) < max(len(first), 1):
        present += [person for person in holders(Role.DEPUTY) if not _is_paused(person, today)]
    return list({person.pk: person for person in present}.values())


def _is_paused(person: Any, today: date) -> bool:
    return person.reminders_paused_until is not None and person.reminders_paused_until >= today


def _sent_kinds(due: list[Due]) -> dict[tuple[int, int, date, int], set[str]]:
    """(person, item, deadline, revision) -> the kinds that stand in the outbox already. One query."""
    found: dict[tuple[int, int, date, int], set[str]] = {}
    rows = Reminder.objects.filter(item__in=[entry.item.pk for entry in due])
    for key, person, item, kind, deadline in rows.values_list("key", "recipient_id", "item_id", "kind", "due_on"):
        found.setdefault((person, item, deadline, int(key.rsplit(":", 1)[1])), set()).add(kind)
    return found


def _last_mail(people: Iterable[int]) -> dict[int, date]:
    """The day each person last got, or was about to get, a mail with reminders: news alone holds none back. One query."""
    rows = (
        ReminderMail.objects.filter(recipient__in=list(people), reminders__isnull=False)
        .exclude(state=MailState.DROPPED)
        .values("recipient")
        .annotate(last=Max("created_at"))
        .values_list("recipient", "last")
    )
    return {person: timezone.localtime(last).date() for person, last in rows}


def _due_for_one(
    person: int,
    mine: list[Due],
    sent_kinds: dict[tuple[int, int, date, int], set[str]],
    last_sent_on: date | None,
    today: date,
) -> list[tuple[Due, ReminderDue]]:
    """What goes into this person's mail today. Once a mail is to go out, everything that has come due goes with it."""

    def find(floor: date | None) -> list[tuple[Due, ReminderDue]]:
        found = []
        for entry in mine:
            kinds = sent_kinds.get((person, entry.item.pk, entry.deadline, entry.revision), set())
            reminder = reminder_kind_due(
                entry.deadline, today=today, last_sent_on=floor, sent_kinds=kinds, state=entry.state
            )
            if reminder is not None:
                found.append((entry, reminder))
        return found

    return find(None) if find(last_sent_on) else []


def _write(now: datetime, people: dict[int, Any], chosen: dict[int, list[tuple[Due, ReminderDue]]]) -> int:
    mails, reminders = [], []
    for person, rows in chosen.items():
        keys = [_key(person, entry, reminder.kind) for entry, reminder in rows]
        mail = ReminderMail(recipient=people[person], message_id=message_id(keys), created_at=now)
        mails.append(mail)
        reminders += [
            Reminder(
                key=key,
                mail=mail,
                recipient=people[person],
                item=entry.item,
                kind=reminder.kind,
                due_on=entry.deadline,
                late=reminder.late,
                created_at=now,
            )
            for key, (entry, reminder) in zip(keys, rows, strict=True)
        ]
    ReminderMail.objects.bulk_create(mails)
    Reminder.objects.bulk_create(reminders)
    return len(reminders)


def _key(person: int, entry: Due, kind: str) -> str:
    """recipient:object:kind:due date:revision, unique for ever."""
    assert kind in REMINDER_KINDS  # nosec B101
    return f"{person}:{entry.item.pk}:{kind}:{entry.deadline.isoformat()}:{entry.revision}"


def message_id(keys: Iterable[str]) -> str:
    """The same keys give the same Message-ID, so that a mail sent again is recognised as the same mail."""
    digest = hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"


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
    try:
        for pk in list(_pending(now).values_list("pk", flat=True)):
            mail = claim(pk, now)
            if mail is None:
                continue
            state = _send_one(mail, connection, now)
            if state is None:
                break  # the mail server cannot be reached; the others would wait for it too
            sent += state == MailState.SENT
    finally:
        connection.close()
    return sent


def claim(pk: int, now: datetime) -> ReminderMail | None:
    """Take the mail for this worker, by one conditional UPDATE; None when another has it."""
    mine = ReminderMail.objects.filter(pk=pk, state=MailState.PENDING).update(state=MailState.CLAIMED, claimed_at=now)
    return ReminderMail.objects.select_related("recipient", "digest").get(pk=pk) if mine else None


def hand_over(mail: ReminderMail, now: datetime) -> bool:
    """Say, before the mail server is called, that it is about to be. False when another worker has the claim now."""
    mine = ReminderMail.objects.filter(pk=mail.pk, state=MailState.CLAIMED, claimed_at=mail.claimed_at)
    return bool(mine.update(state=MailState.HANDING_OVER, claimed_at=now, attempts=mail.attempts + 1))


def stamp(mail: ReminderMail, state: str, now: datetime, error: str = "") -> None:
    """Say what became of it."""
    ReminderMail.objects.filter(pk=mail.pk).update(
        state=state, sent_at=now if state == MailState.SENT else None, error=error, claimed_at=None
    )


def _send_one(mail: ReminderMail, connection: Any, now: datetime) -> MailState | None:
    """What became of it; None when the mail server cannot be reached."""
    message = compose(mail, today=timezone.localtime(now).date())
    if message is None:
        stamp(mail, MailState.DROPPED, now)
        return MailState.DROPPED
    ReminderMail.objects.filter(pk=mail.pk).update(subject=message.subject)
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
