"""How much was moved, how often and why: the figures a committee asks about its own promises."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sundhedsaftale.lib.periods import quarters_between

UNKNOWN_CAUSE = ""


@dataclass(frozen=True)
class Move:
    """One postponement. `item` groups the moves of one item; `to_last_day` is None when there is no new date yet.

    Moves of one item are given in the order they were decided.
    """

    item: Hashable
    from_last_day: date | None
    to_last_day: date | None
    cause: str = UNKNOWN_CAUSE


@dataclass(frozen=True)
class CauseCount:
    """For one cause: how many moves, how many quarters together, how many of the moves without a new date."""

    times: int
    slip: int
    without_new_date: int


@dataclass(frozen=True)
class DelaySummary:
    """`slip` is in quarters and counts the moves whose both ends are known; `unknown_slip` is how many are not.

    `without_new_date` counts items whose latest move has no new date, so an item that got one later is not in it.
    """

    times: int
    items: int
    slip: int
    unknown_slip: int
    without_new_date: int
    by_cause: Mapping[str, CauseCount]


def slip_in_quarters(from_last_day: date | None, to_last_day: date | None) -> int | None:
    """Quarters from one last day to the other; None when either is unknown. Negative when it was moved forward."""
    if from_last_day is None or to_last_day is None:
        return None
    return quarters_between(from_last_day, to_last_day)


def slips(moves: Iterable[Move]) -> list[int | None]:
    """The slip of each move. A new date given after "without a new date" counts from what was last promised."""
    promised: dict[Hashable, date] = {}
    found: list[int | None] = []
    for move in moves:
        begin = move.from_last_day or promised.get(move.item)
        found.append(slip_in_quarters(begin, move.to_last_day))
        known = move.to_last_day or begin
        if known is not None:
            promised[move.item] = known
    return found


def summarise(moves: Iterable[Move]) -> DelaySummary:
    """All figures at once, over the moves of one item, one plan or everything."""
    in_order = list(moves)
    by_move = slips(in_order)
    latest = {move.item: move for move in in_order}
    causes: dict[str, list[int]] = {}
    for move, slip in zip(in_order, by_move, strict=True):
        count = causes.setdefault(move.cause, [0, 0, 0])
        count[0] += 1
        count[1] += slip or 0
        count[2] += move.to_last_day is None
    return DelaySummary(
        times=len(in_order),
        items=len(latest),
        slip=sum(slip for slip in by_move if slip is not None),
        unknown_slip=sum(slip is None for slip in by_move),
        without_new_date=sum(move.to_last_day is None for move in latest.values()),
        by_cause={
            cause: CauseCount(*count)
            for cause, count in sorted(causes.items(), key=lambda pair: (-pair[1][0], pair[0]))
        },
    )
