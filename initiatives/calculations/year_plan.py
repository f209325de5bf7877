"""A year's meetings as people send them: one date on each line, or a small table of date, title and case number.

Reads and reports; nothing is looked up and nothing is stored. Errors carry the number of the line, never its words: a
line may hold what must not be repeated.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sundhedsaftale.lib.periods import PeriodError, parse_period

MOST_LINES = 200
TITLE_LENGTH, CASE_LENGTH = 200, 60
HEADINGS = ("dato", "date", "mødedato", "dag")

#: Reasons a line is refused with, beside those of a period (`PeriodError.reason_code`).
NOT_A_DAY, YEAR_MISSING, TOO_MANY_COLUMNS = "not_a_day", "year_missing", "too_many_columns"
TITLE_TOO_LONG, CASE_TOO_LONG, TWICE = "title_too_long", "case_too_long", "twice"


@dataclass(frozen=True, slots=True)
class YearRow:
    """One meeting of the plan, and the line it stands on."""

    line: int
    day: date
    title: str = ""
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class LineError:
    """period: why the date cannot be read, when that is the reason."""

    line: int
    reason: str
    period: PeriodError | None = None


@dataclass(frozen=True, slots=True)
class YearPlan:
    """too_long: more lines than a year can hold; then nothing was read."""

    rows: tuple[YearRow, ...] = ()
    errors: tuple[LineError, ...] = ()
    too_long: bool = False

    @property
    def is_empty(self) -> bool:
        return not (self.rows or self.errors or self.too_long)


def read_year_plan(text: str, *, today: date) -> YearPlan:
    """Dates as people write them, with »;« or a tab between the columns. Empty lines and a line of headings are passed."""
    lines = text.lstrip("\ufeff").splitlines()
    if len(lines) > MOST_LINES:
        return YearPlan(too_long=True)
    rows: list[YearRow] = []
    errors: list[LineError] = []
    seen: set[date] = set()
    for number, cells in _cells(lines):
        read = _row(number, cells, today)
        if isinstance(read, YearRow) and read.day in seen:
            read = LineError(number, TWICE)
        if isinstance(read, LineError):
            errors.append(read)
        else:
            seen.add(read.day)
            rows.append(read)
    return YearPlan(tuple(rows), tuple(errors))


def _cells(lines: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The cells of each line that says something, with its number from 1."""
    first = True
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        mark = "\t" if "\t" in line and ";" not in line else ";"
        cells = [cell.strip() for cell in next(csv.reader([line], delimiter=mark))]
        while cells and not cells[-1]:
            cells.pop()
        if not cells or (first and cells[0].lower() in HEADINGS):
            first = False
            continue
        first = False
        yield number, cells


def _row(line: int, cells: list[str], today: date) -> YearRow | LineError:
    if len(cells) > 3:
        return LineError(line, TOO_MANY_COLUMNS)
    title, case_number = [*cells[1:], "", ""][:2]
    if len(title) > TITLE_LENGTH:
        return LineError(line, TITLE_TOO_LONG)
    if len(case_number) > CASE_LENGTH:
        return LineError(line, CASE_TOO_LONG)
    try:
        period = parse_period(cells[0], today=today)
    except PeriodError as error:
        return LineError(line, error.reason_code, error)
    if period.year_assumed:
        return LineError(line, YEAR_MISSING, PeriodError(YEAR_MISSING))
    if period.precision != "day" or period.first_day is None:
        return LineError(line, NOT_A_DAY)
    return YearRow(line, period.first_day, title, case_number)
