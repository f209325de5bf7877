"""Ranking, distance and progress of targets for machines: what the pages show, with where it comes from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from indicators.actions.assessments import assess
from indicators.models import Area, Flag, IndicatorCombining, Population
from initiatives.models import Target
from tests import factories as make
from tests.initiatives import small_world as small
from tests.project.page_world import Denmark, denmark, fill

pytestmark = pytest.mark.django_db
RANKING, DISTANCE = "/api/v1/ranking/?indicator=genindlaeggelser", "/api/v1/distance/?indicator=genindlaeggelser"


@pytest.fixture
def world() -> Denmark:
    return denmark()


def asked(client: Client, address: str) -> Any:
    response = client.get(address, headers={"accept-language": "en"})
    assert response.status_code == 200, response.content
    return response.json()


def test_the_ranking_has_places_values_lights_and_sources(client: Client, world: Denmark) -> None:
    answer = asked(client, RANKING)
    assert (answer["kind"], answer["period"], answer["ranked"], answer["count"]) == ("municipality", "2023", 3, 3)
    assert answer["kinds"] == ["region", "cluster", "health_council", "municipality"]
    first = answer["results"][0]
    assert first["area"] == {"code": "740", "name": "Silkeborg", "kind": "municipality"}
    assert (first["place"], first["value"], first["difference"], first["level"]) == (1, 12.1, 1.1, "red")
    assert first["computed"] is False
    (source,) = answer["sources"]
    assert source["title"] == first["edition"]
    assert set(source) == {"title", "published", "publisher", "licence", "url", "received"}
    assert answer["footnotes"] == []


def test_a_withheld_figure_has_no_number_and_its_reason(client: Client, world: Denmark) -> None:
    world.readmissions.observations.filter(area__code="740").update(
        value=None, flag=Flag.SUPPRESSED, reason="Under 20 borgere."
    )
    assess(indicator_ids=[world.readmissions.pk])
    last = asked(client, RANKING)["results"][-1]
    assert (last["area"]["code"], last["value"], last["place"], last["difference"]) == ("740", None, None, None)
    assert (last["reason_code"], last["reason"], last["flag"]) == ("no_value", "Under 20 borgere.", "suppressed")


def test_the_ranking_of_clusters_is_computed_with_who_is_missing(client: Client, world: Denmark) -> None:
    IndicatorCombining.objects.create(indicator=world.readmissions, kind="rate", age_group="0-plus")
    for code, people in {"740": 1000, "779": 3000}.items():
        area = Area.objects.get(code=code)
        Population.objects.create(area=area, age_group="0-plus", year=2023, people=people, source="Test")
    answer = asked(client, f"{RANKING}&kind=cluster&dato=2026-06-01")
    (row,) = answer["results"]
    assert (row["area"]["code"], row["computed"], row["value"], row["missing"]) == (
        "klynge-midtklyngen", True, 12.7, ["791"],
    )  # fmt: skip
    assert (row["place"], row["level"], row["flag"]) == (1, "", "computed")
    assert row["made"]
    assert answer["areas_as_on"] == "2026-06-01"
    assert answer["sources"]


def test_the_distance_is_that_of_the_page(client: Client, world: Denmark) -> None:
    fill(world.readmissions, {"081": "10.0", "082": "11.5"}, "2022")
    answer = asked(client, DISTANCE)
    assert (answer["period"], answer["period_before"], answer["best"]) == ("2023", "2022", ["081"])
    rows = {row["area"]["code"]: row for row in answer["results"]}
    assert list(rows) == ["081", "000", "082"]
    middle = rows["082"]
    assert (middle["value"], middle["distance"], middle["distance_before"], middle["won"], middle["move"]) == (
        11.5, 0.8, 1.5, 0.7, "catching_up",
    )  # fmt: skip
    assert rows["000"]["distance_before"] is None
    assert rows["000"]["reason"]
    assert answer["reason"] == ""
    assert answer["sources"][0]["licence"] is not None


def test_without_a_best_region_the_reason_is_said(client: Client, world: Denmark) -> None:
    world.readmissions.observations.filter(area__code="081").delete()
    answer = asked(client, DISTANCE)
    assert answer["results"] == []
    assert answer["reason"]


@pytest.mark.parametrize("table", ["ranking", "distance"])
@pytest.mark.parametrize(
    ("tail", "field"),
    [
        ("", "indicator"), ("?indicator=nej", "indicator"), ("?indicator=genindlaeggelser&area=nej", "area"),
        ("?indicator=genindlaeggelser&dato=i-gaar", "dato"), ("?indicator=%00", "indicator"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_question_is_named(
    client: Client, world: Denmark, table: str, tail: str, field: str
) -> None:
    response = client.get(f"/api/v1/{table}/{tail}")
    assert response.status_code == 400
    assert field in response.json()


def test_a_kind_there_is_not_is_refused(client: Client, world: Denmark) -> None:
    assert "kind" in client.get(f"{RANKING}&kind=hospital").json()
    world.readmissions.levels.filter(area_kind_id="municipality").delete()
    assert "kind" in client.get(f"{RANKING}&kind=cluster").json()


def test_nothing_can_be_changed(client: Client, world: Denmark) -> None:
    for address in (RANKING, DISTANCE):
        assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", [RANKING, f"{RANKING}&kind=cluster", DISTANCE, "/api/v1/targets/"])
def test_few_questions(
    client: Client, world: Denmark, address: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    IndicatorCombining.objects.create(indicator=world.readmissions, kind="rate", age_group="0-plus")
    for value in ("9", "8", "7"):
        target(world, value)
    with django_assert_max_num_queries(12):
        assert client.get(address).status_code == 200


# --- Targets ----------------------------------------------------------------------------------------------------------


def target(world: Denmark, value: str) -> Target:
    return Target.objects.create(
        indicator=world.readmissions, area=world.region, body=small.body(f"Udvalg {value}", area=world.region),
        value=value, due_on=date(2028, 12, 31), decided_on=date(2023, 3, 1), created_at=make.moment(),
    )  # fmt: skip


def test_a_target_has_its_progress(client: Client, world: Denmark) -> None:
    fill(world.readmissions, {"082": "12.5"}, "2022")
    made = target(world, "10.5")
    row = asked(client, f"/api/v1/targets/{made.pk}/")
    assert row["progress"]["course"] == "on_course"
    assert row["progress"]["start"] == {"value": 12.5, "period": "2022", "last_day": "2022-12-31"}
    assert row["progress"]["now"] == {"value": 11.5, "period": "2023", "last_day": "2023-12-31"}
    assert row["progress"]["needed"] == 1.0
    assert 12.1 < row["progress"]["expected"] < 12.2
    (listed,) = asked(client, "/api/v1/targets/?indicator=genindlaeggelser")["results"]
    assert listed == row


def test_a_target_that_cannot_be_judged_says_why(client: Client, world: Denmark) -> None:
    target(world, "10.5")
    (row,) = asked(client, "/api/v1/targets/")["results"]
    assert (row["progress"]["course"], row["progress"]["reason_code"]) == ("unknown", "no_start")
    assert row["progress"]["start"] is None


# --- Small tables as files --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonstat"])
@pytest.mark.parametrize(
    "address",
    [
        "/omraader/791/udeladt",
        "/indikatorer/genindlaeggelser/kurver",
        "/indikatorer/genindlaeggelser/brud",
    ],
)
def test_the_small_tables_are_files_too(client: Client, world: Denmark, address: str, ending: str) -> None:
    Area.objects.filter(pk=world.region.pk).update(valid_to=date(2026, 12, 31))
    response = client.get(f"{address}.{ending}?omraade=791")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")


def test_the_file_of_curves_is_of_the_areas_on_the_page(client: Client, world: Denmark) -> None:
    for tail, name in (("", "Region Nordjylland"), ("?region=082", "Viborg"), ("?slags=klynge", "Midtklyngen")):
        body = client.get(f"/indikatorer/genindlaeggelser/kurver.csv{tail}").content.decode("utf-8-sig")
        assert name in body, tail
        assert "Udgave" in body
