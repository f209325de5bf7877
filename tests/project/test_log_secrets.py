"""Addresses that are secrets never stand in a log: the lines alone, Django's warnings, and a real gunicorn."""

from __future__ import annotations

import logging
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from initiatives.answer_links import answer_token
from sundhedsaftale.log_secrets import MASK, MaskSecrets, without_secrets
from tests.initiatives import small_world as world

ROOT = Path(__file__).resolve().parents[2]
TOKEN_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("GET /svar/eyJw.1xWQ.aB-_9/ HTTP/1.1", "GET /svar/***/ HTTP/1.1"),
        ("POST /svar/eyJw.1xWQ.aB-_9/laes/ HTTP/1.1", "POST /svar/***/laes/ HTTP/1.1"),
        ('"GET /kalender/aB-_9.ics HTTP/2" 200', '"GET /kalender/*** HTTP/2" 200'),
        ("Not Found: /kalender/aB-_9.ics", "Not Found: /kalender/***"),
        ('"-" "https://x.dk/svar/eyJw.1x.aB/" "Mail"', '"-" "https://x.dk/svar/***/" "Mail"'),
        ("/konto/login/?next=%2Fsvar%2FeyJw.1x.aB%2F&x=1", "/konto/login/?next=%2Fsvar%2F***%2F&x=1"),
        ("/a?next=%252fsvar%252feyJw.1x.aB%252f", "/a?next=%252fsvar%252f***%252f"),
        ("/kalender/aB.ics?x=/svar/eyJ/", "/kalender/***?x=/svar/***/"),
        ("GET /konto/password/reset/key/1-abc-def/ HTTP/1.1", "GET /konto/password/reset/key/***/ HTTP/1.1"),
        ("GET /mine/kalender/ HTTP/1.1", "GET /mine/kalender/ HTTP/1.1"),
        ("GET /planer/svar/ HTTP/1.1", "GET /planer/svar/ HTTP/1.1"),
        ("GET /maal/?omraade=791 HTTP/1.1", "GET /maal/?omraade=791 HTTP/1.1"),
    ],
)
def test_what_follows_the_name_of_a_secret_place_is_masked(line: str, masked: str) -> None:
    assert without_secrets(line) == masked
    assert without_secrets(masked) == masked


@given(st.text(TOKEN_LETTERS, min_size=8, max_size=60), st.sampled_from(["/svar/{}/", "/kalender/{}.ics"]))
def test_no_token_is_left_whatever_it_is(token: str, place: str) -> None:
    line = without_secrets(f'127.0.0.1 "GET {place.format(token)} HTTP/1.1" 200')
    assert token not in line
    assert MASK in line


def test_the_places_are_where_the_addresses_really_are() -> None:
    for address in (
        reverse("answer", args=["hemmeligt"]),
        reverse("answer_read", args=["hemmeligt"]),
        reverse("calendar_feed", args=["hemmeligt"]),
        reverse("account_reset_password_from_key", kwargs={"uidb36": "1", "key": "hemmeligt"}),
    ):
        assert "hemmeligt" not in without_secrets(address)


def test_arguments_and_traces_are_masked_too() -> None:
    try:
        raise ValueError("no route for /svar/eyJhemmeligt/")
    except ValueError:
        record = logging.LogRecord(
            "x", logging.ERROR, "p", 1, "%s: %s", ("Error", "/kalender/hemmeligt.ics"), sys.exc_info()
        )
    assert MaskSecrets().filter(record) is True
    written = logging.Formatter().format(record)
    assert "hemmeligt" not in written
    assert "ValueError" in written


def test_every_handler_django_writes_to_masks() -> None:
    for name in ("django.request", "django.security.csrf", "initiatives.actions.reminders"):
        logger: logging.Logger | None = logging.getLogger(name)
        while logger is not None:
            for handler in logger.handlers:
                if type(handler) is logging.StreamHandler:
                    assert any(isinstance(one, MaskSecrets) for one in handler.filters), (name, handler)
            assert not [one for one in logger.handlers if "AdminEmail" in type(one).__name__]
            logger = logger.parent if logger.propagate else None
    assert any(isinstance(one, MaskSecrets) for one in logging.getLogger("django.server").filters)
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["secrets"]


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_real_web_server_writes_no_secret_address(tmp_path: Path) -> None:
    """Started as the Dockerfile does it, without a word about the log: gunicorn.conf.py lies where it is started."""
    from tests.conftest import worker_environment

    body = world.body()
    person = world.user()
    world.member(person, body)
    item = world.item(world.plan(body), owners=(body,))
    token = answer_token(person=person, item=item, sequence=1)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = tmp_path / "web.log"
    command = [sys.executable, "-m", "gunicorn", "sundhedsaftale.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--no-control-socket", "--log-level", "debug"]
    command += ["--access-logfile", "-", "--access-logformat", '%(h)s "%(r)s" %(U)s %(s)s "%(f)s" "%({referer}i)s"']
    environment = {**worker_environment(), "LOG_LEVEL": "INFO", "VAR_DIR": os.environ["VAR_DIR"]}
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        answers = [
            ask(port, f"/svar/{token}/", referer=f"http://localhost/svar/{token}/"),
            ask(port, f"/svar/{token[:-3]}/"),
            ask(port, f"/konto/login/?next=%2Fsvar%2F{token}%2F"),
            ask(port, "/kalender/abcdefghijklmnopqrstuv.ics"),
        ]
    finally:
        server.terminate()
        server.wait(15)
    assert answers == [200, 404, 200, 404]
    written = log.read_text()
    assert written.count("/svar/***/") >= 4
    assert "/kalender/***" in written
    assert "Not Found: /svar/***/" in written  # Django's own warning, through the console
    for secret in (token, token[:40], "abcdefghijklmnopqrstuv"):
        assert secret not in written


def ask(port: int, path: str, referer: str = "") -> int:
    """The status; waits for the server to stand up."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Referer": referer or "-"})
    deadline = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
