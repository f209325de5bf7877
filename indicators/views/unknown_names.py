"""The list of area names nobody knows, and the press that says once what a name means."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from indicators.actions.mappings import map_unknown_name
from indicators.models import Area, UnknownName
from indicators.permissions import check_user_can_hand_over_tables
from indicators.presenters.unknown_names import unknown_page


@never_cache
@require_GET
def unknown_names(request: HttpRequest) -> HttpResponse:
    check_user_can_hand_over_tables(request.user)
    return render(request, "indicators/unknown_names.html", {"page": unknown_page()})


@require_POST
def unknown_name_map(request: HttpRequest, pk: int) -> HttpResponse:
    check_user_can_hand_over_tables(request.user)
    unknown = get_object_or_404(UnknownName, pk=pk)
    area = Area.objects.filter(code=request.POST.get("area", "")).first()
    if area is None:
        messages.error(request, gettext("Choose the area that the name means."))
        return redirect("unknown_names")
    try:
        map_unknown_name(unknown=unknown, area=area, now=timezone.now(), by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        words = {"name": unknown.name, "area": area.name}
        messages.success(request, gettext("»%(name)s« means %(area)s from now on.") % words)
    return redirect("unknown_names")
