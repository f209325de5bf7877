"""Stopping reminders from a mail, without signing in: a page with a button, and the one press of RFC 8058."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from initiatives.actions.reminder_mails import unsubscribe_person
from initiatives.actions.reminders import LONGEST_PAUSE, pause_reminders
from initiatives.presenters.wording import day_text


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """A GET changes nothing: mail systems open links by themselves. The signature in the address stands for the person,
    so a mail program may POST without a token of ours; all it can do is to pause that person's mails."""
    pk, today = unsubscribe_person(token), timezone.localdate()
    person = get_user_model().objects.filter(pk=pk, is_active=True).first() if pk is not None else None
    if person is None:
        raise Http404
    if request.method == "POST":
        pause_reminders(user=person, until=today + LONGEST_PAUSE, today=today)
    until = person.reminders_paused_until
    stopped = day_text(until) if until is not None and until >= today + LONGEST_PAUSE else ""
    crumbs = [{"label": _("Stop reminders"), "url": ""}]
    context = {"stopped": stopped, "crumbs": crumbs, "address": reverse("reminder_unsubscribe", args=[token])}
    return render(request, "initiatives/reminder_stop.html", context)
