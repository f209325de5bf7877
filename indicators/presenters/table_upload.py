"""The pages where a steward hands over a file: what waits, how the table looks, and what is only guessed of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext

from indicators.actions.mappings import REPORT_READER
from indicators.calculations.table_guess import at_width
from indicators.calculations.table_mapping import GridLine
from indicators.forms.table_uploads import LayoutForm, layout_initial
from indicators.models import RefreshRun, TableUpload
from indicators.presenters.data_runs import moment
from indicators.refresh.grids import ENCODING_NAMES, UTF8, column_letters
from indicators.refresh.handed_over import Look

MOST_WAITING = 20
#: The fields whose first value is a guess when nothing was declared before.
GUESSED = ("layout", "decimal_mark", "skip", "fill_down", "indicator", "period", "unit")


@dataclass(frozen=True)
class WaitingView:
    title: str
    about: str
    url: str


@dataclass(frozen=True)
class FieldView:
    field: Any
    is_guess: bool
    is_checkbox: bool


@dataclass(frozen=True)
class ColumnView:
    letters: str
    field: Any
    is_guess: bool


@dataclass(frozen=True)
class LineView:
    number: int
    cells: tuple[str, ...]
    is_left_out: bool
    is_heading: bool


@dataclass(frozen=True)
class ChoiceView:
    """One of the sheets, or of the encodings, that the file can be read in."""

    name: str
    url: str
    is_shown: bool


@dataclass(frozen=True)
class PreviewPage:
    """encodings: of a text file. ready: the sentence beside the one press, "" when something is missing."""

    source: str
    about: str
    sent: str
    problem: str
    sheets: tuple[ChoiceView, ...]
    encodings: tuple[ChoiceView, ...]
    encoding_is_guess: bool
    fields: tuple[FieldView, ...]
    columns: tuple[ColumnView, ...]
    lines: tuple[LineView, ...]
    errors: tuple[dict[str, str], ...]
    is_guess: bool
    ready: str
    action: str
    send_url: str


def waiting_uploads() -> tuple[WaitingView, ...]:
    """Files and pasted texts that were handed over and not sent to a worker, newest first. 1 query."""
    waiting = TableUpload.objects.filter(sent_at__isnull=True).select_related("source", "by")[:MOST_WAITING]
    return tuple(WaitingView(one.source.title, about_upload(one), upload_url(one)) for one in waiting)


def upload_url(upload: TableUpload) -> str:
    """The page where it is looked at: a file's columns, or what was read of a pasted text. `upload` with its source."""
    page = "paste_preview" if upload.source.reader == REPORT_READER else "table_upload"
    return reverse(page, args=[upload.token])


def layout_form(look: Look, data: Any = None) -> LayoutForm:
    width = look.grid.width
    indicators = zip(look.names.facts, look.names.indicator_names, strict=True)
    initial = layout_initial(at_width(look.layout, width))
    read = replace(look.layout, sheet=look.grid.sheet)
    return LayoutForm(data, width=width, read=read, names=look.names, indicators=indicators, initial=initial)


def preview_page(upload: TableUpload, look: Look, form: LayoutForm) -> PreviewPage:
    skip = look.layout.skip if not form.is_bound else _whole(form.data.get("skip", ""))
    address = reverse("table_upload", args=[upload.token])
    guess = look.is_guess and not form.is_bound
    return PreviewPage(
        source=upload.source.title,
        about=about_upload(upload),
        sent=sent_url(upload),
        problem=look.problem,
        sheets=_sheets(address, look),
        encodings=_encodings(address, look),
        encoding_is_guess=look.encoding_is_guess,
        fields=tuple(_fields(form, guess=guess)),
        columns=tuple(
            ColumnView(column_letters(at), form[f"role_{at}"], guess and bool(form.initial.get(f"role_{at}")))
            for at in range(form.width)
        ),
        lines=tuple(_lines(look.grid.lines, form.width, skip)),
        errors=form_errors(form),
        is_guess=look.is_guess,
        ready=_ready(look) if look.is_ready else "",
        action=f"{address}?{urlencode(_chosen(look))}".rstrip("?"),
        send_url=reverse("table_send", args=[upload.token]),
    )


def about_upload(upload: TableUpload) -> str:
    """ "Handed over on 5. november 2026 kl. 08.00 by Data Ansvarlig." """
    words = {"when": moment(upload.uploaded_at), "who": str(upload.by or gettext("The command line"))}
    return gettext("Handed over on %(when)s by %(who)s.") % words


def looked_at() -> QuerySet[TableUpload]:
    """What was handed over, each with its source, who did it, and the run that read it since it was sent (`run_pk`)."""
    runs = RefreshRun.objects.filter(source=OuterRef("source"), started_at__gte=OuterRef("sent_at")).order_by("pk")
    return TableUpload.objects.annotate(run_pk=Subquery(runs.values("pk")[:1])).select_related(
        "source__table_mapping", "by"
    )


def sent_url(upload: TableUpload) -> str:
    """Where to see what became of it; "" for one that was not sent. `upload` as `looked_at` gives it."""
    if upload.sent_at is None:
        return ""
    pk = getattr(upload, "run_pk", None)
    return reverse("data_run", args=[pk]) if pk is not None else reverse("data") + "#runs"


def _ready(look: Look) -> str:
    if look.described_at is None:
        return ""
    words = {"when": moment(look.described_at)}
    return gettext("The table has the columns that were described on %(when)s. It can be read as it is.") % words


def _chosen(look: Look) -> dict[str, str]:
    """The sheet or the encoding shown: what is saved is what was looked at."""
    if look.grid.sheet:
        return {"ark": look.grid.sheet}
    return {"tegn": look.grid.read_as} if look.grid.encodings else {}


def _encodings(address: str, look: Look) -> tuple[ChoiceView, ...]:
    names = {**ENCODING_NAMES, **({UTF8: gettext("UTF-8 with BOM")} if look.grid.has_mark else {})}
    return tuple(
        ChoiceView(names[one], f"{address}?{urlencode({'tegn': one})}", one == look.grid.read_as)
        for one in look.grid.encodings
    )


def _sheets(address: str, look: Look) -> tuple[ChoiceView, ...]:
    if len(look.grid.sheets) < 2:
        return ()
    return tuple(
        ChoiceView(name, f"{address}?{urlencode({'ark': name})}", name == look.grid.sheet) for name in look.grid.sheets
    )


def _fields(form: LayoutForm, *, guess: bool) -> Iterable[FieldView]:
    for bound in form:
        if bound.name.startswith("role_"):
            continue
        said = form.initial.get(bound.name) not in (None, "", False)
        is_checkbox = isinstance(bound.field.widget, forms.CheckboxInput)
        yield FieldView(bound, guess and said and bound.name in GUESSED, is_checkbox)


def _lines(lines: Iterable[GridLine], width: int, skip: int) -> Iterable[LineView]:
    heading_seen = False
    for line in lines:
        left_out = line.number <= skip
        is_heading = not left_out and not heading_seen and not line.is_blank
        heading_seen = heading_seen or is_heading
        texts = [cell.text[:60] for cell in line.cells]
        yield LineView(line.number, tuple((*texts, *[""] * width)[:width]), left_out, is_heading)


def form_errors(form: forms.BaseForm) -> tuple[dict[str, str], ...]:
    """For the summary on top, in the order of the fields."""
    whole = [{"field_id": "", "text": str(text)} for text in form.non_field_errors()]
    fields = [
        {"field_id": str(bound.auto_id), "text": f"{_asked(str(bound.label))} {text}"}
        for bound in form
        for text in bound.errors
    ]
    return (*whole, *fields)


def _asked(label: str) -> str:
    """A field that is a question has its sign already."""
    return label if label.endswith("?") else f"{label}:"


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0
