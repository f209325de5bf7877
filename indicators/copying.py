"""Many rows into a table at once: PostgreSQL's COPY, in its text format. Other databases take the ordinary way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

NOTHING = "\\N"
MANY = 10_000  # rows from which on PostgreSQL is told that they have come
_LINES = 20_000  # sent at a time
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def can_copy() -> bool:
    return connection.vendor == "postgresql"


def copied(value: Any) -> str:
    """The cell as COPY reads it: text, numbers, truth, days, and None for no value."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return str(value).translate(_ESCAPED)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return str(int(value))


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[str]) -> None:
    """Each line is a row's cells as `copied` writes them, with tabs between, in the order of the columns."""
    quoted = ", ".join(connection.ops.quote_name(name) for name in columns)
    rest = iter(lines)
    with (
        connection.wrap_database_errors,  # the cursor does it for statements, not for what is copied
        connection.cursor() as cursor,
        cursor.copy(f"COPY {connection.ops.quote_name(table)} ({quoted}) FROM STDIN") as copy,
    ):
        while piece := list(islice(rest, _LINES)):
            copy.write("\n".join(piece) + "\n")


def copied_rows(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    return ("\t".join(map(copied, row)) for row in rows)


def count_anew(*models: type[Model]) -> None:
    """PostgreSQL looks at how much the tables hold, and nobody looks again before the transaction ends.

    Autovacuum that comes by on its own takes rows not yet committed for none. The questions that follow in the transaction are
    then planned for an empty table: each of a million figures went through all the lights, and a refresh took hours.
    """
    if can_copy():
        with connection.cursor() as cursor:
            tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
            cursor.execute(f"ANALYZE {tables}")
