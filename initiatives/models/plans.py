"""What is promised: agreements, plans, their numbered tracks and items."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from indicators.models import Area, Framework
from initiatives.models.bodies import Body
from initiatives.models.periods import PeriodFields


class PlanKind(models.Model):
    code = models.SlugField(primary_key=True, max_length=60)
    name = models.CharField(max_length=120)
    name_plural = models.CharField(max_length=120)
    item_name = models.CharField(
        max_length=60, blank=True
    )  # "punkt", "anbefaling": what a row of such a plan is called
    item_name_plural = models.CharField(max_length=60, blank=True)
    note = models.TextField(blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.name


class Agreement(models.Model):
    """The agreement a plan carries out. It may bring follow-up indicators of its own (`framework`)."""

    slug = models.SlugField(unique=True, max_length=100)
    name = models.CharField(max_length=200)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements")
    framework = models.ForeignKey(Framework, null=True, blank=True, on_delete=models.PROTECT, related_name="agreements")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    source = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("slug",)

    def __str__(self) -> str:
        return self.name


class Plan(models.Model):
    slug = models.SlugField(unique=True, max_length=100)
    title = models.CharField(max_length=300)
    short_title = models.CharField(max_length=120, blank=True)
    kind = models.ForeignKey(PlanKind, on_delete=models.PROTECT, related_name="plans")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="plans")
    agreement = models.ForeignKey(Agreement, null=True, blank=True, on_delete=models.PROTECT, related_name="plans")
    as_of = models.DateField(null=True, blank=True)
    description = models.TextField(blank=True)
    source_title = models.CharField(max_length=300, blank=True)
    source_url = models.URLField(blank=True)
    source_note = models.TextField(blank=True)
    no_status_note = models.TextField(blank=True)  # why items without a status have none
    no_owner_note = models.TextField(blank=True)  # why items without an owner have none
    is_example = models.BooleanField(default=False)
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ("is_example", "-as_of", "slug")

    def __str__(self) -> str:
        return self.title


class Track(models.Model):
    """A numbered heading of the plan; with a parent it is a sub-heading."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="tracks")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    number = models.CharField(max_length=10, blank=True)
    title = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.TextField(blank=True)

    history = HistoricalRecords()

    class Meta:
        ordering = ("plan", "position", "pk")

    def __str__(self) -> str:
        return self.title


class Horizon(models.TextChoices):
    NONE = "", _("Not stated")
    SHORT = "short", _("Short term")
    LONG = "long", _("Long term")
    UNCERTAIN = "uncertain", _("Uncertain")


#: Items as on their plan's page: under each heading its own items first, then those of its sub-headings.
PLAN_ORDER = (
    Coalesce("track__parent__position", "track__position"),
    F("track__parent_id").asc(nulls_first=True),
    "track__position",
    "track_id",
    "position",
    "number",
)


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def standing(self) -> ActionItemQuerySet:
        """Not taken out of the plan (an item may be completed and still stand in it)."""
        return self.filter(closed_on__isnull=True, track__closed_on__isnull=True, plan__closed_on__isnull=True)

    def open(self, *, today: date) -> ActionItemQuerySet:
        """Standing in a plan whose day has come, and not handed on to a successor whose day has come.

        So each promise is asked about in one place: until the day in the old plan, from that day in the new one.
        """
        handed_on = self.model.objects.filter(
            carry_over_choices__carry_over__state="confirmed", carry_over_choices__carry_over__on__lte=today
        )
        begun = Q(plan__as_of__isnull=True) | Q(plan__as_of__lte=today)
        return self.standing().filter(begun).exclude(pk__in=handed_on.values("pk"))

    def to_hand_on(self, *, beside: int | None = None) -> ActionItemQuerySet:
        """Standing, with something left to do, and not yet in a hand-over that was confirmed (`beside` that one)."""
        settled = StatusUpdate.objects.current().filter(
            state__in=(State.COMPLETED, State.IN_OPERATION, State.CANCELLED)
        )
        handed_on = self.model.objects.filter(carry_over_choices__carry_over__state="confirmed")
        if beside is not None:
            handed_on = handed_on.exclude(carry_over_choices__carry_over=beside)
        return self.standing().exclude(pk__in=settled.values("item")).exclude(pk__in=handed_on.values("pk"))


class ActionItem(models.Model):
    """One row of the plan. `key` never changes, whatever happens to number and title."""

    plan = models.ForeignKey(Plan, on_delete=models.CASCADE, related_name="items")
    track = models.ForeignKey(Track, on_delete=models.PROTECT, related_name="items")
    key = models.SlugField(max_length=100)
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    content = models.TextField(blank=True)
    horizon = models.CharField(max_length=12, choices=Horizon, blank=True, default=Horizon.NONE)
    horizon_note = models.TextField(blank=True)
    links_note = models.TextField(blank=True)  # why the item is linked to no indicator, when it is not
    owners = models.ManyToManyField(Body, through="initiatives.Anchoring", related_name="items")
    coordinator = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="coordinated_items"
    )
    position = models.PositiveIntegerField(default=0)
    closed_on = models.DateField(null=True, blank=True)
    closed_reason = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ActionItemQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ("plan", "position", "number")
        constraints = (
            models.UniqueConstraint(
                fields=("plan", "key"),
                name="item_key_once_per_plan",
                violation_error_message=_("The plan already has an item with this key."),
            ),
            models.UniqueConstraint(
                fields=("plan", "number"),
                name="item_number_once_per_plan",
                violation_error_message=_("The plan already has an item with this number."),
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


class Anchoring(models.Model):
    """The body that carries the item ("Forankring"); there may be several, in the order of the plan."""

    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="anchorings")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="anchorings")
    position = models.PositiveSmallIntegerField(default=0)

    history = HistoricalRecords()

    class Meta:
        ordering = ("item", "position")
        constraints = (models.UniqueConstraint(fields=("item", "body"), name="anchored_once_per_body"),)

    def __str__(self) -> str:
        return f"{self.item_id} @ {self.body_id}"


class ScheduleKind(models.TextChoices):
    PLANNED = "planned", _("Promised")
    STARTED = "started", _("Started")
    SINCE = "since", _("On hold since")
    DUE = "due", _("New date")


class Schedule(PeriodFields):
    """A period somebody named for the item: promised, started, paused since, or the date it was moved to. Append-only."""

    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="schedules")
    kind = models.CharField(max_length=10, choices=ScheduleKind)
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(PeriodFields.Meta):
        ordering = ("item", "recorded_at", "pk")

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.words}"


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    IN_PROGRESS = "in_progress", _("In progress")
    DELAYED = "delayed", _("Delayed")
    POSTPONED = "postponed", _("Postponed")
    ON_HOLD = "on_hold", _("On hold")
    COMPLETED = "completed", _("Completed")
    IN_OPERATION = "in_operation", _("In operation")
    CANCELLED = "cancelled", _("Given up")


class StatusQuerySet(models.QuerySet["StatusUpdate"]):
    def current(self) -> StatusQuerySet:
        """The latest statement of each item: the one no other stands after."""
        newer = StatusUpdate.objects.filter(item=OuterRef("item"), sequence__gt=OuterRef("sequence"))
        return self.filter(~Exists(newer))


class StatusUpdate(models.Model):
    """What was said about an item, word for word. Append-only; the latest `sequence` is the current status.

    as_of: the day the words speak of. due: the period the item now aims at; null means none is known, which for a
    postponed or paused item is shown as "without a new date". meeting: the one it was written for, if any. cause: why
    the item is late, moved or paused; it stands here and not only on the postponement, because an item can be late
    without its date having moved.
    """

    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="statuses")
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=14, choices=State)
    text = models.TextField(blank=True)
    unchanged = models.BooleanField(default=False)
    as_of = models.DateField()
    due = models.ForeignKey(Schedule, null=True, blank=True, on_delete=models.PROTECT, related_name="statuses")
    cause = models.ForeignKey(
        "initiatives.DelayCause", null=True, blank=True, on_delete=models.PROTECT, related_name="statuses"
    )
    meeting = models.ForeignKey(
        "initiatives.Meeting", null=True, blank=True, on_delete=models.PROTECT, related_name="statuses"
    )
    # The owner for whom the secretariat answered; null when the owner answered, or nobody asked.
    on_behalf_of = models.ForeignKey(
        Body, null=True, blank=True, on_delete=models.PROTECT, related_name="statuses_written_for"
    )
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="status_updates"
    )

    objects = StatusQuerySet.as_manager()

    class Meta:
        ordering = ("item", "sequence")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "sequence"),
                name="status_sequence_once_per_item",
                violation_error_message=_("Somebody else wrote a status at the same moment."),
            ),
            models.CheckConstraint(condition=Q(sequence__gte=1), name="status_sequence_from_one"),
        )

    def __str__(self) -> str:
        return f"{self.item_id}/{self.sequence} {self.state}"


class DelayCause(models.Model):
    code = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=120)
    name_en = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.name


class Postponement(models.Model):
    """One time an item was moved: from, to (or to nothing yet), why, in whose words. Never changed afterwards."""

    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="postponements")
    status = models.OneToOneField(StatusUpdate, on_delete=models.CASCADE, related_name="postponement")
    moved_from = models.ForeignKey(Schedule, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    moved_to = models.ForeignKey(Schedule, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    cause = models.ForeignKey(DelayCause, null=True, blank=True, on_delete=models.PROTECT, related_name="postponements")
    words = models.TextField(blank=True)
    decided_by = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    decided_on = models.DateField()

    class Meta:
        ordering = ("item", "decided_on", "pk")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.cause_id}"


class Milestone(PeriodFields):
    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="milestones")
    title = models.CharField(max_length=300)
    body = models.ForeignKey(Body, null=True, blank=True, on_delete=models.PROTECT, related_name="milestones")
    reached_on = models.DateField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    history = HistoricalRecords()

    class Meta(PeriodFields.Meta):
        ordering = ("item", "last_day", "position", "pk")

    def __str__(self) -> str:
        return self.title


class FollowsFrom(models.Model):
    """An item that grew out of a recommendation in an earlier plan."""

    item = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="origins")
    origin = models.ForeignKey(ActionItem, on_delete=models.CASCADE, related_name="outcomes")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("item", "origin")
        constraints = (
            models.UniqueConstraint(fields=("item", "origin"), name="follows_from_once"),
            models.CheckConstraint(condition=~Q(item=models.F("origin")), name="item_does_not_follow_from_itself"),
        )

    def __str__(self) -> str:
        return f"{self.item_id} <- {self.origin_id}"
