"""A table as a JSON-stat 2.0 dataset.

The key columns are the dimensions, the measure columns one more (`role.metric`). A table whose keys do not tell all rows
apart, or that has none, gets its row numbers as a dimension; `extension.cube` says so. What stands in words beside a
number (lights, reasons, unit) is in `extension.words`, by the index of the row's first cell.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from indicators.exports.facts import Blank, Cell, Column, Number, Table
from indicators.exports.notes import notes

ROW = "row"
MEASURE = "measure"
#: Up to so many cells for each that is filled, all are listed; above it only the filled ones are.
DENSE = 2


def jsonstat_file(table: Table) -> bytes:
    return json.dumps(dataset(table), ensure_ascii=False, separators=(",", ":")).encode()


def dataset(table: Table) -> dict[str, Any]:
    rows = [tuple(row) for row in table.rows]
    dimensions, places, numbered = _dimensions(table, rows)
    measures = table.measures
    sizes = [len(dimension[1]) for dimension in dimensions]
    cells: dict[int, Cell] = {}
    words: dict[str, dict[str, str]] = {}
    beside = [(n, column) for n, column in enumerate(table.columns) if not column.measure and not column.key]
    where = [n for n, column in enumerate(table.columns) if column.measure]
    for row, place in zip(rows, places, strict=True):
        first = _index([*place, 0], [*sizes, len(measures)])
        cells |= {first + number: row[column] for number, column in enumerate(where)}
        for number, column in beside:
            if row[number] != "":
                words.setdefault(column.title, {})[str(first)] = str(row[number])
    total = len(measures)
    for size in sizes:
        total *= size
    return {
        **_head(table),
        "id": [code for code, _values, _column in dimensions] + [MEASURE],
        "size": [*sizes, len(measures)],
        "role": _roles(dimensions),
        "dimension": {**_described(dimensions), MEASURE: _measures(measures)},
        **_values(cells, total),
        "extension": {
            "cube": _made(numbered),
            "words": words,
            "editions": _editions(table),
            "fetched": table.retrieved_at.astimezone(UTC).isoformat(timespec="seconds"),
        },
    }


Dimension = tuple[str, list[str], Column | None]


def _dimensions(table: Table, rows: Sequence[tuple[Cell, ...]]) -> tuple[list[Dimension], list[list[int]], bool]:
    """The dimensions with their values in order of appearance, each row's place in them, and whether rows are numbered."""
    keys = [(n, column) for n, column in enumerate(table.columns) if column.key]
    order: list[dict[str, int]] = [{} for _key in keys]
    places = []
    for row in rows:
        texts = [str(row[n]) for n, _column in keys]
        places.append([seen.setdefault(text, len(seen)) for seen, text in zip(order, texts, strict=True)])
    found: list[Dimension] = [(column.code, list(seen), column) for seen, (_n, column) in zip(order, keys, strict=True)]
    numbered = not keys or len({tuple(place) for place in places}) < len(places)
    if numbered:
        found = [(ROW, [str(number) for number in range(1, len(rows) + 1)], None)]
        places = [[number] for number in range(len(rows))]
    return found, places, numbered


def _index(place: Sequence[int], sizes: Sequence[int]) -> int:
    """The last dimension runs fastest."""
    index = 0
    for number, size in zip(place, sizes, strict=True):
        index = index * size + number
    return index


def _described(dimensions: Sequence[Dimension]) -> dict[str, Any]:
    return {
        code: {
            "label": column.title if column else _("Row"),
            "category": {"index": values, "label": {value: value for value in values}},
        }
        for code, values, column in dimensions
    }


def _measures(measures: Sequence[Column]) -> dict[str, Any]:
    return {
        "label": _("Measured"),
        "category": {
            "index": [column.code for column in measures],
            "label": {column.code: column.title for column in measures},
        },
    }


def _roles(dimensions: Sequence[Dimension]) -> dict[str, list[str]]:
    roles: dict[str, list[str]] = {}
    for code, _values, column in dimensions:
        if column is not None and column.role:
            roles.setdefault(column.role, []).append(code)
    return {**roles, "metric": [MEASURE]}


def _values(cells: dict[int, Cell], total: int) -> dict[str, Any]:
    """`status` is given for what is not there: the kind of blank. A place no row speaks of has neither."""
    numbers = {index: _number(cell) for index, cell in cells.items()}
    status = {str(index): cell.status for index, cell in sorted(cells.items()) if isinstance(cell, Blank)}
    if total > DENSE * max(len(cells), 1):
        listed: Any = {str(index): number for index, number in sorted(numbers.items()) if number is not None}
    else:
        listed = [numbers.get(index) for index in range(total)]
    return {"value": listed, "status": status} if status else {"value": listed}


def _number(cell: Cell) -> int | float | None:
    if isinstance(cell, Number):
        value = round(cell.value, cell.decimals) if cell.decimals else cell.value.to_integral_value()
        return int(value) if value == value.to_integral_value() and not cell.decimals else float(Decimal(value))
    return cell if isinstance(cell, int) else None


def _head(table: Table) -> dict[str, Any]:
    sources = dict.fromkeys(", ".join(filter(None, (one.publisher, one.title))) for one in table.sources)
    updated = {"updated": table.changed_at.astimezone(UTC).isoformat(timespec="seconds")} if table.changed_at else {}
    return {
        "version": "2.0",
        "class": "dataset",
        "href": table.address,
        "label": table.title,
        "source": "; ".join(sources),
        **updated,
        "note": [f"{term}: {text}" for term, text in notes(table)],
    }


def _editions(table: Table) -> list[dict[str, str]]:
    return [
        {
            "title": one.title,
            "published": one.published,
            "publisher": one.publisher,
            "licence": one.licence,
            "url": one.url,
        }
        for one in table.sources
    ]


def _made(numbered: bool) -> str:
    if numbered:
        return _("The table is a list. Its rows are numbered, and the number is the dimension.")
    return _("The key columns of the table are the dimensions, and what is measured is the last one.")
