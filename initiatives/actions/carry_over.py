"""A plan's open items handed on: begun, chosen item by item, changed as often as anybody likes, and given up again.

Nothing here touches the plan. What is chosen becomes real in `carry_over_confirm`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.plans import REASON_LENGTH, save_signed
from initiatives.models import (
    ActionItem,
    Body,
    CarryOver,
    CarryOverChoice,
    CarryOverState,
    CarryOverTarget,
    Outcome,
    Plan,
)


class CarryOverEnded(Exception):  # it is news, not a fault
    """Somebody confirmed or cancelled the hand-over meanwhile; `carry_over` says who and when. Nothing was stored."""

    def __init__(self, carry_over: CarryOver) -> None:
        super().__init__(f"hand-over {carry_over.pk} is {carry_over.state}")
        self.carry_over = carry_over


@changes_pages
def start_carry_over(*, plan: Plan, on: date, by: Any) -> CarryOver:
    """Begin a hand-over on that day. Raises ValidationError keyed `on`, or for the whole when it cannot begin."""
    if plan.closed_on is not None:
        raise ValidationError(_("The plan is closed. Reopen it before you hand it on."))
    if plan.as_of is not None and on <= plan.as_of:
        raise ValidationError({"on": [_("Choose a day after the date of the plan.")]})
    if not plan.items.to_hand_on().exists():
        raise ValidationError(_("No item is open, so there is nothing to hand on."))
    carry_over = CarryOver(plan=plan, on=on, created_at=timezone.now(), by=by)
    try:
        with transaction.atomic():
            save_signed(carry_over, by)
    except IntegrityError as error:
        raise ValidationError(_("The plan is already being carried over.")) from error
    return carry_over


@changes_pages
def choose(
    *, carry_over: CarryOver, item: ActionItem, outcome: str, bodies: Iterable[Body], by: Any, reason: str = ""
) -> CarryOverChoice:
    """What becomes of one item; a choice made before is replaced.

    Raises ValidationError keyed by outcome, bodies or reason, and CarryOverEnded.
    """
    refuse_cpr(reason=reason)
    locked = lock_draft(carry_over)
    if not locked.plan.items.to_hand_on().filter(pk=item.pk).exists():
        raise ValidationError(_("The item is not open in this plan, so it cannot be handed on."))
    targets = list(dict.fromkeys(bodies))
    _check(locked, item, outcome, targets, reason)
    choice = CarryOverChoice.objects.filter(carry_over=locked, item=item).first()
    choice = choice or CarryOverChoice(carry_over=locked, item=item)
    choice.outcome, choice.reason, choice.by = outcome, reason.strip(), by
    save_signed(choice, by, why=", ".join(body.name for body in targets))
    choice.targets.all().delete()
    CarryOverTarget.objects.bulk_create(CarryOverTarget(choice=choice, body=body) for body in targets)
    return choice


@changes_pages
def choose_each(*, carry_over: CarryOver, wanted: Mapping[ActionItem, Body | None], by: Any) -> int:
    """The page of choices saved at once: continues in that body, or (None) not chosen. Returns how many changed."""
    locked = lock_draft(carry_over)
    present = {choice.item_id: choice for choice in locked.choices.prefetch_related("targets")}
    new: dict[ActionItem, Body] = {}
    changed = 0
    for item, body in wanted.items():
        choice = present.get(item.pk)
        if choice is not None and body is not None and _continues_in(choice, body):
            continue
        if choice is not None:
            _remove(choice, by)
            changed += body is None
        if body is not None:
            _check(locked, item, Outcome.CONTINUES, [body], "")
            new[item] = body
    _continue_in(locked, new, by)
    return changed + len(new)


@changes_pages
def choose_for_rest(*, carry_over: CarryOver, body: Body, by: Any) -> int:
    """All items without a choice continue in that body. Returns how many they were."""
    locked = lock_draft(carry_over)
    rest = locked.plan.items.to_hand_on().exclude(carry_over_choices__carry_over=locked)
    wanted = dict.fromkeys(rest.order_by("position", "number"), body)
    for item in list(wanted)[:1]:
        _check(locked, item, Outcome.CONTINUES, [body], "")
    _continue_in(locked, wanted, by)
    return len(wanted)


@changes_pages
def unchoose(*, carry_over: CarryOver, item: ActionItem, by: Any) -> bool:
    """Take the item's choice back; False when it had none."""
    choice = CarryOverChoice.objects.filter(carry_over=lock_draft(carry_over), item=item).first()
    if choice is not None:
        _remove(choice, by)
    return choice is not None


@changes_pages
def cancel_carry_over(*, carry_over: CarryOver, by: Any) -> None:
    """Give the hand-over up. What had been chosen stays readable in its history."""
    locked = lock_draft(carry_over)
    locked.state, locked.finished_at, locked.finished_by = CarryOverState.CANCELLED, timezone.now(), by
    save_signed(locked, by)


def fingerprint(carry_over: CarryOver) -> str:
    """The choices in short: a summary confirms exactly what it showed. Two queries."""
    return fingerprint_of(
        carry_over.pk,
        (
            (choice.item_id, choice.outcome, choice.reason, [target.body_id for target in choice.targets.all()])
            for choice in carry_over.choices.prefetch_related("targets")
        ),
    )


def fingerprint_of(carry_over_id: int, choices: Iterable[tuple[int, str, str, Iterable[int]]]) -> str:
    """The same of (item, outcome, reason, bodies) fetched already."""
    rows = sorted((item, outcome, reason, sorted(bodies)) for item, outcome, reason, bodies in choices)
    return hashlib.sha256(json.dumps([carry_over_id, rows]).encode()).hexdigest()


def lock_draft(carry_over: CarryOver) -> CarryOver:
    """The hand-over, held until the transaction ends. Raises CarryOverEnded."""
    locked = CarryOver.objects.select_for_update().get(pk=carry_over.pk)
    if locked.state != CarryOverState.DRAFT:
        raise CarryOverEnded(locked)
    return locked


def _check(carry_over: CarryOver, item: ActionItem, outcome: str, bodies: list[Body], reason: str) -> None:
    errors: dict[str, list[str]] = {}
    if outcome not in Outcome.values:
        errors["outcome"] = [_("Choose what becomes of the item.")]
    elif outcome == Outcome.CLOSED:
        if not reason.strip():
            errors["reason"] = [_("Write why it ends here.")]
        if bodies:
            errors["bodies"] = [
                _("An item that ends here goes to nobody. Take the ticks away, or choose another answer.")
            ]
    elif outcome == Outcome.CONTINUES and len(bodies) != 1:
        errors["bodies"] = [_("Choose the one body it continues in. To several it is divided.")]
    elif outcome == Outcome.SPLIT and len(bodies) < 2:
        errors["bodies"] = [_("Choose the bodies it is divided between: at least two.")]
    for body in bodies:
        problem = _cannot_take_over(carry_over, body)
        if problem:
            errors.setdefault("bodies", []).append(problem)
    if errors:
        raise ValidationError(errors)


def _cannot_take_over(carry_over: CarryOver, body: Body) -> str:
    starts, ends = body.valid_from, body.valid_to
    if (starts is not None and starts > carry_over.on) or (ends is not None and ends < carry_over.on):
        return _("%(body)s does not exist on the day of the hand-over.") % {"body": body.name}
    if body.pk == carry_over.plan.body_id:
        return _("The item already stands with %(body)s.") % {"body": body.name}
    return ""


def _continues_in(choice: CarryOverChoice, body: Body) -> bool:
    return choice.outcome == Outcome.CONTINUES and [target.body_id for target in choice.targets.all()] == [body.pk]


def _continue_in(carry_over: CarryOver, wanted: Mapping[ActionItem, Body], by: Any) -> None:
    """New choices, in the same few queries whatever their number."""
    if not wanted:
        return
    names = ", ".join(sorted({body.name for body in wanted.values()}))
    choices = bulk_create_with_history(
        [CarryOverChoice(carry_over=carry_over, item=item, outcome=Outcome.CONTINUES, by=by) for item in wanted],
        CarryOverChoice,
        default_user=by,
        default_change_reason=names[:REASON_LENGTH],
    )
    CarryOverTarget.objects.bulk_create(
        CarryOverTarget(choice=choice, body=body) for choice, body in zip(choices, wanted.values(), strict=True)
    )


def _remove(choice: CarryOverChoice, by: Any) -> None:
    choice._history_user = by  # type: ignore[attr-defined]
    choice.delete()
