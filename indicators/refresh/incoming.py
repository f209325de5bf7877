"""Accepted rows as a temporary table of PostgreSQL, so that a million of them are compared and stored by a few statements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from indicators.calculations.figure_rows import FigureRow
from indicators.copying import copied, copy_lines
from indicators.refresh.checking import Figures

TABLE = "figures_incoming"
#: Which figure it is, and what is said of it: columns of the table of figures.
KEY = ("indicator_id", "area_id", "period", "breakdown")
CONTENT = (
    "value",
    "printed",
    "reason",
    "footnotes",
    "method",
    "carried_over",
    "published_level",
    "published_development",
    "published_basis",
)
COLUMNS = (*KEY, "period_start", "period_end", "flag", *CONTENT)
_ROWS = 20_000  # made into text at a time


@dataclass(frozen=True)
class Keys:
    """Primary keys by code."""

    indicators: Mapping[str, int]
    areas: Mapping[str, int]

    def of(self, row: FigureRow) -> tuple[int, int, str, str]:
        return self.indicators[row.indicator], self.areas[row.area], row.period, row.breakdown


def lay_out(*groups: Figures, keys: Keys, names: Sequence[str] = COLUMNS) -> None:
    """The rows of all groups in the temporary table, each with its place among them all and its edition's slug.

    names: the columns wanted, all of them unless said. To be called in a transaction: the table goes when it ends.
    """
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        # A transaction in a test has no end between two files.
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{TABLE}")
        cursor.execute(
            f"CREATE TEMPORARY TABLE {TABLE} ON COMMIT DROP AS "  # noqa: S608  # nosec B608: our own names
            f"SELECT 0 AS place, ''::varchar AS slug, {columns} FROM indicators_observation WITH NO DATA"
        )
    first = 0
    for rows in groups:
        if rows:
            copy_lines(TABLE, ("place", "slug", *names), _lines(rows, keys, names, first))
        first += len(rows)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {TABLE}")


def _lines(rows: Figures, keys: Keys, names: Sequence[str], first: int) -> Iterator[str]:
    """Each different cell is made into text once. first: the place of the first row."""
    import numpy as np

    primary = {"indicator_id": ("indicator", keys.indicators), "area_id": ("area", keys.areas)}
    columns = []
    for name in ("slug", *names):
        field, pks = primary.get(name, ("edition" if name == "slug" else name, None))
        column = rows.fields[field]
        values: Any = column.values if pks is None else map(pks.get, column.values)
        columns.append((column.codes, np.array([copied(value) for value in values], dtype=object)))
    for start in range(0, len(rows), _ROWS):
        places = map(str, range(first + start, first + min(start + _ROWS, len(rows))))
        cells = [texts[codes[start : start + _ROWS]].tolist() for codes, texts in columns]
        yield from map("\t".join, zip(places, *cells, strict=True))
