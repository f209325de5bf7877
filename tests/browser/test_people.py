"""Somebody is invited by mail, opens an account, goes away with a deputy, and is closed again by an administrator."""

from __future__ import annotations

import re
import time
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.conftest import Site, Watched

BODY = "/udvalg/eksempeludvalget/"
PASSWORD = "fire ord i en raekke"


def link_in_mail(site: Site, email: str, seconds: float = 30) -> str:
    """The address in the mail the worker has written."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        for path in (site.folder / "mail").glob("*.log"):
            text = path.read_text(encoding="utf-8", errors="replace").replace("=\n", "")
            if f"To: {email}" in text:
                found = re.search(r"/invitation/[\w-]+/", text)
                assert found, text
                return found.group(0)
        time.sleep(0.2)
    raise AssertionError(f"no mail to {email}")


def sign_out(watched: Watched) -> None:
    watched.page.locator("footer form[action='/konto/logout/'] button").click()
    watched.page.wait_for_load_state()


def test_from_invitation_to_closing(watched: Watched, site: Site) -> None:
    width = watched.page.viewport_size["width"]  # type: ignore[index]
    email, name = f"invitation{width}@example.org", f"Ny leder {width}"
    # A secretary invites
    watched.sign_in("sekretaer@example.dk")
    watched.open(BODY)
    watched.check("body")
    page = watched.open(BODY + "personer/")
    watched.check("people of a body")
    page.locator(".sa-answer a[href$='/inviter/']").click()
    watched.check("invite")
    page.locator("input[name=email]").fill("ikke en adresse")
    page.locator("main form.sa-form button[type=submit]").click()
    expect(page.locator(".sa-errsum")).to_be_visible()
    watched.messages.clear()  # Chromium reports a form that is refused
    watched.check("invite, refused")
    page.locator("input[name=email]").fill(email)
    page.locator("select[name=role]").select_option("lead")
    page.locator("main form.sa-form button[type=submit]").click()
    page.wait_for_url("**/personer/")
    expect(page.locator(".sa-invited")).to_contain_text(email)
    watched.check("people of a body with an invitation")
    sign_out(watched)
    # The link opens an account
    link = link_in_mail(site, email)
    watched.open(link)
    watched.check("invitation")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.locator("main form.sa-form button[type=submit]").click()
    page.wait_for_url("**" + BODY)
    expect(page.locator(".sa-note--success")).to_be_visible()
    # Away tomorrow, with the chair as deputy; ended again
    tomorrow = (date.today() + timedelta(days=1)).isoformat()
    watched.open("/mine/fravaer/")
    watched.check("absence")
    page.locator("input[name=first_day]").fill(tomorrow)
    page.locator("input[name=last_day]").fill(tomorrow)
    page.locator("select[name=deputy]").select_option(label="Formand (demo)")
    page.locator("main form.sa-form button[type=submit]").click()
    page.wait_for_url("**/mine/profil/")
    watched.check("profile")
    page.locator("form[action^='/fravaer/'] button").click()
    expect(page.locator("form[action^='/fravaer/']")).to_have_count(0)
    sign_out(watched)
    # A used link says so
    answer = page.goto(site.url + link)
    assert answer is not None
    assert answer.status == 410
    watched.messages.clear()  # Chromium reports the 410
    watched.check("invitation that was used")
    # An administrator finds and closes the account
    watched.sign_in("administrator@example.dk")
    watched.open(f"/personer/?q={email}")
    watched.check("accounts")
    page.get_by_role("link", name=name).click()
    watched.check("account")
    page.locator("a[href$='/luk/']").click()
    watched.check("closing an account")
    page.locator("main form.sa-form button[type=submit]").click()
    page.wait_for_url(re.compile(r"/personer/\d+/$"))
    expect(page.locator("form[action$='/genaabn/']")).to_be_visible()
    watched.check("closed account")


def test_the_last_secretary_is_asked_about_without_javascript(without_javascript: object, site: Site) -> None:
    page = without_javascript()  # type: ignore[operator]
    page.goto(site.url + "/konto/login/")
    page.locator("input[name=login]").fill("administrator@example.dk")
    page.locator("input[name=password]").fill("demo-demo-demo")
    page.locator("main button[type=submit]").click()
    page.goto(site.url + "/udvalg/sundhedsstyregruppen-midtjylland/personer/")
    page.locator("a[href$='/afslut/']").first.click()
    page.locator("main form.sa-form button[type=submit]").click()
    expect(page.locator("input[name=confirmed]")).to_be_visible()
    expect(page.locator(".sa-errsum")).to_be_visible()
