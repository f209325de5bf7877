"""The double light, held against tables, against the report's reference counts and against a slow obvious twin."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.lights import (
    RULE_VERSION,
    Cell,
    NoLight,
    assess_development,
    assess_level,
    change_in_pct,
    classify,
    rounding_leaves_doubt,
)
from sundhedsaftale.lib.danish import format_number
from tests.indicators import oracle

CATALOGUE = Path(__file__).parents[2] / "indicators" / "catalogue"
D = Decimal


@pytest.mark.parametrize(
    ("value", "comparator", "direction", "light"),
    [
        ("13.3", "11.0", "lower", "red"),
        ("9.9", "11.0", "lower", "green"),
        ("101", "100", "higher", "yellow"),  # the bound is included
        ("101.000001", "100", "higher", "green"),
        ("99", "100", "lower", "yellow"),
        ("98.999999", "100", "lower", "green"),
        ("76", "74", "higher", "green"),
        ("0", "0", "lower", "yellow"),
        ("0", "3.1", "lower", "green"),
        ("-2", "-4", "higher", "green"),
        # Half a percentage point, but far more than one per cent: the mistake of counting points would give yellow.
        ("2.5", "2.0", "lower", "red"),
        # More than one percentage point, but within one per cent.
        ("101.0", "100.0", "lower", "yellow"),
    ],
)
def test_classify(value: str, comparator: str, direction: str, light: str) -> None:
    assert classify(D(value), D(comparator), direction) == light


def test_classify_refuses_what_has_no_answer() -> None:
    with pytest.raises(ZeroDivisionError):
        classify(D("0.1"), D(0), "lower")
    with pytest.raises(ValueError, match="direction"):
        classify(D(1), D(2), "none")


@pytest.mark.parametrize(
    ("value", "comparator", "pct"),
    [("11.5", "11", "4.545455"), ("13.3", "11", "20.909091"), ("5", "0", None), ("0", "0", "0"), ("-2", "-4", "50")],
)
def test_change_in_pct(value: str, comparator: str, pct: str | None) -> None:
    assert change_in_pct(D(value), D(comparator)) == (None if pct is None else D(pct))


@pytest.mark.parametrize(
    ("value", "comparator", "decimals", "doubt"),
    [
        ("48", "56.4", 1, False),
        ("56.9", "56.4", 1, True),  # 56.85-56.95 beside 56.35-56.45: both sides of 1 pct. are possible
        ("7", "7.0", 1, True),  # half a unit of 7.0 is 0.7 pct., and there are two of them
        ("70", "70.0", 1, False),
        ("0", "0", 1, False),
        ("0.0", "0.1", 1, True),
        ("4", "0", 1, False),
        ("102", "100", 0, True),
        ("103", "100", 0, False),
    ],
)
def test_rounding_leaves_doubt(value: str, comparator: str, decimals: int, doubt: bool) -> None:
    assert rounding_leaves_doubt(D(value), D(comparator), decimals) is doubt


def test_an_edge_touched_but_not_passed_is_no_doubt() -> None:
    """20.250,5 beside 20.050 is exactly 1 pct. more: the lowest corner stands on the edge, all others lie past it."""
    assert (D("20250.5") - 20050) * 100 == 20050
    assert not rounding_leaves_doubt(D("20251"), D("20049.5"), 0)
    assert rounding_leaves_doubt(D("20250.9"), D("20049.5"), 0)


LEVEL_CASES = [
    (Cell(None, "suppressed"), Cell(D(11)), {}, NoLight.SUPPRESSED),
    (Cell(None, "not_measured"), Cell(D(11)), {}, NoLight.NOT_MEASURED),
    (Cell(None, "not_published"), Cell(None, "not_published"), {}, NoLight.NO_NUMBER),
    (Cell(D(5), "not_comparable"), Cell(D(11)), {}, NoLight.NOT_COMPARABLE),
    (Cell(D(5)), Cell(D(5)), {"is_comparator": True}, NoLight.IS_COMPARATOR),
    (Cell(D(5)), None, {}, NoLight.COMPARATOR_MISSING),
    (Cell(D(5)), Cell(None, "suppressed"), {}, NoLight.COMPARATOR_MISSING),
    (Cell(D(5)), Cell(D(6), "not_comparable"), {}, NoLight.NOT_COMPARABLE),
    (Cell(D(5), method="crude"), Cell(D(6), method="std"), {"comparable": False}, NoLight.COMPARATOR_OTHER_KIND),
    (Cell(D(5)), Cell(D(6)), {"comparable": False}, NoLight.NOT_COMPARABLE),
    (Cell(D(5)), Cell(D(6)), {"direction": "none"}, NoLight.DIRECTION_NOT_DECLARED),
    (Cell(D(5)), Cell(D(0)), {}, NoLight.CANNOT_COMPUTE),
]


@pytest.mark.parametrize(("cell", "comparator", "more", "reason"), LEVEL_CASES)
def test_level_without_a_light_says_why(cell: Cell, comparator: Cell | None, more: dict, reason: NoLight) -> None:
    verdict = assess_level(cell, comparator, **{"direction": "lower", "decimals": 1, **more})
    assert (verdict.light, verdict.reason, verdict.rounding_uncertain) == ("", reason, False)


def test_a_declared_comparison_holds_although_the_methods_differ() -> None:
    cell, country = Cell(D("62.2"), method="standardised_2y"), Cell(D("58.1"), method="standardised")
    verdict = assess_level(cell, country, direction="higher", decimals=1)
    assert (verdict.light, verdict.reason) == ("green", "")


DEVELOPMENT_CASES = [
    (Cell(None, "suppressed"), Cell(D(11)), {}, NoLight.SUPPRESSED),
    (Cell(D(5), carried_over=True), Cell(D(11)), {}, NoLight.NOT_UPDATED),
    (Cell(D(5)), Cell(D(11)), {"comparison_years": None}, NoLight.METHOD_BREAK),
    (Cell(D(5)), Cell(D(11)), {"comparison_years": None, "direction": "none"}, NoLight.DIRECTION_NOT_DECLARED),
    (Cell(D(5)), None, {}, NoLight.PREVIOUS_MISSING),
    (Cell(D(5)), Cell(None, "suppressed"), {}, NoLight.PREVIOUS_MISSING),
    (Cell(D(5), method="a"), Cell(D(6), method="b"), {}, NoLight.METHOD_BREAK),
    (Cell(D(5)), Cell(D(0)), {}, NoLight.CANNOT_COMPUTE),
    (Cell(D(5)), Cell(D(6)), {"direction": "none"}, NoLight.DIRECTION_NOT_DECLARED),
]


@pytest.mark.parametrize(("cell", "previous", "more", "reason"), DEVELOPMENT_CASES)
def test_development_without_a_light_says_why(cell: Cell, previous: Cell | None, more: dict, reason: NoLight) -> None:
    rule = {"direction": "lower", "decimals": 1, "comparison_years": 1, **more}
    verdict = assess_development(cell, previous, **rule)
    assert (verdict.light, verdict.reason) == ("", reason)


def test_development_from_nothing_to_nothing_is_unchanged() -> None:
    verdict = assess_development(Cell(D(0)), Cell(D(0)), direction="lower", decimals=1, comparison_years=1)
    assert (verdict.light, verdict.change_pct, verdict.rounding_uncertain) == ("yellow", 0, False)


def test_smokers_in_the_country_went_down_across_two_tables() -> None:
    verdict = assess_development(Cell(D("11.7")), Cell(D("13.9")), direction="lower", decimals=1, comparison_years=2)
    assert (verdict.light, verdict.change_pct) == ("green", D("-15.827338"))
    assert RULE_VERSION


# --- The shipped edition ----------------------------------------------------------------------------------------------


def level_pairs() -> list[dict]:
    """Every non-blank regional and municipal cell of the 2024 edition beside the country of its own period."""
    definitions = {entry["code"]: entry for entry in yaml.safe_load((CATALOGUE / "indicators.yaml").read_text())}
    with (CATALOGUE / "observations" / "nationale_maal_2024.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    country = {(r["indicator_code"], r["period"]): r for r in rows if r["area_code"] == "000"}
    pairs = []
    for row in rows:
        if row["area_code"] == "000" or not row["value"]:
            continue
        kind = "region" if row["area_code"].startswith("08") else "municipality"
        definition = definitions[row["indicator_code"]]
        level = next(entry for entry in definition["levels"] if entry["kind"] == kind)
        other = country[row["indicator_code"], row["period"]]
        pairs.append({"kind": kind, "definition": definition, "level": level, "row": row, "country": other})
    return pairs


def test_the_reference_counts_of_the_2024_edition() -> None:
    cells, doubtful = Counter(), Counter()
    for pair in level_pairs():
        value, comparator = D(pair["row"]["value"]), D(pair["country"]["value"])
        cells[pair["kind"]] += 1
        doubtful[pair["kind"]] += rounding_leaves_doubt(value, comparator, pair["level"]["decimals"])
    assert cells == {"region": 235, "municipality": 1331}
    assert doubtful == {"region": 33, "municipality": 102}


def test_percentage_points_would_move_21_regional_cells() -> None:
    moved = 0
    for pair in level_pairs():
        if pair["kind"] != "region" or pair["definition"]["unit"] != "pct.":
            continue
        value, comparator = D(pair["row"]["value"]), D(pair["country"]["value"])
        points = value - comparator
        direction = pair["definition"]["direction"]
        by_points = "yellow" if abs(points) <= 1 else "green" if (points > 0) == (direction == "higher") else "red"
        moved += by_points != classify(value, comparator, direction)
    assert moved == 21


def test_every_cell_of_the_edition_agrees_with_the_twin() -> None:
    for pair in level_pairs():
        decimals, direction = pair["level"]["decimals"], pair["definition"]["direction"]
        now, then = pair["row"]["printed"], pair["country"]["printed"]
        verdict = assess_level(
            Cell(D(pair["row"]["value"])), Cell(D(pair["country"]["value"])), direction=direction, decimals=decimals
        )
        assert (verdict.light or "none") == oracle.light(now, then, direction), pair
        assert verdict.rounding_uncertain == oracle.may_differ(now, then, decimals), pair


# --- Any cell ---------------------------------------------------------------------------------------------------------


@st.composite
def printed_pairs(draw: st.DrawFn) -> tuple[Decimal, Decimal, int]:
    """Two values printed with the same decimals, often close to each other: that is where the edges are."""
    decimals = draw(st.integers(0, 3))
    then = draw(st.integers(0, 200_000))
    near = draw(st.booleans())
    now = max(0, then + draw(st.integers(-then // 50 - 3, then // 50 + 3))) if near else draw(st.integers(0, 200_000))
    return D(now).scaleb(-decimals), D(then).scaleb(-decimals), decimals


@given(printed_pairs(), st.sampled_from(["higher", "lower"]))
def test_the_rule_agrees_with_the_twin(pair: tuple[Decimal, Decimal, int], direction: str) -> None:
    value, comparator, decimals = pair
    now, then = format_number(value, decimals), format_number(comparator, decimals)
    verdict = assess_level(Cell(value), Cell(comparator), direction=direction, decimals=decimals)
    assert (verdict.light or "none") == oracle.light(now, then, direction)
    if verdict.light:
        assert verdict.rounding_uncertain == oracle.may_differ(now, then, decimals)


@given(printed_pairs())
def test_turning_the_direction_turns_the_light(pair: tuple[Decimal, Decimal, int]) -> None:
    value, comparator, decimals = pair
    turned = {"green": "red", "red": "green", "yellow": "yellow", "": ""}
    verdicts = [
        assess_level(Cell(value), Cell(comparator), direction=direction, decimals=decimals)
        for direction in ("higher", "lower")
    ]
    assert verdicts[0].light == turned[verdicts[1].light]
    assert verdicts[0].change_pct == verdicts[1].change_pct
