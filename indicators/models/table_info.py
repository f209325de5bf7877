"""What the tables we fetch from said of themselves, visit by visit."""

from __future__ import annotations

from django.db import models

from indicators.models.figures import DataSource


class TableInfo(models.Model):
    """One description of a source's table; a row is added only when it says something else than the one before.

    content: calculations.table_codes.TableCodes as JSON. accepted: figures may be fetched by it; one that was not is kept
    so that somebody can see what changed, and the next visit is held against the last accepted one. troubles, news: lists
    of [code, names], as calculations.table_codes.Trouble.
    """

    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="table_infos")
    fetched_at = models.DateTimeField()
    accepted = models.BooleanField()
    content = models.JSONField()
    troubles = models.JSONField(default=list, blank=True)
    news = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("source", "-fetched_at", "-pk")

    def __str__(self) -> str:
        return f"{self.source_id} {self.fetched_at:%Y-%m-%d %H:%M}"
