"""Working days, and the dates of a meeting computed backwards."""

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.lib import working_days as wd

HOLIDAYS = [
    date(2026, 1, 1), date(2026, 4, 2), date(2026, 4, 3), date(2026, 4, 5), date(2026, 4, 6), date(2026, 5, 14),
    date(2026, 5, 24), date(2026, 5, 25), date(2026, 12, 25), date(2026, 12, 26), date(2023, 5, 5), date(2027, 1, 1),
]  # fmt: skip
WORKING = [
    date(2024, 4, 26), date(2025, 5, 16), date(2026, 5, 1), date(2026, 6, 5), date(2026, 12, 24), date(2026, 12, 31),
    date(2020, 11, 5),
]  # fmt: skip


@pytest.mark.parametrize("day", HOLIDAYS)
def test_public_holidays(day):
    assert not wd.is_working_day(day)


@pytest.mark.parametrize("day", WORKING)
def test_working_days(day):
    assert wd.is_working_day(day)


@pytest.mark.parametrize("year", range(1990, 2101))
def test_the_same_holidays_as_a_calendar_of_others(year):
    assert wd.public_holidays(year) == set(holidays.country_holidays("DK", years=year))


def test_store_bededag_ended_with_2023():
    assert date(2023, 5, 5) in wd.public_holidays(2023)
    assert date(2024, 4, 26) not in wd.public_holidays(2024)


@pytest.mark.parametrize(
    ("meeting", "hand_in", "dispatch"),
    [
        (date(2020, 11, 5), date(2020, 10, 22), date(2020, 10, 29)),
        # 25 December is a holiday: the hand-in moves back to the 24th, a working day by law. New Year's Day likewise.
        (date(2026, 1, 8), date(2025, 12, 24), date(2025, 12, 31)),
        (date(2026, 4, 13), date(2026, 3, 30), date(2026, 4, 1)),
    ],
)
def test_meeting_dates(meeting, hand_in, dispatch):
    assert wd.meeting_dates(meeting) == wd.MeetingDates(meeting, hand_in, dispatch)


@pytest.mark.parametrize(("hand_in", "dispatch"), [(6, 7), (-1, -2), (14, -1)])
def test_impossible_deadlines_are_refused(hand_in, dispatch):
    with pytest.raises(ValueError, match="before"):
        wd.meeting_dates(date(2026, 1, 8), hand_in, dispatch)


def test_around_new_year():
    assert wd.next_working_day(date(2027, 1, 1)) == date(2027, 1, 4)
    assert wd.previous_working_day(date(2027, 1, 1)) == date(2026, 12, 31)
    assert wd.previous_working_day(date(2026, 12, 31)) == date(2026, 12, 31)
    assert wd.previous_working_day(date(2026, 12, 31), include=False) == date(2026, 12, 30)
    assert wd.next_working_day(date(2026, 12, 31), include=False) == date(2027, 1, 4)


def test_days_between():
    assert wd.working_days_between(date(2026, 12, 23), date(2027, 1, 4)) == 6
    assert wd.working_days_between(date(2027, 1, 4), date(2026, 12, 23)) == -6
    assert wd.working_days_between(date(2026, 6, 1), date(2026, 6, 1)) == 0


days = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(days)
def test_moves_land_on_working_days_and_close_by(day):
    before, after = wd.previous_working_day(day), wd.next_working_day(day)
    assert wd.is_working_day(before)
    assert wd.is_working_day(after)
    assert before <= day <= after
    assert after - before <= timedelta(days=8)


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_papers_never_go_out_before_texts_are_in(day, one, other):
    dates = wd.meeting_dates(day, max(one, other), min(one, other))
    assert dates.hand_in <= dates.dispatch <= dates.meeting_day
