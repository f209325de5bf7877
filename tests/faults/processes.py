"""Real Celery workers and beats that a test may kill, with the broker, the mail server and the clock of the test."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import redis as redis_client
from celery import Celery

from tests.conftest import ROOT, worker_environment
from tests.faults.clock import Clock
from tests.faults.sink import Sink

TASK = "initiatives.tasks.send_due_reminders"
#: Its own database of the Redis that the whole run shares: the other tests' worker must not take our tasks.
REDIS_DATABASE = "9"


def broker_url() -> str:
    return re.sub(r"/\d+$", "", os.environ["TEST_REDIS_URL"]) + "/" + REDIS_DATABASE


class Process:
    """One of them, in a process group of its own."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], log: Path, ready: str) -> None:
        self.name, self.log, self.ready = name, log, ready
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=out, stderr=out, start_new_session=True
            )

    def wait_until_ready(self, seconds: float = 60) -> Process:
        wait_for(lambda: self.ready in self.words() or not self.is_alive(), seconds, f"{self.name} to start")
        assert self.is_alive(), self.words()[-3000:]
        return self

    def is_alive(self) -> bool:
        return self.process.poll() is None

    def words(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """kill -9, the whole group; returns when it is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Crew:
    """Starts them, hands them tasks, and leaves none behind."""

    def __init__(self, folder: Path, sink: Sink, clock: Clock) -> None:
        self.folder, self.sink, self.clock = folder, sink, clock
        self.members: list[Process] = []
        self.broker = Celery("tests", broker=broker_url(), set_as_current=False)
        self.spare: Process | None = None

    def environment(self) -> dict[str, str]:
        return {
            **worker_environment(),
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "BROKER_URL": broker_url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.sink.port}",
            "FAULTS_CLOCK": str(self.clock.file),
            "DATABASE_POOL_SIZE": "2",
        }

    def _start(self, kind: str, options: list[str], ready: str) -> Process:
        name = f"{kind}-{uuid.uuid4().hex[:6]}"
        command = [sys.executable, "-m", "celery", "-A", "sundhedsaftale", kind, "-l", "INFO", *options]
        if kind == "worker":
            command += ["-n", f"{name}@localhost"]
        process = Process(name, command, self.environment(), self.folder / f"{name}.log", ready)
        self.members.append(process)
        return process

    def start_worker(self, *options: str) -> Process:
        """A worker on its way; `wait_until_ready` waits for it."""
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        return self._start("worker", [*(options or ("-P", "solo")), *quiet], " ready.")

    def start_beat(self) -> Process:
        return self._start("beat", ["--max-interval", "1", "--pidfile", ""], "Schedule changed.")

    def worker(self) -> Process:
        """The one that is at work; a new one when it was killed."""
        if self.spare is None or not self.spare.is_alive():
            self.spare = self.start_worker()
        return self.spare.wait_until_ready()

    def send_task(self) -> str:
        return str(self.broker.send_task(TASK).id)

    def wait_for_task(self, task: str, seconds: float = 30) -> None:
        wait_for(lambda: self.has_done(task), seconds, f"task {task}", self.tell)

    def run(self) -> None:
        """One task, from the queue to its end, by whichever worker takes it."""
        self.wait_for_task(self.send_task())

    def has_done(self, task: str) -> bool:
        return any(
            f"{TASK}[{task}] {end}" in member.words() for member in self.members for end in ("succeeded", "raised")
        )

    def wait_until_beat_has_sent(self, times: int, seconds: float = 60) -> None:
        """So many tasks sent by beat, and done."""

        def done() -> bool:
            sent = self.beat_has_sent()
            return sent >= times and self.count(f"{TASK}[") >= 2 * sent  # received, and succeeded or raised

        wait_for(done, seconds, f"{times} tasks of beat", self.tell)

    def beat_has_sent(self) -> int:
        """How many tasks all beats have sent together."""
        return self.count("Sending due task send-due-reminders")

    def count(self, words: str) -> int:
        """How often they have said it, together."""
        return sum(member.words().count(words) for member in self.members)

    def tell(self) -> str:
        return "\n".join(f"--- {member.name}\n{member.words()[-1500:]}" for member in self.members)

    def empty_queue(self) -> None:
        redis_client.Redis.from_url(broker_url()).flushdb()

    def dismiss(self, keep: Process | None = None) -> None:
        for member in self.members:
            if member is not keep:
                member.kill()
        self.members = [keep] if keep else []


def wait_for(
    condition: Callable[[], Any], seconds: float = 30, what: str = "it", tell: Callable[[], str] = lambda: ""
) -> Any:
    """Asks until the answer is true; AssertionError after `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.03)
    raise AssertionError(f"Waited {seconds} s for {what} in vain.\n{tell()}")


@contextlib.contextmanager
def crew(folder: Path, sink: Sink, clock: Clock) -> Iterator[Crew]:
    made = Crew(folder, sink, clock)
    made.empty_queue()
    try:
        yield made
    finally:
        made.dismiss()
        made.broker.close()
        made.empty_queue()
