"""Excel workbooks as we hand them out: text is text whatever it begins with, heads stand still, pages fit a sheet of A4."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO

LONGEST_CELL = 32_767  # letters; Excel's own limit
_PLAIN = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


def plain_workbook(target: BinaryIO, *, row_by_row: bool = False) -> Any:
    """Nothing in it is ever a formula. `row_by_row`: rows are written in order and not kept, however many they are."""
    import xlsxwriter

    options = {**_PLAIN, "constant_memory": True, "in_memory": False} if row_by_row else _PLAIN
    return xlsxwriter.Workbook(target, options)


def headed_sheet(book: Any, name: str, columns: Sequence[tuple[str, int]]) -> Any:
    """A sheet with its header row frozen and repeated, and the widths people would drag the columns to."""
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bg_color": "#EDE8DC", "bottom": 1, "valign": "top", "text_wrap": True})
    wrapped = book.add_format({"valign": "top", "text_wrap": True})
    for number, (title, width) in enumerate(columns):
        sheet.set_column(number, number, width, wrapped)
        sheet.write_string(0, number, cell_text(title), head)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    return sheet


def number_format(decimals: int) -> str:
    """Thousands and decimals as the reader's own Excel writes them: 1.234,5 in a Danish one."""
    return f"#,##0{'.' + '0' * decimals if decimals else ''}"


def cell_text(text: str) -> str:
    """What fits in a cell; the writer would leave out the whole of a longer text without a word."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
