"""Beat's own reckoning when the clock is put back, by a little, a day or a year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from django.conf import settings
from django_celery_beat.models import PeriodicTask

from sundhedsaftale.celery import app
from sundhedsaftale.scheduler import Scheduler

TUESDAY = datetime(2026, 11, 24, 9, 0, 5, tzinfo=UTC)  # 10:00:05 in Denmark


def started() -> Scheduler:
    made = Scheduler(app=app)
    made._finalize.cancel()  # it would write to the test's database when the process ends
    return made


@pytest.fixture
def beat(db: None, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    """Started on Tuesday at 10, and has just sent everything. What it sends is only noted."""
    sent: list[str] = []
    monkeypatch.setattr("django_celery_beat.schedulers.close_old_connections", lambda: None)  # it is the test's own
    monkeypatch.setattr(Scheduler, "apply_entry", lambda self, entry, producer=None: sent.append(entry.name))
    with time_machine.travel(TUESDAY - timedelta(minutes=1), tick=False):
        made = started()
        made.sent = sent
    with time_machine.travel(TUESDAY, tick=False):
        tick(made)
    assert "send-due-reminders" in sent
    sent.clear()
    return made


def tick(beat: Scheduler) -> None:
    for _ in range(20):
        beat.tick()


def test_the_settings_name_it() -> None:
    assert settings.CELERY_BEAT_SCHEDULER == "sundhedsaftale.scheduler:Scheduler"
    assert current_app is not None


@pytest.mark.parametrize("back", [timedelta(hours=1), timedelta(days=1), timedelta(days=365), timedelta(minutes=9)])
def test_it_goes_on_at_the_next_ten_minutes_by_the_new_clock(beat: Scheduler, back: timedelta) -> None:
    moment = TUESDAY - back
    with time_machine.travel(moment, tick=False):
        tick(beat)
    assert "send-due-reminders" not in beat.sent  # it has just been put back: nothing is due twice
    with time_machine.travel(moment + timedelta(seconds=31), tick=False):
        tick(beat)
    assert "heartbeat" in beat.sent
    with time_machine.travel(moment + timedelta(minutes=10), tick=False):
        tick(beat)
    assert beat.sent.count("send-due-reminders") == 1


def test_a_beat_started_after_the_clock_was_put_back_goes_on_too(beat: Scheduler) -> None:
    PeriodicTask.objects.update(last_run_at=TUESDAY + timedelta(days=400))
    moment = TUESDAY - timedelta(days=1)
    sent = beat.sent
    with time_machine.travel(moment, tick=False):
        again = started()
        tick(again)
    with time_machine.travel(moment + timedelta(minutes=10), tick=False):
        tick(again)
    assert sent.count("send-due-reminders") == 1


def test_a_clock_that_is_only_corrected_changes_nothing(beat: Scheduler) -> None:
    with time_machine.travel(TUESDAY - timedelta(seconds=20), tick=False):
        tick(beat)
    assert beat.sent == []
