"""CSV, as Danish Excel and everybody else write it: UTF-8, UTF-16 or Windows-1252, parted by ; , or tab."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence

from initiatives.calculations.plan_columns import split_tables
from initiatives.calculations.plan_grid import Cell, Document, Row, plain_lines
from initiatives.plan_files import refusals as r
from initiatives.plan_files.limits import MOST_COLUMNS, MOST_ROWS
from initiatives.plan_files.refusals import FileRefused
from initiatives.plan_files.scanning import place_values, refuse_cpr_numbers

_MARKS = (";", ",", "\t")
_UNDEFINED_IN_1252 = dict.fromkeys((0x81, 0x8D, 0x8F, 0x90, 0x9D))


def decode(content: bytes) -> str:
    """The text, whichever of the usual encodings it is in. Raises FileRefused when it is no text."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise FileRefused(r.NOT_TEXT) from error
    if b"\0" in content:
        raise FileRefused(r.NOT_TEXT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        if any(byte in _UNDEFINED_IN_1252 for byte in content):
            raise FileRefused(r.NOT_TEXT) from None
        return content.decode("windows-1252")


def read_csv(content: bytes) -> Document:
    text = decode(content)
    refuse_cpr_numbers([({"part": "text"}, text)])
    first, _, rest = text.partition("\n")
    if first.strip().lower() in ("sep=;", "sep=,", "sep=\t"):
        return read_delimited(rest, first.strip()[4:] or "\t", "csv")
    return read_delimited(text, find_mark(text), "csv")


def find_mark(text: str) -> str:
    """The mark that parts most rows into the same number of cells."""
    best = {}
    for mark in _MARKS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(text[:50_000]), delimiter=mark) if any(row)]
        except csv.Error:
            widths = []
        common = max(set(widths), key=widths.count, default=1)
        best[mark] = (widths.count(common) if common > 1 else 0, common)
    return max(_MARKS, key=lambda mark: best[mark])


def read_delimited(text: str, mark: str, source_format: str) -> Document:
    """Raises FileRefused when there are too many rows or the quotation marks do not match."""
    rows: list[Row] = []
    try:
        for number, values in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark), start=1):
            if any(value.strip() for value in values):
                rows.append(row_of(values, number))
            if len(rows) > MOST_ROWS:
                raise FileRefused(r.TOO_MANY_ROWS, {"limit": str(MOST_ROWS)})
    except csv.Error as error:
        raise FileRefused(r.CORRUPT) from error
    return document_of(rows, source_format)


def refuse_wide(values: Sequence[str], number: int) -> None:
    """Raises FileRefused when there is something beyond the last column that is read."""
    if any(value.strip() for value in values[MOST_COLUMNS:]):
        raise FileRefused(r.TOO_MANY_COLUMNS, {"limit": str(MOST_COLUMNS), "row": str(number)})


def row_of(values: list[str], number: int) -> Row:
    refuse_wide(values, number)
    return Row(tuple(Cell(plain_lines(value), start) for start, value in enumerate(values[:MOST_COLUMNS])), number)


def document_of(rows: list[Row], source_format: str) -> Document:
    found = Document(source_format, tuple(split_tables(rows, first_number=1, knows_merging=False)))
    refuse_cpr_numbers((place_values(place), text) for place, text in found.texts())
    return found
