"""Who may see and change who is in a body: the pairs about people, see `permissions.py`.

Names and roles are personal data: the members of a body read them, nobody else, and nobody who is not signed in. Mail
addresses and who is invited are for those who give out the roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from initiatives.models import Body, Delegation, Role
from initiatives.permissions import SECRETARIAT, User, body_ids_with_role
from initiatives.standing_in import exercised_memberships


def user_can_see_people(user: User, body: Body, *, today: date) -> bool:
    """Whoever has a role in the body that day, a reader too, and whoever runs the site."""
    return _runs_the_site(user) or body.pk in body_ids_with_role(user, tuple(Role.values), today=today)


def check_user_can_see_people(user: User, body: Body, *, today: date) -> None:
    if not user_can_see_people(user, body, today=today):
        raise PermissionDenied(_("Only those who are in %(body)s can see who is in it.") % {"body": body.name})


def user_can_manage_people(user: User, body: Body, *, today: date) -> bool:
    """Give, date and end roles, and invite: the body's secretariat, and whoever runs the site."""
    return _runs_the_site(user) or body.pk in body_ids_with_role(user, SECRETARIAT, today=today)


def check_user_can_manage_people(user: User, body: Body, *, today: date) -> None:
    if not user_can_manage_people(user, body, today=today):
        raise PermissionDenied(
            _("Only the secretariat of %(body)s and an administrator can give out its roles.") % {"body": body.name}
        )


@dataclass(frozen=True)
class PeopleRights:
    see: bool
    manage: bool


def people_rights(user: User, body: Body, *, today: date) -> PeopleRights:
    """The same answers as the two pairs above, in one query for both."""
    if _runs_the_site(user):
        return PeopleRights(see=True, manage=True)
    if not user.is_authenticated or not user.is_active:
        return PeopleRights(see=False, manage=False)
    own = set(exercised_memberships(user, today=today).filter(body=body).values_list("role", flat=True))
    return PeopleRights(see=bool(own), manage=bool(own & set(SECRETARIAT)))


def user_can_end_absence(user: User, delegation: Delegation, *, today: date) -> bool:
    """The absent person; for an absence from one body its secretariat too; and whoever runs the site."""
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser or delegation.person_id == user.pk:
        return True
    return delegation.body_id is not None and delegation.body_id in body_ids_with_role(user, SECRETARIAT, today=today)


def check_user_can_end_absence(user: User, delegation: Delegation, *, today: date) -> None:
    if not user_can_end_absence(user, delegation, today=today):
        if delegation.body is None:
            raise PermissionDenied(_("Only the absent person and an administrator can end this."))
        raise PermissionDenied(
            _("Only the absent person, the secretariat of %(body)s and an administrator can end this.")
            % {"body": delegation.body.name}
        )


def _runs_the_site(user: User) -> bool:
    return bool(user.is_authenticated and user.is_active and user.is_superuser)
