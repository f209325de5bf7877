"""Everything one indicator's page is made of, fetched in four queries and sorted out in Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
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
    levels_and_notes,
    of_kind,
)
from initiatives.models import Target
from sundhedsaftale.lib.viewed import Viewed
from sundhedsaftale.presenters.area_parts import (
    Computing,
    Seen,
    around,
    commonest_day,
    computing,
    is_valid,
    seen_of_day,
)
from sundhedsaftale.presenters.columns import Columns, columns_for
from sundhedsaftale.presenters.frame import AreaInView

#: Kinds there are so few of that all of their figures fit on a page.
SMALL_KINDS = ("country", "region", "cluster", "health_council")


@dataclass(frozen=True)
class IndicatorData:
    """figures: the newest of the usual kind for each area. series: the same, oldest first. versions: every other row.

    part_series: series of what the chosen area's figures are computed from; its municipalities are in no other table.
    """

    indicator: Indicator
    area: AreaInView
    columns: Columns
    levels: tuple[IndicatorLevel, ...]
    notes: Notes  # of the fact sheets
    figures: dict[int, Figure]
    series: dict[int, list[Figure]]
    others: tuple[Figure, ...]  # replaced by a correction, or of another length of period or method
    breakdowns: tuple[Figure, ...]
    municipalities: tuple[Figure, ...]
    seen: Seen
    computing: Computing
    part_series: dict[int, list[Figure]] = field(default_factory=dict)
    current: tuple[Observation, ...] = ()  # of every method and length of period, newest first
    areas: dict[int, Area] = field(default_factory=dict)

    def of_kind(self, kind: str) -> list[Figure]:
        """The newest figures of all areas of a kind, in the order of the Danish alphabet."""
        if kind == "municipality":
            return list(self.municipalities)
        found = [figure for figure in self.figures.values() if figure.area.kind_id == kind]
        return sorted(found, key=lambda figure: figure.area.sort_key)

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

    def pk_of(self, code: str) -> int:
        """The primary key of an area with figures on the page; 0 for none."""
        return next((pk for pk, area in self.areas.items() if area.code == code), 0)

    def figure(self, area_pk: int) -> Figure | None:
        found = self.figures.get(area_pk)
        return found or next((figure for figure in self.municipalities if figure.area.pk == area_pk), None)


def find_indicator(code: str) -> Indicator | None:
    """The indicator with its goal, framework and the indicator it is the same as. One query."""
    related = ("goal__framework", "same_as__goal__framework", "combining", "same_as__combining")
    return Indicator.objects.select_related(*related).filter(code=code).first()


def indicator_data(indicator: Indicator, area: AreaInView, look: Viewed) -> IndicatorData:
    """Three to five queries: facts of each level and their notes 1, all figures of the few areas 1, the municipalities' 1,
    regions that merge 1 and populations 1 where there are any.

    An indicator that is the same as another by the source's own word shows the other's figures. In the division of the
    time the figures themselves say which day that is, so those of all areas that ever lay near are fetched.
    """
    source_pk = indicator.same_as_id or indicator.pk
    seen = seen_of_day(area, look, look.day)
    made = computing(seen, [indicator])
    parts = {one.pk for one in made.part_areas()}
    levels, notes = levels_and_notes(indicator)
    by_kind = {level.area_kind_id: level for level in levels}
    known = {(source_pk, kind): level for kind, level in by_kind.items()}
    once_near = around(area) if look.then else set()
    every = _figures(indicator, by_kind, _near(seen.area) | parts | once_near)
    if look.then:
        seen = seen_of_day(area, look, commonest_day(_newest_days(every, once_near), look.day))
        made = replace(made, seen=seen.area, day=seen.day)
    near = _near(seen.area)
    found = [figure for figure in every if figure.area.kind_id in SMALL_KINDS or figure.area.pk in near]
    whole = [figure for figure in found if not figure.observation.breakdown]
    usual = [figure for figure in whole if _is_usual(figure)]
    series = _series(usual)
    kept = {figure.observation.pk for figure in usual}
    return IndicatorData(
        indicator=indicator,
        area=seen.area,
        columns=columns_for(seen.area),
        levels=tuple(levels),
        notes=notes,
        figures={pk: rows[-1] for pk, rows in series.items()},
        series=series,
        others=tuple(figure for figure in whole if figure.observation.pk not in kept),
        breakdowns=tuple(figure for figure in found if figure.observation.breakdown and figure.observation.is_current),
        municipalities=tuple(of_kind(indicator, "municipality", levels=known)) if "municipality" in by_kind else (),
        seen=seen,
        computing=made,
        part_series=_series(f for f in every if f.area.pk in parts and _is_usual(f) and not f.observation.breakdown),
        current=tuple(f.observation for f in every if f.observation.is_current and not f.observation.breakdown),
        areas={figure.area.pk: figure.area for figure in found},
    )


def _near(area: AreaInView) -> set[int]:
    columns = columns_for(area)
    return {columns.own.pk, *(ref.pk for ref in columns.shown)}


def _figures(indicator: Indicator, by_kind: dict[str, IndicatorLevel], near: set[int]) -> list[Figure]:
    """One query, newest first: of the kinds there are few of, of the areas near, and of those that have a target."""
    source_pk = indicator.same_as_id or indicator.pk
    with_target = Target.objects.standing().filter(indicator_id=source_pk).order_by().values("area_id")
    wanted = Q(kind_id__in=SMALL_KINDS) | Q(pk__in=near) | Q(pk__in=with_target)
    areas = Area.objects.filter(wanted).order_by()
    # Two figures may end on the same day, one of them covering five years: the shorter period is the newer one.
    order = ("-period_end", "-period_start", "-is_current", "-pk")
    rows = fetched(Observation.objects.filter(indicator_id=source_pk).in_areas(areas), *order)
    return [Figure(row, indicator, by_kind.get(row.area.kind_id)) for row in rows]


def _series(newest_first: Iterable[Figure]) -> dict[int, list[Figure]]:
    """By area, oldest first."""
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in newest_first:
        found[figure.area.pk].append(figure)
    return {pk: rows[::-1] for pk, rows in found.items()}


def _newest_days(newest_first: Iterable[Figure], near: set[int]) -> list[date]:
    """The last day of the newest figure of each area near that has one."""
    found: dict[int, date] = {}
    for figure in newest_first:
        row = figure.observation
        if row.is_current and not row.breakdown and row.value is not None and row.area_id in near:
            found.setdefault(row.area_id, row.period_end)
    return list(found.values())


def _is_usual(figure: Figure) -> bool:
    return figure.observation.is_current and is_typical(figure.observation, figure.level)
