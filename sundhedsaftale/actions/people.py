"""Accounts: opened by an invitation, named, closed and reopened, and the two roles that count on the whole site.

An account is never deleted: what the person wrote keeps their name.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.delegations import end_every_absence
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.invitations import accept_invitation
from initiatives.actions.memberships import bodies_left_without_secretary, leave_everything
from initiatives.actions.sessions import end_sessions
from initiatives.models import CalendarFeed, Invitation
from sundhedsaftale.models import AccountChange, AccountEvent, SiteRole, User

STEWARD_PERMISSION = "steward_data"


@changes_pages
def open_account(*, invitation: Invitation, name: str, password: str, now: datetime) -> User:
    """An account for the invited address, and the role. Raises ValidationError keyed by field, or InvitationGone."""
    refuse_cpr(name=name)
    name = _checked_name(name)
    person = User(email=invitation.email, name=name, language=invitation.language)
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from error
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        words = _("There is an account with the address %(email)s already. Sign in with it to accept.")
        raise ValidationError(words % {"email": invitation.email}) from error
    _note(person, AccountEvent.OPENED, by=person, now=now)
    accept_invitation(invitation=invitation, user=person, now=now)
    return person


@changes_pages
def update_profile(*, person: User, name: str, language: str, by: Any, now: datetime) -> User:
    """Raises ValidationError keyed by field (name, language)."""
    refuse_cpr(name=name)
    name = _checked_name(name)
    person = _lock(person)
    if name != person.name:
        _note(person, AccountEvent.RENAMED, by=by, now=now, before=person.name, after=name)
    if language != person.language:
        if language not in dict(settings.LANGUAGES):
            raise ValidationError({"language": [_("Choose a language.")]})
        _note(person, AccountEvent.LANGUAGE, by=by, now=now, before=person.language, after=language)
    person.name, person.language = name, language
    person.save(update_fields=("name", "language"))
    return person


@changes_pages
def close_person(*, person: User, by: Any, now: datetime, confirmed: bool = False) -> User:
    """Sign them out everywhere and end their roles today. What they wrote keeps their name; what they asked for stands.

    confirmed: bodies may be left without a secretary. Raises ValidationError when it cannot be done.
    """
    person, today = _lock(person), timezone.localtime(now).date()
    if not person.is_active:
        raise ValidationError(_("The account is closed already."))
    if person.pk == by.pk:
        raise ValidationError(_("You cannot close your own account. Another administrator can."))
    left = bodies_left_without_secretary(person, today=today)
    if left and not confirmed:
        names = ", ".join(body.name for body in left)
        raise ValidationError({"confirmed": [_("Without a secretary then: %(bodies)s.") % {"bodies": names}]})
    for role in SiteRole.values:
        _withdraw(person, role, by=by, now=now)
    person.is_active, person.closed_on = False, today
    person.save(update_fields=("is_active", "closed_on"))
    leave_everything(user=person, last_day=today, by=by, why=_("The account was closed"))
    end_every_absence(user=person, by=by, now=now)
    CalendarFeed.objects.filter(person=person, revoked_at__isnull=True).update(revoked_at=now)
    _note(person, AccountEvent.CLOSED, by=by, now=now)
    end_sessions(user=person)
    return person


@changes_pages
def reopen_person(*, person: User, by: Any, now: datetime) -> User:
    """They can sign in again, and have no role: not even for the rest of the day on which they were closed."""
    person, today = _lock(person), timezone.localtime(now).date()
    if person.is_active:
        raise ValidationError(_("The account is open already."))
    leave_everything(user=person, last_day=today - timedelta(days=1), by=by, why=_("The account was reopened"))
    person.is_active, person.closed_on = True, None
    person.save(update_fields=("is_active", "closed_on"))
    _note(person, AccountEvent.REOPENED, by=by, now=now)
    return person


@changes_pages
def grant_site_role(*, person: User, role: str, by: Any, now: datetime) -> bool:
    """False when they have it already. Raises ValidationError for a closed account."""
    person = _lock(person)
    if not person.is_active:
        raise ValidationError(_("The account is closed. Reopen it first."))
    if has_site_role(person, role):
        return False
    if role == SiteRole.ADMINISTRATOR:
        person.is_superuser = True
        person.save(update_fields=("is_superuser",))
    else:
        person.user_permissions.add(_steward())
    _note(person, AccountEvent.GRANTED, by=by, now=now, after=str(SiteRole(role).value))
    return True


@changes_pages
def withdraw_site_role(*, person: User, role: str, by: Any, now: datetime) -> bool:
    """False when they do not have it. The site keeps an administrator, and nobody withdraws that role from themselves."""
    if role == SiteRole.ADMINISTRATOR and person.pk == by.pk:
        raise ValidationError(_("You cannot withdraw this role from yourself. Another administrator can."))
    return _withdraw(_lock(person), role, by=by, now=now)


def has_site_role(person: User, role: str) -> bool:
    """The role itself: an administrator may do what a steward may without being one."""
    if role == SiteRole.ADMINISTRATOR:
        return person.is_superuser
    return person.user_permissions.filter(pk=_steward().pk).exists()


def _steward() -> Permission:
    return Permission.objects.get(codename=STEWARD_PERMISSION, content_type__app_label="sundhedsaftale")


def _withdraw(person: User, role: str, *, by: Any, now: datetime) -> bool:
    """They are all locked: of two administrators who close each other the second is told that they would be the last."""
    if not has_site_role(person, role):
        return False
    if role == SiteRole.ADMINISTRATOR:
        _keep_an_administrator(person)
        person.is_superuser = False
        person.save(update_fields=("is_superuser",))
    else:
        person.user_permissions.remove(_steward())
    _note(person, AccountEvent.WITHDRAWN, by=by, now=now, before=str(SiteRole(role).value))
    return True


def _keep_an_administrator(person: User) -> None:
    if not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=person.pk).exists():
        raise ValidationError(_("This is the last administrator. Give somebody else the role first."))


def _checked_name(name: str) -> str:
    name = " ".join(name.split())
    longest = User._meta.get_field("name").max_length or 0
    if not name:
        raise ValidationError({"name": [_("Write your name: it stands beside what you write.")]})
    if len(name) > longest:
        raise ValidationError({"name": [_("Write at most %(most)s characters.") % {"most": longest}]})
    return name


def _lock(person: User) -> User:
    """The person and every administrator, always in the same order, so that nobody waits for somebody who waits."""
    rows = User.objects.select_for_update(no_key=True).filter(Q(pk=person.pk) | Q(is_superuser=True)).order_by("pk")
    return next(row for row in rows if row.pk == person.pk)


def _note(person: User, what: AccountEvent, *, by: Any, now: datetime, before: str = "", after: str = "") -> None:
    AccountChange.objects.create(person=person, what=what, by=by, at=now, before=before, after=after)
