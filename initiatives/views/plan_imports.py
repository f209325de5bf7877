"""The preview of an import: rows corrected in place, then everything confirmed, or thrown away.

Each row is one region, with htmx and without JavaScript. A correction changes the counts and the list of what to look
at too, so these come back beside the row.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from initiatives.actions.plan_imports import (
    ImportConflict,
    ImportFinished,
    confirm_import,
    correct_import,
    discard_import,
)
from initiatives.calculations.plan_review import Corrections
from initiatives.forms.base import add_errors, error_list
from initiatives.forms.plan_imports import ClosingForm, RowForm
from initiatives.models import ImportState, PlanImport
from initiatives.permissions import user_can_import_plan
from initiatives.plan_files.preview import Preview, load_preview, load_suggester, suggestions_for
from initiatives.presenters.import_rows import row_view
from initiatives.presenters.plan_imports import ONLY_TO_LOOK_AT, import_page
from initiatives.views.lookup import CONFLICT, UNPROCESSABLE, ask_to_sign_in, is_htmx

PAGE, ROW, SAVED = (
    "initiatives/plan_import_preview.html",
    "initiatives/_import_row.html",
    "initiatives/_import_saved.html",
)


@require_GET
@vary_on_headers("HX-Request")
def preview(request: HttpRequest, token: UUID) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    source = _import(request, token)
    if source.state != ImportState.DRAFT:
        return _finished(request, source)
    return _whole(request, source)


@require_GET
@vary_on_headers("HX-Request")
def row_panel(request: HttpRequest, token: UUID, number: int) -> HttpResponse:
    """The row with its form closed: what "close without saving" brings back."""
    source = _import(request, token)
    if not is_htmx(request) or source.state != ImportState.DRAFT:
        return redirect(_row_url(source, number))
    current = load_preview(source)
    return render(request, ROW, _row_context(current, _place(current, number)))


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def row_edit(request: HttpRequest, token: UUID, number: int) -> HttpResponse:
    sign_in = ask_to_sign_in(request)
    if sign_in is not None:
        return sign_in
    source = _import(request, token)
    if source.state != ImportState.DRAFT:
        return _finished(request, source)
    current = load_preview(source)
    place = _place(current, number)
    row = current.review.rows[place]
    form = RowForm(request.POST or None, row=row, preview=current, suggestions=suggestions_for(row, load_suggester()))
    if request.method == "GET":
        return _editor(request, current, place, form)
    if not form.is_valid():
        return _editor(request, current, place, form, status=UNPROCESSABLE)
    return _correct(request, source, place, form.correction(), form=form)


@require_POST
@vary_on_headers("HX-Request")
def row_seen(request: HttpRequest, token: UUID, number: int) -> HttpResponse:
    """Somebody has looked, and it is right. An answer to "the same item?" may come with it."""
    edit: dict[str, Any] = {"seen": True}
    if request.POST.get("match"):
        edit["match"] = request.POST["match"]
    return _correct(request, _import(request, token), number - 1, edit)


@require_POST
@vary_on_headers("HX-Request")
def row_drop(request: HttpRequest, token: UUID, number: int) -> HttpResponse:
    """Leave the row out, or take it back in."""
    return _correct(request, _import(request, token), number - 1, {"drop": request.POST.get("drop") == "1"})


@require_POST
def vanished(request: HttpRequest, token: UUID, key: str) -> HttpResponse:
    source = _import(request, token)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(text) for errors in form.errors.values() for text in errors))
        return redirect(f"{reverse('plan_import', args=[token])}#mangler-{key}")
    reason = form.cleaned_data["reason"].strip() if form.cleaned_data["close"] else ""
    try:
        correct_import(
            plan_import=source,
            revision=_revision(request),
            corrections=Corrections(closing={key: reason}),
            by=request.user,
        )
    except ImportConflict as conflict:
        messages.warning(request, _conflict_text(conflict))
    except ImportFinished as done:
        return _finished(request, done.plan_import)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('plan_import', args=[token])}#mangler-{key}")


@require_POST
def confirm(request: HttpRequest, token: UUID) -> HttpResponse:
    source = _import(request, token)
    try:
        plan = confirm_import(
            plan_import=source, revision=_revision(request), by=request.user, stamp=request.POST.get("stamp")
        )
    except ImportFinished as done:
        return _finished(request, done.plan_import)
    except ImportConflict as conflict:
        messages.warning(request, _conflict_text(conflict))
        return _whole(request, _import(request, token), status=CONFLICT)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return _whole(request, source, status=UNPROCESSABLE)
    messages.success(request, _("The plan is read in. Everything in it can be corrected here."))
    return redirect("plan", slug=plan.slug)


@require_POST
def discard(request: HttpRequest, token: UUID) -> HttpResponse:
    source = _import(request, token)
    try:
        discard_import(plan_import=source, by=request.user)
    except ImportFinished as done:
        return _finished(request, done.plan_import)
    messages.success(request, _("»%(title)s« is thrown away. The plan itself is untouched.") % {"title": source.title})
    return redirect("plan_import_start")


def _import(request: HttpRequest, token: UUID) -> PlanImport:
    imports = PlanImport.objects.select_related("body", "plan__kind", "kind", "by", "result", "finished_by")
    source = get_object_or_404(imports, token=token)
    if not user_can_import_plan(request.user, source.body, today=timezone.localdate()):
        raise Http404  # what is not confirmed is nobody else's business, not even that it is there
    return source


def _correct(
    request: HttpRequest, source: PlanImport, place: int, edit: dict[str, Any], *, form: RowForm | None = None
) -> HttpResponse:
    corrections = Corrections(rows={place: edit})
    try:
        source = correct_import(
            plan_import=source, revision=_revision(request), corrections=corrections, by=request.user
        )
    except ImportFinished as done:
        return _finished(request, done.plan_import)
    except ImportConflict as conflict:
        return _conflict(request, source.token, place, form, _conflict_text(conflict))
    except ValidationError as error:
        if form is None:
            raise Http404 from error  # only a form of our own making names a row or an answer that is not there
        add_errors(form, error)
        return _editor(request, load_preview(source), place, form, status=UNPROCESSABLE)
    if not is_htmx(request):
        return redirect(_row_url(source, place + 1))
    return _saved(request, source.token, place)


def _conflict(request: HttpRequest, token: UUID, place: int, form: RowForm | None, notice: str) -> HttpResponse:
    """What was typed stays in the form; saving once more puts it on top of what the other one did."""
    current = load_preview(_import(request, token))
    if form is not None:
        return _editor(request, current, place, form, notice=notice, status=CONFLICT)
    if not is_htmx(request):
        messages.warning(request, notice)
        return redirect(_row_url(current.plan_import, place + 1))
    return render(request, SAVED, {**_saved_context(current, place), "notice": notice}, status=CONFLICT)


def _saved(request: HttpRequest, token: UUID, place: int) -> HttpResponse:
    return render(request, SAVED, _saved_context(load_preview(_import(request, token)), place))


def _saved_context(current: Preview, place: int) -> dict[str, Any]:
    page = import_page(current)
    return {"page": page, "row": page.rows[place], "editor": None, "oob": True, "open": True}


def _editor(
    request: HttpRequest, current: Preview, place: int, form: RowForm, *, notice: str = "", status: int = 200
) -> HttpResponse:
    editor = {"form": form, "errors": error_list(form), "notice": notice, "revision": current.plan_import.revision}
    context = {**_row_context(current, place), "editor": editor}
    if is_htmx(request):
        if notice:
            context |= {"oob": True, "page": import_page(current)}
        return render(request, SAVED if notice else ROW, context, status=status)
    page = import_page(current)
    crumbs = _crumbs(current.plan_import, (_("Correct a row"), ""))
    return render(
        request, "initiatives/plan_import_row.html", {**context, "page": page, "crumbs": crumbs}, status=status
    )


def _row_context(current: Preview, place: int) -> dict[str, Any]:
    base = reverse("plan_import", args=[current.plan_import.token])
    row = current.review.rows[place]
    shown = row_view(row, current, suggested=len(suggestions_for(row, load_suggester())), base_url=base)
    return {"row": shown, "editor": None, "open": True, "revision": current.plan_import.revision}


def _whole(request: HttpRequest, source: PlanImport, *, status: int = 200) -> HttpResponse:
    page = import_page(load_preview(source), only_to_look_at=request.GET.get("vis") == ONLY_TO_LOOK_AT)
    context = {"page": page, "crumbs": _crumbs(source), "editor": None}
    return render(request, PAGE, context, status=status)


def _finished(request: HttpRequest, source: PlanImport) -> HttpResponse:
    """What became of it, and who did it."""
    who = {"who": str(source.finished_by or _("Somebody")), "title": source.title}
    if source.state == ImportState.CONFIRMED and source.result is not None:
        messages.info(request, _("»%(title)s« was confirmed by %(who)s. Here is the plan.") % who)
        url = reverse("plan", args=[source.result.slug])
    else:
        messages.info(request, _("»%(title)s« was thrown away by %(who)s.") % who)
        url = reverse("plan_import_start")
    if not is_htmx(request):
        return redirect(url)
    answer = HttpResponse(status=200)
    answer["HX-Redirect"] = url
    return answer


def _conflict_text(conflict: ImportConflict) -> str:
    if conflict.who:
        return _("%(who)s corrected something in the meantime. This is how it stands now.") % {"who": conflict.who}
    return _("The plan has been changed in the meantime. This is how it stands now.")


def _revision(request: HttpRequest) -> int:
    """Of the page as it stands; without JavaScript the one that the form was printed with."""
    words = request.POST.get("page_revision") or request.POST.get("revision") or ""
    return int(words) if words.isdecimal() else 0


def _place(current: Preview, number: int) -> int:
    if not 1 <= number <= len(current.review.rows):
        raise Http404
    return number - 1


def _row_url(source: PlanImport, number: int) -> str:
    return f"{reverse('plan_import', args=[source.token])}#raekke-{number}"


def _crumbs(source: PlanImport, *more: tuple[str, str]) -> list[dict[str, str]]:
    rows = [
        (_("Plans"), reverse("plan_list")),
        (_("Read a plan from a file"), reverse("plan_import_start")),
        (source.title, reverse("plan_import", args=[source.token])),
        *more,
    ]
    return [{"label": label, "url": url} for label, url in rows]
