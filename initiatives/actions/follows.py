"""What somebody follows, how often they want mail about it, and what they have seen: their own business only.

No page but their own shows it, so these actions do not count the data version up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from indicators.models import Area, Goal
from initiatives.models import ActionItem, Follow, Initiative, Plan

Followed = Goal | Area | Plan | ActionItem | Initiative
_FIELD: dict[type, str] = {Goal: "goal", Area: "area", Plan: "plan", ActionItem: "item", Initiative: "initiative"}


def follow(*, thing: Followed, by: Any, now: datetime) -> bool:
    """From now on `by` hears what changes on it. False when they did already: twice is once."""
    _follow, made = Follow.objects.get_or_create(
        person=by, **{_FIELD[type(thing)]: thing}, defaults={"created_at": now}
    )
    return made


def unfollow(*, thing: Followed, by: Any) -> bool:
    """False when they did not follow it."""
    deleted, _kinds = Follow.objects.filter(person=by, **{_FIELD[type(thing)]: thing}).delete()
    return bool(deleted)


def see_news(*, by: Any, until: datetime, now: datetime) -> None:
    """The person has seen what is new up to `until`, when the page they saw was made. It never moves back."""
    moment = min(until, now)
    if by.news_seen_at is None or by.news_seen_at < moment:
        by.news_seen_at = moment
        by.save(update_fields=["news_seen_at"])


def choose_mail_rhythm(*, by: Any, rhythm: str, now: datetime) -> None:
    """One by one, daily or weekly. Raises ValidationError keyed `rhythm`. A digest tells nothing from before the choice."""
    if rhythm not in dict(by._meta.get_field("mail_rhythm").choices or ()):
        raise ValidationError({"rhythm": [_("Choose how often you want mail.")]})
    if by.mail_rhythm != rhythm:
        by.mail_rhythm, by.mail_rhythm_since = rhythm, now
        by.save(update_fields=["mail_rhythm", "mail_rhythm_since"])
