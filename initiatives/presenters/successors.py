"""Who can take over a plan's items on a day: those who come after its bodies first, then everybody else who exists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from indicators.models import AreaSuccession
from initiatives.calculations.successors import Step, Succession
from initiatives.models import Body, BodySuccession, Plan


@dataclass(frozen=True)
class Takers:
    """first: who comes after the plan's body or its owners. others: every other body that stands on the day."""

    first: tuple[Body, ...]
    others: tuple[Body, ...]
    _bodies: Succession
    _plan_body: int
    _on: date

    def only_successor(self, owners: Iterable[int]) -> Body | None:
        """The one body that comes after the owners (or, when they go on, after the plan's body); None when several do."""
        found: set[int] = set()
        for owner in owners:
            found |= set(self._bodies.successors(owner, on=self._on))
        found = found or set(self._bodies.successors(self._plan_body, on=self._on))
        return next((body for body in self.first if found == {body.pk}), None)


def body_succession() -> Succession:
    """One query."""
    rows = BodySuccession.objects.order_by("on", "successor__sort_key")
    return Succession(Step(*row) for row in rows.values_list("predecessor_id", "successor_id", "on"))


def takers(plan: Plan, on: date, owners: Iterable[int]) -> Takers:
    """Three queries: the successions of bodies and of areas, and the bodies of the day."""
    bodies, standing = body_succession(), list(Body.objects.valid_on(on).exclude(pk=plan.body_id))
    after: dict[int, None] = dict.fromkeys(bodies.successors(plan.body_id, on=on))
    for owner in owners:
        after |= dict.fromkeys(bodies.successors(owner, on=on))
    areas = set(area_succession().successors(plan.body.area_id, on=on)) if plan.body.area_id is not None else set()
    first = {body.pk for body in standing if body.pk in after or body.area_id in areas}
    return Takers(
        first=tuple(body for body in standing if body.pk in first),
        others=tuple(body for body in standing if body.pk not in first),
        _bodies=bodies,
        _plan_body=plan.body_id,
        _on=on,
    )


def area_succession() -> Succession:
    """One query."""
    rows = AreaSuccession.objects.order_by("on", "pk")
    return Succession(Step(*row) for row in rows.values_list("predecessor_id", "successor_id", "on"))


def usual_day(plan: Plan) -> date | None:
    """The day the last of those who come after the plan's body, or after its area, begins. Two queries at most."""
    day = body_succession().last_change(plan.body_id)
    if day is None and plan.body.area_id is not None:
        day = area_succession().last_change(plan.body.area_id)
    return day
