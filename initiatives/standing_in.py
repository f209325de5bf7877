"""Whose roles a person has on a day: their own, and those of everybody they stand in for.

A deputy has the absent person's roles in the bodies the absence is about, and may write for the items the absent
person coordinates there. Only one step: whoever stands in for somebody who stands in for a third has nothing of the
third's. What a deputy writes is the deputy's; nothing here changes who a row says wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value

from initiatives.models import Anchoring, Delegation, Membership

User = Any  # the project's user model; this app may not import the project

AWAY = "away"  # marks the rows of absences among those of roles


@dataclass(frozen=True)
class Roles:
    """What a person has on a day, in one query.

    own: (body, role) of the person; lent: (absent person, body, role) they have as a deputy;
    stands_in_for: (absent person, body or None for every body).
    """

    own: frozenset[tuple[int, str]] = frozenset()
    lent: frozenset[tuple[int, int, str]] = frozenset()
    stands_in_for: frozenset[tuple[int, int | None]] = frozenset()

    @property
    def all(self) -> set[tuple[int, str]]:
        return {*self.own, *((body, role) for _person, body, role in self.lent)}

    def in_body(self, body_id: int) -> set[str]:
        return {role for body, role in self.all if body == body_id}

    def bodies(self, roles: Iterable[str]) -> frozenset[int]:
        wanted = set(roles)
        return frozenset(body for body, role in self.all if role in wanted)

    def own_bodies(self, roles: Iterable[str]) -> frozenset[int]:
        wanted = set(roles)
        return frozenset(body for body, role in self.own if role in wanted)


def exercised_memberships(user: User, *, today: date) -> QuerySet[Membership]:
    """The memberships whose rights the person has that day. One query; a row for each, never twice."""
    standing_in = (
        Delegation.objects.valid_on(today)
        .filter(deputy=user, person=OuterRef("user"))
        .filter(Q(body__isnull=True) | Q(body=OuterRef("body")))
    )
    return Membership.objects.valid_on(today).filter(Q(user=user) | Q(Exists(standing_in)))


def roles_on(user: User, *, today: date) -> Roles:
    """Everything at once. One query."""
    held = exercised_memberships(user, today=today).order_by().values_list("user_id", "body_id", "role")
    away = (
        Delegation.objects.valid_on(today)
        .filter(deputy=user)
        .order_by()
        .values_list("person_id", "body_id", Value(AWAY))
    )
    rows = set(held.union(away, all=True))
    return Roles(
        own=frozenset((body, role) for person, body, role in rows if role != AWAY and person == user.pk),
        lent=frozenset((person, body, role) for person, body, role in rows if role != AWAY and person != user.pk),
        stands_in_for=frozenset((person, body) for person, body, role in rows if role == AWAY),
    )


def coordinated_by(user: User, *, today: date) -> Q:
    """A condition on items: those the person coordinates, and those of a coordinator they stand in for that day.

    An absence from one body is about the items of its plans and those it carries.
    """
    carried = Anchoring.objects.filter(item=OuterRef(OuterRef("pk"))).values("body")
    standing_in = (
        Delegation.objects.valid_on(today)
        .filter(deputy=user, person=OuterRef("coordinator"))
        .filter(Q(body__isnull=True) | Q(body=OuterRef("plan__body")) | Q(body__in=carried))
    )
    return Q(coordinator=user) | Q(Exists(standing_in))


def deputies_on(people: Iterable[int], *, body_id: int, today: date) -> dict[int, Any]:
    """Absent person -> their deputy that day in the body. Only those whose account is open. One query."""
    rows = (
        Delegation.objects.valid_on(today)
        .filter(Q(body__isnull=True) | Q(body=body_id), person__in=list(people), deputy__is_active=True)
        .select_related("deputy")
    )
    return {row.person_id: row.deputy for row in rows}


def covers(stands_in_for: Iterable[tuple[int, int | None]], *, person: int | None, bodies: Iterable[int]) -> bool:
    """Whether one who stands in so stands in for the person in something that concerns the bodies. No query."""
    concerned = set(bodies)
    return person is not None and any(
        away == person and (body is None or body in concerned) for away, body in stands_in_for
    )


def stands_in_for_coordinator(user: User, item: Any, *, today: date) -> bool:
    """Whether the person stands in for the item's coordinator. No query when there is none; its anchorings are read."""
    if item.coordinator_id is None:
        return False
    away = Delegation.objects.valid_on(today).filter(deputy=user, person=item.coordinator_id)
    bodies = {item.plan.body_id, *(anchoring.body_id for anchoring in item.anchorings.all())}
    rows = [(item.coordinator_id, body) for body in away.values_list("body_id", flat=True)]
    return covers(rows, person=item.coordinator_id, bodies=bodies)
