"""Everything about one item as a file."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from initiatives.exports.item_package import item_package
from initiatives.permissions import check_user_can_edit_plan
from initiatives.views.lookup import get_item


@login_required
@never_cache
@require_GET
def item(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    now = timezone.now()
    found = get_item(slug, number)
    check_user_can_edit_plan(request.user, found.plan, today=timezone.localdate())
    content = item_package(found, now=now, site_name=settings.SITE_NAME, address=settings.SITE_URL)
    response = HttpResponse(content, content_type="application/zip")
    name = f"aktindsigt-{slug}-punkt-{number}-{timezone.localdate():%Y-%m-%d}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
