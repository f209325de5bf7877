"""Two questions for whoever runs the system: does the process answer, and can it do its work?

`/health/live` touches nothing. `/health/ready` looks at the database, the guard of what is frozen, the broker and beat's
heartbeat, and answers 503 with the reasons when one of them fails. The reasons name no host and no password.
"""

import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from initiatives.frozen import missing_triggers
from sundhedsaftale.celery import app as celery_app
from sundhedsaftale.models import Heartbeat

log = logging.getLogger(__name__)

HEARTBEAT_LIMIT = timedelta(minutes=3)
BROKER_SILENT = "The broker does not answer."


def check_database() -> str:
    """Empty when the database answers, else the reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        log.warning("The database does not answer: %s", error)
        return "The database does not answer."
    return ""


def check_frozen() -> str:
    """Empty when the database itself keeps frozen meetings from being changed, else what is missing."""
    try:
        missing = missing_triggers(connection)
    except DatabaseError:
        return "The guard of frozen meetings cannot be looked at: the database does not answer."
    if missing:
        return f"Frozen meetings are not guarded: {', '.join(missing)}. Run migrate."
    return ""


def check_broker() -> str:
    """Empty when tasks can be sent, else the reason."""
    if settings.CELERY_BROKER_URL.startswith("filesystem:"):
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_out"])
        return "" if folder.is_dir() else "The folder of the file broker is missing."
    if settings.CELERY_BROKER_URL.startswith(("redis:", "rediss:")):
        return check_redis(settings.CELERY_BROKER_URL)
    try:
        with celery_app.connection_for_write(connect_timeout=2) as link:
            link.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=3)
    except Exception as error:  # each transport has its own family of errors; all of them mean the same here
        log.warning("The broker does not answer: %s", error)
        return BROKER_SILENT
    return ""


def check_redis(address: str) -> str:
    """Asked directly and once: Celery's own connection tries again for longer than a probe waits."""
    import redis  # a fifth of a second that a start without Redis need not pay

    try:
        with redis.Redis.from_url(address, socket_connect_timeout=2, socket_timeout=2, retry=None) as link:
            link.ping()
    except redis.RedisError as error:
        log.warning("The broker does not answer: %s", error)
        return BROKER_SILENT
    return ""


def check_beat() -> str:
    """Empty when beat has made a worker stamp the heartbeat lately, else the reason."""
    try:
        heartbeat = Heartbeat.objects.filter(name="beat").first()
    except DatabaseError:
        return "The heartbeat cannot be read: the database does not answer or is not migrated."
    if heartbeat is None:
        return "Beat has not sent a heartbeat yet."
    age = timezone.now() - heartbeat.at
    if age > HEARTBEAT_LIMIT:
        return f"Beat's last heartbeat is {int(age.total_seconds())} seconds old."
    return ""


CHECKS: dict[str, Callable[[], str]] = {
    "database": check_database,
    "frozen": check_frozen,
    "broker": check_broker,
    "beat": check_beat,
}


@never_cache
@require_GET
def live(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_GET
def ready(request: HttpRequest) -> JsonResponse:
    reasons = {name: check() for name, check in CHECKS.items()}
    failed = any(reasons.values())
    body = {
        "status": "failed" if failed else "ok",
        "checks": {name: reason or "ok" for name, reason in reasons.items()},
    }
    return JsonResponse(body, status=503 if failed else 200)
