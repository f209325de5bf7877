"""Figures are fetched by real workers while things go wrong: a worker is killed, a source is in trouble, two come at once.

Where something happens is decided by the statbank of the test, which holds an answer back, or by a gate in the database.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.db.models import F
from django.test import Client

from indicators.actions.assessments import assess, indicators_with_figures
from indicators.actions.figure_runs import approve_run
from indicators.models import Edition, Observation, RefreshRun, RunState
from indicators.refresh.claims import HEARTBEAT_LIMIT
from tests.conftest import ON_POSTGRES
from tests.faults.gate import Gate, address_of_the_tests
from tests.faults.processes import wait_for
from tests.faults.refresh_crew import RefreshCrew, refresh_crew
from tests.indicators.life_expectancy import FIGURES, add_tables
from tests.statbank_server import Statbank

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (ON_POSTGRES and os.environ.get("TEST_REDIS_URL")),
        reason="needs a real PostgreSQL and a real Redis; `make test` has both",
    ),
]

REGIONS, MUNICIPALITIES = "statbank_hisbr", "statbank_hisbk"
RUN = "indicators_refreshrun"


@pytest.fixture(scope="module")
def module_bank() -> Iterator[Statbank]:
    with Statbank() as found:
        add_tables(found)
        yield found


@pytest.fixture(scope="module")
def module_crew(
    django_db_setup: None, module_bank: Statbank, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RefreshCrew]:
    with refresh_crew(tmp_path_factory.mktemp("crew"), module_bank) as made:
        made.start()
        made.start()
        yield made


@pytest.fixture
def bank(module_bank: Statbank) -> Statbank:
    module_bank.faults.clear()
    module_bank.held.clear()
    module_bank.release.clear()
    return module_bank


@pytest.fixture
def crew(transactional_db: None, bank: Statbank, module_crew: RefreshCrew) -> RefreshCrew:
    """The workers, the catalogue without any figures, and nothing in the queue."""
    module_crew.empty_queue()
    call_command("load_catalogue", without_figures=True, stdout=StringIO())
    return module_crew


@pytest.fixture
def gate(transactional_db: None) -> Iterator[Gate]:
    made = Gate(address_of_the_tests())
    yield made
    made.take_down()


def runs(source: str) -> list[RefreshRun]:
    return list(RefreshRun.objects.filter(source__name=source).order_by("pk"))


def shown(client: Client) -> str:
    return client.get("/data/").content.decode().replace("\N{NO-BREAK SPACE}", " ")


def wait_for_steward(source: str, crew: RefreshCrew) -> RefreshRun:
    """The run that has come to its end: a source's first file waits for a person."""
    found: RefreshRun = wait_for(
        RefreshRun.objects.filter(source__name=source, state=RunState.WAITING).first, 60, source, crew.tell
    )
    return found


def approve(source: str, crew: RefreshCrew) -> None:
    """A steward approves what waits, and a worker stores it."""
    run = wait_for_steward(source, crew)
    approve_run(run=run, by=None, seen=run.difference_fingerprint)
    crew.wait_for_end(crew.publish(run.pk))


def two_minutes_pass() -> None:
    """For whoever looks at the signs of life."""
    RefreshRun.objects.update(heartbeat_at=F("heartbeat_at") - HEARTBEAT_LIMIT)


def test_a_source_in_trouble_is_asked_again_and_holds_no_other_up(
    crew: RefreshCrew, bank: Statbank, client: Client
) -> None:
    """Given a source that fails three times, each in its way, its neighbour is read at once and it itself in the end."""
    crew.need(1)
    bank.faults["HISBR"] = ["500", "slow", "hang up"]
    crew.fetch(REGIONS)
    crew.fetch(MUNICIPALITIES)
    last = wait_for_steward(REGIONS, crew)

    (neighbour,) = runs(MUNICIPALITIES)
    assert (neighbour.state, neighbour.rows_new) == (RunState.WAITING, FIGURES[MUNICIPALITIES])
    assert neighbour.finished_at is not None
    assert neighbour.finished_at < last.started_at

    *failed, done = runs(REGIONS)
    assert [(run.state, run.attempt) for run in failed] == [(RunState.FAILED, attempt) for attempt in (1, 2, 3)]
    assert (done.attempt, done.rows_new, done.next_try_at) == (4, FIGURES[REGIONS], None)
    why = (
        "Kilden har selv problemer. Dens svar: 500.",
        "Kilden svarede ikke i tide.",
        "Svaret blev afbrudt, før det var slut.",
    )
    assert tuple(run.message for run in failed) == why
    pauses = [run.next_try_at - run.finished_at for run in failed if run.next_try_at and run.finished_at]
    assert len(pauses) == 3
    assert all(longer > shorter for shorter, longer in pairwise(pauses))
    for before, after in pairwise(runs(REGIONS)):
        assert before.next_try_at is not None
        assert after.started_at > before.next_try_at - timedelta(seconds=0.1)
    text = shown(client)
    for attempt, sentence in enumerate(why, start=1):
        assert sentence in text
        assert f"Forsøg {attempt}. Kilden spørges igen" in text


def test_two_workers_at_the_same_moment(crew: RefreshCrew, gate: Gate) -> None:
    """One source gets one claim; two with figures of the same indicators are both stored whole, and the lights agree."""
    crew.need(2)
    gate.shut(RUN, "INSERT", "true")
    same = [crew.fetch(REGIONS) for _ in range(2)]
    gate.waiting(2)  # both have seen that nobody is at it
    gate.remove()
    crew.wait_for_end(*same)
    assert [(run.state, run.rows_new) for run in runs(REGIONS)] == [(RunState.WAITING, FIGURES[REGIONS])]
    assert "is being fetched already" in crew.tell()

    gate.shut(RUN, "UPDATE", "NEW.step = 'storing'")
    both = [crew.fetch("nationale_maal"), crew.fetch("tidligere_tal")]
    gate.waiting(2)  # both have compared with what stood before either of them
    gate.remove()
    crew.wait_for_end(*both)
    counts = {}
    for name in ("nationale_maal", "tidligere_tal"):
        (run,) = runs(name)
        assert run.state == RunState.STORED
        counts[name] = Observation.objects.filter(edition__source__name=name).count()
        assert counts[name] == run.rows_new
    assert counts["nationale_maal"] == 1669
    shared = Observation.objects.filter(edition__source__name="nationale_maal").values("indicator")
    assert Observation.objects.filter(edition__source__name="tidligere_tal", indicator__in=shared).exists()
    assert assess(indicator_ids=indicators_with_figures()).written == 0


def test_a_killed_worker_is_followed_by_the_next(crew: RefreshCrew, bank: Statbank, gate: Gate, client: Client) -> None:
    """Killed while it fetches, the next one killed while it checks: the third leads to one edition, and the runs say why."""
    crew.need(2)
    bank.faults["HISBK"] = ["hold"]
    first = crew.fetch(MUNICIPALITIES)
    assert bank.held.wait(60), crew.tell()
    (run,) = runs(MUNICIPALITIES)
    assert (run.state, run.step) == (RunState.RUNNING, "fetching")
    crew.holder(first).kill()
    bank.release.set()
    crew.start()  # one in its place, as whoever looks after the service does

    crew.wait_for_end(crew.fetch(MUNICIPALITIES))
    assert len(runs(MUNICIPALITIES)) == 1, "it may still live, for all we know"

    two_minutes_pass()
    gate.shut(RUN, "UPDATE", "NEW.step = 'comparing'")
    second = crew.fetch(MUNICIPALITIES)
    servers = gate.waiting()
    assert [(run.state, run.step) for run in runs(MUNICIPALITIES)] == [
        (RunState.FAILED, ""),
        (RunState.RUNNING, "checking"),
    ]
    crew.holder(second).kill()
    gate.end(servers)
    gate.remove()
    assert not Edition.objects.exists()
    assert not Observation.objects.exists()

    two_minutes_pass()
    crew.need(1)
    crew.wait_for_end(crew.fetch(MUNICIPALITIES))
    assert not Observation.objects.exists(), "nobody has looked"
    approve(MUNICIPALITIES, crew)
    gone = (RunState.FAILED, "Kørslen gik i stå og blev overtaget.")
    assert [(run.state, run.message) for run in runs(MUNICIPALITIES)] == [gone, gone, (RunState.STORED, "")]
    assert Edition.objects.count() == 1
    assert Observation.objects.count() == FIGURES[MUNICIPALITIES]
    assert shown(client).count(gone[1]) == 2
