"""The tables of the report Nationale mål, read from text: every figure with its place, and every trap met on the way.

Nothing is guessed. What the catalogue does not know is refused with line and reason; what had to be read in a certain way
(a thousand's point, a blank, a row of another period, a name misread by a scanner) is told, with place and reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from indicators.calculations.figure_rows import PERCENT, RawRow, Rejected
from indicators.calculations.report_headings import (
    MUNICIPALITIES,
    REGIONS,
    Heading,
    Refused,
    Trap,
    indicator_of,
    read_heading,
)
from indicators.calculations.report_names import ReportFacts, Sheet
from indicators.calculations.report_text import TextCell, TextLine, squeezed, text_lines
from indicators.calculations.table_mapping import NO_VALUE, area_key, period_code
from sundhedsaftale.lib.danish import NumberError, nearest, parse_decimal

COUNTRY, REGION, MUNICIPALITY = "country", "region", "municipality"
Key = tuple[str, str, str]  # indicator, area, period


@dataclass(frozen=True)
class Reasons:
    """Why a cell is blank, in the site's words: kept with the figure, so not in the reader's language."""

    not_measured: str
    without_figures: str
    suppressed: str  # with %(rule)s
    unexplained: str
    corrected: str  # with %(value)s and %(edition)s


@dataclass(frozen=True)
class Choice:
    """What the person says of the text. period: of every row that says nothing else. periods: (indicator, table) -> period,
    the table "" for both."""

    period: str
    periods: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReadFigure:
    """A row as it would be stored, and where it stood."""

    row: RawRow
    table: str
    column: int

    @property
    def key(self) -> Key:
        cells = self.row.cells
        return cells["indicator_code"], cells["area_code"], cells["period"]


@dataclass
class ReadReport:
    """tables: headings met. unknown: names of areas nobody has mapped, with their place."""

    figures: dict[Key, ReadFigure] = field(default_factory=dict)
    traps: list[Trap] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)
    tables: int = 0
    cells: int = 0

    @property
    def rows(self) -> list[RawRow]:
        return [one.row for one in self.figures.values()]


def read_report(text: str, choice: Choice, facts: ReportFacts, reasons: Reasons) -> ReadReport:
    """Every table of the text. Lines that belong to no table are passed over."""
    return _Reading(choice, facts, reasons).read(text)


class _Reading:
    def __init__(self, choice: Choice, facts: ReportFacts, reasons: Reasons) -> None:
        self.choice, self.facts, self.reasons = choice, facts, reasons
        self.found = ReadReport()
        self.heading: Heading | None = None
        self.goal = ""
        self.passing_over = False
        self.told: set[tuple[int, str]] = set()  # (line of the heading, indicator) whose period has been told

    def read(self, text: str) -> ReadReport:
        for line in text_lines(text):
            if not line.cells:
                self._end_table()
                continue
            try:
                self._line(line)
            except Refused as refused:
                self._refuse(line.number, refused)
        self._end_table()
        if not self.found.figures and not self.found.rejected:
            self.found.rejected.append(Rejected(0, "", "no_rows"))
        return self.found

    def _refuse(self, line: int, refused: Refused) -> None:
        self.found.rejected.append(Rejected(line, refused.column, refused.code, refused.details))

    def _trap(self, code: str, line: int, column: int = 0, *names: str) -> None:
        self.found.traps.append(Trap(code, line, column, names))

    def _end_table(self) -> None:
        heading = self.heading
        if heading is not None and heading.kind == MUNICIPALITIES and heading.region:
            left = self.facts.members(heading.region) - heading.seen
            if left:
                names = sorted(self.facts.area_names.get(code, code) for code in left)
                self._trap("areas_left_out", heading.line, 0, ", ".join(names))
        self.heading, self.goal, self.passing_over = None, "", False

    def _line(self, line: TextLine) -> None:
        heading = read_heading(line, self.facts, inside=self.heading is not None)
        if heading is not None:
            self._end_table()
            self.found.traps.extend(heading.traps)
            for refused in heading.refused:
                self._refuse(line.number, refused)
            self.found.tables += heading.kind in (REGIONS, MUNICIPALITIES)
            self.heading = heading if heading.kind in (REGIONS, MUNICIPALITIES) else None
            self.passing_over = self.heading is None
        elif self.heading is None:
            self._outside(line)
        elif len(line.cells) != self.heading.width:
            raise Refused(0, "row_width", str(self.heading.width))
        elif self.heading.kind == REGIONS:
            self._region_line(line, self.heading)
        else:
            self._municipality_line(line, self.heading)

    def _outside(self, line: TextLine) -> None:
        """A row under no heading: of a table that is none of ours, unless it names something of ours."""
        if self.passing_over:
            return
        ours = [cell for cell in line.cells[:2] if cell.text]
        known = any(self.facts.names.area(cell.text) or self.facts.by_name(cell.text) for cell in ours)
        figures = sum(_is_number(cell.text) for cell in line.cells)
        if known and figures:
            raise Refused(0, "heading_missing")
        if len(line.cells) > 1:
            self._trap("table_passed_over", line.number)
        self.passing_over = True

    # --- The two kinds of table ---------------------------------------------------------------------------------------

    def _region_line(self, line: TextLine, heading: Heading) -> None:
        goal, named = line.cells[0], line.cells[1]
        if goal.text:
            self.goal = self.facts.goals.get(squeezed(goal.text), "")
            if goal.markup:
                self._trap("markup", line.number, goal.column)
            if not self.goal:
                self._trap("goal_unknown", line.number, goal.column)
        if not named.text:
            raise Refused(named.column, "indicator_blank")
        row, traps = indicator_of(named, line.number, self.facts)
        self.found.traps.extend(traps)
        own = self.facts.indicators[row.code]
        if self.goal and own.goal != self.goal:
            self._trap("other_goal", line.number, named.column, own.name, self.goal, own.goal)
        cells = [cell for cell in line.cells[2:] if heading.areas.get(cell.column)]
        blank_row = all(_is_blank(cell.text) for cell in cells)
        if blank_row:
            self._trap("row_without_figures", line.number, named.column, own.name)
        for cell in cells:
            area = heading.areas[cell.column]
            self._guarded(line, cell, row.code, area, REGIONS, row.period, row.notes, blank_row=blank_row)

    def _municipality_line(self, line: TextLine, heading: Heading) -> None:
        area = self._area(line.cells[0], line.number, heading)
        heading.seen.add(area)
        for cell in line.cells[1:]:
            column = heading.indicators.get(cell.column)
            if column is not None:
                self._guarded(line, cell, column.code, area, MUNICIPALITIES, column.period, column.notes)

    def _area(self, cell: TextCell, line: int, heading: Heading) -> str:
        if not cell.text:
            raise Refused(cell.column, "area_blank")
        code = self.facts.names.area(cell.text)
        if code is None:
            self.found.unknown.setdefault(cell.text, str(line))
            raise Refused(cell.column, "unknown_area_name", ", ".join(nearest(cell.text, self.facts.names.area_names)))
        name = self.facts.area_names.get(code, code)
        key = area_key(cell.text)
        if key in self.facts.aliases:
            self._trap("alias", line, cell.column, name)
        elif self.facts.is_genitive(code, key):
            self._trap("genitive", line, cell.column, name)
        regions = self.facts.regions_of.get(code, frozenset())
        if heading.region and regions and heading.region not in regions:
            raise Refused(cell.column, "other_region", name)
        return code

    # --- One figure ---------------------------------------------------------------------------------------------------

    def _guarded(
        self,
        line: TextLine,
        cell: TextCell,
        code: str,
        area: str,
        table: str,
        period: str,
        notes: Sequence[str],
        *,
        blank_row: bool = False,
    ) -> None:
        """A cell that is refused stops neither its line nor its table: each is told with its own place."""
        try:
            self._figure(line, cell, code, area, table, period, notes, blank_row=blank_row)
        except Refused as refused:
            self._refuse(line.number, refused)

    def _figure(
        self,
        line: TextLine,
        cell: TextCell,
        code: str,
        area: str,
        table: str,
        printed_period: str,
        notes: Sequence[str],
        *,
        blank_row: bool,
    ) -> None:
        self.found.cells += 1
        kind = self.facts.kinds[area]
        sheets = self.facts.indicators[code].sheets
        if kind not in sheets:
            raise Refused(cell.column, "kind_not_measured")
        of_table = sheets.get(MUNICIPALITY, sheets[kind]) if table == MUNICIPALITIES else sheets[kind]
        period = self._period(line.number, cell, code, table, printed_period, of_table)
        sheet = sheets[kind] if period == sheets[kind].period else of_table
        cells = {"indicator_code": code, "area_code": area, "period": period, "method": sheet.method}
        if notes or cell.notes:
            cells["footnotes"] = ";".join(sorted({*notes, *cell.notes}, key=int))
        cells["carried_over"] = "true" if sheet.carried_over and period == sheet.period else "false"
        if cell.lights:
            self._trap("light_lost", line.number, cell.column)
        if _is_blank(cell.text):
            cells.update(self._blank(line.number, cell, code, kind, sheet, blank_row=blank_row))
        else:
            cells.update(self._value(line.number, cell, code, of_table))
            cells.update(self._corrected(line.number, cell, (code, area, period), Decimal(cells["value"])))
        row = RawRow(line.number, {name: text for name, text in cells.items() if text})
        self._keep(ReadFigure(row, table, cell.column))

    def _period(self, line: int, cell: TextCell, code: str, table: str, printed: str, sheet: Sheet) -> str:
        """The person's word, else the report's own, else the same period as the rest; refused where that is not known."""
        said = self.choice.periods.get((code, table)) or self.choice.periods.get((code, ""))
        if said:
            return said
        if printed:
            return printed
        main, usual = self.choice.period, self.facts.usual
        if sheet.period in ("", usual, main):
            return main
        if main != usual:
            raise Refused(cell.column, "period_unclear", self.facts.indicators[code].name)
        once = (self.heading.line if self.heading else 0, code)
        if once not in self.told:
            self.told.add(once)
            self._trap("period_of_catalogue", line, cell.column, self.facts.indicators[code].name, sheet.period)
        return sheet.period

    def _value(self, line: int, cell: TextCell, code: str, sheet: Sheet) -> dict[str, str]:
        try:
            number = parse_decimal(cell.text)
        except NumberError as error:
            wrong = error.reason_code == "wrong_mark"
            raise Refused(cell.column, *(("other_decimal_mark", ",") if wrong else ("not_a_figure", ""))) from None
        if number < 0:
            raise Refused(cell.column, "negative")
        if self.facts.indicators[code].unit == PERCENT and number > 100:
            raise Refused(cell.column, "over_100")
        plain, exponent = format(number, "f"), number.as_tuple().exponent
        decimals = -exponent if isinstance(exponent, int) else 0
        if "." in cell.text or " " in cell.text:
            self._trap("thousands", line, cell.column, cell.text, plain)
        if not number:
            self._trap("zero", line, cell.column, cell.text)
        if decimals < sheet.decimals:
            self._trap("fewer_decimals", line, cell.column, cell.text, str(sheet.decimals))
        return {"value": plain, "printed": cell.text, "flag": "ok"}

    def _corrected(self, line: int, cell: TextCell, key: Key, value: Decimal) -> dict[str, str]:
        """Another figure for the same was published before: this one is a correction, and both stay findable."""
        before = self.facts.earlier.get(key)
        if before is None or before.value == value:
            return {}
        self._trap("corrected", line, cell.column, before.text, cell.text, before.edition)
        words = {"value": before.text, "edition": before.edition}
        return {"flag": "corrected", "reason": self.reasons.corrected % words}

    def _blank(
        self, line: int, cell: TextCell, code: str, kind: str, sheet: Sheet, *, blank_row: bool
    ) -> dict[str, str]:
        rule = self.facts.indicators[code].suppression
        if sheet.not_measured:
            flag, reason = "not_measured", self.reasons.not_measured
        elif blank_row:
            flag, reason = "not_published", self.reasons.without_figures
        elif rule and kind == MUNICIPALITY:
            flag, reason = "suppressed", self.reasons.suppressed % {"rule": rule}
        else:
            flag, reason = "not_published", self.reasons.unexplained
        self._trap("blank", line, cell.column, flag)
        return {"value": "", "flag": flag, "reason": reason}

    def _keep(self, one: ReadFigure) -> None:
        """A country's figure may stand in both tables: once is enough where they agree, and neither will do where not."""
        other = self.found.figures.get(one.key)
        if other is None:
            self.found.figures[one.key] = one
            return
        old, new = other.row.cells, one.row.cells
        same = other.table != one.table and _number(old) == _number(new)
        if not same:
            raise Refused(one.column, "stands_otherwise", str(other.row.line))
        kept = other if other.table == REGIONS else one
        notes = {note for cells in (old, new) for note in cells.get("footnotes", "").split(";") if note}
        merged = {**kept.row.cells, "footnotes": ";".join(sorted(notes, key=int))}
        row = RawRow(kept.row.line, {name: text for name, text in merged.items() if text})
        self.found.figures[one.key] = replace(kept, row=row)
        self._trap("stands_twice", one.row.line, one.column, str(other.row.line))


def _is_blank(text: str) -> bool:
    return text.casefold() in NO_VALUE


def _is_number(text: str) -> bool:
    try:
        parse_decimal(text)
    except NumberError:
        return False
    return True


def _number(cells: Mapping[str, str]) -> Decimal | None:
    return Decimal(cells["value"]) if cells.get("value") else None


def read_periods(text: str, facts: ReportFacts) -> tuple[dict[tuple[str, str], str], list[int]]:
    """ "Daglige rygere, kommuner = 2021", one a line: (periods, lines that cannot be read)."""
    periods: dict[tuple[str, str], str] = {}
    wrong: list[int] = []
    tables = {"kommuner": MUNICIPALITIES, "regioner": REGIONS}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        name, _, words = line.rpartition("=")
        head, _, last = name.strip().rpartition(",")
        table = tables.get(last.strip().casefold(), "")
        code = facts.by_name(head if table else name)
        period = period_code(words)
        if code is None or period is None:
            wrong.append(number)
        else:
            periods[code, table] = period
    return periods, wrong
