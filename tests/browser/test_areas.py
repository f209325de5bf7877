"""Zooming between areas, the division and the day, in a real browser, with and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched

PAGES = {
    "region with one indicator": "/omraader/082/?vis=tal-daglige-rygere",
    "region of 2020": "/omraader/082/?dato=2020-11-05&inddeling=davaerende",
    "cluster that was not there": "/omraader/klynge-midtklyngen/?dato=2020-11-05",
    "merged region": "/omraader/oestdanmark/?dato=2027-02-01&vis=maal-sammenhaengende-patientforloeb",
    "merged region then": "/omraader/oestdanmark/?dato=2027-02-01&inddeling=davaerende&vis=tal-middellevetid",
    "country after the reform": "/omraader/000/?dato=2027-02-01&vis=tal-daglige-rygere",
    "municipality in two clusters": "/omraader/101/?dato=2026-06-01&vis=tal-daglige-rygere",
    "areas of a day": "/omraader/?dato=2020-11-05",
    "overview of a day": "/?dato=2020-11-05&omraade=082",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_quiet(watched: Watched, path: str) -> None:
    page = watched.open(path)
    watched.check(path)
    for fold in page.locator("main details").all():
        fold.evaluate("fold => fold.open = true")
    watched.check(f"{path}, unfolded")


def test_from_the_country_to_a_municipality_and_back_in_place(watched_wide: Watched) -> None:
    page = watched_wide.open("/omraader/000/?dato=2026-06-01")
    page.evaluate("window.stays = true")
    for name, code in (("Region Midtjylland", "082"), ("Midtklyngen", "klynge-midtklyngen"), ("Viborg", "791")):
        page.locator("#zoom table").get_by_role("link", name=name, exact=True).click()
        expect(page).to_have_url(re.compile(rf"/omraader/{code}/\?dato=2026-06-01$"))
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.locator("#omraadelinje")).to_contain_text(name)
    assert page.evaluate("window.stays"), "the page itself was never left"
    watched_wide.check("zoomed in")
    page.locator(".sa-crumbs").get_by_role("link", name="Region Midtjylland").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Region Midtjylland")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Viborg")


def test_the_choice_and_the_division_change_the_table_and_the_address(watched_wide: Watched) -> None:
    page = watched_wide.open("/omraader/000/?dato=2027-02-01")
    zoom = page.locator("#zoom")
    expect(zoom).to_contain_text("Region Østdanmark")
    page.locator("#vis").select_option("tal-middellevetid")
    expect(page).to_have_url(re.compile(r"vis=tal-middellevetid"))
    expect(page.locator("#zoom table")).to_contain_text("Intet tal endnu")
    expect(zoom).to_contain_text("Delenes middellevetider kan ikke lægges sammen.")
    page.get_by_role("link", name="Daværende inddeling").click()
    expect(page).to_have_url(re.compile(r"inddeling=davaerende"))
    expect(page.locator("#zoom table")).to_contain_text("Region Sjælland")
    expect(page.locator("#zoom table")).not_to_contain_text("Region Østdanmark")
    expect(page.locator("#zoom-says")).to_contain_text("31. december 2023")
    watched_wide.check("a chosen division")


def test_it_works_without_javascript(site: Site, without_javascript: Callable[[], Page]) -> None:
    page = without_javascript()
    page.goto(site.url + "/omraader/000/?dato=2026-06-01")
    page.locator("#zoom table").get_by_role("link", name="Region Nordjylland").click()
    page.get_by_label("Vis lys for").select_option("tal-daglige-rygere")
    page.get_by_role("button", name="Vis", exact=True).click()
    assert "dato=2026-06-01" in page.url
    assert "vis=tal-daglige-rygere" in page.url
    page.get_by_label("Områder og udvalg, som de var den").fill("2020-11-05")
    page.get_by_role("button", name="Vis den dag").click()
    expect(page.locator(".sa-dayband")).to_contain_text("5. november 2020")
    assert "vis=tal-daglige-rygere" in page.url
    page.get_by_role("link", name="Tilbage til i dag").click()
    assert "dato" not in page.url


def test_a_day_that_is_none_says_so(site: Site, watched_wide: Watched) -> None:
    response = watched_wide.page.goto(site.url + "/omraader/082/?dato=31.2.2020")
    assert response is not None
    assert response.status == 400
    expect(watched_wide.page.locator("main")).to_contain_text("for eksempel dato=2020-11-05")
