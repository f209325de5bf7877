"""When the next figures are missed: by cadence, by the day of the last publication, by what the source has said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figures_due import CADENCE_MONTHS, GRACE_DAYS, figures_missed_on, published_day


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2024-11-07", date(2024, 11, 7)),
        ("2024-11", date(2024, 11, 30)),
        ("2024-02", date(2024, 2, 29)),
        ("2023", date(2023, 12, 31)),
        (" 2024-11 ", date(2024, 11, 30)),
        ("", None),
        ("november 2024", None),
        ("2024-13", None),
        ("2024-02-30", None),
    ],
)
def test_the_day_of_a_publication_is_the_last_it_can_have_been(words: str, day: date | None) -> None:
    assert published_day(words) == day


@pytest.mark.parametrize(
    ("cadence", "published", "missed"),
    [
        ("yearly", date(2024, 11, 30), date(2026, 1, 30)),  # a year, sixty days, and then it is missing
        ("every_2_years", date(2024, 11, 30), date(2027, 1, 30)),
        ("every_4_years", date(2024, 11, 30), date(2029, 1, 30)),
        ("quarterly", date(2024, 11, 30), date(2025, 4, 30)),  # the last day of February, and sixty more
        ("monthly", date(2024, 1, 31), date(2024, 4, 30)),
        ("yearly", date(2024, 2, 29), date(2025, 4, 30)),
        ("once", date(2010, 1, 1), None),
        ("", date(2010, 1, 1), None),
        ("whenever", date(2010, 1, 1), None),
        ("yearly", None, None),
    ],
)
def test_a_cadence_is_counted_from_the_newest_publication(
    cadence: str, published: date | None, missed: date | None
) -> None:
    assert figures_missed_on(cadence, published) == missed


def test_what_the_source_has_announced_counts_until_it_has_come() -> None:
    published, announced = date(2024, 11, 30), date(2025, 6, 1)
    assert figures_missed_on("yearly", published, announced=announced) == date(2025, 6, 2)
    assert figures_missed_on("yearly", date(2025, 6, 1), announced=announced) == figures_missed_on("yearly", announced)
    assert figures_missed_on("once", None, announced=announced) == date(2025, 6, 2)


@given(st.sampled_from(sorted(CADENCE_MONTHS)), st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_never_before_the_grace_is_over_and_never_a_month_late(cadence: str, published: date) -> None:
    missed = figures_missed_on(cadence, published)
    assert missed is not None
    months = CADENCE_MONTHS[cadence]
    expected = missed - timedelta(days=GRACE_DAYS + 1)
    assert (expected.year - published.year) * 12 + expected.month - published.month == months
    assert expected.day >= min(published.day, 28)
