"""A source's first file waits for a person. Where a test is about something else, this person looks and approves."""

from __future__ import annotations

from pathlib import Path

from indicators.actions.figure_runs import approve_run
from indicators.models import RefreshRun, RunState
from indicators.refresh.running import publish_approved

NEW_HERE = {"first_file", "elsewhere"}


def looked_at(run: RefreshRun, folder: Path) -> RefreshRun:
    """The run stored when nothing but its being new here holds it back; else as it is."""
    if run.state != RunState.WAITING or not {reason["code"] for reason in run.reasons} <= NEW_HERE:
        return run
    approve_run(run=run, by=None, seen=run.difference_fingerprint)
    return publish_approved(run.pk, folder=folder)
