"""What a new file may change without a person having looked: a source's bounds, and what lies outside them.

A file is never half right here: whatever lies outside holds the whole file back until somebody has decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

#: Alarms a single figure can raise.
FACTOR, VANISHED, AREA_MISSING, ELSEWHERE = "factor", "vanished", "area_missing", "elsewhere"
#: Of the file as a whole: nobody has seen a figure from its source before.
FIRST = "first_file"


@dataclass(frozen=True)
class Bounds:
    """All whole numbers, as the catalogue writes them.

    changed_pct: the largest share of the figures held that may be other ones. new_pct: the largest growth in figures.
    few: so many changed or new ones never count as many, however few are held. vanished: so many may be missing from the
    file. areas_missing: so many areas may be missing from a new period that had a figure in the newest one. factor: no
    figure may be so many times its predecessor, or its predecessor so many times it.
    """

    changed_pct: int = 20
    new_pct: int = 100
    few: int = 5
    vanished: int = 0
    areas_missing: int = 0
    factor: int = 100

    @classmethod
    def of(cls, declared: Mapping[str, int]) -> Bounds:
        """What a source declares; what it leaves out is as above."""
        return cls(**{name: int(value) for name, value in declared.items() if name in BOUND_NAMES})


BOUND_NAMES = tuple(field.name for field in fields(Bounds))


@dataclass(frozen=True)
class Change:
    """One figure beside what stood before. A blank has no value and a flag that says why."""

    kind: str
    indicator: str
    area: str
    period: str
    breakdown: str = ""
    line: int = 0
    before: Decimal | None = None
    before_flag: str = ""
    after: Decimal | None = None
    after_flag: str = ""
    alarm: str = ""


@dataclass(frozen=True)
class Outside:
    """One way in which a file lies outside its bounds. count: how many figures; bound: what was allowed; of: of how many."""

    code: str
    count: int
    bound: int
    of: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Counts:
    """held: the figures the source gives now, before the file. factor and areas_missing: how many raised that alarm."""

    held: int
    new: int
    changed: int
    vanished: int
    factor: int = 0
    areas_missing: int = 0


def outside(counts: Counts, bounds: Bounds, *, missing: Iterable[str] = ()) -> list[Outside]:
    """Everything that lies outside; empty when the file may be stored without a person. Nothing held: nothing to compare.

    missing: names of the areas that are missing from a new period.
    """
    if not counts.held:
        return []
    found = []
    if counts.vanished > bounds.vanished:
        found.append(Outside(VANISHED, counts.vanished, bounds.vanished, counts.held))
    if _many(counts.changed, bounds.changed_pct, counts.held, bounds.few):
        found.append(Outside("many_changed", counts.changed, bounds.changed_pct, counts.held))
    if _many(counts.new, bounds.new_pct, counts.held, bounds.few):
        found.append(Outside("many_new", counts.new, bounds.new_pct, counts.held))
    if counts.factor:
        found.append(Outside(FACTOR, counts.factor, bounds.factor))
    if counts.areas_missing > bounds.areas_missing:
        names = tuple(sorted(set(missing)))
        found.append(Outside(AREA_MISSING, counts.areas_missing, bounds.areas_missing, names=names[:10]))
    return found


def _many(count: int, pct: int, held: int, few: int) -> bool:
    return count > few and count * 100 > pct * held


def is_far(before: Decimal | None, after: Decimal | None, factor: int) -> bool:
    """Whether one is `factor` times the other, or more. A blank or a zero is far from nothing: there is no ratio."""
    if factor <= 1 or not before or not after:
        return False
    small, large = sorted((abs(before), abs(after)))
    return large >= small * factor


Series = tuple[str, str, str]  # indicator, area, breakdown


def predecessors(
    wanted: Mapping[Series, date], held: Iterable[tuple[Series, date, Decimal | None]]
) -> dict[Series, Decimal]:
    """The newest figure of each series that ends before the day wanted; series without one are left out."""
    newest: dict[Series, tuple[date, Decimal]] = {}
    for series, ends, value in held:
        limit = wanted.get(series)
        if limit is None or ends >= limit or value is None:
            continue
        if series not in newest or newest[series][0] < ends:
            newest[series] = ends, value
    return {series: value for series, (_, value) in newest.items()}


Topic = tuple[str, str]  # indicator, breakdown


def missing_areas(
    held: Iterable[tuple[Topic, str, date]], came: Iterable[tuple[Topic, str, date]]
) -> list[tuple[str, str]]:
    """(indicator, area) of every area with a row in the newest period held and none in a newer period that came.

    Rows are (topic, area, last day of the period). A blank row counts as one: it says why there is no figure.
    """
    before, after = _newest(held), _newest(came)
    return sorted(
        (topic[0], area)
        for topic, (ends, areas) in after.items()
        if topic in before and ends > before[topic][0]
        for area in before[topic][1] - areas
    )


def _newest(rows: Iterable[tuple[Topic, str, date]]) -> dict[Topic, tuple[date, set[str]]]:
    found: dict[Topic, tuple[date, set[str]]] = {}
    for topic, area, ends in rows:
        if topic not in found or found[topic][0] < ends:
            found[topic] = ends, {area}
        elif found[topic][0] == ends:
            found[topic][1].add(area)
    return found
