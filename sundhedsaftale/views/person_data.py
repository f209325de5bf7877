"""Everything held about oneself, or about somebody who asks an administrator, as a file."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sundhedsaftale.exports.person_data import person_package
from sundhedsaftale.models import User
from sundhedsaftale.permissions import check_user_can_manage_accounts


@login_required
@never_cache
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    return package_of(cast(User, request.user))


@login_required
@never_cache
@require_GET
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """For whoever runs the site, when somebody without an account of their own asks what is held about them."""
    check_user_can_manage_accounts(request.user)
    return package_of(get_object_or_404(User, pk=pk))


def package_of(person: User) -> HttpResponse:
    response = HttpResponse(person_package(person, now=timezone.now()), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="oplysninger-{timezone.localdate():%Y-%m-%d}.zip"'
    return response
