"""Targets set, changed and withdrawn. Each leaves a history row."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from indicators.models import Area, Indicator
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.plans import save_signed
from initiatives.models import Body, Target


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
    *, target: Target, value: Decimal, due_on: date, decided_on: date, by: Any, now: datetime, note: str = ""
) -> Target:
    """Another value or day; what it was stays in the history. Raises ValidationError."""
    if target.withdrawn_at is not None:
        raise ValidationError(_("The target is withdrawn and cannot be changed."))
    _check(note, due_on, decided_on, now.date())
    return _store(target, value, due_on, decided_on, note, by)


@changes_pages
def withdraw_target(*, target: Target, reason: str, by: Any, now: datetime) -> Target:
    """The target no longer holds. Raises ValidationError keyed by withdrawn_reason, or when it is withdrawn already."""
    refuse_cpr(withdrawn_reason=reason)
    if not reason.strip():
        raise ValidationError({"withdrawn_reason": [_("Write why the target is withdrawn.")]})
    if target.withdrawn_at is not None:
        raise ValidationError(_("The target is withdrawn already."))
    target.withdrawn_at, target.withdrawn_by, target.withdrawn_reason = now, by, reason.strip()
    save_signed(target, by, why=_("Target withdrawn: %(reason)s") % {"reason": reason.strip()})
    return target


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
