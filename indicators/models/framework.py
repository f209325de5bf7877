"""What is measured: frameworks, their goals and the indicators under them."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Framework(models.Model):
    """A set of goals somebody has agreed on: the national goals, or a local agreement's own."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    method = models.TextField(blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    source_title = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.name


class Goal(models.Model):
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="goals")
    number = models.PositiveSmallIntegerField()
    slug = models.SlugField(unique=True, max_length=120)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ("framework__position", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("framework", "number"),
                name="goal_number_once_per_framework",
                violation_error_message=_("The framework already has a goal with this number."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.name}"


class Direction(models.TextChoices):
    """Which way is better. Declared per indicator, never guessed from its name."""

    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")
    NONE = "none", _("No wanted direction")


class Standardised(models.TextChoices):
    YES = "yes", _("Yes")
    NO = "no", _("No")
    PARTLY = "partly", _("Partly")
    UNKNOWN = "unknown", _("Not stated in the source")


class Indicator(models.Model):
    """One defined measure. `official_name` is printed by the authority; the rest of the prose is restated."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="indicators")
    code = models.SlugField(unique=True, max_length=100)
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=200)
    official_name = models.CharField(max_length=300)
    unit = models.CharField(max_length=80, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    direction = models.CharField(max_length=10, choices=Direction)
    definition = models.TextField(blank=True)
    numerator = models.TextField(blank=True)
    denominator = models.TextField(blank=True)
    standardised = models.CharField(max_length=10, choices=Standardised, default=Standardised.UNKNOWN)
    standardised_note = models.TextField(blank=True)
    cadence = models.CharField(max_length=30, blank=True)
    cadence_note = models.TextField(blank=True)
    suppression = models.TextField(blank=True)
    suppression_min_denominator = models.PositiveIntegerField(null=True, blank=True)
    suppression_min_numerator = models.PositiveIntegerField(null=True, blank=True)
    cannot_tell = models.TextField(blank=True)
    breakdowns = models.JSONField(default=list, blank=True)  # [{"code": "plejehjem", "name": "Bor på plejehjem"}]
    same_as = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="also_in")
    review_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("goal__framework__position", "goal__number", "position")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(decimals__lte=6),
                name="indicator_decimals_at_most_six",
                violation_error_message=_("An indicator is shown with at most six decimals."),
            ),
        )

    def __str__(self) -> str:
        return self.name


class IndicatorLevel(models.Model):
    """What is true of an indicator at one kind of area: name in that table, decimals, method, comparisons allowed.

    period_months: how long a period the level's figures cover (12, 1, 60). A figure of another length, such as one
    quarter found elsewhere, is kept but is neither the newest figure nor a point on the curve.
    comparison_years: how many years back the development light looks (2 for the figures of 2021 and 2023), null when
    the source says the figure may not be compared with an earlier one; the reason then stands in no_development_reason.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="levels")
    area_kind = models.ForeignKey("indicators.AreaKind", on_delete=models.PROTECT, related_name="+")
    published_name = models.CharField(max_length=300, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    method = models.CharField(max_length=40, blank=True)
    period_months = models.PositiveSmallIntegerField(null=True, blank=True)
    comparison_years = models.PositiveSmallIntegerField(null=True, blank=True)
    no_development_reason = models.TextField(blank=True)
    level_comparable = models.BooleanField(default=True)
    level_note = models.TextField(blank=True)
    footnotes = models.ManyToManyField("indicators.Footnote", blank=True, related_name="levels")

    class Meta:
        ordering = ("indicator", "area_kind__rank")
        constraints = (
            models.UniqueConstraint(fields=("indicator", "area_kind"), name="one_fact_sheet_per_indicator_and_kind"),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.area_kind_id}"


class Footnote(models.Model):
    """A note of the source, restated in our own words, with the number it carries there."""

    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="footnotes")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering = ("framework", "number")
        constraints = (models.UniqueConstraint(fields=("framework", "number"), name="footnote_number_once"),)

    def __str__(self) -> str:
        return f"{self.number}"
