"""Meetings of a body, and what was decided at them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.plans import save_signed
from initiatives.calculations.year_plan import YearRow
from initiatives.models import ActionItem, Body, Decision, Meeting
from sundhedsaftale.lib.working_days import meeting_dates

MOST_DAYS = 365  # hand-in further ahead than that is a slip of the finger


class DecisionConflict(Exception):
    """Somebody worded the decision after the form was opened. `current` is theirs; nothing of ours was stored."""

    def __init__(self, current: Decision | None) -> None:
        super().__init__("the decision was worded meanwhile")
        self.current = current


@dataclass(frozen=True)
class YearResult:
    """kept: meetings of the plan the body already had; they are left as they are."""

    created: tuple[Meeting, ...]
    kept: tuple[Meeting, ...]


@changes_pages
def register_meeting(
    *,
    body: Body,
    day: date,
    by: Any,
    title: str = "",
    hand_in: date | None = None,
    dispatch: date | None = None,
    case_number: str = "",
) -> Meeting:
    """Register a meeting. Dates not given are computed backwards by the body's own numbers.

    Raises ValidationError keyed by field (day, hand_in, dispatch, title, case_number); then nothing is stored.
    """
    refuse_cpr(title=title, case_number=case_number)
    meeting = Meeting(body=body, title=title.strip(), case_number=case_number.strip(), by=by)
    _put_on(meeting, day, hand_in, dispatch)
    _store(meeting, by)
    return meeting


@changes_pages
def update_meeting(
    *,
    meeting: Meeting,
    day: date,
    by: Any,
    title: str = "",
    hand_in: date | None = None,
    dispatch: date | None = None,
    case_number: str = "",
) -> Meeting:
    """Move or reword a meeting. A deadline that is left as it was follows the meeting to its new day."""
    refuse_cpr(title=title, case_number=case_number)
    meeting = _lock(meeting)
    if day != meeting.day:
        hand_in = None if hand_in == meeting.hand_in else hand_in
        dispatch = None if dispatch == meeting.dispatch else dispatch
    before = (meeting.day, meeting.hand_in, meeting.dispatch, meeting.title, meeting.case_number)
    meeting.title, meeting.case_number = title.strip(), case_number.strip()
    _put_on(meeting, day, hand_in, dispatch)
    if before != (meeting.day, meeting.hand_in, meeting.dispatch, meeting.title, meeting.case_number):
        _store(meeting, by)
    return meeting


@changes_pages
def cancel_meeting(*, meeting: Meeting, reason: str, by: Any) -> Meeting:
    """The meeting is not held. It keeps its row and its reason; the day is free for another one."""
    refuse_cpr(reason=reason)
    if not reason.strip():
        raise ValidationError({"reason": [_("Write why the meeting is cancelled.")]})
    meeting = _lock(meeting)
    if meeting.decisions.exists():
        raise ValidationError(_("Decisions are recorded at this meeting, so it was held. It cannot be cancelled."))
    meeting.cancelled_on, meeting.cancelled_reason = timezone.localdate(), reason.strip()
    save_signed(meeting, by, why=reason.strip())
    return meeting


@changes_pages
def register_year(*, body: Body, rows: Iterable[YearRow], by: Any) -> YearResult:
    """Register the meetings of a year, all or nothing. Days on which the body already meets are left as they are.

    Raises ValidationError with one message for each line that cannot be used.
    """
    wanted = list(rows)
    # One at a time for each body: of two who send the same plan, the second finds every meeting there.
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    there = {meeting.day: meeting for meeting in body.meetings.filter(cancelled_on__isnull=True)}
    created, kept, errors = [], [], []
    for row in wanted:
        if row.day in there:
            kept.append(there[row.day])
            continue
        try:
            with transaction.atomic():
                created.append(
                    register_meeting(body=body, day=row.day, title=row.title, case_number=row.case_number, by=by)
                )
        except ValidationError as error:
            words = {"line": row.line, "why": " ".join(error.messages)}
            errors.append(_("Line %(line)s: %(why)s") % words)
    if errors:
        raise ValidationError(errors)
    return YearResult(tuple(created), tuple(kept))


@changes_pages
def update_meeting_rules(*, body: Body, hand_in_days: int, dispatch_days: int, needs_approval: bool, by: Any) -> Body:
    """How the body prepares its meetings from now on. Meetings that are registered keep the dates they have."""
    errors: dict[str, list[str]] = {}
    if not 0 <= hand_in_days <= MOST_DAYS:
        errors["hand_in_days"] = [_("Write a number of days between 0 and %(most)s.") % {"most": MOST_DAYS}]
    if dispatch_days < 0:
        errors["dispatch_days"] = [_("Write a number of days between 0 and %(most)s.") % {"most": MOST_DAYS}]
    elif dispatch_days > hand_in_days:
        errors["dispatch_days"] = [_("Texts are handed in before papers are sent out.")]
    if errors:
        raise ValidationError(errors)
    body.hand_in_days, body.dispatch_days, body.needs_approval = hand_in_days, dispatch_days, needs_approval
    body.save(update_fields=("hand_in_days", "dispatch_days", "needs_approval"))
    return body


@changes_pages
def record_decision(
    *, meeting: Meeting, item: ActionItem, text: str, by: Any, opened_on: str | None = None
) -> Decision:
    """What the meeting decided about an item; the same call rewords it, with a history row for each wording.

    opened_on: the wording the form was opened on ("" for none); DecisionConflict when another stands there by now.
    None does not ask.
    """
    refuse_cpr(text=text)
    if not text.strip():
        raise ValidationError({"text": [_("Write what was decided.")]})
    meeting = _lock(meeting)
    if item.plan.body_id != meeting.body_id:
        raise ValidationError(_("The item stands in a plan of another body."))
    if meeting.day > timezone.localdate():
        raise ValidationError(_("The meeting has not been held yet. Record its decisions on the day or afterwards."))
    decision = Decision.objects.filter(meeting=meeting, item=item).first()
    if opened_on is not None and (decision.text if decision else "") != opened_on:
        raise DecisionConflict(decision)
    if decision is None:
        decision = Decision(meeting=meeting, item=item)
    words = text.replace("\r\n", "\n").strip()
    if decision.text != words:
        decision.text, decision.by, decision.recorded_at = words, by, timezone.now()
        save_signed(decision, by)
    return decision


def _put_on(meeting: Meeting, day: date, hand_in: date | None, dispatch: date | None) -> None:
    """Give the meeting its day and its two deadlines. Raises ValidationError keyed by field."""
    body = meeting.body
    if not Body.objects.valid_on(day).filter(pk=body.pk).exists():
        raise ValidationError({"day": [_("%(body)s does not exist on that day.") % {"body": body.name}]})
    computed = meeting_dates(day, body.hand_in_days, body.dispatch_days)
    meeting.day, meeting.hand_in, meeting.dispatch = day, hand_in or computed.hand_in, dispatch or computed.dispatch
    errors: dict[str, list[str]] = {}
    if meeting.dispatch > day:
        errors["dispatch"] = [_("Papers are sent out before the meeting, or on its day.")]
    if meeting.hand_in > meeting.dispatch:
        errors["hand_in"] = [_("Texts are handed in before papers are sent out.")]
    elif (day - meeting.hand_in).days > MOST_DAYS + 14:
        errors["hand_in"] = [_("That is more than a year before the meeting. Check the year.")]
    if errors:
        raise ValidationError(errors)


def _store(meeting: Meeting, by: Any) -> None:
    already = _("The body already has a meeting on that day.")
    taken = Meeting.objects.filter(body=meeting.body_id, day=meeting.day, cancelled_on__isnull=True)
    if taken.exclude(pk=meeting.pk).exists():
        raise ValidationError({"day": [already]})
    try:
        with transaction.atomic():
            save_signed(meeting, by)
    except IntegrityError as error:
        # Somebody registered it at the same moment: the constraint is what notices.
        raise ValidationError({"day": [already]}) from error


def _lock(meeting: Meeting) -> Meeting:
    """The meeting as it is now, held until the end. Raises ValidationError when it was cancelled."""
    # Not against its key: statuses that point at the meeting are written meanwhile.
    locked = Meeting.objects.select_for_update(of=("self",), no_key=True).select_related("body").get(pk=meeting.pk)
    if locked.cancelled_on is not None:
        raise ValidationError(_("The meeting is cancelled."))
    return locked
