"""The coverage map: goals, items, initiatives and lights of an area together, and where they do not meet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from indicators.calculations.lights import RED
from indicators.models import Goal, Indicator
from indicators.presenters.figures import missing_of, tally
from indicators.presenters.lights import DEVELOPMENT, LightView, development_light, level_light
from indicators.presenters.observations import Figure, Key, latest
from initiatives.calculations.coverage import NOT_KNOWN, Lights, Work, is_forgotten, much_work, standstill
from initiatives.presenters.states import StateView, state_view
from initiatives.presenters.wording import sentence
from sundhedsaftale.lib.danish import number_word
from sundhedsaftale.presenters.coverage_facts import OpenItem, WorkGoingOn, work_going_on
from sundhedsaftale.presenters.figure_tables import TallyView, age_of, tally_view
from sundhedsaftale.presenters.frame import AreaInView, AreaRef
from sundhedsaftale.presenters.goal_list import counted_areas

#: So many untied items stand open on the page; the rest are folded.
SHOWN_UNTIED = 12


@dataclass(frozen=True, slots=True)
class IndicatorCover:
    """`light` where one area is looked at, `lights` where several are counted; `blank` when there is no figure at all."""

    name: str
    url: str
    light: LightView | None
    lights: TallyView | None
    blank: str
    work: Work


@dataclass(frozen=True, slots=True)
class GoalCover:
    number: int
    name: str
    url: str
    lights: TallyView
    work: Work
    indicators: tuple[IndicatorCover, ...]


@dataclass(frozen=True, slots=True)
class FrameworkCover:
    name: str
    anchor: str
    goals: tuple[GoalCover, ...]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """An indicator that does badly and that nothing is linked to. `others`: who works on its goal, and elsewhere."""

    name: str
    url: str
    goal: str
    goal_url: str
    light: LightView | None
    how: str
    others: str


@dataclass(frozen=True, slots=True)
class Untied:
    title: str
    url: str
    plan_title: str
    plan_url: str
    state: StateView
    reason: str
    blank: str


@dataclass(frozen=True, slots=True)
class Standstill:
    name: str
    url: str
    work: str
    why: str


@dataclass(frozen=True, slots=True)
class Coverage:
    lead: str
    rest: str
    lights_of: str
    work_of: str
    frameworks: tuple[FrameworkCover, ...]
    forgotten: tuple[Forgotten, ...]
    forgotten_heading: str
    forgotten_blank: str
    untied: tuple[Untied, ...]
    untied_more: tuple[Untied, ...]
    untied_count: int
    untied_blank: str
    standstills: tuple[Standstill, ...]
    much: str
    standstill_blank: str
    age: str


@dataclass(frozen=True)
class _Map:
    """What the parts of the page are made of; nothing here asks the database."""

    area: AreaInView
    query: str
    refs: tuple[AreaRef, ...]
    kind: str
    figures: Mapping[Key, Figure]
    indicators: Sequence[Indicator]
    work: WorkGoingOn

    def lights(self, indicator: Indicator, kind: str) -> list[LightView]:
        light = development_light if kind == DEVELOPMENT else level_light
        found = [self.figures.get((indicator.pk, ref.pk)) for ref in self.refs]
        return [light(figure, short=True) for figure in found if figure is not None]

    def counted(self, indicators: Iterable[Indicator], kind: str) -> Lights:
        count = tally(light for indicator in indicators for light in self.lights(indicator, kind))
        return Lights(count.green, count.yellow, count.red)

    def directly(self, indicator: Indicator) -> Work:
        return self.work.indicators.get(indicator.same_as_id or indicator.pk, Work())

    def url(self, name: str, key: str) -> str:
        return reverse(name, args=[key]) + self.query


def coverage(area: AreaInView, query: str = "", *, today: date) -> Coverage:
    """At most seven queries: indicators, figures 2, goals, items, initiatives, links."""
    indicators = list(Indicator.objects.select_related("goal__framework"))
    refs, kind, lights_of = counted_areas(area)
    figures = latest(indicators, [ref.area for ref in refs])
    seen = _Map(area, query, refs, kind, figures, indicators, work_going_on(area, indicators, today))
    goals = list(Goal.objects.select_related("framework"))
    forgotten, untied = _forgotten(seen), _untied(seen)
    much = much_work(seen.work.goals.get(goal.pk, Work()).total for goal in goals)
    standstills = _standstills(seen, goals, much)
    lead, rest = _answer(seen, len(forgotten), len(untied), len(standstills))
    return Coverage(
        lead=lead,
        rest=rest,
        lights_of=lights_of,
        work_of=_work_of(area),
        frameworks=_frameworks(seen, goals),
        forgotten=forgotten,
        forgotten_heading=_forgotten_heading(kind),
        forgotten_blank=_forgotten_blank(seen),
        untied=untied[:SHOWN_UNTIED],
        untied_more=untied[SHOWN_UNTIED:],
        untied_count=len(untied),
        untied_blank=_untied_blank(seen),
        standstills=standstills,
        much=_("Much is at least %(count)d items and initiatives together.") % {"count": much},
        standstill_blank=_("No goal has as much work as that without at least one indicator that improves."),
        age=age_of(figures.values()),
    )


# --- The answer -------------------------------------------------------------------------------------------------------


def _answer(seen: _Map, forgotten: int, untied: int, standstills: int) -> tuple[str, str]:
    tied = ngettext("%(n)s open item is tied to no goal.", "%(n)s open items are tied to no goal.", untied)
    still = ngettext(
        "%(n)s goal has much work and no indicator that is known to improve.",
        "%(n)s goals have much work and no indicator that is known to improve.",
        standstills,
    )
    rest = (
        _said(tied, untied, neuter=True) or (_("Every open item is tied to a goal.") if _near_items(seen) else ""),
        _said(still, standstills, neuter=True),
    )
    return _forgotten_sentence(seen, forgotten), " ".join(filter(None, rest))


def _forgotten_sentence(seen: _Map, forgotten: int) -> str:
    if not forgotten:
        return _forgotten_blank(seen)
    if seen.kind == DEVELOPMENT:
        text = ngettext(
            "%(n)s indicator worsens, and nobody works on it.",
            "%(n)s indicators worsen, and nobody works on them.",
            forgotten,
        )
    else:
        text = ngettext(
            "%(n)s indicator is worse than the country, and nobody works on it.",
            "%(n)s indicators are worse than the country, and nobody works on them.",
            forgotten,
        )
    return _said(text, forgotten)


def _said(text: str, number: int, *, neuter: bool = False) -> str:
    """The sentence with its number in words; "" for none. `neuter`: the Danish noun is one ("ét mål")."""
    return sentence(text % {"n": number_word(number, get_language() or "da", neuter=neuter)}) if number else ""


def _work_of(area: AreaInView) -> str:
    if area.is_country:
        return _("Work is counted for the whole country.")
    return _("Work is counted for bodies in %(area)s, around it and in it.") % {"area": area.name}


def _near_items(seen: _Map) -> bool:
    return any(item.near for item in seen.work.items)


# --- The map ----------------------------------------------------------------------------------------------------------


def _frameworks(seen: _Map, goals: Sequence[Goal]) -> tuple[FrameworkCover, ...]:
    of_goal: dict[int, list[Indicator]] = defaultdict(list)
    for indicator in seen.indicators:
        of_goal[indicator.goal_id].append(indicator)
    blocks: dict[str, list[GoalCover]] = defaultdict(list)
    for goal in goals:
        lights = [light for indicator in of_goal[goal.pk] for light in seen.lights(indicator, seen.kind)]
        blocks[goal.framework.slug].append(
            GoalCover(
                number=goal.number,
                name=goal.name,
                url=seen.url("goal", goal.slug),
                lights=tally_view(tally(lights), seen.kind),
                work=seen.work.goals.get(goal.pk, Work()),
                indicators=tuple(_indicator(seen, indicator) for indicator in of_goal[goal.pk]),
            )
        )
    names = {goal.framework.slug: goal.framework.name for goal in goals}
    return tuple(FrameworkCover(name, f"kort-{slug}", tuple(blocks[slug])) for slug, name in names.items())


def _indicator(seen: _Map, indicator: Indicator) -> IndicatorCover:
    lights = seen.lights(indicator, seen.kind)
    one = len(seen.refs) == 1
    return IndicatorCover(
        name=indicator.name,
        url=seen.url("indicator", indicator.code),
        light=lights[0] if lights and one else None,
        lights=tally_view(tally(lights), seen.kind) if lights and not one else None,
        blank="" if lights else missing_of(seen.refs[0].area)[0],
        work=seen.directly(indicator),
    )


# --- Nobody works on it -----------------------------------------------------------------------------------------------


def _forgotten(seen: _Map) -> tuple[Forgotten, ...]:
    """In the order of the goals. An indicator that is the same as another is told once."""
    found: dict[int, Forgotten] = {}
    for indicator in sorted(seen.indicators, key=lambda one: one.same_as_id is not None):
        lights = seen.counted([indicator], seen.kind)
        key = indicator.same_as_id or indicator.pk
        if key not in found and is_forgotten(lights, seen.directly(indicator)):
            found[key] = _forgotten_line(seen, indicator, lights)
    return tuple(found.values())


def _forgotten_line(seen: _Map, indicator: Indicator, lights: Lights) -> Forgotten:
    views = seen.lights(indicator, seen.kind)
    one = len(seen.refs) == 1
    return Forgotten(
        name=indicator.name,
        url=seen.url("indicator", indicator.code),
        goal=indicator.goal.name,
        goal_url=seen.url("goal", indicator.goal.slug),
        light=views[0] if one else None,
        how="" if one else _how_many(views, lights),
        others=_others(seen, indicator),
    )


def _how_many(views: Sequence[LightView], lights: Lights) -> str:
    words = {"count": lights.red, "all": lights.known}
    text = _("worse than the country in %(count)d of %(all)d municipalities") % words
    if any(view.code == RED and view.published for view in views):
        return _("%(text)s (by the source's own lights)") % {"text": text}
    return text


def _others(seen: _Map, indicator: Indicator) -> str:
    """Not nothing at all: what is linked to the goal as a whole, and what others elsewhere do."""
    on_goal = seen.work.goals.get(indicator.goal_id, Work())
    away = seen.work.elsewhere.get(indicator.same_as_id or indicator.pk, Work())
    parts = []
    if on_goal.total:
        parts.append(_("On the goal otherwise: %(work)s.") % {"work": work_words(on_goal)})
    if away.total:
        parts.append(_("Elsewhere: %(work)s.") % {"work": work_words(away)})
    return " ".join(parts) or _("Nothing on the goal either.")


def work_words(work: Work) -> str:
    """ "2 items, 1 initiative"; what there is none of is left out."""
    parts = []
    if work.items:
        parts.append(ngettext("%(count)d item", "%(count)d items", work.items) % {"count": work.items})
    if work.initiatives:
        text = ngettext("%(count)d initiative", "%(count)d initiatives", work.initiatives)
        parts.append(text % {"count": work.initiatives})
    return ", ".join(parts)


def _forgotten_heading(kind: str) -> str:
    if kind == DEVELOPMENT:
        return _("What worsens without anybody working on it?")
    return _("What is worse than the country without anybody working on it?")


def _forgotten_blank(seen: _Map) -> str:
    known = seen.counted(seen.indicators, seen.kind).known
    if not known:
        return _("No light is known for %(area)s, so nothing can be pointed out.") % {"area": seen.area.name}
    if seen.kind == DEVELOPMENT:
        return _("Somebody works on every indicator that is known to worsen.")
    return _("Somebody works on every indicator that is known to be worse than the country.")


# --- Tied to no goal --------------------------------------------------------------------------------------------------


def _untied(seen: _Map) -> tuple[Untied, ...]:
    return tuple(_untied_line(item) for item in seen.work.items if item.near and item.pk not in seen.work.linked)


def _untied_line(item: OpenItem) -> Untied:
    return Untied(
        title=f"{item.number}. {item.title}",
        url=reverse("item", args=[item.plan_slug, item.number]),
        plan_title=item.plan_title,
        plan_url=reverse("plan", args=[item.plan_slug]),
        state=state_view(item.state, undated=item.undated),
        reason=item.links_note,
        blank="" if item.links_note else _("nobody has written why"),
    )


def _untied_blank(seen: _Map) -> str:
    if not _near_items(seen):
        return _("There are no open items here.")
    return _("Every open item is tied to a goal.")


# --- Much work, no movement -------------------------------------------------------------------------------------------


def _standstills(seen: _Map, goals: Sequence[Goal], much: int) -> tuple[Standstill, ...]:
    """The busiest first."""
    found = []
    for goal in goals:
        work = seen.work.goals.get(goal.pk, Work())
        of_goal = [indicator for indicator in seen.indicators if indicator.goal_id == goal.pk]
        development = seen.counted(of_goal, DEVELOPMENT)
        why = standstill(development)
        if work.total >= much and why:
            found.append((work.total, _standstill(seen, goal, work, why, development)))
    return tuple(line for _total, line in sorted(found, key=lambda pair: -pair[0]))


def _standstill(seen: _Map, goal: Goal, work: Work, why: str, development: Lights) -> Standstill:
    if why == NOT_KNOWN:
        text = _("No development is known for its indicators here: we cannot say whether anything moves.")
    else:
        text = ngettext(
            "The one known development does not improve.",
            "None of the %(count)d known developments improves.",
            development.known,
        ) % {"count": development.known}
    return Standstill(
        name=f"{goal.number}. {goal.name}", url=seen.url("goal", goal.slug), work=work_words(work), why=text
    )
