"""A site of its own for the browser: migrated, filled like the demo, served by gunicorn with a real worker beside it.

Not pytest-django's live_server: that shares its tables with the tests and empties them after each one, and the demo's
content takes seconds to load. Journeys here write real rows, each on items of its own.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import urlopen

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import ON_POSTGRES, ROOT

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
# Best practice and every WCAG level up to 2.2 AA: what the accessibility statement claims.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass(frozen=True)
class Site:
    url: str
    environment: dict[str, str]
    folder: Path

    def manage(self, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout


def own_database(folder: Path, name: str) -> str:
    """The URL of an empty database beside the one the tests use."""
    if not ON_POSTGRES:
        return f"sqlite:///{folder / 'site.sqlite3'}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"browser_{name}_{os.getpid()}"
    from django.db import connections

    settings = connections["default"].settings_dict
    host = settings["HOST"] or (settings.get("OPTIONS") or {}).get("host") or ""
    with psycopg.connect(
        dbname="postgres",
        user=settings["USER"] or None,
        password=settings["PASSWORD"] or None,
        host=host or None,
        port=settings["PORT"] or None,
        autocommit=True,
    ) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]  # ours, not anybody's input
    return urlunsplit(parts._replace(path="/" + quote(name)))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with served(tmp_path_factory.mktemp("site"), "site") as site:
        yield site


@pytest.fixture(scope="session")
def site_of_changes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """For journeys that change the demo's plan as a whole: frozen again, handed on."""
    with served(tmp_path_factory.mktemp("changes"), "changes") as site:
        yield site


@contextmanager
def served(folder: Path, name: str) -> Iterator[Site]:
    port = free_port()
    url = f"http://localhost:{port}"
    environment = {
        **os.environ,
        "DATABASE_URL": own_database(folder, name),
        "BROKER_URL": "filesystem://",
        "VAR_DIR": str(folder),
        "CACHE_URL": "",
        "EMAIL_URL": f"filemail:///{folder / 'mail'}",
        "SITE_URL": url,
        "DEBUG": "true",
        "PYTHONUNBUFFERED": "1",
    }
    site = Site(url=url, environment=environment, folder=folder)
    site.manage("migrate", "-v", "0")
    site.manage("load_demo")
    log = (folder / "site.log").open("wb")
    commands = (
        [
            *(sys.executable, "-m", "gunicorn", "sundhedsaftale.wsgi:application", "-b", f"127.0.0.1:{port}"),
            *("--worker-class", "gthread", "--threads", "4", "--log-level", "warning", "--no-control-socket"),
        ],
        [sys.executable, "-m", "celery", "-A", "sundhedsaftale", "worker", "-P", "solo", "-l", "WARNING"],
    )
    processes = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) for command in commands]
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                with urlopen(f"{url}/health/live", timeout=5):
                    break
            except OSError:
                assert time.monotonic() < deadline, (folder / "site.log").read_text()
                time.sleep(0.1)
        yield site
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
        log.close()


class Watched:
    """A page whose console is read: a message there (a blocked style, a failed script) is a fault of ours."""

    def __init__(self, page: Page, site: Site, axe_source: str) -> None:
        self.page, self.site, self.axe_source = page, site, axe_source
        self.messages: list[str] = []
        page.on("console", lambda message: self.messages.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.messages.append(f"error: {error}"))

    def open(self, path: str) -> Page:
        response = self.page.goto(self.site.url + path)
        assert response is not None
        assert response.status == 200, f"{path}: {response.status}"
        return self.page

    def sign_in(self, email: str) -> Page:
        self.page.goto(self.site.url + "/konto/login/")
        self.page.locator("input[name=login]").fill(email)
        self.page.locator("input[name=password]").fill("demo-demo-demo")
        self.page.locator("main button[type=submit]").click()
        self.page.wait_for_url("**/mine/**")
        return self.page

    def check(self, where: str) -> None:
        """No axe violation, no sideways scroll, no console message, no id twice."""
        # A click is over when the next page has begun: looked at before its style sheets are read, it has no colours.
        self.page.wait_for_load_state("load")
        self.page.evaluate(self.axe_source)
        result = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
            ".then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)]))",
            AXE_TAGS,
        )
        assert result == [], f"{where}: {json.dumps(result, ensure_ascii=False, indent=1)}"
        wide, view = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= view, f"{where}: scrolls sideways ({wide} > {view})"
        assert self.messages == [], f"{where}: {self.messages}"


@pytest.fixture(params=[WIDE, NARROW], ids=["1280", "390"])
def watched(request: pytest.FixtureRequest, browser: Browser, site: Site, axe_source: str) -> Iterator[Watched]:
    yield from _watched(browser, site, axe_source, request.param)


@pytest.fixture
def watched_wide(browser: Browser, site: Site, axe_source: str) -> Iterator[Watched]:
    yield from _watched(browser, site, axe_source, WIDE)


def _watched(browser: Browser, site: Site, axe_source: str, viewport: Any) -> Iterator[Watched]:
    context: BrowserContext = browser.new_context(
        viewport=viewport, locale="da-DK", timezone_id="Europe/Copenhagen", reduced_motion="reduce"
    )
    try:
        yield Watched(context.new_page(), site, axe_source)
    finally:
        context.close()


@pytest.fixture
def without_javascript(browser: Browser, site: Site) -> Iterator[Callable[[], Page]]:
    contexts: list[BrowserContext] = []

    def make() -> Page:
        context = browser.new_context(viewport=WIDE, java_script_enabled=False)  # type: ignore[arg-type]
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
