"""Names of areas that nobody has mapped: where they were met, and which areas they are most like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext

from indicators.actions.mappings import REPORT_READER
from indicators.models import Area, RefreshRun, TableUpload, UnknownName
from indicators.presenters.data_runs import moment
from indicators.presenters.table_upload import upload_url
from sundhedsaftale.lib.danish import nearest

MOST_SHOWN = 100
MAPPED_SHOWN = 20


@dataclass(frozen=True)
class Candidate:
    code: str
    name: str


@dataclass(frozen=True)
class UnknownView:
    """met: where, in words. run_url: the run that met it. upload_url: the file it stands in, "" when it is kept no more."""

    name: str
    met: str
    run_url: str
    upload_url: str
    candidates: tuple[Candidate, ...]
    map_url: str
    field_id: str


@dataclass(frozen=True)
class MappedView:
    name: str
    means: str
    upload_url: str


@dataclass(frozen=True)
class UnknownPage:
    unknown: tuple[UnknownView, ...]
    mapped: tuple[MappedView, ...]
    areas: tuple[Candidate, ...]


def unknown_page() -> UnknownPage:
    """5 queries whatever the number of names."""
    waiting = list(UnknownName.objects.filter(area__isnull=True).select_related("source")[:MOST_SHOWN])
    done = UnknownName.objects.filter(area__isnull=False).select_related("source", "area", "mapped_by")
    mapped = list(done.order_by("-mapped_at", "-pk")[:MAPPED_SHOWN])
    sources = {one.source_id for one in (*waiting, *mapped)}
    runs = list(RefreshRun.objects.filter(source__in=sources).order_by("-started_at", "-pk")[:500])
    uploads = list(TableUpload.objects.filter(source__in=sources).select_related("source"))
    areas = dict(_areas())
    return UnknownPage(
        unknown=tuple(_unknown(one, runs, uploads, areas) for one in waiting),
        mapped=tuple(_mapped(one, runs, uploads) for one in mapped),
        areas=tuple(Candidate(code, name) for code, name in areas.items()),
    )


def count_unknown() -> int:
    return UnknownName.objects.filter(area__isnull=True).count()


def _areas() -> Sequence[tuple[str, str]]:
    return list(Area.objects.order_by("kind__rank", "sort_key", "pk").values_list("code", "name"))


def _unknown(
    one: UnknownName, runs: Sequence[RefreshRun], uploads: Sequence[TableUpload], areas: Mapping[str, str]
) -> UnknownView:
    run = _run_of(one, runs)
    near = nearest(one.name, tuple(areas.values()))
    words = {"source": one.source.title, "when": moment(one.seen_at), "place": one.place}
    met = gettext("%(source)s, %(when)s.")
    if one.place:
        # A line of a pasted text is a number; a cell of a file is written like C7.
        in_line = one.place.isdecimal()
        met = (
            gettext("%(source)s, %(when)s, line %(place)s.")
            if in_line
            else gettext("%(source)s, %(when)s, cell %(place)s.")
        )
    return UnknownView(
        name=one.name,
        met=met % words,
        run_url=reverse("data_run", args=[run.pk]) if run is not None else "",
        upload_url=_upload_of(one, run, uploads),
        candidates=tuple(
            Candidate(code, name) for near_name in near for code, name in areas.items() if name == near_name
        ),
        map_url=reverse("unknown_name_map", args=[one.pk]),
        field_id=f"omraade-{one.pk}",
    )


def _mapped(one: UnknownName, runs: Sequence[RefreshRun], uploads: Sequence[TableUpload]) -> MappedView:
    words = {
        "area": one.area.name if one.area else "",
        "when": moment(one.mapped_at) if one.mapped_at else "",
        "who": str(one.mapped_by or gettext("The command line")),
    }
    means = gettext("means %(area)s, said by %(who)s on %(when)s.") % words
    return MappedView(one.name, means, _upload_of(one, _run_of(one, runs), uploads))


def _run_of(one: UnknownName, runs: Sequence[RefreshRun]) -> RefreshRun | None:
    """A source has one run at a time: the last one begun before the name was met is the one that met it."""
    return next((run for run in runs if run.source_id == one.source_id and run.started_at <= one.seen_at), None)


def _upload_of(one: UnknownName, run: RefreshRun | None, uploads: Sequence[TableUpload]) -> str:
    """Where the file can be read again. A pasted text's names are met when it is pasted, before any run."""
    of_source = [upload for upload in uploads if upload.source_id == one.source_id]
    if one.source.reader == REPORT_READER:
        found = next((upload for upload in of_source if upload.uploaded_at <= one.seen_at), None)
    else:
        found = next((upload for upload in of_source if run and upload.fingerprint == run.fingerprint), None)
    return upload_url(found) if found is not None else ""
