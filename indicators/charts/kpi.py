"""The left half of the picture of distance to best: a curve with an arrow for the wanted direction.

The measurements that the distance compares are ringed, so that the eye finds them in the curve.
"""

from __future__ import annotations

from collections.abc import Collection

from indicators.charts.base import BEST, INK, Point, Series, Spec, y_pixels
from indicators.charts.specs import line

_ARROW = 64  # pixels


def curve_with_arrow(
    one: Series,
    *,
    size: str,
    axis_title: str,
    better: str,
    better_label: str,
    ringed: Collection[float],
    decimals: int = 0,
    language: str = "da",
) -> Spec:
    """better: "higher" or "lower". ringed: where on the time axis (`Point.at`) the compared measurements stand."""
    spec = line([one], size=size, axis_title=axis_title, decimals=decimals, language=language)
    layers: list[Spec] = spec["layer"]
    x, y = layers[0]["encoding"]["x"], layers[0]["encoding"]["y"]
    rings = [_ring(point) for point in one.points if point.at in ringed]
    if rings:
        layers.append(
            {
                "data": {"values": rings},
                "mark": {"type": "point", "shape": "circle", "filled": False, "size": 320, "stroke": INK}
                | {"strokeWidth": 2, "opacity": 1},
                "encoding": {"x": x, "y": y},
            }
        )
    low, high = y["scale"]["domain"]
    starts_low = (one.points[0].value - low) * 2 < high - low
    foot = spec["height"] - 8 - _ARROW if starts_low else 8  # where the curve does not begin
    arrow = _arrow(spec["height"], foot, upwards=better == "higher", label=better_label)
    # Two layers, each with a scale of its own: the curve in the indicator's unit, the arrow in pixels.
    return spec | {"layer": [{"layer": layers}, {"layer": arrow}], "resolve": {"scale": {"y": "independent"}}}


def _ring(point: Point) -> Spec:
    return {"x": point.at, "y": point.value}


def _arrow(height: int, bottom: int, *, upwards: bool, label: str) -> list[Spec]:
    """A green shaft with a head and its word, at the left edge inside the picture."""
    top = bottom + _ARROW
    tip = top if upwards else bottom
    y = y_pixels(height)
    shaft = {"y": bottom, "y2": top}
    return [
        {
            "data": {"values": [shaft]},
            "mark": {"type": "rule", "color": BEST, "strokeWidth": 3, "x": 12},
            "encoding": {"y": y, "y2": {"field": "y2"}},
        },
        {
            "data": {"values": [{"y": tip}]},
            "mark": {"type": "point", "shape": "triangle-up" if upwards else "triangle-down", "filled": True}
            | {"color": BEST, "opacity": 1, "size": 150, "x": 12},
            "encoding": {"y": y},
        },
        {
            "data": {"values": [{"y": (bottom + top) / 2, "t": label}]},
            "mark": {"type": "text", "align": "left", "x": 24, "color": BEST, "fontWeight": 600, "baseline": "middle"},
            "encoding": {"y": y, "text": {"field": "t", "type": "nominal"}},
        },
    ]
