"""Which statuses answer for a meeting: the rule in tables."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.answers import FIRST_COLLECTION, Spoken, Window, answer_for, is_asked, window

DAY, HAND_IN, PREVIOUS = date(2026, 11, 5), date(2026, 10, 22), date(2026, 8, 20)
THIS, OTHER = 7, 6
WHEN = window(day=DAY, hand_in=HAND_IN, previous=PREVIOUS)


def said(day: date, sequence: int = 1, state: str = "in_progress", for_meeting: int | None = None) -> Spoken:
    return Spoken(sequence, state, day, for_meeting)


def test_the_window_opens_the_day_after_the_previous_meeting_and_closes_with_this_one() -> None:
    assert Window(PREVIOUS + timedelta(days=1), DAY) == WHEN


def test_before_the_first_meeting_the_window_opens_a_month_before_hand_in() -> None:
    assert window(day=DAY, hand_in=HAND_IN, previous=None).opens == HAND_IN - timedelta(days=FIRST_COLLECTION)


@pytest.mark.parametrize(
    ("status", "answers"),
    [
        (said(PREVIOUS), False),  # said at the previous meeting itself
        (said(PREVIOUS + timedelta(days=1)), True),
        (said(HAND_IN + timedelta(days=1)), True),  # after the deadline, but before the meeting
        (said(DAY), True),
        (said(DAY + timedelta(days=1)), False),  # the next meeting's
        (said(DAY + timedelta(days=9), for_meeting=THIS), True),  # tied to it: whatever the day
        (said(PREVIOUS - timedelta(days=9), for_meeting=THIS), True),
        (said(HAND_IN, for_meeting=OTHER), False),  # tied to another meeting
    ],
)
def test_when_a_status_answers(status: Spoken, answers: bool) -> None:
    assert (answer_for([status], meeting=THIS, when=WHEN) is not None) is answers


def test_the_newest_that_counts_is_the_answer() -> None:
    rows = [said(HAND_IN, 1), said(DAY, 2), said(DAY + timedelta(days=3), 3)]
    assert answer_for(rows, meeting=THIS, when=WHEN) == rows[1]
    assert answer_for([], meeting=THIS, when=WHEN) is None


@pytest.mark.parametrize("state", ["completed", "in_operation", "cancelled"])
def test_a_closed_item_is_not_asked_unless_it_was_closed_for_this_meeting(state: str) -> None:
    assert not is_asked([said(PREVIOUS, 1, state)], meeting=THIS, when=WHEN)
    assert is_asked([said(HAND_IN, 1, state)], meeting=THIS, when=WHEN)
    assert is_asked([said(PREVIOUS, 1), said(DAY + timedelta(days=1), 2, state)], meeting=THIS, when=WHEN)


@pytest.mark.parametrize("state", ["planned", "in_progress", "delayed", "postponed", "on_hold"])
def test_an_open_item_is_asked_and_so_is_one_without_a_status(state: str) -> None:
    assert is_asked([said(PREVIOUS, 1, state)], meeting=THIS, when=WHEN)
    assert is_asked([], meeting=THIS, when=WHEN)


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=8))
def test_no_day_answers_for_two_meetings_of_a_body(days: list[date]) -> None:
    following = window(day=date(2026, 12, 10), hand_in=date(2026, 11, 26), previous=DAY)
    for day in days:
        assert not (WHEN.holds(day) and following.holds(day))
        one = said(day)
        if answer_for([one], meeting=THIS, when=WHEN):
            assert answer_for([one], meeting=8, when=following) is None
