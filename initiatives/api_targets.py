"""Targets for machines, read-only."""

from __future__ import annotations

import django_filters
from rest_framework import serializers, viewsets

from indicators.api import AreaRefSerializer
from initiatives.api import BodyRefSerializer
from initiatives.models import Target


class TargetSerializer(serializers.ModelSerializer[Target]):
    indicator = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]
    area = AreaRefSerializer()
    body = BodyRefSerializer()

    class Meta:
        model = Target
        fields = ("id", "indicator", "area", "body", "value", "due_on", "decided_on", "note")


class TargetFilter(django_filters.FilterSet):
    indicator = django_filters.CharFilter(field_name="indicator__code")
    area = django_filters.CharFilter(field_name="area__code")
    body = django_filters.CharFilter(field_name="body__slug")

    class Meta:
        model = Target
        fields: tuple[str, ...] = ()


class TargetViewSet(viewsets.ReadOnlyModelViewSet[Target]):
    """What bodies have decided to reach: a value of an indicator in an area by a day. Withdrawn ones are left out."""

    queryset = (
        Target.objects.standing()
        .select_related("indicator", "area", "body")
        .order_by("indicator__code", "due_on", "pk")
    )
    serializer_class = TargetSerializer
    filterset_class = TargetFilter


#: (prefix, viewset, basename), mounted by the project beside the others.
routes = (("targets", TargetViewSet, "api-target"),)
