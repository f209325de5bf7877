"""Everything one indicator's page is made of, fetched in four queries and sorted out in Python."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Q

from indicators.models import Area, Indicator, IndicatorLevel, Observation
from indicators.presenters.computed import Computed
from indicators.presenters.fetching import fetched
from indicators.presenters.figures import FigureView
from indicators.presenters.observations import (
    Figure,
    Key,
    Notes,
    is_typical,
    levels_with_footnotes,
    of_kind,
)
from sundhedsaftale.lib.viewed import Viewed
from sundhedsaftale.presenters.area_parts import Computing, Seen, computing, is_valid, seen_in_division
from sundhedsaftale.presenters.columns import Columns, columns_for
from sundhedsaftale.presenters.frame import AreaInView

#: Kinds there are so few of that all of their figures fit on a page.
SMALL_KINDS = ("country", "region", "cluster", "health_council")


@dataclass(frozen=True)
class IndicatorData:
    """figures: the newest of the usual kind for each area. series: the same, oldest first. versions: every other row."""

    indicator: Indicator
    area: AreaInView
    columns: Columns
    levels: tuple[IndicatorLevel, ...]
    figures: dict[int, Figure]
    series: dict[int, list[Figure]]
    others: tuple[Figure, ...]  # replaced by a correction, or of another length of period or method
    breakdowns: tuple[Figure, ...]
    municipalities: tuple[Figure, ...]
    seen: Seen
    computing: Computing
    areas: dict[int, Area] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Figure]:
        """The newest figures of all areas of a kind, in the order of the Danish alphabet."""
        if kind == "municipality":
            return list(self.municipalities)
        found = [figure for figure in self.figures.values() if figure.area.kind_id == kind]
        return sorted(found, key=lambda figure: figure.area.sort_key)

    @property
    def notes(self) -> Notes:
        """The notes of the fact sheets, fetched with them."""
        return {(note.framework_id, note.number): note.text for level in self.levels for note in level.footnotes.all()}

    @property
    def country(self) -> Figure | None:
        return self.figures.get(self.area.country.pk)

    @cached_property
    def by_key(self) -> dict[Key, Figure]:
        """Every newest figure, as the computing wants them."""
        found = (*self.municipalities, *self.figures.values())
        return {(self.indicator.pk, figure.area.pk): figure for figure in found}

    def computed(self, area: Area) -> Computed | None:
        """What stands in for the figure of an area that the source does not speak of."""
        return self.computing.of(self.indicator, area, self.by_key)

    def merged(self) -> list[tuple[Area, Computed]]:
        """Regions that come after others and have no figure yet, once they are there or are the area chosen."""
        seen = [one for one in self.computing.merged if one.pk == self.columns.own.pk or is_valid(one, self.seen.day)]
        return [(area, made) for area in seen if (made := self.computed(area)) is not None]

    def cell(self, area: Area) -> FigureView:
        return self.computing.cell(self.indicator, area, self.by_key)

    def figure(self, area_pk: int) -> Figure | None:
        found = self.figures.get(area_pk)
        return found or next((figure for figure in self.municipalities if figure.area.pk == area_pk), None)


def find_indicator(code: str) -> Indicator | None:
    """The indicator with its goal, framework and the indicator it is the same as. One query."""
    related = ("goal__framework", "same_as__goal__framework", "combining", "same_as__combining")
    return Indicator.objects.select_related(*related).filter(code=code).first()


def indicator_data(indicator: Indicator, area: AreaInView, look: Viewed) -> IndicatorData:
    """Five to eight queries: facts of each level and their notes 2, all figures of the few areas 1, the municipalities' 1,
    regions that merge 1; the division of the time, neighbours of parts and populations 1 each where there are any.

    An indicator that is the same as another by the source's own word shows the other's figures.
    """
    source_pk = indicator.same_as_id or indicator.pk
    seen = seen_in_division(area, look, [indicator])
    area = seen.area
    columns = columns_for(area)
    levels = levels_with_footnotes(indicator)
    by_kind = {level.area_kind_id: level for level in levels}
    known = {(source_pk, kind): level for kind, level in by_kind.items()}
    near = {columns.own.pk, *(ref.pk for ref in columns.shown)}
    areas = Area.objects.filter(Q(kind_id__in=SMALL_KINDS) | Q(pk__in=near))
    # Two figures may end on the same day, one of them covering five years: the shorter period is the newer one.
    order = ("-period_end", "-period_start", "-is_current", "-pk")
    rows = fetched(Observation.objects.filter(indicator_id=source_pk).in_areas(areas), *order)
    found = [Figure(row, indicator, by_kind.get(row.area.kind_id)) for row in rows]
    whole = [figure for figure in found if not figure.observation.breakdown]
    usual = [
        figure for figure in whole if figure.observation.is_current and is_typical(figure.observation, figure.level)
    ]
    newest: dict[int, Figure] = {}
    series: dict[int, list[Figure]] = defaultdict(list)
    for figure in usual:
        newest.setdefault(figure.area.pk, figure)
        series[figure.area.pk].insert(0, figure)
    kept = {figure.observation.pk for figure in usual}
    return IndicatorData(
        indicator=indicator,
        area=area,
        columns=columns,
        levels=tuple(levels),
        figures=newest,
        series=dict(series),
        others=tuple(figure for figure in whole if figure.observation.pk not in kept),
        breakdowns=tuple(figure for figure in found if figure.observation.breakdown and figure.observation.is_current),
        municipalities=tuple(of_kind(indicator, "municipality", levels=known)) if "municipality" in by_kind else (),
        seen=seen,
        computing=computing(seen, [indicator]),
        areas={figure.area.pk: figure.area for figure in found},
    )
