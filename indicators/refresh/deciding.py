"""What a file would change, weighed against the source's bounds before anything is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from indicators.calculations.figure_bounds import (
    AREA_MISSING,
    FACTOR,
    VANISHED,
    Bounds,
    Change,
    Counts,
    Outside,
    is_far,
    missing_areas,
    outside,
    predecessors,
)
from indicators.calculations.figure_rows import FigureRow
from indicators.models import Area, DataSource, DifferenceKind, Observation, RefreshRun, RunDifference
from indicators.refresh.standing import holding
from indicators.refresh.storing import Difference

MOST_KEPT = 300  # rows kept per kind; the run's counts say how many there were
MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Weighed:
    """reasons: why a person must look, empty when nobody must. rows: what is kept of the difference, alarms first."""

    reasons: tuple[Outside, ...]
    rows: tuple[Change, ...]


def weigh(source: DataSource, difference: Difference) -> Weighed:
    """3 queries at most, and 1 when the source gives its first figures."""
    bounds = Bounds.of(source.bounds)
    held = difference.unchanged + len(difference.changed) + len(difference.vanished)
    earlier = holding().filter(edition__source=source) if difference.new else Observation.objects.none()
    anything = bool(held) or earlier.exists()
    missing = _missing(earlier, difference.new) if anything else []
    new = list(_new(earlier, difference.new, bounds)) if anything else list(_plain(difference.new, MOST_KEPT))
    changed = [_changed(row, before, bounds) for row, before in difference.changed]
    vanished = [_vanished(row) for row in difference.vanished] + missing
    counts = Counts(
        held=held,
        new=len(difference.new),
        changed=len(changed),
        vanished=len(difference.vanished),
        factor=sum(one.alarm == FACTOR for one in (*new, *changed)),
        areas_missing=len(missing),
    )
    # Without a figure of this publication there is nothing to count shares of, but predecessors there may be.
    reasons = outside(counts if held else replace(counts, held=int(anything), new=0), bounds, missing=_names(missing))
    kept = [one for group in (new, changed, vanished) for one in _alarms_first(group)[:MOST_KEPT]]
    return Weighed(tuple(reasons), tuple(kept))


def _alarms_first(changes: Iterable[Change]) -> list[Change]:
    return sorted(changes, key=lambda one: not one.alarm)


def _plain(rows: Iterable[FigureRow], most: int) -> Iterator[Change]:
    return (_of_row(row, DifferenceKind.NEW) for row in islice(rows, most))


def _of_row(row: FigureRow, kind: str) -> Change:
    return Change(
        kind=str(kind),
        indicator=row.indicator,
        area=row.area,
        period=row.period,
        breakdown=row.breakdown,
        line=row.line,
        after=row.value,
        after_flag=row.flag,
    )


def _new(earlier: QuerySet[Observation], rows: list[FigureRow], bounds: Bounds) -> Iterator[Change]:
    """Each new figure, with an alarm where it is far from the newest one before it in its series."""
    wanted: dict[tuple[str, str, str], date] = {}
    for row in rows:
        series = row.indicator, row.area, row.breakdown
        wanted[series] = min(row.period_end, wanted.get(series, row.period_end))
    before = predecessors(wanted, _series(earlier, {row.indicator for row in rows}))
    for row in rows:
        change = _of_row(row, DifferenceKind.NEW)
        far = is_far(before.get((row.indicator, row.area, row.breakdown)), row.value, bounds.factor)
        yield replace(change, alarm=FACTOR) if far else change


def _series(
    earlier: QuerySet[Observation], indicators: set[str]
) -> Iterator[tuple[tuple[str, str, str], date, Decimal | None]]:
    names = ("indicator__code", "area__code", "breakdown", "period_end", "value")
    found = earlier.filter(indicator__code__in=indicators).order_by().values_list(*names)
    for indicator, area, breakdown, ends, value in found.iterator():
        yield (indicator, area, breakdown), ends, value


def _changed(row: FigureRow, before: Observation, bounds: Bounds) -> Change:
    alarm = FACTOR if is_far(before.value, row.value, bounds.factor) else ""
    change = _of_row(row, DifferenceKind.CHANGED)
    return replace(change, before=before.value, before_flag=before.flag, alarm=alarm)


def _vanished(row: Observation) -> Change:
    return Change(
        kind=str(DifferenceKind.VANISHED),
        indicator=row.indicator.code,
        area=row.area.code,
        period=row.period,
        breakdown=row.breakdown,
        before=row.value,
        before_flag=row.flag,
        alarm=VANISHED,
    )


def _missing(earlier: QuerySet[Observation], rows: list[FigureRow]) -> list[Change]:
    """Municipalities that had a row in the newest period and have none in a newer one that came."""
    ends = dict(Area.objects.filter(kind=MUNICIPALITY).values_list("code", "valid_to"))
    came = [((row.indicator, row.breakdown), row.area, row.period_end) for row in rows if row.area in ends]
    if not came:
        return []
    newest: dict[str, date] = {}
    for row in rows:
        if row.area in ends:
            newest[row.indicator] = max(row.period_end, newest.get(row.indicator, row.period_end))
    periods = {row.indicator: row.period for row in rows if newest.get(row.indicator) == row.period_end}
    held = (
        ((series[0], series[2]), series[1], day)
        for series, day, _ in _series(earlier, set(newest))
        if series[1] in ends
    )
    return [
        Change(str(DifferenceKind.VANISHED), indicator, area, periods[indicator], alarm=AREA_MISSING)
        for indicator, area in missing_areas(held, came)
        if not _has_ended(ends[area], newest[indicator])
    ]


def _has_ended(last_day: date | None, period_end: date) -> bool:
    return last_day is not None and last_day < period_end


def _names(missing: Iterable[Change]) -> list[str]:
    codes = {one.area for one in missing}
    return list(Area.objects.filter(code__in=codes).values_list("name", flat=True)) if codes else []


def fingerprint(difference: Difference) -> str:
    """SHA-256 of the whole difference: what is approved is what was looked at."""
    lines = [f"n|{'|'.join(row.key)}|{row.value}|{row.flag}|{row.reason}|{row.method}" for row in difference.new]
    lines += [
        f"c|{'|'.join(row.key)}|{before.pk}|{row.value}|{row.flag}|{row.reason}|{row.method}"
        for row, before in difference.changed
    ]
    lines += [f"v|{row.pk}" for row in difference.vanished]
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()


def keep(run: RefreshRun, rows: Iterable[Change]) -> None:
    """The difference beside the run, in place of what an earlier look at the same file kept."""
    RunDifference.objects.filter(run=run).delete()
    RunDifference.objects.bulk_create(
        [RunDifference(run=run, **{name: getattr(row, name) for name in _NAMES}) for row in rows], batch_size=200
    )


_NAMES = (
    *("kind", "line", "indicator", "area", "period", "breakdown"),
    *("before", "before_flag", "after", "after_flag", "alarm"),
)
