"""My own name and language, my roles and my absence."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from initiatives.views.form_page import FormPage, answer_form
from sundhedsaftale.actions.people import update_profile
from sundhedsaftale.forms_people import ProfileForm
from sundhedsaftale.presenters.people import profile_page


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    page = FormPage(
        heading=_("My profile"),
        lead="",
        submit=_("Save"),
        not_saved=_("Your profile is not saved yet"),
        cancel_url=reverse("mine"),
        crumbs=[{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("My profile"), "url": ""}],
        extra={"profile": profile_page(user, today=timezone.localdate())},
        template="profile_show.html",
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        update_profile(person=user, by=user, now=timezone.now(), **values)
        return reverse("profile"), _("Your profile is saved.")

    return answer_form(request, form, page, save)
