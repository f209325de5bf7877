"""The front page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sundhedsaftale.presenters.frame import area_in_view, area_query, viewed
from sundhedsaftale.presenters.overview import overview


@require_GET
def overview_show(request: HttpRequest) -> HttpResponse:
    look = viewed(request)
    area, today = area_in_view(request), timezone.localdate()
    query = area_query(request)
    page = overview(area, today=today, query=query)
    return render(request, "overview_show.html", {"page": page, "area": area, "query": query, "viewed": look})
