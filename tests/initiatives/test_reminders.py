"""Reminders: who is reminded of what and when, each once, through kills, two workers and a mail server in trouble."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from initiatives.actions import reminder_queue, reminders
from initiatives.actions.reminders import pause_reminders, queue_due, resend_uncertain, send_pending
from initiatives.models import MailState, Membership, Reminder, ReminderMail, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NOW = world.at(MONDAY)


class Killed(BaseException):
    """As a process ends: nothing of ours may catch it."""


@pytest.fixture
def secretary() -> Any:
    who = world.user("sekretaer@example.dk")
    who.body = world.body()  # type: ignore[attr-defined]
    world.member(who, who.body)  # type: ignore[attr-defined]
    who.plan = world.plan(who.body)  # type: ignore[attr-defined]
    return who


def states() -> list[str]:
    return list(ReminderMail.objects.order_by("pk").values_list("state", flat=True))


def kinds() -> list[str]:
    return list(Reminder.objects.order_by("pk").values_list("kind", flat=True))


def run(now: datetime = NOW) -> int:
    queue_due(now=now)
    return send_pending(now=now).sent


# --- What is due, and to whom -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "kind"),
    [
        (31, None),
        (30, "before_30"),
        (7, "before_7"),
        (1, "before_1"),
        (0, "before_1"),  # the day before was a Sunday
        (-1, "after_1"),
        (-7, "after_7"),
        (-30, "after_30"),
        (-60, "after_60"),
        (-400, "after_60"),  # missed for a year, and still said once
    ],
)
def test_the_cadence(secretary: Any, days: int, kind: str | None) -> None:
    world.item(secretary.plan, due=MONDAY + timedelta(days=days), owners=(secretary.body,))
    assert queue_due(now=NOW) == (1 if kind else 0)
    assert kinds() == ([kind] if kind else [])


@pytest.mark.parametrize("state", ["completed", "in_operation", "cancelled"])
def test_closed_items_are_left_alone(secretary: Any, state: str) -> None:
    world.item(secretary.plan, due=MONDAY, state=state)
    assert run() == 0


@pytest.mark.parametrize("state", ["planned", "in_progress", "delayed", "postponed", "on_hold"])
def test_every_open_state_is_reminded_of(secretary: Any, state: str) -> None:
    world.item(secretary.plan, due=MONDAY, state=state)
    assert run() == 1


def test_items_without_a_date_or_out_of_the_plan_are_left_alone(secretary: Any) -> None:
    world.item(secretary.plan, due=None)
    world.item(secretary.plan, due=None, state=None)
    gone = world.item(secretary.plan, due=MONDAY)
    gone.closed_on = MONDAY
    gone.save()
    assert run() == 0


def test_the_coordinator_alone_when_there_is_one(secretary: Any) -> None:
    coordinator = world.user("tovholder@example.dk")
    world.item(secretary.plan, due=MONDAY, owners=(secretary.body,), coordinator=coordinator)
    queue_due(now=NOW)
    assert [row.recipient for row in Reminder.objects.all()] == [coordinator]


def test_else_the_secretaries_of_owners_and_plan_each_once(secretary: Any) -> None:
    other, owner = world.user("anden@example.dk"), world.body("Praksisplanudvalget")
    world.member(other, owner)
    world.member(secretary, owner)
    world.member(world.user("leder@example.dk"), owner, Role.LEAD)
    ended = world.member(world.user("fhv@example.dk"), owner)
    Membership.objects.filter(pk=ended.pk).update(valid_to=MONDAY - timedelta(days=1))
    world.item(secretary.plan, due=MONDAY, owners=(owner,))
    queue_due(now=NOW)
    assert {row.recipient.email for row in Reminder.objects.all()} == {"sekretaer@example.dk", "anden@example.dk"}
    assert ReminderMail.objects.count() == 2


def test_one_mail_a_person_whatever_the_number_of_items(secretary: Any) -> None:
    for days in (-30, -1, 1, 7, 30):
        world.item(secretary.plan, due=MONDAY + timedelta(days=days))
    assert queue_due(now=NOW) == 5
    assert ReminderMail.objects.count() == 1


def test_whoever_has_paused_gets_nothing_and_a_deputy_takes_over(secretary: Any) -> None:
    deputy = world.user("suppleant@example.dk")
    world.member(deputy, secretary.body, Role.DEPUTY)
    world.item(secretary.plan, due=MONDAY)
    pause_reminders(user=secretary, until=MONDAY, today=MONDAY)
    queue_due(now=NOW)
    assert [row.recipient for row in Reminder.objects.all()] == [deputy]


def test_the_deputy_is_left_alone_while_the_secretary_is_there(secretary: Any) -> None:
    world.member(world.user("suppleant@example.dk"), secretary.body, Role.DEPUTY)
    world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    assert [row.recipient for row in Reminder.objects.all()] == [secretary]


def test_the_pause_is_over_the_day_after(secretary: Any) -> None:
    world.item(secretary.plan, due=MONDAY)
    pause_reminders(user=secretary, until=MONDAY, today=MONDAY)
    assert run() == 0
    assert run(world.at(MONDAY + timedelta(days=1))) == 1


def test_a_pause_written_after_the_mail_holds_it_back(secretary: Any) -> None:
    world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    pause_reminders(user=secretary, until=MONDAY, today=MONDAY)
    assert send_pending(now=NOW).sent == 0
    assert states() == ["pending"]


@pytest.mark.parametrize("days", [-1, 400])
def test_a_pause_ends_within_a_year(secretary: Any, days: int) -> None:
    with pytest.raises(ValidationError) as caught:
        pause_reminders(user=secretary, until=MONDAY + timedelta(days=days), today=MONDAY)
    assert "until" in caught.value.message_dict


# --- Each once --------------------------------------------------------------------------------------------------------


def test_running_again_adds_nothing(secretary: Any) -> None:
    world.item(secretary.plan, due=MONDAY + timedelta(days=7))
    assert run() == 1
    for hours in (0, 1, 5):
        assert run(NOW + timedelta(hours=hours)) == 0
    assert len(outbox.outbox) == 1


def test_over_a_whole_life_every_kind_is_sent_once(secretary: Any) -> None:
    world.item(secretary.plan, due=MONDAY)
    for days in range(-45, 90):
        run(world.at(MONDAY + timedelta(days=days), 8))
    assert kinds() == ["before_30", "before_7", "before_1", "after_1", "after_7", "after_30", "after_60"]
    assert len(outbox.outbox) == 7


def test_a_deadline_that_moves_starts_afresh_and_moving_back_too(secretary: Any) -> None:
    item = world.item(secretary.plan, due=MONDAY + timedelta(days=1))
    assert run() == 1
    world.status(item, due=MONDAY + timedelta(days=200))
    world.status(item, due=MONDAY + timedelta(days=1))
    assert run() == 1
    assert Reminder.objects.values("key").distinct().count() == 2


def test_an_unchanged_status_does_not_start_afresh(secretary: Any) -> None:
    item = world.item(secretary.plan, due=MONDAY + timedelta(days=1))
    assert run() == 1
    world.status(item, due=MONDAY + timedelta(days=1))
    assert run() == 0


def test_at_most_one_mail_in_five_days_but_never_too_late_for_a_deadline(secretary: Any) -> None:
    world.item(secretary.plan, due=MONDAY + timedelta(days=30))
    assert run() == 1
    world.item(secretary.plan, due=MONDAY + timedelta(days=9))
    wednesday = MONDAY + timedelta(days=2)
    assert run(world.at(wednesday)) == 0  # seven days before, but a mail came on Monday
    world.item(secretary.plan, due=wednesday + timedelta(days=1))
    assert run(world.at(wednesday)) == 1  # the day before yields the floor, and the other goes along
    assert kinds() == ["before_30", "before_1", "before_7"]


@pytest.mark.parametrize(
    ("now", "sends"),
    [
        (world.at(date(2026, 11, 23), 7, 59), False),
        (world.at(date(2026, 11, 23), 8, 0), True),
        (world.at(date(2026, 11, 22), 12), False),  # Sunday
        (world.at(date(2026, 12, 25), 12), False),  # Christmas Day, a Friday
        (world.at(date(2026, 12, 31), 12), True),
        (world.at(date(2027, 1, 1), 12), False),
        (datetime(2026, 11, 23, 7, 0, tzinfo=UTC), True),  # 08:00 in winter
        (datetime(2026, 6, 23, 5, 59, tzinfo=UTC), False),  # 07:59 in summer
        (datetime(2026, 6, 23, 6, 0, tzinfo=UTC), True),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), False),  # the night the clock is set back
        (datetime(2026, 3, 30, 6, 0, tzinfo=UTC), True),  # the Monday after it was set forward
        (datetime(2026, 3, 27, 6, 59, tzinfo=UTC), False),  # the Friday before
    ],
)
def test_working_days_from_eight_in_the_morning(secretary: Any, now: datetime, sends: bool) -> None:
    world.item(secretary.plan, due=date(2026, 1, 1))
    assert bool(run(now)) is sends


def test_queries_do_not_grow_with_people_and_items(secretary: Any) -> None:
    def queries(bodies: int, items: int) -> int:
        for _ in range(bodies):
            body = world.body()
            world.member(world.user(), body)
            of = world.plan(body)
            for number in range(items):
                world.item(of, due=MONDAY + timedelta(days=number % 7), owners=(body, secretary.body))
        with CaptureQueriesContext(connection) as caught:
            assert queue_due(now=NOW) > 0
        asked = [query["sql"] for query in caught]
        # SQLite takes 999 values in a statement: many rows are written in several statements there, and in one elsewhere.
        written = [sql for sql in asked if sql.startswith("INSERT")]
        assert len(written) <= 2 + Reminder.objects.count() * 20 // 999
        return len(asked) - len(written)

    few = queries(1, 1)
    assert queries(8, 6) <= few
    assert few <= 24


# --- The mail ---------------------------------------------------------------------------------------------------------


def test_the_mail_says_what_by_when_and_where(secretary: Any, settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.dk"
    late = world.item(secretary.plan, due=MONDAY - timedelta(days=2), title="Fælles tjekliste")
    soon = world.item(secretary.plan, due=MONDAY + timedelta(days=1), title="Opkald efter hjemkomst")
    assert run() == 1
    message: Any = outbox.outbox[0]
    html = message.alternatives[0][0]
    assert message.to == ["sekretaer@example.dk"]
    assert message.subject == "Fristen er overskredet for 1 punkt"
    for text in (message.body, html):
        assert "Fælles tjekliste" in text
        assert "Fristen er overskredet" in text
        assert "Fristen er i morgen" in text
        for item in (late, soon):
            assert f"https://tracker.example.dk/planer/{secretary.plan.slug}/punkter/{item.number}/" in text
    stop = message.extra_headers["List-Unsubscribe"]
    assert stop.startswith("<https://tracker.example.dk/paamindelser/afmeld/")
    assert stop.strip("<>") in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["Message-ID"] == ReminderMail.objects.get().message_id
    assert message.body.index("Fælles tjekliste") < message.body.index("Opkald")


def test_the_mail_is_in_the_language_of_whoever_gets_it(secretary: Any) -> None:
    secretary.language = "en"
    secretary.save()
    world.item(secretary.plan, due=MONDAY + timedelta(days=7))
    run()
    assert outbox.outbox[0].subject == "1 item is due soon"


def test_what_was_settled_while_the_mail_waited_falls_out(secretary: Any) -> None:
    done = world.item(secretary.plan, due=MONDAY, title="Færdig")
    moved = world.item(secretary.plan, due=MONDAY, title="Flyttet")
    world.item(secretary.plan, due=MONDAY, title="Stadig")
    queue_due(now=NOW)
    world.status(done, state="completed", due=MONDAY)
    world.status(moved, due=MONDAY + timedelta(days=100))
    send_pending(now=NOW)
    assert "Stadig" in outbox.outbox[0].body
    assert "Færdig" not in outbox.outbox[0].body
    assert "Flyttet" not in outbox.outbox[0].body


def test_a_mail_with_nothing_left_to_say_is_not_sent(secretary: Any) -> None:
    item = world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    world.status(item, state="completed", due=MONDAY)
    assert send_pending(now=NOW).sent == 0
    assert states() == ["dropped"]


# --- Killed, doubled, refused -----------------------------------------------------------------------------------------


def kill_in(monkeypatch: pytest.MonkeyPatch, name: str, before: bool) -> None:
    """The process ends just before or just after one of the steps."""
    real = getattr(reminders, name)

    def die(*args: Any, **kwargs: Any) -> Any:
        if not before:
            real(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(reminders, name, die)


@pytest.mark.parametrize(
    ("step", "before", "state", "later"),
    [
        ("claim", True, "pending", "sent"),
        ("claim", False, "claimed", "sent"),
        ("compose", True, "claimed", "sent"),
        ("hand_over", True, "claimed", "sent"),
        ("hand_over", False, "handing_over", "uncertain"),
        ("stamp", True, "handing_over", "uncertain"),
        ("stamp", False, "sent", "sent"),
    ],
)
def test_killed_at_each_step(
    secretary: Any, monkeypatch: pytest.MonkeyPatch, step: str, before: bool, state: str, later: str
) -> None:
    world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    with monkeypatch.context() as patch:
        kill_in(patch, step, before)
        with pytest.raises(Killed):
            send_pending(now=NOW)
    assert states() == [state]
    sent_before = len(outbox.outbox)
    send_pending(now=NOW + timedelta(minutes=1))  # too soon to know that the other is dead
    send_pending(now=NOW + timedelta(minutes=30))
    assert states() == [later]
    assert len(outbox.outbox) == (1 if later == "sent" else sent_before)
    assert len(outbox.outbox) <= 1


def test_killed_while_queueing_leaves_nothing_half_written(secretary: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.item(secretary.plan, due=MONDAY)
    with monkeypatch.context() as patch:
        patch.setattr(Reminder.objects, "bulk_create", lambda *args, **kwargs: (_ for _ in ()).throw(Killed()))
        with pytest.raises(Killed):
            queue_due(now=NOW)
    assert ReminderMail.objects.count() == 0
    assert queue_due(now=NOW) == 1


def test_two_workers_at_once_send_one_mail(secretary: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    real = reminders.compose

    def meanwhile(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(reminders, "compose", real)
        assert send_pending(now=NOW).sent == 0  # the other worker finds it claimed
        return real(*args, **kwargs)

    monkeypatch.setattr(reminders, "compose", meanwhile)
    assert send_pending(now=NOW).sent == 1
    assert len(outbox.outbox) == 1


def test_a_worker_that_slept_too_long_does_not_send_what_another_has_taken(
    secretary: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    real = reminders.compose

    def sleep(*args: Any, **kwargs: Any) -> Any:
        monkeypatch.setattr(reminders, "compose", real)
        assert send_pending(now=NOW + timedelta(hours=1)).sent == 1
        return real(*args, **kwargs)

    monkeypatch.setattr(reminders, "compose", sleep)
    assert send_pending(now=NOW).sent == 0
    assert len(outbox.outbox) == 1
    assert states() == ["sent"]


def test_two_workers_queueing_at_once_write_one_row(secretary: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    world.item(secretary.plan, due=MONDAY)
    real = reminder_queue._write
    entered: list[int] = []

    def meanwhile(*args: Any, **kwargs: Any) -> int:
        if not entered:
            entered.append(1)
            assert queue_due(now=NOW) == 1
        return real(*args, **kwargs)

    monkeypatch.setattr(reminder_queue, "_write", meanwhile)
    # The unique key turns the slower one away; it looks once more. (Here the faster one stands inside its transaction
    # and is undone with it, so the second look finds the work again.)
    assert queue_due(now=NOW) == 1
    assert entered
    assert Reminder.objects.count() == ReminderMail.objects.count() == 1


def test_an_uncertain_mail_is_sent_again_only_by_a_person_and_with_the_same_id(secretary: Any) -> None:
    world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    mail = ReminderMail.objects.get()
    ReminderMail.objects.update(state=MailState.UNCERTAIN)
    for hour in range(1, 8):
        assert run(NOW + timedelta(hours=hour)) == 0
    assert resend_uncertain(mail=mail, by=secretary, now=NOW)
    assert not resend_uncertain(mail=mail, by=secretary, now=NOW)
    assert send_pending(now=NOW).sent == 1
    assert outbox.outbox[0].extra_headers["Message-ID"] == mail.message_id


@pytest.mark.parametrize("state", ["sent", "pending", "claimed", "handing_over", "dropped"])
def test_only_an_uncertain_or_refused_mail_can_be_sent_again(secretary: Any, state: str) -> None:
    mail = ReminderMail.objects.create(recipient=secretary, message_id="<x@y>", created_at=NOW, state=state)
    assert not resend_uncertain(mail=mail, by=secretary, now=NOW)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (smtplib.SMTPRecipientsRefused({"a@b": (450, b"later")}), "pending"),
        (smtplib.SMTPRecipientsRefused({"a@b": (550, b"unknown")}), "refused"),
        (smtplib.SMTPDataError(451, b"greylisted"), "pending"),
        (smtplib.SMTPDataError(554, b"spam"), "refused"),
        (smtplib.SMTPServerDisconnected("gone"), "uncertain"),
        (TimeoutError("no answer"), "uncertain"),
        (ValueError("who knows"), "uncertain"),
    ],
)
def test_what_an_error_of_the_mail_server_means(
    secretary: Any, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str
) -> None:
    world.item(secretary.plan, due=MONDAY)
    queue_due(now=NOW)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", lambda self: (_ for _ in ()).throw(error))
        assert send_pending(now=NOW).sent == 0
    mail = ReminderMail.objects.get()
    assert (mail.state, mail.attempts) == (state, 1)
    assert "@" not in mail.error
    assert mail.error
    assert send_pending(now=NOW + timedelta(minutes=10)).sent == (1 if state == "pending" else 0)


# --- A real mail server on this machine -------------------------------------------------------------------------------


class Postman:
    """A mail server that can be told how to behave."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.received.append(envelope.content)
        return self.answer


@pytest.fixture
def postman(settings: Any) -> Iterator[Postman]:
    handler = Postman()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield handler
    controller.stop()


def test_by_smtp(secretary: Any, postman: Postman) -> None:
    world.item(secretary.plan, due=MONDAY)
    assert run() == 1
    assert ReminderMail.objects.get().message_id.encode() in postman.received[0]
    assert run() == 0
    assert len(postman.received) == 1


def test_a_server_that_says_later_is_asked_again(secretary: Any, postman: Postman) -> None:
    world.item(secretary.plan, due=MONDAY)
    postman.answer = "451 try again later"
    assert run() == 0
    assert states() == ["pending"]
    postman.answer = "250 OK"
    assert run(NOW + timedelta(minutes=10)) == 1
    assert len(postman.received) == 1
    assert ReminderMail.objects.get().attempts == 2


def test_a_server_that_is_down_keeps_everything_waiting(secretary: Any, postman: Postman, settings: Any) -> None:
    for _ in range(3):
        world.item(secretary.plan, due=MONDAY, coordinator=world.user())
    working, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert run() == 0
    assert states() == ["pending"] * 3
    assert "ConnectionRefusedError" in "".join(ReminderMail.objects.values_list("error", flat=True))
    settings.EMAIL_PORT = working
    assert run() == 3


@pytest.mark.django_db(transaction=True)
def test_four_workers_in_earnest(secretary: Any, postman: Postman) -> None:
    """Threads with connections of their own: everything is committed as it is in the real workers."""
    for _ in range(6):
        world.item(secretary.plan, due=MONDAY, coordinator=world.user())
    start = threading.Barrier(4)
    failed: list[BaseException] = []

    def work() -> None:
        try:
            start.wait()
            run()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert failed == []
    assert states() == ["sent"] * 6
    assert len(postman.received) == 6
