"""The timeline's layout. The plan of 5 November 2020 must come out as it was drawn by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.calculations import timeline as tl
from initiatives.calculations.states import STATES
from sundhedsaftale.lib.periods import parse_period

AS_OF = date(2020, 11, 5)


def p(*texts):
    return tuple(parse_period(text) for text in texts)


def item(state, promised=(), due=None, started=None, since=None, milestones=()):
    one = lambda text: parse_period(text) if text else None  # noqa: E731
    return tl.TimelineItem(state, p(*promised), one(due), one(started), one(since), p(*milestones), AS_OF)


ETIK = item("postponed", ("primo 2020", "2021"), "2021", milestones=("januar 2021",))
POPULATIONER = item("postponed", ("2. kvartal 2020", "2. kvartal 2021"), "2. kvartal 2021")
SPREDNING = item("in_progress", milestones=("20. november 2020",))
VISITATION = item("delayed", started="3. kvartal 2020", milestones=("2. kvartal 2021",))
AKUTFUNKTION = item("in_progress", started="1. september 2019", milestones=("1. kvartal 2021",))
RETTE_TILBUD = item("on_hold", ("1. kvartal 2021",), "1. kvartal 2021", "november 2019", "marts 2020")
AKUTTEAM = item("postponed", ("2. kvartal 2020",))
PLAN = [ETIK, POPULATIONER, SPREDNING, VISITATION, AKUTFUNKTION, RETTE_TILBUD, AKUTTEAM]

DRAWN = [
    (ETIK, [("moved", 3, 7), ("window", 7, 10)], [("promised", 3), ("milestone", 7)]),
    (POPULATIONER, [("moved", 4, 8)], [("promised", 4), ("moved", 8)]),
    (SPREDNING, [], [("milestone", 6)]),
    (VISITATION, [("going", 5, 6)], [("started", 5), ("milestone", 8)]),
    (AKUTFUNKTION, [("going", 1, 6)], [("started", 1), ("milestone", 7)]),
    (RETTE_TILBUD, [("going", 2, 3), ("paused", 3, 7)], [("started", 2), ("paused", 3), ("moved", 7)]),
    (AKUTTEAM, [("moved", 4, 11)], [("promised", 4), ("undated", 11)]),
]


def test_the_grid_of_the_plan_of_2020():
    grid = tl.grid_for(PLAN, now=AS_OF)
    columns = grid.columns()
    assert grid.unit == tl.QUARTER
    assert grid.now == 6
    assert [(column.year, column.number) for column in columns[:3]] == [(2019, 3), (2019, 4), (2020, 1)]
    assert (columns[-1].index, columns[-1].year, columns[-1].number) == (10, 2021, 4)


@pytest.mark.parametrize(("drawn", "bars", "marks"), DRAWN)
def test_the_rows_of_the_plan_of_2020(drawn, bars, marks):
    row = tl.row_for(drawn, tl.grid_for(PLAN, now=AS_OF))
    assert [(bar.kind, bar.start, bar.end) for bar in row.bars] == bars
    assert [(mark.kind, mark.column) for mark in row.marks] == marks


@pytest.mark.parametrize(
    ("text", "unit", "covered"),
    [
        ("2. kvartal 2020", tl.QUARTER, ((2020, 2), (2020, 2))),
        ("primo 2020", tl.QUARTER, ((2020, 1), (2020, 1))),
        ("ultimo 2020", tl.QUARTER, ((2020, 4), (2020, 4))),
        ("medio 2020", tl.QUARTER, ((2020, 2), (2020, 3))),
        ("efteråret 2020", tl.QUARTER, ((2020, 4), (2020, 4))),
        ("foråret 2020", tl.QUARTER, ((2020, 2), (2020, 2))),
        ("vinteren 2020/2021", tl.QUARTER, ((2021, 1), (2021, 1))),
        ("1. halvår 2020", tl.QUARTER, ((2020, 1), (2020, 2))),
        ("2020", tl.QUARTER, ((2020, 1), (2020, 4))),
        ("Q3 2024 – Q1 2025", tl.QUARTER, ((2024, 3), (2025, 1))),
        ("uge 40 2020", tl.QUARTER, ((2020, 4), (2020, 4))),
        ("20. november 2020", tl.QUARTER, ((2020, 4), (2020, 4))),
        ("2020", tl.HALF_YEAR, ((2020, 1), (2020, 2))),
        ("2. kvartal 2020", tl.HALF_YEAR, ((2020, 1), (2020, 1))),
        ("2020", tl.YEAR, ((2020, 1), (2020, 1))),
    ],
)
def test_which_columns_a_period_fills(text, unit, covered):
    period = parse_period(text)
    per_year = tl.UNITS[unit]
    found = tl.units_covered(period.first_day, period.last_day, unit)
    assert tuple((index // per_year, index % per_year + 1) for index in found) == covered


@pytest.mark.parametrize(
    ("texts", "unit"),
    [
        (("1. kvartal 2020", "2. kvartal 2022"), tl.QUARTER),
        (("1. kvartal 2020", "3. kvartal 2022"), tl.HALF_YEAR),
        (("1. kvartal 2020", "4. kvartal 2024"), tl.HALF_YEAR),
        (("1. kvartal 2020", "1. kvartal 2025"), tl.YEAR),
        (("2015", "2024"), tl.YEAR),
    ],
)
def test_a_long_span_is_drawn_in_coarser_columns(texts, unit):
    assert tl.grid_for([item("planned", texts)], now=AS_OF).unit == unit


def test_more_than_ten_years_are_clipped_and_say_so():
    far = item("postponed", ("2005", "2030"), "2030", milestones=("2020", "2021"))
    grid = tl.grid_for([far], now=AS_OF)
    row = tl.row_for(far, grid)
    assert grid.unit == tl.YEAR
    assert {clip for bar in row.bars for clip in bar.clipped} | {mark.clipped for mark in row.marks} >= {"before"}
    assert 1 <= grid.now <= 10


def test_nothing_to_draw_is_still_a_grid_around_today():
    grid = tl.grid_for([], now=AS_OF)
    assert grid.now == 1
    assert tl.row_for(item("planned"), grid) == tl.Row((), ())


def test_two_marks_in_one_cell_keep_the_weightier_and_name_the_other():
    busy = item("in_progress", started="oktober 2020", milestones=("20. november 2020", "december 2020"))
    (mark,) = tl.row_for(busy, tl.grid_for([busy], now=AS_OF)).marks
    assert (mark.kind, mark.also) == ("started", ("milestone",))


def test_a_promise_kept_as_it_was_is_no_new_date():
    kept = item("in_progress", ("2. kvartal 2021", "Q2 2021"), "2021K2", started="1. kvartal 2020")
    row = tl.row_for(kept, tl.grid_for([kept], now=AS_OF))
    assert [(mark.kind, mark.column) for mark in row.marks] == [("started", 1), ("promised", 6)]
    assert [bar.kind for bar in row.bars] == ["going"]


def test_a_promise_of_a_whole_year_is_a_window_marked_at_its_deadline():
    year = item("planned", ("2021",), "2021")
    row = tl.row_for(year, tl.grid_for([year], now=AS_OF))
    assert [(bar.kind, bar.start, bar.end) for bar in row.bars] == [("window", 2, 5)]
    assert [(mark.kind, mark.column) for mark in row.marks] == [("promised", 5)]


def test_every_earlier_promise_stays_visible():
    often = item("postponed", ("2. kvartal 2020", "4. kvartal 2020", "2. kvartal 2021"), "2. kvartal 2021")
    row = tl.row_for(often, tl.grid_for([often], now=AS_OF))
    assert [(mark.kind, mark.column) for mark in row.marks] == [("promised", 1), ("promised", 3), ("moved", 5)]
    assert [(bar.kind, bar.start, bar.end) for bar in row.bars] == [("moved", 1, 5)]


def test_lengths_stay_within_the_classes_there_are():
    assert tl.Bar("moved", 1, 11).length == 9
    assert tl.Bar("moved", 3, 3).length == 2


some_periods = st.sampled_from(
    p("2020", "primo 2020", "2. kvartal 2021", "20.11.2020", "2007", "Q3 2024 – Q1 2025", "løbende", "ultimo 2031")
)
items = st.builds(
    tl.TimelineItem,
    st.sampled_from([*STATES, None]),
    st.lists(some_periods, max_size=3).map(tuple),
    st.none() | some_periods,
    st.none() | some_periods,
    st.none() | some_periods,
    st.lists(some_periods, max_size=3).map(tuple),
    st.none() | st.dates(date(2019, 1, 1), date(2027, 1, 1)),
)


@pytest.mark.slow
@given(st.lists(items, max_size=5), st.dates(date(2010, 1, 1), date(2035, 1, 1)))
def test_everything_stays_inside_the_grid(listed, now):
    grid = tl.grid_for(listed, now=now)
    assert len(grid.columns()) == tl.COLUMNS
    for one in listed:
        row = tl.row_for(one, grid)
        columns = [mark.column for mark in row.marks]
        assert len(columns) == len(set(columns))
        assert all(1 <= column <= tl.NO_DATE for column in columns)
        assert all(1 <= bar.start <= bar.end <= tl.NO_DATE for bar in row.bars)
        assert all(bar.start < bar.end or bar.kind == tl.WINDOW for bar in row.bars)
        if tl.is_undated(one):
            assert row.marks[-1] == tl.Mark(tl.MARK_UNDATED, tl.NO_DATE)
