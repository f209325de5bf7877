"""What of Celery is the same on every machine; the broker and its transport stand in `settings`."""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5}
CELERY_TIMEZONE = "Europe/Copenhagen"
CELERY_ENABLE_UTC = True
CELERY_BEAT_SCHEDULER = "sundhedsaftale.scheduler:Scheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    # Looks which sources are due, and sends one task for each: a source that fails or is slow holds no other up.
    "refresh-due": {"task": "indicators.tasks.refresh_due", "schedule": crontab(minute="*/10")},
    # Files that somebody put into FIGURE_FOLDER; without one it does nothing.
    "take-from-folder": {"task": "indicators.tasks.take_from_folder", "schedule": crontab(minute="*/2")},
    # Polled through the day and not sent at one instant: a machine that was down at 08:00 sends when it is back.
    # The action itself refuses weekends, holidays and the hours before 08:00.
    "send-due-reminders": {
        "task": "initiatives.tasks.send_due_reminders",
        "schedule": crontab(minute="*/10", hour="8-17"),
    },
    # The page that invites has the mail sent at once; this sends what the queue or the mail server kept from going then.
    "send-invitations": {"task": "initiatives.tasks.send_invitations", "schedule": crontab(minute="*/10")},
    "heartbeat": {"task": "sundhedsaftale.tasks.beat_heartbeat", "schedule": 30.0},
}
