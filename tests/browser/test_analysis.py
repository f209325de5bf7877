"""The timeline with its filter, the delays and the coverage map in a real browser, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site, Watched

PLAN = "/planer/handleplan-genindlaeggelser-2020/"
PAGES = {
    "timeline": PLAN + "tidslinje/",
    "timeline of a choice": PLAN + "tidslinje/?tilstand=postponed&sortering=skred&maal=findes-ikke",
    "timeline of nothing": PLAN + "tidslinje/?tilstand=on_hold&aarsag=ingen",
    "timeline without statuses": "/planer/anbefalinger-akutomraadet-2019/tidslinje/",
    "delays of a plan": PLAN + "forsinkelser/",
    "delays of a plan without any": "/planer/anbefalinger-akutomraadet-2019/forsinkelser/",
    "delays of all plans": "/forsinkelser/",
    "delays of a choice": "/forsinkelser/?aar=2020&plan=findes-ikke",
    "coverage of the country": "/daekning/",
    "coverage of a cluster": "/daekning/?omraade=klynge-midtklyngen",
    "coverage of a municipality": "/daekning/?omraade=791",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_quiet(watched: Watched, path: str) -> None:
    page = watched.open(path)
    watched.check(path)
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")
    watched.check(f"{path}, unfolded")


@pytest.mark.parametrize("name", ["timeline", "delays of a plan", "coverage of a cluster"])
def test_page_in_english(watched_wide: Watched, name: str) -> None:
    page = watched_wide.open(PAGES[name])
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    watched_wide.check(f"{name} in English")


def rows(page: Page) -> Locator:
    return page.locator("#tidslinje-resultat tbody tr")


def test_a_choice_changes_the_picture_and_the_address_and_back_undoes_it(watched_wide: Watched) -> None:
    page = watched_wide.open(PAGES["timeline"])
    expect(rows(page)).to_have_count(7)
    expect(page.locator("svg.sa-chart--wide")).to_be_visible()
    expect(page.locator("svg.sa-chart--narrow")).to_be_hidden()
    page.get_by_label("Tilstand").select_option("postponed")
    expect(rows(page)).to_have_count(3)
    expect(page).to_have_url(re.compile(r"/tidslinje/\?tilstand=postponed$"))
    page.get_by_label("Rækkefølge").select_option("skred")
    expect(page).to_have_url(re.compile(r"\?tilstand=postponed&sortering=skred$"))
    expect(page.locator("#tidslinje-resultat tbody th").first).to_contain_text("Fælles akutteams")
    watched_wide.check("a chosen timeline")
    address = page.url
    page.reload()
    expect(rows(page), "the address holds the choice").to_have_count(3)
    expect(page.get_by_label("Tilstand")).to_have_value("postponed")
    page.goto(address)
    page.get_by_role("link", name="Vis alt").click()
    expect(rows(page)).to_have_count(7)
    page.go_back()
    expect(rows(page)).to_have_count(3)


def test_it_works_without_javascript(site: Site, without_javascript: Callable[[], Page]) -> None:
    page = without_javascript()
    page.goto(site.url + PLAN)
    page.get_by_role("link", name="Filtrér, sortér og se som tabel").click()
    page.get_by_label("Årsag").select_option(label="COVID-19 (5)")
    page.get_by_role("button", name="Vis").click()
    expect(page).to_have_url(re.compile("aarsag=covid_19"))
    expect(rows(page)).to_have_count(5)
    page.goto(site.url + "/forsinkelser/")
    page.get_by_label("Besluttet i", exact=True).select_option("2020")
    page.get_by_role("button", name="Vis").click()
    expect(page.locator("#forsinkelser-svar")).to_contain_text("Alle fire punkter er udsat i alt fire gange.")


def test_the_delays_answer_changes_with_the_choice(watched_wide: Watched) -> None:
    page = watched_wide.open("/forsinkelser/")
    page.get_by_label("Besluttet i", exact=True).select_option("2020")
    expect(page.locator("#forsinkelser-svar")).to_contain_text("Alle fire punkter")
    expect(page).to_have_url(re.compile(r"/forsinkelser/\?aar=2020$"))
    watched_wide.check("the delays of a year")


def test_the_picture_can_be_taken_along(watched_wide: Watched) -> None:
    page = watched_wide.open(PAGES["timeline"])
    with page.expect_download() as caught:
        page.get_by_role("link", name="Hent tegningen (SVG)").click()
    assert caught.value.suggested_filename == "tidslinje-handleplan-genindlaeggelser-2020.svg"
    text = caught.value.path().read_text(encoding="utf-8")
    assert "<title" in text
    assert "1. Etik og data" in text


def test_from_the_goals_to_the_map_and_on_to_an_indicator(watched_wide: Watched) -> None:
    page = watched_wide.open("/maal/?omraade=791")
    page.get_by_role("link", name=re.compile("Dækningskort")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Arbejder vi dér")
    page.locator("table th a").first.click()
    expect(page).to_have_url(re.compile("/indikatorer/.*omraade=791"))
