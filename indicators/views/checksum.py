"""The report's own count of lights beside ours, on a page of its own."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from indicators.presenters.checksum_page import checksum_page


@require_GET
def checksum_show(request: HttpRequest) -> HttpResponse:
    return render(request, "indicators/checksum_show.html", {"page": checksum_page()})
