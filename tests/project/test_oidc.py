"""Signing in through a workplace, against a real provider in a process of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from initiatives.models import Body, Membership
from initiatives.sign_in_offers import offer_sign_in
from sundhedsaftale.models import ClaimedMembership, User
from tests.initiatives import small_world as small
from tests.oidc_server import CLIENT
from tests.oidc_world import Server, begin, onward, running_server, through

pytestmark = pytest.mark.django_db

PASSWORD = "fire ord i en raekke"
ROLES = {"claim": "groups", "map": {"klynge": [["midtklyngen", "secretary"]], "udvalg": [["udvalget", "reader"]]}}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(autouse=True)
def workplaces(server: Server, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    settings.OIDC_WORKPLACES = server.workplaces("alfa", "beta")
    server.says("alfa", sub="a-1", email="ny@example.org", name="Ny Sekretær")
    server.says("beta", sub="b-1", email="ny@example.org", name="Ny Sekretær")


@pytest.fixture
def by_claim(server: Server, settings: Any) -> None:
    """Both regions give roles by claim, and there are bodies to have roles in."""
    settings.OIDC_WORKPLACES = server.workplaces("alfa", "beta", roles=ROLES, contact="it@region.example")
    small.body("Midtklyngen", slug="midtklyngen")
    small.body("Udvalget", slug="udvalget")


@pytest.fixture
def person() -> User:
    return User.objects.create_user("person@example.org", PASSWORD, name="Sekretær")


def signed_in(client: Client) -> User | None:
    return User.objects.filter(pk=client.session.get("_auth_user_id")).first()


def bound(user: User, server: Server, issuer: str = "alfa", sub: str = "a-1") -> SocialAccount:
    return SocialAccount.objects.create(user=user, provider=issuer, uid=f"{server.url}/{issuer}#{sub}")


def roles_of(user: User, day: date | None = None) -> set[tuple[str, str]]:
    on = Membership.objects.valid_on(day or timezone.localdate()).filter(user=user)
    return set(on.values_list("body__slug", "role"))


# --- The page, and the way there --------------------------------------------------------------------------------------


def test_the_sign_in_page_has_a_button_for_each_workplace_and_none_without(client: Client, settings: Any) -> None:
    text = client.get("/konto/login/").content.decode()
    assert 'action="/konto/arbejdsplads/alfa/"' in text
    assert "Region Beta" in text
    settings.OIDC_WORKPLACES = {}
    assert "arbejdsplads" not in client.get("/konto/login/").content.decode()


def test_one_is_sent_off_with_all_that_must_be_sent(client: Client, server: Server) -> None:
    page = begin(client, "alfa")
    address = onward(page)
    assert address.startswith(f"{server.url}/alfa/authorize?")
    for part in ("code_challenge=", "code_challenge_method=S256", "nonce=", "state=", f"client_id={CLIENT}"):
        assert part in address
    assert (
        f'href="{address.replace("&", "&amp;")}"' in page.content.decode()
    )  # for those it does not go on for by itself
    assert "form-action 'self'" in page["Content-Security-Policy"]


def test_what_the_browser_adds_to_the_question_is_left_out(client: Client) -> None:
    address = onward(
        client.post("/konto/arbejdsplads/alfa/?scope=offline_access&auth_params=nonce%3Dmine%26prompt%3Dx")
    )
    assert "offline_access" not in address
    assert "prompt" not in address
    assert "nonce=mine" not in address


def test_following_a_link_sends_nobody_off(client: Client) -> None:
    page = client.get("/konto/arbejdsplads/alfa/")
    assert page.status_code == 200
    assert "Refresh" not in page.headers
    assert not Session.objects.exists()


@pytest.mark.parametrize("path", ["/konto/arbejdsplads/gamma/", "/konto/arbejdsplads/gamma/retur/"])
def test_a_workplace_that_is_not_configured_is_not_found(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


# --- Who is let in ----------------------------------------------------------------------------------------------------


def test_a_bound_account_is_opened(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    answer = through(client, server, "alfa")
    assert (answer.status_code, answer["Location"]) == (302, "/mine/")
    assert signed_in(client) == person
    assert client.get("/mine/").status_code == 200


def test_and_leads_back_to_where_one_came_from_on_this_site_alone(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    assert through(client, server, "alfa", next="/initiativer/nyt/")["Location"] == "/initiativer/nyt/"
    client.logout()
    assert through(client, server, "alfa", next="https://evil.example/")["Location"] == "/mine/"


def test_somebody_unknown_is_told_whom_to_ask_and_nothing_is_stored(
    client: Client, server: Server, settings: Any
) -> None:
    settings.CONTACT_EMAIL = "sekretariat@example.org"
    answer = through(client, server, "alfa")
    assert answer.status_code == 403
    assert "sekretariat@example.org" in answer.content.decode()
    assert signed_in(client) is None
    assert not User.objects.exists()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("verified", [True, False])
def test_an_address_opens_nothing(client: Client, server: Server, person: User, verified: bool) -> None:
    server.says("alfa", sub="stranger", email="person@example.org", email_verified=verified)
    assert through(client, server, "alfa").status_code == 403
    assert signed_in(client) is None
    assert not SocialAccount.objects.exists()


def test_the_same_subject_at_two_workplaces_is_two_people(server: Server, by_claim: None) -> None:
    server.says("alfa", sub="1", email="a@example.org", groups=["klynge"])
    server.says("beta", sub="1", email="b@example.org", groups=["klynge"])
    first, second = Client(), Client()
    through(first, server, "alfa")
    through(second, server, "beta")
    assert {signed_in(first).email, signed_in(second).email} == {"a@example.org", "b@example.org"}  # type: ignore[union-attr]
    assert SocialAccount.objects.count() == 2


def test_a_workplace_that_moves_to_another_issuer_opens_no_old_account(
    client: Client, server: Server, person: User, settings: Any
) -> None:
    """The id in the configuration stays, the issuer behind it is another: subjects there are other people."""
    bound(person, server)
    place = server.workplaces("beta")["beta"]
    settings.OIDC_WORKPLACES = {"alfa": type(place)(**{**place.__dict__, "id": "alfa"})}
    server.says("beta", sub="a-1", email="person@example.org")
    assert through(client, server, "alfa").status_code == 403
    assert signed_in(client) is None


def test_a_new_address_at_the_workplace_changes_nothing_here(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    User.objects.create_user("anden@example.org", PASSWORD)
    server.says("alfa", sub="a-1", email="anden@example.org", name="Nyt Navn")
    through(client, server, "alfa")
    assert signed_in(client) == person
    person.refresh_from_db()
    assert (person.email, person.name) == ("person@example.org", "Sekretær")


def test_a_closed_account_stays_closed(client: Client, server: Server, person: User, by_claim: None) -> None:
    bound(person, server)
    person.is_active = False
    person.save()
    server.says("alfa", sub="a-1", groups=["klynge"])
    answer = through(client, server, "alfa")
    assert answer["Location"] == "/konto/inactive/"
    assert signed_in(client) is None
    assert not Membership.objects.exists()


def test_a_second_step_is_asked_for_here_too(client: Client, server: Server, person: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    bound(person, server)
    TOTP.activate(person, generate_totp_secret())
    assert through(client, server, "alfa")["Location"] == "/konto/sikkerhed/trin-to/"
    assert signed_in(client) is None
    assert client.get("/konto/sikkerhed/trin-to/").status_code == 200


def test_no_more_is_kept_of_a_person_than_the_page_shows(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    server.says("alfa", sub="a-1", email="p@work.example", name="P", groups=["klynge"], phone_number="12345678")
    through(client, server, "alfa")
    assert set(SocialAccount.objects.get().extra_data) == {"iss", "sub", "email", "name"}


def test_a_session_from_the_workplace_lasts_a_working_day(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    through(client, server, "alfa")
    with time_machine.travel(timezone.now() + timedelta(hours=11)):
        assert client.get("/mine/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(hours=13)):
        assert client.get("/mine/").status_code == 302


# --- What is not believed ---------------------------------------------------------------------------------------------

NOT_BELIEVED = {
    "nonce": "nonce",
    "no nonce": "nonce",
    "other key": "signature",
    "unknown key": "key",
    "expired": "expired",
    "no expiry": "malformed",
    "audience": "audience",
    "several audiences": "audience",
    "authorized party": "audience",
    "issuer": "issuer",
    "no subject": "malformed",
    "unsigned": "algorithm",
    "our own secret": "algorithm",
    "half a token": "malformed",
    "no identity token": "no identity token",
    "discovery of another": "discovery names another issuer",
}


@pytest.mark.parametrize("fault", NOT_BELIEVED)
def test_what_cannot_be_trusted_signs_nobody_in(
    client: Client, server: Server, person: User, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    bound(person, server)
    where = onward(begin(client, "alfa"))  # before anything is wrong: some faults show on the way out already
    server.says("alfa", fault=fault)
    with caplog.at_level(logging.WARNING):
        answer = client.get(server.visit(where))
    assert answer.status_code == 401
    assert 'class="sa-header"' in answer.content.decode()
    assert signed_in(client) is None
    assert f"sign-in through alfa failed: {NOT_BELIEVED[fault]}" in caplog.text
    assert "eyJ" not in caplog.text  # no part of a token


def test_the_same_way_works_when_nothing_is_wrong(client: Client, server: Server, person: User) -> None:
    """So that the table above fails for its faults, and not for something they share."""
    bound(person, server)
    where = onward(begin(client, "alfa"))
    server.says("alfa", sub="a-1")
    client.get(server.visit(where))
    assert signed_in(client) == person


def test_a_state_that_is_not_ours_signs_nobody_in(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    back = server.visit(onward(begin(client, "alfa")))
    path, _, _question = back.partition("state=")
    assert client.get(path + "state=made-up").status_code == 401
    assert client.get("/konto/arbejdsplads/alfa/retur/").status_code == 401
    assert signed_in(client) is None


def test_a_way_back_belongs_to_the_browser_that_went(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    back = server.visit(onward(begin(client, "alfa")))
    other = Client()
    assert other.get(back).status_code == 401
    assert signed_in(other) is None
    assert client.get(back).status_code == 302
    client.logout()
    assert client.get(back).status_code == 401  # and is good for one time


def test_a_way_back_belongs_to_its_workplace(client: Client, server: Server, person: User) -> None:
    """A workplace that is not honest sends the answer to another one's address (mix-up)."""
    bound(person, server)
    back = server.visit(onward(begin(client, "beta")))
    assert client.get(back.replace("/beta/", "/alfa/")).status_code == 401
    assert signed_in(client) is None


def test_a_way_back_grows_old(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    back = server.visit(onward(begin(client, "alfa")))
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        assert client.get(back).status_code == 401


@pytest.mark.parametrize("fault", ["down", "discovery is a page", "discovery without keys", "discovery of another"])
def test_a_workplace_that_does_not_answer_is_a_sentence_and_no_crash(
    client: Client, server: Server, fault: str
) -> None:
    server.says("alfa", fault=fault)
    answer = begin(client, "alfa")
    assert answer.status_code == 401
    assert "Region Alfa" in answer.content.decode()


@pytest.mark.parametrize("fault", ["down", "token down", "keys down"])
def test_nor_when_it_falls_silent_on_the_way(client: Client, server: Server, person: User, fault: str) -> None:
    bound(person, server)
    back = server.visit(onward(begin(client, "alfa")))
    server.says("alfa", fault=fault)
    assert client.get(back).status_code == 401
    assert signed_in(client) is None


def test_nor_when_nobody_listens_at_its_address(client: Client, settings: Any) -> None:
    from tests.oidc_world import free_port

    settings.OIDC_WORKPLACES = Server(f"http://127.0.0.1:{free_port()}").workplaces("alfa")
    assert begin(client, "alfa").status_code == 401


def test_cancelling_there_is_said_here(client: Client, server: Server) -> None:
    server.says("alfa", fault="cancelled")
    answer = through(client, server, "alfa")
    assert answer["Location"] == "/konto/arbejdsplads/afbrudt/"
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("field", ["sub", "name", "email"])
def test_a_cpr_number_comes_no_further(client: Client, server: Server, person: User, field: str) -> None:
    number = "010188-1234" + ("@example.org" if field == "email" else "")
    claims = {"sub": "a-1", "name": "P", "email": "p@example.org", field: number}
    bound(person, server, sub=claims["sub"])
    server.says("alfa", **claims)
    answer = through(client, server, "alfa")
    assert answer.status_code == 401
    assert "010188" not in answer.content.decode()
    assert signed_in(client) is None
    assert SocialAccount.objects.get().extra_data == {}


def test_name_and_address_are_fetched_when_the_token_has_none(
    client: Client, server: Server, settings: Any, person: User
) -> None:
    settings.OIDC_WORKPLACES = server.workplaces("alfa", userinfo=True)
    bound(person, server)
    through(client, server, "alfa")
    assert signed_in(client) == person
    client.logout()
    where = onward(begin(client, "alfa"))
    server.says("alfa", fault="userinfo of another")
    assert client.get(server.visit(where)).status_code == 401
    assert signed_in(client) is None


# --- Connecting and disconnecting -------------------------------------------------------------------------------------


def confirm_password(client: Client) -> None:
    answer = client.post("/konto/reauthenticate/", {"password": PASSWORD})
    assert answer.status_code == 302


def test_somebody_signed_in_connects_after_writing_the_password_again(
    client: Client, server: Server, person: User
) -> None:
    client.force_login(person)
    asked = begin(client, "alfa", process="connect")
    assert asked["Location"].startswith("/konto/reauthenticate/?next=")
    went_on = client.post(asked["Location"], {"password": PASSWORD, "next": "/konto/arbejdsplads/alfa/"})
    answer = client.get(server.visit(onward(went_on)))
    assert answer["Location"] == "/konto/sikkerhed/"
    assert SocialAccount.objects.get().user == person
    assert "ny@example.org" in client.get("/konto/sikkerhed/").content.decode()
    other = Client()
    through(other, server, "alfa")
    assert signed_in(other) == person


def test_a_sign_in_that_is_somebody_elses_is_not_taken_over(client: Client, server: Server, person: User) -> None:
    owner = User.objects.create_user("ejer@example.org", PASSWORD)
    bound(owner, server)
    client.force_login(person)
    confirm_password(client)
    through(client, server, "alfa", process="connect")
    assert SocialAccount.objects.get().user == owner
    assert signed_in(client) == person


def test_nobody_connects_without_being_signed_in(client: Client) -> None:
    answer = begin(client, "alfa", process="connect")
    assert answer["Location"].startswith("/konto/login/")


def test_a_connection_is_taken_away_and_the_sign_in_opens_nothing_then(
    client: Client, server: Server, person: User
) -> None:
    account = bound(person, server)
    client.force_login(person)
    confirm_password(client)
    assert client.post("/konto/arbejdsplads/", {"account": account.pk})["Location"] == "/konto/sikkerhed/"
    assert not SocialAccount.objects.exists()
    assert through(Client(), server, "alfa").status_code == 403


def test_the_only_way_into_an_account_stays(client: Client, server: Server, by_claim: None) -> None:
    server.says("alfa", sub="1", email="a@example.org", groups=["klynge"])
    through(client, server, "alfa")
    account = SocialAccount.objects.get()
    client.post("/konto/arbejdsplads/", {"account": account.pk})
    assert SocialAccount.objects.exists()
    assert f'name="account" value="{account.pk}"' not in client.get("/konto/sikkerhed/").content.decode()


def test_nobody_disconnects_somebody_elses(client: Client, server: Server, person: User) -> None:
    account = bound(User.objects.create_user("ejer@example.org", PASSWORD), server)
    client.force_login(person)
    confirm_password(client)
    client.post("/konto/arbejdsplads/", {"account": account.pk})
    assert SocialAccount.objects.filter(pk=account.pk).exists()


# --- Invited ----------------------------------------------------------------------------------------------------------


def invite(client: Client, user: User, at: Any = None) -> None:
    session = client.session
    offer_sign_in(session, user_id=user.pk, now=at or timezone.now())
    session.save()
    client.cookies["sessionid"] = session.session_key


def test_somebody_invited_binds_the_sign_in_once(client: Client, server: Server) -> None:
    invited = User.objects.create_user("inviteret@example.org", None)
    invite(client, invited)
    through(client, server, "alfa")
    assert signed_in(client) == invited
    client.logout()
    server.says("alfa", sub="a-2", email="en-anden@example.org")
    assert through(client, server, "alfa").status_code == 403  # the invitation has been used


@pytest.mark.parametrize("why", ["too late", "closed"])
def test_an_invitation_that_is_over_binds_nothing(client: Client, server: Server, why: str) -> None:
    invited = User.objects.create_user("inviteret@example.org", None, is_active=why != "closed")
    invite(client, invited, at=timezone.now() - timedelta(hours=1 if why == "too late" else 0, seconds=1))
    assert through(client, server, "alfa").status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_invitation_never_takes_a_sign_in_that_has_an_account(client: Client, server: Server, person: User) -> None:
    bound(person, server)
    invite(client, User.objects.create_user("inviteret@example.org", None))
    through(client, server, "alfa")
    assert signed_in(client) == person
    assert SocialAccount.objects.get().user == person


# --- Roles by claim ---------------------------------------------------------------------------------------------------


def test_somebody_new_with_a_role_gets_an_account_of_their_own(client: Client, server: Server, by_claim: None) -> None:
    server.says("alfa", sub="a-1", email="Ny@Example.org", name="Ny Sekretær", groups=["klynge", "ukendt"])
    assert through(client, server, "alfa")["Location"] == "/mine/"
    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == ("ny@example.org", "Ny Sekretær", False)
    assert roles_of(user) == {("midtklyngen", "secretary")}
    assert Membership.objects.get().valid_from == timezone.localdate()


def test_one_text_will_do_for_a_claim_and_anything_else_gives_nothing(server: Server, by_claim: None) -> None:
    server.says("alfa", sub="1", email="a@example.org", groups="klynge")
    client = Client()
    through(client, server, "alfa")
    assert roles_of(User.objects.get()) == {("midtklyngen", "secretary")}
    for strange in ({"klynge": True}, 7, None, [["klynge"]]):
        server.says("alfa", sub="2", email="b@example.org", groups=strange)
        assert through(Client(), server, "alfa").status_code == 403


def test_somebody_new_without_a_role_gets_no_account(client: Client, server: Server, by_claim: None) -> None:
    answer = through(client, server, "alfa")
    assert answer.status_code == 403
    assert "it@region.example" in answer.content.decode()
    assert not User.objects.exists()


def test_an_address_that_is_taken_is_refused_with_whom_to_ask(
    client: Client, server: Server, person: User, by_claim: None
) -> None:
    server.says("alfa", sub="a-1", email="PERSON@example.org", groups=["klynge"])
    answer = through(client, server, "alfa")
    assert answer.status_code == 403
    assert "it@region.example" in answer.content.decode()
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()
    assert not Membership.objects.exists()
    assert signed_in(client) is None


def test_without_an_address_no_account_is_made(client: Client, server: Server, by_claim: None) -> None:
    server.says("alfa", sub="a-1", groups=["klynge"])
    assert through(client, server, "alfa").status_code == 403
    assert not User.objects.exists()


def arrive(server: Server, day: str, groups: list[str]) -> None:
    """Sign in on another day than today; the provider's clock is set to it too."""
    with time_machine.travel(f"{day} 10:00"):
        now = int(timezone.now().timestamp())
        server.says("alfa", sub="a-1", email="ny@example.org", groups=groups, iat=now, exp=now + 300)
        client = Client()
        through(client, server, "alfa")
        assert signed_in(client) is not None


def test_a_claim_that_goes_away_ends_the_membership_with_a_date(server: Server, by_claim: None) -> None:
    arrive(server, "2026-11-02", ["klynge", "udvalg"])
    arrive(server, "2026-11-20", ["udvalg"])
    user, ended = User.objects.get(), Membership.objects.get(role="secretary")
    assert (ended.valid_from, ended.valid_to) == (date(2026, 11, 2), date(2026, 11, 19))
    assert roles_of(user, date(2026, 11, 20)) == {("udvalget", "reader")}
    arrive(server, "2026-12-01", ["klynge"])
    assert roles_of(user, date(2026, 12, 1)) == {("midtklyngen", "secretary")}
    assert Membership.objects.count() == 3  # what was is still there


def test_given_taken_and_given_on_one_day(server: Server, by_claim: None) -> None:
    for groups, roles in (
        (["klynge"], {("midtklyngen", "secretary")}),
        ([], set()),
        (["klynge"], {("midtklyngen", "secretary")}),
        (["klynge"], {("midtklyngen", "secretary")}),
    ):
        server.says("alfa", sub="a-1", email="ny@example.org", groups=groups)
        client = Client()
        through(client, server, "alfa")
        assert signed_in(client) is not None
        assert roles_of(User.objects.get()) == roles
    assert Membership.objects.count() == 1


def test_what_a_person_gave_no_claim_takes(client: Client, server: Server, person: User, by_claim: None) -> None:
    membership = small.member(person, Body.objects.get(slug="midtklyngen"), role="chair")
    bound(person, server)
    server.says("alfa", sub="a-1", groups=["klynge"])
    through(client, server, "alfa")
    server.says("alfa", sub="a-1", groups=[])
    through(Client(), server, "alfa")
    assert roles_of(person) == {("midtklyngen", "chair")}
    assert not ClaimedMembership.objects.filter(membership=membership).exists()


def test_a_role_held_already_is_not_given_twice(client: Client, server: Server, person: User, by_claim: None) -> None:
    small.member(person, Body.objects.get(slug="midtklyngen"), role="secretary")
    bound(person, server)
    server.says("alfa", sub="a-1", groups=["klynge"])
    through(client, server, "alfa")
    assert Membership.objects.count() == 1


def test_a_sign_in_that_changes_nothing_leaves_the_kept_pages_alone(server: Server, by_claim: None) -> None:
    from indicators.actions.versions import current_version

    server.says("alfa", sub="a-1", email="ny@example.org", groups=["klynge"])
    through(Client(), server, "alfa")
    before = current_version()
    through(Client(), server, "alfa")
    assert current_version() == before


def test_a_body_that_is_not_there_is_logged_and_gives_nothing(
    server: Server, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    roles = {"claim": "groups", "map": {"x": [["findes-ikke", "reader"]]}}
    settings.OIDC_WORKPLACES = server.workplaces("alfa", roles=roles)
    server.says("alfa", sub="a-1", email="ny@example.org", groups=["x"])
    through(Client(), server, "alfa")
    assert "findes-ikke" in caplog.text
    assert not Membership.objects.exists()


def test_what_the_claims_gave_ends_with_the_connection(
    client: Client, server: Server, person: User, by_claim: None
) -> None:
    account = bound(person, server)
    server.says("alfa", sub="a-1", groups=["klynge"])
    through(client, server, "alfa")
    assert roles_of(person)
    confirm_password(client)
    client.post("/konto/arbejdsplads/", {"account": account.pk})
    assert not roles_of(person)
    assert Membership.objects.count() == 1


def test_an_account_of_the_workplace_never_gets_a_password(client: Client, server: Server, by_claim: None) -> None:
    """A mailbox or a password would open the account after the workplace has closed it."""
    from django.core import mail

    server.says("alfa", sub="a-1", email="ny@example.org", groups=["klynge"])
    through(client, server, "alfa")
    new = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.get("/konto/password/set/").status_code == 403
    assert client.post("/konto/password/set/", new).status_code == 403
    assert client.post("/konto/password/change/", {"oldpassword": "", **new}).status_code in {302, 403}
    assert Client().post("/konto/password/reset/", {"email": "ny@example.org"}).status_code == 302
    assert mail.outbox == []
    assert not User.objects.get().has_usable_password()
