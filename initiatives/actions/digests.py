"""Digests: what is new to each person is put into the outbox once, with the reminders of the day or in a mail of its own.

Called after `queue_due`, so that the two become one mail. Safe to repeat, to be killed in and to run in two workers: the
rows of a run are stored together or not at all, and a person has one digest a day by constraint. Each tells the time
from where the last one ended, so nothing is told twice and nothing is lost.
"""

from __future__ import annotations

import logging
from datetime import date, datetime, time
from typing import Any

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from initiatives.actions.reminder_queue import is_sending_time, message_id
from initiatives.actions.reminders import WAITING
from initiatives.calculations.digest_days import EACH, Window, window
from initiatives.calculations.news import told_from
from initiatives.models import Digest, MailState, ReminderMail
from initiatives.presenters.personal_news import Asked, anybody_with_something, load_news

logger = logging.getLogger(__name__)


def queue_digests(*, now: datetime) -> int:
    """Put the news that is due into the outbox. Returns how many people get some.

    The number of queries does not grow with people or changes. Nothing is queued for somebody without news.
    """
    if not is_sending_time(now):
        return 0
    for _attempt in range(2):
        try:
            with transaction.atomic():
                return _queue(now)
        except IntegrityError:
            logger.info("digests were queued by somebody else at the same moment")
    return 0


def _queue(now: datetime) -> int:
    local = timezone.localtime(now)
    people = _people(local.date())
    facts = people.annotate(told_until=Max("digests__until"), told_on=Max("digests__until_day")).order_by("pk")
    windows: dict[int, Window] = {}
    asked: dict[int, Asked] = {}
    for person in facts:
        found = window(person.mail_rhythm, now=local, since=person.told_until or person.date_joined)
        if found is not None and (person.told_on is None or person.told_on < found.day):
            windows[person.pk] = found
            asked[person.pk] = _asked(person, found)
    news = load_news(asked, people, today=local.date())
    told = [pk for pk in windows if news[pk]]
    return _write(told, windows, now) if told else 0


def _people(today: date) -> QuerySet[Any]:
    """Who may be told something now: with an address, not paused, and with something to be told about."""
    paused = Q(reminders_paused_until__gte=today)
    everybody = get_user_model()._default_manager.filter(is_active=True).exclude(email="").exclude(paused)
    return everybody.filter(anybody_with_something())


def _asked(person: Any, found: Window) -> Asked:
    changes = None
    if person.mail_rhythm != EACH:
        since, seen = person.mail_rhythm_since, person.news_seen_at
        changes = told_from(found.since, rhythm_since=since, seen_at=seen, until=found.until)
    return Asked(found.since, changes, found.until)


def _write(told: list[int], windows: dict[int, Window], now: datetime) -> int:
    """With the mail that waits for the person, else in a new one; who has had a mail today waits for tomorrow's."""
    waiting, busy = _mails(told, now)
    mails, new = dict(waiting), []
    for pk in told:
        if pk not in mails and pk not in busy:
            key = f"{pk}:digest:{windows[pk].day.isoformat()}"
            mails[pk] = ReminderMail(recipient_id=pk, message_id=message_id([key]), created_at=now)
            new.append(mails[pk])
    ReminderMail.objects.bulk_create(new)
    digests = [
        Digest(
            person_id=pk, mail=mails[pk], since=windows[pk].since, until=windows[pk].until, until_day=windows[pk].day
        )
        for pk in told
        if pk in mails
    ]
    Digest.objects.bulk_create(digests)
    return len(digests)


def _mails(told: list[int], now: datetime) -> tuple[dict[int, ReminderMail], set[int]]:
    """(the mail each can still be told in, those who get none now). One query.

    The rows are locked until the digests stand: a worker that claims one of them meanwhile waits, and then finds its
    digest. One mail a day: whoever was sent one today, or has one under way, waits.
    """
    midnight = timezone.make_aware(datetime.combine(timezone.localtime(now).date(), time()))
    rows = (
        ReminderMail.objects.select_for_update(of=("self",))
        .filter(recipient__in=told)
        .filter(Q(state__in=WAITING) | Q(created_at__gte=midnight) | Q(sent_at__gte=midnight))
        .exclude(state=MailState.DROPPED)
        .annotate(is_told=Exists(Digest.objects.filter(mail=OuterRef("pk"))))
        .order_by("pk")
    )
    waiting: dict[int, ReminderMail] = {}
    busy: set[int] = set()
    for mail in rows:
        if mail.state == MailState.PENDING and not mail.is_told:
            waiting[mail.recipient_id] = mail
        else:
            busy.add(mail.recipient_id)
    return waiting, busy
