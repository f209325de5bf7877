"""Computed figures for machines: of areas the source has none for, with what they are made of, or why there is none."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from indicators.models import Indicator
from indicators.presenters.computed import Computed, missing_word
from indicators.presenters.observations import latest
from sundhedsaftale.lib.viewed import ViewedError, read_viewed
from sundhedsaftale.presenters.area_parts import Seen, computing, seen_in_division
from sundhedsaftale.presenters.frame import find_area, viewed_refusal


class MissingPartSerializer(serializers.Serializer[Any]):
    """A part that is not counted in."""

    code = serializers.CharField()
    reason_code = serializers.CharField()
    reason = serializers.CharField()


class ComputedSerializer(serializers.Serializer[Any]):
    """One computed figure, or the reason why there is none. `how`: counted (from counts), weighted (an estimate)."""

    indicator = serializers.CharField()
    area = serializers.CharField()
    areas_as_on = serializers.DateField()
    computed = serializers.BooleanField()
    value = serializers.FloatField(allow_null=True)
    unit = serializers.CharField()
    period = serializers.CharField()
    how = serializers.CharField()
    numerator = serializers.FloatField(allow_null=True)
    denominator = serializers.FloatField(allow_null=True)
    people = serializers.FloatField(allow_null=True)
    parts = serializers.ListField(child=serializers.CharField())
    missing = MissingPartSerializer(many=True)
    made = serializers.CharField()
    reason_code = serializers.CharField()
    reason = serializers.CharField()
    edition = serializers.CharField()


class ComputedViewSet(viewsets.ViewSet):
    """Figures of one area that no source has published: clusters, health councils, and regions that come after others.

    An indicator the source has a figure of for that very area is not here: see `/observations/`.
    """

    serializer_class = ComputedSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("area", str, required=True, description="code of the area"),
            OpenApiParameter("indicator", str, description="code of the indicator; left out, all of them"),
            OpenApiParameter("dato", str, description="areas as on this day (YYYY-MM-DD)"),
            OpenApiParameter("inddeling", str, enum=["nuvaerende", "davaerende"], description="present or of the time"),
        ],
        responses=ComputedSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        rows = computed_rows(request.query_params)
        return Response(
            {"count": len(rows), "next": None, "previous": None, "results": ComputedSerializer(rows, many=True).data}
        )


def computed_rows(asked: QueryDict) -> list[dict[str, Any]]:
    """At most six queries, whatever the number of indicators. Raises ValidationError with the name of what is wrong."""
    try:
        look = read_viewed(asked, today=timezone.localdate())
    except ViewedError as error:
        raise ValidationError({error.field: [viewed_refusal(error)]}) from error
    area = find_area(asked.get("area", ""), look.day)
    if area is None:
        raise ValidationError({"area": [_("Name the code of an area, for example area=klynge-midtklyngen.")]})
    indicators = _indicators(asked.get("indicator", ""))
    seen = seen_in_division(area, look, indicators)
    made = computing(seen, indicators)
    figures = latest(indicators, [area.area, *made.part_areas()], compared=False)
    found = [(one, made.of(one, area.area, figures)) for one in indicators]
    return [_row(one, computed, seen) for one, computed in found if computed is not None]


def _indicators(code: str) -> list[Indicator]:
    related = ("combining", "same_as__combining")
    every = Indicator.objects.select_related(*related).order_by("goal__framework__position", "goal__number", "position")
    found = list(every.filter(code=code) if code else every)
    if code and not found:
        raise ValidationError({"indicator": [_("No indicator has the code %(code)s.") % {"code": code[:60]}]})
    return found


def _row(indicator: Indicator, made: Computed, seen: Seen) -> dict[str, Any]:
    result = made.result
    return {
        "indicator": indicator.code,
        "area": seen.area.code,
        "areas_as_on": seen.day,
        "computed": result.value is not None,
        "value": result.value,
        "unit": indicator.unit,
        "period": result.period,
        "how": result.how,
        "numerator": result.numerator,
        "denominator": result.denominator,
        "people": result.people,
        "parts": list(result.parts),
        "missing": [
            {"code": one.code, "reason_code": str(one.why), "reason": missing_word(one.why)} for one in result.missing
        ],
        "made": made.made,
        "reason_code": result.why_not,
        "reason": made.reason,
        "edition": made.edition,
    }


#: (prefix, viewset, basename), mounted under /api/v1/.
routes = (("computed", ComputedViewSet, "api-computed"),)
