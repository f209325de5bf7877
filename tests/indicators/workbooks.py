"""Workbooks for tests, made by the programs' own libraries, and the ones nobody should open."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl
import xlsxwriter

Rows = Sequence[Sequence[Any]]
FIGURES: Rows = (("Område", "2023", "2024"), ("Hele landet", 11.0, 10.9), ("Nordjylland", 10.7, 10.2))


def workbook(rows: Rows = FIGURES, *, more: Callable[[openpyxl.Workbook], None] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Tal"
    for row in rows:
        sheet.append(list(row))
    if more is not None:
        more(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_formula(value: float) -> bytes:
    """A formula with the value that Excel last computed beside it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("Tal")
    for at, row in enumerate(FIGURES):
        sheet.write_row(at, 0, row)
    sheet.write_formula("B3", "=5+5.7", None, value)
    book.close()
    return out.getvalue()


def with_part(name: str, content: bytes, *, base: bytes | None = None) -> bytes:
    """The workbook with one part added or replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(base or workbook())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry.filename))
        new.writestr(name, content)
    return out.getvalue()
