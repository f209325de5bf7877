"""The figures: editions, observations (append-only) and the lights computed from them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from indicators.models.area import Area
from indicators.models.framework import Indicator
from indicators.models.one_of import OneOf


class DataSource(models.Model):
    """Where figures are fetched from; `reader` names the module under refresh/sources that can read it.

    file: relative to the catalogue. edition_slug: the edition its rows belong to; empty when each row names its own.
    bounds: what a new file may change without a person, see calculations.figure_bounds. automatic: whether a file inside
    them is stored at once. fetch_every_days: how often it is fetched without being asked; 0 is never.
    """

    name = models.SlugField(unique=True, max_length=60)
    title = models.CharField(max_length=200)
    reader = models.CharField(max_length=60)
    publisher = models.CharField(max_length=200, blank=True)
    url = models.URLField(blank=True)
    file = models.CharField(max_length=200, blank=True)
    licence = models.TextField(blank=True)
    edition_slug = models.SlugField(max_length=60, blank=True)
    cadence = models.CharField(max_length=60, blank=True)
    next_expected = models.DateField(null=True, blank=True)
    next_expected_note = models.TextField(blank=True)
    bounds = models.JSONField(default=dict, blank=True)
    automatic = models.BooleanField(default=True)
    fetch_every_days = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One retrieval of a publication's figures. `fingerprint` is the SHA-256 of the file the figures were read from.

    `slug` names the publication ("nationale-maal-2024"). The same publication, corrected, is a new row: the figures of
    both stay findable. A file that goes back to an earlier content is a new retrieval too.

    withdrawn_at: when it was rolled back; its rows stay and none of them is current. withdrawn_to: when the retrieval
    was received that was in force again; it can be brought back while that still is the newest.
    """

    source = models.ForeignKey(DataSource, on_delete=models.PROTECT, related_name="editions")
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=300)
    published_on = models.CharField(max_length=20, blank=True)  # "2024-11": the day is not always known
    source_url = models.URLField(blank=True)
    terms = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    note = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_to = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-received_at", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("source", "slug", "received_at"), name="edition_received_once_per_source"),
        )

    def __str__(self) -> str:
        return self.title


class Flag(models.TextChoices):
    """What kind of figure, or what kind of blank. A blank is never zero."""

    OK = "ok", _("Published")
    PROVISIONAL = "provisional", _("Provisional")
    CORRECTED = "corrected", _("Corrected")
    SUPPRESSED = "suppressed", _("Withheld")
    NOT_MEASURED = "not_measured", _("Not measured here")
    NOT_PUBLISHED = "not_published", _("Published without figures")
    NOT_COMPARABLE = "not_comparable", _("Not comparable")


class Light(models.TextChoices):
    GREEN = "green", _("Green")
    YELLOW = "yellow", _("Yellow")
    RED = "red", _("Red")


class ObservationQuerySet(models.QuerySet["Observation"]):
    def current(self) -> ObservationQuerySet:
        return self.filter(is_current=True)

    def whole(self) -> ObservationQuerySet:
        """Without the breakdowns (by prior contact, age group ...): the figure for everybody."""
        return self.filter(breakdown="")

    def in_areas(self, areas: models.QuerySet[Area]) -> ObservationQuerySet:
        return self.filter(OneOf("area_id", areas))


_WHOLE = Q(is_current=True, breakdown="")


class Observation(models.Model):
    """indicator x area x period x breakdown. Append-only: a correction is a new row, `is_current` says which is valid.

    value: in the indicator's unit; null exactly when the flag is one of the blanks. printed: as the source printed it.
    period: "2023", "2024M03", "2019:2023"; period_start/period_end are its first and last day.
    """

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="observations")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="observations")
    period = models.CharField(max_length=20)
    period_start = models.DateField()
    period_end = models.DateField()
    breakdown = models.CharField(max_length=120, blank=True, default="")
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    printed = models.CharField(max_length=40, blank=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    interval_low = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    interval_high = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    flag = models.CharField(max_length=20, choices=Flag, default=Flag.OK)
    reason = models.TextField(blank=True)
    footnotes = models.CharField(max_length=60, blank=True)
    method = models.CharField(max_length=40, blank=True)
    carried_over = models.BooleanField(default=False)
    published_level = models.CharField(max_length=10, choices=Light, blank=True)
    published_development = models.CharField(max_length=10, choices=Light, blank=True)
    published_basis = models.CharField(max_length=300, blank=True)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="observations")
    is_current = models.BooleanField(default=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ("indicator", "area", "period_end", "breakdown")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "area", "period", "breakdown"),
                condition=Q(is_current=True),
                name="one_current_figure_per_key",
                violation_error_message=_("There is already a current figure for this indicator, area and period."),
            ),
            # The edition last: in this order it finds every version of a figure too.
            models.UniqueConstraint(
                fields=("indicator", "area", "period", "breakdown", "edition"), name="one_figure_per_key_and_edition"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False, flag__in=("ok", "provisional", "corrected", "not_comparable"))
                | Q(value__isnull=True, flag__in=("suppressed", "not_measured", "not_published", "not_comparable")),
                name="blank_exactly_when_flag_says_so",
                violation_error_message=_("A figure without a value must say why, and a figure with one must not."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(reason=""),
                name="every_blank_has_a_reason",
                violation_error_message=_("Every blank must say why it is blank."),
            ),
        )
        indexes = (
            # Pages ask for the figure of everybody; of those with breakdowns there may be a hundred times as many.
            # With the key, so that what a page shows is found in the index alone: PostgreSQL takes a municipality to have as
            # many whole figures as an institution, and read all of its groups rather than so many rows.
            models.Index(fields=("indicator", "area", "-period_end", "id"), name="obs_whole_series", condition=_WHOLE),
            models.Index(fields=("area", "indicator", "-period_end", "id"), name="obs_whole_area", condition=_WHOLE),
            # The few that another has replaced, newest first: what the data page shows as corrected.
            models.Index(fields=("-id",), name="obs_replaced", condition=Q(is_current=False)),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id}/{self.area_id}/{self.period}"


class Assessment(models.Model):
    """The double light of one observation with everything needed to show its arithmetic.

    A light is "" when there is none; then the reason code says why (see calculations.lights.NoLight).
    *_change_pct is the relative change in per cent, unrounded to six decimals; null when it cannot be computed.
    """

    observation = models.OneToOneField(Observation, on_delete=models.CASCADE, related_name="assessment")
    level_light = models.CharField(max_length=10, choices=Light, blank=True)
    level_reason = models.CharField(max_length=40, blank=True)
    level_change_pct = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    level_comparator = models.ForeignKey(
        Observation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    level_rounding_uncertain = models.BooleanField(default=False)
    development_light = models.CharField(max_length=10, choices=Light, blank=True)
    development_reason = models.CharField(max_length=40, blank=True)
    development_change_pct = models.DecimalField(max_digits=20, decimal_places=6, null=True, blank=True)
    development_comparator = models.ForeignKey(
        Observation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    development_rounding_uncertain = models.BooleanField(default=False)
    rule_version = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(level_light="", level_reason__gt="") | Q(level_light__gt="", level_reason=""),
                name="level_light_or_reason",
                violation_error_message=_("There is either a light or a reason why not."),
            ),
            models.CheckConstraint(
                condition=Q(development_light="", development_reason__gt="")
                | Q(development_light__gt="", development_reason=""),
                name="development_light_or_reason",
                violation_error_message=_("There is either a light or a reason why not."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.observation_id}: {self.level_light or self.level_reason}"


class PublishedCount(models.Model):
    """The source's own count of lights per goal (Table 1), kept beside ours as a check-sum.

    A number we have not found is null. `basis` says how the numbers are known when they are not printed in a table.
    """

    edition_slug = models.SlugField(max_length=60)
    goal = models.ForeignKey("indicators.Goal", null=True, blank=True, on_delete=models.CASCADE, related_name="counts")
    green = models.PositiveSmallIntegerField()
    yellow = models.PositiveSmallIntegerField(null=True, blank=True)
    red = models.PositiveSmallIntegerField(null=True, blank=True)
    listed = models.PositiveSmallIntegerField(null=True, blank=True)
    counted = models.PositiveSmallIntegerField()
    basis = models.TextField(blank=True)

    class Meta:
        ordering = ("edition_slug", "goal__number")
        constraints = (
            models.UniqueConstraint(fields=("edition_slug", "goal"), name="published_count_once_per_goal"),
            models.UniqueConstraint(
                fields=("edition_slug",), condition=Q(goal__isnull=True), name="published_total_once_per_edition"
            ),
        )

    def __str__(self) -> str:
        return f"{self.edition_slug}: {self.green}-{self.yellow}-{self.red}"
