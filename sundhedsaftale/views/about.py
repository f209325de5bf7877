"""How the figures and the lights are made, who can do what, and how accessible the site is."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sundhedsaftale.presenters.about import method_page
from sundhedsaftale.presenters.access_page import access_page


@require_GET
def method(request: HttpRequest) -> HttpResponse:
    return render(request, "method_show.html", {"page": method_page()})


@require_GET
def access(request: HttpRequest) -> HttpResponse:
    page = access_page(request.user, today=timezone.localdate())
    return render(request, "access_show.html", {"page": page})


@require_GET
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "accessibility_show.html", {"contact": settings.CONTACT_EMAIL})
