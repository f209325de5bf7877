"""Who may fetch and publish figures: the site's data stewards, by Django permission."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

STEWARD = "sundhedsaftale.steward_data"


def user_can_refresh(user: Any) -> bool:
    return bool(user.is_active and user.has_perm(STEWARD))


def check_user_can_refresh(user: Any) -> None:
    if not user_can_refresh(user):
        raise PermissionDenied(_("Only a data steward can fetch figures."))
