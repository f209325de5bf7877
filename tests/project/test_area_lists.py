"""Worse and worsening, better and improving: what is listed, what never is, and what is said of the rest."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from indicators.actions.assessments import assess
from indicators.models import Area, Indicator, Observation
from sundhedsaftale.presenters.area_lists import AreaLists, area_lists
from sundhedsaftale.presenters.frame import find_area
from tests import factories as make
from tests.project.page_world import Denmark, denmark, fill

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> Denmark:
    """Viborg: readmissions 13.3 after 12.0 (worse, worsening), stays 55.3 after 60.0 (better, improving)."""
    found = denmark()
    fill(found.readmissions, {"000": "11.0", "791": "12.0", "779": "14.0", "082": "11.0"}, "2022")
    fill(found.stays, {"000": "56.0", "791": "60.0", "779": "52.3"}, "2022")
    judge(found.readmissions, found.stays)
    return found


def judge(*indicators: Indicator) -> None:
    assess(indicator_ids=[indicator.pk for indicator in indicators])


def lists(code: str) -> AreaLists:
    area = find_area(code, make.day("2026-11-26"))
    assert area is not None
    with translation.override("en"):
        return area_lists(area)


def why(page: AreaLists) -> dict[str, int]:
    return {line.why: line.count for line in page.left_out}


def test_a_municipality_has_both_lists(world: Denmark) -> None:
    page = lists("791")
    assert [(row.name, row.cell.text, row.country, row.area) for row in page.worse] == [
        ("Akutte genindlæggelser", "13.3", "11.0", "")
    ]
    assert [row.name for row in page.better] == ["Forebyggelige sygehusophold"]
    assert page.lead == "Of 2 figures with both lights, 1 are worse and worsening, 1 better and improving."
    assert page.rest == ""
    assert page.left_out == ()
    opened = page.worse[0]
    assert opened.level_sum is not None
    assert opened.development_sum is not None
    assert opened.development_sum.line.endswith("lower is better → red")


def test_what_has_both_lights_but_not_the_same_way_is_counted(world: Denmark) -> None:
    page = lists("779")  # readmissions worse but improving; stays better but unchanged
    assert (page.worse, page.better) == ((), ())
    assert why(page) == {"Both lights are known, but they do not point the same way.": 2}


def test_a_missing_light_is_counted_with_its_reason(world: Denmark) -> None:
    page = lists("740")
    assert page.lead == "No figure for Silkeborg has both lights."
    assert why(page) == {"Development: We have no earlier figure to compare with.": 2}
    assert set(page.left_out[0].names) == {"Akutte genindlæggelser", "Forebyggelige sygehusophold"}


def test_a_withheld_figure_is_never_listed_whatever_the_source_shows(world: Denmark) -> None:
    Observation.objects.filter(indicator=world.readmissions, area__code="791", period="2023").update(
        value=None, flag="suppressed", reason="Få personer.", published_level="red", published_development="red"
    )
    judge(world.readmissions)
    page = lists("791")
    assert page.worse == ()
    assert why(page) == {"Withheld: no figure, so no light.": 1}


def test_a_figure_without_a_wanted_direction_is_never_listed(world: Denmark) -> None:
    Indicator.objects.filter(pk=world.readmissions.pk).update(direction="none")
    Observation.objects.filter(indicator=world.readmissions, area__code="791").update(
        published_level="red", published_development="red"
    )
    judge(world.readmissions)
    page = lists("791")
    assert page.worse == ()
    assert why(page) == {"No wanted direction is declared, so there is no light.": 1}


def test_a_published_light_counts_and_is_said_to_be_the_sources(world: Denmark) -> None:
    Observation.objects.filter(indicator=world.readmissions, area__code="740", period="2023").update(
        published_development="red"
    )
    judge(world.readmissions)
    row = lists("740").worse[0]
    assert row.cell.development.published
    assert row.cell.development.notes == ("The source's own light",)


def test_the_country_lists_its_regions_and_a_cluster_its_municipalities(world: Denmark) -> None:
    country = lists("000")
    assert "its regions" in country.of_areas
    assert [(row.name, row.area) for row in country.worse] == [("Akutte genindlæggelser", "Midtjylland")]
    cluster = lists("klynge-midtklyngen")
    assert [(row.name, row.area) for row in cluster.worse] == [("Akutte genindlæggelser", "Viborg")]
    assert {name for line in cluster.left_out for name in line.names} >= {"Akutte genindlæggelser (Silkeborg)"}


def test_every_figure_is_in_one_list_or_counted_once(world: Denmark) -> None:
    for code in Area.objects.values_list("code", flat=True):
        page = lists(code)
        assert len(page.worse) + len(page.better) + sum(line.count for line in page.left_out) == page.looked_at
        assert page.lit <= page.looked_at


def test_the_furthest_from_the_country_stands_first(world: Denmark) -> None:
    fill(world.stays, {"740": "50.0"}, "2022")
    Observation.objects.filter(indicator=world.stays, area__code="740", period="2023").update(value="80.0")
    fill(world.readmissions, {"740": "11.5"}, "2022")
    judge(world.stays, world.readmissions)
    assert [row.name for row in lists("740").worse] == ["Forebyggelige sygehusophold", "Akutte genindlæggelser"]


def test_the_page_and_the_ways_to_it(
    client: Client, world: Denmark, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client.cookies["sprog"] = "en"
    with django_assert_max_num_queries(12):
        response = client.get("/omraader/791/lister/")
    page = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))
    assert "Worse than the country, and worsening" in page
    assert "13.3 against 11.0" in page
    assert client.get("/omraader/findes-ikke/lister/").status_code == 404
    assert client.post("/omraader/791/lister/").status_code in (404, 405)
    for address in ("/omraader/791/", "/maal/?omraade=791"):
        assert '"/omraader/791/lister/"' in client.get(address).content.decode()


def test_an_area_without_anything_says_so(world: Denmark) -> None:
    make.make_area("hospital-x", "health_council", "Ukendt råd")
    page = lists("hospital-x")
    assert page.lead == "There are no figures for Ukendt råd to list."
    assert page.looked_at == 0
