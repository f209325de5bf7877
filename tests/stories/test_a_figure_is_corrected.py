"""One cell of the report is corrected: value, light and page follow, and the figure it replaces is still found."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from indicators.models import Edition, Observation, RefreshRun, RunState
from indicators.refresh.running import refresh_source
from initiatives.actions.content.demo import DEMO_PASSWORD

CODE, AREA, PERIOD = "forebyggelige-akutte-sygehusophold", "791", "2023"
FILE = Path(__file__).resolve().parents[2] / "indicators/catalogue/observations/nationale_maal_2024.csv"


@pytest.fixture
def demo(db: None) -> None:
    call_command("load_demo", stdout=StringIO())


def figure() -> Observation:
    return Observation.objects.select_related("assessment", "edition").get(
        indicator__code=CODE, area__code=AREA, period=PERIOD, breakdown="", is_current=True
    )


def test_one_changed_cell_changes_value_light_and_page_and_keeps_the_old(
    demo: None, client: Client, tmp_path: Path
) -> None:
    # Given Viborg's 55,3 against the country's 56,4: better
    before = figure()
    assert (before.printed, before.assessment.level_light) == ("55,3", "green")
    path = f"/indikatorer/{CODE}/?omraade={AREA}"
    assert "55,3" in client.get(path).content.decode()

    # When the same file comes with one changed cell
    lines = FILE.read_text(encoding="utf-8").splitlines(keepends=True)
    changed = [
        line.replace("55.3", "65.3").replace('"55,3"', '"65,3"') if line.startswith(f"{CODE},{AREA},") else line
        for line in lines
    ]
    assert sum(a != b for a, b in zip(lines, changed, strict=True)) == 1
    file = tmp_path / "nationale_maal.csv"
    file.write_text("".join(changed), encoding="utf-8")
    run = refresh_source("nationale_maal", path=file)

    # Then value, light and page follow, and the old figure is found with its edition
    assert (run.state, run.rows_changed, run.rows_new) == (RunState.STORED, 1, 0)
    after = figure()
    assert (after.printed, after.assessment.level_light) == ("65,3", "red")
    assert "65,3" in client.get(path).content.decode()
    old = Observation.objects.get(pk=before.pk)
    assert (old.is_current, old.printed, old.edition_id) == (False, "55,3", before.edition_id)
    assert Edition.objects.filter(source__name="nationale_maal").count() == 2
    data = client.get("/data/").content.decode()
    assert "55,3" in data
    assert "65,3" in data

    # And the same file once more changes nothing
    assert refresh_source("nationale_maal", path=file).state == RunState.UNCHANGED
    assert Observation.objects.filter(indicator__code=CODE, area__code=AREA, period=PERIOD).count() == 2


def test_who_may_not_fetch_is_told_who_can(demo: None, client: Client) -> None:
    assert client.login(username="politiker@example.dk", password=DEMO_PASSWORD)
    seen = RefreshRun.objects.count()
    response = client.post("/data/nationale_maal/hent/")
    assert response.status_code == 403
    assert "dataansvarlig" in response.content.decode().lower() or "data steward" in response.content.decode().lower()
    assert RefreshRun.objects.count() == seen
