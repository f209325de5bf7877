"""The tables of the pages about goals, areas and coverage, as they go into files. Made of what the page prints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from indicators.exports.cells import (
    figure_cells,
    figure_columns,
    indicator_column,
    light_words,
    printed,
    sum_cell,
    value_column,
    value_of,
)
from indicators.exports.facts import Blank, Cell, Column
from indicators.models import Goal
from indicators.presenters.figures import FigureView
from sundhedsaftale.presenters.area_page import AreaPage
from sundhedsaftale.presenters.coverage import Coverage, GoalCover, IndicatorCover
from sundhedsaftale.presenters.figure_tables import FigureTable, TallyView
from sundhedsaftale.presenters.frame import AreaInView
from sundhedsaftale.presenters.goal_list import GoalList
from sundhedsaftale.presenters.goal_page import GoalPage

Rows = list[Sequence[Cell]]


@dataclass(frozen=True)
class Content:
    """A table before it knows where it was asked for. `shown`: the figures in it, which name their editions and notes."""

    title: str
    columns: tuple[Column, ...]
    rows: Rows
    shown: tuple[FigureView, ...] = ()
    framework_id: int | None = None
    footnotes: tuple[tuple[int, str], ...] = ()
    editions: tuple[str, ...] = field(default=())


# --- Goals ------------------------------------------------------------------------------------------------------------


def goal_indicators(page: GoalPage, goal: Goal, area: AreaInView) -> Content:
    columns = (indicator_column(), value_column(), _country(page.country_name), *figure_columns(), *_sum_columns())
    rows: Rows = [
        (
            row.name,
            value_of(row.cell),
            printed(row.country),
            *figure_cells(row.cell, row.unit),
            sum_cell(row.development_sum),
            sum_cell(row.level_sum),
        )
        for row in page.rows
    ]
    title = f"{page.name}: {page.area_name or area.name}"
    return Content(title, columns, rows, tuple(row.cell for row in page.rows), goal.framework_id)


def goal_areas(page: GoalPage, goal: Goal) -> Content | None:
    if page.matrix is None:
        return None
    return matrix(f"{page.name}: {page.matrix_title}", page.matrix, goal.framework_id)


def matrix(title: str, table: FigureTable, framework_id: int | None) -> Content:
    """A row for each indicator and area; the municipalities that are counted together are one of the areas."""
    columns = (
        indicator_column(),
        Column("area", _("Area"), key=True, role="geo", width=26),
        value_column(),
        *(_light_counts() if table.crowd_header else ()),
        *figure_columns(),
    )
    rows: Rows = []
    for row in table.rows:
        none = (Blank("not_counted"),) * (4 if table.crowd_header else 0)
        rows += [(row.name, c.area_name, value_of(c), *none, *figure_cells(c, row.unit)) for c in row.cells]
        rest = ("",) * (len(figure_columns()) - 1)
        if row.crowd:
            counted = Blank("counted", "", _("Their lights are counted."))
            rows.append((row.name, table.crowd_header, counted, *counts(row.crowd), row.unit, *rest))
        rows.append((row.name, table.country_header, printed(row.country), *none, row.unit, *rest))
    shown = tuple(cell for row in table.rows for cell in row.cells)
    return Content(title, columns, rows, shown, framework_id)


def goal_lines(page: GoalList) -> Content:
    columns = (
        Column("framework", _("Framework"), key=True, width=30),
        Column("goal", _("Goal"), key=True, width=44),
        Column("indicators", _("Indicators"), measure=True, width=12),
        *_light_counts(),
        *_work_columns(),
    )
    rows: Rows = [
        (
            framework.name,
            f"{goal.number}. {goal.name}",
            len(goal.indicators),
            *counts(goal.lights),
            goal.work.items,
            goal.work.initiatives,
        )
        for framework in page.frameworks
        for goal in framework.goals
    ]
    return Content(f"{_('Goals')}: {page.lights_of}", columns, rows)


# --- An area ----------------------------------------------------------------------------------------------------------


def area_figures(page: AreaPage, area: AreaInView) -> Content:
    """Goal by goal, and after them the indicators without a figure, each with its reason."""
    columns = (
        Column("goal", _("Goal"), width=40),
        indicator_column(),
        value_column(),
        _country(area.country.name),
        *figure_columns(),
        *_sum_columns(),
    )
    rows: Rows = [
        (
            goal.title,
            row.name,
            value_of(row.cell),
            printed(row.country),
            *figure_cells(row.cell, row.unit),
            sum_cell(row.development_sum),
            sum_cell(row.level_sum),
        )
        for goal in page.goals
        for row in goal.rows
    ]
    no_figure = Blank("no_figure")
    after = ("",) * (len(figure_columns()) - 5 + len(_sum_columns()))
    for line in page.blanks:
        rows.append(("", line.name, no_figure, no_figure, "", "", "", line.says, line.why, *after))
    shown = tuple(row.cell for goal in page.goals for row in goal.rows)
    return Content(area.name, columns, rows, shown)


def area_matrix(page: AreaPage, area: AreaInView) -> Content | None:
    if page.matrix is None:
        return None
    return matrix(_("The municipalities of %(area)s") % {"area": area.name}, page.matrix, None)


# --- Coverage ---------------------------------------------------------------------------------------------------------


def forgotten(page: Coverage) -> Content:
    columns = (
        indicator_column(),
        Column("light", _("Light"), width=30),
        Column("goal", _("Goal"), width=40),
        Column("others", _("Who else"), width=50),
    )
    rows: Rows = [
        (line.name, light_words(line.light) if line.light else line.how, line.goal, line.others)
        for line in page.forgotten
    ]
    return Content(page.forgotten_heading, columns, rows)


def standstills(page: Coverage) -> Content:
    columns = (
        Column("goal", _("Goal"), key=True, width=44),
        Column("work", _("Work"), width=40),
        Column("movement", _("What we know of the movement"), width=60),
    )
    rows: Rows = [(line.name, line.work, line.why) for line in page.standstills]
    return Content(_("Goals with much work and no movement"), columns, rows)


def untied(page: Coverage) -> Content:
    columns = (
        Column("item", _("Item"), width=50),
        Column("plan", _("Plan"), width=40),
        Column("state", _("State"), width=14),
        Column("reason", _("Why it is tied to no goal"), width=50),
    )
    rows: Rows = [
        (line.title, line.plan_title, line.state.word, line.reason or line.blank)
        for line in (*page.untied, *page.untied_more)
    ]
    return Content(_("Items tied to no goal"), columns, rows)


def coverage_map(page: Coverage) -> Content:
    """Each goal, and under it each indicator."""
    columns = (
        Column("framework", _("Framework"), key=True, width=28),
        Column("goal", _("Goal"), key=True, width=40),
        Column("indicator", _("Indicator"), key=True, width=40),
        *_light_counts(),
        *_work_columns(),
        Column("light", _("Light"), width=24),
        Column("blank", _("Why no figure"), width=36),
    )
    rows: Rows = []
    for framework in page.frameworks:
        for goal in framework.goals:
            rows.append((framework.name, *_goal_cover(goal)))
            rows += [(framework.name, f"{goal.number}. {goal.name}", *_indicator_cover(one)) for one in goal.indicators]
    return Content(_("Coverage map"), columns, rows)


def _goal_cover(goal: GoalCover) -> Sequence[Cell]:
    name = f"{goal.number}. {goal.name}"
    blank = "" if goal.lights.total else _("No figures here")
    return (name, _("all of the goal"), *counts(goal.lights), goal.work.items, goal.work.initiatives, "", blank)


def _indicator_cover(one: IndicatorCover) -> Sequence[Cell]:
    tally = counts(one.lights) if one.lights else (Blank("not_counted"),) * 4
    word = light_words(one.light) if one.light else ""
    why = one.blank or (one.light.reason if one.light and one.light.none else "")
    return (one.name, *tally, one.work.items, one.work.initiatives, word, why)


COVERAGE: dict[str, Callable[[Coverage], Content]] = {
    "ingen-arbejder": forgotten,
    "stilstand": standstills,
    "punkter-uden-maal": untied,
    "kort": coverage_map,
}


# --- What they have in common -----------------------------------------------------------------------------------------


def counts(tally: TallyView) -> tuple[int, int, int, int]:
    """good, same, bad, none."""
    found = {light.code: count for light, count in tally.entries}
    return found.get("green", 0), found.get("yellow", 0), found.get("red", 0), found.get("", 0)


def _light_counts() -> tuple[Column, ...]:
    titles = {"green": _("Green"), "yellow": _("Yellow"), "red": _("Red"), "none": _("Without a light")}
    return tuple(Column(f"lights_{code}", title, measure=True, width=10) for code, title in titles.items())


def _work_columns() -> tuple[Column, ...]:
    return (
        Column("items", _("Open items"), measure=True, width=12),
        Column("initiatives", _("Initiatives"), measure=True, width=12),
    )


def _country(name: str) -> Column:
    return Column("country", name, measure=True, width=14)


def _sum_columns() -> tuple[Column, ...]:
    return (
        Column("development_sum", _("The arithmetic: development"), width=50),
        Column("level_sum", _("The arithmetic: level"), width=50),
    )
