"""The pictures as Vega-Lite: plain dictionaries, no Django and no drawing. The same dictionary is the same picture.

Shapes and sizes are in pixels, values in the indicator's unit. The words come from the caller, already translated.
Every number that is printed in a picture is a text made by the caller, except the figures on the axes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Spec = dict[str, Any]

# The tokens of static/css/app.css. A picture is drawn outside the page and cannot read them there.
INK = "#1C2326"
MUTED = "#4D595C"
OWN = "#134E5E"
OTHER = "#6F868A"
GRID = "#ECE7DC"
AXIS = "#8B8577"
BEST = "#1D7A46"
FONT = "IBM Plex Sans"
TEXT = 13

WIDE, NARROW = "wide", "narrow"
WIDTHS = {WIDE: 840, NARROW: 306}


@dataclass(frozen=True)
class Mark:
    """One area's value. `label` is what is printed beside the mark: the number, or the name and the number."""

    name: str
    value: float
    label: str
    own: bool = False
    previous: float | None = None


@dataclass(frozen=True)
class Point:
    """One measurement in time. `at` is the middle of the period as a decimal year; `segment` counts method breaks."""

    at: float
    tick: str
    value: float
    label: str
    segment: int = 0


@dataclass(frozen=True)
class Series:
    name: str
    points: tuple[Point, ...]
    own: bool = False


def _number_locale(language: str) -> dict[str, Any]:
    danish = not language.lower().startswith("en")
    return {
        "decimal": "," if danish else ".",
        "thousands": "." if danish else ",",
        "grouping": [3],
        "currency": ["", ""],
        "minus": "\u2212",
    }


def _base(width: int, height: int, language: str, layers: list[Spec]) -> Spec:
    axis = {
        "labelFont": FONT,
        "titleFont": FONT,
        "labelFontSize": TEXT,
        "titleFontSize": TEXT,
        "titleFontWeight": "normal",
        "labelColor": MUTED,
        "titleColor": MUTED,
        "domainColor": AXIS,
        "tickColor": AXIS,
        "gridColor": GRID,
        "titlePadding": 8,
    }
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": width,
        "height": height,
        "padding": {"left": 8, "right": 14, "top": 6, "bottom": 6},
        "autosize": {"type": "pad"},
        "background": None,
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": axis,
            "text": {"fontSize": TEXT, "color": INK},
            "locale": {"number": _number_locale(language)},
        },
        "layer": layers,
    }


def text_width(text: str) -> float:
    """About how many pixels the text takes. Plex is a little over half an em wide; a margin is better than a cut."""
    return len(text) * TEXT * 0.58


def domain_around(values: Sequence[float], *, share: float = 0.04) -> tuple[float, float]:
    """Lowest and highest with a little air, widened when all values are the same."""
    low, high = min(values), max(values)
    air = (high - low) * share or max(abs(high) * share, 1.0)
    return round(low - air, 6), round(high + air, 6)


# --- Where do the areas lie? ------------------------------------------------------------------------------------------


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
    x = _x(low, high, axis_title, ticks=10 if size == WIDE else 5)
    layers = []
    if country is not None:
        layers += _country_rule(country, country_label, x, height, width, low, high, top=11 + rows_used * 22)
        rows_used += 1
    layers += _named_leaders(names, x, height, top=11 + rows_used * 22)
    layers += _dots(placed, x, height, radius)
    if better_label:
        layers.append(_corner_text(better_label, width, at_left=better_is_low))
    return _base(width, height, language, layers)


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


def _x(low: float, high: float, title: str, ticks: int) -> Spec:
    return {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"title": title, "tickCount": ticks, "grid": True, "orient": "bottom", "labelFlush": False},
    }


def _y(height: int) -> Spec:
    return {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, height], "nice": False, "zero": False},
        "axis": None,
    }


def _country_rule(
    value: float, label: str, x: Spec, height: int, width: int, low: float, high: float, top: int
) -> list[Spec]:
    at = (value - low) / (high - low) * width
    at_right = at + 8 + text_width(label) < width + 10
    return [
        {
            "data": {"values": [{"x": value}]},
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2, "strokeDash": [6, 4]},
            "encoding": {"x": x},
        },
        {
            "data": {"values": [{"x": value, "y": height - top, "t": label}]},
            "mark": {
                "type": "text",
                "align": "left" if at_right else "right",
                "dx": 7 if at_right else -7,
                "fontWeight": 600,
                "baseline": "middle",
            },
            "encoding": {"x": x, "y": _y(height), "text": {"field": "t", "type": "nominal"}},
        },
    ]


def _named_leaders(names: list[tuple[Mark, int, str]], x: Spec, height: int, top: int) -> list[Spec]:
    if not names:
        return []
    align = names[0][2]
    values = [{"x": mark.value, "y": height - top - row * 22, "y0": 8, "t": mark.label} for mark, row, _ in names]
    return [
        {
            "data": {"values": values},
            "mark": {"type": "rule", "color": OWN, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": _y(height), "y2": {"field": "y0"}},
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
            "encoding": {"x": x, "y": _y(height), "text": {"field": "t", "type": "nominal"}},
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
                    "encoding": {"x": x, "y": _y(height)},
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
    """One bar for each area in the order given, from zero, with its number at the end; the country as a dashed line."""
    names = [row.name for row in rows]
    room = round(max(text_width(name) for name in names) + 14)
    width = WIDTHS[size] - room
    high = max([row.value for row in rows] + ([country] if country is not None else []))
    low = min([row.value for row in rows] + ([country] if country is not None else []))
    number_room = max(text_width(row.label) for row in rows) + 14
    top = (high or 1.0) * width / max(width - number_room, 40)
    head = 24 if country is not None else 4
    height = len(rows) * 34 + head
    x: Spec = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [min(low, 0.0), round(top, 6)], "nice": False},
        "axis": {"title": axis_title, "tickCount": 6 if size == WIDE else 4, "grid": True},
    }
    values = [
        {"x": row.value, "y": round(height - head - 17 - index * 34, 2), "n": row.name, "t": row.label}
        | {"c": OWN if row.own else OTHER}
        for index, row in enumerate(rows)
    ]
    y = _y(height)
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "bar", "height": 20, "orient": "horizontal"},
            "encoding": {"x": x, "y": y, "color": {"field": "c", "type": "nominal", "scale": None, "legend": None}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "left", "dx": 6, "fontWeight": 600, "baseline": "middle"},
            "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "right", "x": -8, "baseline": "middle"},
            "encoding": {"y": y, "text": {"field": "n", "type": "nominal"}},
        },
    ]
    if country is not None:
        layers += _country_rule(country, country_label, x, height, width, min(low, 0.0), top, top=11)
    return _base(width, height, language, layers)


# --- How has it moved? ------------------------------------------------------------------------------------------------


def line(series: Sequence[Series], *, size: str, axis_title: str, decimals: int = 0, language: str = "da") -> Spec:
    """Curves through measurements. A change of method parts the curve: it is drawn broken, never joined.

    Own curves are dark and carry their numbers at the last point; the others are thin and dashed.
    """
    names = max(text_width(f"{one.name} {one.points[-1].label}") for one in series) if size == WIDE else 0
    width = round(WIDTHS[size] - 40 - names)
    height = 250 if size == WIDE else 210
    points = [point for one in series for point in one.points]
    low, high = domain_around([point.value for point in points], share=0.15)
    ticks = dict(sorted({point.at: point.tick for point in points}.items()))
    first, last = min(ticks), max(ticks)
    side = (last - first) * 0.06 or 0.5
    shown = _thin_ticks(ticks, pixels=width / (last - first + 2 * side))
    x = {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [round(first - side, 4), round(last + side, 4)], "nice": False, "zero": False},
        "axis": {
            "title": None,
            "values": list(shown),
            "grid": False,
            "labelExpr": _tick_expression(shown),
            "labelOverlap": False,
        },
    }
    y = {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": True, "zero": False},
        "axis": {"title": axis_title, "tickCount": 5, "format": f",.{decimals}f", "titleAnchor": "end", "titleAngle": 0}
        | {"titleAlign": "left", "titleX": 0, "titleY": -14},
    }
    layers: list[Spec] = []
    for one in sorted(series, key=lambda one: one.own):
        layers += _curve(one, x, y, name_at_side=size == WIDE)
    return _base(width, height, language, layers) | {"padding": {"left": 8, "right": 14, "top": 22, "bottom": 6}}


def _curve(one: Series, x: Spec, y: Spec, *, name_at_side: bool) -> list[Spec]:
    colour = OWN if one.own else OTHER
    values = [{"x": point.at, "y": point.value, "t": point.label, "s": point.segment} for point in one.points]
    last = one.points[-1]
    name = {"x": last.at, "y": last.value, "t": f"{one.name} {last.label}"}
    text: Spec = {"type": "text", "color": colour if one.own else MUTED, "baseline": "bottom", "dy": -8}
    beside: Spec = {"align": "left", "baseline": "middle", "dx": 10, "dy": 0}
    above: Spec = {"align": "right", "dx": 8}
    layers: list[Spec] = [
        {
            "data": {"values": values},
            "mark": {"type": "line", "color": colour, "strokeWidth": 3 if one.own else 2}
            | ({} if one.own else {"strokeDash": [6, 4]}),
            "encoding": {"x": x, "y": y, "detail": {"field": "s", "type": "nominal"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "point", "filled": True, "opacity": 1, "color": colour, "size": 70}
            | {"shape": "diamond" if one.own else "circle"},
            "encoding": {"x": x, "y": y},
        },
        {
            "data": {"values": [name]},
            "mark": text | (beside if name_at_side else above) | {"fontWeight": 600 if one.own else 400},
            "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
        },
    ]
    if one.own and len(values) > 1:
        layers.append(
            {
                "data": {"values": values[:-1]},
                "mark": text | {"align": "center"},
                "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
            }
        )
    return layers


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
    y = _y(height)
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
        {
            "data": {"values": [value | {"x": max(value["x"], value["x0"])} for value in values]},
            "mark": {"type": "text", "align": "right", "dx": -10, "fontWeight": 600, "baseline": "middle"},
            "encoding": {"x": x, "y": y, "text": {"field": "t", "type": "nominal"}},
        },
        {
            "data": {"values": values},
            "mark": {"type": "text", "align": "right", "x": -8, "baseline": "middle"},
            "encoding": {"y": y, "text": {"field": "n", "type": "nominal"}},
        },
    ]
    return _base(width, height, language, layers)
