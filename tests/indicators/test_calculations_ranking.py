"""Places: the wanted direction first, printed figures that are alike share a place, nothing unlike is ranked together."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.ranking import Entry, Ranking, Unranked, as_printed, rank


def entries(*rows: tuple[str, str | None], decimals: int = 1, period: str = "2023") -> list[Entry]:
    return [
        Entry(number, name, None if value is None else Decimal(value), decimals, period, f"{period}-12-31")
        for number, (name, value) in enumerate(rows)
    ]


def told(ranking: Ranking, found: list[Entry]) -> list[tuple[str, int, str]]:
    names = {entry.key: entry.name_key for entry in found}
    return [(names[one.key], one.place, one.why) for one in ranking.placed]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [
        ("lower", [("b", 1), ("a", 2), ("c", 2), ("d", 4)]),
        ("higher", [("d", 1), ("a", 2), ("c", 2), ("b", 4)]),
    ],
)
def test_the_wanted_direction_stands_first_and_equals_share_a_place(
    direction: str, expected: list[tuple[str, int]]
) -> None:
    found = entries(("a", "11.0"), ("b", "10.7"), ("c", "11.0"), ("d", "13.3"))
    ranking = rank(found, direction)
    assert [(name, place) for name, place, _ in told(ranking, found)] == expected
    assert [one.shared for one in ranking.placed] == [False, True, True, False]
    assert ranking.count == 4


def test_what_is_printed_alike_shares_a_place_whatever_stands_behind_it() -> None:
    found = entries(("a", "11.04"), ("b", "10.96"), ("c", "11.05"))
    assert told(rank(found, "lower"), found) == [("a", 1, ""), ("b", 1, ""), ("c", 3, "")]


def test_minus_nothing_is_nothing() -> None:
    assert str(as_printed(Decimal("-0.04"), 1)) == "0.0"
    assert as_printed(Decimal("-0.05"), 1) == Decimal("-0.1")


def test_no_direction_no_places_and_the_alphabet_decides() -> None:
    found = entries(("b", "2"), ("a", "3"), ("c", None))
    assert told(rank(found, "none"), found) == [
        ("a", 0, Unranked.NO_DIRECTION),
        ("b", 0, Unranked.NO_DIRECTION),
        ("c", 0, Unranked.NO_VALUE),
    ]
    assert rank(found, "none").count == 0


def test_zero_is_a_figure_and_a_blank_is_not() -> None:
    found = entries(("a", None), ("b", "0"), ("c", "0.1"))
    assert told(rank(found, "lower"), found) == [("b", 1, ""), ("c", 2, ""), ("a", 0, Unranked.NO_VALUE)]


def test_periods_are_never_ranked_together() -> None:
    found = [
        *entries(("a", "1"), ("b", "2")),
        Entry(9, "c", Decimal("0.5"), 1, "2021", "2021-12-31"),
        Entry(10, "d", Decimal("0.1"), 1, "2023", "2023-12-31", comparable=False),
    ]
    ranking = rank(found, "lower")
    assert ranking.period == "2023"
    assert told(ranking, found) == [
        ("a", 1, ""),
        ("b", 2, ""),
        ("c", 0, Unranked.OTHER_PERIOD),
        ("d", 0, Unranked.NOT_COMPARABLE),
    ]


def test_of_two_periods_as_common_the_newest_is_ranked() -> None:
    found = [*entries(("a", "1")), Entry(9, "b", Decimal(2), 1, "2021", "2021-12-31")]
    assert rank(found, "lower").period == "2023"
    assert rank(list(reversed(found)), "lower").period == "2023"


def test_nothing_to_rank() -> None:
    assert rank([], "lower") == Ranking((), "", 0)


made = st.builds(
    Entry,
    key=st.integers(),
    name_key=st.text("abcæøå", max_size=3),
    value=st.none() | st.decimals(min_value=-50, max_value=50, places=3),
    decimals=st.just(1),
    period=st.sampled_from(["2021", "2022", "2023"]),
    newest=st.just(""),
    comparable=st.booleans(),
)


@given(st.lists(made, unique_by=lambda entry: entry.key, max_size=40), st.sampled_from(["higher", "lower", "none"]))
def test_every_area_stands_once_and_a_place_counts_those_that_are_better(found: list[Entry], direction: str) -> None:
    ranking = rank(found, direction)
    by_key = {entry.key: entry for entry in found}
    assert sorted(one.key for one in ranking.placed) == sorted(by_key)
    ranked = [one for one in ranking.placed if one.place]
    assert all(bool(one.place) != bool(one.why) for one in ranking.placed)
    for one in ranked:
        entry = by_key[one.key]
        assert entry.value is not None
        mine = as_printed(entry.value, entry.decimals)
        others = [as_printed(by_key[two.key].value or Decimal(0), 1) for two in ranked]
        better = [other for other in others if (other > mine if direction == "higher" else other < mine)]
        assert one.place == len(better) + 1
        assert one.shared == (others.count(mine) > 1)
        assert entry.period == ranking.period
