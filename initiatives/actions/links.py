"""Links from items and initiatives to goals and indicators, drawn and removed with a reason."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from indicators.models import Goal, Indicator
from initiatives.actions.free_text import refuse_cpr
from initiatives.models import ActionItem, Contribution, Initiative


@changes_pages
def add_link(
    *,
    thing: ActionItem | Initiative,
    target: Goal | Indicator,
    reason: str,
    by: Any,
    note: str = "",
) -> Contribution:
    """Draw the link. Raises ValidationError when the reason is missing or the link already stands."""
    refuse_cpr(reason=reason, note=note)
    if not reason.strip():
        raise ValidationError({"reason": [_("Write why the link is there.")]})
    try:
        with transaction.atomic():
            return Contribution.objects.create(
                item=thing if isinstance(thing, ActionItem) else None,
                initiative=thing if isinstance(thing, Initiative) else None,
                goal=target if isinstance(target, Goal) else None,
                indicator=target if isinstance(target, Indicator) else None,
                reason=reason.strip(),
                note=note.strip(),
                created_at=timezone.now(),
                by=by,
            )
    except IntegrityError as error:
        raise ValidationError({"target": [_("The link is already there.")]}) from error


@changes_pages
def remove_link(*, link: Contribution, reason: str, by: Any) -> Contribution:
    """Take the link away; the row stays with who and why. Removing it twice changes nothing."""
    refuse_cpr(removed_reason=reason)
    if not reason.strip():
        raise ValidationError({"removed_reason": [_("Write why the link is removed.")]})
    changed = Contribution.objects.filter(pk=link.pk, removed_at__isnull=True).update(
        removed_at=timezone.now(), removed_by=by, removed_reason=reason.strip()
    )
    if changed:
        link.refresh_from_db()
    return link
