"""How much was moved, how often and why: the figures a committee asks about its own promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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


# --- The ledger: the same moves by item, plan, owner, quarter and cause ----------------------------------------------

#: Causes nobody in the plan decides over: the item waits for parliament or for the reform, whatever its owners do.
AWAITED_CAUSES = ("awaiting_reform", "legislation")


@dataclass(frozen=True)
class LedgerMove:
    """One postponement with whom it concerns. `at_most`: the new date is a long period, so the slip may be shorter.

    Moves of one item are given in the order they were decided.
    """

    item: Hashable
    plan: Hashable
    owners: tuple[Hashable, ...]
    decided_on: date
    from_last_day: date | None
    to_last_day: date | None
    cause: str = UNKNOWN_CAUSE
    at_most: bool = False


@dataclass(frozen=True)
class CountedMove:
    """A move with its slip, counted from what the item was last promised for. None when that cannot be known."""

    move: LedgerMove
    slip: int | None


@dataclass(frozen=True)
class MovesTotal:
    """Over some moves. `without_new_date` counts moves that named no date when they were decided."""

    times: int = 0
    items: int = 0
    slip: int = 0
    unknown_slip: int = 0
    without_new_date: int = 0
    at_most: bool = False
    by_cause: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemNow:
    """Where an item stands today. `undated`: moved or paused, and nobody named a date. `says_it_waits`: its words do."""

    item: Hashable
    plan: Hashable
    owners: tuple[Hashable, ...]
    is_open: bool
    undated: bool
    cause: str = UNKNOWN_CAUSE
    says_it_waits: bool = False


@dataclass(frozen=True)
class StandTotal:
    """Over some items as they stand today."""

    items: int = 0
    undated: int = 0
    awaiting: int = 0


def count_moves(moves: Sequence[LedgerMove]) -> list[CountedMove]:
    """Every move with its slip. Over all moves of an item: a part of them would lose what was promised before."""
    plain = [Move(move.item, move.from_last_day, move.to_last_day, move.cause) for move in moves]
    return [CountedMove(move, slip) for move, slip in zip(moves, slips(plain), strict=True)]


def total_of(moves: Iterable[CountedMove]) -> MovesTotal:
    found = list(moves)
    causes = Counter(counted.move.cause for counted in found)
    return MovesTotal(
        times=len(found),
        items=len({counted.move.item for counted in found}),
        slip=sum(counted.slip or 0 for counted in found),
        unknown_slip=sum(counted.slip is None for counted in found),
        without_new_date=sum(counted.move.to_last_day is None for counted in found),
        at_most=any(counted.move.at_most and counted.slip for counted in found),
        by_cause=dict(sorted(causes.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def by_group(
    moves: Iterable[CountedMove], groups: Callable[[LedgerMove], Iterable[Hashable]]
) -> dict[Hashable, MovesTotal]:
    """A total for each group. A move that is in several groups (it has several owners) counts whole in each of them."""
    found: dict[Hashable, list[CountedMove]] = {}
    for counted in moves:
        for group in dict.fromkeys(groups(counted.move)):
            found.setdefault(group, []).append(counted)
    return {group: total_of(members) for group, members in found.items()}


def of_item(move: LedgerMove) -> tuple[Hashable, ...]:
    return (move.item,)


def of_plan(move: LedgerMove) -> tuple[Hashable, ...]:
    return (move.plan,)


def of_owners(thing: LedgerMove | ItemNow) -> tuple[Hashable, ...]:
    """Each of its owners; None stands for nobody, so that no move is lost."""
    return thing.owners or (None,)


def of_cause(move: LedgerMove) -> tuple[Hashable, ...]:
    return (move.cause,)


def of_quarter(move: LedgerMove) -> tuple[Hashable, ...]:
    """(year, quarter) in which it was decided."""
    return (quarter_of_day(move.decided_on),)


def quarter_of_day(day: date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def quarters_through(first: tuple[int, int], last: tuple[int, int]) -> list[tuple[int, int]]:
    """Every quarter from the first to the last, those in which nothing was decided too."""
    begin, end = first[0] * 4 + first[1] - 1, last[0] * 4 + last[1] - 1
    return [(index // 4, index % 4 + 1) for index in range(begin, end + 1)]


def counted_more_than_once(moves: Iterable[CountedMove]) -> int:
    """How many more times moves are counted by owner than there are moves: why the owners' sum is larger than the total."""
    return sum(len(set(counted.move.owners)) - 1 for counted in moves if counted.move.owners)


def awaits_others(now: ItemNow) -> bool:
    """Whether an open item waits for somebody outside the plan.

    The cause of its current status says so, or its current words do: an item can be postponed because of COVID-19 and
    now wait for the reform. A closed item waits for nothing.
    """
    return now.is_open and (now.cause in AWAITED_CAUSES or now.says_it_waits)


def stand_of(items: Iterable[ItemNow]) -> StandTotal:
    found = list(items)
    return StandTotal(len(found), sum(now.undated for now in found), sum(map(awaits_others, found)))


def stands_by_group(
    items: Iterable[ItemNow], groups: Callable[[ItemNow], Iterable[Hashable]]
) -> dict[Hashable, StandTotal]:
    found: dict[Hashable, list[ItemNow]] = {}
    for now in items:
        for group in dict.fromkeys(groups(now)):
            found.setdefault(group, []).append(now)
    return {group: stand_of(members) for group, members in found.items()}
