"""How has it moved? The curves of the chosen area and what it lies in, and the breaks where areas end and others begin.

A region that comes after others has no curve of its own before it begins: what is put together from theirs is drawn
dotted, and the curves on either side of the day are never joined.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.charts import specs
from indicators.charts.specs import NARROW, WIDE, Aim, Break, Series
from indicators.models import Area
from indicators.presenters.figures import number_text, period_label
from indicators.presenters.observations import Figure
from sundhedsaftale.lib.danish import format_date, join_words
from sundhedsaftale.presenters.area_parts import begins_late
from sundhedsaftale.presenters.frame import full_name
from sundhedsaftale.presenters.indicator_charts import BreakRow, Plan, curve_of, middle
from sundhedsaftale.presenters.indicator_data import IndicatorData
from sundhedsaftale.presenters.readings import computed_readings, curve, measured, what_made


@dataclass(frozen=True)
class AreaAim:
    """A target of an area, to be drawn with the area's curve."""

    area_pk: int
    due_on: date
    value: Decimal
    label: str


@dataclass(frozen=True)
class _Line:
    """A curve with what it says in words. made: of a computed one, what it is made of and without whom."""

    area: Area
    series: Series
    listed: tuple[tuple[str, str], ...]  # (period, figure)
    methods: int = 1
    made: str = ""


def moved_plan(data: IndicatorData, aims: Sequence[AreaAim]) -> Plan | None:
    """Curves of the chosen area, or its region, and the country; None with fewer than two measurements."""
    lines = _lines(data)
    if not lines:
        return None
    first = lines[0]
    shown = [Aim(middle(a.due_on, a.due_on), float(a.value), a.label) for a in aims if a.area_pk == first.area.pk]
    breaks, rows = _breaks(data, [line.area for line in lines])
    drawn = {
        size: specs.line(
            [line.series for line in lines],
            size=size,
            axis_title=data.indicator.unit,
            decimals=data.indicator.decimals,
            language=get_language() or "da",
            aims=shown,
            breaks=breaks,
        )
        for size in (WIDE, NARROW)
    }
    listed = "; ".join(f"{line.series.name}: " + ", ".join(f"{p} {t}" for p, t in line.listed) for line in lines)
    listed += "".join(f"; {aim.label}" for aim in shown)
    listed += "".join(f"; {one.label.replace('|', ' ')}" for one in breaks)
    caption = _("%(name)s over time") % {"name": data.indicator.name}
    small = " ".join(
        part
        for part in (
            _("The axis does not begin at zero."),
            _("Square: a decided target.") if shown else "",
            _("Dotted with hollow marks: computed.") if any(line.series.computed for line in lines) else "",
            _("Upright line: areas end and others begin. No curve goes on across it.") if breaks else "",
        )
        if part
    )
    return Plan(drawn[WIDE], drawn[NARROW], "moved", caption, small, _say(lines, rows), f"{listed}.")


def area_breaks(data: IndicatorData) -> tuple[BreakRow, ...]:
    """What the area and its region become, or come after; said whether there is a curve or not."""
    own = data.columns.own.area
    before = data.computing.relations.merged_from(own)
    return _breaks(data, [*([own] if before else []), *_areas(data, before)])[1]


def _say(lines: Sequence[_Line], breaks: Sequence[BreakRow]) -> str:
    first = lines[0]
    (then, start), (now, end) = first.listed[0], first.listed[-1]
    words = {"area": first.series.name, "from": start, "then": then, "to": end, "now": now}
    if len(first.listed) == 1:
        say = _("%(area)s has one measurement of its own: %(to)s (%(now)s).") % words
    else:
        say = _("%(area)s went from %(from)s (%(then)s) to %(to)s (%(now)s).") % words
    if first.methods > 1:
        say += " " + _("The method changed on the way: the curve is broken there.")
    if breaks:
        say += " " + _("The division into areas changes: the curve is broken there.")
    return " ".join([say, *(line.made for line in lines if line.made)])


# --- The curves -------------------------------------------------------------------------------------------------------


def _lines(data: IndicatorData) -> list[_Line]:
    lines: list[_Line] = []
    own = data.columns.own.area
    before = data.computing.relations.merged_from(own)
    if data.computing.relations.is_computed_kind(own):
        lines += _put_together(data, own)
    for area in _areas(data, before):
        rows = _with_values(data.series.get(area.pk, ()))
        if len(rows) > 1:
            lines.append(_line(area, rows, own=not lines))
    return lines


def _areas(data: IndicatorData, before: Sequence[Area]) -> list[Area]:
    around = [ref.area for ref in data.area.containers if ref.kind in ("cluster", "region")]
    chosen = data.columns.own.area
    put_together = {chosen.pk} if data.computing.relations.is_computed_kind(chosen) else set()
    before = [*before, *(part for one in around for part in data.computing.relations.merged_from(one))]
    found = {one.pk: one for one in (chosen, *before, *around, data.area.country) if one.pk not in put_together}
    return list(found.values())


def _line(area: Area, rows: list[Figure], *, own: bool) -> _Line:
    listed = tuple((period_label(one.observation.period), _text(one)) for one in rows)
    return _Line(area, curve_of(rows, own=own), listed, len({one.observation.method for one in rows}))


def _put_together(data: IndicatorData, own: Area) -> list[_Line]:
    """What is computed of its parts, and its own figures: two curves, never one."""
    official = _with_values(data.series.get(own.pk, ()))
    series = {**data.part_series, own.pk: data.series.get(own.pk, [])}
    parts = data.computing.parts_of(own)
    found = measured(computed_readings(data.indicator, own, parts, series, data.computing.populations))
    lines = []
    if found:
        name = _("%(area)s (computed)") % {"area": own.name}
        drawn = replace(curve(name, found, computed_ones=True), brief=own.name)
        listed = tuple((row.label, row.text) for row in found)
        lines.append(_Line(own, drawn, listed, len({row.method for row in found}), what_made(found)))
    if official:
        lines.insert(0, _line(own, official, own=True))
    return lines if sum(len(line.listed) for line in lines) > 1 else []


# --- The breaks -------------------------------------------------------------------------------------------------------


def _breaks(data: IndicatorData, areas: Sequence[Area]) -> tuple[list[Break], tuple[BreakRow, ...]]:
    """The days a region among the curves ends or begins; those that begin with it are named once."""
    relations, language = data.computing.relations, get_language() or "da"
    found: dict[date, list[str]] = {}
    rows: dict[int, BreakRow] = {}
    for area in areas:
        if area.kind_id != "region":
            continue
        if area.valid_to is not None:
            day = area.valid_to + timedelta(days=1)
            found.setdefault(day, []).append(_("%(area)s ends") % {"area": area.name})
            after = [full_name(one) for one in relations.successors_of(area.pk)]
            rows[area.pk] = BreakRow(
                full_name(area),
                _("Ends %(day)s") % {"day": format_date(area.valid_to, language)},
                _("Goes on as %(areas)s.") % {"areas": join_words(after, language)} if after else "",
            )
        if begins_late(area) and area.valid_from is not None:
            found.setdefault(area.valid_from, []).append(_("%(area)s begins") % {"area": area.name})
            come = [full_name(one) for one in relations.predecessors_of(area.pk)]
            rows[area.pk] = BreakRow(
                full_name(area),
                _("Begins %(day)s") % {"day": format_date(area.valid_from, language)},
                _("Comes after %(areas)s.") % {"areas": join_words(come, language)} if come else "",
            )
    breaks = [
        Break(_year(day), "|".join([format_date(day, language), *dict.fromkeys(said)]))
        for day, said in sorted(found.items())
    ]
    return breaks, tuple(rows.values())


def _year(day: date) -> float:
    return middle(day, day)


def _with_values(rows: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in rows if figure.observation.value is not None]


def _text(figure: Figure) -> str:
    return number_text(figure.observation.value, figure.decimals)
