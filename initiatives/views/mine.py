"""What needs me now."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from initiatives.presenters import mine as presenter


@login_required
@require_GET
def mine_page(request: HttpRequest) -> HttpResponse:
    page = presenter.mine_page(request.user, today=timezone.localdate())
    context = {"page": page, "crumbs": [{"label": _("My tasks"), "url": ""}]}
    return render(request, "initiatives/mine_show.html", context)
