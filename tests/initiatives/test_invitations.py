"""Invitations: asked once, mailed once, accepted once; the secret stands in the mail alone; nobody's account is told of."""

from __future__ import annotations

import re
import smtplib
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from initiatives.actions import invitation_mails
from initiatives.actions.invitation_mails import send_waiting_invitations
from initiatives.actions.invitations import (
    MOST_OPEN,
    InvitationGone,
    accept_invitation,
    find_invitation,
    hash_of,
    invite,
    invite_again,
    withdraw_invitation,
)
from initiatives.models import Invitation, InvitationMail, Membership, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

NOW = world.at(date(2026, 12, 31), hour=23, minute=50)
TODAY = NOW.date()
END = datetime(2027, 1, 14, 23, 59, 59, tzinfo=world.COPENHAGEN)  # the end of the fourteenth day


class Killed(BaseException):
    """As a process ends: nothing of ours may catch it."""


@pytest.fixture
def scene() -> Any:
    class Scene:
        body = world.body("Sundhedsklynge Midt")
        secretary = world.user("sekretaer@example.dk")
        guest = world.user("gaest@example.org")

    made = Scene()
    world.member(made.secretary, made.body)
    return made


def ask(scene: Any, email: str = "ny@kommune.dk", **more: Any) -> Invitation:
    facts = {"body": scene.body, "role": Role.LEAD, "by": scene.secretary, "valid_from": TODAY, "now": NOW, **more}
    return invite(email=email, **facts)


def send(now: datetime = NOW) -> int:
    return send_waiting_invitations(now=now)


def secret_in(message: Any) -> str:
    found = re.search(r"/invitation/([\w-]+)/", message.body)
    assert found, message.body
    return found.group(1)


def state(invitation: Invitation) -> str:
    invitation.refresh_from_db()
    return invitation.mail_state


# --- Asking -----------------------------------------------------------------------------------------------------------


def test_an_invitation_is_stored_waiting_and_good_for_fourteen_days(scene: Any) -> None:
    made = ask(scene, " Ny@Kommune.DK ", name="  Anna   Ny ")
    assert (made.email, made.name, made.mail_state) == ("ny@kommune.dk", "Anna Ny", InvitationMail.WAITING)
    assert made.expires_at == END


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "ikke en adresse"}, "email"),
        ({"email": "a@b"}, "email"),
        ({"email": "x" * 250 + "@kommune.dk"}, "email"),
        ({"email": "0101701234@kommune.dk"}, "email"),
        ({"name": "Anna 010170-1234"}, "name"),
        ({"name": "n" * 121}, "name"),
        ({"role": "konge"}, "role"),
        ({"valid_to": TODAY - timedelta(days=1)}, "valid_to"),
        ({"valid_from": TODAY - timedelta(days=9), "valid_to": TODAY - timedelta(days=1)}, "valid_to"),
    ],
)
def test_what_cannot_be_asked(scene: Any, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        ask(scene, **facts)
    assert list(refused.value.error_dict) == [field]
    assert "1234" not in str(refused.value)
    assert not Invitation.objects.exists()


def test_the_same_address_once_for_each_role(scene: Any) -> None:
    ask(scene)
    with pytest.raises(ValidationError):
        ask(scene, "NY@kommune.dk")
    ask(scene, role=Role.READER)
    ask(scene, body=world.body("En anden"))


def test_one_that_has_run_out_gives_way(scene: Any) -> None:
    old = ask(scene)
    ask(scene, now=END)
    old.refresh_from_db()
    assert old.withdrawn_at == END


def test_fifty_wait_at_most_for_each_body(scene: Any) -> None:
    for number in range(MOST_OPEN):
        ask(scene, f"nr{number}@kommune.dk")
    with pytest.raises(ValidationError) as refused:
        ask(scene)
    assert not hasattr(refused.value, "error_dict")
    ask(scene, body=world.body("En anden"))
    withdraw_invitation(invitation=Invitation.objects.earliest("pk"), by=scene.secretary, now=NOW)
    ask(scene)


def test_somebody_one_knows_is_not_invited_but_added(scene: Any) -> None:
    world.member(scene.guest, scene.body, Role.READER)
    with pytest.raises(ValidationError) as refused:
        ask(scene, scene.guest.email)
    assert str(scene.guest) in str(refused.value.error_dict["email"])


def test_of_anybody_elses_account_not_a_word(scene: Any) -> None:
    world.member(scene.guest, world.body("En helt anden"))
    with_account, without = ask(scene, scene.guest.email), ask(scene)
    assert send() == 2
    texts = {message.to[0]: re.sub(r"/invitation/[\w-]+/", "", message.body) for message in outbox.outbox}
    assert texts[with_account.email] == texts[without.email]


def test_an_administrator_is_told_of_every_account(scene: Any) -> None:
    admin = world.user("admin@example.dk", is_superuser=True)
    with pytest.raises(ValidationError):
        ask(scene, scene.guest.email, by=admin)
    scene.guest.is_active = False
    scene.guest.save()
    with pytest.raises(ValidationError) as refused:
        ask(scene, scene.guest.email, by=admin)
    assert "email" in refused.value.error_dict


# --- The mail ---------------------------------------------------------------------------------------------------------


def test_the_mail_says_what_it_is_and_holds_the_only_copy_of_the_secret(scene: Any) -> None:
    made = ask(scene, name="Anna", valid_to=TODAY + timedelta(days=365))
    assert send() == 1
    message = outbox.outbox[0]
    secret = secret_in(message)
    html = message.alternatives[0][0]  # type: ignore[attr-defined]
    for text in (message.body, html):
        assert all(word in text for word in ("Anna", "Sundhedsklynge Midt", "sekretaer", secret, "14."))
    assert re.search(r"14\.\sjanuar 2027", message.body)
    assert (message.to, message.extra_headers["Auto-Submitted"]) == (["ny@kommune.dk"], "auto-generated")
    made.refresh_from_db()
    assert (made.mail_state, made.token_hash) == (InvitationMail.SENT, hash_of(secret))
    assert len(secret) >= 43  # 256 bits
    assert not Invitation.objects.filter(token_hash__contains=secret).exists()
    assert send() == 0


def test_the_mail_is_in_the_chosen_language(scene: Any) -> None:
    ask(scene, language="en")
    send()
    assert "You are invited to Sundhedsklynge Midt" in outbox.outbox[0].subject
    assert "The role begins on" in outbox.outbox[0].body


def test_a_body_with_a_line_break_in_its_name_makes_no_header(scene: Any) -> None:
    scene.body.name = "To\r\nBcc: x@y.dk"
    scene.body.save()
    ask(scene)
    assert send() == 1
    assert "\n" not in outbox.outbox[0].subject


class Server(EmailBackend):
    """Plays the mail server: what `trouble` says happens at opening, or when the mail is handed over."""

    at_open: BaseException | None = None
    at_send: BaseException | None = None
    seen: list[tuple[str, str]] = []

    def open(self) -> bool:
        if self.at_open:
            raise self.at_open
        return True

    def send_messages(self, messages: Any) -> int:
        for row in Invitation.objects.filter(email__in=[messages[0].to[0]]):
            self.seen.append((row.mail_state, row.token_hash))
        if self.at_send:
            raise self.at_send
        return int(super().send_messages(messages))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Any:
    made = Server()
    made.seen = []
    monkeypatch.setattr(invitation_mails, "get_connection", lambda: made)
    return made


def test_it_stands_as_being_handed_over_while_the_server_has_it(scene: Any, server: Server) -> None:
    ask(scene)
    send()
    assert server.seen == [(InvitationMail.HANDING_OVER, hash_of(secret_in(outbox.outbox[0])))]


@pytest.mark.parametrize(
    ("trouble", "becomes"),
    [
        (smtplib.SMTPRecipientsRefused({"x@y.dk": (550, b"no such user x@y.dk")}), InvitationMail.REFUSED),
        (smtplib.SMTPRecipientsRefused({"x@y.dk": (451, b"later")}), InvitationMail.WAITING),
        (smtplib.SMTPDataError(554, b"spam"), InvitationMail.REFUSED),
        (smtplib.SMTPDataError(421, b"busy"), InvitationMail.WAITING),
        (smtplib.SMTPServerDisconnected("gone"), InvitationMail.UNCERTAIN),
        (OSError("broken pipe"), InvitationMail.UNCERTAIN),
    ],
)
def test_what_the_server_answers_is_shown(scene: Any, server: Server, trouble: Exception, becomes: str) -> None:
    made = ask(scene)
    server.at_send = trouble
    assert send() == 0
    assert state(made) == becomes
    assert type(trouble).__name__ in made.mail_error
    assert "x@y.dk" not in made.mail_error
    server.at_send = None
    assert send() == (1 if becomes == InvitationMail.WAITING else 0)


def test_a_server_that_is_down_is_tried_again(scene: Any, server: Server) -> None:
    made = ask(scene)
    server.at_open = ConnectionRefusedError(111, "refused")
    assert send() == 0
    assert state(made) == InvitationMail.WAITING
    assert made.mail_error == "ConnectionRefusedError"
    server.at_open = None
    assert send() == 1


@pytest.mark.django_db(transaction=True)
def test_killed_in_the_hand_over_it_is_uncertain_and_only_a_person_sends_it_again(scene: Any, server: Server) -> None:
    made = ask(scene)
    server.at_send = Killed()
    with pytest.raises(Killed):
        send()
    assert state(made) == InvitationMail.HANDING_OVER  # committed before the server was called
    server.at_send = None
    assert send(NOW + timedelta(minutes=5)) == 0
    assert not invite_again(invitation=made, by=scene.secretary, now=NOW)  # it is on its way
    assert send(NOW + timedelta(minutes=16)) == 0
    assert state(made) == InvitationMail.UNCERTAIN
    assert send(NOW + timedelta(days=1)) == 0
    assert invite_again(invitation=made, by=scene.secretary, now=NOW + timedelta(days=1))
    assert send(NOW + timedelta(days=1)) == 1
    assert len(outbox.outbox) == 1


def test_withdrawn_while_the_mail_was_written_it_is_not_sent(
    scene: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = ask(scene)
    written = invitation_mails.compose

    def compose(invitation: Invitation, secret: str) -> Any:
        withdraw_invitation(invitation=made, by=scene.secretary, now=NOW)
        return written(invitation, secret)

    monkeypatch.setattr(invitation_mails, "compose", compose)
    assert send() == 0
    assert outbox.outbox == []


def test_two_workers_send_it_once(scene: Any, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(scene)
    written, sent = invitation_mails.compose, []

    def compose(invitation: Invitation, secret: str) -> Any:
        message = written(invitation, secret)
        if not sent:
            sent.append(1)
            assert send() == 1  # another worker, between the reading and the claim
        return message

    monkeypatch.setattr(invitation_mails, "compose", compose)
    assert send() == 0
    assert len(outbox.outbox) == 1
    assert find_invitation(secret_in(outbox.outbox[0])) is not None


def test_one_that_has_run_out_is_not_sent(scene: Any) -> None:
    ask(scene)
    assert send(END) == 0


def test_a_new_mail_kills_the_old_link(scene: Any) -> None:
    made = ask(scene)
    send()
    first = secret_in(outbox.outbox[0])
    assert invite_again(invitation=made, by=scene.secretary, now=NOW + timedelta(days=20))
    assert find_invitation(first) is None  # at once, not when the mail goes
    send(NOW + timedelta(days=20))
    second = secret_in(outbox.outbox[1])
    assert second != first
    found = find_invitation(second)
    assert found is not None
    assert found.expires_at == END + timedelta(days=20)


def test_no_secret_is_ever_in_a_question_to_the_database(scene: Any) -> None:
    ask(scene)
    with CaptureQueriesContext(connection) as asked:
        send()
    assert secret_in(outbox.outbox[0]) not in " ".join(query["sql"] for query in asked)


# --- The answer -------------------------------------------------------------------------------------------------------


def test_whoever_holds_the_link_has_the_role(scene: Any) -> None:
    made = ask(scene, valid_to=TODAY + timedelta(days=9))
    role = accept_invitation(invitation=made, user=scene.guest, now=NOW)
    assert (role.user, role.role, role.valid_from, role.valid_to) == (scene.guest, Role.LEAD, TODAY, made.valid_to)
    history = role.history.get()
    assert history.history_user == scene.guest
    assert "sekretaer" in history.history_change_reason
    made.refresh_from_db()
    assert made.accepted_by == scene.guest


def test_a_link_works_once(scene: Any) -> None:
    made = ask(scene)
    accept_invitation(invitation=made, user=scene.guest, now=NOW)
    with pytest.raises(InvitationGone):
        accept_invitation(invitation=made, user=world.user(), now=NOW)
    assert Membership.objects.filter(role=Role.LEAD).count() == 1


@pytest.mark.parametrize("what", ["withdrawn", "late", "over", "ended", "closed"])
def test_what_can_no_longer_be_accepted(scene: Any, what: str) -> None:
    made, when = ask(scene, valid_to=TODAY + timedelta(days=3 if what == "over" else 99)), NOW
    if what == "withdrawn":
        assert withdraw_invitation(invitation=made, by=scene.secretary, now=NOW)
        assert not withdraw_invitation(invitation=made, by=scene.secretary, now=NOW)
    elif what == "late":
        when = END
    elif what == "over":
        when = NOW + timedelta(days=4)
    elif what == "ended":
        scene.body.valid_to = TODAY - timedelta(days=1)
        scene.body.save()
    else:
        scene.guest.is_active = False
    with pytest.raises(InvitationGone) as gone:
        accept_invitation(invitation=made, user=scene.guest, now=when)
    assert gone.value.why
    assert not Membership.objects.filter(role=Role.LEAD).exists()
    made.refresh_from_db()
    assert made.accepted_at is None


def test_somebody_who_has_the_role_keeps_the_one_they_have(scene: Any) -> None:
    own = world.member(scene.guest, scene.body, Role.LEAD)
    assert accept_invitation(invitation=ask(scene), user=scene.guest, now=NOW) == own
    assert Membership.objects.filter(role=Role.LEAD).count() == 1


@pytest.mark.parametrize("secret", ["", "x", "ny@kommune.dk", "../../etc"])
def test_made_up_secrets_find_nothing(scene: Any, secret: str) -> None:
    ask(scene)
    assert find_invitation(secret) is None
