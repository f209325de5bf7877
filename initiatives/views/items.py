"""One item to read."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from initiatives.permissions import plan_rights
from initiatives.presenters.item_page import item_page
from initiatives.views.lookup import get_item, item_crumbs


@require_GET
def detail_page(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    today = timezone.localdate()
    item = get_item(slug, number, with_owners=False)
    rights = plan_rights(request.user, item.plan, today=today)
    context = {
        "page": item_page(item, rights, today=today),
        "rights": rights,
        "editor": None,
        "saved": False,
        "notice": "",
        "crumbs": item_crumbs(item),
        "comments_url": reverse("item_comments", args=[slug, number]),
        "follow_url": reverse("follow_item", args=[slug, number]),
    }
    return render(request, "initiatives/item_detail.html", context)
