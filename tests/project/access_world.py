"""Everybody and one of everything, twice: at home, where they all hold their roles, and away, where they hold none.

A new address with a parameter needs one line in `ADDRESSES`: which object it is about, and what an allowed person would
send. The line is read once for each side, so it gives the own and the foreign object alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from indicators.models import (
    Area,
    Assessment,
    DataSource,
    Goal,
    Indicator,
    Observation,
    RefreshRun,
    RunState,
    TableUpload,
    UnknownName,
)
from initiatives.actions.carry_over import choose_for_rest, fingerprint, start_carry_over
from initiatives.actions.freezing import freeze
from initiatives.actions.frozen_content import gather
from initiatives.actions.meetings import register_meeting
from initiatives.actions.memberships import stamp_of
from initiatives.actions.reminder_mails import unsubscribe_path
from initiatives.actions.targets import set_target
from initiatives.answer_links import answer_token
from initiatives.models import (
    ActionItem,
    AnnexTemplate,
    CalendarFeed,
    Comment,
    Contribution,
    DelayCause,
    Delegation,
    Invitation,
    Membership,
    Mention,
    Milestone,
    PlanUpload,
    Reminder,
    ReminderMail,
    Role,
    Track,
)
from initiatives.presenters.year_plan import preview_year
from sundhedsaftale.access import Who
from sundhedsaftale.models import User
from tests.initiatives import import_world as files
from tests.initiatives import small_world as small
from tests.initiatives.letters import letter
from tests.project.page_world import Denmark, denmark

Values = dict[str, Any]

ANSWER_FOR_ITEMS = (Role.SECRETARY, Role.CHAIR, Role.LEAD, Role.DEPUTY)
TABLE = "Indhold\tForankring\tStatus\nEtik og data.\tUdvalget\tI gang.\n"


@dataclass(frozen=True)
class Person:
    """`role`: at home, today. `site`: what they are wherever the thing belongs."""

    key: str
    user: User | None
    role: str = ""
    site: frozenset[Who] = frozenset()

    @property
    def is_somebody(self) -> bool:
        return self.user is not None and self.user.is_active


@dataclass(frozen=True)
class Case:
    """One object an address is about. The flags say which of a person's roles count for it."""

    side: str
    kwargs: Values
    sent: Values = field(default_factory=dict)
    body: str = ""  # the name a refusal must give
    roles: bool = False  # roles at home are roles in the body of the object
    owned: bool = False  # the item is carried by the body at home
    coordinated: bool = False
    personal: str = ""  # key of the one person it belongs to
    linked: bool = False  # the address is itself the proof
    reads: bool = True  # False: opening it would ask the same as at home
    changes: bool = True  # False: sending it stores nothing, also for those who may

    def groups(self, person: Person) -> set[Who]:
        """What the person is to this object."""
        found = {Who.EVERYONE, *person.site}
        if self.linked:
            found.add(Who.LINK)
        if not person.is_somebody:
            return found
        found.add(Who.SIGNED_IN)
        if self.roles and person.role:
            found.add(Who(person.role))
        if self.owned and person.role in ANSWER_FOR_ITEMS:
            found.add(Who.OWNER)
        if self.coordinated and person.key == "coordinator":
            found.add(Who.COORDINATOR)
        if self.personal == person.key:
            found.add(Who.ONESELF)
        return found


class Side:
    """One of everything that belongs to a body."""

    def __init__(self, name: str, somebody: User, coordinator: User | None, goal: Goal) -> None:
        today, now = timezone.localdate(), timezone.now()
        self.name, self.goal, self.somebody = name, goal, somebody
        self.body = small.body(f"Udvalget {name}", slug=f"udvalget-{name.lower()}")
        self.plan = small.plan(self.body)
        self.item = small.item(
            self.plan, due=today, owners=(self.body,), coordinator=coordinator, title=f"Punkt {name}"
        )
        self.later = small.item(self.plan, owners=(self.body,))
        self.closed_item = small.item(self.plan, owners=(self.body,))
        ActionItem.objects.filter(pk=self.closed_item.pk).update(closed_on=today, closed_reason="Udgået.")
        self.track = self.plan.tracks.get()
        self.closed_track = Track.objects.create(
            plan=self.plan, title="Lukket", number="2", position=1, closed_on=today, closed_reason="Udgået."
        )
        self.closed_plan = small.plan(self.body, closed_on=today, closed_reason="Udgået.")
        self.milestone = Milestone.objects.create(item=self.item, title="Aftalen er klar", words="", precision="none")
        self.link = self._link(item=self.item)
        self.meeting = register_meeting(body=self.body, day=today + timedelta(days=30), by=None)
        self.held = register_meeting(body=self.body, day=today - timedelta(days=1), by=None)
        self.snapshot = freeze(meeting=self.held, plan=self.plan, by=None, expected_version=1)
        self.initiative = small.initiative(self.body, f"Initiativ {name}", goals=(goal,))
        self.initiative_link = self.initiative.contributions.get()
        self.target = set_target(
            indicator=Indicator.objects.all()[0],
            area=Area.objects.get(code="082"),
            body=self.body,
            value=Decimal(9),
            due_on=today + timedelta(days=900),
            decided_on=today,
            by=None,
            now=now,
        )
        self.letter = AnnexTemplate.objects.create(
            body=self.body, name="brev.docx", content=letter(), sha256="a" * 64, uploaded_at=now
        )
        self._files(now)
        self._hand_over(today)
        self._mail(now)
        self._people(today, now)
        self._talk(now)

    def _people(self, today: Any, now: Any) -> None:
        self.colleague = small.user()
        self.membership = small.member(self.colleague, self.body, Role.MEMBER, valid_from=today)
        self.secretary = small.user()  # so that nobody else is the last one
        small.member(self.secretary, self.body, Role.SECRETARY)
        days = {"first_day": today, "last_day": today + timedelta(days=9)}
        self.absence = Delegation.objects.create(
            person=self.somebody, deputy=self.colleague, body=self.body, created_at=now, by=self.somebody, **days
        )
        self.secret = f"secret-of-{self.name}"
        hashed = hashlib.sha256(self.secret.encode()).hexdigest()
        self.invitation = Invitation.objects.create(
            body=self.body, role=Role.READER, email="ny@example.dk", valid_from=today, token_hash=hashed,
            created_at=now, expires_at=now + timedelta(days=9), by=self.somebody, mail_state="sent",
        )  # fmt: skip
        self.feed = CalendarFeed.objects.create(person=self.somebody, token_hash=hashed, created_at=now)

    def _talk(self, now: Any) -> None:
        self.comment = Comment.objects.create(item=self.item, text="Ord.", created_at=now, by=self.somebody)
        self.remark = Comment.objects.create(initiative=self.initiative, text="Ord.", created_at=now, by=self.somebody)
        self.mention = Mention.objects.create(comment=self.comment, person=self.somebody)

    def _link(self, **origin: Any) -> Contribution:
        return Contribution.objects.create(
            indicator=Indicator.objects.first(), reason="Nævnt.", created_at=timezone.now(), **origin
        )

    def _files(self, now: Any) -> None:
        self.draft = files.start(
            self.body, files.row(1, "Etik og data", "I gang.", owners=(self.body,)), title=f"Kladden {self.name}"
        )
        self.again = files.start(self.body, files.row(1, "Nyt punkt"), plan=self.plan, sha256="b" * 64)
        self.upload = PlanUpload.objects.create(
            body=self.body, kind_id="handleplan", filename="lang.pdf", content=b"%PDF", uploaded_at=now
        )

    def _hand_over(self, today: Any) -> None:
        self.heir = small.body(f"Rådet {self.name}")
        self.old_plan = small.plan(self.body)
        self.old_item = small.item(self.old_plan, owners=(self.body,))
        self.carry_over = start_carry_over(plan=self.old_plan, on=today + timedelta(days=40), by=None)
        self.ready_plan = small.plan(self.body)
        small.item(self.ready_plan, owners=(self.body,))
        ready = start_carry_over(plan=self.ready_plan, on=today + timedelta(days=40), by=None)
        choose_for_rest(carry_over=ready, body=self.heir, by=None)
        self.seen = fingerprint(ready)

    def _mail(self, now: Any) -> None:
        self.mail = ReminderMail.objects.create(
            recipient=self.somebody, message_id=f"<{self.name}@x>", created_at=now, state="uncertain", subject="Emnet"
        )
        Reminder.objects.create(
            key=f"{self.somebody.pk}:{self.item.pk}:after_1:2026-11-01:0",
            mail=self.mail, recipient=self.somebody, item=self.item, kind="after_1",
            due_on=timezone.localdate(), created_at=now,
        )  # fmt: skip


class Carried:
    """An item of a plan that is somebody else's, carried by the body at home: its owners write its status, no more."""

    def __init__(self, home: Side, away: Side) -> None:
        self.body, self.plan = away.body, small.plan(away.body)
        self.item, self.meeting = small.item(self.plan, owners=(home.body,)), away.meeting


class World:
    def __init__(self) -> None:
        self.denmark: Denmark = denmark()
        self.goal = Goal.objects.get()
        self.indicator = self.denmark.stays
        files.causes()
        files.kind()
        DelayCause.objects.get_or_create(code="covid_19", defaults={"name": "COVID-19", "name_en": "COVID-19"})
        coordinator = small.user("tovholder@example.dk")
        self.member = small.user("medlem@example.dk")
        self.home = Side("Hjemme", self.member, coordinator, self.goal)
        self.away = Side("Borte", small.user("fremmed@example.dk"), None, self.goal)
        self.carried = Carried(self.home, self.away)
        self.people = self._people(coordinator)
        now = timezone.now()
        self.waiting_run = RefreshRun.objects.create(
            source=DataSource.objects.first(), state=RunState.WAITING, started_at=now, heartbeat_at=now,
            finished_at=now, difference_fingerprint="x",
        )  # fmt: skip
        self.unknown_name = UnknownName.objects.create(
            source=DataSource.objects.first(), name="Nordjyland", seen_at=now
        )
        self.table_upload = TableUpload.objects.create(
            source=DataSource.objects.first(), file="uploads/gone.csv", fingerprint="x", uploaded_at=now
        )
        report = DataSource.objects.create(name="rapport", title="Rapport", reader="report_table", automatic=False)
        self.pasted = TableUpload.objects.create(
            source=report, file="uploads/gone.txt", fingerprint="x", uploaded_at=now
        )

    def _people(self, coordinator: User) -> tuple[Person, ...]:
        today, home = timezone.localdate(), self.home.body
        day = timedelta(days=1)

        def of(role: str, user: User | None = None, **dates: Any) -> User:
            user = user or small.user()
            Membership.objects.create(user=user, body=home, role=role, **dates)
            return user

        steward = small.user("data@example.dk")
        steward.user_permissions.add(Permission.objects.get(codename="steward_data"))
        elsewhere = small.user("anden@example.dk")
        small.member(elsewhere, small.body("Et tredje udvalg"))
        gone = of(Role.SECRETARY)
        return (
            Person("anonymous", None),
            Person("without roles", small.user("ny@example.dk")),
            Person("reader", of(Role.READER), Role.READER),
            Person("member", of(Role.MEMBER, self.member), Role.MEMBER),
            Person("deputy", of(Role.DEPUTY), Role.DEPUTY),
            Person("lead", of(Role.LEAD), Role.LEAD),
            Person("chair", of(Role.CHAIR), Role.CHAIR),
            Person("secretary", of(Role.SECRETARY), Role.SECRETARY),
            Person("coordinator", coordinator),
            Person("steward", steward, site=frozenset({Who.STEWARD})),
            Person("administrator", small.user("admin@example.dk", is_superuser=True), site=frozenset({Who.ADMINISTRATOR})),
            Person("ended yesterday", of(Role.SECRETARY, valid_to=today - day)),
            Person("begins tomorrow", of(Role.SECRETARY, valid_from=today + day)),
            # Signed in while still active; see `deactivate`.
            Person("deactivated", gone),
        )  # fmt: skip

    def deactivate(self) -> None:
        """After everybody has signed in: the session of somebody who is gone must not work."""
        gone = next(person.user for person in self.people if person.key == "deactivated")
        assert gone is not None
        gone.is_active = False
        gone.save()

    def cases(self, route: str) -> tuple[Case, ...]:
        """The objects the address is tried on; one without anything for an address that is about nothing."""
        found = ADDRESSES.get(route)
        return found(self) if found else (Case("only", {}),)

    def missing(self, case: Case) -> Values:
        """The address of something that was never there."""
        made: Values = {}
        for name, value in case.kwargs.items():
            if name == "format":
                made[name] = value  # which kind of file; the thing itself is what must be missing
            else:
                made[name] = 987654 if isinstance(value, int) else "findes-ikke" if isinstance(value, str) else uuid4()
        return made


Of = Callable[[Any], Values]
Cases = Callable[[World], tuple[Case, ...]]


def at(
    kwargs: Of | None = None,
    sent: Of | None = None,
    *,
    carried: bool = False,
    roles: bool = True,
    personal: bool = False,
    linked: bool = False,
    both: bool = False,
    coordinated: bool = True,
    changes: bool = True,
) -> Cases:
    """An address about something that belongs to a body (or, `personal`, to one person; or `both`; or, `linked`, to whoever
    has the link), at home and away. Without `kwargs` what is sent names the body, and opening it is tried once."""

    def cases(world: World) -> tuple[Case, ...]:
        def case(name: str, side: Any, **flags: Any) -> Case:
            body = side.body.name if kwargs or sent else ""
            values = kwargs(side) if kwargs else {}
            return Case(name, values, sent(side) if sent else {}, body, changes=changes, **flags)

        own = {"personal": "member"} if personal else {"linked": True} if linked else {}
        if both:
            own = {"personal": "member", "roles": True}
        flags = {"roles": roles, "owned": True, "coordinated": coordinated} if not own else {}
        found = [case("own", world.home, **flags, **own)]
        if kwargs or sent:
            found.append(case("foreign", world.away, reads=kwargs is not None, linked=linked))
        if carried:
            found.append(case("carried", world.carried, owned=True))
        return tuple(found)

    return cases


def public(kwargs: Callable[[World], Values], sent: Values | None = None) -> Cases:
    """An address about something that is nobody's: there is no foreign one."""
    return lambda world: (Case("only", kwargs(world), sent or {}, changes=False),)


def _item(side: Any) -> Values:
    return {"slug": side.plan.slug, "number": side.item.number}


def _plan(side: Any) -> Values:
    return {"slug": side.plan.slug}


def _row(side: Any) -> Values:
    return {"token": side.draft.token, "number": 1}


def _draft(side: Any) -> Values:
    return {"token": side.draft.token}


def _hand_over(side: Any) -> Values:
    return {"slug": side.old_plan.slug}


def _meeting(side: Any) -> Values:
    return {"pk": side.meeting.pk}


def _meeting_plan(side: Any) -> Values:
    return {"pk": side.meeting.pk, "slug": side.plan.slug}


def _body(side: Any) -> Values:
    return {"slug": side.body.slug}


def _role(side: Any) -> Values:
    return {**_body(side), "pk": side.membership.pk}


def _answer(side: Any) -> Values:
    return {"token": answer_token(person=side.secretary, item=side.item, sequence=1)}


def _stop(side: Any) -> Values:
    return {"token": unsubscribe_path(side.colleague.pk).rstrip("/").rpartition("/")[2]}


def _reason(side: Any) -> Values:
    return {"closed_reason": "Udgået."}


def _day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def _title(side: Any) -> Values:
    return {"title": "En ny titel", "kind": "handleplan", "body": side.body.pk}


def _annex(side: Any) -> Values:
    return {"pk": side.snapshot.pk, "format": "pdf"}


def _upload_fields(side: Any) -> Values:
    return {"goes_to": f"new:{side.body.pk}", "kind": "handleplan", "title": "Planen", "text": TABLE}


def _log(side: Any) -> Values:
    return {
        "title": "Opkald",
        "body": side.body.pk,
        "target_group": "Ældre",
        "what": "Vi ringer.",
        "goal": side.goal.pk,
    }


def _target(side: Any) -> Values:
    return {"value": "10", "due_on": _day(400), "decided_on": _day(0)}


def _new_target(side: Any) -> Values:
    where = {"indicator": Indicator.objects.all()[0].code, "area": "082", "body": side.body.pk}
    return {**_target(side), **where}


def _initiative(side: Any) -> Values:
    return {"title": "Andet", "target_group": "Ældre", "what": "Vi ringer.", "stage": "running", "evidence_step": "0"}


def _year(side: Any) -> Values:
    """The stamp is the preview's own: what is confirmed is what was shown."""
    text = f"{_day(60)}\n"
    preview = preview_year(side.body, text, today=timezone.localdate())
    return {"body": side.body.pk, "text": text, "confirm": preview.fingerprint}


ADDRESSES: dict[str, Cases] = {
    # Read by everybody
    "goal": public(lambda w: {"slug": w.goal.slug}),
    "indicator": public(lambda w: {"code": w.indicator.code}),
    "indicator_ranking": public(lambda w: {"code": w.indicator.code}),
    "indicator_map": public(lambda w: {"code": w.indicator.code}),
    "indicator_curves": public(lambda w: {"code": w.indicator.code}),
    "goal_curves": public(lambda w: {"slug": w.goal.slug}),
    "area": public(lambda w: {"code": "082"}),
    "area_lists": public(lambda w: {"code": "082"}),
    "area_choose": public(lambda w: {"code": "082"}),
    "goal_list_file": public(lambda w: {"table": "maal", "format": "csv"}),
    "goal_file": public(lambda w: {"slug": w.goal.slug, "table": "indikatorer", "format": "csv"}),
    "indicator_file": public(lambda w: {"code": w.indicator.code, "table": "omraader", "format": "xlsx"}),
    "indicator_all": public(lambda w: {"code": w.indicator.code, "format": "csv"}),
    "indicator_feed": public(lambda w: {"code": w.indicator.code}),
    "area_file": public(lambda w: {"code": "082", "table": "tal", "format": "jsonstat"}),
    "coverage_file": public(lambda w: {"table": "kort", "format": "csv"}),
    "data_file": public(lambda w: {"table": "udgaver", "format": "csv"}),
    "edition_file": public(lambda w: {"pk": Observation.objects.values_list("edition_id", flat=True)[0], "format": "csv"}),
    "api-framework-detail": public(lambda w: {"slug": w.goal.framework.slug}),
    "api-goal-detail": public(lambda w: {"slug": w.goal.slug}),
    "api-indicator-detail": public(lambda w: {"code": w.indicator.code}),
    "api-area-detail": public(lambda w: {"code": "082"}),
    "api-observation-detail": public(lambda w: {"pk": Observation.objects.values_list("pk", flat=True)[0]}),
    "api-assessment-detail": public(lambda w: {"pk": Assessment.objects.values_list("pk", flat=True)[0]}),
    "api-source-detail": public(lambda w: {"name": Observation.objects.all()[0].edition.source.name}),
    "api-edition-detail": public(lambda w: {"pk": Observation.objects.all()[0].edition_id}),
    "api-body-detail": at(lambda s: {"slug": s.body.slug}),
    "api-plan-detail": at(_plan),
    "api-item-detail": at(lambda s: {"pk": s.item.pk}),
    "api-initiative-detail": at(lambda s: {"slug": s.initiative.slug}),
    "data_fetch": public(lambda w: {"name": w.denmark.stays.observations.first().edition.source.name}),
    **{
        route: public(lambda w: {"pk": w.waiting_run.pk}, {"seen": "x"})
        for route in ("data_run", "data_run_approve", "data_run_reject")
    },
    **{
        route: public(lambda w: {"pk": w.denmark.stays.observations.first().edition_id})
        for route in ("data_roll_back", "data_bring_back")
    },
    "table_start": public(lambda w: {}),
    "populations": public(lambda w: {}),
    "table_upload": public(lambda w: {"token": w.table_upload.token}),
    "paste_start": public(lambda w: {}),
    "paste_preview": public(lambda w: {"token": w.pasted.token}),
    "paste_send": public(lambda w: {"token": w.pasted.token}),
    "unknown_name_map": public(lambda w: {"pk": w.unknown_name.pk}),
    "table_send": public(lambda w: {"token": w.table_upload.token}),
    # Plans
    "plan": at(_plan),
    "plan_timeline": at(_plan),
    "plan_timeline_svg": at(_plan),
    "plan_delays": at(_plan),
    "plan_changes": at(_plan),
    "plan_create": at(sent=_title),
    "plan_manage": at(_plan),
    "plan_edit": at(_plan, _title),
    "plan_close": at(_plan, _reason),
    "plan_reopen": at(lambda s: {"slug": s.closed_plan.slug}),
    "track_create": at(_plan, _title),
    "track_edit": at(lambda s: {"slug": s.plan.slug, "pk": s.track.pk}, _title),
    "track_move": at(lambda s: {"slug": s.plan.slug, "pk": s.closed_track.pk}, lambda s: {"direction": "up"}),
    "track_close": at(lambda s: {"slug": s.plan.slug, "pk": s.track.pk}, _reason),
    "track_reopen": at(lambda s: {"slug": s.plan.slug, "pk": s.closed_track.pk}),
    "item_create": at(lambda s: {"slug": s.plan.slug, "pk": s.track.pk}, lambda s: {"title": "Nyt", "owners": s.body.pk}),
    "item": at(_item),
    "item_edit": at(_item, lambda s: {"title": "Nye ord", "owners": s.body.pk, "track": s.track.pk}),
    "item_move": at(lambda s: {"slug": s.plan.slug, "number": s.later.number}, lambda s: {"direction": "up"}),
    "item_close": at(_item, _reason),
    "item_reopen": at(lambda s: {"slug": s.plan.slug, "number": s.closed_item.number}),
    "milestone_create": at(_item, lambda s: {"title": "Ny milepæl"}),
    "milestone_edit": at(lambda s: {**_item(s), "pk": s.milestone.pk}, lambda s: {"title": "Nye ord"}),
    "milestone_reach": at(lambda s: {**_item(s), "pk": s.milestone.pk}, lambda s: {"reached": "1"}),
    "link_create": at(_item, lambda s: {"target": f"goal:{s.goal.slug}", "reason": "Fordi."}),
    "link_remove": at(lambda s: {**_item(s), "pk": s.link.pk}, lambda s: {"removed_reason": "Fejl."}),
    "status_panel": at(_item, carried=True),
    "status_edit": at(_item, lambda s: {"state": "in_progress", "text": "Nye ord.", "opened_on": "1"}, carried=True),
    "status_read": at(_item, lambda s: {"text": "Udsat."}, carried=True, changes=False),
    "status_unchanged": at(_item, lambda s: {"opened_on": "1"}, carried=True),
    # Handing on
    "carry_over": at(_hand_over),
    "carry_over_start": at(_plan, lambda s: {"on": _day(50)}),
    "carry_over_choices": at(_hand_over, lambda s: {f"item-{s.old_item.pk}": s.heir.pk}),
    "carry_over_rest": at(_hand_over, lambda s: {"body": s.heir.pk}),
    "carry_over_item": at(
        lambda s: {**_hand_over(s), "number": s.old_item.number}, lambda s: {"outcome": "closed", "reason": "Slut."}
    ),
    "carry_over_summary": at(
        lambda s: {"slug": s.ready_plan.slug}, lambda s: {"kind": "handleplan", "seen": s.seen}
    ),
    "carry_over_cancel": at(_hand_over),
    # Files
    "plan_import_start": at(sent=_upload_fields),
    "plan_upload": at(lambda s: {"token": s.upload.token}),
    "plan_upload_again": at(lambda s: {"token": s.upload.token}, changes=False),
    "plan_import": at(_draft),
    "plan_import_row": at(_row),
    "plan_import_row_edit": at(_row, lambda s: {"revision": 1, "title": "Nye ord", "owners": s.body.slug, "state": "planned"}),
    "plan_import_row_seen": at(_row, lambda s: {"revision": 1}),
    "plan_import_row_drop": at(_row, lambda s: {"revision": 1, "drop": "1"}),
    "plan_import_vanished": at(
        lambda s: {"token": s.again.token, "key": s.item.key}, lambda s: {"revision": 1, "close": "on", "reason": "Udgået."}
    ),
    "plan_import_confirm": at(_draft, lambda s: {"revision": 1}),
    "plan_import_discard": at(_draft),
    # Meetings
    "meeting": at(_meeting),
    "meeting_create": at(sent=lambda s: {"body": s.body.pk, "day": _day(70)}),
    "meeting_year": at(sent=_year),
    "meeting_rules": at(lambda s: {"slug": s.body.slug}, lambda s: {"hand_in_days": 20, "dispatch_days": 9}),
    "meeting_edit": at(_meeting, lambda s: {"day": _day(31), "title": "Temamøde"}),
    "meeting_cancel": at(_meeting, lambda s: {"reason": "Aflyst."}),
    "meeting_decisions": at(lambda s: {"pk": s.held.pk}, lambda s: {f"b{s.item.pk}": "Tiltrådt.", f"b{s.item.pk}-opened": ""}),
    "meeting_unchanged": at(
        lambda s: {**_meeting_plan(s), "number": s.item.number}, lambda s: {"opened_on": "1"}, carried=True
    ),
    "status_grid": at(
        _meeting_plan,
        lambda s: {f"p{s.item.number}-text": "I gang nu.", f"p{s.item.number}-opened": "1"},
        carried=True,
    ),
    "status_grid_read": at(
        lambda s: {**_meeting_plan(s), "number": s.item.number},
        lambda s: {f"p{s.item.number}-text": "I gang."},
        carried=True,
        changes=False,
    ),
    "plan_freeze": at(_meeting_plan, lambda s: {"expected_version": "1"}),
    "plan_approve": at(_meeting_plan, lambda s: {"seen": gather(s.meeting, s.plan).fingerprint}),
    "snapshot": at(lambda s: {"pk": s.snapshot.pk}),
    "snapshot_list": at(_plan),
    "annex_text": at(lambda s: {"pk": s.snapshot.pk}),
    "annex_file": at(_annex),
    "annex_status": at(_annex),
    "annex_make": at(_annex),
    "letterhead": at(
        lambda s: {"slug": s.body.slug}, lambda s: {"file": SimpleUploadedFile("brev.docx", letter("Nyt"))}
    ),
    "letterhead_download": at(lambda s: {"slug": s.body.slug}),
    "letterhead_retire": at(lambda s: {"slug": s.body.slug}),
    # Initiatives, and what is one's own
    "initiative": at(lambda s: {"slug": s.initiative.slug}),
    "initiative_create": at(sent=_log),
    "initiative_edit": at(lambda s: {"slug": s.initiative.slug}, _initiative),
    "initiative_link_add": at(
        lambda s: {"slug": s.initiative.slug},
        lambda s: {"target": f"indicator:{Indicator.objects.all()[0].code}", "reason": "Fordi."},
    ),
    "initiative_link_remove": at(
        lambda s: {"slug": s.initiative.slug, "pk": s.initiative_link.pk}, lambda s: {"removed_reason": "Fejl."}
    ),
    "target_create": at(sent=_new_target),
    "target_edit": at(lambda s: {"pk": s.target.pk}, _target),
    "target_withdraw": at(lambda s: {"pk": s.target.pk}, lambda s: {"withdrawn_reason": "Fejl."}),
    "api-target-detail": at(lambda s: {"pk": s.target.pk}),
    "reminder_log": at(),
    "reminder_preview": at(),
    "reminder_resend": at(lambda s: {"pk": s.mail.pk}),
    # Bodies and the people in them
    "body": at(_body),
    "body_people": at(_body),
    "body_history": at(_body),
    "member_add": at(_body, lambda s: {"person": s.mail.recipient_id, "role": "reader", "valid_from": _day(1)}, changes=False),
    "member_dates": at(_role, lambda s: {"valid_from": _day(0), "valid_to": _day(20), "seen": stamp_of(s.membership)}),
    "member_end": at(_role, lambda s: {"last_day": _day(3), "seen": stamp_of(s.membership)}),
    "member_absence": at(
        lambda s: {**_body(s), "pk": s.colleague.pk},
        lambda s: {"first_day": _day(1), "last_day": _day(2), "deputy": s.somebody.pk},
        changes=False,
    ),
    "invitation_create": at(
        _body, lambda s: {"email": "en@example.dk", "role": "reader", "valid_from": _day(0), "language": "da"}
    ),
    "invitation_again": at(lambda s: {**_body(s), "pk": s.invitation.pk}),
    "invitation_withdraw": at(lambda s: {**_body(s), "pk": s.invitation.pk}),
    "invitation_link": at(lambda s: {"secret": s.secret}, linked=True, changes=False),
    "invitation_sign_in": at(lambda s: {"secret": s.secret}, linked=True, changes=False),
    "invitation_accept": at(lambda s: {"secret": s.secret}, linked=True),
    "absence_end": at(lambda s: {"pk": s.absence.pk}, both=True),
    "person": public(lambda w: {"pk": w.home.colleague.pk}),
    "person_data": public(lambda w: {"pk": w.home.colleague.pk}),
    "person_close": public(lambda w: {"pk": w.home.colleague.pk}, {"confirmed": "on"}),
    "person_reopen": public(lambda w: {"pk": w.home.colleague.pk}),
    "person_site_role": public(lambda w: {"pk": w.home.colleague.pk, "role": "steward"}, {"give": "1"}),
    # Who changed what
    "plan_history": at(_plan),
    "item_history": at(_item),
    "item_package": at(_item),
    "initiative_history": at(lambda s: {"slug": s.initiative.slug}),
    "meeting_history": at(_meeting),
    # Comments, and what one follows
    "item_comments": at(_item, lambda s: {"text": "Et ord."}),
    "initiative_comments": at(lambda s: {"slug": s.initiative.slug}, lambda s: {"text": "Et ord."}, coordinated=False),
    "item_comment_withdraw": at(lambda s: {**_item(s), "pk": s.comment.pk}, personal=True),
    "initiative_comment_withdraw": at(lambda s: {"slug": s.initiative.slug, "pk": s.remark.pk}, personal=True),
    "follow_goal": public(lambda w: {"slug": w.goal.slug}, {"follow": "1"}),
    "follow_area": public(lambda w: {"code": "082"}, {"follow": "1"}),
    "follow_plan": at(_plan, lambda s: {"follow": "1"}, changes=False),
    "follow_item": at(lambda s: {"plan__slug": s.plan.slug, "number": s.item.number}, lambda s: {"follow": "1"}, changes=False),
    "follow_initiative": at(lambda s: {"slug": s.initiative.slug}, lambda s: {"follow": "1"}, changes=False),
    "mention_open": at(lambda s: {"pk": s.mention.pk}, personal=True),
    # Calendars and links from mails
    "calendar_feed": at(lambda s: {"token": s.secret}, linked=True),
    "calendar_replace": at(lambda s: {"pk": s.feed.pk}, personal=True),
    "calendar_revoke": at(lambda s: {"pk": s.feed.pk}, personal=True),
    "meeting_file": at(_meeting),
    "item_deadline_file": at(_item),
    "answer": at(_answer, lambda s: {"answer": "uaendret", "opened_on": "1"}, linked=True, changes=False),
    "answer_read": at(_answer, lambda s: {"text": "I gang."}, linked=True, changes=False),
    "reminder_rules": at(_body, lambda s: {"tell_secretary_days": "9", "tell_chair_days": "20"}),
    "reminder_unsubscribe": at(_stop, linked=True),
    # Signing in: the links of mails are proved by what stands in them
    "account_reset_password_from_key": public(lambda w: {"uidb36": "1", "key": "set-password"}),
    "account_confirm_email": public(lambda w: {"key": "ukendt"}),
    "openid_connect_login": public(lambda w: {"provider_id": "ukendt"}),
    "openid_connect_callback": public(lambda w: {"provider_id": "ukendt"}),
    "mfa_remove_webauthn": public(lambda w: {"pk": 987654}),
    "mfa_edit_webauthn": public(lambda w: {"pk": 987654}),
}  # fmt: skip
