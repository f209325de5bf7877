"""One small curve for each area, all with the same axes, so that the eye can run across them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.charts.base import OTHER, OWN, Point, Series, Spec, base, domain_around

WIDTH, HEIGHT = 210, 110


@dataclass(frozen=True)
class Axes:
    """What all the small curves of a page share: lowest and highest value, first and last measurement."""

    low: float
    high: float
    first: float
    last: float
    first_tick: str
    last_tick: str


def shared_axes(series: Iterable[Series]) -> Axes | None:
    """Axes with room for all of them; None when there is nothing to draw."""
    points = [point for one in series for point in one.points]
    if not points:
        return None
    low, high = domain_around([point.value for point in points], share=0.12)
    first, last = min(points, key=_at), max(points, key=_at)
    return Axes(low, high, first.at, last.at, first.tick, last.tick)


def _at(point: Point) -> float:
    return point.at


def small_curve(
    own: Series,
    country: Series | None,
    axes: Axes,
    *,
    computed: Series | None = None,
    decimals: int = 0,
    language: str = "da",
) -> Spec:
    """The area in dark, the country in grey. A break, a blank and a change of method part the curve.

    computed: the area's figures that no source has; dotted with hollow marks, and never joined to the others.
    """
    side = (axes.last - axes.first) * 0.08 or 0.5
    ticks = {axes.first: axes.first_tick, axes.last: axes.last_tick}
    label = f"abs(datum.value - {axes.last}) < 0.001 ? '{_plain(axes.last_tick)}' : '{_plain(axes.first_tick)}'"
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [round(axes.first - side, 4), round(axes.last + side, 4)], "nice": False, "zero": False},
        "axis": {"title": None, "values": list(ticks), "grid": False, "labelExpr": label, "labelOverlap": False},
    }
    y: Spec = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [axes.low, axes.high], "nice": True, "zero": False},
        "axis": {"title": None, "tickCount": 3, "format": f",.{decimals}f"},
    }
    layers: list[Spec] = []
    for one, colour, thick in ((country, OTHER, 1.5), (computed, OWN, 2.5), (own, OWN, 2.5)):
        if one is None or not one.points:
            continue
        values = [{"x": point.at, "y": point.value, "s": point.segment} for point in one.points]
        layers.append(
            {
                "data": {"values": values},
                "mark": {"type": "line", "color": colour, "strokeWidth": thick}
                | ({} if one is own else {"strokeDash": [2, 4] if one.computed else [5, 3]}),
                "encoding": {"x": x, "y": y, "detail": {"field": "s", "type": "nominal"}},
            }
        )
        layers.append(
            {
                "data": {"values": values},
                "mark": {"type": "point", "filled": not one.computed, "opacity": 1, "color": colour}
                | ({"shape": "circle", "size": 18} if one is country else {"shape": "diamond", "size": 46}),
                "encoding": {"x": x, "y": y},
            }
        )
    return base(WIDTH, HEIGHT, language, layers)


def _plain(label: str) -> str:
    """A label is a period, never free text: quotes in it are dropped."""
    return label.replace("\\", "").replace("'", "")
