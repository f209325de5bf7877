"""The pages' observation queries are answered by an index, on both databases."""

import pytest
from django.db import connection

from indicators.models import Observation
from tests.factories import make_area, make_indicator, make_observation

pytestmark = pytest.mark.django_db


def plan_of(queryset: "object") -> str:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # a handful of rows is read whole otherwise
        else:
            cursor.execute("ANALYZE")
    return queryset.explain()  # type: ignore[attr-defined]


def test_the_newest_figures_of_an_indicator_and_of_an_area_use_their_index() -> None:
    indicators = [make_indicator(f"indikator-{number}") for number in range(3)]
    areas = [make_area(str(number), "municipality") for number in range(101, 106)]
    for indicator in indicators:
        for area in areas:
            make_observation(indicator, area, "11")
    current = Observation.objects.current()
    one = current.filter(indicator_id=indicators[0].pk, area_id=areas[0].pk).order_by("-period_end")
    many = current.filter(indicator_id=indicators[0].pk, area_id__in=[area.pk for area in areas])
    here = current.filter(area_id=areas[0].pk, indicator_id__in=[indicator.pk for indicator in indicators])
    for queryset in (one, many, here):
        plan = plan_of(queryset)
        assert "obs_series" in plan or "obs_area" in plan or "one_current_figure_per_key" in plan, plan
