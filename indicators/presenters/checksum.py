"""The report's own count of lights per goal (Table 1) beside ours: what agrees, and what we cannot know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from indicators.models import Area, Goal, Indicator, PublishedCount
from indicators.presenters.figures import Tally, tally
from indicators.presenters.lights import LightView, development_light
from indicators.presenters.observations import Figure, latest

COUNTRY = "000"

#: How a light is known. The first is our own; the next three are the words a source's basis begins with.
OURS, READ, WORKED_OUT, INFERRED, UNKNOWN = "ours", "read", "worked_out", "inferred", "unknown"
_BASIS = {"aflæst": READ, "beregnet": WORKED_OUT, "udledt": INFERRED}


@dataclass(frozen=True)
class CheckLine:
    """One indicator of a goal: its light for the country, and how it is known; `basis` is that in whole words."""

    code: str
    name: str
    light: LightView
    how: str
    how_words: str
    basis: str


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
    lines: tuple[CheckLine, ...] = ()


@dataclass(frozen=True)
class CheckSum:
    rows: tuple[CheckRow, ...]
    total: CheckRow | None
    conflicts: int  # colours of which we count more than the report does
    sentence: str
    edition_slug: str = ""

    @property
    def ways(self) -> tuple[tuple[str, int], ...]:
        """How the lights are known, in words, and how many are known that way; ways that are not used left out."""
        counted = Counter(line.how for row in self.rows for line in row.lines)
        return tuple((how_words(how), counted[how]) for how in (OURS, READ, WORKED_OUT, INFERRED) if counted[how])


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
        lines = [_line(indicator, by_indicator.get(indicator.pk)) for indicator in indicators]
        # An area that the method keeps without a light is no unknown: the report does not count it either.
        ours = tally(line.light for line in lines)
        rows.append(_row(str(goal.number), goal.name, counts[goal.pk], ours, lines))
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
    return CheckSum(tuple(rows), total, conflicts, _sentence(total, conflicts), slug)


def _line(indicator: Indicator, figure: Figure | None) -> CheckLine:
    light = development_light(figure)
    basis = figure.observation.published_basis if figure is not None else ""
    if light.none:
        how, basis = UNKNOWN, light.reason
    elif light.published:
        how = _BASIS.get(basis.partition(":")[0].strip().lower(), READ)
    else:
        how = OURS
    return CheckLine(indicator.code, indicator.name, light, how, how_words(how), basis)


def how_words(how: str) -> str:
    words = {
        OURS: gettext("Computed by us from figures we hold"),
        READ: gettext("Read in the source"),
        WORKED_OUT: gettext("Computed from a figure found elsewhere"),
        INFERRED: gettext("Inferred from the report's count"),
        UNKNOWN: gettext("Not known"),
    }
    return words[how]


def _row(number: str, name: str, count: PublishedCount, ours: Tally, lines: Iterable[CheckLine] = ()) -> CheckRow:
    uncounted = (count.listed or count.counted) - count.counted
    note = ""
    if number == "4" and uncounted:
        note = ngettext(
            "The report lists %(number)s indicator that it does not count, and does not say why.",
            "The report lists %(number)s indicators that it does not count, and does not say why.",
            uncounted,
        ) % {"number": uncounted}
    elif number and uncounted:
        note = ngettext(
            "%(number)s indicator is listed and not counted; the report says why.",
            "%(number)s indicators are listed and not counted; the report says why.",
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
        lines=tuple(lines),
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
