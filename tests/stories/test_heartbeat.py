"""A task sent by one process is done by another."""

import os
from typing import Any

from django.conf import settings
from django.test import Client

from sundhedsaftale.models import Heartbeat
from sundhedsaftale.tasks import beat_heartbeat


def test_a_real_worker_stamps_the_heartbeat_and_the_site_becomes_ready(celery_worker: Any, client: Client) -> None:
    assert client.get("/health/ready").status_code == 503
    beat_heartbeat.delay()
    celery_worker.wait_for(Heartbeat.objects.exists, what="the heartbeat")
    assert client.get("/health/ready").json() == {
        "status": "ok",
        "checks": {"database": "ok", "frozen": "ok", "broker": "ok", "beat": "ok"},
    }
    assert celery_worker.process.pid != os.getpid()


def test_make_test_gives_the_worker_a_real_redis() -> None:
    """The broker of files is for the demo; a lost variable would quietly test that one instead."""
    asked = os.environ.get("TEST_REDIS_URL")
    if asked:
        assert settings.CELERY_BROKER_URL == asked
    else:
        assert settings.CELERY_BROKER_URL == "filesystem://"
