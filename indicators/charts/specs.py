"""The pictures as Vega-Lite: plain dictionaries, no Django and no drawing. The same dictionary is the same picture.

Shapes and sizes are in pixels, values in the indicator's unit. The words come from the caller, already translated.
Every number that is printed in a picture is a text made by the caller, except the figures on the axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from indicators.charts.base import (
    BEST,
    INK,
    MUTED,
    NARROW,
    OTHER,
    OWN,
    WIDE,
    WIDTHS,
    Aim,
    Break,
    Mark,
    Point,
    Series,
    Spec,
    base,
    country_rule,
    domain_around,
    text_width,
    y_pixels,
)
from indicators.charts.dots import dot_strip

__all__ = [
    "NARROW",
    "OWN",
    "WIDE",
    "Aim",
    "Break",
    "Mark",
    "Point",
    "Series",
    "Spec",
    "bars",
    "distance_to_best",
    "dot_strip",
    "line",
    "text_width",
]

MOST_FOR_NAMES = 0.6  # of the picture's width

# --- Bars: few areas --------------------------------------------------------------------------------------------------


def bars(
    rows: Sequence[Mark],
    *,
    size: str,
    axis_title: str,
    country: float | None = None,
    country_label: str = "",
    language: str = "da",
) -> Spec:
    """One bar for each area in the order given, from zero, with its number at the end; the country as a dashed line.

    Names stand before their bars, and above them where they would leave the bars no room.
    """
    room = round(max(text_width(row.name) for row in rows) + 14)
    above = room > WIDTHS[size] * MOST_FOR_NAMES
    step, middle = (50, 34) if above else (34, 17)  # pixels from bar to bar, and from the top of a row to its bar
    width = WIDTHS[size] - (0 if above else room)
    high = max([row.value for row in rows] + ([country] if country is not None else []))
    low = min([row.value for row in rows] + ([country] if country is not None else []))
    number_room = max(text_width(row.label) for row in rows) + 14
    top = (high or 1.0) * width / max(width - number_room, 40)
    head = 24 if country is not None else 4
    height = len(rows) * step + head
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [min(low, 0.0), round(top, 6)], "nice": False},
        "axis": {"title": axis_title, "tickCount": 6 if size == WIDE else 4, "grid": True},
    }
    values = [
        {"x": row.value, "y": round(height - head - middle - index * step, 2), "n": row.name, "t": row.label}
        | {"c": OWN if row.own else OTHER}
        for index, row in enumerate(rows)
    ]
    y = y_pixels(height)
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "bar", "height": 20, "orient": "horizontal"},
            "encoding": {"x": x, "y": y, "color": {"field": "c", "type": "nominal", "scale": None, "legend": None}},
        },
        _numbers(values, x, y, align="left", dx=6),
        _names(values, y, above=above),
    ]
    if country is not None:
        layers += country_rule(country, country_label, x, height, width, min(low, 0.0), top, top=11)
    return base(width, height, language, layers)


def _numbers(values: list[Spec], x: Spec, y: Spec, *, align: str, dx: int) -> Spec:
    """What each row's `t` says, beside its mark."""
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": align, "dx": dx, "fontWeight": 600, "baseline": "middle"},
        "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
    }


def _names(values: list[Spec], y: Spec, *, above: bool = False) -> Spec:
    """Each row's name: left of the picture, or above its mark."""
    place = {"align": "left", "x": 0, "dy": -18} if above else {"align": "right", "x": -8}
    return {
        "data": {"values": values},
        "mark": {"type": "text", "baseline": "middle", **place},
        "encoding": {"y": y, "text": {"field": "n", "type": "nominal"}},
    }


ROOM_FOR_A_NAME = 100  # pixels between the last measurement and a break

# --- How has it moved? ------------------------------------------------------------------------------------------------


def line(
    series: Sequence[Series],
    *,
    size: str,
    axis_title: str,
    decimals: int = 0,
    language: str = "da",
    aims: Sequence[Aim] = (),
    breaks: Sequence[Break] = (),
) -> Spec:
    """Curves through measurements. A change of method parts the curve: it is drawn broken, never joined.

    A break is an upright line where areas end and others begin: no curve is drawn across it.

    Own curves are dark and carry their numbers at the last point; the others are thin and dashed. A target is an open
    square where it is to be reached.
    """
    names = max(text_width(f"{one.name} {one.points[-1].label}") for one in series) if size == WIDE else 0
    width = round(WIDTHS[size] - 40 - names)
    height = 250 if size == WIDE else 210
    points = [point for one in series for point in one.points]
    low, high = domain_around([point.value for point in points] + [aim.value for aim in aims], share=0.15)
    ticks = dict(sorted({point.at: point.tick for point in points}.items()))
    ticks |= {aim.at: str(int(aim.at)) for aim in aims}
    ticks |= {one.at: str(int(one.at)) for one in breaks}
    first, last = min(ticks), max(ticks)
    side = (last - first) * 0.06 or 0.5
    shown = _thin_ticks(ticks, pixels=width / (last - first + 2 * side))
    x = _time_scale(first - side, last + side, shown)
    y = _value_scale(low, high, axis_title, decimals)
    layers: list[Spec] = []
    pixels = width / (last - first + 2 * side)
    room = min(((one.at - max(point.at for point in points)) * pixels for one in breaks), default=0.0)
    beside = room > ROOM_FOR_A_NAME or (size == WIDE and not aims)
    for one in sorted(series, key=lambda one: one.own):
        layers += _curve(one, x, y, name_at_side=beside, crowded=size == NARROW and bool(breaks))
    layers += _aims(aims, x, y)
    layers += _breaks(breaks, x)
    return base(width, height, language, layers) | {"padding": {"left": 8, "right": 14, "top": 22, "bottom": 6}}


def _time_scale(first: float, last: float, shown: dict[float, str]) -> Spec:
    axis = {"title": None, "values": list(shown), "grid": False, "labelExpr": _tick_expression(shown)}
    scale = {"domain": [round(first, 4), round(last, 4)], "nice": False, "zero": False}
    return {"field": "x", "type": "quantitative", "scale": scale, "axis": axis | {"labelOverlap": False}}


def _value_scale(low: float, high: float, title: str, decimals: int) -> Spec:
    axis = {"title": title, "tickCount": 5, "format": f",.{decimals}f", "titleAnchor": "end", "titleAngle": 0}
    axis |= {"titleAlign": "left", "titleX": 0, "titleY": -14}
    scale = {"domain": [low, high], "nice": True, "zero": False}
    return {"field": "y", "type": "quantitative", "scale": scale, "axis": axis}


def _curve(one: Series, x: Spec, y: Spec, *, name_at_side: bool, crowded: bool) -> list[Spec]:
    colour = OWN if one.own else OTHER
    values = [{"x": point.at, "y": point.value, "t": point.label, "s": point.segment} for point in one.points]
    last = one.points[-1]
    name = {"x": last.at, "y": last.value, "t": f"{(crowded and one.brief) or one.name} {last.label}"}
    text: Spec = {"type": "text", "color": colour if one.own else MUTED, "baseline": "bottom", "dy": -8}
    beside: Spec = {"align": "left", "baseline": "middle", "dx": 10, "dy": 0}
    above: Spec = {"align": "right", "dx": 8}
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "line", "color": colour, "strokeWidth": 3 if one.own else 2}
            | ({"strokeDash": [2, 4]} if one.computed else {} if one.own else {"strokeDash": [6, 4]}),
            "encoding": {"x": x, "y": y, "detail": {"field": "s", "type": "nominal"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": not one.computed, "opacity": 1, "color": colour, "size": 70}
            | {"shape": "diamond" if one.own else "circle"},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": [name]},
            "mark": text | (beside if name_at_side else above) | {"fontWeight": 600 if one.own else 400},
            "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
        },
    ]
    if one.own and len(values) > 1 and not crowded:
        layers.append(
            {
                "data": {"values": values[:-1]},
                "mark": text | {"align": "center"},
                "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
            }
        )
    return layers


def _aims(aims: Sequence[Aim], x: Spec, y: Spec) -> list[Spec]:
    if not aims:
        return []
    values = [{"x": aim.at, "y": aim.value, "t": aim.label} for aim in aims]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "point", "shape": "square", "filled": False, "stroke": BEST, "strokeWidth": 2.5}
            | {"size": 150, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "right", "baseline": "top", "dy": 10, "dx": 8, "color": BEST}
            | {"fontWeight": 600},
            "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
        },
    ]


def _breaks(breaks: Sequence[Break], x: Spec) -> list[Spec]:
    if not breaks:
        return []
    values = [{"x": one.at, "t": one.label} for one in breaks]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 1.5, "strokeDash": [2, 3]},
            "encoding": {"x": x},
        },
        {
            "data": {"values": values},
            "mark": {
                "type": "text",
                "align": "right",
                "baseline": "top",
                "dx": -6,
                "y": 2,
                "color": INK,
                "lineBreak": "|",
            },
            "encoding": {"x": x, "text": {"field": "t", "type": "nominal"}},
        },
    ]


def _thin_ticks(ticks: dict[float, str], pixels: float) -> dict[float, str]:
    """Those whose labels have room, chosen from the newest back; `pixels` is the width of one year."""
    shown: dict[float, str] = {}
    edge = math.inf
    for at in sorted(ticks, reverse=True):
        half = text_width(ticks[at]) / 2 + 4
        if at * pixels + half <= edge:
            shown[at] = ticks[at]
            edge = at * pixels - half
    return dict(sorted(shown.items()))


def _tick_expression(ticks: dict[float, str]) -> str:
    """A Vega expression that names each tick. Quotes in a label are dropped: a label is a period, never free text."""
    expression = "''"
    for at, label in ticks.items():
        quoted = label.replace("\\", "").replace("'", "")
        expression = f"abs(datum.value - {at}) < 0.001 ? '{quoted}' : {expression}"
    return expression


# --- How far to the best? ---------------------------------------------------------------------------------------------


def distance_to_best(rows: Sequence[Mark], *, size: str, axis_title: str, language: str = "da") -> Spec:
    """Each area's distance to the best region: a dot now, and a string from where it was at the measurement before.

    `value` and `previous` are distances, 0 or more. The best stands at the right, so a string before its dot is an area
    that catches up (Danske Regioner's figure in the national goals: "streg før prik").
    """
    room = round(max(text_width(row.name) for row in rows) + 14)
    width = min(WIDTHS[size], 460) - room
    furthest = max([row.value for row in rows] + [row.previous or 0.0 for row in rows]) or 1.0
    domain = [round(furthest * 1.22, 6), round(-furthest * 0.06, 6)]
    height = len(rows) * 34 + 4
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": {"title": axis_title, "tickCount": 4, "grid": True},
    }
    y = y_pixels(height)
    values: list[Spec] = [
        {"x": row.value, "x0": row.value if row.previous is None else row.previous}
        | {"y": height - 19 - index * 34, "n": row.name, "t": row.label, "c": OWN if row.own else MUTED}
        for index, row in enumerate(rows)
    ]
    colour: Spec = {"field": "c", "type": "nominal", "scale": None, "legend": None}
    layers: list[Spec] = [
        {
            "data": {"values": [{"x": 0}]},
            "mark": {"type": "rule", "color": BEST, "strokeWidth": 2},
            "encoding": {"x": x},
        },
        {
            "data": {"values": values},
            "mark": {"type": "rule", "strokeWidth": 3},
            "encoding": {"x": x, "x2": {"field": "x0"}, "y": y, "color": colour},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": True, "opacity": 1, "size": 110},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        _numbers([value | {"x": max(value["x"], value["x0"])} for value in values], x, y, align="right", dx=-10),
        _names(values, y),
    ]
    return base(width, height, language, layers)
