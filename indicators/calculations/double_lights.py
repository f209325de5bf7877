"""Both lights of a figure at once: worse and worsening ("rød-rød"), better and improving ("grøn-grøn"), or why not.

A figure is listed only when it is there, a wanted direction is declared and both lights point the same way. A withheld
figure and one without a wanted direction are never listed, whatever lights the source may show for them.
"""

from __future__ import annotations

from enum import StrEnum

from indicators.calculations.lights import GREEN, NO_DIRECTION, RED


class Place(StrEnum):
    """Where a figure belongs. Everything after MIXED has no two lights to be listed by."""

    BOTH_RED = "both_red"
    BOTH_GREEN = "both_green"
    MIXED = "mixed"
    NO_FIGURE = "no_figure"
    NO_DIRECTION = "no_direction"
    NO_LEVEL = "no_level"
    NO_DEVELOPMENT = "no_development"
    NO_LIGHT = "no_light"


LISTED = (Place.BOTH_RED, Place.BOTH_GREEN)
LIT = (*LISTED, Place.MIXED)


def place(level: str, development: str, *, has_figure: bool, direction: str) -> Place:
    """level, development: green, yellow, red or ""."""
    if not has_figure:
        return Place.NO_FIGURE
    if direction == NO_DIRECTION:
        return Place.NO_DIRECTION
    if not level and not development:
        return Place.NO_LIGHT
    if not level:
        return Place.NO_LEVEL
    if not development:
        return Place.NO_DEVELOPMENT
    if level == development == RED:
        return Place.BOTH_RED
    return Place.BOTH_GREEN if level == development == GREEN else Place.MIXED
