"""What the page of a meeting says of freezing: for each plan where it stands, what has changed, and who may do what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.freezing import check_can_be_frozen
from initiatives.actions.frozen_content import gather, gather_items, standing_items
from initiatives.calculations.frozen_record import item_record
from initiatives.models import Approval, Meeting, Membership, Plan, Role, Snapshot, SnapshotItem
from initiatives.permissions import PlanRights
from initiatives.presenters.annex import AnnexLinks, annex_links
from initiatives.presenters.item_page import moment_text
from initiatives.presenters.snapshots import FrozenPlan, frozen_plan, frozen_words
from initiatives.presenters.wording import language
from initiatives.standing_in import deputies_on
from sundhedsaftale.lib.danish import join_words

NAMED_CHANGES = 5


@dataclass(frozen=True, slots=True)
class PlanFreeze:
    """One plan of the meeting. code: refused, waiting (for the chair), open, frozen or changed.

    state: the sentence that says so. changes: the items that differ from the newest version, and `more` of them unnamed.
    version: what freezing now would make. annex: the files of the newest version. The *_url are "" where the person may
    not, or there is nothing to do. Whoever can do nothing about it is told what is frozen, and not what differs.
    """

    title: str
    plan_url: str
    code: str
    state: str
    frozen: str
    snapshot_url: str
    list_url: str
    annex: AnnexLinks | None
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
    letterhead_url: str

    @property
    def has_annex(self) -> bool:
        return any(line.annex for line in self.plans)


@dataclass(frozen=True, slots=True)
class FreezePage:
    """The page that asks before it freezes or approves: what stands there now. refusal: why it cannot be done at all."""

    line: PlanFreeze
    plan: FrozenPlan
    fingerprint: str
    refusal: str


def freeze_panel(meeting: Meeting, plans: Sequence[Plan], rights: PlanRights, today: date) -> FreezePanel:
    """The meeting with its body; each plan with its kind, body's area and agreement. A plan that was frozen for the
    meeting stands here for ever, also when it is not among `plans`.

    One query for a reader. For those who can act, two more for the meeting (four where the chair approves) and for each
    plan one before it is frozen, eight after, and thirteen where the chair approves.
    """
    desk = _Desk(meeting, rights, today)
    known = {plan.pk for plan in plans}
    shown = [*plans, *(row.plan for row in desk.newest.values() if row.plan_id not in known)]
    return FreezePanel(
        plans=tuple(desk.line(plan, desk.now(plan)) for plan in shown),
        blank="" if shown else _("The body has no plan to freeze."),
        letterhead_url=reverse("letterhead", args=[meeting.body.slug]) if rights.edit else "",
    )


def freeze_page(meeting: Meeting, plan: Plan, rights: PlanRights, today: date) -> FreezePage:
    content = gather(meeting, plan)
    refusal = _refusal(meeting, plan, any_items=bool(content.items))
    return FreezePage(
        line=_Desk(meeting, rights, today).line(plan, _Now(content.items, content.fingerprint, refusal)),
        plan=frozen_plan(content.snapshot, content.items, content.lights),
        fingerprint=content.fingerprint,
        refusal=refusal,
    )


def _refusal(meeting: Meeting, plan: Plan, *, any_items: bool) -> str:
    try:
        check_can_be_frozen(meeting, plan)
    except ValidationError as error:
        return " ".join(error.messages)
    return "" if any_items else _("The plan has no items to freeze.")


@dataclass(frozen=True, slots=True)
class _Now:
    """How the plan stands: its items (None: not asked for), what an approval would cover, and why it cannot be frozen."""

    items: Sequence[SnapshotItem] | None
    fingerprint: str
    refusal: str


def _chairs(body_id: int, today: date) -> list[str]:
    """Who can approve today: the chairs, and whoever stands in for one of them. Two queries."""
    members = Membership.objects.valid_on(today).filter(body=body_id, role=Role.CHAIR, user__is_active=True)
    chairs = {member.user_id: member.user for member in members.select_related("user")}
    deputies = deputies_on(chairs, body_id=body_id, today=today).values() if chairs else ()
    return list(dict.fromkeys([*map(str, chairs.values()), *map(str, deputies)]))


class _Desk:
    """What is known of the meeting as a whole: its snapshots, its approvals, and what the person may."""

    def __init__(self, meeting: Meeting, rights: PlanRights, today: date) -> None:
        self.meeting, self.rights = meeting, rights
        self.acts = rights.edit or rights.approve
        self.newest: dict[int, Snapshot] = {}
        frozen = Snapshot.objects.filter(meeting=meeting).select_related("plan__kind", "plan__body", "plan__agreement")
        for snapshot in frozen.order_by("version"):
            self.newest[snapshot.plan_id] = snapshot
        self.items: dict[int, list[SnapshotItem]] = defaultdict(list)
        if self.acts and self.newest:
            for item in SnapshotItem.objects.filter(snapshot__in=[row.pk for row in self.newest.values()]):
                self.items[item.snapshot_id].append(item)
        self.approvals: dict[tuple[int, str], Approval] = {}
        self.chairs: list[str] = []
        if self.acts and meeting.body.needs_approval:
            rows = Approval.objects.filter(meeting=meeting).select_related("by")
            self.approvals = {(row.plan_id, row.fingerprint): row for row in rows}
            self.chairs = _chairs(meeting.body_id, today)

    def now(self, plan: Plan) -> _Now:
        """As little as the person needs: gathering a large plan with its figures takes most of a second."""
        refusal = _refusal(self.meeting, plan, any_items=True)
        if refusal or not self.acts:
            return _Now(None, "", refusal)
        if self.meeting.body.needs_approval:
            content = gather(self.meeting, plan)
            return _Now(content.items, content.fingerprint, _refusal(self.meeting, plan, any_items=bool(content.items)))
        if plan.pk in self.newest:
            items = gather_items(self.meeting, plan)
            return _Now(items, "", _refusal(self.meeting, plan, any_items=bool(items)))
        return _Now(None, "", _refusal(self.meeting, plan, any_items=standing_items(plan).exists()))

    def line(self, plan: Plan, now: _Now) -> PlanFreeze:
        last = self.newest.get(plan.pk)
        changes = changed_items(self.items[last.pk], now.items) if last and now.items is not None else None
        waits = self.meeting.body.needs_approval and (plan.pk, now.fingerprint) not in self.approvals
        place = [self.meeting.pk, plan.slug]
        to_do = not now.refusal and (last is None or bool(changes))
        return PlanFreeze(
            title=plan.short_title or plan.title,
            plan_url=reverse("plan", args=[plan.slug]),
            code=_code(now.refusal, last, changes, waits=waits),
            state=_state(now.refusal, last, changes),
            frozen=frozen_words(last) if last else "",
            snapshot_url=reverse("snapshot", args=[last.pk]) if last else "",
            list_url=reverse("snapshot_list", args=[plan.slug]) if last else "",
            annex=annex_links(last) if last else None,
            changes=(changes or ())[:NAMED_CHANGES],
            more=max(0, len(changes or ()) - NAMED_CHANGES),
            approval=self._approval(plan, now),
            version=last.version + 1 if last else 1,
            freeze_url=reverse("plan_freeze", args=place) if self.rights.edit and not now.refusal and not waits else "",
            approve_url=reverse("plan_approve", args=place) if self.rights.approve and waits and to_do else "",
        )

    def _approval(self, plan: Plan, now: _Now) -> str:
        """Whether the chair has read what stands there now; "" when the body does not ask for it."""
        if now.refusal or not self.acts or not self.meeting.body.needs_approval:
            return ""
        found = self.approvals.get((plan.pk, now.fingerprint))
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


def _code(refusal: str, last: Snapshot | None, changes: tuple[str, ...] | None, *, waits: bool) -> str:
    if refusal:
        return "refused"
    if last is not None and not changes:
        return "frozen"
    if waits:
        return "waiting"
    return "changed" if last is not None else "open"


def _state(refusal: str, last: Snapshot | None, changes: tuple[str, ...] | None) -> str:
    """changes: None when nobody has looked for them."""
    if last is None:
        return refusal or _("Not frozen yet.")
    if changes is None:
        return _("Version %(n)s is frozen.") % {"n": last.version}
    if not changes:
        return _("Version %(n)s is frozen, and no item has changed since.") % {"n": last.version}
    text = ngettext(
        "Version %(n)s is frozen. %(count)s item has changed since.",
        "Version %(n)s is frozen. %(count)s items have changed since.",
        len(changes),
    )
    return text % {"n": last.version, "count": len(changes)}
