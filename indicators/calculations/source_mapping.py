"""What the variables of somebody else's table mean here: which one is the area, which the period, and so on.

A definition is read from a file (actions.catalogue.source_definitions) and used by the readers of statbank tables and of
JSON-stat. A combination of codes and the text of a number become one row of figures in the catalogue's columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from indicators.calculations.figure_rows import RawRow

INDICATOR, AREA, PERIOD, BREAKDOWN, FIXED = "indicator", "area", "period", "breakdown", "fixed"
MEANINGS = (INDICATOR, AREA, PERIOD, BREAKDOWN, FIXED)
FORMATS = ("BULK", "CSV", "JSONSTAT")
STREAMING = ("BULK",)
LANGUAGES = {"da": ",", "en": "."}  # each with its decimal mark

COLUMNS = ("indicator_code", "area_code", "period", "breakdown", "value", "printed", "flag", "reason", "method")
_COLUMN = {INDICATOR: "indicator_code", AREA: "area_code", PERIOD: "period", BREAKDOWN: "breakdown"}


@dataclass(frozen=True)
class Variable:
    """values: the codes to ask for; empty: all but those of `leave_out`. first: of a period, the first one to ask for.

    mapping: code there -> code here; a code that is not in it is the same here. accept: codes whose vanishing or new name
    somebody has looked at.
    """

    code: str
    meaning: str
    values: tuple[str, ...] = ()
    first: str = ""
    leave_out: frozenset[str] = frozenset()
    mapping: Mapping[str, str] = field(default_factory=dict)
    accept: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """As codes of variables are compared: statbank writes Tid in one place and TID in another."""
        return self.code.upper()


@dataclass(frozen=True)
class Definition:
    """One source over the network. Of a statbank `table`, `language` and `format` are set; of JSON-stat `url`.

    table_unit: the unit as the source itself states it. indicator, area, breakdown: what every figure belongs to, where
    no variable says it. verified: whether somebody has held the codes against a record of the table;
    whether it was seen from this installation is kept elsewhere (TableInfo).
    """

    name: str
    variables: tuple[Variable, ...]
    unit: str
    decimals: int
    table: str = ""
    language: str = "da"
    format: str = "BULK"
    url: str = ""
    dataset: str = ""
    table_unit: str = ""
    indicator: str = ""
    area: str = ""
    breakdown: str = ""
    method: str = ""
    verified: bool = False

    @property
    def decimal_mark(self) -> str:
        return LANGUAGES[self.language]


class Figure(NamedTuple):
    """One cell as a reader found it: line in the file, codes in the order of the definition's variables.

    number: with a decimal point, "" when there is none; then flag and reason say why.
    """

    line: int
    codes: tuple[str, ...]
    number: str
    printed: str = ""
    flag: str = "ok"
    reason: str = ""


def figure_rows(definition: Definition, figures: Iterable[Figure]) -> Iterator[RawRow]:
    """The cells in the catalogue's columns, empty ones left out."""
    same = {
        "indicator_code": definition.indicator,
        "area_code": definition.area,
        "breakdown": definition.breakdown,
        "method": definition.method,
    }
    same = {name: text for name, text in same.items() if text}
    told = [
        (place, _COLUMN[variable.meaning], variable.mapping)
        for place, variable in enumerate(definition.variables)
        if variable.meaning in _COLUMN
    ]
    for figure in figures:
        cells = {**same, "flag": figure.flag}
        for place, column, mapping in told:
            code = mapping.get(figure.codes[place], figure.codes[place])
            if code:
                cells[column] = code
        if figure.number:
            cells["value"] = figure.number
        if figure.printed:
            cells["printed"] = figure.printed
        if figure.reason:
            cells["reason"] = figure.reason
        yield RawRow(figure.line, cells)


def decimals_of(number: str) -> int:
    """How many decimals are written: 2 for "81.50"."""
    return len(number.partition(".")[2])
