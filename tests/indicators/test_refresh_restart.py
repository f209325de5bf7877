"""PostgreSQL itself is restarted while a refresh stores: a real server, ended at once in the middle of a statement."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.another_server import Server, another_server, ask
from tests.faults.children import POINTS, Child, change_figures
from tests.faults.gate import Gate

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    with another_server() as started:
        started.take_tables_of_the_tests()
        yield started


def test_the_database_is_restarted_in_the_middle_of_storing(server: Server, folder: Path) -> None:
    (before,) = ask(server, "begin", folder)
    assert (before["runs"], before["lights written"]) == (["stored"], 0)
    change_figures(folder)
    gate = Gate(server.dsn)
    gate.shut(*POINTS["half of the figures are in"])
    child = Child(folder, more={"DATABASE_URL": server.address})
    try:
        gate.waiting()
        server.restart_at_once()
        assert "OperationalError" in child.ending()
    finally:
        child.process.kill()
        child.process.wait()
        gate.keeper.close()
    Gate(server.dsn).take_down()

    after, whole = ask(server, "go_on", folder)
    assert after["tables"] == before["tables"], "not a row of it: neither edition, nor figures, nor lights"
    assert after["lights written"] == 0
    # Whether the worker found the server again in time to say so, or left its claim to run out, hangs on the machine.
    assert after["runs"] in (["stored", "failed"], ["stored", "running"])

    assert whole["runs"] == ["stored", "failed", "stored"]
    assert len(whole["tables"]["editions"]) == 2
    assert len(whole["tables"]["figures"]) == len(before["tables"]["figures"]) + 7
    assert (whole["current"], whole["lights written"]) == (16, 0)
