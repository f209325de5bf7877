"""What figures of areas without an official one are computed from: how an indicator combines, and how many live where."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from indicators.models.area import Area
from indicators.models.framework import Indicator


class CombiningKind(models.TextChoices):
    """The kinds of calculations.area_values.Combining. Declared per indicator, never guessed from its name."""

    RATE = "rate", _("So many of so many")
    MEAN = "mean", _("An average for each person")
    COUNT = "count", _("A count")
    MEDIAN = "median", _("A median")
    LIFE_EXPECTANCY = "life_expectancy", _("A life expectancy")
    UNKNOWN = "unknown", _("Not stated in the source")


class IndicatorCombining(models.Model):
    """age_group: whose number weighs the parts, as in Population; "" when nobody's does. note: where we know it from."""

    indicator = models.OneToOneField(Indicator, on_delete=models.CASCADE, related_name="combining")
    kind = models.CharField(max_length=20, choices=CombiningKind)
    age_group = models.SlugField(max_length=20, blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("indicator",)

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.kind}"


class Population(models.Model):
    """People of an age group in a whole area in a year. age_group: "0-plus" (everybody), "65-plus", "16-24"."""

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="populations")
    age_group = models.SlugField(max_length=20)
    year = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ("area", "age_group", "year")
        constraints = (
            models.UniqueConstraint(
                fields=("area", "age_group", "year"),
                name="one_population_per_area_group_and_year",
                violation_error_message=_("The number of people is there already for this area, age group and year."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.area_id}/{self.age_group}/{self.year}"
