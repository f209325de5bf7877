"""A file of figures as a grid of cells: CSV and xlsx. Checked before anything opens it; formulas are never evaluated."""

from __future__ import annotations

import codecs
import csv
import datetime
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from indicators.calculations.table_mapping import GridCell, GridLine
from indicators.refresh.formulas import first_formula
from indicators.refresh.reading import NotReadable
from sundhedsaftale.lib.cpr import REFUSE, find_cpr
from sundhedsaftale.lib.package_words import package_pieces
from sundhedsaftale.lib.packages import FileRefused, Package, open_package, refuse_old_or_encrypted

MOST_COLUMNS = 300
UTF8, WINDOWS, UTF16 = "utf-8", "windows-1252", "utf-16"
#: In this order: nearly no text in Windows-1252 with Danish letters in it is UTF-8, and every UTF-8 is Windows-1252.
ENCODINGS = (UTF16, UTF8, WINDOWS)
ENCODING_NAMES = {UTF8: "UTF-8", WINDOWS: "Windows-1252", UTF16: "UTF-16"}
_MARKS = (";", "\t", ",")
_UNDEFINED_IN_1252 = (0x81, 0x8D, 0x8F, 0x90, 0x9D)
_MAIN = "xl/workbook.xml"
_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")  # a zip, and the old format that is refused


@dataclass(frozen=True)
class Grid:
    """sheet: the one that was read; sheets: those one can choose; read_as: "xlsx" or one of ENCODINGS; encodings: those in
    which the file is text, the likeliest first; has_mark: it begins with the mark of UTF-8 (BOM)."""

    lines: tuple[GridLine, ...]
    read_as: str
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    encodings: tuple[str, ...] = ()
    has_mark: bool = False

    @property
    def width(self) -> int:
        return max((len(line.cells) for line in self.lines), default=0)


def read_grid(
    data: bytes, *, sheet: str = "", encoding: str = "", most_lines: int | None = None, every_sheet: bool = False
) -> Grid:
    """The table in the file, or its first lines. Raises NotReadable, for a formula in any line of the sheet too.

    encoding: the one declared, "" for the one the file seems to have; a workbook has none. every_sheet: refuse a formula in
    any sheet that can be chosen, for it is not known yet which of them will be.
    """
    if not data.strip():
        raise NotReadable("empty_file")
    if data.startswith(_WORKBOOKS):
        package = _package(data)
        return _workbook(data, package, sheet, most_lines, every_sheet=every_sheet)
    text, read_as = decode(data, encoding)
    lines = tuple(_delimited(text, most_lines))
    return Grid(lines, read_as, encodings=encodings_of(data), has_mark=data.startswith(codecs.BOM_UTF8))


def grid_texts(data: bytes) -> Iterable[str]:
    """Everything to be searched for CPR numbers. Raises NotReadable, with the place when a workbook holds one."""
    if not data.startswith(_WORKBOOKS):
        return [decode(data)[0]]
    for piece, text in package_pieces(_package(data)):
        if any(hit.kind == REFUSE for hit in find_cpr(text)):
            raise NotReadable("cpr_in_workbook", details=_cpr_place(data) or piece["part"])
    return []


def decode(data: bytes, encoding: str = "") -> tuple[str, str]:
    """(text, encoding): the one declared, else the likeliest. Raises NotReadable when the file is no text in it."""
    for one in (encoding,) if encoding else ENCODINGS:
        text = _text_in(data, one)
        if text is not None:
            return text, one
    raise NotReadable("other_encoding" if encoding else "not_text", details=ENCODING_NAMES.get(encoding, ""))


def encodings_of(data: bytes) -> tuple[str, ...]:
    """Those in which the data is text, the likeliest first; none for a workbook."""
    if data.startswith(_WORKBOOKS):
        return ()
    return tuple(one for one in ENCODINGS if _text_in(data, one) is not None)


def _text_in(data: bytes, encoding: str) -> str | None:
    """Without the mark of the encoding (BOM) that may stand first."""
    is_wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if is_wide != (encoding == UTF16) or (b"\0" in data and not is_wide):
        return None
    if encoding == WINDOWS and any(byte in data for byte in _UNDEFINED_IN_1252):
        return None
    try:
        return data.decode("utf-8-sig" if encoding == UTF8 else encoding)
    except (UnicodeDecodeError, LookupError):
        return None


# --- CSV --------------------------------------------------------------------------------------------------------------


def _delimited(text: str, most_lines: int | None) -> Iterator[GridLine]:
    first, _, rest = text.partition("\n")
    declared = first.strip().casefold()
    skipped = 1 if declared in ("sep=;", "sep=,", "sep=\t") else 0
    mark = (first.strip()[4:] or "\t") if skipped else _mark(text)
    reader = csv.reader(io.StringIO(rest if skipped else text, newline=""), delimiter=mark, strict=True)
    try:
        for count, cells in enumerate(reader, start=1):
            number = reader.line_num + skipped
            if len(cells) > MOST_COLUMNS:
                raise NotReadable("too_many_columns", line=number, details=str(MOST_COLUMNS))
            yield GridLine(
                number,
                tuple(GridCell(cell.strip(), f"{column_letters(at)}{number}") for at, cell in enumerate(cells)),
            )
            if most_lines is not None and count >= most_lines:
                return
    except csv.Error:
        raise NotReadable("quotes_differ", line=reader.line_num + skipped) from None


def _mark(text: str) -> str:
    """The mark that parts most lines into the same number of cells."""
    best: dict[str, tuple[int, int]] = {}
    for mark in _MARKS:
        try:
            lines = csv.reader(io.StringIO(text[:50_000], newline=""), delimiter=mark)
            widths = [len(cells) for cells in lines if any(cells)]
        except csv.Error:
            widths = []
        common = max(set(widths), key=widths.count, default=1)
        best[mark] = (widths.count(common) if common > 1 else 0, common)
    return max(_MARKS, key=lambda mark: best[mark])


def column_letters(at: int) -> str:
    """0 is A, 26 is AA: as a spreadsheet names its columns."""
    letters, left = "", at + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- xlsx -------------------------------------------------------------------------------------------------------------


def _package(data: bytes) -> Package:
    try:
        refuse_old_or_encrypted(data)
        return open_package(data, main_part=_MAIN, ending=".xlsx")
    except FileRefused as refused:
        raise NotReadable(f"file_{refused.code}", details=refused.values.get("limit", "")) from None


def _open(data: bytes) -> Any:
    import openpyxl

    try:
        return openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
    except Exception:  # whatever a damaged part makes it raise
        raise NotReadable("file_corrupt") from None


def _workbook(data: bytes, package: Package, wanted: str, most_lines: int | None, *, every_sheet: bool) -> Grid:
    book = _open(data)
    try:
        visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible"]
        title = wanted or next(iter(visible), "")
        if title not in visible:
            raise NotReadable("sheet_missing")
        if most_lines is not None:  # else each line is looked at below
            _refuse_formulas(package, visible, visible if every_sheet else [title])
        sheet = book[title]
        sheet.reset_dimensions()
        lines = []
        for number, cells in enumerate(sheet.iter_rows(), start=1):
            lines.append(_line(number, cells))
            if most_lines is not None and number >= most_lines:
                break
        return Grid(tuple(_even(lines)), "xlsx", title, tuple(visible))
    except (KeyError, ValueError, TypeError, AttributeError):
        raise NotReadable("file_corrupt") from None
    finally:
        book.close()


def _refuse_formulas(package: Package, visible: list[str], wanted: list[str]) -> None:
    for number, title in enumerate(visible, start=1):
        formula = first_formula(package, title) if title in wanted else None
        if formula is not None:
            sheet = f"{number}!" if len(visible) > 1 and formula.place else ""
            raise NotReadable("formula", line=formula.line, details=f"{sheet}{formula.place}")


def visible_sheets(data: bytes) -> tuple[str, ...]:
    """Those one can choose; none for text. Raises NotReadable."""
    if not data.startswith(_WORKBOOKS):
        return ()
    _package(data)
    book = _open(data)
    try:
        return tuple(sheet.title for sheet in book.worksheets if sheet.sheet_state == "visible")
    finally:
        book.close()


def _even(lines: list[GridLine]) -> Iterator[GridLine]:
    """Every line as long as the longest that holds something: a spreadsheet leaves out blank cells at the end."""
    width = max((at + 1 for line in lines for at, cell in enumerate(line.cells) if cell.text), default=0)
    for line in lines:
        cells = line.cells[:width]
        blank = (GridCell("", f"{column_letters(at)}{line.number}") for at in range(len(cells), width))
        yield GridLine(line.number, (*cells, *blank))


def _line(number: int, cells: Iterable[Any]) -> GridLine:
    found = []
    for at, cell in enumerate(cells):
        place = f"{column_letters(at)}{number}"
        if cell.value is not None and at >= MOST_COLUMNS:
            raise NotReadable("too_many_columns", line=number, details=str(MOST_COLUMNS))
        if cell.data_type == "f":
            raise NotReadable("formula", line=number, details=place)
        if cell.data_type == "e":
            raise NotReadable("error_cell", line=number, details=place)
        found.append(_cell(cell, place))
    return GridLine(number, tuple(found))


def _cell(cell: Any, place: str) -> GridCell:
    value = cell.value
    if value is None or isinstance(value, bool):
        return GridCell("", place)
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        if "%" in str(cell.number_format):  # 0,107 that is shown as 10,7 %: the figure is what is shown
            number = number.scaleb(2)
        plain = format(number.normalize(), "f")
        return GridCell(plain, place, Decimal(plain))
    if isinstance(value, datetime.datetime | datetime.date):
        return GridCell(value.strftime("%Y-%m-%d"), place)
    return GridCell(str(value).strip(), place)


def _cpr_place(data: bytes) -> str:
    """The sheet, by its number, and the cell of the first CPR number; empty when it stands in no cell."""
    book = _open(data)
    try:
        for count, sheet in enumerate(book.worksheets, start=1):
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                for at, value in enumerate(cells):
                    text = str(value).zfill(10) if isinstance(value, int) else str(value or "")
                    if any(hit.kind == REFUSE for hit in find_cpr(text)):
                        return f"{count}!{column_letters(at)}{number}"
        return ""
    finally:
        book.close()
