"""Every postponement and where its item stands now, for one plan or for all: four queries whatever the size."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from initiatives.calculations.delays import ItemNow, LedgerMove
from initiatives.calculations.states import CLOSED_STATES, ON_HOLD, POSTPONED
from initiatives.calculations.status_reader import read_status
from initiatives.calculations.status_reading import AWAITS_REFORM
from initiatives.models import PLAN_ORDER, ActionItem, Anchoring, Postponement, StatusUpdate
from initiatives.presenters.wording import is_wide
from sundhedsaftale.lib.periods import Period

#: Items that still stand in their plan, under headings that do.
STANDING = Q(closed_on__isnull=True, track__closed_on__isnull=True) & (
    Q(track__parent__isnull=True) | Q(track__parent__closed_on__isnull=True)
)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """What a page prints of an item, and what is counted of it."""

    pk: int
    number: int
    title: str
    plan_slug: str
    plan_title: str
    plan_is_example: bool
    state: str
    due: Period | None
    owners: tuple[int, ...]
    now: ItemNow


@dataclass(frozen=True, slots=True)
class BodyName:
    slug: str
    name: str
    sort_key: str


@dataclass(frozen=True, slots=True)
class DelayFacts:
    """`bodies` by primary key; `causes` by code. The moves of an item stand in the order they were decided."""

    items: tuple[ItemRow, ...]
    moves: tuple[LedgerMove, ...]
    bodies: dict[int, BodyName]
    causes: dict[str, str]


def load_delays(where: Q) -> DelayFacts:
    """The items the condition names (on ActionItem) that still stand in their plan, and all their moves. Four queries."""
    wanted = ActionItem.objects.filter(where & STANDING)
    owners, bodies = _owners(wanted.values("pk"))
    statuses = _statuses(wanted.values("pk"))
    items = tuple(_item(row, statuses.get(row[0], _NO_STATUS), owners) for row in _item_rows(wanted))
    plan_of = {item.pk: item.now.plan for item in items}
    moves, causes = _moves(wanted.values("pk"), owners, plan_of)
    return DelayFacts(items, moves, bodies, causes)


def _item_rows(wanted: QuerySet[ActionItem]) -> Iterable[tuple[Any, ...]]:
    return wanted.order_by(
        "plan__is_example", "-plan__as_of", "plan__slug", *PLAN_ORDER
    ).values_list(
        "pk", "number", "title", "plan_id", "plan__slug", "plan__title", "plan__short_title", "plan__is_example",
    )  # fmt: skip


def _statuses(wanted: QuerySet[Any]) -> dict[int, tuple[Any, ...]]:
    """item -> state, words, cause and period of its current status."""
    rows = (
        StatusUpdate.objects.filter(item__in=wanted)
        .current()
        .order_by()
        .values_list(
            "item_id", "state", "text", "cause_id",
            "due__precision", "due__first_day", "due__last_day", "due__words",
        )
    )  # fmt: skip
    return {item: tuple(status) for item, *status in rows}


_NO_STATUS = ("", "", None, None, None, None, None)


def _item(row: tuple[Any, ...], status: tuple[Any, ...], owners: dict[int, list[int]]) -> ItemRow:
    pk, number, title, plan_id, slug, plan_title, short_title, is_example = row
    state, text, cause, *due = status
    period = Period(*due) if due[0] else None
    return ItemRow(
        pk=pk,
        number=number,
        title=title,
        plan_slug=slug,
        plan_title=short_title or plan_title,
        plan_is_example=is_example,
        state=state,
        due=period,
        owners=tuple(owners[pk]),
        now=ItemNow(
            item=pk,
            plan=plan_id,
            owners=tuple(owners[pk]),
            is_open=state not in CLOSED_STATES,
            undated=state in (POSTPONED, ON_HOLD) and period is None,
            cause=cause or "",
            says_it_waits=state not in CLOSED_STATES and _says_it_waits(text),
        ),
    )


@lru_cache(maxsize=4096)
def _says_it_waits(words: str) -> bool:
    """Whether the words as written name the reform as what is waited for. The same words are read once."""
    return AWAITS_REFORM in read_status(words).flags


def _owners(wanted: QuerySet[Any]) -> tuple[dict[int, list[int]], dict[int, BodyName]]:
    owners: dict[int, list[int]] = defaultdict(list)
    bodies: dict[int, BodyName] = {}
    rows = Anchoring.objects.filter(item__in=wanted).order_by("item_id", "position", "pk")
    for item, body, slug, name, key in rows.values_list(
        "item_id", "body_id", "body__slug", "body__name", "body__sort_key"
    ):
        owners[item].append(body)
        bodies[body] = BodyName(slug, name, key)
    return owners, bodies


def _moves(
    wanted: QuerySet[Any], owners: dict[int, list[int]], plan_of: dict[int, Any]
) -> tuple[tuple[LedgerMove, ...], dict[str, str]]:
    cause_name = "cause__name_en" if (get_language() or "da").startswith("en") else "cause__name"
    rows = (
        Postponement.objects.filter(item__in=wanted)
        .order_by("item_id", "status__sequence", "pk")
        .values_list(
            "item_id", "decided_on", "cause_id", cause_name, "moved_from__last_day",
            "moved_to__precision", "moved_to__first_day", "moved_to__last_day", "moved_to__words",
        )
    )  # fmt: skip
    moves, causes = [], {}
    for item, decided_on, cause, name, before, *after in rows:
        if cause:
            causes[cause] = name
        moves.append(_move(item, decided_on, cause or "", before, after, owners, plan_of))
    return tuple(moves), causes


def _move(
    item: int,
    decided_on: date,
    cause: str,
    before: date | None,
    after: list[Any],
    owners: dict[int, list[int]],
    plan_of: dict[int, Any],
) -> LedgerMove:
    period = Period(*after) if after[0] else None
    return LedgerMove(
        item=item,
        plan=plan_of[item],
        owners=tuple(owners[item]),
        decided_on=decided_on,
        from_last_day=before,
        to_last_day=period.last_day if period else None,
        cause=cause,
        at_most=bool(period and is_wide(period)),
    )
