"""Filter and sort over plain facts: tables, and a filter said once more in other words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.selection import NONE, SORTS, UNDATED, ItemToSelect, Wanted, select
from initiatives.calculations.states import STATES
from sundhedsaftale.lib.danish import sort_key


def item(key, state="", **facts):
    facts = {name: frozenset(value) if isinstance(value, set) else value for name, value in facts.items()}
    return ItemToSelect(key, key, state, **facts)


ITEMS = (
    item(1, "postponed", owners={"a"}, tracks={"1"}, goals={"g"}, causes={"covid_19"}, slip=4, title_key=sort_key("Ø"),
         deadline=date(2021, 6, 30)),
    item(2, "on_hold", owners={"a", "b"}, tracks={"1", "1.1"}, causes={"covid_19", "it"}, undated=True,
         title_key=sort_key("Aalborg")),
    item(3, "in_progress", owners={"b"}, tracks={"2"}, goals={"g", "h"}, title_key=sort_key("Zebra"),
         deadline=date(2020, 12, 31)),
    item(4, title_key=sort_key("Æ")),
    item(5, "completed", owners={"a"}, tracks={"2"}, slip=7, title_key=sort_key("Begynd"), deadline=date(2021, 6, 30)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (Wanted(), [1, 2, 3, 4, 5]),
        (Wanted(owner="a"), [1, 2, 5]),
        (Wanted(owner=NONE), [4]),
        (Wanted(state="on_hold"), [2]),
        (Wanted(state=UNDATED), [2]),
        (Wanted(state=NONE), [4]),
        (Wanted(track="1"), [1, 2]),
        (Wanted(track="1.1"), [2]),
        (Wanted(goal="g"), [1, 3]),
        (Wanted(goal=NONE), [2, 4, 5]),
        (Wanted(cause="it"), [2]),
        (Wanted(cause=NONE), [3, 4, 5]),
        (Wanted(owner="a", cause="covid_19", state="postponed"), [1]),
        (Wanted(owner="b", state="postponed"), []),
        (Wanted(sort="frist"), [3, 1, 5, 2, 4]),  # equal deadlines in the order of the plan, no deadline last
        (Wanted(sort="skred"), [2, 5, 1, 3, 4]),  # nobody knows how far 2 slips
        (Wanted(sort="tilstand"), [3, 1, 2, 5, 4]),
        (Wanted(sort="titel"), [5, 3, 4, 1, 2]),  # Begynd, Zebra, Æ, Ø, Aalborg
        (Wanted(owner="a", sort="skred"), [2, 5, 1]),
    ],
)
def test_what_is_left_and_in_what_order(wanted, keys):
    assert [found.key for found in select(ITEMS, wanted)] == keys
    assert [found.key for found in select(reversed(ITEMS), wanted)] == keys, "the order given does not matter"


def test_an_order_leaves_nothing_out():
    assert not Wanted(sort="titel").chooses
    assert Wanted(goal="g").chooses


words = st.frozensets(st.sampled_from("abc"), max_size=2)
some_items = st.lists(
    st.builds(
        ItemToSelect, st.integers(0, 99), st.integers(0, 99), st.sampled_from(["", *STATES]), st.booleans(),
        words, words, words, words, st.none() | st.dates(date(2019, 1, 1), date(2028, 1, 1)),
        st.none() | st.integers(-8, 20), st.text("abcæøå", max_size=3).map(sort_key),
    ),
    unique_by=lambda found: found.place,
)  # fmt: skip
wish = st.sampled_from(["", "a", "b", NONE, "unknown"])
wishes = st.builds(
    Wanted, wish, st.sampled_from(["", *STATES, UNDATED, NONE]), wish, wish, wish, st.sampled_from(SORTS)
)


@pytest.mark.slow
@given(some_items, wishes)
def test_every_sort_shows_the_same_items_and_the_filter_is_a_conjunction(items, wanted):
    found = select(items, wanted)
    assert len({one.place for one in found}) == len(found)
    alone = [
        Wanted(owner=wanted.owner), Wanted(state=wanted.state), Wanted(track=wanted.track), Wanted(goal=wanted.goal),
        Wanted(cause=wanted.cause),
    ]  # fmt: skip
    places = set.intersection(*({one.place for one in select(items, one_wish)} for one_wish in alone))
    assert {one.place for one in found} == places


@pytest.mark.slow
@given(some_items, st.sampled_from(SORTS))
def test_a_sort_only_turns_the_order(items, sort):
    found = select(items, Wanted(sort=sort))
    assert sorted(one.place for one in found) == sorted(one.place for one in items)
    assert select(found, Wanted(sort=sort)) == found
    assert [one.place for one in select(found, Wanted())] == sorted(one.place for one in items)
