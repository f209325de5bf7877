"""The status editor at its door: with htmx and without JavaScript, with errors, with somebody else in between."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.models import DelayCause, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


class Scene:
    """A plan with one item that has a status and one that has none, and its secretary signed in."""

    def __init__(self, client: Client) -> None:
        client.cookies["sprog"] = "en"
        self.client = client
        self.body = world.body("Udvalget")
        self.plan = world.plan(self.body)
        self.owner = world.body("Klyngen")
        self.item = world.item(self.plan, owners=(self.owner,), text="I gang på alle afdelinger.")
        self.empty = world.item(self.plan, state=None)
        self.secretary = world.user("sekretaer@example.dk")
        world.member(self.secretary, self.body)
        self.cause = DelayCause.objects.create(code="covid_19", name="COVID-19", name_en="COVID-19")
        client.force_login(self.secretary)

    def url(self, name: str, item: Any = None) -> str:
        return reverse(name, args=[self.plan.slug, (item or self.item).number])

    def form(self, **changes: Any) -> dict[str, Any]:
        return {"state": "in_progress", "text": "Nye ord.", "opened_on": "1", "page": "plan", **changes}

    def save(self, *, htmx: bool = True, item: Any = None, **changes: Any) -> Any:
        headers = HTMX if htmx else {}
        return self.client.post(self.url("status_edit", item), self.form(**changes), headers=headers)

    def words(self) -> list[str]:
        return list(self.item.statuses.order_by("sequence").values_list("text", flat=True))


@pytest.fixture
def scene(client: Client) -> Scene:
    return Scene(client)


# --- Opening ----------------------------------------------------------------------------------------------------------


def test_the_editor_opens_as_a_region_with_htmx_and_as_a_page_without(scene: Scene) -> None:
    region = scene.client.get(scene.url("status_edit"), headers=HTMX)
    page = scene.client.get(scene.url("status_edit"))
    for answer in (region, page):
        text = answer.content.decode()
        assert answer.status_code == 200
        assert "HX-Request" in answer["Vary"]
        assert f'id="status-{scene.item.number}"' in text
        assert "I gang på alle afdelinger." in text
        assert 'name="opened_on" value="1"' in text
    assert "<html" not in region.content.decode()
    assert "<html" in page.content.decode()


def test_closing_without_saving_brings_the_region_back(scene: Scene) -> None:
    region = scene.client.get(scene.url("status_panel"), headers=HTMX).content.decode()
    assert "Update status" in region
    assert "<form" not in region
    assert scene.client.get(scene.url("status_panel")).status_code == 302


def test_the_first_status_of_an_item(scene: Scene) -> None:
    assert 'name="opened_on" value="0"' in scene.client.get(scene.url("status_edit", scene.empty)).content.decode()
    assert scene.save(item=scene.empty, opened_on="0").status_code == 200
    assert scene.empty.statuses.get().by == scene.secretary


# --- Saving -----------------------------------------------------------------------------------------------------------


def test_saving_returns_the_region_and_refreshes_the_others_beside_it(scene: Scene) -> None:
    answer = scene.save(state="postponed", due="2. kvartal 2028", cause="covid_19").content.decode()
    assert answer.startswith('<div class="sa-status" id="status-1"')
    assert 'id="tidslinje" hx-swap-oob="true"' in answer
    assert 'id="plan-svar" hx-swap-oob="true"' in answer
    assert "Nye ord." in answer
    assert "Postponed" in answer
    assert "The status is saved." in answer
    status = scene.item.statuses.last()
    assert status is not None
    assert (status.state, status.by, status.sequence) == ("postponed", scene.secretary, 2)


def test_saving_on_the_items_own_page_refreshes_its_history(scene: Scene) -> None:
    answer = scene.save(page="item").content.decode()
    assert 'id="punkt-historie" hx-swap-oob="true"' in answer
    assert 'id="plan-svar"' not in answer


def test_without_javascript_saving_leads_back_to_the_item(scene: Scene) -> None:
    answer = scene.save(htmx=False)
    assert answer.status_code == 302
    assert answer["Location"].endswith(f"{scene.plan.slug}/#punkt-1")
    assert scene.save(htmx=False, page="item", opened_on="2")["Location"] == scene.url("item")
    assert scene.words() == ["I gang på alle afdelinger.", "Nye ord.", "Nye ord."]


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"due": "5. kvartal 2027"}, "punkt-1-due"),
        ({"state": "postponed", "due": "2028"}, "punkt-1-cause"),
        ({"state": "on_hold"}, "punkt-1-due"),
        ({"state": ""}, "punkt-1-state_0"),
        ({"text": ""}, "punkt-1-text"),
        ({"text": "x" * 6001}, "punkt-1-text"),
        ({"text": "Borger 010190-1234 er kontaktet.", "due": "2. kvartal 2028"}, "punkt-1-text"),
    ],
)
def test_an_error_keeps_every_word_and_leads_to_its_field(
    scene: Scene, changes: dict[str, str], field: str, htmx: bool
) -> None:
    answer = scene.save(htmx=htmx, **changes)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#{field}">' in text
    assert f'id="{field}"' in text
    for typed in scene.form(**changes).values():
        assert not typed or typed in text
    assert scene.words() == ["I gang på alle afdelinger."]


def test_an_emptied_date_is_asked_about(scene: Scene) -> None:
    scene.save(due="2. kvartal 2028")
    assert scene.save(opened_on="2", due="").status_code == 422
    assert scene.save(opened_on="2", due="", no_date="on").status_code == 200
    newest = scene.item.statuses.last()
    assert newest is not None
    assert newest.due is None


def test_a_link_to_the_second_radio_error_has_the_states_to_choose_from(scene: Scene) -> None:
    text = scene.save(state="").content.decode()
    assert text.count('name="state"') == 8


# --- Unchanged --------------------------------------------------------------------------------------------------------


def test_unchanged_is_one_press_and_only_where_nobody_is_writing(scene: Scene) -> None:
    closed = scene.client.get(scene.url("status_panel"), headers=HTMX).content.decode()
    opened = scene.client.get(scene.url("status_edit"), headers=HTMX).content.decode()
    url = scene.url("status_unchanged")
    assert f'formaction="{url}"' in closed
    assert url not in opened
    answer = scene.client.post(url, {"opened_on": "1", "page": "plan"}, headers=HTMX)
    assert answer.status_code == 200
    assert scene.item.statuses.filter(unchanged=True).count() == 1


def test_unchanged_without_javascript(scene: Scene) -> None:
    page = scene.client.get(reverse("plan", args=[scene.plan.slug])).content.decode()
    assert '<form id="uaendret" method="post"' in page
    assert 'form="uaendret"' in page
    assert scene.client.post(scene.url("status_unchanged"), {"opened_on": "1"}).status_code == 302
    assert scene.item.statuses.count() == 2


def test_unchanged_on_an_old_page_is_told_what_happened(scene: Scene) -> None:
    scene.save(text="Kollegaens ord.")
    answer = scene.client.post(scene.url("status_unchanged"), {"opened_on": "1", "page": "plan"}, headers=HTMX)
    assert answer.status_code == 409
    assert "Kollegaens ord." in answer.content.decode()
    assert scene.item.statuses.count() == 2
    assert scene.client.post(scene.url("status_unchanged", scene.empty), {}, headers=HTMX).status_code == 422


# --- Two at once ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("htmx", [True, False])
def test_the_second_sees_the_firsts_words_beside_their_own_and_loses_nothing(scene: Scene, htmx: bool) -> None:
    scene.save(text="Kollegaens ord.", state="delayed")
    answer = scene.save(htmx=htmx, text="Mine ord.", due="2. kvartal 2029", state="planned")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Kollegaens ord." in text
    assert text.count("Mine ord.") == 2
    assert "2. kvartal 2029" in text
    assert "sekretaer saved a status" in text
    assert 'name="opened_on" value="2"' in text
    assert scene.words()[-1] == "Kollegaens ord."


def test_mine_on_top_after_having_seen_theirs(scene: Scene) -> None:
    scene.save(text="Kollegaens ord.")
    assert scene.save(text="Mine ord.", opened_on="2").status_code == 200
    assert scene.words() == ["I gang på alle afdelinger.", "Kollegaens ord.", "Mine ord."]


# --- Read as ----------------------------------------------------------------------------------------------------------


def test_the_words_are_read_and_nothing_is_stored(scene: Scene) -> None:
    answer = scene.client.post(
        scene.url("status_read"), {"text": "Udsat til 2. kvartal 2028 pga. COVID-19.", "state": "in_progress"}
    )
    text = answer.content.decode()
    assert "Postponed" in text
    assert "COVID-19" in text
    assert "2028" in text
    assert "You have chosen »In progress«" in text
    assert scene.item.statuses.count() == 1


def test_the_suggestion_fills_in_only_when_asked(scene: Scene) -> None:
    text = "Udsat til 2. kvartal 2028 pga. COVID-19."
    filled = scene.save(text=text, use_reading="1").content.decode()
    assert 'value="postponed" checked' in filled
    assert 'value="2. kvartal 2028"' in filled
    assert '<option value="covid_19" selected>' in filled
    assert scene.item.statuses.count() == 1
    scene.save(text=text, state="in_progress")
    newest = scene.item.statuses.last()
    assert newest is not None
    assert newest.state == "in_progress"


def read(scene: Scene, text: str, **fields: str) -> Any:
    return scene.client.post(scene.url("status_read"), {"text": text, **fields}, headers=HTMX)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "Write something, and you see here how it is read."),
        (" \n\t", "Write something, and you see here how it is read."),
        ("Se bilag.", "No state and no date can be read."),
        ("x" * 6001, "The text is too long to be read here."),
        ("Borger 010190-1234", "seems to hold a CPR number"),
    ],
)
def test_there_is_nothing_to_use_where_nothing_was_read(scene: Scene, text: str, expected: str) -> None:
    answer = read(scene, text)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "HX-Request" in answer["Vary"]
    assert page.startswith(f'<div id="laest-{scene.item.number}">')
    assert expected in page
    assert "use_reading" not in page
    assert "010190" not in page


def test_the_words_behind_the_reading_are_marked_and_safe(scene: Scene) -> None:
    page = read(scene, "<b>Udsat</b> pga. COVID-19. Genoptages i foråret.").content.decode()
    assert "Read as: postponed, resumes " in page
    assert "cause COVID-19, the year is assumed – is that right?" in page
    assert '&lt;b&gt;<mark class="sa-mark sa-mark--sure">Udsat</mark>&lt;/b&gt;' in page
    assert '<mark class="sa-mark sa-mark--sure">COVID-19</mark>' in page
    assert '<mark class="sa-mark sa-mark--guess">foråret</mark>' in page


def test_a_date_that_cannot_be_read_is_said_and_its_line_stands_open(scene: Scene) -> None:
    page = read(scene, "Genoptages i 5. kvartal 2021.").content.decode()
    assert "no state, »5. kvartal 2021« cannot be read as a date" in page
    assert '<details class="sa-read__lines" open>' in page
    assert "use_reading" not in page


def test_reading_again_without_javascript_fills_nothing_in(scene: Scene) -> None:
    page = scene.save(htmx=False, text="Udsat til 2. kvartal 2028.", read_again="1").content.decode()
    assert "Read as: postponed, resumes Q2 2028 – is that right?" in page
    assert 'value="in_progress" checked' in page
    assert "The fields below are filled in" not in page
    assert scene.item.statuses.count() == 1


def test_a_date_typed_by_hand_outlives_a_suggestion_that_has_none(scene: Scene) -> None:
    scene.save(due="2. kvartal 2028")
    text = "Udsat pga. COVID-19."
    kept = scene.save(text=text, due="uge 34 2029", opened_on="2", use_reading="1").content.decode()
    assert 'value="uge 34 2029"' in kept
    gone = scene.save(text=text, due="2. kvartal 2028", opened_on="2", use_reading="1").content.decode()
    assert 'value="2. kvartal 2028"' not in gone
    assert "The fields below are filled in" in gone
    assert scene.item.statuses.count() == 2


def test_a_cpr_number_fills_nothing_in(scene: Scene) -> None:
    page = scene.save(text="Udsat. Borger 010190-1234", use_reading="1").content.decode()
    assert 'value="in_progress" checked' in page
    assert "The fields below are filled in" not in page


def test_enter_in_a_field_means_save(scene: Scene) -> None:
    """The browser presses the first button of a form: it may not be the one that fills fields in."""
    page = scene.save(text="Udsat.", read_again="1").content.decode()
    first = page[page.index("<button") :]
    assert "name=" not in first[: first.index(">")]


def test_a_cpr_number_is_not_read_at_all(scene: Scene) -> None:
    answer = scene.client.post(scene.url("status_read"), {"text": "Udsat. Borger 010190-1234"}).content.decode()
    assert "CPR" in answer
    assert "Postponed" not in answer
    assert "010190" not in answer


# --- Who may ----------------------------------------------------------------------------------------------------------


def test_somebody_else_is_told_who_can_and_nothing_changes(scene: Scene) -> None:
    scene.client.force_login(world.user())
    for name in ("status_edit", "status_unchanged", "status_read"):
        answer = scene.client.post(scene.url(name), scene.form())
        assert answer.status_code == 403
        assert "Udvalget" in answer.content.decode()
    assert scene.client.get(scene.url("status_edit")).status_code == 403
    assert scene.words() == ["I gang på alle afdelinger."]


def test_a_session_that_ended_over_a_long_text_loses_nothing(scene: Scene) -> None:
    scene.client.logout()
    answer = scene.save(text="En lang tekst.", due="2. kvartal 2028")
    page = answer.content.decode()
    assert answer.status_code == 403
    for kept in ("En lang tekst.", "2. kvartal 2028", "Udvalget", 'id="status-1"'):
        assert kept in page
    assert "<html" not in page
    assert scene.words() == ["I gang på alle afdelinger."]


def test_nobody_is_asked_to_sign_in_and_a_post_is_refused(scene: Scene) -> None:
    scene.client.logout()
    asked = scene.client.get(scene.url("status_edit"))
    assert asked.status_code == 302
    assert "next=" in asked["Location"]
    assert scene.client.post(scene.url("status_edit"), scene.form()).status_code == 403
    page = scene.client.get(reverse("plan", args=[scene.plan.slug])).content.decode()
    assert "Update status" not in page
    assert "uaendret" not in page


@pytest.mark.parametrize("role", [Role.CHAIR, Role.LEAD, Role.DEPUTY, Role.SECRETARY])
def test_those_who_answer_for_an_owner_may_write_its_items_and_no_others(scene: Scene, role: str) -> None:
    who = world.user()
    world.member(who, scene.owner, role)
    scene.client.force_login(who)
    assert scene.save().status_code == 200
    assert scene.save(item=scene.empty, opened_on="0").status_code == 403
    page = scene.client.get(reverse("plan", args=[scene.plan.slug])).content.decode()
    assert scene.url("status_edit") in page
    assert scene.url("status_edit", scene.empty) not in page


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READER])
def test_members_and_readers_may_not(scene: Scene, role: str) -> None:
    who = world.user()
    world.member(who, scene.owner, role)
    scene.client.force_login(who)
    assert scene.save().status_code == 403


def test_the_coordinator_may(scene: Scene) -> None:
    who = world.user()
    scene.item.coordinator = who
    scene.item.save()
    scene.client.force_login(who)
    assert scene.save().status_code == 200


def test_what_does_not_exist_is_one_404(scene: Scene) -> None:
    for url in (
        reverse("status_edit", args=["findes-ikke", 1]),
        reverse("status_edit", args=[scene.plan.slug, 99]),
    ):
        assert scene.client.post(url, scene.form()).status_code == 404
