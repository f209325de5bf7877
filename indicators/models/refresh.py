"""How figures arrive: one run at a time per source, and what was refused."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.figures import DataSource, Edition


class RunState(models.TextChoices):
    RUNNING = "running", _("Running")
    STORED = "stored", _("New figures stored")
    UNCHANGED = "unchanged", _("Nothing new")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class RefreshRun(models.Model):
    """The claim is the row itself: the partial unique constraint lets one run per source be RUNNING.

    A worker that dies leaves its row RUNNING; the next run may take over once heartbeat_at is older than the limit
    in refresh.running.
    """

    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="runs")
    state = models.CharField(max_length=12, choices=RunState, default=RunState.RUNNING)
    started_at = models.DateTimeField()
    heartbeat_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="refresh_runs"
    )
    edition = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.SET_NULL, related_name="runs")
    fingerprint = models.CharField(max_length=64, blank=True)
    raw_file = models.CharField(max_length=300, blank=True)
    step = models.CharField(max_length=40, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_new = models.PositiveIntegerField(default=0)
    rows_changed = models.PositiveIntegerField(default=0)
    rows_unchanged = models.PositiveIntegerField(default=0)
    rows_vanished = models.PositiveIntegerField(default=0)
    rows_rejected = models.PositiveIntegerField(default=0)
    lights_changed = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("source",),
                condition=Q(state="running"),
                name="one_running_refresh_per_source",
                violation_error_message=_("This source is already being refreshed."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.source_id} {self.started_at:%Y-%m-%d %H:%M}"


class RejectedRow(models.Model):
    """A row that was not stored. Only the place and the reason: the cell may hold what must not be kept.

    `reason` is the whole sentence in the site's language; pages print the one of `code` and `details` in the reader's.
    """

    run = models.ForeignKey(RefreshRun, on_delete=models.CASCADE, related_name="rejected")
    place = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    details = models.CharField(max_length=300, blank=True)
    reason = models.TextField()

    class Meta:
        ordering = ("run", "pk")

    def __str__(self) -> str:
        return f"{self.place}: {self.code}"
