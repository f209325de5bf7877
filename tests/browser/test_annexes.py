"""The annex in a browser: fetched, waited for, copied; and the letter document it stands on."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched
from tests.initiatives.letters import letter

LETTERHEAD = "/udvalg/eksempeludvalget/skabelon/"
FREEZE = """
from datetime import date
from initiatives.models import Body, Meeting, Plan
from tests.initiatives import snapshot_world as frozen
body = Body.objects.get(slug="eksempeludvalget")
made = []
for number in range(1, 5):
    day = date(2020, 11, number)
    made.append(frozen.plan_of_2020(frozen.meeting(body, day, case_number="24-1"), Plan.objects.get(slug="eksempel-plan")))
print("MADE", *[row.pk for row in made])
"""


@pytest.fixture(scope="module")
def snapshots(site: Site) -> list[int]:
    """Four frozen meetings: a journey that makes a file needs one whose file is not made."""
    said = site.manage("shell", "--no-imports", "-c", FREEZE)
    return [int(pk) for pk in said.split("MADE")[1].split()]


def test_a_pdf_is_waited_for_and_fetched(watched: Watched, snapshots: list[int]) -> None:
    pk = snapshots[0 if watched.page.viewport_size["width"] > 500 else 1]  # type: ignore[index]
    page = watched.open(f"/fastfrosset/{pk}/bilag/tekst/")
    watched.check("the text for the agenda")
    page.get_by_role("button", name="Hent bilag (PDF)").click()
    expect(page).to_have_url(re.compile("/status/$"))
    ready = page.get_by_role("link", name="Hent filen")
    expect(ready).to_be_visible(timeout=40_000)
    watched.check("the file is ready")
    with page.expect_download() as download:
        ready.click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF")
    assert download.value.suggested_filename.endswith("-v1.pdf")


def test_a_file_that_is_not_made_has_a_button(watched: Watched, snapshots: list[int]) -> None:
    page = watched.open(f"/fastfrosset/{snapshots[3]}/bilag/pdf/status/")
    expect(page.get_by_role("button", name="Lav filen")).to_be_visible()
    watched.check("nothing made yet")


def test_the_bar_moves_in_place(watched_wide: Watched, snapshots: list[int]) -> None:
    page = watched_wide.open(f"/fastfrosset/{snapshots[2]}/bilag/pdf/status/")
    page.get_by_role("button", name="Lav filen").click()
    expect(page.locator("progress, a:has-text('Hent filen')").first).to_be_visible(timeout=40_000)
    expect(page.get_by_role("link", name="Hent filen")).to_be_visible(timeout=40_000)
    watched_wide.check("made in place")


def test_word_without_javascript(site: Site, without_javascript: Callable[[], Page], snapshots: list[int]) -> None:
    page = without_javascript()
    page.goto(f"{site.url}/fastfrosset/{snapshots[0]}/bilag/tekst/")
    expect(page.get_by_role("button", name=re.compile("Kopi"))).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Hent bilag (Word)").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")


def test_the_text_is_copied(watched_wide: Watched, snapshots: list[int]) -> None:
    watched_wide.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = watched_wide.open(f"/fastfrosset/{snapshots[0]}/bilag/tekst/")
    page.get_by_role("button", name=re.compile("Kopi")).click()
    expect(page.locator(".sa-agenda [role=status]")).not_to_be_empty()
    assert "Det indstilles, at" in page.evaluate("navigator.clipboard.readText()")
    watched_wide.check("the text is copied")


def test_the_secretariat_puts_its_own_paper_in(watched: Watched) -> None:
    watched.sign_in("sekretaer@example.dk")
    page = watched.open(LETTERHEAD)
    watched.check("the standard paper")
    chosen = {"name": "brev.docx", "mimeType": "application/octet-stream", "buffer": b"no word file"}
    page.set_input_files("input[name=file]", files=[chosen])  # type: ignore[list-item]
    page.locator("main form[enctype] button").click()
    expect(page.locator(".sa-errsum")).to_be_visible()
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("the refused document")
    page.set_input_files("input[name=file]", files=[{**chosen, "buffer": letter("[BILAG]")}])  # type: ignore[list-item]
    page.locator("main form[enctype] button").click()
    expect(page.get_by_role("link", name="brev.docx")).to_be_visible()
    watched.check("the own paper")
    page.locator("form[action$='/standard/'] button").click()
    expect(page.get_by_role("link", name="brev.docx")).to_have_count(0)
