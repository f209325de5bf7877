"""What changed in a plan between two moments: in its items, matched by their stable keys, and in the lights beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from initiatives.calculations.states import (
    CANCELLED,
    COMPLETED,
    DELAYED,
    IN_OPERATION,
    IN_PROGRESS,
    ON_HOLD,
    PLANNED,
    POSTPONED,
    is_closed,
)
from initiatives.calculations.word_diff import has_changed
from sundhedsaftale.lib.periods import Period, PeriodError, observation_period

# What can have happened to an item, the most pressing first: a page lists an item under the first that fits.
MOVED_AGAIN = "postponed"
HELD_UP = "held_up"
GIVEN_UP = "given_up"
GONE = "gone"
NOT_UPDATED = "not_updated"
NEW_DATE = "new_date"
OTHER_STATE = "other_state"
STARTED = "started"
FINISHED = "finished"
REACHED = "reached"
NEW_ITEM = "new_item"
REWORDED = "reworded"
OTHER_OWNERS = "other_owners"
RETITLED = "retitled"
KINDS = (
    MOVED_AGAIN, HELD_UP, GIVEN_UP, GONE, NOT_UPDATED, NEW_DATE, OTHER_STATE, STARTED, FINISHED, REACHED, NEW_ITEM,
    REWORDED, OTHER_OWNERS, RETITLED,
)  # fmt: skip

DONE = (COMPLETED, IN_OPERATION)
STUCK = (POSTPONED, ON_HOLD, DELAYED)
NOT_BEGUN = ("", PLANNED, POSTPONED, ON_HOLD)


@dataclass(frozen=True, slots=True)
class MilestoneState:
    title: str
    reached: bool


@dataclass(frozen=True, slots=True)
class ItemState:
    """An item as it stood at one moment. state, words: "" without a status, whose sequence is then 0.

    owners: None when nobody kept who they were. closed: it had been taken out of the plan, for that reason.
    """

    key: str
    number: int
    title: str
    state: str = ""
    words: str = ""
    undated: bool = False
    sequence: int = 0
    unchanged: bool = False
    as_of: date | None = None
    due: Period | None = None
    times_postponed: int = 0
    owners: tuple[str, ...] | None = None
    milestones: tuple[MilestoneState, ...] = ()
    closed: bool = False
    closed_reason: str = ""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """kinds: all that happened, the most pressing first. reached: titles of milestones."""

    before: ItemState | None
    after: ItemState | None
    kinds: tuple[str, ...]
    reached: tuple[str, ...] = ()

    @property
    def item(self) -> ItemState:
        found = self.after or self.before
        assert found is not None  # nosec B101
        return found


@dataclass(frozen=True, slots=True)
class PlanChanges:
    """changed: in the order of the plan. confirmed: how many were answered and stand as before."""

    changed: tuple[ItemChange, ...]
    confirmed: int
    settled: int  # over on both sides: nobody asks about them

    def of_kind(self, kind: str) -> list[ItemChange]:
        return [change for change in self.changed if kind in change.kinds]

    def led_by(self, kind: str) -> list[ItemChange]:
        """Those whose most pressing change it is."""
        return [change for change in self.changed if change.kinds[0] == kind]


def compare_items(before: Mapping[str, ItemState], after: Mapping[str, ItemState]) -> PlanChanges:
    """What happened to each item between the two sides, keyed by the items' stable keys."""
    changed, confirmed, settled = [], 0, 0
    for key in sorted(before.keys() | after.keys(), key=lambda key: _place(before, after, key)):
        was, now = _standing(before.get(key)), _standing(after.get(key))
        if was is None and now is None:
            continue
        if was is None or now is None:
            changed.append(ItemChange(was, now or after.get(key), (NEW_ITEM,) if was is None else (GONE,)))
            continue
        reached = _reached(was, now)
        kinds = tuple(kind for kind in KINDS if kind in _kinds(was, now, reached))
        if kinds:
            changed.append(ItemChange(was, now, kinds, reached))
        elif now.sequence != was.sequence:
            confirmed += 1
        else:
            settled += 1
    return PlanChanges(tuple(changed), confirmed, settled)


def _standing(item: ItemState | None) -> ItemState | None:
    return item if item is not None and not item.closed else None


def _place(before: Mapping[str, ItemState], after: Mapping[str, ItemState], key: str) -> tuple[int, str]:
    return (after[key] if key in after else before[key]).number, key


def _kinds(was: ItemState, now: ItemState, reached: tuple[str, ...]) -> set[str]:
    found = _state_kinds(was, now)
    if now.times_postponed > was.times_postponed and not is_closed(now.state):
        found.add(MOVED_AGAIN)
        found.discard(HELD_UP)
    elif _moved(was.due, now.due) and not is_closed(now.state):
        found.add(NEW_DATE)
    if now.sequence == was.sequence and not is_closed(now.state):
        found.add(NOT_UPDATED)
    if reached:
        found.add(REACHED)
    if has_changed(was.words, now.words):
        found.add(REWORDED)
    if was.owners is not None and now.owners is not None and sorted(was.owners) != sorted(now.owners):
        found.add(OTHER_OWNERS)
    if has_changed(was.title, now.title):
        found.add(RETITLED)
    return found


def _state_kinds(was: ItemState, now: ItemState) -> set[str]:
    if was.state == now.state:
        return set()
    if now.state in STUCK:
        return {HELD_UP}
    if now.state == CANCELLED:
        return {GIVEN_UP}
    if now.state in DONE and was.state not in DONE:
        return {FINISHED}
    if now.state == IN_PROGRESS and was.state in NOT_BEGUN:
        return {STARTED}
    return {OTHER_STATE}


def _moved(before: Period | None, after: Period | None) -> bool:
    """Other days; the same days in other words are no move."""
    return _days(before) != _days(after)


def _days(period: Period | None) -> tuple[date, date] | None:
    if period is None or period.first_day is None or period.last_day is None:
        return None
    return period.first_day, period.last_day


def _reached(was: ItemState, now: ItemState) -> tuple[str, ...]:
    before = {milestone.title for milestone in was.milestones if milestone.reached}
    return tuple(step.title for step in now.milestones if step.reached and step.title not in before)


# --- Lights -----------------------------------------------------------------------------------------------------------

LEVEL, DEVELOPMENT = "level", "development"
NOT_ON_THAT_SIDE = "not_on_that_side"
_WORST_FIRST = {"red": 0, "yellow": 1, "green": 2}


@dataclass(frozen=True, slots=True)
class LightState:
    """Both lights of one figure. A light is "" when there was none; then its reason says why."""

    indicator: str
    indicator_name: str
    area: str
    area_name: str
    period: str
    edition: str
    level: str = ""
    level_reason: str = ""
    development: str = ""
    development_reason: str = ""
    rule_version: str = ""

    def light(self, kind: str) -> tuple[str, str]:
        """(the light, why there is none)."""
        return (self.level, self.level_reason) if kind == LEVEL else (self.development, self.development_reason)


@dataclass(frozen=True, slots=True)
class TurnedLight:
    kind: str
    was: str
    now: str
    before: LightState
    after: LightState

    @property
    def other_rule(self) -> bool:
        return self.before.rule_version != self.after.rule_version


@dataclass(frozen=True, slots=True)
class LostLight:
    """A light that cannot be compared: one side has none, and why. on_before: it is the earlier side that has none."""

    kind: str
    state: LightState
    on_before: bool
    reason: str


@dataclass(frozen=True, slots=True)
class LightChanges:
    turned: tuple[TurnedLight, ...]
    lost: tuple[LostLight, ...]
    compared: int  # lights that stand on both sides


def compare_lights(before: Iterable[LightState], after: Iterable[LightState]) -> LightChanges:
    """The lights that turned, the worst first. Of several periods of a figure the newest counts on each side.

    Movement is never claimed where one side has no light.
    """
    old, new = _newest(before), _newest(after)
    turned: list[TurnedLight] = []
    lost: list[LostLight] = []
    compared = 0
    for key in [*new, *(key for key in old if key not in new)]:
        for kind in (LEVEL, DEVELOPMENT):
            was, why_was = old[key].light(kind) if key in old else ("", NOT_ON_THAT_SIDE)
            now, why_now = new[key].light(kind) if key in new else ("", NOT_ON_THAT_SIDE)
            if was and now:
                compared += 1
                if was != now:
                    turned.append(TurnedLight(kind, was, now, old[key], new[key]))
            elif was or now:
                lost.append(LostLight(kind, new.get(key) or old[key], not was, why_now if was else why_was))
    turned.sort(key=lambda light: (_WORST_FIRST.get(light.now, 3), -_WORST_FIRST.get(light.was, 3)))
    return LightChanges(tuple(turned), tuple(lost), compared)


def _newest(lights: Iterable[LightState]) -> dict[tuple[str, str], LightState]:
    found: dict[tuple[str, str], LightState] = {}
    for light in lights:
        key = light.indicator, light.area
        if key not in found or _age(light) > _age(found[key]):
            found[key] = light
    return found


def _age(light: LightState) -> tuple[date, date]:
    """Of two figures that end on the same day the one of the shorter period is the newer."""
    try:
        days = observation_period(light.period)
    except PeriodError:
        return date.min, date.min
    return days.last_day or date.min, days.first_day or date.min


def by_reason(lost: Iterable[LostLight]) -> list[tuple[str, bool, int]]:
    """(reason, whether the earlier side lacks it, how many), the most frequent first."""
    counted = Counter((light.reason, light.on_before) for light in lost)
    return [(reason, on_before, count) for (reason, on_before), count in counted.most_common()]
