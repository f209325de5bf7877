"""How people sign in: django-allauth, with accounts made by the secretariat and not by visitors.

Who guesses passwords is locked out by account and source together, so that one address, which may be a whole town hall,
is never locked as such. A source is the device when the account has been signed in to from it before, else the address.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

DEVICE_COOKIE = "kendt_enhed"
DEVICE_DAYS = 180
# Somebody whose workplace gives their roles is asked anew each working day, so that what it takes away is gone.
WORKPLACE_SESSION_SECONDS = 12 * 3600


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Nobody can create an account for themselves."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "too_many_login_attempts": _(
            "Too many wrong passwords for this account. Wait a quarter of an hour, sign in from the device you use to, "
            "or choose a new password."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    # --- Guessing ---

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the attempt before it is made, so that many at once are counted too; a right password gives it back."""
        login = _login(credentials)
        device = known_device(request, login)
        source = f"device {device}" if device else f"address {ratelimit.get_ip(request)}"
        used = self._count(request, "login_failed", f"{login} {source}")
        if used and not device:
            # From everywhere together, for those who spread their guesses. A known device is not among them: the owner
            # gets in while others are guessing.
            everywhere = self._count(request, "login_failed_everywhere", login)
            if everywhere:
                used.usage += everywhere.usage
            else:
                used.rollback()
                used = None
        if not used:
            raise self.validation_error("too_many_login_attempts")
        self._login_failed_rl_usage = used

    def _count(self, request: HttpRequest, action: str, key: str) -> ratelimit.RateLimitUsage | None:
        return ratelimit.consume(request, app="allauth.account", action=action, key=key)

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Somebody who has just chosen a new password by mail begins anew where they are."""
        login = _login(credentials)
        for action, key in (
            ("login_failed", f"{login} address {ratelimit.get_ip(request)}"),
            ("login_failed", f"{login} device {known_device(request, login)}"),
            ("login_failed_everywhere", login),
        ):
            ratelimit.clear(request, app="allauth.account", action=action, key=key)

    def post_login(self, request: HttpRequest, user: Any, *, signal_kwargs: Any, **more: Any) -> HttpResponse:
        response = super().post_login(request, user, signal_kwargs=signal_kwargs, **more)
        remember_device(response, user.email)
        if (signal_kwargs or {}).get("sociallogin"):
            request.session.set_expiry(WORKPLACE_SESSION_SECONDS)
        return response

    # --- Passwords ---

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Whose workplace opens the account has no password here, and a mailbox must not become one."""
        if not signs_in_at_work_only(user):
            super().send_password_reset_mail(user, email, context)

    def reauthenticate(self, user: Any, password: str) -> bool:
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk


def signs_in_at_work_only(user: Any) -> bool:
    return not user.has_usable_password() and SocialAccount.objects.filter(user=user).exists()


def _login(credentials: dict[str, Any]) -> str:
    return str(credentials.get("email") or credentials.get("username") or "").strip().lower()


def _of(login: str) -> str:
    return hashlib.sha256(login.encode()).hexdigest()[:20]


def known_device(request: HttpRequest, login: str) -> str:
    """The mark of a device this account has been signed in to from before; else empty."""
    try:
        kept = signing.loads(
            request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_COOKIE, max_age=DEVICE_DAYS * 24 * 3600
        )
        return str(kept["device"]) if kept["account"] == _of(login) else ""
    except (signing.BadSignature, KeyError, TypeError):
        return ""


def remember_device(response: HttpResponse, login: str) -> None:
    """A cookie that says no more than: somebody who knew the way in has been here with this account."""
    mark = {"account": _of(login.lower()), "device": secrets.token_urlsafe(9)}
    response.set_cookie(
        DEVICE_COOKIE,
        signing.dumps(mark, salt=DEVICE_COOKIE),
        max_age=DEVICE_DAYS * 24 * 3600,
        path="/konto/",
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
