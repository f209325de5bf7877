"""What the page on sign-in and security prints: how one signs in to this account, and what one can change about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.oidc.configuration import Workplace

FEW_CODES = 3


@dataclass(frozen=True)
class Passkey:
    pk: int
    name: str
    text: str


@dataclass(frozen=True)
class Connection:
    id: str
    name: str
    account: int | None  # None: not connected
    text: str
    may_disconnect: bool


@dataclass(frozen=True)
class SecurityPage:
    answer: str
    has_password: bool
    may_choose_password: bool
    app: str  # since when codes from an app are asked for; empty: they are not
    codes: str  # how many recovery codes are left; empty: there are none to have
    few_codes: bool
    passkeys: list[Passkey]
    workplaces: list[Connection]


def security_page(user: Any, workplaces: Mapping[str, Workplace]) -> SecurityPage:
    kept = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    accounts = list(SocialAccount.objects.filter(user=user).order_by("date_joined"))
    app = next((one for one in kept if one.type == Authenticator.Type.TOTP), None)
    codes = next((one for one in kept if one.type == Authenticator.Type.RECOVERY_CODES), None)
    left = len(codes.wrap().get_unused_codes()) if codes else 0
    passkeys = [_passkey(one) for one in kept if one.type == Authenticator.Type.WEBAUTHN]
    has_password = user.has_usable_password()
    return SecurityPage(
        answer=_answer(two_steps=bool(app or passkeys), has_password=has_password, at_work=bool(accounts)),
        has_password=has_password,
        may_choose_password=has_password or not accounts,
        app=format_date(timezone.localdate(app.created_at), get_language() or "da") if app else "",
        codes=ngettext("%(number)s code is left.", "%(number)s codes are left.", left) % {"number": left}
        if codes
        else "",
        few_codes=bool(codes) and left < FEW_CODES,
        passkeys=passkeys,
        workplaces=_connections(accounts, workplaces, has_password=has_password),
    )


def _answer(*, two_steps: bool, has_password: bool, at_work: bool) -> str:
    if two_steps:
        return _("A password alone does not open your account.")
    if has_password:
        return _("Only a password protects your account. Add a passkey or codes from an app.")
    if at_work:
        return _("Your workplace opens your account.")
    return _("Your account has no password yet.")


def _passkey(one: Authenticator) -> Passkey:
    wrapped = one.wrap()
    alone = _("Opens the account alone.") if wrapped.is_passwordless else _("Asked for after the password.")
    used = (
        _("Last used %(date)s.") % {"date": format_date(timezone.localdate(one.last_used_at), get_language() or "da")}
        if one.last_used_at
        else _("Not used yet.")
    )
    added = _("Added %(date)s.") % {"date": format_date(timezone.localdate(one.created_at), get_language() or "da")}
    return Passkey(pk=one.pk, name=wrapped.name, text=f"{alone} {added} {used}")


def _connections(
    accounts: list[SocialAccount], workplaces: Mapping[str, Workplace], *, has_password: bool
) -> list[Connection]:
    """The connected ones, also those that are no longer configured, then those one may connect."""
    may_disconnect = has_password or len(accounts) > 1
    found = [
        Connection(
            id=one.provider,
            name=workplaces[one.provider].name if one.provider in workplaces else one.provider,
            account=one.pk,
            text=_connected(one, configured=one.provider in workplaces),
            may_disconnect=may_disconnect,
        )
        for one in accounts
    ]
    connected = {one.provider for one in accounts}
    return found + [
        Connection(id=place.id, name=place.name, account=None, text=_("Not connected."), may_disconnect=False)
        for place in workplaces.values()
        if place.id not in connected
    ]


def _connected(one: SocialAccount, *, configured: bool) -> str:
    since = format_date(timezone.localdate(one.date_joined), get_language() or "da")
    who = one.extra_data.get("email") or one.extra_data.get("name")
    text = (
        _("Connected since %(date)s as %(who)s.") % {"date": since, "who": who}
        if who
        else _("Connected since %(date)s.") % {"date": since}
    )
    return text if configured else text + " " + _("It is not in use here any more.")
