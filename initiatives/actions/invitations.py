"""Somebody is asked by mail to take a role in a body; they accept, or it is withdrawn, or it runs out.

The link's secret is made when the mail is written and stands in the mail alone (`invitation_mails.py`). The database
holds its hash, so whoever reads the database cannot accept for somebody else. Whoever holds the link while signed in is
the one who accepts: people have more addresses than one, and an account belongs to a person and not to an address.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.acquaintance import people_known_to
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.memberships import check_dates
from initiatives.actions.plans import save_signed
from initiatives.models import Body, Invitation, InvitationMail, Membership

GOOD_FOR = timedelta(days=14)
MOST_OPEN = 50
SECRET_BYTES = 32


def last_moment(now: datetime) -> datetime:
    """The end of the fourteenth day, Danish time: the mail names a day, and it is good through that day."""
    day = timezone.localtime(now).date() + GOOD_FOR
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class InvitationGone(Exception):
    """It cannot be accepted: used, withdrawn, too old, or what it invites to is over. `why` is a sentence for the page."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def new_secret() -> str:
    """256 bits, as they stand in the link."""
    return secrets.token_urlsafe(SECRET_BYTES)


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_invitation(secret: str) -> Invitation | None:
    """The invitation whose newest link holds this secret, whatever has become of it."""
    found = Invitation.objects.select_related("body", "by", "accepted_by")
    return found.filter(token_hash=hash_of(secret)).first() if secret else None


@changes_pages
def invite(
    *,
    body: Body,
    role: str,
    email: str,
    by: Any,
    now: datetime,
    valid_from: date,
    valid_to: date | None = None,
    name: str = "",
    language: str = "da",
) -> Invitation:
    """Ask somebody to take a role. The door then has the mail sent. Raises ValidationError keyed by field.

    Whether the address has an account is said only to those who know the person anyway.
    """
    refuse_cpr(name=name, email=email)
    email, name = email.strip().lower(), " ".join(name.split())
    _check_address(email, name)
    today = timezone.localtime(now).date()
    body = Body.objects.select_for_update(no_key=True).get(pk=body.pk)  # so that the limit is counted one by one
    check_dates(body, role, valid_from, valid_to, today=today)
    if valid_to is not None and valid_to < today:
        raise ValidationError({"valid_to": [_("The role would be over before anybody could accept.")]})
    _refuse_known(email, by, today)
    _make_room(body, role, email, by, now)
    invitation = Invitation(
        body=body, role=role, email=email, name=name, language=language, valid_from=valid_from, valid_to=valid_to,
        token_hash=hash_of(new_secret()), created_at=now, expires_at=last_moment(now), by=by,
    )  # fmt: skip
    try:
        with transaction.atomic():
            invitation.save()
    except IntegrityError as error:
        raise ValidationError({"email": [_("That address has already been invited to this role.")]}) from error
    return invitation


@changes_pages
def withdraw_invitation(*, invitation: Invitation, by: Any, now: datetime) -> bool:
    """The link says so from now on, and nothing can be accepted by it. False when it was accepted or withdrawn already."""
    standing = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return bool(standing.update(withdrawn_at=now, withdrawn_by=by))


@changes_pages
def invite_again(*, invitation: Invitation, by: Any, now: datetime) -> bool:
    """A new mail with a new link, good for 14 days; the old link is dead at once. The door then has it sent.

    False when it was accepted or withdrawn, or when a mail is on its way at this moment. `by` becomes the one who asks.
    """
    body = Body.objects.select_for_update(no_key=True).get(pk=invitation.body_id)
    if invitation.expires_at <= now and _standing(body, now) >= MOST_OPEN:
        raise ValidationError(_too_many())
    standing = Invitation.objects.filter(pk=invitation.pk, accepted_at__isnull=True, withdrawn_at__isnull=True)
    return bool(
        standing.exclude(mail_state=InvitationMail.HANDING_OVER).update(
            token_hash=hash_of(new_secret()),
            expires_at=last_moment(now),
            by=by,
            mail_state=InvitationMail.WAITING,
            mailed_at=None,
            mail_error="",
        )
    )


@changes_pages
def accept_invitation(*, invitation: Invitation, user: Any, now: datetime | None = None) -> Membership:
    """The person takes the role; signed by themselves, with who invited them as the reason. Once: the link is then used.

    Raises InvitationGone when it can no longer be accepted. Somebody who has the role already keeps the one they have.
    """
    now = now or timezone.now()
    # The body before the invitation, as everywhere: or two who wait would wait for each other.
    Body.objects.select_for_update(no_key=True).get(pk=invitation.body_id)
    locked = Invitation.objects.select_for_update(of=("self",)).select_related("body", "by").get(pk=invitation.pk)
    gone = why_gone(locked, now=now)
    if not gone and not user.is_active:
        gone = _("Your account is closed.")
    if gone:
        raise InvitationGone(gone)
    membership = _role_they_have(locked, user)
    if membership is None:
        membership = Membership(
            body=locked.body, user=user, role=locked.role, valid_from=locked.valid_from, valid_to=locked.valid_to
        )
        save_signed(membership, user, why=_("Invited by %(who)s") % {"who": locked.by})
    locked.accepted_at, locked.accepted_by = now, user
    locked.save(update_fields=("accepted_at", "accepted_by"))
    return membership


def why_gone(invitation: Invitation, *, now: datetime) -> str:
    """Why it cannot be accepted, as a sentence; "" when it can."""
    today = timezone.localtime(now).date()
    if invitation.accepted_at is not None:
        return _("The invitation has been accepted already. A link works once.")
    if invitation.withdrawn_at is not None:
        return _("The invitation has been withdrawn.")
    if invitation.expires_at <= now:
        return _("The invitation has run out: it was good for 14 days. Ask for a new one.")
    last = min([day for day in (invitation.valid_to, invitation.body.valid_to) if day is not None], default=None)
    if last is not None and last < today:
        return _("What you are invited to is over.")
    return ""


def _check_address(email: str, name: str) -> None:
    longest = Invitation._meta.get_field("name").max_length or 0
    if len(name) > longest:
        raise ValidationError({"name": [_("Write at most %(most)s characters.") % {"most": longest}]})
    try:
        validate_email(email)
        Invitation._meta.get_field("email").run_validators(email)
    except ValidationError as error:
        raise ValidationError({"email": [_("Write a whole e-mail address, for example navn@kommune.dk.")]}) from error


def _refuse_known(email: str, by: Any, today: date) -> None:
    """Somebody the inviter knows is added and not invited. Of anybody else's account not a word."""
    known = people_known_to(by, today=today).filter(email=email).first()
    if known is not None:
        words = _("%(who)s has an account already. Add them as a person who is here, instead of inviting them.")
        raise ValidationError({"email": [words % {"who": known}]})
    if by.is_superuser and get_user_model().objects.filter(email=email).exists():
        raise ValidationError({"email": [_("The account with that address is closed. Reopen it first.")]})


def _make_room(body: Body, role: str, email: str, by: Any, now: datetime) -> None:
    """An invitation that has run out gives way to a new one; one that stands does not."""
    same = Invitation.objects.filter(
        body=body, role=role, email=email, accepted_at__isnull=True, withdrawn_at__isnull=True
    )
    same.filter(expires_at__lte=now).update(withdrawn_at=now, withdrawn_by=by)
    if same.exists():
        raise ValidationError({"email": [_("That address has already been invited to this role.")]})
    if _standing(body, now) >= MOST_OPEN:
        raise ValidationError(_too_many())


def _standing(body: Body, now: datetime) -> int:
    return Invitation.objects.standing(now=now).filter(body=body).count()


def _too_many() -> str:
    words = _("%(most)s invitations wait for an answer already. Withdraw some before you send more.")
    return words % {"most": MOST_OPEN}


def _role_they_have(invitation: Invitation, user: Any) -> Membership | None:
    """The same role in days that overlap."""
    rows = Membership.objects.filter(body=invitation.body_id, user=user, role=invitation.role)
    rows = rows.exclude(valid_to__lt=F("valid_from"))
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=invitation.valid_from))
    if invitation.valid_to is not None:
        rows = rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=invitation.valid_to))
    return rows.order_by("valid_from", "pk").first()
