"""The page where calendars are made: shown once, replaced, taken back; one's own only."""

from __future__ import annotations

import re
import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.actions.calendars import make_calendar, replace_calendar, revoke_calendar
from initiatives.models import CalendarFeed, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db
ADDRESS = re.compile(r'value="(http://localhost:8000/kalender/([\w-]{22})\.ics)"')


class Scene:
    def __init__(self, client: Client) -> None:
        self.client = client
        client.cookies["sprog"] = "en"
        self.body, self.other = world.body("Udvalget"), world.body("Et fremmed udvalg")
        self.person = world.user("medlem@example.dk")
        self.membership = world.member(self.person, self.body, Role.READER)
        client.force_login(self.person)

    def page(self) -> str:
        answer = self.client.get(reverse("calendar_page"))
        assert answer.status_code == 200
        return answer.content.decode()

    def make(self, body: str = "") -> Any:
        return self.client.post(reverse("calendar_make"), {"udvalg": body})


@pytest.fixture
def scene(client: Client) -> Scene:
    return Scene(client)


def test_the_page_lists_my_calendar_and_one_for_each_body_i_sit_in(scene: Scene) -> None:
    text = scene.page()
    assert "My own calendar" in text
    assert "Udvalget" in text
    assert "Et fremmed udvalg" not in text
    assert text.count("There is no address yet.") == 2


def test_the_address_is_shown_once_with_what_to_do(scene: Scene) -> None:
    answer = scene.make()
    text = answer.content.decode()
    found = ADDRESS.search(text)
    assert found is not None
    assert "no-store" in answer["Cache-Control"]
    for words in ("Outlook", "iPhone", f'href="webcal://localhost:8000/kalender/{found[2]}.ics"'):
        assert words in text
    assert scene.client.get(reverse("calendar_feed", args=[found[2]])).status_code == 200
    later = scene.page()
    assert found[2] not in later
    assert "Last fetched" in later


def test_pressing_again_makes_no_second_one_and_says_what_to_do(scene: Scene) -> None:
    scene.make()
    again = scene.make()
    assert again.status_code == 409
    assert "make a new one instead" in again.content.decode()
    assert CalendarFeed.objects.count() == 1
    assert scene.make(scene.body.slug).status_code == 200  # another calendar


def test_replacing_ends_the_old_one_at_once(scene: Scene) -> None:
    old = ADDRESS.search(scene.make(scene.body.slug).content.decode())
    feed = CalendarFeed.objects.get()
    new = ADDRESS.search(scene.client.post(reverse("calendar_replace", args=[feed.pk])).content.decode())
    assert old is not None
    assert new is not None
    assert scene.client.get(reverse("calendar_feed", args=[old[2]])).status_code == 404
    assert scene.client.get(reverse("calendar_feed", args=[new[2]])).status_code == 200
    assert scene.client.post(reverse("calendar_replace", args=[feed.pk])).status_code == 409
    assert CalendarFeed.objects.filter(revoked_at__isnull=True).get().body == scene.body


def test_taking_it_back_ends_it_and_a_new_one_can_be_made(scene: Scene) -> None:
    found = ADDRESS.search(scene.make().content.decode())
    assert found is not None
    feed = CalendarFeed.objects.get()
    assert scene.client.post(reverse("calendar_revoke", args=[feed.pk])).status_code == 302
    assert scene.client.get(reverse("calendar_feed", args=[found[2]])).status_code == 404
    assert scene.make().status_code == 200


def test_a_body_i_left_is_still_there_to_be_taken_back_and_no_more(scene: Scene) -> None:
    scene.make(scene.body.slug)
    scene.membership.valid_to = timezone.localdate() - timedelta(days=1)
    scene.membership.save()
    text = scene.page()
    feed = CalendarFeed.objects.get()
    assert "You no longer sit in it" in text
    assert reverse("calendar_revoke", args=[feed.pk]) in text
    assert reverse("calendar_replace", args=[feed.pk]) not in text
    assert scene.client.post(reverse("calendar_replace", args=[feed.pk])).status_code == 403
    assert scene.client.post(reverse("calendar_revoke", args=[feed.pk])).status_code == 302


def test_nobody_reaches_anothers_calendar_nor_a_body_they_do_not_sit_in(scene: Scene) -> None:
    assert scene.make(scene.other.slug).status_code == 403
    assert scene.make("findes-ikke").status_code == 404
    stranger = world.user()
    make_calendar(by=stranger, body=None, now=timezone.now())
    feed = CalendarFeed.objects.get()
    for name in ("calendar_replace", "calendar_revoke"):
        assert scene.client.post(reverse(name, args=[feed.pk])).status_code == 404
    assert revoke_calendar(feed=feed, by=scene.person, now=timezone.now()) is False
    with pytest.raises(ValidationError):
        replace_calendar(feed=feed, by=scene.person, now=timezone.now())
    feed.refresh_from_db()
    assert feed.revoked_at is None
    assert CalendarFeed.objects.count() == 1


def test_visitors_are_asked_to_sign_in_and_a_look_changes_nothing(scene: Scene) -> None:
    scene.make()
    feed = CalendarFeed.objects.get()
    for name, arguments in (("calendar_make", []), ("calendar_replace", [feed.pk]), ("calendar_revoke", [feed.pk])):
        assert scene.client.get(reverse(name, args=arguments)).status_code == 405
    scene.client.logout()
    for name, arguments in (("calendar_make", []), ("calendar_replace", [feed.pk]), ("calendar_revoke", [feed.pk])):
        assert reverse("account_login") in scene.client.post(reverse(name, args=arguments))["Location"]
    assert reverse("account_login") in scene.client.get(reverse("calendar_page"))["Location"]
    feed.refresh_from_db()
    assert feed.revoked_at is None


def test_the_page_of_many_bodies_costs_no_more(scene: Scene, django_assert_max_num_queries: Any) -> None:
    for number in range(10):
        body = world.body(f"Udvalg {number}")
        world.member(scene.person, body)
        make_calendar(by=scene.person, body=body, now=timezone.now())
    with django_assert_max_num_queries(12):
        scene.page()


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_the_same_moment_make_one_calendar() -> None:
    person, made, refused, gate = world.user(), [], [], threading.Barrier(4)

    def press() -> None:
        gate.wait()
        try:
            made.append(make_calendar(by=person, body=None, now=timezone.now()))
        except ValidationError:
            refused.append(1)
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), len(refused), CalendarFeed.objects.count()) == (1, 3, 1)
