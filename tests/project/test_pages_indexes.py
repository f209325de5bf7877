"""What the pages of indicators, goals and areas ask of the figures is answered by an index, however many there are.

Here with forty thousand figures; `make bench` asks the same of ten million.
"""

from __future__ import annotations

import json
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Area, AreaKind, Edition, Indicator, Observation
from sundhedsaftale.lib.periods import observation_period
from tests import factories as make
from tests.project.page_world import denmark

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PAGES = (
    "/indikatorer/sygehusophold/",
    "/indikatorer/sygehusophold/?omraade=791",
    "/maal/maal/",
    "/maal/maal/?omraade=791",
    "/omraader/791/",
    "/omraader/082/",
)
FIGURES = "indicators_observation"


@pytest.fixture
def _many_figures() -> None:
    """Of institutions the pages do not show, of groups of people, and older versions: each far more than what is shown."""
    denmark()
    edition, older = Edition.objects.get(), make.make_edition("nationale-maal-2020", "2020-11")
    kind = AreaKind.objects.create(code="institution", name="Sted", name_plural="Steder", rank=9)
    places = Area.objects.bulk_create(
        Area(code=f"sted-{n}", kind=kind, name=f"Sted {n}", sort_key=f"sted {n}") for n in range(100)
    )
    municipality = Area.objects.get(code="791")
    wanted = [(place, "", edition, True) for place in places]
    wanted += [(municipality, f"gruppe-{n}", edition, True) for n in range(40)]
    wanted += [(municipality, f"gruppe-{n}", older, False) for n in range(40)]
    # Others' indicators: not on any of the pages.
    goal = make.make_goal(number=9, slug="andet", name="Andet")
    indicators = [*Indicator.objects.all(), *(make.make_indicator(f"andet-{n}", goal=goal) for n in range(12))]
    Observation.objects.bulk_create(
        [
            Observation(
                indicator=indicator,
                area=area,
                period=str(year),
                period_start=observation_period(str(year)).first_day,
                period_end=observation_period(str(year)).last_day,
                breakdown=breakdown,
                value="11",
                edition=whose,
                is_current=is_current,
            )
            for year in range(2000, 2016)
            for area, breakdown, whose, is_current in wanted
            for indicator in indicators
        ],
        batch_size=2000,
    )
    with connection.cursor() as cursor:
        # The database's own look at its tables may come in the middle of a test.
        cursor.execute("ANALYZE")


def read_whole(sql: str) -> list[str]:
    """How the statement reads the figures where it takes no index; empty when it always does."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            found = cursor.fetchone()[0]
            plan = json.loads(found) if isinstance(found, str) else found
            return [node["Node Type"] for node in nodes(plan[0]["Plan"]) if is_whole(node)]
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [row[3] for row in cursor.fetchall()]
        return [step for step in steps if step.startswith(f"SCAN {FIGURES}") and "INDEX" not in step]


def nodes(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for part in plan.get("Plans", ()) for node in nodes(part))]


def is_whole(node: dict[str, Any]) -> bool:
    return node.get("Relation Name") == FIGURES and node["Node Type"] == "Seq Scan"


@pytest.mark.usefixtures("_many_figures")
def test_no_page_reads_all_the_figures(client: Client) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        for page in PAGES:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page).status_code == 200
            asked = [query["sql"] for query in captured if f'FROM "{FIGURES}"' in query["sql"]]
            assert asked, page
            for sql in asked:
                assert not read_whole(sql), (page, sql)


@pytest.mark.usefixtures("_many_figures")
def test_a_question_that_no_index_answers_is_told() -> None:
    """Else the test above could not fail."""
    with CaptureQueriesContext(connection) as captured:
        list(Observation.objects.filter(value=7).order_by("pk"))
        list(Observation.objects.filter(printed="7").order_by())
    assert read_whole(captured[1]["sql"])
