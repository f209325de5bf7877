"""Sessions end when the account is closed, when the password is changed elsewhere, and when one says so."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client

from initiatives.actions.sessions import end_sessions
from sundhedsaftale.models import User

pytestmark = pytest.mark.django_db

PASSWORD, OTHER = "fire ord i en raekke", "et helt andet kodeord"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("person@example.org", PASSWORD)


def signed_in_as(user: User) -> Client:
    client = Client()
    client.post("/konto/login/", {"login": user.email, "password": PASSWORD})
    assert client.get("/mine/").status_code == 200
    return client


def is_in(client: Client) -> bool:
    return client.get("/mine/").status_code == 200


def test_the_next_request_of_a_closed_account_is_nobodys(person: User) -> None:
    client = signed_in_as(person)
    person.is_active = False
    person.save()
    assert not is_in(client)
    assert isinstance(client.get("/om/").context["request"].user, AnonymousUser)
    answer = client.post("/initiativer/nyt/", {"title": "x"})
    assert answer.status_code in {302, 403}


def test_a_closed_account_cannot_sign_in(person: User) -> None:
    person.is_active = False
    person.save()
    answer = Client().post("/konto/login/", {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == "/konto/inactive/"


def test_ending_sessions_ends_all_of_one_person_and_nobody_elses(person: User) -> None:
    here, there = signed_in_as(person), signed_in_as(person)
    colleague = signed_in_as(User.objects.create_user("kollega@example.org", PASSWORD))
    assert end_sessions(person) == 2
    assert (is_in(here), is_in(there), is_in(colleague)) == (False, False, True)
    assert Session.objects.count() == 1


def test_nothing_of_them_stays_in_the_cache(person: User) -> None:
    client = signed_in_as(person)
    key = "django.contrib.sessions.cached_db" + client.session.session_key
    assert cache.get(key) is not None
    end_sessions(person)
    assert cache.get(key) is None


def test_a_sign_in_that_waits_for_its_second_step_ends_too(person: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(person, generate_totp_secret())
    client = Client()
    answer = client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
    assert answer["Location"] == "/konto/sikkerhed/trin-to/"
    assert end_sessions(person) == 1
    assert client.get("/konto/sikkerhed/trin-to/")["Location"].startswith("/konto/login/")


def test_a_new_password_ends_the_sessions_on_other_devices(person: User) -> None:
    here, there = signed_in_as(person), signed_in_as(person)
    answer = here.post("/konto/password/change/", {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER})
    assert answer.status_code == 302
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_forgotten_password_chosen_anew_ends_them_too(person: User) -> None:
    from django.core import mail

    there = signed_in_as(person)
    client = Client()
    client.post("/konto/password/reset/", {"email": person.email})
    link = next(word for word in mail.outbox[0].body.split() if "/konto/password/reset/key/" in word)
    page = client.get(link[link.index("/konto/") :], follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": OTHER, "password2": OTHER})
    assert not is_in(there)


def test_one_press_signs_out_everywhere_else(person: User) -> None:
    here, there = signed_in_as(person), signed_in_as(person)
    assert here.get("/konto/sikkerhed/andre-enheder/").status_code == 405
    assert here.post("/konto/sikkerhed/andre-enheder/")["Location"] == "/konto/sikkerhed/"
    assert (is_in(here), is_in(there)) == (True, False)


def test_a_press_by_nobody_ends_nothing(person: User) -> None:
    there = signed_in_as(person)
    assert Client().post("/konto/sikkerhed/andre-enheder/")["Location"].startswith("/konto/login/")
    assert is_in(there)


def test_the_session_key_changes_when_one_signs_in(person: User) -> None:
    """A key somebody planted before is worth nothing afterwards."""
    client = Client()
    session = client.session
    session["x"] = 1
    session.save()
    planted = session.session_key
    client.cookies["sessionid"] = planted
    client.post("/konto/login/", {"login": person.email, "password": PASSWORD})
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not is_in(thief)
