"""The same figures for machines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from indicators.models import Observation
from indicators.refresh.running import refresh_source
from tests.indicators.world import edit


def rows(client: Client, path: str, **query: str) -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/{path}/", query)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def test_an_assessment_row_carries_everything(loaded: Path, client: Client) -> None:
    (row,) = rows(client, "assessments", indicator="genindlaeggelser", area="082")
    assert row.pop("id")
    assert row == {
        "indicator": "genindlaeggelser",
        "area": {"code": "082", "name": "Midtjylland", "kind": "region"},
        "period": "2023",
        "breakdown": "",
        "value": 11.5,
        "comparator": {
            "area": {"code": "000", "name": "Hele landet", "kind": "country"},
            "period": "2023",
            "value": 11.0,
        },
        "previous": None,
        "level_light": "red",
        "development_light": None,
        "level_change_pct": 4.545455,
        "development_change_pct": None,
        "level_reason": "",
        "development_reason": "previous_missing",
        "rounding_uncertain": False,
        "level_rounding_uncertain": False,
        "development_rounding_uncertain": False,
        "published_level": "",
        "published_development": "",
        "rule_version": "2024.1",
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 10),
        ({"indicator": "genindlaeggelser"}, 5),
        ({"area": "081"}, 2),
        ({"area_kind": "region"}, 4),
        ({"goal": "kvalitet"}, 3),
        ({"period": "2023"}, 10),
        ({"period": "2022"}, 0),
        ({"goal": "forloeb", "area_kind": "municipality", "indicator": "genindlaeggelser"}, 2),
    ],
)
@pytest.mark.parametrize("path", ["observations", "assessments"])
def test_filters(loaded: Path, client: Client, path: str, query: dict[str, str], count: int) -> None:
    assert len(rows(client, path, **query)) == count


@pytest.mark.parametrize("query", ["indicator=ukendt", "area=999", "area_kind=planet", "goal=ukendt"])
@pytest.mark.parametrize("path", ["observations", "assessments"])
def test_an_unknown_value_is_answered_with_400(loaded: Path, client: Client, path: str, query: str) -> None:
    response = client.get(f"/api/v1/{path}/?{query}")
    assert response.status_code == 400
    assert query.partition("=")[0] in response.json()


def test_a_withheld_figure_has_no_number_anywhere(loaded: Path, client: Client) -> None:
    (row,) = rows(client, "observations", area="825")
    assert (row["value"], row["printed"], row["flag"]) == (None, "", "suppressed")
    assert row["reason"] == "For få indlæggelser (note 1)."
    (light,) = rows(client, "assessments", area="825")
    assert (light["value"], light["level_light"], light["level_reason"]) == (None, None, "suppressed")
    assert (light["level_change_pct"], light["development_change_pct"]) == (None, None)


def test_methods_that_differ_give_no_light_and_no_change(loaded: Path, client: Client) -> None:
    (row,) = rows(client, "assessments", indicator="psykiatri", area="791")
    assert (row["level_light"], row["level_reason"], row["published_level"]) == (None, "comparator_other_kind", "red")
    assert row["level_change_pct"] is None


def test_only_what_counts_unless_history_is_asked_for(loaded: Path, client: Client) -> None:
    edit(loaded, "figures.csv", '081,2023,,10.7,"10,7"', '081,2023,,13.3,"13,3"')
    refresh_source("nationale_maal", folder=loaded)
    query = {"indicator": "genindlaeggelser", "area": "081"}
    assert [row["value"] for row in rows(client, "observations", **query)] == [13.3]
    both = rows(client, "observations", **query, history="true")
    assert [(row["value"], row["is_current"], row["flag"]) for row in both] == [
        (10.7, False, "ok"),
        (13.3, True, "corrected"),
    ]
    assert len(rows(client, "assessments", **query)) == 1
    old = Observation.objects.get(is_current=False)
    assert client.get(f"/api/v1/observations/{old.pk}/").json()["value"] == 10.7


def test_goals_indicators_areas_and_frameworks(loaded: Path, client: Client) -> None:
    assert [row["slug"] for row in rows(client, "frameworks")] == ["nationale-maal"]
    goal = rows(client, "goals")[0]
    assert (goal["slug"], goal["number"], goal["indicators"]) == ("forloeb", 1, ["genindlaeggelser", "psykiatri"])
    assert [row["code"] for row in rows(client, "indicators", goal="kvalitet")] == ["overlevelse"]
    indicator = client.get("/api/v1/indicators/genindlaeggelser/").json()
    assert (indicator["unit"], indicator["direction"]) == ("pct.", "lower")
    assert [level["area_kind"] for level in indicator["levels"]] == ["country", "region", "municipality"]
    assert indicator["levels"][0]["footnotes"] == [{"number": 1, "text": "Tallene er standardiseret."}]
    assert [row["code"] for row in rows(client, "areas", kind="municipality")] == ["825", "791"]
    assert [row["code"] for row in rows(client, "areas", within="082")] == ["791"]
    assert client.get("/api/v1/areas/791/").json()["within"][0]["code"] == "082"


@pytest.mark.parametrize("path", ["frameworks", "goals", "indicators", "areas", "observations", "assessments"])
def test_queries_do_not_grow_with_the_rows(
    loaded: Path, client: Client, path: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    for size in ("1", "100"):
        with django_assert_max_num_queries(5):
            client.get(f"/api/v1/{path}/", {"page_size": size})


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(loaded: Path, client: Client, method: str) -> None:
    row = Observation.objects.first()
    assert row is not None
    response = getattr(client, method)(f"/api/v1/observations/{row.pk}/")
    assert response.status_code in (403, 405)
    row.refresh_from_db()


def test_pages_of_rows(loaded: Path, client: Client) -> None:
    answer = client.get("/api/v1/assessments/", {"page_size": "4"}).json()
    assert (answer["count"], len(answer["results"])) == (10, 4)
    second = client.get(answer["next"]).json()
    assert answer["results"][0]["id"] != second["results"][0]["id"]
