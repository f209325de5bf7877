"""What is new to the reader: mentions they have not seen, what changed on what they follow, and what that is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from initiatives.calculations.news import LONGEST
from initiatives.presenters.news import FollowedView, MentionView, NewsView, followed_view, mention_view, news_views
from initiatives.presenters.personal_news import Asked, load_news
from sundhedsaftale.lib.danish import format_date

SHOWN = 8  # things with news; the others are folded


@dataclass(frozen=True)
class InboxPage:
    mentions: list[MentionView]
    lines: list[NewsView]
    older: list[NewsView]
    since: str  # a sentence over the lines
    nothing: str  # why there are none, "" when there are some
    follows: list[FollowedView]
    until: str  # the moment up to which this page tells, for saying that it has been seen


def inbox_page(user: Any, *, now: datetime) -> InboxPage:
    """About eight queries, whatever the number of changes."""
    begin = max(user.news_seen_at or user.date_joined, now - LONGEST)
    me = get_user_model()._default_manager.filter(pk=user.pk)
    asked = {user.pk: Asked(since=None, changes_since=begin, until=now)}
    personal = load_news(asked, me, today=timezone.localtime(now).date())[user.pk]
    lines = news_views(personal)
    when = _moment(begin)
    return InboxPage(
        mentions=[mention_view(mention) for mention in personal.mentions],
        lines=lines[:SHOWN],
        older=lines[SHOWN:],
        since=_("Since %(when)s.") % {"when": when},
        nothing="" if lines else _nothing(bool(personal.follows), when),
        follows=sorted((followed_view(row) for row in personal.follows.values()), key=lambda view: view.kind),
        until=now.isoformat(),
    )


def _nothing(follows: bool, when: str) -> str:
    if follows:
        return _("Nothing new since %(when)s.") % {"when": when}
    return _("You follow nothing yet. Press »Follow« on a goal, an area, a plan, an item or an initiative.")


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    day = format_date(local.date(), get_language() or "da")
    return _("%(day)s at %(time)s") % {"day": day, "time": f"{local:%H.%M}"}
