"""What a body has decided to reach: a value of an indicator in an area, by a day (lokalt delmål)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from indicators.models import Area, Indicator
from initiatives.models.bodies import Body


class TargetQuerySet(models.QuerySet["Target"]):
    def standing(self) -> TargetQuerySet:
        return self.filter(withdrawn_at__isnull=True)


class Target(models.Model):
    """The wanted direction is the indicator's own. Withdrawing keeps the row with who and why."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="targets")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="targets")
    value = models.DecimalField(max_digits=20, decimal_places=6)
    due_on = models.DateField()
    decided_on = models.DateField()
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    withdrawn_reason = models.TextField(blank=True)

    history = HistoricalRecords(excluded_fields=["by", "withdrawn_by"])  # who did it is history_user
    objects = TargetQuerySet.as_manager()

    class Meta:
        ordering = ("indicator", "area", "due_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "area", "body", "due_on"),
                condition=Q(withdrawn_at__isnull=True),
                name="one_target_of_a_body_for_a_day",
                violation_error_message=_("The body already has a target for this indicator, area and day."),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=models.F("decided_on")),
                name="target_is_due_after_it_is_decided",
                violation_error_message=_("The day must come after the target was decided."),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason=""),
                name="a_withdrawn_target_says_why",
                violation_error_message=_("Write why the target is withdrawn."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.area_id}: {self.value} {self.due_on}"
