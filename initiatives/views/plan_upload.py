"""A plan from a file: handed over here, looked at in the preview."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers
from django_htmx.http import HttpResponseClientRedirect
from kombu.exceptions import OperationalError

from initiatives import tasks
from initiatives.actions.plan_uploads import keep_upload, read_into_draft
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.plan_imports import UploadForm
from initiatives.models import Body, Plan, PlanImport, PlanUpload
from initiatives.permissions import bodies_user_can_plan_for, check_user_can_import_plan, user_can_import_plan
from initiatives.plan_files.upload import UploadRefused, takes_long
from initiatives.presenters.plan_imports import open_drafts, upload_progress
from initiatives.views.lookup import UNPROCESSABLE, ask_to_sign_in, is_htmx


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
        answer = _start(request, form)
        if answer is not None:
            return answer
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


@never_cache
@require_GET
@vary_on_headers("HX-Request")
def progress(request: HttpRequest, token: UUID) -> HttpResponse:
    """How far a long file has been read: the region for the page that asks again, the whole page for everybody else."""
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    upload = _upload(request, token)
    if upload.result is None:
        name = "_upload_progress.html" if is_htmx(request) else "plan_upload.html"
        context = {"progress": upload_progress(upload, now=timezone.now()), "upload": upload, "crumbs": _crumbs()}
        return render(request, f"initiatives/{name}", context)
    _say_if_known(request, upload.result)
    if is_htmx(request):
        return HttpResponseClientRedirect(reverse("plan_import", args=[upload.result.token]))
    return redirect("plan_import", token=upload.result.token)


@require_POST
def again(request: HttpRequest, token: UUID) -> HttpResponse:
    """Ask a worker once more. One that is at work already is not disturbed."""
    upload = _upload(request, token)
    _ask_worker(request, upload)
    return redirect("plan_upload", token=upload.token)


def _start(request: HttpRequest, form: UploadForm) -> HttpResponse | None:
    """To the preview, or to the page that says how far a long file is; None with the reason on the form."""
    values = form.cleaned_data
    (body, plan), file = form.target(), values["file"]
    check_user_can_import_plan(request.user, body, today=timezone.localdate())
    handed_over = {
        "body": body,
        "plan": plan,
        "kind": values["kind"],
        "title": values["title"],
        "as_of": values["as_of"],
        "content": file.read() if file is not None else None,
        "filename": file.name if file is not None else "",
        "by": request.user,
    }
    try:
        if file is not None and takes_long(handed_over["content"], file.name):
            upload = keep_upload(**handed_over)
            _ask_worker(request, upload)
            return redirect("plan_upload", token=upload.token)
        made = read_into_draft(text=values["text"], **handed_over)
    except UploadRefused as refused:
        form.add_error("file" if file is not None else "text", forms.ValidationError(str(refused)))
        return None
    except ValidationError as error:
        add_errors(form, error)
        return None
    _say_if_known(request, made)
    return redirect("plan_import", token=made.token)


def _ask_worker(request: HttpRequest, upload: PlanUpload) -> None:
    try:
        tasks.read_plan_upload.delay_on_commit(upload.pk)
    except OperationalError:
        messages.error(request, _("The queue does not answer. Nothing was asked for. Try again in a moment."))


def _say_if_known(request: HttpRequest, made: PlanImport) -> None:
    if made.revision > 1:
        messages.info(request, _("You have read this file before. Your corrections are still here."))


def _upload(request: HttpRequest, token: UUID) -> PlanUpload:
    upload = get_object_or_404(PlanUpload.objects.defer("content").select_related("body", "result"), token=token)
    if not user_can_import_plan(request.user, upload.body, today=timezone.localdate()):
        raise Http404
    return upload


def _crumbs() -> list[dict[str, str]]:
    return [
        {"label": _("Plans"), "url": reverse("plan_list")},
        {"label": _("Read a plan from a file"), "url": reverse("plan_import_start")},
        {"label": _("A long file"), "url": ""},
    ]


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
