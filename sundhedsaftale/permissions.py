"""Who may do what with the accounts of the site: pairs as in the apps."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _


def user_can_manage_accounts(user: Any) -> bool:
    return bool(user.is_authenticated and user.is_active and user.is_superuser)


def check_user_can_manage_accounts(user: Any) -> None:
    if not user_can_manage_accounts(user):
        raise PermissionDenied(_("Only an administrator can see and change the accounts of the site."))
