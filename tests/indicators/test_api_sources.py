"""Sources, editions, footnotes and replaced figures for machines, and areas as they were on a day."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Area, Edition, Observation
from tests import factories as make
from tests.project.page_world import denmark


def rows(client: Client, path: str, **query: str) -> list[dict[str, Any]]:
    response = client.get(f"/api/v1/{path}/", query)
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def test_an_edition_carries_source_and_licence(loaded: Path, client: Client) -> None:
    Edition.objects.update(terms="CC BY 4.0")
    (row,) = rows(client, "editions", source="nationale_maal")
    edition = Edition.objects.get()
    assert (row["id"], row["slug"], row["source"], row["licence"]) == (
        edition.pk,
        edition.slug,
        "nationale_maal",
        "CC BY 4.0",
    )
    assert rows(client, "editions", slug="findes-ikke") == []
    assert client.get(f"/api/v1/editions/{edition.pk}/").json() == row
    Edition.objects.update(terms="")
    assert rows(client, "editions")[0]["licence"] == edition.source.licence


def test_an_edition_tells_that_it_was_withdrawn(loaded: Path, client: Client) -> None:
    assert rows(client, "editions")[0]["withdrawn_at"] is None
    Edition.objects.update(withdrawn_at=datetime(2026, 3, 2, 9, 30, tzinfo=UTC))
    told = rows(client, "editions")[0]["withdrawn_at"]
    assert datetime.fromisoformat(told) == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def test_footnotes_name_their_indicators(loaded: Path, client: Client) -> None:
    (row,) = rows(client, "footnotes", indicator="genindlaeggelser")
    assert (row["number"], row["text"]) == (1, "Tallene er standardiseret.")
    assert "genindlaeggelser" in row["indicators"]
    assert rows(client, "footnotes", indicator="overlevelse") == []


def test_what_was_replaced_can_be_asked_for(loaded: Path, client: Client) -> None:
    assert rows(client, "replaced") == []
    old = Observation.objects.get(indicator__code="genindlaeggelser", area__code="082")
    Observation.objects.filter(pk=old.pk).update(is_current=False)
    make.make_observation(
        old.indicator, old.area, "12.5", old.period, edition=make.make_edition("ny-udgave", "2025-01")
    )
    (row,) = rows(client, "replaced", indicator="genindlaeggelser")
    assert (row["value"], row["edition"]["slug"]) == (float(old.value or 0), old.edition.slug)
    assert rows(client, "replaced", indicator="overlevelse") == []
    versions = rows(client, "observations", indicator="genindlaeggelser", area="082", history="true")
    assert [one["value"] for one in versions] == [float(old.value or 0), 12.5]
    only = rows(client, "observations", edition_id=str(versions[1]["edition"]["id"]), area="082")
    assert [one["value"] for one in only] == [12.5]


@pytest.mark.django_db
def test_areas_within_another_on_a_day(client: Client) -> None:
    world = denmark()
    before, after = date(2026, 12, 31).isoformat(), date(2027, 1, 1).isoformat()
    assert len(rows(client, "areas", within=world.cluster.code)) == 3
    assert len(rows(client, "areas", within=world.cluster.code, valid_on=before)) == 3
    assert rows(client, "areas", within=world.cluster.code, valid_on=after) == []
    assert len(rows(client, "areas", within=world.council.code, valid_on=after)) == 3


@pytest.mark.parametrize("path", ["sources", "editions", "footnotes", "replaced"])
def test_the_number_of_questions_does_not_grow(loaded: Path, client: Client, path: str) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            rows(client, path)
        return len(queries)

    Observation.objects.filter(area__code="081").update(is_current=False)
    before = asked()
    for number in range(4):
        make.make_edition(f"flere-{number}")
    Observation.objects.filter(area__in=Area.objects.exclude(code="081")).update(is_current=False)
    assert asked() == before <= 6
