"""Excel: the visible sheets of an .xlsx as a grid. Formulas are never evaluated: the values Excel stored are read."""

from __future__ import annotations

import datetime
import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from initiatives.calculations.plan_columns import split_tables
from initiatives.calculations.plan_draft import NOTE, DraftIssue, Place
from initiatives.calculations.plan_grid import Cell, Document, Line, Row, Table
from initiatives.plan_files import refusals as r
from initiatives.plan_files.limits import MOST_COLUMNS, MOST_ROWS
from initiatives.plan_files.refusals import FileRefused
from initiatives.plan_files.scanning import place_values, refuse_cpr_numbers
from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.lib.package_words import package_pieces
from sundhedsaftale.lib.packages import Package, local_name, open_package, parse_xml

HIDDEN_SHEET = "hidden_sheet_left_out"  # sheet
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_MAIN = "xl/workbook.xml"


@dataclass
class _Merged:
    """Cells merged in a sheet: how many columns each reaches over, and which continue the cell above."""

    spans: dict[tuple[int, int], int] = field(default_factory=dict)
    below: set[tuple[int, int]] = field(default_factory=set)


def read_xlsx(content: bytes) -> Document:
    """The visible sheets. Raises FileRefused, also when a formula carries no stored value."""
    package = open_package(content, main_part=_MAIN, ending=".xlsx")
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, rich_text=True)
    try:
        blocks: list[Line | Table] = []
        issues: list[DraftIssue] = []
        for sheet in book.worksheets:
            if sheet.sheet_state != "visible":
                issues.append(DraftIssue(HIDDEN_SHEET, NOTE, Place(), {"sheet": sheet.title}))
                continue
            rows = list(_rows(sheet, _merged(package, sheet)))
            blocks += split_tables(rows, first_number=len(blocks) + 1, sheet=sheet.title)
    finally:
        book.close()
    found = Document("xlsx", tuple(blocks), tuple(issues))
    refuse_cpr_numbers((place_values(place), text) for place, text in found.texts())
    refuse_cpr_numbers(package_pieces(package))
    return found


def _merged(package: Package, sheet: Any) -> _Merged:
    """The sheet's merged cells; on the way, a formula without a value is refused."""
    found = _Merged()
    name = posixpath.normpath(sheet._worksheet_path).lstrip("/")
    for node in parse_xml(package.parts[name]).iter() if name in package.parts else ():
        tag = local_name(node)
        if tag == "c":
            _refuse_without_value(node, sheet.title)
        elif tag == "mergeCell" and (match := _RANGE.fullmatch(node.get("ref", ""))):
            left, top, right, bottom = _column(match[1]), int(match[2]), _column(match[3]), int(match[4])
            if top <= bottom and left <= right <= MOST_COLUMNS + 1:
                _merge(found, left, top, right, min(bottom, top + MOST_ROWS))
    return found


def _merge(found: _Merged, left: int, top: int, right: int, bottom: int) -> None:
    if len(found.below) > MOST_ROWS * MOST_COLUMNS:  # more than an honest sheet of that size can merge
        raise FileRefused(r.TOO_MANY_ROWS, {"limit": str(MOST_ROWS)})
    found.spans[(top, left)] = right - left + 1
    found.below |= {(row, column) for row in range(top + 1, bottom + 1) for column in range(left, right + 1)}


def _refuse_without_value(cell: Any, sheet: str) -> None:
    if cell.find("{*}f") is None:
        return
    value = cell.find("{*}v")
    if value is None or (not value.text and cell.get("t") != "str"):
        raise FileRefused(r.FORMULA_WITHOUT_VALUE, {"sheet": sheet, "cell": cell.get("r", "?")})


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _rows(sheet: Any, merged: _Merged) -> Iterator[Row]:
    sheet.reset_dimensions()
    count = 0
    for number, cells in enumerate(sheet.iter_rows(min_row=1, max_col=MOST_COLUMNS + 1), start=1):
        found = list(_cells(cells, number, merged))
        if any(not cell.is_blank and cell.start >= MOST_COLUMNS for cell in found):
            raise FileRefused(r.TOO_MANY_COLUMNS, {"limit": str(MOST_COLUMNS), "row": str(number)})
        if any(not cell.is_blank for cell in found):
            count += 1
            if count > MOST_ROWS:
                raise FileRefused(r.TOO_MANY_ROWS, {"limit": str(MOST_ROWS)})
            yield Row(tuple(found), number)


def _cells(cells: tuple[Any, ...], number: int, merged: _Merged) -> Iterator[Cell]:
    covered = 0
    for start, cell in enumerate(cells):
        if start < covered:
            continue
        span = merged.spans.get((number, start + 1), 1)
        covered = start + span
        continues = (number, start + 1) in merged.below
        yield Cell(() if continues else _lines(cell), start, span, continues)


def _lines(cell: Any) -> tuple[Line, ...]:
    value = cell.value
    if value is None:
        return ()
    bold = bool(getattr(getattr(cell, "font", None), "b", False))
    pieces = _pieces(value, bold)
    lines: list[Line] = []
    text, boldness, open_ = "", 0, True
    for words, is_bold in pieces:
        for place, part in enumerate(words.replace("\r\n", "\n").replace("\r", "\n").split("\n")):
            if place:
                lines.append(Line(text, boldness))
                text, boldness, open_ = "", 0, True
            text += part
            open_ = open_ and (is_bold or not part.strip())
            boldness = len(text) if open_ else boldness
    return (*lines, Line(text, boldness if text[:boldness].strip() else 0))


def _pieces(value: Any, bold: bool) -> list[tuple[str, bool]]:
    from openpyxl.cell.rich_text import CellRichText, TextBlock

    if not isinstance(value, CellRichText):
        return [(_printed(value), bold)]
    return [
        (part.text or "", bool(part.font.b)) if isinstance(part, TextBlock) else (str(part), bold) for part in value
    ]


def _printed(value: Any) -> str:
    """A value as a Danish reader would write it: "30. juni 2021", "1,5"."""
    if isinstance(value, datetime.datetime | datetime.date):
        return format_date(value).replace("\u00a0", " ")
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return format(Decimal(repr(value)).normalize(), "f").replace(".", ",")
    return str(value)
