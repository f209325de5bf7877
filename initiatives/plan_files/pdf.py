"""PDF: the tables pdfplumber sees, as a best effort that is marked as one. A PDF knows of lines and places, not of cells."""

from __future__ import annotations

import io
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from threading import Lock
from typing import Any

from initiatives.annex import words as annex
from initiatives.calculations.plan_draft import WARNING, DraftIssue
from initiatives.calculations.plan_grid import Cell, Document, Line, Row, Table
from initiatives.calculations.plan_items import STATE_STYLES
from initiatives.plan_files import refusals as r
from initiatives.plan_files.limits import MOST_COLUMNS, MOST_PDF_PAGES, MOST_ROWS
from initiatives.plan_files.refusals import FileRefused
from initiatives.plan_files.scanning import place_values, refuse_cpr_numbers

BEST_EFFORT = "pdf_best_effort"

_OPENS_A_LINE = re.compile(r"(?:[•·–\uf0b7-]|\d{1,2}[.)])\s")
_STREAM = re.compile(rb"stream\r?\n")
_ZLIB_STARTS = (b"\x78", b"\x68", b"\x58", b"\x48", b"\x38", b"\x28", b"\x18", b"\x08")
_PACKED_TWICE = re.compile(rb"/(?:FlateDecode|Fl|LZWDecode|LZW)\s*/(?:FlateDecode|Fl|LZWDecode|LZW)\b")
_CHUNK = 2**20
MOST_UNPACKED = 150 * 2**20
# Lines of one paragraph stand closer than this many times their own height.
_PARAGRAPH_GAP = 1.6
_DIGITS = re.compile(r"\d+")
_OF_OURS = re.compile(rf"Tilstand: (?:{'|'.join(annex.STATES.values())})(?: – |$)|{annex.NO_OWNER}$")
_ONE_AT_A_TIME = Lock()
#: Told of a page that has been read, and of how many.
OnPage = Callable[[int, int], None]


def glance_at_pdf(content: bytes) -> int:
    """How many pages it has, all words of them searched for CPR numbers, in a few milliseconds a page. Raises FileRefused.

    PDFium reads words fast but knows of no tables. What it cannot open is left to `read_pdf` to refuse.
    """
    _refuse_bombs(content)
    import pypdfium2

    with _ONE_AT_A_TIME:  # the library is not made for two threads
        try:
            document = pypdfium2.PdfDocument(content)
        except pypdfium2.PdfiumError:
            return 0
        try:
            refuse_cpr_numbers([({"part": "properties"}, "\n".join(document.get_metadata_dict().values()))])
            pages = len(document)
            for number in range(min(pages, MOST_PDF_PAGES)):
                refuse_cpr_numbers([({"page": str(number + 1)}, document[number].get_textpage().get_text_bounded())])
            return pages
        finally:
            document.close()


def read_pdf(content: bytes, *, on_page: OnPage | None = None) -> Document:
    """The tables and lines of the pages. Raises FileRefused: encrypted, too long, no PDF. on_page: page read, of how many."""
    if b"%PDF-" not in content[:1024]:
        raise FileRefused(r.WRONG_TYPE, {"ending": ".pdf"})
    _refuse_bombs(content)
    import pdfplumber
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect
    from pdfminer.pdfpage import PDFPage
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        pdf = pdfplumber.open(io.BytesIO(content))
        # Counted before `with`: closing it would read every page to close that one too.
        if next(islice(PDFPage.create_pages(pdf.doc), MOST_PDF_PAGES, None), None) is not None:
            raise FileRefused(r.TOO_MANY_PAGES, {"limit": str(MOST_PDF_PAGES)})
        with pdf:
            refuse_cpr_numbers([({"part": "properties"}, "\n".join(str(value) for value in pdf.metadata.values()))])
            return _document(pdf.pages, on_page)
    except (PdfminerException, PDFPasswordIncorrect, PDFEncryptionError) as error:
        causes = (error, *error.args, error.__cause__, error.__context__)
        if any(isinstance(cause, PDFPasswordIncorrect | PDFEncryptionError) for cause in causes):
            raise FileRefused(r.ENCRYPTED) from None
        raise FileRefused(r.CORRUPT) from None


def _refuse_bombs(content: bytes) -> None:
    """Unpack every packed stream, a little at a time, before a library unpacks them whole."""
    if _PACKED_TWICE.search(content):
        raise FileRefused(r.UNPACKS_TOO_LARGE, {"limit": str(MOST_UNPACKED // 2**20)})
    total = 0
    for match in _STREAM.finditer(content):
        if content[match.end() : match.end() + 1] in _ZLIB_STARTS:
            for size in _unpacked(content, match.end()):
                total += size
                if total > MOST_UNPACKED:
                    raise FileRefused(r.UNPACKS_TOO_LARGE, {"limit": str(MOST_UNPACKED // 2**20)})


def _unpacked(content: bytes, start: int) -> Iterator[int]:
    """The sizes of the pieces a packed stream unpacks to, until it ends or is none."""
    unpacker, step = zlib.decompressobj(), 512
    try:
        while start < len(content) and not unpacker.eof:
            data = content[start : start + step]
            start, step = start + step, 2**16
            while data and not unpacker.eof:
                yield len(unpacker.decompress(data, _CHUNK))
                data = unpacker.unconsumed_tail
    except zlib.error:
        return


def _document(pages: list[Any], on_page: OnPage | None) -> Document:
    blocks: list[tuple[int, Line | Table]] = []
    tables = rows = 0
    for page in pages:
        text = page.extract_text() or ""
        refuse_cpr_numbers([({"page": str(page.page_number)}, text)])
        words = page.extract_words(extra_attrs=["fontname"], keep_blank_chars=False)
        found = sorted(page.find_tables(_closed(page)), key=lambda table: table.bbox[1])
        outside = [word for word in words if not any(_is_inside(word, table.bbox) for table in found)]
        for table in found:
            above = [word for word in outside if word["top"] < table.bbox[1]]
            outside = [word for word in outside if word["top"] >= table.bbox[1]]
            blocks += [(page.page_number, line) for line in _lines(above)]
            tables += 1
            made = _table(table, words, tables, page.page_number)
            rows += len(made.rows)
            if rows > MOST_ROWS:
                raise FileRefused(r.TOO_MANY_ROWS, {"limit": str(MOST_ROWS)})
            blocks.append((page.page_number, made))
        blocks += [(page.page_number, line) for line in _lines(outside)]
        page.close()
        if on_page is not None:
            on_page(page.page_number, len(pages))
    found_all = Document("pdf", _without_margins(blocks, len(pages)), (DraftIssue(BEST_EFFORT, WARNING),))
    refuse_cpr_numbers((place_values(place), words) for place, words in found_all.texts())
    return found_all


def _without_margins(blocks: list[tuple[int, Line | Table]], pages: int) -> tuple[Line | Table, ...]:
    """Headers and footers left out: the same words but for numbers, on two pages and on more than half of all."""
    stands_on: dict[str, set[int]] = defaultdict(set)
    for page, block in blocks:
        if isinstance(block, Line) and not block.is_blank:
            stands_on[_DIGITS.sub("0", block.text)].add(page)
    margins = {words for words, on in stands_on.items() if len(on) >= 2 and 2 * len(on) > pages}
    return tuple(
        block for _page, block in blocks if not (isinstance(block, Line) and _DIGITS.sub("0", block.text) in margins)
    )


def _closed(page: Any) -> dict[str, Any]:
    """A row that goes on over the page has no line under it there, and none above it on the next: both are drawn."""
    upright = [edge for edge in page.edges if edge["orientation"] == "v"]
    if len(upright) < 2:
        return {}
    ends = {min(edge["top"] for edge in upright), max(edge["bottom"] for edge in upright)}
    return {"explicit_horizontal_lines": sorted(ends)}


def _is_inside(word: dict[str, Any], box: tuple[float, float, float, float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return bool(box[0] <= x <= box[2] and box[1] <= y <= box[3])


def _table(table: Any, words: list[dict[str, Any]], number: int, page: int) -> Table:
    edges = sorted({round(cell[0], 1) for row in table.rows for cell in row.cells if cell})
    own = [word for word in words if _is_inside(word, table.bbox)]
    rows = []
    for place, row in enumerate(table.rows, start=1):
        cells: list[Cell] = []
        for box in row.cells[:MOST_COLUMNS]:
            if box is None:
                continue
            start = edges.index(round(box[0], 1))
            span = max(sum(1 for edge in edges[start:] if edge < box[2] - 1), 1)
            inside = [word for word in own if _is_inside(word, box)]
            cells.append(Cell(tuple(_annex_lines(_lines(inside))), start, span))
        rows.append(Row(tuple(cells), place, page))
    return Table(tuple(rows), number)


def _annex_lines(lines: list[Line]) -> list[Line]:
    """What an annex of ours prints under the words of a status is known by how it begins: a PDF has no styles."""
    begins = next((place for place, line in enumerate(lines) if _OF_OURS.match(line.text)), len(lines))
    return [*lines[:begins], *(replace(line, style=STATE_STYLES[0]) for line in lines[begins:])]


def _lines(words: list[dict[str, Any]]) -> list[Line]:
    """Words put together to lines, and lines to paragraphs: a gap, a list mark or a change of weight begins a new one."""
    lines: list[tuple[str, bool, float, float]] = []
    row: list[dict[str, Any]] = []
    for word in sorted(words, key=lambda word: (round(word["top"]), word["x0"])):
        if row and word["top"] > row[0]["top"] + (row[0]["bottom"] - row[0]["top"]) / 2:
            lines.append(_line(row))
            row = []
        row.append(word)
    if row:
        lines.append(_line(row))
    return _paragraphs(lines)


def _line(words: list[dict[str, Any]]) -> tuple[str, bool, float, float]:
    ordered = sorted(words, key=lambda word: word["x0"])
    bold = all("bold" in word["fontname"].lower() or "semibold" in word["fontname"].lower() for word in ordered)
    return " ".join(word["text"] for word in ordered), bold, ordered[0]["top"], ordered[0]["bottom"]


def _paragraphs(lines: list[tuple[str, bool, float, float]]) -> list[Line]:
    found: list[Line] = []
    last: tuple[str, bool, float, float] | None = None
    for line in lines:
        text, bold, top, bottom = line
        height = bottom - top
        if last is not None and top - last[2] > 2 * _PARAGRAPH_GAP * height:
            found.append(Line(""))
        near = last is not None and top - last[2] <= _PARAGRAPH_GAP * height
        if found and near and last is not None and last[1] == bold and not _OPENS_A_LINE.match(text):
            joined = _joined(found[-1].text, text)
            found[-1] = Line(joined, len(joined) if bold else 0)
        else:
            found.append(Line(text, len(text) if bold else 0))
        last = line
    return found


def _joined(before: str, after: str) -> str:
    """A hyphen at the end of a line is kept before a name or number, and dropped inside a word."""
    if before.endswith("-") and after[:1].islower() and not re.match(r"(?:og|eller)\b", after):
        return before[:-1] + after
    return f"{before}{'' if before.endswith('-') and after[:1].isdigit() else ' '}{after}"
