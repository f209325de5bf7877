"""Signing somebody out everywhere."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_sessions(*, user: Any) -> int:
    """Delete every session of the person, from the cache as well as the database. How many there were."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    ended = 0
    # What a session holds is one signed text, so whose it is can only be seen by opening it.
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(session.session_key).delete()
            ended += 1
    return ended
