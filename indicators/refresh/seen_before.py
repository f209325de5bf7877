"""Whether a file has come before, and what became of it then. At most 4 queries."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext

from indicators.calculations.figure_bounds import Outside
from indicators.models import DataSource, Edition, RefreshRun, RunState


@dataclass(frozen=True)
class Seen:
    """is_held: its figures are the ones we have. is_waiting: it lies before a steward already. note: what to say of a file
    that nobody shall be asked about again and again. reasons: why a person must decide when somebody asks all the same."""

    is_held: bool = False
    is_waiting: bool = False
    note: str = ""
    reasons: list[Outside] = field(default_factory=list)


def look(source: DataSource, fingerprint: str, declaration: str, *, except_run: int) -> Seen:
    """declaration: what is declared about the source's tables now. A file read by another declaration is another file.

    A file that was rolled back or turned down is never stored again because it came again: only by a person."""
    newest = Edition.objects.filter(source=source, withdrawn_at__isnull=True).order_by("-received_at", "-pk").first()
    runs = RefreshRun.objects.filter(source=source, fingerprint=fingerprint).exclude(pk=except_run)
    if newest is not None and newest.fingerprint == fingerprint:
        return Seen(is_held=_read_by(runs) in (None, declaration))
    runs = runs.filter(declaration=declaration)
    states = set(
        runs.filter(state__in=(RunState.WAITING, RunState.APPROVED, RunState.REJECTED)).values_list("state", flat=True)
    )
    if states & {RunState.WAITING, RunState.APPROVED}:
        return Seen(is_waiting=True, note=gettext("The same file already waits for approval."))
    if Edition.objects.filter(source=source, withdrawn_at__isnull=False, fingerprint=fingerprint).exists():
        note = gettext(
            "The file is one that has been rolled back. A data steward can fetch it to decide about it again."
        )
        return Seen(note=note, reasons=[Outside("withdrawn", 0, 0)])
    if RunState.REJECTED in states:
        note = gettext(
            "The file is one that has been turned down. A data steward can fetch it to decide about it again."
        )
        return Seen(note=note, reasons=[Outside("rejected", 0, 0)])
    return Seen()


def _read_by(runs: QuerySet[RefreshRun]) -> str | None:
    """The declaration the file was last read by; None when no run tells."""
    read = runs.filter(state__in=(RunState.STORED, RunState.UNCHANGED))
    return read.order_by("-started_at", "-pk").values_list("declaration", flat=True).first()
