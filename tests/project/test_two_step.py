"""The second step: codes from an app, recovery codes, and the pages around passkeys. The passkeys themselves need a browser."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sundhedsaftale.models import User
from tests.conftest import ROOT, worker_environment

pytestmark = pytest.mark.django_db

PASSWORD = "fire ord i en raekke"
SECURITY = "/konto/sikkerhed/"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("person@example.org", PASSWORD, name="Sekretær")


@pytest.fixture
def inside(person: User) -> Client:
    """Signed in, and the password written again just now."""
    client = Client()
    client.force_login(person)
    assert client.post("/konto/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps))


def turn_on_app(client: Client) -> str:
    """The app is on; its key."""
    page = client.get(SECURITY + "app/").content.decode()
    found = re.search(r'id="totp_key">([A-Z2-7]{32})<', page)
    assert found
    answer = client.post(SECURITY + "app/", {"code": code_of(found[1], -1)})
    assert answer["Location"] == SECURITY + "koder/"
    return found[1]


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"<li><code>(\d{8})</code>", client.get(SECURITY + "koder/").content.decode())


def password_step(client: Client) -> None:
    answer = client.post("/konto/login/", {"login": "person@example.org", "password": PASSWORD})
    assert answer["Location"] == SECURITY + "trin-to/"
    assert client.get("/mine/").status_code == 302  # not in yet


def second_step(client: Client, code: str) -> bool:
    return bool(client.post(SECURITY + "trin-to/", {"code": code}).status_code == 302)


# --- Codes from an app ------------------------------------------------------------------------------------------------


def test_after_the_password_a_code_is_asked_for(inside: Client) -> None:
    secret = turn_on_app(inside)
    client = Client()
    password_step(client)
    assert not second_step(client, "000000" if code_of(secret) != "000000" else "000001")
    assert second_step(client, code_of(secret))
    assert client.get("/mine/").status_code == 200


def test_a_code_works_once(inside: Client) -> None:
    secret = turn_on_app(inside)
    code = code_of(secret)
    first, second = Client(), Client()
    password_step(first)
    password_step(second)
    assert second_step(first, code)
    assert not second_step(second, code)


def test_a_clock_half_a_minute_off_will_do_and_an_old_code_will_not(inside: Client) -> None:
    secret = turn_on_app(inside)
    for steps, opens in ((1, True), (-4, False), (4, False)):
        client = Client()
        password_step(client)
        assert second_step(client, code_of(secret, steps)) is opens


def test_codes_cannot_be_guessed_on_and_on(inside: Client) -> None:
    secret = turn_on_app(inside)
    client = Client()
    password_step(client)
    for number in range(5):
        assert not second_step(client, f"{number:06}"[::-1] + "x")
    assert not second_step(client, code_of(secret))
    other = Client()  # nor by beginning anew
    password_step(other)
    assert not second_step(other, code_of(secret))


def test_the_second_step_waits_a_quarter_of_an_hour(inside: Client) -> None:
    secret = turn_on_app(inside)
    client = Client()
    password_step(client)
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        answer = client.post(SECURITY + "trin-to/", {"code": code_of(secret)})
        assert answer["Location"].startswith("/konto/login/")
        assert client.get("/mine/").status_code == 302


def test_the_second_step_without_the_first_leads_to_it(client: Client) -> None:
    assert client.get(SECURITY + "trin-to/")["Location"].startswith("/konto/login/")


def test_one_leads_back_to_where_one_came_from(inside: Client) -> None:
    secret = turn_on_app(inside)
    client = Client()
    data = {"login": "person@example.org", "password": PASSWORD, "next": "/initiativer/nyt/"}
    client.post("/konto/login/", data)
    assert client.post(SECURITY + "trin-to/", {"code": code_of(secret)})["Location"] == "/initiativer/nyt/"


def test_turning_the_app_off_takes_the_recovery_codes_too(inside: Client) -> None:
    turn_on_app(inside)
    assert inside.get(SECURITY + "app/fjern/").status_code == 200
    assert inside.post(SECURITY + "app/fjern/")["Location"] == SECURITY
    assert not Authenticator.objects.exists()
    client = Client()
    assert client.post("/konto/login/", {"login": "person@example.org", "password": PASSWORD})["Location"] == "/mine/"


# --- Recovery codes ---------------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_once(inside: Client) -> None:
    turn_on_app(inside)
    codes = recovery_codes(inside)
    assert len(set(codes)) == 10
    first, second = Client(), Client()
    password_step(first)
    password_step(second)
    assert second_step(first, codes[3])
    assert not second_step(second, codes[3])
    assert codes[3] not in recovery_codes(inside)


def test_they_come_as_a_file(inside: Client) -> None:
    turn_on_app(inside)
    answer = inside.get(SECURITY + "koder/hent/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert re.findall(r"^\d{8}$", answer.content.decode(), re.M) == recovery_codes(inside)


def test_new_ones_end_the_old(inside: Client) -> None:
    turn_on_app(inside)
    old = recovery_codes(inside)
    inside.post(SECURITY + "koder/nye/")
    assert not set(old) & set(recovery_codes(inside))
    client = Client()
    password_step(client)
    assert not second_step(client, old[0])


# --- What lies in the database ----------------------------------------------------------------------------------------


def test_a_copy_of_the_database_opens_no_second_step(inside: Client) -> None:
    secret = turn_on_app(inside)
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "gAAAA" in kept  # encrypted


def test_a_new_key_with_the_old_one_beside_it_opens_still(inside: Client, settings: Any) -> None:
    secret = turn_on_app(inside)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "a new key " * 6
    client = Client()
    password_step(client)
    assert second_step(client, code_of(secret))


def test_a_new_key_alone_opens_nothing_and_the_log_says_why(
    inside: Client, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    secret = turn_on_app(inside)
    codes = recovery_codes(inside)
    settings.SECRET_KEY = "a new key " * 6
    client = Client()
    password_step(client)
    assert not second_step(client, code_of(secret))
    assert not second_step(client, codes[0])
    assert "SECRET_KEY_FALLBACKS" in caplog.text


# --- The pages --------------------------------------------------------------------------------------------------------

CHANGES = ("app/", "app/fjern/", "koder/", "koder/nye/", "koder/hent/", "noegler/ny/")


@pytest.mark.parametrize(
    "path", ["", *CHANGES, "igen/", "igen/noegle/", "noegler/", "noegler/1/fjern/", "noegler/1/ret/"]
)
def test_nobody_in_particular_is_sent_to_sign_in(client: Client, path: str) -> None:
    answer = client.get(SECURITY + path)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/konto/login/")


@pytest.mark.parametrize("path", CHANGES)
def test_what_changes_the_account_asks_for_the_password_again(inside: Client, path: str) -> None:
    turn_on_app(inside)
    with time_machine.travel(timezone.now() + timedelta(minutes=6)):
        answer = inside.get(SECURITY + path)
        assert answer.status_code == 302
        if path != "app/":  # it is on already
            assert answer["Location"].startswith("/konto/reauthenticate/?next=")


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize("path", ["", "app/", "noegler/ny/", "igen/", "koder/", "koder/nye/", "app/fjern/"])
def test_each_page_is_in_our_frame(inside: Client, path: str, language: str) -> None:
    if path not in {"", "app/", "noegler/ny/"}:
        turn_on_app(inside)
    inside.cookies["sprog"] = language
    answer = inside.get(SECURITY + path)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("<h1") == 1
    assert "Sundhedsaftale</title>" in text
    assert 'href="/initiativer/"' in text
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))|\sstyle=|\son[a-z]+=", text)


def passkey(user: User, name: str = "Telefonen", alone: bool = True) -> Authenticator:
    data = {"name": name, "credential": {"clientExtensionResults": {"credProps": {"rk": alone}}}}
    return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)


def test_the_page_says_what_opens_the_account(
    inside: Client, person: User, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    inside.cookies["sprog"] = "en"
    assert "Only a password protects your account" in inside.get(SECURITY).content.decode()
    for number in range(8):
        passkey(person, f"Nøgle {number}", alone=number % 2 == 0)
    with django_assert_max_num_queries(12):
        text = inside.get(SECURITY).content.decode()
    assert "A password alone does not open your account." in text
    assert text.count("Opens the account alone.") == text.count("Asked for after the password.") == 4


def test_the_way_to_the_page_is_under_my_tasks(inside: Client) -> None:
    assert f'href="{SECURITY}"' in inside.get("/mine/").content.decode()


@pytest.mark.parametrize("deed", ["fjern", "ret"])
def test_nobody_touches_a_passkey_of_somebody_else(inside: Client, deed: str) -> None:
    theirs = passkey(User.objects.create_user("anden@example.org", PASSWORD))
    path = f"{SECURITY}noegler/{theirs.pk}/{deed}/"
    assert inside.get(path).status_code == 404
    assert inside.post(path, {"name": "min"}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.data["name"] == "Telefonen"


def test_a_passkey_gets_another_name_and_never_a_cpr_number(inside: Client, person: User) -> None:
    own = passkey(person)
    path = f"{SECURITY}noegler/{own.pk}/ret/"
    assert inside.post(path, {"name": "Arbejdstelefon"}).status_code == 302
    refused = inside.post(path, {"name": "Min 010188-1234"})
    assert refused.status_code == 200
    assert "CPR" in refused.content.decode()
    own.refresh_from_db()
    assert own.data["name"] == "Arbejdstelefon"
    assert inside.post(path, {"name": "x" * 200}).status_code in {200, 302}
    own.refresh_from_db()
    assert len(own.data["name"]) <= 60


def test_a_passkey_is_removed_by_a_press_and_not_by_a_look(inside: Client, person: User) -> None:
    own = passkey(person)
    assert inside.get(f"{SECURITY}noegler/{own.pk}/fjern/").status_code == 200
    assert Authenticator.objects.exists()
    answer = inside.post(f"{SECURITY}noegler/{own.pk}/fjern/", follow=True)
    assert answer.redirect_chain[-1][0] == SECURITY
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("credential", ["", "{}", "[]", '"x"', "{", '{"response": {"userHandle": "xx"}}', '{"id": 1}'])
def test_a_passkey_that_is_made_up_opens_nothing(client: Client, person: User, credential: str) -> None:
    passkey(person)
    client.get(SECURITY + "noegler/login/", headers={"Accept": "application/json"})
    answer = client.post(SECURITY + "noegler/login/", {"credential": credential})
    assert answer.status_code == 302
    assert client.get("/mine/").status_code == 302


@pytest.mark.parametrize("credential", ["", "{}", "[]", '"x"', "7", '{"id": 1}', '{"response": {}}'])
def test_nor_is_one_added_or_used_as_a_second_step(inside: Client, person: User, credential: str) -> None:
    inside.get(SECURITY + "noegler/ny/")
    assert inside.post(SECURITY + "noegler/ny/", {"credential": credential, "name": "x"}).status_code == 200
    assert not Authenticator.objects.exists()
    secret = turn_on_app(inside)
    client = Client()
    password_step(client)
    assert client.post(SECURITY + "trin-to/", {"credential": credential}).status_code == 200
    assert client.get("/mine/").status_code == 302
    assert second_step(client, code_of(secret))


def test_somebody_without_any_way_in_of_their_own_may_choose_a_password(client: Client) -> None:
    client.force_login(User.objects.create_user("ny@example.org", None))
    assert "/konto/password/set/" in client.get(SECURITY).content.decode()
    assert client.get("/konto/password/set/").status_code == 200


def test_every_address_has_its_name() -> None:
    """django-allauth leads to these by name."""
    for name in (
        *("mfa_index", "mfa_authenticate", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp"),
        *("mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes"),
        *("mfa_list_webauthn", "mfa_add_webauthn", "mfa_login_webauthn", "mfa_reauthenticate_webauthn"),
        *("socialaccount_connections", "socialaccount_login_cancelled"),
    ):
        assert reverse(name)


START = """
import sys
import sundhedsaftale.wsgi
from django.test import Client
Client().get("/konto/login/")
print([name for name in ("fido2", "jwt", "cryptography", "qrcode", "requests", "oauthlib") if name in sys.modules])
"""


@pytest.mark.slow
def test_the_web_process_starts_without_what_only_a_sign_in_needs(transactional_db: None) -> None:
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT,
        env=worker_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "[]", done.stderr[-2000:]
