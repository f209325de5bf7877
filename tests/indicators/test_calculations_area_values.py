"""What a figure is for an area the source has none for. The slow twin counts people one by one, in fractions."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.area_values import (
    AreaValue,
    How,
    Measure,
    Missing,
    Part,
    WhyMissing,
    WhyNot,
    area_value,
    per_of,
)

RATE = Measure("rate", 100)


def part(code: str, value: str | None = "10", **more: object) -> Part:
    facts: dict[str, object] = {"period": "2023", **more}
    for name in ("numerator", "denominator", "population"):
        if facts.get(name) is not None:
            facts[name] = Decimal(str(facts[name]))
    return Part(code, None if value is None else Decimal(value), **facts)  # type: ignore[arg-type]


A = part("a", "10", numerator=10, denominator=100)
B = part("b", "20", numerator=60, denominator=300)
LIGHT, HEAVY = part("a", "10", population=100), part("b", "20", population=300)


def test_an_official_figure_is_taken_as_it_is() -> None:
    found = area_value(part("x", "12.3", period="2024"), [A, B], Measure("median"))
    assert (found.value, found.how, found.period) == (Decimal("12.3"), How.OFFICIAL, "2024")


def test_a_figure_withheld_for_the_area_is_not_worked_out_from_its_parts() -> None:
    found = area_value(part("x", None, flag="suppressed"), [A, B], RATE)
    assert (found.value, found.why_not) == (None, WhyNot.OFFICIAL_BLANK)


def test_counts_come_before_populations() -> None:
    both = [
        part("a", "10", numerator=10, denominator=100, population=1),
        part("b", "20", numerator=60, denominator=300),
    ]
    found = area_value(None, both, RATE)
    assert (found.value, found.how, found.parts, found.missing) == (Decimal("17.5"), How.COUNTED, ("a", "b"), ())


def test_without_counts_the_parts_are_weighted_and_never_averaged_plainly() -> None:
    found = area_value(None, [LIGHT, HEAVY], RATE)
    assert (found.value, found.how) == (Decimal("17.5"), How.WEIGHTED)
    assert found.value != Decimal("15")


def test_with_neither_there_is_a_reason() -> None:
    found = area_value(None, [part("a"), part("b")], RATE)
    assert (found.value, found.why_not) == (None, WhyNot.NO_COUNTS)


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("median", WhyNot.MEDIAN),
        ("life_expectancy", WhyNot.LIFE_EXPECTANCY),
        ("unknown", WhyNot.NOT_DECLARED),
        ("", WhyNot.NOT_DECLARED),
    ],
)
def test_some_kinds_are_never_put_together_whatever_we_hold(kind: str, why: WhyNot) -> None:
    parts = [part("a", numerator=1, denominator=2, population=9), part("b", numerator=1, denominator=2, population=9)]
    assert area_value(None, parts, Measure(kind, 100)) == AreaValue(why_not=why)


def test_a_standardised_rate_is_no_quotient_of_counts() -> None:
    parts = [part("a", "10", method="standardised", numerator=1, denominator=2) for _ in range(2)]
    assert area_value(None, parts, RATE).why_not == WhyNot.STANDARDISED
    weighted = [part(code, "10", method="standardised_2y", population=5) for code in "ab"]
    assert area_value(None, weighted, RATE).how == How.WEIGHTED


@pytest.mark.parametrize(
    ("left_out", "why"),
    [
        (part("c", None, flag="suppressed", population=5), WhyMissing.WITHHELD),
        (part("c", None, flag="not_measured", population=5), WhyMissing.NO_FIGURE),
        (part("c", "9", period="2021", population=5), WhyMissing.OTHER_PERIOD),
        (part("c", "9", method="crude", population=5), WhyMissing.OTHER_METHOD),
        (part("c", "9", flag="not_comparable", population=5), WhyMissing.OTHER_METHOD),
        (part("c", "9", whole=False, population=5), WhyMissing.ELSEWHERE_TOO),
        (part("c", "9"), WhyMissing.NO_COUNTS),
        (part("c", "9", population=0), WhyMissing.NO_COUNTS),
    ],
)
def test_a_part_that_cannot_be_counted_in_is_named(left_out: Part, why: WhyMissing) -> None:
    found = area_value(None, [LIGHT, HEAVY, left_out], RATE)
    assert found.value == Decimal("17.5")
    assert found.missing == (Missing("c", why),)


def test_half_of_the_parts_is_too_little() -> None:
    found = area_value(None, [LIGHT, part("b", None, flag="suppressed", population=300)], RATE)
    assert (found.value, found.why_not) == (None, WhyNot.TOO_FEW_PARTS)
    assert found.missing == (Missing("b", WhyMissing.WITHHELD),)


def test_a_count_needs_all_of_its_parts_and_is_never_weighted() -> None:
    assert area_value(None, [part("a", "3"), part("b", "4")], Measure("count")).value == Decimal("7")
    some = [
        part("a", "3", population=5),
        part("b", "4", population=5),
        part("c", None, flag="suppressed", population=5),
    ]
    found = area_value(None, some, Measure("count"))
    assert (found.value, found.why_not) == (None, WhyNot.TOO_FEW_PARTS)


def test_zero_is_a_figure() -> None:
    zero = part("a", "0", numerator=0, denominator=10)
    assert area_value(None, [zero, zero], RATE).value == 0


def test_a_rate_whose_unit_says_nothing_is_not_counted() -> None:
    assert area_value(None, [A, B], Measure("rate", None)).why_not == WhyNot.NO_COUNTS


def test_no_parts_and_parts_without_figures_are_two_reasons() -> None:
    assert area_value(None, [], RATE).why_not == WhyNot.PARTS_UNKNOWN
    assert area_value(None, [part("a", None)], RATE).why_not == WhyNot.PARTS_NOT_MEASURED


def test_the_period_most_parts_have_is_used_and_among_equals_the_later() -> None:
    old = [part(code, "8", period="2021", population=1) for code in "ab"]
    new = [part(code, "9", period="2023", population=1) for code in "cde"]
    assert area_value(None, [*old, *new], RATE).period == "2023"
    assert area_value(None, [*old, *new, part("f", "8", period="2021", population=1)], RATE).why_not == (
        WhyNot.TOO_FEW_PARTS
    )


@pytest.mark.parametrize(
    ("unit", "per"),
    [
        ("pct.", 100),
        ("pr. 1.000 ældre (65+)", 1000),
        ("dage pr. 1.000 borgere", 1000),
        ("dødsfald pr. 100.000 borgere", 100000),
        ("dage", None),
        ("kr.", None),
        ("pr. borger", None),
        ("pr. 0 borgere", None),
        ("pr. ², borgere", None),
        ("", None),
    ],
)
def test_what_a_unit_counts_for(unit: str, per: int | None) -> None:
    assert per_of(unit) == per


# --- The slow twin ----------------------------------------------------------------------------------------------------

_flags = st.sampled_from(["ok", "ok", "ok", "corrected", "provisional", "not_comparable"])
_numbers = st.one_of(st.none(), st.integers(0, 60))


@st.composite
def _parts(draw: st.DrawFn) -> list[Part]:
    parts = []
    for index in range(draw(st.integers(0, 6))):
        value = draw(st.one_of(st.none(), st.decimals(0, 100, places=1)))
        parts.append(
            Part(
                code=f"p{index}",
                value=value,
                period=draw(st.sampled_from(["2023", "2023", "2022"])),
                method=draw(st.sampled_from(["", "", "standardised"])),
                flag=draw(_flags) if value is not None else draw(st.sampled_from(["suppressed", "not_measured"])),
                numerator=_decimal(draw(_numbers)),
                denominator=_decimal(draw(_numbers)),
                population=_decimal(draw(_numbers)),
                whole=draw(st.booleans()) or draw(st.booleans()),
            )
        )
    return parts


def _decimal(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def twin(parts: list[Part], kind: str, per: int | None) -> Fraction | None:
    """The same question asked of people: each is written down once and they are counted."""
    if kind not in ("rate", "mean", "count"):
        return None
    votes = [(one.period, one.method) for one in parts if one.value is not None]
    if not votes:
        return None
    chosen = sorted(votes, key=lambda vote: (votes.count(vote), vote))[-1]
    fit = [
        one
        for one in parts
        if one.value is not None and (one.period, one.method) == chosen and one.flag != "not_comparable" and one.whole
    ]
    if kind == "count":
        if chosen[1] == "standardised" or len(fit) != len(parts):
            return None
        return sum((Fraction(one.value or 0) for one in fit), Fraction(0))
    counted = [one for one in fit if one.numerator is not None and one.denominator]
    if chosen[1] != "standardised" and (kind == "mean" or per is not None) and len(counted) > len(parts) - len(counted):
        hits = [1 for one in counted for _ in range(int(one.numerator or 0))]
        people = [1 for one in counted for _ in range(int(one.denominator or 0))]
        return Fraction(len(hits), len(people)) * (per or 1)
    weighed = [one for one in fit if one.population]
    if len(weighed) > len(parts) - len(weighed):
        each = [Fraction(one.value or 0) for one in weighed for _ in range(int(one.population or 0))]
        return sum(each, Fraction(0)) / len(each)
    return None


@given(_parts(), st.sampled_from(["rate", "mean", "count", "median", "life_expectancy", "unknown"]), st.booleans())
def test_the_rule_and_its_slow_twin_agree(parts: list[Part], kind: str, says_per: bool) -> None:
    per = 100 if says_per and kind == "rate" else None
    found, expected = area_value(None, parts, Measure(kind, per)), twin(parts, kind, per)
    if expected is None:
        assert found.value is None
        assert found.why_not
    else:
        assert found.value is not None
        assert abs(Fraction(found.value) - expected) < Fraction(1, 10**12)


@given(_parts(), st.sampled_from(["rate", "mean", "count"]))
def test_a_withheld_part_is_never_counted_in_and_every_part_is_accounted_for(parts: list[Part], kind: str) -> None:
    found = area_value(None, parts, Measure(kind, 100))
    withheld = {one.code for one in parts if one.value is None}
    assert not withheld & set(found.parts)
    if found.value is not None:
        assert set(found.parts) | {one.code for one in found.missing} == {one.code for one in parts}
        assert found.how
        assert not found.why_not
    if found.how == How.WEIGHTED:
        values = [one.value for one in parts if one.code in found.parts and one.value is not None]
        assert min(values) <= found.value <= max(values)  # type: ignore[operator]
