"""A hand-over becomes real: one new plan for each body that takes over, with copies of what it takes.

No row of the old plan is changed. The copies are made in the same few queries for one item and for two hundred.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from indicators.actions.versions import changes_pages
from initiatives.actions.carry_over import CarryOverEnded, fingerprint
from initiatives.actions.plans import REASON_LENGTH, free_slug, save_signed
from initiatives.models import (
    ActionItem,
    Anchoring,
    Body,
    CarryOver,
    CarryOverChoice,
    CarryOverState,
    CarryOverTarget,
    Contribution,
    FollowsFrom,
    Milestone,
    Plan,
    PlanKind,
    Schedule,
    ScheduleKind,
    StatusUpdate,
    Track,
)
from sundhedsaftale.lib.danish import format_date

# Not the description: it counts and names what stood in the old plan.
PLAN_FIELDS = ("short_title", "is_example", "no_status_note", "no_owner_note")
ITEM_FIELDS = ("key", "title", "content", "horizon", "horizon_note", "links_note")
PERIOD_FIELDS = ("words", "precision", "first_day", "last_day")


@changes_pages
def confirm_carry_over(
    *, carry_over: CarryOver, seen: str, by: Any, kind: PlanKind | None = None, keep_coordinators: bool = False
) -> list[Plan]:
    """Make the plans. `seen` is the fingerprint of the choices the person was shown; kind None keeps the plan's kind.

    Raises CarryOverEnded when somebody was faster, and ValidationError when the choices are others than those seen or
    an open item has none. In both cases nothing is stored.
    """
    mine = CarryOver.objects.filter(pk=carry_over.pk, state=CarryOverState.DRAFT).update(
        state=CarryOverState.CONFIRMED, finished_at=timezone.now(), finished_by=by
    )
    locked = CarryOver.objects.select_related("plan__kind", "plan__agreement", "plan__body").get(pk=carry_over.pk)
    if not mine:
        raise CarryOverEnded(locked)
    if fingerprint(locked) != seen:
        raise ValidationError(_("Somebody changed the choices after this page was opened. Look at them again."))
    _drop_what_is_settled(locked, by)
    _check_all_chosen(locked)
    save_signed(locked, by)
    # What is written into the new plans is content and therefore in the language of the site, whoever confirms.
    with translation.override(settings.LANGUAGE_CODE):
        return _Copying(locked, by, kind or locked.plan.kind, keep_coordinators=keep_coordinators).run()


def _drop_what_is_settled(carry_over: CarryOver, by: Any) -> None:
    """A choice about an item that was closed or finished meanwhile has nothing to hand on."""
    for choice in carry_over.choices.exclude(item__in=_open_items(carry_over).values("pk")):
        choice._history_user = by  # type: ignore[attr-defined]
        choice.delete()


def _check_all_chosen(carry_over: CarryOver) -> None:
    chosen = carry_over.choices.values("item_id")
    left = list(_open_items(carry_over).exclude(pk__in=chosen).order_by("number").values_list("number", flat=True))
    if left:
        raise ValidationError(
            _("These items have no choice yet: %(numbers)s.") % {"numbers": ", ".join(map(str, left))}
        )


def _open_items(carry_over: CarryOver) -> Any:
    """As they were when the hand-over was claimed: its own choices do not count as handed on yet."""
    return ActionItem.objects.filter(plan=carry_over.plan_id).to_hand_on(beside=carry_over.pk)


@dataclass(frozen=True)
class _Copy:
    """An item of the old plan and what stands for it in a new one."""

    old: ActionItem
    new: ActionItem
    body: Body
    target: CarryOverTarget


class _Copying:
    def __init__(self, carry_over: CarryOver, by: Any, kind: PlanKind, *, keep_coordinators: bool) -> None:
        self.carry_over, self.by, self.kind, self.keep_coordinators = carry_over, by, kind, keep_coordinators
        self.now, self.old_plan = timezone.now(), carry_over.plan
        self.copies: list[_Copy] = []
        self.day = format_date(carry_over.on, "da")

    def run(self) -> list[Plan]:
        going: dict[Body, list[tuple[ActionItem, CarryOverTarget]]] = defaultdict(list)
        for choice in self._choices():
            for target in choice.targets.all():
                going[target.body].append((choice.item, target))
        plans = [self._plan(body, going[body]) for body in sorted(going, key=lambda body: body.sort_key)]
        self._store_items()
        owners = [Anchoring(item=copy.new, body=copy.body, position=0) for copy in self.copies]
        bulk_create_with_history(owners, Anchoring, default_user=self.by)
        self._statuses()
        self._milestones()
        self._links()
        return plans

    def _choices(self) -> list[CarryOverChoice]:
        choices = self.carry_over.choices.select_related("item__track__parent").prefetch_related("targets__body")
        return list(choices.order_by("item__position", "item__number"))

    def _signed(self, rows: list[Any], model: Any) -> list[Any]:
        why = _("Carried over from »%(title)s«") % {"title": self.old_plan.title}
        return bulk_create_with_history(rows, model, default_user=self.by, default_change_reason=why[:REASON_LENGTH])

    def _plan(self, body: Body, going: list[tuple[ActionItem, CarryOverTarget]]) -> Plan:
        old = self.old_plan
        agreement = old.agreement
        if agreement is not None and agreement.valid_to is not None and agreement.valid_to < self.carry_over.on:
            agreement = None  # it has run out by then
        plan = Plan(
            slug=free_slug(Plan, f"{(old.short_title or old.title)[:40]} {body.name}"),
            title=old.title,
            kind=self.kind,
            body=body,
            agreement=agreement,
            as_of=self.carry_over.on,
            source_note=_("Carried over %(day)s from »%(title)s« (%(body)s).")
            % {"day": self.day, "title": old.title, "body": old.body.name},
            **{name: getattr(old, name) for name in PLAN_FIELDS},
        )
        save_signed(plan, self.by, why=_("Carried over from »%(title)s«") % {"title": old.title})
        tracks = self._tracks(plan, [item for item, _target in going])
        for number, (item, target) in enumerate(going, start=1):
            self.copies.append(_Copy(item, self._item(item, plan, tracks[item.track_id], number), body, target))
        return plan

    def _tracks(self, plan: Plan, items: list[ActionItem]) -> dict[int, Track]:
        """The headings these items stand under, keyed by the old ones; headings before their sub-headings."""
        tops: dict[int, Track] = {}
        subs: dict[int, Track] = {}
        for item in items:
            track = item.track
            if track.parent is not None:
                subs[track.pk], tops[track.parent.pk] = track, track.parent
            else:
                tops[track.pk] = track
        made: dict[int, Track] = {}
        for level in (tops, subs):
            rows = [
                Track(
                    plan=plan,
                    number=track.number,
                    title=track.title,
                    position=track.position,
                    parent=made[track.parent_id] if track.parent_id is not None else None,
                )
                for track in level.values()
            ]
            made.update(zip(level, self._signed(rows, Track), strict=True))
        return made

    def _item(self, old: ActionItem, plan: Plan, track: Track, number: int) -> ActionItem:
        return ActionItem(
            plan=plan,
            track=track,
            number=number,
            position=number,
            coordinator_id=old.coordinator_id if self.keep_coordinators else None,
            **{name: getattr(old, name) for name in ITEM_FIELDS},
        )

    def _store_items(self) -> None:
        stored = self._signed([copy.new for copy in self.copies], ActionItem)
        self.copies = [
            _Copy(copy.old, item, copy.body, copy.target) for copy, item in zip(self.copies, stored, strict=True)
        ]
        for copy in self.copies:
            copy.target.new_item = copy.new
        CarryOverTarget.objects.bulk_update([copy.target for copy in self.copies], ["new_item"], batch_size=200)
        note = _("Carried over %(day)s.") % {"day": self.day}
        FollowsFrom.objects.bulk_create(FollowsFrom(item=copy.new, origin=copy.old, note=note) for copy in self.copies)

    def _old_ids(self) -> list[int]:
        return [copy.old.pk for copy in self.copies]

    def _statuses(self) -> None:
        """The period each item aims at, and its words repeated as the first status of the copy."""
        current = StatusUpdate.objects.current().filter(item__in=self._old_ids()).select_related("due", "cause")
        told = {status.item_id: status for status in current}
        promised: dict[int, Schedule] = {}
        for row in Schedule.objects.filter(item__in=self._old_ids(), kind=ScheduleKind.PLANNED).order_by("pk"):
            promised[row.item_id] = row
        aims = {
            copy.new.pk: told[copy.old.pk].due if copy.old.pk in told else promised.get(copy.old.pk)
            for copy in self.copies
        }
        schedules = Schedule.objects.bulk_create(
            Schedule(item=copy.new, kind=ScheduleKind.PLANNED, recorded_at=self.now, by=self.by, **_period(aim))
            for copy in self.copies
            if (aim := aims[copy.new.pk]) is not None
        )
        due = {row.item_id: row for row in schedules}
        StatusUpdate.objects.bulk_create(
            self._first_status(copy, told[copy.old.pk], due.get(copy.new.pk))
            for copy in self.copies
            if copy.old.pk in told
        )

    def _first_status(self, copy: _Copy, old: StatusUpdate, due: Schedule | None) -> StatusUpdate:
        mark = _("(Carried over %(day)s from item %(number)d of »%(title)s«.)")
        words = {"day": self.day, "number": copy.old.number, "title": self.old_plan.short_title or self.old_plan.title}
        return StatusUpdate(
            item=copy.new,
            sequence=1,
            state=old.state,
            text=f"{old.text}\n\n{mark % words}".strip(),
            as_of=old.as_of,  # the day the words speak of is still the day they spoke of
            due=due,
            cause=old.cause,
            recorded_at=self.now,
            by=self.by,
        )

    def _milestones(self) -> None:
        """Those not reached. A body that has ended by then hands its milestone to the one that takes over."""
        standing = set(Body.objects.valid_on(self.carry_over.on).values_list("pk", flat=True))
        steps: dict[int, list[Milestone]] = defaultdict(list)
        for step in Milestone.objects.filter(item__in=self._old_ids(), reached_on=None).order_by("item", "position"):
            steps[step.item_id].append(step)
        copies = [
            Milestone(
                item=copy.new,
                title=step.title,
                position=step.position,
                body_id=step.body_id if step.body_id is None or step.body_id in standing else copy.body.pk,
                **_period(step),
            )
            for copy in self.copies
            for step in steps[copy.old.pk]
        ]
        bulk_create_with_history(copies, Milestone, default_user=self.by)

    def _links(self) -> None:
        links: dict[int, list[Contribution]] = defaultdict(list)
        for link in Contribution.objects.active().filter(item__in=self._old_ids()).order_by("pk"):
            if link.item_id is not None:
                links[link.item_id].append(link)
        text = _("%(reason)s (Carried over %(day)s.)")
        Contribution.objects.bulk_create(
            Contribution(
                item=copy.new,
                goal_id=link.goal_id,
                indicator_id=link.indicator_id,
                reason=text % {"reason": link.reason, "day": self.day},
                note=link.note,
                created_at=self.now,
                by=self.by,
            )
            for copy in self.copies
            for link in links[copy.old.pk]
        )


def _period(row: Schedule | Milestone) -> dict[str, Any]:
    return {name: getattr(row, name) for name in PERIOD_FIELDS}
