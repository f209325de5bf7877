"""Which column of a table holds what: by its headings, else by what stands in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from initiatives.calculations.plan_grid import Cell, Row, Table
from initiatives.calculations.plan_owners import looks_like_a_body
from initiatives.calculations.plan_titles import join_lines
from initiatives.calculations.status_reader import read_status
from sundhedsaftale.lib.periods import find_periods

TITLE, CONTENT, OWNER, STATUS = "title", "content", "owner", "status"
NUMBER, TIMING, MILESTONES, SECTION, KEY, OTHER = "number", "timing", "milestones", "section", "key", "other"
STATE, NEW_DATE, CAUSE = "state", "new_date", "cause"

_WORDS: Mapping[str, tuple[str, ...]] = {
    TITLE: (
        "titel", "emne", "punkt", "overskrift", "indsats", "indsatser", "handling", "handlinger", "aktivitet",
        "aktiviteter", "initiativ", "initiativer", "tiltag", "projekt", "projekter", "opgave", "opgaver", "anbefaling",
        "hvad", "navn", "title", "topic", "action", "actions", "activity", "item", "initiative", "task", "measure",
        "what", "project", "recommendation",
    ),
    CONTENT: (
        "indhold", "beskrivelse", "formål", "baggrund", "uddybning", "konkretisering", "hvordan", "content", "contents",
        "description", "purpose", "how",
    ),
    OWNER: (
        "forankring", "forankret", "ansvarlig", "ansvarlige", "ansvar", "ansvarsplacering", "tovholder", "tovholdere",
        "ejer", "ejere", "ejerskab", "hvem", "aktør", "aktører", "udføres af", "organisering", "owner", "owners",
        "responsible", "responsibility", "anchoring", "anchored", "lead", "who",
    ),
    STATUS: (
        "status", "opfølgning", "fremdrift", "statusbeskrivelse", "bemærkning", "bemærkninger", "kommentar",
        "kommentarer", "noter", "progress", "follow-up", "remarks", "comments", "notes",
    ),
    TIMING: (
        "tidsplan", "frist", "deadline", "tidspunkt", "tid", "hvornår", "tidsramme", "tidshorisont", "termin", "start",
        "opstart", "due", "due date", "timeline", "schedule", "timing", "when", "time frame", "lovet til", "promised",
    ),
    MILESTONES: ("milepæl", "milepæle", "delmål", "milestone", "milestones"),
    NUMBER: ("nr", "nummer", "no", "number", "#", "løbenr", "løbenummer", "id", "punkt nr"),
    SECTION: (
        "spor", "tema", "temaer", "indsatsområde", "indsatsområder", "område", "fokusområde", "afsnit", "delspor",
        "section", "track", "theme", "focus area", "area",
    ),
    KEY: ("nøgle", "key"),
    STATE: ("tilstand", "state"),
    NEW_DATE: ("ny dato", "ny frist", "new date"),
    CAUSE: ("årsag", "cause"),
}  # fmt: skip
_ROLE_OF = {word: role for role, words in _WORDS.items() for word in words}
# Columns that tell about an item but make no plan on their own.
_LONGEST_HEADING = 60
_HEADER_WITHIN = 40
_SAMPLE = 30
_SURE_SHARE = 0.5


@dataclass(frozen=True)
class Heading:
    role: str
    start: int
    end: int
    text: str = ""


@dataclass(frozen=True)
class Columns:
    """header: the index of the heading row in its table, -1 when there is none. guessed: the columns were guessed."""

    headings: tuple[Heading, ...]
    header: int = -1
    guessed: bool = False

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(heading.role for heading in self.headings)

    @property
    def strength(self) -> int:
        """How much of a plan the columns hold: title, owner and status count one each."""
        roles = set(self.roles)
        return bool(roles & {TITLE, CONTENT}) + (OWNER in roles) + (STATUS in roles or TIMING in roles)

    def by_role(self, row: Row) -> dict[str, list[Cell]]:
        """The row's cells under their headings: by position when the row has as many cells, else by the columns covered."""
        found: dict[str, list[Cell]] = {}
        for heading, cell in self.by_heading(row):
            found.setdefault(heading.role if heading else OTHER, []).append(cell)
        return found

    def by_heading(self, row: Row) -> list[tuple[Heading | None, Cell]]:
        in_step = len(row.cells) == len(self.headings)
        return [(self.headings[place] if in_step else self._over(cell), cell) for place, cell in enumerate(row.cells)]

    def _over(self, cell: Cell) -> Heading | None:
        covered = {
            heading: min(heading.end, cell.start + cell.span) - max(heading.start, cell.start)
            for heading in self.headings
        }
        best = max(covered, key=lambda heading: (covered[heading], -heading.start), default=None)
        return best if best is not None and covered[best] > 0 else None


def heading_role(text: str) -> str | None:
    """The role a heading's words name; None when it is none we know."""
    words = join_lines(text.splitlines()).casefold()
    if not words or len(words) > _LONGEST_HEADING:
        return None
    words = words.strip(" .:*?")
    if words in _ROLE_OF:
        return _ROLE_OF[words]
    first = re.split(r"\s*[/,(:&]\s*|\s+(?:og|and|eller)\s+", words)[0].strip(" .")
    if first in _ROLE_OF:
        return _ROLE_OF[first]
    opening = re.match(r"[^\W\d_]+(?:-[^\W\d_]+)*", words)
    return _ROLE_OF.get(opening[0]) if opening and len(words) <= _LONGEST_HEADING else None


def header_headings(row: Row) -> tuple[Heading, ...]:
    """The headings of a row, () when it is no heading row: two roles at least, and most of its cells known."""
    headings = []
    for cell in row.cells:
        role = heading_role(cell.text) if not cell.is_blank else OTHER
        headings.append(Heading(role or OTHER, cell.start, cell.start + cell.span, cell.text))
    known = {heading.role for heading in headings} - {OTHER}
    named = [heading for heading in headings if heading.role != OTHER]
    if len(known) < 2 or len(named) * 2 < len(row.filled) or not known & {TITLE, CONTENT, OWNER, STATUS}:
        return ()
    if not known & {TITLE, CONTENT, SECTION} and len(known) < 3:
        return ()
    return tuple(headings)


def find_columns(table: Table) -> Columns | None:
    """The columns by the first row that reads like headings; None when none does."""
    for index, row in enumerate(table.rows[:_HEADER_WITHIN]):
        headings = header_headings(row)
        if headings:
            return Columns(_settled(headings, table, index), header=index)
    return None


def _settled(headings: tuple[Heading, ...], table: Table, header: int) -> tuple[Heading, ...]:
    """One title, one owner column and so on: a second of a kind is content, remarks or nothing."""
    roles = [heading.role for heading in headings]
    if roles.count(STATUS) > 1:
        best = next((n for n, heading in enumerate(headings) if heading.text.casefold().startswith("status")), None)
        keep = roles.index(STATUS) if best is None else best
        roles = [OTHER if role == STATUS and n != keep else role for n, role in enumerate(roles)]
    titles = [n for n, role in enumerate(roles) if role == TITLE]
    if len(titles) > 1:
        first, second, *rest = titles
        if _is_grouping(table, header, headings[first]) and SECTION not in roles:
            roles[first] = SECTION
        elif CONTENT not in roles:
            roles[second] = CONTENT
        else:
            roles[second] = OTHER
        for n in rest:
            roles[n] = OTHER
    if TITLE not in roles and CONTENT not in roles and SECTION in roles:
        roles[roles.index(SECTION)] = TITLE
    _name_unnamed(roles, headings, table, header)
    return tuple(Heading(role, h.start, h.end, h.text) for role, h in zip(roles, headings, strict=True))


def _is_grouping(table: Table, header: int, heading: Heading) -> bool:
    """Whether a column's cells reach over several rows, as the name of a group does."""
    below = [cell for row in table.rows[header + 1 :] for cell in row.cells if cell.start == heading.start]
    return sum(cell.continues or cell.is_blank for cell in below) * 3 >= len(below) > 0


def _name_unnamed(roles: list[str], headings: tuple[Heading, ...], table: Table, header: int) -> None:
    """A column without a heading beside "Indhold": numbers, or the other half of it."""
    for n, heading in enumerate(headings):
        if heading.text.strip() or roles[n] != OTHER:
            continue
        texts = [c.text for row in table.rows[header + 1 :][:_SAMPLE] for c in row.filled if c.start == heading.start]
        if not texts:
            continue
        if all(re.fullmatch(r"\d{1,3}\.?", text) for text in texts) and NUMBER not in roles:
            roles[n] = NUMBER
        elif n + 1 < len(roles) and roles[n + 1] == CONTENT and TITLE not in roles:
            roles[n] = TITLE
        elif n and roles[n - 1] in (CONTENT, TITLE):
            roles[n] = CONTENT


def guess_columns(table: Table, knows: Callable[[str], bool]) -> Columns | None:
    """The columns by what stands in them: owners and statuses give themselves away. None when they do not."""
    widths = [len(row.cells) for row in table.rows if len(row.filled) > 1]
    if not widths:
        return None
    width = max(set(widths), key=lambda size: (widths.count(size), size))
    rows = [row for row in table.rows if len(row.cells) == width and len(row.filled) > 1]
    if width < 2:
        return None
    columns = [[row.cells[n].text for row in rows[:_SAMPLE] if not row.cells[n].is_blank] for n in range(width)]
    roles = _guessed_roles(columns, knows)
    if STATUS not in roles or not {TITLE, CONTENT} & set(roles):
        return None
    cells = rows[0].cells
    spans = tuple(Heading(role, c.start, c.start + c.span) for role, c in zip(roles, cells, strict=True))
    return Columns(spans, guessed=True)


def _share(texts: list[str], test: Callable[[str], bool]) -> float:
    return sum(map(test, texts)) / len(texts) if texts else 0.0


def _guessed_roles(columns: list[list[str]], knows: Callable[[str], bool]) -> list[str]:
    roles = [OTHER] * len(columns)
    for n, texts in enumerate(columns):
        if texts and all(re.fullmatch(r"\d{1,3}\.?", text) for text in texts):
            roles[n] = NUMBER
    owners = {n: _share(texts, lambda text: _is_owner(text, knows)) for n, texts in _open(columns, roles)}
    _take_best(roles, owners, OWNER)
    statuses = {n: _share(texts, _is_status) for n, texts in _open(columns, roles)}
    _take_best(roles, statuses, STATUS)
    texts_left = [n for n, texts in _open(columns, roles) if texts]
    if len(texts_left) == 1:
        roles[texts_left[0]] = CONTENT
    elif texts_left:
        first, second = texts_left[:2]
        roles[first], roles[second] = TITLE, CONTENT
    return roles


def _open(columns: list[list[str]], roles: list[str]) -> list[tuple[int, list[str]]]:
    return [(n, texts) for n, texts in enumerate(columns) if roles[n] == OTHER]


def _take_best(roles: list[str], shares: Mapping[int, float], role: str) -> None:
    best = max(shares, key=lambda n: shares[n], default=None)
    if best is not None and shares[best] >= _SURE_SHARE:
        roles[best] = role


def _is_owner(text: str, knows: Callable[[str], bool]) -> bool:
    return len(text) <= 150 and (
        knows(join_lines(text.splitlines())) or looks_like_a_body(join_lines(text.splitlines()))
    )


def _is_status(text: str) -> bool:
    return read_status(text).state is not None or (len(text) < 60 and bool(find_periods(text)))


def split_tables(rows: list[Row], *, first_number: int, sheet: str = "", knows_merging: bool = True) -> list[Table]:
    """The rows of a sheet as tables: a new one begins where other headings stand after a gap or after the first table."""
    groups: list[list[Row]] = [[]]
    roles: tuple[str, ...] = ()
    for row in rows:
        headings = header_headings(row)
        own = tuple(heading.role for heading in headings)
        if headings and roles and own != roles:
            groups.append([])
        roles = own or roles
        groups[-1].append(row)
    kept = [group for group in groups if group]
    return [
        Table(tuple(group), number, sheet, knows_merging=knows_merging)
        for number, group in enumerate(kept, start=first_number)
    ]
