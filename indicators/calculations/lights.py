"""The double light: is the figure better than the country's (level), and better than last time (development)?

The rule is the report's own (Nationale mål for sundhedsvæsenet 2024, the reading guide before the tables): yellow when
the change is within plus or minus 1 pct., bounds included; otherwise green or red by the indicator's wanted direction.
That the change is relative, and not in percentage points, is our reading: the same rule covers kroner, days and scores.

The report counts with all its decimals; we mostly have the printed ones. So both values are taken as intervals of half
a unit of the last decimal. An edge strictly inside the possible changes leaves the light of the printed values and
marks it. Nothing here divides before it compares, so a change of exactly 1 pct. is never lost to a rounded quotient.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from enum import StrEnum

RULE_VERSION = "2024.1"

GREEN = "green"
YELLOW = "yellow"
RED = "red"

HIGHER = "higher"
LOWER = "lower"
NO_DIRECTION = "none"

LIMIT_PCT = 1  # the yellow band, both ways, bounds included

_PRECISION = 60  # enough for products of two stored figures; the default of 28 is not
_STORED_CHANGE = Decimal(10) ** 14  # what the column holds; beyond it the change is left out, the light is not


class NoLight(StrEnum):
    """Why there is no light. The words for people are in presenters.lights."""

    SUPPRESSED = "suppressed"
    NOT_MEASURED = "not_measured"
    NO_NUMBER = "no_number"
    NOT_UPDATED = "not_updated"
    METHOD_BREAK = "method_break"
    NOT_COMPARABLE = "not_comparable"
    COMPARATOR_MISSING = "comparator_missing"
    COMPARATOR_OTHER_KIND = "comparator_other_kind"
    PREVIOUS_MISSING = "previous_missing"
    DIRECTION_NOT_DECLARED = "direction_not_declared"
    CANNOT_COMPUTE = "cannot_compute"
    IS_COMPARATOR = "is_comparator"
    COMPUTED = "computed"  # never stored: the figure is our own, put together from those of the area's parts
    SUPERSEDED = "superseded"  # never stored: an old version of a figure that was not judged when it counted


_BLANKS = {
    "suppressed": NoLight.SUPPRESSED,
    "not_measured": NoLight.NOT_MEASURED,
    "not_published": NoLight.NO_NUMBER,
    "not_comparable": NoLight.NOT_COMPARABLE,
}


@dataclass(frozen=True)
class Cell:
    """What the rule needs to know of one figure. `flag` is one of models.Flag; `method` parts what may not be mixed."""

    value: Decimal | None
    flag: str = "ok"
    method: str = ""
    carried_over: bool = False


@dataclass(frozen=True)
class Verdict:
    """A light, or "" and the reason why not. `change_pct`: relative change in per cent to six decimals, or None."""

    light: str = ""
    reason: str = ""
    change_pct: Decimal | None = None
    rounding_uncertain: bool = False


#: The verdict of a figure beside another one, neither of them blank: (cell, other, direction, decimals).
Comparison = Callable[[Cell, Cell, str, int], Verdict]


def classify(value: Decimal, comparator: Decimal, direction: str) -> str:
    """green, yellow or red for a value beside what it is compared with.

    Raises ZeroDivisionError when the comparator is 0 and the value is not: there is no relative change then.
    Raises ValueError when the direction is neither "higher" nor "lower".
    """
    if direction not in (HIGHER, LOWER):
        raise ValueError("a light needs a direction")
    if comparator == 0 and value != 0:
        raise ZeroDivisionError("no relative change from 0")
    with localcontext() as context:
        context.prec = _PRECISION
        difference = (value - comparator) * 100
        if abs(difference) <= abs(comparator) * LIMIT_PCT:
            return YELLOW
        return GREEN if (difference > 0) == (direction == HIGHER) else RED


def change_in_pct(value: Decimal, comparator: Decimal) -> Decimal | None:
    """The relative change in per cent, to six decimals; from 0 to 0 it is 0, from 0 to anything else it is None."""
    if comparator == 0:
        return Decimal("0.000000") if value == 0 else None
    with localcontext() as context:
        context.prec = _PRECISION
        change = (value - comparator) * 100 / abs(comparator)
        if abs(change) >= _STORED_CHANGE:
            return None
        return change.quantize(Decimal("0.000001"), rounding=ROUND_HALF_EVEN)


def rounding_leaves_doubt(value: Decimal, comparator: Decimal, decimals: int) -> bool:
    """Whether unrounded values printed as these could have another light: an edge strictly inside what is possible.

    decimals: how many the indicator carries in that table, so "48" beside 56,4 is 48.0. From 0 to 0 is no doubt.
    """
    if comparator == 0:
        return False
    with localcontext() as context:
        context.prec = _PRECISION
        half = Decimal(1).scaleb(-decimals) / 2
        values = (value - half, value + half)
        comparators = (comparator - half, comparator + half)
        if comparators[0] <= 0 <= comparators[1]:
            return True  # the printed comparator may be nothing at all: every change is possible
        return any(_is_strictly_inside(edge, values, comparators) for edge in (-LIMIT_PCT, LIMIT_PCT))


def _is_strictly_inside(edge: int, values: tuple[Decimal, Decimal], comparators: tuple[Decimal, Decimal]) -> bool:
    """Both sides of the edge are reached at some corner: 100 * (v - c) - edge * |c| takes both signs."""
    corners = [(v - c) * 100 - edge * abs(c) for v in values for c in comparators]
    return min(corners) < 0 < max(corners)


def possible_changes(value: Decimal, comparator: Decimal, decimals: int) -> tuple[Decimal, Decimal] | None:
    """The smallest and largest change in per cent, to six decimals, that figures printed as these can hide.

    None when the comparator may be nothing before rounding: then every change is possible, and none can be named.
    """
    with localcontext() as context:
        context.prec = _PRECISION
        half = Decimal(1).scaleb(-decimals) / 2
        comparators = (comparator - half, comparator + half)
        if comparators[0] <= 0 <= comparators[1]:
            return None
        changes = [(v - c) * 100 / abs(c) for v in (value - half, value + half) for c in comparators]
        step = Decimal("0.000001")
        if max(abs(change) for change in changes) >= _STORED_CHANGE:
            return None
        return min(changes).quantize(step), max(changes).quantize(step)


def _compare(cell: Cell, other: Cell, direction: str, decimals: int) -> Verdict:
    assert cell.value is not None
    assert other.value is not None
    change = change_in_pct(cell.value, other.value)
    if direction not in (HIGHER, LOWER):
        return Verdict(reason=NoLight.DIRECTION_NOT_DECLARED, change_pct=change)
    if other.value == 0 and cell.value != 0:
        return Verdict(reason=NoLight.CANNOT_COMPUTE)
    return Verdict(
        light=classify(cell.value, other.value, direction),
        change_pct=change,
        rounding_uncertain=rounding_leaves_doubt(cell.value, other.value, decimals),
    )


def assess_level(
    cell: Cell,
    comparator: Cell | None,
    *,
    direction: str,
    decimals: int,
    comparable: bool = True,
    is_comparator: bool = False,
    compare: Comparison = _compare,
) -> Verdict:
    """The figure beside the country's for the same indicator, period and breakdown.

    comparable: what the source declares for this kind of area; a declared comparison holds although the methods differ
    (two-year rates), an undeclared one does not although they agree. is_comparator: the cell is the country itself.
    compare: another way of reaching the same verdict of two figures, for whoever judges a million of them.
    """
    blank = _blank(cell)
    if blank:
        return Verdict(reason=blank)
    if is_comparator:
        return Verdict(reason=NoLight.IS_COMPARATOR)
    if not comparable:
        other = comparator is not None and comparator.method != cell.method
        return Verdict(reason=NoLight.COMPARATOR_OTHER_KIND if other else NoLight.NOT_COMPARABLE)
    if comparator is None or comparator.value is None:
        return Verdict(reason=NoLight.COMPARATOR_MISSING)
    if _blank(comparator):
        return Verdict(reason=NoLight.NOT_COMPARABLE)
    return compare(cell, comparator, direction, decimals)


def assess_development(
    cell: Cell,
    previous: Cell | None,
    *,
    direction: str,
    decimals: int,
    comparison_years: int | None,
    compare: Comparison = _compare,
) -> Verdict:
    """The figure beside the same area's earlier one.

    previous: the cell of the comparison period (usually the year before; two years for figures of 2021 and 2023).
    comparison_years: None when the source says that no earlier figure may be compared with this one. compare: as above.
    """
    blank = _blank(cell)
    if blank:
        return Verdict(reason=blank)
    if cell.carried_over:
        return Verdict(reason=NoLight.NOT_UPDATED)
    if comparison_years is None:
        no_direction = direction == NO_DIRECTION
        return Verdict(reason=NoLight.DIRECTION_NOT_DECLARED if no_direction else NoLight.METHOD_BREAK)
    if previous is None or previous.value is None:
        return Verdict(reason=NoLight.PREVIOUS_MISSING)
    if previous.method != cell.method or _blank(previous):
        return Verdict(reason=NoLight.METHOD_BREAK)
    return compare(cell, previous, direction, decimals)


def _blank(cell: Cell) -> str:
    """The reason when the cell holds no figure that may be judged, else ""."""
    if cell.value is None:
        return _BLANKS.get(cell.flag, NoLight.NO_NUMBER)
    return NoLight.NOT_COMPARABLE if cell.flag == "not_comparable" else ""
