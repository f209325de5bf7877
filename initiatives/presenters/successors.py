"""Who can take over a plan's items on a day: those who come after its bodies first, then everybody else who exists."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Value

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


def successions() -> tuple[Succession, Succession]:
    """Those of bodies and those of areas. One query for both."""
    columns = ("predecessor_id", "successor_id", "on", "is_body", "pk")
    bodies = BodySuccession.objects.annotate(is_body=Value(1)).order_by().values_list(*columns)
    areas = AreaSuccession.objects.annotate(is_body=Value(0)).order_by().values_list(*columns)
    rows = sorted(bodies.union(areas, all=True), key=lambda row: (row[2], row[4]))
    return (
        Succession(Step(*row[:3]) for row in rows if row[3]),
        Succession(Step(*row[:3]) for row in rows if not row[3]),
    )


def takers(plan: Plan, on: date, owners: Iterable[int]) -> Takers:
    """Two queries: the successions, and the bodies of the day."""
    bodies, areas = successions()
    standing = list(Body.objects.valid_on(on).exclude(pk=plan.body_id))
    after: dict[int, None] = dict.fromkeys(bodies.successors(plan.body_id, on=on))
    for owner in owners:
        after |= dict.fromkeys(bodies.successors(owner, on=on))
    here = plan.body.area_id
    there = set(areas.successors(here, on=on)) if here is not None else set()
    first = {body.pk for body in standing if body.pk in after or body.area_id in there}
    return Takers(
        first=tuple(body for body in standing if body.pk in first),
        others=tuple(body for body in standing if body.pk not in first),
        _bodies=bodies,
        _plan_body=plan.body_id,
        _on=on,
    )


def usual_day(plan: Plan) -> date | None:
    """The day the last of those who come after the plan's body, or after its area, begins. One query."""
    bodies, areas = successions()
    day = bodies.last_change(plan.body_id)
    if day is None and plan.body.area_id is not None:
        day = areas.last_change(plan.body.area_id)
    return day
