"""A JSON-stat document at any address on the list, mapped by a definition."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from indicators.models import DataSource, Observation, RunState, TableInfo
from indicators.refresh.reading import NotReadable, Table, TryAgain, keep_raw
from indicators.refresh.running import refresh_source
from indicators.refresh.sources import jsonstat
from tests.indicators.first_files import looked_at
from tests.indicators.statbank_world import statbank_world
from tests.indicators.world import edit
from tests.statbank_server import Statbank

NAME = "andres_tal"
DEFINITION = f"sources/{NAME}.yaml"
DOCUMENT: dict[str, Any] = {
    "class": "dataset",
    "label": "Readmissions",
    "id": ["area", "year"],
    "size": [2, 2],
    "dimension": {
        "area": {"category": {"index": ["N", "M"], "label": {"N": "Nord", "M": "Midt"}}},
        "year": {"category": {"index": {"2021": 0, "2022": 1}}},
    },
    "value": [10.5, 11, None, 12.0],
    "status": {"2": ":"},
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return tmp_path / "catalogue"


@pytest.fixture
def bank(db: None, catalogue: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Statbank]:
    with statbank_world(catalogue, settings, monkeypatch) as found:
        found.documents["one"] = copy.deepcopy(DOCUMENT)
        yield found


def refused(why: type[Exception] = NotReadable) -> tuple[str, str]:
    with pytest.raises(why) as caught:
        through()
    return caught.value.code, caught.value.details  # type: ignore[attr-defined]


def through() -> Table:
    """Fetched and read, without storing."""
    source = DataSource.objects.get(name=NAME)
    return jsonstat.read(keep_raw(source, jsonstat.fetch(source), now=timezone.now()).path, source)


def test_the_cells_become_figures(bank: Statbank, catalogue: Path) -> None:
    run = looked_at(refresh_source(NAME, folder=catalogue), catalogue)
    assert (run.state, run.rows_new) == (RunState.STORED, 4), run.message
    rows = Observation.objects.filter(edition__slug="andres-tal").order_by("area__code", "period")
    assert [(row.area.code, row.period, row.value, row.flag, row.method) for row in rows] == [
        ("081", "2021", Decimal("10.5"), "ok", "other"),
        ("081", "2022", Decimal(11), "ok", "other"),
        ("082", "2021", None, "not_published", "other"),
        ("082", "2022", Decimal(12), "ok", "other"),
    ]
    assert "»:«" in rows[2].reason
    assert refresh_source(NAME, folder=catalogue).state == RunState.UNCHANGED


def test_only_what_is_asked_for_is_read(bank: Statbank, catalogue: Path) -> None:
    edit(catalogue, DEFINITION, "{code: area, is: area,", '{code: area, is: area, values: ["M"],')
    assert [row.cells["area_code"] for row in through().rows] == ["082", "082"]
    assert [row.line for row in through().rows] == [3, 4]


def test_dimensions_in_another_order_are_the_same(bank: Statbank) -> None:
    plain = {(row.cells["area_code"], row.cells["period"]): row.cells.get("value") for row in through().rows}
    bank.documents["one"] |= {"id": ["year", "area"], "value": [10.5, None, 11, 12.0], "status": {"1": ":"}}
    turned = {(row.cells["area_code"], row.cells["period"]): row.cells.get("value") for row in through().rows}
    assert turned == plain


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"id": ["area", "time"]}, ("not_json_stat", "time")),
        ({"value": [1.55, 2, 3, 4]}, ("more_decimals", "")),
        ({"value": [1e99, 2, 3, 4]}, ("not_a_number", "")),
        ({"value": [1, 2, 3]}, ("not_json_stat", "value")),
        ({"class": "collection", "dimension": 1}, ("collection", "")),
    ],
)
def test_what_cannot_be_used_is_refused(bank: Statbank, change: dict[str, Any], found: tuple[str, str]) -> None:
    bank.documents["one"] |= change
    assert refused() == found


def test_a_dimension_that_came_or_went_is_refused(bank: Statbank) -> None:
    through()
    inside = bank.documents["one"]["dimension"]
    inside["sex"] = {"category": {"index": ["TOT"]}}
    bank.documents["one"] |= {"id": ["area", "year", "sex"], "size": [2, 2, 1]}
    assert refused() == ("variable_new", "sex")
    bank.documents["one"] |= {"id": ["year"], "size": [2], "value": [1, 2], "status": ""}
    assert refused() == ("variable_gone", "area")
    assert TableInfo.objects.filter(accepted=True).count() == 1


def test_a_code_that_means_something_else_is_refused(bank: Statbank) -> None:
    through()
    bank.documents["one"]["dimension"]["area"]["category"]["label"]["N"] = "Nordsjælland"
    assert refused() == ("code_renamed", "area: N")


def test_one_of_several_data_sets_is_named(bank: Statbank, catalogue: Path) -> None:
    bank.documents["one"] = {"class": "collection", "link": {"item": [DOCUMENT, {**DOCUMENT, "label": "Others"}]}}
    assert refused() == ("collection", "Readmissions, Others")
    edit(catalogue, DEFINITION, "  unit: pct.", "  dataset: Readmissions\n  unit: pct.")
    assert len(through().rows) == 4


@pytest.mark.parametrize(
    ("fault", "why", "code"),
    [
        ("500", TryAgain, "source_in_trouble"),
        ("cut", TryAgain, "cut_off"),
        ("html", NotReadable, "wrong_type"),
        ("redirect", NotReadable, "redirected"),
        ("nonsense", NotReadable, "not_json_stat"),
        ("SOMETHING", NotReadable, "source_refuses"),
    ],
)
def test_every_fault(bank: Statbank, fault: str, why: type[Exception], code: str) -> None:
    bank.fault = fault
    assert refused(why)[0] == code


def test_another_host_than_those_on_the_list_is_refused(bank: Statbank, catalogue: Path) -> None:
    edit(catalogue, DEFINITION, bank.origin, "https://tal.example.dk")
    assert refused() == ("host_not_allowed", "127.0.0.1")
