"""From a meeting to its annex in a browser: freeze, fetch, correct; and the chair who approves first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched

MEETINGS = """
from datetime import timedelta
from django.contrib.auth import get_user_model
from django.utils import timezone
from initiatives.actions.meetings import register_meeting
from initiatives.models import Body, Role
from tests.initiatives import small_world as world
people = get_user_model().objects
made = []
for name, needs_approval in (("Udvalget, der fryser", False), ("Udvalget med formand", True)):
    body = world.body(name)
    Body.objects.filter(pk=body.pk).update(needs_approval=needs_approval)
    world.member(people.get(email="sekretaer@example.dk"), body, Role.SECRETARY)
    world.member(people.get(email="politiker@example.dk"), body, Role.CHAIR)
    plan = world.plan(body, as_of=None)
    for title in ("Fælles journal", "Opkald fra afdelingen"):
        world.item(plan, owners=(body,), title=title, text="I gang på alle afdelinger.")
    for days in (21, 28):
        made.append(register_meeting(body=body, day=timezone.localdate() + timedelta(days=days), by=None).pk)
print("MADE", *made)
"""


@pytest.fixture(scope="module")
def meetings(site: Site) -> list[int]:
    """Two of a body that freezes, and two of one whose chair approves first: one for each width."""
    said = site.manage("shell", "--no-imports", "-c", MEETINGS)
    return [int(pk) for pk in said.split("MADE")[1].split()]


def width_of(watched: Watched) -> int:
    return 0 if watched.page.viewport_size["width"] > 500 else 1  # type: ignore[index]


def fetched(page: Page, name: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=name).first.click()
    return Path(download.value.path()).read_bytes()


def test_a_meeting_is_frozen_printed_and_corrected(watched: Watched, meetings: list[int]) -> None:
    address = f"/moeder/{meetings[width_of(watched)]}/"
    watched.sign_in("sekretaer@example.dk")
    page = watched.open(address)
    watched.check("the meeting before it is frozen")

    # Three clicks from the meeting to the Word file.
    page.get_by_role("link", name="Fastfrys til mødet").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Fastfrys planen?")
    watched.check("asked before it is frozen")
    page.get_by_role("button", name="Fastfrys til mødet").click()
    expect(page).to_have_url(re.compile(r"/fastfrosset/\d+/$"))
    first = page.url
    watched.check("the frozen page")
    assert fetched(page, "Hent bilag (Word)").startswith(b"PK")

    page = watched.open(address)
    panel = page.locator("#fastfrysning")
    expect(panel.get_by_role("link", name="Tekst til dagsordenen")).to_be_visible()
    watched.check("the meeting when it is frozen")
    panel.get_by_role("link", name=re.compile("version 2")).click()
    page.get_by_role("button", name=re.compile("version 2")).click()
    expect(page.locator(".sa-errsum")).to_be_visible()
    watched.messages[:] = [message for message in watched.messages if "422" not in message]
    watched.check("a correction without a note")
    page.locator("textarea[name=note]").fill("Forkert dato på punkt 1.")
    page.get_by_role("button", name=re.compile("version 2")).click()
    expect(page).not_to_have_url(first)
    expect(page).to_have_url(re.compile(r"/fastfrosset/\d+/$"))
    expect(page.locator("main")).to_contain_text("Forkert dato på punkt 1.")
    watched.check("the correction")
    second = page.url
    page.goto(first)
    page.locator(f"a[href='{second.removeprefix(watched.site.url)}']").click()
    expect(page).to_have_url(second)


def test_the_chair_approves_before_it_is_frozen(watched: Watched, meetings: list[int]) -> None:
    address = f"/moeder/{meetings[2 + width_of(watched)]}/"
    watched.sign_in("sekretaer@example.dk")
    page = watched.open(address)
    panel = page.locator("#fastfrysning")
    expect(panel.locator("a[href$='/frys/'], a[href$='/godkend/']")).to_have_count(0)

    page.context.clear_cookies()
    watched.sign_in("politiker@example.dk")
    page = watched.open(address)
    watched.check("the chair's meeting")
    approve = panel.locator("a[href$='/godkend/']")
    expect(panel.locator("a[href$='/frys/']")).to_have_count(0)
    approve.click()
    watched.check("what the chair approves")
    page.locator("main form button[type=submit]").click()
    expect(page.locator("main form button[type=submit]")).to_have_count(0)
    watched.check("approved")

    page.context.clear_cookies()
    watched.sign_in("sekretaer@example.dk")
    watched.open(address)
    panel.locator("a[href$='/frys/']").click()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/fastfrosset/\d+/$"))
    expect(page.locator("main")).to_contain_text("Godkendt")
