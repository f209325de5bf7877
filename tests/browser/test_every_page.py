"""Every kind of page, at both widths, in both languages: no axe violation, no sideways scroll, a silent console."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched

PAGES = {
    "overview": "/",
    "overview of a cluster": "/?omraade=klynge-midtklyngen",
    "goals": "/maal/",
    "goal": "/maal/sammenhaengende-patientforloeb/",
    "goal in a municipality": "/maal/sammenhaengende-patientforloeb/?omraade=791",
    "goal of an agreement": "/maal/akut-syge-aeldre/",
    "indicator of municipalities": "/indikatorer/forebyggelige-akutte-sygehusophold/",
    "indicator without municipalities": "/indikatorer/baeltefiksering/",
    "indicator that was corrected": "/indikatorer/fysisk-aktivitet-skoleboern/",
    "indicator without figures": "/indikatorer/produktivitet-sygehuse/",
    "indicator with breakdowns": "/indikatorer/dp-genindlaeggelser-80/",
    "areas": "/omraader/",
    "municipality": "/omraader/791/",
    "municipality in two clusters": "/omraader/101/",
    "cluster": "/omraader/klynge-midtklyngen/",
    "council of 2027": "/omraader/raad-midt/",
    "region": "/omraader/082/",
    "merged region": "/omraader/oestdanmark/",
    "plans": "/planer/",
    "plan": "/planer/handleplan-genindlaeggelser-2020/",
    "recommendations": "/planer/anbefalinger-akutomraadet-2019/",
    "example plan": "/planer/eksempel-plan/",
    "item": "/planer/handleplan-genindlaeggelser-2020/punkter/2/",
    "item without status": "/planer/anbefalinger-akutomraadet-2019/punkter/5/",
    "frozen plan": "/fastfrosset/1/",
    "frozen versions of a plan": "/planer/handleplan-genindlaeggelser-2020/fastfrosset/",
    "meeting that is frozen": "/moeder/1/",
    "initiatives": "/initiativer/",
    "initiative": "/initiativer/dosispakket-medicin/",
    "data": "/data/",
    "method": "/om/",
    "accessibility": "/was/",
    "api": "/api/docs/",
    "sign-in": "/konto/login/",
}


STEWARD_PAGES = ("/data/indlaes/", "/data/indsaet/", "/data/ukendte-navne/")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_page_is_accessible_and_quiet(watched: Watched, path: str) -> None:
    watched.open(path)
    watched.check(path)


def test_pages_of_a_steward_are_accessible_and_quiet(watched: Watched) -> None:
    watched.sign_in("data@example.dk")
    for path in STEWARD_PAGES:
        watched.open(path)
        watched.check(path)


@pytest.mark.parametrize(
    "name", ["overview", "goal", "indicator of municipalities", "plan", "item", "initiatives", "data"]
)
def test_page_in_english(watched_wide: Watched, name: str) -> None:
    page = watched_wide.open(PAGES[name])
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("link", name="Method and sources")).to_be_visible()
    watched_wide.check(f"{name} in English")
