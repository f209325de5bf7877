"""One's own sign-in: the page, its second step, passkeys and workplaces. Imported when somebody first goes there."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.webauthn.internal.flows import perform_passwordless_login
from allauth.mfa.webauthn.views import LoginWebAuthnView
from allauth.socialaccount.views import ConnectionsView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from initiatives.actions.sessions import end_sessions
from sundhedsaftale.presenters.security import security_page
from sundhedsaftale.views.accounts import OwnFrame


@never_cache
@login_required
@require_GET
def security_show(request: HttpRequest) -> HttpResponse:
    page = security_page(request.user, settings.OIDC_WORKPLACES)
    crumbs = [{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("Sign-in and security"), "url": ""}]
    return render(request, "mfa/index.html", {"page": page, "crumbs": crumbs})


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    end_sessions(request.user, keep=request.session.session_key or "")
    messages.success(request, _("You are signed out everywhere else."))
    return redirect("mfa_index")


@login_required
@require_GET
def passkey_list(request: HttpRequest) -> HttpResponse:
    """django-allauth leads here after a change; the passkeys stand on the page itself."""
    return redirect("mfa_index")


class SecondStepView(OwnFrame, AuthenticateView):
    pass


second_step = never_cache(SecondStepView.as_view())


class PasskeySignInView(LoginWebAuthnView):
    def form_valid(self, form: Any) -> HttpResponse:
        authenticator = form.cleaned_data["credential"]
        login = Login(user=authenticator.user, redirect_url=get_next_redirect_url(self.request))
        response: HttpResponse = perform_passwordless_login(self.request, authenticator, login)
        return response


passkey_sign_in = never_cache(PasskeySignInView.as_view())


class WorkplaceDisconnectView(ConnectionsView):
    """A press on the page on sign-in and security takes a connection away."""

    success_url = reverse_lazy("mfa_index")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect("mfa_index")

    def form_invalid(self, form: Any) -> HttpResponse:
        for error in [*form.non_field_errors(), *form.errors.get("account", [])]:
            get_adapter().add_message(self.request, messages.ERROR, message=error)
        return redirect("mfa_index")


workplace_disconnect = WorkplaceDisconnectView.as_view()
