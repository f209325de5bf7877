"""The page of one plan: its answer, its timeline, its headings with their items, and what became of its bodies."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.models import BodySuccession, Plan, Snapshot, Track
from initiatives.permissions import PlanRights
from initiatives.presenters.carried import Carried, carried
from initiatives.presenters.facts import ItemFacts, load_items
from initiatives.presenters.items import ItemUrls, ItemView, StatusPanel, closed_text, item_view, paragraphs
from initiatives.presenters.plans import PlanSummary, summarise
from initiatives.presenters.timeline import Timeline, plan_timeline
from initiatives.presenters.wording import day_text, language
from sundhedsaftale.lib.danish import join_words, sort_key


@dataclass(frozen=True, slots=True)
class SubHeading:
    title: str
    closed_text: str
    items: tuple[ItemView, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the plan with its own items and then its sub-headings. `blank` says why it holds nothing."""

    anchor: str
    heading: str
    closed_text: str
    items: tuple[ItemView, ...]
    subs: tuple[SubHeading, ...]
    blank: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    summary: PlanSummary
    slug: str
    kicker: str
    description: tuple[str, ...]
    sections: tuple[Section, ...]
    timeline: Timeline
    names_note: str
    successions: tuple[str, ...]
    source_title: str
    source_url: str
    source_note: tuple[str, ...]
    closed_text: str
    carried: Carried
    is_frozen: bool  # at least once
    body: str
    body_url: str

    def item_panel(self, number: int) -> StatusPanel:
        """The status region of one item of the plan."""
        groups = [group for section in self.sections for group in (section.items, *(sub.items for sub in section.subs))]
        return next(item.panel for group in groups for item in group if item.number == number)


def find_plan(slug: str) -> tuple[Plan, list[Any]]:
    """The plan and its headings, in one query when it has any; each heading knows `plan_is_frozen`. Raises Http404."""
    tracks = list(
        Track.objects.filter(plan__slug=slug)
        .annotate(plan_is_frozen=Exists(Snapshot.objects.filter(plan=OuterRef("plan"))))
        .select_related("plan__kind", "plan__body__area", "plan__agreement")
        .order_by("position", "pk")
    )
    if tracks:
        return tracks[0].plan, tracks
    plan = Plan.objects.filter(slug=slug).select_related("kind", "body__area", "agreement").first()
    if plan is None:
        raise Http404
    return plan, []


def plan_page(plan: Plan, tracks: list[Any], rights: PlanRights, *, today: date) -> PlanPage:
    """Everything the page prints. Six queries beside those for the plan and the rights."""
    items = load_items(Q(plan=plan))
    counted = counted_items(items, tracks)
    handed_on = carried(plan, today=today)
    return PlanPage(
        summary=summarise(plan, counted, today=today),
        slug=plan.slug,
        kicker=" · ".join(filter(None, (plan.kind.name, plan.body.name, day_text(plan.as_of)))),
        description=paragraphs(plan.description),
        sections=_sections(plan, tracks, items, rights, handed_on),
        timeline=plan_timeline(plan, counted, today=today),
        names_note=_names_note(plan),
        successions=succession_sentences({plan.body_id, *(owner.pk for item in items for owner in item.owners)}, today),
        source_title=plan.source_title,
        source_url=plan.source_url,
        source_note=paragraphs(plan.source_note),
        closed_text=closed_text(plan.closed_on, plan.closed_reason),
        carried=handed_on,
        is_frozen=any(track.plan_is_frozen for track in tracks[:1]),
        body=plan.body.name,
        body_url=reverse("body", args=[plan.body.slug]),
    )


def counted_items(items: list[ItemFacts], tracks: list[Track]) -> list[ItemFacts]:
    """Those that still stand in the plan: neither closed themselves nor under a closed heading."""
    closed = {track.pk for track in tracks if track.closed_on is not None}
    closed |= {track.pk for track in tracks if track.parent_id in closed}
    return [item for item in items if item.closed_on is None and item.track_id not in closed]


def _sections(
    plan: Plan, tracks: list[Track], items: list[ItemFacts], rights: PlanRights, handed_on: Carried
) -> tuple[Section, ...]:
    urls = ItemUrls(plan.slug)
    views: dict[int, list[ItemView]] = defaultdict(list)
    for facts in items:
        note = handed_on.items.get(facts.pk)
        view = item_view(facts, plan, urls=urls, can_write=rights.can_write(facts), carried=note)
        views[facts.track_id].append(view)
    sections = []
    for track in tracks:
        if track.parent_id is not None:
            continue
        subs = tuple(
            SubHeading(sub.title, closed_text(sub.closed_on, sub.closed_reason), tuple(views[sub.pk]))
            for sub in tracks
            if sub.parent_id == track.pk
        )
        sections.append(
            Section(
                anchor=f"spor-{track.pk}",
                heading=f"{track.number}. {track.title}" if track.number else track.title,
                closed_text=closed_text(track.closed_on, track.closed_reason),
                items=tuple(views[track.pk]),
                subs=subs,
                blank="" if views[track.pk] or subs else _("Nothing stands under this heading yet."),
            )
        )
    return tuple(sections)


def _names_note(plan: Plan) -> str:
    if plan.as_of is None:
        return _("The plan keeps the names of its own time.")
    return _("The plan keeps the names of %(year)s.") % {"year": plan.as_of.year}


def succession_sentences(body_ids: set[int], today: date) -> tuple[str, ...]:
    """One sentence for each body that was or will be succeeded, followed through to the last successor. One query."""
    rows = BodySuccession.objects.order_by("on", "pk").values_list(
        "predecessor_id", "successor_id", "on", "predecessor__name", "successor__name"
    )
    after: dict[int, list[tuple[int, date, str, str]]] = defaultdict(list)
    for predecessor, successor, on, old_name, new_name in rows:
        after[predecessor].append((successor, on, old_name, new_name))
    sentences, queue, seen = [], sorted(body_ids), set()
    while queue:
        body = queue.pop(0)
        if body in seen or body not in after:
            continue
        seen.add(body)
        for on in sorted({step[1] for step in after[body]}):
            steps = [step for step in after[body] if step[1] == on]
            sentences.append(_succession(steps, on, today))
            queue += [step[0] for step in steps]
    return tuple(sentences)


def _succession(steps: list[tuple[int, date, str, str]], on: date, today: date) -> str:
    names = sorted((step[3] for step in steps), key=sort_key)
    words = {"old": steps[0][2], "day": day_text(on), "new": join_words(names, language())}
    if on <= today:
        return _("%(old)s was succeeded %(day)s by %(new)s.") % words
    return _("%(old)s will be succeeded %(day)s by %(new)s.") % words
