"""In whole numbers the lights are those of the rule, for every pair of figures that can be stored."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indicators.calculations import lights, lights_whole

FIGURE = st.one_of(
    st.integers(-(10**20) + 1, 10**20 - 1),
    st.integers(-300, 300).map(lambda tenths: tenths * 100_000),
    st.integers(-3, 3),
)
NEAR = st.tuples(FIGURE, st.integers(-2, 2), st.sampled_from([99, 100, 101])).map(
    lambda one: (one[0] * one[2] + one[1], one[0] * 100)
)
PAIR = st.one_of(st.tuples(FIGURE, FIGURE), NEAR).filter(lambda pair: max(map(abs, pair)) < 10**20)


def decimal(millionths: int) -> Decimal:
    return Decimal(millionths).scaleb(-6)


@given(PAIR, st.sampled_from(["higher", "lower"]), st.integers(0, 8))
@example((101_000_000, 100_000_000), "lower", 0)
@example((99_000_000, 100_000_000), "lower", 0)
@example((500_000, 500_000), "higher", 0)
@example((500_001, 500_001), "higher", 0)
@example((1, 3_000_000), "higher", 6)
def test_they_are_the_lights_of_the_rule(pair: tuple[int, int], direction: str, decimals: int) -> None:
    value, comparator = pair
    v, c = decimal(value), decimal(comparator)
    assert (lights_whole.whole(v), lights_whole.whole(c)) == pair
    change = lights_whole.change_in_pct(value, comparator)
    expected = lights.change_in_pct(v, c)
    assert (None if change is None else decimal(change)) == expected
    assert lights_whole.rounding_leaves_doubt(value, comparator, decimals) == lights.rounding_leaves_doubt(
        v, c, decimals
    )
    if comparator == 0 and value != 0:
        with pytest.raises(ZeroDivisionError):
            lights_whole.classify(value, comparator, direction)
        return
    assert lights_whole.classify(value, comparator, direction) == lights.classify(v, c, direction)


def test_a_direction_that_is_none_has_no_light() -> None:
    with pytest.raises(ValueError, match="direction"):
        lights_whole.classify(1, 1, "none")


@given(PAIR, st.sampled_from(["higher", "lower", "none"]), st.integers(0, 8))
@example((0, 0), "higher", 1)
@example((1, 0), "lower", 1)
@example((10**20 - 1, 1), "lower", 1)
def test_the_rule_says_the_same_with_either_comparison(pair: tuple[int, int], direction: str, decimals: int) -> None:
    cell, other = (lights.Cell(decimal(number)) for number in pair)
    level = lights.assess_level(cell, other, direction=direction, decimals=decimals)
    assert level == lights.assess_level(
        cell, other, direction=direction, decimals=decimals, compare=lights_whole.compare
    )
    since = lights.assess_development(cell, other, direction=direction, decimals=decimals, comparison_years=1)
    assert since == lights.assess_development(
        cell, other, direction=direction, decimals=decimals, comparison_years=1, compare=lights_whole.compare
    )
