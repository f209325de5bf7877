"""Tables that people have: read as declared, or refused whole with place and reason and the old figures left alone."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.utils import timezone
from openpyxl.comments import Comment

from indicators.actions.mappings import create_table_source, map_unknown_name, save_layout
from indicators.calculations.table_mapping import TableLayout
from indicators.models import Area, AreaAlias, DataSource, Observation, RefreshRun, RunState, UnknownName
from indicators.refresh.grids import column_letters, read_grid
from indicators.refresh.reading import NotReadable
from indicators.refresh.running import refresh_source
from sundhedsaftale.lib import packages
from tests.factories import make_steward
from tests.indicators import workbooks
from tests.indicators.first_files import looked_at

WIDE = TableLayout("wide_periods", roles=("area", "values", "values"), constants={"indicator": "genindlaeggelser"})
CPR = "010190-1234"


@pytest.fixture
def source(loaded: Path) -> DataSource:
    found = create_table_source(
        title="Ministeriets talgrundlag",
        publisher="Ministeriet",
        url="",
        licence="",
        edition_title="Talgrundlag 2025",
        published_on="2025-11",
        now=timezone.now(),
        by=None,
    )
    save_layout(source=found, layout=WIDE, now=timezone.now(), by=None)
    return found


@pytest.fixture
def run(source: DataSource, loaded: Path, tmp_path: Path, settings: Any) -> Any:
    settings.VAR_DIR = tmp_path / "var"

    def of(data: bytes, ending: str = ".xlsx", **layout: Any) -> RefreshRun:
        if layout:
            wanted = TableLayout.from_json({**WIDE.as_json(), **layout})
            save_layout(source=source, layout=wanted, now=timezone.now(), by=None)
        path = tmp_path / f"tal{ending}"
        path.write_bytes(data)
        return looked_at(refresh_source(source.name, path=path, folder=loaded), loaded)

    return of


def stored() -> dict[tuple[str, str], Decimal | None]:
    found = Observation.objects.filter(edition__source__reader="tabular", is_current=True)
    return {(one.area.code, one.period): one.value for one in found.select_related("area")}


EXPECTED = {
    ("000", "2023"): Decimal(11),
    ("000", "2024"): Decimal("10.9"),
    ("081", "2023"): Decimal("10.7"),
    ("081", "2024"): Decimal("10.2"),
}


def test_a_workbook_becomes_figures_with_edition_and_lights(run: Any) -> None:
    done = run(workbooks.workbook())
    assert (done.state, done.rows_new) == (RunState.STORED, 4)
    assert stored() == EXPECTED
    assert done.edition.title == "Talgrundlag 2025"
    assert all(one.assessment for one in Observation.objects.filter(edition=done.edition))


TEXT = "Område;2023;2024\r\nHele landet;11,0;10,9\r\nNordjylland;10,7;10,2\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "windows-1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_text_in_every_usual_encoding(run: Any, encoding: str, mark: str) -> None:
    done = run(TEXT.replace(";", mark).encode(encoding), ".csv")
    assert (done.state, stored()) == (RunState.STORED, EXPECTED)


def test_english_decimals_with_commas_between(run: Any) -> None:
    english = TEXT.replace(",", ".").replace(";", ",").replace("\r\n", "\n")
    assert run(english.encode(), ".csv", decimal_mark=".").state == RunState.STORED
    assert stored() == EXPECTED


def test_a_declared_heading_space_merged_cells_and_the_sheet_chosen(run: Any) -> None:
    def more(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("Bilag 2")
        sheet.append(["Talgrundlag"])
        sheet.append([])
        for row in (("Område", "År", "Tal"), ("Hele landet", 2023, 11.0), (None, 2024, "10,9")):
            sheet.append(row)
        sheet.merge_cells("A4:A5")

    layout = {"layout": "long", "roles": ["area", "period", "value"], "skip": 2, "fill_down": True, "sheet": "Bilag 2"}
    assert run(workbooks.workbook(more=more), **layout).state == RunState.STORED
    assert stored() == {("000", "2023"): Decimal(11), ("000", "2024"): Decimal("10.9")}


def test_a_percentage_as_excel_keeps_it_is_what_it_shows(run: Any) -> None:
    def more(book: openpyxl.Workbook) -> None:
        book.active["B2"].value, book.active["B2"].number_format = 0.107, "0.0%"

    assert run(workbooks.workbook(more=more)).state == RunState.STORED
    assert stored()[("000", "2023")] == Decimal("10.7")


def refused(done: RefreshRun) -> tuple[str, str]:
    """(code, place) of the one refusal, which the figures of before have survived."""
    assert done.state == RunState.REFUSED, done.message
    assert Observation.objects.filter(edition__source=done.source).count() == 0
    assert Observation.objects.current().count() == 10
    row = done.rejected.get()
    assert row.reason
    assert row.reason != "The row cannot be stored."
    return row.code, row.place.partition("ministeriets-talgrundlag")[2]


def changed(cell: str, value: Any) -> bytes:
    return workbooks.workbook(more=lambda book: book.active.__setitem__(cell, value))


@pytest.mark.parametrize(
    ("data", "code", "place"),
    [
        (changed("C3", 100.5), "over_100", ":3, C3"),
        (changed("C3", -1), "negative", ":3, C3"),
        (changed("C3", "ca. 10"), "not_a_figure", ":3, C3"),
        (changed("C3", None), "blank_undeclared", ":3, C3"),
        (changed("C3", "10.2"), "other_decimal_mark", ":3, C3"),
        (changed("A3", "Nordjyland"), "unknown_area_name", ":3, A3"),
        (changed("D1", "2025"), "columns_differ", ":1"),
        (changed("B3", "=1+1"), "formula", ":3"),
        (workbooks.with_formula(10.7), "formula", ":3"),
        (workbooks.workbook([]), "no_rows", ""),
        (b"", "empty_file", ""),
        (b"  \r\n ", "empty_file", ""),
        (b"\x00\x01\x02", "not_text", ""),
        (b'Sted;2023;2024\n"Hele;1;2\n', "quotes_differ", ":2"),
        (b"PK\x03\x04broken", "file_corrupt", ""),
        (packages.OLE_HEADER + b"\0" * 600, "file_old_format", ""),
        (packages.OLE_HEADER + "EncryptedPackage".encode("utf-16-le"), "file_encrypted", ""),
        (workbooks.with_part("xl/vbaProject.bin", b"x"), "file_macros", ""),
        (workbooks.with_part("xl/externalLinks/externalLink1.xml", b"<a/>"), "file_external_link", ""),
        (
            workbooks.with_part("xl/media/x.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
            "file_xml_entities",
            "",
        ),
        (workbooks.with_part("xl/media/bomb.bin", b"\0" * (101 * 2**20)), "file_unpacks_too_large", ""),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_files_store_nothing_and_say_why(run: Any, data: bytes, code: str, place: str) -> None:
    assert refused(run(data)) == (code, place)


def test_two_columns_of_one_period_are_two_figures_for_one_key(run: Any) -> None:
    done = run(changed("C1", "2023"))
    assert [(row.code, row.details) for row in done.rejected.all()] == [
        ("duplicate_cell", "B2"),
        ("duplicate_cell", "B3"),
    ]
    assert stored() == {}


def test_wrong_unit_and_a_hidden_sheet(run: Any) -> None:
    layout = {"layout": "long", "roles": ["area", "period", "unit", "value"]}
    rows = (("a", "b", "c", "d"), ("Hele landet", 2023, "dage", 1))
    assert refused(run(workbooks.workbook(rows), **layout))[0] == "wrong_unit"

    def hide(book: openpyxl.Workbook) -> None:
        book.create_sheet("Skjult").sheet_state = "hidden"

    assert refused(run(workbooks.workbook(more=hide), sheet="Skjult"))[0] == "sheet_missing"


def hidden(book: openpyxl.Workbook) -> None:
    sheet = book.create_sheet("Skjult")
    sheet.sheet_state = "hidden"
    sheet["B2"] = CPR


def in_comment(book: openpyxl.Workbook) -> None:
    book.active["A1"].comment = Comment(f"Spørg {CPR}", "x")


def in_properties(book: openpyxl.Workbook) -> None:
    book.properties.title = CPR


def in_number(book: openpyxl.Workbook) -> None:
    book.active["E9"] = 101901234  # the zero in front dropped by Excel


@pytest.mark.parametrize(
    ("more", "details"), [(hidden, "2!B2"), (in_comment, "note"), (in_properties, "properties"), (in_number, "1!E9")]
)
def test_a_cpr_number_anywhere_keeps_the_file_out(run: Any, more: Any, details: str) -> None:
    done = run(workbooks.workbook(more=more))
    row = done.rejected.get()
    assert (row.code, row.details, done.raw_file) == ("cpr_in_workbook", details, "")
    assert CPR not in row.reason
    assert not (Path(settings.VAR_DIR) / "raw").exists()


def test_a_cpr_number_in_a_windows_file(run: Any) -> None:
    done = run(TEXT.replace("Nordjylland", f"Åse {CPR}").encode("windows-1252"), ".csv")
    assert (done.rejected.get().code, done.raw_file) == ("cpr", "")


def test_an_unknown_name_is_mapped_once_and_the_file_then_runs(run: Any) -> None:
    data = changed("A3", "Region Nordjyllannd")
    done = run(data)
    assert done.rejected.get().details == "Nordjylland, Midtjylland"
    unknown = UnknownName.objects.get()
    assert (unknown.name, unknown.place, unknown.area) == ("Region Nordjyllannd", "A3", None)
    steward = make_steward()
    alias = map_unknown_name(unknown=unknown, area=Area.objects.get(code="081"), now=timezone.now(), by=steward)
    unknown.refresh_from_db()
    assert (alias.area.code, unknown.mapped_by, unknown.mapped_at is not None) == ("081", steward, True)
    assert run(data).state == RunState.STORED
    assert stored() == EXPECTED
    assert AreaAlias.objects.filter(alias="Region Nordjyllannd").count() == 1


def test_a_source_without_a_declared_layout(loaded: Path, tmp_path: Path) -> None:
    DataSource.objects.create(name="ny", title="Ny", reader="tabular", edition_slug="maal-2024")
    path = tmp_path / "tal.csv"
    path.write_text(TEXT)
    assert refresh_source("ny", path=path, folder=loaded).rejected.get().code == "mapping_missing"


def test_the_first_lines_are_read_for_a_look() -> None:
    grid = read_grid(workbooks.workbook(), most_lines=2)
    assert (len(grid.lines), grid.width, grid.sheet, grid.sheets) == (2, 3, "Tal", ("Tal",))
    assert [cell.place for cell in grid.lines[1].cells] == ["A2", "B2", "C2"]
    assert read_grid("Å;b\n1;2\n".encode("windows-1252")).read_as == "windows-1252"
    assert read_grid(b"sep=;\nA;B\n1;2\n").lines[0].number == 2
    assert [column_letters(at) for at in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_workbook_cut_off_in_the_middle_is_damaged() -> None:
    with pytest.raises(NotReadable) as raised:
        read_grid(workbooks.workbook()[:900])
    assert raised.value.code == "file_corrupt"
    assert read_grid(workbooks.workbook()).width == 3


def test_the_same_file_is_read_again_when_its_layout_has_changed(run: Any) -> None:
    text = "Område;2023;2024\nHele landet;11;10\nNordjylland;10;9\n".encode()
    assert run(text, ".csv").state == RunState.STORED
    assert (run(text, ".csv").rows_read, run(text, ".csv").state) == (0, RunState.UNCHANGED)
    narrower = run(text, ".csv", roles=["area", "values", ""])
    assert (narrower.rows_read, narrower.rows_vanished, narrower.state) == (2, 2, RunState.WAITING)
    assert run(text, ".csv", roles=["area", "values", "values"]).state == RunState.UNCHANGED
    assert run(text, ".csv", decimal_mark=".").rows_read == 4  # another declaration, the same figures
    assert run(text, ".csv").rows_read == 0
