"""Rows of figures as they were read, parted into those that can be stored and those that are refused, with the reason.

A refusal names the place and a reason code, never the cell: the cell may hold what must not be kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sundhedsaftale.lib.cpr import find_cpr
from sundhedsaftale.lib.danish import NumberError, nearest, parse_decimal
from sundhedsaftale.lib.periods import PeriodError, observation_period

COLUMNS = (
    "indicator_code",
    "area_code",
    "period",
    "breakdown",
    "value",
    "printed",
    "flag",
    "reason",
    "footnotes",
    "method",
    "carried_over",
    "published_level",
    "published_development",
    "published_basis",
)
REQUIRED_COLUMNS = ("indicator_code", "area_code", "period", "value", "flag")

WITH_VALUE = ("ok", "provisional", "corrected", "not_comparable")
BLANKS = ("suppressed", "not_measured", "not_published", "not_comparable")
LIGHTS = ("", "green", "yellow", "red")
PERCENT = "pct."

_NUMBER = re.compile(r"-?\d{1,14}(?:\.\d+)?", re.ASCII)
_LONGEST = {"breakdown": 120, "printed": 40, "footnotes": 60, "method": 40, "published_basis": 300, "period": 20}


@dataclass(frozen=True)
class RawRow:
    """One row as a reader found it: its line in the file and its cells as text, missing ones left out."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Rejected:
    """line 0 is the file as a whole. details: names to suggest or compare, never the cell's own content."""

    line: int
    column: str
    code: str
    details: str = ""


@dataclass(frozen=True)
class FigureRow:
    line: int
    edition: str
    indicator: str
    area: str
    period: str
    period_start: date
    period_end: date
    breakdown: str
    value: Decimal | None
    printed: str
    flag: str
    reason: str
    footnotes: str
    method: str
    carried_over: bool
    published_level: str
    published_development: str
    published_basis: str

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        return self.edition, self.indicator, self.area, self.period, self.breakdown


@dataclass(frozen=True)
class IndicatorFacts:
    """unit as declared; kinds: the kinds of area it has a fact sheet for; breakdowns: their codes."""

    unit: str
    kinds: frozenset[str]
    breakdowns: frozenset[str]


@dataclass(frozen=True)
class Known:
    """What a row may refer to. areas: code -> kind. edition: the one a row belongs to that names none itself."""

    indicators: Mapping[str, IndicatorFacts]
    areas: Mapping[str, str]
    editions: frozenset[str]
    edition: str = ""


class _Refusal(Exception):
    def __init__(self, column: str, code: str, details: str = "") -> None:
        self.column, self.code, self.details = column, code, details
        super().__init__(code)


def part_rows(rows: Iterable[RawRow], known: Known) -> tuple[list[FigureRow], list[Rejected]]:
    """(accepted, refused). The first reason found is the one given; of two rows with one key the second is refused."""
    accepted: list[FigureRow] = []
    rejected: list[Rejected] = []
    seen: dict[tuple[str, ...], int] = {}
    for raw in rows:
        try:
            row = _read(raw, known)
            if row.key in seen:
                raise _Refusal("", "duplicate", str(seen[row.key]))
        except _Refusal as refusal:
            rejected.append(Rejected(raw.line, refusal.column, refusal.code, refusal.details))
            continue
        seen[row.key] = row.line
        accepted.append(row)
    return accepted, rejected


def missing_columns(columns: Iterable[str]) -> list[Rejected]:
    """One refusal of the whole file for each column that must be there and is not."""
    present = set(columns)
    return [Rejected(0, name, "column_missing", name) for name in REQUIRED_COLUMNS if name not in present]


def _read(raw: RawRow, known: Known) -> FigureRow:
    cells = raw.cells
    for column, text in cells.items():
        if any(hit.kind == "refuse" for hit in find_cpr(text)):
            raise _Refusal(column if column in COLUMNS else "", "cpr")
        if len(text) > _LONGEST.get(column, 2000):
            raise _Refusal(column, "too_long", str(_LONGEST.get(column, 2000)))
    facts = _indicator(cells, known)
    kind = _area(cells, known)
    if kind not in facts.kinds:
        raise _Refusal("area_code", "kind_not_measured", ", ".join(sorted(facts.kinds)))
    breakdown = cells.get("breakdown", "")
    if breakdown and breakdown not in facts.breakdowns:
        raise _Refusal("breakdown", "unknown_breakdown", _near(breakdown, facts.breakdowns))
    start, end = _period(cells)
    value = _value(cells, facts.unit)
    flag, reason = _flag(cells, value)
    return FigureRow(
        line=raw.line,
        edition=_edition(cells, known),
        indicator=cells["indicator_code"],
        area=cells["area_code"],
        period=cells["period"],
        period_start=start,
        period_end=end,
        breakdown=breakdown,
        value=value,
        printed=_printed(cells, value),
        flag=flag,
        reason=reason,
        footnotes=_footnotes(cells),
        method=cells.get("method", ""),
        carried_over=_true_or_false(cells, "carried_over"),
        published_level=_light(cells, "published_level"),
        published_development=_light(cells, "published_development"),
        published_basis=cells.get("published_basis", ""),
    )


def _near(text: str, options: Iterable[str]) -> str:
    return ", ".join(nearest(text, sorted(options), n=3))


def _indicator(cells: Mapping[str, str], known: Known) -> IndicatorFacts:
    code = cells.get("indicator_code", "")
    if code not in known.indicators:
        raise _Refusal("indicator_code", "unknown_indicator", _near(code, known.indicators))
    return known.indicators[code]


def _area(cells: Mapping[str, str], known: Known) -> str:
    code = cells.get("area_code", "")
    if code not in known.areas:
        raise _Refusal("area_code", "unknown_area", _near(code, known.areas))
    return known.areas[code]


def _edition(cells: Mapping[str, str], known: Known) -> str:
    slug = cells.get("edition", "") or known.edition
    if slug not in known.editions:
        raise _Refusal("edition", "unknown_edition", _near(slug, known.editions))
    return slug


def _period(cells: Mapping[str, str]) -> tuple[date, date]:
    try:
        period = observation_period(cells.get("period", ""))
    except PeriodError:
        raise _Refusal("period", "not_a_period") from None
    assert period.first_day is not None
    assert period.last_day is not None
    return period.first_day, period.last_day


def _value(cells: Mapping[str, str], unit: str) -> Decimal | None:
    text = cells.get("value", "").replace("\u2212", "-")
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise _Refusal("value", "not_a_number")
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -6:
        raise _Refusal("value", "too_precise")
    if value < 0:
        raise _Refusal("value", "negative")
    if unit == PERCENT and value > 100:
        raise _Refusal("value", "over_100")
    return value


def _flag(cells: Mapping[str, str], value: Decimal | None) -> tuple[str, str]:
    flag = cells.get("flag", "") or "ok"
    reason = cells.get("reason", "")
    if flag not in (*WITH_VALUE, *BLANKS):
        raise _Refusal("flag", "unknown_flag", ", ".join(dict.fromkeys((*WITH_VALUE, *BLANKS))))
    if value is None and flag not in BLANKS:
        raise _Refusal("value", "blank_without_flag", ", ".join(BLANKS))
    if value is not None and flag not in WITH_VALUE:
        raise _Refusal("value", "value_with_blank_flag")
    if value is None and not reason:
        raise _Refusal("reason", "blank_without_reason")
    return flag, reason


def _printed(cells: Mapping[str, str], value: Decimal | None) -> str:
    """As printed, where that is the same number; a file where only the value was corrected leaves nothing printed."""
    text = cells.get("printed", "")
    if value is None or not text:
        return ""
    try:
        return text if parse_decimal(text) == value else ""
    except NumberError:
        return ""


def _footnotes(cells: Mapping[str, str]) -> str:
    text = cells.get("footnotes", "")
    if text and not all(part.strip().isdigit() for part in text.split(";")):
        raise _Refusal("footnotes", "not_footnotes")
    return ";".join(part.strip() for part in text.split(";")) if text else ""


def _true_or_false(cells: Mapping[str, str], column: str) -> bool:
    text = cells.get(column, "").lower()
    if text not in ("", "true", "false"):
        raise _Refusal(column, "not_true_or_false")
    return text == "true"


def _light(cells: Mapping[str, str], column: str) -> str:
    text = cells.get(column, "")
    if text not in LIGHTS:
        raise _Refusal(column, "unknown_light")
    return text
