"""The two roles that hold for the whole site."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from indicators.permissions import check_user_is_administrator, user_is_administrator, user_is_steward
from tests.factories import make_steward, make_user

pytestmark = pytest.mark.django_db


def test_a_steward_is_no_administrator_and_an_administrator_is_a_steward_too() -> None:
    steward, administrator, anybody = make_steward(), make_user("a@example.dk", is_superuser=True), make_user()
    rights = [(user_is_steward(who), user_is_administrator(who)) for who in (steward, administrator, anybody)]
    assert rights == [(True, False), (True, True), (False, False)]
    check_user_is_administrator(administrator)
    for who in (steward, anybody, AnonymousUser()):
        with pytest.raises(PermissionDenied, match="administrator"):
            check_user_is_administrator(who)


def test_neither_outlives_the_account() -> None:
    for who in (make_steward(), make_user("a@example.dk", is_superuser=True)):
        who.is_active = False
        assert (user_is_steward(who), user_is_administrator(who)) == (False, False)
