"""A file's text and tables in one neutral form, whatever program wrote them: what the rules for plan tables read.

Every format reader gives this; nothing here knows of Word, Excel or a database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from initiatives.calculations.plan_draft import DraftIssue, Place


@dataclass(frozen=True)
class Line:
    """One line of text. bold: how many characters from its start are bold. level: 1-9 for a heading, else 0.

    style: the name of the paragraph's style, "" when the format has none.
    """

    text: str
    bold: int = 0
    level: int = 0
    style: str = ""

    @property
    def is_blank(self) -> bool:
        return not self.text.strip()

    @property
    def is_bold(self) -> bool:
        return self.level > 0 or (not self.is_blank and self.bold >= len(self.text.rstrip()))


@dataclass(frozen=True)
class Cell:
    """start, span: the columns it covers. continues: it is the lower part of a cell merged downwards. key: see DraftItem."""

    lines: tuple[Line, ...] = ()
    start: int = 0
    span: int = 1
    continues: bool = False
    key: str = ""

    @property
    def text(self) -> str:
        return cell_text(self.lines)

    @property
    def is_blank(self) -> bool:
        return all(line.is_blank for line in self.lines)


def cell_text(lines: tuple[Line, ...] | list[Line]) -> str:
    """The words as they stand, without the empty lines around them."""
    return "\n".join(line.text for line in lines).strip()


@dataclass(frozen=True)
class Row:
    cells: tuple[Cell, ...]
    number: int
    page: int | None = None
    is_header: bool = False  # the file itself says that the row is a heading repeated on each page

    @property
    def filled(self) -> tuple[Cell, ...]:
        return tuple(cell for cell in self.cells if not cell.is_blank)


@dataclass(frozen=True)
class Table:
    """knows_merging: the format says which cells are merged, so that a lone cell is known not to be a merged heading."""

    rows: tuple[Row, ...]
    number: int
    sheet: str = ""
    knows_merging: bool = True

    @property
    def width(self) -> int:
        return max((cell.start + cell.span for row in self.rows for cell in row.cells), default=0)

    def place(self, row: Row | None = None) -> Place:
        if row is None:
            page = self.rows[0].page if self.rows else None
            return Place(table=self.number, sheet=self.sheet, page=page)
        return Place(table=self.number, row=row.number, sheet=self.sheet, page=row.page)


@dataclass(frozen=True)
class Document:
    """The file in the order it is read: lines outside tables, and tables. issues: what its reader left out or changed."""

    source_format: str
    blocks: tuple[Line | Table, ...] = ()
    issues: tuple[DraftIssue, ...] = field(default=())

    @property
    def tables(self) -> tuple[Table, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Table))

    def texts(self) -> Iterator[tuple[Place, str]]:
        """Every piece of text with its place, for the scan that comes before anything is kept."""
        for block in self.blocks:
            if isinstance(block, Line):
                yield Place(), block.text
                continue
            for row in block.rows:
                for cell in row.cells:
                    yield block.place(row), cell.text


def plain_lines(text: str) -> tuple[Line, ...]:
    return tuple(Line(line) for line in text.splitlines()) or (Line(""),)
