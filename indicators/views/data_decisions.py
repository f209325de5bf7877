"""A run of its own, and the pages where a steward decides: store or turn down, roll back or bring back."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from kombu.exceptions import OperationalError

from indicators import tasks
from indicators.actions.figure_editions import bring_back_edition, roll_back_edition
from indicators.actions.figure_runs import approve_run, reject_run
from indicators.models import Edition, RefreshRun
from indicators.permissions import check_user_can_decide_figures, user_can_decide_figures
from indicators.presenters.data_run import (
    ConfirmPage,
    approve_page,
    bring_back_page,
    reject_page,
    roll_back_page,
    run_page,
)


@never_cache
@require_GET
def data_run(request: HttpRequest, pk: int) -> HttpResponse:
    """The difference of one run; with htmx the region alone, while the run is going."""
    run = get_object_or_404(RefreshRun.objects.select_related("source", "decided_by"), pk=pk)
    page = run_page(run, can_decide=user_can_decide_figures(request.user), now=timezone.now(), asked=request.GET.dict())
    template = "indicators/_data_run.html" if getattr(request, "htmx", False) else "indicators/data_run.html"
    response = render(request, template, {"page": page})
    patch_vary_headers(response, ["HX-Request"])
    return response


@never_cache
@require_http_methods(["GET", "POST"])
def data_run_approve(request: HttpRequest, pk: int) -> HttpResponse:
    check_user_can_decide_figures(request.user)
    run = get_object_or_404(RefreshRun.objects.select_related("source"), pk=pk)
    if request.method == "GET":
        return _ask(request, approve_page(run, now=timezone.now()))
    note = request.POST.get("note", "")
    try:
        approve_run(run=run, by=request.user, seen=request.POST.get("seen", ""), note=note)
    except ValidationError as error:
        return _ask(request, approve_page(run, now=timezone.now(), note=note, error=error.messages[0]), status=409)
    try:
        tasks.publish_approved.delay_on_commit(run.pk)
    except OperationalError:
        messages.error(request, gettext("The queue does not answer. The figures are stored as soon as it does."))
    return redirect("data_run", run.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def data_run_reject(request: HttpRequest, pk: int) -> HttpResponse:
    check_user_can_decide_figures(request.user)
    run = get_object_or_404(RefreshRun.objects.select_related("source"), pk=pk)
    if request.method == "GET":
        return _ask(request, reject_page(run, now=timezone.now()))
    note = request.POST.get("note", "")
    try:
        reject_run(run=run, by=request.user, seen=request.POST.get("seen", ""), note=note)
    except ValidationError as error:
        return _ask(request, reject_page(run, now=timezone.now(), note=note, error=error.messages[0]), status=409)
    return redirect("data_run", run.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def data_roll_back(request: HttpRequest, pk: int) -> HttpResponse:
    check_user_can_decide_figures(request.user)
    return _turn(request, pk, roll_back_edition, roll_back_page)


@never_cache
@require_http_methods(["GET", "POST"])
def data_bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    check_user_can_decide_figures(request.user)
    return _turn(request, pk, bring_back_edition, bring_back_page)


def _turn(
    request: HttpRequest, pk: int, turn: Callable[..., RefreshRun], page: Callable[..., ConfirmPage]
) -> HttpResponse:
    """An edition back or forth: asked about first, and told when it cannot be."""
    edition = get_object_or_404(Edition.objects.select_related("source"), pk=pk)
    if request.method == "GET":
        return _ask(request, page(edition))
    note = request.POST.get("note", "")
    try:
        run = turn(edition=edition, by=request.user, note=note)
    except ValidationError as error:
        return _ask(request, page(edition, note=note, error=error.messages[0]), status=409)
    return redirect("data_run", run.pk)


def _ask(request: HttpRequest, page: ConfirmPage, *, status: int = 200) -> HttpResponse:
    return render(request, "indicators/data_confirm.html", {"page": page}, status=status)
