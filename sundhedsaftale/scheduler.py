"""Beat's schedule in the database, for a clock that may be put back.

Celery reckons from when it last sent a task. After a clock is put back by a day that moment lies in the future, and beat
would send nothing until the day has come round once more: no reminders, no heartbeat, no word of it. Here such a moment
counts as now, and a beat that sees the clock jump reckons everything anew.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from django_celery_beat.schedulers import DatabaseScheduler, ModelEntry

logger = logging.getLogger(__name__)

#: Less than this is a clock being corrected, and waiting it out costs nothing.
A_JUMP = timedelta(minutes=1)


class Entry(ModelEntry):
    last_run_at: datetime

    def is_due(self) -> Any:
        now = timezone.now()
        last = self.last_run_at
        if timezone.is_naive(last):
            last = timezone.make_aware(last)
        if last > now + A_JUMP:
            # Written down too: beat reads the schedule anew every few minutes.
            PeriodicTask.objects.filter(pk=self.model.pk).update(last_run_at=now)
            self.last_run_at = self.model.last_run_at = now
        return super().is_due()


class Scheduler(DatabaseScheduler):
    Entry = Entry
    _latest: datetime | None = None

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        now = timezone.now()
        if self._latest is not None and now < self._latest - A_JUMP:
            logger.warning("The clock was put back: the schedule is reckoned anew.")
            self._last_full_sync = datetime.min  # noqa: DTZ901  # theirs is naive too; the next look reads everything
        self._latest = now
        return super().tick(*args, **kwargs)
