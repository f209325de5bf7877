"""The rule of the double light once more: slow, obvious, in fractions of the printed text. Shares no code."""

from __future__ import annotations

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
