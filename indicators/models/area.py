"""Where it is measured. Areas are dated: regions merge, clusters end, councils begin."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from indicators.models.dated import valid_on


class AreaKind(models.Model):
    """Country, region, cluster ... as data: the reform of 2027 brings a new kind and ends an old one."""

    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=60)
    name_plural = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    name_plural_en = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("rank",)

    def __str__(self) -> str:
        return self.name


class AreaQuerySet(models.QuerySet["Area"]):
    def valid_on(self, day: date) -> AreaQuerySet:
        return self.filter(valid_on(day))

    def of_kind(self, code: str) -> AreaQuerySet:
        return self.filter(kind_id=code)


class Area(models.Model):
    """`sort_key` is filled by the loader from lib.danish: the databases do not agree on where å goes."""

    code = models.SlugField(unique=True, max_length=60)
    kind = models.ForeignKey(AreaKind, on_delete=models.PROTECT, related_name="areas")
    name = models.CharField(max_length=120)
    official_name = models.CharField(max_length=160, blank=True)
    sort_key = models.CharField(max_length=240, db_index=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    confirmation = models.CharField(max_length=200, blank=True)
    note = models.TextField(blank=True)
    source = models.TextField(blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ("kind__rank", "sort_key")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(valid_from__isnull=True)
                | models.Q(valid_to__isnull=True)
                | models.Q(valid_from__lte=models.F("valid_to")),
                name="area_ends_after_it_begins",
                violation_error_message=_("The area must begin before it ends."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class AreaAlias(models.Model):
    """A spelling met in a source. Names are matched only through this table, never by likeness."""

    alias = models.CharField(max_length=160, unique=True)
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="aliases")
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("alias",)

    def __str__(self) -> str:
        return self.alias


class AreaMembership(models.Model):
    """A municipality in a region, a cluster, a council: dated and many-to-many (København is in two clusters)."""

    member = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="memberships")
    container = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="members")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    confirmation = models.CharField(max_length=200, blank=True)
    source = models.TextField(blank=True)

    class Meta:
        ordering = ("container", "member")
        constraints = (
            # An expression, because SQLite lets two rows with an unknown start stand side by side.
            models.UniqueConstraint(
                "member",
                "container",
                Coalesce("valid_from", models.Value(date.min)),
                name="area_membership_once",
            ),
            models.CheckConstraint(
                condition=~models.Q(member=models.F("container")), name="area_is_not_a_member_of_itself"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member_id} in {self.container_id}"


class AreaSuccession(models.Model):
    predecessor = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="predecessions")
    on = models.DateField()
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("on", "predecessor")
        constraints = (models.UniqueConstraint(fields=("predecessor", "successor"), name="area_succession_once"),)

    def __str__(self) -> str:
        return f"{self.predecessor_id} -> {self.successor_id}"
