"""The page of the check-sum: the sums, what is unexplained, and how each light is known."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

from indicators.actions.catalogue import load_catalogue
from indicators.models import Observation
from indicators.presenters.checksum import INFERRED, OURS, READ, UNKNOWN, WORKED_OUT, check_sum
from indicators.presenters.checksum_page import checksum_page
from indicators.refresh.running import refresh_source
from tests.indicators.world import edit


@pytest.fixture
def reader(client: Client) -> Client:
    client.cookies["sprog"] = "en"
    return client


def test_the_page_says_what_adds_up_and_what_the_report_leaves_unexplained(loaded: Path, reader: Client) -> None:
    text = reader.get("/data/kontrolsum/").content.decode()
    assert "What does the report leave unexplained in goal 4?" in text
    assert "The report lists 2 indicators that it does not count, and does not say why." in text
    assert "The report counts 1 green, 1 yellow and 0 red: 3 of 5 indicators." in text
    assert 'href="#goal-4"' in text
    assert 'id="goal-4"' in text


def test_every_listed_indicator_has_a_light_with_its_ground_or_the_reason_there_is_none(loaded: Path) -> None:
    with translation.override("en"):
        check = check_sum("maal-2024")
    lines = [line for row in check.rows for line in row.lines]
    assert {line.how for line in lines} <= {OURS, READ, WORKED_OUT, INFERRED, UNKNOWN}
    assert all(line.light.none == (line.how == UNKNOWN) for line in lines)
    assert all(line.basis for line in lines if line.how != OURS)
    assert sum(count for _, count in check.ways) == sum(row.ours.lit for row in check.rows)


@pytest.mark.parametrize(
    ("basis", "how"),
    [
        ("Aflæst: tabel 1.", READ),
        ("Beregnet: fra 74 til 76.", WORKED_OUT),
        ("Udledt: fem grønne.", INFERRED),
        ("Ellers", READ),
    ],
)
def test_how_a_light_is_known_is_read_from_its_basis(loaded: Path, basis: str, how: str) -> None:
    check = check_sum("maal-2024")
    code = next(line.code for row in check.rows for line in row.lines if line.light.published)
    Observation.objects.filter(indicator__code=code, area__code="000").update(published_basis=basis)
    lines = [line for row in check_sum("maal-2024").rows for line in row.lines]
    assert next((line.how, line.basis) for line in lines if line.code == code) == (how, basis)


def test_a_colour_we_have_more_of_than_the_report_is_said(loaded: Path) -> None:
    refresh_source("tidligere_tal", folder=loaded)
    edit(loaded, "table1_2024.csv", "forloeb,1,0,0,2,2", "forloeb,0,1,0,2,2")
    edit(loaded, "table1_2024.csv", "maal-2024,,,1,1,0,5,3", "maal-2024,,,0,2,0,5,3")
    load_catalogue(by=None, folder=loaded)
    with translation.override("en"):
        page = checksum_page()
    assert "Goal 1: we have 1 green where the report counts 0." in page.differences


def test_the_page_before_anything_is_loaded(db: None, reader: Client) -> None:
    assert "has not been loaded" in reader.get("/data/kontrolsum/").content.decode()
