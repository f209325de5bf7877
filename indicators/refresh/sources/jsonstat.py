"""Any JSON-stat document at an address: 1.x or 2.0, one data set of it, its dimensions mapped by a definition."""

from __future__ import annotations

from pathlib import Path

from indicators.calculations.jsonstat import Cube, NotJsonStat, parse_json, read_cube
from indicators.calculations.source_mapping import Definition
from indicators.models import DataSource
from indicators.refresh.network import ask
from indicators.refresh.reading import Content, NotReadable, Table
from indicators.refresh.tables import (
    JSON_TYPES,
    LARGEST_JSON,
    accept_table,
    codes_to_read,
    cube_codes,
    cube_figures,
    declared,
    decoded,
    definition_of,
    table_of,
    texts,
)

__all__ = ["declared", "fetch", "look", "read", "texts"]

_TYPES = (*JSON_TYPES, "application/vnd.json-stat+json", "application/json-stat")


def fetch(source: DataSource) -> Content:
    """The document, when its dimensions still fit the definition. Raises NotReadable and TryAgain."""
    definition = definition_of(source)
    answer = ask(definition.url, accepted=_TYPES, largest=LARGEST_JSON)
    if answer.status != 200:
        raise NotReadable("source_refuses", details=str(answer.status))
    cube = _cube(answer.body, definition)
    accept_table(source, definition, cube_codes(cube, source.name))
    return Content(answer.body, ".json")


def look(source: DataSource) -> None:
    """The document is its own description: it is fetched whole, and nothing of it is kept but that. Raises like fetch."""
    fetch(source)


def read(path: Path, source: DataSource) -> Table:
    """The cells of the kept document that the definition asks for. Raises NotReadable."""
    definition = definition_of(source)
    _, asked = codes_to_read(source, definition)
    return table_of(definition, cube_figures(_cube(path.read_bytes(), definition), definition, asked))


def _cube(data: bytes, definition: Definition) -> Cube:
    try:
        return read_cube(parse_json(decoded(data)), dataset=definition.dataset)
    except NotJsonStat as error:
        raise NotReadable(error.code, details=error.details) from None
