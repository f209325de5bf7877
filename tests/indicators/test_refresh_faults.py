"""A refresh that is killed, cut off or doubled in the middle of storing: never half an edition, and the next run does it whole.

Where it is stopped is a gate in the database: a trigger that waits for a lock the test holds. So it stands in the middle of
a statement, with rows behind it and rows before it, until the test has done its deed. Nothing here waits for a while.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from indicators.actions.assessments import assess, indicators_with_figures
from indicators.actions.catalogue import load_catalogue
from indicators.models import Edition, Indicator, Observation, RefreshRun, RunState
from indicators.refresh.claims import HEARTBEAT_LIMIT
from indicators.refresh.running import AlreadyRunning, refresh_source
from tests.faults.children import POINTS, Child, change_figures
from tests.faults.gate import Gate, address_of_the_tests
from tests.faults.processes import wait_for
from tests.indicators.tables_of_figures import everything

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def gate(transactional_db: None) -> Iterator[Gate]:
    made = Gate(address_of_the_tests())
    yield made
    made.take_down()


@pytest.fixture
def children() -> Iterator[ExitStack]:
    """None of them outlives its test."""
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def changed(transactional_db: None, folder: Path) -> Path:
    """The figures of the small catalogue are stored, and its file now has one other figure and two more years."""
    load_catalogue(by=None, folder=folder)
    refresh_source("nationale_maal", folder=folder)
    change_figures(folder)
    return folder


def start(children: ExitStack, *what: Any) -> Child:
    child = Child(*what)
    children.callback(child.process.wait)
    children.callback(child.process.kill)
    return child


def figures() -> dict[str, list[str]]:
    """All but what the runs say of themselves."""
    return {name: rows for name, rows in everything().items() if name != "runs"}


def check_whole(before: dict[str, list[str]]) -> None:
    """Everything of the file is stored, and the lights are those of the figures."""
    assert Edition.objects.count() == 2
    assert len(everything()["figures"]) == len(before["figures"]) + 7
    assert Observation.objects.current().count() == 16
    assert assess(indicator_ids=indicators_with_figures()).written == 0
    assert RefreshRun.objects.filter(state=RunState.STORED).count() == 2


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_killed_in_the_middle(point: str, changed: Path, gate: Gate, children: ExitStack) -> None:
    before = figures()
    gate.shut(*POINTS[point])
    child = start(children, changed)
    servers = gate.waiting()
    child.kill()
    gate.open()
    gate.gone(servers)
    assert figures() == before
    assert RefreshRun.objects.filter(state=RunState.RUNNING).count() == 1
    with pytest.raises(AlreadyRunning):  # it may still live, for all we know
        refresh_source("nationale_maal", folder=changed)
    later = timezone.now() + HEARTBEAT_LIMIT + timedelta(seconds=30)
    assert refresh_source("nationale_maal", folder=changed, now=later).state == RunState.STORED
    check_whole(before)


@pytest.mark.parametrize("point", POINTS)
def test_the_database_goes_away_in_the_middle(point: str, changed: Path, gate: Gate, children: ExitStack) -> None:
    """What a restart does to a worker: all its connections are ended by the server, the one of its sign of life too."""
    before = figures()
    gate.shut(*POINTS[point])
    child = start(children, changed)
    servers = gate.waiting()
    others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid NOT IN (%s, %s)"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        ours = cursor.fetchone()[0]
    theirs = [row[0] for row in gate.keeper.execute(others, [ours, gate.keeper.info.backend_pid])]
    assert set(servers) <= set(theirs)
    gate.end(theirs)
    assert "OperationalError" in child.ending()
    assert figures() == before
    gate.open()
    # The worker came back to say so.
    assert RefreshRun.objects.filter(state=RunState.FAILED).count() == 1
    assert refresh_source("nationale_maal", folder=changed).state == RunState.STORED
    check_whole(before)


def test_two_refreshes_of_one_source_begin_at_the_same_moment(changed: Path, gate: Gate, children: ExitStack) -> None:
    """Both have seen that nobody is at it, and wait before they claim the source: the database lets one."""
    before = figures()
    gate.shut("indicators_refreshrun", "INSERT", "true")
    two = [start(children, changed) for _ in range(2)]
    gate.waiting(2)
    gate.open()
    assert sorted(child.ending() for child in two) == ["ended: already running", "ended: stored"]
    check_whole(before)


def test_a_second_refresh_of_the_source_while_the_first_one_stores(
    changed: Path, gate: Gate, children: ExitStack
) -> None:
    before = figures()
    gate.shut(*POINTS["half of the figures are in"])
    first = start(children, changed)
    gate.waiting()
    assert start(children, changed).ending() == "ended: already running"
    gate.open()
    assert first.ending() == "ended: stored"
    check_whole(before)


def test_two_sources_with_figures_of_the_same_indicator_wait_for_each_other(
    changed: Path, gate: Gate, children: ExitStack
) -> None:
    """The country's figure of the year before comes from the other source: both must see what both have stored."""
    gate.shut(*POINTS["half of the figures are in"])
    first = start(children, changed)
    servers = gate.waiting()
    second = start(children, changed, "tidligere_tal")
    held = "SELECT count(*) FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid))"
    wait_for(lambda: gate.keeper.execute(held, servers).fetchone() == (1,), 60, "the second to wait for the first")
    gate.open()
    assert {first.ending(), second.ending()} == {"ended: stored"}
    assert Edition.objects.count() == 3
    assert Indicator.objects.get(code="genindlaeggelser").observations.filter(period="2022").count() == 1
    assert assess(indicator_ids=indicators_with_figures()).written == 0
