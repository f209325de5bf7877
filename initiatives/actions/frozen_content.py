"""What a meeting sees of a plan, gathered as the rows that are frozen. Nothing here is stored: `freezing` does that.

A fixed number of queries, whatever the size of the plan. The words are data, in the language of the plan; where the
program itself says why there is no light, it says so in the site's language, so that the reader's makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import translation

from initiatives.actions.frozen_lights import gather_lights
from initiatives.calculations.delays import Move, slips
from initiatives.calculations.frozen_record import SCHEMA, fingerprint
from initiatives.calculations.states import ON_HOLD, POSTPONED
from initiatives.models import (
    PLAN_ORDER,
    ActionItem,
    Anchoring,
    Contribution,
    Decision,
    Meeting,
    Milestone,
    Plan,
    Postponement,
    Schedule,
    ScheduleKind,
    Snapshot,
    SnapshotItem,
    SnapshotLight,
    StatusUpdate,
)

# What the rows of a plan are called when its kind has no word of its own.
ITEM_WORD, ITEMS_WORD = "punkt", "punkter"

PeriodList = list[Any]


@dataclass(frozen=True)
class Content:
    """The rows as they would be frozen now. The snapshot has no version, moment or approval yet, and nothing a key."""

    snapshot: Snapshot
    items: list[SnapshotItem]
    lights: list[SnapshotLight]

    @cached_property
    def fingerprint(self) -> str:
        """What an approval covers: everything but the decisions and the moment."""
        return fingerprint(self.snapshot, self.items, self.lights)


def gather(meeting: Meeting, plan: Plan) -> Content:
    """The meeting with its body's area; the plan with its kind, body and agreement."""
    with translation.override(settings.LANGUAGE_CODE):
        wanted = standing_items(plan)
        return Content(
            snapshot=_frame(meeting, plan),
            items=gather_items(meeting, plan),
            lights=gather_lights(Contribution.objects.active().filter(item__in=wanted), meeting),
        )


def standing_items(plan: Plan) -> QuerySet[ActionItem]:
    """Those that still stand in the plan: neither closed themselves nor under a closed heading."""
    return ActionItem.objects.filter(
        Q(track__parent__isnull=True) | Q(track__parent__closed_on__isnull=True),
        plan=plan,
        closed_on__isnull=True,
        track__closed_on__isnull=True,
    )


def _frame(meeting: Meeting, plan: Plan) -> Snapshot:
    area = plan.body.area
    return Snapshot(
        meeting=meeting,
        plan=plan,
        schema=SCHEMA,
        plan_title=plan.title,
        plan_kind=plan.kind.name,
        item_name=plan.kind.item_name or ITEM_WORD,
        item_name_plural=plan.kind.item_name_plural or ITEMS_WORD,
        plan_as_of=plan.as_of,
        description=plan.description,
        agreement_name=plan.agreement.name if plan.agreement else "",
        body_name=plan.body.name,
        area_code=area.code if area else "",
        area_name=area.name if area else "",
        meeting_title=meeting.title,
        meeting_day=meeting.day,
        case_number=meeting.case_number,
    )


def gather_items(meeting: Meeting, plan: Plan) -> list[SnapshotItem]:
    """The items in the order of the plan's page. Eight queries."""
    wanted = standing_items(plan)
    rows = wanted.select_related("track__parent").order_by(*PLAN_ORDER)
    facts = _Facts(wanted, meeting)
    return [facts.row(item, position) for position, item in enumerate(rows, start=1)]


class _Facts:
    """What stands around the items of a plan, each kind of fact fetched once and keyed by item."""

    def __init__(self, wanted: QuerySet[ActionItem], meeting: Meeting) -> None:
        ids = wanted.values("pk")
        owners = Anchoring.objects.filter(item__in=ids).order_by("item", "position", "pk")
        self.owners = _grouped(owners.values_list("item_id", "body__name"))
        self.statuses = self._statuses(ids)
        self.periods = self._periods(ids)
        self.moves = self._moves(ids)
        self.milestones = self._milestones(ids)
        self.links = self._links(ids)
        decisions = Decision.objects.filter(meeting=meeting, item__in=ids)
        self.decisions = dict(decisions.values_list("item_id", "text"))

    def row(self, item: ActionItem, position: int) -> SnapshotItem:
        heading, sub = (item.track.parent or item.track), (item.track if item.track.parent else None)
        moves = self.moves[item.pk]
        links = self.links[item.pk]
        return SnapshotItem(
            position=position,
            number=item.number,
            key=item.key,
            track_number=heading.number,
            track_title=heading.title,
            sub_title=sub.title if sub else "",
            title=item.title,
            content=item.content,
            horizon=str(item.horizon),
            owners=[name for (name,) in self.owners[item.pk]],
            promised=self.periods[item.pk, ScheduleKind.PLANNED.value],
            started=self.periods[item.pk, ScheduleKind.STARTED.value],
            since=self.periods[item.pk, ScheduleKind.SINCE.value],
            times_postponed=len(moves),
            slip=total_slip(moves),
            milestones=self.milestones[item.pk],
            decision=self.decisions.get(item.pk, ""),
            links=[code for code, _ in links],
            link_names=[name for _, name in links],
            **_said(self.statuses.get(item.pk)),
        )

    def _statuses(self, ids: Any) -> dict[int, StatusUpdate]:
        found = StatusUpdate.objects.current().filter(item__in=ids).select_related("due", "cause", "by", "on_behalf_of")
        return {status.item_id: status for status in found}

    def _periods(self, ids: Any) -> dict[tuple[int, str], list[PeriodList]]:
        found: dict[tuple[int, str], list[PeriodList]] = defaultdict(list)
        rows = Schedule.objects.filter(item__in=ids).order_by("pk")
        columns = ("item_id", "kind", "words", "precision", "first_day", "last_day")
        for item, kind, words, precision, first, last in rows.values_list(*columns):
            found[item, kind].append(_period(words, precision, first, last))
        return found

    def _moves(self, ids: Any) -> dict[int, list[Move]]:
        found: dict[int, list[Move]] = defaultdict(list)
        rows = Postponement.objects.filter(item__in=ids).order_by("item", "status__sequence", "pk")
        columns = ("item_id", "moved_from__last_day", "moved_to__last_day", "cause_id")
        for item, begin, end, cause in rows.values_list(*columns):
            found[item].append(Move(item, begin, end, cause or ""))
        return found

    def _milestones(self, ids: Any) -> dict[int, list[dict[str, Any]]]:
        found: dict[int, list[dict[str, Any]]] = defaultdict(list)
        rows = Milestone.objects.filter(item__in=ids).order_by(F("last_day").asc(nulls_last=True), "position", "pk")
        names = ("title", "words", "precision", "first", "last", "reached_on", "body")
        columns = ("title", "words", "precision", "first_day", "last_day", "reached_on", "body__name")
        for item, *values in rows.values_list("item_id", *columns):
            fact = dict(zip(names, values, strict=True))
            fact |= {name: _iso(fact[name]) for name in ("first", "last", "reached_on")}
            found[item].append(fact | {"body": fact["body"] or ""})
        return found

    def _links(self, ids: Any) -> dict[int, list[tuple[str, str]]]:
        """Goals first. Sorted here and not by the databases, which do not agree on where a hyphen goes."""
        found: dict[int, list[tuple[str, str]]] = defaultdict(list)
        rows = Contribution.objects.active().filter(item__in=ids).order_by()
        columns = ("goal__framework__slug", "goal__number", "goal__name", "indicator__code", "indicator__name")
        for item, framework, number, goal, code, name in sorted(rows.values_list("item_id", *columns), key=_goal_first):
            found[item].append((f"{framework}/{number}", goal) if code is None else (code, name))
        return found


def _goal_first(row: tuple[Any, ...]) -> tuple[Any, ...]:
    _, framework, number, _, code, _ = row
    return (code is not None, framework or "", number or 0, code or "")


def total_slip(moves: Iterable[Move]) -> int | None:
    """Quarters moved in all. 0 when it never moved; None when it now has no date, or no move has both ends."""
    in_order = list(moves)
    if not in_order:
        return 0
    known = [slip for slip in slips(in_order) if slip is not None]
    return sum(known) if known and in_order[-1].to_last_day is not None else None


def _said(status: StatusUpdate | None) -> dict[str, Any]:
    """What the current status says; the fields' own defaults when nobody has written one."""
    if status is None:
        return {}
    due = status.due
    return {
        "state": str(status.state),
        "undated": due is None and status.state in (POSTPONED, ON_HOLD),
        "words": status.text,
        "unchanged": status.unchanged,
        "status_sequence": status.sequence,
        "status_as_of": status.as_of,
        "written_by": name_of(status.by),
        "on_behalf_of": status.on_behalf_of.name if status.on_behalf_of else "",
        "due": _period(due.words, due.precision, due.first_day, due.last_day) if due else None,
        "cause_code": status.cause_id or "",
        "cause_name": status.cause.name if status.cause else "",
    }


def name_of(user: Any) -> str:
    """What the person is called now, cut to the column; "" for nobody."""
    if user is None:
        return ""
    return str(user)[: SnapshotItem._meta.get_field("written_by").max_length or 200]


def _period(words: str, precision: str, first: Any, last: Any) -> PeriodList:
    return [words, precision, _iso(first), _iso(last)]


def _iso(day: Any) -> str | None:
    return day.isoformat() if day is not None else None


def _grouped(rows: Iterable[tuple[Any, ...]]) -> dict[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for key, *rest in rows:
        found[key].append(tuple(rest))
    return found
