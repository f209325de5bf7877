"""Rows of figures as they were read, parted into those that can be stored and those that are refused, with the reason.

A refusal names the place and a reason code, never the cell: the cell may hold what must not be kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

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


class Refusal(Exception):
    """Why a row cannot be stored: the column, the reason code, and what to suggest."""

    def __init__(self, column: str, code: str, details: str = "") -> None:
        self.column, self.code, self.details = column, code, details
        super().__init__(code)


def part_rows(rows: Iterable[RawRow], known: Known) -> tuple[list[FigureRow], list[Rejected]]:
    """(accepted, refused). The first reason found is the one given; of two rows with one key the second is refused."""
    accepted: list[FigureRow] = []
    rejected: list[Rejected] = []
    seen: dict[tuple[str, ...], int] = {}
    for raw in rows:
        row = read_row(raw, known)
        if isinstance(row, FigureRow) and row.key in seen:
            row = Rejected(raw.line, "", "duplicate", str(seen[row.key]))
        if isinstance(row, Rejected):
            rejected.append(row)
            continue
        seen[row.key] = row.line
        accepted.append(row)
    return accepted, rejected


def missing_columns(columns: Iterable[str]) -> list[Rejected]:
    """One refusal of the whole file for each column that must be there and is not."""
    present = set(columns)
    return [Rejected(0, name, "column_missing", name) for name in REQUIRED_COLUMNS if name not in present]


def read_row(raw: RawRow, known: Known) -> FigureRow | Rejected:
    """The row as it can be stored, or the first reason why it cannot."""
    try:
        return _read(raw, known)
    except Refusal as refusal:
        return Rejected(raw.line, refusal.column, refusal.code, refusal.details)


def _read(raw: RawRow, known: Known) -> FigureRow:
    for column, text in raw.cells.items():
        check_text(column, text)
    fields: dict[str, Any] = {"line": raw.line}
    for part in PARTS:
        fields.update(part.read(raw.cells, known))
    return FigureRow(**fields)


def check_text(column: str, text: str) -> None:
    """What holds for the text of any cell by itself. Raises Refusal."""
    if any(hit.kind == "refuse" for hit in find_cpr(text)):
        raise Refusal(column if column in COLUMNS else "", "cpr")
    if len(text) > _LONGEST.get(column, 2000):
        raise Refusal(column, "too_long", str(_LONGEST.get(column, 2000)))


def _near(text: str, options: Iterable[str]) -> str:
    return _nearest(text, frozenset(options))


@lru_cache(maxsize=256)
def _nearest(text: str, options: frozenset[str]) -> str:
    """A file with one strange name has it in a thousand rows, and looking for its neighbours is slow."""
    return ", ".join(nearest(text, sorted(options), n=3))


def _indicator(cells: Mapping[str, str], known: Known) -> IndicatorFacts:
    code = cells.get("indicator_code", "")
    if code not in known.indicators:
        raise Refusal("indicator_code", "unknown_indicator", _near(code, known.indicators))
    return known.indicators[code]


def _place(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    facts = _indicator(cells, known)
    code = cells.get("area_code", "")
    if code not in known.areas:
        raise Refusal("area_code", "unknown_area", _near(code, known.areas))
    if known.areas[code] not in facts.kinds:
        raise Refusal("area_code", "kind_not_measured", ", ".join(sorted(facts.kinds)))
    return {"indicator": cells["indicator_code"], "area": code}


def _breakdown(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    breakdown = cells.get("breakdown", "")
    options = _indicator(cells, known).breakdowns
    if breakdown and breakdown not in options:
        raise Refusal("breakdown", "unknown_breakdown", _near(breakdown, options))
    return {"breakdown": breakdown}


def _edition(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    slug = cells.get("edition", "") or known.edition
    if slug not in known.editions:
        raise Refusal("edition", "unknown_edition", _near(slug, known.editions))
    return {"edition": slug}


def _period(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    try:
        period = observation_period(cells.get("period", ""))
    except PeriodError:
        raise Refusal("period", "not_a_period") from None
    assert period.first_day is not None
    assert period.last_day is not None
    return {"period": cells["period"], "period_start": period.first_day, "period_end": period.last_day}


def _value(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    text = _number_text(cells)
    if not text:
        return {"value": None}
    if not _NUMBER.fullmatch(text):
        raise Refusal("value", "not_a_number")
    value = Decimal(text)
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -6:
        raise Refusal("value", "too_precise")
    if value < 0:
        raise Refusal("value", "negative")
    if value > 100 and _indicator(cells, known).unit == PERCENT:
        raise Refusal("value", "over_100")
    return {"value": value}


def _number_text(cells: Mapping[str, str]) -> str:
    return cells.get("value", "").replace("\u2212", "-")


def _flag(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    flag = cells.get("flag", "") or "ok"
    is_blank = not cells.get("value")
    if flag not in (*WITH_VALUE, *BLANKS):
        raise Refusal("flag", "unknown_flag", ", ".join(dict.fromkeys((*WITH_VALUE, *BLANKS))))
    if is_blank and flag not in BLANKS:
        raise Refusal("value", "blank_without_flag", ", ".join(BLANKS))
    if not is_blank and flag not in WITH_VALUE:
        raise Refusal("value", "value_with_blank_flag")
    if is_blank and not cells.get("reason"):
        raise Refusal("reason", "blank_without_reason")
    return {"flag": flag}


def _printed(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    """As printed, where that is the same number; a file where only the value was corrected leaves nothing printed."""
    text, number = cells.get("printed", ""), _number_text(cells)
    try:
        same = bool(text and number) and parse_decimal(text) == Decimal(number)
    except NumberError:
        same = False
    return {"printed": text if same else ""}


def _footnotes(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    text = cells.get("footnotes", "")
    if text and not all(part.strip().isdigit() for part in text.split(";")):
        raise Refusal("footnotes", "not_footnotes")
    return {"footnotes": ";".join(part.strip() for part in text.split(";")) if text else ""}


def _true_or_false(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    text = cells.get("carried_over", "").lower()
    if text not in ("", "true", "false"):
        raise Refusal("carried_over", "not_true_or_false")
    return {"carried_over": text == "true"}


def _lights(cells: Mapping[str, str], known: Known) -> dict[str, Any]:
    lights = {column: cells.get(column, "") for column in ("published_level", "published_development")}
    for column, text in lights.items():
        if text not in LIGHTS:
            raise Refusal(column, "unknown_light")
    return lights


def _as_written(*columns: str) -> Callable[[Mapping[str, str], Known], dict[str, Any]]:
    return lambda cells, known: {column: cells.get(column, "") for column in columns}


@dataclass(frozen=True)
class Part:
    """A piece of the rule: which fields of a row follow from which cells. Raises Refusal.

    Whoever has a million rows asks once for each different set of those cells, and need not ask for each row.
    whether: cells of which it only matters whether there is anything in them.
    """

    cells: tuple[str, ...]
    read: Callable[[Mapping[str, str], Known], dict[str, Any]]
    whether: tuple[str, ...] = ()


#: In the order in which a row's reasons are looked for; the first one is given.
PARTS = (
    Part(("indicator_code", "area_code"), _place),
    Part(("indicator_code", "breakdown"), _breakdown),
    Part(("period",), _period),
    Part(("indicator_code", "value"), _value),
    Part(("flag",), _flag, whether=("value", "reason")),
    Part(("edition",), _edition),
    Part(("value", "printed"), _printed),
    Part(("footnotes",), _footnotes),
    Part(("carried_over",), _true_or_false),
    Part(("published_level", "published_development"), _lights),
    Part(("reason",), _as_written("reason")),
    Part(("method",), _as_written("method")),
    Part(("published_basis",), _as_written("published_basis")),
)
