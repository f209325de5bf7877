"""Ending somebody's sessions: what the next request carries is then nobody's."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.http import int_to_base36

# A sign-in that waits for its second step: django-allauth keeps whose it is here.
WAITING_KEY = "account_login"


def end_sessions(user: Any, *, keep: str = "") -> int:
    """Delete every session of the user but the one named, in the database and the cache, and say how many there were.

    Sessions do not say whose they are without being opened, so all that have not run out are: some thousands at most,
    since a reader who is not signed in has none.
    """
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    for row in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if row.session_key != keep and _is_of(user, row.get_decoded()):
            store(row.session_key).delete()
            ended += 1
    return ended


def _is_of(user: Any, data: dict[str, Any]) -> bool:
    waiting = data.get(WAITING_KEY)
    on_the_way = isinstance(waiting, dict) and waiting.get("user_pk") == int_to_base36(user.pk)
    return on_the_way or data.get(SESSION_KEY) == str(user.pk)
