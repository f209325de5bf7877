"""Everything about one area: its figures by goal, where it stands out, who works there, and what replaces it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import AreaSuccession, Indicator, IndicatorLevel
from indicators.presenters.arithmetic import Sum, light_sum
from indicators.presenters.figures import FigureView, figure_view, kind_name, kind_plural, missing_words, tally
from indicators.presenters.lights import (
    DEVELOPMENT,
    LEVEL,
    LightView,
    direction_sentence,
    level_light,
)
from indicators.presenters.observations import Figure, Key, Notes, latest, notes_of
from initiatives.presenters.links import LinkedInitiative, initiatives_for_areas
from initiatives.presenters.plans import PlanLine, plans_for_areas
from sundhedsaftale.lib.danish import format_date, format_signed_pct, number_word
from sundhedsaftale.presenters.areas import confirmation_note, dated
from sundhedsaftale.presenters.columns import Columns, columns_for
from sundhedsaftale.presenters.figure_tables import (
    FigureTable,
    TallyView,
    age_of,
    comparator_text,
    table_of,
    tally_view,
)
from sundhedsaftale.presenters.frame import AreaInView, AreaRef, full_name
from sundhedsaftale.presenters.work import BodyLine, bodies_near

STAND_OUT = 3


@dataclass(frozen=True)
class Neighbour:
    name: str
    url: str
    note: str  # dates and confirmation, when there is something to say


@dataclass(frozen=True)
class Neighbours:
    title: str
    lines: tuple[Neighbour, ...]


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
class AreaPage:
    lead: str
    rest: str
    dated: str
    confirmation: str
    around: tuple[Neighbours, ...]
    inside: tuple[Neighbours, ...]
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
    plans: tuple[PlanLine, ...]
    initiatives: tuple[LinkedInitiative, ...]
    age: str


@dataclass(frozen=True)
class _Figures:
    """What the page knows of the area's figures, fetched once."""

    area: AreaInView
    columns: Columns
    indicators: Sequence[Indicator]
    figures: dict[Key, Figure]
    rows: dict[int, FigureRow]
    has_own: bool
    kind: str  # which light is counted: the country cannot differ from itself

    @property
    def own(self) -> list[tuple[Indicator, Figure | None]]:
        return [(indicator, self.figures.get((indicator.pk, self.area.pk))) for indicator in self.indicators]

    @property
    def counted(self) -> list[LightView]:
        """The area's own lights; without figures of its own, those of its municipalities."""
        if self.has_own:
            shown = [row.cell for row in self.rows.values() if row.cell.text]
            return [cell.level if self.kind == LEVEL else cell.development for cell in shown]
        pairs = [(one.pk, ref.pk) for one in self.indicators for ref in self.area.municipalities]
        return [level_light(self.figures[pair]) for pair in pairs if pair in self.figures]


def area_page(area: AreaInView, *, today: date) -> AreaPage:
    """Nine queries: indicators 1, figures 2, notes 1, successions 1, bodies 1, plans 1, initiatives 2."""
    data = _fetch(area)
    lead, rest = _answer(area, data.counted, data.has_own)
    strengths, weaknesses = _stand_outs(data.own, data.rows)
    matrix = _matrix(data.indicators, data.columns, area, data.figures, data.has_own)
    return AreaPage(
        lead=lead,
        rest=rest,
        dated=dated(area.area.valid_from, area.area.valid_to, today),
        confirmation=confirmation_note(area.area.confirmation),
        around=_neighbours(area.containers, today),
        inside=_neighbours(area.members, today),
        lights=tally_view(tally(data.counted), data.kind),
        lights_of=_("Development") if area.is_country else _("Level beside the whole country"),
        strengths=strengths,
        weaknesses=weaknesses,
        goals=_by_goal(data.indicators, data.rows, data.kind),
        matrix=matrix if matrix and matrix.rows else None,
        no_own="" if data.has_own else missing_words(area.area.kind)[1],
        blanks=_blanks(data.rows),
        not_measured=sum(not getattr(one, "here", True) for one in data.indicators),
        changes=_changes(area),
        bodies=bodies_near(area, today),
        plans=plans_for_areas([area.pk, *(ref.pk for ref in area.containers)]),
        initiatives=initiatives_for_areas([area.pk, *(ref.pk for ref in area.members)]),
        age=age_of(data.figures.values()),
    )


def _fetch(area: AreaInView) -> _Figures:
    """Four queries."""
    here = IndicatorLevel.objects.filter(indicator=OuterRef("pk"), area_kind_id=area.kind)
    indicators = list(
        Indicator.objects.filter(same_as__isnull=True).select_related("goal__framework").annotate(here=Exists(here))
    )
    columns = columns_for(area)
    areas = {ref.pk: ref.area for ref in (columns.own, *columns.shown, *columns.crowd)}
    areas.setdefault(area.country.pk, area.country)
    figures = latest(indicators, areas.values())
    own = [(indicator, figures.get((indicator.pk, area.pk))) for indicator in indicators]
    notes = notes_of(figure for _indicator, figure in own)
    return _Figures(
        area=area,
        columns=columns,
        indicators=indicators,
        figures=figures,
        rows={one.pk: _figure_row(one, figure, area, figures, notes) for one, figure in own if figure is not None},
        has_own=any(figure is not None and figure.observation.value is not None for _indicator, figure in own),
        kind=DEVELOPMENT if area.is_country else LEVEL,
    )


def _matrix(
    indicators: Sequence[Indicator],
    columns: Columns,
    area: AreaInView,
    figures: dict[Key, Figure],
    has_own: bool,
) -> FigureTable | None:
    """What its municipalities show; only the indicators that are measured for municipalities. None for a municipality."""
    if has_own and not columns.crowd:
        return None
    counted = [ref.pk for ref in columns.crowd] or [ref.pk for ref in columns.shown]
    measured = [one for one in indicators if any((one.pk, pk) in figures for pk in counted)]
    return table_of(measured, columns, area.country, figures, f"?omraade={area.code}")


def _figure_row(
    indicator: Indicator, figure: Figure, area: AreaInView, figures: dict[Key, Figure], notes: Notes
) -> FigureRow:
    cell = figure_view(figure, area=area.area, indicator=indicator)
    return FigureRow(
        name=indicator.name,
        url=_url(indicator, area),
        unit=indicator.unit,
        direction=direction_sentence(indicator.direction),
        cell=cell,
        country=comparator_text([figure], figures.get((indicator.pk, area.country.pk))),
        level_sum=light_sum(LEVEL, figure, notes),
        development_sum=light_sum(DEVELOPMENT, figure, notes),
    )


def _url(indicator: Indicator, area: AreaInView) -> str:
    return f"{reverse('indicator', args=[indicator.code])}?omraade={area.code}"


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


def _by_goal(indicators: Sequence[Indicator], rows: dict[int, FigureRow], kind: str) -> tuple[GoalRows, ...]:
    of_goal: dict[int, list[FigureRow]] = defaultdict(list)
    for indicator in indicators:
        if indicator.pk in rows and rows[indicator.pk].cell.text:
            of_goal[indicator.goal_id].append(rows[indicator.pk])
    goals = {indicator.goal_id: indicator.goal for indicator in indicators}
    return tuple(
        GoalRows(
            title=f"{goals[pk].number}. {goals[pk].name}",
            url=reverse("goal", args=[goals[pk].slug]),
            lights=tally_view(tally(row.cell.level if kind == LEVEL else row.cell.development for row in found), kind),
            rows=tuple(found),
        )
        for pk, found in of_goal.items()
    )


def _blanks(rows: dict[int, FigureRow]) -> tuple[BlankLine, ...]:
    return tuple(
        BlankLine(row.name, row.url, row.cell.blank, row.cell.reason) for row in rows.values() if row.cell.blank
    )


def _neighbours(refs: Sequence[AreaRef], today: date) -> tuple[Neighbours, ...]:
    by_kind: dict[str, list[AreaRef]] = defaultdict(list)
    for ref in refs:
        by_kind[ref.kind].append(ref)
    return tuple(
        Neighbours(
            kind_plural(found[0].area.kind) if len(found) > 1 else kind_name(found[0].area.kind),
            tuple(
                Neighbour(
                    full_name(ref.area),
                    ref.url,
                    " · ".join(
                        part
                        for part in (
                            dated(ref.area.valid_from, ref.area.valid_to, today),
                            confirmation_note(ref.confirmation),
                        )
                        if part
                    ),
                )
                for ref in found
            ),
        )
        for found in by_kind.values()
    )


def _changes(area: AreaInView) -> tuple[Change, ...]:
    """What replaces the area, and what it replaces; for a municipality, what its clusters and councils become."""
    around = [ref.pk for ref in area.containers] if area.kind == "municipality" else []
    rows = AreaSuccession.objects.filter(
        Q(predecessor_id__in=[area.pk, *around]) | Q(successor_id=area.pk)
    ).select_related("predecessor__kind", "successor__kind")
    language = get_language() or "da"
    changes = []
    for row in rows:
        before = row.successor_id == area.pk
        other = row.predecessor if before else row.successor
        name = full_name(other)
        if row.predecessor_id in around:
            name = _("%(old)s becomes %(new)s") % {"old": full_name(row.predecessor), "new": name}
        changes.append(
            Change(format_date(row.on, language), name, reverse("area", args=[other.code]), row.note, before)
        )
    return tuple(changes)
