"""What somebody can be reminded of: items, milestones, meetings, initiatives, figures. A fixed number of queries.

Everything comes as plain values and not as models: ten thousand items are asked about each time.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from initiatives.calculations.reminder_rules import (
    NEWS_AGAIN_DAYS,
    NEWS_DAYS,
    NO_NEWS,
    TELL_CHAIR,
    TELL_SECRETARY,
    UNDATED,
    UNDATED_DAYS,
    Deadline,
    Once,
    Rule,
    Series,
)
from initiatives.calculations.states import CLOSED_STATES, ON_HOLD, POSTPONED
from initiatives.models import ActionItem, Anchoring, Initiative, Milestone, Role, Stage, StatusUpdate
from initiatives.reminding.people import Audience
from sundhedsaftale.lib.periods import Period

#: The longest look ahead: 30 days before, moved back over a holiday.
HORIZON = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Thing:
    """What a line of a mail names. address: the name of a page and what it is asked with. number: for the order."""

    title: str
    place: str
    address: tuple[str, tuple[Any, ...]]
    number: int = 0
    item: int | None = None  # the item it can be answered on


@dataclass(frozen=True, slots=True)
class Part:
    """An item that is to be answered for a meeting, and who answers for it."""

    thing: Thing
    audience: Audience
    owners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing and one rule for it. about: the column of Reminder. bodies: whose business it is.

    besides: people who are told anyway, and are not told once more. role: in which people are told about what others
    have not done. since: the day of the last word about it. parts: of a meeting; then each person gets their own.
    """

    about: str
    pk: int
    rule: Rule
    thing: Thing
    audience: Audience
    bodies: frozenset[int] = frozenset()
    revision: int = 0
    besides: Audience | None = None
    role: str = ""
    period: Period | None = None
    since: date | None = None
    parts: tuple[Part, ...] = ()

    @property
    def object_key(self) -> str:
        """Items were the first that could be reminded of, and have their number alone."""
        return str(self.pk) if self.about == "item" else f"{self.about}-{self.pk}"


@dataclass(frozen=True, slots=True)
class _Owned:
    """The bodies of an item: its plan's, and those that carry it. tell: (days, role, body), as each of them wants it."""

    bodies: frozenset[int]
    tell: tuple[tuple[int, str, int], ...]


def item_subjects(last: date, only: Collection[int] | None = None) -> list[Subject]:
    """Open items whose date is near or past, and those postponed or paused without one. Three queries.

    last: the last day that is going to be asked about. only: these, however far away their dates are: what stands in the
    outbox about them was due on the day it was written.
    """
    near = Q(due__last_day__lte=last + HORIZON) if only is None else Q(due__last_day__isnull=False)
    undated = Q(due__isnull=True, state__in=(POSTPONED, ON_HOLD))
    current = (
        StatusUpdate.objects.current()
        .filter(near | undated, item__in=_open(last, only))
        .exclude(state__in=CLOSED_STATES)
    )
    rows = list(
        current.values_list(
            "item_id", "as_of", "recorded_at", "item__number", "item__title", "item__coordinator_id", "item__plan__slug",
            "item__plan__short_title", "item__plan__title", "item__plan__body_id",
            "item__plan__body__tell_secretary_days", "item__plan__body__tell_chair_days",
            "due__precision", "due__first_day", "due__last_day", "due__words",
        ).order_by("due__last_day", "item_id")
    )  # fmt: skip
    owners = _owners(current.values("item"))
    moves = _moves(current.values("item"))
    found: list[Subject] = []
    for pk, as_of, at, number, title, coordinator, slug, short, long, body, secretary, chair, *period in rows:
        owned = _owned(body, secretary, chair, owners.get(pk, ()))
        thing = Thing(f"{number}. {title}", short or long, ("item", (slug, number)), number, pk)
        found += _of_item(pk, thing, owned, coordinator, moves.get(pk, 0), as_of, at, _period(*period))
    return found


def _of_item(
    pk: int,
    thing: Thing,
    owned: _Owned,
    coordinator: int | None,
    revision: int,
    as_of: date,
    at: Any,
    period: Period | None,
) -> list[Subject]:
    audience = owners_of(owned.bodies, coordinator)
    facts: dict[str, Any] = {"bodies": owned.bodies, "revision": revision, "since": as_of}
    if period is None or period.last_day is None:
        rule = Series(UNDATED, as_of + timedelta(days=UNDATED_DAYS), UNDATED_DAYS)
        return [Subject("item", pk, rule, thing, audience, **facts)]
    facts["period"] = period
    found = [Subject("item", pk, Deadline(period.last_day), thing, audience, **facts)]
    if timezone.localtime(at).date() > period.last_day:
        return found  # somebody has spoken since the deadline: nobody else is told
    for days, role, body in owned.tell:
        kind = TELL_SECRETARY if role == Role.SECRETARY else TELL_CHAIR
        once = Once(kind, period.last_day, period.last_day + timedelta(days=days))
        told = Audience(groups=(((role,), frozenset({body})),), bodies=frozenset({body}))
        found.append(Subject("item", pk, once, thing, told, besides=audience, role=role, **facts))
    return found


def owners_of(bodies: frozenset[int], coordinator: int | None) -> Audience:
    """The coordinator, else the secretaries of the owning bodies and of the plan's body."""
    persons = () if coordinator is None else (coordinator,)
    return Audience(persons, (((Role.SECRETARY,), bodies),), bodies)


def milestone_subjects(last: date, only: Collection[int] | None = None) -> list[Subject]:
    """Milestones of open items that are near or past and not reached. Three queries."""
    closed = StatusUpdate.objects.current().filter(state__in=CLOSED_STATES)
    near = Milestone.objects.filter(
        item__in=_open(last), reached_on__isnull=True, last_day__lte=last + HORIZON
    ).exclude(item__in=closed.values("item"))
    if only is not None:
        near = near.filter(pk__in=only)
    rows = list(
        near.order_by("pk").values_list(
            "pk", "title", "body_id", "item_id", "item__number", "item__title", "item__coordinator_id",
            "item__plan__slug", "item__plan__short_title", "item__plan__title", "item__plan__body_id",
            "precision", "first_day", "last_day", "words",
        )
    )  # fmt: skip
    if not rows:
        return []
    owners = _owners(near.values("item"))
    moves = count_moves(Milestone.history.model, near.values("pk"), "last_day")
    found = []
    for pk, title, own, item, number, item_title, coordinator, slug, short, long, body, *period in rows:
        bodies = frozenset({body, *(row[0] for row in owners.get(item, ())), *([] if own is None else [own])})
        place = f"{number}. {item_title} · {short or long}"
        thing = Thing(title, place, ("item", (slug, number)), number)
        when = _period(*period)
        assert when is not None
        assert when.last_day is not None
        audience = owners_of(bodies, coordinator)
        rule = Deadline(when.last_day)
        found.append(Subject("milestone", pk, rule, thing, audience, bodies, moves.get(pk, 0), period=when))
    return found


def initiative_subjects(last: date, only: Collection[int] | None = None) -> list[Subject]:
    """Initiatives that have not ended, and that nobody has written about for long. To the body's leads. One query."""
    before = last - timedelta(days=NEWS_DAYS - 1)
    quiet = Initiative.objects.exclude(stage=Stage.ENDED).filter(updated_at__date__lte=before)
    if only is not None:
        quiet = quiet.filter(pk__in=only)
    found = []
    for pk, slug, title, body, name, updated in quiet.order_by("pk").values_list(
        "pk", "slug", "title", "body_id", "body__name", "updated_at"
    ):
        bodies = frozenset({body})
        since = timezone.localtime(updated).date()
        rule = Series(NO_NEWS, since + timedelta(days=NEWS_DAYS), NEWS_AGAIN_DAYS)
        audience = Audience((), (((Role.LEAD,), bodies), ((Role.SECRETARY,), bodies)), bodies)
        thing = Thing(title, name, ("initiative", (slug,)))
        found.append(Subject("initiative", pk, rule, thing, audience, bodies, since=since))
    return found


def _period(precision: Any, first_day: Any, last_day: Any, words: Any) -> Period | None:
    return Period(precision, first_day, last_day, words) if precision else None


def _open(last: date, only: Collection[int] | None = None) -> QuerySet[Any, Any]:
    items = ActionItem.objects.open(today=last)
    return (items if only is None else items.filter(pk__in=only)).values("pk")


def _owners(items: QuerySet[Any, Any]) -> dict[int, list[tuple[int, int | None, int | None]]]:
    """item -> its owners, each with its days until the secretary and the chair are told. One query."""
    found: dict[int, list[tuple[int, int | None, int | None]]] = {}
    rows = Anchoring.objects.filter(item__in=items).values_list(
        "item_id", "body_id", "body__tell_secretary_days", "body__tell_chair_days"
    )
    for item, body, secretary, chair in rows.order_by("item_id", "body_id"):
        found.setdefault(item, []).append((body, secretary, chair))
    return found


#: Who is told of an item nobody has answered, in this order. Plain words: to look a role up costs more than the rest.
TOLD = (Role.SECRETARY.value, Role.CHAIR.value)


def _owned(
    body: int, secretary: int | None, chair: int | None, owners: Collection[tuple[int, int | None, int | None]]
) -> _Owned:
    settings = {body: (secretary, chair), **{owner: (days, more) for owner, days, more in owners}}
    tell = [
        (days, role, of)
        for of, pair in sorted(settings.items())
        for role, days in zip(TOLD, pair, strict=True)
        if days is not None
    ]
    return _Owned(frozenset(settings), tuple(tell))


def _moves(items: QuerySet[Any, Any]) -> dict[int, int]:
    """item -> how often its date has moved; each move starts the reminders afresh. One query."""
    rows = StatusUpdate.objects.filter(item__in=items).order_by("item_id", "sequence")
    return _changes(rows.values_list("item_id", "due__last_day"))


def count_moves(history: Any, of: QuerySet[Any, Any], field: str) -> dict[int, int]:
    """pk -> how often the field has changed, as its history tells. One query."""
    return _changes(
        history.objects.filter(id__in=of).order_by("id", "history_date", "history_id").values_list("id", field)
    )


def _changes(rows: Any) -> dict[int, int]:
    moves: dict[int, int] = {}
    before: dict[int, Any] = {}
    for pk, value in rows:
        if pk in before and before[pk] != value:
            moves[pk] = moves.get(pk, 0) + 1
        before[pk] = value
    return moves
