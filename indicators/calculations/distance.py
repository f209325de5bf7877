"""How far to the best region? The distance now, and what was won or lost since the measurement before.

After Danske Regioner's figure in the national goals: the best region of a measurement has the distance 0, every other
area the difference to it in the indicator's own unit, never below 0. The whole country gets a distance too, but is
never the best: it is made of the regions. A distance from before is to the region that was best then, so an area can
lose ground without having changed. Distances of printed figures are printed figures: they are not rounded again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from indicators.calculations.lights import HIGHER, LOWER

REGION = "region"


class NoDistance(StrEnum):
    """Why there is no distance: for the whole measurement, or for one area of it."""

    NO_DIRECTION = "no_direction"
    NO_REGIONS = "no_regions"
    ONE_REGION = "one_region"
    BLANK = "blank"


class Move(StrEnum):
    CATCHING_UP = "catching_up"
    FALLING_BEHIND = "falling_behind"
    SAME = "same"
    UNKNOWN = "unknown"  # no measurement before, or too few regions in it


@dataclass(frozen=True)
class Measured:
    """One area's figure now and at the measurement before; None where there is none that may be used."""

    key: int
    kind: str
    now: Decimal | None
    before: Decimal | None = None


@dataclass(frozen=True)
class Distance:
    """now, before: how far behind the best, 0 or more. won: before minus now; below 0 the area has lost ground."""

    key: int
    now: Decimal | None
    before: Decimal | None
    move: Move

    @property
    def won(self) -> Decimal | None:
        return None if self.now is None or self.before is None else self.before - self.now


@dataclass(frozen=True)
class Distances:
    """reason: "" when there are distances. best: the regions at 0, more than one when they tie. rows: as handed in."""

    reason: str = ""
    best: tuple[int, ...] = ()
    best_value: Decimal | None = None
    rows: tuple[Distance, ...] = ()


def distances(areas: Sequence[Measured], direction: str) -> Distances:
    """The distance of every area to the best region; with one region or none, or without a direction, why not."""
    if direction not in (HIGHER, LOWER):
        return Distances(NoDistance.NO_DIRECTION)
    regions = [area.now for area in areas if area.kind == REGION and area.now is not None]
    if len(regions) < 2:
        return Distances(NoDistance.ONE_REGION if regions else NoDistance.NO_REGIONS)
    best = _best(regions, direction)
    earlier = [area.before for area in areas if area.kind == REGION and area.before is not None]
    best_before = _best(earlier, direction) if len(earlier) > 1 else None
    return Distances(
        best=tuple(area.key for area in areas if area.kind == REGION and area.now == best),
        best_value=best,
        rows=tuple(_distance(area, best, best_before, direction) for area in areas),
    )


def _best(values: Sequence[Decimal], direction: str) -> Decimal:
    return max(values) if direction == HIGHER else min(values)


def _behind(value: Decimal | None, best: Decimal | None, direction: str) -> Decimal | None:
    if value is None or best is None:
        return None
    return max(Decimal(0), best - value if direction == HIGHER else value - best)


def _distance(area: Measured, best: Decimal, best_before: Decimal | None, direction: str) -> Distance:
    now, before = _behind(area.now, best, direction), _behind(area.before, best_before, direction)
    return Distance(area.key, now, before, _move(now, before))


def _move(now: Decimal | None, before: Decimal | None) -> Move:
    if now is None or before is None:
        return Move.UNKNOWN
    if now == before:
        return Move.SAME
    return Move.CATCHING_UP if now < before else Move.FALLING_BEHIND
