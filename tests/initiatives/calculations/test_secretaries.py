"""When a body is left without a secretary: the rule against counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.secretaries import Period, first_day_without

D = date(2026, 12, 30)


def days(number: int) -> date:
    return D + timedelta(days=number)


@pytest.mark.parametrize(
    ("before", "after", "last", "expected"),
    [
        ([(None, None)], [(None, days(3))], None, days(4)),  # ends: the day after
        ([(None, None)], [(None, days(-1))], None, days(0)),  # ended yesterday: from today
        ([(None, None)], [(None, days(-1)), (days(-5), None)], None, None),  # somebody else is there
        ([(None, None)], [(None, days(1)), (days(2), None)], None, None),  # the next begins the day after
        ([(None, None)], [(None, days(1)), (days(3), None)], None, days(2)),  # one day between
        ([(days(5), None)], [(days(7), None)], None, days(5)),  # begins later than promised
        ([(None, days(3))], [(None, days(3))], None, None),  # nothing changed: the old gap is no news
        ([(None, days(3))], [(None, days(9))], None, None),  # longer than before
        ([], [], None, None),
        ([(None, None)], [(None, days(3))], days(3), None),  # the body ends with the role
        ([(None, None)], [(None, days(2))], days(3), days(3)),
        ([(None, None)], [(days(3), days(1))], None, days(0)),  # called off
        ([(None, None)], [(None, date.max)], None, None),
        ([(None, days(-2))], [], None, None),  # was over already
    ],
)
def test_table(before: list[Period], after: list[Period], last: date | None, expected: date | None) -> None:
    assert first_day_without(before, after, first=D, last=last) == expected


near = st.one_of(st.none(), st.integers(-6, 12).map(days))
periods = st.lists(st.tuples(near, near), max_size=3)


@given(periods, periods, near)
def test_the_same_as_counting_day_by_day(before: list[Period], after: list[Period], last: date | None) -> None:
    def covered(rows: list[Period], day: date) -> bool:
        return any((start or day) <= day <= (end or day) for start, end in rows)

    looked_at = [days(n) for n in range(16) if last is None or days(n) <= last]
    gaps = [day for day in looked_at if covered(before, day) and not covered(after, day)]
    assert first_day_without(before, after, first=D, last=last) == (gaps[0] if gaps else None)
