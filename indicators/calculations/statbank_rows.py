"""The body of a CSV or BULK answer of Danmarks Statistik: a header in capitals, then codes and one number to a line."""

from __future__ import annotations

import csv
import io
import itertools
import math
import re
from collections.abc import Iterator, Sequence

from indicators.calculations.source_mapping import STREAMING, Definition, Figure, decimals_of

CONTENT = "INDHOLD"
NO_NUMBER = ".."
_NUMBERS = {",": re.compile(r"-?\d{1,14}(?:,\d+)?", re.ASCII), ".": re.compile(r"-?\d{1,14}(?:\.\d+)?", re.ASCII)}
_OTHER_MARK = {",": ".", ".": ","}


class BodyProblem(Exception):
    """What is wrong with a body: a code of refusals, the line, names to help."""

    def __init__(self, code: str, line: int = 0, details: str = "") -> None:
        self.code, self.line, self.details = code, line, details
        super().__init__(code)


def statbank_figures(
    text: str, definition: Definition, asked: Sequence[Sequence[str]], *, no_number: str, left_out: str
) -> Iterator[Figure]:
    """The cells of the body, then those that a streaming format left out. Raises BodyProblem.

    no_number, left_out: the reasons of a cell with ".." and of a row that is not there. asked: the codes that were asked
    for, for each of the definition's variables.
    """
    if not text.endswith("\n"):
        raise BodyProblem("cut_off")
    lines = csv.reader(io.StringIO(text), delimiter=";", strict=True)
    places = [{code: place for place, code in enumerate(codes)} for codes in asked]
    seen = bytearray(math.prod(len(codes) for codes in asked))  # one for each cell that was asked for
    try:
        order = _order(next(lines, []), definition)
        columns = list(zip(order, places, asked, strict=True))
        for cells in lines:
            if not cells:
                continue
            if len(cells) != len(order) + 1:
                raise BodyProblem("columns_changed", lines.line_num)
            codes, cell = [], 0
            for column, place_of, own in columns:
                place = place_of.get(cells[column])
                if place is None:
                    raise BodyProblem("code_not_asked", lines.line_num)
                codes.append(own[place])  # the one text that all cells share
                cell = cell * len(own) + place
            if seen[cell]:
                raise BodyProblem("row_twice", lines.line_num)
            seen[cell] = 1
            yield _figure(lines.line_num, tuple(codes), cells[-1].strip(), definition, no_number)
        last = lines.line_num
    except csv.Error:
        raise BodyProblem("answer_not_understood", lines.line_num) from None
    if 1 not in seen:
        raise BodyProblem("no_rows")  # a whole table that is left out is no table
    if definition.format not in STREAMING and 0 in seen:
        raise BodyProblem("cut_off", last)
    for missing in itertools.compress(itertools.product(*asked), (not one for one in seen)):
        yield Figure(0, missing, "", flag="suppressed", reason=left_out)


def _order(header: Sequence[str], definition: Definition) -> list[int]:
    """The place of each of the definition's variables in a line. The number stands last."""
    names = [name.lstrip("\ufeff").strip() for name in header]
    wanted = [variable.key for variable in definition.variables]
    if not names or names[-1] != CONTENT or sorted(names[:-1]) != sorted(wanted):
        raise BodyProblem("columns_changed", 1, ", ".join([*wanted, CONTENT]))
    return [names.index(name) for name in wanted]


def _figure(line: int, codes: tuple[str, ...], cell: str, definition: Definition, no_number: str) -> Figure:
    if cell == NO_NUMBER:
        return Figure(line, codes, "", flag="not_published", reason=no_number)
    mark = definition.decimal_mark
    if not _NUMBERS[mark].fullmatch(cell):
        other = _NUMBERS[_OTHER_MARK[mark]].fullmatch(cell)
        raise BodyProblem("wrong_mark" if other else "not_a_number", line)
    number = cell.replace(mark, ".")
    if decimals_of(number) > definition.decimals:
        raise BodyProblem("more_decimals", line)
    return Figure(line, codes, number, printed=cell if mark == "," else "")
