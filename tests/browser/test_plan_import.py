"""A plan comes in: pasted, looked at beside the original, corrected in place, confirmed."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched

TABLE = (
    "Indhold\tForankring\tStatus\n"
    "1. Brug af data til at forebygge\n"
    "Etik og data {n}. Dilemmaer drøftes.\tSundhedskoordinationsudvalget\t"
    "Planlagt igangsat i 2. kvartal 2020, men udsat pga. COVID-19. Genoptages i 2. kvartal 2021.\n"
    "Fælles akutteams {n}. Teams på tværs.\tGruppen i Vest\tUdsat. Genoptages i foråret.\n"
)


def hand_over(page: Page, text: str, title: str) -> None:
    page.locator("textarea[name=text]").fill(text)
    page.locator("input[name=title]").fill(title)
    page.locator("input[name=as_of]").fill("2020-11-05")
    page.locator("main form[enctype] button[type=submit]").click()


def test_a_secretary_reads_a_plan_in(watched: Watched) -> None:
    width = watched.page.viewport_size["width"]  # type: ignore[index]
    title = f"Indlæst plan {width}"
    watched.sign_in("sekretaer@example.dk")
    page = watched.open("/planer/")
    page.locator("a[href='/planer/indlaes/']").click()
    watched.check("where a file is handed over")

    hand_over(page, "Ingen tabel her.", title)
    expect(page.locator(".sa-errsum")).to_be_visible()
    expect(page.locator("textarea[name=text]")).to_have_value("Ingen tabel her.")
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("a text without a table")

    hand_over(page, TABLE.format(n=width), title)
    page.wait_for_url(re.compile(r"/planer/indlaes/[0-9a-f-]+/$"))
    draft_url = page.url
    expect(page.locator("#raekke-2 mark.sa-mark--guess")).to_have_text("foråret")
    expect(page.locator("#raekke-1 details")).not_to_have_attribute("open", "")
    expect(page.locator("#import-confirm button.button-primary")).to_have_count(0)
    page.locator("#raekke-1 summary").click()
    watched.check("the preview")

    # A closed browser loses nothing: the draft waits on the page where files are handed over.
    page.goto(watched.site.url + "/planer/indlaes/")
    page.get_by_role("link", name=title).click()
    expect(page).to_have_url(draft_url)

    row = page.locator("#raekke-2")
    row.locator("a.button").click()
    expect(row.locator("input[name=title]")).to_be_visible()
    watched.check("a row being corrected")
    row.locator("input[name=new_date]").fill("5. kvartal 2021")
    row.locator("button.button-primary").click()
    expect(row.locator(".sa-errsum")).to_be_focused()
    expect(row.locator("input[name=new_date]")).to_have_value("5. kvartal 2021")
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("a row with an error")
    row.locator("input[name=new_date]").fill("2. kvartal 2021")
    row.locator("select[name=cause]").select_option(label="Bemanding og rekruttering")
    row.get_by_label("Praksisplanudvalget i Region Midtjylland").check(force=True)
    row.locator("button.button-primary").click()
    expect(row.locator(".sa-guesses")).to_contain_text(re.compile(r"2\.\s*kvartal 2021"))
    expect(row.locator("summary")).to_be_focused()
    expect(page.locator("#import-confirm button.button-primary")).to_be_visible()
    watched.check("everything looked at")

    # Another row after this one: the revision came along with the first answer.
    first = page.locator("#raekke-1")
    first.locator("summary").click()
    first.locator("button[name=drop]").click()
    expect(first.locator("button[name=drop][value='0']")).to_be_visible()
    first.locator("button[name=drop]").click()
    expect(first.locator("button[name=drop][value='1']")).to_be_visible()

    page.locator("#import-confirm button.button-primary").click()
    page.wait_for_url("**/planer/indlaest-plan-*/")
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text(f"Fælles akutteams {width}")
    page.goto(draft_url)
    expect(page).to_have_url(re.compile(r"/planer/indlaest-plan-"))


def test_the_same_without_javascript(site: Site, without_javascript: Callable[[], Page]) -> None:
    page = without_javascript()
    page.goto(site.url + "/konto/login/?next=/planer/indlaes/")
    page.locator("input[name=login]").fill("sekretaer@example.dk")
    page.locator("input[name=password]").fill("demo-demo-demo")
    page.locator("main button[type=submit]").click()
    hand_over(page, TABLE.format(n="uden"), "Indlæst uden JavaScript")
    page.locator("#raekke-2 button[name=drop]").click()
    expect(page.locator("#raekke-2 button[name=drop]")).to_have_attribute("value", "0")
    page.locator("#raekke-1 summary").click()
    page.locator("#raekke-1 a.button").click()
    page.locator("input[name=title]").fill("Etik og data, rettet")
    page.locator("main button.button-primary").first.click()
    expect(page.locator("#raekke-1 h3")).to_contain_text("Etik og data, rettet")
    page.locator("#import-confirm button.button-primary").click()
    expect(page.locator("main")).to_contain_text("Etik og data, rettet")
    expect(page.locator("main")).not_to_contain_text("Fælles akutteams uden")


def test_a_newer_version_closes_what_is_gone_only_when_asked(watched_wide: Watched) -> None:
    watched_wide.sign_in("sekretaer@example.dk")
    page = watched_wide.open("/planer/indlaes/")
    hand_over(page, TABLE.format(n="ny").replace("Gruppen i Vest", "Sundhedsstyregruppen"), "Planen før")
    page.locator("#raekke-2 a.button").click()
    page.locator("#raekke-2 select[name=cause]").select_option(label="Andet")
    page.locator("#raekke-2 button.button-primary").click()
    page.locator("#import-confirm button.button-primary").click()
    watched_wide.open("/planer/indlaes/")
    page.locator("select[name=goes_to]").select_option(label="En nyere udgave af »Planen før«")
    hand_over(page, "\n".join(TABLE.format(n="ny").splitlines()[:3]), "")
    expect(page.locator("li[id^=mangler-faelles-akutteams]")).to_be_visible()
    watched_wide.check("a newer version")
    gone = page.locator("li[id^=mangler-faelles-akutteams]")
    gone.get_by_label("Luk punktet").check(force=True)
    gone.locator("input[name=reason]").fill("Opgaven er løst.")
    gone.locator("button").click()
    expect(page.locator("#import-confirm")).to_contain_text("1 lukket punkt")
