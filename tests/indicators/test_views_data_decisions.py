"""A run of its own and the pages where a steward decides."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from indicators import tasks
from indicators.models import DataSource, RefreshRun, RunDifference, RunState
from tests.factories import make_steward, make_user
from tests.indicators.test_refresh_decisions import refresh_without


def test_figures_that_wait_are_for_stewards_and_the_decision_goes_to_a_worker(
    loaded: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(tasks.publish_approved, "delay_on_commit", lambda *args: sent.append(args))
    run = refresh_without(loaded, "psykiatri,791", change=True)
    path = f"/data/koersler/{run.pk}/"
    client.force_login(make_user())
    assert "13,3" not in client.get(path).content.decode()
    assert client.post(f"{path}godkend/", {"seen": run.difference_fingerprint}).status_code == 403
    client.force_login(make_steward())
    page = client.get(path).content.decode()
    assert "13,3" in page
    assert f"{path}godkend/" in page
    assert path in client.get("/data/").content.decode()
    assert client.post(f"{path}godkend/", {"seen": "noget andet"}).status_code == 409
    assert sent == []
    assert client.post(f"{path}godkend/", {"seen": run.difference_fingerprint}).status_code == 302
    assert sent == [(run.pk,)]
    assert RefreshRun.objects.get(pk=run.pk).state == "approved"
    assert "every 2s" in client.get(path).content.decode()
    assert client.post(f"{path}afvis/", {"seen": run.difference_fingerprint}).status_code == 409


# --- Long lists -------------------------------------------------------------------------------------------------------


@pytest.fixture
def long_run(loaded: Path) -> RefreshRun:
    """120 new and 60 changed figures kept, of 1,669 and 60."""
    now = timezone.now()
    source = DataSource.objects.get(name="nationale_maal")
    counts = {"rows_new": 1669, "rows_changed": 60}
    run = RefreshRun.objects.create(source=source, state=RunState.WAITING, started_at=now, heartbeat_at=now, **counts)
    rows = [("changed", number) for number in range(60)] + [("new", number) for number in range(120)]
    RunDifference.objects.bulk_create(
        RunDifference(
            run=run, kind=kind, line=n + 2, indicator="overlevelse", area="000", period=f"{1700 + n}", after=n
        )
        for kind, n in rows
    )
    return run


def periods(page: str, kind: str) -> list[int]:
    part = page.partition(f'id="forskel-{kind}"')[2].partition("</details>")[0]
    return [int(period) for period in re.findall(r"Hele landet, (\d{4})", part)]


def test_long_lists_are_paged_each_for_itself_in_the_address(long_run: RefreshRun, client: Client) -> None:
    path = f"/data/koersler/{long_run.pk}/"
    client.force_login(make_steward())
    page = client.get(path).content.decode()
    assert (len(periods(page, "changed")), len(periods(page, "new"))) == (50, 50)
    assert "1.669 nye tal" in page
    assert "120 af 1.669 er gemt med kørslen, dem med en advarsel først. Viser 1–50 af 120." in page
    assert "60 af 60" not in page
    assert f'href="{path}?nye=2#forskel-new"' in page
    page = client.get(f"{path}?nye=3&aendrede=2").content.decode()
    assert periods(page, "new") == list(range(1800, 1820))
    assert periods(page, "changed") == list(range(1750, 1760))
    assert f'href="{path}?aendrede=2&amp;nye=2#forskel-new"' in page
    assert f'href="{path}?aendrede=1&amp;nye=3#forskel-changed"' in page
    assert page.count('<details class="details sa-difference" open>') == 2


@pytest.mark.parametrize("asked", ["99", "0", "-1", "to", ""])
def test_a_page_that_is_not_there_is_the_nearest(long_run: RefreshRun, client: Client, asked: str) -> None:
    client.force_login(make_steward())
    page = client.get(f"/data/koersler/{long_run.pk}/", {"nye": asked}).content.decode()
    assert periods(page, "new")[0] == {"99": 1800, "-1": 1800, "0": 1800}.get(asked, 1700)


def test_with_htmx_the_region_comes_with_the_list_asked_for(long_run: RefreshRun, client: Client) -> None:
    client.force_login(make_steward())
    region = client.get(f"/data/koersler/{long_run.pk}/?nye=2", headers={"hx-request": "true"}).content.decode()
    assert region.startswith('<div id="run">')
    assert periods(region, "new")[0] == 1750
    assert 'hx-select="#forskel-new"' in region


def test_a_run_asks_the_database_little(
    long_run: RefreshRun, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_steward())
    with django_assert_max_num_queries(12):
        client.get(f"/data/koersler/{long_run.pk}/?nye=2")
