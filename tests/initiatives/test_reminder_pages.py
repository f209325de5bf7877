"""The preview of a day, the log with its filter, a body's own rule, and stopping mails from a mail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from indicators.models import Indicator
from initiatives.actions.reminder_mails import UNSUBSCRIBE_SALT, unsubscribe_path
from initiatives.actions.reminders import LONGEST_PAUSE, queue_due
from initiatives.models import Delegation, Meeting, Reminder, ReminderMail, Role
from initiatives.presenters.reminder_preview import DAYS_AHEAD, preview, read_day
from sundhedsaftale.lib.working_days import is_working_day, next_working_day
from sundhedsaftale.models import MailRhythm
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

MONDAY = date(2026, 11, 23)


def days(count: int) -> date:
    return MONDAY + timedelta(days=count)


@pytest.fixture
def secretary(client: Client) -> Any:
    client.cookies["sprog"] = "en"
    who = world.user("sekretaer@example.dk")
    who.body = world.body("Udvalget")  # type: ignore[attr-defined]
    world.member(who, who.body)  # type: ignore[attr-defined]
    who.plan = world.plan(who.body)  # type: ignore[attr-defined]
    client.force_login(who)
    return who


# --- What a day would bring -------------------------------------------------------------------------------------------


def shown(who: Any, day: date, bodies: Any = "own") -> Any:
    bodies = {who.body.pk} if bodies == "own" else bodies
    with translation.override("da"):
        return preview(day.isoformat(), today=MONDAY, bodies=bodies)


def sent(page: Any) -> list[tuple[str, list[str]]]:
    return [(mail.who, [row.line.title for row in mail.lines]) for mail in page.sent]


@pytest.mark.slow
def test_the_preview_says_what_the_outbox_then_writes(secretary: Any) -> None:
    """Day after day for two months: what was foreseen on Monday is what is queued when the day comes."""
    coordinator = world.user("tovholder@example.dk")
    for number in range(9):
        world.item(secretary.plan, due=days(5 * number - 7), coordinator=coordinator if number % 2 else None)
    Delegation.objects.create(
        person=coordinator, deputy=secretary, first_day=days(8), last_day=days(14),
        created_at=world.at(MONDAY), by=secretary,
    )  # fmt: skip
    ahead = [days(step) for step in range(0, DAYS_AHEAD + 1, 3)]
    foreseen = {day: sent(shown(secretary, day, None)) for day in ahead}
    assert Reminder.objects.count() == ReminderMail.objects.count() == 0  # looking writes nothing
    for step in range(DAYS_AHEAD + 1):
        day, before = days(step), set(ReminderMail.objects.values_list("pk", flat=True))
        queue_due(now=world.at(day))
        mails = ReminderMail.objects.exclude(pk__in=before).select_related("recipient").order_by("recipient__name")
        written = [
            (str(mail.recipient), sorted(str(reminder.item) for reminder in mail.reminders.select_related("item")))
            for mail in mails
        ]
        if day in foreseen:
            assert [(who, sorted(titles)) for who, titles in foreseen[day]] == written, day
    assert any(foreseen.values())


def test_each_line_says_why_and_each_held_mail_says_why(secretary: Any) -> None:
    tuesday = days(1)
    weekly = world.user("ugentlig@example.dk", mail_rhythm=MailRhythm.WEEKLY)
    world.item(secretary.plan, due=days(8), coordinator=weekly)
    world.item(secretary.plan, due=days(30), title="Tredive")
    world.item(secretary.plan, due=days(8), title="Syv")
    page = shown(secretary, tuesday)
    assert page.sent == []
    reasons = {mail.who: mail.held for mail in page.held}
    assert "30.\xa0november 2026" in reasons["ugentlig"]  # the next Monday
    assert "23.\xa0november 2026" in reasons["sekretaer"]  # a mail goes out on Monday about the other
    assert "30.\xa0november 2026" in reasons["sekretaer"]  # five days later is a Saturday
    why = {one.line.title: one.why for one in shown(secretary, MONDAY).sent[0].lines}
    assert set(why) == {"3. Syv", "2. Tredive"}
    assert "30" in why["2. Tredive"]


def test_a_day_off_holds_everything_until_the_next_working_day(secretary: Any) -> None:
    world.item(secretary.plan, due=days(6))
    page = shown(secretary, days(7))
    assert page.sent
    saturday = shown(secretary, days(5))
    assert saturday.sent == []
    world.item(secretary.plan, due=days(4))
    held = shown(secretary, days(5)).held
    assert len(held) == 1
    assert "30.\xa0november 2026" in held[0].held


def test_who_is_away_and_what_reaches_nobody_is_said(secretary: Any) -> None:
    coordinator = world.user("tovholder@example.dk", reminders_paused_until=days(3))
    world.item(secretary.plan, due=days(1), coordinator=coordinator, title="Uden nogen")
    page = shown(secretary, MONDAY)
    assert page.sent == []
    assert [title for title, _ in page.nobody] == ["1. Uden nogen"]
    assert len(page.away) == 1
    assert "tovholder" in page.away[0]
    deputy = world.user("afloeser@example.dk")
    Delegation.objects.create(
        person=coordinator,
        deputy=deputy,
        first_day=MONDAY,
        last_day=MONDAY,
        created_at=world.at(MONDAY),
        by=coordinator,
    )
    page = shown(secretary, MONDAY)
    assert page.nobody == []
    assert sent(page) == [("afloeser", ["1. Uden nogen"])]
    assert "afloeser" in page.away[0]


def test_a_secretary_sees_the_lines_of_their_own_bodies_and_the_rest_as_a_number(secretary: Any) -> None:
    other = world.plan(world.body("Et andet udvalg"))
    both = world.user("begge@example.dk")
    world.item(secretary.plan, due=days(7), coordinator=both, title="Vores")
    world.item(other, due=days(7), coordinator=both, title="Deres")
    world.item(other, due=days(7), coordinator=world.user("fremmed@example.dk"), title="Kun deres")
    page = shown(secretary, MONDAY)
    assert sent(page) == [("begge", ["1. Vores"])]
    assert "1" in page.sent[0].others
    assert len(sent(shown(secretary, MONDAY, None))) == 2


def test_what_is_due_about_a_meeting_is_shown_with_its_items(secretary: Any) -> None:
    item = world.item(secretary.plan, title="Akutteams")
    item.statuses.update(as_of=days(-300), recorded_at=world.at(days(-300)))
    Meeting.objects.create(body=secretary.body, day=days(21), hand_in=days(7), dispatch=days(14))
    (mail,) = shown(secretary, MONDAY).sent
    assert [part.title for part in mail.lines[0].line.parts] == ["1. Akutteams"]


@pytest.mark.parametrize(
    ("words", "day", "is_said"),
    [
        ("", MONDAY, False),
        ("2026-11-23", MONDAY, False),
        ("2027-01-22", date(2027, 1, 22), False),
        ("2027-01-23", MONDAY, True),
        ("2026-11-22", MONDAY, True),
        ("i morgen", MONDAY, True),
        ("2026-02-30", MONDAY, True),
    ],
)
def test_a_day_that_cannot_be_shown_is_said(words: str, day: date, is_said: bool) -> None:
    found, unread = read_day(words, today=MONDAY)
    assert (found, bool(unread)) == (day, is_said)


def test_the_page(client: Client, secretary: Any) -> None:
    today = next_working_day(timezone.localdate())
    world.item(secretary.plan, due=today + timedelta(days=7), title="Fælles <tjekliste>")
    answer = client.get(reverse("reminder_preview"), {"dag": today.isoformat()})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Fælles &lt;tjekliste&gt;" in text
    assert "1 mail would be sent." in text
    assert reverse("reminder_rules", args=[secretary.body.slug]) in text
    assert "No day" not in text
    odd = client.get(reverse("reminder_preview"), {"dag": "<b>"})
    assert odd.status_code == 200
    assert "That is no day." in odd.content.decode()
    assert "<b>&" not in odd.content.decode()
    assert Reminder.objects.count() == 0


@pytest.mark.parametrize("role", [None, Role.READER, Role.LEAD, Role.CHAIR, Role.MEMBER, Role.DEPUTY])
def test_only_secretaries_look_ahead(client: Client, role: str | None) -> None:
    who, body = world.user(), world.body()
    if role:
        world.member(who, body, role)
    client.force_login(who)
    assert client.get(reverse("reminder_preview")).status_code == 403
    assert client.get(reverse("reminder_rules", args=[body.slug])).status_code == 403
    assert client.post(reverse("reminder_rules", args=[body.slug]), {"tell_secretary_days": 3}).status_code == 403
    body.refresh_from_db()
    assert body.tell_secretary_days == 7


def test_nobody_looks_ahead_without_signing_in(client: Client) -> None:
    body = world.body()
    for url in (reverse("reminder_preview"), reverse("reminder_log"), reverse("reminder_rules", args=[body.slug])):
        answer = client.get(url)
        assert answer.status_code == 302
        assert "/konto/login/" in answer["Location"]


def test_whoever_runs_the_site_sees_all(client: Client) -> None:
    client.force_login(world.user(is_superuser=True))
    today = next_working_day(timezone.localdate())
    for _ in range(2):
        world.item(world.plan(world.body()), due=today + timedelta(days=7), coordinator=world.user())
    answer = client.get(reverse("reminder_preview"), {"dag": today.isoformat()})
    assert len(answer.context["page"].sent) == 2


def test_questions_of_the_preview_do_not_grow(client: Client, secretary: Any) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as caught:
            day = timezone.localdate() + timedelta(days=40)
            assert client.get(reverse("reminder_preview"), {"dag": day.isoformat()}).status_code == 200
        return len(caught)

    count()
    world.item(secretary.plan, due=timezone.localdate() + timedelta(days=7))
    few = count()
    for _ in range(12):
        world.item(secretary.plan, due=timezone.localdate() + timedelta(days=7), coordinator=world.user())
    assert count() <= few <= 24


# --- A body's own rule ------------------------------------------------------------------------------------------------


def test_a_secretary_sets_the_rule_of_their_body(client: Client, secretary: Any) -> None:
    url = reverse("reminder_rules", args=[secretary.body.slug])
    assert client.get(url).status_code == 200
    assert client.post(url, {"tell_secretary_days": "3", "tell_chair_days": "10"}).status_code == 302
    secretary.body.refresh_from_db()
    assert (secretary.body.tell_secretary_days, secretary.body.tell_chair_days) == (3, 10)
    assert client.post(url, {"tell_secretary_days": "", "tell_chair_days": ""}).status_code == 302
    secretary.body.refresh_from_db()
    assert (secretary.body.tell_secretary_days, secretary.body.tell_chair_days) == (None, None)


@pytest.mark.parametrize(("first", "second"), [("9", "9"), ("0", ""), ("", "400"), ("x", "")])
def test_a_rule_that_cannot_be_kept_comes_back_with_what_was_written(
    client: Client, secretary: Any, first: str, second: str
) -> None:
    url = reverse("reminder_rules", args=[secretary.body.slug])
    answer = client.post(url, {"tell_secretary_days": first, "tell_chair_days": second})
    assert answer.status_code == 422
    assert f'value="{first or second}"' in answer.content.decode()
    secretary.body.refresh_from_db()
    assert (secretary.body.tell_secretary_days, secretary.body.tell_chair_days) == (7, None)


def test_a_foreign_body_is_refused_and_an_unknown_one_not_found(client: Client, secretary: Any) -> None:
    assert client.get(reverse("reminder_rules", args=[world.body("Fremmed").slug])).status_code == 403
    assert client.get(reverse("reminder_rules", args=["findes-ikke"])).status_code == 404


# --- The log ----------------------------------------------------------------------------------------------------------


def mail(who: Any, state: str, minutes: int = 0, **about: Any) -> ReminderMail:
    number = ReminderMail.objects.count()
    now = timezone.now() - timedelta(minutes=minutes)
    made = ReminderMail.objects.create(
        recipient=who, message_id=f"<{number}@x>", created_at=now, state=state, subject="Emnet"
    )
    Reminder.objects.create(
        key=f"{who.pk}:{number}:after_1:2026-11-01:0", mail=made, recipient=who, kind="after_1",
        due_on=date(2026, 11, 1), created_at=now, **about,
    )  # fmt: skip
    return made


def test_the_log_of_everything_a_reminder_can_be_about(client: Client, secretary: Any) -> None:
    item = world.item(secretary.plan, title="Punktet")
    period = {"precision": "day", "first_day": MONDAY, "last_day": MONDAY}
    milestone = item.milestones.create(title="Milepælen", **period)
    meeting = Meeting.objects.create(body=secretary.body, day=days(21), hand_in=days(7), dispatch=days(14))
    initiative = world.initiative(secretary.body, "Initiativet")
    for about in ({"item": item}, {"milestone": milestone}, {"meeting": meeting}, {"initiative": initiative}):
        mail(secretary, "sent", **about)
    indicator: Indicator = world.indicator()
    mail(secretary, "sent", indicator=indicator)
    text = client.get(reverse("reminder_log")).content.decode()
    for words in ("Punktet", "Milepælen", "Udvalget: ", "Initiativet"):
        assert words in text
    assert indicator.name not in text  # not of this body
    admin = world.user(is_superuser=True)
    client.force_login(admin)
    assert indicator.name in client.get(reverse("reminder_log")).content.decode()
    assert client.get(reverse("mine")).status_code == 200


def test_the_log_is_filtered_by_state_person_and_body(client: Client, secretary: Any) -> None:
    second = world.body("Praksisplanudvalget")
    world.member(secretary, second)
    own, theirs = world.item(secretary.plan), world.item(world.plan(second))
    other = world.user("anden@example.dk")
    rows = {
        "a": mail(secretary, "sent", item=own),
        "b": mail(other, "sent", item=theirs),
        "c": mail(other, "uncertain", item=own),
        "d": mail(other, "pending", item=theirs),
    }

    def found(**query: Any) -> set[str]:
        page = client.get(reverse("reminder_log"), query).context["page"]
        shown = {row.pk for row in (*page.uncertain, *page.waiting, *page.sent)}
        return {name for name, row in rows.items() if row.pk in shown}

    assert found() == {"a", "b", "c", "d"}
    assert found(tilstand="sent") == {"a", "b"}
    assert found(person=other.pk) == {"b", "c", "d"}
    assert found(udvalg=second.pk) == {"b", "d"}
    assert found(udvalg=second.pk, person=other.pk, tilstand="pending") == {"d"}
    assert found(tilstand="findes-ikke", person="x", udvalg="<b>") == {"a", "b", "c", "d"}
    assert found(tilstand="refused") == set()
    assert "No mail fits the choice." in client.get(reverse("reminder_log"), {"tilstand": "refused"}).content.decode()


def test_a_foreign_body_or_person_in_the_address_shows_nothing_more(client: Client, secretary: Any) -> None:
    foreign_body = world.body("Fremmed")
    stranger = world.user("fremmed@example.dk")
    hidden = mail(stranger, "uncertain", item=world.item(world.plan(foreign_body)))
    for query in ({}, {"udvalg": foreign_body.pk}, {"person": stranger.pk}):
        page = client.get(reverse("reminder_log"), query).context["page"]
        assert hidden.pk not in [row.pk for row in page.uncertain]
        assert "fremmed" not in [choice.label for group in page.people for choice in group.choices]


@pytest.mark.slow
def test_the_uncertain_come_first_whatever_their_age_and_the_rest_in_pages(client: Client, secretary: Any) -> None:
    item = world.item(secretary.plan)
    oldest = mail(secretary, "uncertain", 9999, item=item)
    waiting = mail(secretary, "pending", 5000, item=item)
    for minutes in range(60):
        mail(secretary, "sent", minutes, item=item)
    first = client.get(reverse("reminder_log")).context["page"]
    assert [row.pk for row in first.uncertain] == [oldest.pk]
    assert [row.pk for row in first.waiting] == [waiting.pk]
    assert len(first.sent) == 48
    assert first.shown == "62 mails"
    second = client.get(first.next_url).context["page"]
    assert (len(second.sent), second.next_url, second.uncertain) == (12, "", [])
    kept = client.get(reverse("reminder_log"), {"tilstand": "sent"}).context["page"]
    assert "tilstand=sent" in kept.next_url
    assert client.get(reverse("reminder_log"), {"side": "x"}).status_code == 200


# --- Stopping mails from a mail ---------------------------------------------------------------------------------------


def test_a_get_changes_nothing_and_one_press_stops_the_mails(client: Client) -> None:
    client.cookies["sprog"] = "en"
    who = world.user("sekretaer@example.dk")
    url = unsubscribe_path(who.pk)
    for _ in range(2):
        answer = client.get(url)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert who.email not in answer.content.decode()
    who.refresh_from_db()
    assert who.reminders_paused_until is None
    strict = Client(enforce_csrf_checks=True)  # a mail program has no token of ours
    assert strict.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200
    who.refresh_from_db()
    assert who.reminders_paused_until == timezone.localdate() + LONGEST_PAUSE
    assert "The reminders are stopped until" in client.get(url).content.decode()
    assert strict.post(url).status_code == 200


def test_a_link_that_is_not_ours_is_not_found(client: Client) -> None:
    who = world.user()
    gone = world.user(is_active=False)
    token = unsubscribe_path(who.pk).rstrip("/").rpartition("/")[2]
    others = signing.dumps(who.pk, salt="something else")
    for bad in (token[:-1], token + "x", "1", others, unsubscribe_path(gone.pk).rstrip("/").rpartition("/")[2]):
        assert client.post(reverse("reminder_unsubscribe", args=[bad])).status_code == 404
    strange = signing.dumps("x", salt=UNSUBSCRIBE_SALT)
    assert client.post(reverse("reminder_unsubscribe", args=[strange])).status_code == 404
    who.refresh_from_db()
    assert who.reminders_paused_until is None


def test_the_next_working_day_is_one() -> None:
    day, _ = read_day("", today=date(2026, 12, 25))
    assert is_working_day(day)
    assert day == date(2026, 12, 28)
