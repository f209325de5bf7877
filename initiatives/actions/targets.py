"""Targets set, changed and withdrawn. Each leaves a history row."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from indicators.models import Area, Indicator
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.plans import save_signed
from initiatives.models import Body, Target
from sundhedsaftale.lib.danish import format_date, format_number


class TargetConflict(ValidationError):
    """Somebody else changed the target after the form was opened. `current` is the target as it stands."""

    def __init__(self, current: Target) -> None:
        self.current = current
        language, value = get_language() or "da", current.value.normalize()
        decimals = max(0, -int(value.as_tuple().exponent))
        words = {"value": format_number(value, decimals, language), "day": format_date(current.due_on, language)}
        super().__init__(
            _(
                "Somebody has changed the target since you opened it: it is now %(value)s by %(day)s. "
                "What you wrote stands below; save again to keep it."
            )
            % words
        )


@changes_pages
def set_target(
    *,
    indicator: Indicator,
    area: Area,
    body: Body,
    value: Decimal,
    due_on: date,
    decided_on: date,
    by: Any,
    now: datetime,
    note: str = "",
) -> Target:
    """A new target. Raises ValidationError keyed by field, or for the whole when the body has one for the same day."""
    _check(note, due_on, decided_on, now.date())
    target = Target(indicator=indicator, area=area, body=body, created_at=now, by=by)
    return _store(target, value, due_on, decided_on, note, by)


@changes_pages
def update_target(
    *,
    target: Target,
    value: Decimal,
    due_on: date,
    decided_on: date,
    by: Any,
    now: datetime,
    note: str = "",
    opened_on: str = "",
) -> Target:
    """Another value or day; what it was stays in the history. Raises ValidationError.

    opened_on: the stamp the person's form was opened on, else that of `target` as it was read. Raises TargetConflict when
    somebody has changed the target since.
    """
    _check(note, due_on, decided_on, now.date())
    with transaction.atomic():
        current = _locked(target)
        if current.withdrawn_at is not None:
            raise ValidationError(_("The target is withdrawn and cannot be changed."))
        if stamp_of(current) != (opened_on or stamp_of(target)):
            raise TargetConflict(current)
        return _store(current, value, due_on, decided_on, note, by)


@changes_pages
def withdraw_target(*, target: Target, reason: str, by: Any, now: datetime) -> Target:
    """The target no longer holds. Raises ValidationError keyed by withdrawn_reason, or when it is withdrawn already."""
    refuse_cpr(withdrawn_reason=reason)
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": [_("Write why the target is withdrawn.")]})
    with transaction.atomic():
        current = _locked(target)
        if current.withdrawn_at is not None:
            raise ValidationError(_("The target is withdrawn already."))
        current.withdrawn_at, current.withdrawn_by, current.withdrawn_reason = now, by, reason.strip()
        save_signed(current, by, why=_("Target withdrawn: %(reason)s") % {"reason": reason.strip()})
    return current


def stamp_of(target: Target) -> str:
    """What a form was opened on: another one as soon as anything of the target has been changed."""
    facts = (target.value.normalize(), target.due_on, target.decided_on, target.note)
    return hashlib.sha256("\n".join(map(str, facts)).encode()).hexdigest()[:16]


def _locked(target: Target) -> Target:
    """As it stands now, and for nobody else to change before this is done."""
    return Target.objects.select_for_update(of=("self",)).select_related("indicator", "area", "body").get(pk=target.pk)


def _check(note: str, due_on: date, decided_on: date, today: date) -> None:
    refuse_cpr(note=note)
    if decided_on > today:
        raise ValidationError({"decided_on": [_("That day has not come yet.")]})
    if due_on <= decided_on:
        raise ValidationError({"due_on": [_("The day must come after the target was decided.")]})


def _store(target: Target, value: Decimal, due_on: date, decided_on: date, note: str, by: Any) -> Target:
    target.value, target.due_on, target.decided_on, target.note = value, due_on, decided_on, note.strip()
    target.full_clean(validate_unique=False)  # the constraints say what is wrong in words
    try:
        with transaction.atomic():
            save_signed(target, by)
    except IntegrityError as error:  # somebody else set the same one a moment ago
        raise ValidationError(_("The body already has a target for this indicator, area and day.")) from error
    return target
