"""The project's own background work."""

from celery import shared_task
from django.utils import timezone

from sundhedsaftale.models import Heartbeat


@shared_task(name="sundhedsaftale.tasks.beat_heartbeat")
def beat_heartbeat() -> None:
    """Says that beat sends and a worker works: one row is stamped, and `/health/ready` reads its age."""
    Heartbeat.objects.update_or_create(name="beat", defaults={"at": timezone.now()})
