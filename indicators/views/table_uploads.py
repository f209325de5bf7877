"""Files of figures handed over by a steward: looked at, described once, and given to a worker."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from indicators.actions.mappings import READER, REPORT_READER, create_table_source, save_layout
from indicators.forms.table_uploads import LayoutForm, UploadForm
from indicators.models import DataSource, TableUpload
from indicators.permissions import check_user_can_hand_over_tables
from indicators.presenters.table_upload import form_errors, layout_form, looked_at, preview_page, waiting_uploads
from indicators.refresh.handed_over import Look, look_again, take_in
from indicators.views.handing_over import UNPROCESSABLE, put_on, send_to_worker


@never_cache
@require_http_methods(["GET", "POST"])
def table_start(request: HttpRequest) -> HttpResponse:
    check_user_can_hand_over_tables(request.user)
    sources = DataSource.objects.filter(reader=READER).order_by("title")
    chosen = sources.filter(name=request.GET.get("kilde", "")).first()
    form = UploadForm(request.POST or None, request.FILES or None, sources=sources, initial={"source": chosen})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("table_upload", _take_in(request, form.cleaned_data).token)
        except ValidationError as error:
            put_on(form, error)
    context = {"form": form, "errors": form_errors(form), "waiting": waiting_uploads()}
    return render(request, "indicators/table_start.html", context, status=UNPROCESSABLE if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def table_upload(request: HttpRequest, token: UUID) -> HttpResponse:
    """The first lines beside what is said of their columns. Saving keeps it for the source and sends the file."""
    check_user_can_hand_over_tables(request.user)
    upload = get_object_or_404(_files(), token=token)
    look = look_again(upload, sheet=request.GET.get("ark", ""), encoding=request.GET.get("tegn", ""))
    form = layout_form(look, request.POST if request.method == "POST" and not look.problem else None)
    if form.is_bound and form.is_valid():
        try:
            save_layout(source=upload.source, layout=form.to_layout(), now=timezone.now(), by=request.user)
            return send_to_worker(request, upload)
        except ValidationError as error:
            put_on(form, error)
    page = preview_page(upload, look, form)
    return render(request, "indicators/table_upload.html", {"page": page}, status=_status(look, form))


@require_POST
def table_send(request: HttpRequest, token: UUID) -> HttpResponse:
    """One press: the file is read as the source's last one was."""
    check_user_can_hand_over_tables(request.user)
    upload = get_object_or_404(_files(), token=token)
    if not look_again(upload).is_ready:
        messages.error(request, gettext("The table has other columns than last time. Say what they hold."))
        return redirect("table_upload", upload.token)
    try:
        return send_to_worker(request, upload)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("table_upload", upload.token)


def _files() -> QuerySet[TableUpload]:
    """A pasted text has a page of its own."""
    return looked_at().exclude(source__reader=REPORT_READER)


def _take_in(request: HttpRequest, values: dict[str, Any]) -> TableUpload:
    """The source, made when it is new, and the file; neither when the file is refused."""
    file = values["file"]
    with transaction.atomic():
        source = values["source"] or create_table_source(
            title=values["title"],
            publisher=values["publisher"],
            url="",
            licence=values["licence"],
            edition_title=values["title"],
            published_on=values["published_on"],
            now=timezone.now(),
            by=request.user,
        )
        return take_in(source=source, data=file.read(), filename=file.name, by=request.user)


def _status(look: Look, form: LayoutForm) -> int:
    return UNPROCESSABLE if form.errors or (look.problem and form.is_bound) else 200
