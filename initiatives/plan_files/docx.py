"""Word: the tables and paragraphs of a .docx as a grid. The only importer of python-docx for reading."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from initiatives.calculations.plan_draft import NOTE, DraftIssue, Place
from initiatives.calculations.plan_grid import Cell, Document, Line, Row, Table
from initiatives.plan_files import refusals as r
from initiatives.plan_files.docx_text import MC, Numbering, Paragraphs, Styles, W, is_on
from initiatives.plan_files.limits import MOST_ROWS
from initiatives.plan_files.refusals import FileRefused
from initiatives.plan_files.scanning import place_values, refuse_cpr_numbers
from sundhedsaftale.lib.package_words import package_pieces
from sundhedsaftale.lib.packages import open_package

CHANGES_ACCEPTED = "tracked_changes"
STRUCK_LEFT_OUT = "struck_text_left_out"

_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag")}
_KEY = re.compile(r"(?:nøgle|key)\s*[:=]\s*([a-z0-9][a-z0-9_-]*)", re.IGNORECASE)
_DEEPEST_NESTING = 8


def read_docx(content: bytes) -> Document:
    """The document as a reader sees it with all changes accepted. Raises FileRefused."""
    package = open_package(content, main_part="word/document.xml", ending=".docx")
    import docx

    document = docx.Document(io.BytesIO(content))
    root = {name: _part(document, name) for name in ("styles", "numbering")}
    reader = _Reader(Paragraphs(Styles(root["styles"]), Numbering(root["numbering"])))
    blocks = tuple(reader.blocks(document.element.body))
    found = Document("docx", blocks, tuple(reader.issues))
    refuse_cpr_numbers((place_values(place), text) for place, text in found.texts())
    refuse_cpr_numbers(package_pieces(package))
    return found


def _part(document: Any, name: str) -> Any:
    """The tree of a part beside the text; python-docx would make one up where the file has none."""
    for relation in document.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(f"/{name}"):
            part = relation.target_part
            return part.element if hasattr(part, "element") else None
    return None


def children(node: Any) -> Iterator[Any]:
    """The node's children, through content controls and inserted blocks; of two alternatives only the first."""
    for child in node:
        if child.tag in _WRAPPERS:
            yield from children(child)
        elif child.tag == f"{MC}AlternateContent":
            choice = child.find(f"{MC}Choice")
            if choice is not None:
                yield from children(choice)
        else:
            yield child


@dataclass
class _Reader:
    paragraphs: Paragraphs
    issues: list[DraftIssue] = field(default_factory=list)
    tables: int = 0
    rows: int = 0

    def blocks(self, node: Any) -> Iterator[Line | Table]:
        for child in children(node):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)

    def _paragraph(self, node: Any) -> list[Line]:
        lines = self.paragraphs.lines(node)
        self._report(Place())
        return lines

    def _table(self, node: Any) -> Iterator[Line | Table]:
        if _is_frame(node):
            for cell in node.iterfind(f"{W}tr/{W}tc"):
                yield from self.blocks(cell)
            return
        self.tables += 1
        number = self.tables
        rows: list[Row] = []
        for position, row in enumerate((child for child in children(node) if child.tag == f"{W}tr"), start=1):
            self.rows += 1
            if self.rows > MOST_ROWS:
                raise FileRefused(r.TOO_MANY_ROWS, {"limit": str(MOST_ROWS)})
            if row.find(f"{W}trPr/{W}del") is not None:
                self.paragraphs.changed = True
            else:
                rows.append(self._row(row, position))
            self._report(Place(table=number, row=position))
        yield Table(tuple(rows), number)

    def _row(self, node: Any, number: int) -> Row:
        before = node.find(f"{W}trPr/{W}gridBefore")
        start = _count(before) if before is not None else 0
        cells = []
        for child in children(node):
            if child.tag == f"{W}tc":
                cells.append(self._cell(child, start))
                start += cells[-1].span
        return Row(tuple(cells), number, is_header=is_on(node.find(f"{W}trPr/{W}tblHeader")))

    def _cell(self, node: Any, start: int) -> Cell:
        span = node.find(f"{W}tcPr/{W}gridSpan")
        merge = node.find(f"{W}tcPr/{W}vMerge")
        continues = merge is not None and merge.get(f"{W}val", "continue") != "restart"
        self.paragraphs.hidden = []
        lines = () if continues else tuple(self._lines(node, 0))
        hidden = _KEY.search(" ".join(self.paragraphs.hidden))
        return Cell(lines, start, _count(span) if span is not None else 1, continues, hidden[1] if hidden else "")

    def _lines(self, node: Any, depth: int) -> list[Line]:
        lines: list[Line] = []
        joins = False
        for child in children(node):
            if child.tag == f"{W}p":
                new = self.paragraphs.lines(child)
                if joins and lines:
                    new[0] = replace(lines[-1], text=lines.pop().text + new[0].text)
                lines += new
                joins = self.paragraphs.ends_deleted(child)
            elif child.tag == f"{W}tbl" and depth < _DEEPEST_NESTING:
                lines += self._nested(child, depth + 1)
        return lines

    def _nested(self, node: Any, depth: int) -> list[Line]:
        """A table inside a cell: one line for a row of short cells, else each cell's own lines."""
        lines: list[Line] = []
        for row in node.iterfind(f"{W}tr"):
            cells = [self._lines(cell, depth) for cell in row.iterfind(f"{W}tc")]
            cells = [[line for line in cell if not line.is_blank] for cell in cells]
            if all(len(cell) <= 1 for cell in cells):
                words = " – ".join(cell[0].text.strip() for cell in cells if cell)
                lines.append(Line(words))
            else:
                lines += [line for cell in cells for line in cell]
        return lines

    def _report(self, place: Place) -> None:
        """Each kind of thing left out is said once, with the place where it was first met."""
        met = ((self.paragraphs.changed, CHANGES_ACCEPTED), (self.paragraphs.struck, STRUCK_LEFT_OUT))
        for is_met, code in met:
            if is_met and all(issue.code != code for issue in self.issues):
                self.issues.append(DraftIssue(code, NOTE, place))


def _count(node: Any) -> int:
    text = node.get(f"{W}val", "")
    return min(int(text), 100) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _is_frame(table: Any) -> bool:
    """A table of single cells around another table only places it on the page."""
    rows = table.findall(f"{W}tr")
    return all(len(row.findall(f"{W}tc")) == 1 for row in rows) and table.find(f"{W}tr/{W}tc/{W}tbl") is not None
