"""The comparison of two figures in whole numbers of millionths: what lights.py says in Decimals, many times faster.

For whoever judges a million figures: `compare` is handed to the rule in place of its own. It decides nothing by itself:
tests hold it equal to lights.classify, change_in_pct and rounding_leaves_doubt. Whole numbers have no limit in Python, so
no figure is too large for it.
"""

from __future__ import annotations

from decimal import Decimal

from indicators.calculations.lights import GREEN, HIGHER, LIMIT_PCT, LOWER, RED, YELLOW, Cell, NoLight, Verdict

DECIMALS = 6  # what the columns of figures hold
UNIT = 10**DECIMALS
_LARGEST_CHANGE = 10**14  # in per cent: what the column of changes holds


def whole(value: Decimal) -> int:
    """The figure in millionths. It has no more than six decimals: none is stored with more."""
    return int(value.scaleb(DECIMALS))


def classify(value: int, comparator: int, direction: str) -> str:
    """green, yellow or red. Raises as lights.classify does."""
    if direction not in (HIGHER, LOWER):
        raise ValueError("a light needs a direction")
    if comparator == 0 and value != 0:
        raise ZeroDivisionError("no relative change from 0")
    difference = (value - comparator) * 100
    if abs(difference) <= abs(comparator) * LIMIT_PCT:
        return YELLOW
    return GREEN if (difference > 0) == (direction == HIGHER) else RED


def change_in_pct(value: int, comparator: int) -> int | None:
    """The relative change in millionths of a per cent, half to even; None where lights.change_in_pct has none."""
    if comparator == 0:
        return 0 if value == 0 else None
    difference, base = (value - comparator) * 100, abs(comparator)
    if abs(difference) >= _LARGEST_CHANGE * base:
        return None
    quotient, rest = divmod(difference * UNIT, base)
    if 2 * rest > base or (2 * rest == base and quotient % 2):
        quotient += 1
    return quotient


def rounding_leaves_doubt(value: int, comparator: int, decimals: int) -> bool:
    """Whether an edge lies strictly inside what the values may have been before they were rounded.

    Over the four corners 100 * (v - c) - edge * |c| is 100 * v - k * c, with k one of 99 and 101 whatever the sign of c,
    and it reaches (100 + k) * half to both sides. Everything is taken so many times that half a unit is whole.
    """
    if comparator == 0:
        return False
    # Half a unit is UNIT / 10**decimals / 2; taken 2 * 10**decimals times it is UNIT.
    scale = 2 * 10**decimals
    value, comparator, half = value * scale, comparator * scale, UNIT
    if abs(comparator) <= half:
        return True  # the printed comparator may be nothing at all
    return any(abs(100 * value - k * comparator) < (100 + k) * half for k in (100 - LIMIT_PCT, 100 + LIMIT_PCT))


def compare(cell: Cell, other: Cell, direction: str, decimals: int) -> Verdict:
    """The verdict of a figure beside another one: a lights.Comparison."""
    assert cell.value is not None
    assert other.value is not None
    value, comparator = whole(cell.value), whole(other.value)
    millionths = change_in_pct(value, comparator)
    change = None if millionths is None else Decimal(millionths).scaleb(-DECIMALS)
    if direction not in (HIGHER, LOWER):
        return Verdict("", NoLight.DIRECTION_NOT_DECLARED, change)
    if comparator == 0 and value != 0:
        return Verdict("", NoLight.CANNOT_COMPUTE)
    doubt = rounding_leaves_doubt(value, comparator, decimals)
    return Verdict(classify(value, comparator, direction), "", change, doubt)
