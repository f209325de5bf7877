"""The pages of a body and of who is in it: who may open them, what they show, and what pressing does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError

from initiatives import tasks
from initiatives.actions.delegations import register_absence
from initiatives.actions.invitations import invite
from initiatives.models import BodySuccession, Delegation, Invitation, InvitationMail, Membership, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db


class Scene:
    """A body with somebody in every role, another body's secretary, an administrator, and somebody with no role."""

    def __init__(self, client: Client) -> None:
        client.cookies["sprog"] = "en"
        self.client, self.today = client, timezone.localdate()
        self.body, self.other = world.body("Sundhedsklynge Midt"), world.body("Fremmed")
        self.people = {role: world.user(f"{role}@example.dk") for role in Role.values}
        self.roles = {role: world.member(who, self.body, role) for role, who in self.people.items()}
        self.people |= {
            "former": world.user("former@example.dk"),
            "foreign": world.user("foreign@example.dk"),
            "nobody": world.user("nobody@example.dk"),
            "admin": world.user("admin@example.dk", is_superuser=True),
        }
        world.member(self.people["former"], self.body, valid_to=self.today - timedelta(days=1))
        world.member(self.people["foreign"], self.other)
        self.secretary = self.people[Role.SECRETARY]
        self.invitation = invite(
            body=self.body, role=Role.LEAD, email="ny@kommune.dk", by=self.secretary, valid_from=self.today,
            now=timezone.now(),
        )  # fmt: skip

    def url(self, name: str, *more: Any) -> str:
        return reverse(name, args=[self.body.slug, *more])

    def sign_in(self, who: str | None) -> None:
        self.client.logout()
        if who:
            self.client.force_login(self.people[who])
        self.client.cookies["sprog"] = "en"

    def post(self, page: str, /, *place: Any, **fields: Any) -> Any:
        return self.client.post(self.url(page, *place), {key: str(value) for key, value in fields.items()})


@pytest.fixture
def scene(client: Client, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(client)
    made.asked = []  # type: ignore[attr-defined]
    monkeypatch.setattr(tasks.send_invitations, "delay_on_commit", lambda: made.asked.append(1))  # type: ignore[attr-defined]
    return made


EVERYBODY = (*Role.values, "former", "foreign", "nobody", "admin", None)
READS = {*Role.values, "admin"}
MANAGES = {Role.SECRETARY.value, "admin"}


# --- Who may ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_who_reads_and_who_changes(scene: Scene, who: str | None) -> None:
    role, person = scene.roles[Role.MEMBER], scene.people[Role.MEMBER]
    scene.sign_in(who)
    assert scene.client.get(scene.url("body")).status_code == 200
    shown = scene.client.get(scene.url("body_people"))
    assert shown.status_code == (302 if who is None else 200 if who in READS else 403)
    forms = [("member_add",), ("member_dates", role.pk), ("member_end", role.pk), ("member_absence", person.pk)]
    for name, *place in (*forms, ("invitation_create",)):
        opened = scene.client.get(scene.url(name, *place))
        assert opened.status_code == (302 if who is None else 200 if who in MANAGES else 403), name
        posted = scene.post(name, *place, nonsense=1)
        assert posted.status_code == (422 if who in MANAGES else 403), name
    for name in ("invitation_again", "invitation_withdraw"):
        answered = scene.client.post(scene.url(name, scene.invitation.pk))
        assert answered.status_code == (302 if who in MANAGES else 403), name
    changed = Invitation.objects.get()
    assert (changed.withdrawn_at is not None) == (who in MANAGES)


@pytest.mark.parametrize("who", EVERYBODY)
def test_only_they_the_secretariat_and_an_administrator_end_an_absence(scene: Scene, who: str | None) -> None:
    absent, deputy = scene.people[Role.MEMBER], scene.people[Role.READER]
    day, now = scene.today, timezone.now()
    facts = {"person": absent, "deputy": deputy, "first_day": day, "last_day": day, "by": absent, "now": now}
    delegation = register_absence(body=scene.body, **facts)
    scene.sign_in(who)
    answer = scene.client.post(reverse("absence_end", args=[delegation.pk]))
    may = who in {*MANAGES, Role.MEMBER.value}
    assert answer.status_code == (302 if may or who is None else 403)  # a visitor is asked to sign in
    delegation.refresh_from_db()
    assert (delegation.ended_at is not None) == may


def test_an_absence_from_every_body_is_not_a_secretarys_to_end(scene: Scene) -> None:
    absent, deputy = scene.people[Role.MEMBER], scene.people[Role.READER]
    day, now = scene.today, timezone.now()
    delegation = register_absence(person=absent, deputy=deputy, first_day=day, last_day=day, by=absent, now=now)
    scene.sign_in(Role.SECRETARY)
    assert scene.client.post(reverse("absence_end", args=[delegation.pk])).status_code == 403


def test_nobody_reaches_into_another_body_through_ones_own(scene: Scene) -> None:
    scene.sign_in("foreign")
    for name, pk in (
        ("member_dates", scene.roles[Role.MEMBER].pk),
        ("member_end", scene.roles[Role.MEMBER].pk),
        ("member_absence", scene.people[Role.MEMBER].pk),
    ):
        assert scene.client.get(reverse(name, args=[scene.other.slug, pk])).status_code == 404
    for name in ("invitation_again", "invitation_withdraw"):
        assert scene.client.post(reverse(name, args=[scene.other.slug, scene.invitation.pk])).status_code == 404


def test_a_deputy_for_the_secretary_has_the_pages_meanwhile(scene: Scene) -> None:
    scene.sign_in(Role.READER)
    assert scene.client.get(scene.url("member_add")).status_code == 403
    day, now = scene.today, timezone.now()
    register_absence(
        person=scene.secretary, deputy=scene.people[Role.READER], first_day=day, last_day=day, by=scene.secretary, now=now
    )  # fmt: skip
    assert scene.client.get(scene.url("member_add")).status_code == 200


# --- What is shown ----------------------------------------------------------------------------------------------------


def test_addresses_and_invitations_are_for_those_who_give_roles(scene: Scene) -> None:
    scene.sign_in(Role.READER)
    text = scene.client.get(scene.url("body_people")).content.decode()
    assert "member" in text
    assert "@example.dk" not in text
    assert "ny@kommune.dk" not in text
    scene.sign_in(Role.SECRETARY)
    text = scene.client.get(scene.url("body_people")).content.decode()
    assert "member@example.dk" in text
    assert "ny@kommune.dk" in text


def test_the_page_of_a_body_holds_nobodys_name_and_may_be_kept(scene: Scene) -> None:
    text = scene.client.get(scene.url("body")).content.decode()
    assert "Sundhedsklynge Midt" in text
    assert not any(str(person) + "<" in text for person in scene.people.values())
    assert scene.url("body_people") not in text
    scene.sign_in(Role.MEMBER)
    answer = scene.client.get(scene.url("body_people"))
    assert "no-store" in answer["Cache-Control"]


def test_now_later_formerly(scene: Scene) -> None:
    later = world.member(scene.people["nobody"], scene.body, Role.CHAIR, valid_from=scene.today + timedelta(days=1))
    off = world.member(
        scene.people["foreign"], scene.body, valid_from=scene.today + timedelta(days=9), valid_to=scene.today
    )
    scene.sign_in(Role.SECRETARY)
    page = scene.client.get(scene.url("body_people")).context["page"]
    assert [row.who for row in page.now] == list(Role.values)
    assert [row.who for row in page.later] == [str(later.user)]
    assert {row.who: row.dates for row in page.formerly}[str(off.user)] == "Called off before it began"
    assert {row.who for row in page.formerly} == {"former", "foreign"}
    assert page.warning == ""


def test_a_body_without_a_secretary_says_so(scene: Scene) -> None:
    scene.roles[Role.SECRETARY].delete()
    scene.sign_in("admin")
    assert scene.client.get(scene.url("body_people")).context["page"].warning
    scene.body.valid_to = scene.today - timedelta(days=1)
    scene.body.save()
    assert not scene.client.get(scene.url("body_people")).context["page"].warning


def test_what_became_of_the_mail_is_shown(scene: Scene) -> None:
    scene.sign_in(Role.SECRETARY)
    for state, word in (
        (InvitationMail.UNCERTAIN, "Nobody knows whether"),
        (InvitationMail.REFUSED, "SMTPDataError 554"),
        (InvitationMail.SENT, "Sent, good until"),
    ):
        Invitation.objects.update(mail_state=state, mail_error="SMTPDataError 554")
        assert word in scene.client.get(scene.url("body_people")).content.decode()
    Invitation.objects.update(expires_at=timezone.now())
    assert "Ran out on" in scene.client.get(scene.url("body_people")).content.decode()


def test_before_and_after_a_body(scene: Scene) -> None:
    BodySuccession.objects.create(predecessor=scene.body, successor=scene.other, on=scene.today)
    page = scene.client.get(scene.url("body")).context["page"]
    assert [one.name for one in page.successors] == ["Fremmed"]
    other = scene.client.get(reverse("body", args=[scene.other.slug])).context["page"]
    assert [one.name for one in other.predecessors] == ["Sundhedsklynge Midt"]


@pytest.mark.parametrize("first", [None, -5, 5])
@pytest.mark.parametrize("last", [None, -3, 9])
def test_every_body_says_when_it_is(scene: Scene, first: int | None, last: int | None) -> None:
    days = [scene.today + timedelta(days=number) if number is not None else None for number in (first, last)]
    if None not in days and days[0] > days[1]:  # type: ignore[operator]
        return
    scene.body.valid_from, scene.body.valid_to = days
    scene.body.save()
    assert scene.client.get(scene.url("body")).context["page"].answer.startswith("It ")


@pytest.mark.parametrize("name", ["body", "body_people"])
def test_questions_do_not_grow_with_people(scene: Scene, name: str, django_assert_max_num_queries: Any) -> None:
    day, now = scene.today, timezone.now()
    for number in range(25):
        who = world.user()
        world.member(who, scene.body, Role.MEMBER)
        facts = {"person": who, "deputy": scene.secretary, "by": who, "now": now}
        register_absence(first_day=day, last_day=day, **facts)
        invite(
            body=scene.body,
            role=Role.READER,
            email=f"n{number}@kommune.dk",
            by=scene.secretary,
            valid_from=day,
            now=now,
        )
        world.plan(scene.body)
    scene.sign_in(Role.SECRETARY)
    with django_assert_max_num_queries(12):
        assert scene.client.get(scene.url(name)).status_code == 200


# --- What pressing does -----------------------------------------------------------------------------------------------


def test_adding_somebody_one_knows(scene: Scene) -> None:
    shared = world.body("Fælles")
    world.member(scene.secretary, shared, Role.READER)
    colleague = world.user("kollega@example.dk")
    world.member(colleague, shared)
    scene.sign_in(Role.SECRETARY)
    form = scene.client.get(scene.url("member_add")).context["form"]
    offered = set(form.fields["user"].queryset)
    assert colleague in offered
    assert scene.people["foreign"] not in offered
    answer = scene.post("member_add", user=colleague.pk, role=Role.CHAIR, valid_from=scene.today, valid_to="")
    assert answer["Location"] == scene.url("body_people")
    assert Membership.objects.filter(user=colleague, body=scene.body, role=Role.CHAIR).exists()
    stranger = scene.post("member_add", user=scene.people["foreign"].pk, role=Role.CHAIR, valid_from=scene.today)
    assert stranger.status_code == 422


def test_the_question_is_put_when_the_last_secretary_is_ended(scene: Scene) -> None:
    role = scene.roles[Role.SECRETARY]
    scene.sign_in("admin")
    seen = scene.client.get(scene.url("member_end", role.pk)).context["form"].initial["seen"]
    assert "confirmed" not in scene.client.get(scene.url("member_end", role.pk)).content.decode()
    fields = {"last_day": scene.today, "seen": seen}
    asked = scene.post("member_end", role.pk, **fields)
    assert asked.status_code == 422
    assert 'name="confirmed"' in asked.content.decode()
    assert scene.post("member_end", role.pk, **fields, confirmed="on").status_code == 302
    role.refresh_from_db()
    assert role.valid_to == scene.today


def test_the_last_secretary_is_told_to_name_another(scene: Scene) -> None:
    role = scene.roles[Role.SECRETARY]
    scene.sign_in(Role.SECRETARY)
    answer = scene.post("member_end", role.pk, last_day=scene.today, seen="/", confirmed="on")
    assert answer.status_code == 422
    assert "You are the last secretary" in answer.content.decode()
    role.refresh_from_db()
    assert role.valid_to is None


def test_two_secretaries_at_once_are_told(scene: Scene) -> None:
    role = scene.roles[Role.MEMBER]
    scene.sign_in(Role.SECRETARY)
    seen = scene.client.get(scene.url("member_dates", role.pk)).context["form"].initial["seen"]
    first, second = scene.today + timedelta(days=3), scene.today + timedelta(days=9)
    assert scene.post("member_dates", role.pk, valid_from="", valid_to=first, seen=seen).status_code == 302
    told = scene.post("member_dates", role.pk, valid_from="", valid_to=second, seen=seen)
    assert told.status_code == 422
    assert "Somebody changed the role" in told.content.decode()
    assert second.isoformat() in told.content.decode()  # what was typed stands
    role.refresh_from_db()
    assert role.valid_to == first
    again = told.context["form"].data["seen"]
    assert scene.post("member_dates", role.pk, valid_from="", valid_to=second, seen=again).status_code == 302


def test_inviting_asks_for_the_mail_and_keeps_what_was_typed_when_refused(scene: Scene) -> None:
    scene.sign_in(Role.SECRETARY)
    fields = {"email": "to@kommune.dk", "role": Role.READER, "valid_from": scene.today, "language": "da"}
    assert scene.post("invitation_create", **fields).status_code == 302
    assert scene.asked == [1]  # type: ignore[attr-defined]
    refused = scene.post("invitation_create", **{**fields, "name": "010170-1234", "email": "tre@kommune.dk"})
    assert refused.status_code == 422
    assert "tre@kommune.dk" in refused.content.decode()
    assert scene.asked == [1]  # type: ignore[attr-defined]
    assert Invitation.objects.count() == 2


def test_a_queue_that_does_not_answer_keeps_the_invitation(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.send_invitations, "delay_on_commit", fail)
    scene.sign_in(Role.SECRETARY)
    fields = {"email": "to@kommune.dk", "role": Role.READER, "valid_from": scene.today, "language": "da"}
    answer = scene.client.post(scene.url("invitation_create"), fields, follow=True)
    assert "The queue does not answer" in answer.content.decode()
    assert Invitation.objects.filter(email="to@kommune.dk", mail_state=InvitationMail.WAITING).exists()


def test_sending_again_and_withdrawing_answer_once(scene: Scene) -> None:
    scene.sign_in(Role.SECRETARY)
    place = [scene.invitation.pk]
    assert scene.post("invitation_again", *place).status_code == 302
    assert scene.asked == [1]  # type: ignore[attr-defined]
    scene.post("invitation_withdraw", *place)
    late = scene.client.post(scene.url("invitation_again", *place), follow=True)
    assert "Nothing was sent" in late.content.decode()
    assert scene.asked == [1]  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", ["invitation_again", "invitation_withdraw"])
def test_looking_changes_nothing(scene: Scene, name: str) -> None:
    scene.sign_in(Role.SECRETARY)
    assert scene.client.get(scene.url(name, scene.invitation.pk)).status_code == 405


def test_my_own_absence(scene: Scene) -> None:
    scene.sign_in(Role.LEAD)
    form = scene.client.get(reverse("absence_create")).context["form"]
    assert scene.people[Role.LEAD] not in form.fields["deputy"].queryset
    assert "@" not in str(form["deputy"])
    day = scene.today.isoformat()
    fields = {"first_day": day, "last_day": day, "deputy": scene.people[Role.MEMBER].pk, "body": ""}
    assert scene.client.post(reverse("absence_create"), fields)["Location"] == reverse("profile")
    delegation = Delegation.objects.get()
    assert (delegation.person, delegation.by, delegation.body) == (
        scene.people[Role.LEAD],
        scene.people[Role.LEAD],
        None,
    )
    again = scene.client.post(reverse("absence_create"), fields)
    assert again.status_code == 422
    assert "already" in again.content.decode()


def test_a_secretary_registers_it_for_their_body_alone(scene: Scene) -> None:
    scene.sign_in(Role.SECRETARY)
    day = scene.today
    fields = {"first_day": day, "last_day": day, "deputy": scene.people[Role.MEMBER].pk}
    assert scene.post("member_absence", scene.people[Role.LEAD].pk, **fields).status_code == 302
    delegation = Delegation.objects.get()
    assert (delegation.body, delegation.by) == (scene.body, scene.secretary)
    assert "Away until" in scene.client.get(scene.url("body_people")).content.decode()


def test_a_deputy_who_goes_away_is_told_of_what_they_took_on(scene: Scene) -> None:
    day, now, lead = scene.today, timezone.now(), scene.people[Role.LEAD]
    register_absence(
        person=scene.secretary, deputy=lead, first_day=day, last_day=day, by=scene.secretary, now=now
    )  # fmt: skip
    scene.sign_in(Role.LEAD)
    fields = {"first_day": day.isoformat(), "last_day": day.isoformat(), "deputy": scene.people[Role.MEMBER].pk}
    text = scene.client.post(reverse("absence_create"), fields, follow=True).content.decode()
    assert "Nobody takes that over" in text


def test_coming_back_from_ending_an_absence_stays_on_the_site(scene: Scene) -> None:
    day, now, lead = scene.today, timezone.now(), scene.people[Role.LEAD]
    facts = {"person": lead, "deputy": scene.secretary, "first_day": day, "last_day": day, "by": lead, "now": now}
    delegation = register_absence(**facts)
    scene.sign_in(Role.LEAD)
    answer = scene.client.post(reverse("absence_end", args=[delegation.pk]), {"next": "https://evil.example/"})
    assert answer["Location"] == reverse("profile")
