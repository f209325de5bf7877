"""The outbox against a real mail server that misbehaves at every step: what is certain, and what is not.

Certain is what the server has answered, and everything that breaks before the last dot of a mail has left. A line that
breaks after it leaves a doubt: the mail is listed, and only a person sends it again.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult
from django.core.mail.backends.smtp import EmailBackend

from initiatives.actions import reminders
from initiatives.actions.reminder_outbox import pause_after
from initiatives.actions.reminders import queue_due, resend_uncertain, send_pending
from initiatives.models import ReminderMail
from sundhedsaftale.lib import smtp
from tests.faults.sink import DROP, STALL, Sink, Step, listening
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)
NOW = world.at(MONDAY)
SOON = NOW + timedelta(minutes=6)


@pytest.fixture
def by_smtp(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 0.5
    monkeypatch.setattr(smtp.hand_over, "__kwdefaults__", {"patience": 0.5})
    return settings


@pytest.fixture
def sink(by_smtp: Any) -> Iterator[Sink]:
    with listening(Sink()) as sink:
        by_smtp.EMAIL_PORT = sink.port
        yield sink


def waiting(number: int) -> list[str]:
    """So many people with one mail each in the outbox; their addresses in the order of sending."""
    plan = world.plan(world.body())
    people = [world.user(f"p{index}@example.dk") for index in range(number)]
    for person in people:
        world.item(plan, due=MONDAY, coordinator=person)
    assert queue_due(now=NOW) == number
    return [person.email for person in people]


def states() -> list[str]:
    return list(ReminderMail.objects.order_by("pk").values_list("state", flat=True))


def only() -> ReminderMail:
    return ReminderMail.objects.get()


# --- One mail, and a server that does one thing wrong -----------------------------------------------------------------

CERTAIN = [
    # step, what the server does, state after the first run, state after the next, how many were accepted in the end
    (Step.CONNECT, {"reply": "421 closing"}, "pending", "sent", 1),
    (Step.CONNECT, {"reply": "554 no"}, "pending", "sent", 1),
    (Step.CONNECT, {"then": DROP}, "pending", "sent", 1),
    (Step.CONNECT, {"then": STALL}, "pending", "sent", 1),
    (Step.MAIL, {"reply": "421 closing", "then": DROP}, "pending", "sent", 1),
    (Step.MAIL, {"reply": "451 later"}, "pending", "sent", 1),
    (Step.MAIL, {"reply": "550 not from you"}, "pending", "sent", 1),  # about us, not about this mail
    (Step.MAIL, {"reply": "552 too large"}, "refused", "refused", 0),
    (Step.MAIL, {"then": DROP}, "pending", "sent", 1),
    (Step.MAIL, {"then": STALL}, "pending", "sent", 1),
    (Step.RCPT, {"reply": "421 closing", "then": DROP}, "pending", "sent", 1),
    (Step.RCPT, {"reply": "450 greylisted"}, "pending", "sent", 1),
    (Step.RCPT, {"reply": "550 unknown"}, "refused", "refused", 0),
    (Step.RCPT, {"reply": "rubbish"}, "pending", "sent", 1),
    (Step.RCPT, {"then": DROP}, "pending", "sent", 1),
    (Step.RCPT, {"then": STALL}, "pending", "sent", 1),
    (Step.DATA, {"reply": "421 closing"}, "pending", "sent", 1),
    (Step.DATA, {"reply": "451 later"}, "pending", "sent", 1),
    (Step.DATA, {"reply": "554 no"}, "refused", "refused", 0),
    (Step.DATA, {"reply": "250 what"}, "pending", "sent", 1),  # not the answer to this question
    (Step.DATA, {"then": DROP}, "pending", "sent", 1),
    (Step.DATA, {"then": STALL}, "pending", "sent", 1),
    (Step.DOT, {"reply": "421 closing"}, "pending", "sent", 1),
    (Step.DOT, {"reply": "451 later"}, "pending", "sent", 1),
    (Step.DOT, {"reply": "452 disk full"}, "pending", "sent", 1),
    (Step.DOT, {"reply": "550 virus"}, "refused", "refused", 0),
    (Step.DOT, {"reply": "554 spam"}, "refused", "refused", 0),
    (Step.DOT, {"reply": "251 forwarded"}, "sent", "sent", 1),
]
UNCERTAIN = [
    (Step.DOT, {"then": DROP}, "uncertain", "uncertain", 1),  # it arrived; only the answer was lost
    (Step.DOT, {"then": DROP, "take": False}, "uncertain", "uncertain", 0),
    (Step.DOT, {"then": STALL}, "uncertain", "uncertain", 1),
    (Step.DOT, {"reply": "rubbish"}, "uncertain", "uncertain", 0),
    (Step.DOT, {"reply": "354 go on"}, "uncertain", "uncertain", 0),
    (Step.DOT, {"reply": "250-" + "x" * 9000}, "uncertain", "uncertain", 1),  # smtplib calls this 500
]


def name(case: Any) -> str | None:
    if isinstance(case, dict):
        return " ".join(str(value)[:9] for value in case.values())
    return None


@pytest.mark.parametrize(("step", "how", "first", "then", "accepted"), [*CERTAIN, *UNCERTAIN], ids=name)
def test_what_a_fault_at_each_step_means(
    sink: Sink, step: Step, how: dict[str, Any], first: str, then: str, accepted: int
) -> None:
    waiting(1)
    sink.at(step, **how)
    send_pending(now=NOW)
    assert states() == [first]
    assert "@" not in only().error
    assert bool(only().error) is (first != "sent")
    send_pending(now=SOON)
    assert states() == [then]
    for hour in range(1, 6):
        send_pending(now=NOW + timedelta(hours=hour))
    assert states() == [then]
    assert [mail.id for mail in sink.accepted] == [only().message_id] * accepted
    assert sink.deeds == []


def test_a_line_that_breaks_half_way_is_never_taken_for_sent(sink: Sink) -> None:
    """The last dot has left our machine or not: with a short mail that is the system's buffer to say."""
    waiting(1)
    sink.at(Step.HALF, then=DROP)
    send_pending(now=NOW)
    assert states()[0] in ("pending", "uncertain")
    send_pending(now=SOON)
    assert len(sink.accepted) == (states() == ["sent"])


def test_a_long_mail_cut_off_half_way_was_certainly_not_sent(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than any buffer holds: the dot cannot have left."""
    waiting(1)
    compose = reminders.compose

    def long(*args: Any, **kwargs: Any) -> Any:
        message: Any = compose(*args, **kwargs)
        message.body += "En lang linje om det hele.\n" * 700_000
        return message

    monkeypatch.setattr(reminders, "compose", long)
    sink.at(Step.HALF, then=DROP)
    send_pending(now=NOW)
    assert states() == ["pending"]
    monkeypatch.setattr(reminders, "compose", compose)
    send_pending(now=SOON)
    assert (states(), len(sink.accepted)) == (["sent"], 1)


def test_an_uncertain_mail_sent_again_by_a_person_has_the_same_id(sink: Sink, admin_user: Any) -> None:
    waiting(1)
    sink.at(Step.DOT, then=DROP)
    send_pending(now=NOW)
    assert resend_uncertain(mail=only(), by=admin_user, now=SOON)
    send_pending(now=SOON)
    assert states() == ["sent"]
    assert [mail.id for mail in sink.accepted] == [only().message_id] * 2
    assert "sent again by" in only().sent_again


def test_dots_and_long_words_arrive_as_they_were_written(sink: Sink) -> None:
    person = world.user("ø@example.dk".replace("ø", "oe"))
    world.item(world.plan(world.body()), due=MONDAY, coordinator=person, title=".\n. ..Æblegrød " + "lang" * 60)
    queue_due(now=NOW)
    send_pending(now=NOW)
    (mail,) = sink.accepted
    assert ". ..Æblegrød " + "lang" * 60 in " ".join(mail.text.split())
    assert mail.message["Message-ID"] == only().message_id


# --- One mail must not hold up the others, and nobody is asked again at once ------------------------------------------


@pytest.mark.parametrize(
    ("step", "how", "state"),
    [
        (Step.RCPT, {"reply": "450 greylisted"}, "pending"),
        (Step.RCPT, {"reply": "550 unknown"}, "refused"),
        (Step.RCPT, {"then": DROP}, "pending"),
        (Step.DATA, {"reply": "421 closing"}, "pending"),
        (Step.DOT, {"reply": "451 later"}, "pending"),
        (Step.DOT, {"then": DROP}, "uncertain"),
        (Step.DOT, {"then": STALL}, "uncertain"),
    ],
    ids=name,
)
def test_one_bad_mail_holds_up_nobody_else(sink: Sink, step: Step, how: dict[str, Any], state: str) -> None:
    people = waiting(4)
    sink.at(step, to=people[0], **how)
    assert send_pending(now=NOW).sent == 3
    assert states() == [state, "sent", "sent", "sent"]


def test_a_mail_put_off_is_not_tried_again_at_once_and_each_time_later(sink: Sink) -> None:
    waiting(1)
    sink.at(Step.RCPT, reply="450 greylisted", times=4)
    tried = []
    for minute in range(0, 120, 1):
        before = sink.seen[Step.RCPT]
        send_pending(now=NOW + timedelta(minutes=minute))
        if sink.seen[Step.RCPT] > before:
            tried.append(minute)
    assert tried == [0, 6, 17, 38, 79]  # 5, 10, 20 and 40 minutes, and the next run after them
    assert states() == ["sent"]


def test_the_pause_between_tries_has_an_end() -> None:
    minutes = [pause_after(attempts).total_seconds() / 60 for attempts in (0, 1, 2, 3, 6, 7, 30_000)]
    assert minutes == [5, 5, 10, 20, 160, 240, 240]


def test_another_worker_does_not_ask_again_at_once_either(sink: Sink) -> None:
    waiting(1)
    sink.at(Step.RCPT, reply="450 greylisted", do=lambda: None)
    pk = only().pk
    send_pending(now=NOW)
    assert reminders.claim([pk], NOW) == []  # it had found the mail before the first one was turned away
    assert [mail.pk for mail in reminders.claim([pk], SOON)] == [pk]


def test_a_mail_put_off_for_days_is_given_to_a_person(sink: Sink, admin_user: Any) -> None:
    waiting(1)
    sink.at(Step.RCPT, reply="450 mailbox full", times=99)
    moment = NOW
    for _ in range(500):
        if moment.hour < 18:  # beat sends no task in the evening
            send_pending(now=moment)
        moment += timedelta(minutes=30)
        if states() == ["refused"]:
            break
    assert states() == ["refused"]
    assert only().error == "given up after 20 attempts: RCPT 450"
    assert timedelta(days=3) < moment - NOW < timedelta(days=8)
    assert resend_uncertain(mail=only(), by=admin_user, now=moment)
    sink.deeds.clear()
    send_pending(now=world.at(MONDAY + timedelta(days=8)))
    assert (states(), len(sink.accepted)) == (["sent"], 1)


def test_a_server_that_takes_nothing_is_not_asked_for_every_mail(sink: Sink) -> None:
    """Three in a row: it is the server. None of the mails is refused for it, and the rest was not touched."""
    waiting(6)
    sink.at(Step.MAIL, reply="530 authentication required", times=99)
    assert send_pending(now=NOW).sent == 0
    assert sink.seen[Step.MAIL] == 3
    assert states() == ["pending"] * 6
    sink.deeds.clear()
    assert send_pending(now=SOON + timedelta(minutes=5)).sent == 6


def test_a_server_that_dies_after_every_dot_does_not_make_the_whole_outbox_uncertain(sink: Sink) -> None:
    waiting(6)
    sink.at(Step.DOT, then=STALL, times=99)
    send_pending(now=NOW)
    assert states() == ["uncertain"] * 3 + ["pending"] * 3


@pytest.mark.parametrize("how", [{"then": DROP}, {"reply": "421 enough for one line", "then": DROP}], ids=name)
def test_a_line_the_server_has_closed_meanwhile_costs_nothing(sink: Sink, how: dict[str, Any]) -> None:
    """An idle line is closed, or one line may carry so many mails: the mail goes over a fresh line at once."""
    people = waiting(4)
    sink.at(Step.RCPT, to=people[2], **how)
    assert send_pending(now=NOW).sent == 4
    assert sink.seen[Step.CONNECT] == 2
    assert len(sink.accepted) == 4


def test_a_server_that_is_away_is_asked_once_a_run_and_every_mail_says_so(sink: Sink, by_smtp: Any) -> None:
    waiting(3)
    by_smtp.EMAIL_PORT = 1
    for hour in range(3):
        assert send_pending(now=NOW + timedelta(hours=hour)).waiting == 3
    assert set(ReminderMail.objects.values_list("error", "attempts")) == {("ConnectionRefusedError", 0)}
    by_smtp.EMAIL_PORT = sink.port
    assert send_pending(now=NOW + timedelta(hours=3)).sent == 3
    assert set(ReminderMail.objects.values_list("error", flat=True)) == {""}


# --- A mail that cannot be written ------------------------------------------------------------------------------------


def test_a_mail_that_cannot_be_written_holds_up_nobody_else(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting(3)
    first = ReminderMail.objects.order_by("pk")[0]
    compose = reminders.compose

    def broken(mail: ReminderMail, **kwargs: Any) -> Any:
        if mail.pk == first.pk:
            raise KeyError("no such thing")
        return compose(mail, **kwargs)

    monkeypatch.setattr(reminders, "compose", broken)
    assert send_pending(now=NOW).sent == 2
    assert states() == ["pending", "sent", "sent"]
    monkeypatch.setattr(reminders, "compose", compose)
    assert send_pending(now=SOON).sent == 1


@pytest.mark.parametrize("address", ["a@example.dk\nBcc: b@example.dk", "a@b@c"])
def test_an_address_that_cannot_be_written_holds_up_nobody_else(sink: Sink, address: str) -> None:
    waiting(2)
    who = ReminderMail.objects.order_by("pk")[0].recipient
    type(who).objects.filter(pk=who.pk).update(email=address)
    assert send_pending(now=NOW).sent == 1
    assert states()[0] in ("pending", "refused")
    assert {mail.to for mail in sink.accepted} == {"p1@example.dk"}


# --- TLS and signing in -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for 127.0.0.1, made here and trusted by nobody unless told."""
    import ipaddress

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    valid = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)  # TLS asks the machine's clock, not ours
    made = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(valid[0])
        .not_valid_after(valid[1])
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "sink.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return file


def with_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def trusting(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    context = ssl.create_default_context(cafile=str(certificate))
    monkeypatch.setattr(EmailBackend, "ssl_context", context)


@pytest.mark.parametrize("trusted", [True, False])
def test_over_tls(by_smtp: Any, monkeypatch: pytest.MonkeyPatch, certificate: Path, trusted: bool) -> None:
    by_smtp.EMAIL_USE_TLS = True
    if trusted:
        trusting(monkeypatch, certificate)
    with listening(Sink(), tls_context=with_tls(certificate), require_starttls=True) as sink:
        by_smtp.EMAIL_PORT = sink.port
        waiting(3)
        send_pending(now=NOW)
        if trusted:
            assert states() == ["sent"] * 3
            assert sink.seen[Step.CONNECT] == 1
        else:
            assert states() == ["pending"] * 3
            assert only_error() == "SSLCertVerificationError"
            assert sink.seen[Step.MAIL] == 0


def only_error() -> str:
    (error,) = set(ReminderMail.objects.values_list("error", flat=True))
    return str(error)


def test_without_tls_nothing_is_sent_in_the_clear(sink: Sink, by_smtp: Any) -> None:
    waiting(2)
    by_smtp.EMAIL_USE_TLS = True
    for minute in (0, 10):
        send_pending(now=NOW + timedelta(minutes=minute))
    assert states() == ["pending"] * 2
    assert only_error() == "SMTPNotSupportedError"
    assert sink.seen[Step.MAIL] == 0


@pytest.mark.parametrize("password", ["right", "wrong"])
def test_signing_in(by_smtp: Any, monkeypatch: pytest.MonkeyPatch, certificate: Path, password: str) -> None:
    trusting(monkeypatch, certificate)
    by_smtp.EMAIL_USE_TLS = True
    by_smtp.EMAIL_HOST_USER, by_smtp.EMAIL_HOST_PASSWORD = "afsender", password

    def check(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        right = data.password == b"right"
        return AuthResult(success=right, handled=right)

    options = {"tls_context": with_tls(certificate), "authenticator": check, "auth_required": True}
    with listening(Sink(), **options) as sink:
        by_smtp.EMAIL_PORT = sink.port
        waiting(2)
        send_pending(now=NOW)
        assert states() == ["sent" if password == "right" else "pending"] * 2
        if password == "wrong":
            assert only_error().startswith("SMTPAuthenticationError 5")
            assert "afsender" not in only_error()
            by_smtp.EMAIL_HOST_PASSWORD = "right"
            assert send_pending(now=SOON).sent == 2


@pytest.mark.parametrize("then", [DROP, STALL])
def test_a_doubt_is_a_doubt_over_tls_too(
    by_smtp: Any, monkeypatch: pytest.MonkeyPatch, certificate: Path, then: str
) -> None:
    trusting(monkeypatch, certificate)
    by_smtp.EMAIL_USE_TLS = True
    with listening(Sink(), tls_context=with_tls(certificate)) as sink:
        by_smtp.EMAIL_PORT = sink.port
        people = waiting(2)
        sink.at(Step.DOT, to=people[0], then=then)
        sink.at(Step.RCPT, to=people[1], then=then)
        send_pending(now=NOW)
        assert states() == ["uncertain", "pending"]
        send_pending(now=SOON)
        assert states() == ["uncertain", "sent"]


# --- The handing over itself ------------------------------------------------------------------------------------------


def test_when_another_worker_has_the_mail_nothing_is_handed_over(sink: Sink) -> None:
    line = smtplib.SMTP("127.0.0.1", sink.port, timeout=2)
    answer = smtp.hand_over(
        line, sender="a@example.dk", recipient="b@example.dk", content=b"Hej\r\n", about_to_send=lambda: False
    )
    assert answer.outcome is smtp.Outcome.GIVEN_UP
    assert line.sock is None
    assert sink.accepted == []


def test_when_the_database_fails_at_the_last_moment_nothing_is_handed_over(sink: Sink) -> None:
    line = smtplib.SMTP("127.0.0.1", sink.port, timeout=2)

    def fails() -> bool:
        raise RuntimeError("no database")

    with pytest.raises(RuntimeError):
        smtp.hand_over(line, sender="a@b.dk", recipient="c@d.dk", content=b"Hej\r\n", about_to_send=fails)
    assert line.sock is None
    assert sink.accepted == []


@pytest.mark.parametrize(
    ("content", "sent"),
    [
        (b"a\r\n", b"a\r\n.\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b"", b"\r\n.\r\n"),
        (b".\r\n", b"..\r\n.\r\n"),
        (b"a\r\n.\r\nb\r\n", b"a\r\n..\r\nb\r\n.\r\n"),
        (b"a\r\n..b", b"a\r\n...b\r\n.\r\n"),
        (b"a.b\r\n", b"a.b\r\n.\r\n"),
    ],
)
def test_the_last_dot_is_the_only_lone_one(content: bytes, sent: bytes) -> None:
    assert smtp._with_dot(content) == sent
