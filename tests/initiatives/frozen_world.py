"""A plan that has one of everything a meeting freezes, in a small Denmark with figures and lights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from initiatives.actions.links import add_link
from initiatives.actions.status import StatusDraft, keep_status, record_status
from initiatives.models import (
    ActionItem,
    Body,
    Decision,
    DelayCause,
    Meeting,
    Milestone,
    Plan,
    Role,
    Schedule,
    Track,
)
from tests.initiatives import small_world as world
from tests.project.page_world import Denmark, denmark

DAY = date(2023, 11, 7)  # the cluster of `denmark` exists on it


@dataclass(frozen=True)
class Frozen:
    denmark: Denmark
    body: Body
    plan: Plan
    meeting: Meeting
    moved: ActionItem
    paused: ActionItem
    silent: ActionItem
    secretary: Any
    chair: Any


def meeting_of(body: Body, day: date = DAY, **fields: Any) -> Meeting:
    return Meeting.objects.create(body=body, day=day, hand_in=day, dispatch=day, **fields)


def frozen_world(*, needs_approval: bool = False) -> Frozen:
    """Item 1 was moved twice, item 2 is on hold without a date under a sub-heading, item 3 has no status, 4 is closed."""
    land = denmark()
    body = world.body("Samarbejdsudvalget", area=land.region, needs_approval=needs_approval)
    other = world.body("Midtklyngen", area=land.cluster)
    secretary, chair = world.user("sekretaer@example.dk"), world.user("formand@example.dk")
    world.member(secretary, body, Role.SECRETARY)
    world.member(chair, body, Role.CHAIR)
    plan = world.plan(body, as_of=DAY, description="Planen samler indsatserne.")
    meeting = meeting_of(body, case_number="24/1234")
    cause, _ = DelayCause.objects.get_or_create(code="covid_19", defaults={"name": "COVID-19", "name_en": "The virus"})
    moved, paused, silent, gone = (
        world.item(plan, state=None, owners=owners, title=title)
        for title, owners in (
            ("Fælles akutteams i alle klynger?", (other, body)),
            ("Etik og data", ()),
            ("Ingen har skrevet", ()),
            ("Lukket punkt", ()),
        )
    )
    sub = Track.objects.create(plan=plan, parent=plan.tracks.get(), title="Underspor", position=1)
    _write(moved, 0, secretary, state="postponed", planned="2. kvartal 2020", due="2. kvartal 2021", cause=cause)
    _write(moved, 1, secretary, state="postponed", due="4. kvartal 2021", cause=cause, text="Udsat igen.")
    Milestone.objects.create(
        item=moved,
        title="Aftalen er underskrevet",
        body=other,
        words="1. kvartal 2021",
        precision="quarter",
        first_day=date(2021, 1, 1),
        last_day=date(2021, 3, 31),
    )
    Decision.objects.create(
        meeting=meeting, item=moved, text="Udvalget tog det til efterretning.", recorded_at=timezone.now()
    )
    ActionItem.objects.filter(pk=paused.pk).update(track=sub)
    paused.refresh_from_db()
    _write(paused, 0, secretary, state="on_hold", since="marts 2020", cause=cause, text="På standby siden marts.")
    keep_status(item=paused, opened_on=1, as_of=DAY, by=secretary)
    paused.statuses.filter(sequence=2).update(on_behalf_of=other)
    ActionItem.objects.filter(pk=gone.pk).update(closed_on=DAY, closed_reason="Indgår i punkt 1.")
    add_link(thing=moved, target=land.readmissions, reason="Færre kommer tilbage.", by=secretary)
    add_link(thing=paused, target=land.stays.goal, reason="Samme mål.", by=secretary)
    assert Schedule.objects.filter(item=moved, kind="planned").count() == 1
    return Frozen(land, body, plan, meeting, moved, paused, silent, secretary, chair)


def _write(item: ActionItem, opened_on: int, by: Any, **draft: Any) -> None:
    words = {"text": "Udsat pga. COVID-19.", **draft}
    record_status(item=item, draft=StatusDraft(**words), opened_on=opened_on, as_of=DAY, by=by)
