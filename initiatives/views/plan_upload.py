"""A plan from a file: handed over here, looked at in the preview."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from initiatives.actions.plan_imports import start_import
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.plan_imports import UploadForm
from initiatives.models import Body, Plan, PlanImport
from initiatives.permissions import bodies_user_can_plan_for, check_user_can_import_plan
from initiatives.plan_files.upload import UploadRefused, read_upload
from initiatives.presenters.plan_imports import open_drafts
from initiatives.views.lookup import UNPROCESSABLE, ask_to_sign_in


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    bodies = _bodies(request)
    plans = Plan.objects.filter(body__in=bodies, closed_on__isnull=True)
    opening = {"goes_to": f"plan:{request.GET['plan']}"} if request.GET.get("plan", "").isdecimal() else None
    form = UploadForm(request.POST or None, request.FILES or None, bodies=bodies, plans=plans, initial=opening)
    if request.method == "POST" and form.is_valid():
        started = _start(request, form)
        if started is not None:
            return redirect("plan_import", token=started.token)
    context = {
        "form": form,
        "errors": error_list(form),
        "drafts": open_drafts(bodies, request.user.pk),
        "crumbs": [
            {"label": _("Plans"), "url": reverse("plan_list")},
            {"label": _("Read a plan from a file"), "url": ""},
        ],
    }
    return render(request, "initiatives/plan_import_start.html", context, status=UNPROCESSABLE if form.errors else 200)


def _start(request: HttpRequest, form: UploadForm) -> PlanImport | None:
    """The draft, or None with the reason on the form."""
    values = form.cleaned_data
    (body, plan), file, today = form.target(), values["file"], timezone.localdate()
    check_user_can_import_plan(request.user, body, today=today)
    try:
        read = read_upload(
            body=body,
            content=file.read() if file is not None else None,
            filename=file.name if file is not None else "",
            text=values["text"],
            as_of=values["as_of"],
            today=today,
        )
        title = plan.title if plan is not None else values["title"] or read.draft.title
        kind = plan.kind if plan is not None else values["kind"]
        made = start_import(
            body=body,
            kind=kind,
            title=title,
            as_of=read.as_of,
            draft=read.draft,
            filename=read.filename,
            sha256=read.sha256,
            plan=plan,
            by=request.user,
        )
    except UploadRefused as refused:
        form.add_error("file" if file is not None else "text", forms.ValidationError(str(refused)))
        return None
    except ValidationError as error:
        add_errors(form, error)
        return None
    if made.revision > 1:
        messages.info(request, _("You have read this file before. Your corrections are still here."))
    return made


def _bodies(request: HttpRequest) -> list[Body]:
    """A body that is not one's own is refused by name, and not as a slip in the form."""
    today = timezone.localdate()
    kind, _colon, number = request.POST.get("goes_to", "").partition(":")
    if number.isdecimal():
        plan = Plan.objects.filter(pk=number).first() if kind == "plan" else None
        body = plan.body if plan is not None else Body.objects.filter(pk=number).first() if kind == "new" else None
        if body is not None:
            check_user_can_import_plan(request.user, body, today=today)
    bodies = bodies_user_can_plan_for(request.user, today=today)
    if not bodies:
        raise PermissionDenied(_("Only the secretariat of a body can make a plan for it."))
    return bodies
