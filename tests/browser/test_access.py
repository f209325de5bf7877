"""Who can do what: the page that prints the table, and the refusal that leads to it."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Watched


def test_the_table_is_read_by_everybody(watched: Watched) -> None:
    page = watched.open("/om/adgang/")
    watched.check("who can do what")
    page.get_by_role("link", name="Møder og fastfrosne planer").click()
    expect(page).to_have_url(re.compile(r"#adgang-4$"))
    row = page.get_by_role("row").filter(has_text="Godkende det, der skal fastfryses")
    assert "Formand" in row.inner_text()
    assert "Administrator" not in row.inner_text()


def test_somebody_refused_is_told_who_can_and_finds_the_table(watched: Watched) -> None:
    page = watched.sign_in("klyngeleder@example.dk")
    response = page.goto(watched.site.url + "/planer/eksempel-plan/rediger/")
    assert response is not None
    assert response.status == 403
    watched.messages.clear()  # the browser itself notes the 403
    assert "Kun sekretariatet" in page.locator("main").inner_text()
    watched.check("refused")
    page.get_by_role("link", name="Se, hvem der kan hvad").click()
    page.get_by_role("heading", name="Hvilke roller har I i dag?").wait_for()
    watched.check("who can do what, with one's own roles")
