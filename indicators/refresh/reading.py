"""From a source's file to plain rows: kept with date and fingerprint, scanned, then read by the source's own reader."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings

from indicators.calculations.figure_bounds import Outside
from indicators.calculations.figure_rows import RawRow, Rejected
from indicators.models import DataSource
from indicators.refresh.columns import ColumnRows
from sundhedsaftale.lib.cpr import find_cpr

LARGEST = 200 * 1024 * 1024
PIECE = 4 * 1024 * 1024  # characters scanned at a time


class NotReadable(Exception):
    """The file as a whole cannot be used. `code` is one of refusals.refusal_sentence's; `line` 0 when none is meant."""

    def __init__(self, code: str, *, line: int = 0, details: str = "") -> None:
        self.code, self.line, self.details = code, line, details
        super().__init__(code)

    @property
    def rejected(self) -> Rejected:
        return Rejected(self.line, "", self.code, self.details)

    @property
    def all_rejected(self) -> Sequence[Rejected]:
        return [self.rejected]


class RowsNotReadable(NotReadable):
    """Several rows or cells cannot be used, each with its own place and reason."""

    def __init__(self, rejected: Sequence[Rejected]) -> None:
        self._all = rejected
        super().__init__(rejected[0].code, line=rejected[0].line, details=rejected[0].details)

    @property
    def all_rejected(self) -> Sequence[Rejected]:
        return self._all


class TryAgain(Exception):
    """The source did not answer as it should, and may in a minute: a time-out, a 500, a body cut off. Codes as above."""

    def __init__(self, code: str, *, details: str = "") -> None:
        self.code, self.details = code, details
        super().__init__(code)


@dataclass(frozen=True)
class Table:
    """What a reader hands over: the names of the columns and the rows, all as text.

    Rows may be a list of RawRow. A reader with many of them has a DataFrame, and hands it over with `of_frame`.
    is_part: of a publication that came in pieces, so that what is not in it has not vanished. traps: what had to be read
    in a certain way, for the person who decides.
    """

    columns: Sequence[str]
    rows: Sequence[RawRow]
    is_part: bool = False
    traps: Sequence[Outside] = ()

    @classmethod
    def of_frame(cls, frame: Any, lines: Any) -> Table:
        """A DataFrame of texts or categories whose names are the columns; lines: the line of each row, an array."""
        return cls([str(name) for name in frame.columns], ColumnRows.of_frame(frame, lines))


@dataclass(frozen=True)
class Content:
    """What a source gave, byte for byte, and the ending its kept copy gets, with the dot."""

    data: bytes
    extension: str = ".csv"

    @cached_property
    def fingerprint(self) -> str:
        """Its SHA-256."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Kept:
    """path: where the dated copy lies; name: that path relative to VAR_DIR."""

    path: Path
    name: str


def fetch(source: DataSource, *, path: Path | None, folder: Path) -> Content:
    """The file handed in, else what the source's own module fetches, else the file the catalogue ships.

    Raises NotReadable, and TryAgain when asking once more may help.
    """
    own = getattr(_module(source), "fetch", None)
    if path is None and own is not None:
        content: Content = own(source)
        return content
    file = path or folder / source.file
    if not file.is_file():
        raise NotReadable("file_missing")
    if file.stat().st_size > LARGEST:
        raise NotReadable("too_large")
    return Content(file.read_bytes(), file.suffix.lower() or ".csv")


def declaration_of(source: DataSource) -> str:
    """What is declared about the source's tables, as a SHA-256; "" for a reader that needs no declaration."""
    declared = getattr(_module(source), "declared", lambda source: None)(source)
    if declared is None:
        return ""
    return hashlib.sha256(json.dumps(declared, default=sorted, sort_keys=True).encode()).hexdigest()


def look(source: DataSource) -> None:
    """Ask the source what its table is and hold that against the definition, which is kept; no figure is stored.

    Raises NotReadable (the table is another one; a source whose figures come as files has none to ask) and TryAgain.
    """
    own = getattr(_module(source), "look", None)
    if own is None:
        raise NotReadable("no_table")
    own(source)


def keep_raw(source: DataSource, content: Content, *, now: datetime) -> Kept:
    """A dated copy under VAR_DIR/raw, made only when no CPR number is in it. Raises NotReadable.

    The scan comes first: a file that holds one is not kept anywhere, not even as a raw file. A format that is not plain
    text has a module that says what texts are in it; without one, a file that is not UTF-8 is refused too, for in another
    encoding a number could pass the scan unseen.
    """
    refuse_cpr_numbers(getattr(_module(source), "texts", _as_text)(content.data))
    name = Path("raw") / source.name / f"{now:%Y%m%dT%H%M%S}-{content.fingerprint[:12]}{content.extension}"
    path = Path(settings.VAR_DIR) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.data)
    return Kept(path, str(name))


def refuse_cpr_numbers(texts: Iterable[str]) -> None:
    """Raises NotReadable with the line of the first."""
    for text in texts:
        for line, piece in _pieces(text):
            for hit in find_cpr(piece):
                if hit.kind == "refuse":
                    raise NotReadable("cpr", line=line + piece.count("\n", 0, hit.start))


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """The text in pieces of whole lines, each with the number of its first line: a scan takes many times the memory of
    what it scans. A number may be written over three lines, so the last two of a piece are the first of the next."""
    line, start = 1, 0
    while True:
        end = text.find("\n", start + PIECE) + 1
        while end and text.count("\n", start, end) < 3:  # so that the next piece begins later than this one
            end = text.find("\n", end) + 1
        if not end:
            yield line, text[start:]
            return
        yield line, text[start:end]
        following = end
        for _ in range(2):
            following = text.rfind("\n", start, following - 1) + 1
        line += text.count("\n", start, following)
        start = following


def read_table(source: DataSource, path: Path) -> Table:
    """The rows of the kept file, in the catalogue's columns. Raises NotReadable."""
    table: Table = _module(source).read(path, source)
    if not table.rows:
        raise NotReadable("no_rows")
    return table


def _as_text(data: bytes) -> list[str]:
    try:
        return [data.decode("utf-8-sig")]
    except UnicodeDecodeError:
        raise NotReadable("not_readable") from None


def _module(source: DataSource) -> Any:
    """Imported by its name and only here, in the worker: readers use pandas, and the web process must not.

    A source's module has `read(path, source) -> Table`, and where the common way does not do it `fetch(source) -> Content`
    and `texts(data) -> Iterable[str]`. One whose tables are declared has `declared(source)`, the declaration as plain data; one
    that can say what its table is without giving figures has `look(source)`.
    """
    return import_module(f"indicators.refresh.sources.{source.reader}")
