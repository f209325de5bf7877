"""JSON-stat as it is met: both versions, every spelling of index, value and status, and what is none of it."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.jsonstat import MOST_CELLS, Cube, NotJsonStat, parse_json, read_cube, texts_in

TWO = {
    "version": "2.0",
    "class": "dataset",
    "label": "Figures",
    "updated": "2025-05-01T08:00:00Z",
    "id": ["area", "year"],
    "size": [2, 2],
    "role": {"time": ["year"], "geo": ["area"]},
    "dimension": {
        "area": {"category": {"index": {"M": 1, "N": 0}, "label": {"N": "Nord", "M": "Midt"}}},
        "year": {"category": {"index": ["2022", "2023"]}},
    },
    "value": [1.5, 2, None, 4.25],
}


def cells(document: Any, dataset: str = "") -> list[tuple[tuple[str, ...], Any, str]]:
    return list(read_cube(parse_json(json.dumps(document)), dataset=dataset).cells())


def changed(**more: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(TWO)), **more}


def one_x(inner: dict[str, Any]) -> dict[str, Any]:
    """The same in 1.x: id, size and role inside `dimension`."""
    inside = {key: inner[key] for key in ("id", "size", "role")}
    rest = {key: value for key, value in inner.items() if key not in ("id", "size", "role", "class", "version")}
    return {**rest, "dimension": {**inner["dimension"], **inside}}


EXPECTED = [
    (("N", "2022"), Decimal("1.5"), ""),
    (("N", "2023"), 2, ""),
    (("M", "2022"), None, ""),
    (("M", "2023"), Decimal("4.25"), ""),
]


@pytest.mark.parametrize(
    "document",
    [
        TWO,
        one_x(TWO),
        {"dataset": one_x(TWO)},
        {"dataset": TWO},
        {"class": "collection", "link": {"item": [TWO]}},
        changed(value={"0": 1.5, "1": 2, "3": 4.25}),
        changed(value={"0": 1.5, "1": 2, "2": None, "3": 4.25}),
        changed(status=""),
    ],
    ids=["2.0", "1.x bare", "1.x wrapped", "wrapped 2.0", "collection of one", "sparse", "object", "no status"],
)
def test_it_is_the_same_however_it_is_written(document: Any) -> None:
    assert cells(document) == EXPECTED


def test_roles_labels_and_head_are_read_in_either_place() -> None:
    for document in (TWO, one_x(TWO)):
        cube = read_cube(parse_json(json.dumps(document)))
        assert [(one.id, one.role, list(one.codes.values())) for one in cube.dimensions] == [
            ("area", "geo", ["Nord", "Midt"]),
            ("year", "time", ["2022", "2023"]),
        ]
        assert (cube.label, cube.updated, cube.size) == ("Figures", "2025-05-01T08:00:00Z", 4)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ("p", ["p", "p", "p", "p"]),
        (["a"], ["a", "a", "a", "a"]),
        (["a", None, "c", "d"], ["a", "", "c", "d"]),
        ({"2": ":"}, ["", "", ":", ""]),
        (None, ["", "", "", ""]),
    ],
)
def test_status_is_one_text_a_list_or_an_object(status: Any, found: list[str]) -> None:
    assert [status for _, _, status in cells(changed(status=status))] == found


def test_of_several_data_sets_one_is_named() -> None:
    other = changed(label="Others", value=[9, 9, 9, 9])
    bundle = {"first": one_x(TWO), "second": one_x(other)}
    collection = {"class": "collection", "link": {"item": [TWO, other, {"class": "dataset", "href": "https://x.dk"}]}}
    assert cells(bundle, "first") == cells(collection, "Figures") == EXPECTED
    assert cells(bundle, "second")[0][1] == cells(collection, "Others")[0][1] == 9
    for document, names in ((bundle, "first, second"), (collection, "Figures, Others")):
        for name in ("", "third"):
            with pytest.raises(NotJsonStat) as caught:
                cells(document, name)
            assert (caught.value.code, caught.value.details) == ("collection", names)


def test_one_code_alone_needs_no_index() -> None:
    one = changed(size=[1, 2], value=[1, 2])
    one["dimension"]["area"] = {"category": {"label": {"N": "Nord"}}}
    assert [codes for codes, _, _ in cells(one)] == [("N", "2022"), ("N", "2023")]


BROKEN = [
    [],
    {},
    {"class": "collection"},
    {"class": "collection", "link": {"item": [{"href": "https://x.dk"}]}},
    changed(dimension=None),
    changed(id=["area"]),
    changed(id=["area", "area"]),
    changed(id="area"),
    changed(size=[2, "2"]),
    changed(size=[2, -1]),
    changed(size=[2, True]),
    changed(size=[2, 3]),
    changed(value=[1, 2, 3]),
    changed(value="1"),
    changed(value=[1, 2, 3, "4"]),
    changed(value=[1, 2, 3, True]),
    changed(value={"4": 1}),
    changed(value={"x": 1}),
    changed(value={"-1": 1}),
    changed(status=[1, 2]),
    changed(dimension={"area": {"category": {"index": {"N": 0, "M": 2}}}, "year": TWO["dimension"]["year"]}),  # type: ignore[index]
    changed(dimension={"area": {"category": {"index": {"N": 0, "M": "1"}}}, "year": TWO["dimension"]["year"]}),  # type: ignore[index]
    changed(dimension={"area": {"category": {"index": ["N", "N"]}}, "year": TWO["dimension"]["year"]}),  # type: ignore[index]
    changed(dimension={"area": {}, "year": TWO["dimension"]["year"]}),  # type: ignore[index]
    changed(dimension={"year": TWO["dimension"]["year"]}),  # type: ignore[index]
]


@pytest.mark.parametrize("document", BROKEN, ids=range(len(BROKEN)))
def test_what_is_not_json_stat_is_refused(document: Any) -> None:
    with pytest.raises(NotJsonStat):
        cells(document)


@pytest.mark.parametrize("text", ["", "{", "[NaN]", '{"value": Infinity}', "[" * 100_000, '{"a": ' + "1" * 5000 + "}"])
def test_what_is_not_json_is_refused(text: str) -> None:
    with pytest.raises(NotJsonStat):
        parse_json(text)


def test_a_promise_of_more_cells_than_fit_is_refused_before_they_are_made() -> None:
    with pytest.raises(NotJsonStat) as caught:
        cells(changed(size=[MOST_CELLS, 2], value={}))
    assert caught.value.code == "too_many_cells"


def test_all_texts_are_seen_names_included() -> None:
    assert {"area", "Nord", "2022", "Figures", "dimension"} <= set(texts_in(TWO))


names = st.text(alphabet="abcæ01", min_size=1, max_size=3)
numbers = st.none() | st.integers(-999, 999) | st.decimals(-999, 999, places=2)


@st.composite
def cubes(draw: Any) -> dict[str, Any]:
    ids = draw(st.lists(names, min_size=1, max_size=3, unique=True))
    codes = {name: draw(st.lists(names, min_size=1, max_size=3, unique=True)) for name in ids}
    keys = list(itertools.product(*codes.values()))
    return {
        "ids": ids,
        "codes": codes,
        "values": dict(zip(keys, draw(st.lists(numbers, min_size=len(keys), max_size=len(keys))), strict=True)),
    }


def written(cube: dict[str, Any], *, old: bool, as_list: bool, sparse: bool) -> dict[str, Any]:
    dimension: dict[str, Any] = {
        name: {"category": {"index": codes if as_list else {code: place for place, code in enumerate(codes)}}}
        for name, codes in cube["codes"].items()
    }
    values = list(cube["values"].values())
    value: Any = {str(place): one for place, one in enumerate(values) if one is not None} if sparse else values
    head = {"id": cube["ids"], "size": [len(codes) for codes in cube["codes"].values()]}
    if old and not {"id", "size"} & set(cube["ids"]):
        return {"anything": {"dimension": {**dimension, **head}, "value": value}}
    return {"class": "dataset", **head, "dimension": dimension, "value": value}


@given(cubes(), st.booleans(), st.booleans(), st.booleans())
def test_every_cube_comes_back_whatever_the_spelling(
    cube: dict[str, Any], old: bool, as_list: bool, sparse: bool
) -> None:
    found = read_cube(written(cube, old=old, as_list=as_list, sparse=sparse))
    assert isinstance(found, Cube)
    assert {codes: number for codes, number, _ in found.cells()} == cube["values"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.sampled_from(["id", "size", "N", "0", "dataset", "collection"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "class",
                    "dimension",
                    "id",
                    "size",
                    "value",
                    "status",
                    "link",
                    "item",
                    "category",
                    "index",
                    "label",
                    "N",
                    "0",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@given(anything)
def test_nothing_at_all_breaks_the_reader(document: Any) -> None:
    """Any JSON is a cube or a refusal, never another error."""
    try:
        found = read_cube(document)
    except NotJsonStat:
        return
    assert len(list(found.cells())) == found.size
