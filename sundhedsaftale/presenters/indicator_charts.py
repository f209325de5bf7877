"""The pictures of an indicator's page: where the areas lie, and how it has moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.charts import specs
from indicators.charts.rendering import Picture, figures
from indicators.charts.specs import NARROW, WIDE, Mark, Point, Series, Spec
from indicators.models import Area, Direction
from indicators.presenters.computed import Computed
from indicators.presenters.figures import number_text, period_label
from indicators.presenters.observations import Figure
from sundhedsaftale.lib.danish import join_words
from sundhedsaftale.presenters.indicator_data import IndicatorData


@dataclass(frozen=True)
class BreakRow:
    """What the break in a curve is, in the table under it."""

    area: str
    dated: str
    instead: str


@dataclass(frozen=True)
class Chart:
    """A picture with the sentence above it. `picture` is None when there is too little to draw; `say` then says why."""

    say: str
    caption: str
    small: str
    picture: Picture | None = None


@dataclass(frozen=True)
class Plan:
    """A chart to be drawn: both specs and its words. All charts of a page are drawn in one go."""

    wide: Spec
    narrow: Spec
    chart_id: str
    caption: str
    small: str
    say: str
    description: str


@dataclass(frozen=True)
class Charts:
    where: Chart | None
    moved: Chart | None
    distance: Chart | None = None
    curve: Chart | None = None  # with the arrow of the wanted direction, beside the distance


def charts(data: IndicatorData, distance: Mapping[str, Plan], moved: Plan | None) -> Charts:
    """No queries. What is not in the cache is drawn in one process.

    distance: see `indicator_distance`; moved: see `indicator_moved`.
    """
    plans = {"where": _where(data), "moved": moved, **distance}
    wanted = {name: plan for name, plan in plans.items() if plan is not None}
    drawn = figures([(p.wide, p.narrow, p.chart_id, p.caption, p.description) for p in wanted.values()])
    made = {
        name: Chart(plan.say, plan.caption, plan.small, picture)
        for (name, plan), picture in zip(wanted.items(), drawn, strict=True)
    }
    return Charts(made.get("where"), made.get("moved"), made.get("distance"), made.get("curve"))


# --- Where do the areas lie? ------------------------------------------------------------------------------------------


def _where(data: IndicatorData) -> Plan | None:
    """All municipalities as dots where they are measured, else the regions as bars."""
    municipalities = _with_values(data.municipalities)
    if len(municipalities) > 12:
        return _strip(data, municipalities)
    regions = _with_values(data.of_kind("region"))
    return _bars(data, regions) if len(regions) > 1 else None


def _strip(data: IndicatorData, rows: list[Figure]) -> Plan:
    period = _commonest_period(rows)
    rows = [figure for figure in rows if figure.observation.period == period]
    own = own_pks(data)
    country, country_text = compared_with(rows, data)
    marks = [_mark(figure, f"{figure.area.name} {_text(figure)}", own) for figure in rows]
    low, high = _ends(rows)
    say = _("The %(count)d municipalities range from %(low)s (%(lowest)s) to %(high)s (%(highest)s).") % {
        "count": len(rows),
        "low": _text(low),
        "lowest": low.area.name,
        "high": _text(high),
        "highest": high.area.name,
    }
    own_rows = [figure for figure in rows if figure.area.pk in own]
    computed_own = data.computed(data.columns.own.area)
    if computed_own is not None and computed_own.text and computed_own.result.period == period:
        words = {"area": data.columns.own.name, "value": computed_own.with_unit}
        say += " " + _("%(area)s, computed: %(value)s.") % words
        name = _("%(area)s (computed)") % {"area": data.columns.own.name}
        marks.append(_computed_mark(data.columns.own.area, computed_own, f"{name} {computed_own.text}", own))
    description = " ".join(part for part in (say, _own_places(own_rows), _("All figures are in the table.")) if part)
    words = _words(data, period)
    made = {
        size: specs.dot_strip(
            marks,
            size=size,
            axis_title=_axis_title(data),
            country=country,
            country_label=f"{data.area.country.name} {country_text}",
            better_label=_better(data),
            better_is_low=data.indicator.direction == Direction.LOWER,
            language=get_language() or "da",
        )
        for size in (WIDE, NARROW)
    }
    small = _("Each dot is a municipality.")
    if len(marks) > len(rows):
        small += " " + _("One diamond is no municipality: the computed figure of %(area)s.") % {"area": data.area.name}
    if own_rows:
        small += " " + _("Diamonds: %(names)s.") % {"names": _names(own_rows)}
    return Plan(
        made[WIDE],
        made[NARROW],
        "where",
        _("%(name)s in the municipalities, %(period)s") % words,
        small,
        say,
        description,
    )


def _bars(data: IndicatorData, rows: list[Figure]) -> Plan:
    period = _commonest_period(rows)
    rows = _best_first(data, [figure for figure in rows if figure.observation.period == period])
    country, country_text = compared_with(rows, data)
    own = near_pks(data)
    made_ones = [(area, made) for area, made in data.merged() if made.text and made.result.period == period]
    marks = [_mark(figure, _text(figure), own) for figure in rows]
    marks += [_computed_mark(area, made, made.text, own) for area, made in made_ones]
    marks.sort(key=lambda mark: -mark.value if data.indicator.direction == Direction.HIGHER else mark.value)
    say = _("The regions range from %(low)s (%(lowest)s) to %(high)s (%(highest)s).") % _range_words(rows)
    made = {
        size: specs.bars(
            marks,
            size=size,
            axis_title=_axis_title(data),
            country=country,
            country_label=f"{data.area.country.name} {country_text}",
            language=get_language() or "da",
        )
        for size in (WIDE, NARROW)
    }
    listed = ", ".join(f"{mark.name} {mark.label}" for mark in marks)
    caption = _("%(name)s in the regions, %(period)s") % _words(data, period)
    small = f"{_('The best region stands first.')} {dashed_line(country)}".strip()
    return Plan(made[WIDE], made[NARROW], "where", caption, small, say, f"{listed}.")


def dashed_line(country: float | None) -> str:
    """What the dashed line of bars is; nothing where there is none, as with computed figures."""
    return "" if country is None else _("The dashed line is the whole country.")


# --- A curve ----------------------------------------------------------------------------------------------------------


def curve_of(rows: list[Figure], *, own: bool = True) -> Series:
    """One area's measurements in time; a change of method begins a new segment."""
    segment, points = 0, []
    for index, figure in enumerate(rows):
        if index and figure.observation.method != rows[index - 1].observation.method:
            segment += 1
        row = figure.observation
        points.append(
            Point(
                middle(row.period_start, row.period_end),
                tick(row.period, row.period_start, row.period_end),
                _value(figure),
                _text(figure),
                segment,
            )
        )
    return Series(rows[0].area.name, tuple(points), own)


def tick(period: str, start: date, end: date) -> str:
    """The period on the axis, where there is little room: "2014/15" for twelve months across a new year."""
    if end.year == start.year + 1 and (end.month + 1) % 12 == start.month % 12:
        return f"{start.year}/{end.year % 100:02d}"
    return period_label(period)


def middle(start: date, end: date) -> float:
    day = date.fromordinal((start.toordinal() + end.toordinal()) // 2)
    return round(day.year + (day.timetuple().tm_yday - 1) / 365.25, 3)


# --- Small helpers ----------------------------------------------------------------------------------------------------


def own_pks(data: IndicatorData) -> set[int]:
    """The reader's own areas: the chosen one and the municipalities in it."""
    if data.area.is_country:
        return set()
    return {data.columns.own.pk, *(ref.pk for ref in data.area.municipalities)}


def near_pks(data: IndicatorData) -> set[int]:
    """The reader's own areas and the region they lie in."""
    if data.area.is_country:
        return set()
    return own_pks(data) | {ref.pk for ref in data.area.containers if ref.kind == "region"}


def compared_with(rows: Sequence[Figure], data: IndicatorData) -> tuple[float | None, str]:
    """The country's figure these are compared with: the comparison's own, as tables can each have theirs."""
    for figure in rows:
        if figure.assessment is not None and figure.assessment.level_comparator is not None:
            other = figure.assessment.level_comparator
            if other.value is not None:
                return float(other.value), number_text(other.value, figure.decimals)
    country = data.country
    if country is None or country.observation.value is None or not rows:
        return None, ""
    if country.observation.period != rows[0].observation.period:
        return None, ""
    return _value(country), _text(country)


def figure_decimal(value: float) -> Decimal:
    return Decimal(str(round(value, 6)))


def _with_values(rows: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in rows if figure.observation.value is not None]


def _commonest_period(rows: list[Figure]) -> str:
    periods = [figure.observation.period for figure in rows]
    return max(set(periods), key=lambda period: (periods.count(period), period))


def _value(figure: Figure) -> float:
    return float(figure.observation.value or 0)


def _text(figure: Figure) -> str:
    return number_text(figure.observation.value, figure.decimals)


def _mark(figure: Figure, label: str, own: set[int]) -> Mark:
    return Mark(figure.area.name, _value(figure), label, figure.area.pk in own)


def _computed_mark(area: Area, made: Computed, label: str, own: set[int]) -> Mark:
    name = _("%(area)s (computed)") % {"area": area.name}
    return Mark(name, float(made.value or 0), label, area.pk in own)


def _ends(rows: list[Figure]) -> tuple[Figure, Figure]:
    ordered = sorted(rows, key=lambda figure: (figure.observation.value or 0, figure.area.sort_key))
    return ordered[0], ordered[-1]


def _range_words(rows: list[Figure]) -> dict[str, str]:
    low, high = _ends(rows)
    return {"low": _text(low), "lowest": low.area.name, "high": _text(high), "highest": high.area.name}


def _best_first(data: IndicatorData, rows: list[Figure]) -> list[Figure]:
    higher = data.indicator.direction == Direction.HIGHER
    return sorted(rows, key=lambda figure: (-_value(figure) if higher else _value(figure), figure.area.sort_key))


def _names(rows: list[Figure]) -> str:
    names = [figure.area.name for figure in rows]
    language = get_language() or "da"
    if len(names) > 4:
        return ngettext("%(count)d municipality", "%(count)d municipalities", len(names)) % {"count": len(names)}
    return join_words(names, language)


def _own_places(rows: list[Figure]) -> str:
    listed = [f"{figure.area.name} {_text(figure)}" for figure in rows[:6]]
    return f"{join_words(listed, get_language() or 'da')}." if listed else ""


def _axis_title(data: IndicatorData) -> str:
    return data.indicator.unit or data.indicator.name


def _words(data: IndicatorData, period: str) -> dict[str, str]:
    return {"name": data.indicator.name, "period": period_label(period)}


def _better(data: IndicatorData) -> str:
    if data.indicator.direction == Direction.NONE:
        return ""
    return _("← Better") if data.indicator.direction == Direction.LOWER else _("Better →")
