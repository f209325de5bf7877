"""Two lists for an area: worse than the country and worsening, better and improving; and why the rest is in neither."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.calculations.double_lights import LIT, Place, place
from indicators.calculations.lights import NoLight
from indicators.models import Indicator
from indicators.presenters.arithmetic import Sum, light_sum
from indicators.presenters.figures import FigureView, figure_view
from indicators.presenters.lights import DEVELOPMENT, LEVEL
from indicators.presenters.observations import Figure, Notes, latest, notes_of
from sundhedsaftale.presenters.figure_tables import age_of, comparator_text
from sundhedsaftale.presenters.frame import AreaInView, AreaRef


@dataclass(frozen=True)
class ListRow:
    name: str
    url: str
    area: str  # "" when the list is of one area only
    unit: str
    cell: FigureView
    country: str
    level_sum: Sum | None
    development_sum: Sum | None


@dataclass(frozen=True)
class LeftOut:
    """Figures that are in neither list, for one reason."""

    count: int
    why: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class AreaLists:
    lead: str
    rest: str
    of_areas: str  # whose figures are looked at, when it is not the area itself
    worse: tuple[ListRow, ...]
    better: tuple[ListRow, ...]
    left_out: tuple[LeftOut, ...]
    looked_at: int
    lit: int
    age: str


@dataclass(frozen=True)
class _Judged:
    figure: Figure
    cell: FigureView
    place: Place


def area_lists(area: AreaInView) -> AreaLists:
    """Four queries: indicators 1, figures 2, notes 1."""
    indicators = list(Indicator.objects.filter(same_as__isnull=True).select_related("goal__framework"))
    refs, of_areas = _looked_at(area)
    figures = latest(indicators, [ref.area for ref in refs])
    judged = [
        _judge(figures[indicator.pk, ref.pk])
        for indicator in indicators
        for ref in refs
        if (indicator.pk, ref.pk) in figures
    ]
    listed = {wanted: [one for one in judged if one.place == wanted] for wanted in (Place.BOTH_RED, Place.BOTH_GREEN)}
    notes = notes_of(one.figure for found in listed.values() for one in found)
    several = len(refs) > 1
    worse, better = (_rows(found, several=several, notes=notes) for found in listed.values())
    lit = sum(one.place in LIT for one in judged)
    lead, rest = _answer(area, len(worse), len(better), lit, len(judged))
    return AreaLists(
        lead=lead,
        rest=rest,
        of_areas=of_areas,
        worse=worse,
        better=better,
        left_out=_left_out(judged, several=several),
        looked_at=len(judged),
        lit=lit,
        age=age_of(one.figure for one in judged),
    )


def _looked_at(area: AreaInView) -> tuple[tuple[AreaRef, ...], str]:
    """The area itself; for a cluster or council its municipalities too, and for the country its regions."""
    if area.is_country:
        regions = tuple(ref for ref in area.members if ref.kind == "region")
        return regions, _("The country is what others are compared with: the figures of its regions are looked at.")
    if area.kind in ("region", "municipality") or not area.municipalities:
        return (AreaRef(area.area),), ""
    words = {"area": area.name}
    said = _("The figures of %(area)s itself, where there are any, and of its municipalities are looked at.") % words
    return (AreaRef(area.area), *area.municipalities), said


def _judge(figure: Figure) -> _Judged:
    cell = figure_view(figure, area=figure.area, indicator=figure.indicator)
    found = place(
        cell.level.code,
        cell.development.code,
        has_figure=figure.observation.value is not None,
        direction=figure.indicator.direction,
    )
    return _Judged(figure, cell, found)


def _rows(found: Iterable[_Judged], *, several: bool, notes: Notes) -> tuple[ListRow, ...]:
    """Furthest from the country first."""
    ordered = sorted(found, key=lambda one: -_distance(one.figure))
    return tuple(
        ListRow(
            name=one.figure.indicator.name,
            url=f"{reverse('indicator', args=[one.figure.indicator.code])}?omraade={one.figure.area.code}",
            area=one.figure.area.name if several else "",
            unit=one.figure.indicator.unit,
            cell=one.cell,
            country=comparator_text([one.figure], None),
            level_sum=light_sum(LEVEL, one.figure, notes),
            development_sum=light_sum(DEVELOPMENT, one.figure, notes),
        )
        for one in ordered
    )


def _distance(figure: Figure) -> Decimal:
    assessment = figure.assessment
    return abs(assessment.level_change_pct or Decimal(0)) if assessment else Decimal(0)


def _answer(area: AreaInView, worse: int, better: int, lit: int, looked_at: int) -> tuple[str, str]:
    words = {"area": area.name, "worse": worse, "better": better, "lit": lit, "count": looked_at}
    if not looked_at:
        return _("There are no figures for %(area)s to list.") % words, ""
    if not lit:
        lead = _("No figure for %(area)s has both lights.") % words
        return lead, ngettext(
            "It is %(count)d figure; the reason stands below.",
            "There are %(count)d figures; the reasons stand below.",
            looked_at,
        ) % words
    lead = ngettext(
        "Of %(lit)d figure with both lights, %(worse)d is worse and worsening, %(better)d better and improving.",
        "Of %(lit)d figures with both lights, %(worse)d are worse and worsening, %(better)d better and improving.",
        lit,
    )
    missing = looked_at - lit
    rest = ngettext(
        "%(missing)d figure lacks a light and cannot be listed.",
        "%(missing)d figures lack a light and cannot be listed.",
        missing,
    ) % {"missing": missing}
    return lead % words, rest if missing else ""


def _left_out(judged: Iterable[_Judged], *, several: bool) -> tuple[LeftOut, ...]:
    """One line for each reason, the commonest first; what has both lights, but not the same way, last."""
    names: dict[str, list[str]] = defaultdict(list)
    mixed: list[str] = []
    for one in judged:
        name = f"{one.figure.indicator.name} ({one.figure.area.name})" if several else one.figure.indicator.name
        if one.place == Place.MIXED:
            mixed.append(name)
        elif one.place not in LIT:
            names[_why(one)].append(name)
    lines = [LeftOut(len(found), why, tuple(found)) for why, found in names.items()]
    lines.sort(key=lambda line: (-line.count, line.why))
    if mixed:
        lines.append(LeftOut(len(mixed), _("Both lights are known, but they do not point the same way."), tuple(mixed)))
    return tuple(lines)


def _why(one: _Judged) -> str:
    cell = one.cell
    if one.place == Place.NO_FIGURE:
        return _("%(blank)s: no figure, so no light.") % {"blank": cell.blank}
    if one.place == Place.NO_DIRECTION:
        return _("No wanted direction is declared, so there is no light.")
    if one.place == Place.NO_LEVEL:
        return _("Level: %(why)s") % {"why": _reason(cell.level.reason_code, cell.level.reason)}
    if one.place == Place.NO_DEVELOPMENT:
        return _("Development: %(why)s") % {"why": _reason(cell.development.reason_code, cell.development.reason)}
    level, development = (_reason(light.reason_code, light.reason) for light in (cell.level, cell.development))
    return _("Neither light. Level: %(level)s Development: %(development)s") % {
        "level": level,
        "development": development,
    }


def _reason(code: str, sentence: str) -> str:
    """The same sentence for every year that is missing: the list counts reasons, and each page names its own year."""
    if code == NoLight.PREVIOUS_MISSING:
        return _("We have no earlier figure to compare with.")
    return sentence
