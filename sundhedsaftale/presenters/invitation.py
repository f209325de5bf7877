"""What an invitation is about, for whoever holds its link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.models import Invitation, Role
from initiatives.presenters.body_people import period_sentence
from initiatives.presenters.wording import day_text
from sundhedsaftale.models import User


@dataclass(frozen=True)
class InvitationPage:
    body: str
    body_url: str
    role: str
    may: str  # what the role may do
    dates: str
    by: str
    good_until: str
    email: str  # where it was sent, and what a new account is called
    has_account: bool  # there is an account with that address: sign in with it
    signed_in_as: str  # "" when nobody is
    other_address: bool  # signed in with another address than it was sent to


def invitation_page(invitation: Invitation, *, user: Any, today: date) -> InvitationPage:
    """The holder of the link has read the mail to that address, so whether it has an account is theirs to know."""
    signed_in = bool(user.is_authenticated)
    return InvitationPage(
        body=invitation.body.name,
        body_url=reverse("body", args=[invitation.body.slug]),
        role=invitation.get_role_display(),
        may=_may(invitation.role),
        dates=period_sentence(invitation.valid_from, invitation.valid_to, today=today),
        by=str(invitation.by),
        good_until=day_text(timezone.localtime(invitation.expires_at).date()),
        email=invitation.email,
        has_account=not signed_in and User.objects.filter(email=invitation.email).exists(),
        signed_in_as=_who(user) if signed_in else "",
        other_address=signed_in and user.email != invitation.email,
    )


def _who(user: Any) -> str:
    return f"{user.name} ({user.email})" if user.name else str(user.email)


def _may(role: str) -> str:
    return {
        Role.SECRETARY: _("Makes the plans and meetings of the body, writes every status and gives out roles."),
        Role.CHAIR: _("Approves what is frozen, records decisions and writes statuses for the body."),
        Role.LEAD: _("Writes statuses for the body and logs its initiatives."),
        Role.DEPUTY: _("Writes statuses for the body and logs its initiatives when others cannot."),
        Role.MEMBER: _("Sees who is in the body. Writes statuses of the items they coordinate."),
        Role.READER: _("Sees who is in the body. Is not asked for anything."),
    }[Role(role)]
