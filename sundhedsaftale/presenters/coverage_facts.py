"""The work that is going on, here and elsewhere: open items, running initiatives and what they are linked to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value

from indicators.models import Indicator
from initiatives.calculations.coverage import Work
from initiatives.calculations.states import CLOSED_STATES, ON_HOLD, POSTPONED
from initiatives.models import ActionItem, Anchoring, Contribution, Initiative, Stage, StatusUpdate
from sundhedsaftale.presenters.frame import AreaInView


@dataclass(frozen=True, slots=True)
class OpenItem:
    pk: int
    number: int
    title: str
    links_note: str
    plan_slug: str
    plan_title: str
    state: str
    undated: bool
    near: bool


@dataclass(frozen=True)
class WorkGoingOn:
    """`near` counts what belongs to the area, lies around it or in it; `elsewhere` the rest. Keyed by primary keys.

    An indicator is keyed by the one it is the same as, where it is the same as another.
    """

    items: tuple[OpenItem, ...]
    linked: frozenset[int]  # items with any link
    goals: Mapping[int, Work] = field(default_factory=dict)
    indicators: Mapping[int, Work] = field(default_factory=dict)
    elsewhere: Mapping[int, Work] = field(default_factory=dict)  # of indicators


def work_going_on(area: AreaInView, indicators: Iterable[Indicator], today: date) -> WorkGoingOn:
    """Three queries: items, initiatives, links. Examples do not count, nor what is closed, ended or taken out."""
    items = _open_items(area, today)
    near = {("item", item.pk): item.near for item in items}
    near |= {("initiative", pk): is_near for pk, is_near in _running_initiatives(area)}
    source = {indicator.pk: indicator.same_as_id or indicator.pk for indicator in indicators}
    goals: dict[int, set[tuple[str, int]]] = defaultdict(set)
    direct: dict[int, set[tuple[str, int]]] = defaultdict(set)
    away: dict[int, set[tuple[str, int]]] = defaultdict(set)
    linked = set()
    rows = Contribution.objects.active().values_list(
        "goal_id", "indicator_id", "indicator__goal_id", "item_id", "initiative_id"
    )
    for goal, indicator, goal_of_indicator, item, initiative in rows:
        thing = ("item", item) if item else ("initiative", initiative)
        if item:
            linked.add(item)
        if thing not in near:
            continue
        if near[thing]:
            goals[goal or goal_of_indicator].add(thing)
        if indicator:
            (direct if near[thing] else away)[source.get(indicator, indicator)].add(thing)
    return WorkGoingOn(tuple(items), frozenset(linked), _counted(goals), _counted(direct), _counted(away))


def _counted(found: Mapping[int, set[tuple[str, int]]]) -> dict[int, Work]:
    return {
        key: Work(sum(kind == "item" for kind, _ in things), sum(kind == "initiative" for kind, _ in things))
        for key, things in found.items()
    }


def _open_items(area: AreaInView, today: date) -> list[OpenItem]:
    newest = StatusUpdate.objects.filter(item=OuterRef("pk")).order_by("-sequence")
    carried = Anchoring.objects.filter(item=OuterRef("pk"), body__area__in=area.nearby_pks)
    rows = (
        _with_near(ActionItem.objects.open(today=today), area, Q(plan__body__area__in=area.nearby_pks) | Q(Exists(carried)))
        .filter(plan__is_example=False)
        .annotate(state=Subquery(newest.values("state")[:1]), due=Subquery(newest.values("due_id")[:1]))
        .order_by("-plan__as_of", "plan__slug", "position", "number")
        .values_list(
            "pk", "number", "title", "links_note", "plan__slug", "plan__short_title", "plan__title", "state", "due",
            "near",
        )
    )  # fmt: skip
    return [
        OpenItem(
            pk=pk,
            number=number,
            title=title,
            links_note=note,
            plan_slug=slug,
            plan_title=short_title or plan_title,
            state=state or "",
            undated=due is None and state in (POSTPONED, ON_HOLD),
            near=bool(near),
        )
        for pk, number, title, note, slug, short_title, plan_title, state, due, near in rows
        if state not in CLOSED_STATES
    ]


def _running_initiatives(area: AreaInView) -> list[tuple[int, bool]]:
    there = Initiative.areas.through.objects.filter(initiative=OuterRef("pk"), area__in=area.nearby_pks)
    rows = (
        _with_near(Initiative.objects.all(), area, Q(body__area__in=area.nearby_pks) | Q(Exists(there)))
        .filter(body__is_example=False)
        .exclude(stage=Stage.ENDED)
        .order_by()
        .values_list("pk", "near")
    )
    return [(pk, bool(near)) for pk, near in rows]


def _with_near(found: QuerySet[Any], area: AreaInView, near: Q) -> QuerySet[Any]:
    """For the whole country everything is near."""
    if area.is_country:
        return found.annotate(near=Value(True))
    return found.annotate(near=ExpressionWrapper(near, output_field=BooleanField()))
