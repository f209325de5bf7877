"""Every address, tried by everybody, in every way, on what is theirs and what is not; held against the one table.

The table is `sundhedsaftale.access`; who and what there is to try stands in `access_world`. One test for each address: it
fails by name when the address has no rule, when nobody has said which object it is about, or when it answers otherwise
than the table says.
"""

from __future__ import annotations

import html
import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any
from unittest import mock
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from sundhedsaftale.access import DEEDS, Deed, Who, every_deed, methods_of
from tests.factories import make_user
from tests.initiatives import small_world as small
from tests.project.access_world import ADDRESSES, Case, Person, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ALLOWED, SIGN_IN, FORBIDDEN, MISSING = "allowed", "sign in", "forbidden", "missing"
HTMX = {"HX-Request": "true"}
#: Lead to the sign-in page whoever comes: there is nothing to confirm before one has begun.
LEADS_TO_SIGN_IN = {
    *("account_confirm_login_code", "account_confirm_email", "invitation_sign_in", "mfa_authenticate"),
    "mfa_login_webauthn",
}
#: About a link that was sent by mail: they say that it does not work, and what to do.
SAY_WHAT_IS_WRONG = {"account_reset_password_from_key", "account_confirm_email"}
#: Ask for the password once more before they look for anything.
ASK_AGAIN_FIRST = {"mfa_remove_webauthn", "mfa_edit_webauthn"}
#: Tell colleagues' comments to nobody else, but a part of a page says so in a line where a page would refuse.
SAY_SO_IN_A_LINE = {"item_comments", "initiative_comments"}
#: Says 503 when the site is unwell, and here nothing beats.
MAY_BE_UNWELL = {"health_ready"}
#: Made anew each time from the code alone, the same for all.
SLOW_TO_MAKE = {"api-schema"}
#: Answer 404 also to those who may: what would be there must first have been sent by mail.
MAY_BE_GONE = {
    *("account_confirm_email", "invitation_waiting", "openid_connect_login", "openid_connect_callback"),
    *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_download_recovery_codes", "person_reopen"),
}


def patterns(resolver: URLResolver, prefix: str = "", spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, str, bool]]:
    """(name, address, has parameters) of everything that can be asked for."""
    for found in resolver.url_patterns:
        address = prefix + str(found.pattern)
        if isinstance(found, URLPattern):
            name = ":".join((*spaces, found.name)) if found.name else found.lookup_str
            yield name, address, bool(found.pattern.regex.groupindex) or bool(re.search(r"<|\(\?P", address))
        else:
            yield from patterns(found, address, (*spaces, found.namespace) if found.namespace else spaces)


EVERY = list(patterns(get_resolver()))
NAMES = sorted({name for name, _address, _has in EVERY})
WITH_PARAMETERS = {name for name, _address, has in EVERY if has}


# --- The table itself -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", NAMES)
def test_every_address_has_a_rule(route: str) -> None:
    assert methods_of(route), f"{route} stands in no row of sundhedsaftale/access.py"


def test_every_rule_is_about_an_address_there_is_and_stands_once() -> None:
    ruled = [(name, "GET") for deed in every_deed() for name in deed.reads]
    ruled += [(name, "POST") for deed in every_deed() for name in deed.writes]
    assert sorted({name for name, _method in ruled} - set(NAMES)) == []
    assert sorted({rule for rule in ruled if ruled.count(rule) > 1}) == []
    assert all(deed.reads or deed.writes for deed in every_deed())


@pytest.mark.parametrize("route", sorted(WITH_PARAMETERS))
def test_every_address_with_a_parameter_says_which_object_is_tried(route: str) -> None:
    assert route in ADDRESSES, f"{route} has no line in tests/project/access_world.py"


def test_no_object_is_named_for_an_address_that_is_gone() -> None:
    assert sorted(set(ADDRESSES) - set(NAMES)) == []


def test_a_rule_that_names_roles_says_whose() -> None:
    roles = {Who.SECRETARY, Who.CHAIR, Who.LEAD, Who.MEMBER, Who.DEPUTY, Who.READER, Who.OWNER}
    assert [str(deed.what) for deed in every_deed() if roles & set(deed.who) and not deed.of] == []


# --- Everybody --------------------------------------------------------------------------------------------------------


class Visitors:
    """All of them signed in, each with a session of their own, and one client to lend it to."""

    def __init__(self, world: World) -> None:
        self.world, self.client = world, Client()
        self.sessions = {person.key: self._session(person) for person in world.people}
        world.deactivate()
        self.writes: list[str] = []

    def _session(self, person: Person) -> str:
        if person.user is None:
            return ""
        client = Client()
        client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)

    def ask(self, person: Person, method: str, path: str, sent: Any = None, **more: Any) -> Any:
        """The answer, with everything it changed taken back. `writes` are the statements that changed something."""
        self.client.cookies = SimpleCookie({settings.LANGUAGE_COOKIE_NAME: "en"})
        if self.sessions[person.key]:
            self.client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[person.key]
        for file in (value for value in (sent or {}).values() if hasattr(value, "seek")):
            file.seek(0)
        self.writes = []
        send = getattr(self.client, method.lower())
        with transaction.atomic(), connection.execute_wrapper(self._note):
            answer = send(path, sent, **more) if method == "POST" else send(path, **more)
            transaction.set_rollback(True)
        return answer

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if re.match(r"\s*(INSERT|UPDATE|DELETE)\b", sql, re.IGNORECASE) and '"django_session"' not in sql:
            self.writes.append(sql)
        return execute(sql, params, many, context)


@pytest.fixture(scope="module")
def visitors(django_db_setup: None, django_db_blocker: Any) -> Iterator[Visitors]:
    """The world once for the whole module, and gone afterwards."""
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with (
        django_db_blocker.unblock(),
        transaction.atomic(),
        mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)),
        # The frame around every page asks most and decides nothing; other tests look at it.
        mock.patch("sundhedsaftale.context_processors.navigation", return_value=[]),
        mock.patch("sundhedsaftale.context_processors.area_in_view", return_value=None),
        override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]),
    ):
        logging.disable(logging.WARNING)  # each refusal would be told with all it went through
        yield Visitors(World())
        logging.disable(logging.NOTSET)
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _memory_for_a_cache(settings: Any) -> None:
    """Nothing is kept from one visitor to the next but the sessions, and those stand in the database."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    cache.clear()


def expected(deed: Deed, case: Case, person: Person, method: str) -> str:
    """What the table promises this person."""
    if case.groups(person) & set(deed.who):
        return ALLOWED
    if not person.is_somebody and deed.asks_to_sign_in(method):
        return SIGN_IN
    return MISSING if deed.hidden else FORBIDDEN


def outcome(answer: Any, route: str) -> str:
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith(reverse("account_login"))
    if to_sign_in and route not in LEADS_TO_SIGN_IN:
        return SIGN_IN
    named = {403: FORBIDDEN, 404: MISSING}.get(answer.status_code)
    if named == MISSING and route in MAY_BE_GONE:
        return ALLOWED
    answered = answer.status_code < 500 and answer.status_code != 405
    return named or (ALLOWED if answered or route in MAY_BE_UNWELL else str(answer.status_code))


def tried(
    route: str, visitors: Visitors, method: str, only: tuple[str, ...] = ()
) -> Iterator[tuple[Person, Case, str]]:
    """Everybody, or `only` those, on each object. What everybody may do is the same on any object: one is enough."""
    cases = [case for case in visitors.world.cases(route) if method == "POST" or case.reads]
    if DEEDS[route, method].is_public:
        cases = cases[:1]
    if route in SLOW_TO_MAKE:
        only = ("anonymous", "administrator")
    for case in cases:
        for person in visitors.world.people:
            if not only or person.key in only:
                yield person, case, reverse(route, kwargs=case.kwargs)


def names_who_can(answer: Any, body: str) -> bool:
    """The 403 says who can, and of which body when one was asked about."""
    page = answer.getvalue().decode()
    return ("Only " in page or "signed out" in page or "write this one" in page) and body in page


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("route", [name for name in NAMES if "GET" in methods_of(name)])
def test_opening(route: str, visitors: Visitors) -> None:
    deed = DEEDS[route, "GET"]
    wrong = []
    for person, case, path in tried(route, visitors, "GET"):
        answer = visitors.ask(person, "GET", path)
        wanted, got = expected(deed, case, person, "GET"), outcome(answer, route)
        if wanted != got:
            wrong.append(f"{case.side}, {person.key}: {got} instead of {wanted}")
        if got == FORBIDDEN and not names_who_can(answer, case.body if case.kwargs else ""):
            wrong.append(f"{case.side}, {person.key}: the 403 does not say who can")
        if wanted != ALLOWED and visitors.writes:
            wrong.append(f"{case.side}, {person.key}: was refused, and yet: {visitors.writes[0][:80]}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("route", [name for name in NAMES if "POST" in methods_of(name)])
def test_sending(route: str, visitors: Visitors) -> None:
    """And that what is sent would have changed something, had it been allowed."""
    deed = DEEDS[route, "POST"]
    wrong, changed = [], deed.is_public or Who.SIGNED_IN in deed.who
    for person, case, path in tried(route, visitors, "POST"):
        answer = visitors.ask(person, "POST", path, case.sent)
        wanted, got = expected(deed, case, person, "POST"), outcome(answer, route)
        if wanted != got:
            wrong.append(f"{case.side}, {person.key}: {got} instead of {wanted}")
        if got == FORBIDDEN and not names_who_can(answer, case.body):
            wrong.append(f"{case.side}, {person.key}: the 403 does not say who can")
        if wanted == ALLOWED:
            changed = changed or not case.changes or bool(visitors.writes)
        elif visitors.writes:
            wrong.append(f"{case.side}, {person.key}: was refused, and yet: {visitors.writes[0][:80]}")
    assert wrong == []
    assert changed, f"nobody's {route} changed anything: what the world sends is no good"


#: Enough of them to see that a way of asking opens nothing: nobody, somebody without a role, the two who may most.
A_FEW = ("anonymous", "without roles", "secretary", "administrator")


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("route", NAMES)
def test_other_ways_of_asking(route: str, visitors: Visitors) -> None:
    """A method that is not declared is refused, whoever asks; OPTIONS tells which are, and HEAD answers where GET does."""
    declared, wrong = methods_of(route), []
    allow = {"OPTIONS", *declared, *({"HEAD"} if "GET" in declared else ())}
    for person, case, path in tried(route, visitors, declared[-1], A_FEW):
        for method in METHODS:
            answer = visitors.ask(person, method, path) if method not in declared else None
            if answer is None or (method == "HEAD" and "GET" in declared):
                continue
            told = {word.strip() for word in answer.headers.get("Allow", "").split(",")}
            wanted = 204 if method == "OPTIONS" else 405
            if (answer.status_code, told) != (wanted, allow) or visitors.writes:
                wrong.append(f"{method}, {case.side}, {person.key}: {answer.status_code}, {told}")
        if "GET" in declared and case.reads and person.key == A_FEW[1]:
            opened, head = visitors.ask(person, "GET", path), visitors.ask(person, "HEAD", path)
            if (head.status_code, head.getvalue()) != (opened.status_code, b""):
                wrong.append(f"HEAD, {case.side}: {head.status_code} where GET is {opened.status_code}")
    assert wrong == []


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(
    "route",
    [
        name
        for name in NAMES
        if name not in SAY_SO_IN_A_LINE and not all(DEEDS[name, m].is_public for m in methods_of(name))
    ],
)
def test_asked_for_a_part_of_the_page(route: str, visitors: Visitors) -> None:
    """With htmx the same people get in and the same are refused, and no part of a page is made for those."""
    wrong = []
    for method in methods_of(route):
        deed = DEEDS[route, method]
        for person, case, path in tried(
            route, visitors, method, ("anonymous", "without roles", "reader", "secretary", "ended yesterday")
        ):
            answer = visitors.ask(person, method, path, case.sent or None, headers=HTMX)
            wanted, got = expected(deed, case, person, method), outcome(answer, route)
            if wanted != got or (wanted != ALLOWED and visitors.writes):
                wrong.append(f"{method}, {case.side}, {person.key}: {got} instead of {wanted}")
    assert wrong == []


# --- What is not there, and what one may not know of ------------------------------------------------------------------


def as_seen(answer: Any, path: str) -> str:
    """The page without what is the reader's own (the token of forms) and without the address they wrote themselves."""
    page = answer.getvalue().decode().replace(quote(path, safe=""), "").replace(quote(path), "").replace(path, "")
    return re.sub(r'(?<=name="csrfmiddlewaretoken" value=")\w+|(?<="X-CSRFToken": ")\w+', "", page)


HIDDEN = sorted({(name, method) for (name, method), deed in DEEDS.items() if deed.hidden})


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize(("route", "method"), HIDDEN)
def test_what_one_may_not_know_of_looks_like_what_never_was(route: str, method: str, visitors: Visitors) -> None:
    compared = 0
    for person, case, path in tried(route, visitors, method):
        if expected(DEEDS[route, method], case, person, method) == ALLOWED:
            continue
        compared += 1
        nowhere = reverse(route, kwargs=visitors.world.missing(case))
        for more in ({}, {"headers": HTMX}) if person.key == "without roles" else ({},):
            there = visitors.ask(person, method, path, case.sent or None, **more)
            gone = visitors.ask(person, method, nowhere, case.sent or None, **more)
            where = f"{case.side}, {person.key}"
            assert there.status_code == gone.status_code, where
            assert sorted(there.headers) == sorted(gone.headers), where
            assert as_seen(there, path) == as_seen(gone, nowhere), where
    assert compared


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("route", sorted(WITH_PARAMETERS - SAY_WHAT_IS_WRONG - ASK_AGAIN_FIRST))
def test_what_is_not_there_is_not_there_for_those_who_may_most(route: str, visitors: Visitors) -> None:
    for method in methods_of(route):
        case = visitors.world.cases(route)[0]
        path = reverse(route, kwargs=visitors.world.missing(case))
        administrator = next(person for person in visitors.world.people if person.key == "administrator")
        assert visitors.ask(administrator, method, path, case.sent or None).status_code == 404, method
        assert not visitors.writes


# --- The guard, and the page that prints the table --------------------------------------------------------------------


def test_an_address_without_a_rule_is_not_answered(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    path = reverse("accessibility")
    assert client.get(path).status_code == 200
    monkeypatch.delitem(DEEDS, ("accessibility", "GET"))
    assert client.get(path).status_code == 404
    assert "accessibility stands in no row of the table" in caplog.text


def test_somebody_not_signed_in_never_reaches_a_page_for_people_who_are(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the view itself has forgotten to ask."""
    monkeypatch.setitem(DEEDS, ("accessibility", "GET"), DEEDS["mine", "GET"])
    answer = client.get(reverse("accessibility"))
    assert (answer.status_code, answer["Location"]) == (302, "/konto/login/?next=/was/")


def test_head_keeps_the_length_and_leaves_the_body_out(client: Client, db: None) -> None:
    opened, head = client.get("/om/adgang/"), client.head("/om/adgang/")
    assert (head.status_code, head.getvalue()) == (200, b"")
    assert opened.getvalue()
    assert head.headers.keys() == opened.headers.keys()


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_prints_every_row(client: Client, db: None, language: str) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = html.unescape(client.get(reverse("access")).content.decode())
    with translation.override(language):
        for deed in every_deed():
            assert f">{deed.what}</th>" in page
            assert all(f"<li>{who.label}</li>" in page for who in deed.who)
    assert page.count("<tr") - page.count("<thead") == len(list(every_deed()))


def test_the_page_costs_no_more_than_its_frame(client: Client, db: None, django_assert_max_num_queries: Any) -> None:
    with django_assert_max_num_queries(1):
        client.get(reverse("access"))


def test_a_refusal_leads_to_the_page(client: Client, db: None) -> None:
    client.force_login(make_user())
    answer = client.get(reverse("plan_create"))
    assert answer.status_code == 403
    assert f'href="{reverse("access")}"' in answer.content.decode()
    assert f'href="{reverse("access")}"' in client.get(reverse("method")).content.decode()


def test_somebody_signed_in_sees_their_own_roles_of_today(client: Client, db: None) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Which roles do you have today?" not in client.get(reverse("access")).content.decode()
    who, body, today = make_user(), small.body("Udvalget"), timezone.localdate()
    client.force_login(who)
    assert "None. You can read what everybody can." in client.get(reverse("access")).content.decode()
    small.member(who, body, "lead")
    small.member(who, body, "chair", valid_to=today - timedelta(days=1))
    small.member(who, body, "secretary", valid_from=today + timedelta(days=1))
    page = client.get(reverse("access")).content.decode()
    assert "<li>Lead, Udvalget</li>" in page
    assert "Chair, Udvalget" not in page
    assert "Secretary, Udvalget" not in page
    in_the_table = page.count("<li>Data steward</li>")
    who.user_permissions.add(Permission.objects.get(codename="steward_data"))
    assert client.get(reverse("access")).content.decode().count("<li>Data steward</li>") == in_the_table + 1
