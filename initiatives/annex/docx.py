"""The annex as a Word document: on the body's own letter document when it has one, else on a plain one of ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC
from io import BytesIO
from typing import Any

from initiatives.annex import docx_xml as xml
from initiatives.annex import words
from initiatives.annex.content import AnnexContent, HeadingRow, ItemRow
from initiatives.annex.letterhead import BILAG, fill_placeholders, own_letterhead, placeholders_in
from initiatives.annex.packing import packed_alike

LANGUAGE = "da-DK"
#: Content, anchoring and status in thousandths of the width; as wide as on the secretariat's own annex.
SHARES = (380, 240, 380)
LIGHT_SHARES = (350, 130, 160, 170, 190)
#: A row with more text than this may be split between two pages; it would leave half a page empty.
LONGEST_WHOLE_ROW = 1400
A4_TEXT_WIDTH = 9638


def render_docx(content: AnnexContent, *, letter: bytes | None, site_name: str) -> bytes:
    """letter: the body's own Word document. The same content and letter give the same bytes."""
    import docx

    document = docx.Document(BytesIO(letter)) if letter else own_letterhead(content, site_name)
    base = _base_style(document)
    _add_styles(document, base)
    set_language(document)
    used = placeholders_in(document)
    anchor = fill_placeholders(document, content)
    blocks = _blocks(content, used, _text_width(document, anchor))
    _insert(document, anchor, blocks)
    _set_properties(document, content)
    target = BytesIO()
    document.save(target)
    return packed_alike(target.getvalue())


def _base_style(document: Any) -> str:
    from docx.oxml.ns import qn

    found = document.styles.element.xpath('w:style[@w:type="paragraph" and @w:default="1"]')
    return str(found[0].get(qn("w:styleId"))) if found else "Normal"


def _add_styles(document: Any, base: str) -> None:
    """A letter document that has a style of ours keeps its own look of it."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    known = {style.get(qn("w:styleId")) for style in document.styles.element.xpath("w:style")}
    for style_id, text in xml.styles(base).items():
        if style_id not in known:
            document.styles.element.append(parse_xml(text))


def set_language(document: Any) -> None:
    """Without it a spelling checker would read the Danish words as English."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    parent = document.styles.element
    for name in ("w:docDefaults", "w:rPrDefault", "w:rPr", "w:lang"):
        child = parent.find(qn(name))
        if child is None:
            child = OxmlElement(name)
            parent.insert(0, child) if name != "w:lang" else parent.append(child)
        parent = child
    parent.set(qn("w:val"), LANGUAGE)


def _blocks(content: AnnexContent, used: set[str], width: int) -> Iterable[str]:
    """Paragraphs and tables from top to bottom. What the letter document says itself is not said twice."""

    def text(line: str, style: str) -> str:
        return xml.paragraph(line, style, root=True)

    if "TITEL" not in used:
        yield text(f"Bilag: {content.kind}", xml.SMALL)
        yield text(content.title, xml.TITLE)
    if "MØDE" not in used:
        yield from (text(line, xml.SMALL) for line in content.facts)
    yield text(content.answer, xml.LEAD)
    yield from (text(line, xml.TEXT) for line in content.description)
    if content.change_note:
        yield text(content.change_note, xml.TEXT)
    yield _items_table(content, width)
    if content.lights_note:
        yield text("Tal fra de nationale mål", xml.SECTION)
        yield xml.paragraph(content.lights_note, xml.SMALL, root=True, keep=bool(content.lights))
    if content.lights:
        yield _lights_table(content, width)
    if content.redactions:
        yield text("Fjernet efter fastfrysningen", xml.SECTION)
        yield from (text(line, xml.CELL) for line in content.redactions)
    yield text("Om bilaget", xml.SECTION)
    yield from (text(line, xml.SMALL) for line in content.about)


def _widths(total: int, shares: tuple[int, ...]) -> list[int]:
    return [total * share // 1000 for share in shares]


def _items_table(content: AnnexContent, width: int) -> str:
    widths = _widths(width, SHARES)
    rows = [xml.head_row(words.COLUMNS, widths)]
    for row in content.rows:
        rows.append(_heading_row(row, widths) if isinstance(row, HeadingRow) else _item_row(row, widths))
    description = f"{content.answer} Kolonnerne er {words.joined(name.lower() for name in words.COLUMNS)}."
    return xml.table(rows, widths, title=content.title, description=description)


def _heading_row(row: HeadingRow, widths: list[int]) -> str:
    style, fill = (xml.SUB_TRACK, "") if row.sub else (xml.TRACK, xml.SAND)
    return xml.row([xml.cell([xml.paragraph(row.text, style)], sum(widths), span=3, fill=fill)])


def _item_row(row: ItemRow, widths: list[int]) -> str:
    content = [xml.paragraph(row.heading, xml.ITEM), *(xml.paragraph(line, xml.CELL) for line in row.content)]
    owners = [xml.paragraph(owner, xml.CELL, divide=True) for owner in row.owners]
    owners = owners or [xml.paragraph(words.NO_OWNER, xml.STATE)]
    status = [xml.paragraph(line, xml.CELL) for line in row.status]
    status += [xml.paragraph(line, xml.STATE) for line in row.state_lines]
    length = max(sum(map(len, row.content)), sum(map(len, row.status)))
    cells = (
        xml.cell(content, widths[0], changed=row.content_changed),
        xml.cell(owners, widths[1], changed=row.owners_changed),
        xml.cell(status, widths[2], changed=row.status_changed),
    )
    return xml.row(cells, whole=length <= LONGEST_WHOLE_ROW)


def _lights_table(content: AnnexContent, width: int) -> str:
    widths = _widths(width, LIGHT_SHARES)
    rows = [xml.head_row(words.LIGHT_COLUMNS, widths)]
    for group in content.lights:
        if group.goal:
            head = xml.paragraph(group.goal, xml.TRACK)
            rows.append(xml.row([xml.cell([head], sum(widths), span=len(widths), fill=xml.SAND)]))
        for light in group.rows:
            cells = zip(light.cells, widths, strict=True)
            rows.append(xml.row(xml.cell([xml.paragraph(text, xml.SMALL)], size) for text, size in cells))
    return xml.table(rows, widths, title="Tal fra de nationale mål", description=content.lights_note)


def _text_width(document: Any, anchor: Any) -> int:
    """Between the margins of the section the annex stands in, in twentieths of a point."""
    from docx.oxml.ns import qn

    section = None
    for block in (anchor, *anchor.itersiblings()) if anchor is not None else ():
        found = block.xpath("./w:pPr/w:sectPr")
        if found:
            section = found[0]
            break
    if section is None:
        last = document.element.body.find(qn("w:sectPr"))
        section = last
    size = section.find(qn("w:pgSz")) if section is not None else None
    margin = section.find(qn("w:pgMar")) if section is not None else None
    if size is None or margin is None:
        return A4_TEXT_WIDTH
    sides = int(margin.get(qn("w:left"), "1134")) + int(margin.get(qn("w:right"), "1134"))
    width = int(size.get(qn("w:w"), "11906")) - sides
    return width if width > 2000 else A4_TEXT_WIDTH


def _insert(document: Any, anchor: Any, blocks: Iterable[str]) -> None:
    """At the paragraph that says [BILAG], which goes; without one, last in the document."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    body = document.element.body
    last = body.find(qn("w:sectPr"))
    for block in blocks:
        element = parse_xml(block)
        if anchor is not None:
            anchor.addprevious(element)
        elif last is not None:
            last.addprevious(element)
        else:
            body.append(element)
    if anchor is not None and not anchor.xpath("./w:pPr/w:sectPr") and not BILAG.sub("", _text(anchor)).strip():
        body.remove(anchor)


def _text(element: Any) -> str:
    return "".join(element.itertext()) if element is not None else ""


def _set_properties(document: Any, content: AnnexContent) -> None:
    """Title and language for whoever opens the file; the moment of freezing instead of now, so that it stays the same."""
    core = document.core_properties
    frozen = content.frozen_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    core.title = f"Bilag: {content.title}"[:255]
    core.subject = content.footer[:255]
    core.author = core.last_modified_by = content.body[:255]
    core.identifier = content.content_hash
    core.version = str(content.version)
    core.language = LANGUAGE
    core.created = core.modified = core.last_printed = frozen
    core.comments = core.keywords = core.category = ""
    core.revision = 1
