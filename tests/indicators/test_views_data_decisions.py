"""A run of its own and the pages where a steward decides."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from indicators import tasks
from indicators.models import RefreshRun
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
