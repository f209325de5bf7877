"""The drawing of a plan's timeline: every mark where the layout puts it, nothing outside the paper, and drawn for real."""

from __future__ import annotations

import itertools
import re
from datetime import date
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.cache import cache

from indicators.charts import rendering
from initiatives.calculations import timeline as layout
from initiatives.charts.plan_timeline import DrawnRow, Head, plan_timeline
from sundhedsaftale.lib.periods import parse_period

NOW = date(2020, 11, 5)
WORDS = {
    **{f"mark-{kind}": f"mærke {kind}" for kind in layout.MARK_KINDS},
    **{f"bar-{kind}": f"bjælke {kind}" for kind in layout.BAR_KINDS},
}
ITEMS = (
    layout.TimelineItem("postponed", (parse_period("primo 2020"),), parse_period("2021"), as_of=NOW),
    layout.TimelineItem("postponed", (parse_period("2. kvartal 2020"),), None, as_of=NOW),
    layout.TimelineItem(
        "on_hold", (), parse_period("1. kvartal 2021"), parse_period("november 2019"), parse_period("marts 2020")
    ),
    layout.TimelineItem(
        "in_progress",
        (parse_period("1. kvartal 2021"),),
        parse_period("1. kvartal 2021"),
        milestones=(parse_period("20. november 2020"), parse_period("februar 2021")),
    ),
)
HEAD = Head((("2019", 1, 2), ("2020", 3, 6)), (("K3", 1), ("K4", 2), ("ingen", 11)), now=6)


def drawn(titles: tuple[str, ...] = ("1. Et", "2. To", "3. Tre", "4. Fire")) -> list[DrawnRow]:
    grid = layout.grid_for(ITEMS, now=NOW)
    return [DrawnRow(title, "Udsat", layout.row_for(item, grid)) for title, item in zip(titles, ITEMS, strict=True)]


def spec(size: str = "wide", rows: list[DrawnRow] | None = None) -> Any:
    return plan_timeline(drawn() if rows is None else rows, HEAD, size=size, words=WORDS)


def values(found: Any) -> list[dict[str, Any]]:
    return [value for layer in found["layer"] for value in layer["data"]["values"]]


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_nothing_stands_outside_the_paper(size: str) -> None:
    found = spec(size)
    for value in values(found):
        assert 0 <= value["x"] <= found["width"], value
        assert 0 <= value["y"] <= found["height"], value
        assert value.get("x2", 0) <= found["width"]


def test_a_kind_that_occurs_is_in_the_legend_and_no_other() -> None:
    texts = [value["t"] for value in values(spec()) if "t" in value]
    said = {text for text in texts if text.startswith(("mærke", "bjælke"))}
    assert said == {
        "mærke promised", "mærke moved", "mærke undated", "mærke started", "mærke paused", "mærke milestone",
        "bjælke moved", "bjælke going", "bjælke paused", "bjælke window",
    }  # fmt: skip
    alone = spec(rows=[DrawnRow("1. Et", "I gang", layout.Row((), (layout.Mark("started", 3),)))])
    assert [v["t"] for v in values(alone) if str(v.get("t", "")).startswith(("mærke", "bjælke"))] == ["mærke started"]


def test_every_kind_has_a_shape_or_stroke_of_its_own() -> None:
    """Colour alone says nothing: two kinds of bars never share both pattern and thickness, two marks never a shape."""
    layers = spec()["layer"]
    strokes = [
        (layer["mark"].get("strokeDash") and tuple(layer["mark"]["strokeDash"]), layer["mark"]["strokeWidth"])
        for layer in layers
        if layer["mark"]["type"] == "rule" and layer["mark"]["strokeWidth"] >= 5
    ]
    assert len(set(strokes)) == 3, strokes
    shapes = {
        (mark["shape"], mark.get("fill"), tuple(mark.get("strokeDash", ())))
        for mark in (layer["mark"] for layer in layers)
        if mark["type"] == "point"
    }
    diamonds = [shape for shape in shapes if shape[0] == "diamond"]
    assert len(diamonds) == 3, "hollow, filled and dashed"


def test_marks_that_share_a_column_stand_beside_each_other_where_there_is_room() -> None:
    row = DrawnRow("1. Et", "", layout.Row((), (layout.Mark("moved", 4, ("started", "milestone")),)))
    for size, marks in (("wide", 3), ("narrow", 1)):
        points = {value["x"] for value in values(spec(size, [row])) if set(value) == {"x", "y"}}
        legend = {9}  # the first sign of the legend
        middle = [x for x in points if x not in legend and (size == "narrow" or x > 262)]
        assert len([x for x in middle if abs(x - _middle(size, 4)) < 30]) >= marks


def _middle(size: str, column: int) -> float:
    width, left = (840, 262) if size == "wide" else (306, 0)
    return left + (column - 0.5) * (width - left) / 11.2


def test_a_long_title_is_cut_and_a_word_is_never_lost_in_a_short_one() -> None:
    long = "1. " + "Fælles sundhedsvisitationer og overblik over indgange " * 4
    rows = drawn((long, "2. To", "3. Tre", "4. Fire"))
    for size in ("wide", "narrow"):
        lines = [value["t"] for value in values(spec(size, rows)) if str(value.get("t", "")).startswith(("1.", "indg"))]
        assert lines
        texts = [str(value["t"]) for value in values(spec(size, rows)) if "t" in value]
        assert any(text.endswith("…") for text in texts)
        assert "2. To" in texts


def test_a_plan_without_rows_is_still_a_drawing() -> None:
    assert spec(rows=[])["height"] > 0


def test_rows_never_overlap() -> None:
    for size in ("wide", "narrow"):
        lines = sorted(
            (value["y"] for value in values(spec(size)) if value.get("t") in ("1. Et", "2. To", "3. Tre", "4. Fire")),
            reverse=True,
        )
        assert all(a - b >= 40 for a, b in itertools.pairwise(lines))


@pytest.mark.slow
def test_it_is_drawn_for_a_strict_page_and_as_a_file() -> None:
    cache.clear()
    picture = rendering.figure(spec(), spec("narrow"), chart_id="t", title="Lovet & rykket", description="Se tabellen")
    trees = [ElementTree.fromstring(part) for part in re.findall(r"<svg.*?</svg>", picture.svg)]
    assert [tree.get("class") for tree in trees] == ["sa-chart sa-chart--wide", "sa-chart sa-chart--narrow"]
    assert "style=" not in picture.svg
    assert "stroke-dasharray" in picture.svg
    assert "4. Fire" in picture.svg
    file = rendering.file_of(spec(), title="Lovet & rykket", description="1. Et: <udsat>")
    root = ElementTree.fromstring(file.encode())
    assert float(root.get("width", "0")) > 800
    assert [child.tag.rpartition("}")[2] for child in root][:3] == ["title", "desc", "rect"]
    assert (root[0].text, root[1].text) == ("Lovet & rykket", "1. Et: <udsat>")


def test_what_cannot_be_drawn_is_no_file(caplog: pytest.LogCaptureFixture) -> None:
    assert rendering.file_of({"layer": "nonsense"}, title="a", description="b") == ""
    assert "could not be drawn" in caplog.text
