"""When news goes out, and what each mail covers: no moment twice, none left out, whatever days are missed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.digest_days import DAILY, EACH, WEEKLY, Window, first_working_day, window
from sundhedsaftale.lib.working_days import is_working_day

DENMARK = ZoneInfo("Europe/Copenhagen")
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=DENMARK)


@pytest.mark.parametrize(
    ("rhythm", "now", "until", "day"),
    [
        (DAILY, "2026-11-25T08:00", "2026-11-25T07:45", date(2026, 11, 25)),
        (DAILY, "2026-11-25T15:50", "2026-11-25T07:45", date(2026, 11, 25)),
        (WEEKLY, "2026-11-23T08:00", "2026-11-23T07:45", date(2026, 11, 23)),
        (WEEKLY, "2026-11-26T12:00", "2026-11-23T07:45", date(2026, 11, 23)),  # Monday was missed
        (WEEKLY, "2026-04-07T08:00", "2026-04-07T07:45", date(2026, 4, 7)),  # Easter Monday was the 6th
        (EACH, "2026-11-25T10:20", "2026-11-25T10:05", date(2026, 11, 25)),
    ],
)
def test_what_a_mail_covers(rhythm: str, now: str, until: str, day: date) -> None:
    assert window(rhythm, now=at(now), since=LONG_AGO) == Window(LONG_AGO, at(until), day)


@pytest.mark.parametrize("rhythm", [DAILY, WEEKLY, EACH])
def test_nothing_is_due_before_the_last_one_ended(rhythm: str) -> None:
    now = at("2026-11-23T08:00")
    assert window(rhythm, now=now, since=at("2026-11-23T07:45")) is None
    assert window(rhythm, now=now, since=now) is None
    assert window(rhythm, now=now, since=now + timedelta(days=1)) is None  # the clock was set back


def test_the_hour_is_danish_on_both_sides_of_the_clock_change() -> None:
    for now, utc in (("2026-03-30T08:00", 5), ("2026-10-26T08:00", 6)):
        found = window(DAILY, now=at(now), since=LONG_AGO)
        assert found is not None
        assert (found.until.astimezone(UTC).hour, found.until.minute) == (utc, 45)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)))
def test_the_first_working_day_of_a_week(day: date) -> None:
    found = first_working_day(day)
    assert found.isocalendar()[:2] == day.isocalendar()[:2]
    assert is_working_day(found)
    assert not any(is_working_day(found - timedelta(days=n)) for n in range(1, found.weekday() + 1))


RUNS = st.lists(st.integers(0, 24 * 6 * 40), min_size=1, max_size=40, unique=True).map(sorted)


@given(minutes=RUNS, rhythm=st.sampled_from([DAILY, WEEKLY, EACH]))
def test_whatever_runs_there_are_the_windows_join_and_a_day_has_one(minutes: list[int], rhythm: str) -> None:
    told, since, days = LONG_AGO, LONG_AGO, []
    for number in minutes:
        now = (at("2026-10-12T00:00").astimezone(UTC) + timedelta(minutes=10 * number)).astimezone(DENMARK)
        if not is_working_day(now.date()) or now.hour < 8:
            continue
        found = window(rhythm, now=now, since=since)
        if found is None or found.day in days:
            continue
        assert found.since == told
        assert found.since < found.until <= now
        told = since = found.until
        days.append(found.day)
    assert days == sorted(set(days))
