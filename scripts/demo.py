"""Starts the whole system on this machine: `make demo`.

Web server, a real Celery worker and beat as one foreground group, on SQLite and a broker of files under `var/`. Ctrl-C
stops all of it; if one part stops, the rest is stopped and the reason shown. Standard library only: this file runs
before `.venv` exists.

The second start skips what has not changed (a stamp under `var/` remembers what was loaded), and is ready in seconds.
"""

import datetime as dt
import hashlib
import json
import os
import secrets
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import NoReturn

from install import install
from machine import PYTHON, ROOT, Missing, check_pango, check_port, check_python, die_with_parent, stop

VAR = ROOT / "var"
STAMP = VAR / "demo.json"
LOGS = VAR / "log"

# The roles that load_demo makes; tests/project/test_demo.py holds the two lists together.
PEOPLE = {
    "sekretaer@example.dk": "secretary: writes statuses, edits plans",
    "klyngeleder@example.dk": "cluster lead: logs initiatives",
    "politiker@example.dk": "politician: reads",
    "formand@example.dk": "chair: approves and records decisions",
    "stedfortraeder@example.dk": "deputy: writes when the others cannot",
    "data@example.dk": "data steward: refreshes figures",
    "administrator@example.dk": "administrator: opens and closes accounts",
}
PASSWORD = "demo-demo-demo"

DATA_SUFFIXES = {".yaml", ".yml", ".csv", ".json", ".txt", ".md", ".tsv"}


def environment(port: int) -> dict[str, str]:
    """The demo's settings: everything as in production but the address, the secret and where things lie."""
    VAR.mkdir(exist_ok=True)
    secret = VAR / "secret_key"
    if not secret.is_file():
        secret.touch(mode=0o600)
        secret.write_text(secrets.token_urlsafe(50))
    own = {
        "DEBUG": "false",
        "DEMO": "true",
        "SECRET_KEY": secret.read_text().strip(),
        "ALLOWED_HOSTS": "localhost,127.0.0.1,[::1]",
        "SITE_NAME": os.environ.get("SITE_NAME", "Sundhedsaftale"),
        "SITE_URL": f"http://localhost:{port}",
        "VAR_DIR": str(VAR),
        "DATABASE_URL": f"sqlite:///{VAR / 'db.sqlite3'}",
        "BROKER_URL": "filesystem://",
        "CACHE_URL": "",
        "EMAIL_URL": f"filemail:///{VAR / 'mail'}",
        "COLLECTED_STATIC": "false",
        "TRUST_PROXY": "false",
        "DJANGO_SETTINGS_MODULE": "sundhedsaftale.settings",
        "PYTHONUNBUFFERED": "1",
    }
    # Compiled files of our own make every later start a second faster; they are not committed.
    return {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"} | own


def fingerprint() -> str:
    """Changes when the tables, the shipped data or the code that loads them change."""
    digest = hashlib.sha256()
    files = []
    for app in ("sundhedsaftale", "indicators", "initiatives"):
        for path in (ROOT / app).rglob("*"):
            loads = path.suffix == ".py" and ("load" in path.name or "catalogue" in path.parts or "demo" in path.parts)
            if path.suffix in DATA_SUFFIXES or loads or (path.suffix == ".py" and path.parent.name == "migrations"):
                files.append(path)
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def manage(name: str, settings: dict[str, str]) -> None:
    """One management command; raises Missing with what it said when it fails."""
    result = subprocess.run(
        [PYTHON, "manage.py", name],
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if result.returncode:
        print(result.stdout[-3000:], file=sys.stderr)
        raise Missing(f"`manage.py {name}` failed; the reason stands above.")


def load(settings: dict[str, str]) -> bool:
    """Tables and content, unless they are there. Returns whether the example's deadlines must move to today."""
    found = fingerprint()
    today = dt.date.today().isoformat()
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        stamp = {}
    if stamp.get("fingerprint") == found and (VAR / "db.sqlite3").is_file():
        return bool(stamp.get("day") != today)
    STAMP.unlink(missing_ok=True)
    for name, saying in (
        ("migrate", "Making the tables"),
        ("load_demo", "Loading goals, indicators, areas, figures, plans, initiatives and the demo users"),
    ):
        started = time.monotonic()
        print(f"{saying} ...", end=" ", flush=True)
        manage(name, settings)
        print(f"{time.monotonic() - started:.1f} s", flush=True)
    remember(found)
    return False


def remember(found: str) -> None:
    STAMP.write_text(json.dumps({"fingerprint": found, "day": dt.date.today().isoformat()}))


class Part:
    """One process of the group, its output in a file of its own under `var/log/`."""

    def __init__(self, name: str, command: list[str], settings: dict[str, str]) -> None:
        LOGS.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.log = LOGS / f"{name}.log"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=settings,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                # A session of its own: Ctrl-C reaches us alone, and we stop the parts in order.
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def check(self) -> None:
        """Raises Missing, with the end of its log, when the part has stopped."""
        if self.process.poll() is not None:
            print("".join(self.log.read_text(errors="replace").splitlines(keepends=True)[-15:]), file=sys.stderr)
            raise Missing(f"The {self.name} stopped by itself; the end of {self.log.relative_to(ROOT)} stands above.")


def start(port: int, settings: dict[str, str], parts: list[Part]) -> None:
    """The web server and the worker with beat inside it, added to `parts` one by one so that both can be stopped."""
    module = [str(PYTHON), "-m"]
    web = [*module, "gunicorn", "sundhedsaftale.wsgi", "--bind", f"127.0.0.1:{port}", "--worker-class", "gthread"]
    web += ["--workers", "2", "--threads", "4", "--preload", "--no-control-socket", "--access-logfile", "-"]
    for leftover in ("worker.pid", "beat.pid"):
        (VAR / leftover).unlink(missing_ok=True)
    worker = [*module, "celery", "-A", "sundhedsaftale", "worker", "-B", "-P", "solo", "-l", "INFO"]
    worker += ["-s", str(VAR / "celerybeat-schedule"), "--pidfile", str(VAR / "worker.pid")]
    worker += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    parts.append(Part("web server", web, settings))
    # The reader waits for the page and not for the worker: with two cores, starting both at once delays the page.
    wait_for_page(port, parts[0])
    parts.append(Part("worker", worker, settings))


def wait_for_page(port: int, part: Part, seconds: float = 60) -> None:
    """Returns when the first page answers. Raises Missing when it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        part.check()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise Missing(f"The web server does not answer on port {port}; see {part.log.relative_to(ROOT)}.")


def greet(port: int, seconds: float) -> None:
    print(f"\nReady after {seconds:.1f} s: http://localhost:{port}\n")
    print(f"Sign in at http://localhost:{port}/konto/login/ with the password {PASSWORD}:")
    for email, role in PEOPLE.items():
        print(f"  {email:<24} {role}")
    print("\nMail is written to var/mail, logs to var/log. Ctrl-C stops everything.", flush=True)


def stop_signal(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def run(port: int) -> None:
    """From an empty folder to a page, and on until Ctrl-C."""
    started = time.monotonic()
    check_python()
    check_port(port)
    check_pango()
    install("demo")
    settings = environment(port)
    new_day = load(settings)
    parts: list[Part] = []
    try:
        start(port, settings, parts)
        greet(port, time.monotonic() - started)
        if new_day:
            manage("load_demo", settings)
            remember(fingerprint())
        while True:
            for part in parts:
                part.check()
            time.sleep(0.5)
    finally:
        # A second Ctrl-C may not leave half of it running.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for part in reversed(parts):
            stop(part.process)


def main() -> int:
    signal.signal(signal.SIGTERM, stop_signal)
    signal.signal(signal.SIGINT, stop_signal)
    port = os.environ.get("PORT") or "8000"
    if not port.isdigit() or not 0 < int(port) < 65535:
        print("PORT must be a number below 65535, for example `make demo PORT=8001`.", file=sys.stderr)
        return 2
    try:
        run(int(port))
    except Missing as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
