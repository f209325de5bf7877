"""What is new: changes gathered into lines, against a slow twin that reads the rule word for word."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations import news
from initiatives.calculations.news import (
    Audience,
    Change,
    NewsLine,
    Reader,
    Thing,
    by_subject,
    news_lines,
    status_kind,
    told_from,
)

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
ITEM, PLAN, GOAL = ("item", 1), ("plan", 1), ("goal", 1)
EVERYBODY = Reader(pk=7)


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


def change(at: float, *subjects: Thing, kind: str = news.STATUS, **fields: object) -> Change:
    return Change(kind, hours(at), subjects or (ITEM, PLAN), fields.pop("what", (1,)), **fields)  # type: ignore[arg-type]


def lines(
    changes: list[Change],
    follows: dict[Thing, float],
    *,
    reader: Reader = EVERYBODY,
    since: float = 0,
    until: float = 99,
) -> list[NewsLine]:
    followed = {thing: hours(at) for thing, at in follows.items()}
    return news_lines(by_subject(changes), followed, reader, since=hours(since), until=hours(until))


# --- Examples ---------------------------------------------------------------------------------------------------------


def test_one_line_for_a_thing_and_a_kind_with_what_was_said_last() -> None:
    said = [change(1, detail="planned"), change(3, detail="delayed"), change(2, detail="in_progress")]
    assert lines(said, {ITEM: 0}) == [NewsLine(ITEM, news.STATUS, hours(3), 1, "delayed")]


def test_items_of_a_plan_are_counted_once_each() -> None:
    said = [change(1, ("item", n), PLAN, what=(n,)) for n in (1, 2, 3, 3)]
    assert [line.count for line in lines(said, {PLAN: 0})] == [3]


def test_a_change_is_told_under_the_most_specific_thing_only() -> None:
    said = [change(1, ITEM, PLAN, what=(1,)), change(2, ("item", 2), PLAN, what=(2,))]
    assert [(line.thing, line.count) for line in lines(said, {ITEM: 0, PLAN: 0})] == [(PLAN, 1), (ITEM, 1)]


def test_what_happened_before_somebody_followed_is_told_under_the_next_thing_they_followed_then() -> None:
    assert [line.thing for line in lines([change(1)], {ITEM: 2, PLAN: 0})] == [PLAN]
    assert lines([change(1)], {ITEM: 2}) == []
    assert len(lines([change(2)], {ITEM: 2})) == 1  # the very moment counts


@pytest.mark.parametrize(("since", "until", "told"), [(1, 2, True), (0, 1, False), (2, 3, False), (0, 3, True)])
def test_the_window_is_closed_at_its_start_and_open_at_its_end(since: float, until: float, told: bool) -> None:
    assert bool(lines([change(1)], {ITEM: 0}, since=since, until=until)) is told


def test_nobody_is_told_of_their_own_deeds() -> None:
    assert lines([change(1, by=7)], {ITEM: 0}) == []
    assert len(lines([change(1, by=8), change(2, by=None)], {ITEM: 0})) == 1


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (Reader(7), False),
        (Reader(7, frozenset({1})), False),
        (Reader(7, frozenset({2})), True),
        (Reader(9), True),
        (Reader(7, sees_all=True), True),
    ],
)
def test_what_is_not_public_is_told_to_its_audience_alone(reader: Reader, told: bool) -> None:
    remark = change(1, ITEM, kind=news.COMMENT, audience=Audience(frozenset({2, 3}), frozenset({9})))
    assert bool(lines([remark], {ITEM: 0}, reader=reader)) is told


def test_figures_come_counted() -> None:
    arrived = [change(n, GOAL, kind=news.FIGURES, what=(n,), weight=10 * n) for n in (1, 2)]
    assert [line.count for line in lines(arrived, {GOAL: 0})] == [30]


@pytest.mark.parametrize(
    ("closed", "was_closed", "postponed", "new_date", "kind"),
    [
        (True, False, True, True, news.CLOSED),
        (True, True, False, False, news.STATUS),
        (False, True, False, False, news.STATUS),
        (False, False, True, True, news.POSTPONED),
        (False, False, False, True, news.DATE),
        (False, False, False, False, news.STATUS),
    ],
)
def test_a_status_is_told_as_one_thing(
    closed: bool, was_closed: bool, postponed: bool, new_date: bool, kind: str
) -> None:
    assert status_kind(closed=closed, was_closed=was_closed, postponed=postponed, new_date=new_date) == kind


@pytest.mark.parametrize(
    ("begin", "rhythm_since", "seen_at", "expected"),
    [(5, None, None, 5), (5, 8, None, 8), (5, 8, 9, 9), (9, 8, 5, 9), (-24 * 100, None, None, 24 * -50)],
)
def test_where_the_changes_of_a_mail_begin(
    begin: float, rhythm_since: float | None, seen_at: float | None, expected: float
) -> None:
    until = hours(24 * 10)
    found = told_from(
        hours(begin),
        rhythm_since=None if rhythm_since is None else hours(rhythm_since),
        seen_at=None if seen_at is None else hours(seen_at),
        until=until,
    )
    assert found == hours(expected)


# --- The slow twin ----------------------------------------------------------------------------------------------------

THINGS = [(kind, pk) for kind in ("item", "plan", "goal") for pk in (1, 2)]
MOMENTS = st.integers(0, 12).map(hours)
READERS = st.builds(Reader, st.integers(1, 3), st.frozensets(st.integers(1, 3), max_size=2), st.booleans())
AUDIENCES = st.none() | st.builds(
    Audience, st.frozensets(st.integers(1, 3), max_size=2), st.frozensets(st.integers(1, 3), max_size=1)
)
CHANGES = st.builds(
    Change,
    kind=st.sampled_from([news.STATUS, news.COMMENT, news.FIGURES]),
    at=MOMENTS,
    subjects=st.lists(st.sampled_from(THINGS), min_size=1, max_size=3, unique=True).map(tuple),
    what=st.integers(1, 3).map(lambda number: (number,)),
    by=st.none() | st.integers(1, 3),
    detail=st.sampled_from(["", "a", "b"]),
    audience=AUDIENCES,
)
FOLLOWS = st.dictionaries(st.sampled_from(THINGS), MOMENTS, max_size=4)


def slow_twin(
    changes: list[Change], follows: dict[Thing, datetime], reader: Reader, since: datetime, until: datetime
) -> dict[tuple[Thing, str], tuple[datetime, int]]:
    """For each thing and kind: when it last happened, and to how many different things."""
    found: dict[tuple[Thing, str], tuple[datetime, set[tuple[object, ...]]]] = {}
    for one in changes:
        if one.at < since or one.at >= until or one.by == reader.pk:
            continue
        if one.audience is not None and not reader.sees_all:
            in_body = any(body in one.audience.bodies for body in reader.bodies)
            if not in_body and reader.pk not in one.audience.people:
                continue
        homes = [subject for subject in one.subjects if subject in follows and follows[subject] <= one.at]
        if homes:
            last, whats = found.get((homes[0], one.kind), (one.at, set()))
            found[homes[0], one.kind] = (max(last, one.at), whats | {one.what})
    return {key: (last, len(whats)) for key, (last, whats) in found.items()}


@given(changes=st.lists(CHANGES, max_size=12), follows=FOLLOWS, reader=READERS, since=MOMENTS, until=MOMENTS)
def test_lines_are_what_the_slow_twin_says(
    changes: list[Change], follows: dict[Thing, datetime], reader: Reader, since: datetime, until: datetime
) -> None:
    found = news_lines(by_subject(changes), follows, reader, since=since, until=until)
    assert {(line.thing, line.kind): (line.at, line.count) for line in found} == slow_twin(
        changes, follows, reader, since, until
    )
    assert [line.at for line in found] == sorted((line.at for line in found), reverse=True)
    assert len({(line.thing, line.kind) for line in found}) == len(found)


@given(changes=st.lists(CHANGES, max_size=12), follows=FOLLOWS, reader=READERS, cut=MOMENTS)
def test_two_windows_that_meet_tell_everything_and_nothing_twice(
    changes: list[Change], follows: dict[Thing, datetime], reader: Reader, cut: datetime
) -> None:
    index, first, last = by_subject(changes), hours(0), hours(13)

    def told(since: datetime, until: datetime) -> set[tuple[Thing, str]]:
        return {(line.thing, line.kind) for line in news_lines(index, follows, reader, since=since, until=until)}

    assert told(first, cut) | told(cut, last) == told(first, last)
    for one in changes:
        index = by_subject([one])
        assert not (told(first, cut) and told(cut, last)), one


@given(changes=st.lists(CHANGES, max_size=8), follows=FOLLOWS, reader=READERS)
def test_the_order_of_the_changes_does_not_matter(
    changes: list[Change], follows: dict[Thing, datetime], reader: Reader
) -> None:
    def read(some: list[Change]) -> list[NewsLine]:
        return news_lines(by_subject(some), follows, reader, since=hours(0), until=hours(13))

    assert read(changes) == read(changes[::-1])
