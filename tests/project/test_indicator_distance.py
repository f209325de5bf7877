"""Distance to best on the indicator's page: its sentence, its table, its pictures, and why there is none."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import timezone, translation

from indicators.actions.assessments import assess
from indicators.charts.kpi import curve_with_arrow
from indicators.charts.specs import Point, Series
from indicators.models import Area, Indicator, Observation
from sundhedsaftale.lib.viewed import read_viewed
from sundhedsaftale.presenters.frame import find_area
from sundhedsaftale.presenters.indicator_data import find_indicator, indicator_data
from sundhedsaftale.presenters.indicator_distance import DistanceView, distance_view
from tests import factories as make
from tests.project.page_world import fill

pytestmark = pytest.mark.django_db

NAMES = {"081": "Nordjylland", "082": "Midtjylland", "083": "Syddanmark", "084": "Hovedstaden", "085": "Sjælland"}
SURVIVAL = {"084": "71", "082": "69", "081": "68", "083": "68", "085": "67", "000": "69"}
BEFORE = {"084": "70", "082": "69", "081": "66", "083": "67", "085": "67", "000": "68"}


@pytest.fixture
def survival() -> Indicator:
    make.make_area("000")
    for code, name in NAMES.items():
        make.make_area(code, "region", name, official_name=f"Region {name}")
    indicator = make.make_indicator("overlevelse", name="Overlevelse", direction="higher", decimals=0)
    fill(indicator, SURVIVAL)
    return indicator


def view(indicator: Indicator, code: str = "000") -> DistanceView:
    assess(indicator_ids=[indicator.pk])
    area = find_area(code, make.day("2026-11-26"))
    found = find_indicator(indicator.code)
    assert area is not None
    assert found is not None
    with translation.override("en"):
        return distance_view(indicator_data(found, area, read_viewed({}, today=timezone.localdate())))


def test_the_reference_result_in_sentence_and_table(survival: Indicator) -> None:
    page = view(survival)
    assert page.say == ("Best is Region Hovedstaden with 71. Region Sjælland is furthest behind, by 4.")
    assert {row.name: row.now for row in page.rows} == {
        "Region Hovedstaden": "0", "Hele landet": "2", "Region Midtjylland": "2", "Region Nordjylland": "3",
        "Region Syddanmark": "3", "Region Sjælland": "4",
    }  # fmt: skip
    assert {row.why for row in page.rows} == {"No measurement before to compare with."}
    assert page.before == ""
    assert page.curve_why == "There is no curve for Hele landet: a curve needs two measurements."
    assert set(page.plans) == {"distance"}


def test_the_string_says_who_catches_up(survival: Indicator) -> None:
    fill(survival, BEFORE, "2022")
    page = view(survival, "082")
    assert (
        page.say
        == "Region Midtjylland is 2 percentage points from Region Hovedstaden, which is best. It is falling behind.".replace(
            "2 perc", "2\u00a0perc"
        )
    )
    assert {row.name: (row.before, row.moved) for row in page.rows} == {
        "Region Hovedstaden": ("0", "Same distance"),
        "Region Midtjylland": ("1", "Falling behind: 1 lost"),
        "Region Nordjylland": ("4", "Catching up: 1 won"),
        "Region Syddanmark": ("3", "Same distance"),
        "Region Sjælland": ("3", "Falling behind: 1 lost"),
        "Hele landet": ("2", "Same distance"),
    }
    assert set(page.plans) == {"distance", "curve"}
    rows = page.plans["distance"].wide["layer"][2]["data"]["values"]
    assert {(row["n"], row["x0"], row["x"]) for row in rows} >= {("Midtjylland", 1.0, 2.0), ("Nordjylland", 4.0, 3.0)}
    assert "String before dot: catching up." in page.plans["distance"].small


def test_ties_are_all_named(survival: Indicator) -> None:
    Observation.objects.filter(area__code="082").update(value="71")
    assert view(survival).say.startswith("Best is Region Hovedstaden and Region Midtjylland with 71.")


def test_a_blank_region_and_one_of_another_year_say_why(survival: Indicator) -> None:
    Observation.objects.filter(area__code="081").update(value=None, flag="suppressed", reason="For få patienter.")
    Observation.objects.filter(area__code="083").delete()
    fill(survival, {"083": "90"}, "2021")
    rows = {row.name: (row.now, row.why) for row in view(survival).rows}
    assert rows["Region Nordjylland"] == ("", "For få patienter.")
    assert rows["Region Syddanmark"] == ("", "No figure for 2023.")
    assert rows["Region Hovedstaden"][0] == "0", "the figure of another year is not the best"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda: Indicator.objects.update(direction="none"), "No wanted direction is declared, so no region"),
        (
            lambda: Observation.objects.exclude(area__code__in=("084", "000")).delete(),
            "Only one region has a figure for 2023",
        ),
        (lambda: Observation.objects.exclude(area__code="000").delete(), "No figures are held for regions"),
        (lambda: Observation.objects.update(value=None, flag="suppressed", reason="x"), "No region has a figure for 2023"),
        (lambda: Observation.objects.update(breakdown="plejehjem"), "The figures are held for groups only"),
    ],
)  # fmt: skip
def test_without_a_distance_the_page_says_why(survival: Indicator, client: Client, change: Any, why: str) -> None:
    change()
    found = view(survival)
    assert found.why.startswith(why)
    assert (found.rows, found.plans) == ((), {})
    client.cookies["sprog"] = "en"
    with mock.patch(
        "indicators.charts.rendering._draw", lambda specs: ["<svg xmlns='x' viewBox='0 0 1 1'></svg>"] * len(specs)
    ):
        assert why in client.get("/indikatorer/overlevelse/").content.decode()


def test_an_earlier_measurement_of_another_method_is_none(survival: Indicator) -> None:
    for code, value in BEFORE.items():
        make.make_observation(survival, Area.objects.get(code=code), value, "2022", method="crude")
    assert view(survival).before == ""


def test_the_arrow_points_the_wanted_way_and_compared_points_are_ringed() -> None:
    series = Series(
        "Hele landet", tuple(Point(2020.5 + n, str(2020 + n), 60 + n, str(60 + n)) for n in range(4)), own=True
    )
    words = {"size": "narrow", "axis_title": "pct.", "better_label": "ønsket retning", "ringed": [2022.5, 2023.5]}
    for better, shape in (("higher", "triangle-up"), ("lower", "triangle-down")):
        curve, arrow = curve_with_arrow(series, better=better, **words)["layer"]
        assert arrow["layer"][1]["mark"]["shape"] == shape
        assert [ring["x"] for ring in curve["layer"][-1]["data"]["values"]] == [2022.5, 2023.5]
    assert curve_with_arrow(series, better="lower", **words) == curve_with_arrow(series, better="lower", **words)
