"""What a new source brings is seen by a person first, and so is a figure that another source gives too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation

from indicators.actions.catalogue import load_catalogue
from indicators.actions.figure_editions import roll_back_edition
from indicators.actions.mappings import create_table_source, save_layout
from indicators.calculations.table_mapping import TableLayout
from indicators.models import DataSource, Edition, Observation, RefreshRun, Retirement
from indicators.refresh.reasons import reason_sentence
from indicators.refresh.running import refresh_source
from tests.factories import make_source
from tests.indicators.first_files import looked_at
from tests.indicators.world import edit

ELSEWHERE, OWN = "Hele landet;2023;11,4\n", "Hele landet;2019;11,2\n"


@pytest.fixture
def source(loaded: Path) -> DataSource:
    now = timezone.now()
    found = create_table_source(
        title="Talgrundlag", publisher="", url="", licence="", edition_title="T", published_on="2025", now=now, by=None
    )
    roles = ("area", "period", "value")
    save_layout(
        source=found, layout=TableLayout(roles=roles, constants={"indicator": "genindlaeggelser"}), now=now, by=None
    )
    return found


@pytest.fixture
def run(source: DataSource, loaded: Path, tmp_path: Path) -> Any:
    def of(*rows: str) -> RefreshRun:
        path = tmp_path / "tal.csv"
        path.write_text("Område;År;Tal\n" + "".join(rows), encoding="utf-8")
        return refresh_source(source.name, path=path, folder=loaded)

    return of


def reasons(run: RefreshRun) -> list[tuple[str, int, str]]:
    return [(one["code"], one["count"], ", ".join(one["names"])) for one in run.reasons]


def test_the_first_file_waits_and_the_next_does_not(run: Any, loaded: Path) -> None:
    first = run(OWN)
    assert (first.state, reasons(first)) == ("waiting", [("first_file", 1, "")])
    assert not Observation.objects.filter(edition__source=first.source).exists()
    assert looked_at(first, loaded).state == "stored"
    assert run(OWN, "Hele landet;2018;11,1\n").state == "stored"


def test_a_file_nobody_approved_was_no_first_file(run: Any) -> None:
    run(OWN)
    assert reasons(run(OWN, "Nordjylland;2019;11,1\n")) == [("first_file", 2, "")]


def test_where_a_person_decides_about_every_file_that_is_reason_enough(run: Any, source: DataSource) -> None:
    DataSource.objects.filter(pk=source.pk).update(automatic=False)
    assert reasons(run(OWN)) == [("not_automatic", 0, "")]


def test_a_figure_of_another_source_waits_with_its_name_and_row(run: Any, loaded: Path) -> None:
    looked_at(run(OWN), loaded)
    second = run(OWN, "Hele landet;2018;11,1\n", ELSEWHERE)
    assert (second.state, reasons(second)) == ("waiting", [("elsewhere", 1, "Nationale mål 2024")])
    assert [(row.period, row.line, row.alarm) for row in second.differences.all()] == [
        ("2023", 4, "elsewhere"),
        ("2018", 3, ""),
    ]
    with translation.override("da"):
        assert reason_sentence(second.reasons[0]) == "Filen giver 1 tal, som også kommer fra Nationale mål 2024."
    assert looked_at(second, loaded).state == "stored"
    # What was agreed to once is not asked about again, until it is another figure.
    assert run(OWN, "Hele landet;2018;11,1\n", ELSEWHERE, "Hele landet;2017;11,0\n").state == "stored"
    third = run(OWN, "Hele landet;2018;11,1\n", "Hele landet;2023;11,5\n", "Hele landet;2017;11,0\n")
    assert (third.state, reasons(third)) == ("waiting", [("elsewhere", 1, "Nationale mål 2024")])


@pytest.mark.parametrize("gone", ["rolled back", "let go"])
def test_a_figure_that_no_longer_stands_is_nobodys(run: Any, loaded: Path, gone: str) -> None:
    looked_at(run(OWN), loaded)
    edit(
        loaded,
        "figures.csv",
        "psykiatri,000,2023",
        "genindlaeggelser,000,2021,,10,10,ok,,,,false,,,,\npsykiatri,000,2023",
    )
    newer = refresh_source("nationale_maal", folder=loaded).edition
    row = "Hele landet;2021;9,8\n"
    assert newer is not None
    if gone == "rolled back":
        roll_back_edition(edition=newer, by=None)
    else:
        figure = Observation.objects.get(period="2021")
        Observation.objects.filter(pk=figure.pk).update(is_current=False)
        Retirement.objects.create(observation=figure, edition=newer)
    assert run(OWN, row).state == "stored"


def test_what_the_catalogue_ships_loads_by_itself_and_yields_to_what_came_by_hand(run: Any, loaded: Path) -> None:
    """Two shipped sources give the country's figure of 2023: whoever made the release has seen both."""
    assert refresh_source("tidligere_tal", folder=loaded).state == "stored"
    first = run(ELSEWHERE)
    assert reasons(first) == [
        ("first_file", 1, ""), ("elsewhere", 1, "Nationale mål 2024"), ("elsewhere", 1, "Tidligere tal")
    ]  # fmt: skip
    assert looked_at(first, loaded).state == "stored"
    edit(loaded, "figures.csv", "genindlaeggelser,000,2023,,11,11,", 'genindlaeggelser,000,2023,,10.4,"10,4",')
    shipped = refresh_source("nationale_maal", folder=loaded)
    assert (shipped.state, reasons(shipped)) == ("waiting", [("elsewhere", 1, "Talgrundlag")])


def test_a_dry_run_says_that_it_would_wait(run: Any, loaded: Path, tmp_path: Path, source: DataSource) -> None:
    run(OWN)
    tried = refresh_source(source.name, path=tmp_path / "tal.csv", folder=loaded, dry_run=True)
    assert (tried.state, reasons(tried)) == ("dry_run", [("first_file", 1, "")])


def test_the_catalogue_as_shipped_needs_nobody(db: None) -> None:
    load_catalogue(by=None)
    shipped = DataSource.objects.exclude(file="")
    assert {source.name: refresh_source(source.name).state for source in shipped} == dict.fromkeys(
        shipped.values_list("name", flat=True), "stored"
    )
    assert set(Edition.objects.values_list("source__name", flat=True)) == set(shipped.values_list("name", flat=True))


def test_two_sources_of_one_title_are_two(run: Any, loaded: Path) -> None:
    other = make_source("andre", title="Nationale mål 2024", reader="tabular")
    held = Observation.objects.get(area__code="000", indicator__code="genindlaeggelser")
    edition = Edition.objects.create(source=other, slug="andre", title="A", fingerprint="f", received_at=timezone.now())
    held.pk, held.edition, held.is_current = None, edition, False
    held.save()
    assert reasons(run(ELSEWHERE))[1:] == [("elsewhere", 1, "Nationale mål 2024")] * 2
