"""The timeline as the page draws it: classes for every mark and bar, and the sentence that says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from initiatives.calculations import timeline as layout
from initiatives.calculations.states import CANCELLED, COMPLETED
from initiatives.models import Plan, ScheduleKind
from initiatives.presenters.facts import ItemFacts
from initiatives.presenters.items import Say, say
from initiatives.presenters.wording import day_text, is_danish


@dataclass(frozen=True, slots=True)
class MarkView:
    css: str
    icon: str


@dataclass(frozen=True, slots=True)
class HeadCell:
    css: str
    text: str


@dataclass(frozen=True, slots=True)
class TimelineRow:
    """`href` goes to the item further down the page, "" on the item's own. The marks are for the eye alone."""

    label: str
    href: str
    say: tuple[Say, ...]
    bars: tuple[str, ...]
    marks: tuple[MarkView, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """`now_css` places the yellow band, "" when the day lies outside what is drawn. No rows: there is nothing to draw."""

    heading: str
    head: tuple[HeadCell, ...]
    now_css: str
    rows: tuple[TimelineRow, ...]
    notes: tuple[str, ...]


row_for = lru_cache(maxsize=2048)(layout.row_for)  # a pure sum of frozen values


def plan_timeline(plan: Plan, items: Iterable[ItemFacts], *, today: date) -> Timeline:
    """All items of a plan, drawn as of the day its newest status speaks of."""
    facts = list(items)
    newest = max((item.current.as_of for item in facts if item.current), default=None)
    return _timeline(facts, newest, plan.as_of or today, lambda item: f"#punkt-{item.number}")


def item_timeline(facts: ItemFacts, *, today: date) -> Timeline:
    """One item alone; its title already stands over the page."""
    return _timeline([facts], facts.current.as_of if facts.current else None, today, lambda item: "")


def timeline_item(facts: ItemFacts) -> layout.TimelineItem:
    """The facts a drawing needs. Every date it was promised for stays visible, in the order they were named."""
    current = facts.current
    aims = [status.due for status in facts.statuses if status.due is not None]
    started, since = facts.periods(ScheduleKind.STARTED), facts.periods(ScheduleKind.SINCE)
    return layout.TimelineItem(
        state=facts.state or None,
        promised=tuple(dict.fromkeys([*facts.periods(ScheduleKind.PLANNED), *aims])),
        due=current.due if current else None,
        started=started[0] if started else None,
        since=since[-1] if since else None,
        milestones=tuple(milestone.period for milestone in facts.milestones),
        as_of=_known_until(facts),
    )


def _known_until(facts: ItemFacts) -> date | None:
    """How far a bar runs: to the newest status, or for what is over to the first status that said so."""
    current = facts.current
    if current is None or current.state not in (COMPLETED, CANCELLED):
        return current.as_of if current else None
    told = current.as_of
    for status in reversed(facts.statuses):
        if status.state != current.state:
            break
        told = status.as_of
    return told


def _timeline(
    facts: list[ItemFacts], newest: date | None, otherwise: date, href: Callable[[ItemFacts], str]
) -> Timeline:
    """Drawn as of the newest status, `otherwise` when there is none."""
    now = newest or otherwise
    items = [timeline_item(item) for item in facts]
    grid = layout.grid_for(items, now=now)
    drawn = [row_for(item, grid) for item in items]
    if not any(row.bars or row.marks for row in drawn):
        return Timeline(heading=timeline_heading(grid), head=(), now_css="", rows=(), notes=())
    rows = tuple(
        TimelineRow(
            label=f"{item.number}. {item.title}", href=href(item), say=say(item), bars=_bars(row), marks=_marks(row)
        )
        for item, row in zip(facts, drawn, strict=True)
    )
    inside = 1 <= grid.now <= layout.COLUMNS
    return Timeline(
        heading=timeline_heading(grid),
        head=_head(grid),
        now_css=f"sa-c{grid.now}" if inside else "",
        rows=rows,
        notes=_notes(grid, drawn, newest),
    )


def timeline_heading(grid: layout.Grid) -> str:
    if grid.unit == layout.QUARTER:
        return _("Promised and moved, quarter by quarter")
    if grid.unit == layout.HALF_YEAR:
        return _("Promised and moved, half-year by half-year")
    return _("Promised and moved, year by year")


def _bars(row: layout.Row) -> tuple[str, ...]:
    return tuple(f"sa-bar sa-bar--{bar.kind} sa-c{bar.start} sa-e{bar.end} sa-n{bar.length}" for bar in row.bars)


def _marks(row: layout.Row) -> tuple[MarkView, ...]:
    return tuple(MarkView(css=f"sa-c{mark.column}", icon=f"icons/mark-{mark.kind}.svg") for mark in row.marks)


def _head(grid: layout.Grid) -> tuple[HeadCell, ...]:
    """Years above, quarters or half-years below, and the last column for what has no date."""
    columns = grid.columns()
    cells = [] if grid.unit == layout.YEAR else [_year_cell(columns, year) for year in _years(columns)]
    for column in columns:
        today = " sa-today" if column.index == grid.now else ""
        cells.append(HeadCell(css=f"sa-k sa-c{column.index}{today}", text=_unit_text(column, grid.unit)))
    return (*cells, HeadCell(css=f"sa-k sa-c{layout.NO_DATE}", text=_("none")))


def words_over(grid: layout.Grid) -> tuple[tuple[tuple[str, int, int], ...], tuple[tuple[str, int], ...]]:
    """(years with their first and last column, units with theirs): the head as plain words, for a drawing."""
    columns = grid.columns()
    years = []
    for year in _years(columns) if grid.unit != layout.YEAR else []:
        inside = [column.index for column in columns if column.year == year]
        years.append((str(year) if len(inside) > 1 else _short(year), inside[0], inside[-1]))
    units = [(_unit_text(column, grid.unit), column.index) for column in columns]
    return tuple(years), (*units, (_("none"), layout.NO_DATE))


def _years(columns: tuple[layout.Column, ...]) -> list[int]:
    return list(dict.fromkeys(column.year for column in columns))


def _year_cell(columns: tuple[layout.Column, ...], year: int) -> HeadCell:
    inside = [column.index for column in columns if column.year == year]
    # Over a single column the next year's four digits would lie on top of these.
    text = str(year) if len(inside) > 1 else _short(year)
    return HeadCell(css=f"sa-y sa-c{inside[0]} sa-e{inside[-1]}", text=text)


def _short(year: int) -> str:
    return f"’{year % 100:02d}"


def _unit_text(column: layout.Column, unit: str) -> str:
    if unit == layout.YEAR:
        return _short(column.year)  # ten years of four digits do not fit on a phone
    letter = "H" if unit == layout.HALF_YEAR else "K" if is_danish() else "Q"
    return f"{letter}{column.number}"


def _notes(grid: layout.Grid, rows: list[layout.Row], newest: date | None) -> tuple[str, ...]:
    notes = []
    if newest is not None and 1 <= grid.now <= layout.COLUMNS:
        notes.append(_("The yellow band holds %(day)s, the day of the newest status.") % {"day": day_text(newest)})
    if any(bar.clipped for row in rows for bar in row.bars) or any(mark.clipped for row in rows for mark in row.marks):
        notes.append(_("What lies outside the columns stands at the edge. The sentences say when."))
    notes.append(_("A deadline is the last day of the period."))
    return tuple(notes)
