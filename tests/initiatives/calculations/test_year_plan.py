"""A year's meetings as they are pasted: good lines, bad lines, and the line each error stands on."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.year_plan import (
    CASE_TOO_LONG,
    MOST_LINES,
    NOT_A_DAY,
    TITLE_TOO_LONG,
    TOO_MANY_COLUMNS,
    TWICE,
    YEAR_MISSING,
    YearRow,
    read_year_plan,
)

TODAY = date(2026, 11, 25)


def test_dates_in_every_shape_people_paste() -> None:
    text = "4. februar 2027\n\n15.4.2027\r\ntorsdag den 3. juni 2027\n2027-09-02\n11/11-2027\n"
    plan = read_year_plan(text, today=TODAY)
    assert plan.errors == ()
    assert [(row.line, row.day.isoformat()) for row in plan.rows] == [
        (1, "2027-02-04"), (3, "2027-04-15"), (4, "2027-06-03"), (5, "2027-09-02"), (6, "2027-11-11"),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_small_table_with_headings(mark: str) -> None:
    rows = [("Dato", "Titel", "Sagsnr"), ("4. februar 2027", "Temamøde", "1-30-72-27"), ("15.4.2027", "", "")]
    plan = read_year_plan("\ufeff" + "\n".join(mark.join(row) for row in rows), today=TODAY)
    assert plan.rows == (YearRow(2, date(2027, 2, 4), "Temamøde", "1-30-72-27"), YearRow(3, date(2027, 4, 15)))


def test_a_quoted_title_may_hold_the_mark() -> None:
    (row,) = read_year_plan('4. februar 2027;"Tema; og frokost"', today=TODAY).rows
    assert row.title == "Tema; og frokost"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("31. februar 2027", "day_not_in_month"),
        ("5. kvartal 2027", "quarter_out_of_range"),
        ("2. kvartal 2027", NOT_A_DAY),
        ("februar 2027", NOT_A_DAY),
        ("4. februar", YEAR_MISSING),
        ("snart", "not_understood"),
        ("4. februar 2027;a;b;c", TOO_MANY_COLUMNS),
        (f"4. februar 2027;{'x' * 201}", TITLE_TOO_LONG),
        (f"4. februar 2027;x;{'9' * 61}", CASE_TOO_LONG),
    ],
)
def test_a_bad_line_is_named_by_its_number(line: str, reason: str) -> None:
    plan = read_year_plan(f"1. juni 2027\n\n{line}\n2. juni 2027", today=TODAY)
    assert [(error.line, error.reason) for error in plan.errors] == [(3, reason)]
    assert len(plan.rows) == 2


def test_the_same_day_twice_is_an_error_on_the_second_line() -> None:
    plan = read_year_plan("1. juni 2027\n1.6.2027", today=TODAY)
    assert [(error.line, error.reason) for error in plan.errors] == [(2, TWICE)]


def test_nothing_and_too_much() -> None:
    assert read_year_plan(" \n\n", today=TODAY).is_empty
    assert read_year_plan("Dato;Titel", today=TODAY).is_empty
    plan = read_year_plan("1. juni 2027\n" * (MOST_LINES + 1), today=TODAY)
    assert plan.too_long
    assert plan.rows == ()


@given(st.text(max_size=200))
def test_any_text_is_read_without_raising(text: str) -> None:
    plan = read_year_plan(text, today=TODAY)
    lines = len(text.lstrip("\ufeff").splitlines())
    assert all(1 <= one.line <= lines for one in (*plan.rows, *plan.errors))
