"""Whether a table was found to be as its definition says: one step, told on the page, and what the schedule goes by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from indicators import tasks
from indicators.models import DataSource, Observation, RefreshRun, TableInfo
from tests.factories import make_steward
from tests.indicators.statbank_world import statbank_world
from tests.statbank_server import BankTable, Statbank

NAME = "statbank_genind"


@pytest.fixture
def bank(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Statbank]:
    with statbank_world(tmp_path / "catalogue", settings, monkeypatch) as found:
        DataSource.objects.filter(name=NAME).update(fetch_every_days=7, cadence="yearly")
        yield found


@pytest.fixture
def table(bank: Statbank) -> BankTable:
    return bank.tables["GENIND"]


def verify(name: str = NAME) -> None:
    call_command("refresh", name, verify=True)


def is_due(*, days: int = 1) -> bool:
    return NAME in tasks.due_sources(timezone.localtime().replace(hour=12) + timedelta(days=days))


def shown(client: Client) -> str:
    text = client.get("/data/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
    return text.split("Statbank</h3>")[1].split("</li>")[0]


def test_a_table_nobody_has_seen_is_told_and_not_fetched_by_itself(bank: Statbank, client: Client) -> None:
    assert not is_due()
    reader = shown(client)
    assert "Ikke efterprøvet: Systemet har endnu ikke set tabellen hos kilden." in reader
    assert "Hent tallene nu" not in reader, "a reader cannot"
    client.force_login(make_steward())
    assert "Hent tallene nu. Passer tabellen med definitionen, bliver tallene derefter hentet af sig selv." in shown(
        client
    )
    DataSource.objects.filter(name=NAME).update(fetch_every_days=0)
    assert "før noget tal gemmes" in shown(client)


def test_the_step_asks_for_the_table_alone_and_is_kept(
    bank: Statbank, client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    verify()
    assert "It is fetched every 7 days from now on." in capsys.readouterr().out
    assert [path for path, _ in bank.asked] == ["/v1/tableinfo"]
    assert not RefreshRun.objects.exists()
    assert not Observation.objects.filter(edition__source__name=NAME).exists()
    assert "og de passer sammen." in shown(client)
    assert is_due()
    verify()
    assert TableInfo.objects.count() == 1, "the same again is not kept again"


def test_fetching_is_the_same_step(bank: Statbank, client: Client) -> None:
    tasks.refresh_source(NAME)
    assert "og de passer sammen." in shown(client)
    assert not is_due(days=6)
    assert is_due(days=7)


def test_every_trouble_of_the_table_is_told_at_once(bank: Statbank, table: BankTable, client: Client) -> None:
    del table.variables["KØN"]["TOT"]
    table.unit = "Antal"
    with pytest.raises(CommandError) as caught:
        verify()
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{NAME} could not be verified."
    assert [line for line in lines if "KØN" in line or "Antal" in line or "Procent" in line] == lines[1:]
    assert len(lines) == 3
    client.force_login(make_steward())
    text = shown(client)
    assert "Ikke efterprøvet: Tabellen passer ikke med definitionen. Der hentes ingen tal." in text
    assert f"rette sources/{NAME}.yaml i kataloget" in text
    assert not is_due()


def test_a_table_that_changed_since_is_told_and_still_asked(bank: Statbank, table: BankTable, client: Client) -> None:
    """It may be put right at the source over night, so the schedule goes on looking."""
    verify()
    removed = table.variables["KØN"].pop("TOT")
    with pytest.raises(CommandError):
        verify()
    assert "gør det ikke længere. Der hentes ingen tal." in shown(client)
    assert is_due()
    table.variables["KØN"] = {"TOT": removed, **table.variables["KØN"]}
    verify()
    assert "og de passer sammen." in shown(client)


@pytest.mark.parametrize(
    ("name", "fault", "why"),
    [
        (NAME, "500", "Kilden har selv problemer"),
        (NAME, "cut", "afbrudt"),
        ("nationale_maal", "", "Der er ingen tabel at spørge"),
        ("", "", "Name the source"),
        ("statbank_genin", "", "Sources:"),
    ],
)
def test_what_cannot_be_verified_says_why(bank: Statbank, name: str, fault: str, why: str) -> None:
    bank.info_fault = fault
    with pytest.raises(CommandError, match=why):
        verify(name)
    assert not TableInfo.objects.exists()


def test_the_next_figures_are_reckoned_from_the_day_the_table_was_changed(bank: Statbank, client: Client) -> None:
    verify()
    assert "Omkring 11. februar 2027" in shown(client)
