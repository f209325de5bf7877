"""The timeline of a plan on a page of its own: a filter, one picture, and a table that says the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.charts import rendering
from indicators.charts.base import NARROW, WIDE
from initiatives.calculations import timeline as layout
from initiatives.calculations.selection import ItemToSelect, Wanted, select
from initiatives.charts.plan_timeline import DrawnRow, Head
from initiatives.charts.plan_timeline import plan_timeline as draw
from initiatives.models import Body, Contribution, Plan, Postponement, Track
from initiatives.presenters.facts import ItemFacts, load_items
from initiatives.presenters.items import ItemUrls, counted_from, first_promise
from initiatives.presenters.plan_page import counted_items
from initiatives.presenters.plans import answer
from initiatives.presenters.states import state_view
from initiatives.presenters.timeline import row_for, timeline_heading, timeline_item, words_over
from initiatives.presenters.timeline_choice import (
    Names,
    TimelineChoices,
    query_of,
    read_choices,
    sort_words,
    wishes_in_words,
)
from initiatives.presenters.timeline_lines import TimelineLine, spoken, timeline_line
from initiatives.presenters.wording import day_text, items_word, language, slip_in_quarters, slip_text
from sundhedsaftale.lib.danish import sort_key

MOST_DRAWN = 60
_title_key = lru_cache(maxsize=4096)(sort_key)
#: A picture of what a reader chose is kept for a day: there is no end to what can be chosen.
KEEP_SECONDS = 24 * 3600


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """`shown` says how many of how many; `drawn` that the picture leaves some out, "" when it does not."""

    slug: str
    plan_title: str
    lead: str
    rest: str
    total: int
    choices: TimelineChoices
    query: str
    wishes: tuple[str, ...]
    shown: str
    heading: str
    picture: rendering.Picture | None
    picture_blank: str
    drawn: str
    notes: tuple[str, ...]
    lines: tuple[TimelineLine, ...]
    svg_url: str
    items_word: str


@dataclass(frozen=True, slots=True)
class PlanMoves:
    """What the items themselves do not hold: how often each was postponed and why, and which goals it works for."""

    times: Mapping[int, int]
    causes: Mapping[int, frozenset[str]]
    goals: Mapping[int, frozenset[str]]
    owners: Mapping[int, str]  # body -> its name in the address
    names: Names


@dataclass(frozen=True, slots=True)
class Chosen:
    """The items of a plan that fit what the address asks for, in the order it asks for."""

    plan: Plan
    items: list[ItemFacts]
    found: list[ItemFacts]
    more: PlanMoves
    wanted: Wanted
    choices: TimelineChoices
    today: date


def choose(plan: Plan, tracks: list[Track], query: Mapping[str, str], *, today: date) -> Chosen:
    """Seven queries beside those for the plan."""
    items = counted_items(load_items(Q(plan=plan)), tracks)
    more = _more(plan, items)
    parents = {track.pk: track.parent_id for track in tracks}
    to_select = [_to_select(place, item, more, parents) for place, item in enumerate(items)]
    wanted, choices = read_choices(query, to_select, tracks, more.names)
    found = [items[chosen.key] for chosen in select(to_select, wanted)]
    return Chosen(plan, items, found, more, wanted, choices, today)


def timeline_page(chosen: Chosen) -> TimelinePage:
    """Everything the page prints. No query."""
    plan, query = chosen.plan, query_of(chosen.wanted)
    lead, rest = answer(plan, chosen.items)
    specs = _specs(chosen)
    picture = None
    if specs is not None:
        picture = rendering.figure(
            specs.wide,
            specs.narrow,
            chart_id="tidslinje-tegning",
            title=specs.title,
            description=_("The table under the picture says the same, item by item."),
            keep_seconds=KEEP_SECONDS,
        )
    urls = ItemUrls(plan.slug)
    return TimelinePage(
        slug=plan.slug,
        plan_title=plan.title,
        lead=lead,
        rest=rest,
        total=len(chosen.items),
        choices=chosen.choices,
        query=query,
        wishes=wishes_in_words(chosen.choices),
        shown=_shown(chosen),
        heading=specs.heading if specs else _("Promised and moved, quarter by quarter"),
        picture=picture,
        picture_blank=_picture_blank(chosen, picture),
        drawn=_left_out(chosen),
        notes=specs.notes if specs else (),
        lines=tuple(_line(item, chosen, urls) for item in chosen.found),
        svg_url=reverse("plan_timeline_svg", args=[plan.slug]) + query,
        items_word=items_word(plan.kind),
    )


def timeline_file(chosen: Chosen, *, narrow: bool = False) -> str:
    """The picture as a file, with the sentence of every row inside; "" when there is nothing to draw."""
    specs = _specs(chosen)
    if specs is None:
        return ""
    lines = (_line(item, chosen, ItemUrls(chosen.plan.slug)) for item in chosen.found[:MOST_DRAWN])
    description = " ".join([*map(spoken, lines), *specs.notes])
    spec = specs.narrow if narrow else specs.wide
    return rendering.file_of(spec, title=specs.title, description=description, keep_seconds=KEEP_SECONDS)


# --- What a choice is made by -----------------------------------------------------------------------------------------


def _more(plan: Plan, items: Sequence[ItemFacts]) -> PlanMoves:
    """Three queries: postponements, goals and owners of the plan."""
    times: dict[int, int] = defaultdict(int)
    causes: dict[int, set[str]] = defaultdict(set)
    cause_names: dict[str, str] = {}
    cause_name = "cause__name_en" if (get_language() or "da").startswith("en") else "cause__name"
    moves = Postponement.objects.filter(item__plan=plan).order_by("pk").values_list("item_id", "cause_id", cause_name)
    for item_id, code, name in moves:
        times[item_id] += 1
        if code:
            causes[item_id].add(code)
            cause_names[code] = name
    for item in items:
        if item.current and item.current.cause:
            causes[item.pk].add(item.current.cause)
            cause_names[item.current.cause] = item.current.cause_name
    goals, goal_names = _goals(plan)
    bodies = {owner.pk for item in items for owner in item.owners}
    owners = {
        pk: (slug, name) for pk, slug, name in Body.objects.filter(pk__in=bodies).values_list("pk", "slug", "name")
    }
    return PlanMoves(
        times=times,
        causes={item: frozenset(codes) for item, codes in causes.items()},
        goals=goals,
        owners={pk: slug for pk, (slug, _name) in owners.items()},
        names=Names(owners=dict(owners.values()), goals=goal_names, causes=cause_names),
    )


def _goals(plan: Plan) -> tuple[dict[int, frozenset[str]], dict[str, str]]:
    """item -> the goals it is linked to, itself or through an indicator; and what they are called."""
    rows = (
        Contribution.objects.active()
        .filter(item__plan=plan)
        .order_by("pk")
        .values_list("item_id", "goal__slug", "goal__name", "indicator__goal__slug", "indicator__goal__name")
    )
    found: dict[int, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for item_id, slug, name, through, through_name in rows:
        found[item_id].add(slug or through)
        names[slug or through] = name or through_name
    return {item: frozenset(slugs) for item, slugs in found.items()}, names


def _to_select(place: int, item: ItemFacts, more: PlanMoves, parents: Mapping[int, int | None]) -> ItemToSelect:
    current = item.current
    due = current.due if current else first_promise(item)
    headings = (item.track_id, parents.get(item.track_id))
    return ItemToSelect(
        key=place,
        place=place,
        state=item.state,
        undated=bool(current and current.undated),
        owners=frozenset(more.owners[owner.pk] for owner in item.owners),
        tracks=frozenset(str(track) for track in headings if track is not None),
        goals=more.goals.get(item.pk, frozenset()),
        causes=more.causes.get(item.pk, frozenset()),
        deadline=due.last_day if due else None,
        slip=slip_in_quarters(counted_from(item), due) if due else None,
        title_key=_title_key(item.title),
    )


# --- The picture ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Specs:
    wide: dict[str, object]
    narrow: dict[str, object]
    title: str
    heading: str
    notes: tuple[str, ...]


def _specs(chosen: Chosen) -> _Specs | None:
    """Both drawings of the first items; None when none of them has a date."""
    shown = chosen.found[:MOST_DRAWN]
    items = [timeline_item(item) for item in shown]
    grid, day_note = _grid(items, shown, chosen)
    rows = [row_for(item, grid) for item in items]
    if not any(row.bars or row.marks for row in rows):
        return None
    drawn = [
        DrawnRow(f"{item.number}. {item.title}", _under_title(item), row) for item, row in zip(shown, rows, strict=True)
    ]
    years, units = words_over(grid)
    head = Head(years, units, grid.now if 1 <= grid.now <= layout.COLUMNS else 0)
    wide, narrow = (draw(drawn, head, size=size, words=_legend(), language=language()) for size in (WIDE, NARROW))
    heading = timeline_heading(grid)
    title = f"{chosen.plan.short_title or chosen.plan.title}: {heading[:1].lower()}{heading[1:]}"
    return _Specs(wide, narrow, title, heading, (day_note, *_notes(rows)))


def _grid(items: Sequence[layout.TimelineItem], shown: Sequence[ItemFacts], chosen: Chosen) -> tuple[layout.Grid, str]:
    """The grid with its band: the quarter of today, or of the newest status where today would make columns coarser."""
    newest = max((item.current.as_of for item in shown if item.current), default=chosen.plan.as_of or chosen.today)
    grid, then = layout.grid_for(items, now=chosen.today), layout.grid_for(items, now=newest)
    if grid.unit == then.unit:
        return grid, _("The yellow band holds today, %(day)s.") % {"day": day_text(chosen.today)}
    return then, _("The yellow band holds %(day)s, the day of the newest status.") % {"day": day_text(newest)}


def _under_title(item: ItemFacts) -> str:
    current = item.current
    state = state_view(item.state).word
    if current is None:
        return state
    if current.undated:
        return _("%(state)s without a new date") % {"state": state}
    slip = slip_text(counted_from(item), current.due)
    return f"{state}, {slip}" if slip else state


def _legend() -> dict[str, str]:
    return {
        "mark-promised": _("Promised"),
        "mark-moved": _("New date"),
        "mark-undated": _("No new date"),
        "mark-started": _("Begun"),
        "mark-paused": _("Put on hold"),
        "mark-milestone": _("Milestone"),
        "bar-moved": _("Moved"),
        "bar-going": _("Under way"),
        "bar-paused": _("Paused"),
        "bar-window": _("A period longer than a column"),
    }


def _notes(rows: Iterable[layout.Row]) -> tuple[str, ...]:
    found = list(rows)
    notes = [_("A deadline is the last day of the period.")]
    if any(bar.clipped for row in found for bar in row.bars) or any(
        mark.clipped for row in found for mark in row.marks
    ):
        notes.insert(0, _("What lies outside the columns stands at the edge. The table says when."))
    return tuple(notes)


def _picture_blank(chosen: Chosen, picture: rendering.Picture | None) -> str:
    if not chosen.found:
        return ""
    if picture is None:
        return _("There is nothing to draw: none of these has a date.")
    return "" if picture.svg else _("The picture could not be drawn. The table has the same dates.")


# --- The words around it ----------------------------------------------------------------------------------------------


def _shown(chosen: Chosen) -> str:
    words: dict[str, object] = {
        "shown": len(chosen.found),
        "total": len(chosen.items),
        "items": items_word(chosen.plan.kind),
    }
    order = sort_words()[chosen.wanted.sort]
    words["order"] = order[:1].lower() + order[1:]
    return _("Shows %(shown)d of %(total)d %(items)s. Order: %(order)s.") % words


def _left_out(chosen: Chosen) -> str:
    if len(chosen.found) <= MOST_DRAWN:
        return ""
    words = {"drawn": MOST_DRAWN, "shown": len(chosen.found)}
    return _("The picture draws the first %(drawn)d of the %(shown)d chosen. The table has them all.") % words


def _line(item: ItemFacts, chosen: Chosen, urls: ItemUrls) -> TimelineLine:
    more = chosen.more
    causes = [more.names.causes[code] for code in more.causes.get(item.pk, ())]
    return timeline_line(item, chosen.plan, times=more.times.get(item.pk, 0), causes=causes, urls=urls)
