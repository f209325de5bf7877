"""When a body's secretary, and then its chair, is told that nobody has written a status since a deadline."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from initiatives.actions.plans import save_signed
from initiatives.models import Body

MOST_DAYS = 365


@transaction.atomic
def update_telling(*, body: Body, tell_secretary_days: int | None, tell_chair_days: int | None, by: Any) -> Body:
    """Days after the deadline; None is never. It counts from the next run, also for deadlines that have passed.

    Raises ValidationError keyed by field; then nothing is stored. No page for readers who are not signed in shows it.
    """
    errors: dict[str, list[str]] = {}
    for name, days in (("tell_secretary_days", tell_secretary_days), ("tell_chair_days", tell_chair_days)):
        if days is not None and not 1 <= days <= MOST_DAYS:
            errors[name] = [_("Write a number of days between 1 and %(most)s, or nothing.") % {"most": MOST_DAYS}]
    both = tell_secretary_days is not None and tell_chair_days is not None
    if not errors and both and (tell_chair_days or 0) <= (tell_secretary_days or 0):
        errors["tell_chair_days"] = [_("The secretary must be told before the chair.")]
    if errors:
        raise ValidationError(errors)
    locked = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    locked.tell_secretary_days, locked.tell_chair_days = tell_secretary_days, tell_chair_days
    save_signed(locked, by)
    return locked
