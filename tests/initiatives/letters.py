"""Letter documents as bodies have them, and as nobody should be able to upload them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm


def saved(document: Any) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()


def letter(
    *body: str,
    header: str = "[UDVALG]",
    footer: str = "Sag [SAGSNUMMER], side [SIDE]",
    edit: Callable[[Any], None] | None = None,
) -> bytes:
    """A letter with wide margins, a header, a footer and these paragraphs."""
    document = docx.Document()
    section = document.sections[0]
    section.left_margin = section.right_margin = Mm(40)
    section.page_width = Mm(210)
    section.header.paragraphs[0].text = header
    section.footer.paragraphs[0].text = footer
    document.styles["Normal"].font.name = "Georgia"
    for text in body:
        document.add_paragraph(text)
    if edit:
        edit(document)
    return saved(document)


def split(paragraph: Any, *parts: str) -> None:
    """The text in several runs, the way Word leaves it after a spelling check."""
    for run in list(paragraph.runs):
        paragraph._p.remove(run._r)
    for number, part in enumerate(parts):
        paragraph.add_run(part).bold = number == 0


def field(code: str) -> Any:
    runs = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code[:4]}</w:instrText></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code[4:]}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return parse_xml(f"<w:p {nsdecls('w')}>{runs}</w:p>")


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None], **options: Any) -> bytes:
    """The same zip file after `change` has been at its entries."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    change(entries)
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return target.getvalue()


def with_entry(name: str, content: bytes) -> bytes:
    return repacked(letter("[BILAG]"), lambda entries: entries.update({name: content}))


def with_part_changed(name: str, old: bytes, new: bytes) -> bytes:
    def change(entries: dict[str, bytes]) -> None:
        assert old in entries[name]
        entries[name] = entries[name].replace(old, new, 1)

    return repacked(letter("[BILAG]"), change)
