"""Calendars people subscribe to: what stands in them, for whom, until when; and files with one event."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

import icalendar
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from initiatives.actions.calendars import hash_of, make_calendar, revoke_calendar
from initiatives.actions.meetings import cancel_meeting, register_meeting
from initiatives.models import Body, CalendarFeed, Meeting, Membership, Milestone, Role
from initiatives.presenters.calendar_file import calendar_file
from sundhedsaftale.models import User
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db


class Scene:
    def __init__(self, client: Client) -> None:
        self.client = client
        self.today = timezone.localdate()
        self.body, self.cluster = world.body("Udvalget"), world.body("Klyngen")
        self.plan = world.plan(self.body, short_title="Planen")
        self.due = self.today + timedelta(days=50)
        self.item = world.item(
            self.plan, owners=(self.cluster,), due=self.due, title="Akutteams", text="Hemmelige ord."
        )
        self.lead = world.user("leder@example.dk", language="en")
        self.membership = world.member(self.lead, self.cluster, Role.LEAD)
        self.meeting = register_meeting(body=self.cluster, day=self.today + timedelta(days=60), by=None)

    def subscribe(self, person: User | None = None, body: Body | None = None) -> str:
        return make_calendar(by=person or self.lead, body=body, now=timezone.now())

    def fetch(self, secret: str, **headers: str) -> Any:
        return self.client.get(reverse("calendar_feed", args=[secret]), headers=headers)

    def events(self, secret: str) -> dict[str, icalendar.Event]:
        """By the local part of their uid."""
        answer = self.fetch(secret)
        assert answer.status_code == 200
        calendar = read(answer.content)
        return {str(one["uid"]).split("@")[0]: one for one in calendar.walk("VEVENT")}


def read(content: bytes) -> icalendar.Calendar:
    """Parsed back; and what RFC 5545 asks of the bytes."""
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)
    lines = content[:-2].split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert all(line and line.decode() for line in lines)  # folded between letters, never inside one
    calendar = icalendar.Calendar.from_ical(content)
    assert calendar["version"] == "2.0"
    assert calendar["prodid"]
    assert calendar.subcomponents  # a calendar without any is against the standard
    assert not calendar.errors
    uids = [str(one["uid"]) for one in calendar.walk("VEVENT")]
    assert len(uids) == len(set(uids))
    for event in calendar.walk("VEVENT"):
        assert not event.errors
        assert {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "URL", "STATUS"} <= set(event)
        assert type(event["dtstart"].dt) is date
        assert event["dtend"].dt - event["dtstart"].dt == timedelta(days=1)
        assert event["dtstamp"].dt.utcoffset() == timedelta(0)
    return calendar


@pytest.fixture
def scene(client: Client) -> Scene:
    return Scene(client)


# --- What stands in it ------------------------------------------------------------------------------------------------


def test_my_calendar_has_my_deadlines_and_the_meetings_of_my_bodies(scene: Scene) -> None:
    events = scene.events(scene.subscribe())
    meeting = f"meeting-{scene.meeting.pk}"
    assert set(events) == {f"item-{scene.item.pk}", meeting, f"{meeting}-hand-in", f"{meeting}-dispatch"}
    deadline = events[f"item-{scene.item.pk}"]
    assert deadline["dtstart"].dt == scene.due
    assert deadline["summary"] == "Deadline: 1. Akutteams"
    assert deadline["url"] == f"http://localhost:8000{reverse('item', args=[scene.plan.slug, 1])}"
    assert "Planen" in deadline["description"]
    assert events[meeting]["dtstart"].dt == scene.meeting.day
    assert events[f"{meeting}-hand-in"]["dtstart"].dt == scene.meeting.hand_in
    assert events[f"{meeting}-dispatch"]["dtstart"].dt == scene.meeting.dispatch
    assert all(one["status"] == "CONFIRMED" for one in events.values())


def test_never_a_word_of_a_status_nor_of_a_person(scene: Scene) -> None:
    content = scene.fetch(scene.subscribe()).content.decode()
    assert "Hemmelige" not in content
    assert "leder" not in content


def test_a_deadline_stands_on_the_last_day_of_its_period(scene: Scene) -> None:
    due = scene.item.statuses.get().due
    assert due is not None
    due.first_day, due.last_day, due.precision, due.words = (
        date(2027, 4, 1), date(2027, 6, 30), "quarter", "2. kvartal 2027",
    )  # fmt: skip
    due.save()
    assert scene.events(scene.subscribe())[f"item-{scene.item.pk}"]["dtstart"].dt == date(2027, 6, 30)


def test_a_moved_deadline_keeps_its_uid_and_moves(scene: Scene) -> None:
    secret = scene.subscribe()
    before = scene.events(secret)[f"item-{scene.item.pk}"]
    world.status(scene.item, due=scene.due + timedelta(days=90))
    after = scene.events(secret)[f"item-{scene.item.pk}"]
    assert after["uid"] == before["uid"]
    assert after["dtstart"].dt == scene.due + timedelta(days=90)
    assert after["dtstamp"].dt >= before["dtstamp"].dt


@pytest.mark.parametrize("how", ["completed", "cancelled", "in_operation", "undated", "item", "track", "plan"])
def test_what_is_no_longer_owed_vanishes(scene: Scene, how: str) -> None:
    secret = scene.subscribe()
    assert f"item-{scene.item.pk}" in scene.events(secret)
    if how == "undated":
        world.status(scene.item, state="on_hold")
    elif how in ("item", "track", "plan"):
        thing = scene.item if how == "item" else getattr(scene.item, how)
        thing.closed_on = scene.today
        thing.save()
    else:
        world.status(scene.item, state=how, due=scene.due)
    assert f"item-{scene.item.pk}" not in scene.events(secret)


def test_a_milestone_stands_there_until_it_is_reached(scene: Scene) -> None:
    milestone = Milestone.objects.create(
        item=scene.item, title="Evaluering", precision="day", first_day=scene.due, last_day=scene.due, words="x"
    )
    Milestone.objects.create(item=scene.item, title="Løbende", precision="ongoing", words="løbende")
    secret, uid = scene.subscribe(), f"milestone-{milestone.pk}"
    events = scene.events(secret)
    assert "Evaluering" in events[uid]["summary"]
    assert "Løbende" not in str(events)
    milestone.reached_on = scene.today
    milestone.save()
    assert uid not in scene.events(secret)


def test_a_cancelled_meeting_says_so_and_keeps_its_uids(scene: Scene) -> None:
    secret = scene.subscribe()
    before = set(scene.events(secret))
    cancel_meeting(meeting=scene.meeting, reason="For få punkter.", by=None)
    events = scene.events(secret)
    assert set(events) == before
    for uid, event in events.items():
        assert (event["status"] == "CANCELLED") is uid.startswith("meeting-")


def test_a_meeting_of_long_ago_is_left_out(scene: Scene) -> None:
    old = register_meeting(body=scene.cluster, day=scene.today - timedelta(days=61), by=None)
    recent = register_meeting(body=scene.cluster, day=scene.today - timedelta(days=59), by=None)
    events = scene.events(scene.subscribe())
    assert f"meeting-{old.pk}" not in events
    assert f"meeting-{recent.pk}" in events


def test_others_deadlines_and_meetings_are_not_mine(scene: Scene) -> None:
    other = world.body("En anden klynge")
    theirs = world.item(scene.plan, owners=(other,), due=scene.due)
    meeting = register_meeting(body=other, day=scene.today + timedelta(days=30), by=None)
    events = scene.events(scene.subscribe())
    assert f"item-{theirs.pk}" not in events
    assert f"meeting-{meeting.pk}" not in events


def test_the_calendar_of_a_body_has_all_it_carries_for_whoever_sits_in_it(scene: Scene) -> None:
    reader = world.user("laeser@example.dk")
    world.member(reader, scene.body, Role.READER)
    own = world.item(scene.plan, owners=(scene.body,), due=scene.due)
    world.item(world.plan(world.body("Et andet")), due=scene.due)
    meeting = register_meeting(body=scene.body, day=scene.today + timedelta(days=30), by=None)
    events = scene.events(scene.subscribe(reader, scene.body))
    wanted = {f"item-{scene.item.pk}", f"item-{own.pk}"} | {
        f"meeting-{meeting.pk}{x}" for x in ("", "-hand-in", "-dispatch")
    }
    assert set(events) == wanted


def test_whoever_left_the_body_is_told_so_in_the_calendar_itself(scene: Scene) -> None:
    secret = scene.subscribe(body=scene.cluster)
    assert f"item-{scene.item.pk}" in scene.events(secret)
    left = scene.today - timedelta(days=3)
    scene.membership.valid_to = left
    scene.membership.save()
    events = scene.events(secret)
    (only,) = events.values()
    assert list(events) == [f"body-{scene.cluster.pk}-left"]
    assert only["dtstart"].dt == left + timedelta(days=1)
    assert "Klyngen" in only["summary"]
    assert "Akutteams" not in scene.fetch(secret).content.decode()
    Membership.objects.all().delete()
    assert list(scene.events(secret)) == [f"body-{scene.cluster.pk}-left"]


def test_a_calendar_without_anything_is_a_valid_calendar(scene: Scene) -> None:
    nobody = world.user("ny@example.dk")
    content = scene.fetch(scene.subscribe(nobody)).content
    assert read(content).walk("VEVENT") == []


def test_the_calendar_is_in_the_persons_language_and_not_the_browsers(scene: Scene) -> None:
    secret = scene.subscribe()
    for person, browser in (("en", "da"), ("da", "en")):
        scene.client.cookies["sprog"] = browser
        scene.lead.language = person
        scene.lead.save()
        answer = scene.fetch(secret)
        assert answer["Content-Language"] == person
        assert str(read(answer.content)["prodid"]).endswith(person.upper())


def test_the_calendar_has_a_name_and_says_how_often_to_come(scene: Scene) -> None:
    calendar = read(scene.fetch(scene.subscribe()).content)
    assert calendar["x-wr-calname"] == calendar["name"] == "Sundhedsaftale: my deadlines"
    assert calendar["method"] == "PUBLISH"
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT6H" in calendar.to_ical()
    body = read(scene.fetch(scene.subscribe(body=scene.cluster)).content)
    assert body["x-wr-calname"] == "Sundhedsaftale: Klyngen"


def test_long_titles_with_commas_and_danish_letters_come_back_whole(scene: Scene) -> None:
    title = "Ældre, kronikere; og »sårbare« \\ borgere – " + "æøå ✓ " * 30
    scene.item.title = title.strip()[:300]
    scene.item.save()
    event = scene.events(scene.subscribe())[f"item-{scene.item.pk}"]
    assert str(event["summary"]).endswith(scene.item.title)


def test_at_most_so_many_events_and_few_questions(
    scene: Scene, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for number in range(30):
        world.item(scene.plan, owners=(scene.cluster,), due=scene.due + timedelta(days=number))
        Milestone.objects.create(
            item=scene.item, title=f"M{number}", precision="day", first_day=scene.due, last_day=scene.due, words="x"
        )
    own, body = scene.subscribe(), scene.subscribe(body=scene.cluster)
    for secret in (own, body):
        with django_assert_max_num_queries(6):
            scene.fetch(secret)
        with django_assert_max_num_queries(5):
            scene.fetch(secret)  # the day is stamped already


# --- Fetching ---------------------------------------------------------------------------------------------------------


def test_the_headers_let_a_program_ask_whether_anything_is_new(scene: Scene) -> None:
    secret = scene.subscribe()
    first = scene.fetch(secret)
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    assert first["Cache-Control"] == "private, no-cache"
    assert first["Last-Modified"].endswith("GMT")
    assert not first.cookies
    same = scene.fetch(secret, if_none_match=first["ETag"])
    assert (same.status_code, same.content, same["ETag"]) == (304, b"", first["ETag"])
    # A closed item leaves no younger date behind, so a date alone never says "nothing new".
    dated = scene.fetch(secret, if_modified_since=first["Last-Modified"])
    assert dated.status_code == 200
    world.status(scene.item, state="completed")
    assert scene.fetch(secret, if_none_match=first["ETag"]).status_code == 200
    head = scene.client.head(reverse("calendar_feed", args=[secret]))
    assert head.status_code == 200
    assert scene.client.post(reverse("calendar_feed", args=[secret])).status_code == 405


def test_the_same_content_is_the_same_bytes(scene: Scene) -> None:
    secret = scene.subscribe()
    assert scene.fetch(secret).content == scene.fetch(secret).content


def test_nothing_is_written_for_a_program_that_has_it_already(scene: Scene) -> None:
    secret = scene.subscribe()
    etag = scene.fetch(secret)["ETag"]
    with mock.patch("initiatives.views.calendars.calendar_file") as written:
        assert scene.fetch(secret, if_none_match=etag).status_code == 304
    written.assert_not_called()


@pytest.mark.parametrize("what", ["title", "day", "body's name", "language", "milestone", "meeting"])
def test_whatever_the_file_says_is_in_its_fingerprint(scene: Scene, what: str) -> None:
    secret = scene.subscribe(body=scene.cluster)
    before = scene.fetch(secret)
    if what == "title":
        scene.item.title = "Et andet navn"
        scene.item.save()
    elif what == "day":
        scene.item.statuses.get().due.__class__.objects.update(last_day=scene.due + timedelta(days=1))
    elif what == "body's name":
        scene.cluster.name = "Et andet udvalg"
        scene.cluster.save()
    elif what == "language":
        scene.lead.language = "da"
        scene.lead.save()
    elif what == "milestone":
        Milestone.objects.create(
            item=scene.item, title="M", precision="day", first_day=scene.due, last_day=scene.due, words="x"
        )
    else:
        Meeting.objects.update(day=scene.meeting.day + timedelta(days=1))
    after = scene.fetch(secret)
    assert after["ETag"] != before["ETag"]
    assert after.content != before.content


@pytest.mark.parametrize("how", ["unknown", "revoked", "closed", "inactive", "short", "odd"])
def test_unknown_revoked_and_closed_look_exactly_the_same(scene: Scene, how: str) -> None:
    secret = scene.subscribe()
    if how == "revoked":
        revoke_calendar(feed=CalendarFeed.objects.get(), by=scene.lead, now=timezone.now())
    elif how == "closed":
        scene.lead.closed_on = scene.today
    elif how == "inactive":
        scene.lead.is_active = False
    else:
        secret = {"unknown": "a" * 22, "short": "x", "odd": "%F0%9F%98%80"}[how]
    scene.lead.save()
    answer = scene.fetch(secret)
    assert (answer.status_code, answer.content) == (404, scene.fetch("b" * 22).content)
    assert dict(answer.headers) == dict(scene.fetch("b" * 22).headers)
    assert answer["Cache-Control"] == "no-store"
    assert not CalendarFeed.objects.filter(last_read_on__isnull=False).exists()


def test_the_day_it_was_fetched_is_written_once(scene: Scene, django_assert_num_queries: Callable[..., Any]) -> None:
    secret = scene.subscribe()
    assert CalendarFeed.objects.get().last_read_on is None
    scene.fetch(secret)
    assert CalendarFeed.objects.get().last_read_on == scene.today
    CalendarFeed.objects.update(last_read_on=scene.today - timedelta(days=1))
    scene.fetch(secret)
    assert CalendarFeed.objects.get().last_read_on == scene.today


def test_the_secret_is_128_bits_and_only_its_hash_is_kept(scene: Scene) -> None:
    secrets = {scene.subscribe(), scene.subscribe(body=scene.cluster)}
    assert all(len(secret) == 22 for secret in secrets)  # 16 bytes in base64
    assert {feed.token_hash for feed in CalendarFeed.objects.all()} == {hash_of(secret) for secret in secrets}
    assert not any(secret in str(CalendarFeed.objects.values()) for secret in secrets)


# --- One event --------------------------------------------------------------------------------------------------------


def test_a_meeting_as_a_file_for_anybody(scene: Scene) -> None:
    scene.client.cookies["sprog"] = "en"
    answer = scene.client.get(reverse("meeting_file", args=[scene.meeting.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="moede-{scene.meeting.day.isoformat()}.ics"'
    (event,) = read(answer.content).walk("VEVENT")
    assert event["uid"] == scene.events(scene.subscribe())[f"meeting-{scene.meeting.pk}"]["uid"]
    assert event["dtstart"].dt == scene.meeting.day
    assert "Deadline for texts" in event["description"]
    assert reverse("meeting", args=[scene.meeting.pk]) in event["url"]
    cancel_meeting(meeting=scene.meeting, reason="Aflyst.", by=None)
    (event,) = read(scene.client.get(reverse("meeting_file", args=[scene.meeting.pk])).content).walk("VEVENT")
    assert event["status"] == "CANCELLED"
    assert scene.client.get(reverse("meeting_file", args=[scene.meeting.pk + 9])).status_code == 404


def test_the_pages_lead_to_the_files(scene: Scene) -> None:
    meeting = scene.client.get(reverse("meeting", args=[scene.meeting.pk])).content.decode()
    assert reverse("meeting_file", args=[scene.meeting.pk]) in meeting
    place = [scene.plan.slug, 1]
    assert reverse("item_deadline_file", args=place) in scene.client.get(reverse("item", args=place)).content.decode()
    (event,) = read(scene.client.get(reverse("item_deadline_file", args=place)).content).walk("VEVENT")
    assert event["dtstart"].dt == scene.due


@pytest.mark.parametrize("how", ["no date", "completed", "closed", "no status"])
def test_an_item_without_a_deadline_has_no_file_and_no_link(scene: Scene, how: str) -> None:
    if how == "no status":
        scene.item.statuses.all().delete()
    elif how == "closed":
        scene.item.closed_on = scene.today
        scene.item.save()
    else:
        world.status(scene.item, state="completed" if how == "completed" else "on_hold")
    place = [scene.plan.slug, 1]
    assert scene.client.get(reverse("item_deadline_file", args=place)).status_code == 404
    assert "frist.ics" not in scene.client.get(reverse("item", args=place)).content.decode()


def test_a_meeting_moved_by_hand_has_a_younger_stamp(scene: Scene) -> None:
    (before,) = read(scene.client.get(reverse("meeting_file", args=[scene.meeting.pk])).content).walk("VEVENT")
    Meeting.history.model.objects.update(history_date=timezone.now() + timedelta(hours=2))
    (after,) = read(scene.client.get(reverse("meeting_file", args=[scene.meeting.pk])).content).walk("VEVENT")
    assert after["dtstamp"].dt > before["dtstamp"].dt


def test_the_file_of_no_events_at_all(settings: Any) -> None:
    settings.SITE_NAME = "Navn, med; tegn\\"
    assert read(calendar_file([], name="Ældre, m.fl.; x")).walk("VEVENT") == []
