"""Plain text without any marks between columns, as copied out of a PDF: owners show where items begin and end. A guess."""

from __future__ import annotations

import re

from initiatives.calculations.plan_columns import heading_role
from initiatives.calculations.plan_draft import WARNING, DraftIssue
from initiatives.calculations.plan_grid import Cell, Document, Line, Row, Table, plain_lines
from initiatives.calculations.plan_owners import looks_like_a_body
from initiatives.calculations.plan_titles import continues_sentence, join_lines, split_section
from initiatives.calculations.status_reader import read_status
from sundhedsaftale.lib.periods import find_periods

LAYOUT_GUESSED = "text_layout_guessed"

_HEADINGS = ("Indhold", "Forankring", "Status")
_LONGEST_OWNER = 150
_NUMBERED = re.compile(r"\s*\d{1,2}\.\s+\S")
_OWNER_FIRST = re.compile(r"(\S*(?:udvalg|gruppe|klynge|råd)(?:et|en|n)?)[ \t]+(?=[A-ZÆØÅ0-9])")


def plain_layout(lines: list[str]) -> Document:
    """Blocks between empty lines: what stands before an owner is title and content, what stands after it is the status."""
    start = next((n for n, line in enumerate(lines) if _is_header(line)), None)
    if start is None:
        return Document("text", tuple(Line(line) for line in lines if line.strip()))
    before = tuple(Line(line) for line in lines[:start] if line.strip())
    rows = [Row(tuple(Cell((Line(word),), n) for n, word in enumerate(_HEADINGS)), 1)]
    for number, cells in enumerate(_cells(_blocks(lines[start + 1 :])), start=2):
        if len(cells) == 1:
            rows.append(Row((Cell(plain_lines(cells[0]), 0, len(_HEADINGS)),), number))
        else:
            rows.append(Row(tuple(Cell(plain_lines(words), n) for n, words in enumerate(cells)), number))
    table = Table(tuple(rows), 1, knows_merging=False)
    return Document("text", (*before, table), (DraftIssue(LAYOUT_GUESSED, WARNING),))


def _is_header(line: str) -> bool:
    words = line.split()
    return 2 <= len(words) <= 8 and all(heading_role(word) is not None for word in words)


def _blocks(lines: list[str]) -> list[str]:
    """The text between empty lines; a numbered heading and an owner in front of a status are blocks of their own."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        heading = bool(_NUMBERED.match(line)) and bool(split_section(line)[0]) and not blocks[-1]
        if not line.strip():
            blocks.append([])
        elif heading:
            blocks += [[line], []]
        else:
            blocks[-1].append(line.rstrip())
    joined = ["\n".join(block) for block in blocks if block]
    parted: list[str] = []
    for block in joined:
        match = _OWNER_FIRST.match(block)
        parted += [match[1], block[match.end() :]] if match else [block]
    return parted


def _is_owner(block: str) -> bool:
    words = join_lines(block.split("\n"))
    return (
        len(words) <= _LONGEST_OWNER
        and not re.search(r"[.?!:;(]", words)
        and all(looks_like_a_body(part) for part in re.split(r"\s*,\s*|\s+og\s+", words))
        and len(words.split()) <= 2 * (block.count("\n") + 1) + 4
    )


def _cells(blocks: list[str]) -> list[tuple[str, ...]]:
    """Rows of three cells, and rows of one for headings."""
    owners = [n for n, block in enumerate(blocks) if _is_owner(block)]
    rows: list[tuple[str, ...]] = []
    head = blocks[: owners[0]] if owners else []
    for place, owner in enumerate(owners):
        end = owners[place + 1] if place + 1 < len(owners) else len(blocks)
        status, following = _parted(blocks[owner + 1 : end], last=end == len(blocks))
        headings, content = _headings(head)
        rows += [(heading,) for heading in headings]
        rows.append(("\n\n".join(content), blocks[owner], "\n\n".join(status)))
        head = following
    return rows


def _parted(blocks: list[str], *, last: bool) -> tuple[list[str], list[str]]:
    """The blocks after an owner: its status, and what belongs to the next item."""
    if last:
        return blocks, []
    heading = next((n for n, block in enumerate(blocks) if _NUMBERED.match(block) and "\n" not in block), None)
    if heading is not None:
        return blocks[:heading], blocks[heading:]
    cut = max(len(blocks) - 2, 0)
    if cut and continues_sentence(blocks[-1]) and len(blocks) > 1:
        cut = len(blocks) - 2
    if cut > 0 and _is_sub_heading(blocks[cut - 1]):
        cut -= 1
    return blocks[:cut], blocks[cut:]


def _is_sub_heading(block: str) -> bool:
    words = block.strip()
    plain = "\n" not in words and not re.search(r"[.:;,)]$", words) and words[:1].isupper()
    return plain and read_status(words).state is None and not find_periods(words)


def _headings(blocks: list[str]) -> tuple[list[str], list[str]]:
    headings = []
    rest = list(blocks)
    while rest and _NUMBERED.match(rest[0]) and "\n" not in rest[0]:
        headings.append(rest.pop(0))
    if len(rest) > 2 and _is_sub_heading(rest[0]):
        headings.append(rest.pop(0))
    return headings, rest
