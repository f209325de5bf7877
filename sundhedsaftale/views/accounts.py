"""Signing in, with the demo's sign-ins on the page while this is a demo, and the pages around it in our frame."""

from __future__ import annotations

from typing import Any

from allauth.account import views
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from initiatives.actions.content.demo import DEMO_PASSWORD
from sundhedsaftale.accounts import signs_in_at_work_only
from sundhedsaftale.models import User

DEMO_ADDRESSES = "@example.dk"


class OwnFrame:
    """django-allauth calls the host name `site`; in our templates that word is the frame of every page."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]
        context.pop("site", None)
        return context


class SignInView(OwnFrame, views.LoginView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["workplaces"] = list(settings.OIDC_WORKPLACES.values())
        if settings.DEMO:
            context["demo_users"] = list(
                User.objects.filter(email__endswith=DEMO_ADDRESSES, is_active=True).values("email", "name")
            )
            context["demo_password"] = DEMO_PASSWORD
        return context


class AccountInactiveView(OwnFrame, views.AccountInactiveView):
    pass


class PasswordResetView(OwnFrame, views.PasswordResetView):
    pass


class PasswordResetDoneView(OwnFrame, views.PasswordResetDoneView):
    pass


class PasswordResetFromKeyView(OwnFrame, views.PasswordResetFromKeyView):
    pass


class PasswordResetFromKeyDoneView(OwnFrame, views.PasswordResetFromKeyDoneView):
    pass


class PasswordSetView(OwnFrame, views.PasswordSetView):
    """A first password; not for those whose workplace opens the account and takes it away again."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and signs_in_at_work_only(request.user):
            raise PermissionDenied(_("Your workplace opens this account, so it has no password here."))
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        return response
