"""A report's own tables, pasted by a steward: read at once, looked at trap by trap, and given to a worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from indicators.actions.mappings import REPORT_READER
from indicators.forms.pasted_tables import PasteForm, framework_choices
from indicators.models import DataSource, TableUpload
from indicators.permissions import check_user_can_hand_over_tables
from indicators.presenters.pasted_tables import choices_form, paste_page
from indicators.presenters.table_upload import form_errors, looked_at, waiting_uploads
from indicators.refresh.pasted import choose_again, look_at_text, seen_mark, take_in_text
from indicators.views.handing_over import UNPROCESSABLE, put_on, send_to_worker


@never_cache
@require_http_methods(["GET", "POST"])
def paste_start(request: HttpRequest) -> HttpResponse:
    check_user_can_hand_over_tables(request.user)
    sources = DataSource.objects.filter(reader=REPORT_READER).order_by("title")
    chosen = sources.filter(name=request.GET.get("kilde", "")).first()
    data = request.POST if request.method == "POST" else None
    form = PasteForm(data, sources=sources, frameworks=framework_choices(), initial={"source": chosen})
    if form.is_bound and form.is_valid():
        try:
            return redirect("paste_preview", _take_in(request, form).token)
        except ValidationError as error:
            put_on(form, error)
    context = {"form": form, "errors": form_errors(form), "waiting": waiting_uploads()}
    return render(request, "indicators/paste_start.html", context, status=UNPROCESSABLE if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def paste_preview(request: HttpRequest, token: UUID) -> HttpResponse:
    """What was read, and what holds for the whole text. Saying that otherwise reads the text again."""
    check_user_can_hand_over_tables(request.user)
    upload = get_object_or_404(_texts(), token=token)
    look = look_at_text(upload)
    form = choices_form(look, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            choose_again(upload=upload, choices=form.to_choices(), by=request.user)
            return redirect("paste_preview", upload.token)
        except ValidationError as error:
            put_on(form, error)
    page = paste_page(upload, look, form)
    return render(
        request, "indicators/paste_preview.html", {"page": page}, status=UNPROCESSABLE if form.errors else 200
    )


@require_POST
def paste_send(request: HttpRequest, token: UUID) -> HttpResponse:
    """The text as it was looked at; one that somebody reads otherwise meanwhile is looked at again."""
    check_user_can_hand_over_tables(request.user)
    upload = get_object_or_404(_texts(), token=token)
    if request.POST.get("seen") != seen_mark(upload):
        messages.error(request, gettext("The text is read otherwise now than when you looked. Look at it again."))
        return redirect("paste_preview", upload.token)
    try:
        return send_to_worker(request, upload)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("paste_preview", upload.token)


def _texts() -> QuerySet[TableUpload]:
    """A file has a page of its own."""
    return looked_at().filter(source__reader=REPORT_READER).select_related("source__table_mapping")


def _take_in(request: HttpRequest, form: PasteForm) -> TableUpload:
    values: dict[str, Any] = form.cleaned_data
    return take_in_text(
        text=values["text"],
        source=values["source"],
        new={name: values[name] for name in ("title", "publisher", "licence")},
        choices=form.to_choices(),
        by=request.user,
    )
