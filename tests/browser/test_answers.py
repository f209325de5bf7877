"""Answering from a mail in a cold browser, on a phone and without JavaScript; and a calendar of one's own."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched

# Two good links and one that has run out, each to an item of its own in a plan of its own.
LINKS = """
import json, time
from unittest import mock
from django.core import signing
from django.utils import timezone
from initiatives.actions.plans import add_item, add_track, create_plan
from initiatives.actions.status import StatusDraft, record_status
from initiatives.answer_links import answer_url
from initiatives.models import Body, BodyKind, Membership, PlanKind
from sundhedsaftale.models import User

by = User.objects.get(email="sekretaer@example.dk")
# A body of its own: the plans of the example's stand on the pages of its meetings, and other journeys count key presses.
body, made = Body.objects.get_or_create(
    slug="svarudvalget", defaults={"name": "Svarudvalget", "sort_key": "svarudvalget", "kind": BodyKind.objects.first()}
)
Membership.objects.get_or_create(user=by, body=body, role="secretary", valid_from=None)
today = timezone.localdate()
plan = create_plan(body=body, kind=PlanKind.objects.first(), title=TITLE, by=by)
track = add_track(plan=plan, title="Spor", by=by)

def link(title):
    item = add_item(track=track, title=title, owners=[body], by=by, today=today)
    draft = StatusDraft("in_progress", "I gang på alle afdelinger.", due="2. kvartal 2028")
    record_status(item=item, draft=draft, opened_on=0, as_of=today, by=by)
    return answer_url(person=by, item=item, sequence=1)

links = [link("Tjekliste ved udskrivelse"), link("Fælles forløb")]
with mock.patch.object(signing.time, "time", return_value=time.time() - 31 * 86400):
    links.append(link("Glemt i indbakken"))
print(json.dumps({"links": links, "slug": plan.slug}))
"""


def links(site: Site, title: str) -> dict[str, Any]:
    said = site.manage("shell", "--no-imports", "-c", f"TITLE = {title!r}\n{LINKS}")
    return dict(json.loads(said.splitlines()[-1]))


def width(watched: Watched) -> int:
    size = watched.page.viewport_size
    assert size is not None
    return size["width"]


def test_unchanged_is_one_press_from_the_mail(watched: Watched, site: Site) -> None:
    made = links(site, f"Svar fra mail {width(watched)}")
    page, address = watched.page, made["links"][0]
    watched.open(address.removeprefix(site.url))
    watched.check("answer")
    button = page.get_by_role("button", name="Uændret")
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 60
    assert box["width"] >= 300
    button.click()
    page.wait_for_url(address)
    expect(page.get_by_text("Tak. Jeres svar er gemt.")).to_be_visible()
    expect(page.get_by_role("button", name="Uændret")).to_have_count(0)
    watched.check("answered")
    assert page.context.cookies() == []  # a cold browser stays cold
    page.goto(f"{site.url}/planer/{made['slug']}/punkter/1/")
    expect(page.get_by_text("Uændret").first).to_be_visible()


def test_new_words_are_read_while_they_are_typed_and_late_is_a_short_form(watched: Watched, site: Site) -> None:
    made = links(site, f"Nyt fra mail {width(watched)}")
    page = watched.page
    watched.open(made["links"][0].removeprefix(site.url))
    page.locator("#opdater > summary").click()
    page.locator("#opdater-text").fill("Afsluttet i november 2026.")
    expect(page.locator("#laest-1")).to_contain_text("afsluttet")
    watched.check("update open")
    page.get_by_role("button", name="Ja, brug det").click()
    expect(page.locator("#opdater")).to_have_attribute("open", "")
    expect(page.locator("#opdater input[value=completed]")).to_be_checked()
    page.locator("#opdater button.sa-reply__big").click()
    expect(page.get_by_text("Tak. Jeres svar er gemt.")).to_be_visible()

    page.goto(made["links"][1])
    page.locator("#forsinket > summary").click()
    page.locator("#forsinket button.sa-reply__big").click()
    expect(page.locator("#forsinket .sa-errsum")).to_be_visible()
    page.locator("#forsinket-due").fill("4. kvartal 2028")
    page.locator("#forsinket-cause").select_option(index=1)
    page.locator("#forsinket-text").fill("Vi mangler folk.")
    page.locator("#forsinket button.sa-reply__big").click()
    expect(page.get_by_text("Tak. Jeres svar er gemt.")).to_be_visible()
    expect(page.locator("#status-2")).to_contain_text("Vi mangler folk.")
    expect(page.locator("#status-2")).to_contain_text("Forsinket")
    # The 422 of the empty form is all the console may have said.
    watched.messages = [line for line in watched.messages if "422" not in line]
    watched.check("delayed")


def test_a_link_that_has_run_out_can_be_renewed_by_mail(watched: Watched, site: Site) -> None:
    made = links(site, f"Gammel mail {width(watched)}")
    page = watched.page
    page.goto(made["links"][2])
    expect(page.get_by_role("heading", name="Linket er udløbet")).to_be_visible()
    expect(page.get_by_role("link", name="Log ind")).to_be_visible()
    watched.messages.clear()  # 410 is said in the console
    watched.check("run out")
    page.get_by_role("button", name="Send mig et nyt link").click()
    # Once an hour for a person: in the other width it may have been sent a moment ago.
    expect(page.locator(".sa-note")).to_contain_text("nyt link")
    watched.messages.clear()
    watched.check("renewed")
    page.goto(made["links"][2].replace("/svar/", "/svar/x"))
    expect(page.get_by_role("heading", name="Linket er ikke helt")).to_be_visible()
    watched.messages.clear()
    watched.check("broken")


def test_without_javascript_all_three_answers_work(without_javascript: Callable[[], Page], site: Site) -> None:
    made, page = links(site, "Svar uden JavaScript"), without_javascript()
    page.goto(made["links"][0])
    page.locator("#opdater > summary").click()
    page.locator("#opdater-text").fill("Afsluttet i november 2026.")
    page.get_by_role("button", name="Læs teksten igen").click()
    expect(page.locator("#laest-1")).to_contain_text("afsluttet")
    page.locator("#opdater input[value=completed]").check()
    page.locator("#opdater button.sa-reply__big").click()
    expect(page.get_by_text("Tak. Jeres svar er gemt.")).to_be_visible()
    page.goto(made["links"][1])
    page.get_by_role("button", name="Uændret").click()
    expect(page.get_by_text("Tak. Jeres svar er gemt.")).to_be_visible()
    page.locator("#forsinket > summary").click()
    page.locator("#forsinket input[value=postponed]").check()
    page.locator("#forsinket-no_date").check()
    page.locator("#forsinket-cause").select_option(index=1)
    page.locator("#forsinket-text").fill("Vi mangler folk.")
    page.locator("#forsinket button.sa-reply__big").click()
    expect(page.locator("#status-2")).to_contain_text("Uden ny dato")


def test_a_calendar_is_made_fetched_replaced_and_taken_back(watched: Watched, site: Site) -> None:
    page = watched.sign_in("klyngeleder@example.dk")
    page.get_by_role("link", name="Frister og møder i min kalender").click()
    watched.check("calendars")
    row = page.locator(".sa-calendars > li").first
    row.get_by_role("button", name="Lav en adresse").click()
    address = page.locator("#adresse").input_value()
    watched.check("new address")
    assert fetched(address).startswith(b"BEGIN:VCALENDAR")
    page.goto(site.url + "/mine/kalender/")
    expect(page.locator("#adresse")).to_have_count(0)
    expect(page.locator(".sa-calendars > li").first).to_contain_text("Sidst hentet")
    page.locator(".sa-calendars > li").first.get_by_role("button", name="Erstat den").click()
    expect(page.locator("#adresse")).not_to_have_value(address)
    page.locator(".sa-calendars > li").first.get_by_role("button", name="Luk adressen").click()
    expect(page.get_by_text("Adressen virker ikke længere.")).to_be_visible()
    watched.check("taken back")


def fetched(address: str) -> bytes:
    with urlopen(address, timeout=10) as answer:
        assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
        return bytes(answer.read())
