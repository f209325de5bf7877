"""Computed figures, the division, the break between regions and the day carried on, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched

INDICATOR = "/indikatorer/forebyggelige-akutte-sygehusophold/"
PAGES = {
    "indicator of a merged region": f"{INDICATOR}?omraade=oestdanmark",
    "indicator of a region that ends": f"{INDICATOR}?omraade=084&dato=2026-12-31",
    "indicator of a council then": f"{INDICATOR}?omraade=raad-midt&inddeling=davaerende",
    "goal of a cluster": "/maal/sammenhaengende-patientforloeb/?omraade=klynge-midtklyngen",
    "coverage of a day": "/daekning/?dato=2020-11-05&omraade=082",
    "plans of a day": "/planer/?dato=2020-11-05",
    "lists with files": "/omraader/082/lister/",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_quiet(watched: Watched, path: str) -> None:
    watched.open(path)
    watched.check(path)


def test_the_end_of_a_region_is_told_in_a_table_and_the_division_is_chosen(watched_wide: Watched) -> None:
    page = watched_wide.open(f"{INDICATOR}?omraade=084&dato=2026-12-31")
    table = page.get_by_role("table", name="Hvor en kurve er brudt")
    expect(table).to_contain_text("Fortsætter som Region Østdanmark.")
    page.get_by_role("link", name="Daværende inddeling").click()
    expect(page.locator("#division-says")).to_contain_text("31. december 2023")
    expect(page).to_have_url(re.compile(r"dato=2026-12-31"))


def test_the_day_goes_along_from_page_to_page_and_back_to_today(watched_wide: Watched) -> None:
    page = watched_wide.open("/omraader/082/?dato=2020-11-05")
    for name in ("Planer", "Møder", "Mål"):
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).first.click()
        expect(page).to_have_url(re.compile(r"dato=2020-11-05"))
        expect(page.locator(".sa-dayband")).to_contain_text("5. november 2020")
    page.get_by_role("link", name="Tilbage til i dag").click()
    expect(page.locator(".sa-dayband")).to_have_count(0)
