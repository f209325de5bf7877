"""Which items of a plan are shown, and in what order: a filter and a sort over plain facts.

Every wish is one value or "" for no wish. `NONE` asks for what has nothing there: no owner, no state, no goal, no cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from initiatives.calculations.states import STATES

NONE = "ingen"
UNDATED = "uden-ny-dato"

PLAN_ORDER, BY_DEADLINE, BY_SLIP, BY_STATE, BY_TITLE = "plan", "frist", "skred", "tilstand", "titel"
SORTS = (PLAN_ORDER, BY_DEADLINE, BY_SLIP, BY_STATE, BY_TITLE)


@dataclass(frozen=True, slots=True)
class ItemToSelect:
    """What a choice can be made by. `key` is the caller's own; `place` is where the item stands in the plan.

    `tracks` are its heading and the headings over that. `slip` is in quarters, None when it cannot be counted;
    `undated` says that it was moved or paused and nobody named a date. `title_key` sorts as the Danish alphabet does.
    """

    key: int
    place: int
    state: str = ""
    undated: bool = False
    owners: frozenset[str] = frozenset()
    tracks: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    causes: frozenset[str] = frozenset()
    deadline: date | None = None
    slip: int | None = None
    title_key: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    owner: str = ""
    state: str = ""
    track: str = ""
    goal: str = ""
    cause: str = ""
    sort: str = PLAN_ORDER

    @property
    def chooses(self) -> bool:
        """Whether anything is left out by it; the order alone leaves nothing out."""
        return any((self.owner, self.state, self.track, self.goal, self.cause))


def select(items: Iterable[ItemToSelect], wanted: Wanted) -> tuple[ItemToSelect, ...]:
    """Those that fit every wish, in the order wished for. Equals stand in the order of the plan."""
    fitting = [item for item in items if _fits(item, wanted)]
    return tuple(sorted(fitting, key=lambda item: (_rank(item, wanted.sort), item.place)))


def _fits(item: ItemToSelect, wanted: Wanted) -> bool:
    return (
        _has(item.owners, wanted.owner)
        and _in_state(item, wanted.state)
        and _has(item.tracks, wanted.track)
        and _has(item.goals, wanted.goal)
        and _has(item.causes, wanted.cause)
    )


def _has(found: frozenset[str], wish: str) -> bool:
    if not wish:
        return True
    return not found if wish == NONE else wish in found


def _in_state(item: ItemToSelect, wish: str) -> bool:
    if wish == UNDATED:
        return item.undated
    return not wish or item.state == ("" if wish == NONE else wish)


def _rank(item: ItemToSelect, sort: str) -> tuple[int, int | str]:
    """What is sorted by, after it is said whether there is anything to sort by at all."""
    if sort == BY_DEADLINE:
        return (0, item.deadline.toordinal()) if item.deadline else (1, 0)
    if sort == BY_SLIP:
        # Nobody knows how far an item without a new date slips: it stands before every slip that has an end.
        return (0, 0) if item.undated else (2, 0) if item.slip is None else (1, -item.slip)
    if sort == BY_STATE:
        return (0, STATES.index(item.state)) if item.state in STATES else (1, 0)
    if sort == BY_TITLE:
        return 0, item.title_key
    return 0, 0
