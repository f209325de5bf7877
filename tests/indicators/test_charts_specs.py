"""The specs are plain data: what is in them is what is drawn."""

import itertools

from indicators.charts import specs


def marks(values, own=()):
    return [specs.Mark(f"A{index}", value, f"A{index} {value}", index in own) for index, value in enumerate(values)]


def points(spec, shape):
    layers = [layer for layer in spec["layer"] if layer["mark"].get("shape") == shape]
    return [value for layer in layers for value in layer["data"]["values"]]


def test_every_area_is_one_dot_and_own_areas_are_diamonds():
    spec = specs.dot_strip(marks(range(98), own=(3, 50)), size="wide", axis_title="pct.")
    assert len(points(spec, "circle")) == 96
    assert sorted(value["x"] for value in points(spec, "diamond")) == [3, 50]


def test_no_dot_hides_another():
    values = [50 + (index % 7) * 0.1 for index in range(98)]
    for size, radius in (("wide", 4.4), ("narrow", 3.4)):
        spec = specs.dot_strip(marks(values), size=size, axis_title="pct.")
        low, high = spec["layer"][-1]["encoding"]["x"]["scale"]["domain"]
        at = [((dot["x"] - low) / (high - low) * spec["width"], dot["y"]) for dot in points(spec, "circle")]
        for index, one in enumerate(at):
            for other in at[index + 1 :]:
                apart = ((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5
                assert apart >= 2 * radius - 0.01
        assert max(y for _, y in at) < spec["height"]


def test_names_stand_so_that_no_name_crosses_a_line():
    spec = specs.dot_strip(marks([30, 52, 54, 55, 80], own=(1, 2, 3)), size="wide", axis_title="pct.")
    names = next(layer["data"]["values"] for layer in spec["layer"] if layer["mark"].get("color") == specs.OWN)
    by_value = sorted(names, key=lambda name: name["x"])
    assert [name["y"] for name in by_value] == sorted(name["y"] for name in by_value)  # leftmost lowest


def test_names_are_left_out_when_there_is_no_room():
    spec = specs.dot_strip(marks(range(98), own=range(20)), size="narrow", axis_title="pct.")
    assert not [
        layer for layer in spec["layer"] if layer["mark"].get("color") == specs.OWN and "align" in layer["mark"]
    ]


def test_bars_begin_at_zero():
    spec = specs.bars(marks([96.1, 97.0, 95.5]), size="narrow", axis_title="pct.", country=96.4, country_label="x")
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][0] == 0


def test_long_names_leave_the_bars_of_a_narrow_picture_their_room():
    rows = [specs.Mark(f"Sundhedsklynge Sydvestjylland {index} (beregnet)", 10.0, "10,0") for index in range(3)]
    narrow, wide = (specs.bars(rows, size=size, axis_title="pct.") for size in ("narrow", "wide"))
    for spec in (narrow, wide):
        low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
        assert 10.0 / (high - low) * spec["width"] > 100, "a bar one can see"
    names = [spec["layer"][2]["mark"] for spec in (narrow, wide)]
    assert [mark["align"] for mark in names] == ["left", "right"]
    heights = [value["y"] for value in narrow["layer"][0]["data"]["values"]]
    assert heights == sorted(heights, reverse=True)
    assert 0 < min(heights) < max(heights) < narrow["height"]


def test_a_change_of_method_parts_the_curve():
    series = specs.Series(
        "Landet",
        tuple(specs.Point(2018 + index, str(2018 + index), 50.0 + index, "x", index // 2) for index in range(4)),
        own=True,
    )
    spec = specs.line([series], size="wide", axis_title="pct.")
    curve = spec["layer"][0]
    assert curve["encoding"]["detail"]["field"] == "s"
    assert [value["s"] for value in curve["data"]["values"]] == [0, 0, 1, 1]


def test_the_newest_tick_is_always_there():
    ticks = {2000.0 + year: str(2000 + year) for year in range(23)}
    thinned = specs._thin_ticks(ticks, pixels=10)
    assert list(thinned)[-1] == 2022.0
    places = list(thinned)
    assert all((later - earlier) * 10 >= specs.text_width("2022") for earlier, later in itertools.pairwise(places))


def test_the_best_stands_at_the_right_so_that_a_string_before_its_dot_catches_up():
    rows = [specs.Mark("Best", 0, "0,0"), specs.Mark("Own", 1.6, "1,6", own=True, previous=2.4)]
    spec = specs.distance_to_best(rows, size="wide", axis_title="x")
    left, right = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert left > right
    string = spec["layer"][1]["data"]["values"]
    assert (string[0]["x"], string[0]["x0"]) == (0, 0)
    assert (string[1]["x"], string[1]["x0"]) == (1.6, 2.4)


def test_numbers_on_the_axis_follow_the_language():
    danish = specs.dot_strip(marks([1, 2]), size="wide", axis_title="x")["config"]["locale"]["number"]
    english = specs.dot_strip(marks([1, 2]), size="wide", axis_title="x", language="en")["config"]["locale"]["number"]
    assert (danish["decimal"], danish["thousands"]) == (",", ".")
    assert (english["decimal"], english["thousands"]) == (".", ",")
