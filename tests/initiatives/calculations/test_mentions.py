"""Colleagues named after an @: the longest name wins, and an address is no mention."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.mentions import find_mentions, labels

NAMES = {1: "Anne", 2: "Anne Holm", 3: "Åse Ø. Bøg", 4: "Sekretær (demo)"}


@pytest.mark.parametrize(
    ("text", "people", "unknown"),
    [
        ("Intet her", (), ()),
        ("@Anne ringer", (1,), ()),
        ("@Anne Holm ringer", (2,), ()),
        ("@Anne\nHolm ringer", (2,), ()),
        ("@Anne Holms plan", (1,), ()),  # not Anne Holm; Anne is whole
        ("@anne holm og @ANNE", (2, 1), ()),
        ("(@Åse Ø. Bøg)", (3,), ()),
        ("Spørg @Sekretær (demo).", (4,), ()),
        ("@Anne @Anne", (1,), ()),
        ("@Annette", (), ("@Annette",)),
        ("skriv til navn@Anne.dk", (), ()),
        ("@@Anne", (), ()),
        ("@Bo. Hej", (), ("@Bo",)),
        ("@ Anne", (), ()),
        ("", (), ()),
    ],
)
def test_who_is_named(text: str, people: tuple[int, ...], unknown: tuple[str, ...]) -> None:
    found = find_mentions(text, NAMES)
    assert (found.people, found.unknown) == (people, unknown)


def test_two_of_one_name_are_told_apart() -> None:
    names = labels([(1, "Bo  Lund", "a@x.dk"), (2, "bo lund", "b@x.dk"), (3, "Eva", "c@x.dk"), (4, "", "d@x.dk")])
    assert names == {1: "Bo Lund (a@x.dk)", 2: "bo lund (b@x.dk)", 3: "Eva", 4: "(d@x.dk)"}
    for key, name in names.items():
        assert find_mentions(f"Hej @{name}!", names).people == (key,)


def test_without_anybody_to_name_every_name_is_unknown() -> None:
    assert find_mentions("@Anne", {}).unknown == ("@Anne",)


WORDS = st.text(st.sampled_from("abAB åØ.()@\n"), max_size=12)


@given(
    people=st.lists(st.tuples(st.text(st.sampled_from("abAB åØ"), max_size=6), st.uuids().map(str)), max_size=4),
    before=WORDS,
    after=WORDS,
)
def test_every_label_is_one_persons_and_is_found(people: list[tuple[str, str]], before: str, after: str) -> None:
    names = labels((key, name, address) for key, (name, address) in enumerate(people))
    assert len({name.casefold() for name in names.values()}) == len(names)
    for key, name in names.items():
        assert find_mentions(f"@{name}", names).people == (key,)
        found = find_mentions(f"{before} @{name} {after}", names)
        assert all(start < end for start, end in found.spans)
        assert set(found.people) <= set(names)
