"""Addresses around signing in. Ours come first; what we have no view of our own for is django-allauth's."""

from django.urls import include, path, re_path

from sundhedsaftale.views import accounts

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
    path("", include("allauth.account.urls")),
]
