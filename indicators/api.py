"""Goals, indicators, areas and figures for machines: read-only. A withheld figure has no number here either."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from indicators.models import (
    Area,
    AreaKind,
    AreaMembership,
    AreaSuccession,
    Assessment,
    Direction,
    Edition,
    Flag,
    Framework,
    Goal,
    Indicator,
    IndicatorLevel,
    Light,
    Observation,
    Standardised,
)
from indicators.models.dated import valid_on

# --- Shapes -----------------------------------------------------------------------------------------------------------


class AreaRefSerializer(serializers.Serializer[Area]):
    """An area: code, name, and its kind's code."""

    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.CharField(source="kind_id")


class FrameworkSerializer(serializers.ModelSerializer[Framework]):
    class Meta:
        model = Framework
        fields = (
            "slug", "name", "description", "method", "publisher", "source_title", "source_url", "valid_from",
            "valid_to",
        )  # fmt: skip


class GoalSerializer(serializers.ModelSerializer[Goal]):
    framework = serializers.CharField(source="framework.slug")
    indicators = serializers.SlugRelatedField(slug_field="code", read_only=True, many=True)  # type: ignore[var-annotated]

    class Meta:
        model = Goal
        fields = ("slug", "framework", "number", "name", "description", "indicators")


class FootnoteSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()


class LevelSerializer(serializers.ModelSerializer[IndicatorLevel]):
    """What is true of the indicator at one kind of area."""

    area_kind = serializers.CharField(source="area_kind_id")
    footnotes = FootnoteSerializer(many=True)

    class Meta:
        model = IndicatorLevel
        fields = (
            "area_kind", "published_name", "decimals", "method", "period_months", "comparison_years",
            "no_development_reason", "level_comparable", "level_note", "footnotes",
        )  # fmt: skip


class BreakdownSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()


class IndicatorSerializer(serializers.ModelSerializer[Indicator]):
    goal = serializers.CharField(source="goal.slug")
    framework = serializers.CharField(source="goal.framework.slug")
    direction = serializers.ChoiceField(choices=Direction.choices)
    standardised = serializers.ChoiceField(choices=Standardised.choices)
    same_as = serializers.CharField(source="same_as.code", default=None, allow_null=True)
    breakdowns = BreakdownSerializer(many=True)
    levels = LevelSerializer(many=True)

    class Meta:
        model = Indicator
        fields = (
            "code", "framework", "goal", "position", "name", "official_name", "unit", "decimals", "direction",
            "definition", "numerator", "denominator", "standardised", "standardised_note", "cadence", "cadence_note",
            "suppression", "suppression_min_denominator", "suppression_min_numerator", "cannot_tell", "same_as",
            "breakdowns", "levels",
        )  # fmt: skip


class MembershipSerializer(serializers.Serializer[AreaMembership]):
    code = serializers.CharField(source="container.code")
    name = serializers.CharField(source="container.name")
    kind = serializers.CharField(source="container.kind_id")
    valid_from = serializers.DateField(allow_null=True)
    valid_to = serializers.DateField(allow_null=True)
    confirmation = serializers.CharField()


class AreaSuccessionSerializer(serializers.Serializer[AreaSuccession]):
    code = serializers.CharField(source="successor.code")
    name = serializers.CharField(source="successor.name")
    on = serializers.DateField()
    note = serializers.CharField()


class AreaSerializer(serializers.ModelSerializer[Area]):
    kind = serializers.CharField(source="kind_id")
    within = MembershipSerializer(source="memberships", many=True)
    successors = AreaSuccessionSerializer(source="successions", many=True)

    class Meta:
        model = Area
        fields = (
            "code", "name", "official_name", "kind", "valid_from", "valid_to", "confirmation", "note", "source",
            "within", "successors",
        )  # fmt: skip


class EditionRefSerializer(serializers.Serializer[Edition]):
    id = serializers.IntegerField()
    slug = serializers.CharField()
    title = serializers.CharField()
    published_on = serializers.CharField()
    source_url = serializers.CharField()
    received_at = serializers.DateTimeField()


class ObservationSerializer(serializers.ModelSerializer[Observation]):
    """One figure, or one blank with its reason: `value` is null exactly when the flag says so."""

    indicator = serializers.CharField(source="indicator.code")
    area = AreaRefSerializer()
    unit = serializers.CharField(source="indicator.unit")
    value = serializers.FloatField(allow_null=True)
    flag = serializers.ChoiceField(choices=Flag.choices)
    published_level = serializers.ChoiceField(choices=Light.choices, allow_blank=True)
    published_development = serializers.ChoiceField(choices=Light.choices, allow_blank=True)
    footnotes = serializers.SerializerMethodField()
    edition = EditionRefSerializer()

    class Meta:
        model = Observation
        fields = (
            "id", "indicator", "area", "period", "period_start", "period_end", "breakdown", "value", "unit", "printed",
            "flag", "reason", "footnotes", "method", "carried_over", "published_level", "published_development",
            "published_basis", "edition", "is_current",
        )  # fmt: skip

    @extend_schema_field(serializers.ListField(child=serializers.IntegerField()))
    def get_footnotes(self, row: Observation) -> list[int]:
        return [int(number) for number in row.footnotes.split(";") if number.isdigit()]


class ComparatorSerializer(serializers.Serializer[Observation]):
    """The figure compared with."""

    area = AreaRefSerializer()
    period = serializers.CharField()
    value = serializers.FloatField(allow_null=True)


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """The double light of one current figure. A light is null where there is none; then the reason code says why."""

    indicator = serializers.CharField(source="observation.indicator.code")
    area = AreaRefSerializer(source="observation.area")
    period = serializers.CharField(source="observation.period")
    breakdown = serializers.CharField(source="observation.breakdown")
    value = serializers.FloatField(source="observation.value", allow_null=True)
    comparator = ComparatorSerializer(source="level_comparator", allow_null=True)
    previous = ComparatorSerializer(source="development_comparator", allow_null=True)
    level_light = serializers.SerializerMethodField()
    development_light = serializers.SerializerMethodField()
    level_change_pct = serializers.FloatField(allow_null=True)
    development_change_pct = serializers.FloatField(allow_null=True)
    rounding_uncertain = serializers.SerializerMethodField()
    published_level = serializers.ChoiceField(
        source="observation.published_level", choices=Light.choices, allow_blank=True
    )
    published_development = serializers.ChoiceField(
        source="observation.published_development", choices=Light.choices, allow_blank=True
    )

    class Meta:
        model = Assessment
        fields = (
            "id", "indicator", "area", "period", "breakdown", "value", "comparator", "previous", "level_light",
            "development_light", "level_change_pct", "development_change_pct", "level_reason", "development_reason",
            "rounding_uncertain", "level_rounding_uncertain", "development_rounding_uncertain", "published_level",
            "published_development", "rule_version",
        )  # fmt: skip

    @extend_schema_field(serializers.ChoiceField(choices=Light.choices, allow_null=True))
    def get_level_light(self, row: Assessment) -> str | None:
        return row.level_light or None

    @extend_schema_field(serializers.ChoiceField(choices=Light.choices, allow_null=True))
    def get_development_light(self, row: Assessment) -> str | None:
        return row.development_light or None

    @extend_schema_field(serializers.BooleanField())
    def get_rounding_uncertain(self, row: Assessment) -> bool:
        """Whether either light could be another with all decimals."""
        return row.level_rounding_uncertain or row.development_rounding_uncertain


# --- Filters: a value that does not exist is answered with 400 and the reason -----------------------------------------


def chosen(model: Any, field_name: str, label: str, to: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(
        field_name=field_name, to_field_name=to, queryset=model.objects.all(), label=label
    )


class GoalFilter(django_filters.FilterSet):
    framework = chosen(Framework, "framework", "slug of the framework", "slug")

    class Meta:
        model = Goal
        fields: tuple[str, ...] = ()


class IndicatorFilter(django_filters.FilterSet):
    framework = chosen(Framework, "goal__framework", "slug of the framework", "slug")
    goal = chosen(Goal, "goal", "slug of the goal", "slug")
    area_kind = chosen(AreaKind, "levels__area_kind", "measured for this kind of area (code)", "code")

    class Meta:
        model = Indicator
        fields: tuple[str, ...] = ()


class AreaFilter(django_filters.FilterSet):
    kind = chosen(AreaKind, "kind", "code of the kind of area", "code")
    valid_on = django_filters.DateFilter(method="filter_valid_on", label="areas that exist on this day (YYYY-MM-DD)")
    within = django_filters.ModelChoiceFilter(
        queryset=Area.objects.all(),
        to_field_name="code",
        method="filter_within",
        label="code of an area they are in; with valid_on: that they were in on that day",
    )

    class Meta:
        model = Area
        fields: tuple[str, ...] = ()

    def filter_valid_on(self, queryset: Any, name: str, value: Any) -> Any:
        return queryset.valid_on(value)

    def filter_within(self, queryset: Any, name: str, value: Area) -> Any:
        members = AreaMembership.objects.filter(container=value)
        if day := self.form.cleaned_data.get("valid_on"):
            members = members.filter(valid_on(day))
        return queryset.filter(pk__in=members.values("member_id"))


class ObservationFilter(django_filters.FilterSet):
    indicator = chosen(Indicator, "indicator", "code of the indicator", "code")
    area = chosen(Area, "area", "code of the area", "code")
    area_kind = chosen(AreaKind, "area__kind", "code of the kind of area", "code")
    goal = chosen(Goal, "indicator__goal", "slug of the goal", "slug")
    framework = chosen(Framework, "indicator__goal__framework", "slug of the framework", "slug")
    period = django_filters.CharFilter(label="period: 2023, 2024M03, 2019:2023")
    breakdown = django_filters.CharFilter(label="code of the breakdown")
    flag = django_filters.ChoiceFilter(choices=Flag.choices)
    edition = django_filters.CharFilter(field_name="edition__slug", label="slug of the edition")
    edition_id = django_filters.NumberFilter(field_name="edition_id", label="id of one retrieval of an edition")
    history = django_filters.BooleanFilter(method="filter_history", label="true: every version ever received")

    class Meta:
        model = Observation
        fields: tuple[str, ...] = ()

    def filter_history(self, queryset: Any, name: str, value: bool) -> Any:
        """Left out, only the versions that count are shown; see the view."""
        return queryset


class AssessmentFilter(django_filters.FilterSet):
    indicator = chosen(Indicator, "observation__indicator", "code of the indicator", "code")
    area = chosen(Area, "observation__area", "code of the area", "code")
    area_kind = chosen(AreaKind, "observation__area__kind", "code of the kind of area", "code")
    goal = chosen(Goal, "observation__indicator__goal", "slug of the goal", "slug")
    framework = chosen(Framework, "observation__indicator__goal__framework", "slug of the framework", "slug")
    period = django_filters.CharFilter(field_name="observation__period", label="period: 2023, 2024M03, 2019:2023")
    level_light = django_filters.ChoiceFilter(choices=Light.choices)
    development_light = django_filters.ChoiceFilter(choices=Light.choices)

    class Meta:
        model = Assessment
        fields: tuple[str, ...] = ()


# --- Views ------------------------------------------------------------------------------------------------------------


class FrameworkViewSet(viewsets.ReadOnlyModelViewSet[Framework]):
    """Sets of goals: the national ones, and those of local agreements."""

    queryset = Framework.objects.order_by("position", "slug")
    serializer_class = FrameworkSerializer
    lookup_field = "slug"


class GoalViewSet(viewsets.ReadOnlyModelViewSet[Goal]):
    """Goals with the codes of their indicators."""

    queryset = (
        Goal.objects.select_related("framework")
        .prefetch_related(Prefetch("indicators", queryset=Indicator.objects.order_by("position")))
        .order_by("framework__position", "number")
    )
    serializer_class = GoalSerializer
    filterset_class = GoalFilter
    lookup_field = "slug"


class IndicatorViewSet(viewsets.ReadOnlyModelViewSet[Indicator]):
    """Indicators with definition, wanted direction, and what is true of them for each kind of area."""

    queryset = (
        Indicator.objects.select_related("goal__framework", "same_as")
        .prefetch_related(Prefetch("levels", queryset=IndicatorLevel.objects.order_by("area_kind__rank")))
        .prefetch_related("levels__footnotes")
        .order_by("goal__framework__position", "goal__number", "position", "code")
    )
    serializer_class = IndicatorSerializer
    filterset_class = IndicatorFilter
    lookup_field = "code"


class AreaViewSet(viewsets.ReadOnlyModelViewSet[Area]):
    """Country, regions, clusters, councils and municipalities, with the days they begin and end."""

    queryset = Area.objects.prefetch_related(
        Prefetch("memberships", queryset=AreaMembership.objects.select_related("container").order_by("pk")),
        Prefetch("successions", queryset=AreaSuccession.objects.select_related("successor").order_by("on", "pk")),
    ).order_by("kind__rank", "sort_key", "pk")
    serializer_class = AreaSerializer
    filterset_class = AreaFilter
    lookup_field = "code"


class ObservationViewSet(viewsets.ReadOnlyModelViewSet[Observation]):
    """Figures and blanks. `?history=true` adds the versions that were replaced; each names its edition."""

    queryset = Observation.objects.select_related("indicator", "area", "edition").order_by("pk")
    serializer_class = ObservationSerializer
    filterset_class = ObservationFilter

    def get_queryset(self) -> Any:
        asked = self.request.query_params.get("history", "").lower()
        everything = self.detail or asked in ("true", "1")
        return super().get_queryset() if everything else super().get_queryset().filter(is_current=True)


class AssessmentViewSet(viewsets.ReadOnlyModelViewSet[Assessment]):
    """The double light of every current figure: level (beside the country), development (beside the period before)."""

    queryset = (
        Assessment.objects.filter(observation__is_current=True)
        .select_related(
            "observation__indicator", "observation__area", "level_comparator__area", "development_comparator__area"
        )
        .order_by("observation_id")
    )
    serializer_class = AssessmentSerializer
    filterset_class = AssessmentFilter


#: (prefix, viewset, basename), mounted by the project under /api/v1/.
routes = (
    ("frameworks", FrameworkViewSet, "api-framework"),
    ("goals", GoalViewSet, "api-goal"),
    ("indicators", IndicatorViewSet, "api-indicator"),
    ("areas", AreaViewSet, "api-area"),
    ("observations", ObservationViewSet, "api-observation"),
    ("assessments", AssessmentViewSet, "api-assessment"),
)
