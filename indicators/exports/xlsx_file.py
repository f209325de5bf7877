"""A table as a workbook: typed cells, a number format for each number of decimals, and a sheet that says where it is from."""

from __future__ import annotations

from datetime import UTC
from io import BytesIO
from typing import Any

from indicators.exports.facts import Blank, Number, Table
from indicators.exports.notes import notes
from sundhedsaftale.lib.workbook import cell_text, headed_sheet, number_format, plain_workbook

#: More rows than this is no table to look at; CSV has them all.
MOST_ROWS = 100_000


def xlsx_file(table: Table, *, notes_name: str, table_name: str) -> bytes:
    """Properties name the table and its sources and nobody."""
    target = BytesIO()
    book = plain_workbook(target, row_by_row=table.streamed)
    made = table.retrieved_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    publishers = dict.fromkeys(source.publisher for source in table.sources if source.publisher)
    book.set_properties(
        {
            "title": table.title[:255],
            "subject": table.asked[:255],
            "author": ", ".join(publishers)[:255],
            "created": made,
            "comments": table.address,
        }
    )
    book.set_custom_property("Language", table.language)
    sheet = headed_sheet(book, table_name, [(column.title, column.width) for column in table.columns])
    last = _rows(book, sheet, table)
    sheet.autofilter(0, 0, max(last, 1), len(table.columns) - 1)
    _notes(book, table, notes_name)
    book.close()
    return target.getvalue()


def _rows(book: Any, sheet: Any, table: Table) -> int:
    """The number of the last row."""
    text = book.add_format({"valign": "top", "text_wrap": True})
    formats: dict[int, Any] = {}
    last = 0
    for last, row in enumerate(table.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, Blank):
                sheet.write_blank(last, place, None, text)
            elif isinstance(cell, str):
                sheet.write_string(last, place, cell_text(cell), text)
            else:
                decimals = cell.decimals if isinstance(cell, Number) else 0
                if decimals not in formats:
                    formats[decimals] = book.add_format({"valign": "top", "num_format": number_format(decimals)})
                number = float(cell.value) if isinstance(cell, Number) else cell
                sheet.write_number(last, place, number, formats[decimals])
    return last


def _notes(book: Any, table: Table, name: str) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"valign": "top", "text_wrap": True, "align": "left"})
    sheet.set_column(0, 0, 20, bold)
    sheet.set_column(1, 1, 100, wrapped)
    for row, (term, text) in enumerate(notes(table)):
        sheet.write_string(row, 0, cell_text(term), bold)
        sheet.write_string(row, 1, cell_text(text), wrapped)
