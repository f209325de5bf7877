"""A reader fetches the table they are looking at, and follows the corrections."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.browser.conftest import Watched

GOAL = "/maal/sammenhaengende-patientforloeb/?omraade=791"


def test_the_table_on_the_page_is_fetched_as_it_stands(watched_wide: Watched) -> None:
    page = watched_wide.open(GOAL)
    watched_wide.check("goal with files")
    shown = page.locator("section[aria-labelledby=indicators] .sa-val").all_inner_texts()
    links = page.locator("section[aria-labelledby=indicators] .sa-files a")
    found = {}
    for number in range(3):
        with page.expect_download() as waited:
            links.nth(number).click()
        found[waited.value.suggested_filename.rsplit(".", 1)[1]] = (
            waited.value.suggested_filename,
            waited.value.path(),
        )
    assert set(found) == {"csv", "xlsx", "json"}
    assert all("viborg" in name for name, _path in found.values())
    text = Path(found["csv"][1]).read_bytes().decode("utf-8-sig")
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    table = lines[1 : lines.index([])]
    assert [cell for line in table for cell in line[1:3] if cell] == shown
    sheet = openpyxl.load_workbook(io.BytesIO(Path(found["xlsx"][1]).read_bytes())).worksheets[0]
    assert sheet.cell(2, 2).value == float(shown[0].replace(",", "."))
    assert json.loads(Path(found["json"][1]).read_text(encoding="utf-8"))["value"][0] == sheet.cell(2, 2).value


@pytest.mark.parametrize(
    "path", ["/indikatorer/fysisk-aktivitet-skoleboern/", "/data/", "/maal/", "/daekning/", "/omraader/791/"]
)
def test_every_kind_of_page_offers_its_tables(watched: Watched, path: str) -> None:
    page = watched.open(path)
    watched.check(f"{path} with files")
    assert page.locator(".sa-files a[href$='.xlsx'], .sa-files a[href*='.xlsx?']").count() >= 1


def test_a_page_names_its_feed_and_the_feed_names_the_page(watched_wide: Watched) -> None:
    page = watched_wide.open("/indikatorer/fysisk-aktivitet-skoleboern/")
    feed = page.locator("link[type='application/atom+xml']").last.get_attribute("href")
    assert feed == "/indikatorer/fysisk-aktivitet-skoleboern/nyt.atom"
    answer = page.request.get(watched_wide.site.url + feed)
    assert answer.status == 200
    assert "27,1" in answer.text()
    assert "37,1" in answer.text()
