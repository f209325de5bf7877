"""The three writers: what goes in comes out again, nothing is computed by a spreadsheet, and a blank has no number."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from decimal import Decimal
from itertools import product
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indicators.exports.cells import printed
from indicators.exports.csv_file import csv_file, csv_pieces, safe
from indicators.exports.facts import Blank, Cell, Column, Number, Source, Table
from indicators.exports.jsonstat import dataset, jsonstat_file
from indicators.exports.whole import with_all_decimals
from indicators.exports.xlsx_file import xlsx_file
from sundhedsaftale.lib.danish import format_number
from sundhedsaftale.lib.workbook import LONGEST_CELL, cell_text

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
COLUMNS = (
    Column("area", "Område", key=True, role="geo"),
    Column("period", "Periode", key=True, role="time"),
    Column("value", "Værdi", measure=True),
    Column("count", "Antal", measure=True),
    Column("why", "Hvorfor"),
)
SOURCE = Source(
    "Nationale mål 2024", "november 2024", "Ministeriet", "CC BY 4.0", "https://example.dk/", "1. juli 2026"
)


def table(*rows: tuple[Cell, ...], columns: tuple[Column, ...] = COLUMNS, **changed: Any) -> Table:
    facts: dict[str, Any] = {
        "sources": (SOURCE,),
        "footnotes": ((14, "Rettet fra 27,1."),),
        "address": "https://x.dk/t.csv",
    }
    return Table("tal", "Tal", columns, rows, retrieved_at=NOW, changed_at=NOW, **{**facts, **changed})


def numbers() -> st.SearchStrategy[Number]:
    exact = st.tuples(st.integers(-(10**9), 10**9), st.integers(0, 6))
    return exact.map(lambda pair: Number(Decimal(pair[0]).scaleb(-pair[1]), pair[1]))


# Surrogates are no text; a NUL ends a line in csv's own reader.
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)
FORMULAS = ("=1+1", "+45", "-3", "@SUM(A1)", "\tx", "\rx", "'=1", "'tis", " =1", "\u00a0=1", "\n=1")
RISKY = st.sampled_from((*FORMULAS, 'a;"b"', "a\r\nb", "x\u00a0y"))
#: What XML can hold; carriage returns become line feeds there.
IN_XML = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=30)
CELLS = st.one_of(TEXTS, RISKY, numbers(), st.integers(-(10**12), 10**12), st.builds(Blank, st.just("suppressed")))


def read_csv(content: bytes) -> list[list[str]]:
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def as_written(cell: Cell) -> str:
    """A slow twin: what must stand in the CSV file, said again without the writer's code."""
    if isinstance(cell, Blank):
        return ""
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, Number):
        digits = str(abs(int(cell.value.scaleb(cell.decimals)))).rjust(cell.decimals + 1, "0")
        sign = "-" if cell.value < 0 else ""
        return sign + (f"{digits[: -cell.decimals]},{digits[-cell.decimals :]}" if cell.decimals else digits)
    return cell


@given(st.lists(st.tuples(CELLS, CELLS), max_size=8))
def test_csv_gives_back_what_went_in(rows: list[tuple[Cell, ...]]) -> None:
    columns = (Column("a", "A"), Column("b", "B"))
    found = read_csv(csv_file(table(*rows, columns=columns)))
    assert found[0] == ["A", "B"]
    for row, line in zip(rows, found[1:], strict=False):
        for cell, text in zip(row, line, strict=True):
            if isinstance(cell, str) and text != cell:
                assert text == f"'{cell}"
                assert cell.lstrip(" \u00a0\n")[:1] in set("=+-@\t\r'")
            else:
                assert text == as_written(cell)


@given(TEXTS | RISKY)
def test_no_text_begins_as_a_formula(text: str) -> None:
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert safe(text).removeprefix("'") == text.removeprefix("'") or safe(text) == f"'{text}"


def test_csv_is_what_a_danish_excel_reads() -> None:
    content = csv_file(table(("Læsø", "2023", Number(Decimal("-1234.50"), 2), 3, "")))
    assert content.splitlines(keepends=True)[:2] == [
        b"\xef\xbb\xbfOmr\xc3\xa5de;Periode;V\xc3\xa6rdi;Antal;Hvorfor\r\n",
        b"L\xc3\xa6s\xc3\xb8;2023;-1234,50;3;\r\n",
    ]


def test_every_file_names_source_edition_licence_and_notes() -> None:
    made = table(("Viborg", "2023", Blank("suppressed"), 1, "Skjult"), asked="Område: Viborg")
    book = openpyxl.load_workbook(io.BytesIO(xlsx_file(made, table_name="Tal", notes_name="Kilde og noter")))
    in_book = [str(row[1]) for row in book["Kilde og noter"].iter_rows(values_only=True)]
    in_csv = [line[1] for line in read_csv(csv_file(made))[3:]]
    in_cube = [note.split(": ", 1)[1] for note in dataset(made)["note"]]
    assert in_csv == in_book == in_cube
    for said in (
        "Nationale mål 2024",
        "november 2024",
        "CC BY 4.0",
        "Rettet fra 27,1.",
        "Område: Viborg",
        made.address,
    ):
        assert said in in_csv
    assert any("Ministeriet" in text for text in in_csv)


def test_a_source_without_a_licence_says_so() -> None:
    bare = Source("Udgave", "", "", "", "", "1. juli 2026")
    said = dict(line for line in read_csv(csv_file(table(sources=(bare,))))[2:] if len(line) == 2)
    assert len([text for text in said.values() if text]) == len(said)


def test_a_long_table_is_written_piece_by_piece() -> None:
    """Rows are asked for as they are sent: the first piece is there before the thousandth row is made."""
    made: list[int] = []

    def rows() -> Any:
        for number in range(5000):
            made.append(number)
            yield ("Viborg", str(number), Number(Decimal(number), 0), number, "")

    pieces = csv_pieces(Table("tal", "Tal", COLUMNS, rows(), (), (), "", NOW, streamed=True))
    next(pieces)
    assert made == []
    next(pieces)
    assert len(made) < 1000
    assert sum(piece.count(b"\r\n") for piece in pieces) > 4000


# --- xlsx -------------------------------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.lists(st.tuples(IN_XML | RISKY.filter(lambda text: "\r" not in text), numbers()), min_size=1, max_size=5))
def test_a_workbook_read_back_holds_the_same(rows: list[tuple[str, Number]]) -> None:
    columns = (Column("a", "A"), Column("b", "B", measure=True))
    content = xlsx_file(table(*rows, columns=columns), table_name="Tal", notes_name="Noter")
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Tal"]
    for number, (text, value) in enumerate(rows, 2):
        first, second = sheet.cell(number, 1), sheet.cell(number, 2)
        assert (first.value or "") == text
        assert first.data_type != "f"
        assert Decimal(repr(second.value)) == value.value.normalize()
        assert second.data_type == "n"
        assert len(second.number_format.partition(".")[2]) == value.decimals


@pytest.mark.parametrize("streamed", [False, True])
def test_a_workbook_is_typed_and_its_head_stands_still(streamed: bool) -> None:
    row = ("=1+1", "2023", Number(Decimal("11.50"), 2), 3, "")
    made = table(row, ("x", "2023", Blank("suppressed"), 0, "Skjult"), streamed=streamed)
    content = xlsx_file(made, table_name="Tal", notes_name="Noter")
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book["Tal"]
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[2]][:4] == ["=1+1", "2023", 11.5, 3]
    assert sheet["A2"].data_type == "s"
    assert sheet["C2"].number_format == "#,##0.00"
    assert sheet["C3"].value is None
    assert sheet["D3"].value == 0
    assert book.properties.creator == "Ministeriet"
    assert book.properties.lastModifiedBy in (None, "Ministeriet")


def test_a_text_too_long_for_a_cell_is_cut_and_not_lost() -> None:
    assert len(cell_text("x" * 40_000)) == LONGEST_CELL
    assert cell_text("x" * 40_000).endswith("x…")


# --- JSON-stat --------------------------------------------------------------------------------------------------------


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ABC"), st.sampled_from(["2021", "2022", "2023"]), numbers() | st.just(Blank("suppressed"))
        ),
        max_size=9,
    )
)
def test_each_cell_of_the_cube_stands_where_a_slow_twin_looks(rows: list[tuple[str, str, Number | Blank]]) -> None:
    made = dataset(table(*((area, period, value, 7, "ord") for area, period, value in rows)))
    assert len(made["id"]) == len(made["size"]) == len(made["dimension"])
    values, status = made["value"], made.get("status", {})
    categories = [made["dimension"][name]["category"]["index"] for name in made["id"]]
    assert [len(values_of) for values_of in categories] == made["size"]
    places = list(product(*categories))
    distinct = len({row[:2] for row in rows}) == len(rows)
    expected: dict[tuple[str, ...], Cell] = {}
    for number, (area, period, value) in enumerate(rows, 1):
        key = (area, period) if distinct else (str(number),)
        expected |= {(*key, "value"): value, (*key, "count"): 7}
    assert made["id"] == (["area", "period", "measure"] if distinct else ["row", "measure"])
    for index, place in enumerate(places):
        found = values[index] if isinstance(values, list) else values.get(str(index))
        cell = expected.get(place)
        if isinstance(cell, Number):
            assert Decimal(repr(found)) == cell.value.normalize()
        else:
            assert found == (cell if isinstance(cell, int) else None)
        assert status.get(str(index)) == (cell.status if isinstance(cell, Blank) else None)
    if isinstance(values, list):
        assert len(values) == len(places)


def test_the_dataset_is_described() -> None:
    made = json.loads(jsonstat_file(table(("Viborg", "2023", Blank("suppressed", "Skjult"), 1, "For få"))))
    assert (made["version"], made["class"], made["label"]) == ("2.0", "dataset", "Tal")
    assert made["role"] == {"geo": ["area"], "time": ["period"], "metric": ["measure"]}
    assert made["dimension"]["measure"]["category"]["label"] == {"value": "Værdi", "count": "Antal"}
    assert made["dimension"]["area"] == {
        "label": "Område",
        "category": {"index": ["Viborg"], "label": {"Viborg": "Viborg"}},
    }
    assert made["value"] == [None, 1]
    assert made["status"] == {"0": "suppressed"}
    assert made["source"] == "Ministeriet, Nationale mål 2024"
    assert made["updated"] == "2026-11-26T12:00:00+00:00"
    assert made["extension"]["words"] == {"Hvorfor": {"0": "For få"}}
    assert made["extension"]["editions"][0]["licence"] == "CC BY 4.0"


# --- Cells ------------------------------------------------------------------------------------------------------------


@given(numbers())
def test_what_is_printed_is_read_as_the_same_number(number: Number) -> None:
    from django.utils import translation

    for language in ("da", "en"):
        with translation.override(language):
            assert printed(format_number(number.value, number.decimals, language)) == number


@pytest.mark.parametrize("text", ["", "–", "Skjult", "12 af 13"])
def test_what_is_no_number_is_a_blank_with_the_words(text: str) -> None:
    found = printed(text)
    assert isinstance(found, Blank)
    assert found.reason == text


@pytest.mark.parametrize(
    ("value", "shown", "text"),
    [
        ("48.000000", 1, "48.0"),
        ("11.500000", 0, "11.5"),
        ("2342.000000", 0, "2342"),
        ("0.000000", 1, "0.0"),
        ("1E+3", 0, "1000"),
    ],
)
def test_a_whole_file_keeps_all_decimals(value: str, shown: int, text: str) -> None:
    assert str(with_all_decimals(Decimal(value), shown).value) == text
