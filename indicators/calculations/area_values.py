"""What a figure is for an area the source has none for: a cluster, a council, a merged region.

The order, and nothing else: the official figure; a sum of the parts' numerators over a sum of their denominators; a mean
of the parts' rates weighted with how many people of the right age live there, marked as an estimate; else a blank with
its reason. A median and a life expectancy cannot be put together from parts. A standardised rate is no quotient of two
counts, so it is only ever weighted, and never averaged plainly. A figure withheld for the area stays withheld, and a
part that is withheld is not counted in: neither can be worked out from the answer.

Parts that cannot be counted in are named. When they are half of the parts or more, the answer would describe another
area, and there is none (our own limit).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from enum import StrEnum
from itertools import pairwise

STANDARDISED = "standardised"
_PRECISION = 60


class Combining(StrEnum):
    """What kind of number it is, as declared for the indicator."""

    RATE = "rate"  # so many of so many
    MEAN = "mean"  # an average for each person: days, kroner, points of a scale
    COUNT = "count"  # so many
    MEDIAN = "median"
    LIFE_EXPECTANCY = "life_expectancy"
    UNKNOWN = "unknown"


class How(StrEnum):
    OFFICIAL = "official"
    COUNTED = "counted"  # from numerators and denominators
    WEIGHTED = "weighted"  # an estimate


class WhyNot(StrEnum):
    """Why there is no figure. The words for people are in presenters.computed."""

    OFFICIAL_BLANK = "official_blank"
    MEDIAN = "median"
    LIFE_EXPECTANCY = "life_expectancy"
    NOT_DECLARED = "not_declared"
    PARTS_UNKNOWN = "parts_unknown"
    PARTS_NOT_MEASURED = "parts_not_measured"
    NO_COUNTS = "no_counts"
    STANDARDISED = "standardised"
    TOO_FEW_PARTS = "too_few_parts"


class WhyMissing(StrEnum):
    """Why one part is not counted in."""

    NO_FIGURE = "no_figure"
    WITHHELD = "withheld"
    OTHER_PERIOD = "other_period"
    OTHER_METHOD = "other_method"
    ELSEWHERE_TOO = "elsewhere_too"  # it lies in two areas of the kind, and we do not know how much of it in which
    NO_COUNTS = "no_counts"


@dataclass(frozen=True)
class Part:
    """One part's figure. population: people of the indicator's age group there; None when we do not hold it."""

    code: str
    value: Decimal | None = None
    period: str = ""
    method: str = ""
    flag: str = "ok"
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    population: Decimal | None = None
    whole: bool = True  # it lies in this area alone


@dataclass(frozen=True)
class Measure:
    """per: what the rate is counted for: 100 for pct., 1000 for "pr. 1.000"; None when the unit does not say."""

    combining: str
    per: int | None = None


@dataclass(frozen=True)
class Missing:
    code: str
    why: str


@dataclass(frozen=True)
class AreaValue:
    """Either `value` with `how`, or `why_not`. parts: the codes that were counted in.

    numerator and denominator: the sums behind a counted value. people: how many an estimate was weighted with.
    """

    value: Decimal | None = None
    how: str = ""
    period: str = ""
    method: str = ""
    parts: tuple[str, ...] = ()
    missing: tuple[Missing, ...] = ()
    why_not: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    people: Decimal | None = None


def area_value(official: Part | None, parts: Sequence[Part], measure: Measure) -> AreaValue:
    """`official`: the area's own row, blank or not; None when the source has none."""
    if official is not None and official.value is not None:
        return AreaValue(official.value, How.OFFICIAL, official.period, official.method)
    if official is not None:
        return AreaValue(why_not=WhyNot.OFFICIAL_BLANK, period=official.period)
    never = _NEVER.get(measure.combining)
    if never:
        return AreaValue(why_not=never)
    if not parts:
        return AreaValue(why_not=WhyNot.PARTS_UNKNOWN)
    period, method = _newest_kind(parts)
    if not period:
        missing = tuple(Missing(part.code, _why_out(part, "", "")) for part in parts)
        return AreaValue(why_not=WhyNot.PARTS_NOT_MEASURED, missing=missing)
    counted = None if method.startswith(STANDARDISED) else _counted(parts, period, method, measure)
    if counted is not None and not counted.why_not:
        return counted
    weighted = _weighted(parts, period, method) if measure.combining != Combining.COUNT else None
    if weighted is not None and not weighted.why_not:
        return weighted
    return _first_reason(counted, weighted, method, period)


_NEVER = {
    Combining.MEDIAN.value: WhyNot.MEDIAN,
    Combining.LIFE_EXPECTANCY.value: WhyNot.LIFE_EXPECTANCY,
    Combining.UNKNOWN.value: WhyNot.NOT_DECLARED,
    "": WhyNot.NOT_DECLARED,
}


def per_of(unit: str) -> int | None:
    """What a unit counts for: 100 for "pct.", 1000 for "pr. 1.000 ældre (65+)"; None when it says nothing of the kind."""
    if unit.strip() == "pct.":
        return 100
    words = unit.split()
    for word, after in pairwise(words):
        digits = after.replace(".", "")
        if word == "pr." and digits.isascii() and digits.isdigit() and int(digits) > 0:
            return int(digits)
    return None


def _newest_kind(parts: Iterable[Part]) -> tuple[str, str]:
    """(period, method) most parts have a figure of; among equals the later period. ("", "") when none has one."""
    kinds: dict[tuple[str, str], int] = {}
    for part in parts:
        if part.value is not None:
            kinds[part.period, part.method] = kinds.get((part.period, part.method), 0) + 1
    return max(kinds, key=lambda kind: (kinds[kind], kind), default=("", ""))


def _why_out(part: Part, period: str, method: str) -> str:
    """Why a part cannot be counted in whatever it is counted with; "" when it can."""
    if part.value is None:
        return WhyMissing.WITHHELD if part.flag == "suppressed" else WhyMissing.NO_FIGURE
    if part.period != period:
        return WhyMissing.OTHER_PERIOD
    if part.method != method or part.flag == "not_comparable":
        return WhyMissing.OTHER_METHOD
    return "" if part.whole else WhyMissing.ELSEWHERE_TOO


def _counted(parts: Sequence[Part], period: str, method: str, measure: Measure) -> AreaValue | None:
    """None when no part has counts of its own: then nothing was tried. A count is its own numerator."""
    needs_denominator = measure.combining != Combining.COUNT
    if not needs_denominator:
        parts = [replace(part, numerator=part.value) for part in parts]
    if all(part.numerator is None for part in parts):
        return None
    if measure.combining == Combining.RATE and measure.per is None:
        return None
    used, missing = [], []
    for part in parts:
        why = _why_out(part, period, method)
        complete = part.numerator is not None and (not needs_denominator or bool(part.denominator))
        if why or not complete:
            missing.append(Missing(part.code, why or WhyMissing.NO_COUNTS))
        else:
            used.append(part)
    few = _too_few(used, parts, missing, period, method)
    if few is not None:
        return few
    if not needs_denominator and missing:
        # A count without some of its parts is not an estimate of anything.
        return AreaValue(why_not=WhyNot.TOO_FEW_PARTS, missing=tuple(missing), period=period, method=method)
    with localcontext() as context:
        context.prec = _PRECISION
        value = numerator = sum((part.numerator or Decimal(0) for part in used), Decimal(0))
        denominator = None
        if needs_denominator:
            denominator = sum((part.denominator or Decimal(0) for part in used), Decimal(0))
            value = numerator * (measure.per or 1) / denominator
    codes = tuple(part.code for part in used)
    return AreaValue(
        value, How.COUNTED, period, method, codes, tuple(missing), numerator=numerator, denominator=denominator
    )


def _weighted(parts: Sequence[Part], period: str, method: str) -> AreaValue | None:
    if all(part.population is None for part in parts):
        return None
    used, missing = [], []
    for part in parts:
        why = _why_out(part, period, method)
        if why or not part.population:
            missing.append(Missing(part.code, why or WhyMissing.NO_COUNTS))
        else:
            used.append(part)
    few = _too_few(used, parts, missing, period, method)
    if few is not None:
        return few
    with localcontext() as context:
        context.prec = _PRECISION
        people = sum((part.population or Decimal(0) for part in used), Decimal(0))
        value = (
            sum(((part.value or Decimal(0)) * (part.population or Decimal(0)) for part in used), Decimal(0)) / people
        )
    codes = tuple(part.code for part in used)
    return AreaValue(value, How.WEIGHTED, period, method, codes, tuple(missing), people=people)


def _too_few(
    used: Sequence[Part], parts: Sequence[Part], missing: Sequence[Missing], period: str, method: str
) -> AreaValue | None:
    if len(used) * 2 > len(parts):
        return None
    return AreaValue(why_not=WhyNot.TOO_FEW_PARTS, missing=tuple(missing), period=period, method=method)


def _first_reason(counted: AreaValue | None, weighted: AreaValue | None, method: str, period: str) -> AreaValue:
    tried = counted or weighted
    if tried is not None:
        return tried
    why = WhyNot.STANDARDISED if method.startswith(STANDARDISED) else WhyNot.NO_COUNTS
    return AreaValue(why_not=why, period=period, method=method)
