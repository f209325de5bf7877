"""Into the outbox: what is due today, one mail for each person, each thing once, ever."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from initiatives.models import Reminder, ReminderMail
from initiatives.reminding.planning import Line, PlannedMail, load_world, plan_day
from sundhedsaftale.lib.working_days import is_working_day

logger = logging.getLogger(__name__)

FIRST_HOUR = time(8)


def is_sending_time(now: datetime) -> bool:
    """Working days from 08:00 in Denmark; whatever was missed is caught up at the next such time."""
    local = timezone.localtime(now)
    return is_working_day(local.date()) and local.time() >= FIRST_HOUR


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
    return _write(now, [mail for mail in plan_day(load_world(today, today), today) if not mail.held])


def _write(now: datetime, planned: list[PlannedMail]) -> int:
    mails, reminders = [], []
    for each in planned:
        mail = ReminderMail(
            recipient_id=each.person, message_id=message_id(line.key for line in each.lines), created_at=now
        )
        mails.append(mail)
        reminders += [_reminder(mail, each.person, line, now) for line in each.lines]
    if not mails:
        return 0
    ReminderMail.objects.bulk_create(mails)
    Reminder.objects.bulk_create(reminders)
    return len(reminders)


def _reminder(mail: ReminderMail, person: int, line: Line, now: datetime) -> Reminder:
    about = {f"{line.subject.about}_id": line.subject.pk}
    return Reminder(
        key=line.key,
        mail=mail,
        recipient_id=person,
        kind=line.due.kind,
        recipient_role=line.role,
        due_on=line.due.due_on,
        late=line.due.late,
        created_at=now,
        **about,
    )


def message_id(keys: Iterable[str]) -> str:
    """The same keys give the same Message-ID, so that a mail sent again is recognised as the same mail."""
    digest = hashlib.sha256("\n".join(sorted(keys)).encode()).hexdigest()[:40]
    return f"<{digest}@{urlsplit(settings.SITE_URL).hostname}>"
