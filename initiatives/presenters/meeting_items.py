"""What a meeting deals with: the items of its body's plans, and who has answered for it. A fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import get_language

from initiatives.calculations.answers import Spoken, Window, answer_for, is_asked, window
from initiatives.calculations.states import ON_HOLD, POSTPONED
from initiatives.models import PLAN_ORDER, ActionItem, Anchoring, Meeting, Plan, StatusUpdate
from initiatives.presenters.facts import Owner
from sundhedsaftale.lib.periods import Period


@dataclass(frozen=True, slots=True)
class StatusRow:
    sequence: int
    state: str
    unchanged: bool
    as_of: date
    recorded_at: datetime
    for_meeting: int | None  # None also when that meeting was cancelled
    on_behalf_of: str  # the owner's name, "" when they answered themselves
    cause_name: str
    due: Period | None

    @property
    def undated(self) -> bool:
        return self.due is None and self.state in (POSTPONED, ON_HOLD)

    @property
    def spoken(self) -> Spoken:
        day = min(self.as_of, timezone.localdate(self.recorded_at))
        return Spoken(self.sequence, self.state, day, self.for_meeting)


@dataclass(frozen=True, slots=True)
class MeetingItem:
    """An item of a plan as the checklist and the grid see it. `words` are those of the newest status."""

    pk: int
    plan_id: int
    number: int
    title: str
    coordinator_id: int | None
    words: str
    owners: tuple[Owner, ...]
    statuses: tuple[StatusRow, ...]
    answer: StatusRow | None  # the status that answers for the meeting
    asked: bool  # nothing is owed for a closed item

    @property
    def newest(self) -> StatusRow | None:
        return self.statuses[-1] if self.statuses else None


def meeting_plans(meeting: Meeting) -> list[Plan]:
    """The plans of the body that were in force on the day of the meeting. One query."""
    return list(
        Plan.objects.filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=meeting.day),
            Q(as_of__isnull=True) | Q(as_of__lte=meeting.day),
            body=meeting.body_id,
        ).select_related("kind", "body__area", "agreement")
    )


def meeting_window(meeting: Meeting) -> Window:
    """The days whose statuses count for the meeting. One query."""
    held = Meeting.objects.filter(body=meeting.body_id, day__lt=meeting.day, cancelled_on__isnull=True)
    previous = held.order_by("-day").values_list("day", flat=True).first()
    return window(day=meeting.day, hand_in=meeting.hand_in, previous=previous)


def load_meeting_items(meeting: Meeting, plans: list[Plan], when: Window) -> list[MeetingItem]:
    """The items that stand in the plans, in their order. Three queries."""
    where = Q(
        plan__in=[plan.pk for plan in plans],
        closed_on__isnull=True,
        track__closed_on__isnull=True,
        track__parent__closed_on__isnull=True,
    )
    newest = StatusUpdate.objects.filter(item=OuterRef("pk")).order_by("-sequence").values("text")[:1]
    rows = (
        ActionItem.objects.filter(where)
        .annotate(current_words=Subquery(newest))
        .order_by("plan", *PLAN_ORDER)
        .values_list("pk", "plan_id", "number", "title", "coordinator_id", "current_words")
    )
    wanted = ActionItem.objects.filter(where).values("pk")
    owners, statuses = _owners(wanted), _statuses(wanted)
    return [_item(row, tuple(owners[row[0]]), tuple(statuses[row[0]]), meeting, when) for row in rows]


def _item(
    row: tuple[int, int, int, str, int | None, str | None],
    owners: tuple[Owner, ...],
    statuses: tuple[StatusRow, ...],
    meeting: Meeting,
    when: Window,
) -> MeetingItem:
    spoken = [status.spoken for status in statuses]
    found = answer_for(spoken, meeting=meeting.pk, when=when)
    return MeetingItem(
        *row[:5],
        words=row[5] or "",
        owners=owners,
        statuses=statuses,
        answer=next((one for one in statuses if found is not None and one.sequence == found.sequence), None),
        asked=is_asked(spoken, meeting=meeting.pk, when=when),
    )


def _owners(wanted: QuerySet[Any, Any]) -> dict[int, list[Owner]]:
    found: dict[int, list[Owner]] = defaultdict(list)
    rows = Anchoring.objects.filter(item__in=wanted).order_by("item", "position")
    for item_id, body_id, name in rows.values_list("item_id", "body_id", "body__name"):
        found[item_id].append(Owner(body_id, name))
    return found


def _statuses(wanted: QuerySet[Any, Any]) -> dict[int, list[StatusRow]]:
    found: dict[int, list[StatusRow]] = defaultdict(list)
    cause_name = "cause__name_en" if (get_language() or "da").startswith("en") else "cause__name"
    rows = (
        StatusUpdate.objects.filter(item__in=wanted)
        .order_by("item", "sequence")
        .values_list(
            "item_id", "sequence", "state", "unchanged", "as_of", "recorded_at", "meeting_id", "meeting__cancelled_on",
            "on_behalf_of__name", cause_name, "due_id", "due__precision", "due__first_day", "due__last_day", "due__words",
        )
    )  # fmt: skip
    for item_id, sequence, state, unchanged, as_of, at, meeting, cancelled, behalf, cause, due_id, *period in rows:
        found[item_id].append(
            StatusRow(
                sequence,
                state,
                unchanged,
                as_of,
                at,
                None if cancelled else meeting,
                behalf or "",
                cause or "",
                Period(*period) if due_id else None,
            )
        )
    return found
