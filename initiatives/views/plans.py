"""Plans to read: the list, and one plan with its timeline."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from initiatives.permissions import bodies_user_can_plan_for, plan_rights
from initiatives.presenters.plan_page import find_plan, plan_page
from initiatives.presenters.plans import plan_list_page
from initiatives.views.lookup import plan_crumbs


@require_GET
def list_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "page": plan_list_page(),
        "can_create": request.user.is_authenticated and bool(bodies_user_can_plan_for(request.user, today=today)),
        "crumbs": [{"label": _("Plans"), "url": ""}],
    }
    return render(request, "initiatives/plan_list.html", context)


@require_GET
def detail_page(request: HttpRequest, slug: str) -> HttpResponse:
    today = timezone.localdate()
    plan, tracks = find_plan(slug)
    rights = plan_rights(request.user, plan, today=today)
    context = {
        "page": plan_page(plan, tracks, rights, today=today),
        "rights": rights,
        "editor": None,
        "saved": False,
        "notice": "",
        "crumbs": plan_crumbs(plan),
    }
    return render(request, "initiatives/plan_detail.html", context)
