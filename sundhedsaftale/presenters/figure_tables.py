"""Figures of several areas beside each other: a handful on the overview, a whole goal on its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import ngettext

from indicators.models import Area, Edition, Framework, Indicator, IndicatorLevel, PublishedCount
from indicators.presenters.figures import (
    FigureView,
    Tally,
    age_of_figures,
    figure_view,
    number_text,
    period_label,
    tally,
)
from indicators.presenters.lights import DEVELOPMENT, LEVEL, LightView, direction_sentence, plain_light
from indicators.presenters.observations import Figure, Key, Levels, latest
from initiatives.models import Contribution, Plan
from sundhedsaftale.presenters.columns import Columns

KEY_INDICATORS = 5


@dataclass(frozen=True)
class TallyView:
    """A tally of lights with their shapes and words, in the order good, same, bad, none."""

    entries: tuple[tuple[LightView, int], ...]
    total: int


def tally_view(counted: Tally, kind: str, *, short: bool = True) -> TallyView:
    entries = (
        (plain_light(kind, "green", short=short), counted.green),
        (plain_light(kind, "yellow", short=short), counted.yellow),
        (plain_light(kind, "red", short=short), counted.red),
        (plain_light(kind, "", short=short), counted.none),
    )
    return TallyView(tuple(entry for entry in entries if entry[1]), counted.lit + counted.none)


@dataclass(frozen=True)
class TableRow:
    name: str
    url: str
    unit: str
    direction: str
    cells: tuple[FigureView, ...]  # in the order of the columns
    crowd: TallyView | None  # the level lights of the municipalities that have no column
    country: str


@dataclass(frozen=True)
class FigureTable:
    headers: tuple[str, ...]
    crowd_header: str
    country_header: str
    rows: tuple[TableRow, ...]
    period: str  # "2023" when every figure is of it, else ""
    direction: str  # "Lower is better." when it is true of every row, else ""
    doubtful: bool  # whether any light in it carries the mark of rounding
    age: str


@dataclass(frozen=True)
class KeyIndicators:
    chosen: tuple[Indicator, ...]
    levels: Levels


def key_indicators(plan: Plan | None, columns: Columns) -> KeyIndicators:
    """Those the plan's items are linked to first, then one for each goal, of what is measured for the columns. One query."""
    kinds = {ref.kind for ref in (*columns.shown, *columns.crowd)}
    first = Framework.objects.order_by("position", "slug").values("pk")[:1]
    linked = Contribution.objects.active().filter(item__plan=plan, indicator=OuterRef("indicator"))
    levels = list(
        IndicatorLevel.objects.filter(
            Q(area_kind_id="country") | Q(area_kind_id__in=kinds), indicator__goal__framework_id=Subquery(first)
        )
        .annotate(linked=Exists(linked))
        .select_related("indicator__goal")
        .order_by("-linked", "indicator__goal__number", "indicator__position")
    )
    measured = {level.indicator_id: level for level in levels if level.area_kind_id in kinds}
    found = [level.indicator for level in measured.values()]
    chosen = [level.indicator for level in measured.values() if getattr(level, "linked", False)][:KEY_INDICATORS]
    goals = {indicator.goal_id for indicator in chosen}
    for indicator in found:
        if len(chosen) < KEY_INDICATORS and indicator.goal_id not in goals:
            chosen.append(indicator)
            goals.add(indicator.goal_id)
    # Municipalities are measured under three goals only: then the rest come from the goals the plan works for.
    chosen += [indicator for indicator in found if indicator not in chosen][: KEY_INDICATORS - len(chosen)]
    return KeyIndicators(tuple(chosen), {(level.indicator_id, level.area_kind_id): level for level in levels})


def figure_table(key: KeyIndicators, columns: Columns, country: Area, query: str = "") -> FigureTable:
    """One query. Indicators without any figure in the columns are left out: their pages say why."""
    areas = [ref.area for ref in (*columns.shown, *columns.crowd)] + [country]
    return table_of(key.chosen, columns, country, latest(key.chosen, areas, levels=key.levels), query)


def table_of(
    indicators: Sequence[Indicator],
    columns: Columns,
    country: Area,
    figures: dict[Key, Figure],
    query: str = "",
    cell: Callable[..., FigureView] | None = None,
) -> FigureTable:
    """The same from figures already fetched. cell: how a figure becomes a cell, when some of them are computed."""
    rows = []
    shown: list[Figure] = []
    for indicator in indicators:
        of_columns = [figures.get((indicator.pk, ref.pk)) for ref in columns.shown]
        of_crowd = [figures.get((indicator.pk, ref.pk)) for ref in columns.crowd]
        present = [figure for figure in (*of_columns, *of_crowd) if figure is not None]
        if not any(figure.observation.value is not None for figure in present):
            continue
        shown += present
        rows.append(_row(indicator, columns, of_columns, of_crowd, figures, country, query, cell or _published))
    periods = {figure.observation.period for figure in shown}
    directions = {figure.indicator.direction for figure in shown}
    return FigureTable(
        headers=tuple(ref.name for ref in columns.shown),
        crowd_header=_crowd_header(len(columns.crowd)),
        country_header=country.name,
        rows=tuple(rows),
        period=period_label(periods.pop()) if len(periods) == 1 else "",
        direction=direction_sentence(directions.pop()) if len(directions) == 1 else "",
        doubtful=any(cell.level.doubtful for row in rows for cell in row.cells),
        age=age_of(shown),
    )


def _crowd_header(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(count)d municipality", "%(count)d municipalities", count) % {"count": count}


def _row(
    indicator: Indicator,
    columns: Columns,
    of_columns: Sequence[Figure | None],
    of_crowd: Sequence[Figure | None],
    figures: dict[Key, Figure],
    country: Area,
    query: str,
    cell: Callable[..., FigureView],
) -> TableRow:
    cells = tuple(cell(indicator, ref.area, figures, short=True) for ref in columns.shown)
    crowd = None
    if columns.crowd:
        views = [
            figure_view(figure, area=ref.area, indicator=indicator).level
            for figure, ref in zip(of_crowd, columns.crowd, strict=True)
        ]
        crowd = tally_view(tally(views), LEVEL)
    return TableRow(
        name=indicator.name,
        url=reverse("indicator", args=[indicator.code]) + query,
        unit=indicator.unit,
        direction=direction_sentence(indicator.direction),
        cells=cells,
        crowd=crowd,
        country=comparator_text([*of_columns, *of_crowd], figures.get((indicator.pk, country.pk))),
    )


def _published(indicator: Indicator, area: Area, figures: dict[Key, Figure], *, short: bool) -> FigureView:
    return figure_view(figures.get((indicator.pk, area.pk)), area=area, indicator=indicator, short=short)


def comparator_text(figures: Iterable[Figure | None], of_country: Figure | None) -> str:
    """The country's figure that these are compared with. It is read from the comparison itself where there is one: the
    tables of regions and of municipalities can each have their own."""
    for figure in figures:
        if figure is not None and figure.assessment is not None and figure.assessment.level_comparator is not None:
            return number_text(figure.assessment.level_comparator.value, figure.decimals)
    if of_country is None or of_country.observation.value is None:
        return ""
    return number_text(of_country.observation.value, of_country.decimals)


def age_of(figures: Iterable[Figure]) -> str:
    editions: dict[int, Edition] = {figure.observation.edition_id: figure.observation.edition for figure in figures}
    return age_of_figures(editions.values())


def published_tally(count: PublishedCount) -> TallyView:
    """The report's own count of development lights for the country; what it lists and does not count has no light."""
    without = max(0, (count.listed or count.counted) - count.counted)
    return tally_view(Tally(count.green, count.yellow or 0, count.red or 0, without), DEVELOPMENT)
