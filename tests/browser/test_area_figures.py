"""Ranked lists, the map of tiles, small curves and the check-sum in a browser: read, sorted, walked by keyboard."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Watched

READMISSIONS = "/indikatorer/akutte-somatiske-genindlaeggelser"
PAGES = {
    "ranked municipalities": f"{READMISSIONS}/rangliste/?omraade=791",
    "ranked regions": "/indikatorer/baeltefiksering/rangliste/",
    "list without a direction": "/indikatorer/dp-aeldre-80-antal/rangliste/",
    "map": f"{READMISSIONS}/kort/",
    "map without lights": f"{READMISSIONS}/kort/?lys=udvikling",
    "curves of the regions": "/indikatorer/baeltefiksering/kurver/",
    "curves of municipalities": f"{READMISSIONS}/kurver/?region=082",
    "curves of a goal": "/maal/behandling-af-hoej-kvalitet/kurver/?omraade=082",
    "check-sum": "/data/kontrolsum/",
}


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_quiet(watched: Watched, path: str) -> None:
    watched.open(path)
    watched.check(path)


def test_from_the_map_by_keyboard_to_a_municipality(watched_wide: Watched) -> None:
    page = watched_wide.open(PAGES["map"])
    tile = page.get_by_role("link", name="Viborg: ")
    assert tile.count() == 1
    tile.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/omraader/791/")
    watched_wide.check("area from the map")


def test_tiles_stand_where_they_belong_and_are_large_enough_to_hit(watched: Watched) -> None:
    page = watched.open(PAGES["map"])
    boxes = {}
    for name in ("Hjørring: ", "Sønderborg: ", "København: ", "Kalundborg: "):
        found = page.get_by_role("link", name=name).bounding_box()
        assert found is not None
        assert min(found["width"], found["height"]) >= 24
        boxes[name] = found
    assert boxes["Hjørring: "]["y"] < boxes["Sønderborg: "]["y"]
    assert boxes["Kalundborg: "]["x"] < boxes["København: "]["x"]


def test_the_list_is_sorted_without_a_script(watched: Watched) -> None:
    page = watched.open(PAGES["ranked municipalities"])
    first = page.locator(".sa-rank tbody th").first
    assert first.inner_text() == "Dragør"
    page.locator(".sa-sorts a").nth(1).click()
    page.wait_for_url("**sorter=navn**")
    assert page.locator(".sa-rank tbody th").first.inner_text() == "Albertslund"
    assert "omraade=791" in page.url
    assert page.locator(".sa-rank tr.sa-me th").inner_text().startswith("Viborg")
