"""The coverage map: who works on what, and where nobody does."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sundhedsaftale.presenters.coverage import coverage
from sundhedsaftale.presenters.frame import area_in_view, area_query, viewed


@require_GET
def coverage_show(request: HttpRequest) -> HttpResponse:
    look, area, query = viewed(request), area_in_view(request), area_query(request)
    context = {
        "page": coverage(area, query, today=timezone.localdate()),
        "area": area,
        "viewed": look,
        "crumbs": [{"label": _("Coverage map"), "url": ""}],
    }
    return render(request, "coverage_show.html", context)
