"""The tables of what is made of figures, as they go into files: lists, ranking, distance, targets, computed values."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from indicators.exports.cells import (
    area_columns,
    figure_cells,
    figure_columns,
    indicator_column,
    printed,
    sum_cell,
    value_column,
    value_of,
)
from indicators.exports.facts import Blank, Cell, Column, Number
from indicators.presenters.computed import Computed, missing_word
from sundhedsaftale.exports.page_tables import Content, Rows
from sundhedsaftale.presenters.area_curves import CurveRow, CurvesPage, GoalCurvesPage
from sundhedsaftale.presenters.area_lists import AreaLists, ListRow
from sundhedsaftale.presenters.area_page import AreaPage
from sundhedsaftale.presenters.area_ranking import KindFigures
from sundhedsaftale.presenters.frame import AreaInView
from sundhedsaftale.presenters.indicator_data import IndicatorData
from sundhedsaftale.presenters.indicator_distance import distance_view
from sundhedsaftale.presenters.indicator_facts import footnotes
from sundhedsaftale.presenters.indicator_moved import area_breaks
from sundhedsaftale.presenters.indicator_targets import TargetsView

# --- An area ----------------------------------------------------------------------------------------------------------


def worse(page: AreaLists, area: AreaInView) -> Content:
    return _listed(page.worse, f"{_('Worse than the country, and worsening')}: {area.name}", area)


def better(page: AreaLists, area: AreaInView) -> Content:
    return _listed(page.better, f"{_('Better than the country, and improving')}: {area.name}", area)


def left_out(page: AreaLists, area: AreaInView) -> Content:
    """A row for each figure that is in neither list, with the reason."""
    columns = (
        Column("figure", _("Figure"), key=True, width=60),
        Column("why", _("Why it is not listed"), width=60),
        Column("count", _("How many for that reason"), measure=True, width=12),
    )
    rows: Rows = [(name, line.why, line.count) for line in page.left_out for name in line.names]
    return Content(f"{_('Why are the others not listed?')} {area.name}", columns, rows)


LISTS: dict[str, Callable[[AreaLists, AreaInView], Content]] = {
    "vaerre": worse,
    "bedre": better,
    "udeladt": left_out,
}


def _listed(found: Sequence[ListRow], title: str, area: AreaInView) -> Content:
    columns = (
        indicator_column(),
        *area_columns(),
        value_column(),
        Column("country", area.country.name, measure=True, width=14),
        *figure_columns(),
        Column("sums", _("The arithmetic"), width=60),
    )
    rows: Rows = [
        (
            row.name,
            row.cell.area_name,
            row.cell.area_code,
            value_of(row.cell),
            printed(row.country),
            *figure_cells(row.cell, row.unit),
            sum_cell(row.development_sum, row.level_sum),
        )
        for row in found
    ]
    return Content(title, columns, rows, tuple(row.cell for row in found))


def computed_values(page: AreaPage, area: AreaInView) -> Content | None:
    """What is computed, with the sums behind it; after them what cannot be, with the reason."""
    if page.computed is None:
        return None
    columns = (
        indicator_column(),
        value_column(),
        Column("numerator", _("Numerator"), measure=True, width=14),
        Column("denominator", _("Denominator"), measure=True, width=14),
        Column("people", _("People weighted with"), measure=True, width=14),
        Column("unit", _("Unit"), width=18),
        Column("period", _("Period"), width=14),
        Column("mark", _("Mark"), width=12),
        Column("made", _("Computed from"), width=50),
        Column("missing", _("Parts that are not counted in"), width=40),
        Column("blank", _("Why no figure"), width=50),
        Column("edition", _("Edition"), width=40),
    )
    rows: Rows = [_computed(one) for one, _url in page.computed.values]
    none = (Blank("no_figure"),) * 4
    for group in page.computed.blanks:
        rows += [(name, *none, "", "", "", "", "", group.reason, "") for name, _url in group.indicators]
    editions = tuple({one.edition for one, _url in page.computed.values if one.edition})
    return Content(f"{_('Computed figures')}: {area.name}", columns, rows, editions=editions)


def _computed(one: Computed) -> Sequence[Cell]:
    result = one.result
    missing = ", ".join(f"{part.code} ({missing_word(part.why)})" for part in result.missing)
    sums = (result.numerator, result.denominator, result.people)
    return (
        one.name,
        printed(one.text),
        *(Blank("not_used") if number is None else Number(number, 0) for number in sums),
        one.unit,
        one.period_label,
        _("Computed"),
        one.made,
        missing,
        "",
        one.edition,
    )


# --- An indicator -----------------------------------------------------------------------------------------------------


def distance(data: IndicatorData) -> Content:
    found = distance_view(data)
    columns = (
        Column("area", _("Area"), key=True, role="geo", width=26),
        value_column(),
        Column("distance", _("Distance now"), measure=True, width=14),
        Column("before", _("Distance at the measurement before"), measure=True, width=14),
        Column("unit", _("Unit"), width=18),
        Column("moved", _("Since the measurement before"), width=30),
        Column("blank", _("Why no figure"), width=40),
        Column("before_period", _("Which period before"), width=14),
    )
    rows: Rows = [
        (
            row.name,
            printed(row.value),
            printed(row.now),
            printed(row.before),
            data.indicator.unit,
            row.moved,
            row.why,
            found.before,
        )
        for row in found.rows
    ]
    title = f"{data.indicator.name}: {found.caption}"
    return Content(title, columns, rows, footnotes=footnotes(data), editions=editions_of(data))


def broken(data: IndicatorData) -> Content:
    """Where areas end and others begin, so that no curve may go on across."""
    columns = (
        Column("area", _("Area"), key=True, role="geo", width=26),
        Column("when", _("When"), width=30),
        Column("instead", _("What comes instead"), width=50),
    )
    rows: Rows = [(row.area, row.dated, row.instead) for row in area_breaks(data)]
    title = f"{data.indicator.name}: {_('Where a curve is broken')}"
    return Content(title, columns, rows, editions=editions_of(data))


def curves(page: CurvesPage) -> Content:
    """A row for each area and period."""
    first = Column("area", _("Area"), key=True, role="geo", width=26)
    return _measured(f"{page.caption}: {page.area_words}", first, page.rows)


def goal_curves(page: GoalCurvesPage) -> Content:
    """A row for each indicator of the goal and period, in one area."""
    return _measured(f"{page.name}: {page.area_name}", indicator_column(), page.rows)


def _measured(title: str, first: Column, found: Sequence[CurveRow]) -> Content:
    """Computed figures are marked, with what they are made of; what has no figure at all has a row that says so."""
    columns = (
        first,
        Column("period", _("Period"), key=True, role="time", width=14),
        value_column(),
        Column("mark", _("Mark"), width=12),
        Column("blank", _("Why no figure"), width=36),
        Column("made", _("Computed from"), width=50),
        Column("missing", _("Parts that are not counted in"), width=40),
        Column("edition", _("Edition"), width=50),
    )
    rows: Rows = []
    editions = set()
    for row in found:
        for one in row.readings:
            made = one.made if one.value is not None else None
            rows.append(
                (
                    row.name,
                    one.label,
                    printed(one.text, word=one.blank, reason=one.reason),
                    _("Computed") if made else "",
                    one.reason or one.blank,
                    made.made if made else "",
                    made.missing if made else "",
                    one.edition,
                )
            )
            editions.add(one.edition)
        if not row.readings:
            rows.append((row.name, "", Blank("no_figure"), "", _("No figure held"), "", "", ""))
    return Content(title, columns, rows, editions=tuple(editions - {""}))


def editions_of(data: IndicatorData) -> tuple[str, ...]:
    return tuple({figure.observation.edition.title for figures in data.series.values() for figure in figures})


def targets(data: IndicatorData, view: TargetsView) -> Content:
    columns = (
        Column("area", _("Area"), role="geo", width=26),
        Column("body", _("Body"), width=40),
        Column("target", _("Target"), measure=True, width=14),
        Column("start", _("At the start"), width=24),
        Column("now", _("Now"), width=24),
        Column("needed", _("Still needed"), width=24),
        Column("unit", _("Unit"), width=18),
        Column("due", _("To be reached"), width=20),
        Column("decided", _("Decided"), width=40),
        Column("course", _("On course?"), width=20),
        Column("why", _("Because"), width=40),
        Column("note", _("Remark"), width=40),
    )
    rows: Rows = [
        (
            row.area,
            row.body,
            _number(row.value, data),
            row.start,
            row.now,
            row.needed,
            data.indicator.unit,
            row.due,
            row.decided,
            row.word,
            row.why,
            row.note,
        )
        for row in view.rows
    ]
    title = f"{data.indicator.name}: {_('Local targets')}"
    return Content(title, columns, rows, footnotes=footnotes(data), editions=editions_of(data))


def _number(text: str, data: IndicatorData) -> Number | Blank:
    return printed(text.removesuffix(data.indicator.unit).strip())


def ranking(data: KindFigures) -> Content:
    """In the order of the places; what has no place says why."""
    columns = (
        *area_columns(),
        value_column(),
        Column("place", _("Place"), width=14),
        Column("no_place", _("Why no place"), width=40),
        Column("difference", _("Difference from the country"), measure=True, width=14),
        Column("no_difference", _("Why no difference"), width=40),
        *figure_columns(),
    )
    rows: Rows = [
        (
            row.name,
            row.cell.area_code,
            value_of(row.cell),
            row.place,
            row.why,
            printed(row.difference.replace("\u2212", "-").lstrip("+"), reason=row.no_difference),
            row.no_difference,
            *figure_cells(row.cell, data.indicator.unit),
        )
        for row in data.rows
    ]
    title = f"{data.indicator.name}: {_('Place')}"
    return Content(title, columns, rows, tuple(row.cell for row in data.rows))
