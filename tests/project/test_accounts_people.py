"""Accounts: accepting an invitation, my profile, closing and reopening, the two roles of the site."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail as outbox
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.actions.delegations import register_absence
from initiatives.actions.invitation_mails import send_waiting_invitations
from initiatives.actions.invitations import InvitationGone, invite, withdraw_invitation
from initiatives.actions.sessions import end_sessions
from initiatives.models import CalendarFeed, Invitation, Membership, Role
from sundhedsaftale.actions.people import (
    close_person,
    grant_site_role,
    has_site_role,
    open_account,
    reopen_person,
    update_profile,
    withdraw_site_role,
)
from sundhedsaftale.models import AccountChange, AccountEvent, SiteRole, User
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

PASSWORD = "fire ord i en raekke"


class Scene:
    def __init__(self, client: Client) -> None:
        client.cookies["sprog"] = "en"
        self.client, self.now, self.today = client, timezone.now(), timezone.localdate()
        self.body = world.body("Sundhedsklynge Midt")
        self.secretary, self.person = world.user("sekretaer@example.dk"), world.user("person@example.dk")
        self.admin = world.user("admin@example.dk", is_superuser=True)
        world.member(self.secretary, self.body)

    def invited(self, email: str = "ny@kommune.dk", **more: Any) -> tuple[Invitation, str]:
        """The invitation and the secret in its mail."""
        facts = {"body": self.body, "role": Role.LEAD, "by": self.secretary, "valid_from": self.today, **more}
        made = invite(email=email, now=self.now, **facts)
        outbox.outbox.clear()
        assert send_waiting_invitations(now=timezone.now()) == 1
        found = re.search(r"/invitation/([\w-]+)/", outbox.outbox[0].body)
        assert found
        made.refresh_from_db()
        return made, found.group(1)

    def close(self, person: User | None = None, **more: Any) -> User:
        return close_person(person=person or self.person, by=self.admin, now=self.now, **more)

    def sign_in(self, who: User | None) -> None:
        self.client.logout()
        if who is not None:
            self.client.force_login(who)
        self.client.cookies["sprog"] = "en"


@pytest.fixture
def scene(client: Client) -> Scene:
    return Scene(client)


def new(**more: str) -> dict[str, str]:
    return {"name": "Anna Ny", "password": PASSWORD, "again": PASSWORD, **more}


# --- The link ---------------------------------------------------------------------------------------------------------


def test_looking_at_an_invitation_changes_nothing(scene: Scene) -> None:
    _made, secret = scene.invited()
    before = list(Invitation.objects.values())
    for who in (None, scene.person):
        scene.sign_in(who)
        answer = scene.client.get(reverse("invitation_link", args=[secret]))
        assert answer.status_code == 200
        assert "Sundhedsklynge Midt" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]
    assert list(Invitation.objects.values()) == before
    assert not Membership.objects.filter(role=Role.LEAD).exists()


def test_somebody_new_chooses_a_password_and_is_signed_in(scene: Scene) -> None:
    made, secret = scene.invited(name="Anna Ny", language="en")
    assert 'value="Anna Ny"' in scene.client.get(reverse("invitation_link", args=[secret])).content.decode()
    answer = scene.client.post(reverse("invitation_link", args=[secret]), new(name="  Anna   Nyere "))
    assert answer["Location"] == reverse("body", args=[scene.body.slug])
    person = User.objects.get(email="ny@kommune.dk")
    assert (person.name, person.language, person.check_password(PASSWORD)) == ("Anna Nyere", "en", True)
    assert scene.client.get(reverse("body_people", args=[scene.body.slug])).status_code == 200
    made.refresh_from_db()
    assert made.accepted_by == person
    assert [change.what for change in person.changes.all()] == [AccountEvent.OPENED]
    assert scene.client.get(reverse("invitation_link", args=[secret])).status_code == 410


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "Anna 010170-1234"},
        {"password": "kort", "again": "kort"},
        {"password": "ny@kommune.dk", "again": "ny@kommune.dk"},
        {"again": "noget andet end det"},
        {"password": "", "again": ""},
    ],
)
def test_an_account_that_cannot_be_opened_stores_nothing(scene: Scene, fields: dict[str, str]) -> None:
    made, secret = scene.invited()
    answer = scene.client.post(reverse("invitation_link", args=[secret]), new(**fields))
    assert answer.status_code == 422
    assert PASSWORD not in answer.content.decode()
    made.refresh_from_db()
    assert made.accepted_at is None
    assert not User.objects.filter(email="ny@kommune.dk").exists()


def test_somebody_with_an_account_signs_in_and_comes_back(scene: Scene) -> None:
    _made, secret = scene.invited(scene.person.email)
    page = scene.client.get(reverse("invitation_link", args=[secret])).content.decode()
    assert "There is an account with the address" in page
    assert 'name="password"' not in page
    to_sign_in = scene.client.post(reverse("invitation_sign_in", args=[secret]))
    assert secret not in to_sign_in["Location"]
    answer = scene.client.post(to_sign_in["Location"], {"login": scene.person.email, "password": "demo-demo-demo"})
    assert answer["Location"] == reverse("invitation_waiting")
    back = scene.client.get(answer["Location"])
    assert back.status_code == 200
    assert "person@example.dk" in back.content.decode()
    done = scene.client.post(reverse("invitation_accept", args=[secret]))
    assert done["Location"] == reverse("body", args=[scene.body.slug])
    assert Membership.objects.get(role=Role.LEAD).user == scene.person
    assert scene.client.get(reverse("invitation_waiting")).status_code == 404


def test_the_role_goes_to_whoever_is_signed_in_and_the_page_says_so(scene: Scene) -> None:
    _made, secret = scene.invited("privat@hjem.dk")
    scene.sign_in(scene.person)
    page = scene.client.get(reverse("invitation_link", args=[secret])).content.decode()
    assert "The mail went to privat@hjem.dk" in page
    scene.client.post(reverse("invitation_accept", args=[secret]))
    assert Membership.objects.get(role=Role.LEAD).user == scene.person
    assert not User.objects.filter(email="privat@hjem.dk").exists()


def test_nobody_accepts_without_being_signed_in(scene: Scene) -> None:
    made, secret = scene.invited()
    assert scene.client.post(reverse("invitation_accept", args=[secret])).status_code == 302
    made.refresh_from_db()
    assert made.accepted_at is None


def test_an_address_that_got_an_account_meanwhile_is_told(scene: Scene) -> None:
    _made, secret = scene.invited()
    world.user("ny@kommune.dk")
    answer = scene.client.post(reverse("invitation_link", args=[secret]), new())
    assert answer.status_code == 422
    assert "Sign in with it to accept" in answer.content.decode()
    assert User.objects.filter(email="ny@kommune.dk").count() == 1


@pytest.mark.parametrize("name", ["invitation_link", "invitation_accept", "invitation_sign_in"])
def test_links_nobody_knows(scene: Scene, name: str) -> None:
    scene.invited()
    scene.sign_in(scene.person)
    url = reverse(name, args=["opdigtet"])
    answer = scene.client.get(url) if name == "invitation_link" else scene.client.post(url)
    assert answer.status_code == 404
    assert "No invitation has that link" in answer.content.decode()


def test_a_withdrawn_invitation_says_so_and_opens_nothing(scene: Scene) -> None:
    made, secret = scene.invited()
    withdraw_invitation(invitation=made, by=scene.secretary, now=scene.now)
    answer = scene.client.post(reverse("invitation_link", args=[secret]), new())
    assert answer.status_code == 410
    assert "withdrawn" in answer.content.decode()
    with pytest.raises(InvitationGone):
        open_account(invitation=made, name="Anna", password=PASSWORD, now=scene.now)
    assert not User.objects.filter(email="ny@kommune.dk").exists()
    assert not AccountChange.objects.exists()


# --- My profile -------------------------------------------------------------------------------------------------------


def test_my_name_and_language(scene: Scene) -> None:
    scene.sign_in(scene.person)
    answer = scene.client.post(reverse("profile"), {"name": " Nyt  Navn ", "language": "en"})
    assert answer.status_code == 302
    scene.person.refresh_from_db()
    assert (scene.person.name, scene.person.language) == ("Nyt Navn", "en")
    said = {(change.what, change.before, change.after, change.by) for change in scene.person.changes.all()}
    assert said == {("renamed", "person", "Nyt Navn", scene.person), ("language", "da", "en", scene.person)}
    update_profile(person=scene.person, name="Nyt Navn", language="en", by=scene.person, now=scene.now)
    assert scene.person.changes.count() == 2


@pytest.mark.parametrize(
    ("name", "language"), [("", "da"), ("   ", "da"), ("Anna 010170-1234", "da"), ("n" * 121, "da"), ("Anna", "fr")]
)
def test_a_profile_that_cannot_be(scene: Scene, name: str, language: str) -> None:
    scene.sign_in(scene.person)
    assert scene.client.post(reverse("profile"), {"name": name, "language": language}).status_code == 422
    with pytest.raises(ValidationError):
        update_profile(person=scene.person, name=name, language=language, by=scene.person, now=scene.now)
    scene.person.refresh_from_db()
    assert (scene.person.name, scene.person.language) == ("person", "da")


def test_my_roles_and_my_absence(scene: Scene, django_assert_max_num_queries: Any) -> None:
    world.member(scene.person, scene.body, Role.CHAIR)
    world.member(scene.person, world.body("Forladt"), valid_to=scene.today - timedelta(days=1))
    facts = {"first_day": scene.today, "last_day": scene.today, "now": scene.now}
    register_absence(person=scene.person, deputy=scene.secretary, by=scene.person, **facts)
    scene.sign_in(scene.person)
    with django_assert_max_num_queries(12):
        page = scene.client.get(reverse("profile")).context["profile"]
    assert [(line.body, line.role) for line in page.roles] == [("Sundhedsklynge Midt", "Chair")]
    assert [line.body for line in page.former] == ["Forladt"]
    assert [bool(row.end_url) for row in page.absences] == [True]
    scene.sign_in(scene.secretary)
    page = scene.client.get(reverse("profile")).context["profile"]
    assert [bool(row.end_url) for row in page.duties] == [False]


def test_a_profile_is_ones_own_and_asks_who_one_is(scene: Scene) -> None:
    scene.sign_in(None)
    assert scene.client.get(reverse("profile")).status_code == 302
    assert scene.client.post(reverse("profile"), {"name": "X", "language": "da"}).status_code == 302


# --- The accounts of the site -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["nobody", "person", "secretary", "admin"])
def test_only_an_administrator_has_the_accounts(scene: Scene, who: str) -> None:
    scene.sign_in(getattr(scene, who, None))
    target = scene.secretary.pk
    for name, place in (("people", []), ("person", [target]), ("person_close", [target])):
        expected = {"nobody": 302, "admin": 200}.get(who, 403)
        assert scene.client.get(reverse(name, args=place)).status_code == expected, name
    for name, place in (
        ("person_close", [target]),
        ("person_reopen", [target]),
        ("person_site_role", [target, SiteRole.ADMINISTRATOR]),
    ):
        answer = scene.client.post(reverse(name, args=place), {"held": "0"})
        assert answer.status_code == (403 if who != "admin" else 422 if name == "person_close" else 302), name
    scene.secretary.refresh_from_db()
    assert scene.secretary.is_active
    assert scene.secretary.is_superuser == (who == "admin")


def test_searching_among_people(scene: Scene) -> None:
    scene.sign_in(scene.admin)

    def found(**asked: str) -> list[str]:
        page = scene.client.get(reverse("people"), asked).context["page"]
        return [line.name for line in page.lines]

    assert found() == ["admin", "person", "sekretaer"]
    assert found(q="PERSON@") == ["person"]
    assert found(q="klynge midt") == ["sekretaer"]
    assert found(q="ingen") == []
    assert found(q="x\0y") == []
    scene.close()
    assert found() == ["admin", "sekretaer"]
    assert found(vis="closed") == ["person"]
    assert found(vis="all", side="999") == ["admin", "person", "sekretaer"]


def test_the_list_and_the_page_ask_the_same_whatever_their_size(
    scene: Scene, django_assert_max_num_queries: Any
) -> None:
    plan = world.plan(scene.body)
    for _ in range(30):
        who = world.user()
        world.member(who, scene.body, Role.MEMBER)
        world.item(plan, coordinator=scene.person)
        update_profile(person=scene.person, name=f"Navn {who.pk}", language="da", by=who, now=scene.now)
    scene.sign_in(scene.admin)
    for url in (reverse("people"), reverse("person", args=[scene.person.pk])):
        with django_assert_max_num_queries(12, info=url):
            assert scene.client.get(url).status_code == 200


# --- Closing and reopening --------------------------------------------------------------------------------------------


def test_closing_ends_everything_and_keeps_the_words(scene: Scene) -> None:
    plan = world.plan(scene.body)
    item = world.item(plan, coordinator=scene.person)
    item.statuses.update(by=scene.person)
    world.member(scene.person, scene.body, Role.MEMBER)
    invitation, _secret = scene.invited(by=scene.person)
    CalendarFeed.objects.create(person=scene.person, token_hash="x", created_at=scene.now)
    facts = {"first_day": scene.today, "last_day": scene.today, "now": scene.now, "by": scene.person}
    register_absence(person=scene.secretary, deputy=scene.person, **facts)
    browser = Client()
    browser.force_login(scene.person)
    assert browser.get("/mine/").status_code == 200
    scene.sign_in(scene.admin)
    shown = scene.client.get(reverse("person_close", args=[scene.person.pk]))
    assert item.title in shown.content.decode()
    assert scene.client.post(reverse("person_close", args=[scene.person.pk]), {"x": "1"}).status_code == 302
    scene.person.refresh_from_db()
    assert (scene.person.is_active, scene.person.closed_on) == (False, scene.today)
    assert browser.get("/mine/").status_code == 302
    assert not browser.login(username="person@example.dk", password="demo-demo-demo")
    assert Membership.objects.get(user=scene.person).valid_to == scene.today
    assert CalendarFeed.objects.get().revoked_at is not None
    assert scene.secretary.delegations.get().ended_by == scene.admin
    invitation.refresh_from_db()
    assert invitation.withdrawn_at is None
    item.refresh_from_db()
    assert item.coordinator == scene.person
    assert item.statuses.get().by == scene.person
    assert scene.person.changes.get().what == AccountEvent.CLOSED


def test_bodies_left_without_a_secretary_are_asked_about(scene: Scene) -> None:
    scene.sign_in(scene.admin)
    url = reverse("person_close", args=[scene.secretary.pk])
    assert "Sundhedsklynge Midt" in scene.client.get(url).content.decode()
    assert scene.client.post(url, {"x": "1"}).status_code == 422
    scene.secretary.refresh_from_db()
    assert scene.secretary.is_active
    assert scene.client.post(url, {"confirmed": "on"}).status_code == 302
    scene.secretary.refresh_from_db()
    assert not scene.secretary.is_active


def test_reopening_gives_the_sign_in_and_not_a_role_even_the_same_day(scene: Scene) -> None:
    world.member(scene.person, scene.body, Role.MEMBER, valid_from=scene.today)
    world.member(scene.person, scene.body, Role.CHAIR, valid_from=scene.today + timedelta(days=3))
    grant_site_role(person=scene.person, role=SiteRole.STEWARD, by=scene.admin, now=scene.now)
    scene.close()
    reopen_person(person=scene.person, by=scene.admin, now=scene.now)
    scene.person.refresh_from_db()
    assert (scene.person.is_active, scene.person.closed_on) == (True, None)
    for number in range(6):
        day = scene.today + timedelta(days=number)
        assert not Membership.objects.valid_on(day).filter(user=scene.person).exists()
    assert not has_site_role(scene.person, SiteRole.STEWARD)
    assert Client().login(username="person@example.dk", password="demo-demo-demo")


def test_what_cannot_be_closed_or_reopened(scene: Scene) -> None:
    with pytest.raises(ValidationError):
        scene.close(scene.admin)  # oneself
    with pytest.raises(ValidationError):
        reopen_person(person=scene.person, by=scene.admin, now=scene.now)
    scene.close()
    with pytest.raises(ValidationError):
        scene.close()
    with pytest.raises(ValidationError):
        grant_site_role(person=scene.person, role=SiteRole.STEWARD, by=scene.admin, now=scene.now)


# --- The two roles of the site ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", SiteRole.values)
def test_site_roles_are_given_and_withdrawn_and_noted(scene: Scene, role: str) -> None:
    scene.sign_in(scene.admin)
    url = reverse("person_site_role", args=[scene.person.pk, role])
    scene.client.post(url, {"held": "0"})
    scene.client.post(url, {"held": "0"})  # pressed twice
    person = User.objects.get(pk=scene.person.pk)
    assert has_site_role(person, role)
    assert person.has_perm("sundhedsaftale.steward_data")
    scene.client.post(url, {"held": "1"})
    person = User.objects.get(pk=scene.person.pk)
    assert not has_site_role(person, role)
    assert [(change.what, change.by) for change in person.changes.all()] == [
        (AccountEvent.WITHDRAWN, scene.admin),
        (AccountEvent.GRANTED, scene.admin),
    ]
    text = scene.client.get(reverse("person", args=[scene.person.pk])).content.decode()
    assert "Site role withdrawn" in text


def test_a_role_nobody_knows_is_no_page(scene: Scene) -> None:
    scene.sign_in(scene.admin)
    assert scene.client.post(reverse("person_site_role", args=[scene.person.pk, "konge"])).status_code == 404


def test_the_site_keeps_an_administrator(scene: Scene) -> None:
    for by in (scene.admin, scene.secretary):
        with pytest.raises(ValidationError):
            withdraw_site_role(person=scene.admin, role=SiteRole.ADMINISTRATOR, by=by, now=scene.now)
    grant_site_role(person=scene.person, role=SiteRole.ADMINISTRATOR, by=scene.admin, now=scene.now)
    assert withdraw_site_role(person=scene.admin, role=SiteRole.ADMINISTRATOR, by=scene.person, now=scene.now)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("__import__('django.db').db.connection.vendor == 'sqlite'", reason="needs two writers at once")
def test_of_two_administrators_who_close_each_other_one_stays(scene: Scene) -> None:
    other = world.user("anden@example.dk", is_superuser=True)
    told: list[Exception] = []

    def close(person: User, by: User) -> None:
        try:
            close_person(person=person, by=by, now=scene.now)
        except Exception as error:
            told.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=close, args=pair) for pair in ((scene.admin, other), (other, scene.admin))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1


def test_sessions_end_in_the_cache_as_well(scene: Scene) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(scene.person)
        assert browser.get("/mine/").status_code == 200
    scene.sign_in(scene.admin)
    assert end_sessions(user=scene.person) == 2
    assert [browser.get("/mine/").status_code for browser in browsers] == [302, 302]
    assert scene.client.get("/mine/").status_code == 200


def test_the_first_administrator_is_made_on_the_server(db: None) -> None:
    call_command("createsuperuser", interactive=False, email="Drift@Example.dk", stdout=StringIO())
    made = User.objects.get()
    assert (made.email, made.is_superuser, made.has_usable_password()) == ("drift@example.dk", True, False)
