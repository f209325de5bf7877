"""How often promises were moved, quarter by quarter: one bar for each quarter, parted by cause.

Each part has a pattern of its own and its number in it; colour only helps. Pure: plain values in, a dictionary out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.charts.base import AXIS, INK, MUTED, OWN, TEXT, WIDE, WIDTHS, Spec, base, text_width, y_pixels

#: The most parts that can be told apart; the caller puts the rest together.
MOST_PARTS = 6

_ROW, _BAR, _LEGEND_ROW = 36, 24, 26
_WIDEST_UNIT = 64
_PLUM, _SLATE, _OCHRE, _GREY = "#6A2C5B", "#3B454D", "#7A4A00", "#6F868A"
SOLID, SLANTED, UPRIGHT, DOTTED, LEVEL, OPEN = "solid", "slanted", "upright", "dotted", "level", "open"
_LOOKS = ((SOLID, OWN), (SLANTED, _PLUM), (UPRIGHT, _OCHRE), (DOTTED, _SLATE), (LEVEL, _GREY), (OPEN, INK))


@dataclass(frozen=True, slots=True)
class QuarterBar:
    """`parts` is how many of each cause, in the order of the legend; `total` is what stands at the end of the bar."""

    label: str
    parts: tuple[int, ...]
    total: str


@dataclass(frozen=True, slots=True)
class _Part:
    look: int
    left: float
    width: float
    middle: float  # from the top
    text: str


def postponements(bars: Sequence[QuarterBar], causes: Sequence[str], *, size: str, language: str = "da") -> Spec:
    """`causes` names the parts, at most six."""
    width = WIDTHS[size]
    legend, top = _legend_places(causes, width)
    room = round(max((text_width(bar.label) for bar in bars), default=0) + 12)
    most = max((sum(bar.parts) for bar in bars), default=0) or 1
    end = max((text_width(bar.total) for bar in bars), default=0) + 14
    unit = min((width - room - end) / most, _WIDEST_UNIT if size == WIDE else _WIDEST_UNIT / 2)
    parts = _parts(bars, room, unit, top)
    height = round(top + len(bars) * _ROW + 4)
    swatches = [_Part(look, x + 1, 26, middle, "") for look, (x, middle, _) in enumerate(legend)]
    words = [
        *({"x": x + 34, "y": height - middle, "t": text} for x, middle, text in legend),
        *(_at_end(bar, row, room, unit, top, height) for row, bar in enumerate(bars)),
    ]
    labels = [
        {"x": room - 12, "y": height - top - row * _ROW - _ROW / 2, "t": bar.label} for row, bar in enumerate(bars)
    ]
    axis = [{"x": room, "x2": room, "y": height - top, "y2": 4}]
    layers = [
        _lines(axis, width, height, AXIS, 1),
        *_drawn([*parts, *swatches], width, height),
        *_numbers(parts, width, height),
        _texts(words, width, height, align="left"),
        _texts(labels, width, height, align="right", color=MUTED),
    ]
    return base(width, height, language, layers)


def _at_end(bar: QuarterBar, row: int, room: float, unit: float, top: float, height: float) -> Spec:
    return {"x": round(room + sum(bar.parts) * unit + 8, 1), "y": height - top - row * _ROW - _ROW / 2, "t": bar.total}


def _legend_places(causes: Sequence[str], width: int) -> tuple[list[tuple[float, float, str]], float]:
    """((x, middle from the top, word) for each, where the bars begin)."""
    places = []
    x, middle = 0.0, 13.0
    for cause in causes:
        room = 34 + text_width(cause) + 18
        if x and x + room > width + 14:
            x, middle = 0.0, middle + _LEGEND_ROW
        places.append((round(x, 1), middle, cause))
        x += room
    return places, middle + 20 if places else 4.0


def _parts(bars: Sequence[QuarterBar], room: float, unit: float, top: float) -> list[_Part]:
    parts = []
    for row, bar in enumerate(bars):
        left = float(room)
        for look, count in enumerate(bar.parts):
            if count:
                parts.append(_Part(look, left, count * unit, top + row * _ROW + _ROW / 2, str(count)))
                left += count * unit
    return parts


def _drawn(parts: Sequence[_Part], width: int, height: int) -> list[Spec]:
    """Each look: the paper or the colour, then the pattern, then the frame."""
    layers: list[Spec] = []
    for look, (pattern, colour) in enumerate(_LOOKS):
        found = [part for part in parts if part.look == look]
        if not found:
            continue
        boxes = [_box(part, height) for part in found]
        fill = colour if pattern == SOLID else "#fff"
        layers.append(_rects(boxes, width, height, fill=fill, stroke=colour, strokeWidth=1.5))
        if pattern == DOTTED:
            dots = [dot for part in found for dot in _dots(part, height)]
            layers.append(_points(dots, width, height, colour))
        elif lines := [line for part in found for line in _hatch(part, pattern, height)]:
            layers.append(_lines(lines, width, height, colour, 2))
    return layers


def _box(part: _Part, height: int) -> Spec:
    return {
        "x": round(part.left, 1),
        "x2": round(part.left + part.width, 1),
        "y": round(height - part.middle - _BAR / 2, 1),
        "y2": round(height - part.middle + _BAR / 2, 1),
    }


def _hatch(part: _Part, pattern: str, height: int) -> list[Spec]:
    """Lines inside the box: slanted, upright or level. Slanted ones are cut at the box's sides."""
    low, right = height - part.middle - _BAR / 2, part.left + part.width
    if pattern == UPRIGHT:
        steps = range(1, int(part.width / 6) + 1)
        return [
            {"x": round(x, 1), "x2": round(x, 1), "y": low, "y2": low + _BAR}
            for x in (part.left + step * 6 for step in steps)
            if x < right
        ]
    if pattern == LEVEL:
        edges = {"x": round(part.left, 1), "x2": round(right, 1)}
        return [edges | {"y": low + step, "y2": low + step} for step in (6, 12, 18)]
    if pattern != SLANTED:
        return []
    lines = []
    for step in range(1, int((part.width + _BAR) / 8) + 1):
        foot = part.left - _BAR + step * 8  # a line at 45 degrees begins here, at the lower edge
        begin, end = max(foot, part.left), min(foot + _BAR, right)
        if begin < end:
            y, y2 = low + begin - foot, low + end - foot
            lines.append({"x": round(begin, 1), "x2": round(end, 1), "y": round(y, 1), "y2": round(y2, 1)})
    return lines


def _dots(part: _Part, height: int) -> list[Spec]:
    low = height - part.middle - _BAR / 2
    return [
        {"x": round(part.left + 5 + column * 7, 1), "y": round(low + 6 + row * 6, 1)}
        for column in range(max(int((part.width - 4) / 7), 1))
        for row in range(3)
    ]


def _numbers(parts: Sequence[_Part], width: int, height: int) -> list[Spec]:
    """The number in each part: white on the solid ones, else dark with paper behind it."""
    roomy = [part for part in parts if part.width >= text_width(part.text) + 6]
    values = [(part, {"x": round(part.left + part.width / 2, 1), "y": height - part.middle}) for part in roomy]
    white = [value | {"t": part.text} for part, value in values if _LOOKS[part.look][0] == SOLID]
    dark = [value | {"t": part.text} for part, value in values if _LOOKS[part.look][0] != SOLID]
    layers = []
    if dark:
        halo = {"stroke": "#fff", "strokeWidth": 6, "strokeJoin": "round"}
        layers += [
            _texts(dark, width, height, align="center", fontWeight=600, **halo),
            _texts(dark, width, height, align="center", fontWeight=600),
        ]
    if white:
        layers.append(_texts(white, width, height, align="center", fontWeight=600, color="#fff"))
    return layers


def _across(width: int) -> Spec:
    scale = {"domain": [0, width], "nice": False, "zero": False}
    return {"field": "x", "type": "quantitative", "scale": scale, "axis": None}


def _between(width: int, height: int) -> Spec:
    return {"x": _across(width), "x2": {"field": "x2"}, "y": y_pixels(height), "y2": {"field": "y2"}}


def _rects(values: list[Spec], width: int, height: int, **style: object) -> Spec:
    return {"data": {"values": values}, "mark": {"type": "rect", **style}, "encoding": _between(width, height)}


def _lines(values: list[Spec], width: int, height: int, colour: str, thick: float) -> Spec:
    mark = {"type": "rule", "stroke": colour, "strokeWidth": thick}
    return {"data": {"values": values}, "mark": mark, "encoding": _between(width, height)}


def _points(values: list[Spec], width: int, height: int, colour: str) -> Spec:
    mark = {"type": "point", "filled": True, "fill": colour, "size": 12, "opacity": 1}
    return {"data": {"values": values}, "mark": mark, "encoding": {"x": _across(width), "y": y_pixels(height)}}


def _texts(values: list[Spec], width: int, height: int, **style: object) -> Spec:
    mark: Spec = {"type": "text", "baseline": "middle", "fontSize": TEXT, **style}
    encoding = {"x": _across(width), "y": y_pixels(height), "text": {"field": "t", "type": "nominal"}}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
