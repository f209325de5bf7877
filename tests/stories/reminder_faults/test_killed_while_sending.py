"""kill -9 of a real worker, at the very command of the mail server's choice."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.models import MailState, ReminderMail
from tests.faults import ledger
from tests.faults.clock import Clock
from tests.faults.processes import Crew
from tests.faults.sink import Sink, Step
from tests.initiatives import small_world as world

MONDAY = date(2026, 11, 23)
NOW = world.at(MONDAY)
PEOPLE = ("a@example.dk", "b@example.dk", "c@example.dk")


def three_people() -> None:
    plan = world.plan(world.body())
    for email in PEOPLE:
        world.item(plan, due=MONDAY + timedelta(days=1), coordinator=world.user(email))


def kill_at(workers: Crew, clock: Clock, sink: Sink, step: Step, take: bool = True) -> None:
    """The worker sends the first mail, is killed in the middle of the second, and another takes over a minute later."""
    three_people()
    victim = workers.worker()
    sink.at(step, to=PEOPLE[1], do=victim.kill, take=take)
    clock.set(NOW)
    workers.send_task()
    victim.process.wait(60)
    assert sink.deeds == []
    workers.worker()
    clock.set(NOW + timedelta(minutes=1))
    workers.run()


@pytest.mark.parametrize("step", [Step.RCPT, Step.DATA])
def test_before_the_hand_over_it_is_tried_again(workers: Crew, clock: Clock, sink: Sink, step: Step) -> None:
    kill_at(workers, clock, sink, step)
    # What the dead worker had claimed is respected until it must be dead.
    assert [mail.to for mail in sink.accepted] == [PEOPLE[0]]
    assert ledger.states() == {"sent": 1, "claimed": 2}
    ledger.check(sink.ids(), waiting=True)
    clock.set(NOW + timedelta(minutes=12))
    workers.run()
    assert ledger.states() == {"sent": 3}
    assert sorted(mail.to for mail in sink.accepted) == [*PEOPLE]
    ledger.check(sink.ids())


@pytest.mark.parametrize("arrived", [True, False])
def test_between_hand_over_and_stamp_a_person_decides(
    workers: Crew, clock: Clock, sink: Sink, client: Client, arrived: bool
) -> None:
    kill_at(workers, clock, sink, Step.DOT, take=arrived)
    assert ledger.states() == {"sent": 1, "handing_over": 1, "claimed": 1}
    # Long after, and at every run from then on, it is uncertain, and is sent by nobody.
    for minutes in (20, 30, 60 * 24):
        clock.set(NOW + timedelta(minutes=minutes))
        workers.run()
        ledger.check(sink.ids())
        assert ledger.states() == {"sent": 2, "uncertain": 1}
    assert len(sink.accepted) == 2 + arrived
    # A person sends it again: the same Message-ID, once.
    mail = ReminderMail.objects.get(state=MailState.UNCERTAIN)
    client.force_login(world.user("leder@example.dk", is_superuser=True))
    assert client.post(reverse("reminder_resend", args=[mail.pk])).status_code == 302
    for _ in range(2):
        workers.run()
    assert sink.ids()[mail.message_id] == 1 + arrived
    assert ledger.states() == {"sent": 3}
    ledger.check(sink.ids(), sent_again={mail.message_id: 1})


def test_a_worker_process_of_a_pool_killed_in_the_middle(workers: Crew, clock: Clock, sink: Sink) -> None:
    """Only the child that sends is killed, as by the system when memory is short: Celery hands the task to another."""
    three_people()
    pool = workers.start_worker("-P", "prefork", "-c", "1").wait_until_ready()
    if workers.spare:
        workers.spare.kill()
    clock.set(NOW)

    def kill_the_child() -> None:
        import psutil

        for child in psutil.Process(pool.process.pid).children():
            child.kill()
            child.wait(10)

    sink.at(Step.DOT, to=PEOPLE[1], do=kill_the_child)
    task = workers.send_task()
    workers.wait_for_task(task)  # the same task, by the next child
    assert pool.is_alive()
    assert ledger.states() == {"sent": 1, "handing_over": 1, "claimed": 1}
    clock.set(NOW + timedelta(minutes=20))
    workers.run()
    assert ledger.states() == {"sent": 2, "uncertain": 1}
    ledger.check(sink.ids())
    assert len(sink.accepted) == 3
