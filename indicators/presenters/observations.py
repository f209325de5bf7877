"""Fetching figures for pages: a few queries, whatever the number of cells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F

from indicators.models import Area, Assessment, Footnote, Indicator, IndicatorLevel, Observation
from indicators.presenters.fetching import fetched

Key = tuple[int, int]
Levels = dict[tuple[int, str], IndicatorLevel]
Notes = dict[tuple[int, int], str]  # (framework, number of the note) -> its text

# Two figures may end on the same day, one of them covering five years: the shorter period is the newer one.
NEWEST_FIRST = ("-period_end", "-period_start", "pk")


@dataclass(frozen=True)
class Figure:
    """One observation with what is true of its indicator at that kind of area. Nothing here asks the database."""

    observation: Observation
    indicator: Indicator
    level: IndicatorLevel | None

    @property
    def area(self) -> Area:
        return self.observation.area

    @property
    def decimals(self) -> int:
        return self.level.decimals if self.level else self.indicator.decimals

    @property
    def notes(self) -> tuple[int, ...]:
        """The numbers of the source's notes to this very figure."""
        return tuple(int(number) for number in self.observation.footnotes.split(";") if number.isdigit())

    @property
    def assessment(self) -> Assessment | None:
        return getattr(self.observation, "assessment", None)


def months_covered(observation: Observation) -> int:
    """12 for a calendar year or any other twelve months, 1 for a month, 60 for five years."""
    start, end = observation.period_start, observation.period_end
    return (end.year - start.year) * 12 + end.month - start.month + 1


def is_typical(observation: Observation, level: IndicatorLevel | None) -> bool:
    """Whether the figure is of the level's usual kind: same method, and a period of the same length."""
    if level is None:
        return True
    return observation.method == level.method and level.period_months in (None, months_covered(observation))


def levels_of(indicator_ids: Iterable[int]) -> Levels:
    """1 query. Keyed by indicator id and code of the kind of area."""
    levels = IndicatorLevel.objects.filter(indicator_id__in=set(indicator_ids))
    return {(level.indicator_id, level.area_kind_id): level for level in levels}


def notes_of(figures: Iterable[Figure | None]) -> Notes:
    """The texts of the notes these figures carry. One query, none when no figure carries any."""
    found = [figure for figure in figures if figure is not None and figure.observation.footnotes]
    numbers = {number for figure in found for number in figure.notes}
    if not numbers:
        return {}
    rows = Footnote.objects.filter(number__in=numbers).values_list("framework_id", "number", "text")
    return {(framework, number): text for framework, number, text in rows}


def levels_and_notes(indicator: Indicator) -> tuple[list[IndicatorLevel], Notes]:
    """1 query: the fact sheet of each kind of area, in zoom order, and the texts of their footnotes."""
    levels = IndicatorLevel.objects.filter(indicator_id=indicator.same_as_id or indicator.pk)
    rows = levels.select_related("area_kind").annotate(
        of_framework=F("footnotes__framework"), number=F("footnotes__number"), text=F("footnotes__text")
    )
    found: dict[int, IndicatorLevel] = {}
    notes: Notes = {}
    for row in rows.order_by("area_kind__rank", "footnotes__number"):  # a level stands once for each of its footnotes
        found.setdefault(row.pk, row)
        if row.number is not None:
            notes[row.of_framework, row.number] = row.text
    return list(found.values()), notes


def latest(
    indicators: Iterable[Indicator],
    areas: Iterable[Area],
    *,
    breakdown: str = "",
    levels: Levels | None = None,
    compared: bool = True,
) -> dict[Key, Figure]:
    """The newest figure of the usual kind for each indicator and area, keyed by their primary keys.

    2 queries, or 1 when the caller has the levels of all these indicators already.

    An indicator that is the same as another by the source's own word (`same_as`) shows the other's figures.
    A pair without any figure is not in the answer; a blank with a reason is. `compared=False` leaves the arithmetic out:
    the lights are there, but not what they compare with.
    """
    figures = _figures(indicators, areas, breakdown=breakdown, levels=levels, compared=compared)
    newest: dict[Key, Figure] = {}
    for key, figure in figures:
        newest.setdefault(key, figure)
    return newest


def _figures(
    indicators: Iterable[Indicator],
    areas: Iterable[Area],
    *,
    breakdown: str | None,
    levels: Levels | None = None,
    compared: bool = True,
) -> list[tuple[Key, Figure]]:
    """All current figures of the usual kind, newest first."""
    shown_as: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        shown_as[indicator.same_as_id or indicator.pk].append(indicator)
    found = Observation.objects.current().filter(
        indicator_id__in=shown_as.keys(), area_id__in={area.pk for area in areas}
    )
    if breakdown is not None:
        found = found.filter(breakdown=breakdown)
    known = levels_of(shown_as) if levels is None else levels
    rows = fetched(found, *NEWEST_FIRST, compared=compared)
    return [
        ((indicator.pk, row.area_id), Figure(row, indicator, level))
        for row in rows
        if is_typical(row, level := known.get((row.indicator_id, row.area.kind_id)))
        for indicator in shown_as[row.indicator_id]
    ]


def series(indicator: Indicator, areas: Iterable[Area], *, breakdown: str = "") -> dict[int, list[Figure]]:
    """The current figures of the usual kind of one indicator, oldest first, keyed by area. 2 queries."""
    result: dict[int, list[Figure]] = defaultdict(list)
    for (_, area_id), figure in reversed(_figures([indicator], areas, breakdown=breakdown)):
        result[area_id].append(figure)
    return dict(result)


def series_of(indicators: Iterable[Indicator], areas: Iterable[Area]) -> dict[Key, list[Figure]]:
    """The same for many indicators at once, keyed by indicator and area. 2 queries."""
    result: dict[Key, list[Figure]] = defaultdict(list)
    for key, figure in reversed(_figures(indicators, areas, breakdown="", compared=False)):
        result[key].append(figure)
    return dict(result)


def by_breakdown(indicator: Indicator, areas: Iterable[Area]) -> list[Figure]:
    """All current figures of an indicator that is shown by prior contact, sector ..., newest first. 2 queries."""
    return [figure for _, figure in _figures([indicator], areas, breakdown=None)]


def of_kind(indicator: Indicator, kind_code: str, *, levels: Levels | None = None) -> list[Figure]:
    """The newest figure of every area of one kind, in the order of the Danish alphabet. 2 queries, 1 with the levels.

    All of one period, the newest that any area has: an area that missed it stands with its own older figure.
    """
    source_id = indicator.same_as_id or indicator.pk
    found = Observation.objects.current().whole().filter(indicator_id=source_id)
    level = (levels_of([source_id]) if levels is None else levels).get((source_id, kind_code))
    newest: dict[int, Figure] = {}
    for row in fetched(found.in_areas(Area.objects.of_kind(kind_code)), *NEWEST_FIRST):
        if is_typical(row, level):
            newest.setdefault(row.area_id, Figure(row, indicator, level))
    return sorted(newest.values(), key=lambda figure: figure.area.sort_key)


def history(figure: Figure) -> list[Figure]:
    """Every version ever received of one figure, newest first, the current one among them. 1 query."""
    now = figure.observation
    versions = Observation.objects.filter(
        indicator_id=now.indicator_id, area_id=now.area_id, period=now.period, breakdown=now.breakdown
    )
    rows = fetched(versions, "-is_current", "-edition__received_at", "-pk")
    return [Figure(row, figure.indicator, figure.level) for row in rows]
