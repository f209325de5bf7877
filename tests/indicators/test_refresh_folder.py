"""The server's folder: each file once, never half, and always with an answer beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from indicators import tasks
from indicators.actions.mappings import create_table_source, save_layout
from indicators.calculations.table_mapping import TableLayout
from indicators.models import DataSource, Observation, RefreshRun, RunState
from indicators.refresh import folder as folders
from indicators.refresh.folder import ABANDONED, SETTLED, take_files
from tests.indicators.first_files import looked_at

TEXT = "Område;2023;2024\nHele landet;11,0;10,9\nNordjylland;10,7;10,2\n"
CPR = "010190-1234"


@pytest.fixture
def drop(tmp_path: Path) -> Path:
    found = tmp_path / "indbakke"
    found.mkdir()
    return found


@pytest.fixture
def source(loaded: Path, settings: Any, tmp_path: Path) -> DataSource:
    settings.VAR_DIR = tmp_path / "var"
    now = timezone.now()
    found = create_table_source(
        title="Talgrundlag", publisher="", url="", licence="", edition_title="T", published_on="2025", now=now, by=None
    )
    layout = TableLayout(
        "wide_periods", roles=("area", "values", "values"), constants={"indicator": "genindlaeggelser"}
    )
    save_layout(source=found, layout=layout, now=now, by=None)
    return found


def take(drop: Path, loaded: Path, after: timedelta = SETTLED + timedelta(seconds=5)) -> int:
    """So long after this moment by the clock of the files, which is not the one a test may set."""
    clock = drop / ".clock"
    clock.write_text("")
    moment = datetime.fromtimestamp(clock.stat().st_ctime, tz=UTC)
    return take_files(drop, now=moment + after, catalogue=loaded)


def laid(drop: Path, where: str) -> dict[str, str]:
    """The files there by their own names, each with what is written beside it."""
    found = sorted((drop / where).glob("*.txt"))
    return {path.name.partition("-")[2].removesuffix(".txt"): path.read_text() for path in found}


@pytest.mark.parametrize("name", ["talgrundlag.csv", "talgrundlag/november.csv"])
def test_a_file_is_taken_once_and_answered(source: DataSource, drop: Path, loaded: Path, name: str) -> None:
    path = drop / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT)
    assert take(drop, loaded, SETTLED - timedelta(seconds=30)) == 0
    assert path.exists()
    assert take(drop, loaded) == 1
    run = RefreshRun.objects.get(source=source)
    assert run.state == RunState.WAITING
    assert looked_at(run, loaded).state == RunState.STORED
    assert f"/data/koersler/{run.pk}/" in laid(drop, "done")[path.name]
    assert take(drop, loaded) == 0
    assert (RefreshRun.objects.filter(source=source).count(), path.exists()) == (1, False)
    path.write_text(TEXT)
    take(drop, loaded)
    assert len(list((drop / "done").glob("*.csv"))) == 2


@pytest.mark.parametrize("name", ["talgrundlag.csv.part", ".talgrundlag.csv", "talgrundlag.tmp"])
def test_a_file_on_its_way_is_left_alone(source: DataSource, drop: Path, loaded: Path, name: str) -> None:
    (drop / name).write_text(TEXT)
    assert take(drop, loaded, timedelta(days=1)) == 0
    assert (drop / name).exists()


def test_a_link_out_of_the_folder_is_not_followed(source: DataSource, drop: Path, loaded: Path, tmp_path: Path) -> None:
    outside = tmp_path / "hemmelig.csv"
    outside.write_text(TEXT)
    (drop / "talgrundlag.csv").symlink_to(outside)
    assert take(drop, loaded) == 0
    assert outside.exists()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ukendt.csv", TEXT),
        ("talgrundlag.pdf", TEXT),
        ("nationale_maal.csv", TEXT),
        ("talgrundlag.csv", "a;b;c\n1;2;3\n"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(
    source: DataSource, drop: Path, loaded: Path, name: str, text: str
) -> None:
    (drop / name).write_text(text)
    assert take(drop, loaded) == 1
    assert laid(drop, "refused")[name].strip()
    assert not laid(drop, "done")
    assert Observation.objects.filter(edition__source=source).count() == 0


def test_a_cpr_number_is_kept_nowhere(source: DataSource, drop: Path, loaded: Path) -> None:
    (drop / "talgrundlag.csv").write_text(TEXT.replace("Nordjylland", CPR))
    (drop / f"{CPR}.csv").write_text(TEXT)
    assert take(drop, loaded) == 2
    everything = [path for path in drop.rglob("*") if path.is_file()]
    assert not [path for path in everything if CPR in path.name or CPR in path.read_text()]
    assert len(laid(drop, "refused")) == 2
    assert not RefreshRun.objects.filter(source=source).exists()


def test_a_file_waits_while_the_source_is_being_fetched(source: DataSource, drop: Path, loaded: Path) -> None:
    now = timezone.now()
    run = RefreshRun.objects.create(source=source, started_at=now, heartbeat_at=now, state=RunState.RUNNING)
    (drop / "talgrundlag.csv").write_text(TEXT)
    assert take(drop, loaded) == 0
    assert (drop / "talgrundlag.csv").exists()
    RefreshRun.objects.filter(pk=run.pk).update(state=RunState.FAILED)
    assert take(drop, loaded) == 1


def test_what_a_dead_worker_left_is_not_run_by_itself(
    source: DataSource, drop: Path, loaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: Any, **more: Any) -> None:
        raise SystemExit

    (drop / "talgrundlag.csv").write_text(TEXT)
    with monkeypatch.context() as patched:
        patched.setattr(folders, "refresh_source", die)
        with pytest.raises(SystemExit):
            take(drop, loaded)
    assert take(drop, loaded) == 0
    assert take(drop, loaded, ABANDONED + timedelta(minutes=5)) == 0
    assert len(laid(drop, "refused")) == 1
    assert not RefreshRun.objects.filter(source=source).exists()


def test_without_a_folder_nothing_is_looked_at(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.FIGURE_FOLDER = None
    monkeypatch.setattr(folders, "take_files", lambda *args, **more: pytest.fail("looked"))
    tasks.take_from_folder()
