"""What a meeting saw, frozen: plain rows of words and figures that nothing in the program can change.

No foreign key of a frozen row points at a live plan, item or indicator: names and words are copied, so that no edit,
rename, re-import or upgrade reaches them. The two keys of a snapshot (meeting, plan) only say where it belongs. Triggers
on both databases refuse UPDATE and DELETE on the tables in `FROZEN_TABLES` (see `initiatives.frozen`). The checksum covers
the columns named in `initiatives.calculations.frozen_record`.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from initiatives.models.meetings import Meeting
from initiatives.models.plans import Plan


class Snapshot(models.Model):
    """One version of one plan as one meeting saw it. A correction is the next version, with a note.

    content_hash: SHA-256 of the canonical JSON of this row's words and all its frozen rows. schema: which canonical form
    was hashed, so that a later program can still check an early hash.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="snapshots")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="snapshots")
    version = models.PositiveSmallIntegerField()
    note = models.TextField(blank=True)
    frozen_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200, blank=True)
    schema = models.PositiveSmallIntegerField(default=1)
    content_hash = models.CharField(max_length=64)
    # The words around the items.
    plan_title = models.CharField(max_length=300)
    plan_kind = models.CharField(max_length=120)
    item_name = models.CharField(max_length=60)
    item_name_plural = models.CharField(max_length=60)
    plan_as_of = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True)
    agreement_name = models.CharField(max_length=200, blank=True)
    body_name = models.CharField(max_length=200)
    area_code = models.CharField(max_length=60, blank=True)
    area_name = models.CharField(max_length=160, blank=True)
    meeting_title = models.CharField(max_length=200, blank=True)
    meeting_day = models.DateField()
    case_number = models.CharField(max_length=60, blank=True)
    approved_by = models.CharField(max_length=200, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-meeting_day", "plan", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "plan", "version"),
                name="snapshot_version_once",
                violation_error_message=_("Somebody else froze this plan at the same moment."),
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="snapshot_version_from_one"),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(note=""),
                name="a_correction_says_why",
                violation_error_message=_("Write what is corrected."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.plan_id} v{self.version}"


class SnapshotItem(models.Model):
    """One item as it stood. Period lists hold [words, precision, first day, last day], days as ISO texts or null.

    key: the item's stable key in its plan, for matching across snapshots. slip: quarters moved in all, null when not
    known. milestones: {title, words, precision, first, last, reached_on, body}. owners: names in the order of the plan.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="items")
    position = models.PositiveIntegerField()
    number = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=100)
    track_number = models.CharField(max_length=10, blank=True)
    track_title = models.CharField(max_length=300)
    sub_title = models.CharField(max_length=300, blank=True)
    title = models.CharField(max_length=300)
    content = models.TextField(blank=True)
    horizon = models.CharField(max_length=12, blank=True)
    owners = models.JSONField(default=list)
    state = models.CharField(max_length=14, blank=True)  # "" when nobody has written a status
    undated = models.BooleanField(default=False)  # postponed or on hold, and no new date
    words = models.TextField(blank=True)
    unchanged = models.BooleanField(default=False)
    status_sequence = models.PositiveIntegerField(default=0)
    status_as_of = models.DateField(null=True, blank=True)
    written_by = models.CharField(max_length=200, blank=True)
    on_behalf_of = models.CharField(max_length=200, blank=True)
    due = models.JSONField(null=True, blank=True)  # one period, or null
    promised = models.JSONField(default=list)
    started = models.JSONField(default=list)
    since = models.JSONField(default=list)
    cause_code = models.CharField(max_length=40, blank=True)
    cause_name = models.CharField(max_length=120, blank=True)
    times_postponed = models.PositiveSmallIntegerField(default=0)
    slip = models.SmallIntegerField(null=True, blank=True)
    milestones = models.JSONField(default=list)
    decision = models.TextField(blank=True)
    # Codes of the goals ("nationale-maal/3") and indicators the item was linked to.
    links = models.JSONField(default=list)
    link_names = models.JSONField(default=list)  # what each of them was called, in the same order

    class Meta:
        ordering = ("snapshot", "position")
        constraints = (
            models.UniqueConstraint(fields=("snapshot", "key"), name="frozen_item_once"),
            models.UniqueConstraint(fields=("snapshot", "position"), name="frozen_position_once"),
        )

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.number}. {self.title}"


class SnapshotLight(models.Model):
    """One indicator's value in one area as it stood, with its edition and both lights.

    A light is "" with its reason code when there was none; *_said is the reason as the pages said it, in Danish.
    *_published is the source's own light where it is known. value is null with the reason of the blank.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="lights")
    position = models.PositiveIntegerField()
    goal_number = models.CharField(max_length=20, blank=True)
    goal_name = models.CharField(max_length=300, blank=True)
    indicator_code = models.CharField(max_length=120)
    indicator_name = models.CharField(max_length=300)
    unit = models.CharField(max_length=120, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    area_code = models.CharField(max_length=60)
    area_name = models.CharField(max_length=160)
    period = models.CharField(max_length=20)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    flag = models.CharField(max_length=20)
    reason = models.TextField(blank=True)
    edition_slug = models.CharField(max_length=60)
    edition_title = models.CharField(max_length=300)
    edition_fingerprint = models.CharField(max_length=64, blank=True)
    level_light = models.CharField(max_length=10, blank=True)
    level_reason = models.CharField(max_length=40, blank=True)
    level_said = models.TextField(blank=True)
    level_published = models.CharField(max_length=10, blank=True)
    development_light = models.CharField(max_length=10, blank=True)
    development_reason = models.CharField(max_length=40, blank=True)
    development_said = models.TextField(blank=True)
    development_published = models.CharField(max_length=10, blank=True)
    rounding_uncertain = models.BooleanField(default=False)
    rule_version = models.CharField(max_length=20)

    class Meta:
        ordering = ("snapshot", "position")
        constraints = (
            models.UniqueConstraint(
                fields=("snapshot", "indicator_code", "area_code", "period"), name="frozen_light_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.indicator_code} {self.area_code}"


class SnapshotRedaction(models.Model):
    """The trace of something unlawful removed from a frozen row by an operator (docs/redaction.md).

    The program reads these rows and has no path that writes them.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="redactions")
    what = models.CharField(max_length=300)  # "item 3: the words of its status"
    reason = models.TextField()
    decided_by = models.CharField(max_length=200)
    removed_on = models.DateField()

    class Meta:
        ordering = ("snapshot", "pk")

    def __str__(self) -> str:
        return f"{self.snapshot_id}: {self.what}"


#: The models whose rows never change once written.
FROZEN = (Snapshot, SnapshotItem, SnapshotLight, SnapshotRedaction)
