"""The demo's own frozen meeting: the plan of 5 November 2020 as its committee saw it that day."""

from __future__ import annotations

from datetime import date
from typing import Any

from initiatives.actions.content.meetings import meeting_on
from initiatives.actions.freezing import freeze, latest_version
from initiatives.models import Plan

PLAN = "handleplan-genindlaeggelser-2020"
DAY = date(2020, 11, 5)
# The figures beside the plan are the program's newest, and not those of 2020: that must stand on the page.
NOTE = (
    "Frosset, da demoen blev indlæst. Statusteksterne er dem fra 5. november 2020. "
    "Tallene ved siden af er de nyeste, som demoen har."
)


def freeze_demo_meeting(*, by: Any) -> int:
    """Freeze the plan for the meeting of its day, once. Returns how many were frozen now."""
    plan = Plan.objects.filter(slug=PLAN).select_related("body").first()
    if plan is None:
        return 0
    meeting = meeting_on(plan.body, DAY)
    if meeting is None or latest_version(meeting, plan) is not None:
        return 0
    freeze(meeting=meeting, plan=plan, by=by, expected_version=1, note=NOTE)
    return 1
