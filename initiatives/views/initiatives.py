"""Initiatives: the catalogue with its filters, one initiative, and the forms that log and enrich it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from initiatives.actions.initiatives import log_initiative, update_initiative
from initiatives.actions.links import add_link, remove_link
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.initiatives import InitiativeEditForm, InitiativeLinkForm, InitiativeLogForm
from initiatives.models import Body, Contribution, Initiative
from initiatives.permissions import (
    bodies_user_can_log_for,
    check_user_can_edit_initiative,
    check_user_can_link,
    check_user_can_log_initiative,
    user_can_edit_initiative,
)
from initiatives.presenters.evidence import ladder
from initiatives.presenters.initiative_list import Filters, filter_choices, initiative_list
from initiatives.presenters.initiatives import initiative_page

UNPROCESSABLE = 422


@require_GET
@vary_on_headers("HX-Request")
def list_page(request: HttpRequest) -> HttpResponse:
    filters = Filters.from_query(request.GET.dict())
    found = initiative_list(filters, page_number=request.GET.get("side", "1"), path=request.path)
    context: dict[str, Any] = {"found": found, "filters": filters}
    if request.headers.get("HX-Request"):
        # The sentence over the list says how many: it changes with them.
        return render(request, "initiatives/_initiative_results.html", {**context, "oob": True})
    context |= {
        "choices": filter_choices(filters),
        "can_log": bool(bodies_user_can_log_for(request.user, today=timezone.localdate())),
        "ladder": ladder(),
        "crumbs": [{"label": _("Initiatives"), "url": ""}],
    }
    return render(request, "initiatives/initiative_list.html", context)


@require_GET
def detail_page(request: HttpRequest, slug: str) -> HttpResponse:
    initiative = _initiative(slug)
    return _render_detail(request, initiative, form=None)


@require_http_methods(["GET", "POST"])
def create_page(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    bodies = bodies_user_can_log_for(request.user, today=today)
    _check_may_log(request, bodies)
    form = InitiativeLogForm(request.POST or None, bodies=bodies)
    if request.method == "POST" and form.is_valid():
        try:
            initiative = log_initiative(**form.values(), by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The initiative is logged. You can add more whenever you like."))
            return redirect("initiative", slug=initiative.slug)
    context = {"form": form, "errors": error_list(form), "ladder": ladder(), "crumbs": _crumbs(_("Log an initiative"))}
    return render(request, "initiatives/initiative_create.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_http_methods(["GET", "POST"])
def edit_page(request: HttpRequest, slug: str) -> HttpResponse:
    today = timezone.localdate()
    initiative = _initiative(slug)
    check_user_can_edit_initiative(request.user, initiative, today=today)
    form = InitiativeEditForm(request.POST or None, initiative=initiative, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            update_initiative(initiative=initiative, by=request.user, **form.values())
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The initiative is saved."))
            return redirect("initiative", slug=initiative.slug)
    context = {
        "form": form,
        "errors": error_list(form),
        "ladder": ladder(),
        "page": initiative_page(initiative),
        "crumbs": _crumbs(initiative.title),
    }
    return render(request, "initiatives/initiative_edit.html", context, status=UNPROCESSABLE if form.errors else 200)


@require_POST
def link_add(request: HttpRequest, slug: str) -> HttpResponse:
    initiative = _initiative(slug)
    check_user_can_link(request.user, initiative, today=timezone.localdate())
    form = InitiativeLinkForm(request.POST)
    if form.is_valid():
        try:
            add_link(thing=initiative, target=form.target_object(), reason=form.cleaned_data["reason"], by=request.user)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The link is drawn."))
            return redirect("initiative", slug=slug)
    return _render_detail(request, initiative, form=form)


@require_POST
def link_remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    initiative = _initiative(slug)
    check_user_can_link(request.user, initiative, today=timezone.localdate())
    link = get_object_or_404(Contribution.objects.active(), pk=pk, initiative=initiative)
    try:
        remove_link(link=link, reason=request.POST.get("removed_reason", ""), by=request.user)
    except ValidationError as error:
        typed = {"pk": pk, "text": request.POST.get("removed_reason", ""), "error": " ".join(error.messages)}
        return _render_detail(request, initiative, form=None, unremoved=typed)
    messages.success(request, _("The link is removed. Its reason stays readable."))
    return redirect("initiative", slug=slug)


def _initiative(slug: str) -> Initiative:
    links = Contribution.objects.select_related("goal__framework", "indicator", "by", "removed_by")
    initiatives = Initiative.objects.select_related("body").prefetch_related(
        Prefetch("contributions", queryset=links), "areas__kind"
    )
    return get_object_or_404(initiatives, slug=slug)


def _check_may_log(request: HttpRequest, bodies: list[Body]) -> None:
    """A body that is not one's own is refused by name, and not as a spelling mistake in the form."""
    asked = request.POST.get("body", "")
    body = Body.objects.filter(pk=asked).first() if asked.isdecimal() else None
    if body is not None:
        check_user_can_log_initiative(request.user, body, today=timezone.localdate())
    elif not bodies:
        raise PermissionDenied(
            _("Only the lead or the secretariat of a cluster, council or committee can log an initiative.")
        )


def _render_detail(
    request: HttpRequest,
    initiative: Initiative,
    *,
    form: InitiativeLinkForm | None,
    unremoved: dict[str, Any] | None = None,
) -> HttpResponse:
    today = timezone.localdate()
    can_change = user_can_edit_initiative(request.user, initiative, today=today)
    if can_change and form is None:
        active = [link for link in initiative.contributions.all() if link.removed_at is None]
        form = InitiativeLinkForm(taken=[_target_code(link) for link in active])
    context = {
        "page": initiative_page(initiative),
        "can_change": can_change,  # whoever may edit an initiative may link it: one question for both
        "form": form,
        "unremoved": unremoved,
        "errors": error_list(form) if form else [],
        "crumbs": _crumbs(initiative.title),
        "comments_url": reverse("initiative_comments", args=[initiative.slug]),
        "follow_url": reverse("follow_initiative", args=[initiative.slug]),
    }
    failed = bool(unremoved) or bool(form and form.errors)
    return render(request, "initiatives/initiative_detail.html", context, status=UNPROCESSABLE if failed else 200)


def _target_code(link: Contribution) -> str:
    return f"goal:{link.goal.slug}" if link.goal else f"indicator:{link.indicator.code}"  # type: ignore[union-attr]


def _crumbs(label: str) -> list[dict[str, str]]:
    from_list = {"label": _("Initiatives"), "url": reverse("initiative_list")}
    return [from_list, {"label": label, "url": ""}]
