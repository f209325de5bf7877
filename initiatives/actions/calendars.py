"""A person's calendar addresses: made, replaced, taken back. No kept page shows them.

Whoever has the address reads the calendar, so it holds 128 random bits, is shown once, and only its hash is stored.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from initiatives.models import Body, CalendarFeed

SECRET_BYTES = 16


def make_calendar(*, by: Any, body: Body | None, now: datetime) -> str:
    """A new address for the person's own calendar, or for that of a body. Returns the secret in it.

    Raises ValidationError when there is one already: it cannot be shown again, only replaced.
    """
    secret = secrets.token_urlsafe(SECRET_BYTES)
    try:
        with transaction.atomic():
            CalendarFeed.objects.create(person=by, body=body, token_hash=hash_of(secret), created_at=now)
    except IntegrityError as error:
        text = _("There is an address already. It was shown once and cannot be shown again; make a new one instead.")
        raise ValidationError(text) from error
    return secret


@transaction.atomic
def replace_calendar(*, feed: CalendarFeed, by: Any, now: datetime) -> str:
    """The old address ends and a new one begins, together. Raises ValidationError when the old one has ended already."""
    if not revoke_calendar(feed=feed, by=by, now=now):
        raise ValidationError(_("The address has ended already. Make a new one."))
    return make_calendar(by=by, body=feed.body, now=now)


def revoke_calendar(*, feed: CalendarFeed, by: Any, now: datetime) -> bool:
    """The address stops working at once. False when it had ended already, or is somebody else's."""
    standing = CalendarFeed.objects.filter(pk=feed.pk, person=by, revoked_at__isnull=True)
    return bool(standing.update(revoked_at=now))


def stamp_read(*, feed: CalendarFeed, today: date) -> None:
    """Remember the day it was last fetched; written once a day at most."""
    if feed.last_read_on is None or feed.last_read_on < today:
        unread = CalendarFeed.objects.filter(Q(last_read_on__isnull=True) | Q(last_read_on__lt=today), pk=feed.pk)
        unread.update(last_read_on=today)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
