"""Every address, tried by everybody, in every way, on what is theirs and what is not; held against the one table.

The table is `sundhedsaftale.access`; who and what there is to try stands in `access_world`. One test for each address: it
fails by name when the address has no rule, when nobody has said which object it is about, or when it answers otherwise
than the table says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from sundhedsaftale.access import DEEDS, Deed, Who, every_deed, methods_of
from tests.project.access_world import ADDRESSES, Case, Person, World

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ALLOWED, SIGN_IN, FORBIDDEN, MISSING = "allowed", "sign in", "forbidden", "missing"
HTMX = {"HX-Request": "true"}
#: Lead to the sign-in page whoever comes: there is nothing to confirm before one has begun.
LEADS_TO_SIGN_IN = {"account_confirm_login_code", "account_confirm_email"}
#: Answer 404 also to those who may: what would be there must first have been sent by mail.
MAY_BE_GONE = {"account_confirm_email"}


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
    ):
        yield Visitors(World())
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
    return named or (ALLOWED if answer.status_code < 500 and answer.status_code != 405 else str(answer.status_code))


def tried(route: str, visitors: Visitors, method: str) -> Iterator[tuple[Person, Case, str]]:
    for case in visitors.world.cases(route):
        if method == "POST" or case.reads:
            for person in visitors.world.people:
                yield person, case, reverse(route, kwargs=case.kwargs)


def names_who_can(answer: Any, case: Case) -> bool:
    """The 403 says who can, and of which body when the thing belongs to one."""
    page = answer.content.decode()
    return ("Only " in page or "signed out" in page or "write this one" in page) and case.body in page


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
        if got == FORBIDDEN and not names_who_can(answer, case):
            wrong.append(f"{case.side}, {person.key}: the 403 does not say who can")
        if wanted != ALLOWED and visitors.writes:
            wrong.append(f"{case.side}, {person.key}: was refused, and yet: {visitors.writes[0][:80]}")
    assert wrong == []


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
        if got == FORBIDDEN and not names_who_can(answer, case):
            wrong.append(f"{case.side}, {person.key}: the 403 does not say who can")
        if wanted == ALLOWED:
            changed = changed or not case.changes or bool(visitors.writes)
        elif visitors.writes:
            wrong.append(f"{case.side}, {person.key}: was refused, and yet: {visitors.writes[0][:80]}")
    assert wrong == []
    assert changed, f"nobody's {route} changed anything: what the world sends is no good"
