"""Choosing an area, and everything about one."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from indicators.models import Area
from sundhedsaftale.presenters.area_page import area_page
from sundhedsaftale.presenters.areas import area_groups, search_areas
from sundhedsaftale.presenters.frame import AREA_COOKIE, find_area, keep_area, viewed

YEAR = 365 * 24 * 3600


@require_GET
def area_list(request: HttpRequest) -> HttpResponse:
    look = viewed(request)
    words = request.GET.get("q", "")
    context = {
        "groups": area_groups(look),
        "search": search_areas(words, look) if words.strip() else None,
        "words": words,
        "viewed": look,
        "next": _after_choosing(request.GET.get("next", "")),
    }
    return render(request, "area_list.html", context)


@require_GET
@vary_on_headers("HX-Request", "HX-Target")
def area_show(request: HttpRequest, code: str) -> HttpResponse:
    look = viewed(request)
    area = find_area(code, look.day)
    if area is None:
        raise Http404
    keep_area(request, area)
    context = {"page": area_page(area, look=look, show=request.GET.get("vis", "")), "area": area, "viewed": look}
    only_zoom = request.headers.get("HX-Target") == "zoom"
    return render(request, "_area_zoom.html" if only_zoom else "area_show.html", context)


@require_POST
def area_choose(request: HttpRequest, code: str) -> HttpResponse:
    area = get_object_or_404(Area, code=code)
    response = HttpResponseRedirect(_way_back(request))
    response.set_cookie(
        AREA_COOKIE, area.code, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
    return response


def _after_choosing(wanted: str) -> str:
    """Another area's page is no place to come back to: the overview of the chosen one is."""
    return "" if wanted.startswith(reverse("area_list")) else wanted


def _way_back(request: HttpRequest) -> str:
    """The page the reader came from, if it is ours. An area asked for in its address is dropped: the choice counts now."""
    wanted = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        return reverse("overview")
    parts = urlsplit(wanted)
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query) if key != AREA_COOKIE])
    return parts._replace(scheme="", netloc="", query=query).geturl() or reverse("overview")
