"""What the pages ask of the figures is answered by an index, and how much they read does not hang on how many there are.

On PostgreSQL the questions are asked twice, beside no others and beside many, and what they read is counted. `make bench`
does the same with ten million.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Area, AreaKind, Observation
from indicators.models.one_of import OneOf
from tests import factories as make
from tests.project.page_world import denmark

pytestmark = pytest.mark.django_db

PAGES = (
    "/",
    "/?omraade=791",
    "/maal/",
    "/maal/?omraade=082",
    "/maal/maal/",
    "/maal/maal/?omraade=791",
    "/maal/maal/?omraade=082",
    "/maal/maal/kurver/?omraade=791",
    "/indikatorer/sygehusophold/",
    "/indikatorer/sygehusophold/?omraade=791",
    "/indikatorer/sygehusophold/?omraade=klynge-midtklyngen",
    "/indikatorer/sygehusophold/?omraade=791&inddeling=davaerende",
    "/indikatorer/sygehusophold/rangliste/",
    "/indikatorer/sygehusophold/rangliste/?slags=region",
    "/indikatorer/sygehusophold/kort/",
    "/indikatorer/sygehusophold/kurver/?omraade=082",
    "/omraader/000/",
    "/omraader/791/",
    "/omraader/082/",
    "/omraader/klynge-midtklyngen/",
    "/omraader/klynge-midtklyngen/lister/",
    "/daekning/?omraade=082",
)
FIGURES, LIGHTS = "indicators_observation", "indicators_assessment"
#: A figure that is shown is looked up to find its key, itself, its lights and the two these compare with.
LOOKED_UP = 5
PAGES_OF_AN_INDEX = 4  # read to look up one of them, from the root to the row
LEFT_OVER = 40


@pytest.fixture(autouse=True)
def _no_drawing() -> Iterator[None]:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        yield


def questions(client: Client, page: str) -> list[str]:
    """The statements of the page that ask the figures."""
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return [query["sql"] for query in captured if f'FROM "{FIGURES}"' in query["sql"]]


# --- That there is an index, on SQLite --------------------------------------------------------------------------------


def scans(sql: str) -> list[str]:
    """Where SQLite reads all the figures for the statement."""
    names = {FIGURES, *re.findall(rf'"{FIGURES}" ([TU]\d+)', sql)}  # the table goes by others in a question within
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [step.split() for _, _, _, step in cursor.fetchall()]
    return [" ".join(step) for step in steps if step[0] == "SCAN" and step[1] in names]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is asked below how much it reads.")
def test_sqlite_finds_every_figure_of_a_page_by_an_index(client: Client) -> None:
    denmark()
    asked = {page: questions(client, page) for page in PAGES}
    assert [page for page in PAGES if not asked[page]] == []
    assert [(page, sql) for page in PAGES for sql in asked[page] if scans(sql)] == []
    with CaptureQueriesContext(connection) as captured:
        list(Observation.objects.filter(OneOf("pk", Observation.objects.filter(printed="7"))).order_by())
    assert scans(captured[0]["sql"])  # else the line above could not fail


# --- How much is read, on PostgreSQL ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Read:
    """Of one statement: rows it answers with, rows of figures and lights it looks at, pages of the database it touches."""

    answered: int
    rows: int
    pages: int

    def is_much_more_than(self, before: Read) -> bool:
        """More than what was read beside no other figures, and a look in the index for each figure it answers with."""
        rows = before.rows + LOOKED_UP * self.answered + LEFT_OVER
        return self.rows > rows or self.pages > 2 * before.pages + rows * PAGES_OF_AN_INDEX


def read_by(sql: str) -> Read:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}")
        found = cursor.fetchone()[0]
    top = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    rows = sum(looked_at(node) for node in nodes(top) if node.get("Relation Name") in (FIGURES, LIGHTS))
    return Read(top["Actual Rows"], int(rows), top["Shared Hit Blocks"] + top["Shared Read Blocks"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def looked_at(node: dict[str, Any]) -> float:
    """Also those it throws away. PostgreSQL counts both as the mean of the loops."""
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter")
    return float(node["Actual Loops"] * sum(node.get(name, 0) for name in names))


COLUMNS = (
    "indicator_id, area_id, edition_id, period, period_start, period_end, breakdown, value, printed, flag, reason, footnotes, "
    "method, carried_over, published_level, published_development, published_basis, is_current"
)
MANY_FIGURES = f"""
INSERT INTO indicators_observation ({COLUMNS})
SELECT indicator.id, area.id, edition.id, year, make_date(year, 1, 1), make_date(year, 12, 31), part, 11, '', 'ok', '', '',
'', false, '', '', '', part <> 'before'
FROM generate_series(2005, 2019) year, indicators_indicator indicator, indicators_edition edition, indicators_area area
JOIN (
    VALUES ('institution', ''), ('municipality', 'before')
    UNION ALL SELECT 'municipality', 'group-' || n FROM generate_series(1, 20) n
) parts (kind, part) ON kind = area.kind_id
WHERE area.code LIKE 'other-%'
"""
MANY_LIGHTS = """
INSERT INTO indicators_assessment (observation_id, level_light, level_reason, level_comparator_id, level_rounding_uncertain,
development_light, development_reason, development_comparator_id, development_rounding_uncertain, rule_version)
SELECT id, 'green', '', id, false, 'red', '', id, false, '1' FROM indicators_observation
WHERE area_id IN (SELECT id FROM indicators_area WHERE code LIKE 'other-%')
"""


def many_figures() -> None:
    """Of others: institutions and municipalities that no page shows, these in groups and in versions long replaced; of the
    indicators the pages show, and of two more. So many areas that the figures of those shown are few of an indicator's."""
    kind = AreaKind.objects.create(code="institution", name="Sted", name_plural="Steder", rank=9)
    for n in range(2):
        make.make_indicator(f"andet-{n}", goal=make.make_goal(number=9, slug="andet", name="Andet"))
    kinds = ((kind, 600), (AreaKind.objects.get(code="municipality"), 20))
    Area.objects.bulk_create(
        Area(code=f"other-{one.code}-{n}", kind=one, name=f"Sted {n}", sort_key=f"sted {n}")
        for one, count in kinds
        for n in range(count)
    )
    with connection.cursor() as cursor:
        cursor.execute(MANY_FIGURES)
        cursor.execute(MANY_LIGHTS)
        # As autovacuum leaves the tables: counted, and known to hold nothing that is not committed. What earlier tests took
        # back would count too, and without that knowledge no index answers alone.
        cursor.execute("VACUUM ANALYZE")


#: What reads all of something; that these are found out is why the pages can be believed.
IN_PROPORTION: tuple[dict[str, Any], ...] = (
    {"value": 55},
    {"indicator__position": 2, "value": 55},
    {"assessment__level_change_pct": 1},
)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite does not count what it reads.")
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_page_reads_no_more_beside_many_other_figures(client: Client) -> None:
    denmark()
    bad = [str(Observation.objects.filter(**facts).order_by().query) for facts in IN_PROPORTION]
    few_bad = [read_by(sql) for sql in bad]
    few = {page: [read_by(sql) for sql in questions(client, page)] for page in PAGES}
    many_figures()
    assert Observation.objects.count() > 30_000
    grown = [
        (page, before, now)
        for page in PAGES
        for sql, before in zip(questions(client, page), few[page], strict=True)
        if (now := read_by(sql)).is_much_more_than(before)
    ]
    assert grown == []
    for sql, before in zip(bad, few_bad, strict=True):
        assert read_by(sql).is_much_more_than(before), sql
