"""Plans, tracks and items made and changed by hand. Each change is one history row, written with who made it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from initiatives.actions.free_text import refuse_cpr
from initiatives.models import ActionItem, Anchoring, Body, Plan, Track

ITEM_FIELDS = ("title", "content", "horizon", "horizon_note", "coordinator", "track")
DANISH_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
PLAN_FIELDS = ("title", "description", "kind", "agreement", "as_of")


def _save(thing: Any, by: Any) -> None:
    # simple-history reads this attribute; without it the row would be signed by the web request, or by nobody.
    thing._history_user = by
    thing.save()


def free_slug(model: Any, title: str, **scope: Any) -> str:
    base = slugify(title.lower().translate(DANISH_LETTERS))[:80] or "x"
    field = "key" if model is ActionItem else "slug"
    taken = set(model.objects.filter(**scope, **{f"{field}__startswith": base}).values_list(field, flat=True))
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    return slug


def _require_title(title: str) -> None:
    if not title.strip():
        raise ValidationError({"title": [_("Write a title.")]})


@transaction.atomic
def create_plan(*, body: Body, kind: Any, title: str, by: Any, as_of: date | None = None, **fields: Any) -> Plan:
    _require_title(title)
    refuse_cpr(title=title, description=fields.get("description", ""))
    plan = Plan(
        slug=free_slug(Plan, title), title=title.strip(), body=body, kind=kind, as_of=as_of, **fields
    )
    _save(plan, by)
    return plan


@transaction.atomic
def update_plan(*, plan: Plan, by: Any, **fields: Any) -> Plan:
    _update(plan, fields, PLAN_FIELDS, by)
    return plan


@transaction.atomic
def add_track(*, plan: Plan, title: str, by: Any, number: str = "", parent: Track | None = None) -> Track:
    _require_title(title)
    refuse_cpr(title=title)
    last = plan.tracks.aggregate(last=Max("position"))["last"] or 0
    track = Track(plan=plan, title=title.strip(), number=number, parent=parent, position=last + 1)
    _save(track, by)
    return track


@transaction.atomic
def update_track(*, track: Track, by: Any, **fields: Any) -> Track:
    _update(track, fields, ("title", "number"), by)
    return track


@transaction.atomic
def add_item(
    *, track: Track, title: str, owners: list[Body], by: Any, content: str = "", **fields: Any
) -> ActionItem:
    """Add an item at the end of the track, with the next free number of the plan."""
    _require_title(title)
    refuse_cpr(title=title, content=content)
    if not owners:
        raise ValidationError({"owners": [_("Choose at least one body that carries the item.")]})
    plan = Plan.objects.select_for_update().get(pk=track.plan_id)
    highest = plan.items.aggregate(number=Max("number"), position=Max("position"))
    item = ActionItem(
        plan=plan,
        track=track,
        key=free_slug(ActionItem, title, plan=plan),
        number=(highest["number"] or 0) + 1,
        position=(highest["position"] or 0) + 1,
        title=title.strip(),
        content=content.strip(),
        **fields,
    )
    _save(item, by)
    _anchor(item, owners)
    return item


@transaction.atomic
def update_item(*, item: ActionItem, by: Any, owners: list[Body] | None = None, **fields: Any) -> ActionItem:
    """Reword, move to another track, or give the item other owners."""
    if owners is not None and not owners:
        raise ValidationError({"owners": [_("Choose at least one body that carries the item.")]})
    if owners is not None and [a.body_id for a in item.anchorings.order_by("position")] != [b.pk for b in owners]:
        names = ", ".join(body.name for body in owners)
        item._change_reason = (_("Owners: %(names)s") % {"names": names})[:100]  # type: ignore[attr-defined]
        item.anchorings.all().delete()
        _anchor(item, owners)
        # A change of owners alone must leave a history row too.
        fields.setdefault("title", item.title)
    _update(item, fields, ITEM_FIELDS, by)
    return item


@transaction.atomic
def move(*, thing: Track | ActionItem, up: bool, by: Any) -> bool:
    """Swap places with the neighbour above or below; False when there is none."""
    if isinstance(thing, Track):
        siblings = list(Track.objects.select_for_update().filter(plan=thing.plan_id, parent=thing.parent_id))
    else:
        siblings = list(  # type: ignore[arg-type]
            ActionItem.objects.select_for_update().filter(track=thing.track_id).order_by("position", "number")
        )
    order = [sibling.pk for sibling in siblings]
    here = order.index(thing.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return False
    a, b = siblings[here], siblings[there]
    if a.position == b.position:
        # Equal positions come from old imports; give every sibling its own before swapping.
        for n, sibling in enumerate(siblings):
            sibling.position = n + 1
            _save(sibling, by)
    a.position, b.position = b.position, a.position
    _save(a, by)
    _save(b, by)
    return True


@transaction.atomic
def close(*, thing: Plan | Track | ActionItem, reason: str, on: date, by: Any) -> None:
    """Take a plan, track or item out of use with a date and a reason. Nothing is deleted."""
    refuse_cpr(closed_reason=reason)
    if not reason.strip():
        raise ValidationError({"closed_reason": [_("Write why it is closed.")]})
    thing.closed_on, thing.closed_reason = on, reason.strip()
    _save(thing, by)


@transaction.atomic
def reopen(*, thing: Plan | Track | ActionItem, by: Any) -> None:
    thing.closed_on, thing.closed_reason = None, ""
    _save(thing, by)


def _update(thing: Any, fields: dict[str, Any], allowed: tuple[str, ...], by: Any) -> None:
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(f"cannot change {sorted(unknown)}")
    if "title" in fields:
        _require_title(fields["title"])
    refuse_cpr(**{name: value for name, value in fields.items() if isinstance(value, str)})
    for name, value in fields.items():
        setattr(thing, name, value.strip() if isinstance(value, str) else value)
    _save(thing, by)


def _anchor(item: ActionItem, owners: list[Body]) -> None:
    Anchoring.objects.bulk_create(
        [Anchoring(item=item, body=body, position=position) for position, body in enumerate(owners)]
    )
