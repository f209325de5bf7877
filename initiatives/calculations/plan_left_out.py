"""What a file holds and a plan has no room for. Nothing is left out without a word: each finding names its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from initiatives.calculations import plan_columns as c
from initiatives.calculations.plan_columns import Columns
from initiatives.calculations.plan_draft import WARNING, DraftIssue, DraftMilestone, Guess
from initiatives.calculations.plan_grid import Line, Row, Table
from sundhedsaftale.lib.periods import find_periods

COLUMN_NOT_READ = "column_not_read"  # heading
CELL_NOT_READ = "cell_not_read"  # words
HEADING_WITHOUT_ITEMS = "heading_without_items"  # title
NUMBERS_NOT_KEPT = "numbers_not_kept"  # words

_LONGEST = 80
_DATES = ("planned", "started", "since", "new_date")
_NOTHING = re.compile(r"[\W_]*")


def cut(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1].rsplit(" ", 1)[0] + " …"


def says_something(text: str) -> bool:
    """Whether there is more than dashes and dots: "-" is how people leave a cell empty."""
    return not _NOTHING.fullmatch(text)


def columns_not_read(table: Table, columns: Columns, rows: Sequence[Row]) -> list[DraftIssue]:
    """One finding for a column that is none of a plan's, not one a cell: at the first of the rows with words in it."""
    found: dict[int, DraftIssue] = {}
    for row in rows:
        for heading, cell in columns.by_heading(row):
            column = heading.start if heading is not None else cell.start
            is_read = heading is not None and heading.role != c.OTHER
            if not is_read and column not in found and says_something(cell.text):
                name = cut(heading.text) if heading is not None and heading.text.strip() else f"({column + 1})"
                found[column] = DraftIssue(COLUMN_NOT_READ, WARNING, table.place(row), {"heading": name})
    return list(found.values())


def lost_words(
    timing: Sequence[Line], milestones: Sequence[Line], guesses: Mapping[str, Guess], steps: Sequence[DraftMilestone]
) -> Iterator[str]:
    """Lines of times that gave none, and milestones without a date. A date that is none is reported already."""
    known = [guesses[key].words.casefold() for key in _DATES if key in guesses]
    for line in timing:
        if _says_no_date(line.text) and not any(words in line.text.casefold() for words in known):
            yield line.text
    for line in milestones:
        if _says_no_date(line.text) and not any(step.when.words and step.when.words in line.text for step in steps):
            yield line.text


def _says_no_date(text: str) -> bool:
    return says_something(text) and all(found.error is None for found in find_periods(text))


def number_not_kept(numbers: Sequence[str]) -> str:
    """The first number that is none an item can have ("1.2", "A1"), "" when all are."""
    plain = (number.strip().rstrip(".") for number in numbers)
    return next((number for number in plain if number and not (number.isascii() and number.isdigit())), "")
