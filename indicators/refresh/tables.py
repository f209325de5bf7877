"""What the sources over the network have in common: a definition, and a table held against it before it is used."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext

from indicators.actions.catalogue.reading import CatalogueError
from indicators.actions.catalogue.source_definitions import read_definition
from indicators.actions.table_info import accepted_table, keep_table
from indicators.calculations.jsonstat import Cube, NotJsonStat, Number, parse_json, texts_in
from indicators.calculations.source_mapping import COLUMNS, Definition, Figure, decimals_of, figure_rows
from indicators.calculations.table_codes import TableCodes, asked_codes, check_table, compare_tables
from indicators.models import DataSource
from indicators.refresh.reading import NotReadable, Table
from sundhedsaftale.lib.cpr import find_cpr

log = logging.getLogger(__name__)

LARGEST_JSON = 40 * 1024 * 1024  # a million cells take a quarter; JSON is ten times as large once it is read
JSON_TYPES = ("application/json", "text/json")
_LONGEST_NUMBER = 21  # digits before and after the mark; more is no figure


def definition_of(source: DataSource) -> Definition:
    """Raises NotReadable with the first thing that is wrong with it, and where."""
    try:
        return read_definition(source.name, source.reader)
    except CatalogueError as error:
        raise NotReadable("no_definition", details=str(error.problems[0])) from None


def declared(source: DataSource) -> Any:
    return asdict(definition_of(source))


def accept_table(source: DataSource, definition: Definition, table: TableCodes) -> None:
    """Keep what the table says of itself. Raises NotReadable when figures must not be fetched by it: then nothing is."""
    texts = [text for codes in table.variables.values() for pair in codes.items() for text in pair]
    if any(hit.kind == "refuse" for text in [table.id, table.unit, *texts] for hit in find_cpr(text)):
        raise NotReadable("cpr")
    before = accepted_table(source)
    troubles = check_table(definition, table)
    changed, news = compare_tables(definition, before, table) if before else ([], [])
    troubles += changed
    keep_table(by=None, source=source, table=table, troubles=troubles, news=news, now=timezone.now())
    for one in news:
        log.info("%s: %s in the table (%s)", source.name, one.code, one.names)
    if troubles:
        raise NotReadable(troubles[0].code, details=troubles[0].names)


def codes_to_read(source: DataSource, definition: Definition) -> tuple[TableCodes, list[tuple[str, ...]]]:
    """The table the figures were fetched by, and the codes asked for. Raises NotReadable."""
    table = accepted_table(source)
    if table is None:
        raise NotReadable("no_table_info")
    troubles = check_table(definition, table)  # the definition may be another since then
    if troubles:
        raise NotReadable(troubles[0].code, details=troubles[0].names)
    return table, asked_codes(definition, table)


def table_of(definition: Definition, figures: Iterable[Figure]) -> Table:
    return Table(COLUMNS, list(figure_rows(definition, figures)))


def texts(data: bytes) -> Iterator[str]:
    """Everything in a body that is to be searched for CPR numbers; in JSON a digit may be written as \\u0031."""
    text = decoded(data)
    yield text
    if text.lstrip()[:1] in ("{", "["):
        try:
            yield from texts_in(parse_json(text))
        except NotJsonStat:
            return


def decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("not_readable") from None


# --- JSON-stat --------------------------------------------------------------------------------------------------------


def cube_codes(cube: Cube, name: str) -> TableCodes:
    return TableCodes(name, "", cube.updated, {one.id: dict(one.codes) for one in cube.dimensions})


def cube_figures(
    cube: Cube, definition: Definition, asked: Sequence[Sequence[str]], *, passed_over: Sequence[str] = ()
) -> Iterator[Figure]:
    """The cells that were asked for; every one of them must be there. passed_over: dimensions of one code that say nothing.

    line: the place in the row of numbers, counted from 1. Raises NotReadable.
    """
    names = [dimension.id.upper() for dimension in cube.dimensions]
    keys = [variable.key for variable in definition.variables]
    over = {
        name for name, one in zip(names, cube.dimensions, strict=True) if name in passed_over and len(one.codes) == 1
    }
    if sorted(name for name in names if name not in over) != sorted(keys):
        raise NotReadable("columns_changed", details=", ".join(keys))
    places = [names.index(key) for key in keys]
    for place, codes in zip(places, asked, strict=True):
        missing = [code for code in codes if code not in cube.dimensions[place].codes]
        if missing:
            raise NotReadable("code_unknown", details=", ".join(missing[:12]))
    wanted = [frozenset(codes) for codes in asked]
    for line, (codes, number, status) in enumerate(cube.cells(), start=1):
        own = tuple(codes[place] for place in places)
        if all(code in options for code, options in zip(own, wanted, strict=True)):
            yield _cell(line, own, number, status, definition.decimals)


def _cell(line: int, codes: tuple[str, ...], number: Number, status: str, decimals: int) -> Figure:
    if number is None:
        reason = gettext("The source gives no figure here.")
        if status:
            reason = gettext("The source gives no figure here (marked “%(mark)s”).") % {"mark": status[:40]}
        return Figure(line, codes, "", flag="not_published", reason=reason)
    text = _plain(number, line)
    if decimals_of(text) > decimals:
        raise NotReadable("more_decimals", line=line)
    return Figure(line, codes, text)


def _plain(number: Decimal | int, line: int) -> str:
    """Without an exponent and without noughts at the end: JSON writes 81.0 and 81 for the same."""
    value = Decimal(number)
    if abs(value.adjusted()) > _LONGEST_NUMBER or len(value.as_tuple().digits) > _LONGEST_NUMBER:
        raise NotReadable("not_a_number", line=line)
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
