"""A plan larger than any committee's: 200 items with 600 milestones, for query counts and benchmarks."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from initiatives.models import (
    ActionItem,
    Anchoring,
    DelayCause,
    Milestone,
    Plan,
    Schedule,
    StatusUpdate,
    Track,
)
from sundhedsaftale.lib.periods import Period, parse_period
from tests.initiatives import small_world as world

STATES = ("planned", "in_progress", "delayed", "postponed", "on_hold", "completed", "in_operation", "cancelled")
DAY = date(2026, 11, 5)


def _columns(period: Period) -> dict[str, object]:
    return {
        "words": period.words,
        "precision": period.precision,
        "first_day": period.first_day,
        "last_day": period.last_day,
    }


def large_plan(items: int = 200, milestones: int = 3, tracks: int = 8, statuses: int = 2) -> Plan:
    """Every item has two owners, a promise, statuses in every state and milestones."""
    now = timezone.now()
    plan = world.plan(world.body("Udvalget"), as_of=DAY)
    owners = [world.body(f"Klynge {n}") for n in range(5)]
    cause, _ = DelayCause.objects.get_or_create(code="covid_19", defaults={"name": "COVID-19", "name_en": "COVID-19"})
    made_tracks = [*plan.tracks.all()] + [
        Track.objects.create(plan=plan, title=f"Spor {n}", number=str(n), position=n) for n in range(2, tracks + 1)
    ]
    rows = ActionItem.objects.bulk_create(
        ActionItem(
            plan=plan,
            track=made_tracks[n % tracks],
            key=f"punkt-{n + 1}",
            number=n + 1,
            position=n + 1,
            title=f"Punkt nummer {n + 1} om bedre overgange mellem sektorer",
            content="Hospital, kommune og praktiserende læge aftaler forløbet sammen, før borgeren kommer hjem.",
        )
        for n in range(items)
    )
    Anchoring.objects.bulk_create(
        Anchoring(item=row, body=owners[(n + step) % 5], position=step) for n, row in enumerate(rows) for step in (0, 1)
    )
    quarters = [parse_period(f"{1 + n % 4}. kvartal {2026 + n % 2}") for n in range(8)]
    promises = Schedule.objects.bulk_create(
        Schedule(item=row, kind="planned", recorded_at=now, **_columns(quarters[n % 8])) for n, row in enumerate(rows)
    )
    Milestone.objects.bulk_create(
        Milestone(item=row, title=f"Milepæl {step}", position=step, **_columns(quarters[(n + step) % 8]))
        for n, row in enumerate(rows)
        for step in range(milestones)
    )
    StatusUpdate.objects.bulk_create(
        StatusUpdate(
            item=row,
            sequence=step + 1,
            state=STATES[(n + step) % 8],
            text="Aftalen er godkendt i region og kommuner. Den prøves nu af på to afdelinger.",
            as_of=DAY,
            due=promises[n],
            cause=cause if STATES[(n + step) % 8] in ("delayed", "postponed", "on_hold") else None,
            recorded_at=now,
        )
        for n, row in enumerate(rows)
        for step in range(statuses)
    )
    return plan
