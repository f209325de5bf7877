"""The files themselves: what Word, Excel and a PDF reader find in them, and that a year later they are the same bytes."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
import time_machine
from docx.oxml.ns import qn

from initiatives.annex.content import AnnexContent
from initiatives.annex.docx import render_docx
from initiatives.annex.gathering import gather
from initiatives.annex.pdf import BASE, only_our_files, render_pdf
from initiatives.annex.xlsx import render_xlsx
from initiatives.models import Snapshot
from tests.initiatives import snapshot_world as frozen

pytestmark = pytest.mark.django_db
SITE = "Sundhedsaftale"


def word(content: AnnexContent) -> bytes:
    return render_docx(content, letter=None, site_name=SITE)


def pdf(content: AnnexContent) -> bytes:
    return render_pdf(content, site_name=SITE)


def excel(content: AnnexContent) -> bytes:
    return render_xlsx(content, site_name=SITE)


def opened(data: bytes) -> Any:
    return docx.Document(BytesIO(data))


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return archive.read(name).decode()


@pytest.fixture
def snapshot() -> Snapshot:
    made = frozen.plan_of_2020()
    frozen.light(made, 1)
    return made


@pytest.fixture
def document(snapshot: Snapshot) -> Any:
    return opened(word(gather(snapshot)))


@pytest.mark.parametrize("make", [word, pytest.param(pdf, marks=pytest.mark.slow), excel])
def test_a_year_later_the_bytes_are_the_same(snapshot: Snapshot, make: Callable[[AnnexContent], bytes]) -> None:
    with time_machine.travel("2026-11-25 10:00"):
        now = make(gather(snapshot))
    with time_machine.travel("2027-12-31 23:30"):
        later = make(gather(Snapshot.objects.get(pk=snapshot.pk)))
    assert now == later


# --- Word -------------------------------------------------------------------------------------------------------------


def test_the_table_is_the_secretariats_own(document: Any, snapshot: Snapshot) -> None:
    table = document.tables[0]
    assert [cell.text for cell in table.rows[0].cells] == ["Indhold", "Forankring", "Status"]
    section = table.rows[1].cells
    assert section[0]._tc is section[2]._tc  # merged over all three
    assert section[0].text == "1. Brug af data til at forebygge (gen)indlæggelser"
    item = snapshot.items.get(number=5)
    cells = next(row.cells for row in table.rows if row.cells[0].text.startswith("5. "))
    assert [paragraph.text for paragraph in cells[0].paragraphs] == [f"5. {item.title}", item.content]
    assert [paragraph.text for paragraph in cells[1].paragraphs] == item.owners
    assert [p.text for p in cells[2].paragraphs if p.style.name != "SA Tilstand"] == item.words.split("\n")
    assert [p.text for p in cells[2].paragraphs if p.style.name == "SA Tilstand"] == ["Tilstand: I gang"]


def test_every_items_cells_are_verbatim(document: Any, snapshot: Snapshot) -> None:
    rows = {row.cells[0].paragraphs[0].text: row.cells for row in document.tables[0].rows}
    for item in snapshot.items.all():
        content, owners, status = rows[f"{item.number}. {item.title}"]
        assert "\n".join(p.text for p in content.paragraphs[1:]) == item.content
        assert owners.text == "\n".join(item.owners)
        assert "\n".join(p.text for p in status.paragraphs if p.style.name != "SA Tilstand") == item.words


def test_the_header_row_is_repeated_and_rows_stay_whole(document: Any) -> None:
    first, *rest = document.tables[0]._tbl.tr_lst
    assert first.trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rest)


def test_a_row_longer_than_half_a_page_may_be_split() -> None:
    made = frozen.snapshot()
    frozen.item(made, 1, words="Ord. " * 600)
    row = opened(word(gather(made))).tables[0]._tbl.tr_lst[-1]
    assert row.find(qn("w:trPr")) is None


def test_the_document_is_danish_and_says_what_it_is(document: Any, snapshot: Snapshot) -> None:
    lang = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}")
    assert lang.get(qn("w:val")) == "da-DK"
    core = document.core_properties
    assert (core.language, core.title) == ("da-DK", f"Bilag: {snapshot.plan_title}")
    assert core.created == core.modified == snapshot.frozen_at
    assert core.identifier == snapshot.content_hash


def test_tables_and_logo_have_alternative_text(document: Any) -> None:
    for table in document.tables:
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert table._tbl.tblPr.find(qn("w:tblDescription")).get(qn("w:val"))
    pictures = document.sections[0].header._element.findall(f".//{qn('wp:docPr')}")
    assert [picture.get("descr") for picture in pictures] == ["Logo: Sundhedsaftale"]


def test_the_foot_has_case_meeting_version_page_and_hash(document: Any, snapshot: Snapshot) -> None:
    footer = document.sections[0].footer
    text = "\n".join(paragraph.text for paragraph in footer.paragraphs)
    assert text.startswith("Sagsnr. 1-01-72-30-17 · Møde 5.\u00a0november 2020 · Version 1 · Side ")
    assert snapshot.content_hash[:16] in text
    fields = [field.get(qn("w:instr")).strip() for field in footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    assert snapshot.content_hash in document.paragraphs[-1].text


def test_a_changed_cell_has_a_bar_and_the_word() -> None:
    from datetime import date

    from tests.initiatives import small_world as world

    body = world.body("Udvalget")
    plan = world.plan(body)
    for day, words in ((date(2020, 6, 3), "A."), (date(2020, 11, 5), "B.")):
        later = frozen.snapshot(plan, frozen.meeting(body, day))
        frozen.item(later, 1, words=words)
    cells = opened(word(gather(later))).tables[0].rows[-1].cells
    assert [cell._tc.tcPr.find(qn("w:tcBorders")) is not None for cell in cells] == [False, False, True]
    assert cells[2].paragraphs[-1].text == "Ændret: status"


def test_a_long_owner_may_be_parted_and_reads_as_before(document: Any, snapshot: Snapshot) -> None:
    owners = next(row.cells[1] for row in document.tables[0].rows if row.cells[0].text.startswith("1. Etik"))
    assert owners._tc.xml.count("<w:softHyphen/>") == 1
    assert owners.text == "Sundhedskoordinationsudvalget i Region Midtjylland"


NASTY = "<b>&\"'\x0b\x00\ud800]]> \t=1+1\nslut"


def test_any_text_can_be_printed() -> None:
    made = frozen.snapshot(plan_title="<&>\"'", body_name="A & B")
    frozen.item(made, 1)
    content = gather(made)
    from dataclasses import replace

    from initiatives.annex.content import lines

    row = replace(content.items[0], status=lines(NASTY), title="<&>")
    content = replace(content, rows=(content.rows[0], row))
    cells = opened(word(content)).tables[0].rows[-1].cells
    assert cells[0].paragraphs[0].text == "1. <&>"
    assert [p.text for p in cells[2].paragraphs][:2] == ["<b>&\"']]> \t=1+1", "slut"]
    assert pdf(content).startswith(b"%PDF")
    assert sheet(excel(content), "Plan")[1][7] == "<b>&\"']]> \t=1+1\nslut"


def test_an_empty_plan_makes_files_too() -> None:
    content = gather(frozen.snapshot())
    assert len(opened(word(content)).tables[0].rows) == 1
    assert pdf(content).startswith(b"%PDF")
    assert len(sheet(excel(content), "Plan")) == 1


def test_word_finds_the_parts_where_the_standard_wants_them(snapshot: Snapshot) -> None:
    """The order inside properties: Word refuses a file that has them in another."""
    xml = part(word(gather(snapshot)), "word/document.xml")
    order = ["tblW", "tblBorders", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription"]
    properties = xml[xml.index("<w:tblPr>") : xml.index("</w:tblPr>")]
    places = [properties.index(f"<w:{name}") for name in order]
    assert places == sorted(places)
    assert not re.search(r"<w:tc>(?:(?!<w:p>|</w:tc>).)*</w:tc>", xml, re.DOTALL)  # no cell without a paragraph


# --- PDF --------------------------------------------------------------------------------------------------------------


def test_the_pdf_is_tagged_danish_and_has_its_fonts(snapshot: Snapshot) -> None:
    import pdfplumber

    data = pdf(gather(snapshot))
    with pdfplumber.open(BytesIO(data)) as found:
        catalog = found.doc.catalog
        text = found.pages[0].extract_text()
        fonts = {char["fontname"].partition("+")[2] for page in found.pages for char in page.chars}
        tagged = {structure["type"] for structure in walk(found.structure_tree)}
        assert found.metadata["Title"] == f"Bilag: {snapshot.plan_title}"
    assert catalog["MarkInfo"]["Marked"] is True
    assert "StructTreeRoot" in catalog
    assert catalog["Lang"] in (b"da", "da")
    assert b'pdfuaid:part="1"' in unpacked(data)
    assert {"H1", "Table", "TR", "TH", "TD", "P"} <= tagged
    assert fonts == {"IBM-Plex-Sans", "IBM-Plex-Sans-Semi-Bold"}
    assert unpacked(data).count(b"/FontFile") == len(fonts)
    assert "Indhold Forankring Status" in text
    assert "Side 1 af" in text


def walk(structure: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for entry in structure:
        found.append(entry)
        found += walk(entry.get("children", []))
    return found


def unpacked(data: bytes) -> bytes:
    """The file with every stream of it unpacked after it."""
    streams = [match[1] for match in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL)]
    return data + b"".join(_inflated(stream) for stream in streams)


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompress(stream)
    except zlib.error:
        return b""  # not a packed one


@pytest.mark.slow
def test_the_header_row_stands_on_every_page() -> None:
    import pdfplumber

    with pdfplumber.open(BytesIO(pdf(gather(frozen.large(30, lights=0))))) as found:
        heads = ["Indhold Forankring Status" in page.extract_text() for page in found.pages]
        feet = [
            f"Side {number} af {len(found.pages)}" in page.extract_text() for number, page in enumerate(found.pages, 1)
        ]
    assert len(heads) > 3
    assert all(heads[:-1])  # the last may hold only how the annex came to be
    assert all(feet)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.dk/logo.png",
        "http://127.0.0.1/",
        "file:///etc/hostname",
        f"{BASE}../manage.py",
        f"{BASE}css/app.css",
        f"{BASE}icons/logo-print.svg?x=1",
        "data:text/plain,hej",
        "ftp://example.dk/",
    ],
)
def test_the_pdf_may_fetch_nothing_but_fonts_and_logo(url: str) -> None:
    from weasyprint.urls import FatalURLFetchingError

    with pytest.raises(FatalURLFetchingError):
        only_our_files().fetch(url)


def test_words_in_a_plan_are_no_markup() -> None:
    made = frozen.snapshot()
    frozen.item(made, 1, words='<img src="https://example.dk/x.png"><script>1</script>')
    import pdfplumber

    with pdfplumber.open(BytesIO(pdf(gather(made)))) as found:
        assert "<script>" in found.pages[0].extract_text()


# --- Excel ------------------------------------------------------------------------------------------------------------


def sheet(data: bytes, name: str) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in openpyxl.load_workbook(BytesIO(data))[name].iter_rows()]


def test_the_workbook_has_the_columns_and_types(snapshot: Snapshot) -> None:
    data = excel(gather(snapshot))
    rows = sheet(data, "Plan")
    assert rows[0] == (
        *("Nr.", "Nøgle", "Spor", "Titel", "Indhold", "Forankring", "Tilstand", "Status"),
        *("Lovet til", "Ny dato", "Årsag", "Milepæle", "Beslutning"),
    )
    assert rows[2][0] == 2
    assert rows[2][1] == "populationer"
    assert rows[2][6] == "Udsat"
    assert rows[2][8:11] == ("2. kvartal 2020", "2. kvartal 2021", "COVID-19")
    assert rows[3][2] == "1. Brug af data til at forebygge (gen)indlæggelser\nEffektiv spredning af viden og indsatser"
    assert rows[7][9] == "uden ny dato"
    assert rows[3][11].startswith("2020: Model for spredning er udviklet (nået)\n20. november 2020: ")
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == ["Plan", "Lys", "Om"]
    assert book["Plan"].freeze_panes == "A2"
    light = sheet(data, "Lys")[1]
    assert light[4] == 11.7
    assert light[7:9] == ("Uændret", "Bedre end landet")
    about = dict(sheet(data, "Om"))
    assert about["Møde"].date() == snapshot.meeting_day
    assert about["Version"] == 1
    assert about["Kontrolsum"] == snapshot.content_hash


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_is_never_a_formula(start: str) -> None:
    made = frozen.snapshot()
    frozen.item(made, 1, words=f'{start}HYPERLINK("http://example.dk")', title=f"{start}1+1", owners=[f"{start}A1"])
    frozen.light(made, 1, value="-1.5")
    data = excel(gather(made))
    for name in ("xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"):
        assert "<f>" not in part(data, name)
    assert "hyperlink" not in part(data, "xl/worksheets/sheet1.xml").lower()
    row = openpyxl.load_workbook(BytesIO(data))["Plan"][2]
    assert [cell.data_type for cell in (row[3], row[5], row[7])] == ["s", "s", "s"]
    assert sheet(data, "Lys")[1][4] == -1.5
