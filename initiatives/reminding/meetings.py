"""Meetings to come whose texts are to be handed in: who has not answered, by the rule of the meeting's own checklist.

Five queries for any number of meetings, and one when there is none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from initiatives.calculations.answers import Spoken, answer_for, is_asked, window
from initiatives.calculations.reminder_rules import MISSING, HandIn, Once
from initiatives.models import ActionItem, Anchoring, Meeting, Role, StatusUpdate
from initiatives.reminding.people import Audience
from initiatives.reminding.subjects import HORIZON, Part, Subject, Thing, count_moves

ANSWERERS = (Role.SECRETARY, Role.LEAD)


@dataclass(frozen=True, slots=True)
class _Item:
    thing: Thing
    plan_body: int
    coordinator: int | None
    begins: date | None
    ends: date | None


def meeting_subjects(first: date, last: date, only: Collection[int] | None = None) -> list[Subject]:
    """For each meeting: those who have not answered, and its secretaries, who are told who they are."""
    coming = Meeting.objects.filter(cancelled_on__isnull=True, day__gte=first, hand_in__lte=last + HORIZON)
    if only is not None:
        coming = coming.filter(pk__in=only)
    earlier = Meeting.objects.filter(body=OuterRef("body"), day__lt=OuterRef("day"), cancelled_on__isnull=True)
    previous = Subquery(earlier.order_by("-day").values("day")[:1])
    meetings = list(coming.annotate(previous=previous).select_related("body").order_by("day", "pk"))
    if not meetings:
        return []
    items = _items(coming)
    owners, spoken = _owners(coming), _spoken(coming)
    moves = count_moves(Meeting.history.model, coming.values("pk"), "hand_in")
    found: list[Subject] = []
    for meeting in meetings:
        parts = _unanswered(meeting, items, owners, spoken)
        if parts:
            found += _of_meeting(meeting, parts, moves.get(meeting.pk, 0))
    return found


def _of_meeting(meeting: Meeting, parts: tuple[Part, ...], revision: int) -> list[Subject]:
    bodies = frozenset({meeting.body_id})
    secretaries = Audience((), (((Role.SECRETARY,), bodies),), bodies)
    thing = Thing(meeting.title, meeting.body.name, ("meeting", (meeting.pk,)))
    facts: dict[str, Any] = {"bodies": bodies, "revision": revision, "since": meeting.day, "parts": parts}
    after = meeting.hand_in + timedelta(days=1)
    # The secretaries are told about everybody the day after: their own items are among them.
    ask = HandIn(meeting.hand_in, meeting.day)
    tell = Once(MISSING, meeting.hand_in, after, meeting.day, late=True, passes=True)
    return [
        Subject("meeting", meeting.pk, ask, thing, Audience(), besides=secretaries, **facts),
        Subject("meeting", meeting.pk, tell, thing, secretaries, role=Role.SECRETARY, **facts),
    ]


def _unanswered(
    meeting: Meeting,
    items: dict[int, _Item],
    owners: dict[int, list[tuple[int, str]]],
    spoken: dict[int, list[Spoken]],
) -> tuple[Part, ...]:
    when = window(day=meeting.day, hand_in=meeting.hand_in, previous=meeting.previous)  # type: ignore[attr-defined]
    parts = []
    for pk, item in items.items():
        if item.plan_body != meeting.body_id or not _in_force(item, meeting.day):
            continue
        said = spoken.get(pk, [])
        asked = is_asked(said, meeting=meeting.pk, when=when)
        if not asked or answer_for(said, meeting=meeting.pk, when=when) is not None:
            continue
        carried = owners.get(pk, [])
        parts.append(
            Part(item.thing, _answerers(item, [body for body, _name in carried]), tuple(n for _b, n in carried))
        )
    return tuple(parts)


def _in_force(item: _Item, day: date) -> bool:
    return (item.begins is None or item.begins <= day) and (item.ends is None or item.ends > day)


def _answerers(item: _Item, owners: list[int]) -> Audience:
    """Those who answer: the coordinator, else the owners' secretaries and leads, else the secretaries of the plan."""
    own, plan = frozenset(owners), frozenset({item.plan_body})
    persons = () if item.coordinator is None else (item.coordinator,)
    return Audience(persons, ((ANSWERERS, own), ((Role.SECRETARY,), plan)), own | plan)


def _where(coming: QuerySet[Meeting]) -> Q:
    return Q(
        plan__body__in=coming.values("body"),
        closed_on__isnull=True,
        track__closed_on__isnull=True,
        track__parent__closed_on__isnull=True,
    )


def _items(coming: QuerySet[Meeting]) -> dict[int, _Item]:
    rows = ActionItem.objects.filter(_where(coming)).order_by("plan", "number")
    fields = ("plan__slug", "plan__short_title", "plan__title", "plan__body_id", "plan__as_of", "plan__closed_on")
    return {
        pk: _Item(
            Thing(f"{number}. {title}", short or long, ("item", (slug, number)), number, pk),
            body,
            coordinator,
            begins,
            ends,
        )
        for pk, number, title, coordinator, slug, short, long, body, begins, ends in rows.values_list(
            "pk", "number", "title", "coordinator_id", *fields
        )
    }


def _owners(coming: QuerySet[Meeting]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    wanted = ActionItem.objects.filter(_where(coming)).values("pk")
    rows = Anchoring.objects.filter(item__in=wanted).order_by("item", "position")
    for item, body, name in rows.values_list("item_id", "body_id", "body__name"):
        found[item].append((body, name))
    return found


def _spoken(coming: QuerySet[Meeting]) -> dict[int, list[Spoken]]:
    found: dict[int, list[Spoken]] = defaultdict(list)
    wanted = ActionItem.objects.filter(_where(coming)).values("pk")
    rows = StatusUpdate.objects.filter(item__in=wanted).order_by("item", "sequence")
    for item, sequence, state, as_of, at, meeting, cancelled in rows.values_list(
        "item_id", "sequence", "state", "as_of", "recorded_at", "meeting_id", "meeting__cancelled_on"
    ):
        day = min(as_of, timezone.localdate(at))
        found[item].append(Spoken(sequence, state, day, None if cancelled else meeting))
    return found
