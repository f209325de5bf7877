"""One indicator in every area of a kind: who lies where, how far from the country, and why somebody has no place.

The rows are shared by the ranked list and the map: both print the same figures, lights and reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.calculations.ranking import Entry, Placed, Ranking, Unranked, as_printed, rank
from indicators.models import Area, AreaKind, Direction, Flag, Indicator
from indicators.presenters.computed import Computed, computed_view
from indicators.presenters.figures import FigureView, figure_view, join_unit, kind_plural, number_text
from indicators.presenters.lights import LEVEL, direction_sentence, reason_sentence
from indicators.presenters.observations import Figure, Levels, levels_of, of_kind
from sundhedsaftale.lib.danish import MINUS, join_words, sort_key
from sundhedsaftale.presenters.area_kinds import (
    KINDS,
    SLUGS,
    KindOnDay,
    areas_of_kind,
    kind_computing,
    kinds_with_figures,
)
from sundhedsaftale.presenters.area_parts import MADE_OF_MUNICIPALITIES
from sundhedsaftale.presenters.area_ranking_chart import ranking_chart
from sundhedsaftale.presenters.frame import AreaInView, full_name
from sundhedsaftale.presenters.indicator_charts import Chart

BY_PLACE, BY_NAME, BY_VALUE = "plads", "navn", "vaerdi"


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class AreaFigure:
    """One area of the kind with its newest figure, its place, and its distance from the country.

    made: what stands in for a figure no source has, or says why nothing does.
    """

    area: Area
    figure: Figure | None
    made: Computed | None
    cell: FigureView
    placed: Placed
    own: bool
    place: str  # "33", "33 (shared)"; "" when it has no place
    why: str  # why it has no place
    apart: Decimal | None  # printed figure minus the country's
    difference: str  # "+0,5" from the country
    no_difference: str  # why there is no difference

    @property
    def name(self) -> str:
        return full_name(self.area)

    @property
    def url(self) -> str:
        return reverse("area", args=[self.area.code])


@dataclass(frozen=True)
class KindFigures:
    """All areas of one kind, ranked. `kinds`: those that have figures or are made of areas that have. `says`: whose day."""

    indicator: Indicator
    kind: AreaKind
    kinds: tuple[AreaKind, ...]
    rows: tuple[AreaFigure, ...]
    ranking: Ranking
    day: date  # the areas are of
    says: str


@dataclass(frozen=True)
class RankingPage:
    name: str
    code: str
    goal_name: str
    goal_url: str
    indicator_url: str
    kicker: str
    lead: str
    rest: str
    as_of: str
    kinds: tuple[Choice, ...]
    kind_name: str
    kind_tail: str  # for the address of the same table as a file
    rows: tuple[AreaFigure, ...]
    ranked: bool
    all_computed: bool  # then no row has a light or a difference, and what each is made of stands there instead
    period: str  # the one period of all figures; "" when each row carries its own
    notes: tuple[str, ...]
    caption: str
    chart: Chart | None
    sorted_by: str
    place_url: str
    name_url: str
    value_url: str
    map_url: str
    curves_url: str


def kind_figures(
    indicator: Indicator, area: AreaInView, kind: str = "", *, day: date | None = None
) -> KindFigures | None:
    """Of the kind asked for, else the one with most areas; None when the indicator is measured for no kind.

    Kinds and levels 2, areas 1, figures 1; for kinds that are computed at most 3 more: what lies in them, the figures of
    that, and how many live there.
    """
    source_id = indicator.same_as_id or indicator.pk
    every = {one.code: one for one in AreaKind.objects.filter(code__in=KINDS)}
    levels = levels_of([source_id])
    kinds = tuple(every[code] for code in kinds_with_figures(code for _pk, code in levels) if code in every)
    if not kinds:
        return None
    codes = [one.code for one in kinds]
    chosen = every[kind if kind in codes else "municipality" if "municipality" in codes else codes[0]]
    figures = {figure.area.pk: figure for figure in of_kind(indicator, chosen.code, levels=levels)}
    there = areas_of_kind(chosen.code, day or timezone.localdate())
    areas = {figure.area.pk: figure.area for figure in figures.values()} | {one.pk: one for one in there.areas}
    for one in areas.values():
        one.kind = chosen  # the same for all; not asked for again
    made = _computed(indicator, area, there, chosen.code, figures, levels)
    ranking = rank((_entry(one, figures.get(pk), made.get(pk)) for pk, one in areas.items()), indicator.direction)
    own = {area.pk, *(ref.pk for ref in (*area.municipalities, *area.containers))} if not area.is_country else set()
    rows = tuple(
        _row(indicator, areas[p.key], figures.get(p.key), made.get(p.key), p, own=p.key in own) for p in ranking.placed
    )
    return KindFigures(indicator, chosen, kinds, rows, ranking, there.day, there.sentence(chosen))


def _computed(
    indicator: Indicator, area: AreaInView, there: KindOnDay, kind: str, figures: dict[int, Figure], levels: Levels
) -> dict[int, Computed]:
    """What stands in for the figures of areas the source has none for."""
    computing = kind_computing(area, there, kind, [indicator])
    known = {(indicator.pk, pk): figure for pk, figure in figures.items()}
    if kind in MADE_OF_MUNICIPALITIES:
        known |= {(indicator.pk, f.area.pk): f for f in of_kind(indicator, "municipality", levels=levels)}
    found = {one.pk: computing.of(indicator, one, known) for one in there.areas}
    return {pk: made for pk, made in found.items() if made is not None}


def _entry(area: Area, figure: Figure | None, made: Computed | None) -> Entry:
    name_key = area.sort_key or sort_key(area.name)
    if figure is not None:
        row = figure.observation
        comparable = row.flag != Flag.NOT_COMPARABLE
        return Entry(area.pk, name_key, row.value, figure.decimals, row.period, row.period_end.isoformat(), comparable)
    if made is None or made.value is None or made.last_day is None:
        return Entry(area.pk, name_key, None)
    return Entry(
        area.pk,
        name_key,
        made.value,
        made.decimals,
        made.result.period,
        made.last_day.isoformat(),
        made_of=made.part_keys,
    )


def _row(
    indicator: Indicator, area: Area, figure: Figure | None, made: Computed | None, placed: Placed, *, own: bool
) -> AreaFigure:
    cell = computed_view(made, area) if made is not None else figure_view(figure, area=area, indicator=indicator)
    apart, reason = _difference(figure, made)
    return AreaFigure(
        area=area,
        figure=figure,
        made=made,
        cell=cell,
        placed=placed,
        own=own,
        place=_("%(place)d (shared)") % {"place": placed.place} if placed.shared else str(placed.place or ""),
        why=_why(placed, figure, made, cell),
        apart=apart,
        difference="" if apart is None or figure is None else signed(apart, figure.decimals),
        no_difference=reason,
    )


def _why(placed: Placed, figure: Figure | None, made: Computed | None, cell: FigureView) -> str:
    if not placed.why:
        return ""
    if placed.why == Unranked.NO_VALUE:
        return cell.reason if figure or made else _("The source has no figure for this area.")
    sentences = {
        Unranked.OTHER_PERIOD: _("The figure is for %(period)s and is not ranked with the others.")
        % {"period": cell.period_label},
        Unranked.NOT_COMPARABLE: _("The source does not allow this comparison."),
        Unranked.MADE_OF_OTHERS: _("It is computed from areas of this list, and would be counted twice."),
        Unranked.NO_DIRECTION: _("No wanted direction is declared, so areas are not ranked."),
    }
    return sentences[Unranked(placed.why)]


def _difference(figure: Figure | None, made: Computed | None) -> tuple[Decimal | None, str]:
    """(difference, "") from the country's figure of the same period and method, else (None, the reason)."""
    if made is not None and made.value is not None:
        return None, _("A computed figure is not compared.")
    if figure is None or figure.observation.value is None:
        return None, ""
    assessment = figure.assessment
    if assessment is None:
        return None, _("The figure has not been compared.")
    other, reason = assessment.level_comparator, assessment.level_reason
    if other is None or other.value is None or (reason and reason != "direction_not_declared"):
        return None, reason_sentence(LEVEL, reason, figure) if reason else _("There is nothing to compare with.")
    return as_printed(figure.observation.value, figure.decimals) - as_printed(other.value, figure.decimals), ""


def signed(value: Decimal, decimals: int) -> str:
    """ "+0,5", "−0,5" and "0,0"."""
    text = number_text(value, decimals)
    return text if text.startswith(MINUS) or not value else f"+{text}"


# --- The page ---------------------------------------------------------------------------------------------------------


def ranking_page(data: KindFigures, query: str, order: str) -> RankingPage:
    """No queries."""
    indicator = data.indicator
    order = order if order in (BY_NAME, BY_VALUE) else BY_PLACE
    lead, rest = _answer(data)
    periods = {row.cell.period_label for row in data.rows if row.cell.text}
    here = reverse("indicator_ranking", args=[indicator.code])
    measured_in_municipalities = any(kind.code == "municipality" for kind in data.kinds)
    return RankingPage(
        name=indicator.name,
        code=indicator.code,
        goal_name=indicator.goal.name,
        goal_url=reverse("goal", args=[indicator.goal.slug]) + query,
        indicator_url=reverse("indicator", args=[indicator.code]) + query,
        kicker=f"{indicator.goal.framework.name} · {indicator.goal.number}. {indicator.goal.name}",
        lead=lead.replace("..", "."),
        rest=rest.replace("..", "."),
        as_of=direction_sentence(indicator.direction),
        kinds=tuple(
            Choice(kind_plural(kind), with_query(here, query, slags=SLUGS[kind.code]), kind.code == data.kind.code)
            for kind in data.kinds
        ),
        kind_name=kind_plural(data.kind).lower(),
        kind_tail=f"&slags={SLUGS[data.kind.code]}",
        rows=_ordered(data.rows, order),
        ranked=data.ranking.count > 0,
        all_computed=data.kind.code in MADE_OF_MUNICIPALITIES and not any(row.figure for row in data.rows),
        period=periods.pop() if len(periods) == 1 else "",
        notes=ranking_notes(data),
        caption=f"{indicator.name}, {indicator.unit}" if indicator.unit else indicator.name,
        chart=ranking_chart(data.rows, indicator, data.kind, data.ranking.period),
        sorted_by=order,
        place_url=with_query(here, query, slags=SLUGS[data.kind.code]),
        name_url=with_query(here, query, slags=SLUGS[data.kind.code], sorter=BY_NAME),
        value_url=with_query(here, query, slags=SLUGS[data.kind.code], sorter=BY_VALUE),
        map_url=reverse("indicator_map", args=[indicator.code]) + query if measured_in_municipalities else "",
        curves_url=reverse("indicator_curves", args=[indicator.code]) + query,
    )


def with_query(address: str, query: str, **more: str) -> str:
    """The address with `query` ("?omraade=791" or "") and more asked for."""
    return f"{address}{query}{'&' if query else '?'}{urlencode(more)}"


def _ordered(rows: Sequence[AreaFigure], order: str) -> tuple[AreaFigure, ...]:
    if order == BY_NAME:
        return tuple(sorted(rows, key=lambda row: row.area.sort_key or sort_key(row.area.name)))
    if order == BY_VALUE:
        return tuple(sorted(rows, key=lambda row: (row.cell.value is None, row.cell.value or 0)))
    return tuple(rows)


def _answer(data: KindFigures) -> tuple[str, str]:
    """Who is best and who is furthest from it, and the reader's own place; or why nobody is ranked."""
    ranked = [row for row in data.rows if row.placed.place]
    words = {"kinds": kind_plural(data.kind).lower(), "count": data.ranking.count}
    if not ranked:
        if data.indicator.direction == Direction.NONE:
            return _("The %(kinds)s are not ranked: no wanted direction is declared.") % words, _(
                "They stand in the order of the alphabet."
            )
        return _("There is no figure to rank the %(kinds)s by.") % words, ""
    if len(ranked) == 1:
        return _("Only %(area)s has a figure to rank.") % {"area": _named(ranked, data)}, ""
    best = [row for row in ranked if row.placed.place == 1]
    last = [row for row in ranked if row.placed.place == ranked[-1].placed.place]
    lead = _("Best: %(best)s. Last: %(last)s.") % {"best": _named(best, data), "last": _named(last, data)}
    own = [row for row in ranked if row.own]
    if len(own) == 1:
        words |= {"area": own[0].name, "place": own[0].placed.place}
        return lead, _("%(area)s is number %(place)s of %(count)s.") % words
    return lead, _("%(count)s %(kinds)s are ranked.") % words


def _named(rows: Sequence[AreaFigure], data: KindFigures) -> str:
    """ "Læsø (7,1 pct.)"; many that share the place are counted."""
    value = join_unit(rows[0].cell.text, data.indicator.unit)
    if len(rows) > 3:
        return _("%(count)d areas (%(value)s)") % {"count": len(rows), "value": value}
    return f"{join_words([row.name for row in rows], get_language() or 'da')} ({value})"


def ranking_notes(data: KindFigures) -> tuple[str, ...]:
    """What must be known to read the list."""
    notes = [data.says] if data.says else []
    if any(row.made is not None and row.cell.text for row in data.rows):
        notes.append(
            _("Figures marked “Computed” are no source's: put together from parts, not compared, and given no light.")
        )
    if data.ranking.count:
        notes.append(_("Figures that are printed alike share a place."))
        notes.append(
            _("Small differences may be chance: the source does not say how certain the figures are.")
            if not any(row.figure and row.figure.observation.interval_low is not None for row in data.rows)
            else _("Small differences may be chance.")
        )
    others = [row for row in data.rows if row.placed.why == Unranked.OTHER_PERIOD]
    if others:
        notes.append(_("Figures of another period stand last and are not ranked with the others."))
    return tuple(notes)
