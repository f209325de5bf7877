"""When a body meets, what it decided on an item, and that its chair has approved what is going to be frozen."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from initiatives.models.bodies import Body
from initiatives.models.plans import ActionItem, Plan


class Meeting(models.Model):
    """One meeting of a body. Texts are handed in and papers sent out on working days before it.

    The dates are computed backwards when the meeting is registered (RULES: 14 and 7 calendar days, or the body's own
    numbers, moved back to a working day) and may then be set by hand. A cancelled meeting keeps its row and its reason.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="meetings")
    day = models.DateField()
    title = models.CharField(max_length=200, blank=True)  # "" is shown as "Møde 5. november 2020"
    hand_in = models.DateField()
    dispatch = models.DateField()
    case_number = models.CharField(max_length=60, blank=True)  # the number of the case in the filing system
    cancelled_on = models.DateField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ("-day", "body__sort_key", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "day"),
                condition=Q(cancelled_on__isnull=True),
                name="one_meeting_per_body_and_day",
                violation_error_message=_("The body already has a meeting on that day."),
            ),
            models.CheckConstraint(
                condition=Q(hand_in__lte=F("dispatch"), dispatch__lte=F("day")),
                name="meeting_dates_in_order",
                violation_error_message=_("Hand-in comes before dispatch, and dispatch before the meeting."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.body_id} {self.day}"


class Decision(models.Model):
    """What the body decided about one item at one meeting. Rewording leaves a history row."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="decisions")
    item = models.ForeignKey(ActionItem, on_delete=models.PROTECT, related_name="decisions")
    text = models.TextField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ("meeting", "item__position", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "item"),
                name="one_decision_per_meeting_and_item",
                violation_error_message=_("The meeting already has a decision on this item."),
            ),
            models.CheckConstraint(
                condition=~Q(text=""),
                name="decision_has_words",
                violation_error_message=_("Write what was decided."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id}: {self.item_id}"


class Approval(models.Model):
    """The chair has seen what is going to be frozen. `fingerprint` is the content hash of exactly that.

    Words written afterwards give another fingerprint, so an approval never covers what its chair has not read.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="approvals")
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="approvals")
    fingerprint = models.CharField(max_length=64)
    approved_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-approved_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("meeting", "plan", "fingerprint"), name="approved_once_as_it_stands"),
        )

    def __str__(self) -> str:
        return f"{self.meeting_id}/{self.plan_id} {self.fingerprint[:8]}"
