"""Whether a target is on course: the rule in a table, every reason it cannot be decided, and what holds of any target."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.targets import Course, Measured, Progress, Unknown, progress

D = Decimal
DECIDED, DUE, TODAY = date(2024, 3, 1), date(2028, 12, 31), date(2026, 11, 26)


def years(**values: str) -> list[Measured]:
    return [Measured(date(int(year[1:]), 12, 31), D(value)) for year, value in values.items()]


def ask(figures: list[Measured], target: str = "8", direction: str = "lower", **more: date) -> Progress:
    days = {"due_on": DUE, "decided_on": DECIDED, "today": TODAY} | more
    return progress(figures, target=D(target), direction=direction, **days)


@pytest.mark.parametrize(
    ("figures", "course", "why"),
    [
        # From 13 at the end of 2023 to 8 at the end of 2028: one a year.
        (years(y2023="13", y2024="11.9"), Course.ON_COURSE, ""),
        (years(y2023="13", y2024="12.5"), Course.OFF_COURSE, ""),
        (years(y2023="13", y2024="14", y2025="10.5"), Course.ON_COURSE, ""),
        (years(y2022="20", y2023="13", y2025="12"), Course.OFF_COURSE, ""),
        (years(y2023="13", y2025="8"), Course.REACHED, ""),
        (years(y2023="13", y2025="7.9"), Course.REACHED, ""),
        (years(y2023="13", y2028="8"), Course.REACHED, ""),
        (years(y2023="13", y2025="7", y2028="9"), Course.MISSED, ""),
        (years(y2023="13", y2028="9", y2029="7"), Course.MISSED, ""),  # the first figure for its day decides
        ([], Course.UNKNOWN, Unknown.NO_FIGURE),
        (years(y2024="12"), Course.UNKNOWN, Unknown.NO_START),
        (years(y2023="13"), Course.UNKNOWN, Unknown.NO_NEWER),
        (years(y2023="7"), Course.UNKNOWN, Unknown.MET_AT_START),
        ([*years(y2023="13"), Measured(date(2025, 12, 31), D(8), "crude")], Course.UNKNOWN, Unknown.METHOD_BREAK),
    ],
)
def test_course(figures: list[Measured], course: Course, why: str) -> None:
    found = ask(figures)
    assert (found.course, found.why) == (course, why)


def test_start_now_expected_and_needed() -> None:
    found = ask(years(y2022="14", y2023="13", y2024="12.5"))
    assert found.start == Measured(date(2023, 12, 31), D(13))
    assert found.now == Measured(date(2024, 12, 31), D("12.5"))
    assert found.needed == D("4.5")
    assert found.expected is not None
    assert abs(found.expected - 12) < D("0.01")


def test_higher_is_better_turns_the_line() -> None:
    figures = years(y2023="60", y2024="62.1")
    assert ask(figures, "70", "higher").course == Course.ON_COURSE
    assert ask(figures, "75", "higher").course == Course.OFF_COURSE


def test_without_a_direction_nothing_is_decided() -> None:
    assert ask(years(y2023="13", y2024="1"), direction="none").why == Unknown.NO_DIRECTION


def test_a_day_that_has_passed_without_its_figure_is_awaited() -> None:
    found = ask(years(y2023="13", y2024="10"), due_on=date(2025, 12, 31))
    assert (found.course, found.why) == (Course.UNKNOWN, Unknown.AWAITING)
    assert ask(years(y2023="13", y2024="10"), due_on=date(2026, 11, 26)).course != Course.UNKNOWN, "the day is not over"


figures = st.lists(
    st.builds(Measured, st.dates(date(2015, 1, 1), date(2035, 1, 1)), st.decimals(-500, 500, places=2)), max_size=6
)


@given(figures, st.decimals(-500, 500, places=2), st.sampled_from(["higher", "lower", "none"]))
def test_what_holds_of_any_target(rows: list[Measured], target: Decimal, direction: str) -> None:
    found = progress(rows, target=target, due_on=DUE, decided_on=DECIDED, direction=direction, today=TODAY)
    assert (found.course == Course.UNKNOWN) == bool(found.why)
    assert found.needed is None or found.needed >= 0
    if found.course == Course.REACHED:
        assert found.needed == 0
    if found.course in (Course.ON_COURSE, Course.OFF_COURSE, Course.MISSED):
        assert found.needed is not None
        assert found.needed > 0
    if direction != "none":
        turned = [Measured(row.last_day, -row.value, row.method) for row in rows]
        mirror = progress(
            turned,
            target=-target,
            due_on=DUE,
            decided_on=DECIDED,
            direction="lower" if direction == "higher" else "higher",
            today=TODAY,
        )
        assert (mirror.course, mirror.why, mirror.needed) == (found.course, found.why, found.needed)
