"""JSON-stat, 1.x and 2.0, as plain cells. Standard library only.

The format is the one of json-stat.org: numbers in one row, dimensions with a size, the last of them running fastest. The
versions differ in where things stand: id, size and role lie beside `dimension` (2.0) or inside it (1.x), and 1.x wraps
the data sets in an object by name.
"""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

MOST_CELLS = 5_000_000
Number = Decimal | int | None


class NotJsonStat(ValueError):
    """code: collection, not_json_stat or too_many_cells. details: the data sets there are, or what is wrong."""

    def __init__(self, code: str, details: str = "") -> None:
        self.code, self.details = code, details
        super().__init__(code, details)


@dataclass(frozen=True)
class Dimension:
    """codes: with their labels, in the order of the cube. role: time, geo, metric or ""."""

    id: str
    codes: Mapping[str, str]
    role: str = ""


@dataclass(frozen=True)
class Cube:
    label: str
    updated: str
    dimensions: tuple[Dimension, ...]
    values: Sequence[Number] | Mapping[int, Number]
    statuses: str | Sequence[Any] | Mapping[int, Any]

    @property
    def size(self) -> int:
        return math.prod(len(dimension.codes) for dimension in self.dimensions)

    def cells(self) -> Iterator[tuple[tuple[str, ...], Number, str]]:
        """(codes, number, status) of every cell, those without a number included."""
        grid = itertools.product(*(dimension.codes for dimension in self.dimensions))
        for place, codes in enumerate(grid):
            yield codes, _at(self.values, place), str(_at(self.statuses, place) or "")


def parse_json(text: str) -> Any:
    """Decimals as they are written, not as binary fractions. Raises NotJsonStat; NaN and Infinity are no JSON."""
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise NotJsonStat("not_json_stat", "JSON") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def read_cube(document: Any, *, dataset: str = "") -> Cube:
    """The data set of the document, or of several the one called `dataset`. Raises NotJsonStat."""
    found = _choose(document, dataset)
    dimension = found.get("dimension")
    if not isinstance(dimension, dict):
        raise NotJsonStat("not_json_stat", "dimension")
    ids, sizes = _of(found, dimension, "id"), _of(found, dimension, "size")
    if not _texts(ids) or not isinstance(sizes, list) or len(sizes) != len(ids) or len(set(ids)) != len(ids):
        raise NotJsonStat("not_json_stat", "id, size")
    if not all(type(size) is int and size >= 0 for size in sizes):
        raise NotJsonStat("not_json_stat", "size")
    if math.prod(sizes) > MOST_CELLS:
        raise NotJsonStat("too_many_cells", str(MOST_CELLS))
    roles = _roles(_of(found, dimension, "role"))
    dimensions = tuple(
        Dimension(name, _codes(dimension.get(name), size, name), roles.get(name, ""))
        for name, size in zip(ids, sizes, strict=True)
    )
    count = math.prod(sizes)
    return Cube(
        label=str(found.get("label") or ""),
        updated=str(found.get("updated") or ""),
        dimensions=dimensions,
        values=_values(found.get("value"), count),
        statuses=_statuses(found.get("status"), count),
    )


def texts_in(document: Any) -> Iterator[str]:
    """Every text in it, names included, however deep: what a search for CPR numbers must see."""
    waiting = [document]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif isinstance(one, dict):
            waiting += [*one.keys(), *one.values()]
        elif isinstance(one, list):
            waiting += one


# --- Which data set ---------------------------------------------------------------------------------------------------


def _choose(document: Any, name: str) -> dict[str, Any]:
    if not isinstance(document, dict):
        raise NotJsonStat("not_json_stat", "{ … }")
    if document.get("class") == "collection":
        return _named(_embedded(document), name)
    if "dimension" in document and ("value" in document or document.get("class") == "dataset"):
        return document
    bundle = {key: one for key, one in document.items() if isinstance(one, dict) and "dimension" in one}
    if not bundle:
        raise NotJsonStat("not_json_stat", "dataset")
    return _named(bundle, name)


def _embedded(collection: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The data sets that lie in a collection, by label; those it only links to are not fetched."""
    link = collection.get("link")
    items = link.get("item") if isinstance(link, dict) else None
    inside = [one for one in items if isinstance(one, dict) and "dimension" in one] if isinstance(items, list) else []
    return {str(one.get("label") or number): one for number, one in enumerate(inside, start=1)}


def _named(found: Mapping[str, dict[str, Any]], name: str) -> dict[str, Any]:
    if name in found:
        return found[name]
    if not name and len(found) == 1:
        return next(iter(found.values()))
    raise NotJsonStat("collection", ", ".join(list(found)[:12]))


def _of(found: Mapping[str, Any], dimension: Mapping[str, Any], key: str) -> Any:
    return found[key] if key in found else dimension.get(key)


# --- Its parts --------------------------------------------------------------------------------------------------------


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _roles(roles: Any) -> dict[str, str]:
    if not isinstance(roles, dict):
        return {}
    return {name: role for role, names in roles.items() if _texts(names) for name in names}


def _codes(dimension: Any, size: int, name: str) -> dict[str, str]:
    """The codes in order with their labels. index is a list, or an object of places; one code alone needs none."""
    category = dimension.get("category") if isinstance(dimension, dict) else None
    if not isinstance(category, dict):
        raise NotJsonStat("not_json_stat", name)
    found: Any = category.get("label")
    label: dict[str, Any] = found if isinstance(found, dict) else {}
    index: Any = category.get("index", list(label) if size == 1 else None)
    if isinstance(index, dict):
        places = list(index.values())
        if not all(type(place) is int for place in places) or sorted(places) != list(range(size)):
            raise NotJsonStat("not_json_stat", name)
        index = sorted(index, key=index.__getitem__)
    if not _texts(index) or len(index) != size or len(set(index)) != size:
        raise NotJsonStat("not_json_stat", name)
    return {code: str(label.get(code, code)) for code in index}


def _values(value: Any, count: int) -> list[Number] | dict[int, Number]:
    numbers = _by_place(value, count, "value")
    for number in numbers.values() if isinstance(numbers, dict) else numbers:
        if isinstance(number, bool) or not (number is None or isinstance(number, (int, Decimal))):
            raise NotJsonStat("not_json_stat", "value")
    return numbers


def _statuses(status: Any, count: int) -> str | list[Any] | dict[int, Any]:
    """One text is the status of all; a list or an object gives each its own, and a list of one stands for all."""
    if status is None or isinstance(status, str):
        return status or ""
    if isinstance(status, list) and len(status) == 1:
        return str(status[0] or "")
    return _by_place(status, count, "status")


def _by_place(found: Any, count: int, what: str) -> Any:
    if isinstance(found, list) and len(found) == count:
        return found
    if isinstance(found, dict):
        places = {int(place): one for place, one in found.items() if place.isascii() and place.isdigit()}
        if len(places) == len(found) and all(0 <= place < count for place in places):
            return places
    raise NotJsonStat("not_json_stat", what)


def _at(found: Any, place: int) -> Any:
    if isinstance(found, str):
        return found
    return found.get(place) if isinstance(found, dict) else found[place]
