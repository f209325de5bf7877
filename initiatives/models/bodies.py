"""Who promises: committees, groups, clusters and councils, all dated, with successors; and who sits in them."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from indicators.models import Area
from indicators.models.dated import valid_on


class BodyKind(models.Model):
    code = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=120)
    name_plural = models.CharField(max_length=120)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class BodyQuerySet(models.QuerySet["Body"]):
    def valid_on(self, day: date) -> BodyQuerySet:
        return self.filter(valid_on(day))


class Body(models.Model):
    slug = models.SlugField(unique=True, max_length=100)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=400, db_index=True)
    kind = models.ForeignKey(BodyKind, on_delete=models.PROTECT, related_name="bodies")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="bodies")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    note = models.TextField(blank=True)
    source = models.TextField(blank=True)
    is_example = models.BooleanField(default=False)
    # How the body prepares its meetings: calendar days before the meeting, and whether the chair approves first.
    hand_in_days = models.PositiveSmallIntegerField(default=14)
    dispatch_days = models.PositiveSmallIntegerField(default=7)
    needs_approval = models.BooleanField(default=False)
    # Days after a deadline until the secretary, and then the chair, is told that nothing has been answered; null: never.
    tell_secretary_days = models.PositiveSmallIntegerField(null=True, blank=True, default=7)
    tell_chair_days = models.PositiveSmallIntegerField(null=True, blank=True)

    history = HistoricalRecords()
    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ("sort_key",)
        constraints = (
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_from__lte=models.F("valid_to")),
                name="body_ends_after_it_begins",
                violation_error_message=_("The body must begin before it ends."),
            ),
            models.CheckConstraint(
                condition=Q(hand_in_days__gte=models.F("dispatch_days")),
                name="texts_are_in_before_papers_go_out",
                violation_error_message=_("Texts are handed in before papers are sent out."),
            ),
            models.CheckConstraint(
                condition=Q(tell_chair_days__isnull=True)
                | Q(tell_secretary_days__isnull=True)
                | Q(tell_secretary_days__lt=models.F("tell_chair_days")),
                name="the_secretary_is_told_before_the_chair",
                violation_error_message=_("The secretary must be told before the chair."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class BodyAlias(models.Model):
    """A spelling of the body's name met in a plan."""

    alias = models.CharField(max_length=200)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="aliases")

    class Meta:
        ordering = ("alias",)
        constraints = (models.UniqueConstraint(fields=("alias", "body"), name="body_alias_once"),)

    def __str__(self) -> str:
        return self.alias


class BodySuccession(models.Model):
    predecessor = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="predecessions")
    on = models.DateField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("on", "predecessor")
        constraints = (models.UniqueConstraint(fields=("predecessor", "successor"), name="body_succession_once"),)

    def __str__(self) -> str:
        return f"{self.predecessor_id} -> {self.successor_id}"


class Role(models.TextChoices):
    SECRETARY = "secretary", _("Secretary")
    CHAIR = "chair", _("Chair")
    LEAD = "lead", _("Lead")
    MEMBER = "member", _("Member")
    DEPUTY = "deputy", _("Deputy")
    READER = "reader", _("Reader")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def valid_on(self, day: date) -> MembershipQuerySet:
        return self.filter(valid_on(day))


class Membership(models.Model):
    """Somebody's role in a body for a time. Never deleted: it is closed with a date, and the words stay theirs."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    history = HistoricalRecords()
    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ("body", "user", "role")
        constraints = (
            # An expression, because SQLite lets two rows with an unknown start stand side by side.
            models.UniqueConstraint(
                "user", "body", "role", Coalesce("valid_from", models.Value(date.min)), name="membership_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.body_id}"
