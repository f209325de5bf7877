"""Clusters, councils and merged regions beside each other: ranked, in small curves, in the curve of the indicator's page."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indicators.actions.assessments import assess
from indicators.models import Area, AreaMembership, AreaSuccession, IndicatorCombining, Observation, Population
from tests import factories as make
from tests.project.page_world import LAST_DAY, REFORM, Denmark, denmark, fill

pytestmark = pytest.mark.django_db

PEOPLE = """area_code;age_group;year;people;source
740;0-plus;2023;1.000;FOLK1A
Skive;I alt;2023K1;2000;FOLK1A
791;0+;2023;1000;FOLK1A
"""
RANKING = "/indikatorer/genindlaeggelser/rangliste/?slags=klynge&dato=2026-06-01"
CURVES = "/indikatorer/genindlaeggelser/kurver/?slags=klynge&dato=2026-06-01"


@pytest.fixture(autouse=True)
def drawn() -> Any:
    """The specs that were drawn, without drawing them and without the cache."""
    found: list[dict[str, Any]] = []
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" role="img"></svg>'

    def draw(specs: list[dict[str, Any]]) -> list[str]:
        found.extend(specs)
        return [picture] * len(specs)

    with (
        mock.patch("indicators.charts.rendering._draw", draw),
        mock.patch("indicators.charts.rendering.cache.get_many", side_effect=lambda _: {}),
    ):
        yield found


@pytest.fixture
def world() -> Denmark:
    """A second cluster, of one municipality; both clusters' municipalities are counted for everybody who lives there."""
    found = denmark()
    other = make.make_area("klynge-anden", "cluster", "Den anden klynge", valid_to=LAST_DAY)
    randers = make.make_area("730", "municipality", "Randers")
    AreaMembership.objects.create(member=randers, container=other, valid_to=LAST_DAY)
    fill(found.readmissions, {"730": "9.0"})
    assess(indicator_ids=[found.readmissions.pk])
    IndicatorCombining.objects.create(indicator=found.readmissions, kind="rate", age_group="0-plus")
    return found


def weigh(people: dict[str, int], year: int = 2023) -> None:
    for code, number in people.items():
        area = Area.objects.get(code=code)
        Population.objects.create(area=area, age_group="0-plus", year=year, people=number, source="Test")


@pytest.fixture
def weighed(world: Denmark) -> Denmark:
    weigh({"740": 1000, "779": 2000, "791": 1000, "730": 500})
    return world


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body.replace("&#x27;", "'").replace("\u00a0", " "))


def rows_of(response: Any) -> list[str]:
    body = response.content.decode().split("<tbody")[1].split("</tbody>", maxsplit=1)[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in body.split("<tr")[1:]]


# --- The ranking ------------------------------------------------------------------------------------------------------


def test_clusters_are_computed_ranked_and_marked(reader: Client, weighed: Denmark) -> None:
    response = reader.get(RANKING)
    first, second = rows_of(response)
    assert "1 Den anden klynge 9.0 Computed" in first
    assert "2 Midtklyngen 12.8 Computed" in second
    assert "Computed from Silkeborg, Skive and Viborg, weighted with how many live there. An estimate." in second
    assert "better than the country" not in second.lower()
    assert "not compared, and given no light" in text(response)
    assert "Against the country" not in text(response), "a column that would say the same in every row"
    assert "Best: Den anden klynge (9.0 pct.). Last: Midtklyngen (12.8 pct.)." in text(response)


def test_a_missing_municipality_is_named_in_the_ranking(reader: Client, weighed: Denmark) -> None:
    Observation.objects.filter(area__code="740").update(value=None, flag="suppressed", reason="Withheld.")
    row = next(row for row in rows_of(reader.get(RANKING)) if "Midtklyngen" in row)
    assert "13.0 Computed" in row
    assert "Not counted in: Silkeborg (withheld)." in row


def test_the_ranking_says_why_a_cluster_cannot_be_computed(reader: Client, world: Denmark) -> None:
    rows = rows_of(reader.get(RANKING))
    assert len(rows) == 2
    assert all("A plain average would be wrong." in row for row in rows)


def test_an_official_figure_of_a_cluster_is_ranked_as_it_is(reader: Client, weighed: Denmark) -> None:
    fill(weighed.readmissions, {"klynge-midtklyngen": "8.1"})
    response = reader.get(RANKING)
    first, second = rows_of(response)
    assert "1 Midtklyngen 8.1" in first
    assert "A computed figure is not compared." in second
    assert "Against the country" in text(response)
    assert "2 Den anden klynge 9.0 Computed" in second


@pytest.mark.parametrize(
    ("slags", "day", "says"),
    [
        ("sundhedsraad", "2026-06-01", "Health councils are shown as on 1 January 2027"),
        ("klynge", "2027-06-01", "Health clusters are shown as on 31 December 2026"),
        ("sundhedsraad", "2027-06-01", ""),
        ("klynge", "2026-06-01", ""),
    ],
)
def test_a_kind_that_is_not_there_that_day_is_shown_as_on_the_nearest(
    reader: Client, weighed: Denmark, slags: str, day: str, says: str
) -> None:
    page = text(reader.get(f"/indikatorer/genindlaeggelser/rangliste/?slags={slags}&dato={day}"))
    assert "12.8 Computed" in page
    assert says in page if says else ": none is there on the day looked at" not in page


def test_a_part_that_lies_in_two_clusters_is_not_counted_in_for_either(reader: Client, weighed: Denmark) -> None:
    both = Area.objects.get(code="740")
    AreaMembership.objects.create(member=both, container=Area.objects.get(code="klynge-anden"), valid_to=LAST_DAY)
    for address in (RANKING, f"{RANKING}&omraade=klynge-midtklyngen"):
        page = text(reader.get(address))
        assert page.count("Silkeborg (lies in two areas)") == 2


def test_a_merged_region_is_computed_and_not_ranked_beside_what_it_is_made_of(reader: Client, world: Denmark) -> None:
    merged_region(world)
    page = reader.get("/indikatorer/genindlaeggelser/rangliste/?slags=region&dato=2027-03-01")
    row = next(row for row in rows_of(page) if "Region Østdanmark" in row)
    assert "12.5 Computed" in row
    assert "Not ranked" in row
    assert "It is computed from areas of this list, and would be counted twice." in row
    before = reader.get("/indikatorer/genindlaeggelser/rangliste/?slags=region&dato=2026-03-01")
    assert "Østdanmark" not in text(before).split("Fetch the table")[0]


def merged_region(world: Denmark) -> Area:
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
    weigh({"084": 3000, "085": 1000})
    assess(indicator_ids=[world.readmissions.pk])
    return new


def test_the_picture_names_a_line_for_the_country_only_where_there_is_one(reader: Client, weighed: Denmark) -> None:
    for kind, has_line in (("klynge", False), ("region", True)):
        page = text(reader.get(f"/indikatorer/genindlaeggelser/rangliste/?slags={kind}&dato=2026-06-01"))
        assert ("The dashed line is the whole country." in page) is has_line, kind


def test_the_file_of_the_ranking_has_the_mark_and_what_it_is_made_of(reader: Client, weighed: Denmark) -> None:
    address = "/indikatorer/genindlaeggelser/rangliste.csv?slags=klynge&dato=2026-06-01"
    body = reader.get(address).content.decode("utf-8-sig")
    line = next(line for line in body.splitlines() if "Midtklyngen" in line)
    assert "12,8" in line
    assert "Computed" in line
    assert "Silkeborg, Skive and Viborg" in line


# --- Curves -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def moving(weighed: Denmark) -> Denmark:
    fill(weighed.readmissions, {"740": "13.1", "779": "13.9", "791": "14.3", "730": "8.0", "000": "11.2"}, "2022")
    weigh({"740": 1000, "779": 2000, "791": 1000, "730": 500}, 2022)
    return weighed


def lines_of(spec: dict[str, Any]) -> dict[str, list[float]]:
    """The values of each line, by how it is dashed."""
    return {
        str(layer["mark"].get("strokeDash")): [row["y"] for row in layer["data"]["values"]]
        for layer in spec["layer"]
        if layer["mark"]["type"] == "line"
    }


def test_each_cluster_has_a_dotted_curve_of_computed_figures(reader: Client, moving: Denmark, drawn: list[Any]) -> None:
    page = text(reader.get(CURVES))
    assert [lines_of(spec)["[2, 4]"] for spec in drawn] == [[8.0, 9.0], [13.8, 12.8]]
    assert "From 13.8 (2022) to 12.8 pct. (2023). Dotted: computed." in page
    assert "13.8 (computed)" in page
    assert "From first to newest measurement: better in 1 of 2 areas, worse in 1." in page
    assert "weighted with how many live there" in page


def test_an_official_figure_is_a_curve_of_its_own_and_who_is_missing_is_said_for_the_period(
    reader: Client, moving: Denmark, drawn: list[Any]
) -> None:
    Observation.objects.filter(area__code="740", period="2022").update(value=None, flag="suppressed", reason="x")
    page = text(reader.get(CURVES))
    assert "2022: Not counted in: Silkeborg (withheld)." in page
    fill(moving.readmissions, {"klynge-midtklyngen": "14.7"})
    drawn.clear()
    reader.get(CURVES)
    assert "None" in lines_of(drawn[-1])
    assert lines_of(drawn[-1])["None"] == [14.7]
    assert lines_of(drawn[-1])["[2, 4]"] == [pytest.approx(14.0333, abs=0.001)]


def test_a_cluster_without_populations_says_why_it_has_no_curve(reader: Client, world: Denmark) -> None:
    page = text(reader.get(CURVES))
    assert "No curve yet." in page
    assert "A plain average would be wrong." in page


def test_the_goal_s_curves_of_a_cluster_are_computed(reader: Client, moving: Denmark, drawn: list[Any]) -> None:
    response = reader.get("/maal/maal/kurver/?omraade=klynge-midtklyngen&dato=2026-06-01")
    page = text(response)
    assert lines_of(drawn[0])["[2, 4]"] == [13.8, 12.8]
    assert "12.8 (computed)" in page
    assert "The source does not say how the figure is made" in page
    assert "/maal/maal/kurver.csv?omraade=klynge-midtklyngen&amp;dato=2026-06-01" in response.content.decode()
    body = reader.get("/maal/maal/kurver.csv?omraade=klynge-midtklyngen&dato=2026-06-01").content.decode("utf-8-sig")
    line = next(line for line in body.splitlines() if "12,8" in line)
    assert ";2023;" in line
    assert "Computed" in line
    assert "Silkeborg, Skive and Viborg" in line


@pytest.mark.parametrize("code", ["klynge-midtklyngen", "raad-midt"])
def test_the_indicator_s_page_has_the_computed_curve_of_the_area(
    reader: Client, moving: Denmark, drawn: list[Any], code: str
) -> None:
    Observation.objects.filter(area__code="791", period="2022").update(value=None, flag="suppressed", reason="x")
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?omraade={code}&dato=2026-06-01"))
    assert "(computed) went from 13.6 (2022) to 12.8 (2023)." in page
    assert "2022: Not counted in: Viborg (withheld)." in page
    curve = next(spec for spec in drawn if "13.63" in str(spec))
    assert "[2, 4]" in str(curve)


def test_the_parts_of_a_cluster_are_in_no_other_table_of_the_page(reader: Client, moving: Denmark) -> None:
    """A cluster of more municipalities than have a column each: their series are only for the computed curve."""
    for number in range(900, 903):
        area = make.make_area(str(number), "municipality", f"Kommune {number}")
        AreaMembership.objects.create(member=area, container=moving.cluster, valid_to=LAST_DAY)
        fill(moving.readmissions, {str(number): "12.0"}, "2022")
        fill(moving.readmissions, {str(number): "12.0"})
    page = text(reader.get("/indikatorer/genindlaeggelser/?omraade=klynge-midtklyngen&dato=2026-06-01"))
    assert "Not counted in: Kommune 900 (we hold no counts)" in page
    body = reader.get("/indikatorer/genindlaeggelser/andre-tal.csv?omraade=klynge-midtklyngen&dato=2026-06-01")
    assert "Hele landet" in body.content.decode()
    assert "Kommune 900" not in body.content.decode()


# --- From the hand-over to the pages ----------------------------------------------------------------------------------


def test_populations_handed_over_make_the_cluster_s_figure_appear_everywhere(reader: Client, world: Denmark) -> None:
    fill(world.readmissions, {"740": "13.1", "779": "13.9", "791": "14.3"}, "2022")
    reader.force_login(make.make_steward())
    before = [text(reader.get(address)) for address in PLACES]
    assert not any("12.8" in page for page in before)
    both_years = PEOPLE + "740;0-plus;2022;1000;FOLK1A\n779;0-plus;2022;2000;FOLK1A\n791;0-plus;2022;1000;FOLK1A\n"
    answer = reader.post("/data/befolkning/", {"file": SimpleUploadedFile("folketal.csv", both_years.encode())})
    assert answer.status_code == 302
    for address in PLACES:
        assert "12.8" in text(reader.get(address)), address
    (row,) = reader.get("/api/v1/computed/?area=klynge-midtklyngen&indicator=genindlaeggelser&dato=2026-06-01").json()[
        "results"
    ]
    assert (row["value"], row["how"], row["people"]) == (12.8, "weighted", 4000)


PLACES = (
    "/omraader/klynge-midtklyngen/?dato=2026-06-01",
    RANKING,
    CURVES,
    "/indikatorer/genindlaeggelser/?omraade=klynge-midtklyngen&dato=2026-06-01",
    "/maal/maal/?omraade=klynge-midtklyngen&dato=2026-06-01",
)


# --- What they ask the database ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        RANKING,
        "/indikatorer/genindlaeggelser/rangliste/?slags=sundhedsraad&omraade=791",
        "/indikatorer/genindlaeggelser/rangliste/?slags=region&dato=2027-03-01",
        CURVES,
        "/indikatorer/genindlaeggelser/kurver/?dato=2027-03-01",
        "/maal/maal/kurver/?omraade=klynge-midtklyngen&dato=2026-06-01",
    ],
)
def test_somebody_signed_in_asks_at_most_twelve_times(
    reader: Client, moving: Denmark, address: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    merged_region(moving)
    reader.force_login(make.make_user())
    with django_assert_max_num_queries(12, info=address):
        assert reader.get(address).status_code == 200
