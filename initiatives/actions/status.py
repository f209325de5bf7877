"""A status is written: append-only, numbered, with a postponement when the date moved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.periods import read_period
from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import (
    ActionItem,
    Body,
    DelayCause,
    Postponement,
    Schedule,
    ScheduleKind,
    State,
    StatusUpdate,
)
from sundhedsaftale.lib.periods import Period

# A date that existed is no longer promised once the item is moved or paused; a late item still aims at its date.
CANCELS_DATE = {State.POSTPONED, State.ON_HOLD}


class StatusConflict(Exception):
    """Somebody wrote a status after the form was opened. `current` is theirs; nothing of ours was stored."""

    def __init__(self, current: StatusUpdate) -> None:
        super().__init__(f"status {current.sequence} was written meanwhile")
        self.current = current


@dataclass(frozen=True)
class StatusDraft:
    """What a person (or a reader they confirmed) says about an item. Period fields are words, "" when not given."""

    state: str
    text: str
    due: str = ""
    planned: str = ""
    started: str = ""
    since: str = ""
    cause: DelayCause | None = None
    decided_by: Body | None = None


@transaction.atomic
def record_status(
    *,
    item: ActionItem,
    draft: StatusDraft,
    opened_on: int,
    as_of: date,
    by: Any,
) -> StatusUpdate:
    """Append a status to the item. `opened_on` is the sequence the form was opened on (0: the item had none).

    Raises StatusConflict when a newer status stands there, and ValidationError keyed by field (state, text, due, cause,
    planned, started, since) when something cannot be read. In both cases nothing is stored.
    """
    refuse_cpr(text=draft.text)
    if draft.state not in State.values:
        raise ValidationError({"state": [_("Choose a state.")]})
    if draft.state == State.POSTPONED and draft.cause is None:
        raise ValidationError({"cause": [_("Choose why the item is postponed.")]})
    periods = _read_periods(draft, as_of)
    current = _lock(item, opened_on)
    schedules = {
        kind: Schedule.objects.create(
            item=item,
            kind=kind,
            words=period.words,
            precision=period.precision,
            first_day=period.first_day,
            last_day=period.last_day,
            recorded_at=timezone.now(),
            by=by,
        )
        for kind, period in periods.items()
    }
    before = (current.due if current else None) or schedules.get(ScheduleKind.PLANNED)
    due = _due_after(draft.state, before, schedules.get(ScheduleKind.DUE))
    status = _append(item, current, state=draft.state, text=draft.text, as_of=as_of, due=due, by=by)
    if _moved(draft.state, current, before, schedules.get(ScheduleKind.DUE)):
        Postponement.objects.create(
            item=item,
            status=status,
            moved_from=before,
            moved_to=schedules.get(ScheduleKind.DUE),
            cause=draft.cause,
            words=draft.text,
            decided_by=draft.decided_by,
            decided_on=as_of,
        )
    return status


@transaction.atomic
def keep_status(*, item: ActionItem, opened_on: int, as_of: date, by: Any) -> StatusUpdate:
    """Answer "unchanged": a dated row of its own, repeating state, words and date. Raises StatusConflict.

    Raises ValidationError when the item has no status yet to keep.
    """
    current = _lock(item, opened_on)
    if current is None:
        raise ValidationError(_("The item has no status yet. Write the first one."))
    return _append(
        item, current, state=current.state, text=current.text, as_of=as_of, due=current.due, by=by, unchanged=True
    )


def current_status(item: ActionItem) -> StatusUpdate | None:
    """The latest status, from the database."""
    return item.statuses.select_related("due", "by").order_by("-sequence").first()


def _read_periods(draft: StatusDraft, as_of: date) -> dict[str, Period]:
    found: dict[str, Period] = {}
    errors: dict[str, list[str]] = {}
    for field, kind in (
        ("planned", ScheduleKind.PLANNED),
        ("started", ScheduleKind.STARTED),
        ("since", ScheduleKind.SINCE),
        ("due", ScheduleKind.DUE),
    ):
        words = getattr(draft, field).strip()
        if not words:
            continue
        try:
            found[kind] = read_period(words, today=as_of)
        except ValidationError as error:
            errors[field] = error.messages
    if errors:
        raise ValidationError(errors)
    return found


def _lock(item: ActionItem, opened_on: int) -> StatusUpdate | None:
    ActionItem.objects.select_for_update().get(pk=item.pk)
    current = current_status(item)
    if (current.sequence if current else 0) != opened_on:
        if current is None:
            raise ValidationError(_("The item has no status. Open it again."))
        raise StatusConflict(current)
    return current


def _append(item: ActionItem, current: StatusUpdate | None, **fields: Any) -> StatusUpdate:
    sequence = current.sequence + 1 if current else 1
    try:
        with transaction.atomic():
            return StatusUpdate.objects.create(item=item, sequence=sequence, recorded_at=timezone.now(), **fields)
    except IntegrityError as error:
        # SQLite has no row locks, so there the unique number is what notices the second writer.
        winner = current_status(item)
        if winner is None:
            raise
        raise StatusConflict(winner) from error


def _due_after(state: str, before: Schedule | None, new: Schedule | None) -> Schedule | None:
    if new is not None:
        return new
    if state in CANCELS_DATE:
        return None
    return before


def _moved(state: str, current: StatusUpdate | None, before: Schedule | None, new: Schedule | None) -> bool:
    if state in CLOSED_STATES:
        return False
    if new is not None and before is not None and new.last_day != before.last_day:
        return True
    newly_stopped = state in CANCELS_DATE and (current is None or current.state != state)
    return newly_stopped or (state in CANCELS_DATE and before is not None and new is None)
