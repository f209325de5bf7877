"""A file outside its bounds waits; a steward stores it or turns it down; an edition is rolled back and brought back."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from indicators import tasks
from indicators.actions.catalogue import load_catalogue
from indicators.actions.figure_editions import bring_back_edition, roll_back_edition
from indicators.actions.figure_runs import approve_run, reject_run
from indicators.actions.versions import current_version
from indicators.models import DataSource, Edition, Observation, RefreshRun, RunState
from indicators.refresh import claims, deciding, pulse, running
from indicators.refresh.reading import NotReadable, TryAgain
from indicators.refresh.running import AlreadyRunning, publish_approved, refresh_source
from tests.factories import make_steward
from tests.indicators.test_refresh_running import CHANGED, figure, running_row
from tests.indicators.world import HEADER, edit

FAR = ("figures.csv", "psykiatri,791,2023,,25,25", 'psykiatri,791,2023,,0.2,"0,2"')


@pytest.fixture
def waiting(loaded: Path) -> RefreshRun:
    """A file without Viborg's figure of psychiatry, and with Nordjylland's corrected."""
    return refresh_without(loaded, "psykiatri,791", change=True)


def refresh_without(folder: Path, start: str, *, change: bool = False) -> RefreshRun:
    if change:
        edit(folder, *CHANGED)
    path = folder / "figures.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith(start)))
    return refresh_source("nationale_maal", folder=folder)


def approve(run: RefreshRun, folder: Path, by: Any = None) -> RefreshRun:
    approve_run(run=run, by=by, seen=run.difference_fingerprint)
    return publish_approved(run.pk, folder=folder)


# --- Waiting ----------------------------------------------------------------------------------------------------------


def test_a_file_outside_its_bounds_changes_nothing(loaded: Path) -> None:
    version = current_version()
    run = refresh_without(loaded, "psykiatri,791", change=True)
    assert (run.state, run.rows_new, run.rows_changed, run.rows_unchanged, run.rows_vanished) == ("waiting", 0, 1, 8, 1)
    assert [reason["code"] for reason in run.reasons] == ["vanished"]
    assert run.finished_at is not None
    assert (Path(settings.VAR_DIR) / run.raw_file).is_file()
    assert (Edition.objects.count(), Observation.objects.count(), figure().value) == (1, 10, Decimal("10.7"))
    assert current_version() == version
    changed = run.differences.get(kind="changed")
    assert (changed.indicator, changed.area, changed.before, changed.after) == (
        *("genindlaeggelser", "081"),
        *(Decimal("10.7"), Decimal("13.3")),
    )


def test_a_figure_far_from_its_predecessor_waits(loaded: Path) -> None:
    edit(loaded, *FAR)
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, [reason["code"] for reason in run.reasons]) == ("waiting", ["factor"])
    assert run.differences.get().alarm == "factor"


def test_a_new_period_is_compared_with_the_one_before(loaded: Path) -> None:
    path = loaded / "figures.csv"
    path.write_text(path.read_text() + 'psykiatri,791,2024,,0.2,"0,2",ok,,,crude,false,,,,\n')
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, [reason["code"] for reason in run.reasons]) == ("waiting", ["factor"])


def test_a_municipality_missing_from_a_new_period_waits(loaded: Path) -> None:
    path = loaded / "figures.csv"
    more = 'genindlaeggelser,791,2024,,11.2,"11,2",ok,,,,false,,,,\n'
    path.write_text(path.read_text() + more)
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.reasons[0]["code"], run.reasons[0]["names"]) == ("waiting", "area_missing", ["Læsø"])
    # Said to be blank, it is not missing; the file is inside its bounds and stored at once.
    path.write_text(path.read_text() + "genindlaeggelser,825,2024,,,,suppressed,For få.,,,false,,,,\n")
    again = refresh_source("nationale_maal", folder=loaded)
    run.refresh_from_db()
    assert (again.state, again.rows_new, run.state) == ("stored", 2, "superseded")


def test_many_changed_wait_and_declared_bounds_let_them_through(loaded: Path) -> None:
    path = loaded / "figures.csv"
    original = path.read_text()
    path.write_text(original.replace(",2023,,", ",2023,,1").replace(",2023,,1,", ",2023,,,"))
    DataSource.objects.filter(name="nationale_maal").update(bounds={"factor": 1, "few": 2})
    run = refresh_source("nationale_maal", folder=loaded)
    assert run.state == "refused"  # over 100 per cent
    path.write_text(original.replace(",ok,,1,", ",ok,,,"))
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.reasons[0]["code"], run.rows_changed) == ("waiting", "many_changed", 3)
    DataSource.objects.filter(name="nationale_maal").update(bounds={"changed_pct": 30, "few": 2})
    reject_run(run=run, by=None, seen=run.difference_fingerprint)
    path.write_text(path.read_text() + "\n")
    assert refresh_source("nationale_maal", folder=loaded).state == "stored"


def test_a_source_that_is_not_automatic_always_waits(loaded: Path) -> None:
    DataSource.objects.filter(name="nationale_maal").update(automatic=False)
    edit(loaded, *CHANGED)
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.reasons[0]["code"]) == ("waiting", "not_automatic")
    assert approve(run, loaded).state == "stored"


def test_the_same_file_waits_once_and_a_newer_one_takes_its_place(waiting: RefreshRun, loaded: Path) -> None:
    again = refresh_source("nationale_maal", folder=loaded)
    assert again.state == "unchanged"
    assert again.message
    newer = refresh_without(loaded, "overlevelse,082")
    waiting.refresh_from_db()
    assert (newer.state, newer.rows_vanished, waiting.state) == ("waiting", 2, "superseded")
    with pytest.raises(ValidationError):
        approve_run(run=waiting, by=None, seen=waiting.difference_fingerprint)


def test_a_source_that_goes_back_to_what_we_hold_leaves_nothing_waiting(loaded: Path) -> None:
    original = (loaded / "figures.csv").read_bytes()
    run = refresh_without(loaded, "psykiatri,791")
    (loaded / "figures.csv").write_bytes(original)
    assert refresh_source("nationale_maal", folder=loaded).state == "unchanged"
    run.refresh_from_db()
    assert run.state == "superseded"


def test_a_hard_error_leaves_the_waiting_file_alone(waiting: RefreshRun, loaded: Path) -> None:
    edit(loaded, "figures.csv", "overlevelse,081,2023,,66,66", "overlevelse,081,2023,,166,166")
    assert refresh_source("nationale_maal", folder=loaded).state == "refused"
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_a_dry_run_tells_and_touches_nothing(waiting: RefreshRun, loaded: Path) -> None:
    run = refresh_source("nationale_maal", folder=loaded, dry_run=True)
    assert (run.state, run.rows_vanished, [reason["code"] for reason in run.reasons]) == ("dry_run", 1, ["vanished"])
    assert run.differences.count() == 2
    waiting.refresh_from_db()
    assert (waiting.state, Observation.objects.count()) == ("waiting", 10)


def test_some_hundreds_of_rows_are_kept_with_the_alarms_first(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deciding, "MOST_KEPT", 1)
    edit(loaded, *CHANGED)
    edit(loaded, *FAR)
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.rows_changed, run.differences.get().indicator) == (2, "psykiatri")


# --- Deciding ---------------------------------------------------------------------------------------------------------


def test_approved_figures_are_stored_and_what_vanished_becomes_history(waiting: RefreshRun, loaded: Path) -> None:
    steward, version = make_steward(), current_version()
    run = approve(waiting, loaded, by=steward)
    assert (run.pk, run.state, run.decided_by) == (waiting.pk, RunState.STORED, steward)
    assert run.edition is not None
    assert current_version() > version
    assert figure().value == Decimal("13.3")
    gone = Observation.objects.get(indicator__code="psykiatri", area__code="791")
    assert (gone.is_current, gone.value) == (False, 25)
    # The source is not expected to give it any more, and when it comes back it is new.
    assert refresh_source("nationale_maal", folder=loaded).state == "unchanged"
    path = loaded / "figures.csv"
    path.write_text(path.read_text() + "psykiatri,791,2023,,25,25,ok,,,crude,false,red,,,\n")
    back = refresh_source("nationale_maal", folder=loaded)
    assert (back.state, back.rows_new) == ("stored", 1)
    assert figure("791", "psykiatri").value == 25


def test_a_file_that_only_lacks_figures_is_an_edition_too(loaded: Path) -> None:
    run = approve(refresh_without(loaded, "overlevelse,000"), loaded)
    assert (run.state, Edition.objects.count()) == ("stored", 2)
    # Without the country the regions have nothing to be compared with.
    assert figure(indicator="overlevelse").assessment.level_light == ""
    assert run.lights_changed == 2
    roll_back_edition(edition=run.edition, by=None)  # type: ignore[arg-type]
    assert figure("000", "overlevelse").value == 60
    assert figure(indicator="overlevelse").assessment.level_light == "green"


def test_figures_that_changed_after_the_look_are_looked_at_again(waiting: RefreshRun, loaded: Path) -> None:
    """Between the look and the store, another file of the source came in."""
    approve_run(run=waiting, by=make_steward(), seen=waiting.difference_fingerprint)
    Observation.objects.filter(pk=figure().pk).update(value="12.5")
    Observation.objects.filter(pk=figure("082").pk).update(value="9.1")
    run = publish_approved(waiting.pk, folder=loaded)
    assert (run.state, run.rows_changed, run.decided_at, run.decided_by) == ("waiting", 2, None, None)
    assert run.reasons[0]["code"] == "other_difference"
    assert run.difference_fingerprint != waiting.difference_fingerprint
    assert Edition.objects.count() == 1
    with pytest.raises(ValidationError):  # what was opened before is not what would be stored
        approve_run(run=run, by=None, seen=waiting.difference_fingerprint)
    assert approve(run, loaded).state == "stored"


def test_a_kept_file_that_was_touched_is_not_stored(waiting: RefreshRun, loaded: Path) -> None:
    path = Path(settings.VAR_DIR) / waiting.raw_file
    path.write_text(path.read_text().replace("66,66", "67,67"))
    run = approve(waiting, loaded)
    assert (run.state, Edition.objects.count()) == ("failed", 1)
    assert run.message


def test_of_two_stewards_the_first_wins_and_the_other_is_told_who(waiting: RefreshRun) -> None:
    first, second = make_steward("en@example.dk"), make_steward("to@example.dk")
    first.name = "Den Første"
    first.save()
    stale = RefreshRun.objects.get(pk=waiting.pk)
    reject_run(run=waiting, by=first, seen=waiting.difference_fingerprint, note="Filen er halv.")
    with pytest.raises(ValidationError, match="Den Første"):
        approve_run(run=stale, by=second, seen=stale.difference_fingerprint)
    stale.refresh_from_db()
    assert (stale.state, stale.decided_by, stale.decision_note) == ("rejected", first, "Filen er halv.")


def test_a_file_turned_down_is_not_offered_again_but_by_a_person(waiting: RefreshRun, loaded: Path) -> None:
    reject_run(run=waiting, by=None, seen=waiting.difference_fingerprint)
    night = refresh_source("nationale_maal", folder=loaded)
    assert (night.state, bool(night.message)) == ("unchanged", True)
    asked = refresh_source("nationale_maal", folder=loaded, by=make_steward())
    assert (asked.state, {reason["code"] for reason in asked.reasons}) == ("waiting", {"rejected", "vanished"})


@pytest.mark.parametrize("note", ["Ring til 010180-1234", "x" * 501])
def test_a_note_that_may_not_be_kept_decides_nothing(waiting: RefreshRun, note: str) -> None:
    with pytest.raises(ValidationError) as caught:
        reject_run(run=waiting, by=None, seen=waiting.difference_fingerprint, note=note)
    waiting.refresh_from_db()
    assert (waiting.state, waiting.decision_note) == ("waiting", "")
    assert "010180" not in str(caught.value)


def test_nothing_is_fetched_between_the_approval_and_the_store(waiting: RefreshRun, loaded: Path) -> None:
    approve_run(run=waiting, by=None, seen=waiting.difference_fingerprint)
    with pytest.raises(AlreadyRunning):
        refresh_source("nationale_maal", folder=loaded)
    assert publish_approved(waiting.pk, folder=loaded).state == "stored"
    assert publish_approved(waiting.pk, folder=loaded).state == "stored"  # twice is once
    assert Edition.objects.count() == 2


def test_a_worker_that_died_while_storing_leaves_the_file_waiting(waiting: RefreshRun, loaded: Path) -> None:
    approve_run(run=waiting, by=None, seen=waiting.difference_fingerprint)
    then = timezone.now() - claims.HEARTBEAT_LIMIT - timedelta(seconds=1)
    RefreshRun.objects.filter(pk=waiting.pk).update(state="running", heartbeat_at=then)
    assert tasks.left_over(timezone.now()) == [waiting.pk]
    again = refresh_source("nationale_maal", folder=loaded)
    waiting.refresh_from_db()
    assert (again.state, waiting.state, waiting.decided_at) == ("unchanged", "waiting", None)


def test_a_worker_that_died_is_replaced_by_the_next(waiting: RefreshRun, loaded: Path) -> None:
    approve_run(run=waiting, by=None, seen=waiting.difference_fingerprint)
    now = timezone.now()
    RefreshRun.objects.filter(pk=waiting.pk).update(state="running", heartbeat_at=now)
    assert publish_approved(waiting.pk, folder=loaded, now=now + timedelta(seconds=30)).state == "running"
    late = now + claims.HEARTBEAT_LIMIT + timedelta(seconds=1)
    assert publish_approved(waiting.pk, folder=loaded, now=late).state == "stored"


# --- Back and forward -------------------------------------------------------------------------------------------------


@pytest.fixture
def corrected(loaded: Path) -> Edition:
    edit(loaded, *CHANGED)
    edition = refresh_source("nationale_maal", folder=loaded).edition
    assert edition is not None
    return edition


def test_a_rollback_flips_figures_and_lights_and_forward_flips_them_again(corrected: Edition, loaded: Path) -> None:
    steward, version = make_steward(), current_version()
    assert (figure().value, figure().assessment.level_light) == (Decimal("13.3"), "red")
    run = roll_back_edition(edition=corrected, by=steward, note="Rettelsen var forkert.")
    assert (run.state, run.by, run.edition, run.rows_changed, run.lights_changed) == (
        *("rolled_back", steward),
        *(corrected, 1, 1),
    )
    assert current_version() > version
    assert (figure().value, figure().assessment.level_light) == (Decimal("10.7"), "green")
    assert Observation.objects.count() == 11
    corrected.refresh_from_db()
    assert corrected.withdrawn_at is not None
    forward = bring_back_edition(edition=corrected, by=steward)
    assert (forward.state, forward.rows_changed, forward.lights_changed) == ("brought_back", 1, 1)
    assert (figure().value, figure().assessment.level_light) == (Decimal("13.3"), "red")
    assert Observation.objects.count() == 11


def test_a_withdrawn_file_is_not_stored_again_by_itself(corrected: Edition, loaded: Path) -> None:
    roll_back_edition(edition=corrected, by=None)
    night = refresh_source("nationale_maal", folder=loaded)
    assert (night.state, bool(night.message), figure().value) == ("unchanged", True, Decimal("10.7"))
    # In another shape it is another file, but the same figures: compared with what is in force, they are a change.
    path = loaded / "figures.csv"
    asked = refresh_source("nationale_maal", folder=loaded, by=make_steward())
    assert (asked.state, asked.reasons[0]["code"], asked.rows_changed) == ("waiting", "withdrawn", 1)
    assert approve(asked, loaded).state == "stored"
    assert figure().value == Decimal("13.3")
    assert Observation.objects.count() == 12
    assert path.is_file()


def test_only_the_newest_in_force_can_go_and_never_the_last(corrected: Edition, loaded: Path) -> None:
    first = Edition.objects.exclude(pk=corrected.pk).get(source=corrected.source)
    with pytest.raises(ValidationError):
        roll_back_edition(edition=first, by=None)
    roll_back_edition(edition=corrected, by=None)
    with pytest.raises(ValidationError):
        roll_back_edition(edition=corrected, by=None)
    with pytest.raises(ValidationError):
        roll_back_edition(edition=first, by=None)
    assert not RefreshRun.objects.filter(state="running").exists()  # the refused ones left nothing behind
    assert RefreshRun.objects.filter(state="rolled_back").count() == 1


def test_after_other_figures_nothing_is_brought_back(corrected: Edition, loaded: Path) -> None:
    roll_back_edition(edition=corrected, by=None)
    edit(loaded, "figures.csv", "overlevelse,081,2023,,66,66", "overlevelse,081,2023,,67,67")
    assert refresh_source("nationale_maal", folder=loaded).state == "stored"
    with pytest.raises(ValidationError):
        bring_back_edition(edition=corrected, by=None)
    # Two steps back and two forward, each in its turn.
    newest = Edition.objects.filter(source=corrected.source).order_by("-received_at")[0]
    roll_back_edition(edition=newest, by=None)
    bring_back_edition(edition=corrected, by=None)
    assert (figure().value, figure(indicator="overlevelse").value) == (Decimal("13.3"), 66)


def test_a_rollback_leaves_other_sources_alone_and_yields_to_them(loaded: Path) -> None:
    """The country's 11,0 of 2024 goes back to what is left: the 12,9 that another publication gave."""
    refresh_source("tidligere_tal", folder=loaded)
    edit(loaded, "figures.csv", "genindlaeggelser,000,2023,,11,11,", 'genindlaeggelser,000,2023,,10.4,"10,4",')
    edition = refresh_source("nationale_maal", folder=loaded).edition
    assert edition is not None
    roll_back_edition(edition=edition, by=None)
    assert (figure("000").value, figure("000").edition.slug) == (11, "maal-2024")
    gone = refresh_without(loaded, "genindlaeggelser,000")
    approve(gone, loaded)
    assert (figure("000").value, figure("000").edition.slug) == (Decimal("12.9"), "maal-2023")


def test_no_step_back_while_the_source_is_being_fetched(corrected: Edition) -> None:
    running_row(minutes=0)
    with pytest.raises(ValidationError):
        roll_back_edition(edition=corrected, by=None)
    corrected.refresh_from_db()
    assert corrected.withdrawn_at is None


# --- Signs of life, and trying again ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_long_step_beats(folder: Path) -> None:
    load_catalogue(by=None, folder=folder)
    run = running_row(minutes=1)
    before = run.heartbeat_at
    with pulse.pulse(run, every=0.05):
        for _ in range(200):
            run.refresh_from_db()
            if run.heartbeat_at > before:
                break
            pulse.threading.Event().wait(0.05)
    assert run.heartbeat_at > before
    assert not [thread for thread in pulse.threading.enumerate() if thread.name == "refresh-pulse"]


@pytest.mark.parametrize(("attempt", "again"), [(0, False), (1, True), (4, True), (5, False)])
def test_a_source_that_does_not_answer_is_asked_again(
    loaded: Path, monkeypatch: pytest.MonkeyPatch, attempt: int, again: bool
) -> None:
    monkeypatch.setattr(running, "fetch", raises(TryAgain("not_readable")))
    run = refresh_source("nationale_maal", folder=loaded, attempt=attempt)
    assert (run.state, run.attempt, run.next_try_at is not None) == ("failed", attempt, again)
    assert run.message


def raises(error: Exception) -> Callable[..., Any]:
    def fail(*args: Any, **kwargs: Any) -> Any:
        raise error

    return fail


def test_the_task_asks_again_for_one_source_and_no_other(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(running, "fetch", raises(TryAgain("not_readable")))
    monkeypatch.setattr(tasks.refresh_source, "apply_async", lambda args, countdown: sent.append((args, countdown)))
    tasks.refresh_source("nationale_maal", None, 2)
    assert [args for args, _ in sent] == [["nationale_maal", None, 3]]
    assert 200 < sent[0][1] <= 240
    monkeypatch.setattr(running, "fetch", raises(NotReadable("file_missing")))
    tasks.refresh_source("nationale_maal")
    assert len(sent) == 1


def test_what_is_due_is_sent_source_by_source(loaded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(tasks.refresh_source, "delay", lambda *args: sent.append(args))
    DataSource.objects.update(fetch_every_days=1)
    tomorrow = timezone.localtime().replace(hour=12) + timedelta(days=1)
    monkeypatch.setattr(tasks.timezone, "now", lambda: tomorrow)
    tasks.refresh_due()
    assert sent == [("nationale_maal",), ("tidligere_tal",)]
    DataSource.objects.update(fetch_every_days=0)
    late = tomorrow - tasks.LOST_AFTER - timedelta(minutes=1)
    RefreshRun.objects.update(started_at=late, next_try_at=late, attempt=2)
    tasks.refresh_due()
    assert sent[2:] == [("nationale_maal", None, 3)]


# --- The command line -------------------------------------------------------------------------------------------------


def test_the_command_tries_and_approves(loaded: Path, capsys: pytest.CaptureFixture[str], settings: Any) -> None:
    with pytest.raises(CommandError, match="No file of nationale_maal waits"):
        call_command("refresh", "nationale_maal", approve=True)
    refresh_without(loaded, "psykiatri,791")
    from indicators.management.commands import refresh as command

    def small(pk: int) -> RefreshRun:
        return publish_approved(pk, folder=loaded)

    patch = pytest.MonkeyPatch()
    patch.setattr(command, "publish_approved", small)
    patch.setattr(command, "refresh_source", lambda name, **more: refresh_source(name, folder=loaded, **more))
    try:
        call_command("refresh", "nationale_maal", dry_run=True)
        call_command("refresh", "nationale_maal", approve=True)
    finally:
        patch.undo()
    told = capsys.readouterr().out
    assert "tried only, nothing stored: 0 new, 0 changed, 9 as before, 1 missing. It would wait for approval:" in told
    assert "nationale_maal: stored: 0 new, 0 changed, 9 as before, 1 missing" in told


def test_the_command_says_that_a_file_waits(loaded: Path) -> None:
    from indicators.refresh.describing import describe

    told = describe(refresh_without(loaded, "psykiatri,791"))
    assert told.startswith("waits for approval, nothing stored: 0 new, 0 changed, 9 as before, 1 missing.")
    assert "manage.py refresh nationale_maal --approve" in told


def test_another_publication_is_no_reason_for_the_last_one_to_vanish(loaded: Path) -> None:
    edit(loaded, "editions.yaml", "- {slug: maal-2023", "- {slug: maal-2025, title: Mål 2025}\n- {slug: maal-2023")
    edit(loaded, "sources.yaml", "edition: maal-2024", "edition: maal-2025")
    (loaded / "figures.csv").write_text(HEADER + "overlevelse,000,2024,,61,61,ok,,,,false,,,,\n")
    load_catalogue(by=None, folder=loaded)
    run = refresh_source("nationale_maal", folder=loaded)
    assert (run.state, run.rows_new, run.rows_vanished) == ("stored", 1, 0)
    assert Observation.objects.current().count() == 11
