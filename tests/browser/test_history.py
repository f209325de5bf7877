"""Looking back, in a real browser: who changed what, a day in the past, and the package."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Watched

ITEM = "/planer/eksempel-plan/punkter/3/"


def test_looking_back_at_an_item_and_taking_the_package(watched: Watched) -> None:
    watched.sign_in("sekretaer@example.dk")
    page = watched.open(ITEM + "historik/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hvem har rettet hvad?")
    expect(page.locator("#changes + ol")).to_contain_text("Punktet blev skrevet ind")
    watched.check("history of an item")
    page.get_by_label("Se, hvordan det så ud").fill(page.locator("#dato").get_attribute("max") or "")
    page.get_by_role("button", name="Vis den dag").click()
    expect(page.locator("#as-of")).to_contain_text("Sådan så det ud, da")
    watched.check("an item on a day")
    page.get_by_role("link", name="Tilbage til nu").click()
    expect(page.locator("#as-of")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent pakken (zip)").click()
    assert download.value.suggested_filename.startswith("aktindsigt-eksempel-plan-punkt-3-")


def test_histories_of_plan_meeting_and_initiative(watched: Watched) -> None:
    watched.sign_in("sekretaer@example.dk")
    for address in (
        "/planer/eksempel-plan/historik/?dato=2026-01-01",
        "/moeder/1/historik/",
        "/initiativer/dosispakket-medicin/historik/",
    ):
        watched.open(address)
        watched.check(address)
