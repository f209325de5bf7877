"""The tables of an indicator's page: its areas, the groups it is broken down by, and the figures that were replaced."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Direction
from indicators.presenters.arithmetic import Sum, light_sum
from indicators.presenters.figures import (
    FigureView,
    breakdown_name,
    figure_view,
    kind_plural,
    number_text,
    period_label,
    published_words,
)
from indicators.presenters.lights import DEVELOPMENT, LEVEL
from indicators.presenters.observations import Figure
from sundhedsaftale.lib.danish import format_signed_pct, join_words
from sundhedsaftale.presenters.areas import dated
from sundhedsaftale.presenters.frame import AreaRef, full_name
from sundhedsaftale.presenters.indicator_charts import near_pks
from sundhedsaftale.presenters.indicator_data import IndicatorData


@dataclass(frozen=True)
class Row:
    name: str
    kinds: str  # "municipalities": what such areas are called together
    url: str
    note: str  # when the area begins or ends; "" when it simply is there
    cell: FigureView
    own: bool
    rank: str  # "no. 33 of 98"; "" where areas are not ranked
    level_sum: Sum | None
    development_sum: Sum | None


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class VersionRow:
    """A figure that is not the one in the table: replaced, from elsewhere, or of another kind of period."""

    area: str
    period: str
    text: str
    why: str
    edition: str


@dataclass(frozen=True)
class BreakdownRow:
    name: str
    before: str
    now: FigureView
    country: str
    level_sum: Sum | None
    development_sum: Sum | None


@dataclass(frozen=True)
class BreakdownTable:
    area: str
    period: str
    before: str  # the period of the earlier column; "" when there is none
    rows: tuple[BreakdownRow, ...]
    lit: bool  # whether any row has a light: a table of counts has none


def area_groups(data: IndicatorData, query: str) -> tuple[Group, ...]:
    """The reader's own areas, the regions, and the country."""
    groups = []
    own = [ref for ref in data.columns.shown if ref.kind != "region" or ref.pk == data.columns.own.pk]
    if not data.area.is_country:
        refs = list(dict.fromkeys([*own, AreaRef(data.columns.own.area)]))
        refs = [ref for ref in refs if ref.kind not in ("region", "country")]
        if refs:
            groups.append(Group(data.area.name, tuple(_row(data.figure(ref.pk), ref, data, query) for ref in refs)))
    regions = data.of_kind("region")
    rows = (
        *area_rows(regions, data, query),
        *(_row(None, AreaRef(area), data, query) for area, _made in data.merged()),
    )
    if rows:
        kind = regions[0].area.kind if regions else data.columns.own.area.kind
        groups.append(Group(kind_plural(kind), rows))
    others = [figure for kind in ("cluster", "health_council") for figure in data.of_kind(kind)]
    if others and data.columns.own.pk not in {figure.area.pk for figure in others}:
        groups.append(Group(kind_plural(others[0].area.kind), area_rows(others, data, query)))
    if data.country is not None:
        groups.append(Group("", area_rows([data.country], data, query)))
    return tuple(groups)


def area_rows(figures: Sequence[Figure], data: IndicatorData, query: str) -> tuple[Row, ...]:
    ranks = _ranks(figures, data)
    return tuple(
        _row(figure, AreaRef(figure.area), data, query, rank=ranks.get(figure.area.pk, "")) for figure in figures
    )


def _row(figure: Figure | None, ref: AreaRef, data: IndicatorData, query: str, rank: str = "") -> Row:
    cell = figure_view(figure, area=ref.area, indicator=data.indicator) if figure else data.cell(ref.area)
    if not rank and figure is not None and ref.kind == "municipality":
        rank = _ranks(data.municipalities, data).get(ref.pk, "")
    change = figure.assessment.level_change_pct if figure is not None and figure.assessment else None
    if change is not None and not cell.level.none:
        said = format_signed_pct(change, 1, get_language() or "da")
        cell = replace(cell, level=replace(cell.level, notes=(said, *cell.level.notes)))
    return Row(
        name=full_name(ref.area),
        kinds=kind_plural(ref.area.kind).lower() if ref.kind != "country" else ref.name,
        url=reverse("area", args=[ref.code]),
        note=dated(ref.area.valid_from, ref.area.valid_to, data.seen.day),
        cell=cell,
        own=ref.pk in near_pks(data),
        rank=rank,
        level_sum=light_sum(LEVEL, figure, data.notes),
        development_sum=light_sum(DEVELOPMENT, figure, data.notes),
    )


def _ranks(figures: Sequence[Figure], data: IndicatorData) -> dict[int, str]:
    """area -> "no. 33 of 98": equal figures share a place. Only areas of one kind and one period are ranked."""
    if data.indicator.direction == Direction.NONE or len(figures) < 3:
        return {}
    values = [(figure.area.pk, figure.observation.value) for figure in figures if figure.observation.value is not None]
    if len({figure.observation.period for figure in figures if figure.observation.value is not None}) > 1:
        return {}
    higher = data.indicator.direction == Direction.HIGHER
    ordered = sorted((value for _, value in values), reverse=higher)
    place = {value: index + 1 for index, value in reversed(list(enumerate(ordered)))}
    return {pk: _("no. %(place)d of %(count)d") % {"place": place[value], "count": len(values)} for pk, value in values}


def shared_period(groups: Sequence[Group]) -> str:
    periods = {row.cell.period_label for group in groups for row in group.rows if row.cell.text}
    return periods.pop() if len(periods) == 1 else ""


def breakdown_tables(data: IndicatorData) -> tuple[BreakdownTable, ...]:
    """One table for each area that has them, the country as a column: groups by prior contact, sector, age."""
    by_area: dict[int, dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in data.breakdowns:
        by_area[figure.area.pk][figure.observation.breakdown].append(figure)
    country = by_area.get(data.area.country.pk, {})
    tables = []
    for pk, groups in by_area.items():
        if pk == data.area.country.pk and len(by_area) > 1:
            continue
        tables.append(_breakdown_table(data, groups, {} if pk == data.area.country.pk else country))
    return tuple(sorted(tables, key=lambda table: table.area != data.area.name))


def _breakdown_table(
    data: IndicatorData, groups: dict[str, list[Figure]], country: dict[str, list[Figure]]
) -> BreakdownTable:
    order = {entry["code"]: index for index, entry in enumerate(data.indicator.breakdowns)}
    newest = max(figure.observation.period_end for figures in groups.values() for figure in figures)
    rows, periods, befores = [], set(), set()
    for code in sorted(groups, key=lambda code: (order.get(code, 99), code)):
        now = next((figure for figure in groups[code] if figure.observation.period_end == newest), groups[code][0])
        earlier = [figure for figure in groups[code] if figure.observation.period_end < now.observation.period_end]
        beside = [figure for figure in country.get(code, []) if figure.observation.period == now.observation.period]
        periods.add(period_label(now.observation.period))
        befores |= {period_label(figure.observation.period) for figure in earlier[:1]}
        rows.append(
            BreakdownRow(
                name=breakdown_name(data.indicator, code),
                before=_text(earlier[0]) if earlier else "",
                now=figure_view(now, area=now.area, indicator=data.indicator),
                country=_text(beside[0]) if beside else "",
                level_sum=light_sum(LEVEL, now, data.notes),
                development_sum=light_sum(DEVELOPMENT, now, data.notes),
            )
        )
    first = next(iter(groups.values()))[0]
    return BreakdownTable(
        area=first.area.name,
        period=join_words(sorted(periods), get_language() or "da"),
        before=befores.pop() if len(befores) == 1 else "",
        rows=tuple(rows),
        lit=any(not row.now.level.none or not row.now.development.none for row in rows),
    )


def version_rows(data: IndicatorData) -> tuple[VersionRow, ...]:
    """Every figure the page does not otherwise print: replaced by a correction, from elsewhere, of another period."""
    rows = []
    shown = {figure.observation.pk for figure in data.figures.values()}
    older = [figure for figures in data.series.values() for figure in figures if figure.observation.pk not in shown]
    for figure in (*data.others, *older):
        row = figure.observation
        when = published_words(row.edition.published_on)
        rows.append(
            VersionRow(
                area=full_name(figure.area),
                period=period_label(row.period),
                text=_text(figure) or row.reason,
                why=_why(figure),
                edition=f"{row.edition.title} ({when})" if when else row.edition.title,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.area != data.area.country.name))


def _why(figure: Figure) -> str:
    row = figure.observation
    if row.edition.withdrawn_at is not None:
        return _("From an edition that was rolled back.")
    if not row.is_current:
        return _("Replaced by a later figure.")
    if row.reason:
        return row.reason
    if figure.level is not None and row.method != figure.level.method:
        return _("Made by another method.")
    if figure.level is not None and figure.level.period_months is not None:
        return _("An earlier period, or one of another length.")
    return _("An earlier period.")


def _text(figure: Figure) -> str:
    return number_text(figure.observation.value, figure.decimals)
