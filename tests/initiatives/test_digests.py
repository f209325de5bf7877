"""Digests: who gets which news when, once, with the reminders of the day; through kills, two workers and days off."""

from __future__ import annotations

import itertools
import threading
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail as outbox
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from initiatives.actions import digests
from initiatives.actions.comments import add_comment, see_mentions, withdraw_comment
from initiatives.actions.digests import queue_digests
from initiatives.actions.follows import choose_mail_rhythm, see_news
from initiatives.actions.reminder_queue import message_id
from initiatives.actions.reminders import claim, queue_due, send_pending
from initiatives.models import Comment, Digest, Follow, MailState, Mention, Reminder, ReminderMail, StatusUpdate
from sundhedsaftale.models import User
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NOW = world.at(MONDAY, 8)
LONG_AGO = NOW - timedelta(days=200)


def day(number: int, hour: int = 8, minute: int = 0) -> datetime:
    """So many days after the Monday, at a local hour."""
    return world.at(MONDAY + timedelta(days=number), hour, minute)


class Killed(BaseException):
    """As a process ends: nothing of ours may catch it."""


@pytest.fixture
def plan() -> Any:
    return world.plan(world.body("Udvalget"))


@pytest.fixture
def author(plan: Any) -> Any:
    who = world.user("forfatter@example.dk", date_joined=LONG_AGO)
    world.member(who, plan.body, "member")
    return who


def reader(rhythm: str = "daily", *follows: Any, since: datetime = LONG_AGO, **fields: Any) -> Any:
    who = world.user(mail_rhythm=rhythm, mail_rhythm_since=since, date_joined=LONG_AGO, **fields)
    for plan in follows:
        Follow.objects.create(person=who, plan=plan, created_at=LONG_AGO)
    return who


def status_at(item: Any, at: datetime, state: str = "in_progress") -> None:
    made = world.status(item, state=state)
    StatusUpdate.objects.filter(pk=made.pk).update(recorded_at=at)


def old_item(plan: Any, **fields: Any) -> Any:
    """An item that is no news itself."""
    item = world.item(plan, **fields)
    type(item).objects.filter(pk=item.pk).update(created_at=LONG_AGO - timedelta(days=1))
    item.statuses.update(recorded_at=LONG_AGO - timedelta(days=1))
    return item


def mention(item: Any, who: Any, author: Any, at: datetime, text: str = "Hemmelige ord") -> Comment:
    if not who.memberships.exists():
        world.member(who, item.plan.body, "member")
    said = add_comment(thing=item, text=text, by=author, now=at, today=at.date(), also=[who.pk])
    return said.comment


def run(now: datetime) -> int:
    queue_due(now=now)
    queued = queue_digests(now=now)
    send_pending(now=now)
    return queued


def bodies() -> list[str]:
    return [str(message.body) for message in outbox.outbox]


# --- Who gets what, when ----------------------------------------------------------------------------------------------


def test_daily_news_goes_out_at_eight_and_once(plan: Any) -> None:
    who = reader("daily", plan)
    status_at(old_item(plan), day(-1, 12))
    assert run(day(0, 7, 59)) == 0
    assert [run(day(0, 8)), run(day(0, 8, 10)), run(day(0, 15)), run(day(1)), run(day(2))] == [1, 0, 0, 0, 0]
    assert [message.to for message in outbox.outbox] == [[who.email]]
    digest = Digest.objects.get()
    assert (digest.until, digest.until_day) == (day(0, 7, 45), MONDAY)


def test_weekly_news_goes_out_on_the_first_working_day_of_the_week(plan: Any) -> None:
    reader("weekly", plan)
    item = old_item(plan)
    status_at(item, day(1, 12))
    assert [run(day(number)) for number in (2, 3, 4, 5, 6)] == [0] * 5
    assert run(day(7)) == 1
    status_at(item, day(8))
    assert [run(day(number)) for number in (8, 9, 10, 11)] == [0] * 4
    assert run(day(14)) == 1


def test_a_week_that_begins_with_a_holiday_begins_on_its_tuesday(plan: Any) -> None:
    reader("weekly", plan)
    easter = date(2026, 4, 6)
    status_at(old_item(plan), world.at(easter - timedelta(days=4)))
    User.objects.update(date_joined=world.at(date(2026, 1, 1)), mail_rhythm_since=None)
    Follow.objects.update(created_at=world.at(date(2026, 1, 1)))
    assert run(world.at(easter)) == 0
    assert run(world.at(easter + timedelta(days=1))) == 1


def test_one_by_one_tells_of_mentions_and_never_of_changes(plan: Any, author: Any) -> None:
    who = reader("each", plan)
    item = old_item(plan)
    status_at(item, day(-1))
    assert run(day(0)) == 0
    mention(item, who, author, day(0, 9))
    assert run(day(0, 9, 10)) == 0  # what has just been written may not be stored everywhere
    assert run(day(0, 9, 20)) == 1
    mention(item, who, author, day(0, 9, 30))
    mention(item, who, author, day(0, 14))
    assert [run(day(0, hour)) for hour in (10, 15, 17)] == [0, 0, 0]  # one mail a day
    assert run(day(1, 8)) == 1
    assert [len(mail_lines(text)) for text in bodies()] == [1, 2]


def mail_lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if "nævner dig i en kommentar" in line]


def test_nothing_is_sent_on_days_off_and_nothing_is_lost_over_them(plan: Any, author: Any) -> None:
    who = reader("each", plan)
    mention(old_item(plan), who, author, day(4, 17))
    assert [run(day(number, 12)) for number in (5, 6)] == [0, 0]
    assert run(day(7)) == 1


def test_who_has_paused_or_cannot_be_written_to_gets_nothing(plan: Any) -> None:
    paused = reader("daily", plan, reminders_paused_until=MONDAY + timedelta(days=2))
    reader("daily", plan, is_active=False)
    status_at(old_item(plan), day(-1))
    assert [run(day(number)) for number in (0, 1, 2)] == [0, 0, 0]
    assert run(day(3)) == 1  # after the pause, and what happened in it is told
    assert outbox.outbox[0].to == [paused.email]


def test_what_was_missed_while_nothing_ran_is_told_together(plan: Any) -> None:
    reader("daily", plan)
    items = [old_item(plan) for _ in range(3)]
    status_at(items[0], day(-1))
    assert run(day(0)) == 1
    for number, item in enumerate(items):
        status_at(item, day(number, 12))
    assert run(day(4, 11)) == 1
    assert "3 punkter har fået ny status." in bodies()[1]


def test_a_digest_begins_when_it_was_chosen_and_leaves_out_what_has_been_seen(plan: Any) -> None:
    who = reader("each", plan)
    item = old_item(plan)
    status_at(item, day(-20))
    choose_mail_rhythm(by=who, rhythm="daily", now=day(-10))
    assert run(day(0)) == 0
    status_at(item, day(-1))
    see_news(by=who, until=day(0, 6), now=day(0, 6))
    assert run(day(0)) == 0
    status_at(item, day(0, 7))
    assert run(day(0, 9)) == 1


@pytest.mark.parametrize("sunday", [date(2026, 10, 25), date(2026, 3, 29)])
def test_the_nights_the_clock_changes(plan: Any, sunday: date) -> None:
    who = reader("daily", plan)
    start = world.at(sunday - timedelta(days=20))
    User.objects.filter(pk=who.pk).update(date_joined=start, mail_rhythm_since=start)
    Follow.objects.update(created_at=start)
    items = [old_item(plan) for _ in range(4)]
    for item, (days, hour) in zip(items, ((-3, 9), (0, 1), (0, 4), (1, 9)), strict=True):
        status_at(item, world.at(sunday + timedelta(days=days), hour))
    assert [run(world.at(sunday + timedelta(days=number))) for number in (-2, -1, 0, 1, 2)] == [1, 0, 0, 1, 1]
    told = [text for text in bodies() if "2 punkter har fået ny status." in text]
    assert len(told) == 1
    spans = list(Digest.objects.order_by("until").values_list("since", "until"))
    assert all(before[1] == after[0] for before, after in itertools.pairwise(spans))


# --- One mail ---------------------------------------------------------------------------------------------------------


def secretary_with_deadline(plan: Any, rhythm: str = "daily", days: int = 1) -> Any:
    who = reader(rhythm, plan)
    world.member(who, plan.body)
    old_item(plan, due=MONDAY + timedelta(days=days), title="Snart frist")
    return who


def test_news_goes_along_with_the_reminders_of_the_day(plan: Any) -> None:
    secretary_with_deadline(plan)
    status_at(old_item(plan), day(-1))
    assert run(day(0)) == 1
    mail = ReminderMail.objects.get()
    assert mail.message_id == message_id([Reminder.objects.get().key])
    assert (mail.state, mail.digest.until_day) == ("sent", MONDAY)
    assert "Snart frist" in bodies()[0]
    assert "Ændret på det, du følger" in bodies()[0]
    assert "punkt" in outbox.outbox[0].subject  # of the reminders: they are what asks for something


def test_news_alone_has_a_mail_and_a_message_id_of_its_own(plan: Any) -> None:
    who = reader("daily", plan)
    status_at(old_item(plan), day(-1))
    run(day(0))
    message = outbox.outbox[0]
    assert message.extra_headers["Message-ID"] == message_id([f"{who.pk}:digest:2026-11-23"])
    assert message.subject == "1 ændring, du følger"
    assert "Uændret" not in message.body


def test_whoever_has_had_a_mail_today_gets_the_news_tomorrow(plan: Any, author: Any) -> None:
    who = secretary_with_deadline(plan, "each")
    item = old_item(plan)
    run(day(0))
    mention(item, who, author, day(0, 9))
    assert [run(day(0, hour)) for hour in (10, 12, 16)] == [0, 0, 0]
    assert run(day(1)) == 1
    assert len(outbox.outbox) == 2


def test_a_mail_that_waits_from_yesterday_takes_the_news_along_and_one_with_news_is_left_alone(
    plan: Any, author: Any
) -> None:
    who = secretary_with_deadline(plan, "each")
    item = old_item(plan)
    queue_due(now=day(0))
    mention(item, who, author, day(0, 9))
    assert queue_digests(now=day(0, 10)) == 1
    assert ReminderMail.objects.get().digest
    mention(item, who, author, day(0, 12))
    assert queue_digests(now=day(1)) == 0  # the mail has not gone: what is newer waits for the next
    send_pending(now=day(1))
    assert queue_digests(now=day(1, 9)) == 0
    assert queue_digests(now=day(2)) == 1


@pytest.mark.parametrize("state", [MailState.CLAIMED, MailState.HANDING_OVER])
def test_a_mail_on_its_way_is_left_alone(plan: Any, author: Any, state: str) -> None:
    who = reader("each")
    mention(old_item(plan), who, author, day(-1))
    mail = ReminderMail.objects.create(recipient=who, message_id="<a@b>", created_at=day(-3), state=state)
    assert queue_digests(now=day(0)) == 0
    ReminderMail.objects.filter(pk=mail.pk).update(state=MailState.DROPPED)
    assert queue_digests(now=day(0, 9)) == 1


def test_news_does_not_hold_reminders_back(plan: Any) -> None:
    """At most one reminder mail every five days: a digest is none."""
    secretary_with_deadline(plan, days=31)
    item = old_item(plan)
    for number in (-1, 0):
        status_at(item, day(number, 12))
    assert [run(day(number)) for number in (0, 1)] == [1, 1]
    reminder = Reminder.objects.get()
    assert (reminder.kind, reminder.created_at, reminder.mail.digest.until_day) == (
        "before_30",
        day(1),
        MONDAY + timedelta(days=1),
    )


# --- What it says -----------------------------------------------------------------------------------------------------


def test_a_mail_tells_titles_and_kinds_and_never_the_words(plan: Any, author: Any) -> None:
    who = reader("daily", plan, language="da")
    item = old_item(plan, title="Løftet", text="Statusord")
    mention(item, who, author, day(-1), "Kun mellem os")
    status_at(item, day(-1))
    run(day(0))
    message = outbox.outbox[0]
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    for text in (str(message.body), html):
        assert "1. Løftet" in text
        assert f"/planer/{plan.slug}/punkter/1/kommentarer/#kommentar-" in text
        assert "forfatter nævner dig i en kommentar." in text
        assert "ny status (i gang)." in text
        assert "/mine/mails/" in text
        for words in ("Kun mellem os", "Statusord", "Ord."):
            assert words not in text
    assert message.subject == "Du er nævnt 1 gang og 1 ændring, du følger"


def test_the_mail_speaks_the_recipients_language(plan: Any) -> None:
    reader("daily", plan, language="en")
    status_at(old_item(plan), day(-1))
    run(day(0))
    assert "What changed on what you follow" in bodies()[0]
    assert outbox.outbox[0].subject == "1 change you follow"


def test_what_was_seen_or_withdrawn_before_the_mail_went_is_left_out(plan: Any, author: Any) -> None:
    who = reader("each")
    item = old_item(plan)
    first, second = mention(item, who, author, day(-1)), mention(item, who, author, day(-1, 9))
    assert queue_digests(now=day(0)) == 1
    withdraw_comment(comment=first, by=author, now=day(0))
    see_mentions(by=who, now=day(0), only=Mention.objects.get(comment=second).pk)
    send_pending(now=day(0))
    assert outbox.outbox == []
    assert ReminderMail.objects.get().state == MailState.DROPPED


def test_somebody_who_has_left_is_told_nothing(plan: Any, author: Any) -> None:
    who = reader("each")
    mention(old_item(plan), who, author, day(-1))
    who.memberships.update(valid_to=MONDAY - timedelta(days=1))
    assert run(day(0)) == 0


# --- Kills, workers, size ---------------------------------------------------------------------------------------------


def test_killed_in_between_nothing_is_stored_and_the_next_run_tells_it(plan: Any) -> None:
    reader("daily", plan)
    status_at(old_item(plan), day(-1))
    with mock.patch.object(digests.Digest.objects, "bulk_create", side_effect=Killed), pytest.raises(Killed):
        queue_digests(now=day(0))
    assert not ReminderMail.objects.exists()
    assert run(day(0, 8, 10)) == 1


def test_a_day_is_told_once_by_constraint(plan: Any) -> None:
    who = reader("daily", plan)
    mails = [
        ReminderMail.objects.create(recipient=who, message_id=f"<{number}@b>", created_at=NOW) for number in range(2)
    ]
    Digest.objects.create(person=who, mail=mails[0], since=LONG_AGO, until=NOW, until_day=MONDAY)
    with pytest.raises(IntegrityError):
        Digest.objects.create(person=who, mail=mails[1], since=LONG_AGO, until=NOW, until_day=MONDAY)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_everything_once() -> None:
    plan = world.plan(world.body("Udvalget"))
    people = [reader("daily", plan) for _ in range(5)]
    status_at(old_item(plan), day(-1))
    start, queued = threading.Barrier(2), []

    def work() -> None:
        try:
            start.wait()
            queued.append(queue_digests(now=NOW))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(queued) == 5
    assert Digest.objects.count() == ReminderMail.objects.count() == 5
    assert set(Digest.objects.values_list("person", flat=True)) == {person.pk for person in people}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_mail_claimed_while_its_news_is_written_goes_out_with_it() -> None:
    plan = world.plan(world.body("Udvalget"))
    secretary_with_deadline(plan)
    status_at(old_item(plan), day(-1))
    queue_due(now=NOW)
    mail = ReminderMail.objects.get()
    told: list[bool] = []
    write = Digest.objects.bulk_create

    def claim_meanwhile() -> None:
        try:
            claimed = claim([mail.pk], NOW)
            told.append(bool(claimed) and Digest.objects.filter(mail__in=claimed).exists())
        finally:
            connections.close_all()

    other = threading.Thread(target=claim_meanwhile)

    def slowly(rows: Any) -> Any:
        other.start()
        other.join(5)
        assert told == [False]  # a mail whose news is being written is passed over, and taken by the next run
        return write(rows)

    with mock.patch.object(digests.Digest.objects, "bulk_create", slowly):
        assert queue_digests(now=NOW) == 1
    claim_meanwhile()
    assert told == [False, True]


def test_the_number_of_questions_does_not_grow_with_people(plan: Any, author: Any) -> None:
    counted = []
    item = old_item(plan)
    for hundreds in range(2):
        for _ in range(1 if not hundreds else 40):
            who = reader("daily", plan)
            Follow.objects.create(person=who, item=item, created_at=LONG_AGO)
            mention(item, who, author, day(hundreds, 7))
        status_at(old_item(plan), day(hundreds, 7))
        with CaptureQueriesContext(connection) as captured:
            assert queue_digests(now=day(hundreds)) == (1 if not hundreds else 41)
        counted.append(len(captured))
        ReminderMail.objects.update(state=MailState.SENT)
    assert counted[1] == counted[0]
    assert counted[0] <= 18, counted


def test_the_news_of_many_mails_is_read_in_as_many_questions_as_that_of_one(plan: Any) -> None:
    from initiatives.presenters.digest import digest_sections

    for _ in range(30):
        reader("daily", plan)
    status_at(old_item(plan), day(-1))
    queue_digests(now=NOW)
    mails = list(ReminderMail.objects.all())
    counted = []
    for some in (mails[:1], mails):
        with CaptureQueriesContext(connection) as captured:
            assert len(digest_sections(some, today=MONDAY)) == len(some)
        counted.append(len(captured))
    assert counted[0] == counted[1] <= 10
    with CaptureQueriesContext(connection) as captured:
        Digest.objects.all().delete()
        assert digest_sections(mails, today=MONDAY) == {}


def test_a_quiet_run_does_not_read_the_news_of_those_who_have_been_told(plan: Any) -> None:
    reader("daily", plan)
    status_at(old_item(plan), day(-1))
    queue_digests(now=NOW)
    with CaptureQueriesContext(connection) as captured:
        assert queue_digests(now=day(0, 9)) == 0
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 1
