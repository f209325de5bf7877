"""Figures arrive: whole or not at all, once at a time, and every older version stays findable."""

import hashlib
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from indicators import tasks
from indicators.actions.versions import current_version
from indicators.models import Assessment, DataSource, Edition, Observation, RefreshRun, RejectedRow, RunState
from indicators.refresh import claims, running, storing
from indicators.refresh.running import AlreadyRunning, refresh_source
from tests.factories import make_steward
from tests.indicators.world import edit

CHANGED = ("figures.csv", 'genindlaeggelser,081,2023,,10.7,"10,7"', 'genindlaeggelser,081,2023,,13.3,"13,3"')


def figure(area: str = "081", indicator: str = "genindlaeggelser", period: str = "2023") -> Observation:
    return Observation.objects.current().get(indicator__code=indicator, area__code=area, period=period)


def test_the_first_run_stores_everything(loaded: Path) -> None:
    run = RefreshRun.objects.get()
    assert (run.state, run.rows_read, run.rows_new, run.rows_rejected) == (RunState.STORED, 10, 10, 0)
    assert run.finished_at is not None
    assert run.step == ""
    fingerprint = hashlib.sha256((loaded / "figures.csv").read_bytes()).hexdigest()
    assert run.edition is not None
    assert (run.fingerprint, run.edition.fingerprint, run.edition.slug) == (fingerprint, fingerprint, "maal-2024")
    raw = Path(settings.VAR_DIR) / run.raw_file
    assert raw.read_bytes() == (loaded / "figures.csv").read_bytes()
    assert fingerprint[:12] in raw.name
    assert Assessment.objects.count() == 10


def test_the_same_file_again_stops_at_once(loaded: Path) -> None:
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.rows_read) == (RunState.UNCHANGED, 0)
    assert Edition.objects.count() == 1


def test_a_file_with_the_same_figures_in_another_shape_stores_nothing(loaded: Path) -> None:
    path = loaded / "figures.csv"
    path.write_text(path.read_text() + "\n")
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.rows_unchanged) == (RunState.UNCHANGED, 10)
    assert (Edition.objects.count(), Observation.objects.count()) == (1, 10)


def test_one_changed_cell_changes_value_and_light_and_keeps_the_old_one(loaded: Path) -> None:
    before = figure()
    assert before.assessment.level_light == "green"
    edit(loaded, *CHANGED)
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.rows_new, run.rows_changed, run.rows_unchanged) == (RunState.STORED, 0, 1, 9)
    assert run.lights_changed == 1
    now = figure()
    assert (now.value, now.printed, now.flag) == (Decimal("13.3"), "13,3", "corrected")
    assert now.assessment.level_light == "red"
    assert now.edition != before.edition
    before.refresh_from_db()
    assert (before.is_current, before.value, before.flag) == (False, Decimal("10.7"), "ok")
    assert before.assessment.level_light == "green"
    assert Observation.objects.count() == 11


def test_a_corrected_country_moves_the_lights_of_all(loaded: Path) -> None:
    edit(loaded, "figures.csv", "genindlaeggelser,000,2023,,11,11,", 'genindlaeggelser,000,2023,,10.4,"10,4",')
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.rows_changed, run.lights_changed) == (1, 2)  # 10,7: green to red; 11,1: yellow to red; 11,5 was red
    assert {figure(area).assessment.level_light for area in ("081", "082", "791")} == {"red"}
    country = figure("000")
    assert figure().assessment.level_comparator == country


def test_a_correction_taken_back_is_a_new_version(loaded: Path) -> None:
    original = (loaded / "figures.csv").read_bytes()
    edit(loaded, *CHANGED)
    refresh_source("nationale_maal", folder=loaded)
    (loaded / "figures.csv").write_bytes(original)
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.rows_changed) == (RunState.STORED, 1)
    assert (figure().value, figure().assessment.level_light) == (Decimal("10.7"), "green")
    versions = Observation.objects.filter(indicator__code="genindlaeggelser", area__code="081").order_by("pk")
    assert [str(row.value) for row in versions] == ["10.700000", "13.300000", "10.700000"]


def test_a_corrected_figure_stays_corrected_in_later_editions(loaded: Path) -> None:
    edit(loaded, *CHANGED)
    refresh_source("nationale_maal", folder=loaded)
    edit(loaded, "figures.csv", "overlevelse,081,2023,,66,66", "overlevelse,081,2023,,67,67")
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.rows_changed, run.rows_unchanged) == (1, 9)
    assert figure().flag == "corrected"


def test_the_publication_that_came_last_counts_whichever_is_read_last(loaded: Path) -> None:
    run = refresh_source("tidligere_tal", folder=loaded)
    assert (run.state, run.rows_new) == (RunState.STORED, 2)
    assert (figure("000").value, figure("000").edition.slug) == (Decimal(11), "maal-2024")
    older = Observation.objects.get(indicator__code="genindlaeggelser", area__code="000", value="12.9")
    assert not older.is_current
    # The figure of the year before gives the country a development light.
    assert figure("000").assessment.development_light == "green"
    assert figure("000").assessment.development_comparator == figure("000", period="2022")
    assert refresh_source("tidligere_tal", folder=loaded).state == RunState.UNCHANGED


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("081,2023,,10.7", "081,2023,,-10.7", "negative", "figures.csv:3, value"),
        ("081,2023,,10.7", "081,2023,,107", "over_100", "figures.csv:3, value"),
        ("081,2023,,10.7", "081,2023,,tolv", "not_a_number", "figures.csv:3, value"),
        ("081,2023,,10.7", "181,2023,,10.7", "unknown_area", "figures.csv:3, area_code"),
        ("genindlaeggelser,081", "genindlæggelser,081", "unknown_indicator", "figures.csv:3, indicator_code"),
        ("genindlaeggelser,081", "genindlaeggelser,000", "duplicate", "figures.csv:3"),
        ("indicator_code,area_code", "indicator_code,omraade", "column_missing", "figures.csv, area_code"),
    ],
)
def test_one_bad_row_refuses_the_file(loaded: Path, old: str, new: str, code: str, place: str) -> None:
    edit(loaded, "figures.csv", old, new)
    edit(loaded, "figures.csv", "overlevelse,081,2023,,66,66", "overlevelse,081,2023,,67,67")
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.rows_rejected) == (RunState.REFUSED, 1)
    refused = RejectedRow.objects.get(run=run)
    assert (refused.code, refused.place) == (code, place)
    assert refused.reason
    assert new.rsplit(",", 1)[-1] not in refused.reason
    assert (Observation.objects.count(), figure(indicator="overlevelse").value) == (10, 66)
    assert run.message


def test_figures_that_vanish_wait_for_a_person(loaded: Path) -> None:
    path = loaded / "figures.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("psykiatri,791")))
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.rows_vanished) == (RunState.WAITING, 1)
    gone = run.differences.get(kind="vanished")
    assert (gone.indicator, gone.area, gone.period, gone.before, gone.after) == ("psykiatri", "791", "2023", 25, None)
    assert Observation.objects.current().count() == 10


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_rows"),
        (b"indicator_code,area_code,period,value,flag\n", "no_rows"),
        (b"\xff\xfe\x00\x01" * 40, "not_readable"),
        (b"a,b\n1,2\n1,2,3\n", "not_readable"),
    ],
)
def test_a_file_that_is_none(loaded: Path, content: bytes, code: str) -> None:
    (loaded / "figures.csv").write_bytes(content)
    run = refresh_source("nationale_maal", folder=loaded)
    assert run.state == RunState.REFUSED
    assert run.rejected.get().code == code
    assert Observation.objects.count() == 10


def test_a_missing_file_fails_with_a_sentence(loaded: Path) -> None:
    (loaded / "figures.csv").unlink()
    run = refresh_source("nationale_maal", folder=loaded)
    assert run.state == RunState.FAILED
    assert run.message


def test_a_cpr_number_is_kept_nowhere(loaded: Path) -> None:
    edit(loaded, "figures.csv", "For få indlæggelser (note 1).", "Ring til 010180-1234.")
    run = refresh_source("nationale_maal", folder=loaded)
    assert run.state == RunState.REFUSED
    refused = run.rejected.get()
    assert (refused.code, refused.place) == ("cpr", "figures.csv:6")
    assert run.raw_file == ""
    everything = " ".join([refused.reason, refused.details, run.message, run.raw_file])
    assert "010180" not in everything
    kept = [path.read_bytes() for path in (Path(settings.VAR_DIR) / "raw").rglob("*.csv")]
    assert kept
    assert not any(b"010180" in content for content in kept)


# --- One at a time ----------------------------------------------------------------------------------------------------


def running_row(minutes: int, source: str = "nationale_maal") -> RefreshRun:
    then = timezone.now() - timedelta(minutes=minutes)
    return RefreshRun.objects.create(
        source=DataSource.objects.get(name=source), started_at=then, heartbeat_at=then, state=RunState.RUNNING
    )


def test_two_at_once_one_wins(loaded: Path) -> None:
    other = running_row(minutes=1)
    with pytest.raises(AlreadyRunning) as caught:
        refresh_source("nationale_maal", folder=loaded)
    assert caught.value.run == other
    assert refresh_source("tidligere_tal", folder=loaded).state == RunState.STORED


def test_the_database_lets_only_one_run_per_source(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that look at the same moment both see nobody; the constraint decides."""
    running_row(minutes=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        running_row(minutes=0)
    sees_nobody = RefreshRun.objects.none()
    original = RefreshRun.objects.filter
    answers = iter([sees_nobody])
    monkeypatch.setattr(
        type(RefreshRun.objects), "filter", lambda self, *a, **k: next(answers, None) or original(*a, **k)
    )
    with pytest.raises(AlreadyRunning):
        claims.claim(DataSource.objects.get(name="nationale_maal"), by=None, now=timezone.now())


def test_a_dead_run_is_taken_over(loaded: Path) -> None:
    dead = running_row(minutes=20)
    run = refresh_source("nationale_maal", folder=loaded)
    assert run.state == RunState.UNCHANGED
    dead.refresh_from_db()
    assert dead.state == RunState.FAILED
    assert dead.message


def test_a_run_that_lost_its_claim_stores_nothing(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(loaded, *CHANGED)
    original = storing.store

    def store_slowly(*args: Any, **kwargs: Any) -> Any:
        result = original(*args, **kwargs)
        RefreshRun.objects.filter(state=RunState.RUNNING).update(state=RunState.FAILED, message="overtaget")
        return result

    monkeypatch.setattr(storing, "store", store_slowly)
    refresh_source("nationale_maal", folder=loaded)
    assert figure().value == Decimal("10.7")
    assert Edition.objects.count() == 1


def test_an_error_in_the_middle_of_storing_leaves_nothing_behind(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(loaded, *CHANGED)

    def fail(*args: Any, **kwargs: Any) -> Any:
        raise RuntimeError("the machine is on fire")

    monkeypatch.setattr(storing, "assess", fail)
    with pytest.raises(RuntimeError):
        refresh_source("nationale_maal", folder=loaded)
    assert (figure().value, Observation.objects.count(), Edition.objects.count()) == (Decimal("10.7"), 10, 1)
    run = RefreshRun.objects.first()
    assert run is not None
    assert run.state == RunState.FAILED
    assert "fire" not in run.message
    monkeypatch.undo()
    assert refresh_source("nationale_maal", folder=loaded).state == RunState.STORED


# --- Doors ------------------------------------------------------------------------------------------------------------


def test_the_command_refuses_with_place_and_reason(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The command knows the shipped editions and not the small catalogue's: every row is refused, nothing is stored."""
    edit(loaded, *CHANGED)
    with pytest.raises(CommandError, match="Not stored: nationale_maal"):
        call_command("refresh", "nationale_maal", path=loaded / "figures.csv")
    assert "figures.csv:3, edition:" in capsys.readouterr().out
    assert figure().value == Decimal("10.7")


def test_the_command_reassesses(loaded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Assessment.objects.filter(observation=figure()).update(level_light="yellow", level_reason="")
    call_command("refresh", reassess=True)
    assert "10 figures looked at, 1 lights changed" in capsys.readouterr().out
    assert figure().assessment.level_light == "green"


def test_the_command_knows_its_sources(loaded: Path) -> None:
    with pytest.raises(CommandError, match="nationale_maal"):
        call_command("refresh", "nationale_mål")


def test_the_task_runs_and_twice_is_once(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steward = make_steward()
    edit(loaded, *CHANGED)
    original = running.refresh_source
    monkeypatch.setattr(tasks.running, "refresh_source", lambda name, by, attempt: original(name, by=by, folder=loaded))
    tasks.refresh_source("nationale_maal", steward.pk)
    tasks.refresh_source("nationale_maal", steward.pk)
    assert [run.state for run in RefreshRun.objects.filter(by=steward)] == [RunState.UNCHANGED, RunState.STORED]
    assert Observation.objects.count() == 11


def test_the_task_gives_way_to_another_run(loaded: Path) -> None:
    running_row(minutes=1)
    tasks.refresh_source("nationale_maal")
    assert RefreshRun.objects.filter(state=RunState.RUNNING).count() == 1


def test_the_data_version_counts_what_was_stored_and_nothing_else(loaded: Path) -> None:
    """Kept pages are good for one version of the data: a correction must end them, a run without news must not."""
    before = current_version()
    refresh_source("nationale_maal", folder=loaded)
    assert current_version() == before
    edit(loaded, *CHANGED)
    refresh_source("nationale_maal", folder=loaded)
    assert current_version() > before
