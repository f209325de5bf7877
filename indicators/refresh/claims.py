"""One run at a time per source. The claim is the row itself: the database lets only one of them be running."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from indicators.models import DataSource, RefreshRun, RunState

#: A run without a sign of life for this long is taken for dead: longer than any single step, shorter than a night.
HEARTBEAT_LIMIT = timedelta(minutes=15)


class AlreadyRunning(Exception):
    """Somebody else is refreshing the source. `run` is theirs."""

    def __init__(self, run: RefreshRun | None) -> None:
        self.run = run
        super().__init__("The source is already being refreshed.")


class LostClaim(Exception):
    """The run was taken for dead and its source claimed by another: whatever it was about to store is dropped."""


def claim(source: DataSource, *, by: Any, now: datetime) -> RefreshRun:
    """A new running row for the source. Raises AlreadyRunning while another one lives.

    A dead run is closed by a conditional update: of two that find it dead, the database lets one close it.
    """
    other = RefreshRun.objects.filter(source=source, state=RunState.RUNNING).first()
    if other is not None:
        if now - other.heartbeat_at < HEARTBEAT_LIMIT:
            raise AlreadyRunning(other)
        dead = RefreshRun.objects.filter(pk=other.pk, state=RunState.RUNNING, heartbeat_at=other.heartbeat_at)
        message = gettext("The run stopped without a word and was taken over.")
        if not dead.update(state=RunState.FAILED, finished_at=now, message=message):
            raise AlreadyRunning(other)
    try:
        with transaction.atomic():
            return RefreshRun.objects.create(
                source=source, by=by, started_at=now, heartbeat_at=now, step="fetching", state=RunState.RUNNING
            )
    except IntegrityError:
        raise AlreadyRunning(RefreshRun.objects.filter(source=source, state=RunState.RUNNING).first()) from None


def beat(run: RefreshRun, *, now: datetime, **progress: Any) -> None:
    """A sign of life with the step reached. Raises LostClaim when the run is no longer ours."""
    if not RefreshRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(heartbeat_at=now, **progress):
        raise LostClaim
    for name, value in progress.items():
        setattr(run, name, value)
    run.heartbeat_at = now


def finish(run: RefreshRun, state: RunState, *, now: datetime, **facts: Any) -> RefreshRun:
    """Close the run. One that was taken over meanwhile keeps what the other wrote about it."""
    RefreshRun.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
        state=state, finished_at=now, heartbeat_at=now, step="", **facts
    )
    run.refresh_from_db()
    return run
