"""Addresses around signing in. Ours come first; what we have no view of our own for is django-allauth's.

The second step and the workplaces bring cryptography with them: their views are imported when somebody first asks.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, include, path, re_path
from django.utils.module_loading import import_string

from sundhedsaftale.views import accounts


def later(route: str, view: str, name: str) -> URLPattern:
    """An address whose view is imported when it is first asked for."""

    def ask(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = import_string(view)(request, *args, **kwargs)
        return response

    return path(route, ask, name=name)


OURS = "sundhedsaftale.views.security"
WORKPLACES = "sundhedsaftale.oidc.views"
TOTP, CODES, PASSKEYS = "allauth.mfa.totp.views", "allauth.mfa.recovery_codes.views", "allauth.mfa.webauthn.views"

two_step_patterns = [
    later("", f"{OURS}.security_show", "mfa_index"),
    later("andre-enheder/", f"{OURS}.end_other_sessions", "account_end_other_sessions"),
    later("trin-to/", f"{OURS}.second_step", "mfa_authenticate"),
    later("igen/", "allauth.mfa.base.views.reauthenticate", "mfa_reauthenticate"),
    later("igen/noegle/", f"{PASSKEYS}.reauthenticate_webauthn", "mfa_reauthenticate_webauthn"),
    later("app/", f"{TOTP}.activate_totp", "mfa_activate_totp"),
    later("app/fjern/", f"{TOTP}.deactivate_totp", "mfa_deactivate_totp"),
    later("koder/", f"{CODES}.view_recovery_codes", "mfa_view_recovery_codes"),
    later("koder/nye/", f"{CODES}.generate_recovery_codes", "mfa_generate_recovery_codes"),
    later("koder/hent/", f"{CODES}.download_recovery_codes", "mfa_download_recovery_codes"),
    later("noegler/", f"{OURS}.passkey_list", "mfa_list_webauthn"),
    later("noegler/ny/", f"{PASSKEYS}.add_webauthn", "mfa_add_webauthn"),
    later("noegler/login/", f"{OURS}.passkey_sign_in", "mfa_login_webauthn"),
    later("noegler/<int:pk>/fjern/", f"{PASSKEYS}.remove_webauthn", "mfa_remove_webauthn"),
    later("noegler/<int:pk>/ret/", f"{PASSKEYS}.edit_webauthn", "mfa_edit_webauthn"),
]

workplace_patterns = [
    later("", f"{OURS}.workplace_disconnect", "socialaccount_connections"),
    later("afbrudt/", f"{WORKPLACES}.cancelled", "socialaccount_login_cancelled"),
    later("<slug:provider_id>/", f"{WORKPLACES}.begin", "openid_connect_login"),
    later("<slug:provider_id>/retur/", f"{WORKPLACES}.come_back", "openid_connect_callback"),
]

urlpatterns = [
    path("login/", accounts.SignInView.as_view(), name="account_login"),
    path("inactive/", accounts.AccountInactiveView.as_view(), name="account_inactive"),
    path("password/reset/", accounts.PasswordResetView.as_view(), name="account_reset_password"),
    path("password/reset/done/", accounts.PasswordResetDoneView.as_view(), name="account_reset_password_done"),
    path(
        "password/reset/key/done/",
        accounts.PasswordResetFromKeyDoneView.as_view(),
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        accounts.PasswordResetFromKeyView.as_view(),
        name="account_reset_password_from_key",
    ),
    path("password/set/", accounts.PasswordSetView.as_view(), name="account_set_password"),
    path("sikkerhed/", include(two_step_patterns)),
    path("arbejdsplads/", include(workplace_patterns)),
    path("", include("allauth.account.urls")),
]
