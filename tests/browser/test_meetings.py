"""A body's meetings: registered, a year at a time, answered for, written about by keyboard alone, decided at."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Watched

BODY = "eksempeludvalget"
STATUSES = (
    "Planlagt igangsat i 2. kvartal 2026, men udsat pga. bemanding. Genoptages i 2. kvartal 2028.",
    "Igangsat i november 2025. Evaluering forventes 1. kvartal 2028.",
    "Sat på standby siden marts 2026 pga. økonomi. Genoptages 1. kvartal 2028.",
    "Forsinket pga. it. Status udarbejdes 2. kvartal 2028.",
    "Afsluttet i 3. kvartal 2026.",
    "I drift siden 1. september 2025.",
)


def plan_of_seven(watched: Watched, title: str) -> str:
    """Seven items read in from a pasted table; the plan's address."""
    page = watched.open("/planer/indlaes/")
    rows = "\n".join(f"Punkt {n} i {title}\tEksempeludvalget\tI gang." for n in range(1, 8))
    page.locator("select[name=goes_to]").select_option(label="En ny plan for Eksempeludvalget")
    page.locator("textarea[name=text]").fill(f"Indhold\tForankring\tStatus\n{rows}\n")
    page.locator("input[name=title]").fill(title)
    page.locator("main form[enctype] button[type=submit]").click()
    page.locator("#import-confirm button.button-primary").click()
    page.wait_for_url("**/planer/*/")
    return page.url.rstrip("/").rsplit("/", 1)[1]


def register(page: Page, day: str, title: str) -> str:
    """The meeting's address."""
    page.locator("select[name=body]").select_option(label="Eksempeludvalget")
    page.locator("input[name=day]").fill(day)
    page.locator("input[name=title]").fill(title)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/moeder/\d+/$"))
    return page.url


def test_seven_statuses_by_keyboard_alone_with_at_most_sixty_presses(watched_wide: Watched) -> None:
    watched_wide.sign_in("sekretaer@example.dk")
    plan = plan_of_seven(watched_wide, "Tastaturplan")
    page = watched_wide.open("/moeder/nyt/")
    register(page, "2027-09-02", "Tastaturmøde")
    presses = 0

    def press(key: str) -> None:
        nonlocal presses
        page.keyboard.press(key)
        presses += 1

    # From the meeting's page to the grid: past the menu by its skip link, then on until the link to the grid of this plan.
    press("Tab")
    press("Enter")
    link = f"/planer/{plan}/statusser/"
    while link not in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
        press("Tab")
        assert presses < 40, "the grid cannot be reached by Tab"
    press("Enter")
    page.wait_for_url(f"**{link}")
    expect(page.locator("li.sa-gridrow textarea").first).to_be_focused()
    for number, words in enumerate((*STATUSES, None), start=1):
        expect(page.locator(f"#p{number}-text")).to_be_focused()
        if words is None:
            press("Alt+u")  # the seventh is unchanged
            break
        page.keyboard.type(words)
        while page.evaluate("document.activeElement.id") != f"p{number + 1}-text":
            press("Tab")
            assert presses < 80, "the next item cannot be reached by Tab"
    press("Control+Enter")
    page.wait_for_url(re.compile(r"/moeder/\d+/(#.*)?$"))
    assert presses <= 60, f"{presses} key presses"

    watched_wide.open(f"/planer/{plan}/")
    for number, word in (
        (1, "Udsat"),
        (2, "I gang"),
        (3, "På standby"),
        (4, "Forsinket"),
        (5, "Afsluttet"),
        (6, "I drift"),
    ):
        item = watched_wide.open(f"/planer/{plan}/punkter/{number}/")
        expect(item.locator("main")).to_contain_text(word)
        expect(item.locator("main")).to_contain_text(STATUSES[number - 1][:40])
    assert watched_wide.messages == []


def test_a_meeting_from_its_day_to_its_decisions(watched: Watched) -> None:
    width = watched.page.viewport_size["width"]  # type: ignore[index]
    watched.sign_in("sekretaer@example.dk")
    plan = plan_of_seven(watched, f"Mødeplan {width}")
    page = watched.open("/moeder/")
    watched.check("the list of meetings")
    page.get_by_role("link", name="Opret et møde").first.click()
    watched.check("a new meeting")
    meeting = register(page, "2028-01-13" if width == 390 else "2028-02-10", f"Møde {width}")
    watched.check("the page of a meeting")

    # One click says that nothing has changed, and the tally of the plan follows.
    row = page.locator("li.sa-answerrow", has_text=f"Punkt 1 i Mødeplan {width}")
    row.get_by_role("button", name=re.compile("^Uændret")).click()
    expect(page.locator("li.sa-answerrow", has_text=f"Punkt 1 i Mødeplan {width}")).to_contain_text("Uændret")
    watched.check("one item answered")

    # Words with a doubt in them are asked about, and nothing of the grid is lost.
    page.goto(f"{meeting}planer/{plan}/statusser/")
    page.locator("#p2-text").fill("Det går fint med at komme videre.")
    page.locator("#p3-text").fill("Udsat pga. bemanding. Genoptages i 2. kvartal 2029.")
    expect(page.locator("#p3-laest")).to_contain_text("2. kvartal 2029")
    watched.check("the grid while somebody writes")
    page.locator(".sa-gridsave button[type=submit]").click()
    expect(page.locator(".sa-errsum")).to_be_visible()
    expect(page.locator("#p3-text")).to_have_value("Udsat pga. bemanding. Genoptages i 2. kvartal 2029.")
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("the grid with a doubt")
    page.locator("#p2-state").select_option(label="I gang")
    page.locator(".sa-gridsave button[type=submit]").click()
    page.wait_for_url(re.compile(r"/moeder/\d+/(#.*)?$"))

    # Decisions are written once the meeting has been held.
    page.goto(f"{watched.site.url}/moeder/?udvalg={BODY}")
    page.locator("section[aria-labelledby=past] a").first.click()
    page.get_by_role("link", name="Skriv beslutninger").first.click()
    page.locator("main textarea").first.fill("Udvalget tog status til efterretning.")
    watched.check("decisions being written")
    page.locator("main form.sa-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/moeder/\d+/(#.*)?$"))
    expect(page.locator("main")).to_contain_text("Udvalget tog status til efterretning.")
    watched.check("a meeting with a decision")


def test_a_year_of_meetings_is_seen_before_it_is_registered(watched: Watched) -> None:
    year = 2030 if watched.page.viewport_size["width"] == 390 else 2031  # type: ignore[index]
    watched.sign_in("sekretaer@example.dk")
    page = watched.open("/moeder/aarsplan/")
    watched.check("where a year is pasted")
    page.locator("select[name=body]").select_option(label="Eksempeludvalget")
    text = f"10. januar {year}\n31. februar {year}\n4. april {year}; Temamøde\n"
    page.locator("form.sa-form textarea[name=text]").fill(text)
    page.locator("form.sa-form button[type=submit]").click()
    expect(page.locator(".sa-errsum")).to_contain_text("Linje 2")
    expect(page.locator("form.sa-form textarea[name=text]")).to_have_value(text)
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("a year with an error")
    page.locator("form.sa-form textarea[name=text]").fill(text.replace("31. februar", "28. februar"))
    page.locator("form.sa-form button[type=submit]").click()
    expect(page.locator("table.sa-table tbody tr")).to_have_count(3)
    watched.check("a year as it would be registered")
    page.get_by_role("button", name="Opret møderne").click()
    page.goto(f"{watched.site.url}/moeder/?udvalg={BODY}")
    expect(page.locator("main")).to_contain_text("Temamøde")
