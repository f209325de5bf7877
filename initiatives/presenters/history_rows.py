"""The kept rows of plans, items, initiatives, meetings and bodies as versions, in the reader's words.

What simple-history keeps, and the append-only rows (statuses, links, frozen meetings), tell the same story in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from initiatives.calculations.history import Version
from initiatives.models import (
    ActionItem,
    Anchoring,
    Approval,
    Body,
    CarryOver,
    Contribution,
    Decision,
    Horizon,
    Initiative,
    Invitation,
    Meeting,
    Membership,
    Milestone,
    Plan,
    Role,
    Snapshot,
    Stage,
    State,
    StatusUpdate,
    Track,
)
from initiatives.models.carry_over import CarryOverState
from initiatives.presenters.wording import day_text, is_danish, period_text

PLAN, TRACK, ITEM, OWNER, STATUS, MILESTONE, LINK = "plan", "track", "item", "owner", "status", "milestone", "link"
INITIATIVE, MEETING, DECISION, APPROVAL, FROZEN = "initiative", "meeting", "decision", "approval", "frozen"
BODY, MEMBERSHIP, INVITATION, HAND_OVER = "body", "membership", "invitation", "hand_over"

Reader = Callable[[Any], dict[str, str]]


def _kept(thing: str, rows: QuerySet[Any], values: Reader, name: Callable[[Any], str]) -> Iterator[Version]:
    """Rows of simple-history. The row of a removal holds the last values; what stands after it is nothing."""
    for row in rows.select_related("history_user").order_by("history_date", "history_id"):
        yield Version(
            thing=thing,
            pk=row.id,
            at=row.history_date,
            by=_who(row.history_user),
            name=name(row),
            values=None if row.history_type == "-" else values(row),
            why=row.history_change_reason or "",
        )


def _who(person: Any) -> str:
    return str(person) if person is not None else ""


def _label(choices: Any, value: str) -> str:
    return str(choices(value).label) if value in choices.values else value


# --- Plans and what stands in them ------------------------------------------------------------------------------------


def plan_versions(plan: Plan) -> Iterator[Version]:
    rows = Plan.history.filter(id=plan.pk).select_related("kind", "body", "agreement")
    yield from _kept(PLAN, rows, _plan_values, lambda row: row.title)


def _plan_values(row: Any) -> dict[str, str]:
    return {
        _("Title"): row.title,
        _("Short title"): row.short_title,
        _("Kind"): row.kind.name if row.kind else "",
        _("Body"): row.body.name if row.body else "",
        _("Agreement"): row.agreement.name if row.agreement else "",
        _("As of"): day_text(row.as_of),
        _("Description"): row.description,
        **_closed(row),
    }


def _closed(row: Any) -> dict[str, str]:
    return {_("Closed"): day_text(row.closed_on), _("Reason"): row.closed_reason}


def track_versions(plan: Plan) -> Iterator[Version]:
    def values(row: Any) -> dict[str, str]:
        parent = row.parent.title if row.parent else ""
        return {_("Number"): row.number, _("Title"): row.title, _("Under"): parent, **_closed(row)}

    rows = Track.history.filter(plan_id=plan.pk).select_related("parent")
    yield from _kept(TRACK, rows, values, lambda row: f"{row.number}. {row.title}" if row.number else row.title)


def items_of_plan_versions(plan: Plan) -> Iterator[Version]:
    """The items of a plan, each in few words; the page of an item tells the rest."""

    def values(row: Any) -> dict[str, str]:
        return {_("Number"): str(row.number), _("Title"): row.title, **_closed(row)}

    yield from _kept(ITEM, ActionItem.history.filter(plan_id=plan.pk), values, _numbered)


def _numbered(row: Any) -> str:
    return f"{row.number}. {row.title}"


def item_versions(item: ActionItem) -> Iterator[Version]:
    rows = ActionItem.history.filter(id=item.pk).select_related("track", "coordinator")
    yield from _kept(ITEM, rows, _item_values, _numbered)


def _item_values(row: Any) -> dict[str, str]:
    return {
        _("Number"): str(row.number),
        _("Title"): row.title,
        _("What is to be done"): row.content,
        _("Heading"): row.track.title if row.track else "",
        _("Horizon"): _label(Horizon, row.horizon) if row.horizon else "",
        _("Note on the horizon"): row.horizon_note,
        _("Coordinator"): _who(row.coordinator),
        _("Why it has no links"): row.links_note,
        **_closed(row),
    }


def owner_versions(item: ActionItem) -> Iterator[Version]:
    rows = Anchoring.history.filter(item_id=item.pk).select_related("body")
    yield from _kept(OWNER, rows, lambda row: {}, lambda row: row.body.name if row.body else "")


def milestone_versions(item: ActionItem) -> Iterator[Version]:
    def values(row: Any) -> dict[str, str]:
        return {
            _("Title"): row.title,
            _("When"): row.words,
            _("Body"): row.body.name if row.body else "",
            _("Reached"): day_text(row.reached_on),
        }

    rows = Milestone.history.filter(item_id=item.pk).select_related("body")
    yield from _kept(MILESTONE, rows, values, lambda row: row.title)


def status_versions(statuses: QuerySet[StatusUpdate]) -> Iterator[Version]:
    """Each status follows the one before it; pk is the item's, so a plan's items keep apart."""
    rows = statuses.select_related("by", "due", "cause", "on_behalf_of", "item").order_by("recorded_at", "sequence")
    for row in rows:
        yield Version(
            thing=STATUS,
            pk=row.item_id,
            at=row.recorded_at,
            by=_who(row.by),
            name=_numbered(row.item),
            values=_status_values(row),
            why=_status_note(row),
        )


def _status_values(row: StatusUpdate) -> dict[str, str]:
    cause = "" if row.cause is None else row.cause.name if is_danish() else row.cause.name_en
    return {
        _("State"): _label(State, row.state),
        _("Words"): row.text,
        _("Date"): period_text(row.due.period) if row.due else "",
        _("Cause"): cause,
        _("As of"): day_text(row.as_of),
    }


def _status_note(row: StatusUpdate) -> str:
    notes = [_("Answered: unchanged.")] if row.unchanged else []
    if row.on_behalf_of:
        notes.append(_("The secretariat answered on behalf of %(body)s.") % {"body": row.on_behalf_of.name})
    return " ".join(notes)


def link_versions(**origin: Any) -> Iterator[Version]:
    """origin: item= or initiative=."""
    for row in Contribution.objects.filter(**origin).select_related("goal", "indicator", "by", "removed_by"):
        target: Any = row.goal or row.indicator
        values = {_("Reason"): row.reason, _("Note"): row.note}
        yield Version(LINK, row.pk, row.created_at, _who(row.by), target.name, values)
        if row.removed_at is not None:
            yield Version(LINK, row.pk, row.removed_at, _who(row.removed_by), target.name, None, row.removed_reason)


# --- Meetings ---------------------------------------------------------------------------------------------------------


def decision_versions(**wanted: Any) -> Iterator[Version]:
    """wanted: item_id= or meeting_id=."""

    def name(row: Any) -> str:
        return f"{_numbered(row.item)} ({day_text(row.meeting.day)})"

    rows = Decision.history.filter(**wanted).select_related("item", "meeting")
    yield from _kept(DECISION, rows, lambda row: {_("Decision"): row.text}, name)


def frozen_versions(snapshots: QuerySet[Snapshot]) -> Iterator[Version]:
    for row in snapshots:
        name = _("%(body)s %(day)s, version %(version)s") % {
            "body": row.body_name,
            "day": day_text(row.meeting_day),
            "version": row.version,
        }
        yield Version(FROZEN, row.pk, row.frozen_at, row.by_name, name, {}, row.note)


def approval_versions(meeting: Meeting) -> Iterator[Version]:
    for row in Approval.objects.filter(meeting=meeting).select_related("by", "plan"):
        yield Version(APPROVAL, row.pk, row.approved_at, _who(row.by), row.plan.title, {})


def meeting_versions(meeting: Meeting) -> Iterator[Version]:
    def values(row: Any) -> dict[str, str]:
        return {
            _("Day"): day_text(row.day),
            _("Title"): row.title,
            _("Texts handed in"): day_text(row.hand_in),
            _("Papers sent out"): day_text(row.dispatch),
            _("Case number"): row.case_number,
            _("Cancelled"): day_text(row.cancelled_on),
            _("Reason"): row.cancelled_reason,
        }

    yield from _kept(MEETING, Meeting.history.filter(id=meeting.pk), values, lambda row: row.title)


def hand_over_versions(plan: Plan) -> Iterator[Version]:
    def values(row: Any) -> dict[str, str]:
        return {_("From"): day_text(row.on), _("State"): _label(CarryOverState, row.state)}

    rows = CarryOver.history.filter(plan_id=plan.pk)
    yield from _kept(HAND_OVER, rows, values, lambda row: day_text(row.on))


# --- Initiatives and bodies -------------------------------------------------------------------------------------------


def initiative_versions(initiative: Initiative) -> Iterator[Version]:
    def values(row: Any) -> dict[str, str]:
        return {
            _("Title"): row.title,
            _("Body"): row.body.name if row.body else "",
            _("Target group"): row.target_group,
            _("What is done"): row.what,
            _("Partners"): row.partners,
            _("Started"): row.started,
            _("Stage"): _label(Stage, row.stage),
            _("Step on the evidence ladder"): str(row.evidence_step),
            _("What is known"): row.evidence_note,
            _("Result"): row.result,
            _("Ended without effect"): _yes(row.ended_without_effect),
            _("What helped"): row.enablers,
            _("What stood in the way"): row.barriers,
            _("Why it has no links"): row.links_note,
        }

    rows = Initiative.history.filter(id=initiative.pk).select_related("body")
    yield from _kept(INITIATIVE, rows, values, lambda row: row.title)


def _yes(value: bool) -> str:
    return _("Yes") if value else ""


def body_versions(body: Body) -> Iterator[Version]:
    def values(row: Any) -> dict[str, str]:
        return {
            _("Name"): row.name,
            _("Kind"): row.kind.name if row.kind else "",
            _("Area"): row.area.name if row.area else "",
            _("Begins"): day_text(row.valid_from),
            _("Ends"): day_text(row.valid_to),
            _("Days from hand-in to meeting"): str(row.hand_in_days),
            _("Days from dispatch to meeting"): str(row.dispatch_days),
            _("The chair approves"): _yes(row.needs_approval),
            _("Days until the secretary is told"): _number(row.tell_secretary_days),
            _("Days until the chair is told"): _number(row.tell_chair_days),
        }

    rows = Body.history.filter(id=body.pk).select_related("kind", "area")
    yield from _kept(BODY, rows, values, lambda row: row.name)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def membership_versions(body: Body) -> Iterator[Version]:
    def values(row: Any) -> dict[str, str]:
        return {
            _("Role"): _label(Role, row.role),
            _("From"): day_text(row.valid_from),
            _("To"): day_text(row.valid_to),
        }

    rows = Membership.history.filter(body_id=body.pk).select_related("user")
    yield from _kept(MEMBERSHIP, rows, values, lambda row: _who(row.user))


def invitation_versions(body: Body) -> Iterator[Version]:
    for row in Invitation.objects.filter(body=body).select_related("by", "accepted_by", "withdrawn_by"):
        values = {_("Role"): _label(Role, row.role), _("From"): day_text(row.valid_from)}
        yield Version(INVITATION, row.pk, row.created_at, _who(row.by), row.email, values)
        if row.accepted_at is not None:
            accepted = {**values, _("Accepted"): _yes(True)}
            yield Version(INVITATION, row.pk, row.accepted_at, _who(row.accepted_by), row.email, accepted)
        elif row.withdrawn_at is not None:
            yield Version(INVITATION, row.pk, row.withdrawn_at, _who(row.withdrawn_by), row.email, None)


def all_of(*parts: Iterable[Version]) -> list[Version]:
    return [version for part in parts for version in part]
