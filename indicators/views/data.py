"""The data page, its list of runs, and the button that asks for figures."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from kombu.exceptions import OperationalError

from indicators import tasks
from indicators.models import DataSource
from indicators.permissions import check_user_can_refresh, user_can_decide_figures, user_can_refresh
from indicators.presenters.data import data_page
from indicators.presenters.data_runs import runs_region


@never_cache  # what a run is doing right now; no version of the data counts that
@require_GET
def data_show(request: HttpRequest) -> HttpResponse:
    page = data_page(asked=request.GET.get("bedt", ""), since=request.GET.get("siden", ""))
    can = user_can_refresh(request.user)
    shown = {
        "page": page,
        "region": page.region,
        "can_refresh": can,
        "can_decide": user_can_decide_figures(request.user),
    }
    return render(request, "indicators/data_show.html", shown)


@never_cache
@require_GET
def data_runs(request: HttpRequest) -> HttpResponse:
    """The region of the runs alone, for the page that asks again; without htmx the whole page."""
    asked, since = request.GET.get("bedt", ""), request.GET.get("siden", "")
    if not getattr(request, "htmx", False):
        return redirect(f"{reverse('data')}?{urlencode({'bedt': asked, 'siden': since})}" if asked else reverse("data"))
    region = runs_region(asked=asked, since=since, now=timezone.now())
    response = render(request, "indicators/_data_runs.html", {"region": region})
    patch_vary_headers(response, ["HX-Request"])
    return response


@require_POST
def data_fetch(request: HttpRequest, name: str) -> HttpResponse:
    """Ask a worker to fetch the source. Only stewards; everybody may see the page, so the refusal says who can."""
    source = get_object_or_404(DataSource, name=name)
    check_user_can_refresh(request.user)
    since = timezone.now().isoformat()
    try:
        tasks.refresh_source.delay_on_commit(source.name, request.user.pk)
    except OperationalError:
        messages.error(request, gettext("The queue does not answer. Nothing was asked for. Try again in a moment."))
        return redirect("data")
    if getattr(request, "htmx", False):
        region = runs_region(asked=source.name, since=since, now=timezone.now())
        response = render(request, "indicators/_data_runs.html", {"region": region})
        patch_vary_headers(response, ["HX-Request"])
        return response
    return redirect(f"{reverse('data')}?{urlencode({'bedt': source.name, 'siden': since})}#runs")
