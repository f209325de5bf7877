"""What was handed on: the notes on the old plan and its items, and on the new ones that took over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.models import CarryOverChoice, CarryOverState, Outcome, Plan
from initiatives.presenters.wording import day_text


@dataclass(frozen=True, slots=True)
class CarriedLink:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class CarriedNote:
    """ "Ført videre 1. januar 2027 til" and links, or a whole sentence without any."""

    text: str
    links: tuple[CarriedLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """onward: the plan's own notes. came_from: where this plan came from. items: by primary key, both ways."""

    onward: tuple[CarriedNote, ...]
    came_from: tuple[CarriedNote, ...]
    items: Mapping[int, CarriedNote]


_COLUMNS = (
    "carry_over__on", "carry_over__plan_id", "carry_over__plan__slug", "carry_over__plan__title", "item_id",
    "item__number", "outcome", "reason", "targets__new_item_id", "targets__new_item__number",
    "targets__new_item__plan__slug", "targets__body__name", "carry_over__plan__body__name",
)  # fmt: skip


def carried(plan: Plan, *, today: date, item_id: int | None = None) -> Carried:
    """The notes of a plan, or of one item of it. One query."""
    here = Q(carry_over__plan=plan) | Q(targets__new_item__plan=plan)
    if item_id is not None:
        here = Q(item=item_id) | Q(targets__new_item=item_id)
    rows = (
        CarryOverChoice.objects.filter(here, carry_over__state=CarryOverState.CONFIRMED)
        .order_by("carry_over__on", "item__position", "item__number", "targets__body__sort_key")
        .values(*_COLUMNS)
    )
    onward: dict[date, dict[str, CarriedLink]] = {}
    back: dict[date, dict[str, CarriedLink]] = {}
    items: dict[int, CarriedNote] = {}
    for row in rows:
        day = row["carry_over__on"]
        if row["carry_over__plan_id"] == plan.pk:
            items[row["item_id"]] = _onward(items.get(row["item_id"]), row, today)
            if row["targets__new_item_id"] is not None:
                onward.setdefault(day, {})[row["targets__new_item__plan__slug"]] = _new_plan(row)
        else:
            items[row["targets__new_item_id"]] = CarriedNote(_came_text(day, today), (_old_item(row),))
            back.setdefault(day, {})[row["carry_over__plan__slug"]] = _old_plan(row)
    return Carried(
        onward=tuple(CarriedNote(_onward_text(day, today), tuple(links.values())) for day, links in onward.items()),
        came_from=tuple(CarriedNote(_came_text(day, today), tuple(links.values())) for day, links in back.items()),
        items=items,
    )


def _onward(known: CarriedNote | None, row: Mapping[str, Any], today: date) -> CarriedNote:
    day = row["carry_over__on"]
    if row["outcome"] == Outcome.CLOSED:
        text = _("Ended %(day)s: %(reason)s") if day <= today else _("Ends %(day)s: %(reason)s")
        return CarriedNote(text % {"day": day_text(day), "reason": row["reason"]})
    label = _("%(body)s, item %(number)s") % {
        "body": row["targets__body__name"],
        "number": row["targets__new_item__number"],
    }
    url = reverse("item", args=[row["targets__new_item__plan__slug"], row["targets__new_item__number"]])
    return CarriedNote(_onward_text(day, today), (*(known.links if known else ()), CarriedLink(label, url)))


def _onward_text(day: date, today: date) -> str:
    text = _("Carried over %(day)s to") if day <= today else _("Is carried over %(day)s to")
    return text % {"day": day_text(day)}


def _came_text(day: date, today: date) -> str:
    text = _("Took over %(day)s from") if day <= today else _("Takes over %(day)s from")
    return text % {"day": day_text(day)}


def _new_plan(row: Mapping[str, Any]) -> CarriedLink:
    return CarriedLink(row["targets__body__name"], reverse("plan", args=[row["targets__new_item__plan__slug"]]))


def _old_plan(row: Mapping[str, Any]) -> CarriedLink:
    label = f"{row['carry_over__plan__title']} ({row['carry_over__plan__body__name']})"
    return CarriedLink(label, reverse("plan", args=[row["carry_over__plan__slug"]]))


def _old_item(row: Mapping[str, Any]) -> CarriedLink:
    label = _("item %(number)s of »%(title)s«") % {
        "number": row["item__number"],
        "title": row["carry_over__plan__title"],
    }
    return CarriedLink(label, reverse("item", args=[row["carry_over__plan__slug"], row["item__number"]]))
