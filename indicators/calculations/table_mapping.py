"""How a source's table is laid out, as a steward declared it, and the rows it then gives. Nothing is guessed here.

A table comes as a grid: lines of cells, each with its words and, when the file itself holds a number, the number. What
the declaration does not know is refused with the place; the words of a cell are never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from decimal import Decimal
from typing import Any

from indicators.calculations.figure_rows import COLUMNS, PERCENT, IndicatorFacts, RawRow, Rejected
from sundhedsaftale.lib.danish import NumberError, nearest, normalised, parse_decimal
from sundhedsaftale.lib.periods import PeriodError, observation_period

LONG, WIDE_PERIODS, WIDE_INDICATORS = "long", "wide_periods", "wide_indicators"
LAYOUTS = (LONG, WIDE_PERIODS, WIDE_INDICATORS)
COMMA, POINT = ",", "."
#: What a column may hold. "skip": left out on purpose.
AREA, INDICATOR, PERIOD, VALUE, UNIT, BREAKDOWN, FOOTNOTES = (
    "area",
    "indicator",
    "period",
    "value",
    "unit",
    "breakdown",
    "footnotes",
)
ROLES = (AREA, INDICATOR, PERIOD, VALUE, UNIT, BREAKDOWN, FOOTNOTES)
WIDE_VALUES = "values"  # one of the columns that a wide table spreads its figures over
SKIP = ""
NO_VALUE = frozenset({"", "-", "–", "—", "..", "...", ":", "i.o.", "n.a."})


@dataclass(frozen=True)
class GridCell:
    """place: "C7". number: what the file itself holds as a number, else None and the words decide."""

    text: str
    place: str
    number: Decimal | None = None


@dataclass(frozen=True)
class GridLine:
    number: int
    cells: tuple[GridCell, ...]

    @property
    def is_blank(self) -> bool:
        return not any(cell.text for cell in self.cells)


@dataclass(frozen=True)
class TableLayout:
    """roles: for each column, by its place (0 is the first), what it holds. constants: what holds for every row.
    encoding: of a text file, "" for the one it seems to have."""

    layout: str = LONG
    decimal_mark: str = COMMA
    sheet: str = ""
    skip: int = 0
    roles: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    fill_down: bool = False
    fill_right: bool = False
    blank_flag: str = "not_published"
    blank_reason: str = ""
    encoding: str = ""

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> TableLayout:
        known = {one.name for one in fields(cls)}
        values = {name: value for name, value in stored.items() if name in known}
        return cls(**{**values, "roles": tuple(values.get("roles", ()))})

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "roles": list(self.roles), "constants": dict(self.constants)}


@dataclass(frozen=True)
class Names:
    """What the words of a table may mean. areas and indicators: normalised words -> code; facts: code -> facts."""

    areas: Mapping[str, str]
    indicators: Mapping[str, str]
    facts: Mapping[str, IndicatorFacts]
    area_names: tuple[str, ...] = ()
    indicator_names: tuple[str, ...] = ()

    def area(self, words: str) -> str | None:
        """By code, else by exactly the name or alias; never by likeness."""
        return self.areas.get(words.strip()) or self.areas.get(area_key(words))


@dataclass
class Mapped:
    """rows in the catalogue's columns. unknown: names of areas nobody has mapped, with their place."""

    rows: list[RawRow] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)


class _Refused(Exception):
    def __init__(self, cell: GridCell | None, code: str, details: str = "") -> None:
        self.place, self.code, self.details = cell.place if cell else "", code, details
        super().__init__(code)


def area_key(words: str) -> str:
    """Case, spaces and soft hyphens do not tell two areas apart; letters do: "Horssens" is not Horsens."""
    return " ".join(words.replace("\u00ad", "").split()).casefold()


def missing_roles(mapping: TableLayout) -> list[str]:
    """What the declaration does not say yet, as roles; empty when the table can be read."""
    wide = {WIDE_PERIODS: PERIOD, WIDE_INDICATORS: INDICATOR}.get(mapping.layout)
    needed = [role for role in (AREA, INDICATOR, PERIOD) if role != wide] + ([WIDE_VALUES] if wide else [VALUE])
    return [role for role in needed if role not in mapping.roles and not mapping.constants.get(role)]


def map_grid(grid: Sequence[GridLine], mapping: TableLayout, names: Names) -> Mapped:
    """The rows of the table, and what must be refused. One refusal for each line or cell, the first reason found."""
    found = Mapped()
    missing = missing_roles(mapping)
    if missing:
        found.rejected = [Rejected(0, "", "mapping_incomplete", role) for role in missing]
        return found
    lines = [line for line in grid if line.number > mapping.skip and not line.is_blank]
    if not lines:
        found.rejected.append(Rejected(0, "", "no_rows"))
        return found
    header = _filled_right(lines[0]) if mapping.fill_right else lines[0]
    if len(header.cells) != len(mapping.roles):
        found.rejected.append(Rejected(header.number, "", "columns_differ", str(len(mapping.roles))))
        return found
    _body(lines[1:], header, mapping, names, found)
    return found


def _body(lines: Iterable[GridLine], header: GridLine, mapping: TableLayout, names: Names, found: Mapped) -> None:
    above: dict[int, GridCell] = {}
    seen: dict[tuple[str, ...], str] = {}
    for plain in lines:
        beyond = next((cell for cell in plain.cells[len(mapping.roles) :] if cell.text), None)
        if beyond is not None:
            found.rejected.append(Rejected(plain.number, beyond.place, "columns_differ", str(len(mapping.roles))))
            continue
        line = _filled_down(plain, mapping, above) if mapping.fill_down else plain
        for one in _figures(line, header, mapping):
            try:
                row = _row(line, one, mapping, names)
                key = tuple(row.cells.get(name, "") for name in ("indicator_code", "area_code", "period", "breakdown"))
                if key in seen:
                    raise _Refused(one.get(VALUE), "duplicate_cell", seen[key])
            except _UnknownArea as unknown:
                found.unknown.setdefault(" ".join(unknown.words.split()), unknown.place)
                found.rejected.append(Rejected(line.number, unknown.place, unknown.code, unknown.details))
                if AREA in mapping.roles:
                    break  # once for the line, not once for each of its figures
                continue
            except _Refused as refused:
                found.rejected.append(Rejected(line.number, refused.place, refused.code, refused.details))
                continue
            seen[key] = one[VALUE].place
            found.rows.append(row)


class _UnknownArea(_Refused):
    def __init__(self, cell: GridCell, names: Names) -> None:
        self.words = cell.text
        super().__init__(cell, "unknown_area_name", ", ".join(nearest(cell.text, names.area_names)))


def _filled_right(line: GridLine) -> GridLine:
    """A heading merged over several columns stands in the first of them alone."""
    cells: list[GridCell] = []
    for cell in line.cells:
        cells.append(cell if cell.text or not cells else GridCell(cells[-1].text, cell.place, cells[-1].number))
    return GridLine(line.number, tuple(cells))


def _filled_down(line: GridLine, mapping: TableLayout, above: dict[int, GridCell]) -> GridLine:
    """Words merged over several rows stand in the first alone. Figures are never filled: a blank is not the one above."""
    cells = []
    for at, cell in enumerate(line.cells):
        role = mapping.roles[at] if at < len(mapping.roles) else SKIP
        fills = role in (AREA, INDICATOR, PERIOD, UNIT, BREAKDOWN)
        if fills and cell.text:
            above[at] = cell
        filled = fills and not cell.text and at in above
        cells.append(GridCell(above[at].text, cell.place, above[at].number) if filled else cell)
    return GridLine(line.number, tuple(cells))


def _figures(line: GridLine, header: GridLine, mapping: TableLayout) -> Iterable[dict[str, GridCell]]:
    """For each figure of the line, its cells by role; a wide table takes one of them from the heading."""
    plain = {
        role: cell for role, cell in zip(mapping.roles, line.cells, strict=False) if role not in (SKIP, WIDE_VALUES)
    }
    if mapping.layout == LONG:
        plain.setdefault(VALUE, GridCell("", f"{line.number}"))
        yield plain
        return
    spread = PERIOD if mapping.layout == WIDE_PERIODS else INDICATOR
    for at, role in enumerate(mapping.roles):
        if role == WIDE_VALUES:
            blank = GridCell("", header.cells[at].place)
            value = line.cells[at] if at < len(line.cells) else blank
            yield {**plain, spread: header.cells[at], VALUE: value}


def _row(line: GridLine, one: Mapping[str, GridCell], mapping: TableLayout, names: Names) -> RawRow:
    given = {
        **{role: GridCell(words, "") for role, words in mapping.constants.items() if words},
        **{role: cell for role, cell in one.items() if cell.text or role == VALUE},
    }
    area = given.get(AREA)
    if area is None:
        raise _Refused(one.get(AREA), "area_blank")
    indicator = _indicator(given, one, names)
    facts = names.facts[indicator]
    unit = given.get(UNIT)
    if unit is not None and unit_key(unit.text) != unit_key(facts.unit):
        raise _Refused(unit, "wrong_unit", facts.unit)
    code = names.area(area.text)
    if code is None:
        raise _UnknownArea(area, names)
    cells = {"indicator_code": indicator, "area_code": code, "period": _period(given, one)}
    for role in (BREAKDOWN, FOOTNOTES):
        if role in given:
            cells[role] = given[role].text
    cells.update(_value(given[VALUE], mapping, facts))
    return RawRow(line.number, {name: cells[name] for name in COLUMNS if cells.get(name)})


def _indicator(given: Mapping[str, GridCell], one: Mapping[str, GridCell], names: Names) -> str:
    cell = given.get(INDICATOR)
    if cell is None:
        raise _Refused(one.get(INDICATOR), "unknown_indicator")
    code = cell.text if cell.text in names.facts else names.indicators.get(normalised(cell.text))
    if code is None:
        raise _Refused(cell, "unknown_indicator", ", ".join(nearest(cell.text, names.indicator_names)))
    return code


def unit_key(words: str) -> str:
    """ "Pct.", "%" and "procent" are one unit."""
    plain = " ".join(words.casefold().split())
    return "pct." if plain in ("%", "pct", "pct.", "procent") else plain


_YEARS = re.compile(r"(\d{4})\s*[-–—:]\s*(\d{4})")
_WORDS = (
    (re.compile(r"(\d)\.\s*(?:kvartal|kvt\.?)\s*(\d{4})", re.IGNORECASE), "{1}K{0}"),
    (re.compile(r"(\d{4})\s*[KQ](\d)", re.IGNORECASE), "{0}K{1}"),
    (re.compile(r"(\d)\.\s*halvår\s*(\d{4})", re.IGNORECASE), "{1}H{0}"),
)
_MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)


def period_code(words: str) -> str | None:
    """The code of a period as tables write it: "2023", "2020-2022", "marts 2024", "2. kvartal 2023". None: not read."""
    plain = " ".join(words.split()).strip("() ")
    if plain.endswith(".0"):
        plain = plain[:-2]
    if span := _YEARS.fullmatch(plain):
        plain = f"{span[1]}:{span[2]}"
    for form, code in _WORDS:
        if match := form.fullmatch(plain):
            plain = code.format(*match.groups())
    month, _, year = plain.casefold().partition(" ")
    if month in _MONTHS and year.isdecimal():
        plain = f"{year}M{_MONTHS.index(month) + 1:02d}"
    try:
        observation_period(plain)
    except PeriodError:
        return None
    return plain


def _period(given: Mapping[str, GridCell], one: Mapping[str, GridCell]) -> str:
    cell = given.get(PERIOD)
    code = period_code(cell.text) if cell else None
    if code is None:
        raise _Refused(cell or one.get(PERIOD), "not_a_period")
    return code


def _value(cell: GridCell, mapping: TableLayout, facts: IndicatorFacts) -> dict[str, str]:
    if cell.number is None and cell.text.strip().casefold() in NO_VALUE:
        if not mapping.blank_reason:
            raise _Refused(cell, "blank_undeclared")
        return {"flag": mapping.blank_flag, "reason": mapping.blank_reason}
    number = cell.number
    if number is None:
        try:
            number = parse_decimal(cell.text, mapping.decimal_mark)
        except NumberError as error:
            code = "other_decimal_mark" if error.reason_code == "wrong_mark" else "not_a_figure"
            raise _Refused(cell, code, mapping.decimal_mark if code == "other_decimal_mark" else "") from None
    if number < 0:
        raise _Refused(cell, "negative")
    if facts.unit == PERCENT and number > 100:
        raise _Refused(cell, "over_100")
    printed = cell.text if cell.number is None and mapping.decimal_mark == COMMA else ""
    return {"value": format(number, "f"), "printed": printed[:40], "flag": "ok"}
