"""How figures arrive: one run at a time per source, and what was refused."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.figures import DataSource, Edition, Observation


class RunState(models.TextChoices):
    RUNNING = "running", _("Running")
    STORED = "stored", _("New figures stored")
    UNCHANGED = "unchanged", _("Nothing new")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")
    WAITING = "waiting", _("Waits for approval")
    APPROVED = "approved", _("Approved, about to be stored")
    REJECTED = "rejected", _("Turned down")
    SUPERSEDED = "superseded", _("Overtaken by a newer file")
    DRY_RUN = "dry_run", _("Tried, nothing stored")
    ROLLED_BACK = "rolled_back", _("Rolled back")
    BROUGHT_BACK = "brought_back", _("Brought back")


class RefreshRun(models.Model):
    """The claim is the row itself: the partial unique constraint lets one run per source be RUNNING.

    A worker that dies leaves its row RUNNING; the next run may take over once heartbeat_at is older than the limit
    in refresh.claims. A run whose difference lies outside the source's bounds is WAITING with the reasons, its difference
    (RunDifference) and the kept raw file; at most one per source waits or is approved. A step back to an earlier edition
    is a run too.

    declaration: SHA-256 of what was declared about the source's tables, so that a file known before is read again when
    that is another. "" where nothing is declared. difference_fingerprint: of the whole difference, so that what is
    approved is what was looked at. reasons: code and numbers,
    see refresh.reasons. attempt: 0 for a run that is not tried again by itself, else which one of the row it was.
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
    declaration = models.CharField(max_length=64, blank=True)
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
    reasons = models.JSONField(default=list, blank=True)
    difference_fingerprint = models.CharField(max_length=64, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="refresh_decisions"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_note = models.CharField(max_length=500, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-started_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("source",),
                condition=Q(state="running"),
                name="one_running_refresh_per_source",
                violation_error_message=_("This source is already being refreshed."),
            ),
            models.UniqueConstraint(
                fields=("source",),
                condition=Q(state__in=("waiting", "approved")),
                name="one_waiting_refresh_per_source",
                violation_error_message=_("Another file of this source already waits for approval."),
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


class DifferenceKind(models.TextChoices):
    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    VANISHED = "vanished", _("Vanished")


class RunDifference(models.Model):
    """One figure that a run would change, or changed: what stood before and what came. Some hundreds per kind are kept,
    those with an alarm first; the run's counts say how many there were.

    Codes and not keys: the row tells what the file said, whatever becomes of area and indicator. A blank has a flag and
    no value. alarm: one of refresh.reasons' codes when this row is why the run waits.
    """

    run = models.ForeignKey(RefreshRun, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=10, choices=DifferenceKind)
    line = models.PositiveIntegerField(default=0)
    indicator = models.CharField(max_length=120)
    area = models.CharField(max_length=60)
    period = models.CharField(max_length=20)
    breakdown = models.CharField(max_length=120, blank=True)
    before = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    before_flag = models.CharField(max_length=20, blank=True)
    after = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    after_flag = models.CharField(max_length=20, blank=True)
    alarm = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering = ("run", "pk")

    def __str__(self) -> str:
        return f"{self.kind}: {self.indicator}/{self.area}/{self.period}"


class Retirement(models.Model):
    """A figure that a later file of its source no longer has, and that a person agreed to let go.

    The figure itself stays, as history: it is no longer current, and the source is no longer expected to give it.
    edition: the retrieval that left it out. When that is rolled back, the retirement no longer holds.
    """

    observation = models.ForeignKey(Observation, on_delete=models.PROTECT, related_name="retirements")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="retirements")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("observation", "edition"), name="a_figure_is_retired_once_per_edition"),
        )

    def __str__(self) -> str:
        return f"{self.observation_id} by {self.edition_id}"
