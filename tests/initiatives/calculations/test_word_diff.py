"""The words compared: whatever is written, both texts can be read out of the pieces."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.word_diff import ADDED, REMOVED, SAME, has_changed, word_diff

WORDS = st.lists(st.sampled_from(["og", "i", "udsat", "2.", "kvartal", "2021", "Genoptages.", "æøå", "–"]), max_size=40)
TEXTS = WORDS.map(" ".join) | st.text(max_size=80)


def shown(old: str, new: str) -> str:
    marks = {SAME: "{}", REMOVED: "[-{}-]", ADDED: "[+{}+]"}
    return " ".join(marks[piece.kind].format(piece.text) for piece in word_diff(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("", "I gang.", "[+I gang.+]"),
        ("I gang.", "", "[-I gang.-]"),
        ("I gang.", "I gang.", "I gang."),
        ("I\n gang.", "I\u00a0gang. ", "I gang."),
        ("Genoptages 2. kvartal 2021.", "Genoptages 4. kvartal 2021.", "Genoptages [-2.-] [+4.+] kvartal 2021."),
        ("Planlagt 2020.", "Planlagt 2020. Udsat.", "Planlagt 2020. [+Udsat.+]"),
        # "og" by itself is no sentence that was kept.
        ("ældre og unge", "børn og voksne", "[-ældre og unge-] [+børn og voksne+]"),
        ("ældre borgere får hjælp og unge", "børn borgere får hjælp og voksne",
         "[-ældre-] [+børn+] borgere får hjælp og [-unge-] [+voksne+]"),
        # At the beginning and the end a small word that stands is left standing.
        ("I gang siden maj", "I drift siden maj", "I [-gang-] [+drift+] siden maj"),
    ],
)  # fmt: skip
def test_table(old: str, new: str, expected: str) -> None:
    assert shown(old, new) == expected


@pytest.mark.slow
@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_out_of_the_pieces(old: str, new: str) -> None:
    pieces = word_diff(old, new)
    assert " ".join(piece.text for piece in pieces if piece.kind != REMOVED) == " ".join(new.split())
    assert " ".join(piece.text for piece in pieces if piece.kind != ADDED) == " ".join(old.split())
    assert all(piece.text for piece in pieces)


@given(TEXTS, TEXTS)
def test_pieces_alternate_and_change_exactly_when_words_do(old: str, new: str) -> None:
    kinds = [piece.kind for piece in word_diff(old, new)]
    assert all(one != next_ for one, next_ in itertools.pairwise(kinds))
    assert (set(kinds) <= {SAME}) == (not has_changed(old, new))
    assert all(kinds[place + 1 : place + 2] != [REMOVED] for place, kind in enumerate(kinds) if kind == ADDED)


@given(WORDS, st.sampled_from([" ", "\n", "\t", "  \n ", "\u00a0"]))
def test_white_space_is_no_change(words: list[str], space: str) -> None:
    assert not has_changed(" ".join(words), space.join(words))


def test_very_long_texts_do_not_keep_the_reader_waiting() -> None:
    old, new = ("a b c d " * 5000) + "slut", ("d c b a " * 5000) + "slut"
    began = time.perf_counter()
    pieces = word_diff(old, new)
    assert time.perf_counter() - began < 20  # a comparison of every word with every other takes minutes
    assert pieces[-1].text == "slut"
