"""For whom I have an item while they are away: the words on »My tasks«."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth import get_user_model
from django.utils.translation import gettext as _

from initiatives.permissions import ANSWERS_FOR_ITEM, SECRETARIAT
from initiatives.presenters.facts import ItemFacts
from initiatives.presenters.wording import language
from initiatives.standing_in import Roles, covers
from sundhedsaftale.lib.danish import join_words


def taken_over(items: Iterable[ItemFacts], roles: Roles, user: Any, plan_bodies: dict[int, int]) -> dict[int, str]:
    """Item -> "For Sekretær, who is away". Only items that are not mine anyway. One query, none when nobody is away.

    plan_bodies: plan -> its body.
    """
    if not roles.lent and not roles.stands_in_for:
        return {}
    people = {person for person, _body, _role in roles.lent} | {person for person, _body in roles.stands_in_for}
    names = {person.pk: str(person) for person in get_user_model().objects.filter(pk__in=people)}
    found = {}
    for item in items:
        body, owners = plan_bodies[item.plan_id], {owner.pk for owner in item.owners}
        if _is_own(item, roles, user, body, owners):
            continue
        absent = [name for person, name in names.items() if _is_theirs(item, roles, person, body, owners)]
        if absent:
            found[item.pk] = _("For %(who)s, who is away") % {"who": join_words(sorted(absent), language())}
    return found


def _is_own(item: ItemFacts, roles: Roles, user: Any, body: int, owners: set[int]) -> bool:
    if item.coordinator_id == user.pk or body in roles.own_bodies(SECRETARIAT):
        return True
    return bool(owners & roles.own_bodies(ANSWERS_FOR_ITEM))


def _is_theirs(item: ItemFacts, roles: Roles, person: int, body: int, owners: set[int]) -> bool:
    if item.coordinator_id == person and covers(roles.stands_in_for, person=person, bodies={body, *owners}):
        return True
    lent = {(where, role) for whose, where, role in roles.lent if whose == person}
    return any(
        (where == body and role in SECRETARIAT) or (where in owners and role in ANSWERS_FOR_ITEM)
        for where, role in lent
    )
