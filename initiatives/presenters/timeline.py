"""The timeline as the page draws it: classes for every mark and bar, and the sentence that says the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from initiatives.calculations import timeline as layout
from initiatives.calculations.states import CLOSED_STATES, ON_HOLD, POSTPONED
from initiatives.models import Plan, ScheduleKind
from initiatives.presenters.facts import ItemFacts
from initiatives.presenters.items import Say, first_promise, say
from initiatives.presenters.wording import day_text, is_danish
from sundhedsaftale.lib.periods import Period


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
    """`now_css` places the yellow band, "" when its quarter lies outside the ten that are drawn."""

    head: tuple[HeadCell, ...]
    now_css: str
    rows: tuple[TimelineRow, ...]
    notes: tuple[str, ...]


def plan_timeline(plan: Plan, items: Iterable[ItemFacts], *, today: date) -> Timeline:
    """All items of a plan, drawn as of the day its newest status speaks of."""
    facts = list(items)
    now = max((item.current.as_of for item in facts if item.current), default=plan.as_of or today)
    return _timeline(facts, now, lambda item: f"#punkt-{item.number}")


def item_timeline(facts: ItemFacts, *, today: date) -> Timeline:
    """One item alone; its title already stands over the page."""
    return _timeline([facts], facts.current.as_of if facts.current else today, lambda item: "")


def timeline_item(facts: ItemFacts) -> layout.TimelineItem:
    """The facts a drawing needs."""
    current = facts.current
    promise = first_promise(facts)
    due = current.due if current else None
    started, since = facts.periods(ScheduleKind.STARTED), facts.periods(ScheduleKind.SINCE)
    return layout.TimelineItem(
        key=facts.number,
        state=facts.state or None,
        promised=promise,
        started=started[0] if started else None,
        paused=since[-1] if since and facts.state == ON_HOLD else None,
        new_date=due if _is_new(facts, promise, due) else None,
        ended=_ended(facts),
        known_from=None if started else _known_from(facts),
        milestones=tuple(milestone.period for milestone in facts.milestones),
        undated=bool(current and current.undated),
    )


def _is_new(facts: ItemFacts, promise: Period | None, due: Period | None) -> bool:
    """Whether the date it aims at is another than the one promised, or stands for one that was withdrawn."""
    if due is None:
        return False
    if promise is None:
        return facts.state in (POSTPONED, ON_HOLD)
    return due.last_day != promise.last_day


def _ended(facts: ItemFacts) -> Period | None:
    current = facts.current
    if current is None or current.state not in CLOSED_STATES:
        return None
    # Nobody writes when an item ended; the first of the last statuses that say so is the day it is known of.
    told = current.as_of
    for status in reversed(facts.statuses):
        if status.state != current.state:
            break
        told = status.as_of
    return Period("day", told, told)


def _known_from(facts: ItemFacts) -> Period | None:
    """Under way at least since a milestone that was reached."""
    reached = [milestone.period for milestone in facts.milestones if milestone.reached_on and milestone.period.is_dated]
    return min(reached, key=lambda period: period.first_day or date.max, default=None)


def _timeline(facts: list[ItemFacts], now: date, href: Callable[[ItemFacts], str]) -> Timeline:
    drawn = layout.lay_out([timeline_item(item) for item in facts], today=now)
    rows = tuple(
        TimelineRow(
            label=f"{item.number}. {item.title}",
            href=href(item),
            say=say(item),
            bars=tuple(f"sa-bar sa-bar--{bar.kind} {bar.css_classes}" for bar in row.bars),
            marks=tuple(MarkView(css=mark.css_classes, icon=f"icons/mark-{mark.kind}.svg") for mark in row.marks),
        )
        for item, row in zip(facts, drawn.rows, strict=True)
    )
    return Timeline(
        head=_head(drawn),
        now_css=f"sa-c{drawn.today_column}" if drawn.today_column else "",
        rows=rows,
        notes=_notes(drawn, now),
    )


def _head(drawn: layout.Timeline) -> tuple[HeadCell, ...]:
    """Years above, quarters below, and the last column for what has no date."""
    letter = "K" if is_danish() else "Q"
    years = [HeadCell(css=f"sa-y {year.css_classes}", text=str(year.year)) for year in drawn.years]
    quarters = [
        HeadCell(
            css=f"sa-k sa-c{column.column}{' sa-today' if column.is_today else ''}", text=f"{letter}{column.quarter}"
        )
        for column in drawn.columns
    ]
    return (*years, *quarters, HeadCell(css=f"sa-k sa-c{layout.NO_DATE_COLUMN}", text=_("none")))


def _notes(drawn: layout.Timeline, now: date) -> tuple[str, ...]:
    notes = []
    if drawn.today_column:
        notes.append(_("The yellow band is the quarter of %(day)s, the newest status.") % {"day": day_text(now)})
    if drawn.clipped_before or drawn.clipped_after:
        notes.append(_("Ten quarters are drawn. What lies outside stands at the edge; the sentences say when."))
    notes.append(_("A deadline is the last day of the period."))
    return tuple(notes)
