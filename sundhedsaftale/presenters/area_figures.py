"""What an area's page knows of figures: its own, its parts', its neighbours' and its predecessors', fetched once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Subquery
from django.db.models.functions import Coalesce

from indicators.models import Area, AreaMembership, AreaSuccession, Indicator, IndicatorLevel
from indicators.presenters.computed import PartOf, Populations, populations_of
from indicators.presenters.observations import Figure, Key, latest
from sundhedsaftale.lib.viewed import Viewed
from sundhedsaftale.presenters.area_parts import MADE_OF_MUNICIPALITIES, Relations, all_members, is_valid
from sundhedsaftale.presenters.columns import Columns, columns_for
from sundhedsaftale.presenters.frame import AreaInView


@dataclass(frozen=True)
class AreaFigures:
    area: AreaInView
    look: Viewed
    columns: Columns
    indicators: tuple[Indicator, ...]
    not_measured: int
    figures: dict[Key, Figure]
    relations: Relations
    populations: Populations

    @property
    def own(self) -> list[tuple[Indicator, Figure | None]]:
        return [(indicator, self.figures.get((indicator.pk, self.area.pk))) for indicator in self.indicators]

    def then_day(self, indicators: Iterable[Indicator]) -> date:
        """The last day of the period most of the figures around here are of; the day looked at when there are none."""
        wanted = {one.pk for one in indicators}
        around = {pk for pk in self._around() if pk != self.area.country.pk}
        ends = Counter(
            figure.observation.period_end
            for (indicator, area), figure in self.figures.items()
            if indicator in wanted and area in around and figure.observation.value is not None
        )
        return max(ends, key=lambda day: (ends[day], day), default=self.look.day)

    def _around(self) -> set[int]:
        return {
            self.area.pk,
            *(one.pk for one in all_members(self.area)),
            *(area.pk for area in self.relations.areas()),
        }

    def instead_of(self, area: Area, day: date) -> tuple[Area, ...]:
        """Those that were there on a day the area was not: what it comes from, or what comes after it."""
        if is_valid(area, day):
            return ()
        not_begun = area.valid_from is not None and area.valid_from > day
        others = self.relations.predecessors_of(area.pk) if not_begun else self.relations.successors_of(area.pk)
        return tuple(one for one in others if is_valid(one, day))

    def parts_of(self, area: Area, day: date) -> tuple[PartOf, ...]:
        return self.relations.parts_of(area, self.area, day)


def area_figures(area: AreaInView, look: Viewed) -> AreaFigures:
    """Five queries: relations 2, indicators and levels 1, figures 1, populations at most 1."""
    relations = _relations(area)
    indicators, levels, total = _indicators()
    columns = columns_for(area)
    wanted = {ref.pk: ref.area for ref in (columns.own, *columns.shown, *columns.crowd)}
    wanted |= {one.pk: one for one in (*all_members(area), *relations.areas())}
    wanted.setdefault(area.country.pk, area.country)
    return AreaFigures(
        area=area,
        look=look,
        columns=columns,
        indicators=indicators,
        not_measured=total - len({pk for pk, kind in levels if kind == area.kind}),
        figures=latest(indicators, wanted.values(), levels=levels),
        relations=relations,
        populations=populations_of(wanted.values(), indicators),
    )


def _relations(area: AreaInView) -> Relations:
    """Two queries: who lies beside it and in its parts, and what comes before and after all of these."""
    members = all_members(area)
    containers = [one.container for one in area.memberships if one.member_id == area.pk]
    groups = [one.pk for one in (*members, *containers) if one.kind_id in MADE_OF_MUNICIPALITIES]
    where = Q(container_id__in=groups)
    if area.kind != "municipality" or not groups:
        where |= Q(container_id__in=[one.pk for one in containers], member__kind_id=area.kind)
    if area.kind in MADE_OF_MUNICIPALITIES:
        where |= Q(member_id__in=[one.pk for one in members], container__kind_id=area.kind)
    memberships = AreaMembership.objects.filter(where).select_related("member__kind", "container__kind").order_by("pk")
    near = [area.pk, *(one.pk for one in members), *(one.pk for one in containers)]
    successions = AreaSuccession.objects.filter(Q(predecessor_id__in=near) | Q(successor_id__in=near))
    return Relations(
        tuple(memberships),
        tuple(successions.select_related("predecessor__kind", "successor__kind").order_by("on", "pk")),
    )


def _indicators() -> tuple[tuple[Indicator, ...], dict[tuple[int, str], IndicatorLevel], int]:
    """One query: indicators by goal, their levels, and how many indicators there are, those without a level included."""
    originals = Indicator.objects.filter(same_as__isnull=True).order_by()
    total = originals.annotate(every=Coalesce("same_as_id", 0)).values("every").annotate(n=Count("pk")).values("n")
    rows = (
        IndicatorLevel.objects.filter(indicator__same_as__isnull=True)
        .select_related("indicator__goal__framework", "indicator__combining")
        .annotate(total=Subquery(total[:1]))
        .order_by("indicator__goal__framework__position", "indicator__goal__number", "indicator__position", "pk")
    )
    indicators: dict[int, Indicator] = {}
    levels: dict[tuple[int, str], IndicatorLevel] = {}
    count = 0
    for level in rows:
        indicators.setdefault(level.indicator_id, level.indicator)
        levels[level.indicator_id, level.area_kind_id] = level
        count = getattr(level, "total", 0)
    return tuple(indicators.values()), levels, count
