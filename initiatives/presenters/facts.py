"""What pages know of items, fetched in a fixed number of queries whatever the size.

Rows come as plain tuples and not as models: a plan of 200 items and 600 milestones is a page like any other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils.translation import get_language

from initiatives.calculations.states import CLOSED_STATES, ON_HOLD, POSTPONED
from initiatives.models import PLAN_ORDER, ActionItem, Anchoring, Milestone, Schedule, StatusUpdate
from sundhedsaftale.lib.periods import Period


@dataclass(frozen=True, slots=True)
class StatusFact:
    """One statement about an item. The words themselves are only fetched for the current one (`ItemFacts.words`)."""

    sequence: int
    state: str
    unchanged: bool
    as_of: date
    due: Period | None
    cause: str  # "" when none is given
    cause_name: str
    on_behalf_of: str = ""  # the owner the secretariat answered for
    postponed: bool = False  # it moved the date

    @property
    def undated(self) -> bool:
        """Moved or paused, and nobody has named a new date."""
        return self.due is None and self.state in (POSTPONED, ON_HOLD)


@dataclass(frozen=True, slots=True)
class MilestoneFact:
    title: str
    period: Period
    reached_on: date | None
    body_id: int | None


@dataclass(frozen=True, slots=True)
class Owner:
    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item with everything a page prints of it. `statuses` and `schedules` stand in the order written."""

    pk: int
    plan_id: int
    track_id: int
    number: int
    position: int
    title: str
    content: str
    horizon: str
    horizon_note: str
    coordinator_id: int | None
    closed_on: date | None
    closed_reason: str
    words: str
    owners: tuple[Owner, ...]
    statuses: tuple[StatusFact, ...]
    schedules: Mapping[str, list[Period]]
    milestones: tuple[MilestoneFact, ...]
    key: str = ""

    @property
    def current(self) -> StatusFact | None:
        return self.statuses[-1] if self.statuses else None

    @property
    def state(self) -> str:
        return self.statuses[-1].state if self.statuses else ""

    @property
    def is_open(self) -> bool:
        return self.closed_on is None and self.state not in CLOSED_STATES

    def periods(self, kind: str) -> list[Period]:
        return self.schedules.get(str(kind), [])


def load_items(where: Q) -> list[ItemFacts]:
    """The items the condition names (on ActionItem), in the order of the plan. Four queries."""
    newest = StatusUpdate.objects.filter(item=OuterRef("pk")).order_by("-sequence").values("text")[:1]
    rows = list(
        ActionItem.objects.filter(where)
        .annotate(current_words=Subquery(newest))
        .order_by("plan", *PLAN_ORDER)
        .values_list(
            "pk", "plan_id", "track_id", "number", "position", "title", "content", "horizon", "horizon_note",
            "coordinator_id", "closed_on", "closed_reason", "current_words", "key",
        )
    )  # fmt: skip
    wanted = ActionItem.objects.filter(where).values("pk")
    owners = _owners(wanted)
    statuses = _statuses(wanted)
    schedules, milestones = _periods(wanted)
    return [
        ItemFacts(
            *row[:12],
            words=row[12] or "",
            owners=tuple(owners[row[0]]),
            statuses=tuple(statuses[row[0]]),
            schedules=schedules[row[0]],
            milestones=tuple(milestones[row[0]]),
            key=row[13],
        )
        for row in rows
    ]


def _owners(wanted: QuerySet[Any]) -> dict[int, list[Owner]]:
    found: dict[int, list[Owner]] = defaultdict(list)
    rows = Anchoring.objects.filter(item__in=wanted).order_by("item", "position")
    for item_id, body_id, name in rows.values_list("item_id", "body_id", "body__name"):
        found[item_id].append(Owner(body_id, name))
    return found


def _statuses(wanted: QuerySet[Any]) -> dict[int, list[StatusFact]]:
    found: dict[int, list[StatusFact]] = defaultdict(list)
    cause_name = "cause__name_en" if (get_language() or "da").startswith("en") else "cause__name"
    rows = (
        StatusUpdate.objects.filter(item__in=wanted)
        .order_by("item", "sequence")
        .values_list(
            "item_id", "sequence", "state", "unchanged", "as_of", "cause_id", cause_name,
            "on_behalf_of__name", "due_id", "due__precision", "due__first_day", "due__last_day", "due__words",
            "postponement__pk",
        )
    )  # fmt: skip
    for item_id, sequence, state, unchanged, as_of, cause, name, behalf, due_id, *period, moved in rows:
        due = Period(*period) if due_id else None
        told = StatusFact(
            sequence, state, unchanged, as_of, due, cause or "", name or "", behalf or "", moved is not None
        )
        found[item_id].append(told)
    return found


MILESTONE = "milestone"


def _periods(
    wanted: QuerySet[Any],
) -> tuple[dict[int, dict[str, list[Period]]], dict[int, list[MilestoneFact]]]:
    """Schedules and milestones in one query: they are the same columns, and the page has a budget."""
    no_day = Cast(Value(None), output_field=DateField())
    columns = ("item_id", "what", "precision", "first_day", "last_day", "words", "name", "reached", "who", "at", "pk")
    schedules = (
        Schedule.objects.filter(item__in=wanted)
        .annotate(what=F("kind"), name=Value(""), reached=no_day, who=F("item_id") * 0, at=Value(0))
        .order_by()
        .values_list(*columns)
    )
    milestones = (
        Milestone.objects.filter(item__in=wanted)
        .annotate(what=Value(MILESTONE), name=F("title"), reached=F("reached_on"), who=F("body_id"), at=F("position"))
        .order_by()
        .values_list(*columns)
    )
    dated: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    steps: dict[int, list[tuple[Any, Any]]] = defaultdict(list)
    for item_id, what, precision, first, last, words, name, day, who, at, pk in schedules.union(milestones, all=True):
        period = Period(precision, first, last, words)
        if what == MILESTONE:
            steps[item_id].append(((last is None, last or date.max, at, pk), MilestoneFact(name, period, day, who)))
        else:
            dated[item_id].append((pk, (what, period)))
    return _by_kind(_in_order(dated)), _in_order(steps)


def _by_kind(found: dict[int, list[Any]]) -> dict[int, dict[str, list[Period]]]:
    kinds: dict[int, dict[str, list[Period]]] = defaultdict(dict)
    for item_id, rows in found.items():
        for kind, period in rows:
            kinds[item_id].setdefault(kind, []).append(period)
    return kinds


def _in_order(found: dict[int, list[tuple[Any, Any]]]) -> dict[int, list[Any]]:
    """The facts sorted by the key that stands beside each."""
    ordered: dict[int, list[Any]] = defaultdict(list)
    for item_id, rows in found.items():
        ordered[item_id] = [fact for _, fact in sorted(rows, key=lambda row: row[0])]
    return ordered
