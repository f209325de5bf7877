"""What is done: initiatives, and the links from promises and deeds to goals and indicators."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from indicators.models import Area, Goal, Indicator
from initiatives.models.bodies import Body
from initiatives.models.plans import ActionItem


class Stage(models.TextChoices):
    IDEA = "idea", _("Idea")
    TEST = "test", _("Being tried")
    RUNNING = "running", _("Running")
    OPERATION = "operation", _("Ordinary operation")
    ENDED = "ended", _("Ended")


class Initiative(models.Model):
    """A local effort. Five fields log it; the rest is for later. evidence_step climbs the ladder 0-5."""

    slug = models.SlugField(unique=True, max_length=120)
    title = models.CharField(max_length=200)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="initiatives")
    target_group = models.TextField()
    what = models.TextField()
    partners = models.TextField(blank=True)
    areas = models.ManyToManyField(Area, blank=True, related_name="initiatives")
    started = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=12, choices=Stage, default=Stage.RUNNING)
    evidence_step = models.PositiveSmallIntegerField(default=0)
    evidence_note = models.TextField(blank=True)
    result = models.TextField(blank=True)
    ended_without_effect = models.BooleanField(default=False)
    enablers = models.TextField(blank=True)
    barriers = models.TextField(blank=True)
    links_note = models.TextField(blank=True)  # why the initiative is linked to no indicator, when it is not
    source_title = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    history = HistoricalRecords(excluded_fields=["updated_at"])

    class Meta:
        ordering = ("title",)
        constraints = (
            models.CheckConstraint(
                condition=Q(evidence_step__lte=5),
                name="evidence_ladder_has_six_steps",
                violation_error_message=_("The evidence ladder goes from 0 to 5."),
            ),
        )

    def __str__(self) -> str:
        return self.title


class ContributionQuerySet(models.QuerySet["Contribution"]):
    def active(self) -> ContributionQuerySet:
        return self.filter(removed_at__isnull=True)


class Contribution(models.Model):
    """A link from an item or an initiative to a goal or an indicator: who drew it, and why. It never means effect.

    Removing keeps the row with who and why, so the history of the link stays readable.
    """

    item = models.ForeignKey(ActionItem, null=True, blank=True, on_delete=models.CASCADE, related_name="contributions")
    initiative = models.ForeignKey(
        Initiative, null=True, blank=True, on_delete=models.CASCADE, related_name="contributions"
    )
    goal = models.ForeignKey(Goal, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions")
    indicator = models.ForeignKey(
        Indicator, null=True, blank=True, on_delete=models.PROTECT, related_name="contributions"
    )
    reason = models.TextField()
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    removed_reason = models.TextField(blank=True)

    objects = ContributionQuerySet.as_manager()

    class Meta:
        ordering = ("goal__number", "indicator__position", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(item__isnull=False, initiative__isnull=True)
                | Q(item__isnull=True, initiative__isnull=False),
                name="contribution_from_one_thing",
                violation_error_message=_("A link goes out from one item or one initiative."),
            ),
            models.CheckConstraint(
                condition=Q(goal__isnull=False, indicator__isnull=True) | Q(goal__isnull=True, indicator__isnull=False),
                name="contribution_to_one_thing",
                violation_error_message=_("A link goes to one goal or one indicator."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="contribution_has_a_reason",
                violation_error_message=_("Write why the link is there."),
            ),
            *(
                # Four constraints, because a null is never equal to a null on SQLite.
                models.UniqueConstraint(
                    fields=(origin, target),
                    condition=Q(removed_at__isnull=True),
                    name=f"one_link_from_{origin}_to_{target}",
                    violation_error_message=_("The link is already there."),
                )
                for origin in ("item", "initiative")
                for target in ("goal", "indicator")
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id or self.initiative_id} -> {self.goal_id or self.indicator_id}"
