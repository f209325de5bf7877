"""Reminders in a real browser: the log with its filter, what a day would bring, a body's rule, stopping mails from a mail."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Site, Watched

SECRETARY = "sekretaer@example.dk"
STOP = (
    "from django.contrib.auth import get_user_model\n"
    "from initiatives.actions.reminder_mails import unsubscribe_path\n"
    "user, _ = get_user_model().objects.get_or_create(email='stopper@example.dk', defaults={'name': 'Stopper'})\n"
    "user.reminders_paused_until = None\n"
    "user.save()\n"
    "print('PATH' + unsubscribe_path(user.pk))\n"
)


@pytest.fixture
def sent(site: Site) -> None:
    """Something stands in the log. On a weekend nothing is sent, so a working day is named."""
    site.manage("send_reminders", "--now", "2026-11-23T09:00")


def test_the_log_and_its_filter(watched: Watched, sent: None) -> None:
    watched.sign_in(SECRETARY)
    page = watched.open("/paamindelser/")
    watched.check("the log")
    expect(page.get_by_role("heading", name="Sendt")).to_be_visible()
    page.get_by_label("Hvad der blev af den").select_option("refused")
    page.get_by_role("button", name="Vis", exact=True).click()
    expect(page).to_have_url(re.compile(r"tilstand=refused"))
    expect(page.get_by_text("Ingen mails passer til valget.")).to_be_visible()
    watched.check("the log of nothing")


def test_what_a_day_would_bring(watched: Watched, sent: None) -> None:
    watched.sign_in(SECRETARY)
    page = watched.open("/paamindelser/")
    page.get_by_role("link", name="Se, hvad der vil blive sendt en kommende dag").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hvad bliver sendt")
    watched.check("the next working day")
    sunday = date.today() + timedelta(days=13 - date.today().weekday())
    page.get_by_label("Dag", exact=True).fill(sunday.isoformat())
    page.get_by_role("button", name="Vis", exact=True).click()
    expect(page).to_have_url(re.compile(rf"dag={sunday}"))
    expect(page.get_by_text("Der sendes intet på en dag, der ikke er arbejdsdag.").first).to_be_visible()
    watched.check("a Sunday")
    watched.open("/paamindelser/dag/?dag=2020-01-01")
    watched.check("a day that has passed")


def test_a_secretary_says_when_others_are_told(watched_wide: Watched) -> None:
    page = watched_wide.sign_in(SECRETARY)
    watched_wide.open("/paamindelser/dag/")
    page.locator("a[href='/paamindelser/regler/eksempeludvalget/']").click()
    watched_wide.check("the rule")
    chair = page.get_by_label("Formanden får besked, dage efter fristen")
    chair.fill("3")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_role("link", name="Sekretæren skal have besked før formanden.")).to_be_visible()
    expect(chair).to_have_value("3")
    watched_wide.page.wait_for_load_state()
    watched_wide.messages.clear()  # the browser notes the status 422
    watched_wide.check("a rule that is refused")
    chair.fill("14")
    page.get_by_role("button", name="Gem").click()
    expect(page.get_by_text("Sekretæren får besked efter 7 dage, formanden efter 14.")).to_be_visible()


def test_mails_are_stopped_without_signing_in(watched: Watched, site: Site) -> None:
    path = site.manage("shell", "--no-imports", "-c", STOP).split("PATH", 1)[1].strip()
    page = watched.open(path)
    watched.check("before")
    page.get_by_role("button", name="Stop påmindelserne i et år").click()
    expect(page.get_by_text("Påmindelserne er stoppet til og med")).to_be_visible()
    watched.check("after")
