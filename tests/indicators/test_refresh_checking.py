"""A table judged by column is parted exactly as the rule for one row parts it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figure_rows import COLUMNS, IndicatorFacts, Known, RawRow, part_rows
from indicators.models import DataSource
from indicators.refresh import reading
from indicators.refresh.checking import part_table
from indicators.refresh.columns import ColumnRows
from indicators.refresh.reading import Content, NotReadable, keep_raw
from indicators.refresh.sources import catalogue_csv

KNOWN = Known(
    indicators={
        "a": IndicatorFacts("pct.", frozenset({"country", "region"}), frozenset({"ny", "kendt"})),
        "b": IndicatorFacts("kr.", frozenset({"country"}), frozenset()),
    },
    areas={"000": "country", "081": "region", "791": "municipality"},
    editions=frozenset({"e-2023", "e-2024"}),
    edition="e-2024",
)
CELLS = {
    "indicator_code": ["a", "b", "c", ""],
    "area_code": ["000", "081", "791", "8"],
    "period": ["2023", "2024M03", "2019:2023", "2023M13", ""],
    "breakdown": ["", "ny", "gammel"],
    "value": ["11.4", "100", "100.1", "0", "−1", "-", "1.1234567", "12345678901234", "x", ""],
    "printed": ["11,4", "100", "1", ""],
    "flag": ["ok", "", "suppressed", "corrected", "not_comparable", "sjov"],
    "reason": ["", "Få.", "Ring til 010180-1234."],
    "footnotes": ["", "1; 2", "x"],
    "method": ["", "standardised", "m" * 41],
    "carried_over": ["", "true", "False", "ja"],
    "published_level": ["", "green", "blue"],
    "published_development": ["", "red", "blå"],
    "published_basis": ["", "s. 4"],
    "edition": ["", "e-2023", "e-2022"],
    "strange": ["", "010180-1234"],
}
GOOD = {"indicator_code": "a", "area_code": "000", "period": "2023", "value": "11.4", "flag": "ok"}
ROW = st.one_of(
    st.fixed_dictionaries({}, optional={name: st.sampled_from(texts) for name, texts in CELLS.items()}).map(
        lambda cells: {**GOOD, **cells}
    ),
    # Mostly good rows, so that keys come twice.
    st.sampled_from(CELLS["period"]).map(lambda period: {**GOOD, "period": period, "breakdown": "ny"}),
    st.tuples(st.sampled_from(["edition", *COLUMNS]), st.text(max_size=3)).map(lambda one: {**GOOD, one[0]: one[1]}),
)


@given(st.lists(ROW, max_size=12))
def test_it_parts_a_table_as_the_rule_parts_its_rows(cells: list[dict[str, str]]) -> None:
    rows = [RawRow(line, {name: text for name, text in row.items() if text}) for line, row in enumerate(cells, start=2)]
    accepted, rejected = part_table(rows, KNOWN)
    assert (list(accepted), rejected) == part_rows(rows, KNOWN)
    again, _ = part_table(ColumnRows.of_rows(rows), KNOWN)
    assert list(again) == list(accepted)


def test_rows_of_columns_are_the_rows_they_were_made_of() -> None:
    rows = [RawRow(2, {"a": "1"}), RawRow(7, {"a": "1", "b": "2"}), RawRow(8, {"b": "2"})]
    assert list(ColumnRows.of_rows(rows)) == rows
    assert ColumnRows.of_rows(rows)[1:] == rows[1:]


def test_the_reader_strips_cells_keeps_lines_and_leaves_out_empty_rows(tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    path.write_text('\ufeffa,b\n" x ",1\n\n,\nx, 2\ny\n', encoding="utf-8")
    table = catalogue_csv.read(path, DataSource())
    assert table.columns == ["a", "b"]
    assert list(table.rows) == [
        RawRow(2, {"a": "x", "b": "1"}),
        RawRow(5, {"a": "x", "b": "2"}),
        RawRow(6, {"a": "y"}),
    ]


@pytest.mark.parametrize("before", range(12))
@pytest.mark.parametrize("number", ["010180-1234", "010180\n-\n1234", "010180\u200b\u200b\u200b -1234"])
def test_a_cpr_number_is_found_wherever_a_large_text_is_parted(
    before: int, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PIECE", 12)
    text = "x\n" * before + f"abc {number} def\n" + "y,z\n" * 9
    with pytest.raises(NotReadable) as caught:
        keep_raw(DataSource(reader="catalogue_csv"), Content(text.encode()), now=None)  # type: ignore[arg-type]
    assert (caught.value.code, caught.value.line) == ("cpr", before + 1)


def test_a_large_text_without_a_number_is_scanned_once_and_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "PIECE", 5)
    for text in ("", "a", "a\n" * 40, "aaaaaaaaaaaa\n" * 3, "abcdefghijk", "a\n" * 3 + "b" * 50 + "\n\n\n"):
        pieces = list(reading._pieces(text))
        assert text.startswith(pieces[0][1])
        assert text.endswith(pieces[-1][1])
        for line, piece in pieces:
            start = sum(len(one) + 1 for one in text.split("\n")[: line - 1])
            assert text[start : start + len(piece)] == piece
