"""sources/<name>.yaml: what is wrong is said with file and line, all of it at once; what is shipped can be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from indicators.actions.catalogue import CatalogueError, load_catalogue, source_definitions
from indicators.actions.catalogue.definitions import read_catalogue
from indicators.actions.catalogue.reading import FOLDER
from indicators.actions.catalogue.source_definitions import READERS, read_definition
from indicators.management.commands import refresh
from indicators.models import RefreshRun
from tests.indicators.statbank_world import EDITIONS, JSONSTAT, SOURCES, STATBANK
from tests.indicators.world import edit, write_catalogue

NAME, OTHER = "sources/statbank_genind.yaml", "sources/andres_tal.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = write_catalogue(tmp_path / "catalogue")
    for name, more in (("sources.yaml", SOURCES), ("editions.yaml", EDITIONS)):
        (made / name).write_text((made / name).read_text(encoding="utf-8") + more, encoding="utf-8")
    (made / "sources").mkdir()
    (made / NAME).write_text(STATBANK, encoding="utf-8")
    (made / OTHER).write_text(JSONSTAT.format(origin="https://tal.example.dk"), encoding="utf-8")
    return made


def test_a_definition_is_read(folder: Path) -> None:
    found = read_definition("statbank_genind", "statbank", folder=folder)
    assert (found.table, found.language, found.format, found.decimals, found.verified) == (
        "GENIND",
        "da",
        "BULK",
        1,
        False,
    )
    assert [(one.code, one.meaning, one.values) for one in found.variables] == [
        ("OMRÅDE", "area", ()),
        ("KØN", "fixed", ("TOT",)),
        ("Tid", "period", ()),
    ]
    other = read_definition("andres_tal", "jsonstat", folder=folder)
    assert (other.url, other.variables[0].mapping) == ("https://tal.example.dk/jsonstat/one", {"N": "081", "M": "082"})
    read_catalogue(folder)


LAST = "    - code: Tid\n      is: period\n      values: all\n"
WRONG = [
    (NAME, "  table: GENIND\n", "", 1, "“table” is missing."),
    (NAME, "table: GENIND", "tabel: GENIND", 2, "Did you mean “table”?"),
    (NAME, "name: statbank_genind", "name: another", 1, "The file is for the source “statbank_genind”"),
    (NAME, "language: da", "language: de", 3, "must be one of: da, en"),
    (NAME, "format: BULK", "format: XLSX", 4, "must be one of: BULK, CSV, JSONSTAT"),
    (NAME, "decimals: 1", "decimals: one", 8, "must be a whole number"),
    (NAME, "is: area", "is: place", 12, "must be one of: indicator, area"),
    (NAME, "is: area", "is: period", 10, "Two variables are “period”"),
    (NAME, "is: area", "is: fixed", 13, "must name the one code"),
    (NAME, '["TOT"]', "[000]", 16, "each in quotes"),
    (NAME, '["TOT"]', "TOT", 16, "must be a list of codes"),
    (NAME, '["TOT"]', '["TOT", "TOT"]', 16, "stands twice"),
    (NAME, '["TOT"]', '["M", "K"]', 16, "must name the one code"),
    (NAME, 'values: ["TOT"]', 'values: ["TOT"]\n      leave_out: ["M"]', 17, "no meaning beside"),
    (NAME, 'values: ["TOT"]', 'values: ["TOT"]\n      from: "2020"', 17, "Only a period"),
    (NAME, "is: period", "is: period\n      from: foraaret", 19, "is no period"),
    (NAME, "is: period", "is: period\n      map: [1]", 19, "“map” must be codes"),
    (NAME, "code: KØN", "code: tid", 17, "stands twice"),
    (NAME, "is: period", "is: breakdown", 10, "No variable is “period”."),
    (NAME, "  indicator: genindlaeggelser\n", "", 9, "Either a variable is “indicator”"),
    (NAME, "  unit: pct.", '  area: "000"\n  unit: pct.', 11, "Either a variable is “area”"),
    (NAME, "  unit: pct.", "  url: https://tal.example.dk\n  unit: pct.", 6, "belongs to a source of another kind"),
    (NAME, "indicator: genindlaeggelser", "indicator: genind", 0, "There is no indicator “genind”."),
    (NAME, "  unit: pct.", "  breakdown: alle\n  unit: pct.", 0, "has no breakdown “alle”"),
    (NAME, 'is: fixed\n      values: ["TOT"]\n' + LAST, f"is: breakdown\n{LAST}  breakdown: a\n", 19, "not both"),
    (NAME, "unit: pct.", "unit: år", 0, "is counted in “pct.”"),
    (NAME, "code: KØN", "code: KØN\n      kode: X", 15, "There is no field “kode”"),
    (OTHER, "https://tal.example.dk", "https://me:secret@tal.example.dk", 2, "user's name or password"),
    (OTHER, "https://tal.example.dk", "ftp://tal.example.dk", 2, "neither http nor https"),
    (OTHER, '"M": "082"', '"M": "982"', 0, "There is no area “982”."),
    (OTHER, "is: period", "is: period}\n    - {code: b, is: breakdown, map: {x: y}", 0, "no breakdown “y”"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "line", "words"), WRONG, ids=range(len(WRONG)))
def test_what_is_wrong_is_said_with_its_place(
    folder: Path, file: str, old: str, new: str, line: int, words: str
) -> None:
    edit(folder, file, old, new)
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(folder)
    problems = caught.value.problems
    assert any(one.file == file and one.line == line and words in one.message for one in problems), str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["", "- a\n- b\n", "name: x\n", "- {name: a}\n- {name: b}\n", "- [", "- {a: 1, a: 2}\n"]
)
def test_a_file_that_is_no_entry_is_refused(folder: Path, text: str) -> None:
    (folder / NAME).write_text(text)
    with pytest.raises(CatalogueError) as caught:
        read_catalogue(folder)
    assert {one.file for one in caught.value.problems} == {NAME}


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / NAME).unlink()
    with pytest.raises(CatalogueError, match=r"sources/statbank_genind\.yaml: The file is missing"):
        read_catalogue(folder)


# --- What is shipped --------------------------------------------------------------------------------------------------

SHIPPED = [row for row in yaml.safe_load((FOLDER / "sources.yaml").read_text()) if row["reader"] in READERS]


def test_life_expectancy_is_defined_for_country_regions_and_municipalities() -> None:
    found = {row["name"]: read_definition(row["name"], row["reader"]) for row in SHIPPED}
    assert {one.table for one in found.values()} == {"HISBK", "HISBR", "HISB7"}
    assert found["statbank_hisb7"].area == "000"
    groups = {
        name: {one.breakdown, *(code for variable in one.variables for code in variable.mapping.values())} - {""}
        for name, one in found.items()
    }
    # Groups of their own: not what pages show as the newest, nor a correction of the report's figures. The country stands
    # in all three tables, so two of them must not give the same group for the same period.
    assert groups == {
        "statbank_hisbk": {"statistikbanken"},
        "statbank_hisbr": {"statistikbanken"},
        "statbank_hisb7": {"statistikbanken-maend", "statistikbanken-kvinder"},
    }
    assert {(one.indicator, one.verified) for one in found.values()} == {("middellevetid", True)}


@pytest.mark.parametrize("row", SHIPPED, ids=lambda row: str(row["name"]))
def test_none_is_fetched_unasked_and_each_names_source_and_licence(row: dict[str, Any]) -> None:
    # The schedule takes it up once its table has been seen from here (tests/indicators/test_table_standing.py).
    assert (row["file"], row["fetch_every_days"]) == ("", 7)
    assert "CC BY 4.0" in row["licence"]
    assert "Danmarks Statistik" in row["licence"]
    editions = {one["slug"]: one for one in yaml.safe_load((FOLDER / "editions.yaml").read_text())}
    edition = editions[row["edition"]]
    # Without a date it never takes the place of a figure from a dated report (refresh.storing).
    assert (edition["published_on"], edition["source"]) == ("", row["name"])
    assert "CC BY 4.0" in edition["terms"]


def test_every_file_in_the_folder_belongs_to_a_source() -> None:
    assert {path.stem for path in (FOLDER / "sources").iterdir()} == {row["name"] for row in SHIPPED}


@pytest.mark.django_db
def test_the_first_load_and_a_refresh_of_all_ask_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network the demo begins as with one, and no failed run stands on the page of data."""
    call_command("load_catalogue", path=folder)
    assert {run.source.name for run in RefreshRun.objects.all()} == {"nationale_maal", "tidligere_tal"}
    monkeypatch.setattr(refresh.Command, "_refreshed", lambda self, name, path, dry_run: asked.append(name) or True)
    asked: list[str] = []
    call_command("refresh")
    assert set(asked) == {"nationale_maal", "tidligere_tal"}


@pytest.mark.django_db
def test_the_command_checks_definitions_and_fetches_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    load_catalogue(by=None, folder=folder)
    monkeypatch.setattr(source_definitions, "FOLDER", folder)
    call_command("refresh", check=True)
    told = capsys.readouterr().out
    assert "statbank_genind: the definition can be used (not verified against the table)." in told
    assert "andres_tal: the definition can be used" in told
    edit(folder, NAME, "decimals: 1", "decimals: 9")
    with pytest.raises(CommandError, match=r"sources/statbank_genind\.yaml, line 8"):
        call_command("refresh", "statbank_genind", check=True)
    with pytest.raises(CommandError, match="statbank_genind"):
        call_command("refresh", "statbank_genin")
