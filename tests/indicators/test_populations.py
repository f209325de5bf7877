"""Populations handed over: read by their headings, refused whole with place and reason, stored so that they replace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from indicators.calculations.population_rows import age_group_code
from indicators.models import DataVersion, Population
from tests import factories as make
from tests.factories import make_steward

pytestmark = pytest.mark.django_db
HEADING = "area_code,age_group,year,people,source\n"
PAGE = "/data/befolkning/"


@pytest.fixture
def steward(client: Client) -> Client:
    make.make_area("740", "municipality", "Silkeborg")
    make.make_area("791", "municipality", "Viborg")
    client.cookies["sprog"] = "en"
    client.force_login(make_steward())
    return client


def hand_over(client: Client, content: str | bytes, name: str = "folketal.csv", **more: str) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(PAGE, {"file": SimpleUploadedFile(name, data), **more})


def said(response: Any) -> str:
    return str(response.content.decode().replace("\u00a0", " ").replace("&#x27;", "'"))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("65-plus", "65-plus"), ("65+", "65-plus"), ("65 år og derover", "65-plus"), ("80 and over", "80-plus"),
        ("16-24", "16-24"), ("16–24 år", "16-24"), ("I alt", "0-plus"), ("Alder i alt", "0-plus"), ("0+", "0-plus"),
        ("", None), ("65", None), ("24-16", None), ("ældre", None), ("65-plus og 70", None),
    ],
)  # fmt: skip
def test_an_age_group_is_read_or_refused(words: str, code: str | None) -> None:
    assert age_group_code(words) == code


@pytest.mark.parametrize(
    "content",
    [
        HEADING + "740,0-plus,2023,1000,FOLK1A\n791,65-plus,2023,200,FOLK1A\n",
        "Område;Aldersgruppe;År;Antal;Kilde\nSilkeborg;I alt;2023K1;1.000;FOLK1A\nViborg;65+;2023;200;FOLK1A\n",
        "kilde\ttid\talder\tkommune\tindhold\nFOLK1A\t2023\talle\t0740\t1 000\nFOLK1A\t2023\t65-plus\tviborg\t200\n",
    ],
)
def test_a_file_is_read_by_its_headings(steward: Client, content: str) -> None:
    before = DataVersion.objects.values_list("number", flat=True).first() or 0
    response = hand_over(steward, content.replace("0740", "740"))
    assert response.status_code == 302, said(response)
    found = Population.objects.values_list("area__code", "age_group", "year", "people", "source")
    assert sorted(found) == [("740", "0-plus", 2023, 1000, "FOLK1A"), ("791", "65-plus", 2023, 200, "FOLK1A")]
    assert DataVersion.objects.get().number == before + 1
    page = said(steward.get(PAGE))
    assert "Populations: 2 new, 0 changed, 0 as before." in page
    assert "everybody (0-plus)" in page


def test_a_number_that_is_there_is_replaced_and_the_same_file_changes_nothing(steward: Client) -> None:
    first = HEADING + "740,0-plus,2023,1000,FOLK1A\n"
    hand_over(steward, first)
    hand_over(steward, first)
    assert "0 new, 0 changed, 1 as before" in said(steward.get(PAGE))
    hand_over(steward, first.replace("1000", "1001"))
    assert Population.objects.get().people == 1001


def test_the_source_of_all_rows_may_be_said_beside_the_file(steward: Client) -> None:
    content = "area_code,age_group,year,people\n740,0-plus,2023,1000\n"
    assert "There is no source." in said(hand_over(steward, content))
    assert hand_over(steward, content, source="FOLK1A, 1 January 2023").status_code == 302
    assert Population.objects.get().source == "FOLK1A, 1 January 2023"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (HEADING + "740,0-plus,2023,1000,x\nVibborg,0-plus,2023,1000,x\n", "Line 3: The area is not known. Nearest: Viborg"),
        (HEADING + "740,ældre,2023,1000,x\n", "Line 2: The age group is not one we can read."),
        (HEADING + "740,0-plus,2019:2023,1000,x\n", "Line 2: The year is not one we can read."),
        (HEADING + "740,0-plus,2023,-5,x\n", "Line 2: The number of people must be a whole number above 0."),
        (HEADING + "740,0-plus,2023,0,x\n", "Line 2: The number of people must be a whole number above 0."),
        (HEADING + '740,0-plus,2023,"12,5",x\n', "Line 2: The number of people must be a whole number above 0."),
        (HEADING + "740,0-plus,2023,900000000,x\n", "Line 2: The number of people is above 20,000,000."),
        (HEADING + "740,0-plus,2023,1000,\n", "Line 2: There is no source."),
        (HEADING + "740,0-plus,2023,1000,x\nSilkeborg,0+,2023,1,x\n", "stand in line 2 too."),
        ("area_code,year,people,source\n740,2023,1,x\n", "A column is missing: age_group."),
        (HEADING, "The file holds no rows."),
        ("", "empty"),
        (HEADING + "740,0-plus,2023,1000,010190-1234\n", "CPR"),
    ],
)  # fmt: skip
def test_a_wrong_line_refuses_the_whole_file_with_its_place(steward: Client, content: str, why: str) -> None:
    response = hand_over(steward, content)
    assert response.status_code == 422
    assert why in said(response)
    assert "010190-1234" not in said(response)
    assert not Population.objects.exists()


def test_very_many_wrong_lines_are_counted(steward: Client) -> None:
    page = said(hand_over(steward, HEADING + "x,0-plus,2023,1,y\n" * 30))
    assert "And 10 lines more." in page


@pytest.mark.parametrize("name", ["folketal.pdf", "folketal.xlsm"])
def test_other_kinds_of_file_are_refused(steward: Client, name: str) -> None:
    assert hand_over(steward, HEADING, name).status_code == 422


def test_no_file_is_said(steward: Client) -> None:
    response = steward.post(PAGE, {})
    assert response.status_code == 422
    assert "Choose a file." in said(response)


def test_only_a_steward_may(steward: Client) -> None:
    steward.force_login(make.make_user())
    assert steward.get(PAGE).status_code == 403
    assert hand_over(steward, HEADING + "740,0-plus,2023,1000,x\n").status_code == 403
    assert not Population.objects.exists()


def test_the_command_does_the_same(steward: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "folketal.csv"
    file.write_text(HEADING + "740,0-plus,2023,1000,\n")
    with pytest.raises(CommandError, match=r"Nothing was stored\.\nLin.*2: "):
        call_command("load_populations", str(file))
    call_command("load_populations", str(file), "--source", "FOLK1A", "--dry-run")
    assert not Population.objects.exists()
    call_command("load_populations", str(file), "--source", "FOLK1A")
    assert Population.objects.get().source == "FOLK1A"
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("load_populations", str(tmp_path / "findes-ikke.csv"))
