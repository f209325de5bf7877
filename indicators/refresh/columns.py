"""A table kept by column: each different text once, and for each row the number of its text. Rows are made when asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, overload

from indicators.calculations.figure_rows import RawRow


@dataclass(frozen=True)
class Column:
    """codes: a numpy array with one number a row; values[codes[row]] is what stands there."""

    codes: Any
    values: Sequence[Any]

    def at(self, place: int) -> Any:
        return self.values[self.codes[place]]

    def take(self, places: Any) -> Column:
        return Column(self.codes[places], self.values)

    def each(self) -> Iterator[Any]:
        """What stands in each row, one after the other."""
        return map(self.values.__getitem__, self.codes.tolist())

    @classmethod
    def of(cls, values: Sequence[Any]) -> Column:
        import numpy as np

        places: dict[Any, int] = {}
        codes = np.array([places.setdefault(value, len(places)) for value in values], dtype=np.int32)
        return cls(codes, list(places))


class ColumnRows(Sequence[RawRow]):
    """Rows as a reader found them, "" for a missing cell. lines: a numpy array with the line of each row."""

    def __init__(self, lines: Any, columns: Mapping[str, Column]) -> None:
        self.lines, self.columns = lines, columns

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, place: int) -> RawRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[RawRow]: ...
    def __getitem__(self, place: int | slice) -> RawRow | Sequence[RawRow]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        cells = {name: column.at(place) for name, column in self.columns.items()}
        return RawRow(int(self.lines[place]), {name: text for name, text in cells.items() if text})

    @classmethod
    def of_frame(cls, frame: Any, lines: Any) -> ColumnRows:
        """From a DataFrame of texts or categories; cells are stripped, missing ones are "". Its names are the columns'."""
        import pandas as pd

        columns = {}
        for name in frame.columns:
            codes, found = pd.factorize(frame[name])
            columns[str(name)] = _merged(codes, ["" if pd.isna(text) else str(text).strip() for text in found])
        return cls(lines, columns)

    @classmethod
    def of_rows(cls, rows: Sequence[RawRow]) -> ColumnRows:
        if isinstance(rows, ColumnRows):
            return rows
        import numpy as np
        import pandas as pd

        names = dict.fromkeys(name for row in rows for name in row.cells)
        columns = {}
        for name in names:
            codes, found = pd.factorize(np.array([row.cells.get(name, "") for row in rows], dtype=object))
            columns[name] = Column(codes, list(found))
        return cls(np.array([row.line for row in rows], dtype=np.int64), columns)


def _merged(codes: Any, texts: Sequence[str]) -> Column:
    """Texts that are the same once they are stripped become one; a missing cell (code -1) is the empty text."""
    import numpy as np

    places: dict[str, int] = {}
    numbers = np.array([places.setdefault(text, len(places)) for text in [*texts, ""]], dtype=np.int32)
    return Column(numbers[codes], list(places))
