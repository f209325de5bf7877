"""A fresh link for one that ran out: to the person alone, once an hour, once at most."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import mail
from django.core.mail.backends import locmem
from django.db import connection
from django.utils import timezone

from initiatives.actions.answer_mails import PAUSE, ask_fresh_link, send_fresh_link
from initiatives.answer_links import read_token
from initiatives.models import FreshLink
from initiatives.tasks import send_answer_link
from tests.initiatives.answer_world import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Scene:
    return Scene()


def ask(scene: Scene, **more: Any) -> FreshLink | None:
    return ask_fresh_link(by=scene.lead, item=scene.item, meeting=None, now=more.get("now", timezone.now()))


def asked(scene: Scene) -> FreshLink:
    found = ask(scene)
    assert found is not None
    return found


def test_the_button_on_an_old_link_sends_one_good_link_to_the_person(
    scene: Scene, django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    with (
        mock.patch.object(send_answer_link, "delay", side_effect=send_answer_link.run),
        django_capture_on_commit_callbacks(execute=True),
    ):
        answer = scene.press(scene.old_token(), "nyt-link")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "A new link is on its way" in text
    assert "leder@example.dk" not in text
    assert [message.to for message in mail.outbox] == [["leder@example.dk"]]
    body = str(mail.outbox[0].body)
    token = body.split("/svar/")[1].split("/", maxsplit=1)[0]
    assert read_token(token).expired is False
    assert scene.press(token, "uaendret", opened_on="1").status_code == 302
    assert scene.newest.by == scene.lead


def test_the_mail_holds_titles_and_never_the_words_of_a_status(scene: Scene) -> None:
    scene.lead.language = "da"
    scene.lead.save()
    assert send_fresh_link(asked(scene).pk, now=timezone.now()) is True
    message = mail.outbox[0]
    html = str(message.alternatives[0][0])  # type: ignore[attr-defined]
    for text in (str(message.body), html):
        assert "Akutteams" in text
        assert "I gang i klyngen." not in text
    assert 'lang="da"' in html
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "\n" not in message.subject


def test_once_an_hour_whatever_item_it_is(scene: Scene, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    now = timezone.now()
    with django_capture_on_commit_callbacks() as waiting:
        assert scene.press(scene.old_token(), "nyt-link").status_code == 200
        again = scene.press(scene.old_token(), "nyt-link")
    assert again.status_code == 429
    assert "within the last hour" in again.content.decode()
    assert len(waiting) == 1
    assert ask(scene, now=now + PAUSE - timedelta(minutes=1)) is None
    assert ask(scene, now=now + PAUSE + timedelta(minutes=1)) is not None
    assert ask_fresh_link(by=scene.secretary, item=scene.item, meeting=None, now=now) is not None  # somebody else


def test_a_mail_goes_out_once_however_often_the_task_runs(scene: Scene) -> None:
    fresh = asked(scene)
    assert [send_fresh_link(fresh.pk, now=timezone.now()) for _ in range(3)] == [True, False, False]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("refusal", "tried_again"),
    [
        (smtplib.SMTPDataError(451, b"later"), True),
        (smtplib.SMTPRecipientsRefused({"leder@example.dk": (550, b"no")}), True),
        (smtplib.SMTPServerDisconnected("gone"), False),  # nobody knows whether it went out
        (ConnectionResetError(), False),
    ],
)
def test_what_is_certain_is_tried_again_and_what_is_not_is_left(
    scene: Scene, refusal: Exception, tried_again: bool
) -> None:
    fresh = asked(scene)
    with (
        mock.patch.object(locmem.EmailBackend, "send_messages", side_effect=refusal),
        pytest.raises(type(refusal)),
    ):
        send_fresh_link(fresh.pk, now=timezone.now())
    assert send_fresh_link(fresh.pk, now=timezone.now()) is tried_again
    assert len(mail.outbox) == (1 if tried_again else 0)


def test_a_mail_server_that_cannot_be_reached_takes_nothing(scene: Scene) -> None:
    fresh = asked(scene)
    with (
        mock.patch.object(locmem.EmailBackend, "open", side_effect=ConnectionRefusedError),
        pytest.raises(ConnectionRefusedError),
    ):
        send_fresh_link(fresh.pk, now=timezone.now())
    fresh.refresh_from_db()
    assert fresh.handed_over_at is None


@pytest.mark.parametrize("change", ["closed", "inactive", "no right"])
def test_nothing_is_sent_to_whoever_may_no_longer_answer(scene: Scene, change: str) -> None:
    fresh = asked(scene)
    if change == "closed":
        scene.lead.closed_on = timezone.localdate()
    elif change == "inactive":
        scene.lead.is_active = False
    else:
        scene.membership.delete()
    scene.lead.save()
    assert send_fresh_link(fresh.pk, now=timezone.now()) is False
    assert mail.outbox == []


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_ask_once() -> None:
    scene, found, gate = Scene(), [], threading.Barrier(4)

    def press() -> None:
        gate.wait()
        found.append(ask(scene))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(one is not None for one in found) == 1
    assert FreshLink.objects.count() == 1
