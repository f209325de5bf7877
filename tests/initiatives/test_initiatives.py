"""The catalogue of initiatives: reading, logging in five fields, enriching, and links with reasons."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from initiatives.models import Contribution, Initiative, Role
from tests.initiatives import small_world as world

pytestmark = pytest.mark.django_db

FIVE = {
    "title": "Styrket geriatri på tværs",
    "target_group": "Ældre medicinske patienter",
    "what": "Hospital, kommune og egen læge aftaler forløbet sammen.",
}


def main(answer: Any) -> str:
    """The page's own content, without the frame that is the same on every page."""
    text = answer.content.decode()
    return text[text.index("<main") : text.index("</main>")]


def five_fields(body: Any, aim: Any, **changes: Any) -> dict[str, Any]:
    return {**FIVE, "body": body.pk, "goal": aim.pk, "known": "none", **changes}


@pytest.fixture
def lead(client: Client) -> Any:
    """Somebody who leads Midtklyngen, signed in."""
    who = world.user()
    who.own_body = world.body("Midtklyngen")  # type: ignore[attr-defined]
    world.member(who, who.own_body, Role.LEAD)  # type: ignore[attr-defined]
    client.force_login(who)
    return who


# --- Reading ----------------------------------------------------------------------------------------------------------


def test_the_list_says_how_many_and_how_many_without_a_result(client: Client) -> None:
    body = world.body()
    for step in (0, 0, 2):
        world.initiative(body, evidence_step=step)
    page = client.get(reverse("initiative_list"), headers={"accept-language": "da"})
    assert page.status_code == 200
    assert page.context["found"].page.paginator.count == 3
    assert len(page.context["found"].cards) == 3


def test_a_step_of_before_and_after_says_what_it_cannot_show(client: Client) -> None:
    client.cookies["sprog"] = "en"
    made = world.initiative(world.body(), evidence_step=2)
    assert "Cannot show effect" in client.get(reverse("initiative", args=[made.slug])).content.decode()


def test_a_link_to_a_goal_never_says_effect(client: Client) -> None:
    made = world.initiative(world.body(), goals=(world.goal(2),), evidence_step=0)
    for language in ("da", "en"):
        client.cookies["sprog"] = language
        text = main(client.get(reverse("initiative", args=[made.slug]))).lower()
        assert "effekt" not in text
        assert "effect" not in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"Ældre hjem", "Åben dør", "Rygestop"}),
        ("omraade=791", {"Ældre hjem"}),
        ("omraade=klynge", {"Ældre hjem"}),
        ("omraade=000", {"Ældre hjem", "Åben dør", "Rygestop"}),
        ("maal=nationale-maal-2", {"Ældre hjem"}),
        ("maal=nationale-maal-7", {"Rygestop"}),
        ("trin=0", {"Ældre hjem"}),
        ("trin=2%2B", {"Rygestop"}),
        ("trin=ended", {"Åben dør"}),
        ("hvem=midt", {"Ældre hjem"}),
        ("hvem=kind:kommune", {"Åben dør", "Rygestop"}),
        ("q=ældre", {"Ældre hjem"}),
        ("q=ÅBEN", {"Åben dør"}),
        ("q=åben+dør", {"Åben dør"}),
        ("q=åben+rygestop", set()),
    ],
)
def test_filters(client: Client, query: str, expected: set[str]) -> None:
    cluster = world.area("klynge", "Midtklyngen", "cluster")
    viborg = world.area("791", "Viborg", inside=cluster)
    midt, town = world.body(slug="midt"), world.body("Roskilde Kommune", "kommune")
    text = {"what": "Noget andet.", "target_group": "Alle"}
    world.initiative(midt, "Ældre hjem", goals=(world.goal(2),), areas=(viborg,), evidence_step=0, **text)
    world.initiative(town, "Åben dør", ended_without_effect=True, evidence_step=1, **text)
    stop = world.initiative(town, "Rygestop", evidence_step=3, **text)
    measure = world.indicator("dagligrygere", of=world.goal(7))
    Contribution.objects.create(initiative=stop, indicator=measure, reason="Måler det.", created_at=stop.created_at)
    found = client.get(f"{reverse('initiative_list')}?{query}").context["found"]
    assert {card.title for card in found.cards} == expected


@pytest.mark.parametrize("query", ["omraade=nowhere", "maal=99", "trin=9", "hvem=kind:intet", "side=abc", "side=99"])
def test_nonsense_in_the_address_is_answered_and_not_a_fault(client: Client, query: str) -> None:
    world.initiative(world.body())
    page = client.get(f"{reverse('initiative_list')}?{query}")
    assert page.status_code == 200
    if not query.startswith("side"):
        assert page.context["choices"].unknown == [query.split("=", 1)[1]]


def test_htmx_gets_the_results_alone(client: Client) -> None:
    world.initiative(world.body())
    page = client.get(reverse("initiative_list"), headers={"HX-Request": "true"})
    text = page.content.decode()
    assert text.startswith('<div id="initiative-results"') or 'id="initiative-results"' in text
    assert "<html" not in text
    assert "HX-Request" in page["Vary"]


def test_pages_keep_the_filter(client: Client) -> None:
    body = world.body(slug="midt")
    for number in range(30):
        world.initiative(body, f"Initiativ {number:02}")
    first = client.get(reverse("initiative_list"), {"hvem": "midt"}).context["found"]
    assert len(first.cards) == 24
    assert first.next_url == "/initiativer/?hvem=midt&side=2"
    second = client.get(first.next_url).context["found"]
    assert len(second.cards) == 6
    assert second.next_url == ""


def test_the_list_asks_the_same_number_of_questions_whatever_its_size(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    goals = (world.goal(1), world.goal(2))
    for number in range(25):
        world.initiative(world.body(f"Klynge {number}"), goals=goals)
    with django_assert_max_num_queries(12):
        client.get(reverse("initiative_list"))


def test_one_initiative_asks_the_same_number_of_questions_whatever_its_links(
    client: Client, lead: Any, django_assert_max_num_queries: Any
) -> None:
    made = world.initiative(lead.own_body, goals=tuple(world.goal(number) for number in range(1, 9)))
    with django_assert_max_num_queries(13):
        client.get(reverse("initiative", args=[made.slug]))


def test_an_unknown_initiative_is_not_there(client: Client) -> None:
    assert client.get(reverse("initiative", args=["findes-ikke"])).status_code == 404


# --- Logging ----------------------------------------------------------------------------------------------------------


def test_a_visitor_is_sent_to_sign_in_and_back(client: Client) -> None:
    answer = client.get(reverse("initiative_create"))
    assert answer.status_code == 302
    assert answer["Location"] == "/konto/login/?next=/initiativer/nyt/"


def test_five_fields_log_an_initiative_with_its_goal(client: Client, lead: Any) -> None:
    goal = world.goal(2)
    answer = client.post(reverse("initiative_create"), five_fields(lead.own_body, goal))
    made = Initiative.objects.get()
    assert answer["Location"] == reverse("initiative", args=[made.slug])
    assert (made.title, made.body, made.evidence_step) == (FIVE["title"], lead.own_body, 0)
    assert [link.goal for link in made.contributions.active()] == [goal]
    assert made.created_by == lead
    assert made.history.get().history_user == lead


def test_no_result_yet_is_chosen_already(client: Client, lead: Any) -> None:
    text = client.get(reverse("initiative_create")).content.decode()
    assert 'value="none" class="form-radio" id="id_known_0" checked' in text


def test_ended_without_effect_is_as_easy(client: Client, lead: Any) -> None:
    client.post(reverse("initiative_create"), five_fields(lead.own_body, world.goal(), known="ended"))
    made = Initiative.objects.get()
    assert (made.ended_without_effect, made.stage, made.evidence_step) == (True, "ended", 0)


@pytest.mark.parametrize("field", ["title", "target_group", "what", "goal"])
def test_a_form_with_errors_keeps_every_word(client: Client, lead: Any, field: str) -> None:
    data = five_fields(lead.own_body, world.goal(), **{field: ""})
    answer = client.post(reverse("initiative_create"), data)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert not Initiative.objects.exists()
    assert f'href="#id_{field}"' in text
    for name in set(FIVE) - {field}:
        assert FIVE[name] in text


@pytest.mark.parametrize("field", ["title", "target_group", "what"])
def test_a_cpr_number_is_refused_and_only_its_own_answer_repeats_it(client: Client, lead: Any, field: str) -> None:
    data = five_fields(lead.own_body, world.goal(), **{field: "Borger 010101-1234 er med"})
    answer = client.post(reverse("initiative_create"), data)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not Initiative.objects.exists()


def test_only_ones_own_bodies(client: Client, lead: Any) -> None:
    other = world.body("Horsensklyngen")
    answer = client.post(reverse("initiative_create"), five_fields(other, world.goal()))
    assert answer.status_code == 403
    assert "Horsensklyngen" in answer.content.decode() or not Initiative.objects.exists()
    assert not Initiative.objects.exists()
    offered = client.get(reverse("initiative_create")).content.decode()
    assert "Midtklyngen" in offered
    assert "Horsensklyngen" not in offered


@pytest.mark.parametrize("role", [Role.READER, Role.MEMBER, Role.CHAIR])
def test_other_roles_may_not_log(client: Client, role: str) -> None:
    who, body = world.user(), world.body()
    world.member(who, body, role)
    client.force_login(who)
    assert client.get(reverse("initiative_create")).status_code == 403
    assert client.post(reverse("initiative_create"), five_fields(body, world.goal())).status_code == 403


def test_a_membership_that_has_ended_counts_no_more(client: Client) -> None:
    who, body = world.user(), world.body()
    world.member(who, body, Role.LEAD, valid_to="2020-01-01")
    client.force_login(who)
    assert client.post(reverse("initiative_create"), five_fields(body, world.goal())).status_code == 403


def test_a_title_may_be_the_word_that_names_the_form(client: Client, lead: Any) -> None:
    client.post(reverse("initiative_create"), five_fields(lead.own_body, world.goal(), title="Nyt"))
    made = Initiative.objects.get()
    assert client.get(reverse("initiative", args=[made.slug])).context["page"].title == "Nyt"


# --- Enriching --------------------------------------------------------------------------------------------------------


def enriched(**changes: Any) -> dict[str, Any]:
    return {**FIVE, "stage": "running", "evidence_step": "2", **changes}


def test_the_rest_is_added_later(client: Client, lead: Any) -> None:
    made = world.initiative(lead.own_body)
    viborg, skive = world.area("791", "Viborg"), world.area("779", "Skive")
    data = enriched(
        areas=[viborg.pk, skive.pk], result="46 pct. af 110", partners="Akutafdelingen", started="foråret 2024"
    )
    answer = client.post(reverse("initiative_edit", args=[made.slug]), data)
    assert answer.status_code == 302
    made.refresh_from_db()
    assert (made.evidence_step, made.result, made.partners) == (2, "46 pct. af 110", "Akutafdelingen")
    assert set(made.areas.all()) == {viborg, skive}
    assert made.history.first().history_user == lead


def test_ended_without_effect_ends_it(client: Client, lead: Any) -> None:
    made = world.initiative(lead.own_body)
    client.post(reverse("initiative_edit", args=[made.slug]), enriched(ended_without_effect="on"))
    made.refresh_from_db()
    assert (made.stage, made.ended_without_effect) == ("ended", True)


def test_an_error_when_enriching_keeps_every_word(client: Client, lead: Any) -> None:
    made = world.initiative(lead.own_body)
    answer = client.post(reverse("initiative_edit", args=[made.slug]), enriched(title="", barriers="For få senge"))
    assert answer.status_code == 422
    assert "For få senge" in answer.content.decode()
    made.refresh_from_db()
    assert made.barriers == ""


def test_only_the_own_body_enriches(client: Client, lead: Any) -> None:
    made = world.initiative(world.body("Horsensklyngen"))
    for answer in (
        client.get(reverse("initiative_edit", args=[made.slug])),
        client.post(reverse("initiative_edit", args=[made.slug]), enriched()),
    ):
        assert answer.status_code == 403
    made.refresh_from_db()
    assert made.title != FIVE["title"]


# --- Links ------------------------------------------------------------------------------------------------------------


def test_a_link_is_drawn_and_removed_with_reasons(client: Client, lead: Any) -> None:
    made = world.initiative(lead.own_body)
    measure = world.indicator()
    add = reverse("initiative_link_add", args=[made.slug])
    client.post(add, {"target": f"indicator:{measure.code}", "reason": "Den måler det, vi prøver at ændre."})
    link = made.contributions.active().get()
    assert (link.indicator, link.by) == (measure, lead)
    remove = reverse("initiative_link_remove", args=[made.slug, link.pk])
    assert client.post(remove, {"removed_reason": ""}).status_code == 422
    assert made.contributions.active().count() == 1
    client.post(remove, {"removed_reason": "Vi måler noget andet."})
    link.refresh_from_db()
    assert (link.removed_by, link.removed_reason) == (lead, "Vi måler noget andet.")
    assert "Vi måler noget andet." in client.get(reverse("initiative", args=[made.slug])).content.decode()


@pytest.mark.parametrize(
    ("target", "reason"), [("", "Fordi"), ("goal:findes-ikke", "Fordi"), ("goal:nationale-maal-1", ""), ("x", "y")]
)
def test_a_link_needs_a_target_and_a_reason(client: Client, lead: Any, target: str, reason: str) -> None:
    world.goal(1)
    made = world.initiative(lead.own_body)
    answer = client.post(reverse("initiative_link_add", args=[made.slug]), {"target": target, "reason": reason})
    assert answer.status_code == 422
    assert not made.contributions.exists()
    assert reason in answer.content.decode()


def test_the_same_link_twice_is_refused(client: Client, lead: Any) -> None:
    made = world.initiative(lead.own_body, goals=(world.goal(1),))
    data = {"target": "goal:nationale-maal-1", "reason": "Igen"}
    assert client.post(reverse("initiative_link_add", args=[made.slug]), data).status_code == 422
    assert made.contributions.count() == 1


def test_others_may_not_draw_or_remove_links(client: Client, lead: Any) -> None:
    made = world.initiative(world.body("Horsensklyngen"), goals=(world.goal(1),))
    link = made.contributions.get()
    add = client.post(reverse("initiative_link_add", args=[made.slug]), {"target": "goal:x", "reason": "y"})
    remove = client.post(reverse("initiative_link_remove", args=[made.slug, link.pk]), {"removed_reason": "y"})
    assert (add.status_code, remove.status_code) == (403, 403)
    assert made.contributions.active().count() == 1
