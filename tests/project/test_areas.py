"""Areas on any day and in either division: what lies in what, what is said of those that were not there, and what is computed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.test import Client

from indicators.actions.assessments import assess
from indicators.models import Area, AreaMembership, AreaSuccession, IndicatorCombining, Observation, Population
from initiatives.models import BodySuccession
from tests import factories as make
from tests.initiatives import small_world as small
from tests.project.page_world import LAST_DAY, REFORM, Denmark, denmark, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Denmark:
    return denmark()


@pytest.fixture
def merged(world: Denmark) -> Area:
    """Two regions that become one on 1 January 2027, with figures of both."""
    old = [
        make.make_area("084", "region", "Hovedstaden", official_name="Region Hovedstaden", valid_to=LAST_DAY),
        make.make_area("085", "region", "Sjælland", official_name="Region Sjælland", valid_to=LAST_DAY),
    ]
    new = make.make_area("oestdanmark", "region", "Østdanmark", official_name="Region Østdanmark", valid_from=REFORM)
    for one in old:
        AreaMembership.objects.create(member=one, container=world.country, valid_to=LAST_DAY)
        AreaSuccession.objects.create(predecessor=one, successor=new, on=REFORM)
    AreaMembership.objects.create(member=new, container=world.country, valid_from=REFORM)
    fill(world.readmissions, {"084": "10.0", "085": "20.0"})
    assess(indicator_ids=[world.readmissions.pk])
    return new


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


@pytest.fixture(autouse=True)
def _no_drawing() -> Any:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        yield


def text(response: Any) -> str:
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body.replace("&#x27;", "'").replace("\u00a0", " "))


def zoom(response: Any) -> str:
    found = re.search(r'<section class="sa-sec" id="zoom".*?</section>', response.content.decode(), re.DOTALL)
    assert found
    body = re.sub(r"<[^>]+>", " ", found[0])
    return re.sub(r"\s+", " ", body.replace("&#x27;", "'").replace("\u00a0", " "))


# --- Zoom -------------------------------------------------------------------------------------------------------------


def test_a_region_lists_its_clusters_and_municipalities_with_their_lights(reader: Client, world: Denmark) -> None:
    page = zoom(reader.get("/omraader/082/?dato=2026-06-01"))
    assert "Health clusters: all indicators" in page
    assert "Municipalities: all indicators" in page
    assert "The lights of its 3 municipalities" in page
    assert "Sundhedsråd Midt" not in page


def test_one_indicator_shows_figures_and_a_blank_says_why(reader: Client, world: Denmark) -> None:
    page = zoom(reader.get("/omraader/082/?dato=2026-06-01&vis=tal-genindlaeggelser"))
    assert "13.3 pct." in page
    assert "No figure for the cluster" in page
    assert "The source does not say how the figure is made" in page


def test_the_way_up_names_every_area_it_lies_in(reader: Client, world: Denmark) -> None:
    other = make.make_area("klynge-anden", "cluster", "Den anden klynge")
    AreaMembership.objects.create(member=Area.objects.get(code="791"), container=other)
    page = zoom(reader.get("/omraader/791/?dato=2026-06-01"))
    up = page.split("Show lights of")[0]
    for name in ("Hele landet", "Region Midtjylland", "Midtklyngen", "Den anden klynge"):
        assert name in up
    assert "(Until 31 December 2026 · Not confirmed)" in up


def test_a_municipality_stands_among_its_neighbours(reader: Client, world: Denmark) -> None:
    page = zoom(reader.get("/omraader/791/?dato=2026-06-01"))
    assert "Viborg and its neighbours in Midtklyngen" in page
    assert "Skive" in page
    assert "Silkeborg" in page


def test_what_is_chosen_goes_along_to_the_next_area(reader: Client, world: Denmark) -> None:
    body = reader.get("/omraader/082/?dato=2026-06-01&vis=tal-sygehusophold").content.decode()
    assert 'href="/omraader/791/?vis=tal-sygehusophold&amp;dato=2026-06-01"' in body


@pytest.mark.parametrize("show", ["tal-findes-ikke", "maal-findes-ikke", "vrøvl", "tal-"])
def test_an_unknown_choice_is_all_of_them(reader: Client, world: Denmark, show: str) -> None:
    assert "all indicators" in zoom(reader.get("/omraader/082/", {"vis": show}))


def test_the_choice_answers_with_the_region_of_the_page_alone(reader: Client, world: Denmark) -> None:
    response = reader.get("/omraader/082/?vis=maal-maal", headers={"HX-Request": "true", "HX-Target": "zoom"})
    assert response.content.decode().startswith('<section class="sa-sec" id="zoom"')
    assert "HX-Request" in response["Vary"]
    assert "HX-Target" in response["Vary"]
    whole = reader.get("/omraader/082/", headers={"HX-Request": "true", "HX-Target": "content"})
    assert "<html" in whole.content.decode()


# --- A day ------------------------------------------------------------------------------------------------------------


def test_the_last_day_and_the_first_day_of_the_reform_are_both_included(reader: Client, world: Denmark) -> None:
    before = zoom(reader.get("/omraader/082/?dato=2026-12-31"))
    after = zoom(reader.get("/omraader/082/?dato=2027-01-01"))
    assert "Midtklyngen" in before
    assert "Sundhedsråd Midt" not in before
    assert "Midtklyngen" not in after
    assert "Sundhedsråd Midt" in after


@pytest.mark.parametrize("now", ["2026-12-31T23:30:00+01:00", "2027-01-01T00:30:00+01:00"])
def test_without_a_day_it_is_today(reader: Client, world: Denmark, now: str) -> None:
    with time_machine.travel(now, tick=False):
        page = zoom(reader.get("/omraader/082/"))
    assert ("Midtklyngen" in page) == now.startswith("2026")
    assert ("Sundhedsråd Midt" in page) == now.startswith("2027")


def test_an_area_that_was_not_there_says_so_and_what_was(reader: Client, world: Denmark) -> None:
    early = text(reader.get("/omraader/klynge-midtklyngen/?dato=2020-11-05"))
    assert "Midtklyngen did not exist on 5 November 2020. It begins on 1 July 2022." in early
    assert "We do not know what was there instead." in early
    late = reader.get("/omraader/klynge-midtklyngen/?dato=2027-02-01")
    assert "It ended on 31 December 2026." in text(late)
    assert '<a href="/omraader/raad-midt/?dato=2027-02-01">Sundhedsråd Midt</a>' in late.content.decode()
    council = text(reader.get("/omraader/raad-midt/?dato=2026-12-31"))
    assert "Sundhedsråd Midt did not exist on 31 December 2026. It begins on 1 January 2027." in council
    assert "That day there was: Midtklyngen" in council


def test_an_unknown_beginning_is_open(reader: Client, world: Denmark) -> None:
    assert "did not exist" not in text(reader.get("/omraader/791/?dato=1990-01-01"))


def test_the_day_is_said_and_every_link_keeps_it(reader: Client, world: Denmark) -> None:
    for address in ("/omraader/791/", "/omraader/", "/", "/maal/", "/maal/maal/", "/indikatorer/sygehusophold/"):
        response = reader.get(f"{address}?dato=2020-11-05")
        assert response.status_code == 200
        assert "You see areas and bodies as they were or will be on" in text(response), address
        plain = reader.get(address)
        assert "You see areas and bodies" not in text(plain), address
    body = reader.get("/omraader/791/?dato=2020-11-05").content.decode()
    assert 'href="/indikatorer/sygehusophold/?omraade=791&amp;dato=2020-11-05"' in body
    goal = reader.get("/maal/maal/?dato=2020-11-05&omraade=791").content.decode()
    assert 'href="/maal/maal/?omraade=000&amp;dato=2020-11-05"' in goal
    assert 'href="/omraader/791/?dato=2020-11-05"' in reader.get("/omraader/?dato=2020-11-05").content.decode()


def test_the_list_of_another_day_holds_the_areas_of_that_day(reader: Client, world: Denmark) -> None:
    assert "Midtklyngen" not in text(reader.get("/omraader/?dato=2020-11-05"))
    assert "Midtklyngen" in text(reader.get("/omraader/?dato=2022-07-01"))


@pytest.mark.parametrize("address", ["/omraader/791/", "/omraader/", "/", "/maal/", "/maal/maal/", "/udvalg/udvalget/"])
@pytest.mark.parametrize("asked", ["dato=31.2.2020", "dato=hej", "inddeling=gammel"])
def test_what_is_no_day_is_answered_with_an_example(reader: Client, world: Denmark, address: str, asked: str) -> None:
    small.body("Udvalget", slug="udvalget")
    response = reader.get(f"{address}?{asked}")
    if "inddeling" in asked:
        assert response.status_code == 400
        return
    assert response.status_code == 400
    assert "for example dato=2020-11-05" in text(response)


def test_a_days_page_is_not_kept(client: Client, world: Denmark, settings: Any) -> None:
    settings.KEEP_PAGES = True
    first = client.get("/omraader/082/?dato=2026-12-31").content.decode()
    second = client.get("/omraader/082/?dato=2027-01-01").content.decode()
    assert "Sundhedsråd Midt" not in first
    assert "Sundhedsråd Midt" in second


# --- Bodies -----------------------------------------------------------------------------------------------------------


def test_bodies_are_those_of_the_day(reader: Client, world: Denmark) -> None:
    old = small.body("Koordinationsudvalget", area=world.region, valid_to=date(2022, 6, 30), slug="koordination")
    new = small.body("Samarbejdsudvalget", area=world.region, valid_from=date(2022, 7, 1), slug="samarbejde")
    BodySuccession.objects.create(predecessor=old, successor=new, on=date(2022, 7, 1))
    for day, there, gone in (
        ("2020-11-05", "Koordinationsudvalget", "Samarbejdsudvalget"),
        ("2022-06-30", "Koordinationsudvalget", "Samarbejdsudvalget"),
        ("2022-07-01", "Samarbejdsudvalget", "Koordinationsudvalget"),
    ):
        page = reader.get(f"/omraader/082/?dato={day}").content.decode()
        listed, others = page.split("Bodies before and after that day")
        assert f'?dato={day}">{there}</a>' in listed
        assert f">{gone}</a>" not in listed
        assert f'?dato={day}">{gone}</a>' in others
    response = reader.get("/udvalg/koordination/?dato=2020-11-05")
    assert "It ends on 30 June 2022." in text(response)
    assert "/udvalg/samarbejde/?dato=2020-11-05" in response.content.decode()
    assert "/omraader/082/?dato=2020-11-05" in response.content.decode()
    assert "It ended on 30 June 2022." in text(reader.get("/udvalg/koordination/"))


# --- The division -----------------------------------------------------------------------------------------------------


def test_the_country_after_the_reform_in_both_divisions(reader: Client, merged: Area) -> None:
    now = zoom(reader.get("/omraader/000/?dato=2027-02-01"))
    then = zoom(reader.get("/omraader/000/?dato=2027-02-01&inddeling=davaerende"))
    assert "Present division: areas as on 1 February 2027." in now
    assert "Region Østdanmark" in now
    assert "Region Sjælland" not in now
    assert "Division of the time: areas as on 31 December 2023" in then
    assert "Region Østdanmark" not in then
    assert "Region Sjælland" in then


def test_the_merged_region_shows_those_before_it_in_the_division_of_the_time(reader: Client, merged: Area) -> None:
    page = zoom(reader.get("/omraader/oestdanmark/?dato=2027-02-01&inddeling=davaerende&vis=tal-genindlaeggelser"))
    assert "There before Østdanmark" in page
    assert "10.0 pct." in page
    assert "20.0 pct." in page


def test_a_councils_past_is_its_clusters(reader: Client, world: Denmark) -> None:
    page = zoom(reader.get("/omraader/raad-midt/?dato=2027-02-01&inddeling=davaerende"))
    assert "There before Sundhedsråd Midt" in page
    assert "Midtklyngen" in page


# --- Computed figures -------------------------------------------------------------------------------------------------


def combine(world: Denmark, kind: str = "rate", group: str = "0-plus") -> None:
    IndicatorCombining.objects.create(indicator=world.readmissions, kind=kind, age_group=group)


def live(code: str, people: int, year: int = 2023, group: str = "0-plus") -> None:
    area = Area.objects.get(code=code)
    Population.objects.create(area=area, age_group=group, year=year, people=people, source="Folketal")


def test_a_cluster_without_counts_and_populations_is_blank_with_its_reason(reader: Client, world: Denmark) -> None:
    combine(world)
    page = text(reader.get("/omraader/klynge-midtklyngen/?dato=2026-06-01"))
    assert "0 of 2 indicators can be computed from its parts." in page
    assert "We hold neither the counts behind the figures nor the populations to weigh them with." in page


def test_a_cluster_is_weighted_where_we_hold_the_people(reader: Client, world: Denmark) -> None:
    combine(world)
    live("740", 100)
    live("779", 300)
    page = text(reader.get("/omraader/klynge-midtklyngen/?dato=2026-06-01"))
    assert "1 of 2 indicators can be computed from its parts." in page
    assert "12.7 Computed 2023 Computed from Silkeborg and Skive, weighted with how many live there." in page
    assert "Not counted in: Viborg (we hold no counts)." in page


@pytest.mark.parametrize(("year", "group"), [(2022, "0-plus"), (2023, "65-plus")])
def test_people_of_another_year_or_age_do_not_count(reader: Client, world: Denmark, year: int, group: str) -> None:
    combine(world)
    for code in ("740", "779", "791"):
        live(code, 100, year, group)
    assert "0 of 2 indicators" in text(reader.get("/omraader/klynge-midtklyngen/?dato=2026-06-01"))


def test_counts_are_summed_where_the_source_gives_them(reader: Client, world: Denmark) -> None:
    combine(world, group="")
    counts = {"740": (1, 10), "779": (2, 10), "791": (3, 20)}
    for code, (numerator, denominator) in counts.items():
        Observation.objects.filter(indicator=world.readmissions, area__code=code).update(
            numerator=Decimal(numerator), denominator=Decimal(denominator)
        )
    page = text(reader.get("/omraader/klynge-midtklyngen/?dato=2026-06-01"))
    assert "15.0 Computed 2023 Computed from the counts of Silkeborg, Skive and Viborg." in page


def test_a_municipality_of_two_clusters_is_in_neither_sum(reader: Client, world: Denmark) -> None:
    combine(world)
    for code in ("740", "779", "791"):
        live(code, 100)
    other = make.make_area("klynge-anden", "cluster", "Den anden klynge")
    AreaMembership.objects.create(member=Area.objects.get(code="791"), container=other)
    page = text(reader.get("/omraader/klynge-midtklyngen/?dato=2026-06-01"))
    assert "Not counted in: Viborg (lies in two areas)." in page


def test_the_merged_region_is_computed_from_the_two(reader: Client, world: Denmark, merged: Area) -> None:
    combine(world)
    live("084", 100)
    live("085", 300)
    page = text(reader.get("/omraader/oestdanmark/?dato=2027-02-01"))
    assert "17.5 Computed 2023 Computed from Hovedstaden and Sjælland, weighted with how many live there." in page
    assert "The region begins on 1 January 2027. There are no official figures for it yet." in page
    country = zoom(reader.get("/omraader/000/?dato=2027-02-01&vis=tal-genindlaeggelser"))
    assert "17.5 pct. Computed" in country


def test_an_official_figure_ends_the_computed_one(reader: Client, world: Denmark, merged: Area) -> None:
    combine(world)
    live("084", 100)
    live("085", 300)
    fill(world.readmissions, {"oestdanmark": "16.0"}, "2023")
    assess(indicator_ids=[world.readmissions.pk])
    page = text(reader.get("/omraader/oestdanmark/?dato=2027-02-01"))
    assert "Computed from" not in page
    assert "16.0" in page


def test_a_merged_region_costs_no_more_questions_than_others(
    client: Client, world: Denmark, merged: Area, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    combine(world)
    live("084", 100)
    secretary = small.user()
    small.member(secretary, small.body("Udvalget", area=merged))
    client.force_login(secretary)
    for address in ("oestdanmark/?dato=2027-02-01", "oestdanmark/", "klynge-midtklyngen/", "raad-midt/", "000/"):
        with django_assert_max_num_queries(12, info=address):
            assert client.get(f"/omraader/{address}").status_code == 200
