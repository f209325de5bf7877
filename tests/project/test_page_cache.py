"""Pages made once for each version of the data: never old, never somebody else's, and with a token that works."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from initiatives.actions.status import StatusDraft, record_status
from initiatives.models import ActionItem

PLAN = "/planer/eksempel-plan/"


@pytest.fixture(autouse=True)
def kept(db: None, settings: Any) -> None:
    settings.KEEP_PAGES = True
    call_command("load_demo", stdout=StringIO())


def write(words: str) -> None:
    item = ActionItem.objects.get(plan__slug="eksempel-plan", number=8)
    record_status(
        item=item,
        draft=StatusDraft(state="in_progress", text=words),
        opened_on=item.statuses.count(),
        as_of=date(2026, 11, 20),
        by=None,
    )


def test_the_second_reader_costs_one_query(client: Client, django_assert_num_queries: Any) -> None:
    first = client.get(PLAN)
    with django_assert_num_queries(1):
        second = Client().get(PLAN)
    strip = re.compile(rb"[A-Za-z0-9]{64}")
    assert strip.sub(b"", second.content) == strip.sub(b"", first.content)
    assert second["Content-Security-Policy"] == first["Content-Security-Policy"]
    assert second["Content-Type"] == first["Content-Type"]


def test_a_change_is_seen_by_the_next_reader(client: Client) -> None:
    client.get(PLAN)
    write("Nyt i sagen.")
    assert "Nyt i sagen." in client.get(PLAN).content.decode()


def test_a_signed_in_reader_gets_a_page_of_their_own(client: Client) -> None:
    client.get(PLAN)
    secretary = Client()
    assert secretary.login(username="sekretaer@example.dk", password="demo-demo-demo")
    assert "status/" in secretary.get(PLAN).content.decode()
    assert "Sekretær (demo)" not in Client().get(PLAN).content.decode()


def test_each_reader_gets_a_token_that_works() -> None:
    Client().get("/")
    second = Client(enforce_csrf_checks=True)
    page = second.get("/").content.decode()
    tokens = set(re.findall(r'name="csrfmiddlewaretoken" value="(\w{64})"', page))
    assert len(tokens) == 1
    response = second.post("/i18n/setlang/", {"language": "en", "csrfmiddlewaretoken": tokens.pop(), "next": "/"})
    assert response.status_code == 302
    assert 'lang="en"' in second.get("/").content.decode()


def test_areas_days_and_languages_do_not_mix(client: Client) -> None:
    country = client.get("/").content
    viborg = Client()
    viborg.cookies["omraade"] = "791"
    assert viborg.get("/").content != country
    assert client.get("/?omraade=791").content != country
    client.get("/planer/eksempel-plan/punkter/4/")
    with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
        assert client.get("/planer/eksempel-plan/punkter/4/").status_code == 200


def test_a_region_fetched_alone_is_never_kept(client: Client) -> None:
    whole = client.get("/initiativer/").content
    part = client.get("/initiativer/", headers={"HX-Request": "true"}).content
    assert len(part) < len(whole)
    assert len(client.get("/initiativer/").content) == len(whole)


@pytest.mark.parametrize("address", ["/?omraade=findes-ikke", "/planer/?tilfaeldig=1"])
def test_made_up_questions_do_not_fill_the_cache(client: Client, address: str) -> None:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    assert len(captured) > 1
