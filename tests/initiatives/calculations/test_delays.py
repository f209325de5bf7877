"""Slip in quarters, times postponed, without a new date, by cause."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.delays import CauseCount, Move, slip_in_quarters, slips, summarise

Q2_2020, Q4_2020, Q1_2021 = date(2020, 6, 30), date(2020, 12, 31), date(2021, 3, 31)
Q2_2021, END_2021, PRIMO_2020, MARCH_2020 = date(2021, 6, 30), date(2021, 12, 31), date(2020, 4, 30), date(2020, 3, 31)


@pytest.mark.parametrize(
    ("begin", "end", "slip"),
    [
        (Q2_2020, Q2_2021, 4), (Q2_2020, Q2_2020, 0), (Q2_2021, Q2_2020, -4), (PRIMO_2020, END_2021, 6),
        (Q2_2020, None, None), (None, Q2_2020, None), (date(2020, 12, 31), date(2021, 1, 1), 1),
    ],
)  # fmt: skip
def test_slip(begin, end, slip):
    assert slip_in_quarters(begin, end) == slip


def test_the_plan_of_november_2020():
    """Three postponed and one on hold, all because of COVID-19; one of them without a new date."""
    moves = [
        Move("etik", PRIMO_2020, END_2021, "covid_19"),
        Move("populationer", Q2_2020, Q2_2021, "covid_19"),
        Move("rette tilbud", MARCH_2020, Q1_2021, "covid_19"),
        Move("akutteams", Q2_2020, None, "covid_19"),
    ]
    summary = summarise(moves)
    assert (summary.times, summary.items, summary.slip, summary.unknown_slip, summary.without_new_date) == (
        4,
        4,
        14,
        1,
        1,
    )
    assert summary.by_cause == {"covid_19": CauseCount(4, 14, 1)}


def test_a_date_given_later_counts_from_the_promise():
    moves = [Move(1, Q2_2020, None, "covid_19"), Move(1, None, Q2_2021, "staffing")]
    assert slips(moves) == [None, 4]
    summary = summarise(moves)
    assert (summary.times, summary.items, summary.slip, summary.without_new_date) == (2, 1, 4, 0)
    assert summary.by_cause == {"covid_19": CauseCount(1, 0, 1), "staffing": CauseCount(1, 4, 0)}


def test_items_do_not_mix():
    assert slips([Move(1, Q2_2020, None), Move(2, None, Q2_2021)]) == [None, None]


def test_nothing_moved():
    summary = summarise([])
    assert (summary.times, summary.items, summary.slip, summary.unknown_slip, summary.without_new_date) == (
        0,
        0,
        0,
        0,
        0,
    )
    assert summary.by_cause == {}


def test_the_commonest_cause_comes_first():
    moves = [Move(1, None, None, "it"), Move(2, None, None, "covid_19"), Move(3, None, None, "covid_19")]
    assert list(summarise(moves).by_cause) == ["covid_19", "it"]


days = st.one_of(st.none(), st.dates(date(2018, 1, 1), date(2030, 1, 1)))


@given(st.lists(st.builds(Move, st.integers(0, 3), days, days, st.sampled_from(["it", "covid_19", ""]))))
def test_the_figures_add_up(moves):
    summary = summarise(moves)
    counts = summary.by_cause.values()
    assert summary.times == len(moves) == sum(count.times for count in counts)
    assert summary.slip == sum(count.slip for count in counts)
    assert summary.without_new_date <= summary.items <= summary.times
    assert summary.without_new_date <= sum(count.without_new_date for count in counts)
    assert summary.unknown_slip <= summary.times


@given(st.lists(st.dates(date(2018, 1, 1), date(2030, 1, 1)), min_size=2, max_size=8))
def test_a_chain_of_moves_slips_as_far_as_from_first_to_last(chain):
    moves = [Move("x", begin, end) for begin, end in itertools.pairwise(chain)]
    assert summarise(moves).slip == slip_in_quarters(chain[0], chain[-1])
