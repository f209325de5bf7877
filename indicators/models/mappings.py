"""How a source's tables are laid out, the files handed over for it, and the names of areas nobody has mapped yet."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.area import Area
from indicators.models.figures import DataSource


class TableMapping(models.Model):
    """What a steward declared once for a source: `layout` is a calculations.table_mapping.TableLayout as JSON.

    The edition its figures belong to is described here too; one that the catalogue describes needs no title.
    """

    source = models.OneToOneField(DataSource, on_delete=models.CASCADE, related_name="table_mapping")
    layout = models.JSONField(default=dict)
    edition_title = models.CharField(max_length=300, blank=True)
    published_on = models.CharField(max_length=20, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("source",)

    def __str__(self) -> str:
        return f"{self.source_id}"


class TableUpload(models.Model):
    """A file handed over for a source, kept until it has been run. Its own name is not kept: the file has a name of ours.

    `file`: relative to VAR_DIR. sent_at: when it was given to a worker.
    """

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="uploads")
    file = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64)
    uploaded_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-uploaded_at", "-pk")

    def __str__(self) -> str:
        return f"{self.source_id} {self.token}"


class UnknownName(models.Model):
    """An area's name met in a file and known to nobody. Mapped once by a steward, it becomes an AreaAlias."""

    source = models.ForeignKey(DataSource, on_delete=models.CASCADE, related_name="unknown_names")
    name = models.CharField(max_length=160)
    place = models.CharField(max_length=60, blank=True)
    seen_at = models.DateTimeField()
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    mapped_at = models.DateTimeField(null=True, blank=True)
    mapped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ("-seen_at", "name")
        constraints = (
            models.UniqueConstraint(fields=("source", "name"), name="unknown_name_once_per_source"),
            models.CheckConstraint(
                condition=Q(area__isnull=True, mapped_at__isnull=True) | Q(area__isnull=False, mapped_at__isnull=False),
                name="a_mapped_name_says_when",
                violation_error_message=_("A name that is mapped says to what and when."),
            ),
        )

    def __str__(self) -> str:
        return self.name
