"""Who works where: bodies, plans and initiatives of an area and its neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import get_language

from initiatives.models import Body, Contribution, Initiative, Plan, StatusUpdate
from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.presenters.areas import dated
from sundhedsaftale.presenters.frame import AreaInView

MOST_PLANS = 8


@dataclass(frozen=True)
class BodyLine:
    name: str
    kind: str
    dated: str
    successors: str
    is_example: bool


def plans_near(area: AreaInView, *, today: date) -> list[Plan]:
    """Open plans of bodies in the area, around it or inside it, those with a status and the newest first. One query.

    A plan whose day has not come (handed on to a council that is still to begin) waits for it.

    The example plan comes last, however new it is. For the whole country every plan counts.
    """
    begun = Q(as_of__isnull=True) | Q(as_of__lte=today)
    plans = Plan.objects.filter(begun, closed_on__isnull=True).select_related("kind", "body__area__kind", "agreement")
    if not area.is_country:
        plans = plans.filter(body__area_id__in=area.nearby_pks)
    has_status = Exists(StatusUpdate.objects.filter(item__plan=OuterRef("pk")))
    return list(
        plans.annotate(has_status=has_status).order_by("is_example", "-has_status", "-as_of", "slug")[:MOST_PLANS]
    )


def bodies_near(area: AreaInView, today: date) -> tuple[BodyLine, ...]:
    """Bodies whose area this is, the current ones first; those that have ended say so. One query."""
    rows = (
        Body.objects.filter(area_id=area.pk)
        .order_by("sort_key", "successions__on")
        .values_list("pk", "name", "kind__name", "valid_from", "valid_to", "is_example", "successions__successor__name")
    )
    lines: dict[int, tuple[bool, BodyLine]] = {}
    for pk, name, kind, valid_from, valid_to, is_example, successor in rows:
        before = lines[pk][1].successors if pk in lines else ""
        successors = ", ".join(part for part in (before, successor or "") if part)
        has_ended = valid_to is not None and valid_to < today
        lines[pk] = has_ended, BodyLine(name, kind, dated(valid_from, valid_to, today), successors, is_example)
    return tuple(line for _, line in sorted(lines.values(), key=lambda pair: pair[0]))


@dataclass(frozen=True)
class EvidenceCount:
    initiatives: int
    without_result: int  # step 0: nobody has written a result yet
    no_effect_shown: int  # steps 0-2: whatever is written cannot show an effect


def evidence_near(area_pks: Iterable[int] | None) -> EvidenceCount:
    """How much is known of what works, among the initiatives of these areas (None: all of them). One query."""
    initiatives = Initiative.objects.all()
    if area_pks is not None:
        near = set(area_pks)
        mine = Initiative.objects.filter(Q(body__area_id__in=near) | Q(areas__in=near)).values("pk")
        initiatives = initiatives.filter(pk__in=mine)
    counts = initiatives.aggregate(
        all=Count("pk"), none=Count("pk", filter=Q(evidence_step=0)), weak=Count("pk", filter=Q(evidence_step__lte=2))
    )
    return EvidenceCount(counts["all"], counts["none"], counts["weak"])


@dataclass(frozen=True)
class WorkCount:
    items: int
    initiatives: int


def work_by_goal() -> dict[int, WorkCount]:
    """goal id -> how many items and initiatives are linked to it or to an indicator under it, examples not counted.

    One query. Counted in Python: a thing linked to a goal and to its indicators counts once.
    """
    links = (
        Contribution.objects.active()
        .exclude(item__plan__is_example=True)
        .exclude(initiative__body__is_example=True)
        .values_list("goal_id", "indicator__goal_id", "item_id", "initiative_id")
    )
    items: dict[int, set[int]] = {}
    initiatives: dict[int, set[int]] = {}
    for goal, goal_of_indicator, item, initiative in links:
        found = goal or goal_of_indicator
        (items if item else initiatives).setdefault(found, set()).add(item or initiative)
    return {goal: WorkCount(len(items.get(goal, ())), len(initiatives.get(goal, ()))) for goal in items | initiatives}


def day_words(day: date | None) -> str:
    return format_date(day, get_language() or "da")
