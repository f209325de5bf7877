"""Files that must not become figures, each through the whole refresh and onto the run's page: refused or held with row and
reason, nothing stored, and the figures of before as they were."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from indicators.actions.mappings import create_table_source, save_layout
from indicators.calculations.table_mapping import TableLayout
from indicators.models import DataSource, RefreshRun, RunState, UnknownName
from indicators.refresh.running import refresh_source
from tests.factories import make_steward
from tests.indicators import workbooks
from tests.indicators.first_files import looked_at
from tests.indicators.tables_of_figures import everything

HEADINGS = ("Kommune", "År", "Enhed", "Tal")
VIBORG, LAESOE = ("Viborg", 2021, "pct.", 11.1), ("Læsø", 2021, "pct.", 0.5)
HELD = (HEADINGS, ("Hele landet", 2021, "pct.", 11.0), VIBORG, LAESOE)
NEWER = (("Hele landet", 2022, "pct.", 11.0), ("Viborg", 2022, "pct.", 11.3))


def sheet(*more: Sequence[Any], without: Sequence[Any] | None = None) -> bytes:
    return workbooks.workbook([row for row in (*HELD, *more) if row != without])


def with_cell(cell: str, value: Any) -> bytes:
    def put(book: openpyxl.Workbook) -> None:
        book.active[cell] = value

    return workbooks.workbook(HELD, more=put)


def with_formula_far_down() -> bytes:
    blank = (None,) * len(HEADINGS)
    return workbooks.workbook([*HELD, *[blank] * 6_000, ("Viborg", 2022, "pct.", "=11+0.3")])


@pytest.fixture
def source(loaded: Path, tmp_path: Path, settings: Any) -> DataSource:
    """A source with figures of its own that a person has approved."""
    settings.VAR_DIR, now = tmp_path / "var", timezone.now()
    found = create_table_source(
        title="Talgrundlag", publisher="", url="", licence="", edition_title="T", published_on="2025", now=now, by=None
    )
    layout = TableLayout(roles=("area", "period", "unit", "value"), constants={"indicator": "genindlaeggelser"})
    save_layout(source=found, layout=layout, now=now, by=None)
    path = tmp_path / "første.xlsx"
    path.write_bytes(sheet())
    assert looked_at(refresh_source(found.name, path=path, folder=loaded), loaded).state == RunState.STORED
    return found


@pytest.fixture
def run(source: DataSource, loaded: Path, tmp_path: Path) -> Callable[[bytes], RefreshRun]:
    def of(data: bytes) -> RefreshRun:
        path = tmp_path / "næste.xlsx"
        path.write_bytes(data)
        return refresh_source(source.name, path=path, folder=loaded)

    return of


def told(run: RefreshRun, client: Client) -> str:
    """The run's page as a steward sees it."""
    client.force_login(make_steward())
    return unescape(client.get(f"/data/koersler/{run.pk}/").content.decode())


KEPT = ("figures", "lights", "editions", "retired")

REFUSED = {
    "an unknown area": (
        with_cell("A3", "Vibork"), "unknown_area_name", "talgrundlag:3, A3", "Nærmest: Viborg"),
    "the same figure twice": (
        sheet(("viborg", 2021, "pct.", 11.2)), "duplicate_cell", "talgrundlag:5, D5", "celle D3"),
    "another unit": (with_cell("C3", "dage"), "wrong_unit", "talgrundlag:3, C3", "pct."),
    "more than all": (with_cell("D3", 100.5), "over_100", "talgrundlag:3, D3", "over 100"),
    "a file of nothing": (b"", "empty_file", "talgrundlag", "Filen er tom"),
    "headings alone": (workbooks.workbook([HEADINGS]), "no_rows", "talgrundlag", "ingen rækker"),
    "a bomb": (
        workbooks.with_part("xl/media/bomb.bin", b"\0" * (101 * 2**20)), "file_unpacks_too_large", "talgrundlag", "100 MB"),
    "macros": (workbooks.with_part("xl/vbaProject.bin", b"x", base=sheet()), "file_macros", "talgrundlag", "makroer"),
    "a formula": (with_cell("D3", "=11+0.1"), "formula", "talgrundlag:3", "D3"),
    "a formula far down": (with_formula_far_down(), "formula", "talgrundlag:6005", "D6005"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "place", "words"), REFUSED.values(), ids=REFUSED)
def test_refused_whole_with_row_and_reason(
    run: Callable[[bytes], RefreshRun], client: Client, data: bytes, code: str, place: str, words: str
) -> None:
    before = {name: everything()[name] for name in KEPT}
    done = run(data)
    row = done.rejected.get()
    assert (done.state, row.code, row.place) == (RunState.REFUSED, code, place)
    assert {name: everything()[name] for name in KEPT} == before
    page = told(done, client)
    assert place in page
    assert words in page
    listed = [("Vibork", "A3")] if code == "unknown_area_name" else []
    assert list(UnknownName.objects.values_list("name", "place")) == listed


HELD_BACK = {
    "a hundred times the period before": (
        sheet(*NEWER, ("Læsø", 2022, "pct.", 50.5)), "factor", ("new", "825", "2022", 7), "100 gange"),
    "a hundredth of itself": (
        with_cell("D3", 0.1), "factor", ("changed", "791", "2021", 3), "100 gange"),
    "a municipality gone": (sheet(without=LAESOE), "vanished", ("vanished", "825", "2021", 0), "mangler i filen"),
    "a municipality missing from the new period": (
        sheet(*NEWER), "area_missing", ("vanished", "825", "2022", 0), "Læsø"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code", "row", "words"), HELD_BACK.values(), ids=HELD_BACK)
def test_held_for_a_person_with_row_and_reason(
    run: Callable[[bytes], RefreshRun],
    client: Client,
    data: bytes,
    code: str,
    row: tuple[str, str, str, int],
    words: str,
) -> None:
    before = {name: everything()[name] for name in KEPT}
    done = run(data)
    assert (done.state, [reason["code"] for reason in done.reasons]) == (RunState.WAITING, [code])
    marked = done.differences.exclude(alarm="").values_list("kind", "area", "period", "line", "alarm")
    assert list(marked) == [(*row, code)]
    assert {name: everything()[name] for name in KEPT} == before
    assert words in told(done, client)
