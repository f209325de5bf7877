"""The pages that need both apps, as a reader meets them. In English: the words of the code, whatever the catalogue says."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import reverse

from indicators.models import Area, Observation
from initiatives.models import DelayCause, State
from sundhedsaftale.presenters.areas import dated
from sundhedsaftale.presenters.frame import area_in_view, find_area
from sundhedsaftale.views import errors
from tests.initiatives import small_world as small
from tests.project.page_world import Denmark, correct, denmark

pytestmark = pytest.mark.django_db

AUTUMN = date(2026, 11, 22)


@pytest.fixture
def world() -> Denmark:
    return denmark()


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


@pytest.fixture(autouse=True)
def _no_drawing() -> Any:
    """Drawing takes a second and has its own tests."""
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        yield


def text(response: Any) -> str:
    """What can be read on the page, with the spaces of the source taken out."""
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body.replace("&#x27;", "'").replace("&quot;", '"').replace("\u00a0", " "))


def a_plan(world: Denmark, **fields: Any) -> Any:
    committee = small.body("Sundhedsudvalget", "udvalg", area=world.region)
    return small.plan(committee, short_title="Handleplanen", **fields)


# --- The overview -----------------------------------------------------------------------------------------------------


def test_the_overview_without_any_data_says_what_is_missing(reader: Client) -> None:
    page = text(reader.get("/"))
    assert "No plan has been entered for The whole country." in page
    assert "No figures yet." in page


def test_the_overview_answers_for_the_chosen_area(reader: Client, world: Denmark) -> None:
    plan = a_plan(world)
    small.item(plan, title="Fælles akutteams", state=State.POSTPONED)
    small.item(plan, title="Sundhedsvisitation", state=State.DELAYED)
    small.item(plan, title="Metode til spredning")
    page = text(reader.get("/?omraade=klynge-midtklyngen"))
    assert "Midtklyngen in two minutes" in page
    assert "Region Midtjylland: two of three items are delayed, postponed or on hold." in page
    assert "Fælles akutteams: a new date, or give up?" in page
    assert "Sundhedsvisitation: when will it be in place?" in page
    assert "All three municipalities do better than the country on forebyggelige sygehusophold, but worse on" in page
    assert "From 1 January 2027: Sundhedsråd Midt" in page
    assert "(Silkeborg, Skive and Viborg)" in page
    assert "There is no official figure for it." in page  # a cluster has none of its own


def test_an_example_is_never_the_plan_of_the_overview(reader: Client, world: Denmark) -> None:
    example = a_plan(world, is_example=True)
    small.item(example, title="Opdigtet punkt")
    page = text(reader.get("/?omraade=082"))
    assert "No plan has been entered for Region Midtjylland." in page
    assert "Opdigtet punkt" not in page
    assert "Example" in page  # it is listed, and marked


def test_the_plan_of_another_region_is_not_shown(reader: Client, world: Denmark) -> None:
    small.item(a_plan(world), title="Midtjysk punkt")
    assert "Midtjysk punkt" not in text(reader.get("/?omraade=081"))
    assert "Midtjysk punkt" in text(reader.get("/"))  # the whole country holds every plan


def test_a_long_plan_shows_what_is_held_up_and_links_to_the_rest(reader: Client, world: Denmark) -> None:
    plan = a_plan(world)
    for number in range(14):
        small.item(plan, title=f"Løfte {number}", state=State.DELAYED if number == 13 else State.IN_PROGRESS)
    page = text(reader.get("/?omraade=082"))
    assert "Løfte 13" in page
    assert "4 more items in the plan" in page


# --- Goals and indicators ---------------------------------------------------------------------------------------------


def test_a_light_has_a_word_a_shape_and_its_arithmetic(reader: Client, world: Denmark) -> None:
    response = reader.get(f"/maal/{world.stays.goal.slug}/?omraade=791")
    page = text(response)
    assert "Worse than the country" in page
    assert "light-level-worse.svg" in response.content.decode()
    assert "13.3 against 11.0 (Hele landet, 2023) = +20.9 pct.; lower is better → red" in page
    assert "We have no figure for 2022 to compare with." not in page  # said once above the table instead
    assert "The figures of the period before are not held" in page


def test_the_goal_shows_the_others_of_the_cluster_side_by_side(reader: Client, world: Denmark) -> None:
    response = reader.get(f"/maal/{world.stays.goal.slug}/?omraade=791")
    assert "Midtklyngen side by side" in text(response)
    assert 'href="/maal/maal/?omraade=779"' in response.content.decode()


def test_a_cluster_has_no_figure_of_its_own_and_the_page_says_why(reader: Client, world: Denmark) -> None:
    page = text(reader.get(f"/maal/{world.stays.goal.slug}/?omraade=klynge-midtklyngen"))
    assert "Midtklyngen has no figures of its own." in page
    assert "A plain average of the municipalities would be wrong." in page


def test_the_goals_count_the_lights_of_the_area(reader: Client, world: Denmark) -> None:
    page = text(reader.get("/maal/?omraade=791"))
    assert "Viborg does better than the country on 1 of 2, and worse on 1." in page


def test_who_works_on_a_goal_stands_on_its_page_and_means_nothing_more(reader: Client, world: Denmark) -> None:
    small.initiative(small.body("Klyngen"), "Faste læger", goals=(world.stays.goal,))
    page = text(reader.get(f"/maal/{world.stays.goal.slug}/"))
    assert "Faste læger" in page
    assert "Nævnt i kilden." in page
    assert "does not say that it moved a figure" in page


def test_an_indicator_answers_for_the_municipalities_of_a_cluster(reader: Client, world: Denmark) -> None:
    page = text(reader.get("/indikatorer/sygehusophold/?omraade=klynge-midtklyngen"))
    assert "All three municipalities of Midtklyngen are better than the country." in page
    assert "Lowest is Skive with 52.4, highest Viborg with 55.3." in page


def test_not_all_are_better_and_the_sentence_says_how_many(reader: Client, world: Denmark) -> None:
    correct(world.stays, "791", "60.0")
    page = text(reader.get("/indikatorer/sygehusophold/?omraade=klynge-midtklyngen"))
    assert "two are better than the country and one worse" in page


def test_a_corrected_figure_and_the_one_before_it_are_both_on_the_page(reader: Client, world: Denmark) -> None:
    correct(world.stays, "000", "57.7")
    page = text(reader.get("/indikatorer/sygehusophold/"))
    assert "57.7 Corrected" in page
    assert "56.4 Replaced by a later figure." in page


def test_one_measurement_is_no_curve_and_two_are(reader: Client, world: Denmark) -> None:
    assert "No curve yet." in text(reader.get("/indikatorer/sygehusophold/"))
    for code in ("000", "082"):
        small_area = Area.objects.get(code=code)
        newest = Observation.objects.get(indicator=world.stays, area=small_area)
        Observation.objects.create(
            indicator=world.stays, area=small_area, period="2022", period_start=date(2022, 1, 1),
            period_end=date(2022, 12, 31), value=newest.value + 2, edition=newest.edition,
        )  # fmt: skip
    page = text(reader.get("/indikatorer/sygehusophold/?omraade=082"))
    assert "No curve yet." not in page
    assert "Midtjylland went from 51.6 (2022) to 49.6 (2023)." in page


def test_a_withheld_figure_is_never_a_number_and_says_why(reader: Client, world: Denmark) -> None:
    row = Observation.objects.get(indicator=world.stays, area__code="791")
    Observation.objects.filter(pk=row.pk).update(value=None, flag="suppressed", reason="Færre end 20 borgere.")
    page = text(reader.get("/indikatorer/sygehusophold/?omraade=791"))
    assert "There is no figure for Viborg." in page
    assert "Færre end 20 borgere." in page
    assert "55.3" not in page


def test_the_pages_are_danish_unless_english_is_chosen(client: Client, world: Denmark) -> None:
    assert 'lang="da"' in client.get("/maal/").content.decode()[:200]
    client.cookies["sprog"] = "en"
    assert 'lang="en"' in client.get("/maal/").content.decode()[:200]


# --- Areas ------------------------------------------------------------------------------------------------------------


def test_areas_are_found_without_javascript_by_part_of_their_name(reader: Client, world: Denmark) -> None:
    page = text(reader.get("/omraader/?q=vib"))
    assert "1 area for “vib”" in page


def test_a_misspelt_area_gets_the_nearest(reader: Client, world: Denmark) -> None:
    page = text(reader.get("/omraader/?q=Silkborg"))
    assert "No area for “Silkborg”" in page
    assert "Perhaps you meant one of these: Silkeborg" in page


def test_areas_say_when_they_begin_and_end() -> None:
    assert dated(date(2027, 1, 1), None, AUTUMN).endswith("2027")
    assert dated(None, date(2026, 12, 31), AUTUMN)
    assert dated(None, None, AUTUMN) == ""


def test_an_area_shows_where_it_stands_out_and_what_it_lies_in(reader: Client, world: Denmark) -> None:
    page = text(reader.get("/omraader/791/"))
    assert "Viborg does better than the country on 1 of 2, and worse on 1." in page
    assert "13.3 pct. against 11.0 in the country (+21 pct.)" in page
    assert "Midtklyngen becomes Sundhedsråd Midt" in page
    assert "Until 31 December 2026 · Not confirmed" in page


def test_a_council_that_has_not_begun_already_knows_its_municipalities(reader: Client, world: Denmark) -> None:
    page = text(reader.get("/omraader/raad-midt/"))
    assert "Begins 1 January 2027" in page
    assert "Skive" in page


def test_after_the_reform_the_cluster_still_has_its_page(world: Denmark) -> None:
    before, after = (find_area("klynge-midtklyngen", day) for day in (date(2026, 12, 31), date(2027, 1, 1)))
    assert before is not None
    assert after is not None
    assert before.inside == after.inside != ""
    assert before.successor != after.successor  # "from" before, "since" after
    viborg = find_area("791", date(2027, 1, 1))
    assert viborg is not None
    assert [ref.code for ref in viborg.containers] == ["082", "raad-midt"]


def test_choosing_an_area_is_remembered_for_a_year(client: Client, world: Denmark) -> None:
    response = client.post("/omraader/791/vaelg/", {"next": "/maal/?omraade=082&x=1"})
    assert response.status_code == 302
    assert response["Location"] == "/maal/?x=1"
    cookie = response.cookies["omraade"]
    assert (cookie.value, cookie["samesite"], cookie["max-age"]) == ("791", "Lax", 365 * 24 * 3600)
    client.cookies["sprog"] = "en"
    assert "You see: Viborg" in text(client.get("/maal/"))


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_an_area_never_leads_to_another_site(client: Client, world: Denmark, elsewhere: str) -> None:
    assert client.post("/omraader/791/vaelg/", {"next": elsewhere})["Location"] == "/"


def test_choosing_is_a_post_and_of_an_area_that_exists(client: Client, world: Denmark) -> None:
    assert client.get("/omraader/791/vaelg/").status_code == 405
    assert client.post("/omraader/999/vaelg/").status_code == 404


@pytest.mark.parametrize("nonsense", ["999", "%00", "'; drop table", "A" * 500, "../etc"])
def test_nonsense_for_an_area_is_the_whole_country(rf: RequestFactory, world: Denmark, nonsense: str) -> None:
    assert area_in_view(rf.get("/", {"omraade": nonsense})).code == "000"


# --- What goes wrong --------------------------------------------------------------------------------------------------


@pytest.fixture
def stranger(reader: Client, settings: Any) -> Client:
    settings.DEBUG = False
    reader.raise_request_exception = False
    return reader


@pytest.mark.parametrize(
    ("address", "meant"),
    [
        ("/omraader/viborgg/", "/omraader/791/"),
        ("/indikatorer/sygehusopholdd/", "/indikatorer/sygehusophold/"),
        ("/maal/maall/", "/maal/maal/"),
    ],
)
def test_an_unknown_address_gets_the_nearest(stranger: Client, world: Denmark, address: str, meant: str) -> None:
    response = stranger.get(address)
    assert response.status_code == 404
    assert f'href="{meant}"' in response.content.decode()


def test_an_unknown_plan_gets_the_nearest(stranger: Client, world: Denmark) -> None:
    plan = a_plan(world)
    response = stranger.get(f"/planer/{plan.slug}x/")
    assert response.status_code == 404
    assert f'href="/planer/{plan.slug}/"' in response.content.decode()


def test_the_404_page_shows_the_address_as_text_only(stranger: Client, world: Denmark) -> None:
    response = stranger.get("/omraader/<script>alert(1)</script>/")
    assert response.status_code == 404
    assert "<script>alert" not in response.content.decode()


def test_the_403_page_names_who_can(rf: RequestFactory, world: Denmark, client: Client) -> None:
    from django.contrib.auth.models import AnonymousUser

    request = rf.get("/planer/x/")
    request.user = AnonymousUser()
    response = errors.forbidden(request, PermissionDenied("Only the secretariat of Udvalget can do this."))
    assert response.status_code == 403
    assert "Only the secretariat of Udvalget can do this." in text(response)


def test_the_500_page_stands_alone(rf: RequestFactory) -> None:
    response = errors.server_error(rf.get("/"))
    assert response.status_code == 500
    assert "Der skete en fejl" in response.content.decode()


def test_a_form_that_is_too_old_says_that_the_words_are_not_lost(world: Denmark) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies["sprog"] = "en"
    response = strict.post("/omraader/791/vaelg/")
    assert response.status_code == 403
    assert "your words are not lost" in text(response)


def test_the_method_page_says_what_is_inferred(reader: Client, world: Denmark) -> None:
    page = text(reader.get(reverse("method")))
    assert "Relative Inferred" in page
    assert "not in percentage points" in page


def test_the_accessibility_statement_claims_no_more_than_was_done(reader: Client, settings: Any) -> None:
    page = text(reader.get(reverse("accessibility")))
    assert "we do not claim full compliance" in page
    assert "This installation has not named an address yet." in page
    settings.CONTACT_EMAIL = "web@example.dk"
    assert "web@example.dk" in text(reader.get(reverse("accessibility")))


def test_no_page_uses_inline_style_or_script(reader: Client, world: Denmark) -> None:
    DelayCause.objects.get_or_create(code="andet", defaults={"name": "Andet", "name_en": "Other"})
    small.item(a_plan(world), title="Punkt", state=State.POSTPONED)
    for address in (
        "/",
        "/maal/",
        "/maal/maal/",
        "/indikatorer/sygehusophold/",
        "/omraader/",
        "/omraader/082/",
        "/om/",
    ):
        body = reader.get(address).content.decode()
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\bsrc=)", body), address
        ids = re.findall(r'\sid="([^"]+)"', body)
        assert len(ids) == len(set(ids)), address
