"""The picture of a ranked list: bars for few areas, a dot for each of many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.charts import specs
from indicators.charts.rendering import figure as draw
from indicators.charts.specs import NARROW, WIDE, Mark
from indicators.models import AreaKind, Direction, Indicator
from indicators.presenters.computed import COMPUTED
from indicators.presenters.figures import FigureView, kind_plural, number_text, period_label
from indicators.presenters.observations import Figure
from sundhedsaftale.presenters.indicator_charts import Chart, dashed_line

MOST_BARS = 25


class Row(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def cell(self) -> FigureView: ...
    @property
    def figure(self) -> Figure | None: ...
    @property
    def own(self) -> bool: ...


def ranking_chart(rows: Sequence[Row], indicator: Indicator, kind: AreaKind, period: str) -> Chart | None:
    """Of the period that is ranked; None when fewer than two areas have a figure."""
    shown = [row for row in rows if row.cell.value is not None and row.cell.period == period]
    if len(shown) < 2:
        return None
    country, country_label = _country(shown)
    words = {"name": indicator.name, "kinds": kind_plural(kind).lower(), "period": period_label(period)}
    caption = _("%(name)s in the %(kinds)s, %(period)s") % words
    many = len(shown) > MOST_BARS
    made = [
        _dots(shown, indicator, size, country, country_label)
        if many
        else specs.bars(
            [Mark(_name(row), float(row.cell.value or 0), row.cell.text, row.own) for row in shown],
            size=size,
            axis_title=indicator.unit or indicator.name,
            country=country,
            country_label=country_label,
            language=get_language() or "da",
        )
        for size in (WIDE, NARROW)
    ]
    small = _("Each dot is one area. Diamonds are yours.") if many else dashed_line(country)
    listed = ", ".join(f"{_name(row)} {row.cell.text}" for row in (shown if not many else [shown[0], shown[-1]]))
    description = f"{listed}. {_('All figures are in the table.')}"
    picture = draw(made[0], made[1], chart_id="ranking", title=caption, description=description)
    return Chart("", caption, small, picture)


def _name(row: Row) -> str:
    return _("%(area)s (computed)") % {"area": row.name} if row.cell.flag == COMPUTED else row.name


def _dots(
    rows: Sequence[Row], indicator: Indicator, size: str, country: float | None, country_label: str
) -> specs.Spec:
    low = indicator.direction == Direction.LOWER
    better = "" if indicator.direction == Direction.NONE else _("← Better") if low else _("Better →")
    return specs.dot_strip(
        [Mark(_name(row), float(row.cell.value or 0), f"{_name(row)} {row.cell.text}", row.own) for row in rows],
        size=size,
        axis_title=indicator.unit or indicator.name,
        country=country,
        country_label=country_label,
        better_label=better,
        better_is_low=low,
        language=get_language() or "da",
    )


def _country(rows: Sequence[Row]) -> tuple[float | None, str]:
    """The figure these are compared with; each table can have the country's own."""
    for row in rows:
        assessment = row.figure.assessment if row.figure is not None else None
        other = assessment.level_comparator if assessment is not None else None
        if row.figure is not None and other is not None and other.value is not None:
            return float(other.value), f"{other.area.name} {number_text(other.value, row.figure.decimals)}"
    return None, ""
