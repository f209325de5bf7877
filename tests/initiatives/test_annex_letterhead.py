"""A body's own letter document: what it keeps, what is filled in, and what is refused before anything opens it."""

from __future__ import annotations

import contextlib
from io import BytesIO
from typing import Any

import docx
import pytest
from django.core.exceptions import ValidationError
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st

from initiatives.actions.annexes import retire_template, store_template, template_in_use
from initiatives.annex import letter_checks
from initiatives.annex.docx import render_docx
from initiatives.annex.gathering import gather
from initiatives.annex.letter_checks import LetterRefused, check_letter
from initiatives.models import AnnexTemplate, Snapshot
from tests.initiatives import letters
from tests.initiatives import small_world as world
from tests.initiatives import snapshot_world as frozen
from tests.initiatives.letters import letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def snapshot() -> Snapshot:
    return frozen.plan_of_2020()


def on(snapshot: Snapshot, data: bytes) -> Any:
    check_letter(data)
    return docx.Document(BytesIO(render_docx(gather(snapshot), letter=data, site_name="Sundhedsaftale")))


def texts(document: Any) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


# --- What is kept and filled in ---------------------------------------------------------------------------------------


def test_page_set_up_font_header_and_footer_are_the_bodys(snapshot: Snapshot) -> None:
    found = on(snapshot, letter("Kære udvalg", "[BILAG]", "Venlig hilsen", edit=None))
    section = found.sections[0]
    assert found.styles["Normal"].font.name == "Georgia"
    assert section.header.paragraphs[0].text == "Sundhedskoordinationsudvalget"
    assert section.footer.paragraphs[0].text.startswith("Sag 1-01-72-30-17, side ")
    fields = [field.get(qn("w:instr")).strip() for field in section.footer._element.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]
    width = sum(int(column.get(qn("w:w"))) for column in found.tables[0]._tbl.tblGrid)
    assert abs(width - (section.page_width - section.left_margin - section.right_margin) // 635) < 10


def test_the_annex_stands_where_the_letter_says(snapshot: Snapshot) -> None:
    found = on(snapshot, letter("Før", "[BILAG]", "Efter"))
    order = [child.tag for child in found.element.body]
    text = texts(found)
    assert text[0] == "Før"
    assert text[-1] == "Efter"
    assert "[BILAG]" not in text
    assert order.index(qn("w:tbl")) > 0
    assert snapshot.content_hash in "\n".join(text)


def test_without_a_place_it_stands_last(snapshot: Snapshot) -> None:
    text = texts(on(snapshot, letter("Før")))
    assert text[0] == "Før"
    assert snapshot.content_hash in text[-1]


def test_other_words_in_the_paragraph_of_the_annex_stay(snapshot: Snapshot) -> None:
    assert "Her er bilaget: " in texts(on(snapshot, letter("Her er bilaget: [BILAG]")))


def test_every_placeholder_is_filled_in(snapshot: Snapshot) -> None:
    found = on(snapshot, letter("[TITEL] / [UDVALG] / [MØDE] / [SAGSNUMMER] / [VERSION]", "[BILAG]"))
    assert texts(found)[0] == (
        f"{snapshot.plan_title} / Sundhedskoordinationsudvalget / Møde 5.\u00a0november 2020 / 1-01-72-30-17 / 1"
    )
    # What the letter says itself is not said twice.
    assert sum(snapshot.plan_title in text for text in texts(found)) == 1


def test_a_placeholder_split_over_runs_is_found_and_keeps_its_look(snapshot: Snapshot) -> None:
    def edit(document: Any) -> None:
        letters.split(document.paragraphs[0], "Til [UD", "VAL", "G] og [møde", "] – side [SI", "DE].")

    paragraph = on(snapshot, letter("x", "[BILAG]", edit=edit)).paragraphs[0]
    assert paragraph.text == "Til Sundhedskoordinationsudvalget og Møde 5.\u00a0november 2020 – side  af ."
    assert paragraph.runs[0].bold
    assert [field.get(qn("w:instr")).strip() for field in paragraph._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_a_meeting_without_a_case_number_says_so() -> None:
    found = on(frozen.snapshot(), letter("[SAGSNUMMER]", "[BILAG]"))
    assert texts(found)[0] == "intet sagsnummer"


def test_placeholders_in_tables_and_first_page_headers(snapshot: Snapshot) -> None:
    def edit(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "Version [VERSION]"
        document.sections[0].different_first_page_header_footer = True
        document.sections[0].first_page_header.paragraphs[0].text = "[TITEL]"

    found = on(snapshot, letter("[BILAG]", edit=edit))
    assert found.tables[-1].cell(0, 0).text == "Version 1"
    assert found.sections[0].first_page_header.paragraphs[0].text == snapshot.plan_title


def test_brackets_that_mean_something_else_stay(snapshot: Snapshot) -> None:
    assert texts(on(snapshot, letter("[NAVN] [UDVALG", "[BILAG]")))[0] == "[NAVN] [UDVALG"


def test_a_placeholder_in_the_plan_itself_is_a_text() -> None:
    made = frozen.snapshot(plan_title="Om [SIDE] og [BILAG]")
    found = on(made, letter("[TITEL]", "[BILAG]"))
    assert texts(found)[0] == "Om [SIDE] og [BILAG]"


def test_the_same_letter_gives_the_same_bytes(snapshot: Snapshot) -> None:
    data, content = letter("[TITEL]", "[BILAG]"), gather(snapshot)
    assert render_docx(content, letter=data, site_name="S") == render_docx(content, letter=data, site_name="S")


# --- What is refused --------------------------------------------------------------------------------------------------

WORD_NS = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'


def relationship(kind: str, extra: str = "") -> bytes:
    return (
        RELS
        + f'<Relationship Id="r9" Type="http://x/relationships/{kind}" Target="t"{extra}/></Relationships>'.encode()
    )


def in_a_table(document: Any) -> None:
    document.add_table(1, 1).cell(0, 0).text = "[BILAG]"


def with_field(code: str) -> bytes:
    return letter("[BILAG]", edit=lambda document: document.element.body.insert(0, letters.field(code)))


def bomb() -> bytes:
    return letters.with_entry("word/media/big.xml", b"<a>" + b" " * (letter_checks.MAX_UNPACKED + 10) + b"</a>")


BAD: dict[str, tuple[Any, str]] = {
    "nothing": (lambda: b"", "empty"),
    "too large": (lambda: b"PK" + b"x" * letter_checks.MAX_BYTES, "too_large"),
    "a text": (lambda: b"Hej", "not_word"),
    "an old or encrypted file": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "encrypted"),
    "half a file": (lambda: letter("[BILAG]")[:-4000], "not_word"),
    "a zip of something else": (
        lambda: letters.repacked(letter(), lambda e: (e.clear(), e.update(a=b"1"))[0]),
        "not_word",
    ),
    "many parts": (
        lambda: letters.repacked(letter(), lambda e: e.update({f"word/m{n}.xml": b"<a/>" for n in range(201)})),
        "too_many",
    ),
    "a zip bomb": (bomb, "bomb"),
    "a macro project": (lambda: letters.with_entry("word/vbaProject.bin", b"x"), "macros"),
    "a macro content type": (
        lambda: letters.with_part_changed(
            "[Content_Types].xml",
            b"vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
            b"vnd.ms-word.document.macroEnabled.main+xml",
        ),
        "macros",
    ),
    "a template": (
        lambda: letters.with_part_changed(
            "[Content_Types].xml", b"wordprocessingml.document.main", b"wordprocessingml.template.main"
        ),
        "not_word",
    ),
    "an attached template far away": (
        lambda: letters.with_entry(
            "word/_rels/settings.xml.rels", relationship("attachedTemplate", ' TargetMode="External"')
        ),
        "external",
    ),
    "an external link in two-byte letters": (
        lambda: letters.with_entry(
            "word/_rels/header9.xml.rels",
            relationship("image", " TargetMode = 'external'").decode().encode("utf-16"),
        ),
        "external",
    ),
    "an embedded object": (
        lambda: letters.with_entry("word/_rels/footer9.xml.rels", relationship("oleObject")),
        "acting",
    ),
    "a foreign chunk": (lambda: letters.with_entry("word/_rels/footer9.xml.rels", relationship("aFChunk")), "acting"),
    "an entity": (
        lambda: letters.with_entry("word/footer9.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        "entities",
    ),
    "an entity in two-byte letters": (
        lambda: letters.with_entry("word/footer9.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")),
        "entities",
    ),
    "broken xml": (lambda: letters.with_entry("word/footer9.xml", b"<a><b></a>"), "damaged"),
    "a field that fetches": (lambda: with_field('INCLUDEPICTURE "http://example.dk/x.png"'), "acting"),
    "a field that starts": (lambda: with_field('DDEAUTO "c:\\\\x" "y"'), "acting"),
    "a place in a table": (lambda: letter(edit=in_a_table), "no_place"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_letter_is_refused_with_a_sentence_and_nothing_is_stored(name: str) -> None:
    make, code = BAD[name]
    data = make()
    with pytest.raises(LetterRefused) as refused:
        check_letter(data)
    assert refused.value.code == code
    body = world.body()
    with pytest.raises(ValidationError) as said:
        store_template(body=body, name="brev.docx", content=data, by=None)
    assert len(said.value.message_dict["file"]) == 1
    assert not AnnexTemplate.objects.exists()


def test_an_honest_field_is_no_danger() -> None:
    check_letter(with_field("PAGE \\* MERGEFORMAT"))


@given(st.binary(max_size=400))
def test_rubbish_is_refused_and_never_raises_anything_else(data: bytes) -> None:
    with pytest.raises(LetterRefused):
        check_letter(b"PK\x03\x04" + data)


@pytest.mark.slow
@given(place=st.integers(0, 10_000), value=st.integers(0, 255))
def test_a_damaged_letter_raises_nothing_else(place: int, value: int) -> None:
    data = bytearray(letter("[BILAG]"))
    data[place % len(data)] = value
    with contextlib.suppress(LetterRefused):
        check_letter(bytes(data))


# --- No CPR number comes in -------------------------------------------------------------------------------------------


def cpr_in_runs(document: Any) -> None:
    letters.split(document.paragraphs[0], "Vedr. 0101", "90-12", "34")


def cpr_over_a_tab(document: Any) -> None:
    document.paragraphs[0].text = "010190\t1234"


def cpr_in_properties(document: Any) -> None:
    document.core_properties.subject = "010190-1234"


def cpr_in_alternative_text(document: Any) -> None:
    from initiatives.annex import docx_xml as xml

    document.element.body.insert(0, docx.oxml.parse_xml(xml.table([], [1], title="010190-1234", description="")))


@pytest.mark.parametrize("edit", [cpr_in_runs, cpr_over_a_tab, cpr_in_properties, cpr_in_alternative_text])
def test_no_cpr_number_comes_in(edit: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        store_template(body=world.body(), name="brev.docx", content=letter("x", "[BILAG]", edit=edit), by=None)
    assert "CPR" in str(refused.value)
    assert "0101" not in str(refused.value)
    assert not AnnexTemplate.objects.exists()


def test_nor_in_the_name_header_or_footer() -> None:
    body = world.body()
    for name, data in (
        ("brev 010190-1234.docx", letter()),
        ("brev.docx", letter(header="010190-1234")),
        ("brev.docx", letter(footer="010190-1234")),
    ):
        with pytest.raises(ValidationError):
            store_template(body=body, name=name, content=data, by=None)
    assert not AnnexTemplate.objects.exists()


# --- Stored, replaced, retired ----------------------------------------------------------------------------------------


def test_the_newest_is_in_use_and_older_ones_stay() -> None:
    body, other = world.body(), world.body("Et andet")
    first = store_template(body=body, name="et.docx", content=letter("et"), by=world.user())
    data = letter("to")
    second = store_template(body=body, name="to.docx", content=data, by=None)
    assert template_in_use(body) == second
    assert template_in_use(other) is None
    first.refresh_from_db()
    assert first.retired_at is not None
    assert bytes(second.content) == data
    assert retire_template(body=body, by=None) is True
    assert template_in_use(body) is None
    assert retire_template(body=body, by=None) is False
    assert AnnexTemplate.objects.count() == 2


def test_a_refused_letter_leaves_the_one_in_use() -> None:
    body = world.body()
    first = store_template(body=body, name="et.docx", content=letter("et"), by=None)
    with pytest.raises(ValidationError):
        store_template(body=body, name="to.docx", content=b"x", by=None)
    assert template_in_use(body) == first
