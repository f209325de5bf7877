"""Who is reached: people with the roles that count on a day, and whoever stands in for those who are away.

Five questions to the database for any number of people. What depends on the day is answered from memory, so that the days
to come can be looked at too.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from initiatives.models import Delegation, Membership, Role

PAUSED = "paused"
ABSENT = "absent"
STEWARD = "steward_data"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant: the persons if there are any who can be, else the first of the groups that has somebody in it.

    groups: (roles, bodies) in the order they are asked. bodies: those whose deputies take over, and whose absences count.
    """

    persons: tuple[int, ...] = ()
    groups: tuple[tuple[tuple[str, ...], frozenset[int]], ...] = ()
    bodies: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    name: str
    paused_until: date | None
    weekly: bool


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody who was meant and gets nothing, why, until when, and who gets it instead (None: the bodies' deputies)."""

    person: int
    why: str
    until: date
    deputy: int | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """to: who gets it, with "" or the role of a stand-in. away: who does not."""

    to: dict[int, str] = field(default_factory=dict)
    away: tuple[Away, ...] = ()


@dataclass(frozen=True, slots=True)
class _Absence:
    person: int
    deputy: int
    body: int | None
    first: date
    last: date


class People:
    def __init__(self, first: date, last: date) -> None:
        """Everybody who holds a role, or is away, on some day from first to last. Four queries."""
        self.persons = {
            pk: Person(pk, name, paused, rhythm == "weekly")
            for pk, name, paused, rhythm in get_user_model()
            .objects.filter(is_active=True, closed_on__isnull=True)
            .values_list("pk", "name", "reminders_paused_until", "mail_rhythm")
        }
        self._roles: dict[tuple[int, str], list[tuple[int, date | None, date | None]]] = {}
        held = Membership.objects.filter(_overlaps(first, last), user__is_active=True).order_by("user_id", "pk")
        wanted = (Role.SECRETARY, Role.CHAIR, Role.LEAD, Role.DEPUTY)
        rows = held.filter(role__in=wanted).values_list("body_id", "role", "user_id", "valid_from", "valid_to")
        for body, role, person, begins, ends in rows:
            if person in self.persons:
                self._roles.setdefault((body, role), []).append((person, begins, ends))
        self._absences: dict[int, list[_Absence]] = {}
        away = Delegation.objects.filter(first_day__lte=last, last_day__gte=first, ended_at__isnull=True).order_by("pk")
        for row in away.values_list("person_id", "deputy_id", "body_id", "first_day", "last_day"):
            self._absences.setdefault(row[0], []).append(_Absence(*row))
        self.stewards = tuple(sorted(self.persons.keys() & set(_stewards())))
        self._changes = sorted(self._days_of_change())
        self._reached: dict[tuple[Audience, int], Reach] = {}

    def stage(self, day: date) -> int:
        """The same number for days between which nobody's roles, absences and pauses change."""
        return bisect_right(self._changes, day)

    def reach(self, audience: Audience, day: date) -> Reach:
        key = (audience, self.stage(day))
        if key not in self._reached:
            self._reached[key] = self._find(audience, day)
        return self._reached[key]

    def _find(self, audience: Audience, day: date) -> Reach:
        meant = [person for person in audience.persons if person in self.persons]
        for roles, bodies in audience.groups:
            meant = meant or self._holders(roles, bodies, day)
        to: dict[int, str] = {}
        away, uncovered = [], not meant
        for person in meant:
            gone = self._away(person, audience.bodies, day)
            if gone is None:
                to[person] = ""
                continue
            away.append(gone)
            if gone.deputy is None:
                uncovered = True
            else:
                to.setdefault(gone.deputy, Role.DEPUTY)
        if uncovered:
            for deputy in self._holders((Role.DEPUTY,), audience.bodies, day):
                if self._away(deputy, audience.bodies, day) is None:
                    to.setdefault(deputy, Role.DEPUTY)
        return Reach(to, tuple(away))

    def _holders(self, roles: tuple[str, ...], bodies: frozenset[int], day: date) -> list[int]:
        found: dict[int, None] = {}
        for body in sorted(bodies):
            for role in roles:
                for person, begins, ends in self._roles.get((body, role), ()):
                    if (begins is None or begins <= day) and (ends is None or ends >= day):
                        found[person] = None
        return list(found)

    def _away(self, person: int, bodies: frozenset[int], day: date) -> Away | None:
        """None while they are there. A deputy who is away too is not followed further: then the bodies' deputies get it."""
        paused = self.persons[person].paused_until
        for absence in self._absences.get(person, ()):
            if absence.first <= day <= absence.last and (absence.body is None or absence.body in bodies):
                deputy = absence.deputy if self._is_there(absence.deputy, bodies, day) else None
                return Away(person, ABSENT, absence.last, deputy)
        return Away(person, PAUSED, paused) if paused is not None and paused >= day else None

    def _is_there(self, person: int, bodies: frozenset[int], day: date) -> bool:
        if person not in self.persons:
            return False
        paused = self.persons[person].paused_until
        gone = any(
            one.first <= day <= one.last and (one.body is None or one.body in bodies)
            for one in self._absences.get(person, ())
        )
        return not gone and (paused is None or paused < day)

    def _days_of_change(self) -> set[date]:
        days: set[date | None] = set()
        after = timedelta(days=1)
        for rows in self._roles.values():
            for _person, begins, ends in rows:
                days |= {begins, ends and ends + after}
        for absences in self._absences.values():
            for one in absences:
                days |= {one.first, one.last + after}
        days |= {one.paused_until and one.paused_until + after for one in self.persons.values()}
        return {day for day in days if day is not None}


def _overlaps(first: date, last: date) -> Q:
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=last)
    return begun & (Q(valid_to__isnull=True) | Q(valid_to__gte=first))


def _stewards() -> Any:
    """Whoever may fetch figures by permission of their own or of their group. Who may everything is not asked."""
    own = Q(user_permissions__codename=STEWARD, user_permissions__content_type__app_label="sundhedsaftale")
    group = Q(groups__permissions__codename=STEWARD, groups__permissions__content_type__app_label="sundhedsaftale")
    return get_user_model().objects.filter(own | group, is_active=True).values_list("pk", flat=True).distinct()
