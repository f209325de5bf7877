"""One indicator in every area of a kind: who lies where, how far from the country, and why somebody has no place.

The rows are shared by the ranked list and the map: both print the same figures, lights and reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.calculations.ranking import Entry, Placed, Ranking, Unranked, as_printed, rank
from indicators.models import Area, AreaKind, Direction, Flag, Indicator, IndicatorLevel
from indicators.presenters.figures import FigureView, figure_view, join_unit, kind_plural, number_text
from indicators.presenters.lights import LEVEL, direction_sentence, reason_sentence
from indicators.presenters.observations import Figure, of_kind
from sundhedsaftale.lib.danish import MINUS, join_words, sort_key
from sundhedsaftale.presenters.area_ranking_chart import ranking_chart
from sundhedsaftale.presenters.frame import AreaInView, full_name
from sundhedsaftale.presenters.indicator_charts import Chart

BY_PLACE, BY_NAME, BY_VALUE = "plads", "navn", "vaerdi"
KINDS = ("region", "cluster", "health_council", "municipality")
#: What a kind of area is called in an address.
SLUGS = {"region": "region", "cluster": "klynge", "health_council": "sundhedsraad", "municipality": "kommune"}


@dataclass(frozen=True)
class Choice:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class AreaFigure:
    """One area of the kind with its newest figure, its place, and its distance from the country."""

    area: Area
    figure: Figure | None
    cell: FigureView
    placed: Placed
    own: bool
    place: str  # "33", "33 (shared)"; "" when it has no place
    why: str  # why it has no place
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
    """All areas of one kind, ranked. `kinds`: every kind the indicator is measured for."""

    indicator: Indicator
    kind: AreaKind
    kinds: tuple[AreaKind, ...]
    rows: tuple[AreaFigure, ...]
    ranking: Ranking


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


def kind_of_slug(slug: str) -> str:
    """The kind of area an address asks for; "" when it asks for none we know."""
    return next((kind for kind, known in SLUGS.items() if known == slug), "")


def kind_figures(indicator: Indicator, area: AreaInView, kind: str = "") -> KindFigures | None:
    """Three queries: levels, figures, areas. Of the kind asked for, else the one with most areas; None if none is."""
    source_id = indicator.same_as_id or indicator.pk
    found = IndicatorLevel.objects.filter(indicator_id=source_id, area_kind_id__in=KINDS)
    levels = {level.area_kind_id: level for level in found.select_related("area_kind").order_by("area_kind__rank")}
    if not levels:
        return None
    chosen = kind if kind in levels else "municipality" if "municipality" in levels else next(iter(levels))
    known = {(source_id, code): level for code, level in levels.items()}
    figures = {figure.area.pk: figure for figure in of_kind(indicator, chosen, levels=known)}
    areas = {figure.area.pk: figure.area for figure in figures.values()}
    areas |= {one.pk: one for one in Area.objects.of_kind(chosen).valid_on(timezone.localdate())}
    kinds = tuple(level.area_kind for level in levels.values())
    for one in areas.values():
        one.kind = levels[chosen].area_kind  # the same for all; not asked for again
    ranking = rank((_entry(one, figures.get(pk)) for pk, one in areas.items()), indicator.direction)
    own = {area.pk, *(ref.pk for ref in area.municipalities)} if not area.is_country else set()
    rows = tuple(_row(indicator, areas[p.key], figures.get(p.key), p, own) for p in ranking.placed)
    return KindFigures(indicator, levels[chosen].area_kind, kinds, rows, ranking)


def _entry(area: Area, figure: Figure | None) -> Entry:
    name_key = area.sort_key or sort_key(area.name)
    if figure is None:
        return Entry(area.pk, name_key, None)
    row = figure.observation
    comparable = row.flag != Flag.NOT_COMPARABLE
    return Entry(area.pk, name_key, row.value, figure.decimals, row.period, row.period_end.isoformat(), comparable)


def _row(indicator: Indicator, area: Area, figure: Figure | None, placed: Placed, own: set[int]) -> AreaFigure:
    cell = figure_view(figure, area=area, indicator=indicator)
    difference, reason = _difference(figure)
    return AreaFigure(
        area=area,
        figure=figure,
        cell=cell,
        placed=placed,
        own=area.pk in own,
        place=_("%(place)d (shared)") % {"place": placed.place} if placed.shared else str(placed.place or ""),
        why=_why(placed, figure, cell),
        difference=difference,
        no_difference=reason,
    )


def _why(placed: Placed, figure: Figure | None, cell: FigureView) -> str:
    if not placed.why:
        return ""
    if placed.why == Unranked.NO_VALUE:
        return cell.reason if figure is not None else _("The source has no figure for this area.")
    sentences = {
        Unranked.OTHER_PERIOD: _("The figure is for %(period)s and is not ranked with the others.")
        % {"period": cell.period_label},
        Unranked.NOT_COMPARABLE: _("The source does not allow this comparison."),
        Unranked.NO_DIRECTION: _("No wanted direction is declared, so areas are not ranked."),
    }
    return sentences[Unranked(placed.why)]


def _difference(figure: Figure | None) -> tuple[str, str]:
    """(difference, "") from the country's figure of the same period and method, else ("", the reason)."""
    if figure is None or figure.observation.value is None:
        return "", ""
    assessment = figure.assessment
    if assessment is None:
        return "", _("The figure has not been compared.")
    other, reason = assessment.level_comparator, assessment.level_reason
    if other is None or other.value is None or (reason and reason != "direction_not_declared"):
        return "", reason_sentence(LEVEL, reason, figure) if reason else _("There is nothing to compare with.")
    between = as_printed(figure.observation.value, figure.decimals) - as_printed(other.value, figure.decimals)
    return signed(between, figure.decimals), ""


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
        period=periods.pop() if len(periods) == 1 else "",
        notes=_notes(data),
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


def _notes(data: KindFigures) -> tuple[str, ...]:
    notes = []
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
