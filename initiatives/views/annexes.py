"""The annex as files and as text. Word and Excel are made while one waits; a PDF is asked of a worker."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers
from kombu.exceptions import OperationalError

from initiatives import tasks
from initiatives.actions.annexes import make_annex, request_annex, template_in_use
from initiatives.annex.gathering import gather
from initiatives.annex.text import agenda_text
from initiatives.models import AnnexFile, AnnexFormat, AnnexState, Snapshot
from initiatives.presenters.annex import AT_ONCE, annex_links, annex_progress, ascii_name, file_name
from initiatives.presenters.snapshots import frozen_for
from initiatives.views.lookup import is_htmx, plan_crumbs

CONTENT_TYPES = {
    AnnexFormat.DOCX.value: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    AnnexFormat.PDF.value: "application/pdf",
    AnnexFormat.XLSX.value: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@never_cache
@require_GET
def file(request: HttpRequest, pk: int, format: str) -> HttpResponse:  # noqa: A002  # the word in the address
    """The file, made first when it is one that is made at once. Otherwise the page that says how far it has come."""
    snapshot = _snapshot(pk, format)
    row = _row(snapshot, format)
    if format in AT_ONCE and (row is None or row.state != AnnexState.READY):
        row = request_annex(snapshot=snapshot, format=format, by=request.user)
        make_annex(row.pk)
    ready = AnnexFile.objects.filter(pk=row.pk, state=AnnexState.READY).first() if row else None
    if ready is None:
        return redirect("annex_status", pk=pk, format=format)
    return _download(snapshot, ready)


@never_cache
@require_GET
@vary_on_headers("HX-Request")
def status(request: HttpRequest, pk: int, format: str) -> HttpResponse:  # noqa: A002
    """How far the file has come: the region for the page that asks again, the whole page for everybody else."""
    snapshot = _snapshot(pk, format)
    return _progress(request, snapshot, format, _row(snapshot, format))


@require_POST
@vary_on_headers("HX-Request")
def make(request: HttpRequest, pk: int, format: str) -> HttpResponse:  # noqa: A002
    """Ask a worker for the file. Whoever may read the plan may ask: it is made once, for all."""
    snapshot = _snapshot(pk, format)
    row = request_annex(snapshot=snapshot, format=format, by=request.user)
    if row.state == AnnexState.READY and not is_htmx(request):
        return redirect("annex_file", pk=pk, format=format)
    if row.state == AnnexState.WAITING:
        try:
            tasks.make_annex_file.delay_on_commit(row.pk)
        except OperationalError:
            messages.error(request, _("The queue does not answer. Nothing was asked for. Try again in a moment."))
    if is_htmx(request):
        return _progress(request, snapshot, format, row)
    return redirect("annex_status", pk=pk, format=format)


@require_GET
def text(request: HttpRequest, pk: int) -> HttpResponse:
    snapshot = _snapshot(pk, AnnexFormat.DOCX)
    context = {
        "snapshot": snapshot,
        "text": agenda_text(gather(snapshot)),
        "links": replace(annex_links(snapshot), text_url=""),  # one stands on it
        "crumbs": _crumbs(snapshot, _("Text for the agenda")),
    }
    return render(request, "initiatives/annex_text.html", context)


def _snapshot(pk: int, format_: str) -> Snapshot:
    if format_ not in AnnexFormat.values:
        raise Http404
    return get_object_or_404(Snapshot.objects.select_related("meeting__body", "plan__kind"), pk=pk)


def _crumbs(snapshot: Snapshot, label: str) -> list[dict[str, str]]:
    frozen = (frozen_for(snapshot), reverse("snapshot", args=[snapshot.pk]))
    return plan_crumbs(snapshot.plan, frozen, (label, ""))


def _row(snapshot: Snapshot, format_: str) -> AnnexFile | None:
    """Without its bytes. A Word file counts only when it stands on the paper the body uses now."""
    rows = AnnexFile.objects.filter(snapshot=snapshot, format=format_).defer("content")
    template = template_in_use(snapshot.meeting.body) if format_ == AnnexFormat.DOCX else None
    return rows.filter(template=template).first()


def _progress(request: HttpRequest, snapshot: Snapshot, format_: str, row: AnnexFile | None) -> HttpResponse:
    progress = annex_progress(snapshot, format_, row, now=timezone.now())
    if is_htmx(request):
        return render(request, "initiatives/_annex_progress.html", {"progress": progress})
    label = AnnexFormat(format_).label
    heading = _("The annex as %(format)s") % {"format": label}
    crumbs = _crumbs(snapshot, heading)
    context = {"progress": progress, "heading": heading, "snapshot": snapshot, "crumbs": crumbs}
    return render(request, "initiatives/annex_status.html", context)


def _download(snapshot: Snapshot, row: AnnexFile) -> HttpResponse:
    name = file_name(snapshot, row.format)
    response = HttpResponse(bytes(row.content or b""), content_type=CONTENT_TYPES[row.format])
    response["Content-Disposition"] = f"attachment; filename=\"{ascii_name(name)}\"; filename*=UTF-8''{quote(name)}"
    response["X-Content-Type-Options"] = "nosniff"
    return response
