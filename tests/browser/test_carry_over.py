"""The demo's plan handed on to the councils of 2027 in a real browser: chosen, taken back, confirmed by one of two."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NARROW, WIDE, Site, Watched

PLAN = "/planer/handleplan-genindlaeggelser-2020/"
WIZARD = PLAN + "viderefoer/"
SECRETARIAT = "sekretaer@example.dk"


@pytest.fixture
def site(site_of_changes: Site) -> Site:
    return site_of_changes


def begin(watched: Watched) -> Page:
    watched.sign_in(SECRETARIAT)
    page = watched.open(PLAN)
    page.get_by_role("link", name="Før planen videre").click()
    watched.check("before it begins")
    page.get_by_label("Dagen, planen føres videre").fill("2027-01-01")
    page.get_by_role("button", name="Begynd").click()
    expect(page.get_by_text("Intet bliver lavet, før I bekræfter.")).to_be_visible()
    return page


def continue_in(page: Page, number: int) -> str:
    """The first council on the item's list."""
    choice = page.locator(f"#punkt-{number} select")
    name = choice.locator("option", has_text="Sundhedsråd").first.inner_text()
    choice.select_option(label=name)
    return name


def fate(page: Page, number: int, outcome: str, *, councils: int = 0, reason: str = "") -> None:
    page.goto(re.sub(r"viderefoer/.*", f"viderefoer/punkter/{number}/", page.url))
    page.get_by_label(outcome, exact=True).check()
    for place in range(councils):
        page.get_by_label(re.compile("Sundhedsråd")).nth(place).check()
    page.get_by_label(re.compile("^Hvorfor")).fill(reason)
    page.get_by_role("button", name="Gem valget").click()


def standing(page: Page, site: Site) -> list[str]:
    """The old plan's items and states, as anybody reads them."""
    page.goto(site.url + PLAN + "tidslinje/")
    return page.locator("#tidslinje-resultat tbody tr").all_inner_texts()


def test_every_step_is_accessible_and_all_of_it_can_be_undone(watched: Watched) -> None:
    page = begin(watched)
    watched.check("nothing chosen")
    continue_in(page, 1)
    page.get_by_role("button", name="Gem valgene").click()
    expect(page.get_by_text("1 valg er ændret.")).to_be_visible()
    page.locator("#punkt-2").get_by_role("link", name=re.compile("Afslut, del")).click()
    watched.check("one item")
    page.get_by_label("Slutter her", exact=True).check()
    page.get_by_role("button", name="Gem valget").click()
    expect(page.get_by_role("alert")).to_be_visible()
    watched.messages.clear()  # Chromium notes the answer 422
    watched.check("one item without its reason")
    page.goto(watched.site.url + WIZARD)
    page.get_by_role("button", name=re.compile("Fjern valget")).click()
    expect(page.get_by_role("button", name=re.compile("Fjern valget"))).to_have_count(0)
    page.locator("main").get_by_role("link", name="Se, hvad der bliver lavet").first.click()
    expect(page.get_by_role("button", name="Bekræft: lav planerne")).to_have_count(0)
    watched.check("the summary with items left")
    page.goto(watched.site.url + WIZARD)
    page.get_by_role("button", name="Opgiv videreførelsen").click()
    expect(page.get_by_text("Videreførelsen er opgivet. Intet blev lavet.")).to_be_visible()
    watched.check("given up")
    page.goto(watched.site.url + "/planer/")
    expect(page.locator("main")).not_to_contain_text("Sundhedsråd")


def test_two_confirm_one_wins_and_the_old_plan_stays(watched_wide: Watched, browser: Browser, axe_source: str) -> None:
    site = watched_wide.site
    before = standing(watched_wide.page, site)
    page = begin(watched_wide)
    council = continue_in(page, 1)
    page.get_by_role("button", name="Gem valgene").click()
    fate(page, 2, "Slutter her", reason="Analysen er afleveret.")
    fate(page, 3, "Deles", councils=2)
    page.locator("#rest").select_option(label=council)
    page.get_by_role("button", name="Vælg for dem alle").click()
    page.goto(site.url + WIZARD + "opsummering/")
    expect(page.locator("main")).to_contain_text("Analysen er afleveret.")
    watched_wide.check("the summary")
    context = browser.new_context(viewport=NARROW, locale="da-DK", reduced_motion="reduce")  # type: ignore[arg-type]
    try:
        other = Watched(context.new_page(), site, axe_source)
        other.sign_in(SECRETARIAT)
        other.open(WIZARD + "opsummering/")
        other.check("the summary on a telephone")
        page.get_by_role("button", name="Bekræft: lav planerne").click()
        expect(page.get_by_text("nye planer er lavet.")).to_be_visible()
        other.page.get_by_role("button", name="Bekræft: lav planerne").click()
        expect(other.page.get_by_text("Intet er lavet to gange")).to_be_visible()
        other.check("told that somebody was faster")
        made = other.page.locator(".sa-carriedlinks a")
        expect(made, "one plan for each council, and none twice").to_have_count(2)
    finally:
        context.close()
    watched_wide.check("handed on")
    assert standing(page, site) == before
    for size in (WIDE, NARROW):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(site.url + PLAN)
        watched_wide.check("the old plan says where it went")
    page.goto(site.url + WIZARD)
    page.locator(".sa-carriedlinks a").first.click()
    expect(page.locator("main")).to_contain_text("Etik og data")
    watched_wide.check("a new plan")
