"""What would be sent on a day to come, and when a body's secretary and chair are told."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from initiatives.actions.reminder_telling import update_telling
from initiatives.forms.reminders import TellingForm
from initiatives.models import Body
from initiatives.permissions_reminders import check_user_can_set_telling, reminder_body_ids
from initiatives.presenters.reminder_preview import DAY, preview
from initiatives.views.form_page import FormPage, answer_form


@login_required
@require_GET
def preview_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    bodies = reminder_body_ids(request.user, today=today)
    page = preview(request.GET.get(DAY, ""), today=today, bodies=bodies)
    context = {"page": page, "crumbs": _crumbs(_("What would be sent"))}
    return render(request, "initiatives/reminder_preview.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def rules_page(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body, slug=slug)
    check_user_can_set_telling(request.user, body, today=timezone.localdate())
    heading = _("When others are told")
    back = reverse("reminder_preview")
    page = FormPage(
        heading=heading,
        kicker=body.name,
        lead=_("Owners are reminded first. These are told when a deadline has passed and nobody has written a status."),
        submit=_("Save"),
        not_saved=_("Not saved yet"),
        cancel_url=back,
        crumbs=_crumbs(heading),
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        update_telling(body=body, by=request.user, **values)
        return back, _("The rule of %(body)s is saved.") % {"body": body.name}

    initial = {name: getattr(body, name) for name in ("tell_secretary_days", "tell_chair_days")}
    return answer_form(request, TellingForm(request.POST or None, initial=initial), page, save)


def _crumbs(label: str) -> list[dict[str, str]]:
    rows = [(_("My tasks"), reverse("mine")), (_("Reminders"), reverse("reminder_log")), (label, "")]
    return [{"label": words, "url": url} for words, url in rows]
