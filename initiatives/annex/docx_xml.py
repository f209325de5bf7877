"""Word's markup as text: paragraphs, the table of items and the table of figures. Knows Word, not what is printed where.

Written as text and parsed once, because building a table cell by cell through a library takes seconds for fifty items.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape

from initiatives.annex.words import LONG_WORD_ENDING

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACE = f'xmlns:w="{W}"'

#: Style ids of ours. The reader of plans leaves out paragraphs in STATE: they are not the owner's words.
CELL, ITEM, STATE, TRACK, SUB_TRACK, TITLE, SECTION, LEAD, TEXT, SMALL = (
    "SACelle",
    "SAPunkt",
    "SATilstand",
    "SASpor",
    "SAUnderspor",
    "SATitel",
    "SAAfsnit",
    "SASvar",
    "SATekst",
    "SALille",
)
INK, MUTED, PETROL, LINE, STRONG_LINE = "1C2326", "4D595C", "134E5E", "D9D3C6", "857D6C"
SAND, CHANGED_FILL = "F6F3EC", "E3EEF0"


def _style(style_id: str, name: str, base: str, paragraph: str, run: str) -> str:
    return (
        f'<w:style {NAMESPACE} w:type="paragraph" w:customStyle="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:basedOn w:val="{base}"/><w:qFormat/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


def styles(base: str) -> dict[str, str]:
    """Our paragraph styles by id, on top of the document's own ordinary style `base`: its font is theirs."""
    tight = '<w:spacing w:before="0" w:after="40" w:line="252" w:lineRule="auto"/>'
    bold, small = "<w:b/><w:bCs/>", '<w:sz w:val="16"/><w:szCs w:val="16"/>'
    cell, petrol = '<w:sz w:val="18"/><w:szCs w:val="18"/>', f'<w:color w:val="{PETROL}"/>'

    def apart(before: int, after: int, more: str = "") -> str:
        return f'<w:keepNext/><w:spacing w:before="{before}" w:after="{after}"/>{more}'

    level = '<w:outlineLvl w:val="{}"/>'
    rows = (
        (CELL, "SA Celle", base, tight, cell),
        (ITEM, "SA Punkt", CELL, "", bold),
        (STATE, "SA Tilstand", CELL, '<w:spacing w:before="60" w:after="20"/>', f'<w:color w:val="{MUTED}"/>{small}'),
        (TRACK, "SA Spor", CELL, apart(60, 60, level.format(1)), bold + petrol),
        (SUB_TRACK, "SA Underspor", CELL, apart(40, 40, level.format(2)), "<w:i/><w:iCs/>" + petrol),
        (TITLE, "SA Titel", base, apart(0, 120, level.format(0)), bold + petrol + '<w:sz w:val="32"/>'),
        (SECTION, "SA Afsnit", base, apart(320, 120, level.format(0)), bold + petrol + '<w:sz w:val="24"/>'),
        (LEAD, "SA Svar", base, '<w:spacing w:before="120" w:after="120"/>', '<w:sz w:val="21"/>'),
        (TEXT, "SA Tekst", base, '<w:spacing w:before="0" w:after="160"/>', cell),
        (SMALL, "SA Lille", base, '<w:spacing w:before="0" w:after="40"/>', f'<w:color w:val="{MUTED}"/>{small}'),
    )
    return {row[0]: _style(*row) for row in rows}


def run(text: str, properties: str = "", *, divide: bool = False) -> str:
    """The text, with tabs as Word writes them. divide: long words may be parted at the end of a line.

    The place to part is an element of its own: it is no letter of the text, and whoever reads the cell does not see it.
    """
    if not text:
        return ""
    marked = text.replace("\t", _TAB)
    if divide:
        marked = LONG_WORD_ENDING.sub(_SOFT, marked)
    inner = "".join(
        _ELEMENTS.get(part) or f'<w:t xml:space="preserve">{escape(part, quote=False)}</w:t>'
        for part in _MARK.split(marked)
        if part
    )
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{inner}</w:r>"


_TAB, _SOFT = "\ufdd1", "\ufdd2"  # code points that are no characters, so that no text holds them
_MARK = re.compile(f"([{_TAB}{_SOFT}])")
_ELEMENTS = {_TAB: "<w:tab/>", _SOFT: "<w:softHyphen/>"}


def paragraph(
    text: str, style: str, *, root: bool = False, more: str = "", keep: bool = False, divide: bool = False
) -> str:
    """root: with the namespace, for a paragraph parsed by itself. more: runs after the text. keep: on the next's page."""
    properties = f'<w:pStyle w:val="{style}"/>' + ("<w:keepNext/>" if keep else "")
    inner = run(text, divide=divide) + more
    return f"<w:p{' ' + NAMESPACE if root else ''}><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def cell(paragraphs: Iterable[str], width: int, *, span: int = 1, fill: str = "", changed: bool = False) -> str:
    """A cell holds at least one paragraph, or Word calls the file damaged."""
    inner = "".join(paragraphs) or paragraph("", CELL)
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if span > 1:
        properties += f'<w:gridSpan w:val="{span}"/>'
    if changed:
        properties += f'<w:tcBorders><w:left w:val="single" w:sz="24" w:space="0" w:color="{PETROL}"/></w:tcBorders>'
        fill = CHANGED_FILL
    if fill:
        properties += f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>'
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def row(cells: Iterable[str], *, head: bool = False, whole: bool = True) -> str:
    """head: repeated on every page. whole: never split between two pages."""
    properties = ("<w:cantSplit/>" if whole else "") + ("<w:tblHeader/>" if head else "")
    return f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{''.join(cells)}</w:tr>"


def head_row(names: Sequence[str], widths: Sequence[int]) -> str:
    bold = f'<w:b/><w:bCs/><w:color w:val="{INK}"/>'
    cells = []
    for name, width in zip(names, widths, strict=True):
        cells.append(cell([paragraph("", CELL, more=run(name, bold))], width, fill="EDE8DC"))
    return row(cells, head=True)


def table(rows: Iterable[str], widths: Sequence[int], *, title: str, description: str) -> str:
    """title, description: the alternative text, read aloud before the table."""
    edge = f'w:val="single" w:sz="4" w:space="0" w:color="{LINE}"'
    strong = f'w:val="single" w:sz="8" w:space="0" w:color="{STRONG_LINE}"'
    borders = (
        f"<w:top {strong}/><w:left {edge}/><w:bottom {strong}/><w:right {edge}/><w:insideH {edge}/><w:insideV {edge}/>"
    )
    margins = "".join(
        f'<w:{side} w:w="{size}" w:type="dxa"/>'
        for side, size in (("top", 60), ("left", 100), ("bottom", 60), ("right", 100))
    )
    properties = (
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{margins}</w:tblCellMar>"
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(title)}"/><w:tblDescription w:val="{escape(description)}"/>'
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return f"<w:tbl {NAMESPACE}><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"


def page_fields(properties: str = "") -> str:
    """ "2 af 7", counted by Word."""

    def field(name: str) -> str:
        return f'<w:fldSimple w:instr=" {name} ">{run("1", properties)}</w:fldSimple>'

    return field("PAGE") + run(" af ", properties) + field("NUMPAGES")
