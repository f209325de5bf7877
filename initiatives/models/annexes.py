"""The annex of a meeting as files: the letterhead a body uses, and each file made from a snapshot."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from initiatives.models.bodies import Body
from initiatives.models.snapshots import Snapshot


class AnnexTemplate(models.Model):
    """A body's own Word document whose page set-up, styles, header, footer and logo the annex takes over.

    Kept in the database, so that a backup of it is a backup of everything. The newest that is not retired is used; older
    ones stay, because files were made with them.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="annex_templates")
    name = models.CharField(max_length=200)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("body", "-uploaded_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("body",),
                condition=Q(retired_at__isnull=True),
                name="one_template_in_use_per_body",
                violation_error_message=_("The body already has a template in use."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class AnnexFormat(models.TextChoices):
    DOCX = "docx", _("Word")
    PDF = "pdf", "PDF"
    XLSX = "xlsx", _("Excel")


class AnnexState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    WORKING = "working", _("Being made")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Failed")


class AnnexFile(models.Model):
    """One file made from one snapshot. Made once and kept: the file handed out a year later is the same bytes."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="files")
    format = models.CharField(max_length=4, choices=AnnexFormat)
    template = models.ForeignKey(AnnexTemplate, null=True, blank=True, on_delete=models.PROTECT, related_name="files")
    state = models.CharField(max_length=8, choices=AnnexState, default=AnnexState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    content = models.BinaryField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    requested_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        ordering = ("snapshot", "format", "-requested_at")
        constraints = (
            models.UniqueConstraint(
                "snapshot", "format", Coalesce("template", models.Value(0)), name="one_annex_file_per_format"
            ),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(content__isnull=False), name="a_ready_annex_has_content"
            ),
        )

    def __str__(self) -> str:
        return f"{self.snapshot_id}.{self.format}"
