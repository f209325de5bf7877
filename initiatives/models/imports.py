"""A plan on its way in: what was read from a file, what a person has corrected so far, and what became of it."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.bodies import Body
from initiatives.models.plans import Plan, PlanKind


class ImportState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONFIRMED = "confirmed", _("Confirmed")
    DISCARDED = "discarded", _("Discarded")


class PlanImport(models.Model):
    """The preview of an import; it survives a closed browser. The file itself is not kept, only what was read from it.

    plan: the plan a newer version is matched against; null for a new one. draft: the rows as read and as corrected.
    revision: counts every correction up, so that two people in one preview notice each other.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="plan_imports")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="imports")
    kind = models.ForeignKey(PlanKind, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    as_of = models.DateField()
    filename = models.CharField(max_length=200, blank=True)
    source_format = models.CharField(max_length=8)  # docx, xlsx, csv, text, pdf
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.DRAFT)
    draft = models.JSONField(default=dict)
    issues = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    result = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.PROTECT, related_name="made_by_imports")

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(state="confirmed", result__isnull=False) | ~Q(state="confirmed"),
                name="a_confirmed_import_has_a_plan",
            ),
        )

    def __str__(self) -> str:
        return self.title


class UploadState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    READING = "reading", _("Being read")
    READ = "read", _("Read")
    REFUSED = "refused", _("Refused")


class PlanUpload(models.Model):
    """A long file on its way to a worker. Its bytes are kept until it has been read or refused, and not a moment longer."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(Plan, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    kind = models.ForeignKey(PlanKind, on_delete=models.CASCADE, related_name="+")
    title = models.CharField(max_length=300, blank=True)
    as_of = models.DateField(null=True, blank=True)
    filename = models.CharField(max_length=200)
    content = models.BinaryField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=UploadState, default=UploadState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # per cent
    refusal = models.TextField(blank=True)
    uploaded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    claimed_at = models.DateTimeField(null=True, blank=True)
    result = models.ForeignKey(PlanImport, null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "reading"), content__isnull=False)
                | Q(state__in=("read", "refused"), content__isnull=True),
                name="an_upload_is_kept_until_it_is_read",
            ),
            models.CheckConstraint(
                condition=~Q(state="read") | Q(result__isnull=False), name="an_upload_that_was_read_is_a_draft"
            ),
        )

    def __str__(self) -> str:
        return self.filename
