"""A body's own page. Everybody reads it; those who are in it, or run it, find their ways on from here."""

from __future__ import annotations

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from initiatives.models import Body
from initiatives.permissions_people import people_rights
from initiatives.presenters.body_page import body_page
from sundhedsaftale.lib.viewed import Viewed, ViewedError, read_viewed


@require_GET
def show(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body.objects.select_related("kind", "area"), slug=slug)
    today = timezone.localdate()
    look = _viewed(request)
    context = {
        "page": body_page(body, today=today, look=look),
        "viewed": look,
        "slug": slug,
        "rights": people_rights(request.user, body, today=today),
        "crumbs": [{"label": _("Plans"), "url": reverse("plan_list")}, {"label": body.name, "url": ""}],
    }
    return render(request, "initiatives/body_detail.html", context)


def _viewed(request: HttpRequest) -> Viewed:
    try:
        return read_viewed(request.GET, today=timezone.localdate())
    except ViewedError as error:
        raise BadRequest(
            _("The day in the address is no day. Write it as year-month-day, for example dato=2020-11-05.")
        ) from error
