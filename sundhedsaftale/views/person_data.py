"""Everything held about oneself, as a file."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sundhedsaftale.exports.person_data import person_package
from sundhedsaftale.models import User


@login_required
@never_cache
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    return package_of(cast(User, request.user))


def package_of(person: User) -> HttpResponse:
    response = HttpResponse(person_package(person, now=timezone.now()), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="oplysninger-{timezone.localdate():%Y-%m-%d}.zip"'
    return response
