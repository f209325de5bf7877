"""What every test stands on: settings for tests, no network, a real worker and a real browser where they are asked for.

The services come from outside: `make test` starts PostgreSQL and Redis before pytest (`scripts/services.py`) and hands
them over in DATABASE_URL and BROKER_URL. Without them the tests run on SQLite and a broker of files.
"""

import contextlib
import ipaddress
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
STATE = Path(tempfile.mkdtemp(prefix="sundhedsaftale-tests-"))

# Before Django reads its settings. Nothing a test does may touch the var/ of somebody's demo, nor obey a local .env.
os.environ["DJANGO_SETTINGS_MODULE"] = "sundhedsaftale.settings"
os.environ["DEBUG"] = "true"
os.environ["VAR_DIR"] = str(STATE)
os.environ["SECRET_KEY"] = "tests-only-" + "x" * 40
os.environ["SITE_URL"] = "http://localhost:8000"
os.environ["SITE_NAME"] = "Sundhedsaftale"
os.environ["ALLOWED_HOSTS"] = "localhost,127.0.0.1,[::1],testserver"
os.environ["EMAIL_URL"] = f"filemail:///{STATE / 'mail'}"
os.environ["CACHE_URL"] = ""
os.environ["KEEP_PAGES"] = "false"  # tests/project/test_page_cache.py turns it on
os.environ["LOG_LEVEL"] = "WARNING"
os.environ.setdefault("DATABASE_URL", f"sqlite:///{STATE / 'db.sqlite3'}")
os.environ.setdefault("BROKER_URL", "filesystem://")
# Playwright's sync interface keeps an event loop in the test's thread; Django would take it for async code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# A busy machine is not a defect: no example fails for having taken long. On a build machine the examples are the same each
# time, so that red means this commit; on a person's machine they are new ones, and find what is to be found.
hypothesis.settings.register_profile(
    "any-machine",
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
hypothesis.settings.load_profile("any-machine")

ON_POSTGRES = os.environ["DATABASE_URL"].startswith(("postgres:", "postgresql:"))


def pytest_configure() -> None:
    # pytest-django would read DJANGO_SETTINGS_MODULE from pyproject.toml, but it does so before this file has set the
    # environment. So it is named here, and Django is set up here.
    import django

    django.setup()


# Each test of these fills a whole country, loads the demo, opens real documents, stores two hundred rows or starts the
# drawing engine: too slow for `make test-fast`.
SLOW_FILES = {
    "indicators/test_actions_catalogue.py",
    "indicators/test_charts_rendering.py",
    "indicators/test_refresh_tabular.py",
    "initiatives/calculations/test_canonical.py",
    "initiatives/plan_files/test_layouts.py",
    "initiatives/plan_files/test_refusals.py",
    "initiatives/plan_files/test_word_tables.py",
    "initiatives/test_annex_files.py",
    "initiatives/test_annex_letterhead.py",
    "initiatives/test_annex_pages.py",
    "initiatives/test_import_plan_command.py",
    "initiatives/test_plan_import_pages.py",
    "initiatives/test_plan_imports.py",
    "initiatives/test_plan_uploads.py",
    "initiatives/test_snapshot_pages.py",
    "initiatives/test_timeline_page.py",
    "project/test_page_cache.py",
    "project/test_pages.py",
    "project/test_pages_queries.py",
    "project/test_settings.py",
}


# The same on any database, because none is asked, or because what they try is a rule and not a question: `make test` runs
# them on SQLite only.
ANY_DATABASE = (
    *("lib/", "initiatives/calculations/", "initiatives/plan_files/", "indicators/test_calculations_"),
    *("indicators/test_report_tables.py", "indicators/test_oracle_tables.py", "project/test_permission_matrix.py"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    folders = {"browser": pytest.mark.browser, "stories": pytest.mark.stories}
    skip = pytest.mark.skip(reason="only PostgreSQL can answer this; `make test` runs it there")
    for item in items:
        for folder, mark in folders.items():
            if ROOT / "tests" / folder in item.path.parents:
                item.add_marker(mark)
        name = item.path.relative_to(ROOT / "tests").as_posix() if item.path.is_relative_to(ROOT / "tests") else ""
        if name in SLOW_FILES:
            item.add_marker(pytest.mark.slow)
        if name.startswith(ANY_DATABASE) and "postgres" not in item.keywords:
            item.add_marker(pytest.mark.any_database)
        if "postgres" in item.keywords and not ON_POSTGRES:
            item.add_marker(skip)


def pytest_sessionstart(session: pytest.Session) -> None:
    """TEST_NOW=2027-01-01T09:00 runs the whole suite on another day (`make test-dates`)."""
    now = os.environ.get("TEST_NOW")
    if now:
        import time_machine

        traveller = time_machine.travel(now, tick=True)
        traveller.start()
        session.config.add_cleanup(traveller.stop)


def pytest_unconfigure() -> None:
    shutil.rmtree(STATE, ignore_errors=True)


# --- No network -------------------------------------------------------------------------------------------------------


def is_local(address: Any) -> bool:
    """Loopback or a socket file."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.split("%", 1)[0]).is_loopback
    except ValueError:
        return False


def guard(original: Callable[..., Any]) -> Callable[..., Any]:
    def connect(self: socket.socket, address: Any, *rest: Any) -> Any:
        if not is_local(address):
            raise RuntimeError(f"A test tried to reach {address[0]}: tests use no network. Give it a file instead.")
        return original(self, address, *rest)

    return connect


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Whatever is not on this machine is refused with a sentence, before a name is looked up."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guard(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", guard(socket.socket.connect_ex))
    yield
    patch.undo()


# --- Django -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """On SQLite the test database is a file too: a worker process and the live server must see the same one."""
    from django.conf import settings

    if not ON_POSTGRES:
        settings.DATABASES["default"]["TEST"] = {
            **settings.DATABASES["default"].get("TEST", {}),
            "NAME": str(STATE / "test.sqlite3"),
        }


@pytest.fixture(autouse=True)
def _test_settings(settings: Any) -> None:
    """Cheap passwords, mail in memory and a cache of its own for each test process."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    from django.core.cache import cache

    cache.clear()


@pytest.fixture(scope="session", autouse=True)
def _flush_frozen_rows() -> Iterator[None]:
    """Tests with real transactions are cleaned up by emptying every table, and the frozen ones refuse that.

    The one place where their triggers are lifted, and only while the flush runs.
    """
    from django.db import connections
    from django.test import TransactionTestCase

    from initiatives.frozen import lifted

    flush = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]

    def flush_lifted(self: TransactionTestCase) -> None:
        with contextlib.ExitStack() as stack:
            for alias in self._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
                stack.enter_context(lifted(connections[alias]))
            flush(self)

    patch = pytest.MonkeyPatch()
    patch.setattr(TransactionTestCase, "_fixture_teardown", flush_lifted)
    yield
    patch.undo()


# --- A real worker ----------------------------------------------------------------------------------------------------


def worker_environment() -> dict[str, str]:
    """The environment of a process that must work on the test database and the test broker."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    if ON_POSTGRES:
        parts = urlsplit(os.environ["DATABASE_URL"])
        url = urlunsplit(parts._replace(path="/" + quote(name)))
    else:
        url = f"sqlite:///{name}"
    return {**os.environ, "DATABASE_URL": url, "PYTHONUNBUFFERED": "1"}


@pytest.fixture(scope="session")
def celery_worker_process(django_db_setup: None) -> Iterator["subprocess.Popen[bytes]"]:
    """One real Celery worker on the test database for the whole run. Ask for `celery_worker` in a test instead."""
    log = STATE / "worker.log"
    command = [sys.executable, "-m", "celery", "-A", "sundhedsaftale", "worker", "-P", "solo", "-l", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "-n", f"tests-{os.getpid()}@localhost"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=ROOT, env=worker_environment(), stdout=out, stderr=out)
        try:
            deadline = time.monotonic() + 30
            while b" ready." not in log.read_bytes():
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError("The Celery worker did not start:\n" + log.read_text()[-3000:])
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Worker:
    """What a story may ask of the worker."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def wait_for(self, condition: Callable[[], Any], seconds: float = 20, what: str = "the worker's result") -> Any:
        """Calls `condition` until it answers with something true, and returns that; AssertionError after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "The Celery worker stopped:\n" + self.log()
            found = condition()
            if found:
                return found
            time.sleep(0.1)
        raise AssertionError(f"Waited {seconds} s for {what} in vain. The worker says:\n" + self.log())

    def log(self) -> str:
        return (STATE / "worker.log").read_text()[-3000:]


@pytest.fixture
def celery_worker(transactional_db: None, celery_worker_process: "subprocess.Popen[bytes]") -> Iterator[Worker]:
    """A real worker on the test's own (committed) data, with an empty queue before and after."""
    from sundhedsaftale.celery import app

    app.control.purge()
    yield Worker(celery_worker_process)
    app.control.purge()


# --- A real browser ---------------------------------------------------------------------------------------------------


def chromium_path() -> str:
    """Chromium from CHROMIUM_PATH, else from the system. Raises RuntimeError with what to do when there is none."""
    named = os.environ.get("CHROMIUM_PATH", "")
    if named:
        return named
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        found = shutil.which(name)
        if found:
            return found
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    if mac.is_file():
        return str(mac)
    raise RuntimeError("There is no Chromium. Install it, or set CHROMIUM_PATH to one; `make test` does so as root.")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    quiet += ["--disable-quic", "--disable-gpu", "--disable-dev-shm-usage"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        quiet.append("--no-sandbox")  # Chromium refuses its sandbox to root
    return {**browser_type_launch_args, "executable_path": chromium_path(), "args": quiet}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "locale": "da-DK", "timezone_id": "Europe/Copenhagen"}


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The script of axe-core. `page.evaluate` runs it past the content policy: it is not part of the page."""
    return (ROOT / "tests" / "vendor" / "axe-core" / "axe.min.js").read_text()
