"""PostgreSQL knows how much a large refresh has stored while it goes on, whenever autovacuum comes by."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from indicators.actions import assessments
from indicators.models import DataSource, Observation
from indicators.refresh import storing
from indicators.refresh.running import refresh_source
from tests.faults.gate import address_of_the_tests
from tests.indicators.random_figures import ANYTHING_GOES, write_rows

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]

FIGURES, LIGHTS = "indicators_observation", "indicators_assessment"


@pytest.fixture
def autovacuum(transactional_db: None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(address_of_the_tests(), autocommit=True) as another:
        another.execute("SET lock_timeout = '200ms'")
        yield another


def counted(table: str) -> int:
    """How many rows PostgreSQL plans for."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [table])
        return int(cursor.fetchone()[0])


def test_rows_not_yet_committed_are_counted(
    loaded: Path, tmp_path: Path, autovacuum: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Autovacuum takes them for none; the refresh counts them itself, and nobody counts again before it ends."""
    for module in (storing, assessments):
        monkeypatch.setattr(module, "MANY", 100)
    seen: dict[str, Any] = {}
    insert, verify = storing.insert_whole, storing._verify

    def inserted(*args: Any) -> None:
        insert(*args)
        autovacuum.execute(f"ANALYZE {FIGURES}")
        seen["by autovacuum"] = counted(FIGURES)

    def verified(*args: Any, **facts: Any) -> None:
        seen["figures"], seen["lights"] = counted(FIGURES), counted(LIGHTS)
        for table in (FIGURES, LIGHTS):
            with pytest.raises(psycopg.errors.LockNotAvailable):
                autovacuum.execute(f"ANALYZE {table}")
        verify(*args, **facts)

    monkeypatch.setattr(storing, "insert_whole", inserted)
    monkeypatch.setattr(storing, "_verify", verified)
    DataSource.objects.update(bounds=ANYTHING_GOES)
    path = tmp_path / "many.csv"
    count = write_rows(path, random.Random(1), range(1900, 1960))
    before = Observation.objects.count()
    run = refresh_source("tidligere_tal", path=path, folder=loaded)
    assert (run.state, run.rows_new) == ("stored", count)
    assert seen["by autovacuum"] == before
    assert seen["figures"] == Observation.objects.count()
    assert seen["lights"] >= count / 2, "counted whenever twice as many have come"
