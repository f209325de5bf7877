"""What a kept page was made of. A page is rendered once for each area and language, and anew when anything has changed.

The version is read from the database in one query, so every process sees a change at once, whoever made it: the newest
id of each table that only grows, and of the history of those that are edited. What leaves no such mark (a name corrected
in the catalogue) is seen when the kept page has reached its age, `PAGE_CACHE_SECONDS`.
"""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from indicators.models import Edition, Indicator, Observation, RefreshRun
from initiatives.models import (
    ActionItem,
    Anchoring,
    Body,
    Contribution,
    Initiative,
    Milestone,
    Plan,
    Postponement,
    Schedule,
    StatusUpdate,
    Track,
)
from sundhedsaftale.presenters.frame import AreaInView, area_query

#: (table, what marks a change in it). All of them read the end of an index, whatever the size of the table, except the
#: milestones, which are edited in place and are few.
_MARKS: tuple[tuple[str, str], ...] = (
    (RefreshRun._meta.db_table, "MAX(id)"),
    (RefreshRun._meta.db_table, "MAX(finished_at)"),
    (Observation._meta.db_table, "MAX(id)"),
    (Edition._meta.db_table, "MAX(id)"),
    (Indicator._meta.db_table, "MAX(id)"),
    (Body._meta.db_table, "MAX(id)"),
    (Plan._meta.db_table, "MAX(id)"),
    (Plan.history.model._meta.db_table, "MAX(history_id)"),
    (Track.history.model._meta.db_table, "MAX(history_id)"),
    (ActionItem._meta.db_table, "MAX(id)"),
    (ActionItem.history.model._meta.db_table, "MAX(history_id)"),
    (Anchoring._meta.db_table, "MAX(id)"),
    (StatusUpdate._meta.db_table, "MAX(id)"),
    (Schedule._meta.db_table, "MAX(id)"),
    (Postponement._meta.db_table, "MAX(id)"),
    (Initiative._meta.db_table, "MAX(id)"),
    (Initiative.history.model._meta.db_table, "MAX(history_id)"),
    (Contribution._meta.db_table, "MAX(id)"),
    (Contribution._meta.db_table, "MAX(removed_at)"),
    (Milestone._meta.db_table, "COUNT(*)"),
    (Milestone._meta.db_table, "MAX(id)"),
    (Milestone._meta.db_table, "COUNT(reached_on)"),
    (Milestone._meta.db_table, "MAX(reached_on)"),
    (Milestone._meta.db_table, "MAX(last_day)"),
    (Milestone._meta.db_table, "SUM(LENGTH(title) + LENGTH(words))"),
)
# Our own table names only.
_PARTS = ", ".join(f"(SELECT {mark} FROM {table})" for table, mark in _MARKS)  # noqa: S608  # nosec B608
_QUERY = "SELECT " + _PARTS  # nosec B608


def content_version() -> str:
    """A short text that is another when figures, plans, statuses, links or initiatives have changed. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_QUERY)
        row = cursor.fetchone()
    return hashlib.sha256(repr(row).encode()).hexdigest()[:16]


def page_key(request: HttpRequest, area: AreaInView) -> str:
    """The name a kept page of this address is found under; it holds nothing about who is reading.

    One query, and none when no page is kept.
    """
    if not seconds_kept():
        return ""
    parts = (
        request.path,
        area.code,
        area_query(request),
        get_language() or "",
        timezone.localdate(),
        content_version(),
    )
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


def seconds_kept() -> int:
    """0 keeps nothing."""
    return int(settings.PAGE_CACHE_SECONDS)
