"""How many live where, as a table says it: which column is which, and what each row means. Nothing is guessed silently.

Shapes: (lines of cells) -> rows with the area's code, age group, year and people, and everything that is wrong with its
place. Words for people are in presenters.populations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from indicators.calculations.table_mapping import GridCell, GridLine
from sundhedsaftale.lib.danish import NumberError, nearest, parse_decimal

AREA, GROUP, YEAR, PEOPLE, SOURCE = "area", "age_group", "year", "people", "source"
NEEDED = (AREA, GROUP, YEAR, PEOPLE)
MOST_PEOPLE = 20_000_000
LONGEST_SOURCE = 300

#: What a column may be called, in small letters and without spaces, hyphens and underscores.
HEADINGS = {
    AREA: ("areacode", "area", "område", "områdekode", "kommunekode", "kommune", "municipality"),
    GROUP: ("agegroup", "age", "aldersgruppe", "alder"),
    YEAR: ("year", "period", "år", "periode", "tid", "time"),
    PEOPLE: ("people", "persons", "population", "personer", "antal", "antalpersoner", "folketal", "indhold"),
    SOURCE: ("source", "kilde"),
}

_OPEN = re.compile(r"(\d{1,3})\s*(?:\+|-?plus|(?:år\s*)?og\s*(?:derover|over)|(?:years\s*)?and\s*over)", re.IGNORECASE)
_CLOSED = re.compile(r"(\d{1,3})\s*[-\u2013]\s*(\d{1,3})(?:\s*(?:år|years))?", re.IGNORECASE)
_EVERYBODY = ("alle", "i alt", "alder i alt", "total", "everybody", "all")
_YEAR = re.compile(r"((?:19|20)\d\d)(?:[KQkq][1-4])?")


@dataclass(frozen=True)
class PopulationRow:
    line: int
    area: str
    age_group: str
    year: int
    people: int
    source: str


@dataclass(frozen=True)
class PopulationProblem:
    """code: one of presenters.populations.problem_sentence's. line: 0 when the file as a whole is meant."""

    code: str
    line: int = 0
    details: str = ""


@dataclass(frozen=True)
class PopulationTable:
    """problems: all of them, in the order of the lines. With any, nothing of the table may be stored."""

    rows: tuple[PopulationRow, ...] = ()
    problems: tuple[PopulationProblem, ...] = ()


class _WrongCell(ValueError):
    def __init__(self, code: str, details: str = "") -> None:
        self.code, self.details = code, details
        super().__init__(code)


def age_group_code(words: str) -> str | None:
    """ "65-plus" for "65+" and "65 år og derover", "16-24" for "16-24 år", "0-plus" for "I alt"; None for anything else."""
    text = " ".join(words.replace("\u00a0", " ").split())
    if text.casefold() in _EVERYBODY:
        return "0-plus"
    if found := _OPEN.fullmatch(text):
        return f"{int(found[1])}-plus"
    if (found := _CLOSED.fullmatch(text)) and int(found[1]) <= int(found[2]):
        return f"{int(found[1])}-{int(found[2])}"
    return None


def read_populations(
    lines: Sequence[GridLine], area_of: Callable[[str], str | None], area_names: Sequence[str], *, source: str = ""
) -> PopulationTable:
    """area_of: the code for a code, name or alias. source: of the rows that name none."""
    filled = [line for line in lines if not line.is_blank]
    if not filled:
        return PopulationTable(problems=(PopulationProblem("no_rows"),))
    places = _places(filled[0])
    missing = [role for role in NEEDED if role not in places]
    if missing:
        return PopulationTable(
            problems=tuple(PopulationProblem("column_missing", filled[0].number, role) for role in missing)
        )
    rows: list[PopulationRow] = []
    problems: list[PopulationProblem] = []
    seen: dict[tuple[str, str, int], int] = {}
    for line in filled[1:]:
        try:
            row = _row(line, places, area_of, area_names, source)
            key = (row.area, row.age_group, row.year)
            if key in seen:
                raise _WrongCell("twice", str(seen[key]))
        except _WrongCell as wrong:
            problems.append(PopulationProblem(wrong.code, line.number, wrong.details))
            continue
        seen[key] = line.number
        rows.append(row)
    if not rows and not problems:
        problems.append(PopulationProblem("no_rows"))
    return PopulationTable(tuple(rows), tuple(problems))


def _places(heading: GridLine) -> dict[str, int]:
    """Which column holds what; of two that could hold the same, the first."""
    found: dict[str, int] = {}
    for place, cell in enumerate(heading.cells):
        words = re.sub(r"[\s_\-\u00ad]", "", cell.text).casefold()
        role = next((role for role, names in HEADINGS.items() if words in names), None)
        if role is not None:
            found.setdefault(role, place)
    return found


def _row(
    line: GridLine,
    places: dict[str, int],
    area_of: Callable[[str], str | None],
    area_names: Sequence[str],
    source: str,
) -> PopulationRow:
    blank = GridCell("", "")
    cells = {role: line.cells[at] if at < len(line.cells) else blank for role, at in places.items()}
    area = area_of(cells[AREA].text.zfill(3) if cells[AREA].text.isdigit() else cells[AREA].text)
    if area is None:
        raise _WrongCell("unknown_area", ", ".join(nearest(cells[AREA].text, area_names, n=3)))
    group = age_group_code(cells[GROUP].text)
    if group is None:
        raise _WrongCell("not_an_age_group")
    year = _YEAR.fullmatch(cells[YEAR].text)
    if year is None:
        raise _WrongCell("not_a_year")
    named = cells[SOURCE].text if SOURCE in cells and cells[SOURCE].text else source.strip()
    if not named:
        raise _WrongCell("no_source")
    if len(named) > LONGEST_SOURCE:
        raise _WrongCell("long_source", str(LONGEST_SOURCE))
    return PopulationRow(line.number, area, group, int(year[1]), _people(cells[PEOPLE]), named)


def _people(cell: GridCell) -> int:
    """A number the file holds as a number is taken as it is; in words a full stop or a space may part thousands."""
    try:
        number = cell.number if cell.number is not None else parse_decimal(cell.text)
    except NumberError:
        raise _WrongCell("not_people") from None
    if number != number.to_integral_value() or number <= 0:
        raise _WrongCell("not_people")
    if number > MOST_PEOPLE:
        raise _WrongCell("too_many_people")
    return int(number)
