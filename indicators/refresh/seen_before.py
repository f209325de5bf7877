"""Whether a file has come before, and what became of it then. 3 queries."""

from __future__ import annotations

from dataclasses import dataclass, field

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


def look(source: DataSource, fingerprint: str, *, except_run: int) -> Seen:
    """A file that was rolled back or turned down is never stored again because it came again: only by a person."""
    newest = Edition.objects.filter(source=source, withdrawn_at__isnull=True).order_by("-received_at", "-pk").first()
    if newest is not None and newest.fingerprint == fingerprint:
        return Seen(is_held=True)
    runs = RefreshRun.objects.filter(source=source, fingerprint=fingerprint).exclude(pk=except_run)
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
