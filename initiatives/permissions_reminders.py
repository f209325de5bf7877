"""Who may see what reminders would be sent, and say when a body's secretary and chair are told."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from initiatives.models import Body
from initiatives.permissions import SECRETARIAT, User, body_ids_with_role


def reminder_body_ids(user: User, *, today: date) -> set[int] | None:
    """The bodies whose reminders the person sees: those they are secretary of; None for all of them. One query.

    Raises PermissionDenied when there is none.
    """
    bodies = visible_body_ids(user, today=today)
    if bodies is not None and not bodies:
        raise PermissionDenied(_("Only secretaries can see the log of reminders."))
    return bodies


def visible_body_ids(user: User, *, today: date) -> set[int] | None:
    """The same for an address that must not tell that there is anything: the empty set for nobody's."""
    if user.is_superuser and user.is_active:
        return None
    return body_ids_with_role(user, SECRETARIAT, today=today)


def user_can_set_telling(user: User, body: Body, *, today: date) -> bool:
    return bool(user.is_superuser) or body.pk in body_ids_with_role(user, SECRETARIAT, today=today)


def check_user_can_set_telling(user: User, body: Body, *, today: date) -> None:
    if not user_can_set_telling(user, body, today=today):
        raise PermissionDenied(
            _("Only the secretariat of %(body)s can say when its secretary and chair are told.") % {"body": body.name}
        )
