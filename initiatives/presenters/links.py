"""Both directions of the links: who works for a goal or an indicator, and what an item works for.

A link says what somebody works for. It never says that it works.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Area, Goal, Indicator
from initiatives.calculations.states import ON_HOLD, POSTPONED
from initiatives.models import ActionItem, Anchoring, Contribution, Initiative, Stage, StatusUpdate
from initiatives.presenters.states import StateView, state_view
from sundhedsaftale.lib.danish import format_date, join_words


@dataclass(frozen=True, slots=True)
class LinkedItem:
    """An item as other pages list it. `via` names the goal or indicator the link goes to, "" where there is no link."""

    number: int
    title: str
    url: str
    plan_title: str
    plan_url: str
    owners: str
    state: StateView
    as_of_text: str
    reason: str
    note: str
    via: str
    is_example: bool


@dataclass(frozen=True, slots=True)
class LinkedInitiative:
    title: str
    url: str
    body: str
    stage: str
    evidence_step: int
    ended_without_effect: bool
    reason: str
    note: str
    via: str


@dataclass(frozen=True, slots=True)
class ItemLink:
    """One link of an item, standing or removed. `kind` is "Goal" or "Indicator" in the reader's language."""

    pk: int
    label: str
    kind: str
    url: str
    reason: str
    note: str
    when: str
    by: str
    remove_url: str
    removed_when: str
    removed_by: str
    removed_reason: str


def work_for_goal(goal: Goal, *, today: date) -> tuple[tuple[LinkedItem, ...], tuple[LinkedInitiative, ...]]:
    """What is linked to the goal or to an indicator under it, each once. One query."""
    return _work(Q(goal=goal) | Q(indicator__goal=goal), today)


def work_for_indicator(
    indicator: Indicator, *, today: date
) -> tuple[tuple[LinkedItem, ...], tuple[LinkedInitiative, ...]]:
    """What is linked to the indicator itself. One query."""
    return _work(Q(indicator=indicator), today)


def items_for_area(area: Area, *, today: date) -> tuple[LinkedItem, ...]:
    return items_for_areas([area.pk], today=today)


def items_for_areas(area_ids: Iterable[int], *, today: date) -> tuple[LinkedItem, ...]:
    """Items carried by a body of one of the areas, or standing in a plan of one. Two queries."""
    ids = list(area_ids)
    carried = Anchoring.objects.filter(item=OuterRef("pk"), body__area__in=ids)
    items = _with_current(
        ActionItem.objects.open(today=today)
        .filter(Q(plan__body__area__in=ids) | Exists(carried))
        .select_related("plan")
    ).order_by("plan__is_example", "-plan__as_of", "plan", "position", "number")
    found = list(items)
    owners = _owner_names(found)
    return tuple(_linked_item(item, owners, reason="", note="", via="") for item in found)


def initiatives_for_area(area: Area) -> tuple[LinkedInitiative, ...]:
    return initiatives_for_areas([area.pk])


def initiatives_for_areas(area_ids: Iterable[int]) -> tuple[LinkedInitiative, ...]:
    """Initiatives of bodies in the areas, or carried out there. One query."""
    ids = list(area_ids)
    there = Initiative.areas.through.objects.filter(initiative=OuterRef("pk"), area__in=ids)
    found = Initiative.objects.filter(Q(body__area__in=ids) | Exists(there)).select_related("body")
    return tuple(_linked_initiative(initiative, reason="", note="", via="") for initiative in found)


def links_of(item: ActionItem, remove_url: Callable[[int], str]) -> tuple[tuple[ItemLink, ...], tuple[ItemLink, ...]]:
    """(standing, removed) links of the item, with who drew them and why. One query."""
    links = item.contributions.select_related("goal__framework", "indicator", "by", "removed_by")
    rows = [(link.removed_at is None, _item_link(link, remove_url)) for link in links]
    return tuple(row for stands, row in rows if stands), tuple(row for stands, row in rows if not stands)


def _work(where: Q, today: date) -> tuple[tuple[LinkedItem, ...], tuple[LinkedInitiative, ...]]:
    """Links to the goal itself come before links to its indicators, so that their reason is the one shown.

    One query: a link comes once for each body that carries its item.
    """
    there = Q(item__in=ActionItem.objects.open(today=today).values("pk")) | Q(initiative__isnull=False)
    links = (
        Contribution.objects.active()
        .filter(where)
        .filter(there)
        .select_related("item__plan", "initiative__body", "goal", "indicator")
        .annotate(**_current("item"), owner_pk=F("item__anchorings__body"), owner=F("item__anchorings__body__name"))
        .order_by(
            "item__plan__is_example", "-item__plan__as_of", "item__plan", "item__position", "initiative__title",
            "indicator", "pk", "item__anchorings__position",
        )
    )  # fmt: skip
    first: dict[tuple[int | None, int | None], Contribution] = {}
    owners: dict[int, dict[int, str]] = defaultdict(dict)
    for link in links:
        if link.item_id is not None and link.owner_pk is not None:
            owners[link.item_id][link.owner_pk] = link.owner
        thing = (link.item_id, link.initiative_id)
        known = first.get(thing)
        if known is None or (known.goal_id is None and link.goal_id is not None):
            first[thing] = link
    names = {item_id: join_words([*found.values()], _language()) for item_id, found in owners.items()}
    return _items(first.values(), names), _initiatives(first.values())


def _items(links: Iterable[Contribution], owners: dict[int, str]) -> tuple[LinkedItem, ...]:
    shown = []
    for link in (link for link in links if link.item is not None):
        item: Any = link.item
        item.current_state, item.current_due, item.current_as_of = (
            link.current_state, link.current_due, link.current_as_of,  # type: ignore[attr-defined]
        )  # fmt: skip
        shown.append(_linked_item(item, owners, reason=link.reason, note=link.note, via=_target_name(link)))
    return tuple(shown)


def _current(path: str) -> dict[str, Subquery]:
    newest = StatusUpdate.objects.filter(item=OuterRef(path)).order_by("-sequence")
    return {
        "current_state": Subquery(newest.values("state")[:1]),
        "current_due": Subquery(newest.values("due_id")[:1]),
        "current_as_of": Subquery(newest.values("as_of")[:1]),
    }


def _with_current(items: QuerySet[ActionItem]) -> QuerySet[ActionItem]:
    return items.annotate(**_current("pk"))


def _owner_names(items: list[ActionItem]) -> dict[int, str]:
    names: dict[int, list[str]] = defaultdict(list)
    rows = Anchoring.objects.filter(item__in=[item.pk for item in items]).order_by("item", "position")
    for item_id, name in rows.values_list("item_id", "body__name"):
        names[item_id].append(name)
    return {item_id: join_words(found, _language()) for item_id, found in names.items()}


def _language() -> str:
    return get_language() or "da"


def _linked_item(item: Any, owners: dict[int, str], *, reason: str, note: str, via: str) -> LinkedItem:
    undated = item.current_due is None and item.current_state in (POSTPONED, ON_HOLD)
    return LinkedItem(
        number=item.number,
        title=item.title,
        url=reverse("item", args=[item.plan.slug, item.number]),
        plan_title=item.plan.short_title or item.plan.title,
        plan_url=reverse("plan", args=[item.plan.slug]),
        owners=owners.get(item.pk, ""),
        state=state_view(item.current_state, undated=undated),
        as_of_text=format_date(item.current_as_of, get_language() or "da"),
        reason=reason,
        note=note,
        via=via,
        is_example=item.plan.is_example,
    )


def _initiatives(links: Iterable[Contribution]) -> tuple[LinkedInitiative, ...]:
    return tuple(
        _linked_initiative(link.initiative, reason=link.reason, note=link.note, via=_target_name(link))
        for link in links
        if link.initiative
    )


def _linked_initiative(initiative: Initiative, *, reason: str, note: str, via: str) -> LinkedInitiative:
    return LinkedInitiative(
        title=initiative.title,
        url=reverse("initiative", args=[initiative.slug]),
        body=initiative.body.name,
        stage=str(Stage(initiative.stage).label),
        evidence_step=initiative.evidence_step,
        ended_without_effect=initiative.ended_without_effect,
        reason=reason,
        note=note,
        via=via,
    )


def _target_name(link: Contribution) -> str:
    if link.goal is not None:
        return link.goal.name
    return link.indicator.name if link.indicator is not None else ""


def _item_link(link: Contribution, remove_url: Callable[[int], str]) -> ItemLink:
    language = get_language() or "da"
    if link.goal is not None:
        kind, url = _("Goal"), reverse("goal", args=[link.goal.slug])
    else:
        kind, url = _("Indicator"), reverse("indicator", args=[link.indicator.code])  # type: ignore[union-attr]
    return ItemLink(
        pk=link.pk,
        label=_target_name(link),
        kind=kind,
        url=url,
        reason=link.reason,
        note=link.note,
        when=format_date(timezone.localdate(link.created_at), language),
        by=str(link.by) if link.by else "",
        remove_url=remove_url(link.pk),
        removed_when=format_date(timezone.localdate(link.removed_at), language) if link.removed_at else "",
        removed_by=str(link.removed_by) if link.removed_by else "",
        removed_reason=link.removed_reason,
    )
