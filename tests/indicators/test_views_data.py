"""The data page: what is there to read, who may press the button, and what pressing it does not do."""

import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from indicators import tasks
from indicators.models import DataSource, RefreshRun, RunState
from indicators.presenters.checksum import check_sum
from indicators.presenters.data import data_page
from indicators.presenters.data_runs import PATIENCE, runs_region
from indicators.refresh.running import refresh_source
from tests.conftest import ROOT, worker_environment
from tests.factories import make_steward, make_user
from tests.indicators.world import edit


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Any, ...]]:
    """What was put into the queue, instead of putting it there."""
    found: list[tuple[Any, ...]] = []
    monkeypatch.setattr(tasks.refresh_source, "delay_on_commit", lambda *args: found.append(args))
    return found


def test_the_page_tells_of_sources_runs_and_the_check_sum(loaded: Path, client: Client) -> None:
    text = client.get("/data/").content.decode()
    for words in ("Nationale mål 2024", "Ingen licens angivet.", "Ikke varslet.", "Bedre forløb", "Høj kvalitet"):
        assert words in text
    assert 'id="runs"' in text
    assert "hx-trigger" not in text.split('id="runs"')[1].split(">")[0]
    assert "/hent/" not in text


def test_the_page_without_anything(db: None, client: Client) -> None:
    response = client.get("/data/")
    assert response.status_code == 200
    assert b"sa-empty" in response.content


def test_refused_rows_are_shown_with_place_and_reason(loaded: Path, client: Client) -> None:
    edit(loaded, "figures.csv", "081,2023,,10.7", "081,2023,,-10.7")
    refresh_source("nationale_maal", folder=loaded)
    with translation.override("en"):
        page = data_page()
    run = page.region.runs[0]
    assert (run.state.code, run.counts) == ("refused", "1 row refused")
    assert [(row.place, row.reason) for row in run.refused] == [("figures.csv:3, value", "The number is negative.")]
    assert "figures.csv:3, value" in client.get("/data/").content.decode()


def test_a_run_that_brought_nothing_says_so(loaded: Path) -> None:
    refresh_source("nationale_maal", folder=loaded)
    with translation.override("en"):
        run = data_page().region.runs[0]
    assert (run.state.code, run.counts) == ("unchanged", "The figures are the same as last time.")


def test_a_corrected_figure_stands_with_old_and_new(loaded: Path, client: Client) -> None:
    edit(loaded, "figures.csv", '081,2023,,10.7,"10,7"', '081,2023,,13.3,"13,3"')
    refresh_source("nationale_maal", folder=loaded)
    with translation.override("da"):
        page = data_page()
    assert [(row.indicator, row.area, row.old, row.new) for row in page.corrections] == [
        ("Genindlæggelser", "Nordjylland", "10,7", "13,3")
    ]
    text = client.get("/data/").content.decode()
    assert "10,7" in text
    assert "13,3" in text


def test_the_figures_are_counted_once_for_each_version_of_the_data(loaded: Path) -> None:
    with CaptureQueriesContext(connection) as first:
        before = data_page()
    with CaptureQueriesContext(connection) as again:
        assert data_page() == before
    assert len(again) == len(first) - 1
    edit(loaded, "figures.csv", '081,2023,,10.7,"10,7"', '081,2023,,13.3,"13,3"')
    refresh_source("nationale_maal", folder=loaded)
    after = data_page()
    assert [(edition.figures, edition.current) for edition in before.editions] == [("10", "10")]
    assert [(edition.figures, edition.current) for edition in after.editions] == [("1", "1"), ("10", "9")]


@pytest.mark.parametrize(
    ("cadence", "announced", "today", "expected", "late"),
    [
        # The report came out in November 2024; a publication may be sixty days behind before anybody is told.
        ("every_4_years", None, date(2026, 11, 5), "Omkring 30. november 2028, regnet", False),
        ("every_4_years", None, date(2029, 1, 29), "Omkring 30. november 2028, regnet", False),
        ("every_4_years", None, date(2029, 1, 30), "Omkring 30. november 2028, regnet", True),
        ("every_2_years", None, date(2026, 11, 5), "Omkring 30. november 2026, regnet", False),
        ("yearly", None, date(2025, 11, 30), "Omkring 30. november 2025, regnet", False),
        ("yearly", None, date(2026, 11, 5), "Omkring 30. november 2025, regnet", True),
        ("once", None, date(2040, 1, 1), "", False),
        ("", None, date(2040, 1, 1), "", False),
        # What the source itself has named goes before what is reckoned, on both sides of it.
        ("yearly", date(2027, 3, 1), date(2027, 3, 1), "1. marts 2027.", False),
        ("yearly", date(2027, 3, 1), date(2027, 3, 2), "1. marts 2027.", True),
        ("every_4_years", date(2025, 6, 1), date(2026, 11, 5), "1. juni 2025.", True),
    ],
)
def test_the_page_knows_when_the_next_figures_are_expected(
    loaded: Path, client: Client, cadence: str, announced: date | None, today: date, expected: str, late: bool
) -> None:
    """A source that comes out every fourth year is not late after one, nor one that nobody expects anything of."""
    DataSource.objects.filter(name="nationale_maal").update(cadence=cadence, next_expected=announced)
    with time_machine.travel(timezone.make_aware(datetime.combine(today, time(12)))):
        text = client.get("/data/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    facts = text.split("Næste ventes</dt><dd>")[1].split("</dd>")[0]
    assert ("Senere end normalt: der er ikke kommet noget nyere." in facts) is late
    assert expected in facts
    assert ("Omkring" in facts) is expected.startswith("Omkring")


def test_the_check_sum_names_what_the_report_leaves_unexplained(loaded: Path) -> None:
    with translation.override("en"):
        check = check_sum("maal-2024")
    assert [(row.number, row.green, row.yellow, row.red) for row in check.rows] == [("1", 1, 0, 0), ("4", 0, 1, 0)]
    quality = check.rows[1]
    assert (quality.ours.yellow, quality.ours.published, quality.unknown, quality.uncounted) == (1, 1, 0, 2)
    assert quality.note == "The report lists 2 indicators that it does not count, and does not say why."
    assert check.total is not None
    assert (check.total.counted, check.total.unknown, check.conflicts) == (3, 2, 0)
    assert check.sentence == "We know 1 of the report's 3 lights. None of them contradicts its count."


def test_the_check_sum_tells_when_we_disagree(loaded: Path) -> None:
    refresh_source("tidligere_tal", folder=loaded)  # the country went from 11,6 to 11,0: improving, as Table 1 says
    assert check_sum("maal-2024").conflicts == 0
    edit(loaded, "table1_2024.csv", "forloeb,1,0,0,2,2", "forloeb,0,1,0,2,2")
    edit(loaded, "table1_2024.csv", "maal-2024,,,1,1,0,5,3", "maal-2024,,,0,2,0,5,3")
    from indicators.actions.catalogue import load_catalogue

    load_catalogue(by=None, folder=loaded)
    assert check_sum("maal-2024").conflicts == 1


@pytest.mark.parametrize("runs", [1, 12])
def test_queries_do_not_grow_with_the_runs(
    loaded: Path, client: Client, runs: int, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    edit(loaded, "figures.csv", "081,2023,,10.7", "081,2023,,-10.7")
    for _ in range(runs):
        refresh_source("nationale_maal", folder=loaded)
    with django_assert_max_num_queries(16):
        client.get("/data/")


# --- The button -------------------------------------------------------------------------------------------------------


def test_a_reader_is_told_who_can(loaded: Path, client: Client, sent: list[Any]) -> None:
    client.force_login(make_user())
    assert b"/hent/" not in client.get("/data/").content
    response = client.post("/data/nationale_maal/hent/")
    assert response.status_code == 403
    with translation.override("da"):
        from django.utils.translation import gettext

        assert gettext("Only a data steward can fetch figures.") in response.content.decode()
    assert sent == []


def test_somebody_unknown_is_told_who_can_too(loaded: Path, client: Client, sent: list[Any]) -> None:
    assert client.post("/data/nationale_maal/hent/").status_code == 403
    assert sent == []


def test_a_steward_asks_and_is_sent_back_to_the_runs(loaded: Path, client: Client, sent: list[Any]) -> None:
    steward = make_steward()
    client.force_login(steward)
    assert b"/data/nationale_maal/hent/" in client.get("/data/").content
    response = client.post("/data/nationale_maal/hent/")
    assert response.status_code == 302
    assert response["Location"].startswith("/data/?bedt=nationale_maal&siden=")
    assert response["Location"].endswith("#runs")
    assert sent == [("nationale_maal", steward.pk)]
    text = client.get(response["Location"]).content.decode()
    assert 'hx-trigger="every 2s"' in text  # and without JavaScript there is a link that shows the page again
    assert 'href="/data/koersler/?bedt=nationale_maal' in text


def test_with_htmx_the_region_comes_back_and_asks_again(loaded: Path, client: Client, sent: list[Any]) -> None:
    client.force_login(make_steward())
    response = client.post("/data/nationale_maal/hent/", headers={"hx-request": "true"})
    assert response.status_code == 200
    assert "HX-Request" in response["Vary"]
    region = response.content.decode()
    assert region.startswith('<div id="runs" hx-get="/data/koersler/?bedt=nationale_maal')
    assert "<html" not in region


def test_the_region_stops_asking_when_the_run_is_over(loaded: Path, client: Client) -> None:
    since = timezone.now().isoformat()
    address = {"bedt": "nationale_maal", "siden": since}
    waiting = client.get(
        "/data/koersler/", {**address, "siden": timezone.now().isoformat()}, headers={"hx-request": "true"}
    )
    assert b"hx-trigger" in waiting.content
    refresh_source("nationale_maal", folder=loaded)
    over = client.get("/data/koersler/", address, headers={"hx-request": "true"})
    assert b"hx-trigger" not in over.content


def test_the_region_follows_a_run_that_is_going(loaded: Path) -> None:
    now = timezone.now()
    source = DataSource.objects.get(name="nationale_maal")
    RefreshRun.objects.create(source=source, state=RunState.RUNNING, started_at=now, heartbeat_at=now, step="storing")
    with translation.override("en"):
        region = runs_region(now=now)
    assert region.pending
    assert region.runs[0].counts == "Stores and computes lights"


def test_the_region_gives_up_when_no_worker_answers(loaded: Path) -> None:
    since = timezone.now() + timedelta(seconds=1)
    with translation.override("en"):
        region = runs_region(
            asked="nationale_maal", since=since.isoformat(), now=since + PATIENCE + timedelta(seconds=1)
        )
    assert not region.pending
    assert region.say.startswith("No worker has answered yet.")


@pytest.mark.parametrize("since", ["", "i går", "2026-13-45T99:99", "2026-11-20T08:00:00"])
def test_an_address_made_by_hand_breaks_nothing(loaded: Path, client: Client, since: str) -> None:
    assert client.get("/data/", {"bedt": "nationale_maal", "siden": since}).status_code == 200


def test_the_region_without_htmx_is_the_whole_page(loaded: Path, client: Client) -> None:
    response = client.get("/data/koersler/", {"bedt": "nationale_maal", "siden": "x"})
    assert response.status_code == 302
    assert response["Location"].startswith("/data/?bedt=")


def test_an_unknown_source_is_not_found(loaded: Path, client: Client, sent: list[Any]) -> None:
    client.force_login(make_steward())
    assert client.post("/data/ukendt/hent/").status_code == 404
    assert client.get("/data/nationale_maal/hent/").status_code == 405


def test_a_queue_that_does_not_answer_is_said(loaded: Path, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from kombu.exceptions import OperationalError

    def fail(*args: Any) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.refresh_source, "delay_on_commit", fail)
    client.force_login(make_steward())
    response = client.post("/data/nationale_maal/hent/", follow=True)
    assert response.status_code == 200
    assert b"sa-note" in response.content


PRESS = """
import sys
import django
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.get(email="data@example.dk"))
answers = [client.get(path).status_code for path in ("/", "/maal/", "/data/")]
answers.append(client.post("/data/nationale_maal/hent/").status_code)
heavy = [name for name in ("pandas", "weasyprint", "numpy", "vl_convert", "httpx") if name in sys.modules]
print(answers, heavy)
"""


@pytest.mark.slow
def test_pressing_the_button_imports_nothing_heavy(transactional_db: None, folder: Path) -> None:
    """In a process of its own: this one has long imported pandas."""
    from indicators.actions.catalogue import load_catalogue

    load_catalogue(by=None, folder=folder)
    make_steward()
    environment = {**worker_environment(), "BROKER_URL": "filesystem://"}
    done = subprocess.run(
        [sys.executable, "-c", PRESS],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "[200, 200, 200, 302] []", done.stderr[-2000:]
