"""The variables and codes of a table: beside a definition, and beside what the same table had the last time.

A code that vanished or means something else must be found before a figure is stored: afterwards it would look like a
municipality without figures, or like a figure that jumped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from indicators.calculations.source_mapping import PERIOD, Definition, Variable
from sundhedsaftale.lib.periods import PeriodError, observation_period

MOST_NAMED = 12  # codes named in one sentence
_YEAR = re.compile(r"\d{4}(?!\d)", re.ASCII)
LARGEST_TABLE = 200_000  # codes; the largest tables have some thousands


@dataclass(frozen=True)
class TableCodes:
    """What a table says of itself. variables: code of the variable -> its codes with their texts, in the table's order.

    suppressed: what a row stands for that a streaming format leaves out; None when the table does not say.
    """

    id: str
    unit: str
    updated: str
    variables: Mapping[str, Mapping[str, str]]
    suppressed: str | None = None
    active: bool = True

    def as_json(self) -> dict[str, Any]:
        """Lists of pairs: JSON does not promise to keep the order of an object."""
        return {
            "id": self.id,
            "unit": self.unit,
            "updated": self.updated,
            "suppressed": self.suppressed,
            "active": self.active,
            "variables": [
                [name, [[code, text] for code, text in codes.items()]] for name, codes in self.variables.items()
            ],
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> TableCodes:
        variables = {name: dict(codes) for name, codes in content["variables"]}
        facts = {key: content[key] for key in ("id", "unit", "updated", "suppressed", "active")}
        return cls(variables=variables, **facts)

    def codes(self, variable: Variable) -> Mapping[str, str] | None:
        """Those of the variable of the definition; None when the table does not have it."""
        return next((codes for name, codes in self.variables.items() if name.upper() == variable.key), None)

    def spelling(self, variable: Variable) -> str:
        """The variable's code as the table writes it."""
        return next((name for name in self.variables if name.upper() == variable.key), variable.code)


@dataclass(frozen=True)
class Trouble:
    """Why the table cannot be used: a code of refusals, and the names it is about."""

    code: str
    names: str


def read_statbank_table(body: Any) -> TableCodes:
    """An answer of /tableinfo. Raises ValueError when it is not one."""
    try:
        variables = {
            str(variable["id"]): {str(value["id"]): str(value["text"]) for value in variable["values"]}
            for variable in body["variables"]
        }
        suppressed = body.get("suppressedDataValue")
        found = TableCodes(
            id=str(body["id"]),
            unit=str(body.get("unit") or ""),
            updated=str(body.get("updated") or ""),
            variables=variables,
            suppressed=None if suppressed is None else str(suppressed),
            active=body.get("active") is not False,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not the description of a table") from error
    if not variables or len(variables) != len({name.upper() for name in variables}):
        raise ValueError("no variables, or two with one name")
    if sum(len(codes) for codes in variables.values()) > LARGEST_TABLE:
        raise ValueError("too many codes")
    return found


def asked_codes(definition: Definition, table: TableCodes) -> list[tuple[str, ...]]:
    """The codes to ask for, for each of the definition's variables. To be called when check_table finds nothing."""
    return [used_codes(variable, table) for variable in definition.variables]


def used_codes(variable: Variable, table: TableCodes) -> tuple[str, ...]:
    codes = table.codes(variable) or {}
    if variable.values:
        return tuple(code for code in variable.values if code in codes)
    wanted = [code for code in codes if code not in variable.leave_out]
    if variable.meaning == PERIOD and variable.first:
        wanted = [code for code in wanted if not _before(code, variable.first)]
    return tuple(wanted)


def _before(code: str, first: str) -> bool:
    try:
        one, other = observation_period(code).last_day, observation_period(first).last_day
    except PeriodError:
        # No period of ours: a table may begin in 1840, which we do not read. Any other the reader of rows refuses.
        year = _YEAR.match(code)
        return year is not None and year[0] < first[:4]
    assert one is not None
    assert other is not None
    return one < other


def check_table(definition: Definition, table: TableCodes) -> list[Trouble]:
    """The table beside the definition: every variable on both sides, every code named, and the unit."""
    named = {variable.key for variable in definition.variables}
    troubles = []
    if definition.table and table.id.upper() != definition.table.upper():
        troubles.append(Trouble("table_unknown", definition.table))
    if definition.table_unit and _same(table.unit) != _same(definition.table_unit):
        troubles.append(Trouble("table_other_unit", definition.table_unit))
    gone = [variable.code for variable in definition.variables if table.codes(variable) is None]
    more = [name for name in table.variables if name.upper() not in named]
    troubles += _trouble("variable_gone", gone) + _trouble("variable_new", more)
    for variable in definition.variables:
        codes = table.codes(variable)
        if codes is None:
            continue
        unknown = [code for code in variable.values if code not in codes]
        troubles += _trouble("code_unknown", unknown, variable.code)
        if not unknown and not used_codes(variable, table):
            troubles.append(Trouble("no_codes", variable.code))
    return troubles


def compare_tables(definition: Definition, before: TableCodes, now: TableCodes) -> tuple[list[Trouble], list[Trouble]]:
    """(what must be looked at before anything is stored, what is merely new): codes that are asked for, then and now."""
    troubles, news = [], []
    if _same(before.unit) != _same(now.unit) and not definition.table_unit:
        troubles.append(Trouble("table_other_unit", before.unit))
    if before.active and not now.active:
        news.append(Trouble("table_closed", now.id))
    for variable in definition.variables:
        then, today = before.codes(variable), now.codes(variable)
        if then is None or today is None:
            continue  # check_table has said it
        used = used_codes(variable, before)
        gone = [code for code in used if code not in today and code not in variable.accept]
        other = [code for code in used if code in today and _same(then[code]) != _same(today[code])]
        renamed = [code for code in other if code not in variable.accept]
        troubles += _trouble("code_gone", gone, variable.code) + _trouble("code_renamed", renamed, variable.code)
        news += _trouble("code_new", [code for code in today if code not in then], variable.code)
    return troubles, news


def _same(text: str) -> str:
    return " ".join(text.split()).casefold()


def _trouble(code: str, names: Sequence[str], variable: str = "") -> list[Trouble]:
    if not names:
        return []
    shown = ", ".join(names[:MOST_NAMED]) + (f" (+{len(names) - MOST_NAMED})" if len(names) > MOST_NAMED else "")
    return [Trouble(code, f"{variable}: {shown}" if variable else shown)]
