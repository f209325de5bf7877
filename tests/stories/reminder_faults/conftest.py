"""A crew of real workers, a mail server that can be told what to do, and a clock that can be set."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ON_POSTGRES
from tests.faults.clock import Clock
from tests.faults.processes import Crew, crew
from tests.faults.sink import Sink, listening

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if ON_POSTGRES and os.environ.get("TEST_REDIS_URL"):
        return
    skip = pytest.mark.skip(reason="needs a real PostgreSQL and a real Redis; `make test` has both")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(skip)


@pytest.fixture(scope="module")
def module_sink() -> Iterator[Sink]:
    with listening(Sink()) as sink:
        yield sink


@pytest.fixture(scope="module")
def module_crew(django_db_setup: None, module_sink: Sink, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crew]:
    folder = tmp_path_factory.mktemp("crew")
    clock = Clock(folder / "clock")
    clock.file.write_text("0")
    with crew(folder, module_sink, clock) as made:
        yield made


@pytest.fixture
def sink(module_sink: Sink) -> Sink:
    module_sink.accepted.clear()
    module_sink.deeds.clear()
    module_sink.seen.clear()
    return module_sink


@pytest.fixture
def workers(transactional_db: None, sink: Sink, module_crew: Crew) -> Iterator[Crew]:
    """One worker is kept for the next test: it carries nothing over but its warmth."""
    module_crew.empty_queue()
    yield module_crew
    module_crew.dismiss(keep=module_crew.spare if module_crew.spare and module_crew.spare.is_alive() else None)


@pytest.fixture
def clock(workers: Crew) -> Clock:
    return workers.clock
