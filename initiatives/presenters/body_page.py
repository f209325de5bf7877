"""A body's own page: what it is and when, what comes before and after it, its plans and its meetings. Nothing personal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.models import Body, BodySuccession, Meeting
from initiatives.presenters.meetings import MeetingLine, meeting_lines
from initiatives.presenters.plans import PlanLine, plan_lines
from initiatives.presenters.wording import day_text
from sundhedsaftale.lib.viewed import Viewed

MOST_MEETINGS = 5


@dataclass(frozen=True)
class Neighbour:
    """A body before or after, with the day of the change."""

    name: str
    url: str
    day: str


@dataclass(frozen=True)
class BodyPage:
    name: str
    kind: str
    note: tuple[str, ...]
    source: str
    is_example: bool
    answer: str
    area: str
    area_url: str
    predecessors: tuple[Neighbour, ...]
    successors: tuple[Neighbour, ...]
    plans: tuple[PlanLine, ...]
    coming: tuple[MeetingLine, ...]
    past: tuple[MeetingLine, ...]
    meetings_url: str


def body_page(body: Body, *, today: date, look: Viewed | None = None) -> BodyPage:
    """The body comes with its kind and area. Four queries. `look`: another day than today, kept in the links."""
    day, query = (look.day, look.query()) if look else (today, "")
    before, after = _neighbours(body, query)
    meetings = Meeting.objects.filter(body=body).select_related("body")
    return BodyPage(
        name=body.name,
        kind=body.kind.name,
        note=tuple(paragraph.strip() for paragraph in body.note.split("\n\n") if paragraph.strip()),
        source=body.source,
        is_example=body.is_example and body.kind.name != _("Example"),  # the kind says it already
        answer=_answer(body, day),
        area=body.area.name if body.area else "",
        area_url=reverse("area", args=[body.area.code]) + query if body.area else "",
        predecessors=before,
        successors=after,
        plans=plan_lines(Q(body=body)),
        coming=meeting_lines(meetings.filter(day__gte=day).order_by("day", "pk")[:MOST_MEETINGS]),
        past=meeting_lines(meetings.filter(day__lt=day).order_by("-day", "pk")[:MOST_MEETINGS]),
        meetings_url=f"{reverse('meeting_list')}?udvalg={body.slug}",
    )


def _answer(body: Body, today: date) -> str:
    first, last = body.valid_from, body.valid_to
    days = {"first": day_text(first), "last": day_text(last)}
    if first is not None and first > today:
        return _("It begins on %(first)s.") % days
    if last is not None and last < today:
        if first is None:
            return _("It ended on %(last)s.") % days
        return _("It existed from %(first)s to %(last)s.") % days
    if first is not None and last is not None:
        return _("It has existed since %(first)s and ends on %(last)s.") % days
    if last is not None:
        return _("It ends on %(last)s.") % days
    if first is not None:
        return _("It has existed since %(first)s.") % days
    return _("It exists now; when it began is not known here.")


def _neighbours(body: Body, query: str) -> tuple[tuple[Neighbour, ...], tuple[Neighbour, ...]]:
    """Those it came after, and those that come after it. One query."""
    rows = BodySuccession.objects.filter(Q(predecessor=body) | Q(successor=body))
    steps = list(rows.select_related("predecessor", "successor").order_by("on", "successor__sort_key"))
    before = [_neighbour(step.predecessor, step.on, query) for step in steps if step.successor_id == body.pk]
    after = [_neighbour(step.successor, step.on, query) for step in steps if step.predecessor_id == body.pk]
    return tuple(before), tuple(after)


def _neighbour(body: Body, on: date, query: str) -> Neighbour:
    return Neighbour(body.name, reverse("body", args=[body.slug]) + query, day_text(on))
