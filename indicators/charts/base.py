"""What the pictures have in common: colours, letters, sizes, axes and the line of the whole country."""

from __future__ import annotations

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

WIDE, HALF, NARROW = "wide", "half", "narrow"  # half: one of two beside each other on a wide screen
WIDTHS = {WIDE: 840, HALF: 460, NARROW: 306}


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
class Aim:
    """A target: what is to be reached (`value`) when (`at`, a decimal year). `label` is printed beside it."""

    at: float
    value: float
    label: str


@dataclass(frozen=True)
class Break:
    """A day areas end and others begin (`at`, a decimal year). `label` is printed beside the line; short, for two lines."""

    at: float
    label: str


@dataclass(frozen=True)
class Series:
    """computed: no source has published it; it is drawn dotted, with hollow marks. brief: its name where room is short."""

    name: str
    points: tuple[Point, ...]
    own: bool = False
    computed: bool = False
    brief: str = ""


def _number_locale(language: str) -> dict[str, Any]:
    danish = not language.lower().startswith("en")
    return {
        "decimal": "," if danish else ".",
        "thousands": "." if danish else ",",
        "grouping": [3],
        "currency": ["", ""],
        "minus": "\u2212",
    }


def base(width: int, height: int, language: str, layers: list[Spec]) -> Spec:
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


def x_axis(low: float, high: float, title: str, ticks: int) -> Spec:
    return {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False, "zero": False},
        "axis": {"title": title, "tickCount": ticks, "grid": True, "orient": "bottom", "labelFlush": False},
    }


def y_pixels(height: int) -> Spec:
    return {
        "field": "y",
        "type": "quantitative",
        "scale": {"domain": [0, height], "nice": False, "zero": False},
        "axis": None,
    }


def country_rule(
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
            "encoding": {"x": x, "y": y_pixels(height), "text": {"field": "t", "type": "nominal"}},
        },
    ]
