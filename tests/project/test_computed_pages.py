"""Figures of areas that have none of their own, on the pages of indicators and goals: computed, said so, and without whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from indicators.actions.assessments import assess
from indicators.models import Area, AreaMembership, AreaSuccession, IndicatorCombining, Observation, Population
from initiatives.models import Target
from tests import factories as make
from tests.initiatives import small_world as small
from tests.project.page_world import LAST_DAY, REFORM, Denmark, denmark, fill

pytestmark = pytest.mark.django_db

CLUSTER = "omraade=klynge-midtklyngen&dato=2026-06-01"
PEOPLE = {"740": 1000, "779": 2000, "791": 1000}


@pytest.fixture(autouse=True)
def _no_drawing() -> Any:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'
    with mock.patch("indicators.charts.rendering._draw", lambda specs: [picture] * len(specs)):
        yield


@pytest.fixture
def world() -> Denmark:
    return denmark()


@pytest.fixture
def weighed(world: Denmark) -> Denmark:
    """Readmissions count for everybody who lives there: 12.1, 12.9 and 13.3 weigh 1, 2 and 1, which makes 12.8."""
    IndicatorCombining.objects.create(indicator=world.readmissions, kind="rate", age_group="0-plus")
    weigh(PEOPLE)
    return world


def weigh(people: dict[str, int]) -> None:
    for code, number in people.items():
        area = Area.objects.get(code=code)
        Population.objects.create(area=area, age_group="0-plus", year=2023, people=number, source="Test")


@pytest.fixture
def merged(world: Denmark) -> Area:
    old = [
        make.make_area("084", "region", "Hovedstaden", official_name="Region Hovedstaden", valid_to=LAST_DAY),
        make.make_area("085", "region", "Sjælland", official_name="Region Sjælland", valid_to=LAST_DAY),
    ]
    new = make.make_area("oestdanmark", "region", "Østdanmark", official_name="Region Østdanmark", valid_from=REFORM)
    for one in old:
        AreaMembership.objects.create(member=one, container=world.country, valid_to=LAST_DAY)
        AreaSuccession.objects.create(predecessor=one, successor=new, on=REFORM)
    AreaMembership.objects.create(member=new, container=world.country, valid_from=REFORM)
    IndicatorCombining.objects.create(indicator=world.readmissions, kind="rate", age_group="0-plus")
    fill(world.readmissions, {"084": "10.0", "085": "20.0"})
    weigh({"084": 3000, "085": 1000})
    assess(indicator_ids=[world.readmissions.pk])
    return new


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


def text(response: Any) -> str:
    assert response.status_code == 200
    body = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", body.replace("&#x27;", "'").replace("\u00a0", " "))


# --- An indicator's page ----------------------------------------------------------------------------------------------


def test_an_indicator_computes_the_cluster_and_says_so(reader: Client, weighed: Denmark) -> None:
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}"))
    assert "12.8 Computed" in page
    assert "Computed from Silkeborg, Skive and Viborg, weighted with how many live there. An estimate." in page
    assert "A computed figure is given no light." in page


def test_a_part_that_cannot_be_counted_in_is_named(reader: Client, weighed: Denmark) -> None:
    Observation.objects.filter(area__code="740").update(value=None, flag="suppressed", reason="Withheld.")
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}"))
    assert "13.0 Computed" in page
    assert "Not counted in: Silkeborg (withheld)." in page


def test_a_part_that_lies_in_two_clusters_is_not_counted_in(reader: Client, weighed: Denmark) -> None:
    other = make.make_area("klynge-anden", "cluster", "Den anden klynge", valid_to=LAST_DAY)
    AreaMembership.objects.create(member=Area.objects.get(code="740"), container=other, valid_to=LAST_DAY)
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}"))
    assert "Not counted in: Silkeborg (lies in two areas)." in page


def test_one_that_lay_in_another_cluster_before_is_counted_in(reader: Client, weighed: Denmark) -> None:
    other = make.make_area("klynge-foer", "cluster", "Klyngen før", valid_to=date(2022, 6, 30))
    early = AreaMembership.objects.get(member__code="740", container=weighed.cluster)
    early.valid_from = date(2022, 7, 1)
    early.save()
    AreaMembership.objects.create(member=early.member, container=other, valid_to=date(2022, 6, 30))
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}"))
    assert "12.8 Computed" in page
    assert "Not counted in" not in page


def test_what_cannot_be_computed_says_why(reader: Client, world: Denmark) -> None:
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}"))
    assert "The source does not say how the figure is made, so we do not compute it." in page
    assert "Computed from" not in page


def test_an_official_figure_stands_instead_of_a_computed_one(reader: Client, weighed: Denmark) -> None:
    fill(weighed.readmissions, {"klynge-midtklyngen": "14.7"})
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}"))
    assert "14.7" in page
    assert "12.8" not in page


def test_a_council_is_computed_before_it_begins(reader: Client, weighed: Denmark) -> None:
    page = text(reader.get("/indikatorer/genindlaeggelser/?omraade=raad-midt&dato=2026-06-01"))
    assert "12.8 Computed" in page
    assert "Sundhedsråd Midt was not there that day and is shown as on 1 January 2027." in page


@pytest.mark.parametrize("day", ["2026-06-01", "2027-03-01"])
def test_a_merged_region_is_computed_until_it_has_figures(
    reader: Client, world: Denmark, merged: Area, day: str
) -> None:
    address = f"/indikatorer/genindlaeggelser/?omraade=oestdanmark&dato={day}"
    page = text(reader.get(address))
    assert "Region Østdanmark: 12.5 pct. (2023), computed." in page
    assert "Computed from Hovedstaden and Sjælland" in page
    fill(world.readmissions, {"oestdanmark": "13.1"}, "2027")
    page = text(reader.get(address))
    assert "Region Østdanmark: 13.1 pct." in page
    assert "12.5 Computed" not in page


def test_the_country_shows_the_merged_region_once_it_is_there(reader: Client, merged: Area) -> None:
    before = text(reader.get("/indikatorer/genindlaeggelser/?omraade=000&dato=2026-12-31"))
    after = text(reader.get("/indikatorer/genindlaeggelser/?omraade=000&dato=2027-01-01"))
    assert "12.5 Computed" not in before
    assert "Region Hovedstaden Until 31 December 2026" in before
    assert "12.5 Computed" in after
    assert "Region Hovedstaden Ended 31 December 2026" in after


# --- A goal's page ----------------------------------------------------------------------------------------------------


def test_a_goal_computes_what_it_can_and_says_why_not_of_the_rest(reader: Client, weighed: Denmark) -> None:
    page = text(reader.get(f"/maal/maal/?{CLUSTER}"))
    assert "12.8 Computed" in page
    assert "weighted with how many live there" in page
    assert "The source does not say how the figure is made" in page


def test_a_goal_without_any_computed_figure_says_why_for_each(reader: Client, world: Denmark) -> None:
    page = text(reader.get(f"/maal/maal/?{CLUSTER}"))
    assert "Midtklyngen has no figures of its own." in page
    assert "Nor can it be computed:" in page
    assert "The source does not say how the figure is made" in page


def test_a_goal_shows_the_merged_region_among_the_regions(reader: Client, merged: Area) -> None:
    page = text(reader.get("/maal/maal/?omraade=000&dato=2027-01-01"))
    assert "12.5 Computed" in page


# --- The division -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["/indikatorer/genindlaeggelser/", "/maal/maal/"])
def test_the_division_is_said_and_can_be_chosen(reader: Client, weighed: Denmark, page: str) -> None:
    response = reader.get(f"{page}?{CLUSTER}")
    assert "Present division: areas as on 1 June 2026." in text(response)
    assert "dato=2026-06-01&amp;inddeling=davaerende" in response.content.decode()
    then = text(reader.get(f"{page}?{CLUSTER}&inddeling=davaerende"))
    assert "Division of the time: areas as on 31 December 2023, the last day of the figures’ period." in then


def test_the_division_of_the_time_has_the_parts_of_that_time(reader: Client, weighed: Denmark) -> None:
    late = AreaMembership.objects.get(member__code="740", container=weighed.cluster)
    late.valid_from = date(2025, 1, 1)
    late.save()
    now = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}"))
    then = text(reader.get(f"/indikatorer/genindlaeggelser/?{CLUSTER}&inddeling=davaerende"))
    assert "12.8 Computed" in now
    assert "13.0 Computed" in then
    assert "Computed from Skive and Viborg" in then


# --- Files ------------------------------------------------------------------------------------------------------------


def test_the_files_carry_the_mark_and_what_it_is_made_of(reader: Client, weighed: Denmark) -> None:
    for address in ("/indikatorer/genindlaeggelser/omraader.csv", "/maal/maal/indikatorer.csv"):
        body = reader.get(f"{address}?{CLUSTER}").content.decode("utf-8-sig")
        line = next(line for line in body.splitlines() if "12,8" in line or "12.8" in line)
        assert "Computed" in line
        assert "weighted with how many live there" in line


# --- For machines -----------------------------------------------------------------------------------------------------


def test_machines_get_the_same_with_the_sums_and_the_parts(client: Client, weighed: Denmark) -> None:
    address = "/api/v1/computed/?area=klynge-midtklyngen&indicator=genindlaeggelser&dato=2026-06-01"
    (row,) = client.get(address).json()["results"]
    assert row["computed"] is True
    assert (row["value"], row["how"], row["people"], row["period"]) == (12.8, "weighted", 4000, "2023")
    assert sorted(row["parts"]) == ["740", "779", "791"]
    assert row["missing"] == []
    Observation.objects.filter(area__code="740").update(value=None, flag="suppressed", reason="Withheld.")
    (row,) = client.get(address).json()["results"]
    assert [(one["code"], one["reason_code"]) for one in row["missing"]] == [("740", "withheld")]


def test_machines_get_numerator_and_denominator_where_they_are_known(client: Client, weighed: Denmark) -> None:
    for code, (part, whole) in {"740": (1, 10), "779": (2, 20), "791": (3, 10)}.items():
        Observation.objects.filter(area__code=code, indicator=weighed.readmissions).update(
            numerator=part, denominator=whole
        )
    (row,) = client.get("/api/v1/computed/?area=klynge-midtklyngen&indicator=genindlaeggelser").json()["results"]
    assert (row["value"], row["how"], row["numerator"], row["denominator"]) == (15, "counted", 6, 40)


def test_machines_are_told_why_there_is_none(client: Client, weighed: Denmark) -> None:
    rows = client.get("/api/v1/computed/?area=klynge-midtklyngen").json()["results"]
    blank = next(row for row in rows if row["indicator"] == "sygehusophold")
    assert (blank["computed"], blank["value"], blank["reason_code"]) == (False, None, "not_declared")
    assert blank["reason"]


@pytest.mark.parametrize("asked", ["", "?area=findes-ikke", "?area=791&indicator=nej", "?area=791&dato=i-gaar"])
def test_machines_are_told_what_is_wrong_with_the_question(client: Client, world: Denmark, asked: str) -> None:
    assert client.get(f"/api/v1/computed/{asked}").status_code == 400


def test_what_the_source_has_figures_of_is_not_computed(client: Client, weighed: Denmark) -> None:
    assert client.get("/api/v1/computed/?area=791").json()["results"] == []


# --- The break --------------------------------------------------------------------------------------------------------


@pytest.fixture
def specs() -> Iterator[list[Any]]:
    """What is asked to be drawn."""
    asked: list[Any] = []

    def draw(wanted: Any) -> list[str]:
        asked.extend(wanted)
        return ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>'] * len(wanted)

    # Not monkeypatch: it is undone after the fixture above, and would leave that one's drawing behind.
    with (
        mock.patch("indicators.charts.rendering._draw", draw),
        mock.patch("indicators.charts.rendering.cache.get_many", side_effect=lambda _: {}),
    ):
        yield asked


@pytest.mark.parametrize("code", ["084", "oestdanmark"])
@pytest.mark.parametrize("day", ["2026-11-26", "2026-12-31", "2027-01-01"])
def test_the_break_is_drawn_said_and_in_the_table(
    reader: Client, world: Denmark, merged: Area, specs: list[Any], code: str, day: str
) -> None:
    fill(world.readmissions, {"084": "11.0", "085": "21.0", "000": "11.2"}, "2022")
    page = text(reader.get(f"/indikatorer/genindlaeggelser/?omraade={code}&dato={day}"))
    assert "The division into areas changes: the curve is broken there." in page
    assert "Where a curve is broken" in page
    assert "Region Hovedstaden Ends 31 December 2026 Goes on as Region Østdanmark." in page
    assert "Upright line: areas end and others begin." in page
    assert any("Hovedstaden ends" in str(spec) and "2027.0" in str(spec) for spec in specs)


def test_the_curve_of_a_merged_region_is_computed_and_its_own_figures_are_another_curve(
    reader: Client, world: Denmark, merged: Area, specs: list[Any]
) -> None:
    fill(world.readmissions, {"084": "11.0", "085": "21.0"}, "2022")
    for year in (2021, 2022):
        for code, number in {"084": 3000, "085": 1000}.items():
            area = Area.objects.get(code=code)
            Population.objects.create(area=area, age_group="0-plus", year=year, people=number, source="Test")
    address = "/indikatorer/genindlaeggelser/?omraade=oestdanmark&dato=2028-06-01"
    assert "Østdanmark (computed) went from 13.5 (2022) to 12.5 (2023)." in text(reader.get(address))
    fill(world.readmissions, {"oestdanmark": "14.0"}, "2027")
    page = text(reader.get(address))
    assert "Østdanmark has one measurement of its own: 14.0 (2027)." in page
    curves = [
        [row["y"] for row in layer["data"]["values"]]
        for spec in specs
        for layer in spec.get("layer", ())
        if layer["mark"].get("type") == "line"
    ]
    assert [13.5, 12.5] in curves
    assert not any(14.0 in values and 12.5 in values for values in curves)


def test_a_region_that_goes_on_has_no_break(reader: Client, world: Denmark, merged: Area) -> None:
    fill(world.readmissions, {"082": "11.0", "000": "11.2"}, "2022")
    page = text(reader.get("/indikatorer/genindlaeggelser/?omraade=082&dato=2026-11-26"))
    assert "Where a curve is broken" not in page


def rows_of(client: Client, address: str) -> list[list[str]]:
    response = client.get(address)
    assert response.status_code == 200, address
    lines = response.content.decode("utf-8-sig").splitlines()
    return [line.split(";") for line in lines]


NEW_FILES = [
    "/omraader/klynge-midtklyngen/beregnet",
    "/omraader/791/vaerre",
    "/omraader/791/bedre",
    "/indikatorer/genindlaeggelser/rangliste",
    "/indikatorer/genindlaeggelser/afstand",
    "/data/kontrolsum",
]


@pytest.mark.parametrize("address", NEW_FILES)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "jsonstat"])
def test_every_new_table_is_a_file_too(client: Client, weighed: Denmark, address: str, ending: str) -> None:
    response = client.get(f"{address}.{ending}")
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")


def test_the_file_of_computed_figures_has_sums_parts_and_source(reader: Client, weighed: Denmark) -> None:
    lines = rows_of(reader, "/omraader/klynge-midtklyngen/beregnet.csv?dato=2026-06-01&inddeling=davaerende")
    header = [cell.strip('"') for cell in lines[0]]
    row = dict(zip(header, [cell.strip('"') for cell in lines[1]], strict=True))
    assert (row["Value"], row["People weighted with"], row["Mark"]) == ("12,8", "4000", "Computed")
    assert "Silkeborg, Skive and Viborg" in row["Computed from"]
    said = ";".join(";".join(line) for line in lines)
    for part in ("The source does not say how", "Edition", "Licence", "dato=2026-06-01&inddeling=davaerende"):
        assert part in said


def test_the_ranking_as_a_file_is_of_the_kind_asked_for(reader: Client, world: Denmark) -> None:
    regions = rows_of(reader, "/indikatorer/genindlaeggelser/rangliste.csv?slags=region")
    assert any("Midtjylland" in cell for line in regions for cell in line)
    assert not any("Skive" in cell for line in regions for cell in line)


@pytest.mark.parametrize(
    ("page", "table"),
    [
        ("/omraader/klynge-midtklyngen/?dato=2026-06-01", "/omraader/klynge-midtklyngen/beregnet.csv?dato=2026-06-01"),
        ("/indikatorer/genindlaeggelser/", "/indikatorer/genindlaeggelser/afstand.csv?omraade=000"),
        ("/indikatorer/genindlaeggelser/rangliste/?slags=region", "rangliste.csv?omraade=000&amp;slags=region"),
        (
            f"/indikatorer/genindlaeggelser/?{CLUSTER}&inddeling=davaerende",
            "omraader.csv?omraade=klynge-midtklyngen&amp;dato=2026-06-01&amp;inddeling=davaerende",
        ),
    ],
)
def test_the_page_leads_to_the_file(reader: Client, weighed: Denmark, page: str, table: str) -> None:
    assert table in reader.get(page).content.decode()


def test_targets_are_a_file_too(reader: Client, world: Denmark) -> None:
    assert reader.get("/indikatorer/genindlaeggelser/delmaal.csv").status_code == 404  # no target, no table
    body = small.body("Udvalget", area=world.region)
    Target.objects.create(
        indicator=world.readmissions,
        area=world.region,
        body=body,
        value="10.5",
        due_on=date(2028, 12, 31),
        decided_on=date(2026, 1, 1),
        created_at=make.moment(),
    )
    said = rows_of(reader, "/indikatorer/genindlaeggelser/delmaal.csv")
    assert any("10,5" in cell for cell in said[1])
    assert "delmaal.csv" in reader.get("/indikatorer/genindlaeggelser/").content.decode()
