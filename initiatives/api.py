"""The same for machines: bodies, plans, items and initiatives, read-only. No name or address of a person is in it."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from indicators.api import AreaRefSerializer
from indicators.models import Area, Goal, Indicator
from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import (
    ActionItem,
    Anchoring,
    Body,
    BodyKind,
    BodySuccession,
    Contribution,
    Initiative,
    Milestone,
    Plan,
    PlanKind,
    Stage,
    State,
    StatusUpdate,
)

# --- Shapes -----------------------------------------------------------------------------------------------------------


class CodeNameSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class BodyRefSerializer(serializers.Serializer[Body]):
    slug = serializers.CharField()
    name = serializers.CharField()


class SuccessionSerializer(serializers.Serializer[BodySuccession]):
    slug = serializers.CharField(source="successor.slug")
    name = serializers.CharField(source="successor.name")
    on = serializers.DateField()
    note = serializers.CharField()


class BodySerializer(serializers.ModelSerializer[Body]):
    kind = CodeNameSerializer()
    area = AreaRefSerializer(allow_null=True)
    successors = SuccessionSerializer(source="successions", many=True)

    class Meta:
        model = Body
        fields = (
            "slug", "name", "kind", "area", "valid_from", "valid_to", "successors", "note", "source", "is_example",
        )  # fmt: skip


class PeriodSerializer(serializers.Serializer[Any]):
    """An imprecise period: the words as written, and the first and last day they cover, null when they name no days."""

    words = serializers.CharField()
    precision = serializers.CharField()
    first_day = serializers.DateField(allow_null=True)
    last_day = serializers.DateField(allow_null=True)


class StatusSerializer(serializers.Serializer[StatusUpdate]):
    sequence = serializers.IntegerField()
    state = serializers.ChoiceField(choices=State.choices)
    text = serializers.CharField()
    cause = serializers.CharField(source="cause_id", allow_null=True)
    unchanged = serializers.BooleanField()
    as_of = serializers.DateField()
    recorded_at = serializers.DateTimeField()


class MilestoneSerializer(PeriodSerializer):
    title = serializers.CharField()
    reached_on = serializers.DateField(allow_null=True)


class LinkSerializer(serializers.Serializer[Contribution]):
    """A link to a goal or an indicator, one of the two; it says what is worked for, never that it works."""

    goal = serializers.CharField(source="goal.slug", default=None, allow_null=True)
    indicator = serializers.CharField(source="indicator.code", default=None, allow_null=True)
    reason = serializers.CharField()
    note = serializers.CharField()


class TrackRefSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    title = serializers.CharField()


class PlanSerializer(serializers.ModelSerializer[Plan]):
    kind = CodeNameSerializer()
    body = BodyRefSerializer()
    agreement = serializers.SlugRelatedField(slug_field="slug", read_only=True, allow_null=True)  # type: ignore[var-annotated]
    items = serializers.IntegerField(source="item_count")
    url = serializers.SerializerMethodField()

    class Meta:
        model = Plan
        fields = (
            "slug", "title", "short_title", "kind", "body", "agreement", "as_of", "description", "items",
            "source_title", "source_url", "source_note", "is_example", "closed_on", "closed_reason", "url",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.STR)
    def get_url(self, plan: Plan) -> str:
        return reverse("plan", args=[plan.slug])


class ItemSerializer(serializers.ModelSerializer[ActionItem]):
    """One row of a plan with its current status and the period it aims at; null where there is none."""

    plan = serializers.CharField(source="plan.slug")
    track = TrackRefSerializer()
    owners = serializers.SerializerMethodField()
    status = serializers.SerializerMethodField()
    due = serializers.SerializerMethodField()
    without_new_date = serializers.SerializerMethodField()
    milestones = MilestoneSerializer(many=True)
    links = LinkSerializer(source="active_links", many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = ActionItem
        fields = (
            "id", "plan", "key", "number", "title", "content", "horizon", "horizon_note", "track", "owners", "status",
            "due", "without_new_date", "milestones", "links", "links_note", "closed_on", "closed_reason", "url",
        )  # fmt: skip

    def _current(self, item: ActionItem) -> StatusUpdate | None:
        found: list[StatusUpdate] = item.current_statuses  # type: ignore[attr-defined]
        return found[0] if found else None

    @extend_schema_field(BodyRefSerializer(many=True))
    def get_owners(self, item: ActionItem) -> Any:
        return [BodyRefSerializer(anchoring.body).data for anchoring in item.anchorings.all()]

    @extend_schema_field(StatusSerializer(allow_null=True))
    def get_status(self, item: ActionItem) -> Any:
        current = self._current(item)
        return StatusSerializer(current).data if current else None

    @extend_schema_field(PeriodSerializer(allow_null=True))
    def get_due(self, item: ActionItem) -> Any:
        current = self._current(item)
        return PeriodSerializer(current.due).data if current and current.due else None

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_without_new_date(self, item: ActionItem) -> bool:
        current = self._current(item)
        return current is not None and current.due is None and current.state in (State.POSTPONED, State.ON_HOLD)

    @extend_schema_field(OpenApiTypes.STR)
    def get_url(self, item: ActionItem) -> str:
        return reverse("item", args=[item.plan.slug, item.number])


class InitiativeSerializer(serializers.ModelSerializer[Initiative]):
    body = BodyRefSerializer()
    areas = AreaRefSerializer(many=True)
    links = LinkSerializer(source="active_links", many=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Initiative
        fields = (
            "slug", "title", "body", "target_group", "what", "partners", "areas", "started", "stage", "evidence_step",
            "evidence_note", "result", "ended_without_effect", "enablers", "barriers", "links", "links_note",
            "source_title", "source_url", "created_at", "updated_at", "url",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.STR)
    def get_url(self, initiative: Initiative) -> str:
        return reverse("initiative", args=[initiative.slug])


# --- Filters: a value that does not exist is answered with 400 and the reason -----------------------------------------


def by_slug(model: Any, field_name: str, label: str, to: str = "slug") -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=field_name, to_field_name=to, queryset=model.objects.all(), label=label
    )


class BodyFilter(django_filters.FilterSet):
    kind = by_slug(BodyKind, "kind", "code of the kind of body", to="code")
    area = by_slug(Area, "area", "code of the area", to="code")
    valid_on = django_filters.DateFilter(method="filter_valid_on", label="bodies that exist on this day (YYYY-MM-DD)")
    is_example = django_filters.BooleanFilter(label="made up, for trying the system")

    class Meta:
        model = Body
        fields: tuple[str, ...] = ()

    @extend_schema_field(OpenApiTypes.DATE)
    def filter_valid_on(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.valid_on(value)


class PlanFilter(django_filters.FilterSet):
    body = by_slug(Body, "body", "slug of the body")
    kind = by_slug(PlanKind, "kind", "code of the kind of plan", to="code")
    is_example = django_filters.BooleanFilter(label="made up, for trying the system")

    class Meta:
        model = Plan
        fields: tuple[str, ...] = ()


class LinkedFilter(django_filters.FilterSet):
    """What items and initiatives have in common: links to goals and indicators."""

    goal = django_filters.ModelChoiceFilter(
        queryset=Goal.objects.all(), to_field_name="slug", method="filter_goal", label="slug of a goal linked to"
    )
    indicator = django_filters.ModelChoiceFilter(
        queryset=Indicator.objects.all(),
        to_field_name="code",
        method="filter_indicator",
        label="code of an indicator linked to",
    )

    def filter_goal(self, queryset: Any, name: str, value: Goal) -> Any:
        """Through an indicator of the goal too."""
        links = Contribution.objects.active().filter(Q(goal=value) | Q(indicator__goal=value))
        return self._linked(queryset, links)

    def filter_indicator(self, queryset: Any, name: str, value: Indicator) -> Any:
        return self._linked(queryset, Contribution.objects.active().filter(indicator=value))

    def _linked(self, queryset: Any, links: QuerySet[Contribution]) -> Any:
        origin = "item_id" if queryset.model is ActionItem else "initiative_id"
        return queryset.filter(pk__in=links.filter(**{f"{origin}__isnull": False}).values(origin))


class ItemFilter(LinkedFilter):
    plan = by_slug(Plan, "plan", "slug of the plan")
    owner = django_filters.ModelChoiceFilter(
        queryset=Body.objects.all(), to_field_name="slug", method="filter_owner", label="slug of an owning body"
    )
    state = django_filters.MultipleChoiceFilter(
        choices=State.choices, method="filter_state", label="current state; may be given several times"
    )
    open = django_filters.BooleanFilter(
        method="filter_open", label="in the plan and not completed, in operation or given up"
    )
    due_before = django_filters.DateFilter(method="filter_due", label="aims at a period that ends by this day")
    due_after = django_filters.DateFilter(method="filter_due", label="aims at a period that ends on this day or later")

    class Meta:
        model = ActionItem
        fields: tuple[str, ...] = ()

    def filter_owner(self, queryset: Any, name: str, value: Body) -> Any:
        return queryset.filter(pk__in=Anchoring.objects.filter(body=value).values("item_id"))

    def filter_state(self, queryset: Any, name: str, value: list[str]) -> Any:
        if not value:
            return queryset
        return queryset.filter(pk__in=StatusUpdate.objects.current().filter(state__in=value).values("item_id"))

    def filter_open(self, queryset: Any, name: str, value: bool) -> Any:
        closed = StatusUpdate.objects.current().filter(state__in=CLOSED_STATES).values("item_id")
        still_open = ActionItem.objects.open(today=timezone.localdate()).exclude(pk__in=closed).values("pk")
        return queryset.filter(pk__in=still_open) if value else queryset.exclude(pk__in=still_open)

    @extend_schema_field(OpenApiTypes.DATE)
    def filter_due(self, queryset: Any, name: str, value: Any) -> Any:
        side = "lte" if name == "due_before" else "gte"
        aims = StatusUpdate.objects.current().filter(**{f"due__last_day__{side}": value})
        return queryset.filter(pk__in=aims.values("item_id"))


class InitiativeFilter(LinkedFilter):
    body = by_slug(Body, "body", "slug of the body")
    kind = by_slug(BodyKind, "body__kind", "code of the kind of body", to="code")
    area = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(), to_field_name="code", method="filter_area", label="code of an area it is done in"
    )
    stage = django_filters.ChoiceFilter(choices=Stage.choices)
    evidence_step = django_filters.ChoiceFilter(choices=[(step, str(step)) for step in range(6)])
    ended_without_effect = django_filters.BooleanFilter(label="said to have ended without effect")

    class Meta:
        model = Initiative
        fields: tuple[str, ...] = ()

    def filter_area(self, queryset: Any, name: str, value: Area) -> Any:
        return queryset.filter(pk__in=Initiative.areas.through.objects.filter(area=value).values("initiative_id"))


# --- Views ------------------------------------------------------------------------------------------------------------

ACTIVE_LINKS = Prefetch(
    "contributions",
    queryset=Contribution.objects.active().select_related("goal", "indicator"),
    to_attr="active_links",
)


class BodyViewSet(viewsets.ReadOnlyModelViewSet[Body]):
    """Committees, groups, clusters and councils, with the days they begin and end and what replaces them."""

    queryset = (
        Body.objects.select_related("kind", "area")
        .prefetch_related(Prefetch("successions", queryset=BodySuccession.objects.select_related("successor")))
        .order_by("sort_key", "pk")
    )
    serializer_class = BodySerializer
    filterset_class = BodyFilter
    lookup_field = "slug"


class PlanViewSet(viewsets.ReadOnlyModelViewSet[Plan]):
    """Plans, the newest first; their items stand under `items`."""

    queryset = (
        Plan.objects.select_related("kind", "body", "agreement")
        .annotate(item_count=Count("items"))
        .order_by("is_example", "-as_of", "slug")
    )
    serializer_class = PlanSerializer
    filterset_class = PlanFilter
    lookup_field = "slug"


class ItemViewSet(viewsets.ReadOnlyModelViewSet[ActionItem]):
    """The items of all plans, in the order of the plan, each with its current status in the words it was written in."""

    queryset = (
        ActionItem.objects.select_related("plan", "track")
        .prefetch_related(
            Prefetch("anchorings", queryset=Anchoring.objects.select_related("body").order_by("position")),
            Prefetch(
                "statuses",
                queryset=StatusUpdate.objects.current().select_related("due"),
                to_attr="current_statuses",
            ),
            Prefetch("milestones", queryset=Milestone.objects.order_by("position", "pk")),
            ACTIVE_LINKS,
        )
        .order_by("plan__slug", "position", "number")
    )
    serializer_class = ItemSerializer
    filterset_class = ItemFilter


class InitiativeViewSet(viewsets.ReadOnlyModelViewSet[Initiative]):
    """Initiatives with what is known: `evidence_step` is 0 (no result yet) to 5 (randomised or published)."""

    queryset = Initiative.objects.select_related("body").prefetch_related("areas", ACTIVE_LINKS).order_by("title", "pk")
    serializer_class = InitiativeSerializer
    filterset_class = InitiativeFilter
    lookup_field = "slug"


#: (prefix, viewset, basename), mounted by the project beside the indicators' own.
routes = (
    ("bodies", BodyViewSet, "api-body"),
    ("plans", PlanViewSet, "api-plan"),
    ("items", ItemViewSet, "api-item"),
    ("initiatives", InitiativeViewSet, "api-initiative"),
)
