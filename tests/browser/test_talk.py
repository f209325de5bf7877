"""Colleagues comment, name each other, follow things and read what is new: in a real browser, with and without script."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched

SECRETARY, READER = "sekretaer@example.dk", "politiker@example.dk"


def plan_with_items(page: Page, title: str) -> str:
    """Two items read in from a pasted table; the plan's address."""
    page.goto(page.url.split("/mine/")[0] + "/planer/indlaes/")
    rows = "\n".join(f"Løfte {n} i {title}\tEksempeludvalget\tI gang." for n in (1, 2))
    page.locator("select[name=goes_to]").select_option(label="En ny plan for Eksempeludvalget")
    page.locator("textarea[name=text]").fill(f"Indhold\tForankring\tStatus\n{rows}\n")
    page.locator("input[name=title]").fill(title)
    page.locator("main form[enctype] button[type=submit]").click()
    page.locator("#import-confirm button.button-primary").click()
    page.wait_for_url("**/planer/*/")
    return page.url


def change_to(watched: Watched, email: str) -> None:
    """Somebody else at the same browser; nothing of the page before may still be on its way."""
    watched.page.goto("about:blank")
    watched.page.context.clear_cookies()
    watched.sign_in(email)


def test_a_colleague_is_named_with_the_keyboard_and_finds_it(watched: Watched) -> None:
    title = f"Samtaleplan {watched.page.viewport_size['width']}"  # type: ignore[index]
    page = watched.sign_in(SECRETARY)
    item = plan_with_items(page, title) + "punkter/1/"
    page.goto(item)
    talk, words = page.locator("#kommentarer"), page.locator("#kommentarer textarea")
    expect(talk).to_contain_text("Ingen har skrevet en kommentar endnu.")
    watched.check("an item without comments")

    # After an @ the names that fit come up; the arrows and Enter choose, Escape closes.
    words.click()
    page.keyboard.type("Kan du se på det, @")
    names = talk.get_by_role("listbox")
    expect(names).to_be_visible()
    watched.check("names to choose from")
    page.keyboard.press("Escape")
    expect(names).to_be_hidden()
    page.keyboard.type("poli")
    expect(names.get_by_role("option")).to_have_count(1)
    active = words.get_attribute("aria-activedescendant")
    assert active == names.get_by_role("option").first.get_attribute("id")
    page.keyboard.press("Enter")
    expect(words).to_have_value("Kan du se på det, @Politiker (demo) ")
    expect(words).to_be_focused()
    page.keyboard.type("før mødet?")
    talk.get_by_role("button", name="Gem kommentaren").click()
    expect(talk.locator("[role=status]").first).to_contain_text("Kommentaren er gemt.")
    expect(talk.locator("li b", has_text="@Politiker (demo)")).to_be_visible()
    watched.check("a comment")

    # A CPR number is refused, and nothing that was typed is lost.
    words.fill("Borger 010190-1237 har svaret.")
    talk.get_by_role("button", name="Gem kommentaren").click()
    expect(talk.locator(".sa-errsum")).to_be_focused()
    expect(words).to_have_value("Borger 010190-1237 har svaret.")
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("a comment that was refused")
    words.fill("En fejl.")
    talk.get_by_role("button", name="Gem kommentaren").click()
    talk.locator("li", has_text="En fejl.").get_by_role("button", name=re.compile("^Træk kommentaren")).click()
    expect(talk.locator("li").last).to_contain_text("Trukket tilbage")
    watched.check("a comment withdrawn")

    change_to(watched, READER)
    mine = page.locator("#nyt li", has_text=f"1. Løfte 1 i {title}")
    expect(mine).to_contain_text("Sekretær (demo)")
    watched.check("what is new to me")
    mine.get_by_role("button", name=re.compile("^Læs og svar")).click()
    page.wait_for_url("**/kommentarer/#kommentar-*")
    expect(page.locator("main")).to_contain_text("Din rolle læser kommentarer")
    watched.check("the page of comments")
    watched.open("/mine/")
    expect(page.locator("#omtaler-h")).to_be_visible()
    expect(page.locator("#nyt li", has_text=f"1. Løfte 1 i {title}")).to_have_count(0)


def test_what_somebody_follows_is_told_and_seen(watched: Watched) -> None:
    title = f"Fulgtplan {watched.page.viewport_size['width']}"  # type: ignore[index]
    page = watched.sign_in(SECRETARY)
    plan = plan_with_items(page, title)

    change_to(watched, READER)
    for path in ("/maal/sammenhaengende-patientforloeb/", "/omraader/791/", "/initiativer/dosispakket-medicin/", plan):
        page.goto(path if path.startswith("http") else watched.site.url + path)
        follow = page.locator("#foelg")
        expect(follow.get_by_role("button")).to_be_visible()
        # At the other width it was done already.
        if follow.get_by_role("button", name=re.compile(r"^Følg\s*:")).count():
            follow.get_by_role("button").click()
        expect(follow.get_by_role("button", name=re.compile("^Følg ikke mere"))).to_be_visible()
        watched.check(f"following {path}")

    change_to(watched, SECRETARY)
    page.goto(plan + "punkter/2/")
    page.locator("#status-2").get_by_role("button", name=re.compile("^Uændret")).wait_for()
    page.locator("#status-2").get_by_role("link", name=re.compile("Opdat")).click()
    page.locator("#status-2 textarea[name=text]").fill("Afsluttet i 3. kvartal 2026.")
    page.locator("#status-2 input[value=completed]").check(force=True)
    page.locator("#status-2 button.button-primary").click()
    expect(page.locator("#status-2 textarea")).to_have_count(0)

    change_to(watched, READER)
    news = page.locator("#nyt li", has_text=title)
    expect(news.first).to_contain_text(f"2. Løfte 2 i {title}: nu afsluttet.")
    page.locator("#foelger summary").click()
    watched.check("news and what is followed")
    page.get_by_role("button", name="Markér alle ændringer som set").click()
    page.wait_for_url("**/mine/")
    expect(page.locator("#nyt")).to_contain_text("Intet nyt siden")
    page.get_by_role("link", name=re.compile("^Mail om det, der er nyt")).click()
    watched.check("the choice of a rhythm")
    page.locator("input[value=weekly]").check(force=True)
    page.locator("main form.sa-form button[type=submit]").click()
    page.wait_for_url("**/mine/")
    expect(page.locator("main")).to_contain_text("Dit valg er gemt.")


def test_without_javascript_all_of_it_works(site: Site, without_javascript: Callable[[], Page]) -> None:
    page = without_javascript()
    page.goto(site.url + "/initiativer/dosispakket-medicin/")
    page.locator("#foelg a").click()
    page.locator("input[name=login]").fill(SECRETARY)
    page.locator("input[name=password]").fill("demo-demo-demo")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/foelg/initiativ/dosispakket-medicin/")
    page.locator("#foelg button").click()
    page.wait_for_url("**/initiativer/dosispakket-medicin/")

    page.goto(site.url + "/mine/")
    item = plan_with_items(page, "Samtaleplan uden script") + "punkter/1/"
    page.goto(item)
    page.locator("#kommentarer a").click()
    page.locator("#kommentarer textarea").fill("Til orientering.")
    page.locator("#kommentarer select").select_option(label="Politiker (demo)")
    page.get_by_role("button", name="Gem kommentaren").click()
    expect(page.locator("#kommentarer")).to_contain_text("Til: Politiker (demo)")
    page.goto(site.url + "/mine/")
    page.locator("#nyt a").click()
    expect(page.locator("main")).to_contain_text("Hvad er ændret på det, du følger?")
    expect(page.locator("#foelger")).to_contain_text("Du følger")


def test_a_visitor_sees_where_colleagues_talk_and_nothing_of_it(watched: Watched) -> None:
    page = watched.open("/planer/eksempel-plan/punkter/3/")
    expect(page.locator("#kommentarer")).to_contain_text("Kolleger kommenterer her, når de er logget ind.")
    expect(page.locator("#foelg a")).to_be_visible()
    watched.check("an item for a visitor")
