"""All goals with their lights in the chosen area, and how many work on each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from indicators.models import Goal, Indicator, PublishedCount
from indicators.presenters.figures import tally
from indicators.presenters.lights import (
    DEVELOPMENT,
    LEVEL,
    LightView,
    development_light,
    level_light,
)
from indicators.presenters.observations import Figure, Key, latest
from sundhedsaftale.presenters.figure_tables import (
    TallyView,
    age_of,
    published_tally,
    tally_view,
)
from sundhedsaftale.presenters.frame import AreaInView, AreaRef
from sundhedsaftale.presenters.work import WorkCount, work_by_goal


@dataclass(frozen=True)
class GoalLine:
    number: int
    name: str
    description: str
    url: str
    indicators: tuple[tuple[str, str], ...]  # (name, url)
    lights: TallyView
    work: WorkCount


@dataclass(frozen=True)
class FrameworkBlock:
    name: str
    description: str
    publisher: str
    goals: tuple[GoalLine, ...]


@dataclass(frozen=True)
class GoalList:
    lead: str
    rest: str
    lights_of: str  # what the tallies count
    frameworks: tuple[FrameworkBlock, ...]
    age: str


def goal_list(area: AreaInView, query: str = "") -> GoalList:
    """At most six queries: indicators, figures 2, links, goals, and for the country the report's count."""
    indicators = list(Indicator.objects.select_related("goal__framework"))
    refs, kind, lights_of = counted_areas(area)
    figures = latest(indicators, [ref.area for ref in refs])
    work = work_by_goal()
    of_goal: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        of_goal[indicator.goal_id].append(indicator)
    blocks: dict[str, list[GoalLine]] = defaultdict(list)
    goals = list(Goal.objects.select_related("framework"))
    published = _published() if area.is_country else {}
    for goal in goals:
        count = published.get(goal.pk)
        counted = tally_view(tally(lights_of_areas(of_goal[goal.pk], refs, figures, kind)), kind)
        blocks[goal.framework.slug].append(
            GoalLine(
                number=goal.number,
                name=goal.name,
                description=goal.description,
                url=reverse("goal", args=[goal.slug]) + query,
                indicators=tuple(
                    (indicator.name, reverse("indicator", args=[indicator.code]) + query)
                    for indicator in of_goal[goal.pk]
                ),
                lights=published_tally(count) if count else counted,
                work=work.get(goal.pk, WorkCount(0, 0)),
            )
        )
    frameworks = {goal.framework.slug: goal.framework for goal in goals}
    first = next(iter(frameworks), "")
    national = [indicator for goal in goals if goal.framework.slug == first for indicator in of_goal[goal.pk]]
    total = published.get(None)
    lead, rest = (
        _list_answer(area, lights_of_areas(national, refs, figures, kind), kind) if total is None else _report(total)
    )
    return GoalList(
        lead=lead,
        rest=rest,
        lights_of=_("Development for the whole country; the national goals as the report counts them")
        if published
        else lights_of,
        frameworks=tuple(
            FrameworkBlock(framework.name, framework.description, framework.publisher, tuple(blocks[slug]))
            for slug, framework in frameworks.items()
        ),
        age=age_of(figures.values()),
    )


def _published() -> dict[int | None, PublishedCount]:
    """goal id -> the report's own count for the country, newest edition; None is all goals together. One query."""
    counts = list(PublishedCount.objects.order_by("-edition_slug"))
    return {count.goal_id: count for count in counts if count.edition_slug == counts[0].edition_slug}


def _report(total: PublishedCount) -> tuple[str, str]:
    words = {"green": total.green, "counted": total.counted, "yellow": total.yellow, "red": total.red}
    lead = _("%(green)d of %(counted)d indicators improve for the whole country.") % words
    rest = _("%(red)d worsen, and %(yellow)d are unchanged. It is the report’s own count.") % words
    return lead, rest


def counted_areas(area: AreaInView) -> tuple[tuple[AreaRef, ...], str, str]:
    """(areas whose lights are counted, which light, what that is in words).

    The country cannot differ from itself: its development is counted. A cluster has no figures of its own: those of its
    municipalities are counted.
    """
    own = AreaRef(area.area)
    if area.is_country:
        return (own,), DEVELOPMENT, _("Development for the whole country")
    if area.kind in ("region", "municipality") or not area.municipalities:
        return (own,), LEVEL, _("Level in %(area)s beside the whole country") % {"area": area.name}
    words = {"count": len(area.municipalities), "area": area.name}
    return area.municipalities, LEVEL, _("Level in the %(count)d municipalities of %(area)s") % words


def lights_of_areas(
    indicators: Iterable[Indicator], refs: Sequence[AreaRef], figures: dict[Key, Figure], kind: str
) -> list[LightView]:
    """One for each figure there is; an indicator that is not measured here has no light to count."""
    light = level_light if kind == LEVEL else development_light
    found = [figures.get((indicator.pk, ref.pk)) for indicator in indicators for ref in refs]
    return [light(figure) for figure in found if figure is not None]


def _list_answer(area: AreaInView, views: list[LightView], kind: str) -> tuple[str, str]:
    counted = tally(views)
    words = {
        "area": area.name,
        "green": counted.green,
        "yellow": counted.yellow,
        "red": counted.red,
        "lit": counted.lit,
        "none": counted.none,
    }
    if not counted.lit:
        return _("No light can be counted for %(area)s.") % words, _("Each indicator says why.")
    if kind == DEVELOPMENT:
        lead = _("%(green)d of %(lit)d indicators with a known development improve; %(red)d worsen.") % words
    else:
        lead = _("%(area)s does better than the country on %(green)d of %(lit)d, and worse on %(red)d.") % words
    rest = _("%(yellow)d are within 1 per cent.") % words
    if counted.none:
        rest += " " + _("%(none)d have no light, and say why.") % words
    return lead, rest
