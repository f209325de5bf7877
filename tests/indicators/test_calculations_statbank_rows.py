"""CSV and BULK line by line, and a table beside the one of last time."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.source_mapping import Definition, Figure, Variable, figure_rows
from indicators.calculations.statbank_rows import BodyProblem, statbank_figures
from indicators.calculations.table_codes import (
    TableCodes,
    asked_codes,
    check_table,
    compare_tables,
    read_statbank_table,
)

DEFINITION = Definition(
    name="x",
    table="T1",
    unit="år",
    decimals=1,
    indicator="middellevetid",
    variables=(Variable("OMRÅDE", "area", mapping={"00": "000"}), Variable("Tid", "period", first="2022")),
)
ASKED = [("00", "081"), ("2022", "2023")]
HEADER = "\ufeffOMRÅDE;TID;INDHOLD\r\n"


def figures(body: str, **more: str) -> list[Figure]:
    definition = replace(DEFINITION, **more)  # type: ignore[arg-type]
    return list(statbank_figures(body, definition, ASKED, no_number="dots", left_out="gone"))


def test_lines_blanks_and_what_is_left_out() -> None:
    found = figures(HEADER + "00;2022;81,5\r\n\r\n081;2022;..\r\n00;2023;0\r\n")
    assert found == [
        Figure(2, ("00", "2022"), "81.5", "81,5"),
        Figure(4, ("081", "2022"), "", flag="not_published", reason="dots"),
        Figure(5, ("00", "2023"), "0", "0"),
        Figure(0, ("081", "2023"), "", flag="suppressed", reason="gone"),
    ]
    assert next(figure_rows(DEFINITION, found)).cells == {
        "indicator_code": "middellevetid",
        "area_code": "000",
        "period": "2022",
        "value": "81.5",
        "printed": "81,5",
        "flag": "ok",
    }


def test_columns_may_stand_in_another_order_and_cells_in_quotes() -> None:
    found = figures('TID;OMRÅDE;INDHOLD\n"2022";"00";81,5\n', format="BULK")
    assert found[0] == Figure(2, ("00", "2022"), "81.5", "81,5")


@pytest.mark.parametrize(
    ("body", "code", "line"),
    [
        ("", "cut_off", 0),
        (HEADER + "00;2022;81,5", "cut_off", 0),
        (HEADER, "no_rows", 0),
        ("OMRÅDE;TID\r\n", "columns_changed", 1),
        ("OMRÅDE;TID;VALUE\r\n", "columns_changed", 1),
        ("INDHOLD;OMRÅDE;TID\r\n", "columns_changed", 1),
        ("OMRÅDE;TID;TID;INDHOLD\r\n", "columns_changed", 1),
        ("OMRÅDE,TID,INDHOLD\r\n", "columns_changed", 1),
        (HEADER + "00;2022\r\n", "columns_changed", 2),
        (HEADER + "00;2022;81,5;1\r\n", "columns_changed", 2),
        (HEADER + "Hele landet;2022;81,5\r\n", "code_not_asked", 2),
        (HEADER + "00;2021;81,5\r\n", "code_not_asked", 2),
        (HEADER + "00;2022;81,5\r\n00;2022;81,5\r\n", "row_twice", 3),
        (HEADER + "00;2022;81.5\r\n", "wrong_mark", 2),
        (HEADER + "00;2022;2.032\r\n", "wrong_mark", 2),
        (HEADER + "00;2022;81,55\r\n", "more_decimals", 2),
        (HEADER + "00;2022;-\r\n", "not_a_number", 2),
        (HEADER + "00;2022;\r\n", "not_a_number", 2),
        (HEADER + "00;2022;1e5\r\n", "not_a_number", 2),
        (HEADER + "00;2022;٣\r\n", "not_a_number", 2),
        (HEADER + '00;"20\r\n', "answer_not_understood", 2),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_line(body: str, code: str, line: int) -> None:
    with pytest.raises(BodyProblem) as caught:
        figures(body)
    assert (caught.value.code, caught.value.line) == (code, line)


def test_the_mark_follows_the_language() -> None:
    assert figures(HEADER + "00;2022;81.5\r\n", language="en")[0] == Figure(2, ("00", "2022"), "81.5")
    with pytest.raises(BodyProblem) as caught:
        figures(HEADER + "00;2022;81,5\r\n", language="en")
    assert caught.value.code == "wrong_mark"


def test_without_a_stream_nothing_may_be_missing() -> None:
    with pytest.raises(BodyProblem) as caught:
        figures(HEADER + "00;2022;81,5\r\n", format="CSV")
    assert (caught.value.code, caught.value.line) == ("cut_off", 2)


@given(st.data())
def test_every_cell_asked_for_comes_out_once(data: st.DataObject) -> None:
    """Whatever is left out and in whatever order the rest stands: no cell is lost, none is made a number."""
    keys = list(itertools.product(*ASKED))
    kept = data.draw(st.lists(st.sampled_from(keys), min_size=1, unique=True))
    tenths = {key: data.draw(st.integers(-9999, 9999)) for key in kept}
    numbers = {key: f"{'-' if n < 0 else ''}{abs(n) // 10},{abs(n) % 10}" for key, n in tenths.items()}
    found = figures(HEADER + "".join(f"{area};{year};{numbers[area, year]}\r\n" for area, year in kept))
    assert sorted(one.codes for one in found) == sorted(keys)
    assert {one.codes: one.printed for one in found if one.number} == numbers
    assert all(one.reason == "gone" for one in found if not one.number)


# --- The table itself -------------------------------------------------------------------------------------------------

TABLE = TableCodes(
    "T1", "År", "2025-02-11T08:00:00", {"OMRÅDE": {"00": "Hele landet", "081": "Nord"}, "Tid": {"2021": "2021", "2022": "2022"}}
)  # fmt: skip


def test_a_table_comes_back_from_what_is_kept() -> None:
    assert TableCodes.from_json(TABLE.as_json()) == TABLE
    assert list(TableCodes.from_json(TABLE.as_json()).variables) == ["OMRÅDE", "Tid"]


def test_only_codes_from_the_first_period_on_are_asked_for() -> None:
    assert asked_codes(DEFINITION, TABLE) == [("00", "081"), ("2022",)]
    assert check_table(DEFINITION, TABLE) == []
    gone = replace(TABLE, variables={**TABLE.variables, "Tid": {"2022": "2022"}})
    assert compare_tables(DEFINITION, TABLE, gone) == ([], [])  # 2021 is not asked for, so it may go


def test_names_may_be_written_with_other_spaces_and_capitals() -> None:
    other = replace(
        TABLE, unit=" ÅR ", variables={"område": {"00": "hele  landet", "081": "NORD"}, "TID": TABLE.variables["Tid"]}
    )
    assert compare_tables(replace(DEFINITION, table_unit="år"), TABLE, other) == ([], [])
    assert check_table(replace(DEFINITION, table_unit="år"), other) == []


def test_many_names_are_cut_short() -> None:
    many = {f"{number:03}": "" for number in range(30)}
    before = replace(TABLE, variables={**TABLE.variables, "OMRÅDE": {**TABLE.variables["OMRÅDE"], **many}})
    troubles, news = compare_tables(DEFINITION, before, TABLE)
    assert [(one.code, one.names.endswith("011 (+18)")) for one in troubles] == [("code_gone", True)]
    assert news == []


@pytest.mark.parametrize(
    "body",
    [None, [], "x", {}, {"id": "T"}, {"id": "T", "variables": []}, {"id": "T", "variables": [{"id": "A"}]},
     {"id": "T", "variables": [{"id": "A", "values": [{"id": "1"}]}]}, {"id": "T", "variables": {"A": 1}},
     {"id": "T", "variables": [{"id": "A", "values": []}, {"id": "a", "values": []}]}],
)  # fmt: skip
def test_what_is_no_description_of_a_table(body: object) -> None:
    with pytest.raises(ValueError, match=r"not the description|no variables"):
        read_statbank_table(body)


def test_a_table_of_a_size_no_table_has() -> None:
    values = [{"id": str(number), "text": ""} for number in range(200_001)]
    with pytest.raises(ValueError, match="too many"):
        read_statbank_table({"id": "T", "variables": [{"id": "A", "values": values}]})
