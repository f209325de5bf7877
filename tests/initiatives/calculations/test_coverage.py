"""When an indicator is forgotten, what much work is, and when a goal stands still."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.coverage import (
    LEAST_MUCH,
    NOT_IMPROVING,
    NOT_KNOWN,
    Lights,
    Work,
    is_forgotten,
    much_work,
    standstill,
    upper_quartile,
)


@pytest.mark.parametrize(
    ("lights", "work", "forgotten"),
    [
        (Lights(red=1), Work(), True),
        (Lights(green=2, red=1), Work(), True),  # worse in one of three municipalities
        (Lights(red=1), Work(items=1), False),
        (Lights(red=1), Work(initiatives=1), False),
        (Lights(green=1, yellow=1), Work(), False),
        (Lights(), Work(), False),  # withheld, unmeasured or without a direction: never called bad
    ],
)
def test_forgotten(lights, work, forgotten):
    assert is_forgotten(lights, work) is forgotten


@pytest.mark.parametrize(
    ("numbers", "quartile"),
    [([], 0), ([5], 5), ([1, 9], 9), ([1, 2, 3, 4], 3), ([4, 3, 2, 1, 0], 3), ([0, 0, 0, 9], 0), ([7, 7, 7, 7], 7)],
)
def test_the_upper_quartile(numbers, quartile):
    assert upper_quartile(numbers) == quartile


def test_much_is_never_under_three():
    assert much_work([0, 0, 1, 2]) == LEAST_MUCH == 3
    assert much_work([]) == 3
    assert much_work([1, 2, 8, 9]) == 8


@pytest.mark.parametrize(
    ("lights", "why"),
    [
        (Lights(green=1, red=5), ""),
        (Lights(yellow=1), NOT_IMPROVING),
        (Lights(red=2), NOT_IMPROVING),
        (Lights(), NOT_KNOWN),
    ],
)
def test_standstill(lights, why):
    assert standstill(lights) == why


@given(st.lists(st.integers(0, 50), min_size=1))
def test_the_quartile_by_its_definition(numbers):
    """The smallest of them that three quarters do not exceed: found by trying each."""
    fitting = [one for one in numbers if 4 * sum(other <= one for other in numbers) >= 3 * len(numbers)]
    assert upper_quartile(numbers) == min(fitting)


@given(st.lists(st.integers(0, 50)))
def test_at_least_one_goal_has_much_or_all_have_little(numbers):
    assert any(one >= much_work(numbers) for one in numbers) or all(one < LEAST_MUCH for one in numbers)
