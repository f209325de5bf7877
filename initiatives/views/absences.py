"""Absences with a deputy: my own, somebody's in a body I am secretary of, and ending one early."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from initiatives.acquaintance import people_beside
from initiatives.actions.delegations import duties_taken_on, end_absence, register_absence
from initiatives.forms.people import AbsenceForm
from initiatives.models import Body, Delegation, Membership
from initiatives.permissions_people import check_user_can_end_absence
from initiatives.presenters.wording import day_text, language
from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import ask_to_sign_in
from initiatives.views.people import managed_body, people_form
from sundhedsaftale.lib.danish import join_words


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def own(request: HttpRequest) -> HttpResponse:
    user: Any = request.user
    today = timezone.localdate()
    roles = Membership.objects.valid_on(today).filter(user=user)
    bodies = Body.objects.filter(pk__in=roles.values("body"))
    people = people_beside(user, today=today)
    form = AbsenceForm(request.POST or None, people=people, bodies=bodies, today=today)
    heading, lead = _("Register absence"), _("A deputy has your roles and items meanwhile. You keep your own rights.")
    if not people.exists():
        lead = _("Nobody else has a role in your bodies, so nobody can be your deputy. Their secretary can add people.")
    page = FormPage(
        heading=heading,
        lead=lead,
        submit=_("Register the absence"),
        not_saved=_("The absence is not registered yet"),
        cancel_url=reverse("profile"),
        crumbs=[{"label": _("My profile"), "url": reverse("profile")}, {"label": heading, "url": ""}],
    )
    return answer_form(request, form, page, lambda values: _registered(request, user, values, page.cancel_url))


@never_cache
@require_http_methods(["GET", "POST"])
def on_behalf(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A secretary registers it for somebody in the body, and for that body alone."""
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    body, today = managed_body(request, slug), timezone.localdate()
    members = Membership.objects.valid_on(today).filter(body=body)
    people = get_user_model().objects.filter(is_active=True, pk__in=members.values("user"))
    person = get_object_or_404(people, pk=pk)
    form = AbsenceForm(request.POST or None, people=people.exclude(pk=pk), today=today)
    page = people_form(
        body,
        _("Register absence for %(who)s") % {"who": person},
        lead=_("The deputy has their roles and items in this body alone. Both of them see it here."),
        submit=_("Register the absence"),
        not_saved=_("The absence is not registered yet"),
    )
    return answer_form(
        request, form, page, lambda values: _registered(request, person, {**values, "body": body}, page.cancel_url)
    )


@login_required
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    delegation = get_object_or_404(Delegation.objects.select_related("person", "body"), pk=pk)
    check_user_can_end_absence(request.user, delegation, today=timezone.localdate())
    if end_absence(delegation=delegation, by=request.user, now=timezone.now()):
        messages.success(request, _("The absence is ended. The deputy has nothing more from now on."))
    else:
        messages.warning(request, _("The absence had ended already."))
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    return redirect("profile")


def _registered(request: HttpRequest, person: Any, values: dict[str, Any], url: str) -> tuple[str, str]:
    delegation = register_absence(person=person, by=request.user, now=timezone.now(), **values)
    taken = duties_taken_on(person, delegation.first_day, delegation.last_day)
    if taken:
        names = join_words(sorted({str(one.person) for one in taken}), language())
        words = _("%(who)s is deputy for %(others)s in those days. Nobody takes that over: tell them.")
        messages.warning(request, words % {"who": person, "others": names})
    days = {"first": day_text(delegation.first_day), "last": day_text(delegation.last_day)}
    said = _("%(deputy)s is deputy from %(first)s to %(last)s.") % {"deputy": delegation.deputy, **days}
    return url, said
