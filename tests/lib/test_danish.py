"""The Danish alphabet, numbers and dates."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.lib import danish

NAMES_IN_ORDER = [
    "Albertslund", "Ballerup", "Favrskov", "Frederiksberg", "Faaborg-Midtfyn", "Fåborg Z", "Hedensted", "Horsens",
    "Høje-Taastrup", "Hørsholm", "Spor 1", "Spor 2", "Spor 10", "Vejen", "Zebra", "Æbelø", "Ærø", "Øst", "Aabenraa",
    "Aalborg", "Århus",
]  # fmt: skip


def test_danish_letters_come_last_and_double_a_is_one_of_them():
    shuffled = NAMES_IN_ORDER[1::2] + NAMES_IN_ORDER[::2]
    assert sorted(shuffled, key=danish.sort_key) == NAMES_IN_ORDER


@pytest.mark.parametrize(
    ("one", "other"), [("Aarhus", "Århus"), ("ærø", "ÆRØ"), ("Køge", "KØGE"), ("Idé", "Ide"), ("A\u0308rø", "Ærø")]
)
def test_same_key(one, other):
    assert danish.sort_key(one) == danish.sort_key(other)


def test_a_word_comes_before_longer_words_that_begin_with_it():
    names = ["Region Sjælland", "Region", "Regionen"]
    assert sorted(names, key=danish.sort_key) == ["Region", "Region Sjælland", "Regionen"]


@given(st.text(max_size=50))
def test_the_key_is_plain_ascii_and_stable(name):
    key = danish.sort_key(name)
    assert key.isascii()
    assert key == key.strip()
    assert key == danish.sort_key(name)


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_numbers_in_names_sort_by_size(one, other):
    keys = danish.sort_key(f"Spor {one}"), danish.sort_key(f"Spor {other}")
    assert (keys[0] < keys[1]) == (one < other)


@pytest.mark.parametrize(
    ("value", "decimals", "da", "en"),
    [
        (Decimal("1234.5"), 1, "1.234,5", "1,234.5"),
        (Decimal("-0.5"), 1, "\u22120,5", "\u22120.5"),
        (0, 0, "0", "0"),
        (2032, 0, "2.032", "2,032"),
        (Decimal("48"), 1, "48,0", "48.0"),
        (Decimal("2.5"), 0, "3", "3"),
        (Decimal("-2.5"), 0, "\u22123", "\u22123"),
        (Decimal("-0.04"), 1, "0,0", "0.0"),
        (Decimal("0.05"), 1, "0,1", "0.1"),
        (1.005, 2, "1,01", "1.01"),
        (Decimal("1e6"), 0, "1.000.000", "1,000,000"),
        (Decimal("123456789012345678901234567890.125"), 2,
         "123.456.789.012.345.678.901.234.567.890,13", "123,456,789,012,345,678,901,234,567,890.13"),
        (None, 1, "", ""),
    ],
)  # fmt: skip
def test_numbers(value, decimals, da, en):
    assert danish.format_number(value, decimals) == da
    assert danish.format_number(value, decimals, "en-gb") == en


@pytest.mark.parametrize("value", [Decimal("NaN"), float("inf")])
def test_only_numbers_are_printed(value):
    with pytest.raises(ValueError, match="finite"):
        danish.format_number(value, 1)


@pytest.mark.parametrize(
    ("value", "da", "en"),
    [
        (Decimal("3.6"), "+3,6\u00a0pct.", "+3.6\u00a0pct."),
        (Decimal("-3.64"), "\u22123,6\u00a0pct.", "\u22123.6\u00a0pct."),
        (Decimal("0.04"), "0,0\u00a0pct.", "0.0\u00a0pct."),
        (Decimal("-0.04"), "0,0\u00a0pct.", "0.0\u00a0pct."),
        (0, "0,0\u00a0pct.", "0.0\u00a0pct."),
        (None, "", ""),
    ],
)
def test_changes(value, da, en):
    assert danish.format_signed_pct(value) == da
    assert danish.format_signed_pct(value, language="en") == en


def test_dates():
    assert danish.format_date(date(2020, 11, 5)) == "5.\u00a0november 2020"
    assert danish.format_date(date(2020, 11, 5), "en") == "5\u00a0November 2020"
    assert danish.format_date(None) == ""
    assert danish.format_weekday(date(2020, 11, 5)) == "torsdag 5.\u00a0november 2020"
    assert danish.format_weekday(date(2020, 11, 8), "en") == "Sunday 8\u00a0November 2020"


@pytest.mark.parametrize(
    ("number", "da", "en"), [(0, "nul", "zero"), (1, "én", "one"), (12, "tolv", "twelve"), (13, "13", "13"),
                             (1372, "1.372", "1,372"), (-1, "\u22121", "\u22121")]
)  # fmt: skip
def test_number_words(number, da, en):
    assert danish.number_word(number) == da
    assert danish.number_word(number, "en") == en


def test_one_has_two_genders():
    assert danish.number_word(1, neuter=True) == "ét"
    assert danish.number_word(1, "en", neuter=True) == "one"


@pytest.mark.parametrize(
    ("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")]
)
def test_joined_words(words, text):
    assert danish.join_words(words) == text
    assert danish.join_words(words, "en") == text.replace(" og ", " and ")


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("1.234,5", ",", "1234.5"), ("1234,5", ",", "1234.5"), ("2.032", ",", "2032"), ("2.032", ".", "2.032"),
        ("\u22123,5", ",", "-3.5"), ("+3,5", ",", "3.5"), (" 12 ", ",", "12"), ("1\u00a0234,5", ",", "1234.5"),
        ("1,234.5", ".", "1234.5"), ("0,0", ",", "0.0"), ("27.1", ".", "27.1"),
    ],
)  # fmt: skip
def test_reading_numbers(text, mark, value):
    assert danish.parse_decimal(text, mark) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "mark", "reason"),
    [
        ("", ",", "empty"), ("  ", ",", "empty"), ("27.1", ",", "wrong_mark"), ("27,1", ".", "wrong_mark"),
        ("1,2,3", ",", "not_a_number"), ("12a", ",", "not_a_number"), ("NaN", ",", "not_a_number"),
        ("1e5", ",", "not_a_number"), ("1_000", ",", "not_a_number"), ("12.34.567", ",", "not_a_number"),
        ("5 pct.", ",", "not_a_number"), ("\u0661\u0662", ",", "not_a_number"), ("1" * 41, ",", "too_long"),
        (",5", ",", "not_a_number"), ("5,", ",", "not_a_number"), ("- 5", ",", "not_a_number"),
    ],
)  # fmt: skip
def test_numbers_refused(text, mark, reason):
    with pytest.raises(danish.NumberError) as error:
        danish.parse_decimal(text, mark)
    assert error.value.reason_code == reason


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3), st.sampled_from(["da", "en"]))
def test_printed_numbers_read_back(value, language):
    printed = danish.format_number(value, 3, language)
    assert danish.parse_decimal(printed, "." if language == "en" else ",") == value


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HORSSENS", "Horsens"), ("ODSHERRERED", "Odsherred"), ("Århus", "Aarhus"), ("aarhus kommune", "Aarhus"),
        ("Kobenhavn", "København"), ("Nordfyns", "Nordfyn"), ("Hoeje Taastrup", "Høje-Taastrup"),
    ],
)  # fmt: skip
def test_did_you_mean(name, expected):
    names = ["Horsens", "Odsherred", "Aarhus", "København", "Nordfyn", "Høje-Taastrup", "Randers", "Vejle"]
    assert danish.nearest(name, names)[0] == expected


def test_nothing_is_near_nonsense():
    assert danish.nearest("xyzzy", ["Horsens", "Vejle"]) == []
    assert danish.nearest("", ["Horsens"]) == []
    assert danish.nearest("!!", ["Horsens"]) == []


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=8), st.integers(1, 5))
def test_suggestions_come_from_the_candidates(name, candidates, n):
    suggestions = danish.nearest(name, candidates, n)
    assert len(suggestions) <= n
    assert set(suggestions) <= set(candidates)
