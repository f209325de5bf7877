"""Snapshots made straight from rows: the seven items of the plan of 2020, and plans of any size. No live item is needed."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

import initiatives
from initiatives.models import Meeting, Plan, Snapshot, SnapshotItem, SnapshotLight
from sundhedsaftale.lib.periods import parse_period
from tests.initiatives import small_world

CATALOGUE = Path(initiatives.__file__).parent / "catalogue"
BODY = "Sundhedskoordinationsudvalget"
CAUSES = {"covid_19": "COVID-19"}


def meeting(of: Any = None, day: date = date(2020, 11, 5), **fields: Any) -> Meeting:
    where = of or small_world.body(BODY, kind="udvalg")
    return Meeting.objects.create(body=where, day=day, hand_in=day, dispatch=day, **fields)


def snapshot(plan: Plan | None = None, at: Meeting | None = None, **fields: Any) -> Snapshot:
    at = at or meeting(plan.body if plan else None)
    plan = plan or small_world.plan(at.body)
    values: dict[str, Any] = {
        "version": 1,
        "frozen_at": datetime(at.day.year, at.day.month, at.day.day, 9, 30, tzinfo=small_world.COPENHAGEN),
        "by_name": "Sekretær",
        "plan_title": plan.title,
        "plan_kind": "Handleplan",
        "item_name": "punkt",
        "item_name_plural": "punkter",
        "plan_as_of": at.day,
        "body_name": BODY,
        "area_code": "082",
        "area_name": "Region Midtjylland",
        "meeting_day": at.day,
        "case_number": at.case_number,
        **fields,
    }
    values.setdefault("content_hash", hashlib.sha256(repr(sorted(values.items(), key=str)).encode()).hexdigest())
    return Snapshot.objects.create(meeting=at, plan=plan, **values)


def period(words: str | None) -> list[Any] | None:
    if not words:
        return None
    found = parse_period(words)
    return [words, found.precision, str(found.first_day), str(found.last_day)]


def item(of: Snapshot, number: int, **fields: Any) -> SnapshotItem:
    values: dict[str, Any] = {
        "position": number,
        "number": number,
        "key": f"punkt-{number}",
        "track_number": "1",
        "track_title": "Spor",
        "title": f"Punkt nummer {number}",
        "owners": [BODY],
        "state": "in_progress",
        "words": "I gang på alle afdelinger.",
        **fields,
    }
    return SnapshotItem.objects.create(snapshot=of, **values)


def light(of: Snapshot, position: int = 1, **fields: Any) -> SnapshotLight:
    values: dict[str, Any] = {
        "position": position,
        "goal_number": "1",
        "goal_name": "Sammenhængende patientforløb",
        "indicator_code": f"indikator-{position}",
        "indicator_name": f"Indikator {position}",
        "unit": "pct.",
        "decimals": 1,
        "area_code": "082",
        "area_name": "Region Midtjylland",
        "period": "2023",
        "value": Decimal("11.7"),
        "flag": "ok",
        "edition_slug": "nationale-maal-2024",
        "edition_title": "Nationale mål 2024",
        "level_light": "green",
        "development_light": "yellow",
        "rule_version": "2024.1",
        **fields,
    }
    return SnapshotLight.objects.create(snapshot=of, **values)


def _bodies() -> dict[str, str]:
    rows = yaml.safe_load((CATALOGUE / "bodies.yaml").read_text(encoding="utf-8"))
    rows = rows["bodies"] if isinstance(rows, dict) else rows
    return {row["slug"]: row["name"] for row in rows}


def plan_of_2020(at: Meeting | None = None, plan: Plan | None = None, **fields: Any) -> Snapshot:
    """The real plan as the meeting of 5 November 2020 saw it: seven items in three tracks, one of them under a sub-heading."""
    source = yaml.safe_load((CATALOGUE / "plans" / "handleplan-2020.yaml").read_text(encoding="utf-8"))
    names = _bodies()
    at = at or meeting(case_number="1-01-72-30-17")
    made = snapshot(plan, at, plan_title=source["title"], description=source["summary"], **fields)
    for track in source["tracks"]:
        groups = [("", track["items"])]
        groups += [(sub["title"], sub["items"]) for sub in track.get("sub_tracks", [])]
        for sub_title, rows in groups:
            for row in rows:
                _item_of_2020(made, track, sub_title, row, names)
    return made


def _item_of_2020(made: Snapshot, track: dict[str, Any], sub_title: str, row: dict[str, Any], names: Any) -> None:
    status = row["status"]
    new, promised = status["new_date"], status["planned"]
    item(
        made,
        row["number"],
        key=row["key"],
        track_number=track["number"],
        track_title=track["title"],
        sub_title=sub_title,
        title=row["title"],
        content=row["content"],
        owners=[names[slug] for slug in row["owners"]],
        state=status["state"],
        undated=status["undated"],
        words=status["words"],
        status_as_of=status["as_of"],
        status_sequence=1,
        due=period(new),
        promised=[period(promised)] if promised else [],
        started=[period(status["started"])] if status["started"] else [],
        cause_code=status["cause"] or "",
        cause_name=CAUSES.get(status["cause"], ""),
        times_postponed=len(row["postponements"]),
        milestones=[
            {"title": step["title"], "words": step["period"], "reached_on": "2020-10-01" if step["reached"] else None}
            for step in row["milestones"]
        ],
    )


STATES = ("in_progress", "postponed", "delayed", "on_hold", "completed", "planned", "")


def large(count: int = 50, lights: int = 57) -> Snapshot:
    """A plan of `count` items, five to a track, each with the cells of one of the real seven; and `lights` figures."""
    source = yaml.safe_load((CATALOGUE / "plans" / "handleplan-2020.yaml").read_text(encoding="utf-8"))
    real = [
        row for track in source["tracks"] for group in (track, *track.get("sub_tracks", [])) for row in group["items"]
    ]
    made = snapshot(plan_title="En stor plan med mange punkter", description="Planen har mange spor.")
    SnapshotItem.objects.bulk_create(
        SnapshotItem(
            snapshot=made,
            position=number,
            number=number,
            key=f"punkt-{number}",
            track_number=str((number - 1) // 5 + 1),
            track_title=f"Spor nummer {(number - 1) // 5 + 1}",
            title=real[number % 7]["title"],
            content=real[number % 7]["content"],
            owners=[BODY, "Praksisplanudvalget"],
            state=STATES[number % len(STATES)],
            undated=number % 7 == 3,
            words=real[number % 7]["status"]["words"],
            due=period("2. kvartal 2021") if number % 7 == 1 else None,
            promised=[period("2. kvartal 2020")],
        )
        for number in range(1, count + 1)
    )
    for position in range(1, lights + 1):
        light(made, position)
    return made
