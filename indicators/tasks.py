"""Figures fetched outside the request, by schedule and by button. Running twice stores nothing twice."""

from __future__ import annotations

import logging

from celery import shared_task
from django.contrib.auth import get_user_model
from django.db import OperationalError

from indicators.refresh import running

log = logging.getLogger(__name__)


@shared_task(
    name="indicators.tasks.refresh_source",
    autoretry_for=(OperationalError,),
    retry_backoff=5,
    retry_backoff_max=120,
    max_retries=3,
)
def refresh_source(name: str, user_id: int | None = None) -> None:
    """Fetch one source. `user_id` is who pressed the button; None for the schedule.

    Only a database that does not answer is tried again: a file that was refused stays refused until it is changed.
    """
    by = get_user_model().objects.filter(pk=user_id).first() if user_id else None
    try:
        run = running.refresh_source(name, by=by)
    except running.AlreadyRunning:
        log.info("%s is being fetched already.", name)
        return
    log.info("%s: %s", name, run.state)
