"""Worse and worsening, better and improving: the two lists of an area."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sundhedsaftale.presenters.area_lists import area_lists
from sundhedsaftale.presenters.frame import find_area, keep_area


@require_GET
def area_lists_show(request: HttpRequest, code: str) -> HttpResponse:
    area = find_area(code, timezone.localdate())
    if area is None:
        raise Http404
    keep_area(request, area)
    return render(request, "area_lists.html", {"page": area_lists(area), "area": area})
