"""The sentence under the text field names all that was read, in Danish and in English."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import translation

from initiatives.calculations import status_reading
from initiatives.calculations.status_reader import read_status
from initiatives.presenters.marked_words import Piece, pieces_of
from initiatives.presenters.reading_sentence import reading_pieces, reading_sentence

TODAY = date(2020, 11, 5)

SENTENCES = [
    ("I gang.", "in progress"),
    ("Planlagt til 1. halvår 2025.", "planned, promised for first half of 2025"),
    ("Udsat fra 2. kvartal 2020 til 2. kvartal 2021.",
     "postponed, promised for Q2 2020, resumes Q2 2021"),
    ("Forsinket. Igangsat i 3. kvartal 2020, ny frist 1. maj 2021. Forsinket.",
     "delayed, started Q3 2020, new date 1 May 2021"),
    ("Sat på standby siden marts 2020.", "on hold, since March 2020, without a new date"),
    ("Afsluttet pr. 1. april 2024.", "completed, since 1 April 2024"),
    ("Genoptages.", "no state, promised without a date"),
    ("Udsat til foråret.", "postponed, resumes spring 2020, the year is assumed"),
    ("Udsat til 31. februar 2021.", "postponed, »31. februar 2021« cannot be read as a date"),
    ("I gang. Temadrøftelse planlagt til 20. november 2020.",
     "in progress, milestone »Temadrøftelse planlagt« 20 November 2020"),
    ("I gang. To spor. Der nedsættes en gruppe.", "in progress, several sub-tracks, a group is to be set up"),
    ("Afventer national sundhedsreform.", "on hold, cause X, without a new date, awaits a reform"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), SENTENCES)
def test_the_sentence(text: str, expected: str) -> None:
    reading = read_status(text, today=TODAY)
    with translation.override("en"):
        said = reading_sentence(reading, "X" if reading.cause else "").replace("\u00a0", " ")
    assert said == f"Read as: {expected} – is that right?"


def test_every_flag_is_said() -> None:
    """A new flag of the reader must have words here."""
    unsaid = set()
    with translation.override("en"):
        bare = reading_sentence(status_reading.StatusReading(), "")
        for flag in status_reading.FLAGS:
            if reading_sentence(status_reading.StatusReading(flags=(flag,)), "") == bare:
                unsaid.add(flag)
    # The sentence begins with "no state", and names each date that cannot be read.
    assert unsaid == {status_reading.NO_STATE, status_reading.UNREADABLE_PERIOD}


def test_the_marked_words_are_the_text() -> None:
    text = "Udsat pga. COVID-19. Genoptages i 2. kvartal 2021, se 5. kvartal 2022."
    pieces = reading_pieces(text, read_status(text))
    assert "".join(piece.text for piece in pieces) == text
    assert [piece.text for piece in pieces if piece.mark == "sure"] == ["Udsat", "COVID-19", "2. kvartal 2021"]
    assert [piece.text for piece in pieces if piece.mark == "guess"] == ["5. kvartal 2022"]


def test_where_two_answers_share_words_the_first_is_marked() -> None:
    assert pieces_of("abcdef", [(2, 5, "guess"), (1, 4, "sure"), (5, 9, "sure"), (3, 3, "sure")]) == (
        Piece("a"),
        Piece("bcd", "sure"),
        Piece("ef"),
    )
