"""A table as CSV that a Danish Excel opens as it is: UTF-8 with BOM, semicolons, decimal comma, CRLF."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from indicators.exports.facts import Blank, Cell, Number, Table
from indicators.exports.notes import notes

BOM = "\ufeff"
#: What a spreadsheet would take for a formula; and the mark itself, so that it can be taken off again.
_RISKY = ("=", "+", "-", "@", "\t", "\r", "'")
ROWS_A_PIECE = 500


class _Echo:
    """Gives back what the writer of the standard library writes."""

    def write(self, text: str) -> str:
        return text


def csv_pieces(table: Table) -> Iterator[bytes]:
    """Piece by piece, so that a million rows need no more memory than a few hundred. Notes stand under an empty row."""
    writer = csv.writer(_Echo(), delimiter=";", lineterminator="\r\n")
    yield (BOM + _line(writer, (column.title for column in table.columns))).encode()
    piece: list[str] = []
    for row in table.rows:
        piece.append(_line(writer, (cell_text(cell) for cell in row)))
        if len(piece) >= ROWS_A_PIECE:
            yield "".join(piece).encode()
            piece.clear()
    piece.append("\r\n")
    piece += [_line(writer, (safe(term), safe(text))) for term, text in notes(table)]
    yield "".join(piece).encode()


def csv_file(table: Table) -> bytes:
    return b"".join(csv_pieces(table))


def _line(writer: Any, cells: Iterable[str]) -> str:
    line: str = writer.writerow(list(cells))
    return line


def cell_text(cell: Cell) -> str:
    if isinstance(cell, str):
        return safe(cell)
    if isinstance(cell, Number):
        return f"{cell.value:.{cell.decimals}f}".replace(".", ",")
    return "" if isinstance(cell, Blank) else str(cell)


def safe(text: str) -> str:
    """An apostrophe before a text that a spreadsheet would compute. Numbers never come here."""
    return f"'{text}" if text.lstrip(" \u00a0\n").startswith(_RISKY) or text.startswith("'") else text
