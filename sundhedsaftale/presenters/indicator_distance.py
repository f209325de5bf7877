"""How far is it to the best region? The picture after Danske Regioner's figure, its sentence and its table, or why not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.calculations.distance import Distance, Distances, Measured, Move, NoDistance, distances
from indicators.charts import specs
from indicators.charts.base import HALF
from indicators.charts.kpi import curve_with_arrow
from indicators.charts.specs import NARROW, WIDE, Mark
from indicators.models import Direction
from indicators.presenters.figures import blank_word, difference_unit, join_unit, number_text, period_label
from indicators.presenters.observations import Figure
from sundhedsaftale.lib.danish import format_number, join_words
from sundhedsaftale.presenters.frame import full_name
from sundhedsaftale.presenters.indicator_charts import Plan, curve_of, near_pks
from sundhedsaftale.presenters.indicator_data import IndicatorData


@dataclass(frozen=True)
class DistanceRow:
    """In words, and for machines: figure None when the row has no distance now."""

    code: str
    kind: str
    name: str
    own: bool
    value: str
    now: str
    before: str
    moved: str
    why: str  # why the row has no distance, or no string
    figure: Decimal | None
    distance: Distance
    edition: str


@dataclass(frozen=True)
class DistanceView:
    """plans: the pictures to draw, "distance" and "curve". why: why there is nothing to show; then all else is empty."""

    say: str = ""
    why: str = ""
    caption: str = ""
    before: str = ""  # the period of the measurement before; "" when there is none
    curve_why: str = ""
    rows: tuple[DistanceRow, ...] = ()
    plans: dict[str, Plan] = field(default_factory=dict)
    period: str = ""
    before_period: str = ""
    best: tuple[str, ...] = ()  # codes


@dataclass(frozen=True)
class _Compared:
    """The figures of one measurement and of the one before it, by area."""

    data: IndicatorData
    period: str
    before_period: str
    now: dict[int, Figure]
    before: dict[int, Figure]
    answer: Distances


def distance_view(data: IndicatorData) -> DistanceView:
    """No queries. The regions and the country at the newest measurement most regions have."""
    regions = data.of_kind("region")
    if not regions and data.breakdowns:
        return DistanceView(why=_("The figures are held for groups only: there is no distance between regions."))
    if not regions:
        return DistanceView(why=_("No figures are held for regions, so there is no best region."))
    compared = _compare(data, regions)
    if compared.answer.reason:
        return DistanceView(why=_why_not(compared))
    rows = _ordered(compared)
    curve, curve_why = _curve(compared)
    plans = {"distance": _plan(compared, rows)} | ({"curve": curve} if curve else {})
    return DistanceView(
        say=_sentence(compared, rows),
        caption=_("Distance to the best region, %(period)s") % {"period": period_label(compared.period)},
        before=period_label(compared.before_period) if compared.before_period else "",
        curve_why=curve_why,
        rows=tuple(_row(compared, row) for row in rows),
        plans=plans,
        period=compared.period,
        before_period=compared.before_period,
        best=tuple(compared.now[pk].area.code for pk in compared.answer.best),
    )


def _compare(data: IndicatorData, regions: list[Figure]) -> _Compared:
    period = _commonest(figure.observation.period for figure in regions)
    now = {figure.area.pk: figure for figure in regions}
    country = data.country
    if country is not None and country.observation.period == period:
        now[country.area.pk] = country
    found = {pk: _earlier(data, figure, period) for pk, figure in now.items()}
    earlier = {pk: figure for pk, figure in found.items() if figure is not None}
    before_period = _commonest(f.observation.period for f in earlier.values() if f.area.kind_id == "region")
    before = {pk: figure for pk, figure in earlier.items() if figure.observation.period == before_period}
    areas = [
        Measured(
            pk, figure.area.kind_id, _value(figure, period), before[pk].observation.value if pk in before else None
        )
        for pk, figure in now.items()
    ]
    answer = distances(areas, data.indicator.direction)
    return _Compared(data, period, before_period, now, before, answer)


def _value(figure: Figure, period: str) -> Decimal | None:
    return figure.observation.value if figure.observation.period == period else None


def _earlier(data: IndicatorData, figure: Figure, period: str) -> Figure | None:
    """The same area's measurement before, of the same method."""
    if figure.observation.period != period:
        return None
    found = [
        other
        for other in data.series.get(figure.area.pk, [])
        if other.observation.period_end < figure.observation.period_end
        and other.observation.method == figure.observation.method
        and other.observation.value is not None
    ]
    return found[-1] if found else None


def _commonest(periods: Iterable[str]) -> str:
    counted = Counter(periods)
    return max(counted, key=lambda period: (counted[period], period)) if counted else ""


def _ordered(compared: _Compared) -> list[Distance]:
    """The best first; those without a distance last; ties in the order of the Danish alphabet."""

    def order(row: Distance) -> tuple[bool, Decimal, str]:
        return row.now is None, row.now or Decimal(0), compared.now[row.key].area.sort_key

    return sorted(compared.answer.rows, key=order)


# --- In words ---------------------------------------------------------------------------------------------------------


def _why_not(compared: _Compared) -> str:
    words = {"period": period_label(compared.period)}
    sentences = {
        NoDistance.NO_DIRECTION.value: _("No wanted direction is declared, so no region can be called the best."),
        NoDistance.ONE_REGION.value: _(
            "Only one region has a figure for %(period)s: there is nobody to measure against."
        )
        % words,
        NoDistance.NO_REGIONS.value: _("No region has a figure for %(period)s, so there is no best region.") % words,
    }
    return sentences[compared.answer.reason]


def _sentence(compared: _Compared, rows: list[Distance]) -> str:
    language = get_language() or "da"
    own = near_pks(compared.data)
    best = [full_name(compared.now[pk].area) for pk in compared.answer.best]
    mine = next((row for row in rows if row.key in own and row.now), None)
    if mine is not None:
        words = {
            "own": full_name(compared.now[mine.key].area),
            "behind": join_unit(_text(compared, mine.now), difference_unit(compared.data.indicator)),
            "best": join_words(best, language),
        }
        return " ".join((_("%(own)s is %(behind)s from %(best)s, which is best.") % words, _moved_sentence(mine)))
    last = [row for row in rows if row.now][-1:]
    value = number_text(compared.answer.best_value, _decimals(compared))
    said = _("Best is %(best)s with %(value)s.") % {"best": join_words(best, language), "value": value}
    if last:
        words = {"last": full_name(compared.now[last[0].key].area), "behind": _text(compared, last[0].now)}
        said += " " + _("%(last)s is furthest behind, by %(behind)s.") % words
    return said


def _moved_sentence(row: Distance) -> str:
    sentences = {
        Move.CATCHING_UP: _("It is catching up."),
        Move.FALLING_BEHIND: _("It is falling behind."),
        Move.SAME: _("The distance is the same as before."),
        Move.UNKNOWN: _("Whether it is catching up is not known: a measurement before is missing."),
    }
    return sentences[row.move]


def _row(compared: _Compared, row: Distance) -> DistanceRow:
    figure = compared.now[row.key]
    won = row.won
    moved = ""
    if won is not None:
        words = {"amount": _text(compared, abs(won))}
        moved = {
            Move.CATCHING_UP: _("Catching up: %(amount)s won") % words,
            Move.FALLING_BEHIND: _("Falling behind: %(amount)s lost") % words,
        }.get(row.move, _("Same distance"))
    return DistanceRow(
        code=figure.area.code,
        kind=figure.area.kind_id,
        name=full_name(figure.area),
        own=row.key in near_pks(compared.data),
        value=number_text(figure.observation.value, figure.decimals) if row.now is not None else "",
        now=_text(compared, row.now),
        before=_text(compared, row.before),
        moved=moved,
        why=_row_why(compared, row, figure),
        figure=figure.observation.value if row.now is not None else None,
        distance=row,
        edition=figure.observation.edition.title,
    )


def _row_why(compared: _Compared, row: Distance, figure: Figure) -> str:
    if row.now is None and figure.observation.period != compared.period:
        return _("No figure for %(period)s.") % {"period": period_label(compared.period)}
    if row.now is None:
        return figure.observation.reason or blank_word(figure.observation.flag)
    if row.before is None:
        return _("No measurement before to compare with.")
    return ""


def _decimals(compared: _Compared) -> int:
    return next(iter(compared.now.values())).decimals


def _text(compared: _Compared, value: Decimal | None) -> str:
    return "" if value is None else format_number(value, _decimals(compared), get_language() or "da")


# --- The pictures -----------------------------------------------------------------------------------------------------


def _plan(compared: _Compared, rows: list[Distance]) -> Plan:
    own = near_pks(compared.data)
    drawn = [row for row in rows if row.now is not None]
    marks = [
        Mark(
            compared.now[row.key].area.name,
            float(row.now or 0),
            _text(compared, row.now),
            row.key in own,
            None if row.before is None else float(row.before),
        )
        for row in drawn
    ]
    unit, language = difference_unit(compared.data.indicator), get_language() or "da"
    title = _("%(unit)s behind the best (0 = best)") % {"unit": unit} if unit else _("behind the best (0 = best)")
    made = {
        size: specs.distance_to_best(marks, size=size, axis_title=title, language=language) for size in (WIDE, NARROW)
    }
    strings = any(row.before is not None for row in drawn)
    small = _("Dot: the distance now.") + " "
    if strings:
        small += _(
            "String: won or lost since %(before)s. String before dot: catching up. Dot before string: falling behind."
        ) % {"before": period_label(compared.before_period)}
    else:
        small += _("The strings are missing: there is no measurement before.")
    caption = _("Distance to the best region, %(period)s") % {"period": period_label(compared.period)}
    listed = ", ".join(f"{mark.name} {mark.label}" for mark in marks)
    return Plan(made[WIDE], made[NARROW], "distance", caption, small, "", f"{listed}.")


def _curve(compared: _Compared) -> tuple[Plan | None, str]:
    """The curve of the reader's region, else of the country; with fewer than two measurements, why there is none."""
    data = compared.data
    own = [pk for pk in compared.now if pk in near_pks(data)]
    pk = own[0] if own else data.area.country.pk
    figures = [figure for figure in data.series.get(pk, []) if figure.observation.value is not None]
    if len(figures) < 2:
        name = full_name(figures[0].area) if figures else data.area.country.name
        return None, _("There is no curve for %(area)s: a curve needs two measurements.") % {"area": name}
    series = curve_of(figures)
    periods = {compared.period, compared.before_period}
    ringed = [
        point.at for point, figure in zip(series.points, figures, strict=True) if figure.observation.period in periods
    ]
    higher = data.indicator.direction == Direction.HIGHER
    made = {
        size: curve_with_arrow(
            series,
            size=HALF if size == WIDE else NARROW,
            axis_title=data.indicator.unit,
            better="higher" if higher else "lower",
            better_label=_("wanted direction"),
            ringed=ringed,
            decimals=data.indicator.decimals,
            language=get_language() or "da",
        )
        for size in (WIDE, NARROW)
    }
    caption = _("%(name)s, %(area)s") % {"name": data.indicator.name, "area": figures[0].area.name}
    small = _("The arrow shows the wanted direction. Ringed: the measurements that are compared.")
    listed = ", ".join(
        f"{period_label(f.observation.period)} {number_text(f.observation.value, f.decimals)}" for f in figures
    )
    arrow = _("Higher is better.") if higher else _("Lower is better.")
    return Plan(made[WIDE], made[NARROW], "curve", caption, small, "", f"{listed}. {arrow}"), ""
