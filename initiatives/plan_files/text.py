"""Pasted text: what Word and Excel put on the clipboard (tabs), Markdown tables, and plain text as a best effort."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from initiatives.calculations.plan_columns import header_headings
from initiatives.calculations.plan_draft import WARNING, DraftIssue
from initiatives.calculations.plan_grid import Cell, Document, Line, Row, Table, plain_lines
from initiatives.calculations.plan_titles import split_section
from initiatives.plan_files import refusals as r
from initiatives.plan_files.delimited import decode, find_mark, read_delimited, refuse_wide, row_of
from initiatives.plan_files.limits import MOST_COLUMNS, MOST_ROWS
from initiatives.plan_files.refusals import FileRefused
from initiatives.plan_files.scanning import place_values, refuse_cpr_numbers
from initiatives.plan_files.text_layout import LAYOUT_GUESSED, plain_layout

_MARKDOWN_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*")
_UNESCAPED_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_QUOTED_CELL = re.compile(r'(?:^|\t)"', re.MULTILINE)
_NUMBERED = re.compile(r"\s*\d{1,2}\.\s+\S")
_LONG_FIRST_CELL = 80


def read_text_file(content: bytes) -> Document:
    return read_text(decode(content))


def read_text(text: str) -> Document:
    """The text as a grid, by the first layout that fits. Raises FileRefused."""
    refuse_cpr_numbers([({"part": "text"}, text)])
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").replace("\x0c", "\n")
    lines = text.split("\n")
    if sum(line.lstrip().startswith("|") or bool(_MARKDOWN_RULE.fullmatch(line)) for line in lines) > 2 and "|" in text:
        found = _markdown(lines)
    elif sum("\t" in line for line in lines) > 1:
        found = _tabbed(text, lines)
    elif _has_header(text):
        found = read_delimited(text, find_mark(text), "text")
    else:
        found = plain_layout(lines)
    if sum(len(table.rows) for table in found.tables) > MOST_ROWS:
        raise FileRefused(r.TOO_MANY_ROWS, {"limit": str(MOST_ROWS)})
    refuse_cpr_numbers((place_values(place), words) for place, words in found.texts())
    return found


def _has_header(text: str) -> bool:
    """Whether some early line, cut at the commonest mark, reads like the headings of a plan."""
    mark = find_mark(text)
    return any(header_headings(row_of(line.split(mark), 1)) for line in text.split("\n")[:20] if mark in line)


# --- Markdown ---------------------------------------------------------------------------------------------------------


def _markdown(lines: list[str]) -> Document:
    blocks: list[Line | Table] = []
    rows: list[Row] = []
    tables = 0
    for number, line in enumerate([*lines, ""], start=1):
        if "|" in line and (line.lstrip().startswith("|") or rows):
            if not _MARKDOWN_RULE.fullmatch(line):
                rows.append(_markdown_row(line, number))
            continue
        if rows:
            tables += 1
            blocks.append(Table(tuple(rows), tables, knows_merging=False))
            rows = []
        if line.strip():
            level = len(line) - len(line.lstrip("#"))
            blocks.append(Line(line.lstrip("# ").strip(), level=level if 0 < level < 7 else 0))
    return Document("text", tuple(blocks))


def _markdown_row(line: str, number: int) -> Row:
    bare = line.strip().removeprefix("|")
    bare = bare.removesuffix("|") if not bare.endswith("\\|") else bare
    cells = []
    parts = _UNESCAPED_BAR.split(bare)
    refuse_wide(parts, number)
    for start, raw in enumerate(parts[:MOST_COLUMNS]):
        lines = [_bold_line(part) for part in _BREAK.split(raw.replace("\\|", "|"))]
        cells.append(Cell(tuple(lines), start))
    return Row(tuple(cells), number)


def _bold_line(text: str) -> Line:
    words = text.strip()
    match = re.match(r"(\*\*|__)(.+?)\1", words)
    if match is None:
        return Line(words)
    return Line(match[2] + words[match.end() :], bold=len(match[2]))


# --- Tabs -------------------------------------------------------------------------------------------------------------


@dataclass
class _Tabbed:
    """Word puts each paragraph of a cell on a line of its own, so where a row ends has to be worked out."""

    width: int
    rows: list[list[list[str]]] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    guessed: bool = False

    def take(self, parts: list[str]) -> None:
        row = self.rows[-1] if self.rows else None
        is_open = row is not None and 1 < len(row) < self.width
        if row is not None and is_open and len(row) + len(parts) - 1 <= self.width:
            row[-1].append(parts[0])
            row.extend([part] for part in parts[1:])
        elif len(parts) == 1:
            self.pending.append(parts[0])
        else:
            first = self._place_pending(parts[0])
            self.rows.append([[*first, parts[0]], *([part] for part in parts[1:])])

    def _place_pending(self, first_cell: str) -> list[str]:
        """The lines between two rows: the end of the last cell above, a heading, or the title of the row below."""
        lines, self.pending = self.pending, []
        if not any(line.strip() for line in lines):
            return []
        self.guessed = True
        headings = [n for n, line in enumerate(lines) if _NUMBERED.match(line) and split_section(line)[0]]
        if headings:
            self._end_row(lines[: headings[-1]])
            self.rows.append([[lines[headings[-1]]]])
            return [line for line in lines[headings[-1] + 1 :] if line.strip()]
        is_content = len(first_cell) > _LONG_FIRST_CELL or first_cell.rstrip().endswith(".") or not self.rows
        filled = [n for n, line in enumerate(lines) if line.strip()]
        cut = filled[-1] if is_content else len(lines)
        self._end_row(lines[:cut])
        return [line for line in lines[cut:] if line.strip()]

    def _end_row(self, lines: list[str]) -> None:
        if self.rows and len(self.rows[-1]) > 1:
            self.rows[-1][-1].extend(lines)

    def finish(self) -> None:
        self.guessed = self.guessed or any(line.strip() for line in self.pending)
        self._end_row(self.pending)


def _tabbed(text: str, lines: list[str]) -> Document:
    if _QUOTED_CELL.search(text) and text.count('"') % 2 == 0:
        return read_delimited(text, "\t", "text")
    first = next(n for n, line in enumerate(lines) if "\t" in line)
    before = tuple(Line(line) for line in lines[:first] if line.strip())
    header = next((line for line in lines if header_headings(row_of(line.split("\t"), 1))), None)
    width = len(header.split("\t")) if header else max(line.count("\t") for line in lines) + 1
    if all("\t" in line or not line.strip() for line in lines[first:]):
        rows = [row_of(line.split("\t"), n) for n, line in enumerate(lines[first:], start=1) if line.strip()]
        return Document("text", (*before, Table(tuple(rows), 1, knows_merging=False)))
    reader = _Tabbed(width)
    for line in lines[first:]:
        reader.take(line.split("\t"))
    reader.finish()
    rows = [_row(cells, number, width) for number, cells in enumerate(reader.rows, start=1)]
    issues = (DraftIssue(LAYOUT_GUESSED, WARNING),) if reader.guessed else ()
    return Document("text", (*before, Table(tuple(rows), 1, knows_merging=False)), issues)


def _row(cells: list[list[str]], number: int, width: int) -> Row:
    if len(cells) == 1:
        return Row((Cell(plain_lines("\n".join(cells[0])), 0, width),), number)
    refuse_wide(["\n".join(lines) for lines in cells], number)
    return Row(tuple(Cell(plain_lines("\n".join(lines)), n) for n, lines in enumerate(cells[:MOST_COLUMNS])), number)
