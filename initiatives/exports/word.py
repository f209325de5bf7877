"""A plain Word document of headings, facts and paragraphs, for files that are read and filed and not laid out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO

from initiatives.annex import docx_xml as xml
from initiatives.annex.docx import set_language
from initiatives.annex.packing import packed_alike


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing under a heading. facts: (name, words); notes: small lines about who and when."""

    title: str = ""
    notes: Sequence[str] = ()
    facts: Sequence[tuple[str, str]] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """blank: why there is nothing under the heading."""

    heading: str
    entries: Sequence[Entry]
    blank: str = ""


def word_document(title: str, lead: Iterable[str], sections: Iterable[Section]) -> bytes:
    """The same words give the same bytes: nothing in the file is the time it was made at."""
    import docx
    from docx.oxml import parse_xml

    document = docx.Document()
    set_language(document)
    for text in xml.styles("Normal").values():
        document.styles.element.append(parse_xml(text))
    body = document.element.body
    last = body.sectPr
    for block in _blocks(title, lead, sections):
        last.addprevious(parse_xml(block))
    document.core_properties.title = title[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    target = BytesIO()
    document.save(target)
    return packed_alike(target.getvalue())


def _blocks(title: str, lead: Iterable[str], sections: Iterable[Section]) -> Iterable[str]:
    yield xml.paragraph(title, xml.TITLE, root=True)
    for line in lead:
        yield xml.paragraph(line, xml.TEXT, root=True)
    for section in sections:
        yield xml.paragraph(section.heading, xml.SECTION, root=True)
        if not section.entries:
            yield xml.paragraph(section.blank, xml.TEXT, root=True)
        for entry in section.entries:
            yield from _entry(entry)


def _entry(entry: Entry) -> Iterable[str]:
    if entry.title:
        yield xml.paragraph(entry.title, xml.ITEM, root=True, keep=True)
    for note in entry.notes:
        yield xml.paragraph(note, xml.SMALL, root=True)
    for line in _lines(entry.text):
        yield xml.paragraph(line, xml.TEXT, root=True)
    for name, words in entry.facts:
        for line in _lines(f"{name}: {words}"):
            yield xml.paragraph(line, xml.CELL, root=True)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
