"""What a light opens, the lists of two lights, distance to best and targets, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched

PAGES = {
    "lists of the country": "/omraader/000/lister/",
    "lists of a region": "/omraader/082/lister/",
    "lists of a cluster with figures": "/omraader/klynge-midt-nordjylland/lister/",
    "indicator with distance": "/indikatorer/femaarsoverlevelse-kraeft/?omraade=082",
    "indicator of municipalities": "/indikatorer/forebyggelige-akutte-sygehusophold/?omraade=791",
    "goal": "/maal/sammenhaengende-patientforloeb/?omraade=082",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_quiet_also_unfolded(watched: Watched, path: str) -> None:
    page = watched.open(path)
    watched.check(path)
    page.locator("main details").evaluate_all("folds => folds.slice(0, 12).forEach(fold => { fold.open = true })")
    watched.check(f"{path}, unfolded")


def test_a_light_opens_its_arithmetic_by_keyboard(watched: Watched) -> None:
    page = watched.open("/indikatorer/akutte-somatiske-genindlaeggelser/?omraade=082")
    fold = page.locator("tr.sa-me details.sa-sum").first
    expect(fold.get_by_text("Kildens eget lys")).to_be_hidden()
    fold.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(fold).to_contain_text("11,5 mod 11,0 (Hele landet, 2023) = +4,5")
    expect(fold).to_contain_text("lavere er bedre → rød")
    expect(fold.get_by_text("Kildens eget lys")).to_be_visible()
    expect(fold).to_contain_text("version 2024.1")


def test_the_arithmetic_opens_without_javascript(without_javascript: Callable[[], Page], site: Site) -> None:
    page = without_javascript()
    page.goto(site.url + "/indikatorer/akutte-somatiske-genindlaeggelser/?omraade=082")
    fold = page.locator("tr.sa-me details.sa-sum").first
    fold.locator("summary").click()
    expect(fold.get_by_text("Sammenlignes med")).to_be_visible()


def test_from_an_area_to_its_lists_and_why_the_rest_is_not_there(watched: Watched) -> None:
    page = watched.open("/omraader/082/")
    page.get_by_role("link", name="Hvad er dårligere og går tilbage").click()
    expect(page.get_by_role("heading", name="Hvorfor er de andre ikke på listerne?")).to_be_visible()
    page.locator("#left ~ table details summary").first.click()
    expect(page.locator("#left ~ table details li").first).to_be_visible()


def test_a_target_is_set_seen_and_withdrawn(watched_wide: Watched) -> None:
    page = watched_wide.sign_in("sekretaer@example.dk")
    watched_wide.open("/indikatorer/bakteriemier/?omraade=082")
    page.get_by_role("link", name="Sæt et delmål").click()
    watched_wide.check("the form of a target")
    page.get_by_label("Hvilken værdi skal nås?").fill("mange")
    page.get_by_label("Hvornår skal den være nået?").fill("2030-12-31")
    page.get_by_role("button", name="Sæt delmålet").click()
    expect(page.get_by_text("Skriv et tal, for eksempel 10,5.").first).to_be_visible()
    watched_wide.messages.clear()  # 422 is said in the console
    watched_wide.check("a refused target")
    page.get_by_label("Hvilken værdi skal nås?").fill("4,5")
    page.get_by_role("button", name="Sæt delmålet").click()
    row = page.locator("#targets ~ table tbody tr")
    expect(row).to_contain_text("4,5")
    expect(row).to_contain_text("31. december 2030")
    watched_wide.check("an indicator with a target")
    page.get_by_role("link", name="Træk tilbage").click()
    page.get_by_label("Hvorfor trækkes delmålet tilbage?").fill("Prøven er slut.")
    page.get_by_role("button", name="Træk tilbage").click()
    page.get_by_text("1 tilbagetrukket delmål").click()
    expect(page.get_by_text("Prøven er slut.")).to_be_visible()
