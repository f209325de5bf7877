"""A steward's decision about a file that waits: store it, or turn it down. The first of two wins, the other is told."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from indicators.models import RefreshRun, RunState
from sundhedsaftale.lib.cpr import find_cpr

LONGEST_NOTE = 500


@changes_pages
def approve_run(*, run: RefreshRun, by: Any, seen: str, note: str = "", now: datetime | None = None) -> RefreshRun:
    """Let the figures of a waiting run be stored. Storing them is the worker's: `refresh.running.publish_approved`.

    seen: the run's `difference_fingerprint` when the person looked; when it is another one by now, nothing is decided.
    `by` is None for the command line. Raises ValidationError with who decided before, or that the difference changed.
    """
    return _decide(run, RunState.APPROVED, by=by, seen=seen, note=note, now=now or timezone.now())


@changes_pages
def reject_run(*, run: RefreshRun, by: Any, seen: str, note: str = "", now: datetime | None = None) -> RefreshRun:
    """Turn a waiting run down. Nothing is stored, the kept file stays, and the same file is not offered again by itself.

    Raises ValidationError as `approve_run` does.
    """
    return _decide(run, RunState.REJECTED, by=by, seen=seen, note=note, now=now or timezone.now())


def _decide(run: RefreshRun, state: RunState, *, by: Any, seen: str, note: str, now: datetime) -> RefreshRun:
    text = checked_note(note)
    waiting = RefreshRun.objects.filter(pk=run.pk, state=RunState.WAITING, difference_fingerprint=seen)
    # One statement: of two stewards at once, the database lets one find the run still waiting.
    done = waiting.update(state=state, decided_by=by, decided_at=now, decision_note=text, message="")
    run.refresh_from_db()
    if not done:
        raise ValidationError(_refusal(run))
    return run


def _refusal(run: RefreshRun) -> str:
    if run.state == RunState.WAITING:
        return _("The difference is another one now. Look at it again before you decide.")
    if run.state == RunState.SUPERSEDED:
        return _("A newer file of the source has come. This one can no longer be decided about.")
    who = str(run.decided_by) if run.decided_by else _("somebody else")
    if run.state == RunState.REJECTED:
        return _("%(who)s has turned this file down already.") % {"who": who}
    if run.decided_at is not None:
        return _("%(who)s has approved this file already.") % {"who": who}
    return _("This run does not wait for a decision.")


def checked_note(note: str) -> str:
    """The words beside a decision. Raises ValidationError for a CPR number, without repeating it, and for a long text."""
    text = note.strip()
    if any(hit.kind == "refuse" for hit in find_cpr(text)):
        raise ValidationError(_("There is a CPR number in the note. Take it out; it is kept nowhere."))
    if len(text) > LONGEST_NOTE:
        raise ValidationError(_("The note has more than %(most)s characters.") % {"most": LONGEST_NOTE})
    return text
