"""How a table seems to be laid out: a first proposal for whoever declares it. Nothing is read by it before they have."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from indicators.calculations.table_mapping import (
    AREA,
    BREAKDOWN,
    COMMA,
    FOOTNOTES,
    INDICATOR,
    LONG,
    NO_VALUE,
    PERIOD,
    POINT,
    SKIP,
    UNIT,
    VALUE,
    WIDE_INDICATORS,
    WIDE_PERIODS,
    WIDE_VALUES,
    GridCell,
    GridLine,
    Names,
    TableLayout,
    period_code,
    unit_key,
)
from sundhedsaftale.lib.danish import normalised

MOST_HEADING = 30  # lines above the table that are looked through for its heading
_HEADINGS = (
    (AREA, ("omraade", "område", "kommune", "region", "geografi", "landsdel", "area")),
    (INDICATOR, ("indikator", "maal", "mål", "indicator")),
    (PERIOD, ("aar", "år", "periode", "tid", "kvartal", "year", "period")),
    (UNIT, ("enhed", "unit")),
    (FOOTNOTES, ("fodnote", "fodnoter", "note", "noter")),
    (BREAKDOWN, ("opdeling", "gruppe", "koen", "køn", "alder", "aldersgruppe")),
    (VALUE, ("vaerdi", "værdi", "tal", "andel", "resultat", "value")),
)
COUNT = "antal"
_UNITS = ("pct.", "kr.", "dage", COUNT)
_COMMA = re.compile(r"-?\d[\d.\s]*,\d+")
_POINT = re.compile(r"-?\d[\d,\s]*\.\d+")
_NUMBER = re.compile(r"-?\d[\d.,\s]*")
# What stands last or in parentheses is the unit: "Middellevetid, år" is a column of lives and not of years.
_APART = re.compile(r",[^,]*$|\([^()]*\)")


def guess_layout(grid: Sequence[GridLine], names: Names, *, sheet: str = "") -> TableLayout:
    """The most likely layout of the first lines of a table; roles nobody can guess are left out of the reading."""
    lines = [line for line in grid if not line.is_blank]
    header = _header(lines)
    if header is None:
        return TableLayout(sheet=sheet)
    body = [line for line in lines if line.number > header.number]
    above = [cell.text for line in lines if line.number < header.number for cell in line.cells if cell.text]
    layout = _spread(header, names)
    roles = tuple(_roles(header, body, names, layout))
    return TableLayout(
        layout=layout,
        decimal_mark=_decimal_mark(body),
        sheet=sheet,
        skip=header.number - 1,
        roles=roles,
        constants={**_constants(above, roles, layout, names), **_unit(header, above, roles, names)},
        fill_down=_has_gaps(body, roles),
    )


def fits(layout: TableLayout, grid: Sequence[GridLine]) -> bool:
    """Whether the table has the columns that were declared."""
    header = next((line for line in grid if line.number > layout.skip and not line.is_blank), None)
    return header is not None and len(header.cells) == len(layout.roles)


def at_width(layout: TableLayout, width: int) -> TableLayout:
    """The layout for a table of so many columns; columns nobody has spoken of are left out."""
    return replace(layout, roles=tuple((*layout.roles, *[SKIP] * width)[:width]))


def _header(lines: Sequence[GridLine]) -> GridLine | None:
    """The first line as filled as the table below it; a title above stands alone in its line."""
    first = lines[:MOST_HEADING]
    filled = [sum(1 for cell in line.cells if cell.text) for line in first]
    widest = max(filled, default=0)
    enough = max(2, widest - 1) if widest > 1 else 1
    return next((line for line, count in zip(first, filled, strict=True) if count >= enough), None)


def _spread(header: GridLine, names: Names) -> str:
    texts = [cell.text for cell in header.cells if cell.text]
    if any(period_code(text) for text in texts):
        return WIDE_PERIODS
    return WIDE_INDICATORS if any(_is_indicator(text, names) for text in texts) else LONG


def _roles(header: GridLine, body: Sequence[GridLine], names: Names, layout: str) -> Iterable[str]:
    tests: tuple[tuple[str, Callable[[GridCell], bool]], ...] = (
        (AREA, lambda cell: names.area(cell.text) is not None),
        (INDICATOR, lambda cell: _is_indicator(cell.text, names)),
        (PERIOD, lambda cell: period_code(cell.text) is not None),
    )
    taken: set[str] = set()
    for at, heading in enumerate(header.cells):
        cells = [line.cells[at] for line in body if at < len(line.cells) and line.cells[at].text]
        role = _role(heading, cells, layout, names, [(one, test) for one, test in tests if one not in taken])
        if role in taken:
            role = SKIP
        if role not in (SKIP, WIDE_VALUES):
            taken.add(role)
        yield role


def _role(
    heading: GridCell,
    cells: Sequence[GridCell],
    layout: str,
    names: Names,
    tests: Iterable[tuple[str, Callable[[GridCell], bool]]],
) -> str:
    if layout == WIDE_PERIODS and period_code(heading.text):
        return WIDE_VALUES
    if layout == WIDE_INDICATORS and _is_indicator(heading.text, names):
        return WIDE_VALUES
    words = set(re.findall(r"\w+", _APART.sub(" ", heading.text.casefold())))
    named = next((role for role, known in _HEADINGS if words & set(known)), SKIP)
    if named in (UNIT, FOOTNOTES, BREAKDOWN):
        return named
    # Codes of areas are numbers too: what the heading says comes before what the cells may be.
    if named and named != VALUE:
        return named
    for role, test in () if named == VALUE else tests:
        if cells and sum(1 for cell in cells if test(cell)) * 2 > len(cells):
            return role
    numbers = sum(1 for cell in cells if cell.number is not None or _NUMBER.fullmatch(cell.text))
    return VALUE if layout == LONG and cells and numbers * 2 > len(cells) else SKIP


def _is_indicator(words: str, names: Names) -> bool:
    return words in names.facts or normalised(words) in names.indicators


def _decimal_mark(body: Sequence[GridLine]) -> str:
    texts = [cell.text for line in body for cell in line.cells if cell.number is None and cell.text not in NO_VALUE]
    commas = sum(1 for text in texts if _COMMA.fullmatch(text))
    points = sum(1 for text in texts if _POINT.fullmatch(text))
    return POINT if points > commas else COMMA


def _constants(above: Iterable[str], roles: Sequence[str], layout: str, names: Names) -> dict[str, str]:
    """What a title above the table says of every row of it."""
    found: dict[str, str] = {}
    for text in above:
        if INDICATOR not in roles and layout != WIDE_INDICATORS and _is_indicator(text, names):
            found.setdefault(INDICATOR, text if text in names.facts else names.indicators[normalised(text)])
        if PERIOD not in roles and layout != WIDE_PERIODS and (period := period_code(text)):
            found.setdefault(PERIOD, period)
    return found


def _unit(header: GridLine, above: Iterable[str], roles: Sequence[str], names: Names) -> dict[str, str]:
    """The unit that the headings of the figures and the titles above name, when a column does not and they name but one."""
    if UNIT in roles:
        return {}
    units = {unit_key(facts.unit): facts.unit for facts in names.facts.values() if facts.unit}
    units = {**{unit_key(word): word for word in _UNITS}, **units}
    headings = [cell.text for cell, role in zip(header.cells, roles, strict=True) if role in (VALUE, WIDE_VALUES)]
    found = {unit for text in (*headings, *above) if (unit := _unit_in(text, units))}
    return {UNIT: found.pop()} if len(found) == 1 else {}


def _unit_in(text: str, units: Mapping[str, str]) -> str:
    """ "Genindlæggelser, pct.", "Andel (%)", "Ventetid i dage", "Antal indlæggelser": a unit stands apart, last or first."""
    words = text.split()
    apart = [text, *re.findall(r"\(([^()]*)\)", text), text.rpartition(",")[2]]
    for piece in apart:
        unit = units.get(unit_key(piece.strip().removeprefix("i ")))
        if unit:
            return unit
    # A word that only ends or begins the text is one of the few that mean nothing else: "Indeks 5 år" is not in years.
    for word, known in ((words[-1:], _UNITS), (words[:1], (COUNT,))):
        if word and unit_key(word[0]) in {unit_key(one) for one in known}:
            return units[unit_key(word[0])]
    return ""


def _has_gaps(body: Sequence[GridLine], roles: Sequence[str]) -> bool:
    """An area or a period that stands once over several rows, as merged cells do."""
    for at, role in enumerate(roles):
        if role in (AREA, INDICATOR, PERIOD):
            filled = [bool(line.cells[at].text) for line in body if at < len(line.cells)]
            if filled and filled[0] and not all(filled):
                return True
    return False
