"""The report's own count of lights per goal (Table 1) beside ours: what agrees, and what we cannot know."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from indicators.models import Area, Goal, PublishedCount
from indicators.presenters.figures import Tally, tally
from indicators.presenters.lights import development_light
from indicators.presenters.observations import latest

COUNTRY = "000"


@dataclass(frozen=True)
class CheckRow:
    """One goal, or the total. `ours` counts the country's development lights, our own and the source's known ones.

    unknown: indicators whose light nobody can tell from what we have. uncounted: listed by the report, not counted.
    """

    number: str
    name: str
    green: int | None
    yellow: int | None
    red: int | None
    listed: int | None
    counted: int
    ours: Tally
    unknown: int
    uncounted: int
    note: str


@dataclass(frozen=True)
class CheckSum:
    rows: tuple[CheckRow, ...]
    total: CheckRow | None
    conflicts: int  # colours of which we count more than the report does
    sentence: str


def check_sum(edition_slug: str = "") -> CheckSum:
    """5 queries. Of the edition named, else of the newest with a count per goal; empty when there is none."""
    found = list(PublishedCount.objects.order_by("edition_slug"))
    slug = edition_slug or max((count.edition_slug for count in found if count.goal_id), default="")
    counts = {count.goal_id: count for count in found if count.edition_slug == slug}
    goals = list(
        Goal.objects.filter(pk__in=[pk for pk in counts if pk]).order_by("number").prefetch_related("indicators")
    )
    country = Area.objects.filter(code=COUNTRY)
    figures = latest([indicator for goal in goals for indicator in goal.indicators.all()], country)
    by_indicator = {key[0]: figure for key, figure in figures.items()}
    rows = []
    for goal in goals:
        indicators = goal.indicators.all()
        lights = [development_light(by_indicator.get(indicator.pk)) for indicator in indicators]
        # An area that the method keeps without a light is no unknown: the report does not count it either.
        rows.append(_row(str(goal.number), goal.name, counts[goal.pk], tally(lights)))
    total = None
    if None in counts and rows:
        ours = Tally(
            sum(row.ours.green for row in rows),
            sum(row.ours.yellow for row in rows),
            sum(row.ours.red for row in rows),
            sum(row.ours.none for row in rows),
            sum(row.ours.published for row in rows),
        )
        total = _row("", gettext("All indicators"), counts[None], ours)
    conflicts = sum(_conflicts(row) for row in rows)
    return CheckSum(tuple(rows), total, conflicts, _sentence(total, conflicts))


def _row(number: str, name: str, count: PublishedCount, ours: Tally) -> CheckRow:
    uncounted = (count.listed or count.counted) - count.counted
    note = ""
    if number == "4" and uncounted:
        note = ngettext(
            "The report lists %(number)s indicator that it does not count, and does not say why.",
            "The report lists %(number)s indicators that it does not count, and does not say why.",
            uncounted,
        ) % {"number": uncounted}
    return CheckRow(
        number=number,
        name=name,
        green=count.green,
        yellow=count.yellow,
        red=count.red,
        listed=count.listed,
        counted=count.counted,
        ours=ours,
        unknown=max(0, count.counted - ours.lit),
        uncounted=uncounted,
        note=note,
    )


def _conflicts(row: CheckRow) -> int:
    pairs = ((row.green, row.ours.green), (row.yellow, row.ours.yellow), (row.red, row.ours.red))
    return sum(theirs is not None and mine > theirs for theirs, mine in pairs)


def _sentence(total: CheckRow | None, conflicts: int) -> str:
    if total is None:
        return gettext("The report's own count has not been loaded.")
    words = {"known": total.ours.lit, "counted": total.counted, "unknown": total.unknown}
    if conflicts:
        return (
            gettext("We know %(known)s of the report's %(counted)s lights, and some of them disagree with its count.")
            % words
        )
    return gettext("We know %(known)s of the report's %(counted)s lights. None of them contradicts its count.") % words
