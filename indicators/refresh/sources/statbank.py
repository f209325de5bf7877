"""Tables of Danmarks Statistik over its API: what the table says of itself first, and figures only when that still fits.

Every variable is always sent: one that is left out would be summed over by the statbank without a word.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext

from indicators.calculations.jsonstat import NotJsonStat, parse_json, read_cube
from indicators.calculations.source_mapping import STREAMING, Definition
from indicators.calculations.statbank_rows import BodyProblem, statbank_figures
from indicators.calculations.table_codes import TableCodes, asked_codes, read_statbank_table
from indicators.models import DataSource
from indicators.refresh.network import Answer, ask
from indicators.refresh.reading import LARGEST, Content, NotReadable, Table, TryAgain
from indicators.refresh.tables import (
    JSON_TYPES,
    LARGEST_JSON,
    accept_table,
    codes_to_read,
    cube_figures,
    declared,
    decoded,
    definition_of,
    table_of,
    texts,
)

__all__ = ["declared", "fetch", "look", "read", "texts"]

MOST_CELLS = 1_000_000  # of an answer that is not streamed; the statbank refuses more
MOST_STREAMED = 10_000_000  # cells, those that are left out included: each becomes a row
_CSV_TYPES = ("text/csv", "application/csv", "text/plain")
#: The error codes that say more than that the question was refused.
_ERRORS = {"REQUEST-LIMIT": "too_many_cells", "TABLE-NOT-FOUND": "table_unknown", "TABLENOTFOUND": "table_unknown"}
_ERROR_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}", re.ASCII)


def fetch(source: DataSource) -> Content:
    """The figures of the source's definition, byte for byte. Raises NotReadable and TryAgain."""
    definition, table = look(source)
    asked = asked_codes(definition, table)
    cells = math.prod(len(codes) for codes in asked)
    if definition.format not in STREAMING and cells > MOST_CELLS:
        raise NotReadable("too_many_cells", details=str(cells))
    if cells > MOST_STREAMED:
        raise NotReadable("too_much_at_once", details=str(cells))
    json = definition.format == "JSONSTAT"
    types, largest = (JSON_TYPES, LARGEST_JSON) if json else (_CSV_TYPES, LARGEST)
    answer = _ask("data", _question(definition, table, asked), types, largest)
    if answer.status != 200:
        raise _refusal(answer, str(cells))
    if not answer.body.rstrip(b" \t").endswith((b"}", b"\n")):
        raise TryAgain("cut_off")
    return Content(answer.body, ".json" if json else ".csv")


def look(source: DataSource) -> tuple[Definition, TableCodes]:
    """Ask what the table is, hold it against the definition and keep it; no figure is asked for. Raises like fetch."""
    definition = definition_of(source)
    table = _described(definition)
    accept_table(source, definition, table)
    return definition, table


def read(path: Path, source: DataSource) -> Table:
    """The cells of the kept body, and those a streaming format left out. Raises NotReadable."""
    definition = definition_of(source)
    table, asked = codes_to_read(source, definition)
    text = decoded(path.read_bytes())
    if definition.format == "JSONSTAT":
        try:
            cube = read_cube(parse_json(text))
        except NotJsonStat as error:
            raise NotReadable(error.code, details=error.details) from None
        return table_of(definition, cube_figures(cube, definition, asked, passed_over=("CONTENTSCODE",)))
    figures = statbank_figures(text, definition, asked, no_number=_no_number(), left_out=_left_out(table))
    try:
        return table_of(definition, figures)
    except BodyProblem as problem:
        raise NotReadable(problem.code, line=problem.line, details=problem.details) from None


def _no_number() -> str:
    return gettext("The statbank gives no figure here (“..”): there is none, it is too uncertain, or it is withheld.")


def _left_out(table: TableCodes) -> str:
    if table.suppressed is None:
        return gettext("The statbank leaves this row out and does not say what that stands for.")
    return gettext(
        "The statbank leaves this row out. It stands for “%(value)s”, which may be a true figure or a withheld one."
    ) % {"value": table.suppressed[:40]}


# --- The questions ----------------------------------------------------------------------------------------------------


def _described(definition: Definition) -> TableCodes:
    question = {"table": definition.table, "lang": definition.language, "format": "JSON"}
    answer = _ask("tableinfo", question, JSON_TYPES, LARGEST_JSON)
    if answer.status != 200:
        raise _refusal(answer, definition.table)
    try:
        return read_statbank_table(parse_json(decoded(answer.body)))
    except ValueError:
        raise NotReadable("answer_not_understood") from None


def _question(definition: Definition, table: TableCodes, asked: Sequence[Sequence[str]]) -> dict[str, Any]:
    pairs = zip(definition.variables, asked, strict=True)
    return {
        "table": definition.table,
        "format": definition.format,
        "lang": definition.language,
        "valuePresentation": "Code",
        "variables": [{"code": table.spelling(variable), "values": list(codes)} for variable, codes in pairs],
    }


def _ask(what: str, question: dict[str, Any], accepted: Sequence[str], largest: int) -> Answer:
    return ask(f"{settings.STATBANK_URL}/{what}", json=question, accepted=accepted, largest=largest)


def _refusal(answer: Answer, named: str) -> NotReadable:
    """By the code of the error; its message is for people, in a language of its own, and may change."""
    try:
        body = parse_json(decoded(answer.body))
        code = str(body["errorTypeCode"])
    except (ValueError, TypeError, KeyError, NotReadable):
        return NotReadable("source_refuses", details=str(answer.status))
    if code.upper() in _ERRORS:
        return NotReadable(_ERRORS[code.upper()], details=named)
    return NotReadable("statbank_error", details=code if _ERROR_CODE.fullmatch(code) else "")
