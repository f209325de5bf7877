"""The first proposal for a table's layout, and that it never says more than the table does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figure_rows import IndicatorFacts
from indicators.calculations.table_guess import at_width, fits, guess_layout
from indicators.calculations.table_mapping import (
    GridCell,
    GridLine,
    Names,
    TableLayout,
    map_grid,
    missing_roles,
)

NAMES = Names(
    areas={"000": "000", "hele landet": "000", "nordjylland": "081"},
    indicators={"genindlaeggelser": "gen", "ventetid": "vent"},
    facts={"gen": IndicatorFacts("pct.", frozenset({"country"}), frozenset())},
)


def grid(text: str, mark: str = ";") -> list[GridLine]:
    return [
        GridLine(number, tuple(GridCell(cell.strip(), f"{at}{number}") for at, cell in enumerate(line.split(mark))))
        for number, line in enumerate(text.split("\n"), start=1)
    ]


@pytest.mark.parametrize(
    ("text", "layout", "skip", "roles", "constants"),
    [
        ("Område;2023;2024\nHele landet;11,0;10,9", "wide_periods", 0, "area values values", {}),
        ("Kommune;År;Tal\nNordjylland;2023;10,2", "long", 0, "area period value", {}),
        ("A;B;C\nNordjylland;2023;10,2\nHele landet;2023;11,5", "long", 0, "area period value", {}),
        ("Kode;gen\n000;1,5", "wide_indicators", 0, "area values", {}),
        ("Sted;Enhed;Indikator;Periode;Værdi\nHele landet;pct.;gen;2023;1,0", "long", 0,
         "area unit indicator period value", {}),
        ("gen\n\n2023\nKommune;Tal\nNordjylland;2,0", "long", 3, "area value", {"indicator": "gen", "period": "2023"}),
        ("Kommune;Periode;Middellevetid, år\nNordjylland;2023;81,2", "long", 0, "area period value", {}),
        ("Kommune (kode);Middellevetid (år);Årstal, år\n000;81,2;2023", "long", 0, "area value period", {}),
        ("Sted;2023;I alt\nNordjylland;1,0;", "wide_periods", 0, "area values skip", {}),
        ("", "long", 0, "", {}),
    ],
)  # fmt: skip
def test_usual_tables(text: str, layout: str, skip: int, roles: str, constants: dict[str, str]) -> None:
    found = guess_layout(grid(text), NAMES)
    wanted = tuple("" if one == "skip" else one for one in roles.split())
    assert (found.layout, found.skip, found.roles, dict(found.constants)) == (layout, skip, wanted, constants)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Sted;År;Andel (pct.)\nNordjylland;2023;1,0", "pct."),
        ("Sted;År;Andel i %\nNordjylland;2023;1,0", "pct."),
        ("Sted;År;Genindlæggelser, procent\nNordjylland;2023;1,0", "pct."),
        ("Sted;År;Antal\nNordjylland;2023;1,0", "antal"),
        ("Sted;År;Antal indlæggelser\nNordjylland;2023;1,0", "antal"),
        ("Ventetid i dage\n\nSted;2023;2024\nNordjylland;1,0;2,0", "dage"),
        ("Middellevetid, år\n\nSted;2023;2024\nNordjylland;1,0;2,0", "år"),
        ("Sted;År;Overlevelse efter 5 år\nNordjylland;2023;1,0", ""),
        ("Sted;År;Tal\nNordjylland;2023;1,0", ""),
        ("Antal\nSted;2023, pct.;2024\nNordjylland;1,0;2,0", "antal"),
        ("Antal (pct.)\nAntal\nSted;2023;2024\nNordjylland;1,0;2,0", ""),
        ("Sted;År;Enhed;Andel, pct.\nNordjylland;2023;pct.;1,0", ""),
    ],
)
def test_the_unit_is_guessed_from_the_words_above_the_figures(text: str, unit: str) -> None:
    """Not where a column says it, and not where two units are named."""
    facts = {**NAMES.facts, "liv": IndicatorFacts("år", frozenset({"country"}), frozenset())}
    guess = guess_layout(grid(text), replace(NAMES, facts=facts))
    assert guess.constants.get("unit", "") == unit


@pytest.mark.parametrize(
    ("cells", "mark"), [("1,5;2,0", ","), ("1.5;2.0", "."), ("1;2", ","), ("1.234,5;2,0", ","), ("..;-", ",")]
)
def test_the_decimal_mark(cells: str, mark: str) -> None:
    assert guess_layout(grid(f"Sted;2023;2024\nNordjylland;{cells}"), NAMES).decimal_mark == mark


def test_merged_cells_are_seen() -> None:
    text = "Sted;År;Tal\nNordjylland;2023;1,0\n;2024;2,0"
    assert guess_layout(grid(text), NAMES).fill_down is True
    assert guess_layout(grid(text.replace("\n;", "\nHele landet;")), NAMES).fill_down is False


def test_a_guess_that_says_everything_can_be_read() -> None:
    lines = grid("gen\nOmråde;2023;2024\nHele landet;11,0;10,9")
    found = guess_layout(lines, NAMES)
    assert missing_roles(found) == []
    assert [row.cells["value"] for row in map_grid(lines, found, NAMES).rows] == ["11.0", "10.9"]


def test_whether_a_table_has_the_declared_columns() -> None:
    declared = TableLayout(skip=1, roles=("area", "value"))
    assert fits(declared, grid("Titel\nSted;Tal"))
    assert not fits(declared, grid("Titel\nSted;Tal;Mere"))
    assert not fits(declared, grid("Titel"))
    assert at_width(declared, 3).roles == ("area", "value", "")
    assert at_width(declared, 1).roles == ("area",)


CELLS = st.sampled_from(["", "2023", "Nordjylland", "gen", "1,5", "Område", "000", "x", "2. kvartal 2023"])


@given(st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6))
def test_every_guess_has_a_role_for_each_column_and_none_twice(rows: list[list[str]]) -> None:
    lines = grid("\n".join(";".join(row) for row in rows))
    found = guess_layout(lines, NAMES)
    once = [role for role in found.roles if role not in ("", "values")]
    assert len(once) == len(set(once))
    if found.roles:
        assert fits(found, lines)
    assert not set(found.constants) & set(found.roles)
