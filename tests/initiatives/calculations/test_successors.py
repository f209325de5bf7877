"""Who comes after whom, by which day."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations.successors import Step, Succession

COMMITTEE, NEXT, MIDT, HORSENS, ALONE = 1, 2, 3, 4, 5
CHAIN = Succession(
    [
        Step(COMMITTEE, NEXT, date(2022, 7, 1)),
        Step(NEXT, MIDT, date(2027, 1, 1)),
        Step(NEXT, HORSENS, date(2027, 1, 1)),
    ]
)


def test_the_chain_is_followed_as_far_as_the_day() -> None:
    assert CHAIN.successors(COMMITTEE, on=date(2022, 6, 30)) == ()
    assert CHAIN.successors(COMMITTEE, on=date(2026, 12, 31)) == (NEXT,)
    assert CHAIN.successors(COMMITTEE, on=date(2027, 1, 1)) == (MIDT, HORSENS)
    assert CHAIN.successors(ALONE, on=date(2027, 1, 1)) == ()


def test_the_last_change_of_the_chain() -> None:
    assert CHAIN.last_change(COMMITTEE) == date(2027, 1, 1)
    assert CHAIN.last_change(MIDT) is None


@given(
    st.lists(st.builds(Step, st.integers(0, 5), st.integers(0, 5), st.dates(date(2020, 1, 1), date(2030, 1, 1)))),
    st.dates(date(2019, 1, 1), date(2031, 1, 1)),
)
def test_rings_end_and_nobody_comes_after_themselves(steps: list[Step], day: date) -> None:
    chain = Succession(steps)
    for body in range(6):
        found = chain.successors(body, on=day)
        assert body not in found
        assert len(set(found)) == len(found)
        last = chain.last_change(body)
        assert last is None or any(step.on == last for step in steps)
