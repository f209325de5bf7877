"""The grid of statuses: typed, read, saved together, refused row by row, and never in anybody's way."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from initiatives.actions.meetings import cancel_meeting, register_meeting
from initiatives.models import Role, StatusUpdate
from tests.initiatives import small_world as world
from tests.initiatives.large_plan import large_plan
from tests.initiatives.meeting_world import Scene

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(client: Client) -> Scene:
    return Scene(client)


def save(scene: Scene, *rows: dict[str, str], who: Any = None) -> Any:
    scene.client.force_login(who or scene.secretary)
    fields: dict[str, str] = {}
    for row in rows:
        fields |= row
    return scene.client.post(scene.grid, fields)


def value(html: str, name: str) -> str:
    """What stands in a text area."""
    found = re.search(rf'<textarea[^>]*name="{name}"[^>]*>([^<]*)</textarea>', html)
    assert found, name
    return found[1]


# --- Saving -----------------------------------------------------------------------------------------------------------


def test_words_alone_are_enough_when_the_reader_is_sure(scene: Scene) -> None:
    answer = save(
        scene,
        scene.row(scene.own, "Udsat pga. COVID-19. Genoptages 2. kvartal 2031."),
        scene.row(scene.theirs, unchanged="1"),
        scene.row(scene.empty, "I gang på to hospitaler."),
    )
    assert answer.status_code == 302
    assert answer["Location"] == scene.url("meeting")
    own, theirs, empty = (item.statuses.order_by("-sequence")[0] for item in (scene.own, scene.theirs, scene.empty))
    assert (own.state, own.due and own.due.words, own.cause) == ("postponed", "2. kvartal 2031", scene.cause)
    assert own.postponement.words == "Udsat pga. COVID-19. Genoptages 2. kvartal 2031."
    assert (theirs.unchanged, theirs.text) == (True, "I gang i klyngen.")
    assert (empty.state, empty.sequence) == ("in_progress", 1)
    for status in (own, theirs, empty):
        assert (status.meeting, status.by, status.as_of) == (scene.meeting, scene.secretary, timezone.localdate())


def test_the_secretariat_answers_on_behalf_of_an_owner_it_has_no_role_in(scene: Scene) -> None:
    save(scene, scene.row(scene.own, "I gang."), scene.row(scene.theirs, "I gang."))
    assert scene.own.statuses.get(sequence=2).on_behalf_of is None
    assert scene.theirs.statuses.get(sequence=2).on_behalf_of == scene.cluster
    page = scene.client.get(scene.url("meeting")).content.decode()
    assert page.count("written by the secretariat on behalf of Klyngen") == 1


def test_the_owners_own_answer_is_their_own(scene: Scene) -> None:
    assert save(scene, scene.row(scene.theirs, "I gang hos os."), who=scene.lead).status_code == 302
    assert scene.theirs.statuses.get(sequence=2).on_behalf_of is None


def test_what_is_chosen_by_hand_stands_over_what_is_read(scene: Scene) -> None:
    row = scene.row(scene.own, "Udsat. Genoptages 2. kvartal 2031.", state="delayed", due="3. kvartal 2031")
    save(scene, {**row, "p1-cause": "covid_19"})
    status = scene.own.statuses.get(sequence=2)
    assert (status.state, status.due and status.due.words, status.cause) == ("delayed", "3. kvartal 2031", scene.cause)


def test_rows_left_alone_are_not_touched(scene: Scene) -> None:
    save(scene, scene.row(scene.own, "I gang."), scene.row(scene.theirs), scene.row(scene.empty))
    assert StatusUpdate.objects.count() == 3
    answer = save(scene, scene.row(scene.own), scene.row(scene.theirs))
    assert answer.status_code == 422
    assert "Nothing is written yet." in answer.content.decode()


# --- Refused ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": "Det går fint."}, "No state can be read"),
        ({"text": "Udsat til foråret pga. COVID-19."}, "The year of the date is missing"),
        ({"text": "Udsat pga. COVID-19. Genoptages 5. kvartal 2031."}, "A date in the words cannot be read"),
        ({"text": "Udsat. Genoptages 2. kvartal 2031."}, "Choose why it is postponed."),
        ({"text": "I gang.", "due": "31. februar 2031"}, "That month has no such day"),
        ({"text": "I gang.", "due": "x" * 161}, "longer than 160"),
        ({"text": "I gang. " + "x" * 6000}, "longer than 6000"),
        ({"text": "I gang.", "state": "flyvende"}, "Choose a state."),
        ({"text": "I gang.", "cause": "vejret"}, "Choose a cause from the list."),
        ({"text": "I gang hos 010190-1234."}, "The text holds a CPR number."),
        ({"text": "I gang.", "due": "010190-1234"}, "The text holds a CPR number."),
        ({"text": "I gang.", "unchanged": "1"}, "Keep one of them."),
        ({"text": "", "state": "in_progress"}, "Write the status in your own words."),
    ],
)
def test_a_row_that_cannot_be_told_asks_and_nothing_at_all_is_saved(
    scene: Scene, fields: dict[str, str], says: str
) -> None:
    text = fields.pop("text")
    answer = save(scene, scene.row(scene.theirs, "I gang i klyngen nu."), scene.row(scene.own, text, **fields))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert says in html
    assert StatusUpdate.objects.count() == 2
    # Everything typed is still there, in both rows.
    assert value(html, "p1-text") == text
    assert value(html, "p2-text") == "I gang i klyngen nu."


def test_unchanged_where_there_is_nothing_to_keep(scene: Scene) -> None:
    answer = save(scene, scene.row(scene.empty, unchanged="1"))
    assert answer.status_code == 422
    assert "There is no status to keep yet." in answer.content.decode()
    assert 'name="p3-unchanged"' not in answer.content.decode()


def test_all_that_is_wrong_is_said_at_once_with_links_to_the_fields(scene: Scene) -> None:
    answer = save(scene, scene.row(scene.own, "Fint."), scene.row(scene.theirs, "I gang.", due="uge 54 2031"))
    html = answer.content.decode()
    assert 'href="#p1-state"' in html
    assert 'href="#p2-due"' in html
    assert "2 rows need you" in html


# --- Two at once ------------------------------------------------------------------------------------------------------


def test_who_saves_second_sees_the_firsts_words_beside_their_own_and_loses_nothing(scene: Scene) -> None:
    mine, other = scene.row(scene.own, "Afsluttet, siger jeg."), scene.row(scene.theirs, "I gang endnu.")
    world.status(scene.own, text="Skrevet af en anden imens.")
    answer = save(scene, mine, other)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Skrevet af en anden imens." in html
    assert value(html, "p1-text") == "Afsluttet, siger jeg."
    assert value(html, "p2-text") == "I gang endnu."
    assert StatusUpdate.objects.count() == 3  # not even the row nobody disputed
    # Saved again, it stands on top of theirs: the person has seen it.
    assert '<input type="hidden" name="p1-opened" value="2">' in html
    assert save(scene, {**mine, "p1-opened": "2"}, other).status_code == 302
    assert scene.words(scene.own)[1:] == ["Skrevet af en anden imens.", "Afsluttet, siger jeg."]


def test_a_row_that_was_not_disputed_stays_on_what_it_saw(scene: Scene) -> None:
    """Between the refusal and the next try somebody else may write: that too is noticed."""
    stale = scene.row(scene.own, "Fint.")
    world.status(scene.own, text="Skrevet af en anden imens.")
    html = save(scene, stale).content.decode()
    assert '<input type="hidden" name="p1-opened" value="1">' in html


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_owners_see_their_own_rows_and_the_secretariat_all(scene: Scene) -> None:
    scene.client.force_login(scene.lead)
    html = scene.client.get(scene.grid).content.decode()
    assert ("p2-text" in html, "p1-text" in html) == (True, False)
    assert "2 other items are written by their own owners." in html
    scene.client.force_login(scene.secretary)
    html = scene.client.get(scene.grid).content.decode()
    assert all(f"p{number}-text" in html for number in (1, 2, 3))


def test_a_row_of_somebody_else_is_refused_and_with_it_the_whole(scene: Scene) -> None:
    answer = save(scene, scene.row(scene.own, "I gang."), scene.row(scene.theirs, "I gang."), who=scene.lead)
    assert answer.status_code == 422
    assert "Its owners or the secretariat write this one." in answer.content.decode()
    assert StatusUpdate.objects.count() == 2


def test_readers_are_told_who_can_and_strangers_are_asked_who_they_are(scene: Scene) -> None:
    assert scene.client.get(scene.grid).status_code == 302
    scene.client.force_login(scene.reader)
    refused = scene.client.get(scene.grid)
    assert refused.status_code == 403
    assert "Only the secretariat of Udvalget, the owners of the items" in refused.content.decode()
    assert save(scene, scene.row(scene.own, "I gang."), who=scene.reader).status_code == 403
    assert StatusUpdate.objects.count() == 2


def test_a_session_that_ended_over_the_grid_loses_no_words(scene: Scene) -> None:
    answer = scene.client.post(scene.grid, scene.row(scene.own, "En lang tekst om etik."))
    assert answer.status_code == 403
    assert value(answer.content.decode(), "p1-text") == "En lang tekst om etik."
    assert "You are signed out." in answer.content.decode()
    assert StatusUpdate.objects.count() == 2


def test_the_grid_is_only_of_the_bodys_own_plans_and_of_a_meeting_that_stands(scene: Scene) -> None:
    strangers = world.plan(world.body("Et andet udvalg"))
    scene.client.force_login(scene.secretary)
    assert scene.client.get(scene.url("status_grid", strangers.slug)).status_code == 404
    cancel_meeting(meeting=scene.meeting, reason="Ingen sager.", by=scene.secretary)
    assert scene.client.get(scene.grid).status_code == 302
    refused = save(scene, scene.row(scene.own, "I gang."))
    assert refused.status_code == 422
    assert value(refused.content.decode(), "p1-text") == "I gang."
    assert StatusUpdate.objects.count() == 2


# --- Reading live -----------------------------------------------------------------------------------------------------


def read(scene: Scene, **fields: str) -> str:
    answer = scene.client.post(scene.url("status_grid_read", scene.plan.slug, 1), scene.row(scene.own, **fields))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_the_reading_says_what_would_be_saved(scene: Scene) -> None:
    scene.client.force_login(scene.secretary)
    html = read(scene, text="Udsat pga. COVID-19. Genoptages 2. kvartal 2031.")
    assert html.startswith('<div class="sa-gridread" id="p1-laest"')
    for words in ("Postponed", "Q2 2031", "COVID-19"):
        assert words in html.replace("\u00a0", " ")
    assert "Choose" not in html
    assert "On hold" in read(scene, text="Udsat pga. COVID-19.", state="on_hold")
    assert "No state can be read" in read(scene, text="Fint.")
    refused = read(scene, text="I gang hos 010190-1234.")
    assert "CPR" in refused
    assert "010190" not in refused
    assert StatusUpdate.objects.count() == 2


def test_only_who_may_write_the_row_has_it_read(scene: Scene) -> None:
    scene.client.force_login(scene.lead)
    url = scene.url("status_grid_read", scene.plan.slug, 1)
    assert scene.client.post(url, scene.row(scene.own, "I gang.")).status_code == 403
    assert scene.client.get(url).status_code == 405


# --- Size -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def large(client: Client) -> Any:
    plan = large_plan()
    who = world.user()
    world.member(who, plan.body, Role.SECRETARY)
    client.force_login(who)
    meeting = register_meeting(body=plan.body, day=timezone.localdate(), by=who)
    plan.as_of = None
    plan.save()
    return meeting, plan


def test_200_items_in_one_grid(client: Client, large: Any, django_assert_max_num_queries: Any) -> None:
    meeting, plan = large
    url = f"/moeder/{meeting.pk}/planer/{plan.slug}/statusser/"
    client.get(url)
    with django_assert_max_num_queries(15):  # four of them for the frame of an empty world
        page = client.get(url)
    assert page.content.decode().count('class="sa-gridrow"') == 200


def test_every_field_of_200_items_is_sent_and_comes_back(client: Client, large: Any) -> None:
    """More fields than Django takes by default: six for each row."""
    meeting, plan = large
    fields = {}
    for number in range(1, 201):
        row = {"text": "Det går fint.", "state": "", "due": "", "cause": "", "opened": "2"}
        fields |= {f"p{number}-{name}": text for name, text in row.items()}
    answer = client.post(f"/moeder/{meeting.pk}/planer/{plan.slug}/statusser/", fields)
    assert answer.status_code == 422
    assert answer.content.decode().count(">Det går fint.</textarea>") == 200
