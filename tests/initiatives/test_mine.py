"""What needs me now: which items are mine, in which group, and what is said when there are none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.models import Reminder, ReminderMail, Role
from initiatives.presenters.mine import waiting_count
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client: Client) -> Any:
    who = world.user("sekretaer@example.dk")
    who.body = world.body()  # type: ignore[attr-defined]
    world.member(who, who.body)  # type: ignore[attr-defined]
    who.plan = world.plan(who.body)  # type: ignore[attr-defined]
    client.force_login(who)
    return who


def groups(client: Client) -> dict[str, list[str]]:
    page = client.get(reverse("mine")).context["page"]
    return {group.code: [item.title for item in group.items] for group in page.groups}


def in_days(days: int) -> Any:
    return timezone.localdate() + timedelta(days=days)


def test_a_visitor_is_sent_to_sign_in(client: Client) -> None:
    answer = client.get(reverse("mine"))
    assert (answer.status_code, answer["Location"]) == (302, "/konto/login/?next=/mine/")


def test_items_are_grouped_by_how_near_their_deadline_is(client: Client, secretary: Any) -> None:
    for title, days in (("meget sen", -400), ("sen", -1), ("i dag", 0), ("femten", 15), ("seksten", 16)):
        world.item(secretary.plan, due=in_days(days), title=title)
    world.item(secretary.plan, due=None, title="uden dato")
    world.item(secretary.plan, due=None, state=None, title="uden status")
    world.item(secretary.plan, due=in_days(-5), state="completed", title="færdig")
    assert groups(client) == {
        "red": ["meget sen", "sen"],
        "yellow": ["i dag", "femten"],
        "green": ["seksten"],
        "no_date": ["uden dato", "uden status"],
    }
    assert waiting_count(secretary, timezone.localdate()) == 4


def test_which_items_are_mine(client: Client, secretary: Any) -> None:
    other = world.body("Anden klynge")
    led, read = world.body("Ledet"), world.body("Læst")
    world.member(secretary, led, Role.LEAD)
    world.member(secretary, read, Role.READER)
    ended = world.body("Forladt")
    world.member(secretary, ended, Role.SECRETARY, valid_to="2020-01-01")
    theirs = world.plan(other)
    due = in_days(-1)
    world.item(theirs, due=due, title="jeg er tovholder", coordinator=secretary, owners=(other,))
    world.item(theirs, due=due, title="mit forum ejer", owners=(led, other))
    world.item(theirs, due=due, title="jeg læser kun", owners=(read,))
    world.item(theirs, due=due, title="ikke mit", owners=(other,))
    world.item(world.plan(led), due=due, title="leder planens forum")
    world.item(world.plan(ended), due=due, title="har forladt forummet")
    world.item(secretary.plan, due=due, title="min plan", owners=(other,))
    mine = {"jeg er tovholder", "mit forum ejer", "min plan"}
    assert set(groups(client)["red"]) == mine
    assert waiting_count(secretary, timezone.localdate()) == len(mine)


def test_closed_plans_tracks_and_items_are_left_out(client: Client, secretary: Any) -> None:
    item = world.item(secretary.plan, due=in_days(-1))
    item.closed_on = timezone.localdate()
    item.save()
    closed = world.plan(secretary.body, closed_on=timezone.localdate())
    world.item(closed, due=in_days(-1))
    assert groups(client) == {}
    assert waiting_count(secretary, timezone.localdate()) == 0


def test_the_count_stands_in_the_menu(client: Client, secretary: Any) -> None:
    world.item(secretary.plan, due=in_days(-1))
    world.item(secretary.plan, due=in_days(3))
    entry = client.get(reverse("initiative_list")).context["site"]["nav"][-1]
    assert (entry.url, entry.count) == ("/mine/", 2)


def test_the_count_is_one_question_and_none_for_a_visitor(
    secretary: Any, client: Client, django_assert_num_queries: Any
) -> None:
    world.item(secretary.plan, due=in_days(-1))
    with django_assert_num_queries(1):
        waiting_count(secretary, timezone.localdate())
    client.logout()
    request = client.get(reverse("initiative_list"))
    with django_assert_num_queries(0):
        assert request.context["user"].is_anonymous
        assert waiting_count(request.context["user"], timezone.localdate()) == 0


def test_unchanged_is_one_press_and_comes_back_here(client: Client, secretary: Any) -> None:
    item = world.item(secretary.plan, due=in_days(-1), state="delayed")
    page = client.get(reverse("mine")).context["page"]
    shown = page.groups[0].items[0]
    answer = client.post(shown.unchanged_url, {"opened_on": shown.sequence, "page": "mine"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("mine"))
    latest = item.statuses.order_by("-sequence").first()
    assert latest is not None
    assert (latest.sequence, latest.unchanged, latest.state, latest.by) == (2, True, "delayed", secretary)


@pytest.mark.parametrize(
    ("role", "words"),
    [(None, "ikke med i et forum"), (Role.READER, "ikke bedt om en status"), (Role.SECRETARY, "ingen åbne punkter")],
)
def test_an_empty_page_says_why(client: Client, role: str | None, words: str) -> None:
    who = world.user()
    if role:
        world.member(who, world.body(), role)
    client.force_login(who)
    assert words in client.get(reverse("mine")).content.decode()


def test_reminders_and_initiatives_of_mine(client: Client, secretary: Any) -> None:
    item = world.item(secretary.plan, due=in_days(1), title="Mindet om")
    mail = ReminderMail.objects.create(recipient=secretary, message_id="<a@b>", created_at=timezone.now(), state="sent")
    Reminder.objects.create(
        key="k",
        mail=mail,
        recipient=secretary,
        item=item,
        kind="before_1",
        due_on=in_days(1),
        created_at=timezone.now(),
    )
    world.initiative(secretary.body, "Vores eget")
    world.initiative(world.body("Anden"), "De andres")
    page = client.get(reverse("mine")).context["page"]
    assert [row.title for row in page.reminders] == ["1. Mindet om"]
    assert [card.title for card in page.initiatives] == ["Vores eget"]


def test_questions_do_not_grow_with_items(client: Client, secretary: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        world.item(secretary.plan, due=in_days(number - 10), owners=(secretary.body,))
        world.initiative(secretary.body)
    with django_assert_max_num_queries(18):
        client.get(reverse("mine"))


# --- The log and the pause --------------------------------------------------------------------------------------------


def mail_about(item: Any, who: Any, state: str = "uncertain") -> ReminderMail:
    number = ReminderMail.objects.count()
    made = ReminderMail.objects.create(
        recipient=who, message_id=f"<{number}@x>", created_at=timezone.now(), state=state, subject="Emnet"
    )
    Reminder.objects.create(
        key=f"k{number}",
        mail=made,
        recipient=who,
        item=item,
        kind="after_1",
        due_on=in_days(-1),
        created_at=timezone.now(),
    )
    return made


def test_the_log_lists_what_concerns_ones_own_bodies(client: Client, secretary: Any) -> None:
    own = mail_about(world.item(secretary.plan, due=in_days(-1)), secretary)
    mail_about(world.item(secretary.plan, due=in_days(-1)), secretary, "sent")
    mail_about(world.item(secretary.plan, due=in_days(-1)), secretary, "pending")
    foreign = mail_about(world.item(world.plan(world.body("Anden")), due=in_days(-1)), world.user())
    answer = client.get(reverse("reminder_log"))
    page = answer.context["page"]
    assert ([row.pk for row in page.uncertain], len(page.sent), len(page.waiting)) == ([own.pk], 1, 1)
    assert "@example.dk" not in answer.content.decode()
    assert client.post(reverse("reminder_resend", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("reminder_resend", args=[own.pk])).status_code == 302
    own.refresh_from_db()
    assert own.state == "pending"
    assert "sent again by" in own.sent_again


@pytest.mark.parametrize("role", [None, Role.READER, Role.LEAD])
def test_only_secretaries_see_the_log(client: Client, role: str | None) -> None:
    who = world.user()
    if role:
        world.member(who, world.body(), role)
    client.force_login(who)
    assert client.get(reverse("reminder_log")).status_code == 403
    assert client.post(reverse("reminder_resend", args=[1])).status_code == 404


def test_the_log_asks_the_same_number_of_questions_whatever_its_size(
    client: Client, secretary: Any, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        mail_about(world.item(secretary.plan, due=in_days(-1)), world.user(), "sent")
    with django_assert_max_num_queries(12):
        client.get(reverse("reminder_log"))


def test_a_pause_is_set_shown_and_ended(client: Client, secretary: Any) -> None:
    until = in_days(20)
    assert client.post(reverse("reminder_pause"), {"until": until.isoformat()}).status_code == 302
    secretary.refresh_from_db()
    assert secretary.reminders_paused_until == until
    assert "på pause" in client.get(reverse("mine")).context["page"].paused
    client.post(reverse("reminder_pause"), {"resume": "1"})
    secretary.refresh_from_db()
    assert secretary.reminders_paused_until is None


@pytest.mark.parametrize("words", ["", "i morgen", "2020-01-01", "2099-01-01"])
def test_a_pause_that_cannot_be_read_or_kept_is_refused(client: Client, secretary: Any, words: str) -> None:
    answer = client.post(reverse("reminder_pause"), {"until": words})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    secretary.refresh_from_db()
    assert secretary.reminders_paused_until is None
