"""A status is written: append-only, numbered, with a postponement when the date moved later or fell away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.periods import read_period
from initiatives.calculations.states import CLOSED_STATES
from initiatives.models import (
    ActionItem,
    Body,
    DelayCause,
    Meeting,
    Postponement,
    Schedule,
    ScheduleKind,
    State,
    StatusUpdate,
)
from sundhedsaftale.lib.periods import Period

# A date that existed is no longer promised once the item is moved or paused; a late item still aims at its date.
CANCELS_DATE = {State.POSTPONED, State.ON_HOLD}
# Only these have a cause worth counting; on the others an old cause would linger after the item is back on track.
HAS_CAUSE = {State.POSTPONED, State.ON_HOLD, State.DELAYED}
NO_DATE = "none"  # the precision of the words "ingen dato"


class StatusConflict(Exception):
    """Somebody wrote a status after the form was opened. `current` is theirs; nothing of ours was stored."""

    def __init__(self, current: StatusUpdate) -> None:
        super().__init__(f"status {current.sequence} was written meanwhile")
        self.current = current


@dataclass(frozen=True)
class StatusDraft:
    """What a person (or a reader they confirmed) says about an item. Period fields are words, "" when not given.

    no_date: the item has no date any more, said out loud. Without it a postponed or paused item loses its old date when
    no new one is given, and every other item keeps the one it has.
    """

    state: str
    text: str
    due: str = ""
    planned: str = ""
    started: str = ""
    since: str = ""
    cause: DelayCause | None = None
    decided_by: Body | None = None
    no_date: bool = False


@changes_pages
def record_status(
    *,
    item: ActionItem,
    draft: StatusDraft,
    opened_on: int,
    as_of: date,
    by: Any,
    meeting: Meeting | None = None,
    on_behalf_of: Body | None = None,
) -> StatusUpdate:
    """Append a status to the item. `opened_on` is the sequence the form was opened on (0: the item had none).

    meeting: the one it is written for. on_behalf_of: the owner for whom the secretariat answers.
    Raises StatusConflict when a newer status stands there, and ValidationError keyed by field (state, text, due, cause,
    planned, started, since) when something cannot be read. In both cases nothing is stored.
    """
    periods = _check(draft, as_of)
    if ScheduleKind.DUE in periods and periods[ScheduleKind.DUE].precision == NO_DATE:
        draft = replace(draft, due="", no_date=True)
    _check_addressed(item, meeting, on_behalf_of)
    current = _lock(item, opened_on)
    before = _aimed_at(item, current)
    _check_really_moved(draft, periods, current, before)
    named = _store_periods(item, draft, periods, before=before, by=by)
    new = named.get(ScheduleKind.DUE)
    if before is None and (current is None or current.state not in CANCELS_DATE):
        # Not after a stop: there the promise was withdrawn, and words that repeat it do not bring it back.
        before = named.get(ScheduleKind.PLANNED)
    status = _append(
        item,
        current,
        state=draft.state,
        text=draft.text.strip(),
        as_of=as_of,
        due=_due_after(draft, before, new),
        cause=draft.cause if draft.state in HAS_CAUSE or new is not None else None,
        meeting=meeting,
        on_behalf_of=on_behalf_of,
        by=by,
    )
    if _moved(draft, current, before, status.due):
        # A pause that never had a promised date is counted from the day it began.
        _postponement(status, draft, before or named.get(ScheduleKind.SINCE)).save()
    return status


@changes_pages
def keep_status(
    *,
    item: ActionItem,
    opened_on: int,
    as_of: date,
    by: Any,
    meeting: Meeting | None = None,
    on_behalf_of: Body | None = None,
) -> StatusUpdate:
    """Answer "unchanged": a dated row of its own, repeating state, words, date and cause. Raises StatusConflict.

    Raises ValidationError when the item has no status yet to keep.
    """
    _check_addressed(item, meeting, on_behalf_of)
    current = _lock(item, opened_on)
    if current is None:
        raise ValidationError(_("There is no status to keep yet. Write the first one."))
    return _append(
        item,
        current,
        state=current.state,
        text=current.text,
        as_of=as_of,
        due=current.due,
        cause=current.cause,
        meeting=meeting,
        on_behalf_of=on_behalf_of,
        by=by,
        unchanged=True,
    )


@changes_pages
def record_first_statuses(
    *, drafts: Sequence[tuple[ActionItem, StatusDraft]], as_of: date, by: Any
) -> list[StatusUpdate]:
    """The first statuses of items just made in the same transaction, by the rules of `record_status`, in three queries.

    The items have no status and no period yet. Raises ValidationError naming the item; then nothing is stored.
    """
    named: list[dict[str, Schedule]] = []
    for item, draft in drafts:
        try:
            periods = _check(draft, as_of)
        except ValidationError as error:
            raise ValidationError(f"{item.number}. {item.title}: {' '.join(error.messages)}") from error
        named.append({kind: _schedule(item, kind, period, by) for kind, period in _named(draft, periods, None)})
    Schedule.objects.bulk_create(schedule for stored in named for schedule in stored.values())
    statuses, moves = [], []
    for (item, draft), stored in zip(drafts, named, strict=True):
        before, new = stored.get(ScheduleKind.PLANNED), stored.get(ScheduleKind.DUE)
        status = StatusUpdate(
            item=item,
            sequence=1,
            recorded_at=timezone.now(),
            state=draft.state,
            text=draft.text.strip(),
            as_of=as_of,
            due=_due_after(draft, before, new),
            cause=draft.cause if draft.state in HAS_CAUSE or new is not None else None,
            by=by,
        )
        statuses.append(status)
        if _moved(draft, None, before, status.due):
            moves.append(_postponement(status, draft, before or stored.get(ScheduleKind.SINCE)))
    StatusUpdate.objects.bulk_create(statuses)
    Postponement.objects.bulk_create(moves)
    return statuses


def current_status(item: ActionItem) -> StatusUpdate | None:
    """The latest status, from the database."""
    return item.statuses.select_related("due", "by", "cause").order_by("-sequence").first()


def _check(draft: StatusDraft, as_of: date) -> dict[str, Period]:
    """The periods of the draft. The scan for CPR numbers comes before anything else looks at the words."""
    refuse_cpr(text=draft.text, due=draft.due, planned=draft.planned, started=draft.started, since=draft.since)
    errors: dict[str, list[str]] = {}
    if draft.state not in State.values:
        errors["state"] = [_("Choose a state.")]
    if not draft.text.strip():
        errors["text"] = [_("Write the status in your own words.")]
    if draft.state == State.POSTPONED and draft.cause is None:
        errors["cause"] = [_("Choose why it is postponed.")]
    if draft.no_date and draft.due.strip():
        errors["due"] = [_("There is both a date and a tick at »No new date«. Keep one of them.")]
    found: dict[str, Period] = {}
    for kind in ScheduleKind.values:
        words = getattr(draft, kind).strip()
        if not words:
            continue
        try:
            found[kind] = read_period(words, today=as_of)
        except ValidationError as error:
            errors.setdefault(kind, []).extend(error.messages)
    if errors:
        raise ValidationError(errors)
    return found


def _check_addressed(item: ActionItem, meeting: Meeting | None, on_behalf_of: Body | None) -> None:
    """A status is written for a meeting of the plan's own body, and on behalf of somebody who carries the item."""
    if meeting is not None and meeting.body_id != item.plan.body_id:
        raise ValidationError(_("The meeting belongs to another body than the plan."))
    if meeting is not None and meeting.cancelled_on is not None:
        raise ValidationError(_("The meeting is cancelled."))
    if on_behalf_of is not None and all(row.body_id != on_behalf_of.pk for row in item.anchorings.all()):
        raise ValidationError(_("%(body)s does not carry the item.") % {"body": on_behalf_of.name})


def _lock(item: ActionItem, opened_on: int) -> StatusUpdate | None:
    locked = ActionItem.objects.select_for_update().get(pk=item.pk)
    if locked.closed_on is not None:
        raise ValidationError(_("The item is closed. Reopen it before you write a status."))
    if locked.plan.closed_on is not None:
        raise ValidationError(_("The plan is closed. Reopen it before you write a status."))
    current = current_status(item)
    if (current.sequence if current else 0) != opened_on:
        if current is None:
            raise ValidationError(_("The status this form was opened on is gone. Open the form again."))
        raise StatusConflict(current)
    return current


def _check_really_moved(
    draft: StatusDraft, periods: dict[str, Period], current: StatusUpdate | None, before: Schedule | None
) -> None:
    """An item that is postponed now cannot keep the date it had: the form offers the old date, and nobody noticed."""
    new = periods.get(ScheduleKind.DUE)
    if draft.state != State.POSTPONED or new is None or before is None or not _same_days(before, new):
        return
    if current is None or current.state != State.POSTPONED:
        raise ValidationError(
            {"due": [_("This is the date it already had. Write the new date, or tick »No new date yet«.")]}
        )


def _aimed_at(item: ActionItem, current: StatusUpdate | None) -> Schedule | None:
    """The period the item aims at before this status: the current one, or the promise an item was created with."""
    if current is not None:
        return current.due
    return item.schedules.filter(kind=ScheduleKind.PLANNED).order_by("-recorded_at", "-pk").first()


def _store_periods(
    item: ActionItem, draft: StatusDraft, periods: dict[str, Period], *, before: Schedule | None, by: Any
) -> dict[str, Schedule]:
    """The periods as rows. What the item already has with the same days is used again, never written twice."""
    known = {(row.kind, row.first_day, row.last_day, row.precision): row for row in item.schedules.all()}
    stored: dict[str, Schedule] = {}
    for kind, period in _named(draft, periods, before):
        row = known.get((kind, period.first_day, period.last_day, period.precision))
        if row is None:
            row = _schedule(item, kind, period, by)
            row.save()
        stored[kind] = row
    return stored


def _named(draft: StatusDraft, periods: dict[str, Period], before: Schedule | None) -> Iterator[tuple[str, Period]]:
    """The periods that are worth a row, each with the kind it is stored as."""
    for field, period in periods.items():
        kind = field
        if period.precision == NO_DATE:
            continue
        if kind == ScheduleKind.DUE:
            if before is not None and _same_days(before, period):
                continue
            if before is None and ScheduleKind.PLANNED not in periods and draft.state not in CANCELS_DATE:
                kind = ScheduleKind.PLANNED  # the first date an item gets is a promise, not a new date
        yield kind, period


def _schedule(item: ActionItem, kind: str, period: Period, by: Any) -> Schedule:
    return Schedule(
        item=item,
        kind=kind,
        words=period.words,
        precision=period.precision,
        first_day=period.first_day,
        last_day=period.last_day,
        recorded_at=timezone.now(),
        by=by,
    )


def _postponement(status: StatusUpdate, draft: StatusDraft, moved_from: Schedule | None) -> Postponement:
    return Postponement(
        item=status.item,
        status=status,
        moved_from=moved_from,
        moved_to=status.due,
        cause=draft.cause,
        words=draft.text.strip(),
        decided_by=draft.decided_by,
        decided_on=status.as_of,
    )


def _same_days(schedule: Schedule, period: Period) -> bool:
    return (schedule.first_day, schedule.last_day, schedule.precision) == (
        period.first_day,
        period.last_day,
        period.precision,
    )


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


def _due_after(draft: StatusDraft, before: Schedule | None, new: Schedule | None) -> Schedule | None:
    if new is not None:
        return new
    if draft.no_date:
        return None
    if draft.state in CANCELS_DATE and not draft.due.strip():
        return None
    return before


def _moved(draft: StatusDraft, current: StatusUpdate | None, before: Schedule | None, after: Schedule | None) -> bool:
    """Whether this status is a postponement. Bringing a date forward is not one, and neither is closing the item.

    A date given after "without a new date" is a row too: without it nobody could count how far the promise slipped.
    """
    if draft.state in CLOSED_STATES:
        return False
    if current is not None and current.due is None and current.state in CANCELS_DATE and after is not None:
        return True
    if before is not None and after is None:
        return True
    if before is not None and after is not None:
        return bool(after.last_day and before.last_day and after.last_day > before.last_day)
    return draft.state in CANCELS_DATE and (current is None or current.state != draft.state)
