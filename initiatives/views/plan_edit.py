"""Plans and their headings by hand: made, reworded, put in order, closed and reopened."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from initiatives.actions.plans import add_track, close, create_plan, move, reopen, update_plan, update_track
from initiatives.forms.plans import CloseForm, NewPlanForm, PlanForm, TrackForm
from initiatives.models import Body, Plan, Track
from initiatives.permissions import (
    bodies_user_can_plan_for,
    check_user_can_create_plan,
    check_user_can_edit_plan,
)
from initiatives.presenters.plan_manage import manage_page
from initiatives.views.form_page import FormPage, answer_form
from initiatives.views.lookup import ask_to_sign_in, get_plan, plan_crumbs


@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    bodies = _bodies(request)
    page = FormPage(
        heading=_("A new plan"),
        lead=_("Give it a title first. Headings and items come afterwards."),
        submit=_("Create the plan"),
        not_saved=_("The plan is not created yet"),
        cancel_url=reverse("plan_list"),
        crumbs=[{"label": _("Plans"), "url": reverse("plan_list")}, {"label": _("A new plan"), "url": ""}],
    )

    def save(values: dict[str, Any]) -> tuple[str, str]:
        plan = create_plan(by=request.user, **values)
        return reverse("plan_manage", args=[plan.slug]), _("The plan is created. Add its headings and items here.")

    return answer_form(request, NewPlanForm(request.POST or None, bodies=bodies), page, save)


@require_GET
def manage(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    plan = _plan_to_edit(request, slug)
    context = {"page": manage_page(plan), "crumbs": plan_crumbs(plan, (_("Edit the plan"), ""))}
    return render(request, "initiatives/plan_manage.html", context)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    plan = _plan_to_edit(request, slug)
    form = PlanForm(request.POST or None, initial=PlanForm.opening_values(plan))

    def save(values: dict[str, Any]) -> tuple[str, str]:
        update_plan(plan=plan, by=request.user, **values)
        return _manage_url(plan), _("The plan is saved.")

    return answer_form(request, form, _page(plan, _("Title and date of the plan"), _("Save")), save)


@require_http_methods(["GET", "POST"])
def track_create(request: HttpRequest, slug: str) -> HttpResponse:
    """A heading, or with ?under= a sub-heading of one."""
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    plan = _plan_to_edit(request, slug)
    under = request.GET.get("under", "")
    parent = get_object_or_404(plan.tracks.filter(parent=None), pk=under) if under.isdecimal() else None

    def save(values: dict[str, Any]) -> tuple[str, str]:
        add_track(plan=plan, parent=parent, by=request.user, **values)
        return _manage_url(plan), _("The heading is added.")

    heading = _("A new heading")
    if parent is not None:
        heading = _("A new sub-heading under »%(title)s«") % {"title": parent.title}
    return answer_form(request, TrackForm(request.POST or None), _page(plan, heading, _("Add the heading")), save)


@require_http_methods(["GET", "POST"])
def track_edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    plan = _plan_to_edit(request, slug)
    track = get_object_or_404(plan.tracks, pk=pk)
    form = TrackForm(request.POST or None, initial={"title": track.title, "number": track.number})

    def save(values: dict[str, Any]) -> tuple[str, str]:
        update_track(track=track, by=request.user, **values)
        return _manage_url(plan), _("The heading is saved.")

    return answer_form(request, form, _page(plan, _("Reword the heading"), _("Save")), save)


@require_POST
def track_move(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    plan = _plan_to_edit(request, slug)
    track = get_object_or_404(plan.tracks, pk=pk)
    move(thing=track, up=request.POST.get("direction") == "up", by=request.user)
    return redirect(f"{_manage_url(plan)}#spor-{track.pk}")


@require_http_methods(["GET", "POST"])
def close_plan(request: HttpRequest, slug: str) -> HttpResponse:
    return _close(request, slug, None)


@require_http_methods(["GET", "POST"])
def track_close(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _close(request, slug, pk)


@require_POST
def reopen_plan(request: HttpRequest, slug: str) -> HttpResponse:
    return _reopen(request, slug, None)


@require_POST
def track_reopen(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    return _reopen(request, slug, pk)


def _close(request: HttpRequest, slug: str, pk: int | None) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    plan = _plan_to_edit(request, slug)
    thing = plan if pk is None else get_object_or_404(plan.tracks, pk=pk)

    def save(values: dict[str, Any]) -> tuple[str, str]:
        close(thing=thing, reason=values["closed_reason"], on=timezone.localdate(), by=request.user)
        return _manage_url(plan), _("»%(title)s« is closed.") % {"title": thing.title}

    heading = _("Close »%(title)s«") % {"title": thing.title}
    return answer_form(request, CloseForm(request.POST or None), _page(plan, heading, _("Close")), save)


def _reopen(request: HttpRequest, slug: str, pk: int | None) -> HttpResponse:
    plan = _plan_to_edit(request, slug)
    thing: Plan | Track = plan if pk is None else get_object_or_404(plan.tracks, pk=pk)
    reopen(thing=thing, by=request.user)
    messages.success(request, _("»%(title)s« is open again.") % {"title": thing.title})
    return redirect(_manage_url(plan))


def _plan_to_edit(request: HttpRequest, slug: str) -> Plan:
    plan = get_plan(slug)
    check_user_can_edit_plan(request.user, plan, today=timezone.localdate())
    return plan


def _bodies(request: HttpRequest) -> list[Body]:
    """A body that is not one's own is refused by name, and not as a slip in the form."""
    today = timezone.localdate()
    asked = request.POST.get("body", "")
    body = Body.objects.filter(pk=asked).first() if asked.isdecimal() else None
    if body is not None:
        check_user_can_create_plan(request.user, body, today=today)
    bodies = bodies_user_can_plan_for(request.user, today=today)
    if not bodies:
        raise PermissionDenied(_("Only the secretariat of a body can make a plan for it."))
    return bodies


def _manage_url(plan: Plan) -> str:
    return reverse("plan_manage", args=[plan.slug])


def _page(plan: Plan, heading: str, submit: str) -> FormPage:
    return FormPage(
        heading=heading,
        kicker=plan.short_title or plan.title,
        submit=submit,
        not_saved=_("Not saved yet"),
        cancel_url=_manage_url(plan),
        crumbs=plan_crumbs(plan, (_("Edit the plan"), _manage_url(plan)), (heading, "")),
    )
