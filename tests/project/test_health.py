"""The two health addresses."""

import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from sundhedsaftale.models import Heartbeat
from sundhedsaftale.tasks import beat_heartbeat


def test_live_asks_nothing_of_the_database(client: Client) -> None:
    # No database mark: pytest-django refuses every query here.
    response = client.get("/health/live")
    assert response.status_code == 200
    assert response.json() == {"status": "ok"}


@pytest.mark.django_db
def test_ready_when_database_broker_and_beat_answer(client: Client) -> None:
    beat_heartbeat()
    response = client.get("/health/ready")
    checks = {"database": "ok", "frozen": "ok", "broker": "ok", "beat": "ok"}
    assert response.json() == {"status": "ok", "checks": checks}
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.django_db
def test_not_ready_before_the_first_heartbeat(client: Client) -> None:
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["beat"] == "Beat has not sent a heartbeat yet."


@pytest.mark.django_db
@pytest.mark.parametrize(("seconds", "status"), [(170, 200), (190, 503)])
def test_a_heartbeat_older_than_three_minutes_is_not_ready(client: Client, seconds: int, status: int) -> None:
    Heartbeat.objects.create(name="beat", at=timezone.now() - timedelta(seconds=seconds))
    assert client.get("/health/ready").status_code == status


@pytest.mark.django_db
def test_the_heartbeat_is_one_row_that_moves() -> None:
    beat_heartbeat()
    first = Heartbeat.objects.get()
    beat_heartbeat()
    second = Heartbeat.objects.get()
    assert second.pk == first.pk
    assert second.at > first.at


@pytest.mark.django_db
def test_not_ready_when_the_database_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: Any, **kwargs: Any) -> Any:
        raise DatabaseError("connection to host secret-host refused")

    monkeypatch.setattr(connection, "cursor", broken)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "The database does not answer."
    assert "secret-host" not in response.content.decode()


@pytest.mark.django_db
def test_not_ready_when_the_file_brokers_folder_is_gone(client: Client, settings: Any, tmp_path: Path) -> None:
    settings.CELERY_BROKER_URL = "filesystem://"
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_out": str(tmp_path / "gone")}
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "The folder of the file broker is missing."


@pytest.mark.django_db
def test_not_ready_when_redis_does_not_answer(client: Client, settings: Any) -> None:
    settings.CELERY_BROKER_URL = "redis://:secret@127.0.0.1:1/0"
    started = time.monotonic()
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "The broker does not answer."
    assert "secret" not in response.content.decode()
    assert time.monotonic() - started < 4  # a probe gives up after that


@pytest.mark.django_db
def test_not_ready_when_another_broker_does_not_answer(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CELERY_BROKER_URL = "amqp://127.0.0.1:1/"

    def refused(*args: Any, **kwargs: Any) -> Any:
        raise ConnectionRefusedError("amqp://user:secret@127.0.0.1:1/")

    monkeypatch.setattr("sundhedsaftale.health.celery_app.connection_for_write", refused)
    response = client.get("/health/ready")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "The broker does not answer."
    assert "secret" not in response.content.decode()


def test_only_get_is_allowed(client: Client) -> None:
    assert client.post("/health/live").status_code == 405
    assert client.post("/health/ready").status_code == 405


def test_a_host_that_is_not_ours_is_refused_in_plain_words(client: Client) -> None:
    response = client.get("/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert response.headers["Content-Type"].startswith("text/plain")
