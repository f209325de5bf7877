"""One run at a time per source. The claim is the row itself: the database lets only one of them be running."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from indicators.models import DataSource, RefreshRun, RunState

#: A run without a sign of life for this long is taken for dead. `pulse` beats every ten seconds, whatever the step.
HEARTBEAT_LIMIT = timedelta(minutes=2)


class AlreadyRunning(Exception):
    """Somebody else is refreshing the source. `run` is theirs."""

    def __init__(self, run: RefreshRun | None) -> None:
        self.run = run
        super().__init__("The source is already being refreshed.")


class LostClaim(Exception):
    """The run was taken for dead and its source claimed by another: whatever it was about to store is dropped."""


def claim(source: DataSource, *, by: Any, now: datetime, **facts: Any) -> RefreshRun:
    """A new running row for the source. Raises AlreadyRunning while another one lives, or is approved and about to.

    A dead run is closed by a conditional update: of two that find it dead, the database lets one close it.
    """
    other = RefreshRun.objects.filter(source=source, state__in=(RunState.RUNNING, RunState.APPROVED)).first()
    if other is not None and (other.state == RunState.APPROVED or not _close_dead(other, now=now)):
        raise AlreadyRunning(other)
    try:
        with transaction.atomic():
            return RefreshRun.objects.create(
                source=source,
                by=by,
                started_at=now,
                heartbeat_at=now,
                state=RunState.RUNNING,
                **{"step": "fetching", **facts},
            )
    except IntegrityError:
        raise AlreadyRunning(RefreshRun.objects.filter(source=source, state=RunState.RUNNING).first()) from None


def resume(run: RefreshRun, *, now: datetime) -> bool:
    """Take up an approved run, or one whose worker died while storing it. False when somebody else has, or it is over.

    Raises AlreadyRunning while another run of the source lives.
    """
    other = RefreshRun.objects.filter(source=run.source_id, state=RunState.RUNNING).exclude(pk=run.pk).first()
    if other is not None and not _close_dead(other, now=now):
        raise AlreadyRunning(other)
    mine = RefreshRun.objects.filter(pk=run.pk, decided_at__isnull=False, state=RunState.APPROVED)
    dead = RefreshRun.objects.filter(
        pk=run.pk, decided_at__isnull=False, state=RunState.RUNNING, heartbeat_at__lte=now - HEARTBEAT_LIMIT
    )
    for found in (mine, dead):
        try:
            with transaction.atomic():
                taken = found.update(state=RunState.RUNNING, heartbeat_at=now, step="reading", finished_at=None)
        except IntegrityError:
            raise AlreadyRunning(other) from None
        if taken:
            run.refresh_from_db()
            return True
    return False


def _close_dead(other: RefreshRun, *, now: datetime) -> bool:
    """Close a run that shows no sign of life; False when it lives, or somebody else was quicker.

    One that had been approved waits again: the approval was for what it would have stored then.
    """
    if now - other.heartbeat_at < HEARTBEAT_LIMIT:
        return False
    dead = RefreshRun.objects.filter(pk=other.pk, state=RunState.RUNNING, heartbeat_at=other.heartbeat_at)
    if other.decided_at is not None:
        message = gettext("The worker stopped before the approved figures were stored. Nothing was stored.")
        closed = dead.update(
            state=RunState.WAITING, finished_at=now, step="", message=message, decided_at=None, decided_by=None
        )
    else:
        message = gettext("The run stopped without a word and was taken over.")
        closed = dead.update(state=RunState.FAILED, finished_at=now, step="", message=message)
    return bool(closed)


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
