"""Reads the figures as the catalogue lays them out (indicators/catalogue/README.md): comma, header, decimal point."""

from __future__ import annotations

from pathlib import Path

from indicators.models import DataSource
from indicators.refresh.columns import ColumnRows
from indicators.refresh.reading import NotReadable, Table


def read(path: Path, source: DataSource) -> Table:
    """The cells as text, with the line of each row. Raises NotReadable.

    The header is read as a row like the others: only then does pandas refuse a row that is longer than it, instead of
    taking its first cell for an index. Empty lines are kept so that the line numbers are the file's own. As categories
    each different text is kept once, which is what makes a million rows small.
    """
    import numpy as np
    import pandas as pd

    try:
        frame = pd.read_csv(
            path, header=None, dtype="category", keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
    except pd.errors.EmptyDataError:
        raise NotReadable("no_rows") from None
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError):
        raise NotReadable("not_readable") from None
    found = ColumnRows.of_frame(frame, np.arange(1, len(frame) + 1))
    columns = [column.at(0) for column in found.columns.values()]
    by_name = dict(zip(columns, found.columns.values(), strict=True))
    filled = np.zeros(len(frame), dtype=bool)
    for column in by_name.values():
        filled |= np.array([text != "" for text in column.values])[column.codes]
    filled[0] = False
    places = np.flatnonzero(filled)
    rows = ColumnRows(found.lines[places], {name: column.take(places) for name, column in by_name.items()})
    return Table(columns, rows)
