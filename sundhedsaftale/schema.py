"""Finishing touches on the OpenAPI description."""

from __future__ import annotations

from typing import Any

ERROR = {"type": "object", "additionalProperties": True}


def describe_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Say on every address which refusals it gives: the generator only describes what goes well.

    A list answers 400 to a filter value that does not exist and 404 to a page after the last; a row 404 when it is not
    there.
    """
    for path, operations in result.get("paths", {}).items():
        operation = operations.get("get")
        if operation is None:
            continue
        content = {"application/json": {"schema": ERROR}}
        if "{" not in path:
            wrong = "A filter value is wrong; the answer names the filter and says why."
            operation["responses"].setdefault("400", {"description": wrong, "content": content})
        missing = "There is no such row, or no such page of rows."
        operation["responses"].setdefault("404", {"description": missing, "content": content})
    return result
