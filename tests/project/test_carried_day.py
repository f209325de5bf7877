"""A reader who looks at a day stays on it, wherever the links lead; each page says the day."""

from __future__ import annotations

import re
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from sundhedsaftale.carried_day import with_day
from tests.initiatives import small_world as small
from tests.project.page_world import Denmark, denmark

PAIRS = (("dato", "2020-11-05"),)
LINKS = [
    ("/planer/", "/planer/?dato=2020-11-05"),
    ("/planer/?omraade=791", "/planer/?omraade=791&amp;dato=2020-11-05"),
    ("/planer/x/#punkt-1", "/planer/x/?dato=2020-11-05#punkt-1"),
    ("/maal/x.csv?omraade=791", "/maal/x.csv?omraade=791&amp;dato=2020-11-05"),
    ("/omraader/791/?dato=2019-01-01", "/omraader/791/?dato=2019-01-01"),
    ("/maal/?inddeling=nuvaerende", "/maal/?inddeling=nuvaerende"),
    ("/static/app.css", "/static/app.css"),
    ("/api/docs/", "/api/docs/"),
    ("/konto/login/?next=/planer/", "/konto/login/?next=/planer/"),
    ("/planer/x/historik/", "/planer/x/historik/"),
    ("/data/nyt.atom", "/data/nyt.atom"),
    ("//elsewhere.example/", "//elsewhere.example/"),
    ("https://elsewhere.example/", "https://elsewhere.example/"),
    ("?dato=", "?dato="),
    ("#top", "#top"),
]


@pytest.mark.parametrize(("before", "after"), LINKS)
def test_a_link_to_a_page_of_ours_gets_the_day(before: str, after: str) -> None:
    assert with_day(f'<a class="x" href="{before}">x</a>', PAIRS) == f'<a class="x" href="{after}">x</a>'


def test_a_form_that_leads_to_a_page_gets_it_once_and_one_that_writes_does_not() -> None:
    hidden = '<input type="hidden" name="dato" value="2020-11-05">'
    plain = '<form method="get" action="/planer/"><input name="q"></form>'
    assert with_day(plain, PAIRS) == plain.replace('/planer/">', f'/planer/">{hidden}')
    living = '<form method="get" hx-get="/planer/" action="/planer/"><input name="q"></form>'
    assert with_day(living, PAIRS) == living.replace('action="/planer/">', f'action="/planer/">{hidden}')
    for other in ('<form method="get"><input name="dato"></form>', '<form method="post" action="/x/"></form>'):
        assert with_day(other, PAIRS) == other


@given(st.text())
def test_text_between_tags_is_never_touched(words: str) -> None:
    words = words.replace("<", "").replace('"', "")
    assert with_day(f"<p>{words}</p>", PAIRS) == f"<p>{words}</p>"


@given(st.sampled_from([before for before, _after in LINKS]))
def test_twice_is_once(address: str) -> None:
    once = with_day(f'<a href="{address}">x</a>', PAIRS)
    assert with_day(once, PAIRS) == once


# --- The pages --------------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _no_drawing() -> Any:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        yield


@pytest.fixture
def world(db: None) -> Denmark:
    world = denmark()
    plan = small.plan(small.body("Udvalget", area=world.region))
    small.item(plan, title="Løftet", owners=(plan.body,))
    return world


PAGES = ["/", "/maal/", "/maal/maal/", "/indikatorer/genindlaeggelser/", "/omraader/082/", "/daekning/", "/planer/"]
PAGES += ["/moeder/", "/initiativer/", "/data/", "/om/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_way_on_keeps_the_day_and_the_page_says_it(client: Client, world: Denmark, address: str) -> None:
    body = client.get(address, {"dato": "2020-11-05"}).content.decode()
    assert "5. november 2020" in body
    assert body.count("sa-dayband") == 1
    links = re.findall(r'href="(/(?:maal|planer|moeder|omraader|daekning|indikatorer|initiativer|mine)?/?[^"]*)"', body)
    ours = [one for one in links if not re.search(r"/(static|api|konto|i18n)/|\.atom|\.ics", one)]
    assert ours
    assert [one for one in ours if "dato=" not in one] == []


@pytest.mark.parametrize("address", PAGES)
def test_without_a_day_nothing_is_added(client: Client, world: Denmark, address: str) -> None:
    body = client.get(address).content.decode()
    assert "dato=2" not in body
    assert "sa-dayband" not in body


def test_a_day_that_is_none_is_carried_nowhere(client: Client, world: Denmark) -> None:
    body = client.get("/planer/?dato=i-gaar").content.decode()
    assert 'href="/maal/"' in body
    assert "sa-dayband" not in body
