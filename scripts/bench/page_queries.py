"""What the pages ask of the figures: how much of them is read, and how long a page's questions take beside their bare SQL.

Run by bench_figures.py inside manage.py shell; BENCH_ADDRESSES holds the pages as JSON. A page's questions are timed with all
their objects, as the page makes them; bare is the same statements through the driver, their rows fetched. They take turns.

Prints for each page: QUERIES name|statements|of them without an index|rows answered|rows read|page ms|bare ms
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Observation
from indicators.presenters import fetching

FIGURES, LIGHTS = "indicators_observation", "indicators_assessment"
ROUNDS = 25
spent: list[float] = []
around: list[float] = []  # when the question began that is being answered


def timed(work: Callable[..., Any]) -> Callable[..., Any]:
    """A question within a question is part of the outer one."""

    def measured(*args: Any, **more: Any) -> Any:
        if around:
            return work(*args, **more)
        around.append(time.perf_counter())
        try:
            return work(*args, **more)
        finally:
            spent.append((time.perf_counter() - around.pop()) * 1000)

    return measured


fetch_all, fetched = QuerySet._fetch_all, fetching.fetched


def fetch_figures(self: "QuerySet[Any]") -> None:
    is_asked = self.model is Observation and self._result_cache is None
    (timed(fetch_all) if is_asked else fetch_all)(self)


def watch() -> None:
    """Wherever a presenter has imported it."""
    for module in list(sys.modules.values()):
        if getattr(module, "fetched", None) is fetched:
            module.fetched = timed(fetched)  # type: ignore[attr-defined]
    QuerySet._fetch_all = fetch_figures  # type: ignore[method-assign]


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from nodes(part)


def read_by(sql: str) -> tuple[int, int, bool]:
    """(rows answered, rows of figures and lights looked at, whether all figures are)."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}")
        (found,) = cursor.fetchone()
    top = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    tables = [node for node in nodes(top) if node.get("Relation Name") in (FIGURES, LIGHTS)]
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    read = sum(node["Actual Loops"] * sum(node.get(name, 0) for name in names) for node in tables)
    return top["Actual Rows"], int(read), any(node["Node Type"] == "Seq Scan" for node in tables)


def bare(statements: list[str]) -> float:
    connection.ensure_connection()
    begun = time.perf_counter()
    for sql in statements:
        with connection.connection.cursor() as cursor:  # the driver's own
            cursor.execute(sql)
            cursor.fetchall()
    return (time.perf_counter() - begun) * 1000


client = Client()
pages = json.loads(os.environ["BENCH_ADDRESSES"])
for path in pages.values():
    client.get(path)  # imports what it needs
watch()
for name, path in pages.items():
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200, path
    statements = [query["sql"] for query in captured if f'FROM "{FIGURES}"' in query["sql"]]
    times, bares = [], []
    for _ in range(ROUNDS):
        spent.clear()
        client.get(path)
        assert len(spent) == len(statements), (len(spent), len(statements), path)
        times.append(sum(spent))
        bares.append(bare(statements))
    reads = [read_by(sql) for sql in statements]
    answered, read, whole = (sum(part) for part in zip(*reads, strict=True))
    page_ms, bare_ms = statistics.median(times), statistics.median(bares)
    print(f"QUERIES {name}|{len(statements)}|{whole}|{answered}|{read}|{page_ms:.2f}|{bare_ms:.2f}")
