"""Reads the figures as the catalogue lays them out (indicators/catalogue/README.md): comma, header, decimal point."""

from __future__ import annotations

from pathlib import Path

from indicators.calculations.figure_rows import RawRow
from indicators.models import DataSource
from indicators.refresh.reading import NotReadable, Table


def read(path: Path, source: DataSource) -> Table:
    """The cells as text, with the line of each row. Raises NotReadable.

    The header is read as a row like the others: only then does pandas refuse a row that is longer than it, instead of
    taking its first cell for an index. Empty lines are kept so that the line numbers are the file's own.
    """
    import pandas as pd

    try:
        frame = pd.read_csv(
            path, header=None, dtype=str, keep_default_na=False, encoding="utf-8-sig", skip_blank_lines=False
        )
    except pd.errors.EmptyDataError:
        raise NotReadable("no_rows") from None
    except (pd.errors.ParserError, UnicodeDecodeError, ValueError):
        raise NotReadable("not_readable") from None
    lines = [[str(cell).strip() for cell in line] for line in frame.fillna("").itertuples(index=False)]
    columns = lines[0]
    rows = [
        RawRow(number, {name: cell for name, cell in zip(columns, cells, strict=True) if cell})
        for number, cells in enumerate(lines[1:], start=2)
        if any(cells)
    ]
    return Table(columns, rows)
