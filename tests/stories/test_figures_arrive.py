"""A data steward fetches figures, with a real worker: pressed, read, judged, seen; pressed again, nothing new."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from indicators.actions.catalogue.reading import FOLDER
from indicators.models import DataSource, Observation, RefreshRun, RunState
from indicators.tasks import refresh_source
from tests.conftest import Worker
from tests.factories import make_steward

SHIPPED = FOLDER / "observations" / "nationale_maal_2024.csv"


def test_a_steward_fetches_the_report(celery_worker: Worker, client: Client) -> None:
    call_command("load_catalogue", without_figures=True, stdout=StringIO())
    client.force_login(make_steward())
    page = "/indikatorer/akutte-somatiske-genindlaeggelser/?omraade=081"
    assert "10,7" not in client.get(page).content.decode()

    asked = client.post("/data/nationale_maal/hent/")
    assert asked.status_code == 302
    run = celery_worker.wait_for(
        lambda: RefreshRun.objects.exclude(state=RunState.RUNNING).first(), what="the first run", seconds=40
    )
    assert (run.state, run.rows_new, run.by.email) == (RunState.STORED, 1669, "data@example.dk")
    assert "10,7" in client.get(page).content.decode()
    assert "hx-trigger" not in client.get(asked["Location"]).content.decode().split('id="runs"')[1].split(">")[0]

    client.post("/data/nationale_maal/hent/")
    again = celery_worker.wait_for(
        lambda: RefreshRun.objects.exclude(state=RunState.RUNNING).exclude(pk=run.pk).first(), what="the second run"
    )
    assert again.state == RunState.UNCHANGED
    assert Observation.objects.count() == 1669


def shown(client: Client, address: str) -> str:
    return client.get(address).content.decode().replace("\N{NO-BREAK SPACE}", " ")


def test_another_figure_waits_is_approved_and_is_rolled_back(
    celery_worker: Worker, client: Client, tmp_path: Path
) -> None:
    """Given figures in force, when a file changes one and a person must look, it counts once approved, until rolled back."""
    call_command("load_catalogue", stdout=StringIO())
    DataSource.objects.filter(name="nationale_maal").update(automatic=False)
    client.force_login(make_steward())
    page = "/indikatorer/akutte-somatiske-genindlaeggelser/?omraade=081"
    old, new = "jylland: 10,7 pct. mod 11,0 i hele landet", "jylland: 9,9 pct. mod 11,0 i hele landet"
    changed = tmp_path / "nyt.csv"
    changed.write_text(SHIPPED.read_text(encoding="utf-8").replace(',081,2023,,10.7,"10,7",', ',081,2023,,9.9,"9,9",'))

    with pytest.raises(CommandError, match="Not stored"):
        call_command("refresh", "nationale_maal", path=changed, stdout=StringIO(), stderr=StringIO())
    waiting = RefreshRun.objects.get(state=RunState.WAITING)
    assert old in shown(client, page)

    asked = client.get(f"/data/koersler/{waiting.pk}/godkend/").content.decode()
    seen = asked.split('name="seen" value="')[1].split('"')[0]
    client.post(f"/data/koersler/{waiting.pk}/godkend/", {"seen": seen, "note": "Set efter i rapporten."})
    stored = celery_worker.wait_for(
        lambda: RefreshRun.objects.filter(pk=waiting.pk, state=RunState.STORED).first(), what="the figures", seconds=40
    )
    assert (stored.rows_changed, stored.decided_by.email) == (1, "data@example.dk")
    assert new in shown(client, page)

    client.post(f"/data/udgaver/{stored.edition_id}/tilbage/", {"note": "Det var den forkerte fil."})
    assert old in shown(client, page)
    assert Observation.objects.filter(printed="9,9").exists(), "rolled back, and still there to be brought back"

    client.post(f"/data/udgaver/{stored.edition_id}/frem/", {"note": ""})
    assert new in shown(client, page)


def test_the_same_source_is_asked_for_many_times(celery_worker: Worker) -> None:
    """Given a queue with the same source in it many times, one run stores and the others find nothing to do."""
    call_command("load_catalogue", without_figures=True, stdout=StringIO())
    for _ in range(4):
        refresh_source.delay("nationale_maal")
    celery_worker.wait_for(
        lambda: RefreshRun.objects.filter(state=RunState.UNCHANGED).exists(), what="the last of the runs", seconds=60
    )
    assert RefreshRun.objects.filter(state=RunState.STORED).count() == 1
    assert not RefreshRun.objects.filter(state=RunState.FAILED).exists()
    assert Observation.objects.count() == 1669
