"""The description of the API as a page: each address with its filters and fields, read from the OpenAPI schema.

Our own page and not Swagger's: that one nests buttons in buttons and paints labels too pale to read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

PAGING = ("page", "page_size", "limit", "offset")


@dataclass(frozen=True)
class Row:
    name: str
    type: str
    text: str


@dataclass(frozen=True)
class Address:
    """One list of the API. `detail` is the address of one of its rows, "" when rows have none of their own."""

    name: str
    path: str
    detail: str
    text: str
    filters: tuple[Row, ...]
    fields: tuple[Row, ...]


@lru_cache(maxsize=1)
def addresses() -> tuple[Address, ...]:
    """Read once for the life of the process: the schema only changes with the code."""
    with translation.override("en"):
        schema: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    components = schema.get("components", {}).get("schemas", {})
    found = []
    for path, operations in schema["paths"].items():
        get = operations.get("get")
        if get is None or "{" in path:
            continue
        detail = next((other for other in schema["paths"] if other.startswith(path + "{")), "")
        found.append(
            Address(
                name=path.rstrip("/").rsplit("/", 1)[-1],
                path=path,
                detail=detail,
                text=_plain(get.get("description", "")),
                filters=tuple(
                    Row(row["name"], _type(row.get("schema", {}), components), _plain(row.get("description", "")))
                    for row in get.get("parameters", [])
                    if row["in"] == "query" and row["name"] not in PAGING
                ),
                fields=_fields(get, components),
            )
        )
    return tuple(found)


def _fields(operation: dict[str, Any], components: dict[str, Any]) -> tuple[Row, ...]:
    content = operation.get("responses", {}).get("200", {}).get("content", {}).get("application/json", {})
    shape = _resolve(content.get("schema", {}), components)
    if "results" in shape.get("properties", {}):
        shape = _resolve(shape["properties"]["results"].get("items", {}), components)
    elif shape.get("type") == "array":
        shape = _resolve(shape.get("items", {}), components)
    return tuple(
        Row(name, _type(field, components), _text(field, components))
        for name, field in shape.get("properties", {}).items()
    )


def _resolve(shape: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in shape:
        return components.get(shape["$ref"].rsplit("/", 1)[-1], {})
    if len(shape.get("allOf", [])) == 1:
        return _resolve(shape["allOf"][0], components)
    return shape


def _type(shape: dict[str, Any], components: dict[str, Any]) -> str:
    inside = _resolve(shape, components)
    if inside.get("type") == "array":
        return f"[{_type(inside.get('items', {}), components)}]"
    if inside.get("enum"):
        return " | ".join(str(value) for value in inside["enum"] if value not in ("", None))
    for several in ("oneOf", "anyOf"):
        if several in inside:
            names = [_type(option, components) for option in inside[several]]
            return " | ".join(name for name in dict.fromkeys(names) if name)
    if inside.get("properties"):
        return "{" + ", ".join(inside["properties"]) + "}"
    return str(inside.get("format") or inside.get("type") or "")


def _text(shape: dict[str, Any], components: dict[str, Any]) -> str:
    if _resolve(shape, components).get("enum"):
        return ""  # the generated text lists the choices once more
    return _plain(shape.get("description", ""))


def _plain(text: str) -> str:
    """Without the generated list of choices (they stand in the column beside) and without Markdown's marks."""
    return text.partition("* `")[0].replace("`", "").strip()
