"""From a file's tables to a plan: which table is the plan, what it is called, which day it speaks of, and its items."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from initiatives.calculations import plan_columns as c
from initiatives.calculations.plan_columns import Columns, find_columns, guess_columns
from initiatives.calculations.plan_draft import NOTE, WARNING, DraftIssue, Place, PlanDraft
from initiatives.calculations.plan_grid import Document, Line, Row, Table
from initiatives.calculations.plan_items import read_items
from initiatives.calculations.plan_left_out import cut, says_something
from initiatives.calculations.plan_owners import BodyNames, KnownBody, name_key
from initiatives.calculations.plan_rows import ROW_SKIPPED, Rows, gather
from initiatives.calculations.plan_titles import join_lines, split_section
from initiatives.calculations.status_reader import read_status
from sundhedsaftale.lib.periods import find_periods

NO_TABLE = "no_table"
TABLES_EQUAL = "tables_equal"  # tables
OTHER_TABLE = "other_table"  # headings
TABLES_JOINED = "tables_joined"  # tables
HEADER_GUESSED = "header_guessed"
TEXT_OUTSIDE = "text_outside"  # words

_LINES_LOOKED_AT = 12
_LONGEST_TITLE = 300
_LONGEST_HEADING = 250


class NoPlanFound(Exception):
    """No table is a plan (`no_table`), or several are equally good (`tables_equal`, with their places)."""

    def __init__(self, code: str, places: Sequence[Place] = ()) -> None:
        self.code = code
        self.places = tuple(places)
        super().__init__(code)


@dataclass
class Candidate:
    """Tables that belong together: the same headings again after a page break, or a second sheet of the same kind."""

    parts: list[tuple[Table, Columns, list[Line]]] = field(default_factory=list)
    rows: Rows = field(default_factory=Rows)

    @property
    def columns(self) -> Columns:
        return self.parts[0][1]

    @property
    def place(self) -> Place:
        return self.parts[0][0].place()

    @property
    def rank(self) -> tuple[bool, int, int]:
        return not self.columns.guessed, self.columns.strength, len(self.rows.items)

    @property
    def titles(self) -> set[str]:
        lines = [[line.text for line in item.head if not line.is_blank][:1] for item in self.rows.items]
        return {name_key(first[0]) for first in lines if first} - {""}


def draft_plan(document: Document, *, as_of: date, bodies: Iterable[KnownBody]) -> PlanDraft:
    """The plan the document holds, with what a person should know about it. Raises NoPlanFound."""
    names = BodyNames(bodies, as_of)
    chosen, others = _chosen(_candidates(document, names))
    has_status = c.STATUS in chosen.columns.roles
    items, issues = read_items(chosen.rows.items, names, has_status=has_status)
    notes = [*document.issues, *_table_notes(document, chosen, others), *chosen.rows.issues, *issues]
    title_line, title = _title(document, chosen)
    notes += [*_above_headings(chosen, title_line), *_outside(document, chosen, title_line)]
    return PlanDraft(
        source_format=document.source_format,
        items=tuple(items),
        issues=tuple(_in_order(notes)),
        title=title,
        as_of=_iso(day_of(document)),
    )


def _in_order(issues: list[DraftIssue]) -> list[DraftIssue]:
    """What concerns the whole file first, then by place."""
    return sorted(issues, key=lambda issue: (issue.place.table or 0, issue.place.row or 0))


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


# --- Which table ------------------------------------------------------------------------------------------------------


def _candidates(document: Document, names: BodyNames) -> list[Candidate]:
    found: list[Candidate] = []
    before: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Line):
            before.append(block)
            continue
        columns = find_columns(block)
        home = _continued(found, block, columns, before)
        if home is not None:
            own = columns or replace(home.columns, header=-1)
            home.parts.append((block, own, _headings_of(before)))
        else:
            columns = columns or _guessed(block, names)
            if columns is not None and columns.strength > 1:
                found.append(Candidate([(block, columns, _headings_of(before, numbered_only=not found))]))
        before = []
    for candidate in found:
        candidate.rows = gather(candidate.parts)
    return [part for candidate in found for part in _without_copies(candidate) if part.rows.items]


def _continued(found: list[Candidate], table: Table, columns: Columns | None, before: list[Line]) -> Candidate | None:
    """The candidate a table goes on with: the same headings, or none and the same number of columns right after it."""
    if columns is not None:
        return next((one for one in found if one.columns.roles == columns.roles and not one.columns.guessed), None)
    if not found:
        return None
    last, _, _ = found[-1].parts[-1]
    text_between = any(not line.is_blank and not line.is_bold and not split_section(line.text)[0] for line in before)
    if last.sheet != table.sheet or last.number != table.number - 1 or text_between:
        return None
    return found[-1] if _widths(last) & _widths(table) else None


def _widths(table: Table) -> set[int]:
    """How many cells its rows have, headings over the whole width left out."""
    return {len(row.cells) for row in table.rows if len(row.cells) > 1}


def _guessed(table: Table, names: BodyNames) -> Columns | None:
    columns = guess_columns(table, names.knows)
    if columns is None or not table.rows:
        return columns
    first, rest = table.rows[0], table.rows[1:3]
    bold = all(line.is_bold for cell in first.filled for line in cell.lines if not line.is_blank)
    short = all(len(cell.text) <= 60 for cell in first.cells) and len(first.filled) > 1
    rest_bold = any(line.is_bold for row in rest for cell in row.filled[1:] for line in cell.lines)
    is_header = first.is_header or (bold and short and bool(rest) and not rest_bold)
    return replace(columns, header=0 if is_header else -1)


def _headings_of(lines: list[Line], *, numbered_only: bool = False) -> list[Line]:
    """The lines before a table that are headings of the plan: by style, or bold or numbered and short."""
    found = []
    for line in lines:
        words = line.text.strip()
        numbered = bool(split_section(words)[0])
        is_heading = line.is_bold if numbered else (line.level > 1 or (line.is_bold and not numbered_only))
        if words and is_heading and len(words) <= _LONGEST_HEADING and not (numbered_only and not numbered):
            found.append(line)
    return found


def _without_copies(candidate: Candidate) -> list[Candidate]:
    """Tables with the same headings and mostly the same titles are versions of one plan, not parts of it."""
    if len(candidate.parts) == 1:
        return [candidate]
    alone = [Candidate([part], gather([part])) for part in candidate.parts]
    for n, one in enumerate(alone):
        for other in alone[n + 1 :]:
            shared = len(one.titles & other.titles)
            if shared and shared * 2 > min(len(one.titles), len(other.titles)):
                return alone
    return [candidate]


def _chosen(candidates: list[Candidate]) -> tuple[Candidate, list[Candidate]]:
    if not candidates:
        raise NoPlanFound(NO_TABLE)
    best = max(candidates, key=lambda candidate: candidate.rank)
    equal = [candidate for candidate in candidates if candidate.rank == best.rank]
    if len(equal) > 1:
        raise NoPlanFound(TABLES_EQUAL, [candidate.place for candidate in equal])
    return best, [candidate for candidate in candidates if candidate is not best]


def _table_notes(document: Document, chosen: Candidate, others: list[Candidate]) -> list[DraftIssue]:
    notes = []
    for other in others:
        headings = ", ".join(filter(None, (" ".join(h.text.split()) for h in other.columns.headings)))
        full = other.columns.strength >= chosen.columns.strength
        notes.append(DraftIssue(OTHER_TABLE, WARNING if full else NOTE, other.place, {"headings": headings}))
    if len(chosen.parts) > 1:
        tables = ", ".join(table.sheet or str(table.number) for table, _, _ in chosen.parts)
        notes.append(DraftIssue(TABLES_JOINED, NOTE, chosen.place, {"tables": tables}))
    if chosen.columns.guessed:
        notes.append(DraftIssue(HEADER_GUESSED, WARNING, chosen.place))
    return notes


# --- What stands around it --------------------------------------------------------------------------------------------


def day_of(document: Document) -> date | None:
    """The day the document speaks of: in the heading of the status column, else a line of its own at the top, else any."""
    for table in document.tables:
        columns = find_columns(table)
        for heading in columns.headings if columns else ():
            if heading.role in (c.STATUS, c.OTHER) and (day := _day(heading.text)):
                return day
    lines = [line.text for line in _first_lines(document)]
    alone = [line for line in lines if len(line.strip()) <= 40]
    return next((day for line in (*alone, *lines) if (day := _day(line))), None)


def _day(text: str) -> date | None:
    for found in find_periods(text[:500]):
        if found.period is not None and found.period.precision == "day" and not found.period.year_assumed:
            return found.period.first_day
    return None


def _first_lines(document: Document) -> list[Line]:
    """The lines above the plan: paragraphs before the first table, and rows above its headings."""
    lines: list[Line] = []
    for block in document.blocks:
        if isinstance(block, Line):
            lines.append(block)
            continue
        columns = find_columns(block)
        for row in block.rows[: columns.header] if columns else ():
            lines.extend(_row_line(row))
        if columns is not None:
            break
    return [line for line in lines if not line.is_blank][:_LINES_LOOKED_AT]


def _row_line(row: Row) -> list[Line]:
    return [line for cell in row.filled[:1] for line in cell.lines]


def _title(document: Document, chosen: Candidate) -> tuple[Line | None, str]:
    """By its style, else the first line above the plan that is no date, no heading of a part and no mere label."""
    lines = [line for line in _first_lines(document) if line not in chosen.parts[0][2]]
    fitting = [line for line in lines if 8 <= len(line.text.strip()) <= _LONGEST_TITLE and not _is_only_a_date(line)]
    styled = [line for line in fitting if line.style.casefold() in ("title", "titel") or line.level == 1]
    for line in (*styled, *fitting):
        return line, join_lines([line.text])
    return None, ""


def _is_only_a_date(line: Line) -> bool:
    found = find_periods(line.text[:200])
    return bool(found) and len(line.text.strip()) - len(found[0].words) < 12


def _above_headings(chosen: Candidate, title: Line | None) -> list[DraftIssue]:
    """What stands over the headings inside the table, beside the plan's title and day."""
    notes = []
    for table, columns, _ in chosen.parts:
        for row in table.rows[: max(columns.header, 0)]:
            lines = [line for cell in row.filled for line in cell.lines if line is not title]
            words = " ".join(line.text for line in lines if not _is_only_a_date(line))
            if says_something(words):
                notes.append(DraftIssue(ROW_SKIPPED, NOTE, table.place(row), {"words": cut(words)}))
    return notes


def _outside(document: Document, chosen: Candidate, title: Line | None) -> list[DraftIssue]:
    """Lines outside the tables that look like items: they are not read, and that is said."""
    used = {id(line) for _, _, before in chosen.parts for line in before}
    lines = [block for block in document.blocks if isinstance(block, Line) and not block.is_blank]
    missed = []
    for line in lines[:200]:
        if id(line) in used or line is title or line.level or len(line.text) < 20 or _is_only_a_date(line):
            continue
        if _looks_like_an_item(line.text):
            missed.append(DraftIssue(TEXT_OUTSIDE, WARNING, Place(), {"words": cut(line.text)}))
    return missed[:20]


def _looks_like_an_item(text: str) -> bool:
    return bool(re.match(r"\s*(?:[•–-]|\d{1,2}[.)])\s", text)) or read_status(text[:1000]).state is not None
