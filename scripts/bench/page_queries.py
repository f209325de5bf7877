"""What the pages ask of the figures: whether an index answers it, and how long a page's question takes beside its bare SQL.

Run by bench_figures.py inside manage.py shell; BENCH_ADDRESSES holds the pages as JSON. A page's question is the query set
with all its objects, as the page makes it; bare is the same statement through the driver, its rows fetched.

Prints for each page: QUERIES name|statements|read whole|page ms|bare ms
"""

import json
import os
import statistics
import time
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Observation

FIGURES = "indicators_observation"
ROUNDS = 15
spent: list[float] = []
fetch_all = QuerySet._fetch_all


def timed(self: "QuerySet[Any]") -> None:
    if self.model is not Observation or self._result_cache is not None:
        fetch_all(self)
        return
    begun = time.perf_counter()
    fetch_all(self)
    spent.append((time.perf_counter() - begun) * 1000)


def is_read_whole(sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        return any(f"Seq Scan on {FIGURES}" in line for (line,) in cursor.fetchall())


def bare(statements: list[str]) -> float:
    connection.ensure_connection()
    begun = time.perf_counter()
    for sql in statements:
        with connection.connection.cursor() as cursor:  # the driver's own
            cursor.execute(sql)
            cursor.fetchall()
    return (time.perf_counter() - begun) * 1000


client = Client()
QuerySet._fetch_all = timed  # type: ignore[method-assign]
for name, path in json.loads(os.environ["BENCH_ADDRESSES"]).items():
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200, path
    statements = [query["sql"] for query in captured if f'FROM "{FIGURES}"' in query["sql"]]
    pages, bares = [], []
    for _ in range(ROUNDS):
        spent.clear()
        client.get(path)
        assert len(spent) == len(statements), (len(spent), len(statements), path)
        pages.append(sum(spent))
        bares.append(bare(statements))
    whole = sum(map(is_read_whole, statements))
    print(f"QUERIES {name}|{len(statements)}|{whole}|{statistics.median(pages):.2f}|{statistics.median(bares):.2f}")
