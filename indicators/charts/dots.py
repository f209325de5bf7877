"""Where do the areas lie? One dot for each on one axis, piled where they are close."""

from __future__ import annotations

import math
from collections.abc import Sequence

from indicators.charts.base import (
    MUTED,
    OTHER,
    OWN,
    WIDE,
    WIDTHS,
    Mark,
    Spec,
    base,
    country_rule,
    domain_around,
    text_width,
    x_axis,
    y_pixels,
)


def dot_strip(
    dots: Sequence[Mark],
    *,
    size: str,
    axis_title: str,
    country: float | None = None,
    country_label: str = "",
    better_label: str = "",
    better_is_low: bool = True,
    language: str = "da",
) -> Spec:
    """One dot for each area on one axis, piled where they are close. The reader's own areas are named diamonds.

    Own areas are named only while there is room: on a narrow screen three names, on a wide one six.
    """
    width = WIDTHS[size]
    radius = 4.4 if size == WIDE else 3.4
    low, high = domain_around([dot.value for dot in dots] + ([] if country is None else [country]))
    placed = _pile(dots, width=width, low=low, high=high, distance=radius * 2 + 1)
    pile_height = (max(level for _, level in placed) + 1) * (radius * 2 + 2.5)
    names = _place_names(
        [dot for dot in dots if dot.own], width=width, low=low, high=high, limit=6 if size == WIDE else 3
    )
    rows = len(names) + (1 if country is not None else 0) + (1 if better_label else 0)
    height = round(max(pile_height, 40) + rows * 22 + 16)
    rows_used = 1 if better_label else 0
    x = x_axis(low, high, axis_title, ticks=10 if size == WIDE else 5)
    layers = []
    if country is not None:
        layers += country_rule(country, country_label, x, height, width, low, high, top=11 + rows_used * 22)
        rows_used += 1
    layers += _named_leaders(names, x, height, top=11 + rows_used * 22)
    layers += _dots(placed, x, height, radius)
    if better_label:
        layers.append(_corner_text(better_label, width, at_left=better_is_low))
    return base(width, height, language, layers)


def _pile(dots: Sequence[Mark], *, width: int, low: float, high: float, distance: float) -> list[tuple[Mark, int]]:
    """Each dot with its level from the axis up, so that none hides another. The reader's own lie lowest."""
    levels: list[list[float]] = []
    placed = []
    for dot in sorted(dots, key=lambda dot: (not dot.own, dot.value, dot.name)):
        at = (dot.value - low) / (high - low) * width
        level = 0
        while level < len(levels) and any(abs(at - other) < distance for other in levels[level]):
            level += 1
        if level == len(levels):
            levels.append([])
        levels[level].append(at)
        placed.append((dot, level))
    return placed


def _place_names(own: list[Mark], *, width: int, low: float, high: float, limit: int) -> list[tuple[Mark, int, str]]:
    """(mark, row from the top, side of its line). A name never crosses another's line: that is why the order turns."""
    if not own or len(own) > limit:
        return []
    ordered = sorted(own, key=lambda dot: dot.value)
    positions = [(dot.value - low) / (high - low) * width for dot in ordered]
    if all(at - 6 > text_width(dot.label) for dot, at in zip(ordered, positions, strict=True)):
        return [(dot, len(ordered) - 1 - row, "right") for row, dot in enumerate(ordered)]
    if all(width - at - 6 > text_width(dot.label) for dot, at in zip(ordered, positions, strict=True)):
        return [(dot, row, "left") for row, dot in enumerate(ordered)]
    return []


def _named_leaders(names: list[tuple[Mark, int, str]], x: Spec, height: int, top: int) -> list[Spec]:
    if not names:
        return []
    align = names[0][2]
    values = [{"x": mark.value, "y": height - top - row * 22, "y0": 8, "t": mark.label} for mark, row, _ in names]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": OWN, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y_pixels(height), "y2": {"field": "y0"}},
        },
        {
            "data": {"values": values},
            "mark": {
                "type": "text",
                "align": align,
                "dx": -6 if align == "right" else 6,
                "color": OWN,
                "fontWeight": 600,
                "baseline": "middle",
            },
            "encoding": {"x": x, "y": y_pixels(height), "text": {"field": "t", "type": "nominal"}},
        },
    ]


def _dots(placed: list[tuple[Mark, int]], x: Spec, height: int, radius: float) -> list[Spec]:
    layers = []
    for own, shape, colour, size in (
        (False, "circle", OTHER, math.pi * radius**2),
        (True, "diamond", OWN, math.pi * (radius + 1.4) ** 2),
    ):
        values = [
            {"x": mark.value, "y": round(8 + level * (radius * 2 + 2.5), 2)}
            for mark, level in placed
            if mark.own is own
        ]
        if values:
            layers.append(
                {
                    "data": {"values": values},
                    "mark": {
                        "type": "point",
                        "shape": shape,
                        "filled": True,
                        "color": colour,
                        "size": round(size, 1),
                        "opacity": 1,
                    },
                    "encoding": {"x": x, "y": y_pixels(height)},
                }
            )
    return layers


def _corner_text(text: str, width: int, *, at_left: bool) -> Spec:
    return {
        "data": {"values": [{"t": text}]},
        "mark": {
            "type": "text",
            "align": "left" if at_left else "right",
            "x": 0 if at_left else width,
            "y": 8,
            "color": MUTED,
            "baseline": "middle",
        },
        "encoding": {"text": {"field": "t", "type": "nominal"}},
    }
