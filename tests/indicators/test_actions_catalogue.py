"""The catalogue: loaded twice it changes nothing; one wrong line and nothing is loaded."""

from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from indicators.actions.catalogue import CatalogueError, load_catalogue
from indicators.models import (
    Area,
    Assessment,
    Footnote,
    Goal,
    Indicator,
    IndicatorLevel,
    Observation,
    PublishedCount,
)
from tests.indicators.world import edit

pytestmark = pytest.mark.django_db


def test_loading_twice_changes_nothing(folder: Path) -> None:
    first = load_catalogue(by=None, folder=folder)
    assert first.new["indicator"] == 3
    assert first.new["area"] == 5
    second = load_catalogue(by=None, folder=folder)
    assert (second.touched, second.gone.total()) == (0, 0)
    assert second.same == first.new


def test_the_command_says_what_it_did(folder: Path) -> None:
    out = StringIO()
    call_command("load_catalogue", path=folder, stdout=out)
    assert "indicator: 3 new" in out.getvalue()
    assert "nationale_maal: stored: 10 new" in out.getvalue()
    out = StringIO()
    call_command("load_catalogue", path=folder, stdout=out)
    assert "nothing changed" in out.getvalue()
    assert "stored" not in out.getvalue()
    assert Observation.objects.filter(edition__slug="maal-2024").count() == 10


def test_relations_and_sorting(folder: Path) -> None:
    load_catalogue(by=None, folder=folder)
    assert [area.name for area in Area.objects.of_kind("municipality")] == ["Læsø", "Viborg"]
    viborg = Area.objects.get(code="791")
    assert [membership.container.code for membership in viborg.memberships.all()] == ["082"]
    level = IndicatorLevel.objects.get(indicator__code="genindlaeggelser", area_kind="region")
    assert [note.number for note in level.footnotes.all()] == [1]
    assert level.period_months == 12
    assert PublishedCount.objects.get(goal=None).counted == 3


def test_a_changed_word_changes_one_row(folder: Path) -> None:
    load_catalogue(by=None, folder=folder)
    edit(folder, "indicators.yaml", "name: Overlevelse\n", "name: Overlevelse efter hjertestop\n")
    summary = load_catalogue(by=None, folder=folder)
    assert (summary.new.total(), +summary.changed) == (0, Counter({"indicator": 1}))
    assert Indicator.objects.get(code="overlevelse").name == "Overlevelse efter hjertestop"


def test_a_turned_direction_turns_the_lights(folder: Path) -> None:
    call_command("load_catalogue", path=folder, stdout=StringIO())
    light = Assessment.objects.filter(
        observation__indicator__code="overlevelse", observation__area__code="081", observation__is_current=True
    )
    assert light.get().level_light == "green"
    edit(folder, "indicators.yaml", "direction: higher", "direction: lower")
    summary = load_catalogue(by=None, folder=folder)
    assert summary.lights_changed == 1
    assert light.get().level_light == "red"


def test_what_left_the_catalogue_is_left_alone(folder: Path) -> None:
    load_catalogue(by=None, folder=folder)
    edit(folder, "area_memberships.csv", "825,081,2007-01-01,,,\n", "")
    edit(folder, "footnotes.yaml", "number: 1,", "number: 2,")
    text = (folder / "indicators.yaml").read_text().replace("footnotes: [1]", "footnotes: [2]")
    (folder / "indicators.yaml").write_text(text)
    summary = load_catalogue(by=None, folder=folder)
    assert +summary.gone == Counter({"areamembership": 1, "footnote": 1})
    assert Footnote.objects.count() == 2
    level = IndicatorLevel.objects.get(indicator__code="genindlaeggelser", area_kind="region")
    assert [note.number for note in level.footnotes.all()] == [2]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("indicators.yaml", "goal: kvalitet", "goal: kvalitett", "Nearest: kvalitet"),
        ("indicators.yaml", "code: overlevelse", "code: genindlaeggelser", "stands twice"),
        ("indicators.yaml", "decimals: 0\n", "decimals: ingen\n", "whole number"),
        ("indicators.yaml", "direction: higher", "direction: op", "higher, lower, none"),
        ("indicators.yaml", 'standardised: "yes"', "standardised: yes", "quotes"),
        ("indicators.yaml", "official_name: Overlevelse", "oficial_name: Overlevelse", "official_name"),
        ("areas.csv", "791,municipality", "791,kommune", "kind of area"),
        ("areas.csv", "825,municipality", "791,municipality", "stands twice"),
        ("areas.csv", "081,region,Nordjylland,Region Nordjylland,2007-01-01", "081,region,N,N,1. januar", "date"),
        ("area_memberships.csv", "791,082", "791,083", "Nearest"),
        ("area_memberships.csv", "791,082,2007-01-01,,,", "791,082", "cells"),
        ("figures.csv", "081,2023,,10.7", "081,2023,,-10.7", "negativ"),
        ("figures.csv", "081,2023,,10.7", "081,2023,,mange", "value"),
        ("figures.csv", "081,2023,,10.7", "089,2023,,10.7", "area_code"),
        ("figures.csv", "genindlaeggelser,081,2023", "genindlaeggelser,000,2023", ""),
        ("table1_2024.csv", "maal-2024,1,forloeb,1", "maal-2024,1,forloeb,grøn", "whole number"),
        ("sources.yaml", "edition: maal-2024", "edition: maal-2042", "Nearest"),
        ("frameworks.yaml", "slug: kvalitet", "slug: forloeb", "stands twice"),
        ("footnotes.yaml", "text: Tallene", "text: Ring til 010180-1234. Tallene", "CPR"),
    ],
)
def test_one_wrong_line_and_nothing_is_loaded(folder: Path, file: str, old: str, new: str, words: str) -> None:
    line = (folder / file).read_text().split(old)[0].count("\n") + 1
    edit(folder, file, old, new)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(by=None, folder=folder)
    found = [(problem.file, problem.line) for problem in caught.value.problems]
    assert (file, line) in found, caught.value
    assert words in str(caught.value)
    assert "010180" not in str(caught.value)
    assert (Area.objects.count(), Goal.objects.count(), Indicator.objects.count()) == (0, 0, 0)


def test_yaml_that_is_none_names_its_line(folder: Path) -> None:
    edit(folder, "footnotes.yaml", "number: 1,", "number: [1,")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(by=None, folder=folder)
    assert caught.value.problems[0].file == "footnotes.yaml"
    assert caught.value.problems[0].line >= 1


def test_all_problems_are_told_at_once(folder: Path) -> None:
    edit(folder, "areas.csv", "791,municipality", "791,kommune")
    edit(folder, "indicators.yaml", "direction: higher", "direction: op")
    with pytest.raises(CommandError, match="2 to put right"):
        call_command("load_catalogue", path=folder, stdout=StringIO())


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "areas.csv").unlink()
    with pytest.raises(CatalogueError, match=r"areas\.csv: The file is missing"):
        load_catalogue(by=None, folder=folder)


def test_an_object_tag_is_never_built(folder: Path) -> None:
    edit(folder, "footnotes.yaml", "text: Tallene er standardiseret.", "text: !!python/object/apply:os.getcwd []")
    with pytest.raises(CatalogueError):
        load_catalogue(by=None, folder=folder)


@pytest.mark.slow
def test_the_shipped_catalogue() -> None:
    """8 goals and 49 indicators of the national report, its 1,669 figures, and 52 blanks that say why."""
    call_command("load_catalogue", stdout=StringIO())
    national = Goal.objects.filter(framework__slug="nationale-maal")
    assert national.count() == 8
    assert Indicator.objects.filter(goal__in=national).count() == 49
    edition = Observation.objects.filter(edition__slug="nationale-maal-2024")
    assert edition.count() == 1669
    blanks = edition.filter(value=None)
    assert blanks.count() == 52
    assert not blanks.filter(reason="").exists()
    assert Area.objects.of_kind("municipality").count() == 98
    assert not Observation.objects.current().filter(assessment=None).exists()
    level = {kind: Counter() for kind in ("country", "region", "municipality")}
    doubtful: Counter[str] = Counter()
    for row in Assessment.objects.filter(observation__in=edition).select_related("observation__area"):
        level[row.observation.area.kind_id][row.level_light or row.level_reason] += 1
        doubtful[row.observation.area.kind_id] += row.level_rounding_uncertain
    assert level["region"] == {"green": 96, "yellow": 40, "red": 99, "not_measured": 5, "no_number": 5}
    # 1,331 municipal figures; the 96 of psychiatric readmissions get no light of ours, because the methods differ.
    assert level["municipality"] == {
        "green": 515, "yellow": 183, "red": 537, "comparator_other_kind": 96, "suppressed": 38, "no_number": 3,
    }  # fmt: skip
    assert doubtful == {"country": 0, "region": 33, "municipality": 101}
    activity = Observation.objects.filter(
        indicator__code="fysisk-aktivitet-skoleboern", period="2022", area__code="000"
    )
    assert [(str(row.value), row.is_current) for row in activity.order_by("value")] == [
        ("27.100000", False),
        ("37.100000", True),
    ]
    out = StringIO()
    call_command("load_catalogue", stdout=out)
    assert "nothing changed" in out.getvalue()
