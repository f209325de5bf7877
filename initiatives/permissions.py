"""Who may do what in plans and initiatives: one pair of functions for each deed, used by pages, API and buttons alike.

`user_can_x` answers; `check_user_can_x` raises PermissionDenied with a sentence that names who can, for the 403 page.
Memberships are dated: a role counts on the day it is asked about, and only in the body itself. While somebody is away
their deputy has their roles too, see `standing_in.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from indicators.permissions import user_is_steward
from initiatives.models import ActionItem, Body, Initiative, Meeting, Plan, Role
from initiatives.standing_in import covers, exercised_memberships, roles_on, stands_in_for_coordinator

User = Any  # the project's user model; this app may not import the project

SECRETARIAT = (Role.SECRETARY,)
ANSWERS_FOR_ITEM = (Role.SECRETARY, Role.CHAIR, Role.LEAD, Role.DEPUTY)
RECORDS_DECISIONS = (Role.SECRETARY, Role.CHAIR)
LOGS_INITIATIVES = (Role.SECRETARY, Role.LEAD, Role.DEPUTY)


def body_ids_with_role(user: User, roles: tuple[str, ...], *, today: date) -> set[int]:
    """Primary keys of the bodies in which the user has one of the roles on that day, as a deputy too. One query."""
    if not user.is_authenticated or not user.is_active:
        return set()
    return set(exercised_memberships(user, today=today).filter(role__in=roles).values_list("body_id", flat=True))


def user_can_create_plan(user: User, body: Body, *, today: date) -> bool:
    return bool(user.is_superuser) or body.pk in body_ids_with_role(user, SECRETARIAT, today=today)


def check_user_can_create_plan(user: User, body: Body, *, today: date) -> None:
    if not user_can_create_plan(user, body, today=today):
        raise PermissionDenied(_("Only the secretariat of %(body)s can do this.") % {"body": body.name})


def user_can_edit_plan(user: User, plan: Plan, *, today: date) -> bool:
    return user_can_create_plan(user, plan.body, today=today)


def check_user_can_edit_plan(user: User, plan: Plan, *, today: date) -> None:
    check_user_can_create_plan(user, plan.body, today=today)


def user_can_write_status(user: User, item: ActionItem, *, today: date) -> bool:
    """The plan's secretariat, those who answer for an owning body, and the item's coordinator or their deputy."""
    if user.is_superuser or (user.is_authenticated and user.is_active and item.coordinator_id == user.pk):
        return True
    if not user.is_authenticated or not user.is_active:
        return False
    if item.plan.body_id in body_ids_with_role(user, SECRETARIAT, today=today):
        return True
    owners = {anchoring.body_id for anchoring in item.anchorings.all()}
    if owners & body_ids_with_role(user, ANSWERS_FOR_ITEM, today=today):
        return True
    return stands_in_for_coordinator(user, item, today=today)


def check_user_can_write_status(user: User, item: ActionItem, *, today: date) -> None:
    if not user_can_write_status(user, item, today=today):
        raise PermissionDenied(
            _("Only the secretariat of %(body)s, the owners of the item and its coordinator can write its status.")
            % {"body": item.plan.body.name}
        )


@dataclass(frozen=True)
class PlanRights:
    """What a person may do with a plan and its items, asked for once for the whole page."""

    user_id: int | None
    edit: bool
    write_all: bool
    answers_for: frozenset[int]  # bodies whose items they may write the status of
    secretary: bool = False  # of the plan's own body, by membership
    decide: bool = False  # record what a meeting of the plan's body decided
    approve: bool = False  # say for the plan's body that its chair has read what is frozen
    body_id: int = 0  # the plan's
    # (absent person, body or None for every body): coordinators they write for meanwhile
    stands_in_for: frozenset[tuple[int, int | None]] = field(default_factory=frozenset)

    @property
    def writes_something(self) -> bool:
        return self.user_id is not None

    def can_write(self, item: Any) -> bool:
        """item: anything with coordinator_id and owners that have a pk."""
        if self.write_all or (self.user_id is not None and item.coordinator_id == self.user_id):
            return True
        owners = {owner.pk for owner in item.owners}
        if owners & self.answers_for:
            return True
        return covers(self.stands_in_for, person=item.coordinator_id, bodies={self.body_id, *owners})

    def on_behalf_of(self, item: Any) -> Any:
        """The owner a secretary of the plan answers for: the first, when they have no role of their own in the item."""
        if not self.secretary or item.coordinator_id == self.user_id or not item.owners:
            return None
        return None if any(owner.pk in self.answers_for for owner in item.owners) else item.owners[0]


def plan_rights(user: User, plan: Plan | Meeting, *, today: date) -> PlanRights:
    """The same answers as user_can_edit_plan and user_can_write_status, in one query for all items.

    A meeting is asked about in the same way: its body's plans are what it deals with.
    """
    if not user.is_authenticated or not user.is_active:
        return PlanRights(user_id=None, edit=False, write_all=False, answers_for=frozenset())
    roles = roles_on(user, today=today)
    own = roles.in_body(plan.body_id)
    secretary = bool(own & set(SECRETARIAT))
    return PlanRights(
        user_id=user.pk,
        edit=secretary or bool(user.is_superuser),
        write_all=secretary or bool(user.is_superuser),
        secretary=secretary,
        decide=bool(user.is_superuser) or bool(own & set(RECORDS_DECISIONS)),
        approve=Role.CHAIR in own,
        answers_for=roles.bodies(ANSWERS_FOR_ITEM),
        body_id=plan.body_id,
        stands_in_for=roles.stands_in_for,
    )


def bodies_user_can_plan_for(user: User, *, today: date) -> list[Body]:
    """The bodies whose plans the person may make, in Danish order."""
    if user.is_superuser and user.is_active:
        return list(Body.objects.valid_on(today))
    return list(Body.objects.filter(pk__in=body_ids_with_role(user, SECRETARIAT, today=today)))


def bodies_user_can_log_for(user: User, *, today: date) -> list[Body]:
    """The bodies an initiative may be logged for by this user, in Danish order."""
    if user.is_superuser:
        return list(Body.objects.valid_on(today).select_related("area"))
    return list(
        Body.objects.filter(pk__in=body_ids_with_role(user, LOGS_INITIATIVES, today=today)).select_related("area")
    )


def user_can_log_initiative(user: User, body: Body, *, today: date) -> bool:
    return bool(user.is_superuser) or body.pk in body_ids_with_role(user, LOGS_INITIATIVES, today=today)


def check_user_can_log_initiative(user: User, body: Body, *, today: date) -> None:
    if not user_can_log_initiative(user, body, today=today):
        raise PermissionDenied(_("Only the lead or the secretariat of %(body)s can do this.") % {"body": body.name})


def user_can_edit_initiative(user: User, initiative: Initiative, *, today: date) -> bool:
    return user_can_log_initiative(user, initiative.body, today=today)


def check_user_can_edit_initiative(user: User, initiative: Initiative, *, today: date) -> None:
    check_user_can_log_initiative(user, initiative.body, today=today)


def user_can_link(user: User, thing: ActionItem | Initiative, *, today: date) -> bool:
    """Links to goals and indicators are drawn by whoever may edit the plan or the initiative they start from."""
    if isinstance(thing, ActionItem):
        return user_can_edit_plan(user, thing.plan, today=today)
    return user_can_edit_initiative(user, thing, today=today)


def check_user_can_link(user: User, thing: ActionItem | Initiative, *, today: date) -> None:
    if isinstance(thing, ActionItem):
        check_user_can_edit_plan(user, thing.plan, today=today)
    else:
        check_user_can_edit_initiative(user, thing, today=today)


def user_can_see_reminder_log(user: User, *, today: date) -> bool:
    """Secretaries see what was sent about the items of their own bodies."""
    return bool(user.is_superuser) or bool(body_ids_with_role(user, SECRETARIAT, today=today))


def check_user_can_see_reminder_log(user: User, *, today: date) -> None:
    if not user_can_see_reminder_log(user, today=today):
        raise PermissionDenied(_("Only secretaries can see the log of reminders."))


def user_can_import_plan(user: User, body: Body, *, today: date) -> bool:
    """Whoever may make a plan for the body may read one from a file."""
    return user_can_create_plan(user, body, today=today)


def check_user_can_import_plan(user: User, body: Body, *, today: date) -> None:
    check_user_can_create_plan(user, body, today=today)


def answers_on_behalf_of(user: User, item: ActionItem, *, today: date) -> Body | None:
    """The same answer as `PlanRights.on_behalf_of`, for one item whose anchorings and their bodies are fetched."""
    owners = [anchoring.body for anchoring in item.anchorings.all()]
    if not owners or item.coordinator_id == user.pk:
        return None
    if item.plan.body_id not in body_ids_with_role(user, SECRETARIAT, today=today):
        return None
    own = body_ids_with_role(user, ANSWERS_FOR_ITEM, today=today)
    return None if any(owner.pk in own for owner in owners) else owners[0]


def user_can_manage_meetings(user: User, body: Body, *, today: date) -> bool:
    """Register, move and cancel the body's meetings, and say how they are prepared."""
    return bool(user.is_superuser) or body.pk in body_ids_with_role(user, SECRETARIAT, today=today)


def check_user_can_manage_meetings(user: User, body: Body, *, today: date) -> None:
    if not user_can_manage_meetings(user, body, today=today):
        raise PermissionDenied(
            _("Only the secretariat of %(body)s can register and change its meetings.") % {"body": body.name}
        )


def bodies_user_can_register_meetings_for(user: User, *, today: date) -> list[Body]:
    """In Danish order."""
    if user.is_superuser and user.is_active:
        return list(Body.objects.all())
    return list(Body.objects.filter(pk__in=body_ids_with_role(user, SECRETARIAT, today=today)))


def user_can_record_decisions(user: User, meeting: Meeting, *, today: date) -> bool:
    return bool(user.is_superuser) or meeting.body_id in body_ids_with_role(user, RECORDS_DECISIONS, today=today)


def check_user_can_record_decisions(user: User, meeting: Meeting, *, today: date) -> None:
    if not user_can_record_decisions(user, meeting, today=today):
        raise PermissionDenied(
            _("Only the chair and the secretariat of %(body)s can record its decisions.") % {"body": meeting.body.name}
        )


def check_writes_something(plan: Plan, *, writes: bool) -> None:
    """The grid of a plan's statuses opens for whoever may write at least one of them."""
    if not writes:
        raise PermissionDenied(
            _("Only the secretariat of %(body)s, the owners of the items and their coordinators can write statuses.")
            % {"body": plan.body.name}
        )


def user_can_freeze(user: User, meeting: Meeting, *, today: date) -> bool:
    """The secretariat of the body that meets."""
    return user_can_create_plan(user, meeting.body, today=today)


def check_user_can_freeze(user: User, meeting: Meeting, *, today: date) -> None:
    check_user_can_create_plan(user, meeting.body, today=today)


def user_can_approve(user: User, meeting: Meeting, *, today: date) -> bool:
    """The chair of the body that meets: nobody else can say that the chair has read it."""
    return meeting.body_id in body_ids_with_role(user, (Role.CHAIR,), today=today)


def check_user_can_approve(user: User, meeting: Meeting, *, today: date) -> None:
    if not user_can_approve(user, meeting, today=today):
        raise PermissionDenied(_("Only the chair of %(body)s can approve this.") % {"body": meeting.body.name})


def user_can_change_letterhead(user: User, body: Body, *, today: date) -> bool:
    return user_can_create_plan(user, body, today=today)


def check_user_can_change_letterhead(user: User, body: Body, *, today: date) -> None:
    """The paper of a body's annexes is its secretariat's."""
    check_user_can_create_plan(user, body, today=today)


def user_can_carry_over(user: User, plan: Plan, *, today: date) -> bool:
    """A plan is handed on to successors by the secretariat of the body it belongs to."""
    return user_can_edit_plan(user, plan, today=today)


def check_user_can_carry_over(user: User, plan: Plan, *, today: date) -> None:
    if not user_can_carry_over(user, plan, today=today):
        raise PermissionDenied(
            _("Only the secretariat of %(body)s can hand this plan on to its successors.") % {"body": plan.body.name}
        )


def user_can_follow_calendar(user: User, body: Body, *, today: date) -> bool:
    """Whoever sits in the body, in any role."""
    return body.pk in body_ids_with_role(user, tuple(Role.values), today=today)


def check_user_can_follow_calendar(user: User, body: Body, *, today: date) -> None:
    if not user_can_follow_calendar(user, body, today=today):
        raise PermissionDenied(_("Only those who sit in %(body)s can have its calendar.") % {"body": body.name})


def user_can_set_target(user: User, body: Body, *, today: date) -> bool:
    """The secretariat of the body that decides it, and whoever looks after the figures of the whole site."""
    return user_is_steward(user) or body.pk in body_ids_with_role(user, SECRETARIAT, today=today)


def check_user_can_set_target(user: User, body: Body, *, today: date) -> None:
    if not user_can_set_target(user, body, today=today):
        raise PermissionDenied(
            _("Only the secretariat of %(body)s and data stewards can do this.") % {"body": body.name}
        )


def target_bodies(user: User, *, today: date) -> set[int]:
    """Primary keys of the bodies whose targets the person is offered to change. No query for whoever is not signed in.

    A page has few queries to spend: whoever is a body's secretariat is offered that body's, in one query; whoever is
    none is asked about as a steward. What is not offered is not refused: see `user_can_set_target`.
    """
    if not user.is_authenticated:
        return set()
    own = body_ids_with_role(user, SECRETARIAT, today=today)
    if own or not user_is_steward(user):
        return own
    return set(Body.objects.valid_on(today).values_list("pk", flat=True))


def bodies_user_can_set_targets_for(user: User, *, today: date) -> list[Body]:
    """The bodies whose targets the person may set, in Danish order."""
    if user_is_steward(user):
        return list(Body.objects.valid_on(today))
    return list(Body.objects.filter(pk__in=body_ids_with_role(user, SECRETARIAT, today=today)))
