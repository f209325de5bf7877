"""Somebody who follows an invitation may sign in through their workplace: the offer stands in their session for an hour.

The page of the invitation calls `offer_sign_in` when its link has been checked. When the workplace then vouches for
somebody no account knows, that sign-in is bound to the invited account, once.
"""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime, timedelta
from typing import Any

SESSION_KEY = "invited_to_sign_in"
GOOD_FOR = timedelta(hours=1)


def offer_sign_in(session: MutableMapping[str, Any], *, user_id: int, now: datetime) -> None:
    session[SESSION_KEY] = {"user": user_id, "until": (now + GOOD_FOR).timestamp()}


def invited_user_id(session: MutableMapping[str, Any], *, now: datetime) -> int | None:
    offer = session.get(SESSION_KEY)
    if not isinstance(offer, dict) or now.timestamp() >= offer.get("until", 0):
        return None
    user = offer.get("user")
    return user if isinstance(user, int) else None


def use_up_offer(session: MutableMapping[str, Any]) -> None:
    session.pop(SESSION_KEY, None)
