"""The guard of what is frozen: triggers that refuse UPDATE and DELETE, and on PostgreSQL TRUNCATE, on its tables.

The database itself says no, whoever asks: this program, a later one, or somebody at its prompt. Django's remake of a
table on SQLite drops its triggers without a word, so `migrate` sets them up again each time (see
`management/commands/migrate.py`), and a system check and readiness say so when one is missing or is not the one below.

SQLite's REPLACE takes a row away without asking its DELETE trigger. So there a third trigger refuses a row whose place is
taken before REPLACE can clear it.

This module knows the tables by name and imports no model: the checks are registered before models are loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

#: Table -> its unique sets of columns beside the key. A test compares them with the models.
FROZEN_TABLES: dict[str, tuple[tuple[str, ...], ...]] = {
    "initiatives_snapshot": (("meeting_id", "plan_id", "version"),),
    "initiatives_snapshotitem": (("snapshot_id", "key"), ("snapshot_id", "position")),
    "initiatives_snapshotlight": (("snapshot_id", "indicator_code", "area_code", "period"),),
    "initiatives_snapshotredaction": (),
}

MESSAGE = (
    "Frozen rows never change: a correction is the next version of the snapshot. "
    "Removing something unlawful is an operator task, described in docs/redaction.md."
)
FUNCTION = "initiatives_refuse_change_of_frozen_rows"
FUNCTION_BODY = f"\nBEGIN\n    RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'restrict_violation';\nEND;\n"

# Bits of pg_trigger.tgtype.
_ROW, _BEFORE, _DELETE, _UPDATE, _TRUNCATE = 1, 2, 8, 16, 32


def install_triggers(connection: Any) -> None:
    """Set up every trigger that is missing or is another than ours. Tables that do not exist yet are left out."""
    missing = missing_triggers(connection)
    if not missing:
        return
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_function_sql())
        for table, name, create in _expected(connection):
            if name in missing:
                cursor.execute(_drop_sql(connection, table, name))
                cursor.execute(create)


def missing_triggers(connection: Any) -> list[str]:
    """Names of the triggers that are not there, are switched off or do something else. Two queries."""
    expected = _expected(connection)
    found = _found_on_postgres(connection) if connection.vendor == "postgresql" else _found_on_sqlite(connection)
    if connection.vendor == "postgresql":
        return [name for _, name, _ in expected if found.get(name) != _kind_of(name)]
    return [name for _, name, create in expected if found.get(name) != create]


@contextmanager
def lifted(connection: Any) -> Iterator[None]:
    """Without the triggers for a moment. Only for emptying a test database between tests."""
    with connection.cursor() as cursor:
        for table, name, _ in _expected(connection):
            cursor.execute(_drop_sql(connection, table, name))
    try:
        yield
    finally:
        install_triggers(connection)


def _expected(connection: Any) -> list[tuple[str, str, str]]:
    """(table, trigger, the statement that makes it) for the tables that exist."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    make = _postgres_triggers if connection.vendor == "postgresql" else _sqlite_triggers
    return [(table, *row) for table in FROZEN_TABLES if table in there for row in make(table)]


def _drop_sql(connection: Any, table: str, name: str) -> str:
    if connection.vendor == "postgresql":
        return f'DROP TRIGGER IF EXISTS "{name}" ON "{table}"'
    return f'DROP TRIGGER IF EXISTS "{name}"'


# --- SQLite -----------------------------------------------------------------------------------------------------------


def _sqlite_triggers(table: str) -> list[tuple[str, str]]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
    rows = []
    for event in ("UPDATE", "DELETE"):
        name = f"{table}_no_{event.lower()}"
        rows.append((name, f'CREATE TRIGGER "{name}" BEFORE {event} ON "{table}" {refuse}'))
    name = f"{table}_no_replace"
    keys = [("id",), *FROZEN_TABLES[table]]
    same = [" AND ".join(f'"{column}" = NEW."{column}"' for column in columns) for columns in keys]
    taken = " OR ".join(f'EXISTS (SELECT 1 FROM "{table}" WHERE {where})' for where in same)  # noqa: S608  # nosec B608
    rows.append((name, f'CREATE TRIGGER "{name}" BEFORE INSERT ON "{table}" WHEN {taken} {refuse}'))
    return rows


def _found_on_sqlite(connection: Any) -> dict[str, str]:
    """SQLite keeps the statement as it was written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


def _postgres_triggers(table: str) -> list[tuple[str, str]]:
    change, truncate = f"{table}_no_change", f"{table}_no_truncate"
    run = f'EXECUTE FUNCTION "{FUNCTION}"()'
    return [
        (change, f'CREATE TRIGGER "{change}" BEFORE UPDATE OR DELETE ON "{table}" FOR EACH ROW {run}'),
        (truncate, f'CREATE TRIGGER "{truncate}" BEFORE TRUNCATE ON "{table}" FOR EACH STATEMENT {run}'),
    ]


def _function_sql() -> str:
    return f'CREATE OR REPLACE FUNCTION "{FUNCTION}"() RETURNS trigger LANGUAGE plpgsql AS $${FUNCTION_BODY}$$'


def _kind_of(name: str) -> int:
    return _TRUNCATE | _BEFORE if name.endswith("_no_truncate") else _ROW | _BEFORE | _UPDATE | _DELETE


def _found_on_postgres(connection: Any) -> dict[str, int]:
    """The triggers that are on, ask no further condition, stand on their own table and run our function as it is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, t.tgtype FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE t.tgenabled IN ('O', 'A') AND t.tgqual IS NULL AND cardinality(t.tgattr) = 0"
            " AND pg_table_is_visible(c.oid) AND t.tgname LIKE c.relname || '\\_no\\_%%'"
            " AND p.proname = %s AND p.prosrc = %s",
            [FUNCTION, FUNCTION_BODY],
        )
        return dict(cursor.fetchall())
