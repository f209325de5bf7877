"""Small pieces of a world for tests of initiatives, reminders and what awaits a person. Plain functions, no magic."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from indicators.models import Area, AreaKind, AreaMembership, Framework, Goal, Indicator
from initiatives.models import (
    ActionItem,
    Anchoring,
    Body,
    BodyKind,
    Contribution,
    Initiative,
    Membership,
    Plan,
    PlanKind,
    Role,
    Schedule,
    ScheduleKind,
    StatusUpdate,
    Track,
)
from sundhedsaftale.lib.danish import sort_key
from sundhedsaftale.models import User

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
_numbers = itertools.count(1)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A local time of day in Denmark."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=COPENHAGEN)


def user(email: str = "", **fields: Any) -> User:
    email = email or f"bruger{next(_numbers)}@example.dk"
    return User.objects.create_user(email, "demo-demo-demo", name=email.partition("@")[0], **fields)


def area(code: str, name: str, kind: str = "municipality", inside: Area | None = None) -> Area:
    kinds = {"country": 0, "region": 1, "cluster": 2, "municipality": 4}
    AreaKind.objects.get_or_create(
        code=kind,
        defaults={"name": kind, "name_plural": kind, "name_en": kind, "name_plural_en": kind, "rank": kinds[kind]},
    )
    made, _ = Area.objects.get_or_create(
        code=code, defaults={"name": name, "kind_id": kind, "sort_key": sort_key(name)}
    )
    if inside:
        AreaMembership.objects.get_or_create(member=made, container=inside)
    return made


def body(name: str = "Midtklyngen", kind: str = "klynge", **fields: Any) -> Body:
    BodyKind.objects.get_or_create(
        code=kind, defaults={"name": kind.capitalize(), "name_plural": f"{kind.capitalize()}r"}
    )
    slug = fields.pop("slug", f"body-{next(_numbers)}")
    return Body.objects.create(slug=slug, name=name, sort_key=sort_key(name), kind_id=kind, **fields)


def member(who: User, where: Body, role: str = Role.SECRETARY, **fields: Any) -> Membership:
    return Membership.objects.create(user=who, body=where, role=role, **fields)


def goal(number: int = 1, name: str = "", framework: str = "nationale-maal") -> Goal:
    frame, _ = Framework.objects.get_or_create(slug=framework, defaults={"name": framework, "position": 1})
    made, _ = Goal.objects.get_or_create(
        framework=frame,
        number=number,
        defaults={"slug": f"{framework}-{number}", "name": name or f"Mål nummer {number}"},
    )
    return made


def indicator(code: str = "akutte-genindlaeggelser", of: Goal | None = None) -> Indicator:
    return Indicator.objects.create(
        goal=of or goal(), code=code, name=code.replace("-", " ").capitalize(), official_name=code, direction="lower"
    )


def plan(of: Body, **fields: Any) -> Plan:
    PlanKind.objects.get_or_create(code="handleplan", defaults={"name": "Handleplan", "name_plural": "Handleplaner"})
    number = next(_numbers)
    made = Plan.objects.create(
        slug=f"plan-{number}", title=f"Handleplan {number}", kind_id="handleplan", body=of, **fields
    )
    Track.objects.create(plan=made, title="Spor", number="1")
    return made


def item(
    of: Plan,
    *,
    due: date | None = None,
    state: str | None = "in_progress",
    owners: tuple[Body, ...] = (),
    coordinator: User | None = None,
    title: str = "",
    text: str = "I gang på alle afdelinger.",
) -> ActionItem:
    """An item with a first status; `state=None` leaves it without one, `due=None` without a date."""
    number = of.items.count() + 1
    made = ActionItem.objects.create(
        plan=of,
        track=of.tracks.get(),
        key=f"punkt-{number}",
        number=number,
        position=number,
        title=title or f"Punkt nummer {number}",
        coordinator=coordinator,
    )
    for position, owner in enumerate(owners):
        Anchoring.objects.create(item=made, body=owner, position=position)
    if state is not None:
        status(made, state=state, due=due, text=text)
    return made


def status(of: ActionItem, *, state: str = "in_progress", due: date | None = None, text: str = "Ord.") -> StatusUpdate:
    schedule = None
    if due is not None:
        schedule = Schedule.objects.create(
            item=of,
            kind=ScheduleKind.DUE,
            words=f"{due.day}.{due.month}.{due.year}",
            precision="day",
            first_day=due,
            last_day=due,
            recorded_at=timezone.now(),
        )
    last = of.statuses.order_by("-sequence").first()
    return StatusUpdate.objects.create(
        item=of,
        sequence=last.sequence + 1 if last else 1,
        state=state,
        text=text,
        as_of=(due or date(2026, 11, 1)) - timedelta(days=14),
        due=schedule,
        recorded_at=timezone.now(),
    )


def initiative(
    of: Body, title: str = "", *, goals: tuple[Goal, ...] = (), areas: tuple[Area, ...] = (), **fields: Any
) -> Initiative:
    number = next(_numbers)
    made = Initiative.objects.create(
        slug=fields.pop("slug", f"initiativ-{number}"),
        title=title or f"Initiativ {number}",
        body=of,
        target_group=fields.pop("target_group", "Ældre medicinske patienter"),
        what=fields.pop("what", "Vi ringer til borgeren dagen efter hjemkomst."),
        **fields,
    )
    made.areas.set(areas)
    for target in goals:
        Contribution.objects.create(initiative=made, goal=target, reason="Nævnt i kilden.", created_at=timezone.now())
    return made
