"""A whole table judged by the rule for one row: asked once for each different set of cells, not once for each row.

The rule is calculations.figure_rows alone. Here its parts are asked about each set of cells that occurs; a row whose cells
all passed is accepted, and any other one is handed to the rule itself, which names its first reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, overload

from indicators.calculations.figure_rows import (
    PARTS,
    FigureRow,
    Known,
    Part,
    RawRow,
    Refusal,
    Rejected,
    check_text,
    read_row,
)
from indicators.refresh.columns import Column, ColumnRows

KEY = ("edition", "indicator", "area", "period", "breakdown")


class Figures(Sequence[FigureRow]):
    """Accepted rows by column: each field of FigureRow is a Column."""

    def __init__(self, lines: Any, fields: Mapping[str, Column]) -> None:
        self.lines, self.fields = lines, fields

    def __len__(self) -> int:
        return len(self.lines)

    @overload
    def __getitem__(self, place: int) -> FigureRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[FigureRow]: ...
    def __getitem__(self, place: int | slice) -> FigureRow | Sequence[FigureRow]:
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        found = {name: column.at(place) for name, column in self.fields.items()}
        return FigureRow(line=int(self.lines[place]), **found)

    def take(self, places: Any) -> Figures:
        import numpy as np

        chosen = np.asarray(places) if len(places) else np.array([], dtype=np.int64)
        return Figures(self.lines[chosen], {name: column.take(chosen) for name, column in self.fields.items()})

    def replaced(self, name: str, column: Column) -> Figures:
        return Figures(self.lines, {**self.fields, name: column})

    def distinct(self, name: str) -> set[Any]:
        """The different values that stand in the column."""
        import numpy as np

        if not len(self):
            return set()
        column = self.fields[name]
        return {column.values[code] for code in np.unique(column.codes)}

    def each(self, *names: str) -> Iterator[tuple[Any, ...]]:
        """Some cells of each row: for whoever looks through a million rows and needs a few columns."""
        if not len(self):
            return iter(())
        return zip(*(self.fields[name].each() for name in names), strict=True)


def part_table(rows: Sequence[RawRow], known: Known) -> tuple[Figures, list[Rejected]]:
    """(accepted, refused), exactly as figure_rows.part_rows parts them."""
    import numpy as np

    table = ColumnRows.of_rows(rows)
    passed = np.ones(len(table), dtype=bool)
    for name, column in table.columns.items():
        passed &= np.array([not text or _is_good(name, text) for text in column.values], dtype=bool)[column.codes]
    fields: dict[str, Column] = {}
    for part in PARTS:
        codes, answers = _asked(part, table, known, passed)
        passed &= np.array([answer is not None for answer in answers], dtype=bool)[codes]
        names = next((answer.keys() for answer in answers if answer is not None), ())
        for name in names:
            fields[name] = Column(codes, [answer[name] if answer else None for answer in answers])
    if not passed.any():
        return Figures(table.lines[:0], {}), list(_refused(rows, known, passed, {}))
    places = np.flatnonzero(passed)
    figures = Figures(table.lines, fields).take(places)
    first = _first_of_each_key(figures)
    again = np.flatnonzero(first != np.arange(len(figures)))
    if len(again):
        twice = {int(places[one]): int(figures.lines[first[one]]) for one in again}
        passed[places[again]] = False
        return figures.take(first == np.arange(len(figures))), list(_refused(rows, known, passed, twice))
    return figures, list(_refused(rows, known, passed, {}))


def _is_good(column: str, text: str) -> bool:
    try:
        check_text(column, text)
    except Refusal:
        return False
    return True


def _asked(part: Part, table: ColumnRows, known: Known, passed: Any) -> tuple[Any, list[dict[str, Any] | None]]:
    """The number of each row's set of cells, and the rule's answer to each set; None for a refusal.

    Rows refused already share one number that is not asked about: their cells may be anything.
    """
    import numpy as np
    import pandas as pd

    combined = np.zeros(len(table), dtype=np.int64)
    for name in (*part.cells, *part.whether):
        column = table.columns.get(name)
        if column is None:
            continue
        codes, width = column.codes, len(column.values)
        if name in part.whether:
            codes, width = np.array([bool(text) for text in column.values])[codes].astype(np.int64), 2
        # Numbered anew after each column, so that the product never outgrows 64 bits.
        combined, _ = pd.factorize(combined * width + codes)
        combined = combined.astype(np.int64)
    combined = np.where(passed, combined + 1, 0)
    numbers, examples = _firsts(combined)
    names = [name for name in (*part.cells, *part.whether) if name in table.columns]
    answers: list[dict[str, Any] | None] = []
    for place in examples:
        cells = {name: table.columns[name].at(place) for name in names}
        answers.append(_answer(part, cells, known) if passed[place] else None)
    return numbers, answers


def _answer(part: Part, cells: Mapping[str, str], known: Known) -> dict[str, Any] | None:
    try:
        return part.read({name: text for name, text in cells.items() if text}, known)
    except Refusal:
        return None


def _firsts(codes: Any) -> tuple[Any, Any]:
    """The codes numbered by their first appearance, and where each appeared first."""
    import numpy as np
    import pandas as pd

    numbers, found = pd.factorize(codes)
    examples = np.empty(len(found), dtype=np.int64)
    examples[numbers[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return numbers.astype(np.int32), examples


def _first_of_each_key(figures: Figures) -> Any:
    """For each row the first row with its key; itself when there is none before it."""
    import numpy as np
    import pandas as pd

    combined = np.zeros(len(figures), dtype=np.int64)
    for name in KEY:
        column = figures.fields[name]
        _, same = np.unique(np.array([str(value) for value in column.values], dtype=object), return_inverse=True)
        combined, _ = pd.factorize(combined * (len(column.values) + 1) + same[column.codes])
        combined = combined.astype(np.int64)
    numbers, examples = _firsts(combined)
    return examples[numbers]


def _refused(rows: Sequence[RawRow], known: Known, passed: Any, twice: Mapping[int, int]) -> Iterator[Rejected]:
    import numpy as np

    for place in np.flatnonzero(~passed):
        raw = rows[int(place)]
        if int(place) in twice:
            yield Rejected(raw.line, "", "duplicate", str(twice[int(place)]))
            continue
        row = read_row(raw, known)
        if not isinstance(row, Rejected):
            raise AssertionError("a row that the rule accepts was held back")
        yield row
