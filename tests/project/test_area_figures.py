"""Ranked lists, the map of tiles, small curves. In English: the words of the code."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.utils import translation

from indicators.actions.assessments import assess
from indicators.models import Area, AreaMembership, Direction, Flag, Indicator
from indicators.presenters.tile_grid import TILES
from sundhedsaftale.presenters.area_curves import goal_curves_page, indicator_curves_page
from sundhedsaftale.presenters.area_ranking import kind_figures, ranking_page
from sundhedsaftale.presenters.frame import AreaInView, find_area
from tests import factories as make
from tests.project.page_world import Denmark, denmark, fill

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'


@pytest.fixture
def world() -> Denmark:
    return denmark()


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


@pytest.fixture(autouse=True)
def drawn() -> Any:
    """The specs that were drawn, without drawing them."""
    found: list[dict[str, Any]] = []

    def draw(specs: list[dict[str, Any]]) -> list[str]:
        found.extend(specs)
        return [PICTURE] * len(specs)

    with mock.patch("indicators.charts.rendering._draw", draw):
        yield found


def seen(code: str) -> AreaInView:
    area = find_area(code, TODAY)
    assert area is not None
    return area


def rows_of(text: str) -> list[str]:
    """Each row of the first table as plain words."""
    body = text.split("<tbody")[1].split("</tbody>", maxsplit=1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr")[1:]]


# --- The ranked list --------------------------------------------------------------------------------------------------


def test_municipalities_stand_in_the_wanted_order_with_their_distance_from_the_country(
    reader: Client, world: Denmark
) -> None:
    text = reader.get("/indikatorer/genindlaeggelser/rangliste/?slags=kommune&omraade=779").content.decode()
    rows = rows_of(text)
    assert [row.split(">")[-1].split()[:2] for row in rows] == [["1", "Silkeborg"], ["2", "Skive"], ["3", "Viborg"]]
    assert "12.1" in rows[0]
    assert "+1.1" in rows[0]
    assert "Skive is number 2 of 3." in text
    assert text.count('class="sa-me"') == 1
    assert "Small differences may be chance" in text


def test_figures_that_are_printed_alike_share_a_place(reader: Client, world: Denmark) -> None:
    world.readmissions.observations.filter(area__code="779").update(value="12.14")
    text = reader.get("/indikatorer/genindlaeggelser/rangliste/?slags=kommune").content.decode()
    assert [row.split(">")[-1].split()[:3] for row in rows_of(text)] == [
        ["1", "(shared)", "Silkeborg"],
        ["1", "(shared)", "Skive"],
        ["3", "Viborg", "13.3"],
    ]


@pytest.mark.parametrize(
    ("order", "expected"),
    [("plads", ["740", "779", "791"]), ("navn", ["740", "779", "791"]), ("vaerdi", ["740", "779", "791"]),
     ("vrøvl", ["740", "779", "791"])],
)  # fmt: skip
def test_the_table_is_sorted_by_the_address(world: Denmark, order: str, expected: list[str]) -> None:
    data = kind_figures(world.readmissions, seen("000"), "municipality")
    assert data is not None
    assert [row.area.code for row in ranking_page(data, "", order).rows] == expected


def test_by_value_and_by_name_differ_from_the_wanted_order(world: Denmark) -> None:
    Indicator.objects.filter(pk=world.readmissions.pk).update(direction=Direction.HIGHER)
    world.readmissions.refresh_from_db()
    world.readmissions.observations.filter(area__code="740").update(value="13.0")
    data = kind_figures(world.readmissions, seen("000"), "municipality")
    assert data is not None
    orders = {order: [row.area.code for row in ranking_page(data, "", order).rows] for order in ("", "navn", "vaerdi")}
    assert orders == {"": ["791", "740", "779"], "navn": ["740", "779", "791"], "vaerdi": ["779", "740", "791"]}


def test_blanks_and_other_periods_stand_last_with_their_reason(reader: Client, world: Denmark) -> None:
    world.readmissions.observations.filter(area__code="740").update(
        value=None, flag=Flag.SUPPRESSED, reason="Under 20 borgere."
    )
    world.readmissions.observations.filter(area__code="779").delete()
    fill(world.readmissions, {"779": "5.0"}, "2021")
    make.make_area("825", "municipality", "Læsø")
    fill(world.readmissions, {"825": "12.0"})
    make.make_area("400", "municipality", "Bornholm")
    assess(indicator_ids=[world.readmissions.pk])
    rows = rows_of(reader.get("/indikatorer/genindlaeggelser/rangliste/?slags=kommune").content.decode())
    names = [next(name for name in ("Læsø", "Viborg", "Skive", "Bornholm", "Silkeborg") if name in row) for row in rows]
    assert names == ["Læsø", "Viborg", "Skive", "Bornholm", "Silkeborg"]
    assert "2021 and is not ranked with the others" in rows[2]
    assert "The source has no figure for this area." in rows[3]
    assert "Under 20 borgere." in rows[4]
    assert all("Not ranked" in row for row in rows[2:])


def test_without_a_direction_nobody_is_ranked_and_the_alphabet_decides(reader: Client, world: Denmark) -> None:
    Indicator.objects.filter(pk=world.readmissions.pk).update(direction=Direction.NONE)
    text = reader.get("/indikatorer/genindlaeggelser/rangliste/?slags=kommune").content.decode()
    assert "are not ranked: no wanted direction is declared." in text
    assert "order of the alphabet" in text
    assert "Not ranked" not in text
    assert ">Place<" not in text


def test_an_unknown_kind_is_the_municipalities_and_an_unknown_indicator_nothing(reader: Client, world: Denmark) -> None:
    for slags in ("", "hospital", "&", "region"):
        response = reader.get("/indikatorer/genindlaeggelser/rangliste/", {"slags": slags})
        assert response.status_code == 200
        assert ("Region Nordjylland" in response.content.decode().split("<table")[1]) == (slags == "region")
    assert reader.get("/indikatorer/findes-ikke/rangliste/").status_code == 404


# --- The map ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def all_municipalities(world: Denmark) -> Denmark:
    known = set(Area.objects.values_list("code", flat=True))
    for tile in TILES:
        if tile.code not in known:
            area = make.make_area(tile.code, "municipality", f"Kommune {tile.letters}")
            AreaMembership.objects.create(member=area, container=world.region)
    fill(world.readmissions, {tile.code: "10.0" for tile in TILES if tile.code not in known and tile.code != "400"})
    assess(indicator_ids=[world.readmissions.pk])
    return world


def test_every_municipality_is_a_tile_that_says_its_name_figure_and_light(
    reader: Client, all_municipalities: Denmark
) -> None:
    text = reader.get("/indikatorer/genindlaeggelser/kort/?omraade=791").content.decode()
    tiles = re.findall(r'<a class="(sa-tile [^"]*)" href="([^"]*)" title="[^"]*" aria-label="([^"]*)"', text)
    assert len(tiles) == 98
    assert len({label for *_, label in tiles}) == 98
    by_code = {url.split("/")[-2]: (css, label) for css, url, label in tiles}
    css, label = by_code["791"]
    assert css == "sa-tile sa-tile--red sa-tile--own"
    assert label.replace("\xa0", " ") == "VIB Viborg: 13.3 pct., worse than the country"
    css, label = by_code["400"]
    assert css == "sa-tile sa-tile--none"
    assert "The source has no figure for this area." in label
    assert by_code["851"][0] == "sa-tile sa-tile--green"
    assert "style=" not in text
    assert "94 municipalities are better than the country, 0 are as the country, 3 are worse." in text


def test_the_other_light_is_chosen_by_the_address(reader: Client, all_municipalities: Denmark) -> None:
    text = reader.get("/indikatorer/genindlaeggelser/kort/?lys=udvikling").content.decode()
    assert text.count("sa-tile sa-tile--none") == 98
    assert "No municipality has a light here." in text
    assert "We have no figure for 2022 to compare with." in text
    fill(all_municipalities.readmissions, {"791": "14.0"}, "2022")
    assess(indicator_ids=[all_municipalities.readmissions.pk])
    text = reader.get("/indikatorer/genindlaeggelser/kort/?lys=udvikling").content.decode()
    assert "1 municipalities improve" in text
    assert text.count("sa-tile sa-tile--none") == 97


def test_there_is_no_map_of_what_is_not_measured_in_municipalities(reader: Client, world: Denmark) -> None:
    world.readmissions.levels.filter(area_kind_id="municipality").delete()
    assert reader.get("/indikatorer/genindlaeggelser/kort/").status_code == 404
    text = reader.get("/indikatorer/genindlaeggelser/rangliste/").content.decode()
    assert "/kort/" not in text


# --- Small curves -----------------------------------------------------------------------------------------------------


def segments(spec: dict[str, Any]) -> list[tuple[float, int]]:
    """Value and piece of curve of each point of the area's own line."""
    line = [layer for layer in spec["layer"] if layer["mark"]["type"] == "line"][-1]
    return [(point["y"], point["s"]) for point in line["data"]["values"]]


def test_each_region_has_a_curve_with_the_same_axes_and_the_country_in_grey(world: Denmark, drawn: list[Any]) -> None:
    fill(world.readmissions, {"000": "12.0", "081": "11.7", "082": "11.5"}, "2022")
    with translation.override("en"):
        page = indicator_curves_page(world.readmissions, seen("791"), "", "")
    assert [panel.title for panel in page.panels] == ["Region Midtjylland", "Region Nordjylland"]
    assert len(drawn) == 2
    domains = [[layer["encoding"]["y"]["scale"]["domain"] for layer in spec["layer"]] for spec in drawn]
    assert all(domain == domains[0][0] for found in domains for domain in found)
    assert [layer["mark"].get("strokeDash") for layer in drawn[0]["layer"] if layer["mark"]["type"] == "line"] == [
        [5, 3],
        None,
    ]
    assert page.periods == ("2022", "2023")
    assert [row.cells[0][1] for row in page.rows] == ["11.5", "11.7"]


def test_blanks_gaps_and_other_methods_are_not_joined(world: Denmark, drawn: list[Any]) -> None:
    for year in (2015, 2016, 2017, 2019, 2020):
        fill(world.readmissions, {"081": f"{year - 2000}.0"}, str(year))
    world.readmissions.observations.filter(area__code="081", period="2016").update(
        value=None, flag=Flag.NOT_PUBLISHED, reason="Ikke opgjort."
    )
    with translation.override("en"):
        page = indicator_curves_page(world.readmissions, seen("000"), "", "")
    assert [pair for spec in drawn for pair in segments(spec)] == [(15, 0), (17, 1), (19, 2), (20, 2), (10.7, 3)]
    north = next(panel for panel in page.panels if panel.title == "Region Nordjylland")
    assert north.svg
    middle = next(panel for panel in page.panels if panel.title == "Region Midtjylland")
    assert not middle.svg
    row = next(row for row in page.rows if row.name == "Region Nordjylland")
    assert row.cells[1] == ("2016", "", "Published without figures")


def test_the_municipalities_of_a_region_and_what_has_one_measurement(reader: Client, world: Denmark) -> None:
    text = reader.get("/indikatorer/genindlaeggelser/kurver/?region=082").content.decode()
    assert "No curve yet." in text
    assert all(name in text for name in ("Viborg", "Skive", "Silkeborg"))
    fill(world.readmissions, {"791": "14.0"}, "2022")
    text = reader.get("/indikatorer/genindlaeggelser/kurver/?region=082&omraade=791").content.decode()
    assert text.count('role="img"') == 1
    assert "12.1" in text
    assert reader.get("/indikatorer/genindlaeggelser/kurver/?region=vr%C3%B8vl").status_code == 200


def test_all_indicators_of_a_goal_in_one_area(reader: Client, world: Denmark, drawn: list[Any]) -> None:
    fill(world.stays, {"791": "60.0", "000": "57.0"}, "2022")
    page = goal_curves_page(world.stays.goal, seen("791"), "")
    assert [panel.title for panel in page.panels] == [world.readmissions.name, world.stays.name]
    assert [bool(panel.svg) for panel in page.panels] == [False, True]
    assert len(drawn) == 1
    text = reader.get("/maal/maal/kurver/?omraade=791").content.decode()
    assert "1 of 2 indicators have more than one measurement here." in text
    assert reader.get("/maal/findes-ikke/kurver/").status_code == 404


# --- What they ask the database ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/indikatorer/genindlaeggelser/rangliste/?omraade=791",
        "/indikatorer/genindlaeggelser/rangliste/?slags=region",
        "/indikatorer/genindlaeggelser/kort/?omraade=082",
        "/indikatorer/genindlaeggelser/kurver/?region=082",
        "/maal/maal/kurver/?omraade=791",
        "/data/kontrolsum/",
    ],
)
def test_few_questions_whatever_the_number_of_areas(
    reader: Client, all_municipalities: Denmark, path: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    with django_assert_max_num_queries(9):
        assert reader.get(path).status_code == 200
