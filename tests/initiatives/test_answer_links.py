"""The link in a mail: what it says, how it ends, and that nobody else can make one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from django.core import signing
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from initiatives.answer_links import (
    LIFE,
    PURPOSE,
    SALT,
    BrokenLink,
    address_stamp,
    answer_token,
    answer_url,
    read_token,
)
from initiatives.models import ActionItem, Meeting
from sundhedsaftale.models import User

PERSON = User(pk=7, email="Ejer@Example.dk")
ITEM = ActionItem(pk=11)
MINUTE = timedelta(minutes=1)


def token(**changes: Any) -> str:
    return answer_token(**{"person": PERSON, "item": ITEM, "sequence": 3, **changes})


def test_a_link_says_who_answers_what() -> None:
    link = read_token(token(meeting=Meeting(pk=5)))
    assert (link.person_id, link.item_id, link.sequence, link.meeting_id, link.expired) == (7, 11, 3, 5, False)
    assert link.address == address_stamp("ejer@example.dk")
    assert read_token(token()).meeting_id is None


def test_the_address_is_whole_and_fits_a_mail(settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.dk"
    url = answer_url(person=PERSON, item=ITEM, sequence=3)
    assert url.startswith("https://tracker.example.dk/svar/")
    assert url.endswith("/")  # so that a link cut short is noticed, and no mail program drops its last letter
    assert len(url) < 200
    assert set(url.split("/svar/")[1]) <= set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./"
    )  # nothing a mail program would break, encode or leave out
    assert "example" not in url.split("/svar/")[1].lower()


@pytest.mark.parametrize(
    ("age", "expired"),
    [(timedelta(), False), (LIFE - timedelta(minutes=1), False), (LIFE + timedelta(minutes=1), True)],
)
def test_it_lasts_thirty_days(age: timedelta, expired: bool) -> None:
    now = signing.time.time()
    with mock.patch.object(signing.time, "time", return_value=now - age.total_seconds()):
        old = token()
    assert read_token(old).expired is expired
    assert LIFE == timedelta(days=30)


@given(st.data())
def test_a_changed_letter_breaks_it(data: st.DataObject) -> None:
    good = token()
    place = data.draw(st.integers(0, len(good) - 2))  # the last letter of a signature holds spare bits
    letter = data.draw(st.sampled_from("abcXYZ019-_."))
    changed = good[:place] + letter + good[place + 1 :]
    if changed == good:
        return
    with pytest.raises(BrokenLink):
        read_token(changed)


@pytest.mark.parametrize("rubbish", ["", "x", ".", "..", "a.b.c", "æøå", "e" * 5000, "eyJ1IjoiYW5zd2VyIn0", "%00"])
def test_rubbish_is_a_broken_link_and_never_an_error(rubbish: str) -> None:
    with pytest.raises(BrokenLink):
        read_token(rubbish)


def test_another_signature_of_ours_is_no_link() -> None:
    words = {"u": PURPOSE, "p": 7, "i": 11, "s": 3, "a": address_stamp(PERSON.email)}
    assert read_token(signing.TimestampSigner(sep=".", salt=SALT).sign_object(words)).person_id == 7
    for salt, changed in (("other", words), (SALT, {**words, "u": "reset"})):
        with pytest.raises(BrokenLink):
            read_token(signing.TimestampSigner(sep=".", salt=salt).sign_object(changed))


def test_the_routes_take_the_token_as_it_is() -> None:
    assert reverse("answer", args=[token()]).count("/") == 3
