"""The two roles that hold for the whole site: data stewards, by Django permission, and administrators."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

STEWARD = "sundhedsaftale.steward_data"


def user_is_steward(user: Any) -> bool:
    """By permission; an administrator is one too."""
    return bool(user.is_active and user.has_perm(STEWARD))


def user_is_administrator(user: Any) -> bool:
    """Whoever runs the site."""
    return bool(user.is_active and user.is_superuser)


def check_user_is_administrator(user: Any) -> None:
    if not user_is_administrator(user):
        raise PermissionDenied(_("Only an administrator of the site can do this."))


def user_can_refresh(user: Any) -> bool:
    return user_is_steward(user)


def check_user_can_refresh(user: Any) -> None:
    if not user_can_refresh(user):
        raise PermissionDenied(_("Only a data steward can fetch figures."))


def user_can_decide_figures(user: Any) -> bool:
    """Approve or turn down a file that waits, roll an edition back and bring it back, and see figures held back."""
    return user_is_steward(user)


def check_user_can_decide_figures(user: Any) -> None:
    if not user_can_decide_figures(user):
        raise PermissionDenied(_("Only a data steward can decide about figures."))


def user_can_hand_over_tables(user: Any) -> bool:
    """Hand over files of figures, declare how a source's tables are laid out, and say what a name in them means."""
    return user_is_steward(user)


def check_user_can_hand_over_tables(user: Any) -> None:
    if not user_can_hand_over_tables(user):
        raise PermissionDenied(_("Only a data steward can hand over files of figures."))
