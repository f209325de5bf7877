"""CPR numbers are found however they are dressed, and other numbers are left alone."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.lib.cpr import REFUSE, WARN, find_cpr

# Constructed numbers: 1 January is the date used for tests of the register's format, no person is meant.
REFUSED = [
    "010190-1234",
    "010190 1234",
    "010190\u00a01234",
    "010190.1234",
    "010190\u20101234",
    "010190\u20111234",
    "010190\u20131234",
    "010190\u20141234",
    "010190\u22121234",
    "010190\ufe631234",
    "010190\u00ad1234",
    "010190 - 1234",
    "010190-\n1234",
    "010190  1234",
    "010190\t1234",
    "01\u200b0190-1\u200d234",
    "\u2060010190\ufeff-1234",
    "0101901234",
    "290200-1234",
    "311299-1234",
    "\u0660\u0661\u0660\u0661\u0669\u0660-\u0661\u0662\u0663\u0664",
    "\uff10\uff11\uff10\uff11\uff19\uff10\uff11\uff12\uff13\uff14",
    "1506751248",
    "010190\u00b71234",
    "patient_010190-1234.docx",
    "cpr010190-1234",
    "(010190-1234)",
    "CPR-010190-1234",
]
WARNED = ["3112991234", "1506751249", "P-nummer 1506751249."]
LEFT_ALONE = [
    "",
    "1-01-72-30-17",
    "2024 - 15159",
    "4138660",
    "5798000362055",
    "5.11.2020",
    "12345678",
    "+45 12 34 56 78",
    "12 34 56 78",
    "310299-1234",
    "290201-1234",
    "320190-1234",
    "011390-1234",
    "000190-1234",
    "010190-123",
    "010190-12345",
    "1010190-1234",
    "010190-1234-5",
    "1-010190-1234",
    "20101901234",
    "010190\n1234",
    "9912312345",
    "2. kvartal 2021",
    "DK50 0040 0440 1162 43",
]


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text):
    assert [hit.kind for hit in find_cpr(f"Ring til {text} i dag")] == [REFUSE]


@pytest.mark.parametrize("text", WARNED)
def test_ten_digits_that_may_be_something_else_are_a_warning(text):
    assert [hit.kind for hit in find_cpr(text)] == [WARN]


@pytest.mark.parametrize("text", LEFT_ALONE)
def test_left_alone(text):
    assert find_cpr(text) == []
    assert find_cpr(f"Se {text} her") == []


def test_places_are_in_the_text_as_given():
    text = "før \u200b010190\u200b-1234 og 311299-1234 efter"
    hits = find_cpr(text)
    assert [text[hit.start : hit.end] for hit in hits] == ["010190\u200b-1234", "311299-1234"]


def test_neighbours_are_both_found():
    assert len(find_cpr("010190-1234, 010190-1235")) == 2
    assert len(find_cpr("010190-1234 010190-1235")) == 2


def test_the_digits_are_not_in_the_repr():
    (hit,) = find_cpr("x" * 7 + "010190-1234")
    assert "010190" not in repr(hit)
    assert "1234" not in repr(hit)


days = st.dates()


@given(days, st.from_regex(r"\d{4}", fullmatch=True), st.sampled_from("- .\u00a0\u2013\u2212"))
def test_every_date_with_a_separator_is_refused(day, serial, separator):
    serial = "".join(str(int(digit)) for digit in serial)
    text = f"{day:%d%m%y}{separator}{serial}"
    # The century is not in the number: 29 February stands when the two digits divide by four.
    assert [hit.kind for hit in find_cpr(text)] == [REFUSE] or day.strftime("%d%m") == "2902"


@given(st.text())
def test_any_text_can_be_looked_through(text):
    for hit in find_cpr(text):
        assert 0 <= hit.start < hit.end <= len(text)
        assert hit.kind in (REFUSE, WARN)


@given(st.text(alphabet="0123456789-. \u200b\u00adx", max_size=40))
def test_agrees_with_a_plain_reading_of_the_rule(text):
    plain = re.sub("[\u200b\u00ad]", "", text)
    expected = re.search(r"(?<!\d)(?<!\d-)\d{6}[- .]\d{4}(?!\d)(?!-\d)", plain)
    if expected and 1 <= int(expected[0][2:4]) <= 12 and 1 <= int(expected[0][:2]) <= 28:
        assert any(hit.kind == REFUSE for hit in find_cpr(text))


@given(days, st.integers(0, 999))
def test_ten_digits_are_refused_exactly_when_the_check_holds(day, serial):
    """The last digit runs through all ten: at most one of them makes a number with a valid check digit."""
    weights = (4, 3, 2, 7, 6, 5, 4, 3, 2)
    nine = f"{day:%d%m%y}{serial:03d}"
    rest = sum(weight * int(digit) for weight, digit in zip(weights, nine, strict=True)) % 11
    for last in range(10):
        kinds = [hit.kind for hit in find_cpr(f"{nine}{last}")]
        is_first_of_january = nine.startswith("0101")
        if day.strftime("%d%m") != "2902":
            assert kinds == [REFUSE if is_first_of_january or (rest + last) % 11 == 0 else WARN]
