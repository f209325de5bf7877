"""The quick first look at a text's words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.lib.words import finder, lowered


def found(pattern, text):
    return [match.start() for match in pattern.finditer(lowered(text).words)]


@given(st.text())
def test_every_place_is_that_of_the_text(text):
    low = lowered(text)
    assert len(low.small) == len(text)
    assert len(low.words) == len(text) + 2
    assert low.small == "".join(c.lower() if len(c.lower()) == 1 else c for c in text) or low.small == text.lower()


@given(st.text(st.characters(max_codepoint=255)))
def test_letters_of_latin_1_are_made_small_as_python_makes_them(text):
    assert lowered(text).small == text.lower()
    assert lowered(text).is_latin


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Igang og IGANGSAT", [0, 9]),  # "igang*" and everything that begins so
        ("i gang, i\nkraft", [8]),  # "i" only before "kraft"
        ("ikke", [0]),  # and not "i"
        ("uge, uge34 og ugentlig", [0, 5]),  # "uge#"
        ("2021k2 v2", [0]),  # numbers, but not inside a word
        ("(årets ende)", [1]),
        ("Ωikke", [1]),  # letters from abroad count as blanks: the close look tells
        ("", []),
    ],
)
def test_words_are_found_where_they_begin(text, places):
    assert found(finder({"igang*", "i", "ikke", "uge#", "årets"}, {"i": "kraft"}), text) == places
