"""Reading the frozen rows of one annex. Five queries, and nothing that is still alive is among them."""

from __future__ import annotations

from initiatives.annex.content import AnnexContent, annex_content
from initiatives.models import Snapshot


def gather(snapshot: Snapshot) -> AnnexContent:
    previous = previous_snapshot(snapshot)
    return annex_content(
        snapshot,
        list(snapshot.items.order_by("position")),
        list(snapshot.lights.order_by("position", "pk")),
        list(snapshot.redactions.order_by("pk")),
        previous,
        list(previous.items.all()) if previous else (),
    )


def previous_snapshot(snapshot: Snapshot) -> Snapshot | None:
    """What the plan's earlier meeting saw, as it stood when this one was frozen.

    A correction of the earlier meeting made afterwards does not count, or this annex would change when rendered again.
    """
    earlier = Snapshot.objects.filter(
        plan_id=snapshot.plan_id, meeting_day__lt=snapshot.meeting_day, frozen_at__lt=snapshot.frozen_at
    )
    return earlier.exclude(meeting_id=snapshot.meeting_id).order_by("-meeting_day", "-version", "-pk").first()
