"""Signing in with a passkey, with codes from an app and through a workplace, in a real browser under the strict policy."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NARROW, WIDE, Site, Watched, served
from tests.oidc_server import SECRET
from tests.oidc_world import Server, running_server

PASSWORD = "demo-demo-demo"
SECURITY = "/konto/sikkerhed/"
_numbers = itertools.count(1)


def new_person(site: Site) -> str:
    """An account of one's own: a second step on a demo user would stand in the way of every other journey."""
    email = f"sikkerhed{next(_numbers)}-{os.getpid()}@example.org"
    code = f"from sundhedsaftale.models import User; User.objects.create_user({email!r}, {PASSWORD!r}, name='Sekretær')"
    site.manage("shell", "--no-imports", "-c", code)
    return email


def give_a_device(page: Page) -> None:
    """A phone with a fingerprint reader, as Chromium plays it."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def write_password_again(page: Page) -> None:
    page.wait_for_url("**/konto/reauthenticate/**")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button[type=submit]").first.click()


def sign_in(watched: Watched, email: str) -> None:
    """By password; where there are workplaces, theirs are not the first button."""
    page = watched.page
    page.goto(watched.site.url + "/konto/login/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()


def sign_out(page: Page) -> None:
    page.locator("footer form[action='/konto/logout/'] button").click()
    page.wait_for_load_state()


def code_of(secret: str, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(timezone.now().timestamp()) // 30 + steps))


def test_a_passkey_is_added_and_opens_the_account_alone(watched: Watched) -> None:
    page = watched.page
    give_a_device(page)
    watched.sign_in(new_person(watched.site))
    page.get_by_role("link", name="Log ind og sikkerhed").click()
    page.wait_for_url(f"**{SECURITY}")
    watched.check("sign-in and security")
    page.locator(f"a[href='{SECURITY}noegler/ny/']").click()
    write_password_again(page)
    page.wait_for_url("**/noegler/ny/")
    watched.check("add a passkey")
    page.locator("input[name=name]").fill("Telefonen")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/koder/")
    watched.check("recovery codes")
    watched.open(SECURITY)
    expect(page.locator("b", has_text="Telefonen")).to_be_visible()
    watched.check("sign-in and security with a passkey")
    sign_out(page)
    watched.open("/konto/login/")
    watched.check("sign in")
    page.locator("#passkey_login").click()
    page.wait_for_url("**/mine/**")
    # Nobody was asked for a password or a second step.
    watched.open(SECURITY)
    page.get_by_role("link", name="Fjern Telefonen").click()
    write_password_again(page)
    page.wait_for_url("**/fjern/")
    watched.check("remove the passkey")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**{SECURITY}")
    expect(page.locator("b", has_text="Telefonen")).to_have_count(0)


def test_a_passkey_is_a_second_step_too_and_what_goes_wrong_is_said(watched_wide: Watched) -> None:
    page = watched_wide.page
    give_a_device(page)
    email = new_person(watched_wide.site)
    watched_wide.sign_in(email)
    watched_wide.page.goto(watched_wide.site.url + SECURITY + "noegler/ny/")
    write_password_again(page)
    page.wait_for_url("**/noegler/ny/")
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url("**/koder/")
    sign_out(page)
    sign_in(watched_wide, email)
    page.wait_for_url("**/trin-to/")
    watched_wide.check("one more step")
    # A device that knows nothing of us: the page says so, and not the console.
    page.evaluate(
        "() => { navigator.credentials.get = () => Promise.reject(new DOMException('no', 'NotAllowedError')); }"
    )
    page.locator("#mfa_webauthn_authenticate").click()
    expect(page.locator("#passkey_problem")).to_be_visible()
    watched_wide.check("one more step that went wrong")
    page.reload()
    page.locator("#mfa_webauthn_authenticate").click()
    page.wait_for_url("**/mine/**")


def test_codes_from_an_app(watched: Watched) -> None:
    page = watched.page
    email = new_person(watched.site)
    watched.sign_in(email)
    page.goto(watched.site.url + SECURITY + "app/")
    write_password_again(page)
    page.wait_for_url("**/app/")
    watched.check("turn on codes from an app")
    assert page.locator(".sa-qr").evaluate("image => image.complete && image.naturalWidth > 0")
    secret = page.locator("#totp_key").inner_text()
    page.locator("input[name=code]").fill("x")
    page.locator("main button[type=submit]").first.click()
    watched.check("a wrong code")
    expect(page.locator("#totp_key")).to_have_text(secret)
    page.locator("input[name=code]").fill(code_of(secret, -1))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/koder/")
    for path in ("", "koder/nye/", "app/fjern/", "igen/"):
        watched.open(SECURITY + path)
        watched.check(path)
    sign_out(page)
    sign_in(watched, email)
    page.wait_for_url("**/trin-to/")
    watched.check("one more step")
    page.locator("input[name=code]").fill(code_of(secret))
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/mine/**")


# --- Through a workplace ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def provider() -> Iterator[Server]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="module")
def site_with_workplace(provider: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    patch = pytest.MonkeyPatch()
    patch.setenv("OIDC_PROVIDERS", provider.configuration("alfa", "beta", contact="it@region.example"))
    patch.setenv("OIDC_TEST_SECRET", SECRET)
    patch.setenv("NO_PROXY", "*")
    try:
        with served(tmp_path_factory.mktemp("workplace"), "workplace") as site:
            yield site
    finally:
        patch.undo()


@pytest.fixture(params=[WIDE, NARROW], ids=["1280", "390"])
def at_work(
    request: pytest.FixtureRequest, browser: Browser, site_with_workplace: Site, axe_source: str
) -> Iterator[Watched]:
    context = browser.new_context(viewport=request.param, locale="da-DK", timezone_id="Europe/Copenhagen")
    try:
        yield Watched(context.new_page(), site_with_workplace, axe_source)
    finally:
        context.close()


def test_a_workplace_is_connected_and_then_opens_the_account(at_work: Watched, provider: Server) -> None:
    """The whole way in a browser: to another address and back, past a policy that lets forms go nowhere else."""
    page, site = at_work.page, at_work.site
    email = new_person(site)
    provider.says("alfa", sub=email, email="kollega@region.example", name="Kollega")
    sign_in(at_work, email)
    page.wait_for_url("**/mine/**")
    at_work.open(SECURITY)
    at_work.check("sign-in and security with workplaces")
    page.get_by_role("button", name="Forbind Region Alfa").click()
    write_password_again(page)
    page.wait_for_url(f"**{SECURITY}")
    expect(page.get_by_text("kollega@region.example")).to_be_visible()
    at_work.check("a workplace is connected")
    sign_out(page)
    at_work.open("/konto/login/")
    at_work.check("sign in with workplaces")
    page.get_by_role("button", name="Region Alfa").click()
    page.wait_for_url("**/mine/**")
    assert at_work.messages == []
    sign_out(page)
    # Somebody it knows and we do not.
    provider.says("alfa", sub="nobody-here", email="ukendt@region.example")
    at_work.open("/konto/arbejdsplads/alfa/")
    at_work.check("on the way to a workplace")
    page.get_by_role("button", name="Fortsæt").click()
    page.wait_for_url("**/retur/**")
    expect(page.get_by_text("it@region.example")).to_be_visible()
    at_work.messages.clear()  # the browser notes the 403
    at_work.check("not let in")
    provider.says("alfa", fault="down")
    at_work.open("/konto/login/")
    page.get_by_role("button", name="Region Alfa").click()
    page.wait_for_url("**/arbejdsplads/alfa/")
    at_work.messages.clear()
    at_work.check("a workplace that does not answer")
