"""Tables that people have: CSV and xlsx, read as a steward has declared the source's layout."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils import timezone

from indicators.actions.mappings import note_unknown_names
from indicators.calculations.figure_rows import COLUMNS
from indicators.calculations.table_mapping import TableLayout, map_grid
from indicators.models import DataSource, TableMapping
from indicators.refresh.grids import grid_texts, read_grid
from indicators.refresh.names import known_names
from indicators.refresh.reading import NotReadable, RowsNotReadable, Table


def declared(source: DataSource) -> Any:
    mapping = TableMapping.objects.filter(source=source).first()
    return mapping.layout if mapping is not None else None


def texts(data: bytes) -> Iterable[str]:
    """Every word of the file, hidden sheets, comments and properties included."""
    return grid_texts(data)


def read(path: Path, source: DataSource) -> Table:
    """The rows as declared. Raises NotReadable; names of areas that nobody has mapped are listed for a steward."""
    mapping = TableMapping.objects.filter(source=source).first()
    if mapping is None:
        raise NotReadable("mapping_missing")
    layout = TableLayout.from_json(mapping.layout)
    grid = read_grid(path.read_bytes(), sheet=layout.sheet, encoding=layout.encoding)
    mapped = map_grid(grid.lines, layout, known_names())
    if mapped.unknown:
        note_unknown_names(source=source, names=mapped.unknown, now=timezone.now(), by=None)
    if mapped.rejected:
        raise RowsNotReadable(mapped.rejected)
    return Table(COLUMNS, mapped.rows)
