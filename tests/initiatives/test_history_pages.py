"""Pages of who changed what, looking back to a day, and the package for access to documents."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from initiatives.actions.initiatives import update_initiative
from initiatives.actions.milestones import add_milestone, reach_milestone, update_milestone
from initiatives.actions.plans import update_item, update_plan
from initiatives.actions.status import StatusDraft, record_status
from initiatives.models import ActionItem, Anchoring, Comment, Contribution, DelayCause, Meeting, Milestone, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


@pytest.fixture
def case() -> Any:
    """An item written on 20 November, reworded and given another owner on the 21st, answered on the 22nd."""

    class Case:
        pass

    found: Any = Case()
    found.secretary, found.stranger = world.user("sekretaer@example.dk"), world.user("fremmed@example.dk")
    with time_machine.travel(world.at(DAY), tick=False):
        found.body, found.other = world.body("Midtklyngen"), world.body("Randersklyngen")
        world.member(found.secretary, found.body, Role.SECRETARY)
        found.plan = world.plan(found.body)
        found.item = world.item(found.plan, owners=(found.body,), title="Fælles akutteams", due=date(2027, 3, 31))
    with time_machine.travel(world.at(DAY + timedelta(days=1)), tick=False):
        update_item(
            item=found.item,
            by=found.secretary,
            today=DAY,
            owners=[found.body, found.other],
            title="Fælles udgående teams",
        )
        add_milestone(item=found.item, title="Evaluering", when="2. kvartal 2027", by=found.secretary, today=DAY)
    return found


def get(who: Any, path: str, **query: str) -> Any:
    client = Client()
    if who is not None:
        client.force_login(who)
    return client.get(path, query)


def address(item: ActionItem, tail: str = "historik") -> str:
    return f"/planer/{item.plan.slug}/punkter/{item.number}/{tail}/"


def headings(response: Any) -> list[tuple[str, str]]:
    return [(line.what, line.name) for line in response.context["page"].lines]


def test_the_item_tells_who_changed_what_from_what(case: Any) -> None:
    response = get(case.secretary, address(case.item))
    told = headings(response)
    assert set(told[:3]) == {
        ("Milepæl tilføjet", "Evaluering"),
        ("Punktet blev ændret", ""),
        ("Forankring tilføjet", "Randersklyngen"),
    }
    assert set(told[3:]) == {
        ("Første status", ""),
        ("Forankring tilføjet", "Midtklyngen"),
        ("Punktet blev skrevet ind", ""),
    }
    renamed = next(line for line in response.context["page"].lines if line.what == "Punktet blev ændret")
    assert [(field.field, field.before, field.after) for field in renamed.short] == [
        ("Titel", "Fælles akutteams", "Fælles udgående teams")
    ]
    assert renamed.by == "sekretaer"


def test_an_owner_who_stays_is_not_taken_off_and_put_on_again(case: Any) -> None:
    kept = Anchoring.objects.get(item=case.item, body=case.body).pk
    update_item(item=case.item, by=case.secretary, today=DAY, owners=[case.other, case.body])
    assert Anchoring.objects.get(item=case.item, body=case.body).pk == kept
    assert [row.body_id for row in case.item.anchorings.order_by("position")] == [case.other.pk, case.body.pk]
    update_item(item=case.item, by=case.secretary, today=DAY, owners=[case.other])
    lines = headings(get(case.secretary, address(case.item)))
    assert lines.count(("Ikke længere forankret her", "Midtklyngen")) == 1


def test_looking_back_shows_the_words_and_owners_of_that_day(case: Any) -> None:
    def on(day: date) -> dict[str, Any]:
        page = get(case.secretary, address(case.item), dato=day.isoformat()).context["page"]
        return {group.heading: group.things for group in page.as_of.groups}

    first = on(DAY)
    assert ("Titel", "Fælles akutteams") in first["Punktet"][0].fields
    assert [thing.name for thing in first["Ansvarlig"]] == ["Midtklyngen"]
    assert "Milepæle" not in first
    second = on(DAY + timedelta(days=1))
    assert ("Titel", "Fælles udgående teams") in second["Punktet"][0].fields
    assert [thing.name for thing in second["Ansvarlig"]] == ["Midtklyngen", "Randersklyngen"]
    assert ("Hvornår", "2. kvartal 2027") in second["Milepæle"][0].fields


def test_before_the_first_entry_the_page_says_so(case: Any) -> None:
    page = get(case.secretary, address(case.item), dato="2020-11-05").context["page"]
    assert page.as_of.groups == ()
    assert "20.\xa0november 2026" in page.as_of.blank


@pytest.mark.parametrize("day", ["hest", "2026-02-31", "9999-01-01"])
def test_a_day_that_is_none_or_has_not_come_is_refused_with_words(case: Any, day: str) -> None:
    response = get(case.secretary, address(case.item), dato=day)
    assert response.status_code == 422
    assert response.context["page"].error in response.content.decode()
    assert response.context["page"].lines


def test_a_status_tells_what_it_was_before(case: Any) -> None:
    cause = DelayCause.objects.create(code="bemanding", name="Bemanding", name_en="Staffing")
    record_status(
        item=case.item,
        draft=StatusDraft(state="postponed", text="Udsat, fordi der mangler læger.", cause=cause),
        opened_on=1,
        as_of=timezone.localdate(),
        by=case.secretary,
    )
    line = next(
        line for line in get(case.secretary, address(case.item)).context["page"].lines if line.what == "Ny status"
    )
    fields = {field.field: (field.before, field.after) for field in (*line.short, *line.long)}
    assert fields["Tilstand"] == ("I gang", "Udsat")
    assert fields["Ord"] == ("I gang på alle afdelinger.", "Udsat, fordi der mangler læger.")


def test_milestones_tell_their_own_story(case: Any) -> None:
    milestone = Milestone.objects.get(item=case.item)
    update_milestone(milestone=milestone, title="Evaluering", when="3. kvartal 2027", by=case.secretary, today=DAY)
    reach_milestone(milestone=milestone, on=DAY, by=case.secretary, today=DAY)
    lines = [
        line for line in get(case.secretary, address(case.item)).context["page"].lines if line.name == "Evaluering"
    ]
    assert [(line.what, [(f.field, f.before, f.after) for f in line.short]) for line in lines] == [
        ("Milepæl ændret", [("Nået", "", "20.\xa0november 2026")]),
        ("Milepæl ændret", [("Hvornår", "2. kvartal 2027", "3. kvartal 2027")]),
        ("Milepæl tilføjet", [("Hvornår", "", "2. kvartal 2027")]),
    ]


def test_a_removed_link_keeps_who_and_why(case: Any) -> None:
    link = Contribution.objects.create(
        item=case.item, goal=world.goal(), reason="Nævnt i planen.", created_at=timezone.now(), by=case.secretary
    )
    link.removed_at, link.removed_by, link.removed_reason = timezone.now(), case.secretary, "Forkert mål."
    link.save()
    lines = get(case.secretary, address(case.item)).context["page"].lines
    assert (lines[0].what, lines[0].why) == ("Kobling fjernet", "Forkert mål.")


def test_the_plan_shows_its_items_with_their_status_on_a_day(case: Any) -> None:
    update_plan(plan=case.plan, by=case.secretary, description="Ny beskrivelse")
    page = get(case.secretary, f"/planer/{case.plan.slug}/historik/", dato=timezone.localdate().isoformat()).context[
        "page"
    ]
    items = next(group for group in page.as_of.groups if group.heading == "Punkter")
    assert ("Tilstand", "I gang") in items.things[0].fields
    assert page.lines[0].what == "Planen blev ændret"


def test_initiative_meeting_and_body_have_a_history_of_their_own(case: Any) -> None:
    initiative = world.initiative(case.body, "Opkald efter hjemkomst")
    update_initiative(initiative=initiative, by=case.secretary, result="Færre kommer igen.")
    page = get(case.secretary, f"/initiativer/{initiative.slug}/historik/").context["page"]
    assert [line.what for line in page.lines] == ["Initiativet blev ændret", "Initiativet blev oprettet"]
    page = get(case.secretary, f"/udvalg/{case.body.slug}/historik/").context["page"]
    assert {line.what for line in page.lines} == {"Forummet blev oprettet", "Rolle givet"}


def test_each_thing_points_to_its_history_for_those_who_may_read_it(case: Any) -> None:
    initiative = world.initiative(case.body, "Opkald efter hjemkomst")
    meeting = Meeting.objects.create(body=case.body, day=DAY + timedelta(days=30), hand_in=DAY, dispatch=DAY)
    pages = [
        f"/planer/{case.plan.slug}/",
        address(case.item, "historik").removesuffix("historik/"),
        f"/initiativer/{initiative.slug}/",
        f"/moeder/{meeting.pk}/",
    ]
    for page in pages:
        link = f'href="{page}historik/"'
        assert link in get(case.stranger, page).content.decode(), page
        assert link not in get(None, page).content.decode(), page
    page = f"/udvalg/{case.body.slug}/"
    assert f'href="{page}historik/"' in get(case.secretary, page).content.decode()
    assert f'href="{page}historik/"' not in get(case.stranger, page).content.decode()


def test_only_those_signed_in_and_a_bodys_only_for_its_secretariat(case: Any) -> None:
    assert get(None, address(case.item)).status_code == 302
    assert get(case.stranger, address(case.item)).status_code == 200
    refused = get(case.stranger, f"/udvalg/{case.body.slug}/historik/")
    assert refused.status_code == 403
    assert "Midtklyngen" in refused.content.decode()


def test_a_page_asks_no_more_however_long_the_history(case: Any, django_assert_max_num_queries: Any) -> None:
    for number in range(120):
        update_item(item=case.item, by=case.secretary, today=DAY, content=f"Udgave {number}")
    client = Client()
    client.force_login(case.secretary)
    client.get(address(case.item))
    with django_assert_max_num_queries(15):  # eleven of its own, four for the areas of a frame that has none
        response = client.get(address(case.item), {"dato": timezone.localdate().isoformat(), "side": "2"})
    assert (response.context["page"].page, response.context["page"].pages) == (2, 2)


# --- The package ------------------------------------------------------------------------------------------------------


def package(who: Any, item: ActionItem) -> dict[str, bytes]:
    response = get(who, address(item, "aktindsigt"))
    assert response["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(response.content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def words_of(document: bytes) -> str:
    import docx

    return "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(document)).paragraphs)


def test_the_package_holds_the_story_and_keeps_comments_apart(case: Any) -> None:
    Comment.objects.create(item=case.item, text="Skal vi spørge regionen?", created_at=timezone.now(), by=case.stranger)
    Comment.objects.create(
        item=case.item, text="Trukket.", created_at=timezone.now(), by=case.stranger, withdrawn_at=timezone.now()
    )
    files = package(case.secretary, case.item)
    assert set(files) == {"laes-mig.txt", "punktet.docx", "kommentarer.docx", "punktet.json"}
    document, comments = words_of(files["punktet.docx"]), words_of(files["kommentarer.docx"])
    assert "Fælles akutteams → Fælles udgående teams" in document
    assert "Skal vi spørge regionen?" not in document
    assert "Skal vi spørge regionen?" in comments
    assert "Trukket tilbage" in comments
    data = json.loads(files["punktet.json"])
    assert len(data["changes"]) == 6
    assert [comment["text"] for comment in data["comments"]] == ["Skal vi spørge regionen?", "Trukket."]
    assert "interne" in files["laes-mig.txt"].decode("utf-8-sig")


def test_every_line_of_a_long_history_is_in_the_package(case: Any) -> None:
    for number in range(130):
        update_item(item=case.item, by=case.secretary, today=DAY, content=f"Udgave {number}")
    changes = json.loads(package(case.secretary, case.item)["punktet.json"])["changes"]
    assert len(changes) == 136


def test_the_package_is_for_the_plans_secretariat(case: Any) -> None:
    assert get(None, address(case.item, "aktindsigt")).status_code == 302
    assert get(case.stranger, address(case.item, "aktindsigt")).status_code == 403
