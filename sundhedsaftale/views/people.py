"""The accounts of the site, for whoever runs it: all of them, one of them, closing and reopening, the two site roles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import ask_to_sign_in
from sundhedsaftale.actions.people import close_person, grant_site_role, reopen_person, withdraw_site_role
from sundhedsaftale.forms_people import ClosePersonForm
from sundhedsaftale.models import SiteRole, User
from sundhedsaftale.permissions import check_user_can_manage_accounts
from sundhedsaftale.presenters import people as presenter


@never_cache
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    check_user_can_manage_accounts(request.user)
    page = presenter.people_list(
        query=request.GET.get("q", "").replace("\0", "").strip()[:100],
        shown=request.GET.get("vis", ""),
        page_number=request.GET.get("side", "1"),
        today=timezone.localdate(),
    )
    return render(request, "people_list.html", {"page": page, "crumbs": [{"label": _("Accounts"), "url": ""}]})


@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    check_user_can_manage_accounts(request.user)
    page = presenter.person_page(pk, today=timezone.localdate())
    if page is None:
        raise Http404
    crumbs = [{"label": _("Accounts"), "url": reverse("people")}, {"label": page.name, "url": ""}]
    return render(request, "person_show.html", {"page": page, "is_self": pk == request.user.pk, "crumbs": crumbs})


@never_cache
@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    person = _person(request, pk)
    closing = presenter.close_page(person, today=timezone.localdate())
    form = ClosePersonForm(request.POST if request.method == "POST" else None, ask=bool(closing.bodies))
    page = _close_form(person, closing)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        confirmed = values.get("confirmed", False)
        close_person(person=person, by=request.user, now=timezone.now(), confirmed=confirmed)
        return page.cancel_url, _("The account is closed. What %(who)s wrote keeps the name.") % {"who": person}

    return answer_form(request, form, page, save)


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    person = _person(request, pk)

    def change() -> str:
        reopen_person(person=person, by=request.user, now=timezone.now())
        return _("The account is open again. It has no roles until somebody gives them.")

    return _changed(request, pk, change)


@require_POST
def site_role(request: HttpRequest, pk: int, role: str) -> HttpResponse:
    """`held` says what the page showed, so that pressing twice changes nothing twice."""
    if role not in SiteRole.values:
        raise Http404
    person = _person(request, pk)
    words = {"who": person, "role": SiteRole(role).label}

    def change() -> str:
        if request.POST.get("held") == "1":
            withdraw_site_role(person=person, role=role, by=request.user, now=timezone.now())
            return _("%(who)s no longer has the role: %(role)s.") % words
        grant_site_role(person=person, role=role, by=request.user, now=timezone.now())
        return _("%(who)s has the role now: %(role)s.") % words

    return _changed(request, pk, change)


def _person(request: HttpRequest, pk: int) -> User:
    check_user_can_manage_accounts(request.user)
    return get_object_or_404(User, pk=pk)


def _changed(request: HttpRequest, pk: int, change: Any) -> HttpResponse:
    try:
        messages.success(request, change())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("person", pk=pk)


def _close_form(person: User, closing: presenter.ClosePage) -> FormPage:
    url = reverse("person", args=[person.pk])
    heading = _("Close the account")
    rows = [(_("Accounts"), reverse("people")), (str(person), url), (heading, "")]
    return FormPage(
        heading=heading,
        kicker=str(person),
        lead=_("They are signed out everywhere, their roles end today, and their absences and calendar addresses too."),
        submit=heading,
        not_saved=_("The account is not closed"),
        cancel_url=url,
        crumbs=[{"label": label, "url": place} for label, place in rows],
        extra={"closing": closing},
        template="person_close.html",
    )
