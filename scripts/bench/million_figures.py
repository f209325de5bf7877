"""A million rows of figures through a whole refresh, and the same rows by COPY into the same table with all its constraints
and indexes. Run by bench_figures.py inside manage.py shell, in a process of its own: its memory is measured.

Prints: MILLION step seconds, for each; then MILLION rows seconds cpu-seconds MB copy-seconds...
"""

import os
import random
import resource
import time
from itertools import pairwise
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from indicators.models import Area, AreaKind, Assessment, DataSource, Goal, Indicator, IndicatorLevel, Observation
from indicators.refresh import running

WANTED = int(os.environ.get("BENCH_FIGURES", "1000000"))
INDICATORS, PERIODS = 48, 204
KINDS = ("country", "region", "municipality")
draw = random.Random(9)
goal = Goal.objects.order_by("pk").first()
indicators = Indicator.objects.bulk_create(
    Indicator(
        goal=goal,
        code=f"maaling-{n}",
        name=f"Måling {n}",
        official_name=f"Måling {n}",
        unit="pct.",
        decimals=1,
        direction=("higher", "lower")[n % 2],
        position=1000 + n,
    )
    for n in range(INDICATORS)
)
kinds = AreaKind.objects.filter(code__in=KINDS)
IndicatorLevel.objects.bulk_create(
    IndicatorLevel(indicator=indicator, area_kind=kind, decimals=1, comparison_years=1)
    for indicator in indicators
    for kind in kinds
)
areas = list(
    Area.objects.filter(kind__in=KINDS, valid_to=None).order_by("kind__rank", "code").values_list("code", flat=True)
)
months = [f"{2007 + n // 12}M{n % 12 + 1:02}" for n in range(PERIODS)]


def row(indicator: str, area: str, month: str) -> str:
    if draw.random() < 0.02:
        return f"{indicator},{area},{month},,,,suppressed,Færre end fem personer (note 1).,1,,false"
    tenths = draw.randint(20, 900)
    return f'{indicator},{area},{month},,{tenths / 10},"{tenths // 10},{tenths % 10}",ok,,,,false'


def write(path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as out:
        out.write("indicator_code,area_code,period,breakdown,value,printed,flag,reason,footnotes,method,carried_over\n")
        for indicator in indicators:
            for area in areas:
                for month in months:
                    out.write(row(indicator.code, area, month) + "\n")
                    count += 1
                    if count == WANTED:
                        return count
    return count


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE indicators_observation CASCADE")


path = Path(settings.VAR_DIR) / "million.csv"
path.parent.mkdir(parents=True, exist_ok=True)
rows = write(path)
assert rows == WANTED
shipped = DataSource.objects.get(name="nationale_maal")
# As one of the catalogue's own: another source's first file waits for a person.
source = DataSource.objects.create(
    name="bench", reader=shipped.reader, file=shipped.file, edition_slug=shipped.edition_slug
)
empty()
steps: list[tuple[str, float]] = []
beat = running.beat


def noted(*args: object, **facts: object) -> None:
    steps.append((str(facts.get("step", "kept")), time.perf_counter()))
    beat(*args, **facts)  # type: ignore[arg-type]


running.beat = noted
begun, cpu = time.perf_counter(), time.process_time()
run = running.refresh_source(source.name, path=path)
seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
steps.append(("done", begun + seconds))
assert (run.state, run.rows_new) == ("stored", rows), (run.state, run.message, run.rows_new)
assert Assessment.objects.count() == rows
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
for (step, at), following in pairwise(steps):
    print(f"MILLION {step} {following[1] - at:.1f}")

columns = ", ".join(str(field.column) for field in Observation._meta.fields if field.column != "id")
copied = path.with_suffix(".copy")
everything = f"COPY (SELECT {columns} FROM indicators_observation ORDER BY id) TO STDOUT"
with connection.cursor() as cursor, copied.open("wb") as out, cursor.copy(everything) as copy:
    for piece in copy:
        out.write(piece)
times = []
for _ in range(2):
    empty()
    begun = time.perf_counter()
    with (
        transaction.atomic(),
        connection.cursor() as cursor,
        copied.open("rb") as lines,
        cursor.copy(f"COPY indicators_observation ({columns}) FROM STDIN") as copy,
    ):
        while data := lines.read(1 << 20):
            copy.write(data)
    times.append(time.perf_counter() - begun)
assert Observation.objects.count() == rows
print(f"MILLION {rows} {seconds:.2f} {cpu:.2f} {peak:.0f} " + " ".join(f"{one:.2f}" for one in times))
