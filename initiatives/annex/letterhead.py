"""The paper the annex stands on: a plain one of ours, and the placeholders of a body's own letter document.

Placeholders are plain words in brackets. Nothing in a letter document is executed: they are found as text and replaced
as text, also when Word has split one over several runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from initiatives.annex import docx_xml as xml
from initiatives.annex.content import AnnexContent

NAMES = ("UDVALG", "MØDE", "SAGSNUMMER", "VERSION", "TITEL", "SIDE", "BILAG")
PLACEHOLDER = re.compile(r"\[(" + "|".join(NAMES) + r")\]", re.IGNORECASE)
BILAG = re.compile(r"\[BILAG\]", re.IGNORECASE)
NO_CASE_NUMBER = "intet sagsnummer"
_PAGE_MARK = "\ufdd0"  # a code point that is no character and that no file of ours can hold
LOGO = Path("icons/logo-print.png")
FONT = "Arial"  # every word processor has it, or one of the same widths


# --- A body's own letter document -------------------------------------------------------------------------------------


def roots(document: Any) -> Iterator[Any]:
    """The body of the document and each of its headers and footers."""
    yield document.element
    for part in sorted(document.part.package.iter_parts(), key=lambda part: str(part.partname)):
        if part.content_type.endswith(("wordprocessingml.header+xml", "wordprocessingml.footer+xml")):
            yield part.element


def paragraphs(root: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Every paragraph with the text elements that are its own, and not those of a text box anchored in it."""
    from docx.oxml.ns import qn

    for paragraph in root.iter(qn("w:p")):
        own = [text for text in paragraph.iter(qn("w:t")) if next(text.iterancestors(qn("w:p"))) is paragraph]
        if own:
            yield paragraph, own


def placeholders_in(document: Any) -> set[str]:
    """Names of those that stand in the body of the document; a header may say the same once more."""
    found: set[str] = set()
    for _paragraph, texts in paragraphs(document.element):
        found |= {name.upper() for name in PLACEHOLDER.findall("".join(text.text or "" for text in texts))}
    return found


def fill_placeholders(document: Any, content: AnnexContent) -> Any:
    """Replace them all. Returns the first paragraph of the body that says [BILAG], or None."""
    values = {
        "UDVALG": content.body,
        "MØDE": content.meeting,
        "SAGSNUMMER": content.case_number or NO_CASE_NUMBER,
        "VERSION": str(content.version),
        "TITEL": content.title,
        "SIDE": _PAGE_MARK,
        "BILAG": "",
    }
    anchor = None
    for root in roots(document):
        for paragraph, texts in list(paragraphs(root)):
            joined = "".join(text.text or "" for text in texts)
            if anchor is None and paragraph.getparent() is document.element.body and BILAG.search(joined):
                anchor = paragraph
            for match in reversed(list(PLACEHOLDER.finditer(joined))):
                _replace(texts, match.start(), match.end(), values[match[1].upper()])
            for text in texts:
                rest = text
                while _PAGE_MARK in (rest.text or ""):
                    rest = _put_page_fields(rest)
    return anchor


def _replace(texts: list[Any], start: int, end: int, value: str) -> None:
    """Put the value where the characters from start to end stood, in the run the first of them is in."""
    place = 0
    for text in texts:
        old = text.text or ""
        first, last = max(start - place, 0), min(end - place, len(old))
        place += len(old)
        if first >= last:
            continue
        text.text = old[:first] + value + old[last:]
        text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        value = ""


def _put_page_fields(text: Any) -> Any:
    """Split the run at the mark and set "x af y" between the halves. Returns the text element after it."""
    from copy import deepcopy

    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    run = text.getparent()
    before, _mark, after = text.text.partition(_PAGE_MARK)
    look = run.find(qn("w:rPr"))
    rest = deepcopy(run)
    for child in list(rest)[: list(run).index(text)]:
        if child.tag != qn("w:rPr"):
            rest.remove(child)
    for child in list(run)[list(run).index(text) + 1 :]:
        run.remove(child)
    text.text = before
    fields = parse_xml(f"<w:p {xml.NAMESPACE}>{xml.page_fields()}</w:p>")
    run.addnext(rest)
    for element in list(fields):
        for inner in [element] if element.tag == qn("w:r") else element.iter(qn("w:r")):
            if look is not None:
                inner.insert(0, deepcopy(look))
        rest.addprevious(element)
    rest_text = rest.find(qn("w:t"))
    rest_text.text = after
    return rest_text


# --- Ours -------------------------------------------------------------------------------------------------------------


def own_letterhead(content: AnnexContent, site_name: str) -> Any:
    """An A4 page with our logo and the body's name on top, and case, meeting, version, page and hash at the foot."""
    import docx
    from docx.shared import Mm

    document = docx.Document()
    body = document.element.body
    for paragraph in list(document.paragraphs):
        body.remove(paragraph._p)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin, section.bottom_margin = Mm(28), Mm(24)
    section.header_distance, section.footer_distance = Mm(12), Mm(10)
    _own_font(document)
    _own_header(section, content, site_name)
    _own_footer(section, content)
    return document


def _own_font(document: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt

    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10)
    fonts = normal.element.rPr.rFonts
    for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:cstheme", "w:eastAsiaTheme"):
        fonts.attrib.pop(qn(name), None)


def _own_header(section: Any, content: AnnexContent, site_name: str) -> None:
    from docx.shared import Mm

    paragraph = section.header.paragraphs[0]
    picture = paragraph.add_run().add_picture(str(Path(settings.BASE_DIR) / "static" / LOGO), height=Mm(9))
    picture._inline.docPr.set("descr", f"Logo: {site_name}")
    picture._inline.docPr.set("name", "Logo")
    run = paragraph.add_run(f"  {content.body}")
    run.bold = True


def _own_footer(section: Any, content: AnnexContent) -> None:
    from docx.oxml import parse_xml

    footer = section.footer
    first = footer.paragraphs[0]
    side = xml.run(" · Side ") + xml.page_fields()
    first._p.addprevious(parse_xml(xml.paragraph(content.footer, "SALille", root=True, more=side)))
    first._p.addprevious(parse_xml(xml.paragraph(content.short_hash, "SALille", root=True)))
    first._p.getparent().remove(first._p)
