"""Which rows of figures are taken and which refused, and that a refusal never repeats the cell."""

from decimal import Decimal

import pytest

from indicators.calculations.figure_rows import (
    FigureRow,
    IndicatorFacts,
    Known,
    RawRow,
    Rejected,
    missing_columns,
    part_rows,
)

GOOD = {"indicator_code": "rygere", "area_code": "000", "period": "2023", "value": "11.7", "flag": "ok"}
KNOWN = Known(
    {
        "rygere": IndicatorFacts("pct.", frozenset({"country", "region"}), frozenset()),
        "ophold": IndicatorFacts("pr. 1.000", frozenset({"country"}), frozenset({"plejehjem"})),
    },
    {"000": "country", "081": "region", "101": "municipality"},
    frozenset({"maal-2024"}),
    "maal-2024",
)


def part_one(**cells: str) -> FigureRow | Rejected:
    accepted, rejected = part_rows([RawRow(7, {**GOOD, **cells})], KNOWN)
    assert len(accepted) + len(rejected) == 1
    return (accepted or rejected)[0]


def test_a_good_row_is_read() -> None:
    row = part_one(printed="11,7", footnotes="1; 16", carried_over="true", published_development="green")
    assert isinstance(row, FigureRow)
    assert (row.value, row.printed, row.footnotes, row.carried_over) == (Decimal("11.7"), "11,7", "1;16", True)
    assert (row.edition, str(row.period_start), str(row.period_end)) == ("maal-2024", "2023-01-01", "2023-12-31")


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"indicator_code": "rygerre"}, "indicator_code", "unknown_indicator"),
        ({"area_code": "82"}, "area_code", "unknown_area"),
        ({"area_code": "101"}, "area_code", "kind_not_measured"),
        ({"breakdown": "plejehjem"}, "breakdown", "unknown_breakdown"),
        ({"edition": "maal-1999"}, "edition", "unknown_edition"),
        ({"period": "2023K7"}, "period", "not_a_period"),
        ({"value": "-1.5"}, "value", "negative"),
        ({"value": "\u22121.5"}, "value", "negative"),
        ({"value": "100.1"}, "value", "over_100"),
        ({"value": "ca. 12"}, "value", "not_a_number"),
        ({"value": "11,7"}, "value", "not_a_number"),
        ({"value": "nan"}, "value", "not_a_number"),
        ({"value": "1e3"}, "value", "not_a_number"),
        ({"value": "٣"}, "value", "not_a_number"),
        ({"value": "1.1234567"}, "value", "too_precise"),
        ({"value": ""}, "value", "blank_without_flag"),
        ({"value": "", "flag": "suppressed"}, "reason", "blank_without_reason"),
        ({"flag": "suppressed", "reason": "For få."}, "value", "value_with_blank_flag"),
        ({"flag": "godt"}, "flag", "unknown_flag"),
        ({"footnotes": "1, 16"}, "footnotes", "not_footnotes"),
        ({"carried_over": "ja"}, "carried_over", "not_true_or_false"),
        ({"published_level": "lilla"}, "published_level", "unknown_light"),
        ({"reason": "Borger 010180-1234 ringede."}, "reason", "cpr"),
        ({"method": "x" * 41}, "method", "too_long"),
    ],
)
def test_a_bad_row_is_refused(cells: dict[str, str], column: str, code: str) -> None:
    refused = part_one(**cells)
    assert isinstance(refused, Rejected)
    assert (refused.line, refused.column, refused.code) == (7, column, code)
    for cell in cells.values():
        assert len(cell) < 3 or cell not in refused.details


def test_an_unknown_code_is_answered_with_the_nearest() -> None:
    refused = part_one(indicator_code="rygerre")
    assert isinstance(refused, Rejected)
    assert refused.details == "rygere"


def test_over_100_is_no_error_for_rates() -> None:
    row = part_one(indicator_code="ophold", breakdown="plejehjem", value="213")
    assert isinstance(row, FigureRow)


def test_nought_is_a_number_and_not_a_blank() -> None:
    row = part_one(value="0")
    assert isinstance(row, FigureRow)
    assert row.value == 0


def test_a_printed_text_that_says_another_number_is_dropped() -> None:
    row = part_one(value="13.3", printed="11,7")
    assert isinstance(row, FigureRow)
    assert (row.value, row.printed) == (Decimal("13.3"), "")


def test_the_second_of_two_rows_with_one_key_is_refused() -> None:
    accepted, rejected = part_rows([RawRow(2, GOOD), RawRow(5, {**GOOD, "value": "12"})], KNOWN)
    assert [row.line for row in accepted] == [2]
    assert rejected == [Rejected(5, "", "duplicate", "2")]


def test_missing_columns_are_named() -> None:
    assert [one.details for one in missing_columns(["indicator_code", "area_code", "value"])] == ["period", "flag"]
