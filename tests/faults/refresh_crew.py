"""Real Celery workers that fetch figures from a statbank of the test's, and that the test may kill."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import redis as redis_client
from celery import Celery

from tests.conftest import worker_environment
from tests.faults.processes import Process, wait_for
from tests.statbank_server import Statbank

TASK = "indicators.tasks.refresh_source"
PUBLISH = "indicators.tasks.publish_approved"


def broker_url() -> str:
    """A database of its own in the Redis of the whole run: the other tests' workers must not take our tasks."""
    return re.sub(r"/\d+$", "", os.environ["TEST_REDIS_URL"]) + "/8"


class RefreshCrew:
    """Starts workers, hands them sources to fetch, and leaves none behind."""

    def __init__(self, folder: Path, bank: Statbank) -> None:
        self.folder, self.bank = folder, bank
        self.members: list[Process] = []
        self.broker = Celery("tests", broker=broker_url(), set_as_current=False)

    def start(self) -> None:
        """One more worker, on its way."""
        name = f"refresh-{uuid.uuid4().hex[:6]}"
        command = [sys.executable, "-m", "celery", "-A", "sundhedsaftale", "worker", "-l", "INFO", "-P", "solo"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "-n", f"{name}@localhost"]
        environment = {
            **worker_environment(),
            "DJANGO_SETTINGS_MODULE": "tests.faults.refresh_settings",
            "BROKER_URL": broker_url(),
            "FIGURE_HOSTS": self.bank.origin,
            "STATBANK_URL": self.bank.url,
            "DATABASE_POOL_SIZE": "3",
        }
        self.members.append(Process(name, command, environment, self.folder / f"{name}.log", " ready."))

    def need(self, workers: int) -> None:
        """So many of them are alive and waiting for tasks."""
        self.members = [member for member in self.members if member.is_alive()]
        for _ in range(workers - len(self.members)):
            self.start()
        for member in self.members[:workers]:
            member.wait_until_ready()

    def fetch(self, source: str) -> str:
        """Asks for the source, as the schedule does. Returns the task's id."""
        return str(self.broker.send_task(TASK, args=[source]).id)

    def publish(self, run: int) -> str:
        """Asks for an approved run to be stored. Returns the task's id."""
        return str(self.broker.send_task(PUBLISH, args=[run]).id)

    def holder(self, task: str) -> Process:
        """Who has taken the task."""

        def found() -> Process | None:
            return next((one for one in self.members if f"{TASK}[{task}] received" in one.words()), None)

        taken: Process = wait_for(found, 60, f"somebody to take task {task}", self.tell)
        return taken

    def wait_for_end(self, *tasks: str) -> None:
        def done(task: str) -> bool:
            return any(f"[{task}] succeeded" in member.words() for member in self.members)

        wait_for(lambda: all(map(done, tasks)), 60, f"the end of {tasks}", self.tell)

    def tell(self) -> str:
        return "\n".join(f"--- {member.name}\n{member.words()[-2500:]}" for member in self.members)

    def empty_queue(self) -> None:
        redis_client.Redis.from_url(broker_url()).flushdb()

    def dismiss(self) -> None:
        for member in self.members:
            member.kill()


@contextlib.contextmanager
def refresh_crew(folder: Path, bank: Statbank) -> Iterator[RefreshCrew]:
    made = RefreshCrew(folder, bank)
    made.empty_queue()
    try:
        yield made
    finally:
        made.dismiss()
        made.broker.close()
        made.empty_queue()
