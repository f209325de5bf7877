"""Which of the report's tables a line begins, and what its columns are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indicators.calculations.report_names import SCANNED_WRONG, ReportFacts, indicator_key, without_period
from indicators.calculations.report_text import TextCell, TextLine, squeezed
from sundhedsaftale.lib.danish import nearest, normalised

REGIONS, MUNICIPALITIES, COUNTS = "regions", "municipalities", "counts"
_CONTINUED = re.compile(r"\s*fortsat\s+", re.IGNORECASE)
_LAST_NOTE = re.compile(r"(.*\D)\s?(\d{1,2})")
_FIRST_CELLS = ("kommune", "kommuner", "omraade", "område", "")


@dataclass(frozen=True)
class Trap:
    """Something that had to be read in a certain way. line and column: its place in the text, column 0 for the whole line."""

    code: str
    line: int
    column: int = 0
    names: tuple[str, ...] = ()


class Refused(Exception):
    """column: of the line, as text; "" for the whole line."""

    def __init__(self, column: int, code: str, details: str = "") -> None:
        self.column, self.code, self.details = str(column) if column else "", code, details
        super().__init__(code)


@dataclass(frozen=True)
class Column:
    """An indicator named in a table. period: the one that stands in its name, or ""."""

    code: str
    period: str
    notes: tuple[str, ...]


@dataclass
class Heading:
    """areas: column -> area (regions); indicators: column -> what stands below (municipalities)."""

    kind: str
    line: int
    width: int
    areas: dict[int, str] = field(default_factory=dict)
    indicators: dict[int, Column] = field(default_factory=dict)
    region: str = ""
    seen: set[str] = field(default_factory=set)
    traps: list[Trap] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read_heading(line: TextLine, facts: ReportFacts, *, inside: bool) -> Heading | None:
    """None for a line that is no heading. inside: whether a table has begun, whose rows may lack their first cell."""
    if len(line.cells) < 2:
        return None
    keys = [squeezed(cell.text) for cell in line.cells]
    if keys[0] in ("mal", "maal") and keys[1].startswith("indikator"):
        return _regions(line, facts)
    if keys[0] in ("mal", "maal") and len(keys) > 1 and keys[1].startswith("gr"):
        return Heading(COUNTS, line.number, len(line.cells), traps=[Trap("counts_passed_over", line.number)])
    return _municipalities(line, facts, inside=inside)


def _regions(line: TextLine, facts: ReportFacts) -> Heading:
    heading = Heading(REGIONS, line.number, len(line.cells))
    for cell in line.cells[2:]:
        code = facts.names.area(cell.text)
        if code is None or facts.kinds[code] not in ("country", "region"):
            near = ", ".join(nearest(cell.text, facts.names.area_names))
            heading.refused.append(Refused(cell.column, "unknown_area_name", near))
        elif code in heading.areas.values():
            heading.refused.append(Refused(cell.column, "area_twice"))
        else:
            heading.areas[cell.column] = code
    return heading


def _municipalities(line: TextLine, facts: ReportFacts, *, inside: bool) -> Heading | None:
    first = line.cells[0].text
    named = _CONTINUED.sub("", first)
    region = facts.names.area(named) or ""
    is_region = bool(region) and facts.kinds[region] == "region"
    words = [cell for cell in line.cells[1:] if any(letter.isalpha() for letter in cell.text)]
    if not words or not (is_region or (not inside and first.casefold() in _FIRST_CELLS)):
        return None
    if not is_region and not any(facts.by_name(cell.text) for cell in words):
        return None
    heading = Heading(MUNICIPALITIES, line.number, len(line.cells), region=region if is_region else "")
    if named != first:
        heading.traps.append(Trap("continued", line.number, 1, (facts.area_names.get(region, named),)))
    for cell in line.cells[1:]:
        _column(cell, line.number, heading, facts)
    return heading


def _column(cell: TextCell, line: int, heading: Heading, facts: ReportFacts) -> None:
    try:
        column, traps = indicator_of(cell, line, facts)
        if column.code in [other.code for other in heading.indicators.values()]:
            raise Refused(cell.column, "indicator_twice")
    except Refused as refused:
        heading.refused.append(refused)
        return
    heading.traps.extend(traps)
    heading.indicators[cell.column] = column


def indicator_of(cell: TextCell, line: int, facts: ReportFacts) -> tuple[Column, Sequence[Trap]]:
    """What the cell names, and how that was read. Raises Refused, with the nearest names."""
    traps: list[Trap] = []
    words, notes = cell.text, cell.notes
    code = facts.by_name(words)
    if code is None and (match := _LAST_NOTE.fullmatch(words)) and facts.by_name(match[1]):
        words, code, notes = match[1], facts.by_name(match[1]), (*notes, match[2])
        traps.append(Trap("plain_note", line, cell.column, (match[2],)))
    if code is None:
        names = [one.name for one in facts.indicators.values()]
        raise Refused(cell.column, "unknown_indicator_name", ", ".join(nearest(words, names)))
    own, period = without_period(words)
    name = facts.indicators[code].name
    if cell.notes:
        traps.append(Trap("notes", line, cell.column, (", ".join(cell.notes),)))
    if period:
        traps.append(Trap("own_period", line, cell.column, (name, period)))
    if indicator_key(own) in SCANNED_WRONG:
        traps.append(Trap("scanned_wrong", line, cell.column, (name,)))
    elif _is_parted(own):
        traps.append(Trap("parted_word", line, cell.column, (name,)))
    return Column(code, period, tuple(dict.fromkeys(notes))), traps


def _is_parted(words: str) -> bool:
    """A hyphen and a space inside a word: "SYGEHUS- OPHOLD"."""
    return bool(re.search(r"\w- \w", words)) and bool(normalised(words))
