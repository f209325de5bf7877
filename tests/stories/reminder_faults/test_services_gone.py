"""Many at once, and what everybody leans on is gone for a while: Redis, the mail server, PostgreSQL."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from datetime import date, timedelta

import psycopg
import pytest
import redis as redis_client
from django.db import connection

from initiatives.models import Reminder, ReminderMail
from tests.conftest import worker_environment
from tests.faults import ledger
from tests.faults.clock import Clock
from tests.faults.processes import Crew, broker_url, wait_for
from tests.faults.sink import Sink, Step, listening
from tests.initiatives import small_world as world

MONDAY = date(2026, 11, 23)
NOW = world.at(MONDAY)


def people(number: int) -> list[str]:
    plan = world.plan(world.body())
    found = [f"p{index:02}@example.dk" for index in range(number)]
    for email in found:
        world.item(plan, due=MONDAY + timedelta(days=1), coordinator=world.user(email))
    return found


def test_two_beats_and_four_workers_at_once(workers: Crew, clock: Clock, sink: Sink) -> None:
    everybody = people(24)
    clock.set(world.at(MONDAY, 7))
    four = [workers.worker(), *(workers.start_worker() for _ in range(3))]
    beats = [workers.start_beat(), workers.start_beat()]
    for process in (*four, *beats):
        process.wait_until_ready()
    # So that no worker is idle eight more tasks come at the same moment. Two beats may both find it due; but the one that
    # reads the schedule a moment after the other has run it is right to stay silent, so one task is all that is certain.
    clock.set(world.at(MONDAY, 8))
    tasks = [workers.send_task() for _ in range(8)]
    for task in tasks:
        workers.wait_for_task(task, 60)
    workers.wait_until_beat_has_sent(1)
    before = workers.beat_has_sent()
    clock.set(world.at(MONDAY, 8, 10))
    workers.wait_until_beat_has_sent(before + 1)
    assert sum(f"{end} in" in process.words() for process in four for end in ("succeeded",)) >= 2
    assert sorted(mail.to for mail in sink.accepted) == everybody
    assert ledger.states() == {"sent": 24}
    assert Reminder.objects.count() == 24
    ledger.check(sink.ids())


def test_a_second_worker_helps_when_much_waits(workers: Crew, clock: Clock, sink: Sink) -> None:
    """One task of beat, more mails than one worker takes at a time: both workers send, and no mail goes twice."""
    everybody = people(260)
    clock.set(NOW)
    two = [workers.worker(), workers.start_worker()]
    for process in two:
        process.wait_until_ready()
    said = [process.words() for process in two]
    workers.wait_for_task(workers.send_task(), 60)
    wait_for(lambda: len(sink.accepted) == 260, 60, "the mails", workers.tell)
    helped = "send_waiting_mails["
    wait_for(lambda: all("succeeded in" in p.words()[len(s) :] for p, s in zip(two, said, strict=True)), 30, "both")
    assert sum(helped in process.words()[len(before) :] for process, before in zip(two, said, strict=True)) == 1
    assert sorted(mail.to for mail in sink.accepted) == sorted(everybody)
    assert ledger.states() == {"sent": 260}
    ledger.check(sink.ids())


def test_redis_is_flushed_in_the_middle(workers: Crew, clock: Clock, sink: Sink) -> None:
    """The queue is gone, and with it the task that is being done and whatever waited. The outbox is in the database."""
    everybody = people(3)
    redis = redis_client.Redis.from_url(broker_url())
    clock.set(world.at(MONDAY, 7))
    workers.worker()
    workers.start_beat().wait_until_ready()
    sink.at(Step.RCPT, to=everybody[1], do=redis.flushdb)
    clock.set(NOW)
    wait_for(lambda: len(sink.accepted) == 3, 60, "the mails", workers.tell)
    assert sink.deeds == []
    # A task that waited is lost. Beat's next one arrives, and the worker still listens.
    world.item(world.plan(world.body()), due=MONDAY, coordinator=world.user("sidst@example.dk"))
    redis.flushdb()
    clock.set(NOW + timedelta(minutes=10))
    wait_for(lambda: len(sink.accepted) == 4, 60, "the mail after the flush", workers.tell)
    workers.run()
    ledger.check(sink.ids())
    assert sorted(mail.to for mail in sink.accepted) == [*everybody, "sidst@example.dk"]
    redis.close()


def test_the_mail_server_is_away_for_days(workers: Crew, clock: Clock, sink: Sink) -> None:
    """Two mails pile up for one person meanwhile, and one item is closed: one mail comes, with the words of its day."""
    body = world.body()
    who, done = world.user("a@example.dk"), world.user("b@example.dk")
    world.item(world.plan(body), due=MONDAY + timedelta(days=1), coordinator=who, title="Fælles tjekliste")
    closed = world.item(world.plan(body), due=MONDAY + timedelta(days=1), coordinator=done)
    away = Sink()  # nobody listens there yet
    with listening(away):
        pass
    workers.sink = away
    try:
        workers.start_worker().wait_until_ready()
        if workers.spare:
            workers.spare.kill()
        for hour in (8, 12, 17):  # the day before the deadline
            clock.set(world.at(MONDAY, hour))
            workers.run()
        clock.set(world.at(MONDAY + timedelta(days=2), 9))  # the day after it
        workers.run()
        assert ledger.states() == {"pending": 2, "dropped": 2}
        assert set(ReminderMail.objects.filter(state="pending").values_list("error", flat=True)) == {
            "ConnectionRefusedError"
        }
        world.status(closed, state="completed", due=MONDAY + timedelta(days=1))
        with listening(away):
            clock.set(world.at(MONDAY + timedelta(days=2), 9, 10))
            workers.run()
            workers.run()
        (mail,) = away.accepted
    finally:
        workers.sink = sink
    assert (mail.to, mail.subject) == ("a@example.dk", "Fristen er overskredet for 1 punkt")
    assert mail.text.count("Fælles tjekliste") == 1
    assert "i morgen" not in mail.text
    assert sorted(Reminder.objects.filter(mail__state="sent").values_list("kind", flat=True)) == ["after_1", "before_1"]
    ledger.check(away.ids())


def test_items_closed_between_queueing_and_sending(workers: Crew, clock: Clock, sink: Sink) -> None:
    """Closed, moved and taken out of the plan while the mails waited for their turn: none of them is sent."""
    plan = world.plan(world.body())
    items = {}
    for name in ("completed", "cancelled", "in_operation", "moved", "out", "stays"):
        who = world.user(f"{name}@example.dk")
        items[name] = world.item(plan, due=MONDAY + timedelta(days=1), coordinator=who)

    def meanwhile() -> None:
        """At the first mail's first command: the other five have been queued by now."""
        for state in ("cancelled", "in_operation"):
            world.status(items[state], state=state, due=MONDAY + timedelta(days=1))
        world.status(items["moved"], due=MONDAY + timedelta(days=90))
        items["out"].closed_on = MONDAY
        items["out"].save()
        connection.close()  # this is the mail server's thread

    sink.at(Step.CONNECT, do=meanwhile)
    workers.worker()
    clock.set(NOW)
    workers.run()
    workers.run()
    assert sorted(mail.to for mail in sink.accepted) == ["completed@example.dk", "stays@example.dk"]
    assert ledger.states() == {"sent": 2, "dropped": 4}
    ledger.check(sink.ids())


@contextlib.contextmanager
def no_database() -> Iterator[None]:
    """What a restart of PostgreSQL is to everybody else: every line is cut, and for a while no new one is had."""
    name = str(connection.settings_dict["NAME"])
    url = (
        worker_environment()["DATABASE_URL"].replace("postgres://", "postgresql://", 1).replace(f"/{name}", "/postgres")
    )
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        try:
            yield
        finally:
            link.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')


@pytest.mark.parametrize("step", [Step.RCPT, Step.DOT])
def test_postgresql_is_restarted_in_the_middle(workers: Crew, clock: Clock, sink: Sink, step: Step) -> None:
    everybody = people(3)
    workers.worker()
    clock.set(NOW)
    gone, failed_before = contextlib.ExitStack(), workers.count("] raised")
    connection.close()
    connection.close_pool()  # the test's own lines would be cut too
    sink.at(step, to=everybody[1], do=lambda: gone.enter_context(no_database()))
    task = workers.send_task()
    try:
        workers.wait_for_task(task, 60)  # it fails
    finally:
        gone.close()
    assert workers.count(f"{task}] raised") == 1
    # Back again: the first task finds a line that works, though all those the worker had kept are dead.
    for minutes in (1, 20):
        clock.set(NOW + timedelta(minutes=minutes))
        workers.run()
    assert workers.count("] raised") == failed_before + 1
    if step is Step.RCPT:
        assert ledger.states() == {"sent": 3}
    else:
        assert ledger.states() == {"sent": 2, "uncertain": 1}
    assert sorted(mail.to for mail in sink.accepted) == everybody
    ledger.check(sink.ids())
