"""The link in an invitation: what it is about, and accepting it signed in, after signing in, or with a new account.

Looking changes nothing. While somebody signs in, the secret waits in their session, never in an address on the way; so
it does not matter how they sign in. `ACCEPT_URL_NAME` without a secret reads it from there.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from initiatives.actions.invitations import InvitationGone, accept_invitation, find_invitation, why_gone
from initiatives.forms.base import add_errors, error_list
from initiatives.models import Invitation
from sundhedsaftale.actions.people import open_account
from sundhedsaftale.forms_people import NewAccountForm
from sundhedsaftale.presenters.invitation import invitation_page

IN_SESSION = "invitation"
PASSWORD_BACKEND = "django.contrib.auth.backends.ModelBackend"  # noqa: S105  # nosec B105: a way in, not a password
UNPROCESSABLE = 422
NOT_FOUND = 404
GONE = 410


@never_cache
@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """POST: a new account with a password, and the role with it."""
    invitation = find_invitation(secret)
    gone = _gone(request, invitation)
    if gone is not None or invitation is None:
        return gone or _gone_page(request, "")
    if request.method == "POST" and not request.user.is_authenticated:
        return _open(request, invitation, secret)
    return _page(request, invitation, secret)


@never_cache
@require_http_methods(["GET"])
def waiting(request: HttpRequest) -> HttpResponse:
    """Back from signing in: the invitation whose secret waits in the session."""
    secret = str(request.session.get(IN_SESSION, ""))
    invitation = find_invitation(secret)
    gone = _gone(request, invitation)
    if gone is not None or invitation is None:
        return gone or _gone_page(request, "")
    return _page(request, invitation, secret)


@require_POST
def sign_in(request: HttpRequest, secret: str) -> HttpResponse:
    """Keep the secret in the session, and come back when it is known who they are."""
    if find_invitation(secret) is None:
        return _gone_page(request, "")
    request.session[IN_SESSION] = secret
    return redirect(f"{reverse('account_login')}?{urlencode({'next': reverse('invitation_waiting')})}")


@require_POST
def accept(request: HttpRequest, secret: str) -> HttpResponse:
    """By whoever is signed in, whatever address it was sent to."""
    if not request.user.is_authenticated:
        return redirect("invitation_link", secret=secret)
    invitation = find_invitation(secret)
    if invitation is None:
        return _gone_page(request, "")
    try:
        accept_invitation(invitation=invitation, user=request.user, now=timezone.now())
    except InvitationGone as error:
        return _gone_page(request, error.why)
    return _welcome(request, invitation)


def _open(request: HttpRequest, invitation: Invitation, secret: str) -> HttpResponse:
    form = NewAccountForm(request.POST)
    if not form.is_valid():
        return _page(request, invitation, secret, form)
    values: dict[str, Any] = {"name": form.cleaned_data["name"], "password": form.cleaned_data["password"]}
    try:
        person = open_account(invitation=invitation, now=timezone.now(), **values)
    except InvitationGone as error:
        return _gone_page(request, error.why)
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, invitation, secret, form)
    login(request, person, backend=PASSWORD_BACKEND)
    return _welcome(request, invitation)


def _page(
    request: HttpRequest, invitation: Invitation, secret: str, form: NewAccountForm | None = None
) -> HttpResponse:
    shown = form or NewAccountForm(initial={"name": invitation.name})
    context = {
        "page": invitation_page(invitation, user=request.user, today=timezone.localdate()),
        "form": shown,
        "errors": error_list(shown) if form is not None else [],
        "secret": secret,
        "crumbs": [{"label": _("Invitation"), "url": ""}],
    }
    return render(request, "invitation_show.html", context, status=UNPROCESSABLE if form is not None else 200)


def _welcome(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    request.session.pop(IN_SESSION, None)
    messages.success(request, _("Welcome to %(body)s. The role is yours.") % {"body": invitation.body.name})
    return redirect("body", slug=invitation.body.slug)


def _gone(request: HttpRequest, invitation: Invitation | None) -> HttpResponse | None:
    why = why_gone(invitation, now=timezone.now()) if invitation is not None else ""
    if invitation is None or why:
        return _gone_page(request, why)
    return None


def _gone_page(request: HttpRequest, why: str) -> HttpResponse:
    """why: "" for a link nobody knows."""
    context = {"why": why, "crumbs": [{"label": _("Invitation"), "url": ""}]}
    return render(request, "invitation_gone.html", context, status=GONE if why else NOT_FOUND)
