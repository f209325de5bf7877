"""The pages' observation queries are answered by an index, on both databases."""

from typing import Any

import pytest
from django.db import connection

from indicators.models import Observation
from sundhedsaftale.lib.periods import observation_period
from tests.factories import make_area, make_edition, make_indicator

pytestmark = pytest.mark.django_db


def many_figures(indicators: list[Any], areas: list[Any]) -> None:
    """So many that a database which knows how many they are would not read them one by one."""
    edition = make_edition()
    Observation.objects.bulk_create(
        Observation(
            indicator=indicator,
            area=area,
            period=str(year),
            period_start=observation_period(str(year)).first_day,
            period_end=observation_period(str(year)).last_day,
            value="11",
            edition=edition,
        )
        for year in range(1999, 2024)  # a publication a year: the rows of one series lie far apart
        for area in areas
        for indicator in indicators
    )
    with connection.cursor() as cursor:
        # Without it the plan hangs on when the database last looked of itself, which is now and then in the middle of a test.
        cursor.execute("ANALYZE indicators_observation")


@pytest.mark.slow
def test_the_newest_figures_of_an_indicator_and_of_an_area_use_their_index() -> None:
    indicators = [make_indicator(f"indikator-{number}") for number in range(20)]
    areas = [make_area(str(number), "municipality") for number in range(101, 141)]
    many_figures(indicators, areas)
    current = Observation.objects.current().whole()
    one = current.filter(indicator_id=indicators[0].pk, area_id=areas[0].pk)
    many = current.filter(indicator_id=indicators[0].pk, area_id__in=[area.pk for area in areas[:5]])
    here = current.filter(area_id=areas[0].pk, indicator_id__in=[indicator.pk for indicator in indicators[:3]])
    for queryset in (one, many, here):
        plan = queryset.order_by("-period_end").explain()
        assert any(name in plan for name in ("obs_whole_series", "obs_whole_area", "one_current_figure_per_key")), plan
