"""A table on its way out of the house: what stands in it, and everything that must go with it.

One shape for every table and three writers (`csv_file`, `xlsx_file`, `jsonstat`). A cell is a text, a whole number, a
`Number` with the decimals it is shown with, or a `Blank` with the reason; a blank has no number anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

Role = Literal["", "geo", "time"]


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal
    decimals: int


@dataclass(frozen=True, slots=True)
class Blank:
    """Where a number would stand. `status`: the code of the kind of blank; `word` and `reason`: what a page says."""

    status: str
    word: str = ""
    reason: str = ""


Cell = str | int | Number | Blank


@dataclass(frozen=True, slots=True)
class Column:
    """`measure`: the column holds what is measured. `key`: together with the other keys it says of what."""

    code: str
    title: str
    measure: bool = False
    key: bool = False
    role: Role = ""
    width: int = 18


@dataclass(frozen=True, slots=True)
class Source:
    """An edition that figures of the table come from."""

    title: str
    published: str
    publisher: str
    licence: str
    url: str
    received: str


@dataclass(frozen=True)
class Table:
    """name: the beginning of the file's name. asked: what was chosen (area, edition). address: where it was fetched.

    rows may be an iterator when `streamed`; then a writer goes through it once.
    changed_at: when the newest of its figures was received. retrieved_at: when the file was made.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]
    sources: tuple[Source, ...]
    footnotes: tuple[tuple[int, str], ...]
    address: str
    retrieved_at: datetime
    asked: str = ""
    remarks: tuple[str, ...] = ()
    changed_at: datetime | None = None
    language: str = "da"
    streamed: bool = False

    @property
    def keys(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.key)

    @property
    def measures(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.measure)
