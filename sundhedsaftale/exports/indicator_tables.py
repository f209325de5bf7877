"""The tables of an indicator's page as they go into files. Made of what the page prints."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from indicators.exports.cells import (
    area_columns,
    figure_cells,
    figure_columns,
    printed,
    sum_cell,
    value_column,
    value_of,
)
from indicators.exports.facts import Blank, Column
from indicators.presenters.figures import kind_plural
from sundhedsaftale.exports.page_tables import Content, Rows
from sundhedsaftale.presenters.indicator_data import IndicatorData
from sundhedsaftale.presenters.indicator_facts import footnotes
from sundhedsaftale.presenters.indicator_tables import Row, area_groups, area_rows, breakdown_tables, version_rows


def caption(data: IndicatorData) -> str:
    indicator = data.indicator
    return f"{indicator.name}, {indicator.unit}" if indicator.unit else indicator.name


def areas(data: IndicatorData) -> Content:
    """The reader's own areas, the regions and the country."""
    return _areas(data, caption(data), [(group.title, row) for group in area_groups(data, "") for row in group.rows])


def municipalities(data: IndicatorData) -> Content:
    kind = kind_plural(data.municipalities[0].area.kind) if data.municipalities else ""
    rows = [(kind, row) for row in area_rows(data.municipalities, data, "")]
    return _areas(data, f"{caption(data)}: {_('All municipalities')}", rows)


def _areas(data: IndicatorData, title: str, found: Iterable[tuple[str, Row]]) -> Content:
    columns = (
        Column("group", _("Together with"), width=24),
        *area_columns(),
        value_column(),
        *figure_columns(),
        Column("place", _("Place"), width=14),
        Column("sums", _("The arithmetic"), width=60),
    )
    lines = list(found)
    rows: Rows = [
        (
            group,
            row.name,
            row.cell.area_code,
            value_of(row.cell),
            *figure_cells(row.cell, data.indicator.unit),
            row.rank,
            sum_cell(row.development_sum, row.level_sum),
        )
        for group, row in lines
    ]
    cells = tuple(row.cell for _group, row in lines)
    return Content(title, columns, rows, cells, footnotes=footnotes(data))


def groups(data: IndicatorData) -> Content:
    """By prior contact, sector or age: one row for each group in each area that has them."""
    columns = (
        Column("area", _("Area"), key=True, role="geo", width=26),
        Column("breakdown", _("Group"), key=True, width=30),
        Column("before", _("The period before"), measure=True, width=14),
        value_column(),
        Column("country", data.area.country.name, measure=True, width=14),
        Column("before_period", _("Which period before"), width=14),
        *figure_columns(),
        Column("sums", _("The arithmetic"), width=60),
    )
    lines = [(table, row) for table in breakdown_tables(data) for row in table.rows]
    rows: Rows = [
        (
            table.area,
            row.name,
            printed(row.before),
            value_of(row.now),
            printed(row.country if table.lit else ""),
            table.before,
            *figure_cells(row.now, data.indicator.unit),
            sum_cell(row.development_sum, row.level_sum),
        )
        for table, row in lines
    ]
    title = f"{caption(data)}: {_('Groups')}"
    return Content(title, columns, rows, tuple(row.now for _table, row in lines), footnotes=footnotes(data))


def versions(data: IndicatorData) -> Content:
    """Earlier, corrected and other figures: what was replaced is never lost."""
    columns = (
        Column("area", _("Area"), role="geo", width=26),
        Column("period", _("Period"), role="time", width=14),
        value_column(),
        Column("unit", _("Unit"), width=18),
        Column("blank", _("Why no figure"), width=36),
        Column("why", _("Why it stands here"), width=40),
        Column("edition", _("Edition"), width=50),
    )
    series = (figure for figures in data.series.values() for figure in figures)
    editions = tuple({figure.observation.edition.title for figure in (*data.others, *series)})
    rows: Rows = []
    for row in version_rows(data):
        value = printed(row.text)
        blank = value.reason if isinstance(value, Blank) else ""
        rows.append((row.area, row.period, value, data.indicator.unit, blank, row.why, row.edition))
    title = f"{caption(data)}: {_('Earlier, corrected and other figures')}"
    return Content(title, columns, rows, footnotes=footnotes(data), editions=editions)


TABLES: dict[str, Callable[[IndicatorData], Content]] = {
    "omraader": areas,
    "kommuner": municipalities,
    "grupper": groups,
    "andre-tal": versions,
}
