"""A declared table gives exactly its figures; what the declaration does not know is refused with the place."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figure_rows import IndicatorFacts
from indicators.calculations.table_mapping import (
    GridCell,
    GridLine,
    Mapped,
    Names,
    TableLayout,
    map_grid,
    missing_roles,
    period_code,
)
from sundhedsaftale.lib.danish import format_number

KINDS = frozenset({"country", "region", "municipality"})
NAMES = Names(
    areas={"615": "615", "horsens": "615", "000": "000", "hele landet": "000", "081": "081", "nordjylland": "081"},
    indicators={"kroner": "kroner", "andel pct": "andel"},
    facts={"kroner": IndicatorFacts("kr.", KINDS, frozenset()), "andel": IndicatorFacts("pct.", KINDS, frozenset())},
    area_names=("Horsens", "Hele landet", "Nordjylland"),
    indicator_names=("Kroner", "Andel, pct."),
)
LONG = TableLayout(roles=("area", "period", "value"), constants={"indicator": "andel"})


def grid(text: str) -> list[GridLine]:
    return [
        GridLine(
            number, tuple(GridCell(cell.strip(), f"{chr(65 + at)}{number}") for at, cell in enumerate(line.split(";")))
        )
        for number, line in enumerate(text.strip().splitlines(), start=1)
    ]


def values(mapped: Mapped) -> list[tuple[str, ...]]:
    names = ("indicator_code", "area_code", "period", "value")
    return [tuple(row.cells.get(name, "") for name in names) for row in mapped.rows]


def refusals(mapped: Mapped) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in mapped.rejected]


def test_a_long_table_with_a_constant_indicator() -> None:
    mapped = map_grid(grid("Kommune;År;Tal\nHorsens;2023;11,4\n000;2023;11,0"), LONG, NAMES)
    assert values(mapped) == [("andel", "615", "2023", "11.4"), ("andel", "000", "2023", "11.0")]
    assert [row.cells["printed"] for row in mapped.rows] == ["11,4", "11,0"]
    assert not mapped.rejected


def test_one_column_a_period() -> None:
    layout = TableLayout("wide_periods", roles=("area", "values", "values"), constants={"indicator": "kroner"})
    mapped = map_grid(grid("Område;2022;2023\nHorsens;2.032;1.924"), layout, NAMES)
    assert values(mapped) == [("kroner", "615", "2022", "2032"), ("kroner", "615", "2023", "1924")]


def test_one_column_an_indicator_with_merged_words() -> None:
    layout = TableLayout("wide_indicators", roles=("period", "area", "values", "values"), fill_down=True)
    mapped = map_grid(grid("År;Område;Kroner;Andel, pct.\n2023;Horsens;2.032;0,0\n;Hele landet;1;9"), layout, NAMES)
    assert [row[:3] for row in values(mapped)] == [
        ("kroner", "615", "2023"),
        ("andel", "615", "2023"),
        ("kroner", "000", "2023"),
        ("andel", "000", "2023"),
    ]
    assert values(mapped)[1][3] == "0.0"  # printed zero is a figure


def test_the_decimal_mark_is_declared_and_never_guessed() -> None:
    assert map_grid(grid("a;b;c\n000;2023;11.4"), LONG, NAMES).rejected[0].code == "other_decimal_mark"
    english = TableLayout(roles=LONG.roles, decimal_mark=".", constants={"indicator": "kroner"})
    assert values(map_grid(grid("a;b;c\n000;2023;2.032"), english, NAMES))[0][3] == "2.032"
    danish = TableLayout(roles=LONG.roles, constants={"indicator": "kroner"})
    assert values(map_grid(grid("a;b;c\n000;2023;2.032"), danish, NAMES))[0][3] == "2032"


@pytest.mark.parametrize(
    ("line", "place", "code"),
    [
        ("Horssens;2023;1", "A2", "unknown_area_name"),
        (";2023;1", "A2", "area_blank"),
        ("Horsens;2023;100,1", "C2", "over_100"),
        ("Horsens;2023;-1", "C2", "negative"),
        ("Horsens;2023;mange", "C2", "not_a_figure"),
        ("Horsens;2023;", "C2", "blank_undeclared"),
        ("Horsens;2023;..", "C2", "blank_undeclared"),
        ("Horsens;5. kvartal 2023;1", "B2", "not_a_period"),
        ("Horsens;;1", "B2", "not_a_period"),
        ("Horsens;2023;1;2", "D2", "columns_differ"),
    ],
)
def test_what_is_refused_says_where_and_not_what(line: str, place: str, code: str) -> None:
    mapped = map_grid(grid(f"Kommune;År;Tal\n{line}"), LONG, NAMES)
    assert refusals(mapped) == [(2, place, code)]
    assert not mapped.rows
    assert "mange" not in mapped.rejected[0].details


def test_an_unknown_area_is_listed_once_with_the_nearest() -> None:
    layout = TableLayout("wide_periods", roles=("area", "values", "values"), constants={"indicator": "andel"})
    mapped = map_grid(grid("a;2022;2023\nHORSSENS;1;2\nHORSSENS;3;4\nHele landet;5;6"), layout, NAMES)
    assert mapped.unknown == {"HORSSENS": "A2"}
    assert [(one.code, one.details) for one in mapped.rejected] == [("unknown_area_name", "Horsens")] * 2
    assert len(mapped.rows) == 2


def test_two_figures_for_one_key() -> None:
    mapped = map_grid(grid("a;b;c\nHorsens;2023;1\n615;2023;1"), LONG, NAMES)
    assert [(one.column, one.code, one.details) for one in mapped.rejected] == [("C3", "duplicate_cell", "C2")]


def test_the_unit_is_compared_with_the_indicators() -> None:
    layout = TableLayout(roles=("area", "period", "unit", "value"), constants={"indicator": "andel"})
    mapped = map_grid(grid("a;b;c;d\n615;2023;%;1\n000;2023;kr.;1"), layout, NAMES)
    assert len(mapped.rows) == 1
    assert [(one.line, one.column, one.code, one.details) for one in mapped.rejected] == [
        (3, "C3", "wrong_unit", "pct.")
    ]


def test_a_blank_is_what_was_declared_and_never_zero() -> None:
    layout = TableLayout(
        roles=LONG.roles, constants=LONG.constants, blank_flag="suppressed", blank_reason="Skjult af kilden."
    )
    row = map_grid(grid("a;b;c\n615;2023;.."), layout, NAMES).rows[0]
    assert ("value" in row.cells, row.cells["flag"], row.cells["reason"]) == (False, "suppressed", "Skjult af kilden.")


def test_a_number_of_the_files_own_is_taken_as_it_is() -> None:
    cells = (GridCell("615", "A2"), GridCell("2023", "B2", Decimal(2023)), GridCell("10.7", "C2", Decimal("10.7")))
    mapped = map_grid([*grid("a;b;c"), GridLine(2, cells)], LONG, NAMES)
    assert values(mapped) == [("andel", "615", "2023", "10.7")]


def test_lines_are_skipped_and_headings_filled_as_declared() -> None:
    layout = TableLayout(
        "wide_periods", skip=1, fill_right=True, roles=("area", "values", ""), constants={"indicator": "andel"}
    )
    mapped = map_grid(grid("En titel\na;2023;\n615;1;nedre"), layout, NAMES)
    assert values(mapped) == [("andel", "615", "2023", "1")]


def test_what_is_missing_is_named() -> None:
    assert missing_roles(TableLayout()) == ["area", "indicator", "period", "value"]
    assert missing_roles(TableLayout("wide_periods")) == ["area", "indicator", "values"]
    assert missing_roles(LONG) == []
    assert [one.code for one in map_grid(grid("a;b;c"), TableLayout(), NAMES).rejected] == ["mapping_incomplete"] * 4
    assert map_grid([], LONG, NAMES).rejected[0].code == "no_rows"
    assert map_grid(grid("a;b;c;d\n615;2023;1"), LONG, NAMES).rejected[0].code == "columns_differ"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("2023", "2023"),
        ("2020-2022", "2020:2022"),
        ("(2019–2023)", "2019:2023"),
        ("marts 2024", "2024M03"),
        ("2. kvartal 2023", "2023K2"),
        ("2023Q4", "2023K4"),
        ("1. halvår 2025", "2025H1"),
        ("2024M03", "2024M03"),
        ("5. kvartal 2023", None),
        ("sidste år", None),
        ("", None),
    ],
)
def test_periods_as_tables_write_them(words: str, code: str | None) -> None:
    assert period_code(words) == code


@given(st.decimals(min_value=0, max_value=9_999_999, places=2), st.sampled_from([",", "."]))
def test_a_number_printed_in_the_declared_way_comes_back(number: Decimal, mark: str) -> None:
    layout = TableLayout(roles=LONG.roles, decimal_mark=mark, constants={"indicator": "kroner"})
    printed = format_number(number, 2, "da" if mark == "," else "en")
    cells = (GridCell("615", "A2"), GridCell("2023", "B2"), GridCell(printed, "C2"))
    mapped = map_grid([*grid("a;b;c"), GridLine(2, cells)], layout, NAMES)
    assert Decimal(mapped.rows[0].cells["value"]) == number


@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=6), st.sampled_from(["long", "wide_periods"]))
def test_any_grid_gives_rows_or_reasons_and_no_error(lines: list[list[str]], kind: str) -> None:
    cells = [
        GridLine(number, tuple(GridCell(words.strip(), f"X{number}") for words in line))
        for number, line in enumerate(lines, start=1)
    ]
    roles = ("area", "period", "value") if kind == "long" else ("area", "values", "values")
    mapped = map_grid(cells, TableLayout(kind, roles=roles, constants={"indicator": "andel"}), NAMES)
    assert all(re.fullmatch(r"\d+(\.\d+)?", row.cells["value"]) for row in mapped.rows)
