"""Days that were missed, nights with an hour too many or too few, and a clock that is put back: with beat and worker."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from initiatives.models import Reminder, ReminderMail
from tests.faults import ledger
from tests.faults.clock import Clock
from tests.faults.processes import Crew, wait_for
from tests.faults.sink import Sink, Step
from tests.initiatives import small_world as world

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONDAY = date(2026, 11, 23)


def kinds() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("kind", flat=True))


def test_worker_and_beat_down_for_three_days_over_a_deadline(workers: Crew, clock: Clock, sink: Sink) -> None:
    # Given two people with a deadline on Wednesday; on Monday one gets a mail, and everything dies at the other's
    plan = world.plan(world.body())
    for email in ("a@example.dk", "b@example.dk"):
        world.item(plan, due=MONDAY + timedelta(days=2), coordinator=world.user(email))
    clock.set(world.at(MONDAY, 8))
    worker, beat = workers.worker(), workers.start_beat().wait_until_ready()
    sink.at(Step.RCPT, to="b@example.dk", do=lambda: (beat.kill(), worker.kill()))
    clock.set(world.at(MONDAY, 9))  # beat sends the task
    worker.process.wait(60)
    assert [mail.to for mail in sink.accepted] == ["a@example.dk"]
    assert ledger.states() == {"sent": 1, "claimed": 1}
    # When both are back on Friday, before the day begins
    clock.set(world.at(MONDAY + timedelta(days=4), 6, 30))
    workers.worker()
    workers.start_beat().wait_until_ready()
    workers.run()
    assert len(sink.accepted) == 1
    clock.set(world.at(MONDAY + timedelta(days=4), 7, 59) + timedelta(seconds=55))
    stamped = ReminderMail.objects.filter(state="sent")
    wait_for(lambda: stamped.count() >= 3, 60, "the mails of Friday", workers.tell)
    workers.run()
    # Then each gets one mail, from eight o'clock, that says the deadline has passed; what was missed is in it
    assert [mail.to for mail in sink.accepted[1:]] == ["a@example.dk", "b@example.dk"]
    for mail in sink.accepted[1:]:
        assert mail.subject == "Fristen er overskredet for 1 punkt"
        assert mail.text.count("Fristen er overskredet") == 1
        assert "i morgen" not in mail.text
    assert kinds() == ["before_7", "before_7", "after_1", "after_1"]
    for sent in ReminderMail.objects.filter(state="sent").order_by("sent_at")[1:]:
        local = timezone.localtime(sent.sent_at)
        assert (local.date(), local.hour) == (MONDAY + timedelta(days=4), 8)
    joined_on_the_way = ReminderMail.objects.filter(state="dropped")
    assert [mail.reminders.count() for mail in joined_on_the_way] == [0]
    ledger.check(sink.ids())


NIGHTS = [
    # two seconds before the change, two after it, and the Monday that follows
    (datetime(2026, 3, 29, 1, 59, 58, tzinfo=COPENHAGEN), "+0100", "+0200", date(2026, 3, 30)),
    (datetime(2026, 10, 25, 2, 59, 58, tzinfo=COPENHAGEN), "+0200", "+0100", date(2026, 10, 26)),
]


@pytest.mark.parametrize(("change", "before", "after", "monday"), NIGHTS, ids=["march", "october"])
def test_the_night_the_clock_changes_and_the_monday_after(
    workers: Crew, clock: Clock, sink: Sink, change: datetime, before: str, after: str, monday: date
) -> None:
    # Given a deadline on Tuesday, so that a reminder is due on Monday, and one on Sunday
    plan, who = world.plan(world.body()), world.user("a@example.dk")
    for day in (monday + timedelta(days=1), monday - timedelta(days=1)):
        world.item(plan, due=day, coordinator=who)
    assert f"{change:%z}" == before
    clock.set(change)
    workers.worker()
    workers.start_beat().wait_until_ready()
    # When the hour passes twice, or not at all
    clock.set(change)
    wait_for(lambda: clock.now() > change.timestamp() + 4, what="the change")
    assert f"{datetime.fromtimestamp(clock.now(), COPENHAGEN):%z}" == after
    workers.run()
    assert sink.accepted == []
    # Then the mail comes at eight by the new clock, once
    clock.set(world.at(monday, 7, 59) + timedelta(seconds=54))
    wait_for(ReminderMail.objects.filter(state="sent").exists, 60, "the mail of Monday", workers.tell)
    for hour in (9, 10, 17):
        clock.set(world.at(monday, hour))
        workers.run()
    assert len(sink.accepted) == 1
    local = timezone.localtime(ReminderMail.objects.get().sent_at)
    assert (local.date(), local.hour, f"{local:%z}") == (monday, 8, after)
    assert kinds() == ["after_1", "before_1"]
    assert sink.accepted[0].subject == "Fristen er overskredet for 1 punkt"
    ledger.check(sink.ids())


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1)], ids=["an hour", "a day"])
def test_the_clock_is_put_back_while_mails_are_on_their_way(
    workers: Crew, clock: Clock, sink: Sink, back: timedelta
) -> None:
    # Given one mail sent, one whose worker died with the hand-over, and one it had claimed
    tuesday = world.at(MONDAY + timedelta(days=1), 11)
    plan = world.plan(world.body())
    for name in "abc":
        world.item(plan, due=MONDAY + timedelta(days=1), coordinator=world.user(f"{name}@example.dk"))
    victim = workers.worker()
    sink.at(Step.DOT, to="b@example.dk", do=victim.kill)
    clock.set(tuesday)
    workers.send_task()
    victim.process.wait(60)
    workers.empty_queue()
    assert ledger.states() == {"sent": 1, "claimed": 1, "handing_over": 1}
    # When the clock is put back
    workers.worker()
    clock.set(tuesday - back)
    workers.run()
    # Then what was sent is not sent again, and nothing waits for the clock to come round once more
    assert ledger.states() == {"sent": 2, "uncertain": 1}
    for hours in (1, 2, 5):
        clock.set(tuesday - back + timedelta(hours=hours))
        workers.run()
    assert [mail.to for mail in sink.accepted].count("a@example.dk") == 1
    mails = ReminderMail.objects.filter(reminders__kind="before_1").distinct()
    assert sorted(mails.values_list("state", flat=True)) == ["sent", "sent", "uncertain"]
    ledger.check(sink.ids())


def test_beat_goes_on_when_the_clock_is_put_back(workers: Crew, clock: Clock, sink: Sink) -> None:
    """Its list of what it did last lies in the future then; it must not wait for that."""
    plan = world.plan(world.body())
    clock.set(world.at(MONDAY + timedelta(days=1), 9))
    workers.worker()
    workers.start_beat().wait_until_ready()
    clock.set(world.at(MONDAY + timedelta(days=1), 10))
    workers.wait_until_beat_has_sent(1)
    workers.run()  # what beat sent on Tuesday is done with
    assert sink.accepted == []
    # When it is Monday again, and one tick after another goes by
    world.item(plan, due=MONDAY, coordinator=world.user("a@example.dk"))
    clock.set(world.at(MONDAY, 9, 5))
    ours = PeriodicTask.objects.filter(name="send-due-reminders", last_run_at__lt=world.at(MONDAY, 10))
    wait_for(ours.exists, 60, "beat to see it", workers.tell)
    clock.set(world.at(MONDAY, 9, 10))
    # Then the mail is sent on Monday
    stamped = ReminderMail.objects.filter(state="sent")
    wait_for(stamped.exists, 60, "a mail on the day that comes twice", workers.tell)
    assert timezone.localtime(ReminderMail.objects.get().sent_at).date() == MONDAY
    ledger.check(sink.ids())
