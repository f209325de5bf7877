"""The definitions that come with the program, beside tables as Statistics Denmark describes them: verified, fetched, shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from indicators import tasks
from indicators.actions.figure_runs import approve_run
from indicators.models import Observation, RefreshRun, RunState
from sundhedsaftale.lib.hosts import read_hosts
from tests.factories import make_steward
from tests.indicators.life_expectancy import FIGURES, NAMES, TOO_FEW, add_tables
from tests.statbank_server import Statbank

pytestmark = pytest.mark.slow


@pytest.fixture
def bank(db: None, settings: Any) -> Iterator[Statbank]:
    call_command("load_catalogue", without_figures=True, stdout=StringIO())
    with Statbank() as found:
        add_tables(found)
        settings.FIGURE_HOSTS = read_hosts(found.origin)
        settings.STATBANK_URL = found.url
        yield found


def due() -> list[str]:
    tomorrow = timezone.localtime().replace(hour=12) + timedelta(days=1)
    return [name for name in tasks.due_sources(tomorrow) if name.startswith("statbank")]


def facts_of(client: Client, title: str) -> str:
    """What /data/ says of the source, as plain words."""
    text = client.get("/data/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    return text.split(f"Statistikbanken {title}:")[1].split("</li>")[0]


def test_one_step_verifies_and_from_then_on_they_are_fetched_by_themselves(bank: Statbank, client: Client) -> None:
    client.force_login(make_steward())
    assert due() == []
    before = facts_of(client, "HISBK")
    assert "Ikke efterprøvet: Systemet har endnu ikke set tabellen hos kilden. Hent tallene nu." in before

    said = StringIO()
    for name in NAMES:
        call_command("refresh", name, verify=True, stdout=said)
    assert said.getvalue().count("It is fetched every 7 days from now on.") == 3
    assert {path for path, _ in bank.asked} == {"/v1/tableinfo"}, "no figure was asked for"
    assert not RefreshRun.objects.exists()
    after = facts_of(client, "HISBK")
    assert "og de passer sammen." in after
    assert "Hver 7. dag." in after
    assert "Omkring 12. februar 2027" in after, "a year after the table was last changed"
    assert due() == list(NAMES)

    for name in due():
        tasks.refresh_source(name)
    waiting = list(RefreshRun.objects.select_related("source"))
    assert {run.source.name: (run.state, run.rows_new) for run in waiting} == {
        name: (RunState.WAITING, FIGURES[name]) for name in NAMES
    }
    assert {reason["code"] for run in waiting for reason in run.reasons} == {"first_file"}
    for run in waiting:
        approve_run(run=run, by=None, seen=run.difference_fingerprint)
        tasks.publish_approved(run.pk)
    assert set(RefreshRun.objects.values_list("state", "message")) == {(RunState.STORED, "")}
    figures = Observation.objects.filter(indicator__code="middellevetid")
    blank = figures.filter(value__isnull=True)
    assert set(blank.values_list("area__code", flat=True)) == set(TOO_FEW)
    assert not figures.filter(area__code="411").exists()
    assert set(figures.filter(area__code="000").values_list("breakdown", "period").order_by()) == {
        *(("statistikbanken", period) for period in ("2020:2024", "2021:2025")),
        *(("statistikbanken", period) for period in ("2022:2023", "2023:2024", "2024:2025")),
        *((f"statistikbanken-{sex}", period) for sex in ("maend", "kvinder") for period in ("2023:2024", "2024:2025")),
    }
    assert due() == [], "fetched today, and not again before the week is over"
    tasks.refresh_source("statbank_hisbr")
    assert RefreshRun.objects.first().state == RunState.UNCHANGED  # type: ignore[union-attr]
