"""One goal: its indicators in the chosen area, the areas side by side, and who works on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.calculations.lights import GREEN, RED, YELLOW, NoLight
from indicators.models import Goal, Indicator, PublishedCount
from indicators.presenters.arithmetic import Sum, light_sum
from indicators.presenters.figures import FigureView, missing_of, tally
from indicators.presenters.lights import (
    DEVELOPMENT,
    LEVEL,
    LightView,
    direction_sentence,
    plain_light,
)
from indicators.presenters.observations import Figure, Key, Notes, latest, notes_of
from initiatives.presenters.links import (
    LinkedInitiative,
    LinkedItem,
    work_for_goal,
)
from sundhedsaftale.lib.danish import join_words, number_word
from sundhedsaftale.lib.viewed import Viewed, for_area
from sundhedsaftale.presenters.area_parts import Computing, Seen, computing, seen_in_division
from sundhedsaftale.presenters.columns import Columns, columns_for
from sundhedsaftale.presenters.figure_tables import (
    FigureTable,
    age_of,
    comparator_text,
    table_of,
)
from sundhedsaftale.presenters.frame import AreaInView, AreaRef, full_name, siblings_of
from sundhedsaftale.presenters.goal_list import counted_areas, lights_of_areas


@dataclass(frozen=True)
class AreaPill:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class IndicatorRow:
    name: str
    url: str
    unit: str
    direction: str
    cell: FigureView
    country: str
    level_sum: Sum | None
    development_sum: Sum | None


@dataclass(frozen=True)
class GoalPage:
    number: int
    of: int
    name: str
    description: str
    framework: str
    slug: str
    lead: str
    rest: str
    as_of: str
    pills: tuple[AreaPill, ...]
    area_name: str  # the area of the first table; "" when it has no figures of its own
    no_own: str  # why not
    why_not: tuple[tuple[str, tuple[IndicatorRow, ...]], ...]  # why they cannot be computed either, by reason
    seen: Seen
    rows: tuple[IndicatorRow, ...]
    shared_gap: str
    shared_reason: str  # the reason code that `shared_gap` has said for every row
    period: str  # the period of most rows: it is not repeated in each
    country_name: str
    legend: tuple[tuple[LightView, ...], tuple[LightView, ...]]
    matrix: FigureTable | None
    matrix_title: str
    items: tuple[LinkedItem, ...]
    initiatives: tuple[LinkedInitiative, ...]
    footnotes: tuple[int, ...]
    age: str
    curves_url: str


def goal_page(goal: Goal, area: AreaInView, query: str = "", *, look: Viewed) -> GoalPage:
    """At most twelve queries: neighbours 1, indicators 1, figures 2, notes 1, items 2, initiatives 1, regions that merge
    1; the division of the time, neighbours of parts and populations 1 each where there are any."""
    related = ("goal__framework", "same_as", "combining", "same_as__combining")
    indicators = list(Indicator.objects.filter(goal=goal).select_related(*related))
    seen = seen_in_division(area, look, indicators)
    area = seen.area
    made = computing(seen, indicators)
    siblings = siblings_of(area)
    columns = Columns(AreaRef(area.area), siblings) if len(siblings) > 1 else columns_for(area)
    own = columns.own
    areas = {ref.pk: ref.area for ref in (own, *columns.shown, *columns.crowd)} | {area.country.pk: area.country}
    areas |= {one.pk: one for one in made.part_areas()}
    figures = latest(indicators, areas.values())
    notes = notes_of(figures.get((indicator.pk, own.pk)) for indicator in indicators)
    rows = tuple(_indicator_row(indicator, own, figures, area, query, notes, made) for indicator in indicators)
    has_own = any(row.cell.text for row in rows)
    lead, rest = _goal_answer(rows, area, columns, figures, indicators)
    wanted = _needs_matrix(columns, has_own)
    matrix = table_of(indicators, columns, area.country, figures, query, made.cell) if wanted else None
    shown = [figure for figure in figures.values() if figure.observation.value is not None]
    return GoalPage(
        number=goal.number,
        of=getattr(goal, "siblings", 0),
        name=goal.name,
        description=goal.description,
        framework=goal.framework.name,
        slug=goal.slug,
        lead=lead,
        rest=rest,
        as_of=age_of(shown),
        pills=_pills(goal, area, siblings, query),
        area_name=full_name(own.area) if has_own else "",
        no_own="" if has_own else missing_of(area.area)[1],
        why_not=() if has_own else _why_not(rows),
        seen=seen,
        rows=rows,
        shared_gap=(shared_gap := _shared_gap(goal, rows, area)),
        shared_reason=NoLight.PREVIOUS_MISSING if shared_gap else "",
        period=_commonest(row.cell.period_label for row in rows),
        country_name=area.country.name,
        legend=_legend(),
        matrix=matrix if matrix and matrix.rows else None,
        matrix_title=_matrix_title(columns, area),
        items=(work := work_for_goal(goal, today=timezone.localdate()))[0],
        initiatives=work[1],
        footnotes=tuple(sorted({note for row in rows for note in row.cell.footnotes})),
        age=age_of(shown),
        curves_url=reverse("goal_curves", args=[goal.slug]) + query,
    )


def _legend() -> tuple[tuple[LightView, ...], tuple[LightView, ...]]:
    """What each colour means: of the development, and of the level."""
    development, level = ([plain_light(kind, code) for code in (GREEN, YELLOW, RED)] for kind in (DEVELOPMENT, LEVEL))
    return tuple(development), tuple(level)


def _why_not(rows: Sequence[IndicatorRow]) -> tuple[tuple[str, tuple[IndicatorRow, ...]], ...]:
    found: dict[str, list[IndicatorRow]] = {}
    for row in rows:
        found.setdefault(row.cell.reason, []).append(row)
    return tuple((reason, tuple(of_reason)) for reason, of_reason in found.items())


def _commonest(periods: Iterable[str]) -> str:
    counted = Counter(period for period in periods if period)
    return counted.most_common(1)[0][0] if counted else ""


def find_goal(slug: str) -> Goal | None:
    """The goal with its framework, how many goals stand beside it, and the report's count for the country. One query."""
    counts = PublishedCount.objects.filter(goal=OuterRef("pk")).order_by("-edition_slug")
    goals = Goal.objects.select_related("framework").annotate(
        siblings=Count("framework__goals"),
        **{f"count_{colour}": Subquery(counts.values(colour)[:1]) for colour in ("green", "yellow", "red")},
    )
    return goals.filter(slug=slug).first()


def _indicator_row(
    indicator: Indicator,
    own: AreaRef,
    figures: dict[Key, Figure],
    area: AreaInView,
    query: str,
    notes: Notes,
    made: Computing,
) -> IndicatorRow:
    figure = figures.get((indicator.pk, own.pk))
    cell = made.cell(indicator, own.area, figures)
    of_country = figures.get((indicator.pk, area.country.pk))
    return IndicatorRow(
        name=indicator.name,
        url=reverse("indicator", args=[indicator.code]) + query,
        unit=indicator.unit,
        direction=direction_sentence(indicator.direction),
        cell=cell,
        country=comparator_text([figure], of_country),
        level_sum=light_sum(LEVEL, figure, notes),
        development_sum=light_sum(DEVELOPMENT, figure, notes),
    )


def _goal_answer(
    rows: Sequence[IndicatorRow],
    area: AreaInView,
    columns: Columns,
    figures: dict[Key, Figure],
    indicators: Sequence[Indicator],
) -> tuple[str, str]:
    """The bold sentence counts the lights; the next names where it goes best, or says what is missing."""
    refs, kind, _what = counted_areas(area)
    if not rows:
        return _("No indicator has been chosen for this goal."), ""
    views = lights_of_areas(indicators, refs, figures, kind)
    counted = tally(views)
    if not counted.lit:
        return _("No light can be set for %(area)s.") % {"area": area.name}, _("Each row says why.")
    language = get_language() or "da"
    words = {
        "area": area.name,
        "green": number_word(counted.green, language),
        "red": number_word(counted.red, language),
        "lit": number_word(counted.lit, language),
    }
    if kind == DEVELOPMENT:
        lead = _("The country improves on %(green)s of the %(lit)s indicators with a known development.") % words
    elif len(refs) > 1:
        words["count"] = number_word(len(refs), language)
        lead = _("In the %(count)s municipalities, %(green)s of %(lit)s figures are better than the country.") % words
    elif counted.red > counted.green:
        lead = (
            _("%(area)s is worse than the country on %(red)s of the %(lit)s indicators that can be compared.") % words
        )
    else:
        lead = (
            _("%(area)s is better than the country on %(green)s of the %(lit)s indicators that can be compared.")
            % words
        )
    return lead, _extreme(rows, kind)


def _extreme(rows: Sequence[IndicatorRow], kind: str) -> str:
    """Where the area stands furthest on the good side, with both numbers; else the worst."""
    if kind != LEVEL:
        worse = [row.name for row in rows if row.cell.development.code == "red"]
        if not worse:
            return ""
        names = join_words([name[:1].lower() + name[1:] for name in worse[:2]], get_language() or "da")
        return _("It worsens on %(names)s.") % {"names": names}
    good = [row for row in rows if row.cell.level.code == "green" and row.country]
    if good:
        row = good[0]
        words = {"name": row.name[:1].lower() + row.name[1:], "value": row.cell.text, "country": row.country}
        return _("Better, for example, on %(name)s: %(value)s against %(country)s in the whole country.") % words
    return ""


def _shared_gap(goal: Goal, rows: Sequence[IndicatorRow], area: AreaInView) -> str:
    """The same reason in every row is said once above the table. For the country the report's own count is added."""
    dark = [row for row in rows if row.cell.text]
    if not dark or any(not row.cell.development.none for row in dark):
        return ""
    if not all(row.cell.development.reason_code == NoLight.PREVIOUS_MISSING for row in dark):
        return ""
    text = _("The figures of the period before are not held, so no development can be counted for %(area)s.") % {
        "area": area.name
    }
    words = {colour: getattr(goal, f"count_{colour}", None) for colour in ("green", "yellow", "red")}
    if None in words.values():
        return text
    return (
        text
        + " "
        + _("For the country the report counts: %(green)d improve, %(yellow)d are unchanged, %(red)d worsen.") % words
    )


def _pills(goal: Goal, area: AreaInView, siblings: Sequence[AreaRef], query: str) -> tuple[AreaPill, ...]:
    """The area, what lies in it while that is few, and what it lies in; the country last."""
    address = reverse("goal", args=[goal.slug])
    few = area.members if len(area.members) <= 6 else ()
    refs = [AreaRef(area.area), *siblings, *few, *area.containers]
    pills = {
        ref.code: AreaPill(full_name(ref.area), address + for_area(query, ref.code), ref.code == area.code)
        for ref in refs
    }
    pills.setdefault(
        area.country.code,
        AreaPill(area.country.name, address + for_area(query, area.country.code), area.is_country),
    )
    country = pills.pop(area.country.code)
    return (*pills.values(), country)


def _needs_matrix(columns: Columns, has_own: bool) -> bool:
    """More than the chosen area beside the country: otherwise the first table has said it all."""
    return len(columns.shown) > 1 or bool(columns.crowd) or not has_own


def _matrix_title(columns: Columns, area: AreaInView) -> str:
    if area.is_country:
        return _("The regions side by side")
    if columns.crowd or area.kind != "municipality":
        return _("%(area)s side by side") % {"area": area.name}
    cluster = next((ref for ref in area.containers if ref.kind == "cluster"), None)
    if cluster is not None and len(columns.shown) > 1 and columns.shown[-1].kind == "municipality":
        return _("%(area)s side by side") % {"area": cluster.name}
    return _("%(area)s beside its region") % {"area": area.name}
