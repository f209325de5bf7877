"""The day and the division a page is looked at with, as they stand in an address."""

from __future__ import annotations

import contextlib
from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.lib.viewed import DAY, DIVISION, NOW, THEN, Viewed, ViewedError, read_day, read_viewed

TODAY = date(2026, 11, 26)


def test_nothing_asked_for_is_today_and_the_present_division() -> None:
    look = read_viewed({}, today=TODAY)
    assert (look.day, look.is_other_day, look.then, look.query()) == (TODAY, False, False, "")


@pytest.mark.parametrize("text", ["2020-11-05", "2020-11-5", "5.11.2020", "05/11-2020", " 2020-11-05 "])
def test_a_day_is_read(text: str) -> None:
    look = read_viewed({"dato": text, "omraade": "791"}, today=TODAY)
    assert look.day == date(2020, 11, 5)
    assert look.query(omraade="791") == "?omraade=791&dato=2020-11-05"
    assert look.today_query == "?omraade=791"


@pytest.mark.parametrize(
    "text",
    ["hej", "2020-02-31", "2020-13-01", "20201105", "2020-W45-4", "31.02.2020", "0000-01-01", "٢٠٢٠-11-05", "2020"],
)
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ViewedError) as refused:
        read_viewed({"dato": text}, today=TODAY)
    assert refused.value.field == DAY


def test_an_unknown_division_is_refused() -> None:
    with pytest.raises(ViewedError) as refused:
        read_viewed({"inddeling": "gammel"}, today=TODAY)
    assert refused.value.field == DIVISION


def test_today_written_out_is_today() -> None:
    assert not read_viewed({"dato": TODAY.isoformat()}, today=TODAY).is_other_day


def test_the_division_can_be_changed_and_the_day_stays() -> None:
    look = read_viewed({"dato": "2020-11-05", "inddeling": THEN, "vis": "x"}, today=TODAY)
    assert look.then
    assert look.with_division(NOW) == "?dato=2020-11-05&vis=x"
    assert look.with_division(THEN) == "?dato=2020-11-05&vis=x&inddeling=davaerende"


def test_a_way_back_is_never_an_empty_link() -> None:
    assert read_viewed({"dato": "2020-11-05"}, today=TODAY).today_query == "?"


@given(st.dates(), st.sampled_from([NOW, THEN]))
def test_what_a_link_carries_is_read_back_as_the_same(day: date, division: str) -> None:
    look = Viewed(day, TODAY, division)
    again = read_viewed(dict(parse_qsl(look.query().removeprefix("?"))), today=TODAY)
    assert (again.day, again.division) == (day, division)


@given(st.text(max_size=12))
def test_no_text_does_anything_but_be_a_day_or_be_refused(text: str) -> None:
    with contextlib.suppress(ViewedError):
        assert isinstance(read_day(text), date)
