"""Keeping what a table said of itself, so that the next visit can be held against it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from indicators.actions.versions import changes_pages
from indicators.calculations.table_codes import TableCodes, Trouble
from indicators.models import DataSource, TableInfo


def accepted_table(source: DataSource) -> TableCodes | None:
    """The description by which figures were last fetched; None before the first."""
    newest = TableInfo.objects.filter(source=source, accepted=True).order_by("-fetched_at", "-pk").first()
    return TableCodes.from_json(newest.content) if newest else None


@changes_pages
def keep_table(
    *,
    by: Any,
    source: DataSource,
    table: TableCodes,
    troubles: Sequence[Trouble],
    news: Sequence[Trouble],
    now: datetime,
) -> TableInfo:
    """Keep the description; with troubles it is not one to fetch by. The same as the newest one is not kept again."""
    content = table.as_json()
    listed = [[one.code, one.names] for one in troubles]
    newest = TableInfo.objects.filter(source=source).order_by("-fetched_at", "-pk").first()
    if newest is not None and (newest.content, newest.troubles) == (content, listed):
        return newest
    return TableInfo.objects.create(
        source=source,
        fetched_at=now,
        accepted=not troubles,
        content=content,
        troubles=listed,
        news=[[one.code, one.names] for one in news],
    )
