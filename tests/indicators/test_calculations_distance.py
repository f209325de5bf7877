"""Distance to the best region: the reference result, ties, blanks and everything that has no answer."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.calculations.distance import Distances, Measured, Move, NoDistance, distances

D = Decimal
FIGURES = Path(__file__).parents[2] / "indicators" / "catalogue" / "observations" / "nationale_maal_2024.csv"


def regions(*values: str | None, before: tuple[str | None, ...] = ()) -> list[Measured]:
    padded = (*before, *(None for _ in values))
    pairs = list(zip(values, padded, strict=False))
    return [
        Measured(key, "region", None if now is None else D(now), None if then is None else D(then))
        for key, (now, then) in enumerate(pairs)
    ]


def test_five_year_survival_as_danske_regioner_draw_it() -> None:
    """Hovedstaden 71, Midtjylland 69, Nordjylland 68, Syddanmark 68, Sjælland 67, Hele landet 69."""
    with FIGURES.open(newline="") as file:
        found = {r["area_code"]: r for r in csv.DictReader(file) if r["indicator_code"] == "femaarsoverlevelse-kraeft"}
    order = ["084", "082", "081", "083", "085", "000"]
    areas = [
        Measured(int(code), "country" if code == "000" else "region", D(found[code]["value"] or found[code]["printed"]))
        for code in order
    ]
    answer = distances(areas, "higher")
    assert [row.now for row in answer.rows] == [0, 2, 3, 3, 4, 2]
    assert (answer.best, answer.best_value) == ((84,), 71)
    assert {row.move for row in answer.rows} == {Move.UNKNOWN}


def test_lower_is_better_turns_the_distance() -> None:
    answer = distances(regions("10.2", "11.5", "12.2"), "lower")
    assert [row.now for row in answer.rows] == [0, D("1.3"), D("2.0")]


def test_regions_that_tie_are_both_best() -> None:
    answer = distances(regions("71", "69", "71"), "higher")
    assert answer.best == (0, 2)
    assert [row.now for row in answer.rows] == [0, 2, 0]


def test_the_string_is_what_was_won_or_lost() -> None:
    answer = distances(regions("71", "70", "66", "68", before=("70", "67", "67", None)), "higher")
    assert [(row.before, row.won, row.move) for row in answer.rows] == [
        (0, 0, Move.SAME),
        (3, 2, Move.CATCHING_UP),
        (3, -2, Move.FALLING_BEHIND),
        (None, None, Move.UNKNOWN),
    ]


def test_an_area_can_lose_ground_without_having_changed() -> None:
    answer = distances(regions("72", "68", before=("70", "68")), "higher")
    assert answer.rows[1].move == Move.FALLING_BEHIND


def test_a_country_alone_in_having_an_earlier_figure_has_no_string() -> None:
    country = Measured(99, "country", D(69), D(67))
    answer = distances([*regions("71", "69"), country], "higher")
    assert (answer.rows[2].now, answer.rows[2].before, answer.rows[2].move) == (2, None, Move.UNKNOWN)


def test_a_country_that_beats_the_regions_is_not_the_best() -> None:
    answer = distances([*regions("60", "61"), Measured(99, "country", D(63))], "higher")
    assert (answer.best, answer.best_value, answer.rows[2].now) == ((1,), 61, 0)


def test_a_blank_region_has_no_distance_and_the_others_have() -> None:
    answer = distances(regions("71", None, "69"), "higher")
    assert [row.now for row in answer.rows] == [0, None, 2]


@pytest.mark.parametrize(
    ("areas", "direction", "reason"),
    [
        (regions("71", "69"), "none", NoDistance.NO_DIRECTION),
        (regions("71"), "higher", NoDistance.ONE_REGION),
        (regions("71", None), "higher", NoDistance.ONE_REGION),
        (regions(None, None), "higher", NoDistance.NO_REGIONS),
        ([], "higher", NoDistance.NO_REGIONS),
        ([Measured(9, "country", D(69))], "higher", NoDistance.NO_REGIONS),
    ],
)
def test_without_an_answer_it_says_why(areas: list[Measured], direction: str, reason: NoDistance) -> None:
    assert distances(areas, direction) == Distances(reason)


values = st.one_of(st.none(), st.decimals(-1000, 1000, places=2))


@given(st.lists(st.tuples(values, values), min_size=2, max_size=8), st.sampled_from(["higher", "lower"]))
def test_what_is_true_of_any_measurement(pairs: list[tuple[D | None, D | None]], direction: str) -> None:
    areas = [Measured(key, "region", now, before) for key, (now, before) in enumerate(pairs)]
    answer = distances(areas, direction)
    with_figures = [area for area in areas if area.now is not None]
    if len(with_figures) < 2:
        assert answer.reason
        return
    assert answer.best
    for area, row in zip(areas, answer.rows, strict=True):
        assert (row.now is None) == (area.now is None)
        assert row.now is None or row.now >= 0
        assert (row.now == 0) == (row.key in answer.best)
        if row.now is not None and answer.best_value is not None and area.now is not None:
            assert row.now == abs(answer.best_value - area.now)
        if row.won is not None:
            assert (row.won > 0, row.won < 0) == (row.move == Move.CATCHING_UP, row.move == Move.FALLING_BEHIND)
