"""Who a person knows here: whose account they may be told of. Nobody else's address is confirmed or denied to them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet

from initiatives.models import Membership
from initiatives.standing_in import exercised_memberships

User = Any  # the project's user model; this app may not import the project


def people_known_to(user: User, *, today: date) -> QuerySet[Any]:
    """Open accounts of whoever has, or has had, a role in a body the person is in now; all of them for an administrator."""
    people = get_user_model().objects.filter(is_active=True)
    if user.is_superuser:
        return people
    bodies = exercised_memberships(user, today=today).values("body")
    return people.filter(pk__in=Membership.objects.filter(body__in=bodies).values("user"))


def people_beside(person: User, *, today: date) -> QuerySet[Any]:
    """Open accounts of the others who have a role today in one of the person's own bodies."""
    bodies = Membership.objects.valid_on(today).filter(user=person).values("body")
    beside = Membership.objects.valid_on(today).filter(body__in=bodies).values("user")
    return get_user_model().objects.filter(is_active=True, pk__in=beside).exclude(pk=person.pk)
