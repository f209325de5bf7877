"""Plans, tracks and items made and changed by hand. Each change is one history row, written with who made it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.periods import read_period
from initiatives.models import ActionItem, Anchoring, Body, Plan, Schedule, ScheduleKind, Track

ITEM_FIELDS = ("title", "content", "horizon", "horizon_note", "coordinator", "track")
DANISH_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
PLAN_FIELDS = ("title", "short_title", "description", "kind", "agreement", "as_of")
REASON_LENGTH = 100  # the column simple-history keeps the reason of a change in
RESERVED = {"ny", "nyt", "indlaes"}  # addresses of the forms that make a new one


def save_signed(thing: Any, by: Any, *, why: str = "") -> None:
    """Save with one history row signed by `by`. Raises ValidationError keyed by field when a text is too long."""
    thing.clean_fields(exclude=[field.name for field in thing._meta.fields if field.is_relation])
    # simple-history reads these attributes; without them the row would be signed by the web request, or by nobody.
    thing._history_user = by
    thing._change_reason = why[:REASON_LENGTH]
    thing.save()


def free_slug(model: Any, title: str, **scope: Any) -> str:
    base = slug_base(title)
    field = "key" if model is ActionItem else "slug"
    taken = set(model.objects.filter(**scope, **{f"{field}__startswith": base}).values_list(field, flat=True))
    return first_free(base, taken)


def slug_base(title: str) -> str:
    base = slugify(title.lower().translate(DANISH_LETTERS))[:80] or "x"
    return f"{base}-1" if base in RESERVED else base


def first_free(base: str, taken: set[str]) -> str:
    slug, n = base, 2
    while slug in taken:
        slug, n = f"{base}-{n}", n + 1
    return slug


def _require_title(title: str) -> None:
    if not title.strip():
        raise ValidationError({"title": [_("Write a title.")]})


@changes_pages
def create_plan(*, body: Body, kind: Any, title: str, by: Any, as_of: date | None = None, **fields: Any) -> Plan:
    _require_title(title)
    refuse_cpr(title=title, short_title=fields.get("short_title", ""), description=fields.get("description", ""))
    plan = Plan(slug=free_slug(Plan, title), title=title.strip(), body=body, kind=kind, as_of=as_of, **fields)
    save_signed(plan, by)
    return plan


@changes_pages
def update_plan(*, plan: Plan, by: Any, **fields: Any) -> Plan:
    _update(plan, fields, PLAN_FIELDS, by)
    return plan


@changes_pages
def add_track(*, plan: Plan, title: str, by: Any, number: str = "", parent: Track | None = None) -> Track:
    _require_title(title)
    refuse_cpr(title=title, number=number)
    if parent is not None and (parent.plan_id != plan.pk or parent.parent_id is not None):
        raise ValidationError({"parent": [_("A sub-heading stands under a heading of the same plan.")]})
    last = plan.tracks.aggregate(last=Max("position"))["last"] or 0
    track = Track(plan=plan, title=title.strip(), number=number, parent=parent, position=last + 1)
    save_signed(track, by)
    return track


@changes_pages
def update_track(*, track: Track, by: Any, **fields: Any) -> Track:
    _update(track, fields, ("title", "number"), by)
    return track


@changes_pages
def add_item(
    *,
    track: Track,
    title: str,
    owners: list[Body],
    by: Any,
    today: date,
    content: str = "",
    planned: str = "",
    **fields: Any,
) -> ActionItem:
    """Add an item at the end of the track, with the next free number of the plan.

    planned: the words of the period it is promised for, "" when none is. Raises ValidationError keyed by field.
    """
    _require_title(title)
    refuse_cpr(title=title, content=content, planned=planned, horizon_note=fields.get("horizon_note", ""))
    plan = Plan.objects.select_for_update().get(pk=track.plan_id)
    _check_owners(plan, owners, today=today)
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
    save_signed(item, by)
    _anchor(item, owners, by)
    if planned.strip():
        _promise(item, planned, today=today, by=by)
    return item


@changes_pages
def update_item(
    *, item: ActionItem, by: Any, today: date, owners: list[Body] | None = None, **fields: Any
) -> ActionItem:
    """Reword, move to another track of the same plan, or give the item other owners.

    A change of owners stands in the history row's reason, because owners are rows of their own.
    """
    track = fields.get("track")
    if track is not None and track.plan_id != item.plan_id:
        raise ValidationError({"track": [_("Choose a heading of the same plan.")]})
    why = ""
    if owners is not None:
        present = [anchoring.body for anchoring in item.anchorings.select_related("body").order_by("position")]
        if present != owners:
            _check_owners(item.plan, owners, today=today, already=present)
            why = _("Owners: %(names)s") % {"names": ", ".join(body.name for body in owners)}
            _anchor(item, owners, by)
    _update(item, fields, ITEM_FIELDS, by, why=why)
    return item


@changes_pages
def move(*, thing: Track | ActionItem, up: bool, by: Any) -> bool:
    """Swap places with the neighbour above or below; False when there is none."""
    siblings: list[Any]
    if isinstance(thing, Track):
        siblings = list(Track.objects.select_for_update().filter(plan=thing.plan_id, parent=thing.parent_id))
    else:
        items = ActionItem.objects.select_for_update().filter(track=thing.track_id)
        siblings = list(items.order_by("position", "number"))
    order = [sibling.pk for sibling in siblings]
    here = order.index(thing.pk)
    there = here - 1 if up else here + 1
    if not 0 <= there < len(order):
        return False
    a, b = siblings[here], siblings[there]
    if len({sibling.position for sibling in siblings}) < len(siblings):
        # Equal positions come from old imports; give every sibling its own before swapping.
        for n, sibling in enumerate(siblings):
            sibling.position = n + 1
            save_signed(sibling, by)
    a.position, b.position = b.position, a.position
    save_signed(a, by)
    save_signed(b, by)
    return True


@changes_pages
def close(*, thing: Plan | Track | ActionItem, reason: str, on: date, by: Any) -> None:
    """Take a plan, track or item out of use with a date and a reason. Nothing is deleted."""
    refuse_cpr(closed_reason=reason)
    if not reason.strip():
        raise ValidationError({"closed_reason": [_("Write why it is closed.")]})
    thing.closed_on, thing.closed_reason = on, reason.strip()
    save_signed(thing, by, why=reason.strip())


@changes_pages
def reopen(*, thing: Plan | Track | ActionItem, by: Any) -> None:
    thing.closed_on, thing.closed_reason = None, ""
    save_signed(thing, by)


def _update(thing: Any, fields: dict[str, Any], allowed: tuple[str, ...], by: Any, *, why: str = "") -> None:
    """Change the fields that differ. No history row when nothing does, unless there is a reason to tell of."""
    unknown = set(fields) - set(allowed)
    if unknown:
        raise TypeError(f"cannot change {sorted(unknown)}")
    if "title" in fields:
        _require_title(fields["title"])
    refuse_cpr(**{name: value for name, value in fields.items() if isinstance(value, str)})
    changed = False
    for name, given in fields.items():
        value = given.strip() if isinstance(given, str) else given
        changed = changed or getattr(thing, name) != value
        setattr(thing, name, value)
    if changed or why:
        save_signed(thing, by, why=why)


def _check_owners(plan: Plan, owners: list[Body], *, today: date, already: list[Body] | None = None) -> None:
    """A plan keeps the bodies of its own day: one of 2020 is not carried by a council of 2027."""
    if not owners:
        raise ValidationError({"owners": [_("Choose at least one body that carries the item.")]})
    valid = set(Body.objects.valid_on(plan.as_of or today).values_list("pk", flat=True))
    kept = {body.pk for body in already or []}
    for body in owners:
        if body.pk not in valid and body.pk not in kept:
            raise ValidationError({"owners": [_("%(body)s did not exist on the plan's date.") % {"body": body.name}]})


def _promise(item: ActionItem, words: str, *, today: date, by: Any) -> None:
    try:
        period = read_period(words.strip(), today=today)
    except ValidationError as error:
        raise ValidationError({"planned": error.messages}) from error
    Schedule.objects.create(
        item=item,
        kind=ScheduleKind.PLANNED,
        words=period.words,
        precision=period.precision,
        first_day=period.first_day,
        last_day=period.last_day,
        recorded_at=timezone.now(),
        by=by,
    )


def _anchor(item: ActionItem, owners: list[Body], by: Any) -> None:
    """These owners in this order. One who stays keeps the row, so the history tells only who came and who went."""
    present = {anchoring.body_id: anchoring for anchoring in item.anchorings.all()}
    for anchoring in present.values():
        if anchoring.body_id not in {body.pk for body in owners}:
            anchoring._history_user = by  # type: ignore[attr-defined]  # simple-history reads it
            anchoring.delete()
    new = []
    for position, body in enumerate(owners):
        stays = present.get(body.pk)
        if stays is None:
            new.append(Anchoring(item=item, body=body, position=position))
        elif stays.position != position:
            stays.position = position
            save_signed(stays, by)
    bulk_create_with_history(new, Anchoring, default_user=by)
