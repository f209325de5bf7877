"""The line to the mail server through one run of the outbox."""

from __future__ import annotations

import contextlib
import logging
import smtplib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from sundhedsaftale.lib.smtp import Answer, Outcome, hand_over, reason

logger = logging.getLogger(__name__)

#: So many mails in a row without an answer that could be understood: it is the server, and not the mails.
TOO_MUCH_TROUBLE = 3


class MailLine:
    """Opened when it is needed, opened afresh when an old one is gone, given up after too much trouble.

    trouble: why it could not be opened, "" while it can.
    """

    def __init__(self) -> None:
        self.backend = get_connection()
        self.trouble = ""
        self._carried = 0
        self._in_vain = 0

    @property
    def is_useless(self) -> bool:
        return bool(self.trouble) or self._in_vain >= TOO_MUCH_TROUBLE

    def open(self) -> bool:
        """True when there is a line. One that was open costs nothing."""
        if self._is_lost():
            self.close()
        try:
            if self.backend.open() is not False:  # False: it was open already
                self._carried = 0
        except OSError as error:  # smtplib's own errors are OSErrors too
            self.trouble = reason(error)
            return False
        return True

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.backend.close()

    def deliver(self, message: EmailMessage, about_to_send: Callable[[], bool]) -> Answer:
        """Hand over one mail. `about_to_send` is called at the last moment; where it says no, nothing is sent."""
        carried = self._carried
        answer = self._deliver_once(message, about_to_send)
        if answer.outcome is Outcome.NO_SERVICE and answer.before_content and carried and self._is_lost():
            # The server had hung up on an old line, or lets one line carry so many mails only.
            answer = self._deliver_once(message, about_to_send)
        self._carried += 1
        in_vain = answer.outcome in (Outcome.NO_SERVICE, Outcome.UNKNOWN)
        self._in_vain = self._in_vain + 1 if in_vain else 0
        return answer

    def _deliver_once(self, message: EmailMessage, about_to_send: Callable[[], bool]) -> Answer:
        if not self.open():
            return Answer(Outcome.NO_SERVICE, self.trouble)
        if not isinstance(self.backend, EmailBackend):
            return self._deliver_otherwise(message, about_to_send)
        try:
            sender, recipient = _address(message.from_email), _address(*message.recipients())
            written: Any = message.message()
            content = written.as_bytes(linesep="\r\n")
        except Exception as error:  # an address or a header that cannot be written: this mail's own fault
            return Answer(Outcome.LATER, reason(error))
        line = self.backend.connection
        assert line is not None  # nosec B101
        return hand_over(
            line,
            sender=sender,
            recipient=recipient,
            content=content,
            about_to_send=about_to_send,
        )

    def _deliver_otherwise(self, message: EmailMessage, about_to_send: Callable[[], bool]) -> Answer:
        """Files, the console, memory, or a backend of the operator's own: it does everything in one step."""
        if not about_to_send():
            return Answer(Outcome.GIVEN_UP)
        message.connection = self.backend
        try:
            message.send()
        except Exception as error:
            self.close()
            return Answer(_meaning(error), reason(error), before_content=False)
        return Answer(Outcome.ACCEPTED, before_content=False)

    def _is_lost(self) -> bool:
        line = getattr(self.backend, "connection", None)
        return isinstance(line, smtplib.SMTP) and line.sock is None


@lru_cache(maxsize=16)  # the sender is the same in every mail
def _address(address: str) -> str:
    return str(sanitize_address(address, "utf-8"))


def _meaning(error: Exception) -> Outcome:
    """An answer of the server is certain, everything else is not."""
    codes = [int(word) for word in reason(error).split()[1:]]
    if not codes or not all(400 <= code < 600 for code in codes):
        return Outcome.UNKNOWN
    return Outcome.LATER if any(code < 500 for code in codes) else Outcome.REFUSED
