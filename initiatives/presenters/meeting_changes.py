"""From a meeting to what changed in each of its plans since the meeting before it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from initiatives.models import Meeting, Plan, Snapshot
from initiatives.presenters.change_sides import NEWEST_FIRST, NOW, snapshot_side
from initiatives.presenters.wording import day_text


@dataclass(frozen=True, slots=True)
class ChangesLink:
    url: str
    text: str


def changes_links(meeting: Meeting, plans: Iterable[Plan], *, today: date) -> dict[int, ChangesLink]:
    """For each plan by its key: from the newest version of an earlier meeting to this meeting's. One query.

    A meeting that froze nothing ends with its own day, and one that has not been with now.
    """
    versions: dict[int, list[Snapshot]] = defaultdict(list)
    pks = [plan.pk for plan in plans]
    for snapshot in Snapshot.objects.filter(plan__in=pks, meeting_day__lte=meeting.day).order_by(*NEWEST_FIRST):
        versions[snapshot.plan_id].append(snapshot)
    return {plan.pk: _link(plan, meeting, versions[plan.pk], today) for plan in plans}


def _link(plan: Plan, meeting: Meeting, versions: list[Snapshot], today: date) -> ChangesLink:
    own = next((one for one in versions if one.meeting_id == meeting.pk), None)
    earlier = next((one for one in versions if one.meeting_day < meeting.day), None)
    sides = {"fra": snapshot_side(earlier).code} if earlier else {}
    sides["til"] = snapshot_side(own).code if own else meeting.day.isoformat() if meeting.day < today else NOW
    text = _("What has changed")
    if earlier:
        text = _("What has changed since the meeting %(day)s") % {"day": day_text(earlier.meeting_day)}
    return ChangesLink(f"{reverse('plan_changes', args=[plan.slug])}?{urlencode(sides)}", text)
