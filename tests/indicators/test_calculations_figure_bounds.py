"""What a file may change by itself, number by number."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.figure_bounds import Bounds, Counts, is_far, missing_areas, outside, predecessors
from indicators.calculations.retries import LONGEST, MOST_ATTEMPTS, is_due, next_try

HELD = {"held": 100, "new": 0, "changed": 0, "vanished": 0}


@pytest.mark.parametrize(
    ("counts", "codes"),
    [
        ({}, []),
        ({"changed": 20}, []),
        ({"changed": 21}, ["many_changed"]),
        ({"held": 10, "changed": 5}, []),  # a few are never many
        ({"held": 10, "changed": 6}, ["many_changed"]),
        ({"new": 100}, []),
        ({"new": 101}, ["many_new"]),
        ({"vanished": 1}, ["vanished"]),
        ({"factor": 1}, ["factor"]),
        ({"areas_missing": 1}, ["area_missing"]),
        ({"held": 0, "new": 5000}, []),  # the first file of all
        ({"changed": 50, "vanished": 2, "factor": 3}, ["vanished", "many_changed", "factor"]),
    ],
)
def test_what_lies_outside(counts: dict[str, int], codes: list[str]) -> None:
    assert [one.code for one in outside(Counts(**{**HELD, **counts}), Bounds())] == codes


def test_a_source_declares_its_own() -> None:
    bounds = Bounds.of({"changed_pct": 100, "vanished": 3, "something": 7})
    assert (bounds.changed_pct, bounds.vanished, bounds.factor) == (100, 3, 100)
    assert outside(Counts(held=100, new=0, changed=100, vanished=3), bounds) == []
    assert [one.count for one in outside(Counts(held=100, new=0, changed=0, vanished=4), bounds)] == [4]


@given(st.integers(1, 5000), st.integers(0, 5000), st.integers(0, 100), st.integers(0, 50))
def test_a_wider_bound_never_holds_more_back(held: int, changed: int, pct: int, few: int) -> None:
    counts = Counts(held=held, new=0, changed=changed, vanished=0)
    if not outside(counts, Bounds(changed_pct=pct, few=few)):
        assert not outside(counts, Bounds(changed_pct=pct + 1, few=few + 1))
    assert bool(outside(counts, Bounds(changed_pct=pct, few=few))) == (changed > few and changed / held > pct / 100)


@pytest.mark.parametrize(
    ("before", "after", "far"),
    [
        ("1", "100", True),
        ("1", "99.999999", False),
        ("100", "1", True),
        ("-1", "100", True),
        ("0", "100", False),
        ("100", "0", False),
        (None, "100", False),
        ("1", None, False),
        ("0.1", "10", True),
    ],
)
def test_a_hundred_times_its_predecessor(before: str | None, after: str | None, far: bool) -> None:
    assert is_far(Decimal(before) if before else None, Decimal(after) if after else None, 100) is far


@given(st.decimals("0.000001", "99999999", places=6), st.decimals("0.000001", "99999999", places=6))
def test_far_is_far_from_both_sides(one: Decimal, other: Decimal) -> None:
    assert is_far(one, other, 100) == is_far(other, one, 100) == (one >= other * 100 or other >= one * 100)


def test_the_predecessor_is_the_newest_before() -> None:
    series, other = ("a", "081", ""), ("a", "082", "")
    held = [
        (series, date(2021, 12, 31), Decimal(1)),
        (series, date(2022, 12, 31), Decimal(2)),
        (series, date(2022, 12, 31).replace(year=2023), Decimal(3)),
        (other, date(2022, 12, 31), None),
    ]
    wanted = {series: date(2023, 12, 31), other: date(2023, 12, 31)}
    assert predecessors(wanted, held) == {series: Decimal(2)}


def test_an_area_that_lacks_a_new_period() -> None:
    topic, y22, y23 = ("a", ""), date(2022, 12, 31), date(2023, 12, 31)
    held = [(topic, "791", y22), (topic, "825", y22), (topic, "999", date(2021, 12, 31))]
    assert missing_areas(held, [(topic, "791", y23)]) == [("a", "825")]
    assert missing_areas(held, [(topic, "791", y23), (topic, "825", y23)]) == []
    assert missing_areas(held, [(topic, "791", y22)]) == []  # no newer period: what is missing has vanished
    assert missing_areas(held, [(("b", ""), "791", y23)]) == []


def test_the_pauses_grow_and_end() -> None:
    pauses = [next_try(attempt) for attempt in range(1, MOST_ATTEMPTS)]
    assert all(pause is not None for pause in pauses)
    assert pauses == sorted(pauses)  # type: ignore[type-var]
    assert pauses[0] == timedelta(minutes=1)
    assert pauses[-1] == LONGEST
    assert next_try(MOST_ATTEMPTS) is None
    assert next_try(0) is None


@pytest.mark.parametrize(
    ("every", "last", "now", "due"),
    [
        (1, None, "2026-11-26T05:30", True),
        (1, None, "2026-11-26T05:29", False),
        (1, "2026-11-25T05:30", "2026-11-26T05:30", True),
        (1, "2026-11-25T23:59", "2026-11-26T05:30", True),
        (1, "2026-11-26T01:00", "2026-11-26T12:00", False),
        (7, "2026-11-20T05:40", "2026-11-26T05:30", False),
        (7, "2026-11-19T05:40", "2026-11-26T05:30", True),
        (1, "2026-12-31T05:30", "2027-01-01T05:40", True),
        (0, None, "2026-11-26T12:00", False),
    ],
)
def test_each_source_by_its_own_rhythm(every: int, last: str | None, now: str, due: bool) -> None:
    assert is_due(every, datetime.fromisoformat(last) if last else None, datetime.fromisoformat(now)) is due
