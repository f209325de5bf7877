"""Freezing a plan for a meeting, and the chair's word that it may be frozen.

What is frozen is never changed: a correction is the next version, with a note. Nothing in the program updates or deletes
a frozen row, and triggers on both databases refuse it (see `initiatives.frozen`).
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.versions import changes_pages
from initiatives.actions.free_text import refuse_cpr
from initiatives.actions.frozen_content import Content, gather, name_of
from initiatives.calculations.frozen_record import content_hash
from initiatives.models import ActionItem, Approval, Meeting, Plan, Snapshot, SnapshotItem, SnapshotLight


class FreezeConflict(Exception):
    """Somebody froze the plan after the form was opened. `current` is theirs; nothing of ours was stored."""

    def __init__(self, current: Snapshot) -> None:
        super().__init__(f"version {current.version} was frozen meanwhile")
        self.current = current


class ApprovalConflict(Exception):
    """Something was changed after the chair opened the page. Nothing is approved."""


@changes_pages
def freeze(*, meeting: Meeting, plan: Plan, by: Any, expected_version: int, note: str = "") -> Snapshot:
    """Freeze the plan as it stands for the meeting. `expected_version` is the version the form said it would become.

    Raises FreezeConflict when that version stands there already, and ValidationError (keyed by note, or by nothing)
    when the plan may not be frozen or the correction does not say what it corrects. In both cases nothing is stored.
    """
    refuse_cpr(note=note)
    meeting, plan = _lock(meeting, plan)
    check_can_be_frozen(meeting, plan)
    last = latest_version(meeting, plan)
    if expected_version != (last.version + 1 if last else 1):
        if last is None:
            raise ValidationError(_("The version this form was opened on is gone. Open the form again."))
        raise FreezeConflict(last)
    if last is not None and not note.strip():
        raise ValidationError({"note": [_("Write what is corrected since version %(n)s.") % {"n": last.version}]})
    content = gather(meeting, plan)
    if not content.items:
        raise ValidationError(_("The plan has no items to freeze."))
    approval = approval_of(meeting, plan, content) if meeting.body.needs_approval else None
    if meeting.body.needs_approval and approval is None:
        raise ValidationError(_("The chair has not approved the plan as it stands now."))
    return _store(content, version=expected_version, note=note.strip(), by=by, approval=approval)


@changes_pages
def approve(*, meeting: Meeting, plan: Plan, by: Any, seen: str = "") -> Approval:
    """The chair has read what is going to be frozen. Approving it again while nothing has changed changes nothing.

    seen: the fingerprint of what the page showed. Raises ApprovalConflict when that is no longer what stands there, and
    ValidationError when the plan may not be frozen for the meeting at all.
    """
    meeting, plan = _lock(meeting, plan)
    check_can_be_frozen(meeting, plan)
    content = gather(meeting, plan)
    if not content.items:
        raise ValidationError(_("The plan has no items to freeze."))
    if seen and seen != content.fingerprint:
        raise ApprovalConflict
    approval, _made = Approval.objects.get_or_create(
        meeting=meeting,
        plan=plan,
        fingerprint=content.fingerprint,
        defaults={"approved_at": timezone.now(), "by": by},
    )
    return approval


def check_can_be_frozen(meeting: Meeting, plan: Plan) -> None:
    """Raises ValidationError with the reason when the plan cannot be frozen for the meeting, whoever asks."""
    if meeting.cancelled_on is not None:
        raise ValidationError(_("The meeting is cancelled, so nothing is frozen for it."))
    if plan.body_id != meeting.body_id:
        raise ValidationError(
            _("The plan belongs to %(owner)s and not to %(body)s, which meets.")
            % {"owner": plan.body.name, "body": meeting.body.name}
        )
    if plan.closed_on is not None:
        raise ValidationError(_("The plan is closed. Reopen it before you freeze it."))


def latest_version(meeting: Meeting, plan: Plan) -> Snapshot | None:
    return Snapshot.objects.filter(meeting=meeting, plan=plan).order_by("-version").first()


def approval_of(meeting: Meeting, plan: Plan, content: Content) -> Approval | None:
    """The chair's approval of exactly this, from the database."""
    approvals = Approval.objects.filter(meeting=meeting, plan=plan, fingerprint=content.fingerprint)
    return approvals.select_related("by").first()


def _lock(meeting: Meeting, plan: Plan) -> tuple[Meeting, Plan]:
    """Both as they are now. Until the transaction ends nobody else freezes, and no status is written to the items.

    On SQLite the transaction itself keeps everybody else out.
    """
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("body__area").get(pk=meeting.pk)
    plans = Plan.objects.select_for_update(of=("self",)).select_related("kind", "body__area", "agreement")
    found = plans.get(pk=plan.pk)
    list(ActionItem.objects.select_for_update().filter(plan=found).order_by("pk").values_list("pk"))
    return locked, found


def _store(content: Content, *, version: int, note: str, by: Any, approval: Approval | None) -> Snapshot:
    snapshot = content.snapshot
    snapshot.version, snapshot.note, snapshot.frozen_at = version, note, timezone.now()
    snapshot.by, snapshot.by_name = by, name_of(by)
    if approval is not None:
        snapshot.approved_by, snapshot.approved_at = name_of(approval.by), approval.approved_at
    snapshot.content_hash = content_hash(snapshot, content.items, content.lights)
    try:
        with transaction.atomic():
            snapshot.save(force_insert=True)
    except IntegrityError as error:
        # Two who never saw each other's lock: the unique number is what notices the second.
        winner = latest_version(snapshot.meeting, snapshot.plan)
        if winner is None:
            raise
        raise FreezeConflict(winner) from error
    for item in content.items:
        item.snapshot = snapshot
    for light in content.lights:
        light.snapshot = snapshot
    SnapshotItem.objects.bulk_create(content.items)
    SnapshotLight.objects.bulk_create(content.lights)
    return snapshot
