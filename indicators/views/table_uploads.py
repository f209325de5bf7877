"""Files of figures handed over by a steward: looked at, described once, and given to a worker."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from kombu.exceptions import OperationalError

from indicators import tasks
from indicators.actions.mappings import READER, create_table_source, save_layout
from indicators.actions.table_uploads import mark_sent
from indicators.forms.table_uploads import LayoutForm, UploadForm
from indicators.models import DataSource, TableUpload
from indicators.permissions import check_user_can_hand_over_tables
from indicators.presenters.table_upload import form_errors, layout_form, preview_page, waiting_uploads
from indicators.refresh.handed_over import Look, look_again, take_in

UNPROCESSABLE = 422


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
            _put_on(form, error)
    context = {"form": form, "errors": form_errors(form), "waiting": waiting_uploads()}
    return render(request, "indicators/table_start.html", context, status=UNPROCESSABLE if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def table_upload(request: HttpRequest, token: UUID) -> HttpResponse:
    """The first lines beside what is said of their columns. Saving keeps it for the source and sends the file."""
    check_user_can_hand_over_tables(request.user)
    upload = get_object_or_404(TableUpload.objects.select_related("source__table_mapping", "by"), token=token)
    look = look_again(upload, sheet=request.GET.get("ark", ""), encoding=request.GET.get("tegn", ""))
    form = layout_form(look, request.POST if request.method == "POST" and not look.problem else None)
    if form.is_bound and form.is_valid():
        try:
            save_layout(source=upload.source, layout=form.to_layout(), now=timezone.now(), by=request.user)
            return _send(request, upload)
        except ValidationError as error:
            _put_on(form, error)
    page = preview_page(upload, look, form)
    return render(request, "indicators/table_upload.html", {"page": page}, status=_status(look, form))


@require_POST
def table_send(request: HttpRequest, token: UUID) -> HttpResponse:
    """One press: the file is read as the source's last one was."""
    check_user_can_hand_over_tables(request.user)
    upload = get_object_or_404(TableUpload.objects.select_related("source__table_mapping"), token=token)
    if not look_again(upload).is_ready:
        messages.error(request, gettext("The table has other columns than last time. Say what they hold."))
        return redirect("table_upload", upload.token)
    try:
        return _send(request, upload)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("table_upload", upload.token)


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


def _send(request: HttpRequest, upload: TableUpload) -> HttpResponse:
    now = timezone.now()
    mark_sent(upload=upload, now=now, by=request.user)
    try:
        tasks.refresh_source.delay_on_commit(upload.source.name, request.user.pk, 1, upload.pk)
    except OperationalError:
        messages.error(request, gettext("The queue does not answer. Nothing was asked for. Try again in a moment."))
        return redirect("table_upload", upload.token)
    return redirect(f"{reverse('data')}?{urlencode({'bedt': upload.source.name, 'siden': now.isoformat()})}#runs")


def _status(look: Look, form: LayoutForm) -> int:
    return UNPROCESSABLE if form.errors or (look.problem and form.is_bound) else 200


def _put_on(form: Any, error: ValidationError) -> None:
    """An action's errors on the fields they are keyed by; on the whole form when it has no such field."""
    keyed = error.error_dict if hasattr(error, "error_dict") else {"": error.error_list}
    for name, texts in keyed.items():
        form.add_error(name if name in form.fields else None, texts)
