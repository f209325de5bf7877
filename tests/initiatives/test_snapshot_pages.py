"""Frozen plans to read, the list of them, and the pages that ask before freezing and approving."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from indicators.models import Observation
from initiatives.actions.content.frozen import freeze_demo_meeting
from initiatives.actions.freezing import approve, freeze
from initiatives.actions.plans import close, update_item
from initiatives.actions.status import StatusDraft, keep_status, record_status
from initiatives.models import (
    Approval,
    Body,
    Meeting,
    Membership,
    Plan,
    Snapshot,
    SnapshotLight,
    SnapshotRedaction,
)
from initiatives.permissions import plan_rights
from initiatives.presenters.freezing import FreezePanel, freeze_panel
from initiatives.presenters.frozen_lights import frozen_figures
from initiatives.presenters.snapshots import check_hash, check_view
from tests.initiatives import small_world as world
from tests.initiatives.frozen_world import DAY, Frozen, frozen_world, meeting_of

pytestmark = pytest.mark.django_db
DEMO_DAY = date(2020, 11, 5)


@pytest.fixture
def there() -> Frozen:
    return frozen_world()


@pytest.fixture
def snapshot(there: Frozen) -> Snapshot:
    return freeze(meeting=there.meeting, plan=there.plan, by=there.secretary, expected_version=1)


def text_of(response: Any) -> str:
    """The words of the page as a reader meets them."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body.replace("&nbsp;", " ").replace("\xa0", " ").replace("&#x27;", "'"))


def main_of(response: Any) -> str:
    """The content alone: the frame around it tells of the day, and the secret of a form is new each time."""
    found = re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)
    assert found is not None
    return re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", found[0])


def freeze_url(there: Frozen) -> str:
    return reverse("plan_freeze", args=[there.meeting.pk, there.plan.slug])


def approve_url(there: Frozen) -> str:
    return reverse("plan_approve", args=[there.meeting.pk, there.plan.slug])


# --- The frozen page --------------------------------------------------------------------------------------------------


def test_anybody_reads_the_frozen_plan(client: Client, snapshot: Snapshot) -> None:
    response = client.get(f"/fastfrosset/{snapshot.pk}/")
    assert response.status_code == 200
    text = text_of(response)
    for words in (
        "Handleplan · Samarbejdsudvalget ·",
        "To af tre punkter er ramt af COVID-19.",
        "7. november 2023",
        "»Udsat igen.«",
        "Midtklyngen og Samarbejdsudvalget",
        "Udvalget tog det til efterretning.",
        "Aftalen er underskrevet",
        "4. kvartal 2021",
        "Underspor",
        "Akutte genindlæggelser",
        "13,3 pct.",
        "Dårligere end landet",
        "Vi har intet tal for 2022 at sammenligne med.",
        "24/1234",
        "sekretaer",
        *re.findall("........", snapshot.content_hash),
    ):
        assert words in text, words
    assert "Lukket punkt" not in text


def test_it_is_made_only_from_frozen_rows(client: Client, there: Frozen, snapshot: Snapshot) -> None:
    """Renaming body, plan and user, editing an item, a new status and new figures leave every letter of it."""
    address = f"/fastfrosset/{snapshot.pk}/"
    before = main_of(client.get(address))
    update_item(item=there.moved, by=there.secretary, today=DAY, title="Et nyt navn", content="Andet")
    keep_status(item=there.moved, opened_on=2, as_of=DAY, by=there.secretary)
    for thing, field in (
        (there.body, "name"),
        (there.plan, "title"),
        (there.secretary, "name"),
        (there.meeting, "title"),
    ):
        setattr(thing, field, "Omdøbt")
        thing.save()
    Body.objects.update(area=None)
    there.plan.tracks.update(title="Et andet spor")
    Observation.objects.update(value=1)
    close(thing=there.plan, reason="Slut.", on=DAY, by=there.secretary)
    assert main_of(client.get(address)) == before
    assert check_hash(Snapshot.objects.get(pk=snapshot.pk))


@pytest.mark.slow
def test_loading_the_demo_again_leaves_its_frozen_plan_as_it_was(client: Client) -> None:
    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    snapshot = Snapshot.objects.get()
    assert (snapshot.meeting_day, snapshot.version, snapshot.by_name) == (DEMO_DAY, 1, "Sekretær (demo)")
    assert (snapshot.items.count(), snapshot.meeting.hand_in, snapshot.meeting.dispatch) == (
        7,
        date(2020, 10, 22),
        date(2020, 10, 29),
    )
    before = main_of(client.get(f"/fastfrosset/{snapshot.pk}/"))
    call_command("load_demo", verbosity=0, stdout=io.StringIO())
    assert freeze_demo_meeting(by=None) == 0
    assert Snapshot.objects.get() == snapshot
    assert Meeting.objects.filter(body=snapshot.meeting.body, day=DEMO_DAY).count() == 1
    assert main_of(client.get(f"/fastfrosset/{snapshot.pk}/")) == before


def test_a_newer_version_is_named_with_the_way_to_it(client: Client, there: Frozen, snapshot: Snapshot) -> None:
    old = f"/fastfrosset/{snapshot.pk}/"
    newer = freeze(
        meeting=there.meeting, plan=there.plan, by=there.secretary, expected_version=2, note="Forkert dato på punkt 1."
    )
    page, link = client.get(old).content.decode(), f'href="/fastfrosset/{newer.pk}/"'
    assert link in page
    assert "Forkert dato" not in page
    newest = client.get(f"/fastfrosset/{newer.pk}/").content.decode()
    assert "Forkert dato på punkt 1." in newest
    assert link not in newest


def test_a_snapshot_that_is_not_there(client: Client) -> None:
    assert client.get("/fastfrosset/1/").status_code == 404
    assert client.post("/fastfrosset/1/").status_code == 405


def test_the_checksum_that_does_not_hold_is_said_with_what_was_removed(snapshot: Snapshot) -> None:
    items, lights = list(snapshot.items.all()), list(snapshot.lights.all())
    assert check_view(snapshot, items, lights, []).holds
    items[0].words = "[fjernet]"
    silent = check_view(snapshot, items, lights, [])
    told = check_view(
        snapshot,
        items,
        lights,
        [SnapshotRedaction(what="punkt 1", reason="Et navn.", decided_by="Direktionen", removed_on=DAY)],
    )
    assert not silent.holds
    assert silent.sentence == told.sentence == ""
    assert silent.warning != told.warning
    assert [line.what for line in told.redactions] == ["punkt 1"]
    snapshot.schema = 2
    assert check_view(snapshot, items, lights, []).warning


def test_as_few_questions_for_a_large_snapshot(
    client: Client, snapshot: Snapshot, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(10):
        client.get(f"/fastfrosset/{snapshot.pk}/")


def test_a_light_of_a_reason_this_program_has_forgotten_is_still_a_page() -> None:
    snapshot = Snapshot(area_code="082", area_name="Midtjylland")
    row = SnapshotLight(
        position=1,
        indicator_code="x",
        indicator_name="X",
        area_code="000",
        area_name="Hele landet",
        period="2023",
        value=1,
        flag="ok",
        level_reason="en_helt_ny",
        level_said="Fordi.",
        development_published="green",
    )
    figures = frozen_figures(snapshot, [row])
    cell = figures.goals[0].indicators[0].figures[0]
    assert cell.level.none
    assert cell.level.reason == "Fordi."
    assert (cell.development.code, cell.development.published) == ("green", True)
    assert figures.own_area_missing == "Midtjylland"


def test_a_reason_that_many_cells_share_is_said_once(client: Client, snapshot: Snapshot) -> None:
    text = text_of(client.get(f"/fastfrosset/{snapshot.pk}/"))
    assert text.count("Vi har intet tal for 2022 at sammenligne med.") == 2  # once for each indicator, of five cells


def test_in_english_the_frozen_words_stay(client: Client, snapshot: Snapshot) -> None:
    client.cookies["sprog"] = "en"
    text = text_of(client.get(f"/fastfrosset/{snapshot.pk}/"))
    for words in ("Frozen for", "Worse than the country", "Q4 2021", "»Udsat igen.«", "COVID-19"):
        assert words in text, words


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_of_a_plan(client: Client, there: Frozen, snapshot: Snapshot) -> None:
    address = reverse("snapshot_list", args=[there.plan.slug])
    later = meeting_of(there.body, date(2024, 2, 6), title="Ekstraordinært møde")
    for version, note in ((1, ""), (2, "Rettet.")):
        freeze(meeting=later, plan=there.plan, by=None, expected_version=version, note=note)
    text = text_of(client.get(address))
    assert re.search(r"Ekstraordinært møde, 6. februar 2024.*Ekstraordinært møde.*7. november 2023", text)
    assert "Rettet." in text
    empty = world.plan(there.body)
    assert client.get(reverse("snapshot_list", args=[empty.slug])).status_code == 200
    assert client.get("/planer/findes-ikke/fastfrosset/").status_code == 404


# --- Freezing ---------------------------------------------------------------------------------------------------------


def test_the_secretariat_freezes_and_reads_it(client: Client, there: Frozen) -> None:
    client.force_login(there.secretary)
    page = client.get(freeze_url(there))
    assert page.status_code == 200
    assert 'name="expected_version" value="1"' in page.content.decode()
    assert 'name="note"' not in page.content.decode()
    response = client.post(freeze_url(there), {"expected_version": "1"})
    snapshot = Snapshot.objects.get()
    assert response.headers["Location"] == f"/fastfrosset/{snapshot.pk}/"
    assert snapshot.by == there.secretary


def test_only_the_secretariat_of_the_body_freezes_and_only_its_chair_approves(client: Client, there: Frozen) -> None:
    stranger = world.user()
    world.member(stranger, world.body("Et andet"), "secretary")
    address, asked = freeze_url(there), approve_url(there)
    assert client.get(address).status_code == client.get(asked).status_code == 302
    assert client.post(address, {"expected_version": "1"}).status_code == 403
    assert client.post(asked, {"seen": "x"}).status_code == 403
    for user, may_freeze, may_approve in (
        (stranger, False, False),
        (there.secretary, True, False),
        (there.chair, False, True),
    ):
        client.force_login(user)
        assert (client.get(address).status_code == 200) is may_freeze
        assert (client.get(asked).status_code == 200) is may_approve
        if not may_freeze:
            assert client.post(address, {"expected_version": "1"}).status_code == 403
        if not may_approve:
            assert client.post(asked, {"seen": "x"}).status_code == 403
    Membership.objects.update(valid_to=date(2023, 1, 1))
    client.force_login(there.secretary)
    assert client.post(address, {"expected_version": "1"}).status_code == 403
    assert not Snapshot.objects.exists()
    assert not Approval.objects.exists()


def test_a_correction_without_a_note_comes_back_with_what_to_do(
    client: Client, there: Frozen, snapshot: Snapshot
) -> None:
    client.force_login(there.secretary)
    page = client.get(freeze_url(there)).content.decode()
    assert 'name="expected_version" value="2"' in page
    response = client.post(freeze_url(there), {"expected_version": "2", "note": " "})
    assert response.status_code == 422
    assert 'href="#id_note"' in response.content.decode()
    response = client.post(freeze_url(there), {"expected_version": "2", "note": "Borger 010190-1234 er fjernet."})
    assert response.status_code == 422
    assert Snapshot.objects.count() == 1
    assert client.post(freeze_url(there), {"expected_version": "2", "note": "Rettet."}).status_code == 302


def test_whoever_comes_second_is_told_and_keeps_their_words(client: Client, there: Frozen, snapshot: Snapshot) -> None:
    client.force_login(there.secretary)
    response = client.post(freeze_url(there), {"expected_version": "1", "note": "Mine ord."})
    assert response.status_code == 409
    page = response.content.decode()
    assert f'href="/fastfrosset/{snapshot.pk}/"' in page
    assert "Mine ord." in page
    assert 'name="expected_version" value="2"' in page
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize("posted", [{}, {"expected_version": "x"}, {"expected_version": "0"}])
def test_a_form_that_was_not_ours_is_no_error_of_the_server(
    client: Client, there: Frozen, posted: dict[str, str]
) -> None:
    client.force_login(there.secretary)
    assert client.post(freeze_url(there), posted).status_code == 422
    assert not Snapshot.objects.exists()


def test_a_plan_that_cannot_be_frozen_says_why(client: Client, there: Frozen) -> None:
    client.force_login(there.secretary)
    there.meeting.cancelled_on, there.meeting.cancelled_reason = DAY, "Sygdom."
    there.meeting.save()
    page = client.get(freeze_url(there))
    assert page.status_code == 200
    assert 'name="expected_version"' not in page.content.decode()
    response = client.post(freeze_url(there), {"expected_version": "1"})
    assert response.status_code == 422
    assert re.search("aflyst|cancelled", text_of(response))
    assert client.get(f"/moeder/{there.meeting.pk}/planer/findes-ikke/frys/").status_code == 404
    assert client.get(f"/moeder/99999/planer/{there.plan.slug}/frys/").status_code == 404


# --- Approving --------------------------------------------------------------------------------------------------------


def test_the_chair_reads_approves_and_the_secretariat_freezes(client: Client) -> None:
    there = frozen_world(needs_approval=True)
    client.force_login(there.secretary)
    waiting = client.get(freeze_url(there)).content.decode()
    assert 'name="expected_version"' not in waiting
    assert "formand" in waiting
    assert client.post(freeze_url(there), {"expected_version": "1"}).status_code == 422
    client.force_login(there.chair)
    page = client.get(approve_url(there)).content.decode()
    assert "»Udsat igen.«" in page
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen is not None
    assert client.post(approve_url(there), {"seen": seen[1]}).status_code == 302
    assert 'name="seen"' not in client.get(approve_url(there)).content.decode()
    assert client.post(approve_url(there), {"seen": seen[1]}).status_code == 302
    assert Approval.objects.count() == 1
    client.force_login(there.secretary)
    assert client.post(freeze_url(there), {"expected_version": "1"}).status_code == 302
    assert Snapshot.objects.get().approved_by == "formand"


def test_a_chair_whose_page_is_old_is_told_and_approves_nothing(client: Client) -> None:
    there = frozen_world(needs_approval=True)
    client.force_login(there.chair)
    page = client.get(approve_url(there)).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', page)
    assert seen is not None
    draft = StatusDraft(state="in_progress", text="Et helt nyt ord.")
    record_status(item=there.silent, draft=draft, opened_on=0, as_of=DAY, by=there.secretary)
    response = client.post(approve_url(there), {"seen": seen[1]})
    assert response.status_code == 409
    assert "Et helt nyt ord." in response.content.decode()
    assert seen[1] not in response.content.decode()
    assert client.post(approve_url(there), {}).status_code == 422
    assert not Approval.objects.exists()


# --- The panel of the meeting's page ----------------------------------------------------------------------------------


def panel(there: Frozen, user: Any) -> Any:
    [line] = panel_of(there, [there.plan], user).plans
    return line


def panel_of(there: Frozen, plans: list[Any], user: Any) -> FreezePanel:
    today = timezone.localdate()
    return freeze_panel(there.meeting, plans, plan_rights(user, there.meeting, today=today), today)


def test_the_panel_before_and_after_freezing(there: Frozen) -> None:
    line = panel(there, there.secretary)
    assert (line.code, line.version, line.snapshot_url, line.approval) == ("open", 1, "", "")
    assert line.freeze_url == freeze_url(there)
    assert (line.approve_url, panel(there, there.chair).freeze_url) == ("", "")
    snapshot = freeze(meeting=there.meeting, plan=there.plan, by=there.secretary, expected_version=1)
    line = panel(there, there.secretary)
    assert (line.code, line.version, line.changes) == ("frozen", 2, ())
    assert line.snapshot_url == f"/fastfrosset/{snapshot.pk}/"


def test_the_panel_names_what_differs_from_the_newest_version(there: Frozen, snapshot: Snapshot) -> None:
    update_item(item=there.moved, by=there.secretary, today=DAY, title="Et nyt navn")
    there.plan.items.create(track=there.moved.track, key="nyt", number=9, position=9, title="Et nyt punkt")
    close(thing=there.silent, reason="Slut.", on=DAY, by=there.secretary)
    line = panel(there, there.secretary)
    assert line.code == "changed"
    assert sorted(line.changes) == ["1. Et nyt navn", "3. Ingen har skrevet", "9. Et nyt punkt"]
    assert line.more == 0


def test_moving_an_item_in_the_order_is_no_change_of_it(there: Frozen, snapshot: Snapshot) -> None:
    there.plan.items.filter(pk=there.silent.pk).update(position=0)
    assert panel(there, there.secretary).changes == ()


def test_the_panel_says_who_must_approve(there: Frozen) -> None:
    Body.objects.filter(pk=there.body.pk).update(needs_approval=True)
    there.meeting.refresh_from_db()
    line = panel(there, there.secretary)
    assert (line.code, line.freeze_url) == ("waiting", "")
    assert "formand" in line.approval
    assert panel(there, there.chair).approve_url == approve_url(there)
    approve(meeting=there.meeting, plan=there.plan, by=there.chair)
    line = panel(there, there.secretary)
    assert (line.code, line.freeze_url) == ("open", freeze_url(there))
    assert panel(there, there.chair).approve_url == ""


def test_a_plan_that_is_closed_has_no_buttons(there: Frozen) -> None:
    close(thing=there.plan, reason="Slut.", on=DAY, by=there.secretary)
    line = panel(there, there.secretary)
    assert (line.code, line.freeze_url, line.approve_url) == ("refused", "", "")
    assert line.state


def test_a_body_without_plans(there: Frozen) -> None:
    assert panel_of(there, [], there.secretary).blank


def test_a_reader_is_told_what_is_frozen_and_offered_nothing(there: Frozen, snapshot: Snapshot) -> None:
    update_item(item=there.moved, by=there.secretary, today=DAY, title="Et nyt navn")
    line = panel(there, world.user())
    assert (line.code, line.changes, line.freeze_url, line.approve_url) == ("frozen", (), "", "")
    assert line.annex is not None
    assert line.annex.docx_url == f"/fastfrosset/{snapshot.pk}/bilag/docx/"


def test_what_was_frozen_for_a_meeting_stands_there_when_the_plan_no_longer_does(
    there: Frozen, snapshot: Snapshot
) -> None:
    [line] = panel_of(there, [], there.secretary).plans
    assert line.snapshot_url == f"/fastfrosset/{snapshot.pk}/"


@pytest.mark.parametrize(("who", "needs_approval", "asks"), [("reader", True, 1), ("secretary", False, 12)])
def test_a_reader_costs_one_question_and_a_secretary_few(
    there: Frozen, snapshot: Snapshot, who: str, needs_approval: bool, asks: int, django_assert_max_num_queries: Any
) -> None:
    there.meeting.body.needs_approval = needs_approval
    today = timezone.localdate()
    rights = plan_rights(there.secretary if who == "secretary" else world.user(), there.meeting, today=today)
    plan = Plan.objects.select_related("kind", "body__area", "agreement").get(pk=there.plan.pk)
    with django_assert_max_num_queries(asks):
        freeze_panel(there.meeting, [plan], rights, today)


# --- The way from the meeting to the annex ----------------------------------------------------------------------------


def test_meeting_freeze_word_in_three_clicks(client: Client, there: Frozen) -> None:
    client.force_login(there.secretary)
    meeting = client.get(reverse("meeting", args=[there.meeting.pk])).content.decode()
    assert f'href="{freeze_url(there)}"' in meeting
    assert "/bilag/docx/" not in meeting
    frozen = client.post(freeze_url(there), {"expected_version": "1"}, follow=True)
    address = f"/fastfrosset/{Snapshot.objects.get().pk}/bilag/docx/"
    assert f'href="{address}"' in frozen.content.decode()
    assert client.get(address).content.startswith(b"PK")
    assert f'href="{address}"' in client.get(reverse("meeting", args=[there.meeting.pk])).content.decode()
    assert (
        reverse("snapshot_list", args=[there.plan.slug]) in client.get(f"/planer/{there.plan.slug}/").content.decode()
    )


def test_nobody_is_shown_a_button_they_may_not_press(client: Client, there: Frozen, snapshot: Snapshot) -> None:
    Body.objects.filter(pk=there.body.pk).update(needs_approval=True)
    update_item(item=there.moved, by=there.secretary, today=DAY, title="Et nyt navn")
    letterhead = reverse("letterhead", args=[there.body.slug])
    address = reverse("meeting", args=[there.meeting.pk])
    for user, shown in (
        (None, ()),
        (world.user(), ()),
        (there.chair, (approve_url(there),)),
        (there.secretary, (letterhead,)),
    ):
        if user is not None:
            client.force_login(user)
        page = client.get(address).content.decode()
        links = (freeze_url(there), approve_url(there), letterhead)
        assert tuple(link for link in links if f'href="{link}"' in page) == shown, user
        assert f'href="/fastfrosset/{snapshot.pk}/"' in page
