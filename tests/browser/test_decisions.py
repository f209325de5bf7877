"""A data steward looks at a file that waits, and turns it down: nothing of it is stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from indicators.actions.catalogue.reading import FOLDER
from tests.browser.conftest import Site, Watched

SHIPPED = FOLDER / "observations" / "nationale_maal_2024.csv"
WAITING = """
from pathlib import Path
from indicators.models import DataSource
from indicators.refresh.running import refresh_source
source = DataSource.objects.filter(name="nationale_maal")
source.update(automatic=False)
print(refresh_source("nationale_maal", path=Path({path!r})).pk)
source.update(automatic=True)
"""


@pytest.fixture
def waiting(site: Site, tmp_path: Path) -> str:
    """The address of a run that waits. Whoever looks at it turns it down: other journeys share the site's figures."""
    figure = f"9.{tmp_path.name[-1]}"  # another file for each test: one that was turned down does not wait again
    printed = figure.replace(".", ",")
    wrong = tmp_path / "forkert.csv"
    text = SHIPPED.read_text(encoding="utf-8")
    wrong.write_text(text.replace(',081,2023,,10.7,"10,7",', f',081,2023,,{figure},"{printed}",'), encoding="utf-8")
    pk = site.manage("shell", "--no-imports", "-v", "0", "-c", WAITING.format(path=str(wrong))).split()[-1]
    return f"/data/koersler/{pk}/"


def test_a_file_that_waits_is_looked_at_and_turned_down(watched: Watched, waiting: str) -> None:
    page = watched.sign_in("data@example.dk")
    watched.open("/data/")
    watched.check("the data page with a file that waits")
    watched.open(waiting)
    expect(page.locator("main")).to_contain_text("10,7")
    watched.check("the run that waits")
    page.get_by_role("link", name="Godkend").first.click()
    expect(page.get_by_role("button", name="Godkend og gem")).to_be_visible()
    watched.check("asked before it is stored")
    watched.open(waiting)
    page.get_by_role("link", name="Afvis").first.click()
    page.get_by_label("Bemærkning").fill("Kommaet mangler.")
    watched.check("asked before it is turned down")
    page.get_by_role("button", name="Afvis").click()
    expect(page.locator("main")).to_contain_text("Kommaet mangler.")
    watched.check("the run that was turned down")
    watched.open("/indikatorer/akutte-somatiske-genindlaeggelser/?omraade=081")
    expect(page.locator("main")).to_contain_text("10,7 pct. mod 11,0")
