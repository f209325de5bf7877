"""Handing one mail to a mail server, one step at a time, so that what a failure means is known.

A server owns a mail from the moment it has read the lone dot that ends it (RFC 5321, 4.1.1.4 and 6.1). Whatever breaks
before the dot has left this machine, the mail was certainly not sent. A broken line after it says nothing: the server
may have taken the mail and been cut off before its answer. `smtplib.SMTP.sendmail` raises the same for both.
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

#: The server looks through the mail before it answers the dot; RFC 5321 (4.5.3.2.6) grants it ten minutes.
PATIENCE_AFTER_THE_DOT = 120.0
TOO_LARGE = 552


class Outcome(StrEnum):
    """What became of a mail. All but ACCEPTED and UNKNOWN: certainly not sent."""

    ACCEPTED = "accepted"
    LATER = "later"  # this mail, not now
    REFUSED = "refused"  # this mail, never
    NO_SERVICE = "no_service"  # nothing to do with this mail: no line, a lost one, or nothing is taken from us
    UNKNOWN = "unknown"  # the dot was sent and no answer came
    GIVEN_UP = "given_up"  # `about_to_send` said no


@dataclass(frozen=True)
class Answer:
    """`reason` holds kinds and codes only: the server's own words may hold the address."""

    outcome: Outcome
    reason: str = ""
    #: Nothing had been said of the mail's content yet.
    before_content: bool = True


def hand_over(
    line: smtplib.SMTP,
    *,
    sender: str,
    recipient: str,
    content: bytes,
    about_to_send: Callable[[], bool],
    patience: float = PATIENCE_AFTER_THE_DOT,
) -> Answer:
    """Hand over `content` (lines ending in CRLF). Answers for every kind of failure instead of raising.

    `about_to_send` is called when the server has said that it will take the mail and before a word of it is sent: the
    last moment at which a crash leaves no doubt. A line that came to harm is closed.
    """
    try:
        answer = _envelope(line, sender, recipient, len(content))
    except OSError as error:  # smtplib's own errors are OSErrors too
        line.close()
        return Answer(Outcome.NO_SERVICE, reason(error))
    if answer is not None:
        return answer
    if not _may_go_on(line, about_to_send):
        return Answer(Outcome.GIVEN_UP)
    try:
        line.send(_with_dot(content))
    except OSError as error:
        # Part of it was left over, and the dot is the last part.
        line.close()
        return Answer(Outcome.NO_SERVICE, reason(error), before_content=False)
    return _last_answer(line, patience)


def _may_go_on(line: smtplib.SMTP, about_to_send: Callable[[], bool]) -> bool:
    """The server waits for a mail now, and would take anything for it: whoever does not go on hangs up."""
    goes_on = False
    try:
        goes_on = about_to_send()
    finally:
        if not goes_on:
            line.close()
    return goes_on


def _envelope(line: smtplib.SMTP, sender: str, recipient: str, size: int) -> Answer | None:
    """From whom, to whom, and may it come. None when it may."""
    line.ehlo_or_helo_if_needed()
    options = [f"size={size}"] if line.has_extn("size") else []
    code = line.mail(sender, options)[0]
    if code != 250:
        # The sender is the same in every mail, so a refusal is about us; only the size is about this one.
        return _refusal(line, "MAIL", code, about_us=code != TOO_LARGE)
    code = line.rcpt(recipient)[0]
    if code not in (250, 251):
        return _refusal(line, "RCPT", code)
    code = line.docmd("DATA")[0]
    return None if code == 354 else _refusal(line, "DATA", code)


def _refusal(line: smtplib.SMTP, step: str, code: int, *, about_us: bool = False) -> Answer:
    """What a code other than yes means. The line is made ready for the next mail, or closed."""
    understood = 400 <= code < 600
    if code == 421 or not understood:  # the server is leaving, or talks gibberish
        line.close()
        return Answer(Outcome.NO_SERVICE, f"{step} {code}")
    with contextlib.suppress(OSError):  # the answer was heard; a line lost after it is closed already
        line.rset()
    if about_us:
        return Answer(Outcome.NO_SERVICE, f"{step} {code}")
    return Answer(Outcome.LATER if code < 500 else Outcome.REFUSED, f"{step} {code}")


def _last_answer(line: smtplib.SMTP, patience: float) -> Answer:
    """The answer to the dot. Only a code that can be understood is one."""
    try:
        with _patient(line, patience):
            code = line.getreply()[0]
    except OSError as error:
        line.close()
        return Answer(Outcome.UNKNOWN, reason(error), before_content=False)
    said = f"end of DATA {code}"
    if 200 <= code < 300:
        return Answer(Outcome.ACCEPTED, before_content=False)
    if code == 421 or not 400 <= code < 600:
        line.close()
    if code == 421:
        return Answer(Outcome.NO_SERVICE, said, before_content=False)
    if 400 <= code < 600:
        return Answer(Outcome.LATER if code < 500 else Outcome.REFUSED, said, before_content=False)
    return Answer(Outcome.UNKNOWN, said, before_content=False)


@contextlib.contextmanager
def _patient(line: smtplib.SMTP, seconds: float) -> Iterator[None]:
    """Wait longer than for other answers."""
    socket = line.sock
    assert socket is not None  # nosec B101
    before = socket.gettimeout()
    socket.settimeout(seconds)
    yield
    socket.settimeout(before)


def _with_dot(content: bytes) -> bytes:
    """A line that begins with a dot gets another one; the mail ends with a line that is a dot alone."""
    stuffed = content.replace(b"\r\n.", b"\r\n..")
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed + (b"" if stuffed.endswith(b"\r\n") else b"\r\n") + b".\r\n"


def reason(error: Exception) -> str:
    """The kind of the error and the server's codes."""
    codes = []
    if isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    return " ".join([type(error).__name__, *(str(code) for code in codes)])
