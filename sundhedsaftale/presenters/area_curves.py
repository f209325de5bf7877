"""Small curves: one indicator in many areas with the same axes, or all indicators of a goal in one area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.calculations.ranking import as_printed
from indicators.charts.multiples import Axes, shared_axes, small_curve
from indicators.charts.rendering import named_pictures
from indicators.charts.specs import Spec
from indicators.models import Area, Direction, Goal, Indicator, IndicatorLevel
from indicators.presenters.computed import PartOf
from indicators.presenters.figures import join_unit, kind_plural
from indicators.presenters.lights import direction_sentence
from indicators.presenters.observations import series, series_of
from sundhedsaftale.presenters.area_kinds import SLUGS, KindOnDay, areas_of_kind, kind_computing
from sundhedsaftale.presenters.area_parts import MADE_OF_MUNICIPALITIES, Computing, Seen, computing
from sundhedsaftale.presenters.area_ranking import Choice, with_query
from sundhedsaftale.presenters.frame import AreaInView, full_name
from sundhedsaftale.presenters.readings import Reading, alike, all_readings, breaks, curve, measured, what_made


@dataclass(frozen=True)
class Panel:
    """One small curve with its sentence. `svg` is empty where there is nothing to draw; `blank` then says why."""

    title: str
    url: str
    say: str
    blank: str
    svg: SafeString
    own: bool
    note: str = ""  # what a computed one is made of, and without whom


@dataclass(frozen=True)
class CurveRow:
    name: str
    cells: tuple[tuple[str, str, str], ...]  # (period, figure, why it is blank)
    own: bool
    note: str = ""
    readings: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class CurvesPage:
    name: str
    code: str
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
    says: str  # when the areas are of another day than the one looked at
    kind_tail: str  # for the address of the same table as a file


@dataclass(frozen=True)
class Wanted:
    """A panel before it is drawn."""

    title: str
    url: str
    own: bool
    rows: Sequence[Reading]
    country: Sequence[Reading]
    unit: str
    axes: Axes | None


# --- One indicator in many areas --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Shown:
    """The areas the reader chose to see, and whose figures theirs can be computed from."""

    areas: Sequence[Area]
    words: str
    tail: str
    computing: Computing
    says: str = ""

    def parts(self) -> list[Area]:
        return [one.area for each in self.areas for one in self.parts_of(each)]

    def parts_of(self, area: Area) -> Sequence[PartOf]:
        return self.computing.parts_of(area) if self.computing.relations.is_computed_kind(area) else ()


def indicator_curves_page(
    indicator: Indicator, area: AreaInView, query: str, region: str, *, kind: str = "", day: date | None = None
) -> CurvesPage:
    """Four queries: kinds, areas, figures and levels; for areas that are put together from others at most three more.

    The regions, the municipalities of the region asked for, or all areas of a kind that is made of municipalities.
    """
    day = day or timezone.localdate()
    levels = IndicatorLevel.objects.filter(indicator_id=indicator.same_as_id or indicator.pk)
    in_municipalities = levels.filter(area_kind_id="municipality").exists()
    wanted = Q(kind_id="region") | Q(kind_id="country")
    if region:
        wanted |= Q(kind_id="municipality", memberships__container__code=region)
    found = list(Area.objects.filter(wanted).valid_on(day).select_related("kind").distinct().order_by("sort_key"))
    regions = [one for one in found if one.kind_id == "region"]
    shown = _shown(indicator, area, found, region, kind if in_municipalities else "", day)
    by_area = series(indicator, [*found, *shown.areas, *shown.parts()])
    populations = shown.computing.populations
    country = next((one for one in found if one.kind_id == "country"), None)
    of_country = all_readings(indicator, country, (), by_area, {}) if country else []
    own = {area.pk, *(ref.pk for ref in (*area.municipalities, *area.containers))} if not area.is_country else set()
    rows = {one.pk: all_readings(indicator, one, shown.parts_of(one), by_area, populations) for one in shown.areas}
    axes = shared_axes(curve("", each) for each in [*map(_plain, rows.values()), of_country])
    panels = _drawn(
        [
            Wanted(
                full_name(one),
                reverse("area", args=[one.code]),
                one.pk in own,
                rows[one.pk],
                of_country,
                indicator.unit,
                axes,
            )
            for one in shown.areas
        ]
        if any(len(measured(each)) > 1 for each in rows.values())
        else []
    )
    offered = regions if in_municipalities or region else []
    lead = _answer(indicator, list(rows.values()))
    return _page(indicator, query, offered, shown, panels, _table(shown.areas, rows, own), lead)


def _shown(indicator: Indicator, area: AreaInView, found: Sequence[Area], region: str, kind: str, day: date) -> _Shown:
    """No query for the regions of a day without mergers and for municipalities, else at most three."""
    regions = [one for one in found if one.kind_id == "region"]
    if kind in MADE_OF_MUNICIPALITIES:
        there = areas_of_kind(kind, day)
        made = kind_computing(area, there, kind, [indicator])
        name = kind_plural(there.areas[0].kind) if there.areas else ""
        says = there.sentence(there.areas[0].kind) if there.areas else ""
        return _Shown(there.areas, name[:1].lower() + name[1:], f"&slags={SLUGS[kind]}", made, says)
    chosen = next((one for one in regions if one.code == region), None)
    if chosen is not None:
        words = _("the municipalities in %(region)s") % {"region": full_name(chosen)}
        inside = [one for one in found if one.kind_id == "municipality"]
        return _Shown(inside, words, f"&region={chosen.code}", Computing(area, day))
    there = KindOnDay(tuple(regions), day, day)
    return _Shown(regions, _("the regions"), "", kind_computing(area, there, "region", [indicator]))


def _page(
    indicator: Indicator,
    query: str,
    regions: Sequence[Area],
    shown: _Shown,
    panels: tuple[Panel, ...],
    table: tuple[tuple[str, ...], tuple[CurveRow, ...]],
    lead: str,
) -> CurvesPage:
    here = reverse("indicator_curves", args=[indicator.code])
    choices = [Choice(_("The regions"), here + query, not shown.tail)]
    if regions:
        for kind, label in (("cluster", _("Clusters")), ("health_council", _("Health councils"))):
            tail = f"&slags={SLUGS[kind]}"
            choices.append(Choice(label, with_query(here, query, slags=SLUGS[kind]), shown.tail == tail))
    for one in regions:
        label = _("Municipalities in %(region)s") % {"region": one.name}
        url = with_query(here, query, region=one.code)
        choices.append(Choice(label, url, shown.tail == f"&region={one.code}"))
    return CurvesPage(
        name=indicator.name,
        code=indicator.code,
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
        area_words=shown.words,
        panels=panels,
        periods=table[0],
        rows=table[1],
        caption=f"{indicator.name}, {indicator.unit}" if indicator.unit else indicator.name,
        drawn=bool(panels),
        says=shown.says,
        kind_tail=shown.tail,
    )


def _answer(indicator: Indicator, curves: Sequence[Sequence[Reading]]) -> str:
    """How many have moved the wanted way from their first measurement to their newest, by the printed figures."""
    moved = [(rows[0], rows[-1]) for rows in map(measured, curves) if len(rows) > 1 and alike(rows)]
    if not moved:
        return _("No area has two measurements that can be compared.")
    down = sum(_printed(last) < _printed(first) for first, last in moved)
    up = sum(_printed(last) > _printed(first) for first, last in moved)
    words = {"count": len(moved), "up": up, "down": down}
    if indicator.direction == Direction.NONE:
        return _("From first to newest measurement: up in %(up)d of %(count)d areas, down in %(down)d.") % words
    words["better"], words["worse"] = (up, down) if indicator.direction == Direction.HIGHER else (down, up)
    return _("From first to newest measurement: better in %(better)d of %(count)d areas, worse in %(worse)d.") % words


def _printed(row: Reading) -> Decimal:
    return as_printed(row.value or Decimal(0), row.decimals)


def _table(
    areas: Sequence[Area], by_area: Mapping[int, Sequence[Reading]], own: set[int]
) -> tuple[tuple[str, ...], tuple[CurveRow, ...]]:
    """All periods any of the areas has, oldest first, and a row for each area."""
    labels = {row.period: row.label for one in areas for row in by_area[one.pk]}
    ends = {row.period: row.last_day for one in areas for row in by_area[one.pk]}
    periods = sorted(ends, key=lambda period: (ends[period], period))
    rows = []
    for one in areas:
        found = {row.period: row for row in by_area[one.pk]}
        cells = tuple(_cell(labels[period], found.get(period)) for period in periods)
        rows.append(CurveRow(full_name(one), cells, one.pk in own, _note(by_area[one.pk]), tuple(by_area[one.pk])))
    return tuple(labels[period] for period in periods), tuple(rows)


def _cell(label: str, row: Reading | None) -> tuple[str, str, str]:
    if row is None:
        return label, "", _("No figure held")
    if row.value is None:
        return label, "", row.blank
    return label, _("%(figure)s (computed)") % {"figure": row.text} if row.made else row.text, ""


def _note(rows: Sequence[Reading]) -> str:
    """What computed ones are made of; when none could be computed, why the newest could not."""
    made = what_made(rows)
    failed = [row for row in rows if row.made is not None and row.value is None]
    return made or (failed[-1].reason if failed else "")


# --- All indicators of a goal in one area -----------------------------------------------------------------------------


@dataclass(frozen=True)
class GoalCurvesPage:
    name: str
    slug: str
    goal_url: str
    kicker: str
    area_name: str
    lead: str
    panels: tuple[Panel, ...]
    rows: tuple[CurveRow, ...]


def goal_curves_page(goal: Goal, area: AreaInView, query: str, *, day: date | None = None) -> GoalCurvesPage:
    """Three queries: indicators, figures and their levels; at most two more to compute what no source has a figure of.

    Each panel has an axis of its own: the units differ.
    """
    indicators = list(goal.indicators.select_related("combining", "same_as__combining").order_by("position"))
    made = computing(Seen(area, day or timezone.localdate(), "", ()), indicators)
    found = series_of(indicators, [area.area, area.country, *made.part_areas()])
    parts = made.parts_of(area.area) if made.relations.is_computed_kind(area.area) else ()
    wanted, rows = [], []
    for one in indicators:
        by_area = {pk: figures for (indicator, pk), figures in found.items() if indicator == one.pk}
        own = all_readings(one, area.area, parts, by_area, made.populations)
        country = [] if area.is_country else all_readings(one, area.country, (), by_area, {})
        axes = shared_axes([curve("", _plain(own)), curve("", country)]) if measured(own) else None
        url = reverse("indicator", args=[one.code]) + query
        wanted.append(Wanted(one.name, url, False, own, country, one.unit, axes))
        cells = tuple(_cell(row.label, row) for row in own)
        name = f"{one.name}, {one.unit}" if one.unit else one.name
        rows.append(CurveRow(name, cells, False, _note(own), tuple(own)))
    several = sum(len(measured(one.rows)) > 1 for one in wanted)
    lead = ngettext(
        "%(several)d of %(count)d indicator has more than one measurement here.",
        "%(several)d of %(count)d indicators have more than one measurement here.",
        len(indicators),
    ) % {"several": several, "count": len(indicators)}
    return GoalCurvesPage(
        name=goal.name,
        slug=goal.slug,
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
        if one.axes is not None and len(measured(one.rows)) > 1:
            spec = small_curve(
                curve(one.title, one.rows),
                curve("", one.country) if one.country else None,
                one.axes,
                computed=curve(one.title, one.rows, computed_ones=True),
                decimals=one.rows[-1].decimals,
                language=get_language() or "da",
            )
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
            what_made(one.rows),
        )
        for number, one in enumerate(wanted)
    )


def _plain(rows: Sequence[Reading]) -> list[Reading]:
    """As if all were published: only for where the axes must reach."""
    return [replace(row, made=None) for row in rows]


def _say(one: Wanted) -> str:
    rows = measured(one.rows)
    if not rows:
        return ""
    first, last = rows[0], rows[-1]
    words = {"from": first.text, "then": first.label, "to": join_unit(last.text, one.unit), "now": last.label}
    computed_ones = " " + _("Dotted: computed.") if any(row.made is not None for row in rows) else ""
    if len(rows) == 1:
        return _("%(to)s (%(now)s). One measurement: no curve.") % words
    said = _("From %(from)s (%(then)s) to %(to)s (%(now)s).") % words + computed_ones
    if len({row.method for row in rows}) > 1:
        return f"{said} {_('The method changed on the way.')}"
    broken = any(one.rows[place].value is not None for place in breaks(one.rows))
    return f"{said} {_('Measurements are missing on the way.')}" if broken and not computed_ones else said


def _blank(one: Wanted) -> str:
    if measured(one.rows):
        return ""
    return one.rows[-1].reason if one.rows else _("There is no figure for this area.")


def _told(one: Wanted) -> str:
    """Every point in words, for who cannot see the curve."""
    return ", ".join(f"{label} {text}" for label, text, _blank in (_cell(r.label, r) for r in measured(one.rows))) + "."
