"""Who can do what, printed from the one table that the site is held to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from indicators.permissions import user_is_administrator, user_is_steward
from initiatives.models import Membership
from sundhedsaftale.access import TABLE, Deed, Who

#: What each role is, in the order it is met. Those before the body's own are left out: they explain themselves.
ROLES = (Who.SECRETARY, Who.CHAIR, Who.LEAD, Who.DEPUTY, Who.MEMBER, Who.READER, Who.COORDINATOR, Who.STEWARD,
         Who.ADMINISTRATOR)  # fmt: skip


@dataclass(frozen=True)
class DeedRow:
    what: str
    who: tuple[str, ...]
    of: str  # whose roles count; "" when no role does
    others: str


@dataclass(frozen=True)
class ThingTable:
    anchor: str
    name: str
    rows: tuple[DeedRow, ...]


@dataclass(frozen=True)
class RoleRow:
    name: str
    meaning: str
    count: int  # deeds the role opens that are not open to everybody


@dataclass(frozen=True)
class AccessPage:
    things: tuple[ThingTable, ...]
    roles: tuple[RoleRow, ...]
    own: tuple[str, ...] | None  # what the reader is today; None for somebody who is not signed in


def access_page(user: Any, *, today: date) -> AccessPage:
    """No query but the reader's own roles: the table is code."""
    deeds = [deed for thing in TABLE for deed in thing.deeds]
    things = tuple(
        ThingTable(f"adgang-{number}", str(thing.name), tuple(_row(deed) for deed in thing.deeds))
        for number, thing in enumerate(TABLE, 1)
    )
    meanings = _meanings()
    roles = tuple(
        RoleRow(str(role.label), meanings[role], sum(role in _spread(deed) for deed in deeds)) for role in ROLES
    )
    return AccessPage(things, roles, own_roles(user, today=today) if user.is_authenticated else None)


def own_roles(user: Any, *, today: date) -> tuple[str, ...]:
    """ "Secretary, Udvalget": the roles a person holds today, those of the whole site last."""
    memberships = Membership.objects.valid_on(today).filter(user=user).select_related("body")
    held = [f"{row.get_role_display()}, {row.body.name}" for row in memberships.order_by("body__sort_key", "role")]
    if user_is_administrator(user):
        held.append(str(Who.ADMINISTRATOR.label))
    elif user_is_steward(user):
        held.append(str(Who.STEWARD.label))
    return tuple(held)


def _row(deed: Deed) -> DeedRow:
    return DeedRow(str(deed.what), tuple(str(who.label) for who in deed.who), str(deed.of), _others(deed))


def _others(deed: Deed) -> str:
    if deed.is_public:
        return _("Nobody is refused.")
    if deed.hidden:
        return _("Get the page for what does not exist: they may not know that it is there.")
    if deed.asks_to_sign_in("POST"):
        return _("Are asked to sign in.")
    return _("Are told who can.")


def _spread(deed: Deed) -> set[Who]:
    """Those who answer for an item are four roles of the bodies that carry it."""
    owners = {Who.SECRETARY, Who.CHAIR, Who.LEAD, Who.DEPUTY} if Who.OWNER in deed.who else set()
    return {*deed.who, *owners}


def _meanings() -> dict[Who, str]:
    return {
        Who.SECRETARY: _("Keeps the body's plans, meetings and annexes."),
        Who.CHAIR: _("Records decisions, and approves what is frozen where the body asks for it."),
        Who.LEAD: _("Answers for the items its body carries, and logs its initiatives."),
        Who.DEPUTY: _("Does the same as the lead."),
        Who.MEMBER: _("Sits in the body. Can be named coordinator of an item."),
        Who.READER: _("Follows the body's work."),
        Who.COORDINATOR: _("Named on the item itself. Keeps it moving, and may write its status."),
        Who.STEWARD: _("Looks after the figures of the whole site."),
        Who.ADMINISTRATOR: _("Runs the site. Can do what the secretariats can, but approves nothing for a chair."),
    }
