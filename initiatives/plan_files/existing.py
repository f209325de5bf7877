"""A plan of ours as the readers of files see one: its open items, to be compared with what a newer file says."""

from __future__ import annotations

from collections import defaultdict

from django.db.models import Max

from initiatives.calculations.plan_matching import ExistingItem
from initiatives.models import ActionItem, Anchoring, Milestone, Plan, Schedule, StatusUpdate, Track
from sundhedsaftale.lib.periods import Period


def existing_items(plan: Plan) -> list[ExistingItem]:
    """The items that have not been taken out of the plan, in its order. Five queries."""
    items = list(
        ActionItem.objects.filter(plan=plan, closed_on__isnull=True, track__closed_on__isnull=True)
        .select_related("track__parent")
        .order_by("position", "number")
    )
    owners = defaultdict(list)
    for item_id, slug, name in (
        Anchoring.objects.filter(item__plan=plan)
        .order_by("position")
        .values_list("item_id", "body__slug", "body__name")
    ):
        owners[item_id].append((slug, name))
    current = {
        status.item_id: status
        for status in StatusUpdate.objects.current().filter(item__plan=plan).select_related("due")
    }
    schedules: dict[int, dict[str, list[Period]]] = defaultdict(lambda: defaultdict(list))
    for schedule in Schedule.objects.filter(item__plan=plan).order_by("recorded_at", "pk"):
        schedules[schedule.item_id][schedule.kind].append(schedule.period)
    milestones = defaultdict(list)
    for step in Milestone.objects.filter(item__plan=plan).order_by("last_day", "position", "pk"):
        milestones[step.item_id].append((step.title, step.period))
    return [
        _existing(item, owners[item.pk], current.get(item.pk), schedules[item.pk], milestones[item.pk])
        for item in items
    ]


def plan_stamp(plan: Plan) -> str:
    """Changes whenever an item or a status of the plan does: owners and milestones leave a history row too. 2 queries."""
    status = StatusUpdate.objects.filter(item__plan=plan).aggregate(last=Max("pk"))["last"]
    item = ActionItem.history.filter(plan_id=plan.pk).aggregate(last=Max("history_id"))["last"]
    return f"{status or 0}-{item or 0}"


def _existing(
    item: ActionItem,
    owners: list[tuple[str, str]],
    status: StatusUpdate | None,
    schedules: dict[str, list[Period]],
    milestones: list[tuple[str, Period]],
) -> ExistingItem:
    heading: Track = item.track.parent or item.track
    return ExistingItem(
        key=item.key,
        number=item.number,
        title=item.title,
        content=item.content,
        section_number=heading.number,
        section=heading.title,
        sub_section=item.track.title if item.track.parent else "",
        owners=tuple(slug for slug, _name in owners),
        owner_names=tuple(name for _slug, name in owners),
        status_text=status.text if status else "",
        state=status.state if status else "",
        cause=(status.cause_id or "") if status else "",
        due=status.due.period if status and status.due else None,
        as_of=status.as_of if status else None,
        schedules={kind: tuple(periods) for kind, periods in schedules.items()},
        milestones=tuple(milestones),
    )
