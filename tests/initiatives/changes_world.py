"""A plan frozen by hand: plain rows as the meeting saw them, without the program that freezes."""

from __future__ import annotations

from datetime import date
from typing import Any

from initiatives.models import Meeting, Plan, Snapshot, SnapshotItem, SnapshotLight
from tests.initiatives import small_world as world


def freeze(plan: Plan, day: date, *, version: int = 1) -> Snapshot:
    """The plan as it stands now, frozen for a meeting on that day."""
    meeting, _ = Meeting.objects.get_or_create(
        body=plan.body, day=day, defaults={"hand_in": day, "dispatch": day, "created_at": world.at(day)}
    )
    snapshot = Snapshot.objects.create(
        meeting=meeting,
        plan=plan,
        version=version,
        note="Rettet." if version > 1 else "",
        frozen_at=world.at(day, 15),
        content_hash="0" * 64,
        plan_title=plan.title,
        plan_kind=plan.kind.name,
        item_name="punkt",
        item_name_plural="punkter",
        body_name=plan.body.name,
        meeting_day=day,
    )
    for position, item in enumerate(plan.items.order_by("position")):
        SnapshotItem.objects.create(snapshot=snapshot, position=position, **_item_values(item))
    return snapshot


def _item_values(item: Any) -> dict[str, Any]:
    status = item.statuses.order_by("-sequence").first()
    due = status.due if status else None
    return {
        "number": item.number,
        "key": item.key,
        "track_title": item.track.title,
        "title": item.title,
        "owners": [anchoring.body.name for anchoring in item.anchorings.all()],
        "state": status.state if status else "",
        "undated": bool(status and due is None and status.state in ("postponed", "on_hold")),
        "words": status.text if status else "",
        "status_sequence": status.sequence if status else 0,
        "status_as_of": status.as_of if status else None,
        "due": [due.words, due.precision, *(day and day.isoformat() for day in (due.first_day, due.last_day))]
        if due
        else None,
        "times_postponed": item.postponements.count(),
        "milestones": [
            {"title": step.title, "reached_on": step.reached_on and step.reached_on.isoformat()}
            for step in item.milestones.all()
        ],
    }


def freeze_light(snapshot: Snapshot, indicator: Any, area: Any, **fields: Any) -> SnapshotLight:
    values = {
        "position": snapshot.lights.count(),
        "indicator_code": indicator.code,
        "indicator_name": indicator.name,
        "area_code": area.code,
        "area_name": area.name,
        "period": "2022",
        "flag": "ok",
        "edition_slug": "udgave-2023",
        "edition_title": "Udgaven fra 2023",
        "development_reason": "previous_missing",
        "rule_version": "1",
    }
    return SnapshotLight.objects.create(snapshot=snapshot, **{**values, **fields})
