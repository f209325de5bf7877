"""Addresses that are secrets in themselves never stand in a log: whoever read the log could use them.

The link in a mail that answers for somebody, the address of somebody's calendar, the link that chooses a new password.
What follows the name of such a place is masked wherever it stands in a line: in the address asked for, in the address
somebody came from, in a `next=` that has been encoded, in the trace of an error. Standard library only, for the web
server loads this before the program.
"""

from __future__ import annotations

import logging
import re

MASK = "***"
#: Places whose next part is a secret. A new kind of secret address is one line here.
PLACES = ("svar", "kalender", "invitation", "paamindelser/afmeld", "konto/password/reset/key")

_SLASH = r"(?:/|%(?:25)*2[Ff])"
_SECRET = re.compile(
    rf"({_SLASH}(?:{'|'.join(place.replace('/', _SLASH) for place in PLACES)}){_SLASH})"
    r"((?:(?!%(?:25)*2[Ff])[^\s/?#\"'&<>\])},])+)"
)
_traces = logging.Formatter()


def without_secrets(text: str) -> str:
    return _SECRET.sub(rf"\g<1>{MASK}", text)


class MaskSecrets(logging.Filter):
    """Lets every record through, its words and its trace masked. They are put together here, once for all handlers."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = without_secrets(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = _traces.formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = without_secrets(record.exc_text)
        return True
