"""A sign of life while a long step runs: beside the work, on a connection of its own.

The work itself says at each step how far it is. Between two steps it may fetch for minutes or store a million rows in
one transaction; this keeps the claim, so that the limit after which a run is taken for dead can be short.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection
from django.utils import timezone

from indicators.models import RefreshRun, RunState

SECONDS = 10.0

log = logging.getLogger(__name__)


@contextmanager
def pulse(run: RefreshRun, *, every: float | None = None) -> Iterator[None]:
    """Beats until the block is left. A beat that fails is left out: the next one comes soon."""
    stopped = threading.Event()
    beats = threading.Thread(
        target=_beat, args=(run.pk, stopped, SECONDS if every is None else every), name="refresh-pulse", daemon=True
    )
    beats.start()
    try:
        yield
    finally:
        stopped.set()
        beats.join(timeout=5)


def _beat(pk: int, stopped: threading.Event, every: float) -> None:
    try:
        while not stopped.wait(every):
            try:
                mine = RefreshRun.objects.filter(pk=pk, state=RunState.RUNNING).update(heartbeat_at=timezone.now())
            except DatabaseError as error:  # SQLite while the figures are being written, or a server that restarts
                log.info("No sign of life this time: %s", type(error).__name__)
                connection.close()
                continue
            if not mine:
                return
    finally:
        connection.close()
