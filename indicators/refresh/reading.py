"""From a source's file to plain rows: kept with date and fingerprint, scanned, then read by the source's own reader."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path

from django.conf import settings

from indicators.calculations.figure_rows import RawRow, Rejected
from sundhedsaftale.lib.cpr import find_cpr

LARGEST = 200 * 1024 * 1024


class NotReadable(Exception):
    """The file as a whole cannot be used. `code` is one of refusals.refusal_sentence's; `line` 0 when none is meant."""

    def __init__(self, code: str, *, line: int = 0, details: str = "") -> None:
        self.code, self.line, self.details = code, line, details
        super().__init__(code)

    @property
    def rejected(self) -> Rejected:
        return Rejected(self.line, "", self.code, self.details)


@dataclass(frozen=True)
class Table:
    """What a reader hands over: the names of the columns and the rows, all as text."""

    columns: Sequence[str]
    rows: Sequence[RawRow]


@dataclass(frozen=True)
class Fetched:
    """sha256 of the content; path: where the dated copy lies; name: that path relative to VAR_DIR."""

    fingerprint: str
    path: Path
    name: str


def fingerprint_of(path: Path) -> tuple[bytes, str]:
    """(content, sha256). Raises NotReadable when the file is missing or far too large."""
    if not path.is_file():
        raise NotReadable("file_missing")
    if path.stat().st_size > LARGEST:
        raise NotReadable("too_large")
    content = path.read_bytes()
    return content, hashlib.sha256(content).hexdigest()


def keep_raw(source: str, content: bytes, fingerprint: str, *, now: datetime) -> Fetched:
    """A dated copy under VAR_DIR/raw, made only when no CPR number is in it. Raises NotReadable.

    The scan comes first: a file that holds one is not kept anywhere, not even as a raw file. Nor is a file that is not
    UTF-8: in another encoding a number could pass the scan unseen.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("not_readable") from None
    for hit in find_cpr(text):
        if hit.kind == "refuse":
            raise NotReadable("cpr", line=text.count("\n", 0, hit.start) + 1)
    name = Path("raw") / source / f"{now:%Y%m%dT%H%M%S}-{fingerprint[:12]}.csv"
    path = Path(settings.VAR_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Fetched(fingerprint, path, str(name))


def read_table(reader: str, path: Path) -> Table:
    """The rows of the file. Raises NotReadable.

    The reader is imported by its name and only here, in the worker: readers use pandas, and the web process must not.
    """
    module = import_module(f"indicators.refresh.sources.{reader}")
    table: Table = module.read(path)
    if not table.rows:
        raise NotReadable("no_rows")
    return table
