"""Where figures come from, for machines: sources, editions, footnotes, and the figures that were corrected. Read-only."""

from __future__ import annotations

import django_filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import mixins, serializers, viewsets

from indicators.api import AreaRefSerializer, EditionRefSerializer, chosen
from indicators.models import AreaKind, DataSource, Edition, Footnote, Framework, Goal, Indicator, Observation

# --- Shapes -----------------------------------------------------------------------------------------------------------


class SourceSerializer(serializers.ModelSerializer[DataSource]):
    """A source of figures. `licence` is what the source says of use; empty when it says nothing."""

    class Meta:
        model = DataSource
        fields = ("name", "title", "publisher", "url", "licence", "cadence", "next_expected", "next_expected_note")


class EditionSerializer(serializers.ModelSerializer[Edition]):
    """One retrieval of a publication. `licence`: the edition's own terms, else the source's.

    `withdrawn_at`: when it was rolled back; none of its figures is in force while it is set.
    """

    source = serializers.CharField(source="source.name")  # type: ignore[assignment]  # a field, and a word of theirs
    publisher = serializers.CharField(source="source.publisher")
    licence = serializers.SerializerMethodField()

    class Meta:
        model = Edition
        fields = (
            "id", "slug", "title", "source", "publisher", "licence", "published_on", "source_url", "received_at",
            "withdrawn_at", "fingerprint", "note",
        )  # fmt: skip

    @extend_schema_field(serializers.CharField())
    def get_licence(self, row: Edition) -> str:
        return row.terms or row.source.licence


class NoteSerializer(serializers.ModelSerializer[Footnote]):
    """A footnote of a source, in our own words, with the number it has there."""

    framework = serializers.CharField(source="framework.slug")
    indicators = serializers.SerializerMethodField()

    class Meta:
        model = Footnote
        fields = ("id", "framework", "number", "text", "indicators")

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_indicators(self, row: Footnote) -> list[str]:
        """Codes of the indicators it is a note to."""
        return sorted({level.indicator.code for level in row.levels.all()})


class ReplacedSerializer(serializers.ModelSerializer[Observation]):
    """A figure that is no longer in force. All versions of it: `/observations/` with `history=true`."""

    indicator = serializers.CharField(source="indicator.code")
    area = AreaRefSerializer()
    value = serializers.FloatField(allow_null=True)
    edition = EditionRefSerializer()

    class Meta:
        model = Observation
        fields = ("id", "indicator", "area", "period", "breakdown", "value", "flag", "reason", "edition")


# --- Filters ----------------------------------------------------------------------------------------------------------


class EditionFilter(django_filters.FilterSet):
    source = chosen(DataSource, "source", "name of the source", "name")
    slug = django_filters.CharFilter(label="slug of the publication; one row for each time it was received")

    class Meta:
        model = Edition
        fields: tuple[str, ...] = ()


class NoteFilter(django_filters.FilterSet):
    framework = chosen(Framework, "framework", "slug of the framework", "slug")
    indicator = chosen(Indicator, "levels__indicator", "code of the indicator", "code")

    class Meta:
        model = Footnote
        fields: tuple[str, ...] = ()


class ReplacedFilter(django_filters.FilterSet):
    indicator = chosen(Indicator, "indicator", "code of the indicator", "code")
    goal = chosen(Goal, "indicator__goal", "slug of the goal", "slug")
    area_kind = chosen(AreaKind, "area__kind", "code of the kind of area", "code")
    period = django_filters.CharFilter(label="period: 2023, 2024M03, 2019:2023")

    class Meta:
        model = Observation
        fields: tuple[str, ...] = ()


# --- Views ------------------------------------------------------------------------------------------------------------


class SourceViewSet(viewsets.ReadOnlyModelViewSet[DataSource]):
    """Sources with publisher, terms and when they are next expected."""

    queryset = DataSource.objects.order_by("pk")
    serializer_class = SourceSerializer
    lookup_field = "name"


class EditionViewSet(viewsets.ReadOnlyModelViewSet[Edition]):
    """Editions with source, licence, when they were published and received, and the fingerprint of the file."""

    queryset = Edition.objects.select_related("source").order_by("-received_at", "-pk")
    serializer_class = EditionSerializer
    filterset_class = EditionFilter


class NoteViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Footnote]):
    """Footnotes by number, with the indicators they belong to."""

    queryset = (
        Footnote.objects.select_related("framework")
        .prefetch_related("levels__indicator")
        .order_by("framework__position", "framework_id", "number")
        .distinct()
    )
    serializer_class = NoteSerializer
    filterset_class = NoteFilter


class ReplacedViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[Observation]):
    """Figures that a later one has replaced, newest first: what stood there before a correction."""

    queryset = (
        Observation.objects.filter(is_current=False).select_related("indicator", "area", "edition").order_by("-pk")
    )
    serializer_class = ReplacedSerializer
    filterset_class = ReplacedFilter


#: (prefix, viewset, basename), mounted by the project under /api/v1/.
routes = (
    ("sources", SourceViewSet, "api-source"),
    ("editions", EditionViewSet, "api-edition"),
    ("footnotes", NoteViewSet, "api-footnote"),
    ("replaced", ReplacedViewSet, "api-replaced"),
)
