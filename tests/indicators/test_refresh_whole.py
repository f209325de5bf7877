"""What PostgreSQL compares and stores by whole tables is what is compared and stored row by row."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from indicators.actions import assessments
from indicators.actions.catalogue import load_catalogue
from indicators.copying import copied
from indicators.models import DataSource
from indicators.refresh import comparing, deciding, elsewhere, storing
from indicators.refresh.running import refresh_source
from tests.indicators.random_figures import ANYTHING_GOES, AREAS, one_row, write_rows
from tests.indicators.tables_of_figures import everything
from tests.indicators.world import HEADER, edit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.slow]

BEGUN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def a_file(draw: random.Random, before: dict[tuple[str, ...], str], editions: tuple[str, ...]) -> dict[Any, str]:
    """Most rows as in the file before, some others, some new, some gone."""
    rows: dict[tuple[str, ...], str] = {}
    for edition in editions:
        for indicator, areas in AREAS.items():
            for area in areas:
                for period in ("2021", "2022", "2023"):
                    key = edition, indicator, area, period
                    old, chance = before.get(key), draw.random()
                    if old and chance < 0.7:
                        rows[key] = old
                    elif chance < 0.9:
                        rows[key] = one_row(draw, indicator, area, period)
    keys = list(rows)
    draw.shuffle(keys)
    return {key: rows[key] for key in keys}


@contextmanager
def row_by_row(patch: pytest.MonkeyPatch) -> Iterator[None]:
    with patch.context() as inside:
        for module in (comparing, elsewhere, storing, assessments):
            inside.setattr(module, "can_copy", lambda: False)
        yield


def story(seed: int, folder: Path) -> list[tuple[str, datetime, Path]]:
    """Files of two sources in turn: one of a single publication, one whose rows name two."""
    draw = random.Random(seed)
    found, before = [], dict[str, dict[tuple[str, ...], str]]()
    for number in range(6):
        name = draw.choice(("nationale_maal", "tidligere_tal"))
        editions = ("maal-2024",) if name == "nationale_maal" else ("maal-2023", "maal-2024")
        before[name] = rows = a_file(draw, before.get(name, {}), editions)
        path = folder / f"{seed}-{number}.csv"
        lines = [f"{row},{key[0]}" for key, row in rows.items()]
        path.write_text("\n".join([HEADER.strip() + ",edition", *lines]) + "\n", encoding="utf-8")
        found.append((name, BEGUN + timedelta(hours=number), path))
    return found


def told(files: list[tuple[str, datetime, Path]], folder: Path) -> None:
    for name, now, path in files:
        refresh_source(name, path=path, now=now, folder=folder)


@pytest.mark.parametrize("seed", range(12))
def test_both_ways_leave_the_same_tables(
    seed: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_catalogue(by=None, folder=folder)
    DataSource.objects.update(bounds=ANYTHING_GOES)
    files = story(seed, tmp_path)
    found = []
    for way in (row_by_row(monkeypatch), transaction.atomic()):
        with transaction.atomic():
            with way:
                told(files, folder)
                found.append(everything())
            transaction.set_rollback(True)
    slow, fast = found
    for table, rows in slow.items():
        assert rows == fast[table], table
    states = [row.split("'")[1] for row in fast["runs"]]
    assert states.count("stored") > 3, states
    assert any("corrected" in row for row in fast["figures"])


def test_a_file_outside_its_bounds_waits_with_the_same_difference(
    loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a steward approves is known by its fingerprint: it must be the same however it was found."""
    rows = a_file(random.Random(1), {}, ("maal-2024",))
    path = tmp_path / "another.csv"
    path.write_text(HEADER.strip() + ",edition\n" + "\n".join(f"{row},{key[0]}" for key, row in rows.items()) + "\n")
    found = []
    for way in (row_by_row(monkeypatch), transaction.atomic()):
        with transaction.atomic():
            with way:
                run = refresh_source("nationale_maal", path=path, now=BEGUN + timedelta(days=3), folder=loaded)
                kept = [
                    repr(one) for one in run.differences.order_by("pk").values_list("kind", "line", "alarm", "after")
                ]
                found.append((run.state, run.reasons, run.rows_vanished, kept))
                assert len(run.difference_fingerprint) == 64
                fingerprints = run.difference_fingerprint
            transaction.set_rollback(True)
        found[-1] += (fingerprints,)
    assert found[0] == found[1]
    assert found[0][0] == "waiting"


@pytest.mark.parametrize("seed", range(3))
def test_figures_that_others_give_too_are_counted_and_named_alike(
    seed: int, loaded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that name two publications, against two sources that hold some of the same, one of them twice over."""
    refresh_source("tidligere_tal", folder=loaded)
    DataSource.objects.create(name="haand", title="I hånden", reader="tidligere_tal")
    draw = random.Random(seed)
    rows = a_file(draw, {}, ("maal-2023", "maal-2024"))
    path = tmp_path / "haand.csv"
    path.write_text(HEADER.strip() + ",edition\n" + "\n".join(f"{row},{key[0]}" for key, row in rows.items()) + "\n")
    edit(loaded, "figures.csv", "genindlaeggelser,000,2023,,11,11,", 'genindlaeggelser,000,2023,,10.4,"10,4",')
    assert refresh_source("nationale_maal", folder=loaded).state == "stored"
    monkeypatch.setattr(deciding, "MOST_KEPT", 12)
    found = []
    for way in (row_by_row(monkeypatch), transaction.atomic()):
        with transaction.atomic():
            with way:
                run = refresh_source("haand", path=path, now=BEGUN + timedelta(days=3), folder=loaded)
                found.append((run.reasons, everything()["changes"]))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert [reason["code"] for reason in found[0][0]] == ["first_file", "elsewhere", "elsewhere"]
    assert sum("'elsewhere'" in change for change in found[0][1]) > 3


def test_a_larger_file_takes_no_more_statements(loaded: Path, tmp_path: Path) -> None:
    """On PostgreSQL the number of statements hangs on indicators and editions, not on rows."""
    DataSource.objects.update(bounds=ANYTHING_GOES)
    counts = []
    for seed, periods in enumerate((range(2000, 2002), range(1900, 1998))):
        path = tmp_path / f"{seed}.csv"
        count = write_rows(path, random.Random(seed), periods)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            run = refresh_source("tidligere_tal", path=path, folder=loaded)
        assert run.rows_new == count
        counts.append(len(captured))
    # The kept rows of the difference, 200 at a time, and the file before, that vanishes.
    assert counts[1] - counts[0] < 40, counts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "\\N"),
        ("", ""),
        ("a\tb\nc\\N\r", "a\\tb\\nc\\\\N\\r"),
        (True, "t"),
        (0, "0"),
        (BEGUN.date(), "2026-11-02"),
    ],
)
def test_a_cell_of_copy(value: Any, text: str) -> None:
    assert copied(value) == text
