"""A body's own page. Everybody reads it; those who are in it, or run it, find their ways on from here."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from initiatives.models import Body
from initiatives.permissions_people import people_rights
from initiatives.presenters.body_page import body_page


@require_GET
def show(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body.objects.select_related("kind", "area"), slug=slug)
    today = timezone.localdate()
    context = {
        "page": body_page(body, today=today),
        "slug": slug,
        "rights": people_rights(request.user, body, today=today),
        "crumbs": [{"label": _("Plans"), "url": reverse("plan_list")}, {"label": body.name, "url": ""}],
    }
    return render(request, "initiatives/body_detail.html", context)
