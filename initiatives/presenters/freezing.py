"""What the page of a meeting says of freezing: for each plan where it stands, what has changed, and who may do what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.freezing import check_can_be_frozen
from initiatives.actions.frozen_content import Content, gather
from initiatives.calculations.frozen_record import item_record
from initiatives.models import Approval, Meeting, Membership, Plan, Role, Snapshot, SnapshotItem
from initiatives.permissions import user_can_approve, user_can_freeze
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.snapshots import FrozenPlan, frozen_plan, frozen_words
from initiatives.presenters.wording import language
from sundhedsaftale.lib.danish import join_words

NAMED_CHANGES = 5


@dataclass(frozen=True, slots=True)
class PlanFreeze:
    """One plan of the meeting. code: refused, waiting (for the chair), open, frozen or changed.

    state: the sentence that says so. changes: the items that differ from the newest version, and `more` of them unnamed.
    version: what freezing now would make. The *_url are "" where the person may not, or there is nothing to do.
    """

    title: str
    plan_url: str
    code: str
    state: str
    frozen: str
    snapshot_url: str
    list_url: str
    changes: tuple[str, ...]
    more: int
    approval: str
    version: int
    freeze_url: str
    approve_url: str


@dataclass(frozen=True, slots=True)
class FreezePanel:
    plans: tuple[PlanFreeze, ...]
    blank: str


@dataclass(frozen=True, slots=True)
class FreezePage:
    """The page that asks before it freezes or approves: what stands there now. refusal: why it cannot be done at all."""

    line: PlanFreeze
    plan: FrozenPlan
    fingerprint: str
    refusal: str


def freeze_panel(meeting: Meeting, plans: Sequence[Plan], user: Any, today: date) -> FreezePanel:
    """The meeting with its body's area; each plan with its kind, body's area and agreement.

    Six queries for the meeting, and thirteen for each plan.
    """
    desk = _Desk(meeting, user, today)
    blank = "" if plans else _("The body has no plan to freeze.")
    return FreezePanel(tuple(desk.line(plan, gather(meeting, plan)) for plan in plans), blank)


def freeze_page(meeting: Meeting, plan: Plan, user: Any, today: date) -> FreezePage:
    content = gather(meeting, plan)
    return FreezePage(
        line=_Desk(meeting, user, today).line(plan, content),
        plan=frozen_plan(content.snapshot, content.items, content.lights),
        fingerprint=content.fingerprint,
        refusal=_refusal(meeting, plan, content),
    )


def _refusal(meeting: Meeting, plan: Plan, content: Content) -> str:
    try:
        check_can_be_frozen(meeting, plan)
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if content.items else _("The plan has no items to freeze.")


class _Desk:
    """What is known of the meeting as a whole: its snapshots, its approvals, and what the person may."""

    def __init__(self, meeting: Meeting, user: Any, today: date) -> None:
        self.meeting = meeting
        self.may_freeze = user_can_freeze(user, meeting, today=today)
        self.may_approve = user_can_approve(user, meeting, today=today)
        self.newest: dict[int, Snapshot] = {}
        for snapshot in Snapshot.objects.filter(meeting=meeting).order_by("version"):
            self.newest[snapshot.plan_id] = snapshot
        self.items: dict[int, list[SnapshotItem]] = defaultdict(list)
        for item in SnapshotItem.objects.filter(snapshot__in=[row.pk for row in self.newest.values()]):
            self.items[item.snapshot_id].append(item)
        self.approvals: dict[tuple[int, str], Approval] = {}
        self.chairs: list[str] = []
        if meeting.body.needs_approval:
            rows = Approval.objects.filter(meeting=meeting).select_related("by")
            self.approvals = {(row.plan_id, row.fingerprint): row for row in rows}
            members = Membership.objects.valid_on(today).filter(body=meeting.body_id, role=Role.CHAIR)
            self.chairs = [str(member.user) for member in members.select_related("user")]

    def line(self, plan: Plan, content: Content) -> PlanFreeze:
        last = self.newest.get(plan.pk)
        changes = changed_items(self.items[last.pk], content.items) if last else ()
        refusal = _refusal(self.meeting, plan, content)
        waits = self.meeting.body.needs_approval and (plan.pk, content.fingerprint) not in self.approvals
        place = [self.meeting.pk, plan.slug]
        to_do = not refusal and (last is None or bool(changes))
        return PlanFreeze(
            title=plan.short_title or plan.title,
            plan_url=reverse("plan", args=[plan.slug]),
            code=_code(refusal, last, changes, waits=waits),
            state=_state(refusal, last, changes),
            frozen=frozen_words(last) if last else "",
            snapshot_url=reverse("snapshot", args=[last.pk]) if last else "",
            list_url=reverse("snapshot_list", args=[plan.slug]) if last else "",
            changes=changes[:NAMED_CHANGES],
            more=max(0, len(changes) - NAMED_CHANGES),
            approval="" if refusal else self._approval(plan, content),
            version=last.version + 1 if last else 1,
            freeze_url=reverse("plan_freeze", args=place) if self.may_freeze and not refusal and not waits else "",
            approve_url=reverse("plan_approve", args=place) if self.may_approve and waits and to_do else "",
        )

    def _approval(self, plan: Plan, content: Content) -> str:
        """Whether the chair has read what stands there now; "" when the body does not ask for it."""
        if not self.meeting.body.needs_approval:
            return ""
        found = self.approvals.get((plan.pk, content.fingerprint))
        if found is not None:
            words = {"when": moment_text(found.approved_at), "who": found.by}
            return _("Approved as it stands, %(when)s by %(who)s.") % words
        if not self.chairs:
            return _("The chair must approve it first, and nobody is registered as chair of the body.")
        return _("Must be approved first by the chair: %(who)s.") % {"who": join_words(self.chairs, language())}


def changed_items(before: Sequence[SnapshotItem], now: Sequence[SnapshotItem]) -> tuple[str, ...]:
    """ "3. Etik og data" for each item that is new, gone or no longer what was frozen, in the order of the plan."""
    old = {item.key: item for item in before}
    new = {item.key: item for item in now}
    differing = [item for key, item in new.items() if key not in old or item_record(item) != item_record(old[key])] + [
        item for key, item in old.items() if key not in new
    ]
    return tuple(f"{item.number}. {item.title}" for item in sorted(differing, key=lambda row: row.position))


def _code(refusal: str, last: Snapshot | None, changes: tuple[str, ...], *, waits: bool) -> str:
    if refusal:
        return "refused"
    if last is not None and not changes:
        return "frozen"
    if waits:
        return "waiting"
    return "changed" if last is not None else "open"


def _state(refusal: str, last: Snapshot | None, changes: tuple[str, ...]) -> str:
    if last is None:
        return refusal or _("Not frozen yet.")
    if not changes:
        return _("Version %(n)s is frozen, and no item has changed since.") % {"n": last.version}
    text = ngettext(
        "Version %(n)s is frozen. %(count)s item has changed since.",
        "Version %(n)s is frozen. %(count)s items have changed since.",
        len(changes),
    )
    return text % {"n": last.version, "count": len(changes)}
