"""What the grid takes from the reader without asking."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.status_reader import read_status
from initiatives.calculations.sure_reading import (
    DATE_GUESSED,
    DATE_UNREADABLE,
    NO_CAUSE,
    NO_STATE,
    STATE_GUESSED,
    Taken,
    take,
)

TODAY = date(2026, 11, 25)


def taken(text: str, **chosen: str) -> Taken:
    return take(read_status(text, today=TODAY), **chosen)


@pytest.mark.parametrize(
    ("text", "state", "due", "cause", "no_date"),
    [
        ("I gang på alle afdelinger.", "in_progress", "", "", False),
        ("Afsluttet.", "completed", "", "", False),
        ("Udsat pga. COVID-19. Genoptages 2. kvartal 2027.", "postponed", "2. kvartal 2027", "covid_19", False),
        ("Sat på standby pga. COVID-19.", "on_hold", "", "covid_19", True),
    ],
)
def test_what_is_sure_is_taken(text: str, state: str, due: str, cause: str, no_date: bool) -> None:
    found = taken(text)
    assert (found.state, found.due, found.cause, found.no_date) == (state, due, cause, no_date)
    assert found.unsure == {}


@pytest.mark.parametrize(
    ("text", "field", "why"),
    [
        ("Det går godt.", "state", NO_STATE),
        ("Forventes færdig i 2027.", "state", STATE_GUESSED),
        ("Udsat til foråret pga. bemanding.", "due", DATE_GUESSED),
        ("Udsat pga. bemanding. Genoptages 5. kvartal 2027.", "due", DATE_UNREADABLE),
        ("Udsat. Genoptages 2. kvartal 2027.", "cause", NO_CAUSE),
    ],
)
def test_what_is_not_sure_is_asked_for(text: str, field: str, why: str) -> None:
    assert taken(text).unsure == {field: why}


def test_what_a_person_chose_stands_and_is_not_asked_for() -> None:
    found = taken("Det går godt.", state="in_progress")
    assert (found.state, found.unsure) == ("in_progress", {})
    found = taken("Udsat til foråret.", due="2. kvartal 2027", cause="staffing", state="delayed")
    assert (found.state, found.due, found.cause, found.unsure) == ("delayed", "2. kvartal 2027", "staffing", {})


@given(st.text(max_size=120))
def test_it_never_raises_and_never_takes_a_date_that_is_not_in_the_words(text: str) -> None:
    found = taken(text)
    for words in (found.due, found.planned, found.started, found.since):
        assert words in text
    assert found.state or "state" in found.unsure
