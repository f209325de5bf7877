"""The timeline of a plan as Vega-Lite: the columns, bars and marks of `calculations.timeline`, in pixels.

Pure: plain values in, a dictionary out; the words come from the caller. Every kind of mark has a shape of its own and
every kind of bar a stroke of its own, so that nothing is said by colour alone.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from indicators.charts.base import GRID, INK, MUTED, OWN, TEXT, WIDE, WIDTHS, Spec, base, text_width, y_pixels
from initiatives.calculations import timeline as layout

MOVED, PAUSED, BAND, SAND, PALE = "#6A2C5B", "#4A5560", "#F8E7C8", "#EDE8DC", "#F7ECF4"

_NAMES = 262  # the room for titles beside the columns of a wide picture
_NO_DATE_SHARE = 1.2  # the last column is a little wider than the others
_LINE, _TRACK, _LEGEND_ROW = 17, 34, 24
_MOST_LINES = 2
#: Several marks in one column of a wide picture stand this far apart; a narrow one has room for the first.
_APART, _BESIDE = 17, 3


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """An item: its title, a few words under it, and what is drawn of it."""

    title: str
    note: str
    row: layout.Row


@dataclass(frozen=True, slots=True)
class Head:
    """The words over the columns: years as (text, first column, last column), units and "none" by column.

    `now` is the column of the band, 0 for none.
    """

    years: tuple[tuple[str, int, int], ...]
    units: tuple[tuple[str, int], ...]
    now: int = 0


@dataclass(frozen=True, slots=True)
class _Placed:
    """A row with where it stands: `top` is its upper edge from the top, `middle` the line its marks stand on."""

    drawn: DrawnRow
    lines: tuple[str, ...]
    top: float
    middle: float
    bottom: float


class _Canvas:
    """Where columns begin and end, and how a distance from the top becomes the engine's distance from the bottom."""

    def __init__(self, size: str) -> None:
        self.wide = size == WIDE
        self.width = WIDTHS[size]
        self.left = _NAMES if self.wide else 0
        self.column = (self.width - self.left) / (layout.COLUMNS + _NO_DATE_SHARE)
        self.height = 0.0

    def begin(self, column: int) -> float:
        return round(self.left + (column - 1) * self.column, 1)

    def end(self, column: int) -> float:
        return round(self.width if column == layout.NO_DATE else self.begin(column + 1), 1)

    def middle(self, column: int) -> float:
        return round((self.begin(column) + self.end(column)) / 2, 1)

    def up(self, top: float) -> float:
        return round(self.height - top, 1)

    def x(self) -> Spec:
        scale = {"domain": [0, self.width], "nice": False, "zero": False}
        return {"field": "x", "type": "quantitative", "scale": scale, "axis": None}

    def y(self) -> Spec:
        return y_pixels(round(self.height))


def plan_timeline(
    rows: Sequence[DrawnRow], head: Head, *, size: str, words: Mapping[str, str], language: str = "da"
) -> Spec:
    """The picture of these rows. `words` names each kind of mark and bar for the legend."""
    canvas = _Canvas(size)
    legend, below = _place_legend(_kinds(rows), words, canvas)
    axis_top = below + 6
    rows_top = axis_top + (44 if head.years else 24)
    placed = _place_rows(rows, rows_top, canvas)
    canvas.height = placed[-1].bottom if placed else rows_top
    layers = [
        *_ground(canvas, head, placed, axis_top, rows_top),
        *_paper_under_titles(canvas, placed),
        *_words_over_columns(canvas, head, axis_top, rows_top),
        *_bars(canvas, placed),
        *_marks(canvas, _marks_of(canvas, placed)),
        *_titles(canvas, placed),
        *_legend(canvas, legend),
    ]
    return base(canvas.width, round(canvas.height), language, layers)


# --- Where everything stands ------------------------------------------------------------------------------------------


def _place_rows(rows: Sequence[DrawnRow], top: float, canvas: _Canvas) -> list[_Placed]:
    """Wide: the title beside its track. Narrow: the title over it."""
    placed = []
    for drawn in rows:
        lines = _wrapped(drawn.title, (_NAMES if canvas.wide else canvas.width) - 10)
        text = len(lines) * _LINE + (_LINE if drawn.note else 0)
        if canvas.wide:
            bottom = top + max(text, _TRACK - 6) + 16
            middle = (top + bottom) / 2
        else:
            bottom = top + text + _TRACK + 14
            middle = top + 8 + text + _TRACK / 2
        placed.append(_Placed(drawn, lines, top, middle, bottom))
        top = bottom
    return placed


def _wrapped(title: str, room: float) -> tuple[str, ...]:
    """At most two lines; a longer title ends in dots, and the table beside the picture has all of it."""
    letters = int(room / text_width("x"))
    return tuple(textwrap.wrap(title, letters, max_lines=_MOST_LINES, placeholder=" …", break_on_hyphens=True)) or ("",)


def _kinds(rows: Sequence[DrawnRow]) -> list[str]:
    """The kinds of marks and bars that occur, in the order of the legend."""
    marks = {kind for drawn in rows for mark in drawn.row.marks for kind in (mark.kind, *mark.also)}
    bars = {bar.kind for drawn in rows for bar in drawn.row.bars}
    shown = [f"mark-{kind}" for kind in _MARK_ORDER if kind in marks]
    return shown + [f"bar-{kind}" for kind in layout.BAR_KINDS if kind in bars]


_MARK_ORDER = (
    layout.MARK_PROMISED, layout.MARK_MOVED, layout.MARK_UNDATED, layout.MARK_STARTED, layout.MARK_PAUSED,
    layout.MARK_MILESTONE,
)  # fmt: skip


def _place_legend(
    kinds: Iterable[str], words: Mapping[str, str], canvas: _Canvas
) -> tuple[list[tuple[str, str, float, float]], float]:
    """((kind, word, x, distance from the top) for each, where the legend ends). A word that has no room begins a line."""
    placed = []
    x, top = 0.0, 12.0
    for kind in kinds:
        sign = 22 if kind.startswith("mark-") else 38
        room = sign + text_width(words[kind]) + 18
        if x and x + room > canvas.width + 14:
            x, top = 0.0, top + _LEGEND_ROW
        placed.append((kind, words[kind], round(x, 1), top))
        x += room
    return placed, top + 12 if placed else 0.0


# --- The ground -------------------------------------------------------------------------------------------------------


def _ground(canvas: _Canvas, head: Head, placed: Sequence[_Placed], axis_top: float, rows_top: float) -> list[Spec]:
    """The band of the day, the column without a date, and thin lines between columns and rows."""
    bottom = canvas.up(canvas.height)
    areas = [_area(canvas, layout.NO_DATE, rows_top, SAND)]
    if head.now:
        areas.append(_area(canvas, head.now, rows_top - 22, BAND))
    columns = [
        {"x": canvas.begin(column), "x2": canvas.begin(column), "y": canvas.up(rows_top), "y2": bottom}
        for column in range(1, layout.COLUMNS + 1)
    ]
    rows = [
        {"x": 0, "x2": canvas.width, "y": canvas.up(row.bottom), "y2": canvas.up(row.bottom)} for row in placed[:-1]
    ]
    years = [
        {"x": canvas.begin(first), "x2": canvas.begin(first), "y": canvas.up(axis_top), "y2": canvas.up(rows_top)}
        for _, first, _ in head.years
    ]
    return [
        _rects(canvas, areas),
        _rules(canvas, columns, stroke=GRID, width=1),
        _rules(canvas, rows, stroke="#D9D3C6", width=1),
        *([_rules(canvas, years, stroke="#857D6C", width=1.5)] if years else []),
    ]


def _paper_under_titles(canvas: _Canvas, placed: Sequence[_Placed]) -> list[Spec]:
    """In a narrow picture titles stand over the columns: no line runs through a word."""
    if canvas.wide or not placed:
        return []
    papers = [
        {"x": 0, "x2": canvas.width, "y": canvas.up(row.top + 1), "y2": canvas.up(row.middle - _TRACK / 2)}
        for row in placed
    ]
    return [_rects(canvas, papers, fill="#fff")]


def _area(canvas: _Canvas, column: int, top: float, colour: str) -> Spec:
    return {
        "x": canvas.begin(column),
        "x2": canvas.end(column),
        "y": canvas.up(top),
        "y2": canvas.up(canvas.height),
        "c": colour,
    }


def _words_over_columns(canvas: _Canvas, head: Head, axis_top: float, rows_top: float) -> list[Spec]:
    years = [{"x": canvas.begin(first) + 5, "y": canvas.up(axis_top + 9), "t": text} for text, first, _ in head.years]
    units = [{"x": canvas.middle(column), "y": canvas.up(rows_top - 11), "t": text} for text, column in head.units]
    now = [unit for unit, (_, column) in zip(units, head.units, strict=True) if column == head.now]
    rest = [unit for unit in units if unit not in now]
    small: Spec = {"fontSize": TEXT if canvas.wide else 11, "align": "center", "baseline": "middle"}
    layers = [_texts(canvas, rest, color=MUTED, **small), _texts(canvas, now, color=INK, fontWeight=600, **small)]
    years_layer = _texts(canvas, years, fontWeight=600, align="left", baseline="middle")
    return [layer for layer, values in zip([*layers, years_layer], (rest, now, years), strict=True) if values]


# --- Bars and marks ---------------------------------------------------------------------------------------------------


def _bars(canvas: _Canvas, placed: Sequence[_Placed]) -> list[Spec]:
    found: dict[str, list[Spec]] = {}
    for row in placed:
        windows = {bar.start for bar in row.drawn.row.bars if bar.kind == layout.WINDOW}
        for bar in row.drawn.row.bars:
            window = bar.kind == layout.WINDOW
            begin = canvas.begin(bar.start) + 3 if window else canvas.middle(bar.start)
            end = canvas.end(bar.end) - 3 if window else canvas.middle(bar.end)
            if bar.kind == layout.MOVED and bar.end in windows:
                end = canvas.begin(bar.end) + 3  # up to the capsule, not into it
            found.setdefault(bar.kind, []).append(_bar(canvas, begin, end, row.middle, 9.0 if window else 3.5))
    return _bar_layers(canvas, found)


def _bar(canvas: _Canvas, begin: float, end: float, middle: float, half: float) -> Spec:
    y, y2 = canvas.up(middle - half), canvas.up(middle + half)
    return {"x": begin, "x2": end, "y": y, "y2": y2, "m": canvas.up(middle)}


def _bar_layers(canvas: _Canvas, found: Mapping[str, list[Spec]]) -> list[Spec]:
    """Pale capsule: a long period. Hatched: moved. Dotted: paused. Solid: under way."""
    layers = []
    if window := found.get(layout.WINDOW):
        layers.append(_rects(canvas, window, fill=PALE, stroke=MOVED, strokeWidth=1.3, cornerRadius=9))
    if moved := found.get(layout.MOVED):
        layers.append(_rects(canvas, moved, fill="#fff", stroke=MOVED, strokeWidth=1.2))
        layers.append(_middle_lines(canvas, moved, stroke=MOVED, width=7, dash=[5, 4]))
    if paused := found.get(layout.PAUSED):
        layers.append(_middle_lines(canvas, paused, stroke=PAUSED, width=5, dash=[3, 5]))
    if going := found.get(layout.GOING):
        layers.append(_middle_lines(canvas, going, stroke=OWN, width=6, dash=None))
    return layers


def _middle_lines(canvas: _Canvas, bars: list[Spec], *, stroke: str, width: float, dash: list[int] | None) -> Spec:
    values = [{"x": bar["x"], "x2": bar["x2"], "y": bar["m"], "y2": bar["m"]} for bar in bars]
    return _rules(canvas, values, stroke=stroke, width=width, dash=dash)


def _marks_of(canvas: _Canvas, placed: Sequence[_Placed]) -> dict[str, list[Spec]]:
    """The points of each kind. In a wide picture those that share a column stand beside each other."""
    found: dict[str, list[Spec]] = {}
    for row in placed:
        for mark in row.drawn.row.marks:
            kinds = (mark.kind, *mark.also)[: _BESIDE if canvas.wide else 1]
            for place, kind in enumerate(kinds):
                aside = (place - (len(kinds) - 1) / 2) * _APART
                at = {"x": round(canvas.middle(mark.column) + aside, 1), "y": canvas.up(row.middle)}
                found.setdefault(kind, []).append(at)
    return found


def _marks(canvas: _Canvas, found: Mapping[str, list[Spec]]) -> list[Spec]:
    """Drawn in the order that lets a mark lie on a bar and never the other way."""
    layers: list[Spec] = []
    for kind, parts in _SHAPES.items():
        if values := found.get(kind):
            layers += [_points(canvas, values, part) for part in parts]
    return layers


_PAUSE = "M-1,-1L-1,1M1,-1L1,1"
_FLAG_POLE = "M-0.5,1L-0.5,-1"
_FLAG = "M-0.5,-1L0.9,-0.6L0.45,-0.35L0.9,0L-0.5,0Z"
_HOLLOW: Spec = {"filled": True, "fill": "#fff", "strokeWidth": 2.2, "opacity": 1}
#: The parts of each mark, the lowest first. Every kind has a shape of its own.
_SHAPES: dict[str, tuple[Spec, ...]] = {
    layout.MARK_MILESTONE: (
        {"shape": _FLAG_POLE, "filled": False, "stroke": INK, "strokeWidth": 2, "size": 230},
        {"shape": _FLAG, "filled": True, "fill": INK, "size": 230, "opacity": 1},
    ),
    layout.MARK_STARTED: (
        {"shape": "circle", "filled": True, "fill": OWN, "size": 190, "opacity": 1},
        {"shape": "triangle-right", "filled": True, "fill": "#fff", "size": 45, "opacity": 1},
    ),
    layout.MARK_PROMISED: (_HOLLOW | {"shape": "diamond", "stroke": OWN, "size": 170},),
    layout.MARK_PAUSED: (
        _HOLLOW | {"shape": "circle", "stroke": PAUSED, "strokeWidth": 2, "size": 200},
        {"shape": _PAUSE, "filled": False, "stroke": PAUSED, "strokeWidth": 2.2, "size": 26},
    ),
    layout.MARK_MOVED: (_HOLLOW | {"shape": "diamond", "fill": MOVED, "stroke": MOVED, "size": 170},),
    layout.MARK_UNDATED: (
        _HOLLOW | {"shape": "diamond", "stroke": MOVED, "strokeWidth": 1.8, "strokeDash": [3, 2.4], "size": 230},
        {"type": "text", "text": "?", "color": MOVED, "fontWeight": 600, "fontSize": 12, "baseline": "middle"},
    ),
}


# --- Words ------------------------------------------------------------------------------------------------------------


def _titles(canvas: _Canvas, placed: Sequence[_Placed]) -> list[Spec]:
    titles, notes = [], []
    for row in placed:
        text = len(row.lines) * _LINE + (_LINE if row.drawn.note else 0)
        top = row.middle - text / 2 if canvas.wide else row.top + 8
        for number, line in enumerate(row.lines):
            titles.append({"x": 0, "y": canvas.up(top + number * _LINE + _LINE / 2), "t": line})
        if row.drawn.note:
            notes.append({"x": 0, "y": canvas.up(top + len(row.lines) * _LINE + _LINE / 2), "t": row.drawn.note})
    layers = [_texts(canvas, titles, fontWeight=600, align="left", baseline="middle")] if titles else []
    if notes:
        layers.append(_texts(canvas, notes, color=MUTED, fontSize=TEXT - 1, align="left", baseline="middle"))
    return layers


def _legend(canvas: _Canvas, legend: Sequence[tuple[str, str, float, float]]) -> list[Spec]:
    marks: dict[str, list[Spec]] = {}
    bars: dict[str, list[Spec]] = {}
    texts = []
    for kind, word, x, top in legend:
        what, _, name = kind.partition("-")
        if what == "mark":
            marks.setdefault(name, []).append({"x": x + 9, "y": canvas.up(top)})
        else:
            bars[name] = [_bar(canvas, x + 1, x + 30, top, 7.0 if name == layout.WINDOW else 3.5)]
        texts.append({"x": x + (22 if what == "mark" else 38), "y": canvas.up(top), "t": word})
    layers = [*_bar_layers(canvas, bars), *_marks(canvas, marks)]
    if texts:
        layers.append(_texts(canvas, texts, align="left", baseline="middle"))
    return layers


# --- Layers -----------------------------------------------------------------------------------------------------------


def _between(canvas: _Canvas) -> Spec:
    return {"x": canvas.x(), "x2": {"field": "x2"}, "y": canvas.y(), "y2": {"field": "y2"}}


def _rects(canvas: _Canvas, values: list[Spec], **style: object) -> Spec:
    encoding = _between(canvas)
    if not style:
        encoding["color"] = {"field": "c", "type": "nominal", "scale": None, "legend": None}
    return {"data": {"values": values}, "mark": {"type": "rect", **style}, "encoding": encoding}


def _rules(canvas: _Canvas, values: list[Spec], *, stroke: str, width: float, dash: list[int] | None = None) -> Spec:
    mark: Spec = {"type": "rule", "stroke": stroke, "strokeWidth": width}
    if dash:
        mark["strokeDash"] = dash
    return {"data": {"values": values}, "mark": mark, "encoding": _between(canvas)}


def _points(canvas: _Canvas, values: list[Spec], part: Spec) -> Spec:
    mark = {"type": "point"} | part
    return {"data": {"values": values}, "mark": mark, "encoding": {"x": canvas.x(), "y": canvas.y()}}


def _texts(canvas: _Canvas, values: list[Spec], **style: object) -> Spec:
    encoding = {"x": canvas.x(), "y": canvas.y(), "text": {"field": "t", "type": "nominal"}}
    return {"data": {"values": values}, "mark": {"type": "text", **style}, "encoding": encoding}
