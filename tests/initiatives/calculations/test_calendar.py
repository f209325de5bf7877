from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.calendar import MOST_EVENTS, CalendarEvent, nearest

TODAY = date(2026, 12, 31)
STAMP = datetime(2026, 11, 1, tzinfo=UTC)


def event(days: int, uid: str = "") -> CalendarEvent:
    return CalendarEvent(uid or f"e{days}", TODAY + timedelta(days=days), "Frist", "https://x.dk/", STAMP)


def days(events: list[CalendarEvent]) -> list[int]:
    return [(one.day - TODAY).days for one in events]


def test_what_is_to_come_is_kept_before_what_has_been() -> None:
    events = [event(n) for n in (-3, -1, 0, 1, 5, 400)]
    assert days(nearest(events, today=TODAY, most=4)) == [0, 1, 5, 400]
    assert days(nearest(events, today=TODAY, most=5)) == [-1, 0, 1, 5, 400]
    assert days(nearest(events, today=TODAY, most=2)) == [0, 1]


def test_all_are_kept_when_there_is_room() -> None:
    assert days(nearest([event(5), event(-5)], today=TODAY)) == [-5, 5]
    assert nearest([], today=TODAY) == []
    assert len(nearest([event(n) for n in range(1000)], today=TODAY)) == MOST_EVENTS


@given(st.lists(st.integers(-500, 500), max_size=40, unique=True), st.integers(0, 45))
def test_the_order_they_come_in_means_nothing(offsets: list[int], most: int) -> None:
    events = [event(n) for n in offsets]
    kept = nearest(events, today=TODAY, most=most)
    assert kept == nearest(reversed(events), today=TODAY, most=most)
    assert len(kept) == min(most, len(events))
    assert days(kept) == sorted(days(kept))
    left_out = set(events) - set(kept)
    if any(one.day < TODAY for one in kept):
        assert not any(one.day >= TODAY for one in left_out)
