"""A gate in the database: whoever does a certain deed stands in the middle of it until the test opens the gate."""

from __future__ import annotations

import psycopg
from django.db import connection

from tests.faults.processes import wait_for

LOCK = 20261102


def address_of_the_tests() -> str:
    """The test database, for a connection of its own."""
    facts = connection.settings_dict
    keys = {"dbname": facts["NAME"], "host": facts["HOST"], "port": facts["PORT"], "user": facts["USER"]}
    keys |= {"password": facts["PASSWORD"], **{k: v for k, v in facts["OPTIONS"].items() if k == "host"}}
    return psycopg.conninfo.make_conninfo(**{name: value for name, value in keys.items() if value})


class Gate:
    """Shut: whoever comes to it waits in the database until it is opened."""

    def __init__(self, address: str) -> None:
        self.keeper = psycopg.connect(address, autocommit=True)

    def shut(self, table: str, deed: str, when: str) -> None:
        self.keeper.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        self.keeper.execute(
            "CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN PERFORM pg_advisory_xact_lock({LOCK}); RETURN NEW; END $$"
        )
        self.keeper.execute(
            f"CREATE TRIGGER gate BEFORE {deed} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION wait_at_gate()"
        )

    def waiting(self, number: int = 1) -> list[int]:
        """The servers of whoever waits at the gate, as soon as there are so many."""
        sql = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = %s"

        def found() -> list[int]:
            pids = [row[0] for row in self.keeper.execute(sql, [LOCK])]
            return pids if len(pids) == number else []

        return list(wait_for(found, 60, f"{number} at the gate"))

    def open(self) -> None:
        self.keeper.execute("SELECT pg_advisory_unlock_all()")

    def gone(self, pids: list[int]) -> None:
        """Waits until the servers have ended, and with them what they had not committed."""
        sql = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)"
        wait_for(lambda: self.keeper.execute(sql, [pids]).fetchone() == (0,), 60, "the servers to end")

    def end(self, pids: list[int]) -> None:
        """Ends the servers where they stand: what they were about to write is not written."""
        for pid in pids:
            self.keeper.execute("SELECT pg_terminate_backend(%s)", [pid])
        self.gone(pids)

    def remove(self) -> None:
        """Nobody waits any longer, and it can be shut elsewhere."""
        self.open()
        self.keeper.execute("DROP FUNCTION IF EXISTS wait_at_gate() CASCADE")

    def take_down(self) -> None:
        self.remove()
        self.keeper.close()
