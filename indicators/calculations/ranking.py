"""Who lies where? Areas of one kind put in the order of the wanted direction.

Only what can be compared is ranked: figures of one and the same period. Figures that are printed alike share a place,
because the decimals behind the printed ones are nobody's to rank by; the places after them are left out (1, 2, 2, 4).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

HIGHER, LOWER, NONE = "higher", "lower", "none"


class Unranked(StrEnum):
    """Why an area has no place."""

    NO_VALUE = "no_value"
    OTHER_PERIOD = "other_period"
    NOT_COMPARABLE = "not_comparable"
    NO_DIRECTION = "no_direction"
    MADE_OF_OTHERS = "made_of_others"  # put together from areas of the same list: it would be counted twice


@dataclass(frozen=True)
class Entry:
    """One area's newest figure. `name_key` sorts as the alphabet does; `newest` is the last day of its period.

    made_of: the keys of the areas a computed figure is put together from.
    """

    key: int
    name_key: str
    value: Decimal | None
    decimals: int = 0
    period: str = ""
    newest: str = ""  # ISO date, so that periods can be told apart by age
    comparable: bool = True
    made_of: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Placed:
    key: int
    place: int = 0  # 0 when it is not ranked; then `why` says why not
    shared: bool = False
    why: str = ""


@dataclass(frozen=True)
class Ranking:
    """Ranked areas first, best first; then those without a place, in the order of the alphabet."""

    placed: tuple[Placed, ...]
    period: str
    count: int  # how many are ranked


def as_printed(value: Decimal, decimals: int) -> Decimal:
    """The figure as readers see it; a half is rounded away from zero, as `lib.danish.format_number` does."""
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(rounded) if rounded == 0 else rounded


def rank(entries: Iterable[Entry], direction: str) -> Ranking:
    """Places 1, 2, 2, 4 ... among the figures of the commonest period, the newest of those when two are as common."""
    found = sorted(entries, key=lambda entry: (entry.name_key, entry.key))
    period = _period(found)
    measured = {entry.key for entry in found if entry.value is not None}
    whys = {entry.key: _why(entry, direction, period, measured) for entry in found}
    printed = {
        entry.key: as_printed(entry.value, entry.decimals)
        for entry in found
        if entry.value is not None and not whys[entry.key]
    }
    best_first = sorted(
        (entry for entry in found if entry.key in printed),
        key=lambda entry: -printed[entry.key] if direction == HIGHER else printed[entry.key],
    )
    alike = Counter(printed.values())
    places: dict[Decimal, int] = {}
    for number, entry in enumerate(best_first, start=1):
        places.setdefault(printed[entry.key], number)
    ranked = [Placed(e.key, places[printed[e.key]], alike[printed[e.key]] > 1) for e in best_first]
    return Ranking((*ranked, *_rest(found, whys)), period, len(ranked))


def _rest(found: list[Entry], whys: dict[int, str]) -> list[Placed]:
    """Figures that are not ranked before areas that have none; each group in the order of the alphabet."""
    left = [entry for entry in found if whys[entry.key]]
    left.sort(key=lambda entry: entry.value is None)
    return [Placed(entry.key, why=whys[entry.key]) for entry in left]


def _period(entries: list[Entry]) -> str:
    counted = Counter((entry.period, entry.newest) for entry in entries if entry.value is not None and entry.comparable)
    if not counted:
        return ""
    return max(counted, key=lambda pair: (counted[pair], pair[1], pair[0]))[0]


def _why(entry: Entry, direction: str, period: str, measured: set[int]) -> str:
    if entry.value is None:
        return Unranked.NO_VALUE
    if direction not in (HIGHER, LOWER):
        return Unranked.NO_DIRECTION
    if not entry.comparable:
        return Unranked.NOT_COMPARABLE
    if entry.made_of & measured:
        return Unranked.MADE_OF_OTHERS
    return Unranked.OTHER_PERIOD if entry.period != period else ""
