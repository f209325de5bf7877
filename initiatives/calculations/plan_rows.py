"""The rows of a plan table put together: headings, items, and items that span several rows. No reading of words yet."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from initiatives.calculations import plan_columns as c
from initiatives.calculations.plan_columns import Columns
from initiatives.calculations.plan_draft import NOTE, WARNING, DraftIssue, Place
from initiatives.calculations.plan_grid import Cell, Line, Row, Table
from initiatives.calculations.plan_left_out import HEADING_WITHOUT_ITEMS, columns_not_read, cut
from initiatives.calculations.plan_titles import continues_sentence, join_lines, split_number, split_section

ROW_SKIPPED = "row_skipped"  # words
ROW_TAKEN_AS_HEADING = "row_taken_as_heading"  # title
_LONGEST_SECTION = 250


@dataclass
class RawItem:
    """One item's cells, still as lines. Only this module and the one that reads it change it."""

    place: Place
    section_number: str = ""
    section: str = ""
    sub_section: str = ""
    number: str = ""
    key: str = ""
    head: list[Line] = field(default_factory=list)  # a title cell, or title and content in one
    content: list[Line] = field(default_factory=list)
    owners: list[Line] = field(default_factory=list)
    status: list[Line] = field(default_factory=list)
    timing: list[Line] = field(default_factory=list)
    milestones: list[Line] = field(default_factory=list)
    extra: dict[str, str] = field(default_factory=dict)
    has_title_column: bool = False
    has_milestone_column: bool = False


@dataclass(frozen=True)
class UnusedHeading:
    """A heading in force that no item stands under yet."""

    place: Place
    words: str
    is_sub: bool


def without_items(headings: Sequence[UnusedHeading]) -> list[DraftIssue]:
    return [DraftIssue(HEADING_WITHOUT_ITEMS, NOTE, one.place, {"title": cut(one.words)}) for one in headings]


@dataclass
class Sections:
    """The headings in force. A heading without a number, below a numbered one, is a sub-heading."""

    number: str = ""
    title: str = ""
    sub: str = ""
    level: int = 0
    just_set: bool = False
    unused: list[UnusedHeading] = field(default_factory=list)

    def take(self, words: str, level: int = 0, place: Place | None = None) -> list[DraftIssue]:
        """The heading is in force from here. Headings it takes the place of before any item came are reported."""
        number, title = split_section(words)
        is_part = bool(number) and "." in number and number.split(".")[0] == self.number
        if level and self.level:
            is_sub = level > self.level
        else:
            is_sub = is_part or (not number and bool(self.number or (self.title and self.just_set)))
        lost = [heading for heading in self.unused if heading.is_sub or not is_sub]
        if is_sub:
            self.sub = title
        else:
            self.number, self.title, self.sub, self.level = number, title, "", level
        self.just_set = True
        self.unused = [heading for heading in self.unused if heading not in lost]
        self.unused.append(UnusedHeading(place or Place(), words, is_sub))
        return without_items(lost)


@dataclass
class Rows:
    """What has been gathered from the tables of one plan."""

    items: list[RawItem] = field(default_factory=list)
    issues: list[DraftIssue] = field(default_factory=list)
    sections: Sections = field(default_factory=Sections)
    has_merged_headings: bool = False


def gather(parts: Sequence[tuple[Table, Columns, Sequence[Line]]]) -> Rows:
    """The tables of one plan in order, each with its columns and the heading lines that stand before it."""
    rows = Rows()
    rows.has_merged_headings = any(
        _is_merged_across(row, columns) for table, columns, _ in parts for row in table.rows[columns.header + 1 :]
    )
    for table, columns, before in parts:
        for line in before:
            rows.issues += rows.sections.take(join_lines([line.text]), line.level)
        if table.sheet and len(parts) > 1 and not before:
            rows.issues += without_items(rows.sections.unused)
            rows.sections = Sections(title=table.sheet)
        below = (row for row in table.rows[columns.header + 1 :] if row.filled)
        own = [row for row in below if not c.header_headings(row) and not _only_headings(row)]
        of_items = [row for row in own if not _take_row(rows, table, columns, row)]
        rows.issues += columns_not_read(table, columns, of_items)
    rows.issues += without_items(rows.sections.unused)
    return rows


def _only_headings(row: Row) -> bool:
    """The second line of a heading in two rows ("Start", "Slut")."""
    filled = row.filled
    return len(filled) > 1 and all(c.heading_role(cell.text) is not None for cell in filled)


def _is_merged_across(row: Row, columns: Columns) -> bool:
    """One cell over all the columns, or over more than those of title and content."""
    filled = row.filled
    if len(filled) != 1 or filled[0].continues:
        return False
    cell = filled[0]
    if len(row.cells) == 1:
        return len(columns.headings) > 1
    covered = {h.role for h in columns.headings if h.start < cell.start + cell.span and cell.start < h.end}
    return cell.span > 1 and bool(covered & {c.OWNER, c.STATUS}) and bool(covered & {c.TITLE, c.CONTENT, c.SECTION})


def _take_row(rows: Rows, table: Table, columns: Columns, row: Row) -> bool:
    """Whether the row was a heading; else it is an item, a part of one, or reported."""
    heading = _heading_of(rows, table, columns, row)
    if heading is not None:
        words = join_lines(heading.text.splitlines())
        if len(words) > _LONGEST_SECTION:
            rows.issues.append(DraftIssue(ROW_SKIPPED, WARNING, table.place(row), {"words": words[:80] + " …"}))
            return True
        if not _is_merged_across(row, columns) and not split_section(words)[0] and not _is_repeated(row):
            rows.issues.append(DraftIssue(ROW_TAKEN_AS_HEADING, NOTE, table.place(row), {"title": words}))
        level = max((line.level for line in heading.lines), default=0)
        rows.issues += rows.sections.take(words, level, table.place(row))
        return True
    parts = columns.by_role(row)
    _take_section_cells(rows, parts.get(c.SECTION, []), table.place(row), is_annex=c.KEY in parts)
    current = rows.items[-1] if rows.items else None
    if _starts_item(parts, current, after_heading=rows.sections.just_set):
        _start_item(rows, table, row, parts)
    elif current is None or rows.sections.just_set:
        words = " ".join(cell.text for cell in row.filled)[:80]
        rows.issues.append(DraftIssue(ROW_SKIPPED, WARNING, table.place(row), {"words": " ".join(words.split())}))
    else:
        _continue_item(current, parts)
    return False


def _is_repeated(row: Row) -> bool:
    """The same words in every cell: how a merged heading looks in a file that cannot merge."""
    texts = {cell.text for cell in row.cells}
    return len(row.cells) > 2 and len(texts) == 1


def _heading_of(rows: Rows, table: Table, columns: Columns, row: Row) -> Cell | None:
    """The cell that is a heading of the plan, or None when the row is (part of) an item."""
    filled = row.filled
    if _is_repeated(row):
        return filled[0]
    if len(filled) != 1 or filled[0].continues:
        # A number of its own in front: "1." | "Brug af data" over the rest.
        return _numbered_heading(columns, row)
    cell = filled[0]
    if _is_merged_across(row, columns):
        return cell
    if any(other.continues for other in row.cells):
        return None
    parts = columns.by_role(row)
    first = [*parts.get(c.TITLE, []), *parts.get(c.CONTENT, []), *parts.get(c.NUMBER, [])]
    if not any(cell is other for other in first):
        return None
    return cell if _reads_like_a_heading(rows, table, cell) else None


def _numbered_heading(columns: Columns, row: Row) -> Cell | None:
    filled = row.filled
    if len(filled) != 2 or filled[1].span < 2 or not re.fullmatch(r"\d{1,2}\.?|[A-Z]\.?|[IVX]+\.?", filled[0].text):
        return None
    end = filled[1].start + filled[1].span
    covered = {heading.role for heading in columns.headings if filled[1].start <= heading.start < end}
    if not covered & {c.OWNER, c.STATUS}:
        return None
    number = filled[0].text.rstrip(".")
    return Cell(lines=(Line(f"{number}. {join_lines(filled[1].text.splitlines())}"),))


def _reads_like_a_heading(rows: Rows, table: Table, cell: Cell) -> bool:
    """A lone cell that is not merged. Where headings are merged elsewhere in the table, it is an item without the rest."""
    lines = [line for line in cell.lines if not line.is_blank]
    words = join_lines([line.text for line in lines])
    if len(words) > _LONGEST_SECTION or continues_sentence(words) or words.endswith((".", ";", ",")):
        return False
    if any(line.level for line in lines):
        return True
    if rows.has_merged_headings:
        return False
    number = split_section(words)[0]
    if number:
        return not _is_next_item(rows, words)
    all_bold = all(line.is_bold for line in lines)
    return len(lines) <= 2 and (all_bold or not table.knows_merging)


def _is_next_item(rows: Rows, words: str) -> bool:
    """ "4. …" after items numbered 1 to 3 is the next item, not a heading."""
    number = split_number(words)[0]
    if not rows.items or number is None:
        return False
    last = rows.items[-1]
    before = last.number or str(split_number(join_lines([line.text for line in last.head[:1]]))[0])
    return before == str(number - 1)


def _take_section_cells(rows: Rows, cells: list[Cell], place: Place, *, is_annex: bool) -> None:
    """The heading in a column of its own, a sub-heading in a second; an annex of ours writes both in one cell."""
    for column, cell in enumerate(cells):
        if cell.is_blank or cell.continues:
            continue
        head, _, sub = cell.text.partition("\n") if is_annex else (cell.text, "", "")
        words = join_lines(head.splitlines())
        unused = UnusedHeading(place, words, is_sub=column > 0)
        sections = rows.sections
        lost = [one for one in sections.unused if one.is_sub or not unused.is_sub]
        rows.issues += without_items(lost)
        kept = [one for one in sections.unused if one not in lost]
        if unused.is_sub:
            under = f"{sections.sub} – {words}" if column > 1 and sections.sub else words
            rows.sections = Sections(sections.number, sections.title, under, unused=[*kept, unused])
        else:
            rows.sections = Sections(*split_section(words), join_lines([sub]), unused=[*kept, unused])


def _starts_item(parts: dict[str, list[Cell]], current: RawItem | None, *, after_heading: bool) -> bool:
    first = parts.get(c.TITLE) or parts.get(c.CONTENT) or []
    if any(cell.continues for cell in first[:1]):
        return current is None
    has_owner = _is_filled(parts, c.OWNER)
    has_status = _is_filled(parts, c.STATUS)
    if not first or first[0].is_blank:
        return (has_owner and has_status) or (_is_filled(parts, c.NUMBER) and (has_owner or has_status))
    if current is None or after_heading or has_owner or _is_filled(parts, c.NUMBER):
        return True
    text = join_lines(first[0].text.splitlines())
    return not (continues_sentence(text) and not first[0].lines[0].bold)


def _is_filled(parts: dict[str, list[Cell]], role: str) -> bool:
    return any(not cell.is_blank and not cell.continues for cell in parts.get(role, []))


def _start_item(rows: Rows, table: Table, row: Row, parts: dict[str, list[Cell]]) -> None:
    sections = rows.sections
    before = rows.items[-1] if rows.items else None
    item = RawItem(table.place(row), sections.number, sections.title, sections.sub)
    sections.just_set, sections.unused = False, []
    item.has_title_column = c.TITLE in parts and c.CONTENT in parts
    item.has_milestone_column = c.MILESTONES in parts
    heads = [*parts.get(c.TITLE, [])]
    contents = [*parts.get(c.CONTENT, [])]
    if not heads and contents:
        heads = [contents.pop(0)]
        item.has_title_column = any(not cell.is_blank for cell in contents)
    _fill(item, heads, contents, parts)
    if before is not None:
        if any(cell.continues for cell in parts.get(c.OWNER, [])):
            item.owners = [*before.owners]
        if any(cell.continues for cell in parts.get(c.STATUS, [])):
            item.status = [*before.status]
    rows.items.append(item)


def _continue_item(item: RawItem, parts: dict[str, list[Cell]]) -> None:
    """More of the same item, from a row below: each cell is added under what stands there."""
    heads = [*parts.get(c.TITLE, [])]
    contents = [*parts.get(c.CONTENT, [])]
    if heads and item.has_title_column and item.content:
        contents, heads = [*heads, *contents], []
    elif not heads and contents:
        heads = [] if item.has_title_column else [contents.pop(0)]
    _fill(item, heads, contents, parts)


def _fill(item: RawItem, heads: list[Cell], contents: list[Cell], parts: dict[str, list[Cell]]) -> None:
    _add(item.head, heads)
    _add(item.content, contents)
    _add(item.owners, parts.get(c.OWNER, []))
    _add(item.status, parts.get(c.STATUS, []))
    _add(item.timing, parts.get(c.TIMING, []))
    _add(item.milestones, parts.get(c.MILESTONES, []))
    for role in (c.STATE, c.NEW_DATE, c.CAUSE):
        words = [item.extra.get(role, ""), *(cell.text for cell in parts.get(role, []))]
        item.extra[role] = "\n".join(filter(None, words))
    numbers = [cell.text for cell in parts.get(c.NUMBER, []) if not cell.is_blank]
    if not item.number:
        item.number = "".join(numbers)
    else:  # a second one, further down in the same item, is words like any other
        item.content += [Line(number) for number in numbers if number != item.number]
    keys = [cell.text for cell in parts.get(c.KEY, [])] + [cell.key for cells in parts.values() for cell in cells]
    item.key = item.key or next((key for key in keys if key), "")


def _add(lines: list[Line], cells: Sequence[Cell]) -> None:
    for cell in cells:
        if not cell.is_blank:
            lines.extend(cell.lines)
