"""The log of reminders, sending an uncertain one again, and a pause from them."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from initiatives.actions.reminders import pause_reminders, resend_uncertain
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.reminders import PauseForm
from initiatives.models import ReminderMail
from initiatives.models.reminders import ReminderMailQuerySet
from initiatives.permissions_reminders import reminder_body_ids, visible_body_ids
from initiatives.presenters import reminders as presenter
from initiatives.views.lookup import UNPROCESSABLE


@login_required
@require_GET
def log_page(request: HttpRequest) -> HttpResponse:
    bodies = reminder_body_ids(request.user, today=timezone.localdate())
    page = presenter.log_page(_visible(bodies), request.GET.dict(), bodies=bodies)
    crumbs = [{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("Reminders"), "url": ""}]
    return render(request, "initiatives/reminder_log.html", {"page": page, "crumbs": crumbs})


@login_required
@require_POST
def resend(request: HttpRequest, pk: int) -> HttpResponse:
    """Other people's mails are not there, for anybody who may not see them in the log."""
    mail = get_object_or_404(_visible(visible_body_ids(request.user, today=timezone.localdate())), pk=pk)
    if resend_uncertain(mail=mail, by=request.user, now=timezone.now()):
        messages.success(request, _("The mail waits in the outbox and is sent at the next run."))
    else:
        messages.warning(request, _("The mail is no longer uncertain. Nothing was sent."))
    return redirect("reminder_log")


@login_required
@require_http_methods(["GET", "POST"])
def pause_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    if "resume" in request.POST:
        pause_reminders(user=request.user, until=None, today=today)
        messages.success(request, _("You get reminders again."))
        return redirect("mine")
    paused: date | None = getattr(request.user, "reminders_paused_until", None)
    form = PauseForm(request.POST or None, initial={"until": paused})
    if request.method == "POST" and form.is_valid():
        try:
            pause_reminders(user=request.user, until=form.cleaned_data["until"], today=today)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Your reminders are paused."))
            return redirect("mine")
    crumbs = [{"label": _("My tasks"), "url": reverse("mine")}, {"label": _("Pause reminders"), "url": ""}]
    context = {"form": form, "errors": error_list(form), "paused": paused, "crumbs": crumbs}
    return render(request, "initiatives/reminder_pause.html", context, status=UNPROCESSABLE if form.errors else 200)


def _visible(bodies: set[int] | None) -> ReminderMailQuerySet:
    """Mails about what the bodies do; every mail for whoever runs the site."""
    return ReminderMail.objects.all() if bodies is None else ReminderMail.objects.concerning(bodies)
