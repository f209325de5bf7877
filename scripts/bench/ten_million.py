"""Fills the tables beside the demo's figures with ten million that the pages do not show, each with its lights. Run by
bench_figures.py inside manage.py shell, on a database with the demo.

Of the demo's own indicators: six in ten are of institutions, two in ten of groups of people, two in ten are versions that
no longer count. Indexes are dropped while it fills: what is measured afterwards does not hang on how they were built.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from indicators.models import Area, AreaKind, DataSource, Edition, Indicator, Observation

WANTED = int(os.environ.get("BENCH_OBSERVATIONS", "10000000"))
INSTITUTIONS, GROUPS, VERSIONS = 1200, 20, 20
LOOKED_AT = ("791",)  # the pages show its groups and versions too: with more of them they would show more
kind = AreaKind.objects.create(code="institution", name="Sted", name_plural="Steder", rank=9)
Area.objects.bulk_create(
    Area(code=f"sted-{n}", kind=kind, name=f"Sted {n}", sort_key=f"sted {n}") for n in range(INSTITUTIONS)
)
before = Observation.objects.count()
last = Observation.objects.aggregate(last=Max("pk"))["last"]
source = DataSource.objects.create(name="bench", reader="nationale_maal")
for n in range(VERSIONS):
    facts = {"title": f"Udgave {n}", "published_on": "2001-01", "fingerprint": str(n), "received_at": timezone.now()}
    Edition.objects.create(source=source, slug=f"bench-{n}", **facts)
indicators = Indicator.objects.filter(same_as=None).count()
municipalities = Area.objects.filter(kind="municipality").exclude(code__in=LOOKED_AT).count()
months = -(-WANTED * 6 // 10 // (indicators * INSTITUTIONS))
parts = -(-WANTED * 2 // 10 // (indicators * municipalities * GROUPS))
COLUMNS = (
    "indicator_id, area_id, edition_id, period, period_start, period_end, breakdown, value, printed, flag, reason, footnotes, "
    "method, carried_over, published_level, published_development, published_basis, is_current"
)
# One indicator after the other as a refresh would, so that the figures of one area lie apart from each other.
FILL = f"""
INSERT INTO indicators_observation ({COLUMNS})
SELECT indicator.id, area.id, edition.id, to_char(day, 'YYYY"M"MM'), day, (day + interval '1 month - 1 day')::date, part,
round((random() * 90)::numeric, 1), '', 'ok', '', '', '', false, '', '', '', current
FROM (SELECT (date '1990-01-01' + month * interval '1 month')::date AS day FROM generate_series(1, %(months)s) month) days
CROSS JOIN indicators_indicator indicator
CROSS JOIN indicators_area area
CROSS JOIN ({{parts}}) parts (part, current, slug)
JOIN indicators_edition edition ON edition.slug = parts.slug
WHERE indicator.same_as_id IS NULL AND area.kind_id = %(kind)s AND area.code <> ALL (%(looked_at)s)
"""
WHOLE = "SELECT '', true, 'bench-0'"
IN_GROUPS = f"SELECT 'gruppe-' || n, true, 'bench-0' FROM generate_series(1, {GROUPS}) n"
REPLACED = f"SELECT '', false, 'bench-' || n FROM generate_series(0, {VERSIONS - 1}) n"
# Beside the country's newest figure and the row before: no page shows which, but each question meets that they are there.
LIGHTS = """
INSERT INTO indicators_assessment (observation_id, level_light, level_reason, level_change_pct, level_comparator_id,
level_rounding_uncertain, development_light, development_reason, development_change_pct, development_comparator_id,
development_rounding_uncertain, rule_version)
SELECT figure.id, (ARRAY['green', 'yellow', 'red'])[1 + figure.id %% 3], '', figure.value, country.id, false,
(ARRAY['green', 'yellow', 'red'])[1 + figure.id / 3 %% 3], '', figure.value, NULLIF(figure.id - 1, %(last)s), false, '1'
FROM indicators_observation figure
LEFT JOIN (
    SELECT indicator_id, max(indicators_observation.id) AS id FROM indicators_observation
    JOIN indicators_area area ON area.id = area_id WHERE area.code = '000' GROUP BY indicator_id
) country USING (indicator_id)
WHERE figure.id > %(last)s
"""


@contextmanager
def without_indexes(cursor: Any, table: str) -> Iterator[None]:
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'u'",
        [table],
    )
    constraints = cursor.fetchall()
    for name, _ in constraints:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE '%%_pkey'", [table]
    )
    indexes = cursor.fetchall()
    for name, _ in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    for name, definition in constraints:
        cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


with connection.cursor() as cursor:
    cursor.execute("SET session_replication_role = replica")  # its foreign keys are right by the way they are made
    cursor.execute("SET maintenance_work_mem = '512MB'")
    cursor.execute("SET work_mem = '64MB'")
    with without_indexes(cursor, "indicators_observation"):
        for of_kind, count, some in (
            ("institution", months, WHOLE),
            ("municipality", parts, IN_GROUPS),
            ("municipality", parts, REPLACED),
        ):
            values: dict[str, Any] = {"months": count, "kind": of_kind, "looked_at": list(LOOKED_AT)}
            cursor.execute(FILL.format(parts=some), values)
    with without_indexes(cursor, "indicators_assessment"):
        cursor.execute(LIGHTS, {"last": last})
    cursor.execute("RESET session_replication_role")
    cursor.execute("VACUUM ANALYZE")
print(f"FILLED {before} {Observation.objects.count()}")
