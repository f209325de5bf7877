"""What the people do, step by step, in a real browser on the real site. Each journey works on an item of its own."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site, Watched

EXAMPLE = "/planer/eksempel-plan/"


def item(number: int) -> str:
    return f"{EXAMPLE}punkter/{number}/"


def open_editor(page: Page, number: int) -> None:
    page.locator(f"#status-{number}").get_by_role("link", name=re.compile("Opdat")).click()
    expect(page.locator(f"#status-{number} textarea[name=text]")).to_be_visible()


def test_secretary_writes_a_status_inline(watched: Watched, request: object) -> None:
    number = 2 if watched.page.viewport_size["width"] > 500 else 4  # type: ignore[index]
    watched.sign_in("sekretaer@example.dk")
    page = watched.open(item(number))
    open_editor(page, number)
    watched.check("the open editor")
    panel = page.locator(f"#status-{number}")

    panel.locator("textarea[name=text]").fill("Udsat. Genoptages i 5. kvartal 2031.")
    panel.locator("input[value=postponed]").check(force=True)
    panel.locator("input[name=due]").fill("5. kvartal 2031")
    panel.locator("button.button-primary").click()
    summary = panel.locator(".sa-errsum")
    expect(summary).to_be_visible()
    expect(summary).to_be_focused()
    expect(panel.locator("textarea[name=text]")).to_have_value("Udsat. Genoptages i 5. kvartal 2031.")
    # The form with errors is answered with 422; the browser notes that, and nothing else.
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("the editor with errors")

    panel.locator("textarea[name=text]").fill("Udsat pga. bemanding. Genoptages i 2. kvartal 2031.")
    panel.locator("input[name=due]").fill("2. kvartal 2031")
    panel.locator("select[name=cause]").select_option(label="Bemanding og rekruttering")
    panel.locator("button.button-primary").click()
    expect(panel.locator("textarea[name=text]")).to_have_count(0)
    expect(panel).to_contain_text("Udsat")
    expect(panel).to_contain_text("Genoptages i 2. kvartal 2031.")
    watched.check("the saved status")

    plan = watched.open(EXAMPLE)
    expect(plan.locator(f"#status-{number}")).to_contain_text("Genoptages i 2. kvartal 2031.")
    expect(plan.locator(".sa-tl")).to_contain_text(re.compile(r"2\.\s*kvartal 2031"))


def test_status_without_javascript(site: Site, without_javascript: Callable[[], Page]) -> None:
    page = without_javascript()
    sign_in(page, site, "sekretaer@example.dk")
    page.goto(site.url + item(8))
    page.locator("#status-8").get_by_role("link", name=re.compile("Opdat")).click()
    page.locator("textarea[name=text]").fill("I gang. Første udkast ligger klar.")
    page.locator("input[value=in_progress]").check(force=True)
    page.locator(".sa-edit button.button-primary").click()
    expect(page.locator("#status-8")).to_contain_text("Første udkast ligger klar.")


def test_two_people_write_at_once(browser: Browser, site: Site) -> None:
    first, second = browser.new_page(locale="da-DK"), browser.new_page(locale="da-DK")
    try:
        for page in (first, second):
            sign_in(page, site, "sekretaer@example.dk")
            page.goto(site.url + item(7))
            open_editor(page, 7)
        for page, words in ((first, "Den førstes ord."), (second, "Den andens ord.")):
            page.locator("#status-7 textarea[name=text]").fill(words)
            page.locator("#status-7 input[value=in_progress]").check(force=True)
            page.locator("#status-7 button.button-primary").click()
            page.wait_for_timeout(300)
        conflict = second.locator(".sa-conflict")
        expect(conflict).to_contain_text("Den førstes ord.")
        expect(conflict).to_contain_text("Den andens ord.")
        expect(second.locator("#status-7 textarea[name=text]")).to_have_value("Den andens ord.")
        conflict.locator("button[type=submit]").click()
        expect(second.locator(".sa-conflict")).to_have_count(0)
        expect(second.locator("#status-7")).to_contain_text("Den andens ord.")
        second.goto(site.url + item(7))
        expect(second.locator("main")).to_contain_text("Den førstes ord.")  # still in the history
    finally:
        first.close()
        second.close()


def test_unchanged_is_one_click_from_my_tasks(watched_wide: Watched) -> None:
    page = watched_wide.sign_in("sekretaer@example.dk")
    watched_wide.check("/mine/")
    row = page.locator("li").filter(has_text="Fælles tjekliste").last
    with page.expect_response(lambda response: response.request.method == "POST"):
        row.get_by_role("button", name=re.compile("Uændret")).click()
    watched_wide.open(item(1))
    expect(page.locator("main")).to_contain_text("ændret")


def test_a_cpr_number_is_refused_and_the_other_words_stay(watched_wide: Watched) -> None:
    watched_wide.sign_in("sekretaer@example.dk")
    page = watched_wide.open(item(3))
    open_editor(page, 3)
    page.locator("#status-3 textarea[name=text]").fill("Aftalt med borgeren 010190-1234 i går.")
    page.locator("#status-3 input[value=in_progress]").check(force=True)
    page.locator("#status-3 button.button-primary").click()
    expect(page.locator("#status-3 .sa-errsum")).to_contain_text("CPR")
    page.goto(watched_wide.site.url + item(3))
    expect(page.locator("main")).not_to_contain_text("010190")


def test_cluster_lead_logs_an_initiative_in_five_fields(watched: Watched) -> None:
    title = f"Tidlig opsporing {watched.page.viewport_size['width']}"  # type: ignore[index]
    page = watched.sign_in("klyngeleder@example.dk")
    watched.open("/initiativer/nyt/")
    watched.check("the five fields")
    page.locator("input[name=title]").fill(title)
    page.locator("textarea[name=target_group]").fill("Ældre borgere i hjemmeplejen")
    page.locator("textarea[name=what]").fill("Personalet bruger den samme tjekliste i alle tre kommuner.")
    page.locator("select[name=goal]").select_option(index=2)
    page.locator("main button.button-primary").click()
    expect(page.locator("h1")).to_contain_text(title)
    watched.check("the new initiative")
    watched.open("/initiativer/")
    expect(page.locator("main")).to_contain_text(title)


def test_a_politician_reads_and_is_told_who_can_write(site: Site, watched_wide: Watched) -> None:
    page = watched_wide.sign_in("politiker@example.dk")
    watched_wide.open(item(2))
    expect(page.locator("#status-2").get_by_role("link", name=re.compile("Opdat"))).to_have_count(0)
    page.goto(site.url + item(2) + "status/")
    expect(page.locator("main")).to_contain_text("Eksempeludvalget")


def test_a_steward_fetches_figures_and_sees_the_run(watched_wide: Watched) -> None:
    watched_wide.sign_in("data@example.dk")
    page = watched_wide.open("/data/")
    watched_wide.check("/data/ as steward")
    page.locator("form[action*='/data/nationale_maal/hent/'] button").click()
    expect(page.locator("main")).to_contain_text(re.compile("Intet nyt|Kører|sat i gang|venter"), timeout=15_000)


def test_the_keyboard_reaches_the_content_first(watched_wide: Watched) -> None:
    page = watched_wide.open("/")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "#content"
    for _ in range(25):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.boxShadow !== 'none' || s.outlineStyle !== 'none'; })()"
        )
        assert ring, page.evaluate("document.activeElement.outerHTML")


def test_choosing_an_area_follows_the_reader(watched_wide: Watched) -> None:
    page = watched_wide.open("/omraader/791/")
    page.locator("form[action*='/vaelg/'] button").first.click()
    watched_wide.open("/")
    expect(page.locator(".sa-area")).to_contain_text("Viborg")


def sign_in(page: Page, site: Site, email: str) -> None:
    page.goto(site.url + "/konto/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill("demo-demo-demo")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/mine/**")
