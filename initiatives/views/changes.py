"""What changed in a plan between two meetings or days."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from initiatives.presenters.change_sides import find_plan_and_versions
from initiatives.presenters.changes import changes_page
from initiatives.views.lookup import UNPROCESSABLE, plan_crumbs


@require_GET
def show(request: HttpRequest, slug: str) -> HttpResponse:
    """`fra` and `til` name a frozen version or a day; a day typed in the date field counts before the list."""
    plan, versions = find_plan_and_versions(slug)
    before, after = ((request.GET.get(f"{name}_dag") or request.GET.get(name, "")).strip() for name in ("fra", "til"))
    page = changes_page(plan, before, after, today=timezone.localdate(), versions=versions)
    context = {"page": page, "crumbs": plan_crumbs(plan, (_("What has changed"), ""))}
    status = UNPROCESSABLE if page.choices.error else 200
    return render(request, "initiatives/plan_changes.html", context, status=status)
