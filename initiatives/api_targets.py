"""Targets for machines, read-only, each with how far it has come."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import django_filters
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers, viewsets

from indicators.api import AreaRefSerializer
from initiatives.api import BodyRefSerializer
from initiatives.calculations.targets import Course, Measured
from initiatives.models import Target
from initiatives.presenters.target_progress import Judged, judged


class MeasuredSerializer(serializers.Serializer[Any]):
    """A figure the target is judged by."""

    value = serializers.FloatField()
    period = serializers.CharField()
    last_day = serializers.DateField()


class ProgressSerializer(serializers.Serializer[Any]):
    """expected: where a straight line from the start would be on the last day of `now`. needed: what is left, 0 or more."""

    course = serializers.ChoiceField([course.value for course in Course])
    reason_code = serializers.CharField()
    start = MeasuredSerializer(allow_null=True)
    now = MeasuredSerializer(allow_null=True)
    expected = serializers.FloatField(allow_null=True)
    needed = serializers.FloatField(allow_null=True)


class TargetSerializer(serializers.ModelSerializer[Target]):
    indicator = serializers.SlugRelatedField(slug_field="code", read_only=True)  # type: ignore[var-annotated]
    area = AreaRefSerializer()
    body = BodyRefSerializer()
    progress = serializers.SerializerMethodField()

    class Meta:
        model = Target
        fields = ("id", "indicator", "area", "body", "value", "due_on", "decided_on", "note", "progress")

    @extend_schema_field(ProgressSerializer)
    def get_progress(self, target: Target) -> dict[str, Any]:
        return progress_row(self.context["judged"][target.pk])


def progress_row(one: Judged) -> dict[str, Any]:
    found = one.progress
    return {
        "course": found.course.value,
        "reason_code": str(found.why),
        "start": _measured(one, found.start),
        "now": _measured(one, found.now),
        "expected": found.expected,
        "needed": found.needed,
    }


def _measured(one: Judged, found: Measured | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"value": found.value, "period": one.period_of(found), "last_day": found.last_day}


class TargetFilter(django_filters.FilterSet):
    indicator = django_filters.CharFilter(field_name="indicator__code")
    area = django_filters.CharFilter(field_name="area__code")
    body = django_filters.CharFilter(field_name="body__slug")

    class Meta:
        model = Target
        fields: tuple[str, ...] = ()


class TargetViewSet(viewsets.ReadOnlyModelViewSet[Target]):
    """What bodies have decided to reach: a value of an indicator in an area by a day, and how far it has come.

    Withdrawn ones are left out. Whether a target is on course is judged by a straight line from the figure it was set
    at to its day; the line is our reading.
    """

    queryset = (
        Target.objects.standing()
        .select_related("indicator", "area", "body")
        .order_by("indicator__code", "due_on", "pk")
    )
    serializer_class = TargetSerializer
    filterset_class = TargetFilter

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """The targets of the page are judged together: two queries, whatever their number."""
        shown: Iterable[Target] = args[0] if kwargs.get("many") else args[:1]
        found = {one.target.pk: one for one in judged(shown, today=timezone.localdate())}
        kwargs["context"] = {**self.get_serializer_context(), "judged": found}
        return super().get_serializer(*args, **kwargs)


#: (prefix, viewset, basename), mounted by the project beside the others.
routes = (("targets", TargetViewSet, "api-target"),)
