"""Canonical JSON: one text for one content, whatever the order, the database, the time zone or the language."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.canonical import NotCanonicalError, canonical_json, sha256_of
from initiatives.models import State

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**13), max_value=10**13)
PLAIN = st.none() | st.booleans() | st.integers() | TEXTS | st.dates() | DECIMALS
FIRST, LAST = datetime(2, 1, 1), datetime(9998, 1, 1)  # noqa: DTZ001
MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=FIRST, max_value=LAST)
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS.map(lambda key: unicodedata.normalize("NFC", key)), inner),
)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (1, "1"),
        ("Når æ, ø og å", '"Når æ, ø og å"'),
        ("A\u030angstro\u0308m", '"Ångström"'),
        ('"\\\n', '"\\"\\\\\\n"'),
        (Decimal("11.500000"), '"11.5"'),
        (Decimal("0E-6"), '"0"'),
        (Decimal("-0.0"), '"0"'),
        (Decimal("1E+3"), '"1000"'),
        (Decimal("100"), '"100"'),
        (Decimal("-2032.000000"), '"-2032"'),
        (date(2020, 11, 5), '"2020-11-05"'),
        (datetime(2020, 11, 5, 8, tzinfo=UTC), '"2020-11-05T08:00:00.000000Z"'),
        (datetime(2020, 11, 5, 9, 0, 0, 7, tzinfo=timezone(timedelta(hours=1))), '"2020-11-05T08:00:00.000007Z"'),
        ({"b": 1, "a": [], "å": {}}, '{"a":[],"b":1,"å":{}}'),
        ((1, (2,)), "[1,[2]]"),
        (State.POSTPONED, '"postponed"'),
        (mark_safe("<b>"), '"<b>"'),
    ],
)
def test_the_form(value: Any, text: str) -> None:
    assert canonical_json(value) == text
    assert sha256_of(value) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "value",
    [1.0, float("nan"), Decimal("NaN"), Decimal("Infinity"), datetime(2020, 11, 5), {1: 2}, {1}, b"x", object()],  # noqa: DTZ001
)
def test_what_has_no_form_is_refused(value: Any) -> None:
    with pytest.raises(NotCanonicalError):
        canonical_json({"in": [value]})


def test_two_keys_that_are_one_letter_are_refused() -> None:
    with pytest.raises(NotCanonicalError, match="two keys"):
        canonical_json({"å": 1, "a\u030a": 2})


@given(VALUES)
def test_it_is_json_and_the_same_every_time(value: Any) -> None:
    text = canonical_json(value)
    assert canonical_json(json.loads(text)) == text


@given(st.dictionaries(TEXTS, st.integers(), max_size=6), st.randoms())
def test_the_order_of_keys_makes_no_difference(value: dict[str, int], random: Any) -> None:
    keys = list({unicodedata.normalize("NFC", key): key for key in value}.values())
    shuffled = random.sample(keys, len(keys))
    assert sha256_of({key: value[key] for key in keys}) == sha256_of({key: value[key] for key in shuffled})


@given(TEXTS)
def test_how_a_letter_is_composed_makes_no_difference(text: str) -> None:
    assert sha256_of(unicodedata.normalize("NFD", text)) == sha256_of(unicodedata.normalize("NFC", text))


@given(MOMENTS, st.integers(-14, 14))
def test_the_time_zone_makes_no_difference(moment: datetime, hours: int) -> None:
    assert sha256_of(moment) == sha256_of(moment.astimezone(timezone(timedelta(hours=hours))))


@given(DECIMALS, st.integers(0, 6))
def test_how_many_zeros_a_database_adds_makes_no_difference(value: Decimal, zeros: int) -> None:
    assert sha256_of(value) == sha256_of(Decimal(f"{value:f}" + "0" * zeros if "." in f"{value:f}" else f"{value:f}"))


@given(VALUES, VALUES)
def test_different_contents_are_different_texts(one: Any, other: Any) -> None:
    """A day and its text are one; otherwise what differs as JSON differs here."""
    if canonical_json(one) == canonical_json(other):
        assert json.loads(canonical_json(one)) == json.loads(canonical_json(other))
    else:
        assert sha256_of(one) != sha256_of(other)
