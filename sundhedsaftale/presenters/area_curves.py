"""Small curves: one indicator in many areas with the same axes, or all indicators of a goal in one area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.calculations.ranking import as_printed
from indicators.charts.multiples import Axes, shared_axes, small_curve
from indicators.charts.rendering import named_pictures
from indicators.charts.specs import Point, Series, Spec
from indicators.models import Area, Direction, Goal, Indicator, IndicatorLevel
from indicators.presenters.figures import blank_word, join_unit, number_text, period_label
from indicators.presenters.lights import direction_sentence
from indicators.presenters.observations import Figure, series, series_of
from sundhedsaftale.presenters.area_ranking import Choice, with_query
from sundhedsaftale.presenters.frame import AreaInView, full_name
from sundhedsaftale.presenters.indicator_charts import middle, tick


@dataclass(frozen=True)
class Panel:
    """One small curve with its sentence. `svg` is empty where there is nothing to draw; `blank` then says why."""

    title: str
    url: str
    say: str
    blank: str
    svg: SafeString
    own: bool


@dataclass(frozen=True)
class CurveRow:
    name: str
    cells: tuple[tuple[str, str, str], ...]  # (period, figure, why it is blank)
    own: bool


@dataclass(frozen=True)
class CurvesPage:
    name: str
    goal_name: str
    goal_url: str
    indicator_url: str
    ranking_url: str
    curves_url: str
    map_url: str
    kicker: str
    lead: str
    as_of: str
    choices: tuple[Choice, ...]
    area_words: str
    panels: tuple[Panel, ...]
    periods: tuple[str, ...]
    rows: tuple[CurveRow, ...]
    caption: str
    drawn: bool


@dataclass(frozen=True)
class Wanted:
    """A panel before it is drawn."""

    title: str
    url: str
    own: bool
    rows: Sequence[Figure]
    country: Sequence[Figure]
    unit: str
    axes: Axes | None


# --- One indicator in many areas --------------------------------------------------------------------------------------


def indicator_curves_page(indicator: Indicator, area: AreaInView, query: str, region: str) -> CurvesPage:
    """Four queries: kinds, areas, figures and levels. The regions, or the municipalities of the region asked for."""
    today = timezone.localdate()
    levels = IndicatorLevel.objects.filter(indicator_id=indicator.same_as_id or indicator.pk)
    in_municipalities = levels.filter(area_kind_id="municipality").exists()
    wanted = Q(kind_id="region") | Q(kind_id="country")
    if region:
        wanted |= Q(kind_id="municipality", memberships__container__code=region)
    found = list(Area.objects.filter(wanted).valid_on(today).distinct().order_by("sort_key"))
    regions = [one for one in found if one.kind_id == "region"]
    chosen = next((one for one in regions if one.code == region), None)
    shown = [one for one in found if one.kind_id == "municipality"] if chosen else regions
    by_area = series(indicator, found)
    country = next((by_area.get(one.pk, []) for one in found if one.kind_id == "country"), [])
    own = {area.pk, *(ref.pk for ref in area.municipalities)} if not area.is_country else set()
    curves = [by_area.get(one.pk, []) for one in shown]
    axes = shared_axes(_series(rows) for rows in [*curves, country])
    panels = _drawn(
        [
            Wanted(full_name(one), reverse("area", args=[one.code]), one.pk in own, rows, country, indicator.unit, axes)
            for one, rows in zip(shown, curves, strict=True)
        ]
        if any(len(_measured(rows)) > 1 for rows in curves)
        else []
    )
    offered = regions if in_municipalities or chosen else []
    return _page(indicator, query, offered, chosen, panels, _table(shown, by_area, own), _answer(indicator, curves))


def _page(
    indicator: Indicator,
    query: str,
    regions: Sequence[Area],
    chosen: Area | None,
    panels: tuple[Panel, ...],
    table: tuple[tuple[str, ...], tuple[CurveRow, ...]],
    lead: str,
) -> CurvesPage:
    here = reverse("indicator_curves", args=[indicator.code])
    choices = [Choice(_("The regions"), here + query, chosen is None)]
    for one in regions:
        label = _("Municipalities in %(region)s") % {"region": one.name}
        choices.append(Choice(label, with_query(here, query, region=one.code), one == chosen))
    where = _("the municipalities in %(region)s") % {"region": full_name(chosen)} if chosen else _("the regions")
    return CurvesPage(
        name=indicator.name,
        goal_name=indicator.goal.name,
        goal_url=reverse("goal", args=[indicator.goal.slug]) + query,
        indicator_url=reverse("indicator", args=[indicator.code]) + query,
        ranking_url=reverse("indicator_ranking", args=[indicator.code]) + query,
        curves_url=here + query,
        map_url=reverse("indicator_map", args=[indicator.code]) + query if len(choices) > 1 else "",
        kicker=f"{indicator.goal.framework.name} · {indicator.goal.number}. {indicator.goal.name}",
        lead=lead,
        as_of=direction_sentence(indicator.direction),
        choices=tuple(choices),
        area_words=where,
        panels=panels,
        periods=table[0],
        rows=table[1],
        caption=f"{indicator.name}, {indicator.unit}" if indicator.unit else indicator.name,
        drawn=bool(panels),
    )


def _answer(indicator: Indicator, curves: Sequence[Sequence[Figure]]) -> str:
    """How many have moved the wanted way from their first measurement to their newest, by the printed figures."""
    moved = [(rows[0], rows[-1]) for rows in map(_measured, curves) if len(rows) > 1 and _one_method(rows)]
    if not moved:
        return _("No area has two measurements that can be compared.")
    down = sum(_printed(last) < _printed(first) for first, last in moved)
    up = sum(_printed(last) > _printed(first) for first, last in moved)
    words = {"count": len(moved), "up": up, "down": down}
    if indicator.direction == Direction.NONE:
        return _("From first to newest measurement: up in %(up)d of %(count)d areas, down in %(down)d.") % words
    words["better"], words["worse"] = (up, down) if indicator.direction == Direction.HIGHER else (down, up)
    return _("From first to newest measurement: better in %(better)d of %(count)d areas, worse in %(worse)d.") % words


def _one_method(rows: Sequence[Figure]) -> bool:
    return len({figure.observation.method for figure in rows}) == 1


def _printed(figure: Figure) -> Decimal:
    return as_printed(figure.observation.value or Decimal(0), figure.decimals)


def _table(
    areas: Sequence[Area], by_area: dict[int, list[Figure]], own: set[int]
) -> tuple[tuple[str, ...], tuple[CurveRow, ...]]:
    """All periods any of the areas has, oldest first, and a row for each area."""
    ends = {f.observation.period: f.observation.period_end for one in areas for f in by_area.get(one.pk, [])}
    periods = sorted(ends, key=lambda period: (ends[period], period))
    rows = []
    for one in areas:
        found = {figure.observation.period: figure for figure in by_area.get(one.pk, [])}
        rows.append(
            CurveRow(full_name(one), tuple(_cell(period, found.get(period)) for period in periods), one.pk in own)
        )
    return tuple(period_label(period) for period in periods), tuple(rows)


def _cell(period: str, figure: Figure | None) -> tuple[str, str, str]:
    label = period_label(period)
    if figure is None:
        return label, "", _("No figure held")
    if figure.observation.value is None:
        return label, "", blank_word(figure.observation.flag)
    return label, _text(figure), ""


# --- All indicators of a goal in one area -----------------------------------------------------------------------------


@dataclass(frozen=True)
class GoalCurvesPage:
    name: str
    goal_url: str
    kicker: str
    area_name: str
    lead: str
    panels: tuple[Panel, ...]
    rows: tuple[CurveRow, ...]


def goal_curves_page(goal: Goal, area: AreaInView, query: str) -> GoalCurvesPage:
    """Three queries: indicators, figures and their levels. Each panel has an axis of its own: the units differ."""
    indicators = list(goal.indicators.order_by("position"))
    found = series_of(indicators, [area.area, area.country])
    wanted, rows = [], []
    for one in indicators:
        own = found.get((one.pk, area.pk), [])
        country = [] if area.is_country else found.get((one.pk, area.country.pk), [])
        axes = shared_axes([_series(own), _series(country)]) if _measured(own) else None
        url = reverse("indicator", args=[one.code]) + query
        wanted.append(Wanted(one.name, url, False, own, country, one.unit, axes))
        cells = [_cell(figure.observation.period, figure) for figure in own]
        rows.append(CurveRow(f"{one.name}, {one.unit}" if one.unit else one.name, tuple(cells), False))
    several = sum(len(_measured(one.rows)) > 1 for one in wanted)
    lead = ngettext(
        "%(several)d of %(count)d indicator has more than one measurement here.",
        "%(several)d of %(count)d indicators have more than one measurement here.",
        len(indicators),
    ) % {"several": several, "count": len(indicators)}
    return GoalCurvesPage(
        name=goal.name,
        goal_url=reverse("goal", args=[goal.slug]) + query,
        kicker=f"{goal.framework.name} · {goal.number}. {goal.name}",
        area_name=area.name,
        lead=lead,
        panels=_drawn(wanted),
        rows=tuple(rows),
    )


# --- Drawing ----------------------------------------------------------------------------------------------------------


def _drawn(wanted: Sequence[Wanted]) -> tuple[Panel, ...]:
    """All small curves of a page in one go; a single measurement is told and not drawn."""
    made: list[tuple[Spec, str, str, str]] = []
    ids: dict[int, int] = {}
    for number, one in enumerate(wanted):
        if one.axes is not None and len(_measured(one.rows)) > 1:
            country = _series(one.country) if one.country else None
            decimals = one.rows[-1].decimals
            spec = small_curve(_series(one.rows), country, one.axes, decimals=decimals, language=get_language() or "da")
            ids[number] = len(made)
            made.append((spec, f"curve-{number}", one.title, _told(one)))
    pictures = named_pictures(made)
    return tuple(
        Panel(
            one.title,
            one.url,
            _say(one),
            _blank(one),
            pictures[ids[number]] if number in ids else SafeString(""),
            one.own,
        )
        for number, one in enumerate(wanted)
    )


def _measured(rows: Sequence[Figure]) -> list[Figure]:
    return [figure for figure in rows if figure.observation.value is not None]


def _say(one: Wanted) -> str:
    rows = _measured(one.rows)
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    words = {
        "from": _text(first),
        "then": period_label(first.observation.period),
        "to": join_unit(_text(last), one.unit),
        "now": period_label(last.observation.period),
    }
    if len(rows) == 1:
        return _("%(to)s (%(now)s). One measurement: no curve.") % words
    said = _("From %(from)s (%(then)s) to %(to)s (%(now)s).") % words
    if not _one_method(rows):
        return f"{said} {_('The method changed on the way.')}"
    broken = {figure.observation.pk for figure in rows} & _breaks(one.rows)
    return f"{said} {_('Measurements are missing on the way.')}" if broken else said


def _blank(one: Wanted) -> str:
    if _measured(one.rows):
        return ""
    return one.rows[-1].observation.reason if one.rows else _("There is no figure for this area.")


def _told(one: Wanted) -> str:
    """Every point in words, for who cannot see the curve."""
    return ", ".join(f"{period_label(f.observation.period)} {_text(f)}" for f in _measured(one.rows)) + "."


def _text(figure: Figure) -> str:
    return number_text(figure.observation.value, figure.decimals)


def _series(rows: Sequence[Figure]) -> Series:
    """The measured points, in the pieces that may be joined."""
    breaks, segment, points = _breaks(rows), 0, []
    for figure in _measured(rows):
        row = figure.observation
        segment += row.pk in breaks
        at, name = middle(row.period_start, row.period_end), tick(row.period, row.period_start, row.period_end)
        points.append(Point(at, name, float(row.value or 0), _text(figure), segment))
    return Series(rows[0].area.name if rows else "", tuple(points), own=True)


def _breaks(rows: Sequence[Figure]) -> set[int]:
    """The measurements a new piece of curve begins with: after a blank, after another method, and after a gap of more
    than one and a half of the series' own shortest step."""
    found = [(middle(f.observation.period_start, f.observation.period_end), f.observation) for f in rows]
    held = [at for at, row in found if row.value is not None]
    shortest = min((later - earlier for earlier, later in pairwise(held)), default=0.0)
    return {
        row.pk
        for (before, earlier), (at, row) in pairwise(found)
        if earlier.value is None or earlier.method != row.method or at - before > 1.5 * shortest
    }
