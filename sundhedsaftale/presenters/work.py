"""Who works where: bodies, plans and initiatives of an area and its neighbours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language

from initiatives.models import Body, Contribution, Initiative, Plan, StatusUpdate
from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.lib.viewed import Viewed
from sundhedsaftale.presenters.areas import dated
from sundhedsaftale.presenters.frame import AreaInView

MOST_PLANS = 8


@dataclass(frozen=True)
class BodyLine:
    name: str
    url: str
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


def bodies_near(area: AreaInView, look: Viewed) -> tuple[tuple[BodyLine, ...], tuple[BodyLine, ...]]:
    """(there on the day looked at, not there that day) of the bodies whose area this is. One query."""
    rows = (
        Body.objects.filter(area_id=area.pk)
        .order_by("sort_key", "successions__on")
        .values_list(
            "pk", "slug", "name", "kind__name", "valid_from", "valid_to", "is_example", "successions__successor__name"
        )
    )
    lines: dict[int, tuple[bool, BodyLine]] = {}
    for pk, slug, name, kind, valid_from, valid_to, is_example, successor in rows:
        before = lines[pk][1].successors if pk in lines else ""
        successors = ", ".join(part for part in (before, successor or "") if part)
        there = (valid_from or look.day) <= look.day <= (valid_to or look.day)
        url = reverse("body", args=[slug]) + look.query()
        lines[pk] = there, BodyLine(name, url, kind, dated(valid_from, valid_to, look.day), successors, is_example)
    return (
        tuple(line for there, line in lines.values() if there),
        tuple(line for there, line in lines.values() if not there),
    )


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
