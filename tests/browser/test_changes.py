"""What changed, in a real browser: between two frozen meetings, between two days, and on paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site, Watched

PLAN = "/planer/handleplan-genindlaeggelser-2020/"
CHANGES = PLAN + "aendringer/"
FREEZE = """
from datetime import date
from initiatives.actions.freezing import freeze
from initiatives.actions.meetings import register_meeting
from initiatives.actions.status import StatusDraft, record_status
from initiatives.models import DelayCause, Plan
plan = Plan.objects.get(slug="handleplan-genindlaeggelser-2020")
meeting = register_meeting(body=plan.body, day=date(2021, 2, 4), by=None)
def write(number, **words):
    item = plan.items.get(number=number)
    newest = item.statuses.order_by("-sequence").first()
    record_status(item=item, draft=StatusDraft(**words), opened_on=newest.sequence, as_of=date(2021, 2, 1), by=None)
corona = DelayCause.objects.get(code="covid_19")
write(1, state="postponed", text="Udsat igen til 2. kvartal 2022.", due="2. kvartal 2022", cause=corona)
write(5, state="completed", text="Evalueringen er afsluttet.")
made = freeze(meeting=meeting, plan=plan, by=None, expected_version=1)
print("MADE", plan.snapshots.order_by("meeting_day").first().pk, made.pk)
"""


@pytest.fixture
def site(site_of_changes: Site) -> Site:
    return site_of_changes


@pytest.fixture(scope="module")
def versions(site_of_changes: Site) -> list[str]:
    """The demo's frozen meeting and one more, three months later: one item postponed again, one finished."""
    said = site_of_changes.manage("shell", "--no-imports", "-c", FREEZE)
    return [f"v{pk}" for pk in said.split("MADE")[1].split()]


def test_between_two_meetings(watched: Watched, versions: list[str]) -> None:
    page = watched.open(f"{CHANGES}?fra={versions[0]}&til={versions[1]}")
    expect(page.locator(".sa-lead")).to_contain_text("Fra mødet 5. november 2020 til mødet 4. februar 2021:")
    expect(page.locator(".sa-lead")).to_contain_text("ét er udsat for anden gang")
    expect(page.locator("#g-postponed")).to_contain_text("Udsat")
    watched.check("between two meetings")
    words = page.locator("details.sa-chg__words").first
    words.locator("summary").click()
    expect(words.locator("ins").first).to_be_visible()
    watched.check("the new words")


def test_chosen_with_the_form_and_between_two_days(watched: Watched, versions: list[str]) -> None:
    page = watched.open(CHANGES)
    expect(page.locator(".sa-lead")).to_contain_text("Siden mødet 4. februar 2021")
    page.get_by_text("Sammenlign andre møder eller dage").click()
    watched.check("the form")
    page.locator("#fra").select_option(versions[0])
    page.locator("#til").select_option(versions[1])
    page.get_by_role("button", name="Sammenlign").click()
    expect(page.locator(".sa-lead")).to_contain_text("Fra mødet 5. november 2020 til mødet 4. februar 2021")
    page.goto(f"{watched.site.url}{CHANGES}?fra_dag=2020-01-01&til_dag=2020-06-01")
    expect(page.locator(".sa-lead")).to_contain_text("Fra 1. januar 2020 til 1. juni 2020")
    watched.check("between two days")


def test_a_day_that_has_not_been_is_told_and_the_form_is_kept(watched_wide: Watched, versions: list[str]) -> None:
    page = watched_wide.page
    answer = page.goto(f"{watched_wide.site.url}{CHANGES}?fra_dag=2190-01-01")
    assert answer is not None
    assert answer.status == 422
    expect(page.get_by_role("alert")).to_contain_text("er ikke kommet endnu")
    expect(page.locator("#fra_dag")).to_have_value("2190-01-01")


def test_the_front_page_and_the_plan_lead_there(watched: Watched, versions: list[str]) -> None:
    page = watched.open("/?omraade=082")
    expect(page.locator(".sa-sincelast")).to_contain_text("Siden mødet 4. februar 2021")
    watched.check("the front page")
    page.locator(".sa-sincelast").get_by_role("link").click()
    expect(page).to_have_url(re.compile(re.escape(CHANGES) + "$"))
    page.goto(watched.site.url + PLAN)
    page.get_by_role("link", name="Fastfrosne versioner").click()
    expect(page.locator("tbody tr")).to_have_count(2)


def test_the_meeting_leads_to_what_changed_since_the_one_before(watched: Watched, versions: list[str]) -> None:
    page = watched.open("/moeder/")
    page.get_by_role("link", name=re.compile(r"4\. februar 2021")).first.click()
    watched.check("the meeting")
    page.get_by_role("link", name=re.compile("siden mødet 5. november 2020")).click()
    expect(page.locator(".sa-lead")).to_contain_text("Fra mødet 5. november 2020 til mødet 4. februar 2021")


def test_it_prints_the_answer_without_the_form(watched_wide: Watched, versions: list[str]) -> None:
    page = watched_wide.open(f"{CHANGES}?fra={versions[0]}&til={versions[1]}")
    page.emulate_media(media="print")
    expect(page.locator(".sa-lead")).to_be_visible()
    expect(page.locator(".sa-sidesbox")).to_be_hidden()
    paper = page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2


def test_it_works_without_javascript(site: Site, versions: list[str], without_javascript: Callable[[], Page]) -> None:
    page = without_javascript()
    page.goto(site.url + CHANGES)
    page.get_by_text("Sammenlign andre møder eller dage").click()
    page.locator("#fra").select_option(versions[0])
    page.get_by_role("button", name="Sammenlign").click()
    expect(page.locator(".sa-lead")).to_contain_text("Siden mødet 5. november 2020")
