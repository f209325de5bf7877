"""Reading the shipped content files, with errors that name file and entry."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.core.exceptions import ValidationError

CONTENT = Path(__file__).resolve().parents[2] / "catalogue"

Entry = dict[str, Any]


class ContentError(Exception):
    """A content file cannot be used. The sentence says which file, which entry and what is wrong."""


def read_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise ContentError(f"{path.name}: not readable YAML: {error}") from error


def read_all(folder: Path) -> list[tuple[Path, Any]]:
    return [(path, read_yaml(path)) for path in sorted(folder.glob("*.yaml"))]


def text(value: Any) -> str:
    """A text field: null is an empty text, and a folded YAML text ends without its line break."""
    return str(value).strip() if value is not None else ""


def sentences(error: ValidationError) -> str:
    """All messages of a validation error in one line."""
    return " ".join(error.messages)
