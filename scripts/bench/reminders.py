"""Reminders from end to end: what is due is found, written, rendered in text and HTML and handed to a mail server in a
process of its own. First 200 items and 51 people, then 10,000 items and 2,000. Run by bench.py inside manage.py shell.

When more waits than one worker takes at a time a second one helps, as the task asks for and production has it; here it is
a process that has started and waits for a line.

Prints REMINDERS <items> <mails> <seconds to queue> <seconds to send> <statements to queue> <statements a mail>.
"""

import socket
import subprocess
import sys
import time
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection

from initiatives.actions.reminders import is_much_waiting, queue_due, send_pending
from initiatives.models import ActionItem, Anchoring, Body, Plan, PlanKind, ReminderMail, Schedule, StatusUpdate, Track

NOW = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/Copenhagen"))
DUE = date(2026, 11, 30)


class Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


def people(prefix: str, count: int) -> list[Any]:
    model: Any = get_user_model()
    return model.objects.bulk_create(
        model(email=f"{prefix}{n}@example.dk", name=f"Person {n}", password="!", language="en" if n % 10 == 0 else "da")
        for n in range(count)
    )


def plan_of(name: str, items: int, coordinators: list[Any]) -> None:
    """Everything of a plan in a few statements; each item has two owners and two statuses."""
    body, other = Body.objects.order_by("pk")[:2]
    plan = Plan.objects.create(slug=name, title=f"Plan {name}", body=body, kind=PlanKind.objects.all()[0])
    track = Track.objects.create(plan=plan, title="Spor", number="1")
    rows = ActionItem.objects.bulk_create(
        ActionItem(
            plan=plan,
            track=track,
            key=f"p{n}",
            number=n + 1,
            position=n + 1,
            title=f"Punkt nummer {n + 1} om bedre overgange mellem sektorer",
            coordinator=coordinators[n % len(coordinators)],
        )
        for n in range(items)
    )
    Anchoring.objects.bulk_create(
        Anchoring(item=row, body=one, position=place) for row in rows for place, one in enumerate((body, other))
    )
    words = {"words": "30. november 2026", "precision": "day", "first_day": DUE, "last_day": DUE}
    dates = Schedule.objects.bulk_create(Schedule(item=row, kind="due", recorded_at=NOW, **words) for row in rows)
    StatusUpdate.objects.bulk_create(
        StatusUpdate(
            item=row, sequence=step, state="in_progress", text="I gang.", as_of=NOW.date(), due=due, recorded_at=NOW
        )
        for row, due in zip(rows, dates, strict=True)
        for step in (1, 2)
    )


SECOND = """
from datetime import datetime
from django.conf import settings
from initiatives.actions.reminders import send_pending
settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
print("ready", flush=True)
input()
print(send_pending(now=datetime.fromisoformat("{now}")).sent, flush=True)
"""


def second_worker() -> Any:
    """A process that is ready, and sends when it is given a line."""
    command = [
        sys.executable,
        "manage.py",
        "shell",
        "--no-imports",
        "-c",
        SECOND.format(port=port, now=NOW.isoformat()),
    ]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=settings.BASE_DIR)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def run() -> None:
    counter, helper = Counter(), second_worker()
    items = ActionItem.objects.count()
    with connection.execute_wrapper(counter):
        begun = time.perf_counter()
        queue_due(now=NOW)
        queued, to_queue = time.perf_counter(), counter.count
        is_helped = is_much_waiting(NOW)
        if is_helped:
            print(file=helper.stdin, flush=True)
        done = send_pending(now=NOW)
        helped = int(helper.stdout.readline()) if is_helped else 0
        over = time.perf_counter()
    helper.communicate("\n" if not is_helped else None)
    assert done.sent, "nothing was sent"
    assert ReminderMail.objects.exclude(state="sent").count() == 0
    a_mail = (counter.count - to_queue) / done.sent
    print(f"REMINDERS {items} {done.sent + helped} {queued - begun:.2f} {over - queued:.2f} {to_queue} {a_mail:.2f}")


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
sink = subprocess.Popen(
    [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}"]
)
try:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert time.monotonic() < deadline, "the mail server did not start"
            time.sleep(0.05)
    # The demo's own mails, so that they are in neither figure and all templates are read.
    queue_due(now=NOW)
    send_pending(now=NOW)
    ActionItem.objects.update(closed_on=NOW.date())
    plan_of("lille", 200, people("lille", 51))
    run()
    everybody = people("stor", 2000)
    for n in range(50):
        plan_of(f"stor-{n}", 200, everybody[n * 40 :] + everybody[: n * 40])
    run()
finally:
    sink.terminate()
    sink.wait(10)
