"""Which of the two lists a figure belongs in, if any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.double_lights import LISTED, Place, place

LIGHTS = ("green", "yellow", "red", "")


@pytest.mark.parametrize(
    ("level", "development", "expected"),
    [
        ("red", "red", Place.BOTH_RED),
        ("green", "green", Place.BOTH_GREEN),
        ("red", "green", Place.MIXED),
        ("green", "red", Place.MIXED),
        ("red", "yellow", Place.MIXED),
        ("yellow", "yellow", Place.MIXED),
        ("", "red", Place.NO_LEVEL),
        ("red", "", Place.NO_DEVELOPMENT),
        ("", "", Place.NO_LIGHT),
    ],
)
def test_place(level: str, development: str, expected: Place) -> None:
    assert place(level, development, has_figure=True, direction="lower") == expected


@given(st.sampled_from(LIGHTS), st.sampled_from(LIGHTS), st.booleans(), st.sampled_from(["higher", "lower", "none"]))
def test_what_is_withheld_or_without_a_direction_is_never_listed(
    level: str, development: str, has_figure: bool, direction: str
) -> None:
    found = place(level, development, has_figure=has_figure, direction=direction)
    if not has_figure:
        assert found == Place.NO_FIGURE
    elif direction == "none":
        assert found == Place.NO_DIRECTION
    assert (found in LISTED) == (has_figure and direction != "none" and level == development in ("red", "green"))
