"""Files that are not read, each with the code of its refusal. Made by hand: no program would write most of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx
import openpyxl
from openpyxl.comments import Comment

from tests.initiatives.plan_files import layouts as l

#: A date with a dash and four digits: refused wherever it stands. Nobody has it; the century is impossible for it.
NUMBER = "310170-0000"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def good_docx() -> bytes:
    document = docx.Document()
    table = l.add_table(document, l.HEADINGS)
    l.add_row(table, "Akutteams", "Sundhedsstyregruppen", "I gang")
    return l.saved(document)


def good_xlsx() -> bytes:
    book = openpyxl.Workbook()
    book.active.append(l.HEADINGS)
    book.active.append(("Akutteams", "Sundhedsstyregruppen", "I gang"))
    return xlsx(book)


def xlsx(book: openpyxl.Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def changed(content: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed, or added when it is not there."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            part = old.read(entry)
            new.writestr(entry, change(part) if entry == name else part)
        if name not in old.namelist():
            new.writestr(name, change(b""))
    return target.getvalue()


def with_relation(content: bytes, kind: str, target: str) -> bytes:
    relation = (
        f'<Relationship Id="rId999" TargetMode="External" Target="{target}" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/></Relationships>'
    )
    return changed(
        content,
        "word/_rels/document.xml.rels",
        lambda part: part.replace(b"</Relationships>", relation.encode()),
    )


def before_root(declaration: bytes) -> Callable[[bytes], bytes]:
    def change(part: bytes) -> bytes:
        head, _, rest = part.partition(b"?>")
        return head + b"?>" + declaration + rest

    return change


def bomb() -> bytes:
    """Some kilobytes that unpack to 40 MB of XML."""
    return changed(
        good_docx(), "word/document.xml", lambda part: part.replace(b"</w:body>", b" " * 40 * 2**20 + b"</w:body>")
    )


def lying_bomb() -> bytes:
    """The same, with a directory that claims the part is small."""
    content = bytearray(bomb())
    size = (40 * 2**20).to_bytes(4, "little")
    start = content.rfind(b"PK\x01\x02")
    while start >= 0:
        claimed = int.from_bytes(content[start + 24 : start + 28], "little")
        if claimed >= int.from_bytes(size, "little"):
            content[start + 24 : start + 28] = (1000).to_bytes(4, "little")
        start = content.rfind(b"PK\x01\x02", 0, start)
    return bytes(content)


def pdf_of_pages(count: int) -> bytes:
    """A small file with that many empty pages."""
    pieces, places, place = [b"%PDF-1.4\n"], [], 9
    kids = b" ".join(b"%d 0 R" % (number + 3) for number in range(count))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%b]>>" % (count, kids)]
    objects += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * count
    for number, words in enumerate(objects, start=1):
        piece = b"%d 0 obj%b endobj\n" % (number, words)
        places.append(place)
        pieces.append(piece)
        place += len(piece)
    table = b"".join(b"%010d 00000 n \n" % at for at in places)
    pieces.append(b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table))
    pieces.append(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, place))
    return b"".join(pieces)


def three_tables() -> bytes:
    document = docx.Document()
    for headings in (l.HEADINGS, ("Status", "Ansvarlig", "Emne"), ("Ejer", "Handling", "Opfølgning")):
        l.add_row(l.add_table(document, headings), "Akutteams", "Udvalget", "I gang")
        document.add_paragraph("Og en til:")
    return l.saved(document)


def no_table() -> bytes:
    document = docx.Document()
    document.add_paragraph("Et referat uden tabel.")
    return l.saved(document)


def number_in_cell() -> bytes:
    document = docx.Document()
    l.add_row(l.add_table(document, l.HEADINGS), "Akutteams", "Udvalget", f"Aftalt med {NUMBER}")
    return l.saved(document)


def number_in_header() -> bytes:
    document = docx.Document(io.BytesIO(good_docx()))
    document.sections[0].header.paragraphs[0].text = f"Sag {NUMBER}"
    return l.saved(document)


def number_in_word_comment() -> bytes:
    words = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    comment = f'<w:comments xmlns:w="{words}"><w:comment><w:p><w:r><w:t>310170-</w:t></w:r>'
    comment += "<w:r><w:t>0000</w:t></w:r></w:p></w:comment></w:comments>"
    return changed(good_docx(), "word/comments.xml", lambda _part: comment.encode())


def number_in_properties() -> bytes:
    document = docx.Document(io.BytesIO(good_docx()))
    document.core_properties.title = f"Om {NUMBER}"
    return l.saved(document)


def number_deleted_with_changes_on() -> bytes:
    document = docx.Document(io.BytesIO(good_docx()))
    l.tracked(document.tables[0].rows[1].cells[2].paragraphs[0], "del", NUMBER)
    return l.saved(document)


def number_in_hidden_sheet() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(good_xlsx()))
    hidden = book.create_sheet("Kladde")
    hidden.append((NUMBER,))
    hidden.sheet_state = "hidden"
    return xlsx(book)


def number_in_excel_comment() -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(good_xlsx()))
    book.active["A2"].comment = Comment(f"Ring til {NUMBER}", "Sekretariatet")
    return xlsx(book)


def many_parts() -> bytes:
    target = io.BytesIO(good_docx())
    with zipfile.ZipFile(target, "a") as archive:
        for number in range(2_100):
            archive.writestr(f"x/{number}.bin", b"")
    return target.getvalue()


#: By what is wrong: the file's name, how it is made, the code of its refusal, and words of the place in Danish.
BAD: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "empty": ("plan.docx", lambda: b" \n", "empty", ""),
    "unknown": ("plan.odt", good_docx, "unknown_type", ""),
    "old word": ("plan.doc", lambda: OLE, "old_format", ""),
    "old excel under a new name": ("plan.xlsx", lambda: OLE, "old_format", ""),
    "encrypted": ("plan.docx", lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", ""),
    "text that is a zip": ("plan.csv", good_docx, "wrong_type", ".csv"),
    "word that is excel": ("plan.docx", good_xlsx, "wrong_type", ".docx"),
    "pdf that is text": ("plan.pdf", lambda: b"Indsats;Status", "wrong_type", ".pdf"),
    "name with macros": ("plan.docm", good_docx, "macros", ""),
    "macros inside": ("plan.docx", lambda: changed(good_docx(), "word/vbaProject.bin", lambda _p: b"x"), "macros", ""),
    "macros by type": ("plan.xlsx", lambda: changed(good_xlsx(), "[Content_Types].xml", lambda part: part.replace(
        b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")), "macros", ""),
    "half a zip": ("plan.docx", lambda: good_docx()[:-300], "corrupt", ""),
    "no zip at all": ("plan.xlsx", lambda: b"PK\x03\x04" + b"hej" * 99, "corrupt", ""),
    "broken xml": ("plan.docx", lambda: changed(good_docx(), "word/styles.xml", lambda part: part[:-9]), "corrupt", ""),
    "bomb": ("plan.docx", bomb, "unpacks_too_large", "30 MB"),
    "lying bomb": ("plan.docx", lying_bomb, "corrupt", ""),
    "thousands of parts": ("plan.docx", many_parts, "too_many_parts", ""),
    "entities": ("plan.docx", lambda: changed(good_docx(), "word/document.xml", before_root(
        b'<!DOCTYPE w [<!ENTITY a "aaaa">]>')), "xml_entities", ""),
    "a document type": ("plan.xlsx", lambda: changed(good_xlsx(), "xl/workbook.xml", before_root(
        b'<!DOCTYPE w SYSTEM "file:///etc/hostname">')), "xml_entities", ""),
    "template on a server": ("plan.docx", lambda: with_relation(
        good_docx(), "attachedTemplate", "https://example.dk/a.dotm"), "external_link", ""),
    "picture on a server": ("plan.docx", lambda: with_relation(
        good_docx(), "image", "https://example.dk/a.png"), "external_link", ""),
    "another workbook": ("plan.xlsx", lambda: changed(
        good_xlsx(), "xl/externalLinks/externalLink1.xml", lambda _p: b"<a/>"), "external_link", ""),
    "ten thousand pages": ("plan.pdf", lambda: pdf_of_pages(10_000), "too_many_pages", "60"),
    "csv that is no text": ("plan.csv", lambda: b"Indsats\0;Status", "not_text", ""),
    "too many rows": ("plan.csv", lambda: b"Indsats;Status\n" + b"a;b\n" * 6000, "too_many_rows", "5000"),
    "too many columns": ("plan.csv", lambda: b"Indsats;Status" + b";x" * 99, "too_many_columns", "1"),
    "no table": ("plan.docx", no_table, "no_table", ""),
    "three tables": ("plan.docx", three_tables, "tables_equal", "tabel 1; tabel 2; tabel 3"),
    "cpr in a cell": ("plan.docx", number_in_cell, "cpr_number", "tabel 1, række 2"),
    "cpr in the header": ("plan.docx", number_in_header, "cpr_number", "sidehoved"),
    "cpr in a comment": ("plan.docx", number_in_word_comment, "cpr_number", "kommentar"),
    "cpr in the properties": ("plan.docx", number_in_properties, "cpr_number", "egenskaber"),
    "cpr in deleted text": ("plan.docx", number_deleted_with_changes_on, "cpr_number", "slettet"),
    "cpr in a hidden sheet": ("plan.xlsx", number_in_hidden_sheet, "cpr_number", "skjult"),
    "cpr in a cell's comment": ("plan.xlsx", number_in_excel_comment, "cpr_number", "kommentar"),
    "cpr in the name": (f"plan {NUMBER}.docx", good_docx, "cpr_number", "navn"),
    "cpr in text": ("plan.csv", f"Indsats;Status\nA;{NUMBER}\n".encode, "cpr_number", "teksten"),
}  # fmt: skip
