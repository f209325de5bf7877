"""The words are read while they are typed: one sentence, one press to use it, and nothing that was set by hand is lost."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched
from tests.browser.test_journeys import item, open_editor, sign_in

WORDS = "Planlagt igangsat primo 2030, men udsat pga. COVID-19. Genoptages i 2. kvartal 2031. Status til foråret 2032."


def test_the_sentence_follows_the_words_and_one_press_fills_the_fields(watched: Watched) -> None:
    watched.sign_in("sekretaer@example.dk")
    page = watched.open(item(3))
    open_editor(page, 3)
    panel = page.locator("#status-3")
    words, due = panel.locator("textarea[name=text]"), panel.locator("input[name=due]")
    sentence, use = panel.locator(".sa-read__sentence"), panel.locator("button[name=use_reading]")

    # Set by hand first: typing must leave it alone.
    panel.locator("input[value=in_progress]").check(force=True)
    due.fill("uge 34 2033")
    words.fill("")
    expect(panel.locator("#laest-3")).to_contain_text("Skriv noget")
    words.press_sequentially(WORDS)
    expect(sentence).to_have_text(re.compile(r"^Læst som: udsat, .*passer det\?$"))
    for said in ("lovet til primo 2030", "genoptages 2. kvartal 2031", "årsag COVID-19", "foråret 2032"):
        expect(sentence).to_contain_text(said)
    expect(panel.locator("#laest-3 mark.sa-mark--sure").filter(has_text="2. kvartal 2031")).to_be_visible()
    expect(panel.locator(".sa-differs")).to_be_visible()
    expect(panel.locator("input[value=in_progress]")).to_be_checked()
    expect(due).to_have_value("uge 34 2033")
    watched.check("the words read while typing")

    # Choosing the state that was read takes the objection away.
    panel.locator("input[value=postponed]").check(force=True)
    expect(panel.locator(".sa-differs")).to_have_count(0)
    panel.locator("input[value=in_progress]").check(force=True)
    expect(panel.locator(".sa-differs")).to_be_visible()

    # Tab and Enter are enough.
    words.focus()
    page.keyboard.press("Tab")
    expect(use).to_be_focused()
    page.keyboard.press("Enter")
    filled = panel.locator(".sa-filled")
    expect(filled).to_be_focused()
    expect(panel.locator("input[value=postponed]")).to_be_checked()
    expect(due).to_have_value("2. kvartal 2031")
    expect(panel.locator("select[name=cause] option:checked")).to_have_text("COVID-19")
    expect(words).to_have_value(WORDS)
    watched.check("the fields filled in")


def test_enter_in_a_field_saves_and_takes_no_suggestion(watched_wide: Watched) -> None:
    watched_wide.sign_in("sekretaer@example.dk")
    page = watched_wide.open(item(5))
    open_editor(page, 5)
    panel = page.locator("#status-5")
    panel.locator("textarea[name=text]").fill("Udsat til 2. kvartal 2031 pga. COVID-19.")
    expect(panel.locator("button[name=use_reading]")).to_be_visible()
    panel.locator("input[value=in_progress]").check(force=True)
    panel.locator("input[name=no_date]").set_checked(False, force=True)
    panel.locator("input[name=due]").fill("3. kvartal 2032")
    panel.locator("input[name=due]").press("Enter")
    expect(panel.locator("textarea[name=text]")).to_have_count(0)
    expect(panel).to_contain_text(re.compile("i gang", re.IGNORECASE))


def test_without_javascript_a_button_reads_the_words(site: Site, without_javascript: Callable[[], Page]) -> None:
    page = without_javascript()
    sign_in(page, site, "sekretaer@example.dk")
    page.goto(site.url + item(6) + "status/")
    page.locator("textarea[name=text]").fill("Sat på standby siden marts 2030. Genoptages.")
    page.locator("button[name=read_again]").click()
    expect(page.locator(".sa-read__sentence")).to_contain_text("lovet uden dato")
    expect(page.locator("input[value=on_hold]")).not_to_be_checked()
    page.locator("button[name=use_reading]").click()
    expect(page.locator("input[value=on_hold]")).to_be_checked()
    expect(page.locator("input[name=since]")).to_have_value("marts 2030")
