"""Signing in and out, a forgotten password, and accounts nobody can make for themselves."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail as outbox
from django.test import Client
from django.urls import reverse

from sundhedsaftale.models import User

pytestmark = pytest.mark.django_db

PASSWORD = "fire ord i en raekke"


@pytest.fixture
def person() -> User:
    return User.objects.create_user("person@example.org", PASSWORD, name="Sekretær")


def sign_in(client: Client, password: str = PASSWORD, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": "person@example.org", "password": password, **more})


def test_signing_in_leads_to_what_awaits_one(client: Client, person: User) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/mine/")
    assert client.get("/mine/").status_code == 200


def test_or_back_to_where_one_came_from_but_never_to_another_site(client: Client, person: User) -> None:
    assert sign_in(client, next="/initiativer/nyt/")["Location"] == "/initiativer/nyt/"
    client.logout()
    assert "evil" not in sign_in(client, next="https://evil.example/")["Location"]


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_wrong_password_says_so_and_keeps_the_address(client: Client, person: User, language: str) -> None:
    client.cookies["sprog"] = language
    answer = sign_in(client, "forkert kodeord")
    assert answer.status_code == 200
    assert 'value="person@example.org"' in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert "forkert kodeord" not in answer.content.decode()


def test_capitals_in_the_address_do_not_matter(client: Client, person: User) -> None:
    answer = client.post(reverse("account_login"), {"login": "Person@Example.ORG", "password": PASSWORD})
    assert answer.status_code == 302


def test_the_demo_roles_stand_there_in_a_demo_alone(client: Client, settings: Any) -> None:
    User.objects.create_user("sekretaer@example.dk", "x", name="Sekretær (demo)")
    settings.DEMO = False
    assert "sekretaer@example.dk" not in client.get(reverse("account_login")).content.decode()
    settings.DEMO = True
    shown = client.get(reverse("account_login")).content.decode()
    assert "sekretaer@example.dk" in shown
    assert "demo-demo-demo" in shown


def test_nobody_makes_an_account_for_themselves(client: Client) -> None:
    answer = client.get(reverse("account_signup"))
    assert "password1" not in answer.content.decode()
    client.post(
        reverse("account_signup"),
        {"email": "ny@example.org", "password1": PASSWORD, "password2": PASSWORD},
    )
    assert not User.objects.exists()


def test_signing_out_takes_a_press_and_leads_to_the_front_page(client: Client, person: User) -> None:
    client.force_login(person)
    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get("/mine/").status_code == 200
    answer = client.post(reverse("account_logout"))
    assert answer["Location"] == "/"
    assert client.get("/mine/").status_code == 302


def test_a_forgotten_password_is_chosen_anew_by_mail(client: Client, person: User) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "person@example.org"})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    message = outbox.outbox[0]
    assert message.to == ["person@example.org"]
    link = re.search(r"http://\S+(/konto/password/reset/key/\S+)", message.body)
    assert link, message.body
    page = client.get(link[1], follow=True)
    form = page.context["form"]
    new = "et helt andet kodeord"
    target = page.redirect_chain[-1][0]
    assert set(form.fields) == {"password1", "password2"}
    done = client.post(target, {"password1": new, "password2": new}, follow=True)
    assert done.status_code == 200
    person.refresh_from_db()
    assert person.check_password(new)
    assert "/konto/password/reset/" in client.get(link[1], follow=True).content.decode()  # the link works once


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client: Client) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "ukendt@example.org"})
    assert answer.status_code == 302
    assert outbox.outbox == []


def test_a_password_must_be_long(client: Client, person: User) -> None:
    client.force_login(person)
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": "kort", "password2": "kort"}
    )
    assert answer.status_code == 200
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


@pytest.mark.parametrize(
    "name",
    ["account_login", "account_reset_password", "account_reset_password_done", "account_signup", "account_inactive"],
)
def test_the_pages_are_in_our_frame(client: Client, name: str) -> None:
    text = client.get(reverse(name)).content.decode()
    assert 'href="/initiativer/"' in text  # the menu
    assert "Sundhedsaftale</title>" in text
    assert text.count("<h1") == 1


def test_other_pages_of_an_account_are_in_our_frame_too(client: Client, person: User) -> None:
    client.force_login(person)
    for name in ("account_change_password", "account_logout", "account_email"):
        answer = client.get(reverse(name), follow=True)
        assert answer.status_code == 200
        assert 'class="sa-header"' in answer.content.decode()
