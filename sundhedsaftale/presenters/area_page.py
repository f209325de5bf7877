"""Everything about one area: its figures by goal, where it stands out, who works there, and what replaces it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Area, Indicator
from indicators.presenters.arithmetic import Sum, light_sum
from indicators.presenters.computed import Computed, computed
from indicators.presenters.figures import FigureView, figure_view, missing_of, tally
from indicators.presenters.lights import (
    DEVELOPMENT,
    LEVEL,
    LightView,
    direction_sentence,
    level_light,
)
from indicators.presenters.observations import Figure, Key, Notes, notes_of
from initiatives.presenters.links import LinkedInitiative, initiatives_for_areas
from initiatives.presenters.plans import PlanLine, plans_for_areas
from sundhedsaftale.lib.danish import format_date, format_signed_pct, number_word
from sundhedsaftale.lib.viewed import Viewed
from sundhedsaftale.presenters.area_figures import AreaFigures, area_figures
from sundhedsaftale.presenters.area_zoom import Zoom, zoom
from sundhedsaftale.presenters.areas import confirmation_note, dated
from sundhedsaftale.presenters.columns import Columns
from sundhedsaftale.presenters.figure_tables import (
    FigureTable,
    TallyView,
    age_of,
    comparator_text,
    table_of,
    tally_view,
)
from sundhedsaftale.presenters.frame import AreaInView, full_name
from sundhedsaftale.presenters.work import BodyLine, bodies_near

STAND_OUT = 3


@dataclass(frozen=True)
class StandOut:
    name: str
    url: str
    value: str
    country: str
    change: str


@dataclass(frozen=True)
class FigureRow:
    name: str
    url: str
    unit: str
    direction: str
    cell: FigureView
    country: str
    level_sum: Sum | None
    development_sum: Sum | None


@dataclass(frozen=True)
class GoalRows:
    title: str
    url: str
    lights: TallyView
    rows: tuple[FigureRow, ...]


@dataclass(frozen=True)
class BlankLine:
    name: str
    url: str
    says: str
    why: str


@dataclass(frozen=True)
class Change:
    day: str
    name: str
    url: str
    note: str
    before: bool  # the area replaces the one named; otherwise it is replaced by it


@dataclass(frozen=True)
class Elsewhere:
    """An area that was there on the day looked at, where this one was not."""

    name: str
    url: str


@dataclass(frozen=True)
class BlankGroup:
    reason: str
    indicators: tuple[tuple[str, str], ...]  # (name, url)


@dataclass(frozen=True)
class ComputedSection:
    """What can be computed for an area the source has no figures for, and what cannot, by reason."""

    values: tuple[tuple[Computed, str], ...]  # with the address of the indicator
    blanks: tuple[BlankGroup, ...]
    lead: str


@dataclass(frozen=True)
class AreaPage:
    lead: str
    rest: str
    dated: str
    confirmation: str
    absent: str  # said when the area was not there on the day looked at
    instead: tuple[Elsewhere, ...]
    zoom: Zoom
    computed: ComputedSection | None
    lights: TallyView
    lights_of: str
    strengths: tuple[StandOut, ...]
    weaknesses: tuple[StandOut, ...]
    goals: tuple[GoalRows, ...]
    matrix: FigureTable | None
    no_own: str
    blanks: tuple[BlankLine, ...]
    not_measured: int
    changes: tuple[Change, ...]
    bodies: tuple[BodyLine, ...]
    other_bodies: tuple[BodyLine, ...]  # not there on the day looked at
    plans: tuple[PlanLine, ...]
    initiatives: tuple[LinkedInitiative, ...]
    age: str


@dataclass(frozen=True)
class _Figures:
    """The area's own figures as rows, and which lights are counted."""

    data: AreaFigures
    rows: dict[int, FigureRow]
    has_own: bool
    kind: str  # which light is counted: the country cannot differ from itself

    @property
    def counted(self) -> list[LightView]:
        """The area's own lights; without figures of its own, those of its municipalities."""
        if self.has_own:
            shown = [row.cell for row in self.rows.values() if row.cell.text]
            return [cell.level if self.kind == LEVEL else cell.development for cell in shown]
        figures = self.data.figures
        pairs = [(one.pk, ref.pk) for one in self.data.indicators for ref in self.data.area.municipalities]
        return [level_light(figures[pair]) for pair in pairs if pair in figures]


def area_page(area: AreaInView, *, look: Viewed, show: str = "") -> AreaPage:
    """At most eleven queries: figures and relations 5, notes 1, bodies 1, plans 1, initiatives 2."""
    data = area_figures(area, look)
    own = _own(data)
    lead, rest = _answer(area, own.counted, own.has_own)
    strengths, weaknesses = _stand_outs(data.own, own.rows)
    matrix = _matrix(data.indicators, data.columns, area, data.figures, own.has_own, look)
    bodies, other_bodies = bodies_near(area, look)
    return AreaPage(
        lead=lead,
        rest=rest,
        dated=dated(area.area.valid_from, area.area.valid_to, look.day),
        confirmation=confirmation_note(area.area.confirmation),
        absent=_absent(area, look),
        instead=_instead(data),
        zoom=zoom(data, show),
        computed=_computed_section(data) if not own.has_own else None,
        lights=tally_view(tally(own.counted), own.kind),
        lights_of=_("Development") if area.is_country else _("Level beside the whole country"),
        strengths=strengths,
        weaknesses=weaknesses,
        goals=_by_goal(data, own.rows, own.kind),
        matrix=matrix if matrix and matrix.rows else None,
        no_own="" if own.has_own else missing_of(area.area)[1],
        blanks=_blanks(own.rows),
        not_measured=data.not_measured,
        changes=_changes(data),
        bodies=bodies,
        other_bodies=other_bodies,
        plans=plans_for_areas([area.pk, *(ref.pk for ref in area.containers)]),
        initiatives=initiatives_for_areas([area.pk, *(ref.pk for ref in area.members)]),
        age=age_of(figure for _indicator, figure in data.own if figure is not None) or age_of(data.figures.values()),
    )


def _own(data: AreaFigures) -> _Figures:
    """One query."""
    notes = notes_of(figure for _indicator, figure in data.own)
    return _Figures(
        data=data,
        rows={
            one.pk: _figure_row(one, figure, data.area, data.figures, data.look, notes)
            for one, figure in data.own
            if figure is not None
        },
        has_own=any(figure is not None and figure.observation.value is not None for _indicator, figure in data.own),
        kind=DEVELOPMENT if data.area.is_country else LEVEL,
    )


def _absent(area: AreaInView, look: Viewed) -> str:
    first, last, language = area.area.valid_from, area.area.valid_to, get_language() or "da"
    words = {"area": area.name, "day": format_date(look.day, language)}
    if first is not None and first > look.day:
        words["first"] = format_date(first, language)
        return _("%(area)s did not exist on %(day)s. It begins on %(first)s.") % words
    if last is not None and last < look.day:
        words["last"] = format_date(last, language)
        return _("%(area)s did not exist on %(day)s. It ended on %(last)s.") % words
    return ""


def _instead(data: AreaFigures) -> tuple[Elsewhere, ...]:
    """What was there instead; nothing when the area itself was."""
    found = data.instead_of(data.area.area, data.look.day)
    return tuple(Elsewhere(full_name(other), _area_url(other, data.look)) for other in found)


def _computed_section(data: AreaFigures) -> ComputedSection | None:
    """For clusters and councils, and for a region made of others: each indicator its parts have figures of."""
    area, look = data.area, data.look
    parts = data.parts_of(area.area, look.day)
    if not data.relations.is_computed_kind(area.area):
        return None
    values: list[tuple[Computed, str]] = []
    blanks: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for one, own in data.own:
        if own is not None or not any((one.pk, part.area.pk) in data.figures for part in parts):
            continue
        found = computed(one, area.area, parts, data.figures, data.populations)
        url = _url(one, area, look)
        if found.text:
            values.append((found, url))
        else:
            blanks[" ".join(part for part in (found.reason, found.missing) if part)].append((found.name, url))
    if not values and not blanks:
        return None
    count = sum(len(found) for found in blanks.values())
    words = {"count": len(values), "of": len(values) + count}
    lead = _("%(count)d of %(of)d indicators can be computed from its parts.") % words
    return ComputedSection(
        tuple(values), tuple(BlankGroup(reason, tuple(names)) for reason, names in blanks.items()), lead
    )


def _matrix(
    indicators: Sequence[Indicator],
    columns: Columns,
    area: AreaInView,
    figures: dict[Key, Figure],
    has_own: bool,
    look: Viewed,
) -> FigureTable | None:
    """What its municipalities show; only the indicators that are measured for municipalities. None for a municipality."""
    if has_own and not columns.crowd:
        return None
    counted = [ref.pk for ref in columns.crowd] or [ref.pk for ref in columns.shown]
    measured = [one for one in indicators if any((one.pk, pk) in figures for pk in counted)]
    return table_of(measured, columns, area.country, figures, look.query(omraade=area.code))


def _figure_row(
    indicator: Indicator, figure: Figure, area: AreaInView, figures: dict[Key, Figure], look: Viewed, notes: Notes
) -> FigureRow:
    cell = figure_view(figure, area=area.area, indicator=indicator)
    return FigureRow(
        name=indicator.name,
        url=_url(indicator, area, look),
        unit=indicator.unit,
        direction=direction_sentence(indicator.direction),
        cell=cell,
        country=comparator_text([figure], figures.get((indicator.pk, area.country.pk))),
        level_sum=light_sum(LEVEL, figure, notes),
        development_sum=light_sum(DEVELOPMENT, figure, notes),
    )


def _url(indicator: Indicator, area: AreaInView, look: Viewed) -> str:
    return reverse("indicator", args=[indicator.code]) + look.query(omraade=area.code)


def _area_url(area: Area, look: Viewed) -> str:
    return reverse("area", args=[area.code]) + look.query()


def _answer(area: AreaInView, counted: Sequence[LightView], has_own: bool) -> tuple[str, str]:
    lights = tally(counted)
    words = {"area": area.name, "green": lights.green, "yellow": lights.yellow, "red": lights.red, "lit": lights.lit}
    if not has_own and lights.lit:
        language = get_language() or "da"
        words |= {"count": number_word(len(area.municipalities), language)}
        return _(
            "In the %(count)s municipalities, %(green)s of %(lit)s figures are better than the country."
        ) % words, ""
    if not has_own:
        return _("%(area)s has no figures of its own.") % words, ""
    if not lights.lit:
        return _("No light can be set for %(area)s.") % words, _("Each indicator says why.")
    if area.is_country:
        lead = _("%(green)d of %(lit)d indicators with a known development improve; %(red)d worsen.") % words
    else:
        lead = _("%(area)s does better than the country on %(green)d of %(lit)d, and worse on %(red)d.") % words
    return lead, _("%(yellow)d are within 1 per cent.") % words


def _stand_outs(
    own: Sequence[tuple[Indicator, Figure | None]], rows: dict[int, FigureRow]
) -> tuple[tuple[StandOut, ...], tuple[StandOut, ...]]:
    """Furthest above and below the country, by the change in per cent; the same list for everybody, and small areas swing."""
    good, bad = [], []
    for indicator, figure in own:
        assessment = figure.assessment if figure is not None else None
        if assessment is None or assessment.level_change_pct is None or not assessment.level_light:
            continue
        row = rows[indicator.pk]
        entry = StandOut(
            indicator.name,
            row.url,
            row.cell.with_unit,
            row.country,
            format_signed_pct(assessment.level_change_pct, 0, get_language() or "da"),
        )
        if assessment.level_light == "green":
            good.append((abs(assessment.level_change_pct), entry))
        elif assessment.level_light == "red":
            bad.append((abs(assessment.level_change_pct), entry))
    good.sort(key=lambda pair: -pair[0])
    bad.sort(key=lambda pair: -pair[0])
    return tuple(entry for _c, entry in good[:STAND_OUT]), tuple(entry for _c, entry in bad[:STAND_OUT])


def _by_goal(data: AreaFigures, rows: dict[int, FigureRow], kind: str) -> tuple[GoalRows, ...]:
    indicators, query = data.indicators, data.look.query(omraade=data.area.code)
    of_goal: dict[int, list[FigureRow]] = defaultdict(list)
    for indicator in indicators:
        if indicator.pk in rows and rows[indicator.pk].cell.text:
            of_goal[indicator.goal_id].append(rows[indicator.pk])
    goals = {indicator.goal_id: indicator.goal for indicator in indicators}
    return tuple(
        GoalRows(
            title=f"{goals[pk].number}. {goals[pk].name}",
            url=reverse("goal", args=[goals[pk].slug]) + query,
            lights=tally_view(tally(row.cell.level if kind == LEVEL else row.cell.development for row in found), kind),
            rows=tuple(found),
        )
        for pk, found in of_goal.items()
    )


def _blanks(rows: dict[int, FigureRow]) -> tuple[BlankLine, ...]:
    return tuple(
        BlankLine(row.name, row.url, row.cell.blank, row.cell.reason) for row in rows.values() if row.cell.blank
    )


def _changes(data: AreaFigures) -> tuple[Change, ...]:
    """What replaces the area, and what it replaces; for a municipality, what its clusters and councils become."""
    area, language = data.area, get_language() or "da"
    around = [ref.pk for ref in area.containers] if area.kind == "municipality" else []
    changes = []
    for row in data.relations.successions:
        if row.predecessor_id not in (area.pk, *around) and row.successor_id != area.pk:
            continue
        before = row.successor_id == area.pk
        other = row.predecessor if before else row.successor
        name = full_name(other)
        if row.predecessor_id in around:
            name = _("%(old)s becomes %(new)s") % {"old": full_name(row.predecessor), "new": name}
        changes.append(Change(format_date(row.on, language), name, _area_url(other, data.look), row.note, before))
    return tuple(changes)
