"""Background work of plans and initiatives."""

from celery import shared_task
from django.utils import timezone

from initiatives.actions.reminders import queue_due, send_pending


@shared_task(name="initiatives.tasks.send_due_reminders")
def send_due_reminders() -> None:
    """Polled through the working day by beat. A run that is lost, or runs twice, changes nothing that is sent."""
    now = timezone.now()
    queue_due(now=now)
    send_pending(now=now)
