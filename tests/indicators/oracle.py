"""The rule of the double light once more: slow, obvious, in fractions of the printed text. Shares no code.

`light` and `may_differ` judge two printed numbers, `judge` a whole table: it finds for itself what each line is compared
with, and why there is no light. Written from the report's reading guide, not from calculations/lights.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

ONE_PER_CENT = Fraction(1, 100)


def read(text: str) -> Fraction:
    """ "2.032" is two thousand and thirty-two; "11,0" is eleven."""
    return Fraction(text.replace("\u2212", "-").replace(".", "").replace(",", "."))


def light(now: str, then: str, direction: str) -> str:
    """green, yellow, red; "none" when nothing can be said."""
    new, old = read(now), read(then)
    if old == 0:
        return "yellow" if new == 0 else "none"
    change = (new - old) / abs(old)
    if change >= -ONE_PER_CENT and change <= ONE_PER_CENT:
        return "yellow"
    got_higher = change > 0
    if direction == "higher":
        return "green" if got_higher else "red"
    return "red" if got_higher else "green"


def may_differ(now: str, then: str, decimals: int) -> bool:
    """Whether the values before rounding could lie on either side of an edge. Tries every corner, and a fine grid."""
    new, old = read(now), read(then)
    if old == 0:
        return False
    unit = Fraction(1, 10**decimals)
    smallest, largest = old - unit / 2, old + unit / 2
    if smallest <= 0 <= largest:
        return True
    changes = []
    for step_new in range(9):
        for step_old in range(9):
            before_rounding_new = new - unit / 2 + unit * step_new / 8
            before_rounding_old = smallest + unit * step_old / 8
            changes.append((before_rounding_new - before_rounding_old) / abs(before_rounding_old))
    low, high = min(changes), max(changes)
    return low < -ONE_PER_CENT < high or low < ONE_PER_CENT < high


# --- A whole table ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line of a printed table. `text` is "" where nothing is printed, and `flag` then says what kind of blank it is."""

    area: str
    kind: str  # country, region, municipality
    period: str
    text: str
    flag: str = "ok"
    method: str = ""
    old: bool = False  # printed again from an earlier edition
    group: str = ""


@dataclass(frozen=True)
class Sheet:
    """What the source declares for one kind of area. years: how far back it compares; None when it may not."""

    direction: str
    decimals: int
    comparable: bool = True
    years: int | None = 1


Judged = tuple[str, str, bool]  # light, reason, marked for rounding


def judge(rows: list[Row], sheets: dict[str, Sheet]) -> dict[Row, tuple[Judged, Judged]]:
    """Both lights of every line of one indicator, found by looking through all lines again for each."""
    undeclared = Sheet(sheets["country"].direction, sheets["country"].decimals, comparable=False, years=None)
    answers = {}
    for row in rows:
        sheet = sheets.get(row.kind, undeclared)
        answers[row] = (_level(row, rows, sheet), _development(row, rows, sheet))
    return answers


def _level(row: Row, rows: list[Row], sheet: Sheet) -> Judged:
    if why := _unusable(row):
        return "", why, False
    if row.kind == "country":
        return "", "is_comparator", False
    country = [r for r in rows if r.kind == "country" and r.period == row.period and r.group == row.group]
    if not sheet.comparable:
        other_kind = bool(country) and country[0].method != row.method
        return "", "comparator_other_kind" if other_kind else "not_comparable", False
    if not country or country[0].text == "":
        return "", "comparator_missing", False
    if country[0].flag == "not_comparable":
        return "", "not_comparable", False
    return _beside(row, country[0], sheet)


def _development(row: Row, rows: list[Row], sheet: Sheet) -> Judged:
    if why := _unusable(row):
        return "", why, False
    if row.old:
        return "", "not_updated", False
    if sheet.years is None:
        return "", "direction_not_declared" if sheet.direction == "none" else "method_break", False
    years = sheet.years
    wanted = re.sub(r"\d{4}", lambda year: str(int(year[0]) - years), row.period)
    before = [r for r in rows if r.area == row.area and r.period == wanted and r.group == row.group]
    if not before or before[0].text == "":
        return "", "previous_missing", False
    if before[0].method != row.method or before[0].flag == "not_comparable":
        return "", "method_break", False
    return _beside(row, before[0], sheet)


def _unusable(row: Row) -> str:
    if row.text == "":
        names = {"suppressed": "suppressed", "not_measured": "not_measured", "not_comparable": "not_comparable"}
        return names.get(row.flag, "no_number")
    return "not_comparable" if row.flag == "not_comparable" else ""


def _beside(row: Row, other: Row, sheet: Sheet) -> Judged:
    if sheet.direction == "none":
        return "", "direction_not_declared", False
    found = light(row.text, other.text, sheet.direction)
    if found == "none":
        return "", "cannot_compute", False
    return found, "", may_differ(row.text, other.text, sheet.decimals)
