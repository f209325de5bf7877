"""Figures fetched outside the request, by schedule and by button. Running twice stores nothing twice.

One task per source: one that fails, or waits for its source, holds no other up.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from celery import shared_task
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import OperationalError
from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone, translation

from indicators.actions.catalogue.source_definitions import READERS
from indicators.actions.table_uploads import mark_unsent
from indicators.calculations.retries import is_due
from indicators.models import DataSource, RefreshRun, RunState, TableInfo, TableUpload
from indicators.refresh import folder, running
from indicators.refresh.claims import HEARTBEAT_LIMIT

log = logging.getLogger(__name__)

#: After this a try that the queue should have made is taken for lost, and sent again.
LOST_AFTER = timedelta(minutes=10)
#: States of runs that are a fetch, and not a decision about an edition.
_STEPS = (RunState.ROLLED_BACK, RunState.BROUGHT_BACK)


@shared_task(
    bind=True,
    name="indicators.tasks.refresh_source",
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    retry_backoff_max=120,
    max_retries=3,
)
def refresh_source(self: Any, name: str, user_id: int | None = None, attempt: int = 1, upload_id: int = 0) -> None:
    """Fetch one source. `user_id` is who pressed the button; None for the schedule. `upload_id`: the file handed over.

    A source that does not answer is asked again, after a pause that grows: the run says when. A file that was refused
    stays refused until it is changed.
    """
    by = get_user_model().objects.filter(pk=user_id).first() if user_id else None
    upload = TableUpload.objects.filter(pk=upload_id, source__name=name).first() if upload_id else None
    if upload_id and upload is None:
        log.info("A file handed over for %s is gone.", name)
        return
    handed: dict[str, Any] = {"path": Path(settings.VAR_DIR) / upload.file} if upload else {}
    try:
        run = running.refresh_source(name, by=by, attempt=attempt, **handed)
    except running.AlreadyRunning:
        log.info("%s is being fetched already.", name)
        if upload is not None:
            mark_unsent(upload=upload, by=by)
        return
    log.info("%s: %s", name, run.state)
    if run.next_try_at is not None:
        pause = max(0.0, (run.next_try_at - timezone.now()).total_seconds())
        # A task of its own and not self.retry: that counts towards the tries a lost database is allowed.
        self.apply_async(args=[name, user_id, attempt + 1, *filter(None, [upload_id])], countdown=pause)


@shared_task(
    bind=True,
    name="indicators.tasks.publish_approved",
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    max_retries=3,
)
def publish_approved(self: Any, pk: int) -> None:
    """Store what a steward has approved. While another run of the source lives, later."""
    try:
        run = running.publish_approved(pk)
    except running.AlreadyRunning:
        log.info("Run %s waits for another run of its source.", pk)
        return  # refresh_due sends it again
    log.info("Run %s: %s", pk, run.state)


@shared_task(name="indicators.tasks.take_from_folder")
def take_from_folder() -> None:
    """Files that were put into the server's folder. Without a folder in the settings: nothing."""
    if settings.FIGURE_FOLDER is None:
        return
    with translation.override(settings.LANGUAGE_CODE):
        count = folder.take_files(settings.FIGURE_FOLDER, now=timezone.now())
    if count:
        log.info("%s files taken from the folder.", count)


@shared_task(name="indicators.tasks.refresh_due")
def refresh_due() -> None:
    """Send a task for each source that is due, for each try that was lost, and for each approved run nobody took up."""
    now = timezone.now()
    for name in due_sources(now):
        refresh_source.delay(name)
    for name, attempt in lost_tries(now):
        refresh_source.delay(name, None, attempt)
    for pk in left_over(now):
        publish_approved.delay(pk)


def due_sources(now: datetime) -> list[str]:
    """Names of the sources to be fetched now, each by its own rhythm. 1 query.

    One with a definition only when its table was once found to be as the definition says, from here: until then every
    night would end in a failed run on a machine that is let out to nobody.
    """
    local = timezone.localtime(now)
    verified = Exists(TableInfo.objects.filter(source=OuterRef("pk"), accepted=True))
    ready = DataSource.objects.filter(~Q(reader__in=READERS) | Q(verified))
    sources = ready.filter(fetch_every_days__gt=0).annotate(last=_last_fetch())
    return [
        source.name
        for source in sources.order_by("pk")
        if is_due(source.fetch_every_days, timezone.localtime(source.last) if source.last else None, local)
    ]


def _last_fetch() -> Any:
    return Max("runs__started_at", filter=~Q(runs__state__in=_STEPS))


def lost_tries(now: datetime) -> list[tuple[str, int]]:
    """(source, attempt) where the newest run of a source should have been tried again long ago, and was not."""
    newest: dict[int, RefreshRun] = {}
    recent = RefreshRun.objects.filter(started_at__gt=now - timedelta(days=1)).select_related("source")
    for run in recent.order_by("started_at", "pk"):
        newest[run.source_id] = run
    return [
        (run.source.name, run.attempt + 1)
        for run in newest.values()
        if run.next_try_at is not None and run.next_try_at < now - LOST_AFTER
    ]


def left_over(now: datetime) -> list[int]:
    """Approved runs that no worker has taken up, or whose worker died."""
    limit = now - HEARTBEAT_LIMIT
    approved = RefreshRun.objects.filter(state=RunState.APPROVED, decided_at__lt=limit)
    dead = RefreshRun.objects.filter(state=RunState.RUNNING, decided_at__isnull=False, heartbeat_at__lt=limit)
    return sorted({*approved.values_list("pk", flat=True), *dead.values_list("pk", flat=True)})
