"""What is frozen, to read; and freezing and approving, each asked for on a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from initiatives.actions.freezing import ApprovalConflict, FreezeConflict, approve, freeze
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.freezing import ApproveForm, FreezeForm
from initiatives.models import Meeting, Plan, Snapshot
from initiatives.permissions import check_user_can_approve, check_user_can_freeze, plan_rights
from initiatives.presenters.freezing import FreezePage, freeze_page
from initiatives.presenters.snapshots import snapshot_lines, snapshot_page
from initiatives.views.lookup import CONFLICT, UNPROCESSABLE, ask_to_sign_in, get_plan, meeting_crumbs, plan_crumbs


@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    snapshot = get_object_or_404(Snapshot.objects.select_related("plan"), pk=pk)
    page = snapshot_page(snapshot)
    crumbs = [
        {"label": _("Plans"), "url": reverse("plan_list")},
        {"label": snapshot.plan_title, "url": page.plan_url},
        {"label": _("Frozen"), "url": page.list_url},
        {"label": page.asof, "url": ""},
    ]
    return render(request, "initiatives/snapshot_show.html", {"page": page, "crumbs": crumbs})


@require_GET
def list_page(request: HttpRequest, slug: str) -> HttpResponse:
    plan = get_plan(slug)
    context = {
        "plan": plan,
        "plan_url": reverse("plan", args=[slug]),
        "lines": snapshot_lines(plan),
        "crumbs": plan_crumbs(plan, (_("Frozen"), "")),
    }
    return render(request, "initiatives/snapshot_list.html", context)


@require_http_methods(["GET", "POST"])
def freeze_plan(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    meeting, plan = _meeting_and_plan(pk, slug)
    check_user_can_freeze(request.user, meeting, today=timezone.localdate())
    if request.method == "GET":
        return _ask_to_freeze(request, meeting, plan, None)
    form = FreezeForm(request.POST, version=1)
    if form.is_valid():
        try:
            snapshot = freeze(meeting=meeting, plan=plan, by=request.user, **form.cleaned_data)
        except FreezeConflict as conflict:
            return _ask_to_freeze(request, meeting, plan, form, winner=conflict.current)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("The plan is frozen. Nothing can change it now."))
            return redirect("snapshot", pk=snapshot.pk)
    return _ask_to_freeze(request, meeting, plan, form)


@require_http_methods(["GET", "POST"])
def approve_plan(request: HttpRequest, pk: int, slug: str) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    meeting, plan = _meeting_and_plan(pk, slug)
    check_user_can_approve(request.user, meeting, today=timezone.localdate())
    form = ApproveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            approve(meeting=meeting, plan=plan, by=request.user, seen=form.cleaned_data["seen"])
        except ApprovalConflict:
            return _ask_to_approve(request, meeting, plan, form, changed=True)
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("You have approved the plan as it stands. The secretariat can freeze it."))
            return redirect(request.path)
    return _ask_to_approve(request, meeting, plan, form)


def _ask_to_freeze(
    request: HttpRequest, meeting: Meeting, plan: Plan, form: FreezeForm | None, *, winner: Snapshot | None = None
) -> HttpResponse:
    """The page as it stands now. After a conflict the form is a new one that carries the words of the old."""
    page = _page(request, meeting, plan)
    words = form["note"].value() if winner is not None and form is not None else ""
    shown = FreezeForm(initial={"note": words}, version=page.line.version) if form is None or winner else form
    context = {"page": page, "meeting": meeting, "form": shown, "errors": error_list(shown), "winner": winner}
    return _answer(request, "initiatives/snapshot_freeze.html", context, shown, conflict=winner is not None)


def _ask_to_approve(
    request: HttpRequest, meeting: Meeting, plan: Plan, form: ApproveForm, *, changed: bool = False
) -> HttpResponse:
    page = _page(request, meeting, plan)
    shown = ApproveForm(initial={"seen": page.fingerprint})
    context = {"page": page, "meeting": meeting, "form": shown, "errors": error_list(form), "changed": changed}
    return _answer(request, "initiatives/snapshot_approve.html", context, form, conflict=changed)


def _page(request: HttpRequest, meeting: Meeting, plan: Plan) -> FreezePage:
    today = timezone.localdate()
    return freeze_page(meeting, plan, plan_rights(request.user, meeting, today=today), today)


def _answer(
    request: HttpRequest, template: str, context: dict[str, Any], form: forms.Form, *, conflict: bool
) -> HttpResponse:
    status = CONFLICT if conflict else UNPROCESSABLE if form.errors else 200
    heading = _("Freeze") if template.endswith("freeze.html") else _("Approve")
    crumbs = meeting_crumbs(context["meeting"], (heading, ""))
    return render(request, template, {**context, "crumbs": crumbs}, status=status)


def _meeting_and_plan(pk: int, slug: str) -> tuple[Meeting, Plan]:
    return get_object_or_404(Meeting.objects.select_related("body__area"), pk=pk), get_plan(slug)
