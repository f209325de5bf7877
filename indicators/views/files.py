"""Tables as files, and the tables of the data page. Open to whoever may see the page they stand on."""

from __future__ import annotations

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from indicators.exports.csv_file import csv_file, csv_pieces
from indicators.exports.data_tables import data_table
from indicators.exports.facts import Table
from indicators.exports.jsonstat import jsonstat_file
from indicators.exports.whole import edition_table, indicator_table
from indicators.exports.xlsx_file import MOST_ROWS, xlsx_file
from indicators.models import Edition, Indicator, Observation

CSV, XLSX, JSONSTAT = "csv", "xlsx", "jsonstat"
CONTENT_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    JSONSTAT: "application/json",
}
ENDINGS = {CSV: "csv", XLSX: "xlsx", JSONSTAT: "json"}
_IN_ASCII = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa"})


@require_GET
def data_file(request: HttpRequest, table: str, format: str) -> HttpResponseBase:  # noqa: A002  # the word in the address
    check_format(format)
    return file_response(data_table(table, address=address_of(request), retrieved_at=timezone.now()), format)


@require_GET
def edition_file(request: HttpRequest, pk: int, format: str) -> HttpResponseBase:  # noqa: A002
    check_format(format)
    edition = get_object_or_404(Edition.objects.select_related("source"), pk=pk)
    if format != CSV and Observation.objects.filter(edition=edition)[MOST_ROWS : MOST_ROWS + 1].exists():
        return too_large()
    return file_response(edition_table(edition, address=address_of(request), retrieved_at=timezone.now()), format)


@require_GET
def indicator_all(request: HttpRequest, code: str, format: str) -> HttpResponseBase:  # noqa: A002
    check_format(format)
    indicator = get_object_or_404(Indicator, code=code)
    found = Observation.objects.filter(indicator_id=indicator.same_as_id or indicator.pk)
    edition = request.GET.get("udgave", "")
    if edition and not found.filter(edition__slug=edition).exists():
        raise Http404
    if format != CSV and found[MOST_ROWS : MOST_ROWS + 1].exists():
        return too_large()
    address = address_of(request, udgave=edition)
    table = indicator_table(indicator, edition=edition, address=address, retrieved_at=timezone.now())
    return file_response(table, format)


# --- For the views of the project too ---------------------------------------------------------------------------------


def check_format(format_: str) -> None:
    if format_ not in CONTENT_TYPES:
        raise Http404


def address_of(request: HttpRequest, **asked: str) -> str:
    """Where the same can be fetched again: what was asked for, and nothing else that stood in the address."""
    query = "&".join(f"{name}={value}" for name, value in asked.items() if value)
    return f"{settings.SITE_URL}{request.path}{'?' + query if query else ''}"


def file_response(table: Table | None, format_: str) -> HttpResponseBase:
    """404 when the page has no such table. Only CSV is sent piece by piece; the others have an end that points back."""
    if table is None:
        raise Http404
    response: HttpResponseBase
    if format_ == CSV and table.streamed:
        response = StreamingHttpResponse(csv_pieces(table), content_type=CONTENT_TYPES[CSV])
    else:
        response = HttpResponse(_content(table, format_), content_type=CONTENT_TYPES[format_])
    day = timezone.localtime(table.retrieved_at).date()
    name = f"{slugify(table.name.translate(_IN_ASCII))}-{day:%Y-%m-%d}.{ENDINGS[format_]}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    patch_vary_headers(response, ["Cookie"])  # the language of the words, the area remembered
    return response


def _content(table: Table, format_: str) -> bytes:
    if format_ == XLSX:
        return xlsx_file(table, table_name=_("Figures"), notes_name=_("Source and notes"))
    return jsonstat_file(table) if format_ == JSONSTAT else csv_file(table)


def too_large() -> HttpResponse:
    words = _("So many rows do not fit in this kind of file. Fetch the CSV file: it has them all.")
    return HttpResponse(words, status=413, content_type="text/plain; charset=utf-8")
