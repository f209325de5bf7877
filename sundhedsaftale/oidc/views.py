"""Off to the workplace's own sign-in, and back. Imported when somebody first goes there."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from requests import RequestException

from sundhedsaftale.oidc.configuration import Workplace
from sundhedsaftale.oidc.provider import WorkplaceOAuth2, WorkplaceProvider, WorkplaceReturn


def workplace_or_404(provider_id: str) -> Workplace:
    place: Workplace | None = settings.OIDC_WORKPLACES.get(provider_id)
    if place is None:
        raise Http404
    return place


@never_cache
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """A press sends one off; following a link shows the button only."""
    place = workplace_or_404(provider_id)
    if request.method == "GET":
        return render(request, "oidc/begin.html", {"place": place, "next": get_next_redirect_url(request) or ""})
    connect = request.POST.get("process") == "connect"
    if connect and not request.user.is_authenticated:
        return redirect_to_login(reverse("mfa_index"))
    if connect:
        # Before one leaves: whoever sits at somebody's open screen must not bind a sign-in of their own to it.
        raise_if_reauthentication_required(request, app="allauth.socialaccount")
    provider = WorkplaceProvider(request, place)
    try:
        sent = provider.redirect(request, "connect" if connect else "login", get_next_redirect_url(request))
    except (RequestException, OAuth2Error) as error:
        return render_authentication_error(request, provider, exception=error)
    return handed_over(request, place, sent)


def handed_over(request: HttpRequest, place: Workplace, sent: HttpResponse) -> HttpResponse:
    """A page that goes on by itself, and not a redirect: our content policy lets forms lead to this site alone."""
    if sent.status_code != 302:
        return sent
    page = render(request, "oidc/handed_over.html", {"place": place, "url": sent["Location"]})
    page["Refresh"] = f"0; url={sent['Location']}"
    return page


@never_cache
@require_GET
def come_back(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    place = workplace_or_404(provider_id)
    view: Any = WorkplaceReturn.adapter_view(WorkplaceOAuth2(request, provider_id))
    try:
        response: HttpResponseBase = view(request)
    except (
        RequestException,
        OAuth2Error,
    ) as error:  # it asks for the other side's addresses before it watches for these
        return render_authentication_error(request, WorkplaceProvider(request, place), exception=error)
    return response


@require_GET
def cancelled(request: HttpRequest) -> HttpResponse:
    return render(request, "oidc/cancelled.html")
