"""What the measurements of bench.py have in common: a row of the table, a server to ask, and a client that asks it."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "scripts" / "bench"


@dataclass
class Row:
    what: str
    value: float
    unit: str
    bound: float | None
    note: str = ""

    @property
    def held(self) -> bool:
        return self.bound is None or self.value <= self.bound


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def manage(env: dict[str, str], *arguments: str, code: str = "") -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=env,
        input=code,
        text=True,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"manage.py {' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


@contextmanager
def server(env: dict[str, str], port: int, workers: int = 1) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "gunicorn", "sundhedsaftale.wsgi:application", "-b", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", str(workers), "--threads", "4", "--keep-alive", "60"]
    command += ["--log-level", "error"]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def wait_for(port: int, path: str, seconds: float = 30) -> float:
    """Seconds until the first answer of the path."""
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path)
            if connection.getresponse().status == 200:
                return time.perf_counter() - begun
        except OSError:
            time.sleep(0.02)
    sys.exit(f"no answer from {path} within {seconds} s")


class Client:
    """One connection that stays open, as a browser's does."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(self, path: str) -> tuple[float, bytes]:
        begun = time.perf_counter()
        self.connection.request("GET", path)
        response = self.connection.getresponse()
        body = response.read()
        if response.status != 200:
            sys.exit(f"{path}: {response.status}")
        return time.perf_counter() - begun, body


def worker_memory(master: int) -> float:
    """Resident memory in MB of the largest child of gunicorn's master."""
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    sizes = []
    for child in children:
        for line in Path(f"/proc/{child}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                sizes.append(int(line.split()[1]) / 1024)
    return max(sizes)


def show(rows: list[Row]) -> None:
    for row in rows:
        bound = f"at most {row.bound:g}" if row.bound is not None else ""
        mark, decimals = "" if row.held else "  BROKEN", 2 if row.unit == "s" else 1
        print(f"{row.what:<38}{row.value:>10.{decimals}f} {row.unit:<3} {bound:<12} {row.note}{mark}")


def environment(folder: str, database: str) -> dict[str, str]:
    """Of a process that works on the database as in production, with everything else in the folder."""
    pages = Path(folder) / "pages"
    pages.mkdir(exist_ok=True)
    return {
        **os.environ,
        "DEBUG": "false",
        "SECRET_KEY": "bench-" + "x" * 50,
        "SITE_URL": "http://127.0.0.1",
        "ALLOWED_HOSTS": "127.0.0.1,testserver",
        "DATABASE_URL": database,
        "BROKER_URL": "filesystem://",
        "EMAIL_URL": "dummymail://",
        "VAR_DIR": f"{folder}/var",
        "SECURE_SSL_REDIRECT": "false",
        "DJANGO_SETTINGS_MODULE": "bench_settings",
        "BENCH_PAGES": str(pages),
        "PYTHONPATH": str(BENCH),
    }
