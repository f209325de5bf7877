"""The timeline of a plan: ten columns of time and one for "no date", with bars and marks for each item.

Pure layout, in whole columns. A column is a quarter; when what is drawn spans more than ten of them, a half-year, then
a year; beyond ten years the rest is clipped and said to be. A period that fills several columns is drawn as a window (a
pale capsule); a shorter one is a mark in the column that holds most of its days: "primo 2020" ends in April and stands
in the first quarter. Columns are numbered 1-10 from the left and 11 is "no date".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from initiatives.calculations import states
from sundhedsaftale.lib.periods import Period

COLUMNS = 10
NO_DATE = COLUMNS + 1

QUARTER, HALF_YEAR, YEAR = "quarter", "half_year", "year"
#: How many of each unit there are in a year, the finest first.
UNITS = {QUARTER: 4, HALF_YEAR: 2, YEAR: 1}

MOVED, GOING, PAUSED, WINDOW = "moved", "going", "paused", "window"
BAR_KINDS = (MOVED, GOING, PAUSED, WINDOW)

MARK_PROMISED, MARK_MOVED, MARK_UNDATED = "promised", "moved", "undated"
MARK_STARTED, MARK_PAUSED, MARK_MILESTONE = "started", "paused", "milestone"
#: Two marks in one cell would lie on top of each other: the first of these is drawn, the others are named in `also`.
MARK_KINDS = (MARK_MOVED, MARK_UNDATED, MARK_PAUSED, MARK_STARTED, MARK_PROMISED, MARK_MILESTONE)

BEFORE, AFTER = "before", "after"

#: A unit with fewer days of a period than half a quarter does not count as covered when another has more.
_DAYS_THAT_COUNT = 45
#: Bars have classes for two to nine columns (`sa-n2` to `sa-n9`), which set how far they are drawn in at the ends.
_SHORTEST, _LONGEST = 2, 9


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """What is known of one item on the day `as_of`.

    `promised` is every period it was promised for, in the order they were named; `due` is the one that counts now, None
    when there is none. `since` is when it was put on hold.
    """

    state: str | None = None
    promised: tuple[Period, ...] = ()
    due: Period | None = None
    started: Period | None = None
    since: Period | None = None
    milestones: tuple[Period, ...] = ()
    as_of: date | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """`number` is the quarter 1-4, the half-year 1-2, or 1."""

    index: int
    year: int
    number: int


@dataclass(frozen=True, slots=True)
class Bar:
    """From one column to another, both included. `length` is the columns for drawing, kept within the classes 2-9."""

    kind: str
    start: int
    end: int
    clipped: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        return min(max(self.end - self.start + 1, _SHORTEST), _LONGEST)


@dataclass(frozen=True, slots=True)
class Mark:
    """`clipped`: it stands at the edge because it lies "before" or "after" what is shown."""

    kind: str
    column: int
    also: tuple[str, ...] = ()
    clipped: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    bars: tuple[Bar, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Which ten units are shown. `first` counts units from year 0; `now` is the day's column, maybe outside 1-10."""

    unit: str
    first: int
    now: int

    @property
    def last(self) -> int:
        return self.first + COLUMNS - 1

    def columns(self) -> tuple[Column, ...]:
        per_year = UNITS[self.unit]
        return tuple(
            Column(step + 1, (self.first + step) // per_year, (self.first + step) % per_year + 1)
            for step in range(COLUMNS)
        )

    def column(self, index: int) -> int:
        """The column of a unit, or the edge it lies beyond."""
        return min(max(index - self.first, 0), COLUMNS - 1) + 1

    def clip(self, index: int) -> str:
        return BEFORE if index < self.first else AFTER if index > self.last else ""

    def covered(self, period: Period | None) -> tuple[int, int] | None:
        """First and last unit of a period, None when it has no days."""
        if period is None or period.first_day is None or period.last_day is None:
            return None
        return units_covered(period.first_day, period.last_day, self.unit)

    def at(self, day: date) -> int:
        return unit_of(day, self.unit)


def unit_of(day: date, unit: str) -> int:
    per_year = UNITS[unit]
    return day.year * per_year + (day.month - 1) * per_year // 12


def _first_day(index: int, unit: str) -> date:
    per_year = UNITS[unit]
    return date(index // per_year, index % per_year * (12 // per_year) + 1, 1)


@lru_cache(maxsize=4096)
def units_covered(first_day: date, last_day: date, unit: str) -> tuple[int, int]:
    """First and last unit that hold a good part of a period; always at least one.

    A unit at an end with only a few of the days is left out when another holds more: autumn is the fourth quarter.
    """
    first, last = unit_of(first_day, unit), unit_of(last_day, unit)
    if first == last:
        return first, last
    days = {index: _days_in(index, unit, first_day, last_day) for index in (first, first + 1, last - 1, last)}
    enough = min(_DAYS_THAT_COUNT, max(days.values()))
    if days[first] < enough:
        first += 1
    if last > first and days[last] < enough:
        last -= 1
    return first, last


def _days_in(index: int, unit: str, first_day: date, last_day: date) -> int:
    begin = max(first_day, _first_day(index, unit))
    end = min(last_day, _first_day(index + 1, unit) - timedelta(days=1))
    return (end - begin).days + 1


def grid_for(items: Iterable[TimelineItem], *, now: date) -> Grid:
    """The grid that shows all items and the day itself, in the finest unit that does."""
    periods = [period for item in items for period in _periods(item)]
    for unit in UNITS:
        wanted, here = _wanted(periods, unit), unit_of(now, unit)
        low, high = min([*wanted, here]), max([*wanted, here])
        if high - low < COLUMNS:
            return Grid(unit, low, here - low + 1)
    wanted, here = _wanted(periods, YEAR), unit_of(now, YEAR)
    first = _fullest(wanted, here)
    return Grid(YEAR, first, here - first + 1)


def _wanted(periods: list[Period], unit: str) -> list[int]:
    """The first and last unit of every period."""
    pairs = [
        units_covered(period.first_day, period.last_day, unit)
        for period in periods
        if period.first_day is not None and period.last_day is not None
    ]
    return [index for pair in pairs for index in pair]


def _has_days(period: Period) -> bool:
    return period.first_day is not None and period.last_day is not None


def _periods(item: TimelineItem) -> Iterator[Period]:
    for period in (*item.promised, item.due, item.started, item.since, *item.milestones):
        if period is not None and _has_days(period):
            yield period


def _fullest(wanted: list[int], now: int) -> int:
    """More than ten years: begin where most is shown. The day itself counts for half of everything; later is better."""
    everything = [*wanted, now]
    starts = set(everything) | {index - COLUMNS + 1 for index in everything}

    def weight(first: int) -> tuple[int, int]:
        inside = sum(first <= index < first + COLUMNS for index in wanted)
        return inside + len(wanted) // 2 * (first <= now < first + COLUMNS), first

    return max((first for first in starts if min(everything) <= first <= max(everything)), key=weight)


def row_for(item: TimelineItem, grid: Grid) -> Row:
    """The bars and marks of one item."""
    return Row(tuple(_bars(item, grid)), _marks(item, grid))


def is_undated(item: TimelineItem) -> bool:
    """Postponed or on hold, and nobody said until when."""
    return item.state in (states.POSTPONED, states.ON_HOLD) and (item.due is None or not _has_days(item.due))


def is_moved(item: TimelineItem) -> bool:
    """Whether the date that counts is another than the one first promised."""
    if item.state in (states.POSTPONED, states.ON_HOLD):
        return True
    return item.due is not None and any(_days(period) != _days(item.due) for period in item.promised)


def _days(period: Period | None) -> tuple[date | None, date | None]:
    """Two periods are the same when they have the same days, whatever they were called."""
    return (None, None) if period is None else (period.first_day, period.last_day)


def _until(item: TimelineItem, grid: Grid) -> int:
    """How far an item has come: to the day its status speaks of, else to the day of the grid."""
    return grid.at(item.as_of) if item.as_of is not None else grid.first + grid.now - 1


def _bars(item: TimelineItem, grid: Grid) -> Iterator[Bar]:
    promised = [covered for covered in map(grid.covered, item.promised) if covered is not None]
    due, started, since = grid.covered(item.due), grid.covered(item.started), grid.covered(item.since)
    undated = is_undated(item)
    if item.state == states.ON_HOLD:
        paused = since[0] if since else _until(item, grid)
        if started is not None:
            yield from _stretch(GOING, started[0], paused, grid)
        yield from _open_or_to(PAUSED, paused, due, grid, undated=undated)
    elif is_moved(item) and promised:
        yield from _open_or_to(MOVED, promised[0][1], due, grid, undated=undated)
    if started is not None and item.state not in (None, states.PLANNED, states.POSTPONED, states.ON_HOLD):
        yield from _stretch(GOING, started[0], _until(item, grid), grid)
    if due is not None and due[0] < due[1]:
        yield _window(due, grid)
    elif due is None and promised and promised[-1][0] < promised[-1][1]:
        yield _window(promised[-1], grid)


def _open_or_to(kind: str, begin: int, due: tuple[int, int] | None, grid: Grid, *, undated: bool) -> Iterator[Bar]:
    if undated:
        yield Bar(kind, grid.column(begin), NO_DATE, (BEFORE,) if grid.clip(begin) == BEFORE else ())
    elif due is not None:
        yield from _stretch(kind, begin, due[0], grid)


def _stretch(kind: str, begin: int, end: int, grid: Grid) -> Iterator[Bar]:
    """A bar between two units, whichever comes first. None when both stand in one column: the marks say it."""
    first, last = min(begin, end), max(begin, end)
    if grid.column(first) < grid.column(last):
        yield Bar(kind, grid.column(first), grid.column(last), _clips(first, last, grid))


def _window(covered: tuple[int, int], grid: Grid) -> Bar:
    return Bar(WINDOW, grid.column(covered[0]), grid.column(covered[1]), _clips(*covered, grid))


def _clips(first: int, last: int, grid: Grid) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clip for clip in (grid.clip(first), grid.clip(last)) if clip))


def _marks(item: TimelineItem, grid: Grid) -> tuple[Mark, ...]:
    cells: dict[int, list[tuple[str, str]]] = {}
    for kind, index in _places(item, grid):
        cells.setdefault(grid.column(index), []).append((kind, grid.clip(index)))
    if is_undated(item):
        cells[NO_DATE] = [(MARK_UNDATED, "")]
    return tuple(_one_mark(column, cells[column]) for column in sorted(cells))


def _places(item: TimelineItem, grid: Grid) -> Iterator[tuple[str, int]]:
    """(kind of mark, unit). Of a promise that fills several columns the last is marked, for that is the deadline."""
    due = grid.covered(item.due)
    for period in item.promised:
        covered = grid.covered(period)
        if covered is not None and not (_days(period) == _days(item.due) and is_moved(item)):
            yield MARK_PROMISED, covered[1]
    if due is not None and is_moved(item) and due[0] == due[1]:
        yield MARK_MOVED, due[1]
    elif due is not None and not is_moved(item) and _days(item.due) not in map(_days, item.promised):
        yield MARK_PROMISED, due[1]
    started, since = grid.covered(item.started), grid.covered(item.since)
    if started is not None:
        yield MARK_STARTED, started[0]
    if since is not None and item.state == states.ON_HOLD:
        yield MARK_PAUSED, since[0]
    for milestone in map(grid.covered, item.milestones):
        if milestone is not None:
            yield MARK_MILESTONE, milestone[1]


def _one_mark(column: int, kinds: list[tuple[str, str]]) -> Mark:
    in_order = sorted(kinds, key=lambda pair: MARK_KINDS.index(pair[0]))
    first, clipped = in_order[0]
    return Mark(first, column, tuple(dict.fromkeys(kind for kind, _ in in_order[1:] if kind != first)), clipped)
