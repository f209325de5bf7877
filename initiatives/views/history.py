"""Who changed what, and how something stood on a day: `?dato=2020-11-05`. For people who are signed in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from initiatives.models import Body, Initiative
from initiatives.permissions import check_user_can_manage_meetings, user_can_edit_plan
from initiatives.presenters import history as presenter
from initiatives.views.lookup import UNPROCESSABLE, get_item, get_meeting, get_plan, item_crumbs, meeting_crumbs
from initiatives.views.lookup import plan_crumbs as crumbs_of_plan

Crumbs = list[dict[str, str]]


@login_required
@require_GET
def item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    found = get_item(slug, number, with_owners=False)
    package = reverse("item_package", args=[slug, number])
    may_take_it = user_can_edit_plan(request.user, found.plan, today=timezone.localdate())
    title = f"{found.number}. {found.title}"
    crumbs = item_crumbs(found, (_("History"), ""))
    return _page(request, presenter.item_history, found, title, crumbs, package=package if may_take_it else "")


@login_required
@require_GET
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_plan(slug)
    return _page(request, presenter.plan_history, found, found.title, crumbs_of_plan(found, (_("History"), "")))


@login_required
@require_GET
def initiative(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Initiative, slug=slug)
    rows = [
        (_("Initiatives"), reverse("initiative_list")),
        (found.title, reverse("initiative", args=[slug])),
        (_("History"), ""),
    ]
    crumbs = [{"label": label, "url": url} for label, url in rows]
    return _page(request, presenter.initiative_history, found, found.title, crumbs)


@login_required
@require_GET
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_meeting(pk)
    crumbs = meeting_crumbs(found, (_("History"), ""))
    return _page(request, presenter.meeting_history, found, crumbs[-2]["label"], crumbs)


@login_required
@require_GET
def body(request: HttpRequest, slug: str) -> HttpResponse:
    """Who sat where and when is for the body's own secretariat."""
    found = get_object_or_404(Body, slug=slug)
    check_user_can_manage_meetings(request.user, found, today=timezone.localdate())
    crumbs = [{"label": found.name, "url": ""}, {"label": _("History"), "url": ""}]
    return _page(request, presenter.body_history, found, found.name, crumbs)


def _page(
    request: HttpRequest, build: Callable[..., Any], thing: Any, title: str, crumbs: Crumbs, *, package: str = ""
) -> HttpResponse:
    day, number = request.GET.get("dato", ""), request.GET.get("side", "1")
    page = build(thing, day=day, number=number, today=timezone.localdate())
    context = {"page": page, "title": title, "crumbs": crumbs, "package_url": package}
    return render(request, "initiatives/history_show.html", context, status=UNPROCESSABLE if page.error else 200)
