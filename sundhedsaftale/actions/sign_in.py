"""Which sign-in at a workplace opens which account, and the memberships its claims give and take.

An account is bound to issuer and subject. `account` is django-allauth's row, not yet stored when the person is new here.
"""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.models import Body, Membership
from sundhedsaftale.models import ClaimedMembership, User

log = logging.getLogger(__name__)
Wanted = set[tuple[str, str]]  # (slug of a body, role)


def bind_sign_in(*, user: Any, account: SocialAccount, by: Any) -> SocialAccount:
    """From now on this sign-in opens the user's account. Raises ValidationError when it already opens another one's."""
    _refuse_cpr(account)
    try:
        with transaction.atomic():
            account.user = user
            account.save()
    except IntegrityError as error:
        raise ValidationError(_("This sign-in already belongs to another account.")) from error
    log.info("account %s was bound to a sign-in through %s by %s", user.pk, account.provider, by.pk)
    return account


@changes_pages
def open_account_by_claims(
    *, account: SocialAccount, wanted: Wanted, today: date, ask: str, workplace: str
) -> SocialAccount:
    """An account of its own for somebody new whose workplace gives roles: no password, and an address nobody has proved.

    Raises ValidationError when the address is missing or taken: an account is never handed over by an address.
    """
    _refuse_cpr(account)
    email = _address(account, ask=ask, workplace=workplace)
    if User.objects.filter(email__iexact=email).exists() or EmailAddress.objects.filter(email__iexact=email).exists():
        raise ValidationError(
            _(
                "There is already an account with the address %(email)s. Sign in to it as you use to, and connect "
                "%(workplace)s under »Sign-in and security«. If you cannot, ask %(whom)s."
            )
            % {"email": email, "workplace": workplace, "whom": ask},
            code="address taken",
        )
    try:
        with transaction.atomic():
            account.user = User.objects.create_user(email, None, name=str(account.extra_data.get("name", ""))[:120])
            account.save()
    except IntegrityError:  # two windows at once: the other one was first
        return SocialAccount.objects.select_related("user").get(provider=account.provider, uid=account.uid)
    _give(account, wanted, today)
    return account


def follow_claims(*, account: SocialAccount, wanted: Wanted, today: date) -> None:
    """Give what the claims give now and close what they no longer give. Nothing is touched when nothing differs."""
    wanted = set(_bodies(account, wanted, today))
    held = set(Membership.objects.valid_on(today).filter(user=account.user).values_list("body__slug", "role"))
    if wanted - held or set(_given(account, today)) - wanted:
        _follow(account=account, wanted=wanted, today=today)


@changes_pages
def _follow(*, account: SocialAccount, wanted: Wanted, today: date) -> None:
    for pair, membership in _given(account, today).items():
        if pair not in wanted:
            _close(membership, today)
    _give(account, wanted, today)


@changes_pages
def close_claimed(*, account: SocialAccount, today: date) -> None:
    """The sign-in is taken away: the memberships its claims gave end with it."""
    for membership in _given(account, today).values():
        _close(membership, today)


def _given(account: SocialAccount, today: date) -> dict[tuple[str, str], Membership]:
    open_now = Membership.objects.valid_on(today).filter(claimed__account=account).select_related("body")
    return {(membership.body.slug, membership.role): membership for membership in open_now}


def _bodies(account: SocialAccount, wanted: Wanted, today: date) -> dict[tuple[str, str], Body]:
    """The bodies there are today; the log tells the operator of a name that is none."""
    found = {body.slug: body for body in Body.objects.valid_on(today).filter(slug__in={slug for slug, _role in wanted})}
    for slug in sorted({slug for slug, _role in wanted} - set(found)):
        log.error("OIDC_PROVIDERS: a claim of %s gives a role in %r, which is no body today", account.provider, slug)
    return {(slug, role): found[slug] for slug, role in wanted if slug in found}


def _give(account: SocialAccount, wanted: Wanted, today: date) -> None:
    held = set(Membership.objects.valid_on(today).filter(user=account.user).values_list("body__slug", "role"))
    for (slug, role), body in sorted(_bodies(account, wanted, today).items(), key=lambda pair: pair[0]):
        if (slug, role) in held:
            continue
        # Given, taken and given again on one day is one row that is opened again.
        membership, _made = Membership.objects.update_or_create(
            user=account.user, body=body, role=role, valid_from=today, defaults={"valid_to": None}
        )
        ClaimedMembership.objects.update_or_create(membership=membership, defaults={"account": account})


def _close(membership: Membership, today: date) -> None:
    """Over from now on: yesterday was its last day. Given today, it counts on no day."""
    membership.valid_to = today - timedelta(days=1)
    membership.save()


def _address(account: SocialAccount, *, ask: str, workplace: str) -> str:
    email = str(account.extra_data.get("email", "")).strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise ValidationError(
            _(
                "%(workplace)s does not say what your e-mail address is, and without one nothing can be sent to you. "
                "Ask %(whom)s."
            )
            % {"workplace": workplace, "whom": ask},
            code="no address",
        ) from error
    return email


def _refuse_cpr(account: SocialAccount) -> None:
    refuse_cpr(**{key: str(account.extra_data.get(key, "")) for key in ("sub", "name", "email")})
