"""The ledger: the same moves counted by item, plan, owner, quarter and cause, held against a slow obvious twin."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations import delays
from initiatives.calculations.delays import ItemNow, LedgerMove, MovesTotal

Q1_2020, Q2_2020, Q4_2020, Q2_2021 = date(2020, 3, 31), date(2020, 6, 30), date(2020, 12, 31), date(2021, 6, 30)
NOVEMBER, MARCH = date(2020, 11, 5), date(2021, 3, 1)

MOVES = (
    LedgerMove("etik", "plan", ("sku",), NOVEMBER, Q2_2020, Q2_2021, "covid_19", at_most=True),
    LedgerMove("akut", "plan", ("sku", "ppu"), NOVEMBER, Q2_2020, None, "covid_19"),
    LedgerMove("akut", "plan", ("sku", "ppu"), MARCH, None, Q2_2021, "staffing"),
    LedgerMove("anden", "eksempel", (), MARCH, None, None),
)


def test_by_item():
    found = delays.by_group(delays.count_moves(MOVES), delays.of_item)
    assert found["akut"] == MovesTotal(2, 1, 4, 1, 1, False, {"covid_19": 1, "staffing": 1})
    assert found["etik"] == MovesTotal(1, 1, 4, 0, 0, True, {"covid_19": 1})
    assert found["anden"] == MovesTotal(1, 1, 0, 1, 1, False, {"": 1})


def test_by_owner_a_shared_move_counts_whole_for_each_and_nobody_is_an_owner_too():
    counted = delays.count_moves(MOVES)
    found = delays.by_group(counted, delays.of_owners)
    assert {owner: total.times for owner, total in found.items()} == {"sku": 3, "ppu": 2, None: 1}
    assert sum(total.times for total in found.values()) == len(MOVES) + delays.counted_more_than_once(counted) == 6


def test_by_quarter_a_date_given_later_still_counts_from_the_first_promise():
    """Counted quarter by quarter alone, the second move of »akut« would have nothing to count from."""
    found = delays.by_group(delays.count_moves(MOVES), delays.of_quarter)
    assert found[2021, 1] == MovesTotal(2, 2, 4, 1, 1, False, {"": 1, "staffing": 1})
    assert found[2020, 4].by_cause == {"covid_19": 2}


@pytest.mark.parametrize(
    ("first", "last", "quarters"),
    [
        ((2020, 4), (2021, 2), [(2020, 4), (2021, 1), (2021, 2)]),
        ((2020, 1), (2020, 1), [(2020, 1)]),
        ((2021, 1), (2020, 4), []),
    ],
)
def test_quarters_without_a_move_are_not_skipped(first, last, quarters):
    assert delays.quarters_through(first, last) == quarters


@pytest.mark.parametrize(
    ("day", "quarter"), [(date(2020, 1, 1), (2020, 1)), (date(2020, 3, 31), (2020, 1)), (date(2020, 12, 31), (2020, 4))]
)
def test_the_quarter_of_a_day(day, quarter):
    assert delays.quarter_of_day(day) == quarter


@pytest.mark.parametrize(
    ("is_open", "cause", "says", "awaits"),
    [
        (True, "awaiting_reform", False, True),
        (True, "legislation", False, True),
        (True, "covid_19", True, True),  # the cause is one thing, what it waits for another
        (True, "covid_19", False, False),
        (True, "", False, False),
        (False, "awaiting_reform", True, False),
    ],
)
def test_who_waits_for_others(is_open, cause, says, awaits):
    now = ItemNow(1, 1, (), is_open, False, cause, says)
    assert delays.awaits_others(now) is awaits


def test_where_items_stand_by_owner():
    items = (
        ItemNow(1, "p", ("a", "b"), True, True, "awaiting_reform"),
        ItemNow(2, "p", ("a",), True, False),
        ItemNow(3, "p", (), True, True),
    )
    found = delays.stands_by_group(items, delays.of_owners)
    assert (found["a"].items, found["a"].undated, found["a"].awaiting) == (2, 1, 1)
    assert (found["b"].items, found["b"].undated, found["b"].awaiting) == (1, 1, 1)
    assert found[None].undated == 1
    assert delays.stand_of(items).undated == 2, "an item of two owners is one item"


# --- The twin: one move at a time, looking back over the list for what was promised ----------------------------------

days = st.one_of(st.none(), st.dates(date(2018, 1, 1), date(2030, 1, 1)))
moves = st.lists(
    st.builds(
        LedgerMove, st.integers(0, 4), st.integers(0, 2), st.lists(st.sampled_from("abc"), max_size=3).map(tuple),
        st.dates(date(2019, 1, 1), date(2021, 12, 31)), days, days, st.sampled_from(["it", "covid_19", ""]),
        st.booleans(),
    ),
    max_size=14,
)  # fmt: skip


def slow_slip(all_moves, place):
    move = all_moves[place]
    begin = move.from_last_day
    for earlier in reversed(all_moves[:place]):
        if begin is None and earlier.item == move.item:
            begin = earlier.to_last_day or earlier.from_last_day
    if begin is None or move.to_last_day is None:
        return None
    quarter = {day: day.year * 4 + (day.month - 1) // 3 for day in (begin, move.to_last_day)}
    return quarter[move.to_last_day] - quarter[begin]


def slow_totals(all_moves, groups):
    result = {}
    for group in {group for move in all_moves for group in groups(move)}:
        places = [place for place, move in enumerate(all_moves) if group in groups(move)]
        known = [slow_slip(all_moves, place) for place in places]
        causes = [all_moves[place].cause for place in places]
        result[group] = (
            len(places),
            len({all_moves[place].item for place in places}),
            sum(slip for slip in known if slip is not None),
            known.count(None),
            sum(all_moves[place].to_last_day is None for place in places),
            {cause: causes.count(cause) for cause in causes},
        )
    return result


GROUPS = (delays.of_item, delays.of_plan, delays.of_owners, delays.of_quarter, delays.of_cause)


@given(moves, st.sampled_from(GROUPS))
def test_every_grouping_agrees_with_the_twin(all_moves, groups):
    found = delays.by_group(delays.count_moves(all_moves), groups)
    assert {
        group: (one.times, one.items, one.slip, one.unknown_slip, one.without_new_date, dict(one.by_cause))
        for group, one in found.items()
    } == slow_totals(all_moves, groups)


@given(moves)
def test_the_parts_add_up_to_the_whole(all_moves):
    counted = delays.count_moves(all_moves)
    whole = delays.total_of(counted)
    for groups in (delays.of_item, delays.of_plan, delays.of_quarter, delays.of_cause):
        parts = delays.by_group(counted, groups).values()
        for name in ("times", "slip", "unknown_slip", "without_new_date"):
            assert sum(getattr(part, name) for part in parts) == getattr(whole, name), name
    by_owner = delays.by_group(counted, delays.of_owners).values()
    assert sum(part.times for part in by_owner) == whole.times + delays.counted_more_than_once(counted)
    assert sum(whole.by_cause.values()) == whole.times


@pytest.mark.slow
@given(moves)
def test_the_ledger_and_the_summary_of_a_plan_say_the_same(all_moves):
    plain = [delays.Move(move.item, move.from_last_day, move.to_last_day, move.cause) for move in all_moves]
    summary, whole = delays.summarise(plain), delays.total_of(delays.count_moves(all_moves))
    assert (summary.times, summary.items, summary.slip, summary.unknown_slip) == (
        whole.times, whole.items, whole.slip, whole.unknown_slip,
    )  # fmt: skip
