"""Which row of a newer file is which item: by key, by title, and as a guess by number and likeness."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.plan_draft import DraftItem
from initiatives.calculations.plan_matching import BY_KEY, BY_TITLE, SIMILAR, ExistingItem, Match, match_items, plain


def row(title: str, number: int = 1, section: str = "", key: str = "") -> DraftItem:
    return DraftItem(number=number, title=title, section=section, key=key)


def item(key: str, title: str, number: int = 1, section: str = "") -> ExistingItem:
    return ExistingItem(key=key, number=number, title=title, section=section)


def pairs(rows: list[DraftItem], items: list[ExistingItem]) -> dict[int, tuple[str, str]]:
    return {place: (match.key, match.how) for place, match in match_items(rows, items).items()}


def test_the_key_wins_over_the_title() -> None:
    rows = [row("Etik og data", key="b"), row("Akutteams")]
    assert pairs(rows, [item("a", "Etik og data"), item("b", "Akutteams", 2)]) == {0: ("b", BY_KEY)}


@pytest.mark.parametrize(
    "title",
    ["Etik og data", "ETIK og data.", "Etik\nog  data", "Etik og da\u00adta", "»Etik og data«", "Etik – og data"],
)
def test_a_title_is_the_same_whatever_the_layout_did_to_it(title: str) -> None:
    assert pairs([row(title, 9)], [item("a", "Etik og data")]) == {0: ("a", BY_TITLE)}


def test_under_the_same_heading_first() -> None:
    rows = [row("Fælles akutteams", 1, "Spor B"), row("Fælles akutteams", 2, "Spor A")]
    items = [item("a", "Fælles akutteams", 1, "Spor A"), item("b", "Fælles akutteams", 2, "Spor B")]
    assert pairs(rows, items) == {0: ("b", BY_TITLE), 1: ("a", BY_TITLE)}


def test_of_two_with_one_title_the_numbers_decide() -> None:
    rows = [row("Opfølgning", 2), row("Opfølgning", 1)]
    items = [item("a", "Opfølgning", 1), item("b", "Opfølgning", 2)]
    assert pairs(rows, items) == {0: ("b", BY_TITLE), 1: ("a", BY_TITLE)}


def test_one_item_for_one_row() -> None:
    found = pairs([row("Opfølgning", 1), row("Opfølgning", 2)], [item("a", "Opfølgning", 1)])
    assert found == {0: ("a", BY_TITLE)}


def test_alike_is_only_a_guess() -> None:
    rows = [row("Fælles tværsektorielle akutteams", 7)]
    items = [item("a", "Fælles akutteams", 7), item("b", "Etik og data", 8)]
    found = match_items(rows, items)
    assert found[0].key == "a"
    assert found[0].how == SIMILAR
    assert found[0].is_guess
    assert found[0].ratio < 1


@pytest.mark.parametrize(
    ("title", "number", "matched"),
    [
        ("Fælles sundhedsvisitationer i klyngerne", 3, True),  # same number, most letters the same
        ("Fælles sundhedsvisitation", 9, True),  # another number, nearly every letter the same
        ("Fælles sundhedsvisitationer for alle borgere i regionen", 9, False),  # another number, only alike
        ("Noget helt andet om hjemmepleje", 3, False),  # the number alone says nothing
    ],
)
def test_how_alike_is_alike(title: str, number: int, matched: bool) -> None:
    found = match_items([row(title, number)], [item("a", "Fælles sundhedsvisitationer", 3)])
    assert (0 in found) is matched


def test_the_most_alike_takes_it() -> None:
    rows = [row("Fælles akutteam i hele regionen", 1), row("Fælles akutteam", 1)]
    assert pairs(rows, [item("a", "Fælles akutteams", 1)]) == {1: ("a", SIMILAR)}


def test_an_empty_title_matches_nothing() -> None:
    assert match_items([row("", 1), row("  ", 2)], [item("a", "", 1), item("b", "Etik", 2)]) == {}


titles = st.sampled_from(
    ["Etik og data", "Etik og data ", "etik og data", "Akutteams", "Fælles akutteams", "", "Ø", "–"]
)
drafts = st.lists(
    st.builds(row, titles, st.integers(1, 4), st.sampled_from(["", "A", "B"]), st.sampled_from(["", "k0", "k1", "k2"])),
    max_size=6,
)
plans = st.lists(st.tuples(titles, st.integers(1, 4), st.sampled_from(["", "A", "B"])), max_size=5).map(
    lambda rows: [item(f"k{n}", *one) for n, one in enumerate(rows)]
)


@given(drafts, plans)
def test_each_row_and_each_item_at_most_once(rows: list[DraftItem], items: list[ExistingItem]) -> None:
    found = match_items(rows, items)
    keys = [match.key for match in found.values()]
    assert len(keys) == len(set(keys))
    assert set(keys) <= {one.key for one in items}
    assert set(found) <= set(range(len(rows)))


@given(plans)
def test_a_plan_is_matched_with_itself(items: list[ExistingItem]) -> None:
    rows = [DraftItem(number=one.number, title=one.title, section=one.section, key=one.key) for one in items]
    assert match_items(rows, items) == {n: Match(one.key, BY_KEY) for n, one in enumerate(items)}


def test_plain_takes_away_layout_and_nothing_else() -> None:
    assert plain(" Sundheds\u00adkoordinations-\n udvalg ") == "Sundhedskoordinations- udvalg"
