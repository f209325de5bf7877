"""Bars by quarter: every part as wide as its number, never outside the paper, told apart without colour."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from hypothesis import given
from hypothesis import strategies as st

from indicators.charts import rendering
from initiatives.charts.postponements import MOST_PARTS, QuarterBar, postponements

CAUSES = ("COVID-19", "Bemanding og rekruttering", "Økonomi", "Lovgivning", "It", "Andre årsager")
BARS = (QuarterBar("4. kvartal 2020", (4, 1, 0, 0, 0, 2), "7"), QuarterBar("1. kvartal 2021", (0,) * 6, "0"))


def values(spec: Any) -> list[dict[str, Any]]:
    return [value for layer in spec["layer"] for value in layer["data"]["values"]]


def boxes(spec: Any) -> list[float]:
    """The widths of the parts, without the signs of the legend, which are 26 wide."""
    rects = [layer for layer in spec["layer"] if layer["mark"]["type"] == "rect"]
    widths = [round(value["x2"] - value["x"]) for layer in rects for value in layer["data"]["values"]]
    return [width for width in widths if width != 26]


def test_a_part_is_as_wide_as_its_number() -> None:
    wide = sorted(boxes(postponements(BARS, CAUSES, size="wide")))
    assert [round(width / wide[0]) for width in wide] == [1, 2, 4]


def test_a_quarter_without_a_move_is_there_with_its_nought() -> None:
    texts = [value["t"] for value in values(postponements(BARS, CAUSES, size="narrow")) if "t" in value]
    assert "1. kvartal 2021" in texts
    assert "0" in texts


def test_every_part_of_the_legend_has_a_look_of_its_own() -> None:
    spec = postponements([QuarterBar("a", (1,) * MOST_PARTS, "6")], CAUSES, size="wide")
    looks = [(m["fill"], m["stroke"]) for m in (layer["mark"] for layer in spec["layer"]) if m["type"] == "rect"]
    assert len(set(looks)) == MOST_PARTS


def bar(parts: list[int]) -> QuarterBar:
    return QuarterBar("2. kvartal 2021", tuple(parts), str(sum(parts)))


bars = st.lists(st.lists(st.integers(0, 90), min_size=6, max_size=6).map(bar), max_size=16)


@given(bars, st.sampled_from(["wide", "narrow"]))
def test_nothing_stands_outside_the_paper(rows: list[QuarterBar], size: str) -> None:
    spec = postponements(rows, CAUSES, size=size)
    for value in values(spec):
        for name in ("x", "x2"):
            assert -1 <= value.get(name, 0) <= spec["width"], value
        for name in ("y", "y2"):
            assert -1 <= value.get(name, 0) <= spec["height"], value


@pytest.mark.slow
def test_it_is_drawn_for_a_strict_page() -> None:
    cache.clear()
    svg = rendering.svg_for(postponements(BARS, CAUSES, size="wide"))
    ElementTree.fromstring(svg)
    assert "Bemanding og rekruttering" in svg
    assert "style=" not in svg
    assert rendering.svg_for(postponements((), (), size="narrow"))
