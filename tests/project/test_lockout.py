"""Who guesses is locked out; a town hall behind one address, and the owner of the account, are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils import timezone

from sundhedsaftale.accounts import DEVICE_COOKIE
from sundhedsaftale.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "fire ord i en raekke"
TOWN_HALL, HOME = "192.0.2.7", "198.51.100.4"
TRIES = 5  # for one account from one source
EVERYWHERE = 100  # for one account from all addresses


@pytest.fixture(autouse=True)
def owner() -> User:
    return User.objects.create_user("ejer@example.org", PASSWORD)


def attempt(
    password: str = "forkert",
    *,
    address: str = TOWN_HALL,
    login: str = "ejer@example.org",
    client: Any = None,
    **more: Any,
) -> bool:
    """Whether the door opened."""
    answer = (client or Client()).post(
        "/konto/login/", {"login": login, "password": password}, REMOTE_ADDR=address, **more
    )
    assert answer.status_code in {200, 302}, answer.status_code
    return bool(answer.status_code == 302)


def locked(**where: Any) -> bool:
    """Even the right password does not open it."""
    return not attempt(PASSWORD, **where)


@pytest.mark.slow
def test_an_account_under_attack_is_locked_where_the_attack_comes_from() -> None:
    for _ in range(TRIES):
        assert not attempt()
    assert locked()
    page = Client().post("/konto/login/", {"login": "ejer@example.org", "password": PASSWORD}, REMOTE_ADDR=TOWN_HALL)
    assert "Wait a quarter of an hour" in page.content.decode() or "Vent et kvarter" in page.content.decode()


def test_four_mistakes_are_no_attack() -> None:
    for _ in range(TRIES - 1):
        attempt()
    assert attempt(PASSWORD)


def test_the_owner_signs_in_from_elsewhere() -> None:
    for _ in range(TRIES * 3):
        attempt()
    assert locked()
    assert not locked(address=HOME)


def test_the_owner_signs_in_beside_the_attacker_from_a_device_that_is_known() -> None:
    own = Client()
    assert attempt(PASSWORD, client=own)
    own.post("/konto/logout/")
    for _ in range(TRIES * 3):
        attempt()
    assert locked()
    assert attempt(PASSWORD, client=own)


@pytest.mark.slow
def test_a_whole_town_hall_is_never_locked() -> None:
    """A hundred wrong passwords in a minute from one address, over twenty accounts; then a colleague comes."""
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(20):
            for _ in range(TRIES):
                attempt(login=f"kollega{number}@example.org")
        assert attempt(PASSWORD)


@pytest.mark.slow
def test_sixty_colleagues_sign_in_in_one_minute_from_one_address() -> None:
    with time_machine.travel(timezone.now(), tick=False):
        for number in range(60):
            User.objects.create_user(f"kollega{number}@example.org", PASSWORD)
            assert attempt(PASSWORD, login=f"kollega{number}@example.org")


@pytest.mark.slow
def test_guesses_from_many_addresses_are_counted_together() -> None:
    own = Client()
    assert attempt(PASSWORD, client=own, address=HOME)
    own.post("/konto/logout/")
    for number in range(EVERYWHERE):
        assert not attempt(address=f"203.0.{number // 200}.{number % 200 + 1}")
    assert locked(address="203.0.113.250")  # an address that has not tried yet
    assert attempt(PASSWORD, client=own, address=HOME)  # the owner's own device is let in all the same
    assert attempt(PASSWORD, client=own, address="203.0.113.251")  # wherever it is
    with time_machine.travel(timezone.now() + timedelta(hours=1, seconds=1)):
        assert not locked(address="203.0.113.250")


def test_a_lock_opens_by_itself() -> None:
    for _ in range(TRIES):
        attempt()
    with time_machine.travel(timezone.now() + timedelta(minutes=14)):
        assert locked()
    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        assert not locked()


def test_a_right_password_gives_back_its_own_attempt_and_no_other() -> None:
    """Else an attacker with an account of their own could begin anew as often as they like."""
    for _ in range(TRIES * 2):
        assert attempt(PASSWORD)
    for _ in range(TRIES - 1):
        attempt()
    assert attempt(PASSWORD)
    attempt()
    assert locked()


def test_a_known_device_is_not_let_guess_for_ever() -> None:
    own = Client()
    attempt(PASSWORD, client=own)
    own.post("/konto/logout/")
    for _ in range(TRIES):
        assert not attempt(client=own)
    assert locked(client=own)
    assert not locked(address=HOME)


@pytest.mark.parametrize("cookie", ["", "made-up", "another's"])
def test_a_mark_that_is_made_up_or_anothers_helps_nobody(cookie: str) -> None:
    client = Client()
    if cookie == "another's":
        User.objects.create_user("angriber@example.org", PASSWORD)
        attempt(PASSWORD, login="angriber@example.org", client=client, address="203.0.113.9")
        client.post("/konto/logout/")
        assert client.cookies[DEVICE_COOKIE].value
    elif cookie:
        client.cookies[DEVICE_COOKIE] = cookie
    for _ in range(TRIES):
        attempt(client=client)
    assert locked(client=client)


def test_the_mark_of_a_device_says_nothing_and_goes_nowhere_else() -> None:
    client = Client()
    attempt(PASSWORD, client=client)
    cookie = client.cookies[DEVICE_COOKIE]
    assert "ejer" not in cookie.value
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/konto/", True, "Lax")


def test_capitals_do_not_make_another_account() -> None:
    for login in ("ejer@example.org", "Ejer@example.org", "EJER@example.org", "ejer@EXAMPLE.org", " ejer@example.org"):
        attempt(login=login)
    assert locked()


def test_an_account_that_is_not_there_is_locked_alike() -> None:
    """Otherwise the answer would say which addresses have one."""
    for _ in range(TRIES):
        attempt(login="ukendt@example.org")
    pages = []
    for login in ("ukendt@example.org", "ejer@example.org"):
        for _ in range(TRIES):
            attempt(login=login)
        answer = Client().post("/konto/login/", {"login": login, "password": "x"}, REMOTE_ADDR=TOWN_HALL)
        pages.append(answer.context["form"].non_field_errors())
    assert pages[0] == pages[1]


def test_neighbours_on_one_ipv6_network_are_one_source() -> None:
    for number in range(TRIES):
        attempt(address=f"2001:db8:1:2::{number + 1}")
    assert locked(address="2001:db8:1:2:ffff::1")
    assert not locked(address="2001:db8:1:3::1")


def test_a_new_password_by_mail_opens_the_lock_where_one_is() -> None:
    for _ in range(TRIES):
        attempt()
    client = Client()
    client.post("/konto/password/reset/", {"email": "ejer@example.org"}, REMOTE_ADDR=TOWN_HALL)
    link = next(word for word in mail.outbox[0].body.split() if "/konto/password/reset/key/" in word)
    page = client.get(link.partition("8000")[2] or link.partition("testserver")[2], follow=True, REMOTE_ADDR=TOWN_HALL)
    new = "et helt andet kodeord"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new}, REMOTE_ADDR=TOWN_HALL)
    assert attempt(new)


def test_writing_the_password_again_is_guessing_too() -> None:
    client = Client()
    attempt(PASSWORD, client=client)
    for _ in range(TRIES):
        client.post("/konto/reauthenticate/", {"password": "forkert"}, REMOTE_ADDR=TOWN_HALL)
    answer = client.post("/konto/reauthenticate/", {"password": PASSWORD}, REMOTE_ADDR=TOWN_HALL)
    assert answer.status_code in {200, 429}


# --- Behind a proxy ---------------------------------------------------------------------------------------------------

PROXY = "10.0.0.1"


def test_behind_a_proxy_the_address_is_the_one_the_proxy_saw(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(TRIES):
        attempt(address=PROXY, headers={"X-Forwarded-For": TOWN_HALL})
    assert locked(address=PROXY, headers={"X-Forwarded-For": TOWN_HALL})
    assert not locked(address=PROXY, headers={"X-Forwarded-For": HOME})


def test_what_the_attacker_writes_before_it_does_not_count(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(TRIES):
        attempt(address=PROXY, headers={"X-Forwarded-For": f"203.0.113.{number}, {TOWN_HALL}"})
    assert locked(address=PROXY, headers={"X-Forwarded-For": f"203.0.113.200, {TOWN_HALL}"})


def test_without_a_trusted_proxy_the_header_counts_for_nothing() -> None:
    for number in range(TRIES):
        attempt(headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert locked(headers={"X-Forwarded-For": HOME})
    assert not locked(address=HOME, headers={"X-Forwarded-For": TOWN_HALL})
