"""A data steward fetches figures, with a real worker: pressed, read, judged, seen; pressed again, nothing new."""

from io import StringIO

from django.core.management import call_command
from django.test import Client

from indicators.models import Observation, RefreshRun, RunState
from tests.conftest import Worker
from tests.factories import make_steward


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
