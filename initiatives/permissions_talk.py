"""Who may read and write the comments on an item or an initiative.

Comments are between colleagues: everybody with a role in a body that owns the plan, carries the item or does the
initiative reads them, and so does the item's coordinator. Readers read; everybody else there writes too.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from initiatives.models import ActionItem, Comment, Initiative, Membership, Role
from initiatives.permissions import User, body_ids_with_role
from initiatives.standing_in import exercised_memberships

EVERY_ROLE = tuple(Role.values)
WRITES_COMMENTS = tuple(role for role in Role.values if role != Role.READER)
Talked = ActionItem | Initiative


def talking_bodies(thing: Talked) -> set[int]:
    """The bodies whose people talk about it. An item comes with its plan and anchorings fetched."""
    if isinstance(thing, Initiative):
        return {thing.body_id}
    return {thing.plan.body_id, *(anchoring.body_id for anchoring in thing.anchorings.all())}


def _may(user: User, thing: Talked, roles: tuple[str, ...], today: date) -> bool:
    if not user.is_authenticated or not user.is_active:
        return False
    if user.is_superuser or (isinstance(thing, ActionItem) and thing.coordinator_id == user.pk):
        return True
    return bool(talking_bodies(thing) & body_ids_with_role(user, roles, today=today))


def user_can_read_comments(user: User, thing: Talked, *, today: date) -> bool:
    return _may(user, thing, EVERY_ROLE, today)


def check_user_can_read_comments(user: User, thing: Talked, *, today: date) -> None:
    if not user_can_read_comments(user, thing, today=today):
        raise PermissionDenied(who_talks(thing))


def user_can_write_comment(user: User, thing: Talked, *, today: date) -> bool:
    return _may(user, thing, WRITES_COMMENTS, today)


def check_user_can_write_comment(user: User, thing: Talked, *, today: date) -> None:
    if not user_can_write_comment(user, thing, today=today):
        raise PermissionDenied(who_talks(thing))


def user_can_withdraw_comment(user: User, comment: Comment) -> bool:
    """Whoever wrote it, for as long as they can sign in."""
    return bool(user.is_authenticated and user.is_active and comment.by_id == user.pk)


def check_user_can_withdraw_comment(user: User, comment: Comment) -> None:
    if not user_can_withdraw_comment(user, comment):
        thing = comment.item or comment.initiative
        assert thing is not None  # nosec B101
        body = thing.body if isinstance(thing, Initiative) else thing.plan.body
        raise PermissionDenied(
            _("Only whoever wrote a comment can withdraw it. It stands with %(body)s.") % {"body": body.name}
        )


def who_talks(thing: Talked) -> str:
    """Names who can, for whoever cannot."""
    if isinstance(thing, Initiative):
        return _("Only those with a role in %(body)s can read and write comments here.") % {"body": thing.body.name}
    return _(
        "Only those with a role in %(body)s, or in a body that carries the item, can read and write comments here."
    ) % {"body": thing.plan.body.name}


def colleagues(thing: Talked, *, today: date) -> QuerySet[Any]:
    """Everybody who can be named in a comment: those who may read it because of a role, and the coordinator."""
    people = get_user_model()._default_manager
    roles = Membership.objects.valid_on(today).filter(user=OuterRef("pk"), body__in=talking_bodies(thing))
    who = Q(Exists(roles))
    if isinstance(thing, ActionItem) and thing.coordinator_id is not None:
        who |= Q(pk=thing.coordinator_id)
    return people.filter(who, is_active=True).order_by("name", "email")


def readable_comments(user: User, *, today: date) -> Q:
    """A condition on comments: those `user_can_read_comments` says yes to, whatever they stand on."""
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.is_superuser:
        return Q()
    bodies = exercised_memberships(user, today=today).values("body_id")
    carried = ActionItem.objects.filter(anchorings__body__in=bodies)
    return (
        Q(item__coordinator=user)
        | Q(item__plan__body__in=bodies)
        | Q(item__in=carried.values("pk"))
        | Q(initiative__body__in=bodies)
    )


def user_can_follow(user: User) -> bool:
    """Everybody who signs in: what can be followed is everybody's to read."""
    return bool(user.is_authenticated and user.is_active)


def check_user_can_follow(user: User) -> None:
    if not user_can_follow(user):
        raise PermissionDenied(_("Sign in to follow something."))
