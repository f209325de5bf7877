"""send_reminders and read_status on the command line, and the task beat sends."""

from __future__ import annotations

import io
import json
from datetime import date
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.management import CommandError, call_command
from kombu.exceptions import OperationalError as QueueError

from initiatives import tasks
from initiatives.management.commands.send_reminders import moment
from initiatives.models import ReminderMail
from initiatives.tasks import send_due_reminders
from tests.initiatives import small_world as world

COVID = "Planlagt igangsat i 2. kvartal 2020, men udsat pga. COVID-19. Genoptages i 2. kvartal 2021."


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def read(monkeypatch: pytest.MonkeyPatch, text: str, *arguments: str) -> str:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    return run("read_status", *arguments)


@pytest.fixture
def due_item(db: None) -> Any:
    body = world.body()
    world.member(world.user(), body)
    return world.item(world.plan(body), due=date(2026, 11, 23))


def test_send_reminders_prints_what_it_did_and_does_it_once(due_item: Any) -> None:
    assert "queued 1, sent 1, waiting 0, uncertain 0" in run("send_reminders", "--now", "2026-11-23T08:00")
    assert "queued 0, sent 0" in run("send_reminders", "--now", "2026-11-23T08:10")
    assert len(outbox.outbox) == 1


@pytest.mark.parametrize("now", ["2026-11-22T12:00", "2026-11-23T07:59", "2026-12-25"])
def test_send_reminders_says_why_nothing_is_sent(due_item: Any, now: str) -> None:
    assert "Nothing is sent before 08:00" in run("send_reminders", "--now", now)
    assert outbox.outbox == []


@pytest.mark.parametrize(
    ("words", "iso"),
    [
        ("2026-11-23", "2026-11-23T09:00:00+01:00"),
        ("2026-06-23T08:00", "2026-06-23T08:00:00+02:00"),
        ("2026-11-23 08:00:30", "2026-11-23T08:00:30+01:00"),
        ("2026-11-23T08:00:00+00:00", "2026-11-23T08:00:00+00:00"),
    ],
)
def test_a_moment_without_a_zone_is_danish(words: str, iso: str) -> None:
    assert moment(words).isoformat() == iso


def test_a_moment_that_is_none_is_refused_with_an_example() -> None:
    with pytest.raises(CommandError, match="2026-11-23T08:00"):
        moment("i morgen")


def test_the_task_does_both_steps(due_item: Any, time_machine: Any) -> None:
    time_machine.move_to(world.at(date(2026, 11, 23), 8))
    send_due_reminders()
    send_due_reminders()
    assert ReminderMail.objects.get().state == "sent"
    assert len(outbox.outbox) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("waiting", "asked"), [(100, 0), (101, 1)])
def test_a_second_worker_is_asked_when_one_has_more_than_it_takes_at_a_time(
    time_machine: Any, monkeypatch: pytest.MonkeyPatch, waiting: int, asked: int
) -> None:
    now = world.at(date(2026, 11, 23), 8)
    time_machine.move_to(now)
    ReminderMail.objects.bulk_create(
        ReminderMail(recipient=world.user(f"p{n}@example.dk"), message_id=f"<{n}@example.dk>", created_at=now)
        for n in range(waiting)
    )
    calls: list[str] = []
    monkeypatch.setattr(tasks, "send_pending", lambda *, now: None)
    monkeypatch.setattr(tasks.send_waiting_mails, "delay", lambda: calls.append("asked"))
    send_due_reminders()
    assert len(calls) == asked


def test_a_queue_that_does_not_answer_keeps_no_mail_back(
    due_item: Any, time_machine: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise QueueError("no answer")

    time_machine.move_to(world.at(date(2026, 11, 23), 8))
    monkeypatch.setattr(tasks, "is_much_waiting", lambda now: True)
    monkeypatch.setattr(tasks.send_waiting_mails, "delay", gone)
    send_due_reminders()
    assert ReminderMail.objects.get().state == "sent"


def test_read_status_prints_every_key(monkeypatch: pytest.MonkeyPatch) -> None:
    found = json.loads(read(monkeypatch, COVID, "--json"))
    assert list(found) == ["state", "planned", "started", "since", "new_date", "cause", "milestones", "flags"]
    assert (found["state"], found["planned"], found["new_date"]) == ("postponed", "2. kvartal 2020", "2. kvartal 2021")
    assert found["cause"]
    assert found["started"] is None


def test_read_status_without_json_is_for_people(monkeypatch: pytest.MonkeyPatch) -> None:
    assert 'state: "postponed"' in read(monkeypatch, COVID)


def test_read_status_knows_danish_letters_and_an_empty_text(monkeypatch: pytest.MonkeyPatch) -> None:
    assert json.loads(read(monkeypatch, "", "--json"))["state"] is None
    text = read(monkeypatch, "Sat på standby siden marts 2020.", "--json")
    assert json.loads(text)["state"] == "on_hold"


def test_read_status_refuses_a_cpr_number_without_repeating_it(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError) as caught:
        read(monkeypatch, "Afsluttet for borger 010101-1234.", "--json")
    assert "0101" not in str(caught.value)
