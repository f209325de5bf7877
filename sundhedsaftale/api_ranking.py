"""Ranking and distance to best for machines: what their pages show, with sources, licences and footnotes inside."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.api import AreaRefSerializer
from indicators.exports.sources import Provenance, of_titles, provenance
from indicators.models import Direction, Indicator
from sundhedsaftale.lib.viewed import Viewed, ViewedError, read_viewed
from sundhedsaftale.presenters.area_kinds import KINDS
from sundhedsaftale.presenters.area_ranking import AreaFigure, kind_figures, ranking_notes
from sundhedsaftale.presenters.frame import COUNTRY, AreaInView, find_area, viewed_refusal
from sundhedsaftale.presenters.indicator_data import IndicatorData, find_indicator, indicator_data
from sundhedsaftale.presenters.indicator_distance import DistanceRow, DistanceView, distance_view
from sundhedsaftale.presenters.indicator_facts import footnotes

# --- Shapes -----------------------------------------------------------------------------------------------------------


class SourceRefSerializer(serializers.Serializer[Any]):
    """An edition figures come from, with its terms."""

    title = serializers.CharField()
    published = serializers.CharField()
    publisher = serializers.CharField()
    licence = serializers.CharField()
    url = serializers.CharField()
    received = serializers.CharField()


class TableNoteSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    text = serializers.CharField()


class TableSerializer(serializers.Serializer[Any]):
    """What goes with every table."""

    indicator = serializers.CharField()
    unit = serializers.CharField()
    direction = serializers.ChoiceField(Direction.choices)
    areas_as_on = serializers.DateField()
    period = serializers.CharField()
    sources = SourceRefSerializer(many=True)
    footnotes = TableNoteSerializer(many=True)
    count = serializers.IntegerField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class RankedSerializer(serializers.Serializer[Any]):
    """One area. place: null when it is not ranked; then reason_code says why. difference: printed figure minus the country's.

    computed: no source has the figure; it is put together from parts, and `made` and `missing` say from which.
    """

    area = AreaRefSerializer()
    place = serializers.IntegerField(allow_null=True)
    shared = serializers.BooleanField()
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    period = serializers.CharField()
    flag = serializers.CharField()
    computed = serializers.BooleanField()
    made = serializers.CharField()
    missing = serializers.ListField(child=serializers.CharField())
    difference = serializers.FloatField(allow_null=True)
    no_difference = serializers.CharField()
    level = serializers.CharField()
    development = serializers.CharField()
    edition = serializers.CharField()


@extend_schema_serializer(many=False)
class RankingSerializer(TableSerializer):
    """All areas of a kind, best first, then those without a place."""

    kind = serializers.CharField()
    kinds = serializers.ListField(child=serializers.CharField())
    ranked = serializers.IntegerField()
    notes = serializers.ListField(child=serializers.CharField())
    results = RankedSerializer(many=True)


class DistanceRowSerializer(serializers.Serializer[Any]):
    """One region, or the country. distance: how far behind the best now; won: less than before is won, more is lost."""

    area = AreaRefSerializer()
    value = serializers.FloatField(allow_null=True)
    distance = serializers.FloatField(allow_null=True)
    distance_before = serializers.FloatField(allow_null=True)
    won = serializers.FloatField(allow_null=True)
    move = serializers.CharField()
    reason = serializers.CharField()
    edition = serializers.CharField()


@extend_schema_serializer(many=False)
class DistanceSerializer(TableSerializer):
    """The regions and the country, nearest to the best first. reason: why there is no distance at all; then no rows."""

    period_before = serializers.CharField()
    best = serializers.ListField(child=serializers.CharField())
    say = serializers.CharField()
    reason = serializers.CharField()
    results = DistanceRowSerializer(many=True)


# --- Questions --------------------------------------------------------------------------------------------------------

_INDICATOR = OpenApiParameter("indicator", str, required=True, description="code of the indicator")
_AREA = OpenApiParameter("area", str, description="code of the reader's own area")
_DAY = OpenApiParameter("dato", str, description="areas as on this day (YYYY-MM-DD)")
_KIND = OpenApiParameter("kind", str, enum=list(KINDS), description="kind of area; left out, the one with most areas")


class RankingViewSet(viewsets.ViewSet):
    """One indicator in every area of a kind: places, figures, and why some have no place.

    Figures of clusters, health councils and merged regions that no source has are computed where that is possible. A
    computed figure has no light.
    """

    serializer_class = RankingSerializer

    @extend_schema(parameters=[_INDICATOR, _KIND, _AREA, _DAY], responses=RankingSerializer)
    def list(self, request: Request) -> Response:
        return Response(RankingSerializer(ranking_table(request.query_params)).data)


class DistanceViewSet(viewsets.ViewSet):
    """How far each region is from the best one, and what was won or lost since the measurement before."""

    serializer_class = DistanceSerializer

    @extend_schema(parameters=[_INDICATOR, _AREA, _DAY], responses=DistanceSerializer)
    def list(self, request: Request) -> Response:
        return Response(DistanceSerializer(distance_table(request.query_params)).data)


def ranking_table(asked: QueryDict) -> dict[str, Any]:
    """At most eleven queries. Raises ValidationError with the name of what is wrong."""
    look, indicator, area = _asked(asked)
    kind = asked.get("kind", "")
    if kind and kind not in KINDS:
        raise ValidationError({"kind": [_("The kind is one of: %(kinds)s.") % {"kinds": ", ".join(KINDS)}]})
    found = kind_figures(indicator, area, kind, day=look.day)
    if found is None or (kind and found.kind.code != kind):
        raise ValidationError({"kind": [_("The indicator is not measured for this kind of area.")]})
    rows = [_ranked(row) for row in found.rows]
    from_where = provenance(row.cell for row in found.rows)
    return _table(indicator, look, from_where, rows) | {
        "period": found.ranking.period,
        "areas_as_on": found.day,
        "kind": found.kind.code,
        "kinds": [one.code for one in found.kinds],
        "ranked": found.ranking.count,
        "notes": list(ranking_notes(found)),
    }


def distance_table(asked: QueryDict) -> dict[str, Any]:
    """At most ten queries. Raises ValidationError with the name of what is wrong."""
    look, indicator, area = _asked(asked)
    data = indicator_data(indicator, area, look)
    found = distance_view(data)
    rows = [_distance(row) for row in found.rows]
    return _table(indicator, look, _distance_sources(data, found), rows) | {
        "areas_as_on": data.seen.day,
        "period": found.period,
        "period_before": found.before_period,
        "best": list(found.best),
        "say": found.say,
        "reason": found.why,
    }


def _asked(asked: QueryDict) -> tuple[Viewed, Indicator, AreaInView]:
    try:
        look = read_viewed(asked, today=timezone.localdate())
    except ViewedError as error:
        raise ValidationError({error.field: [viewed_refusal(error)]}) from error
    code = asked.get("indicator", "")
    indicator = find_indicator(code) if code and "\0" not in code else None
    if indicator is None:
        raise ValidationError(
            {"indicator": [_("Name the code of an indicator, for example indicator=daglige-rygere.")]}
        )
    area = find_area(asked.get("area", "") or COUNTRY, look.day)
    if area is None:
        raise ValidationError({"area": [_("Name the code of an area, for example area=klynge-midtklyngen.")]})
    return look, indicator, area


def _table(indicator: Indicator, look: Viewed, from_where: Provenance, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "indicator": indicator.code,
        "unit": indicator.unit,
        "direction": indicator.direction,
        "areas_as_on": look.day,
        "sources": from_where.sources,
        "footnotes": [{"number": number, "text": text} for number, text in from_where.footnotes],
        "count": len(rows),
        "next": None,
        "previous": None,
        "results": rows,
    }


def _ranked(row: AreaFigure) -> dict[str, Any]:
    made = row.made if row.made is not None and row.cell.text else None
    return {
        "area": row.area,
        "place": row.placed.place or None,
        "shared": row.placed.shared,
        "reason_code": str(row.placed.why),
        "reason": row.why,
        "value": row.cell.value,
        "period": row.cell.period,
        "flag": row.cell.flag,
        "computed": made is not None,
        "made": made.made if made else "",
        "missing": [one.code for one in made.result.missing] if made else [],
        "difference": row.apart,
        "no_difference": row.no_difference,
        "level": row.cell.level.code,
        "development": row.cell.development.code,
        "edition": row.cell.edition,
    }


def _distance(row: DistanceRow) -> dict[str, Any]:
    return {
        "area": {"code": row.code, "name": row.name, "kind_id": row.kind},
        "value": row.figure,
        "distance": row.distance.now,
        "distance_before": row.distance.before,
        "won": row.distance.won,
        "move": str(row.distance.move),
        "reason": row.why,
        "edition": row.edition,
    }


def _distance_sources(data: IndicatorData, found: DistanceView) -> Provenance:
    """Of both measurements that are compared."""
    periods = {found.period, found.before_period}
    titles = {
        figure.observation.edition.title
        for row in found.rows
        for figure in data.series.get(data.pk_of(row.code), ())
        if figure.observation.period in periods
    }
    return of_titles(titles, footnotes(data))


#: (prefix, viewset, basename), mounted under /api/v1/.
routes = (
    ("ranking", RankingViewSet, "api-ranking"),
    ("distance", DistanceViewSet, "api-distance"),
)
