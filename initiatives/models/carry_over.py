"""A plan's open items handed on to the bodies that come after: what continues, what ends, what is divided."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from initiatives.models.bodies import Body
from initiatives.models.plans import ActionItem, Plan


class CarryOverState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    CONFIRMED = "confirmed", _("Confirmed")
    CANCELLED = "cancelled", _("Cancelled")


class CarryOver(models.Model):
    """One hand-over of one plan on one day. Until it is confirmed every choice can be undone; the old plan stays."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="carry_overs")
    on = models.DateField()
    state = models.CharField(max_length=10, choices=CarryOverState, default=CarryOverState.DRAFT)
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    finished_at = models.DateTimeField(null=True, blank=True)
    finished_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("plan",),
                condition=Q(state="draft"),
                name="one_open_carry_over_per_plan",
                violation_error_message=_("The plan is already being carried over."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan_id} {self.on}"


class Outcome(models.TextChoices):
    CONTINUES = "continues", _("Continues")
    CLOSED = "closed", _("Ends here")
    SPLIT = "split", _("Is divided")


class CarryOverChoice(models.Model):
    """What becomes of one item. continues: one target; split: several, each with its own copy; closed: none."""

    carry_over = models.ForeignKey(CarryOver, on_delete=models.CASCADE, related_name="choices")
    item = models.ForeignKey(ActionItem, on_delete=models.PROTECT, related_name="carry_over_choices")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ("carry_over", "item__position")
        constraints = (
            models.UniqueConstraint(fields=("carry_over", "item"), name="one_choice_per_carried_item"),
            models.CheckConstraint(
                condition=~Q(outcome="closed") | ~Q(reason=""),
                name="an_item_that_ends_says_why",
                violation_error_message=_("Write why it ends here."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.outcome}"


class CarryOverTarget(models.Model):
    """The body that takes the item over, and the item made there when the hand-over was confirmed."""

    choice = models.ForeignKey(CarryOverChoice, on_delete=models.CASCADE, related_name="targets")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="carried_items")
    new_item = models.OneToOneField(
        ActionItem, null=True, blank=True, on_delete=models.PROTECT, related_name="carried_from"
    )

    class Meta:
        ordering = ("choice", "body__sort_key")
        constraints = (models.UniqueConstraint(fields=("choice", "body"), name="one_target_per_body"),)

    def __str__(self) -> str:
        return f"{self.choice_id} -> {self.body_id}"
