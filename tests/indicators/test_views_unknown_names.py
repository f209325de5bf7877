"""The list of names nobody knows: where each was met, what it is most like, and one press that maps it once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from indicators.actions.mappings import note_unknown_names
from indicators.actions.table_uploads import keep_upload
from indicators.models import AreaAlias, DataSource, RefreshRun, RunState, UnknownName
from tests.factories import make_steward, make_user


@pytest.fixture
def source(loaded: Path, settings: Any, tmp_path: Path) -> DataSource:
    settings.VAR_DIR = tmp_path / "var"
    return DataSource.objects.get(name="nationale_maal")


def met(source: DataSource, *names: str) -> RefreshRun:
    now = timezone.now()
    run = RefreshRun.objects.create(
        source=source, started_at=now, heartbeat_at=now, finished_at=now, state=RunState.REFUSED, fingerprint="f" * 64
    )
    note_unknown_names(source=source, names=dict.fromkeys(names, "A3"), now=timezone.now(), by=None)
    return run


def test_one_press_maps_a_name_and_leads_back_to_the_file(source: DataSource, client: Client) -> None:
    upload = keep_upload(source=source, data=b"x", ending=".csv", now=timezone.now(), by=None)
    run = met(source, "Nordjyland")
    RefreshRun.objects.filter(pk=run.pk).update(fingerprint=upload.fingerprint)
    client.force_login(make_steward())
    page = client.get("/data/ukendte-navne/").content.decode()
    unknown = UnknownName.objects.get()
    assert f"/data/koersler/{run.pk}/" in page
    assert 'name="area" value="081"' in page
    assert "A3" in page
    address = f"/data/ukendte-navne/{unknown.pk}/"
    client.post(address, {"area": ""})
    client.post(address, {"area": "findes-ikke"})
    assert not AreaAlias.objects.filter(alias="Nordjyland").exists()
    client.post(address, {"area": "081"})
    assert AreaAlias.objects.get(alias="Nordjyland").area.code == "081"
    page = client.get("/data/ukendte-navne/").content.decode()
    assert f"/data/indlaes/{upload.token}/" in page
    assert address not in page


def test_a_second_answer_is_refused_in_words(source: DataSource, client: Client) -> None:
    met(source, "Nordjyland")
    client.force_login(make_steward())
    address = f"/data/ukendte-navne/{UnknownName.objects.get().pk}/"
    client.post(address, {"area": "081"})
    answer = client.post(address, {"area": "000"}, follow=True)
    assert AreaAlias.objects.get(alias="Nordjyland").area.code == "081"
    assert [str(message.level_tag) for message in answer.context["messages"]][-1:] == ["error"]


def test_only_stewards(source: DataSource, client: Client) -> None:
    met(source, "Nordjyland")
    address = f"/data/ukendte-navne/{UnknownName.objects.get().pk}/"
    for user in (None, make_user()):
        if user:
            client.force_login(user)
        assert b"Nordjyland<" not in client.get("/data/ukendte-navne/").content
        assert client.post(address, {"area": "081"}).status_code in (302, 403)
    assert UnknownName.objects.get().area is None


def test_many_names_ask_no_more(source: DataSource, client: Client, django_assert_max_num_queries: Any) -> None:
    met(source, *[f"Sted {number}" for number in range(30)])
    client.force_login(make_steward())
    with django_assert_max_num_queries(12):
        assert client.get("/data/ukendte-navne/").content.decode().count("<h3>") == 30
