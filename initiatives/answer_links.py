"""Links in a mail that answer for one person about one item, without signing in.

The link is the secret: signed with a salt of its own, for one person, one item and one purpose, and it ends after thirty
days. It says nothing of what the person may do; that is looked up when it is used. It also carries a stamp of the mail
address it was sent to, so that it ends when the person gets another address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.urls import reverse

from initiatives.models import ActionItem, Meeting

SALT = "initiatives.answer"
PURPOSE = "answer"
LIFE = timedelta(days=30)
#: No mail of ours makes a longer one; what is longer is not looked at.
LONGEST_TOKEN = 400


class BrokenLink(Exception):
    """Not one of ours, or not whole: a mail program may have broken it over two lines."""


@dataclass(frozen=True)
class AnswerLink:
    """What a link says. sequence: the status it asked about (0: there was none). expired: signed by us, but too old."""

    person_id: int
    item_id: int
    sequence: int
    meeting_id: int | None
    address: str
    expired: bool = False


def answer_url(*, person: Any, item: ActionItem, sequence: int, meeting: Meeting | None = None) -> str:
    """The whole address for a mail to this person about this item. No query.

    sequence: of the item's current status, 0 when it has none. meeting: the one the reminder is for.
    """
    meeting_id = None if meeting is None else meeting.pk
    return answer_address(person=person, item_id=item.pk, sequence=sequence, meeting_id=meeting_id)


def answer_address(*, person: Any, item_id: int, sequence: int, meeting_id: int | None) -> str:
    """The same from keys, for whoever has no rows at hand."""
    return settings.SITE_URL + _path().replace("TOKEN", _token(person, item_id, sequence, meeting_id))


@cache
def _path() -> str:
    """Looked up once; a token needs no escaping in an address."""
    return reverse("answer", args=["TOKEN"])


def answer_token(*, person: Any, item: ActionItem, sequence: int, meeting: Meeting | None = None) -> str:
    return _token(person, item.pk, sequence, None if meeting is None else meeting.pk)


def _token(person: Any, item_id: int, sequence: int, meeting_id: int | None) -> str:
    words = {"u": PURPOSE, "p": person.pk, "i": item_id, "s": sequence, "a": address_stamp(person.email)}
    if meeting_id is not None:
        words["m"] = meeting_id
    return _signer(settings.SECRET_KEY).sign_object(words)


def read_token(token: str) -> AnswerLink:
    """What the link says, also when it is too old. Raises BrokenLink."""
    if len(token) > LONGEST_TOKEN:
        raise BrokenLink
    signer, expired = _signer(settings.SECRET_KEY), False
    try:
        try:
            words = signer.unsign_object(token, max_age=LIFE)
        except SignatureExpired:
            words, expired = signer.unsign_object(token), True
    except (BadSignature, ValueError) as error:
        raise BrokenLink from error
    if words.get("u") != PURPOSE:
        raise BrokenLink
    return AnswerLink(
        person_id=words["p"],
        item_id=words["i"],
        sequence=words["s"],
        meeting_id=words.get("m"),
        address=words["a"],
        expired=expired,
    )


def address_stamp(email: str) -> str:
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()[:12]


@cache
def _signer(key: str) -> TimestampSigner:
    """Kept, because a night's reminders sign thousands. A dot, because a colon ends a link in some mail programs."""
    return TimestampSigner(key=key, sep=".", salt=SALT)
