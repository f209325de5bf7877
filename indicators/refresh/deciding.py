"""What a file would change, weighed against the source's bounds before anything is stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice

from django.db.models import QuerySet

from indicators.calculations.figure_bounds import (
    AREA_MISSING,
    ELSEWHERE,
    FACTOR,
    FIRST,
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
from indicators.refresh.checking import Figures
from indicators.refresh.comparing import Difference
from indicators.refresh.elsewhere import is_shipped, shared_figures
from indicators.refresh.incoming import Keys
from indicators.refresh.standing import holding

MOST_KEPT = 300  # rows kept per kind; the run's counts say how many there were
MUNICIPALITY = "municipality"


@dataclass(frozen=True)
class Weighed:
    """reasons: why a person must look, empty when nobody must. rows: what is kept of the difference, alarms first."""

    reasons: tuple[Outside, ...]
    rows: tuple[Change, ...]


def weigh(source: DataSource, difference: Difference, keys: Keys) -> Weighed:
    """5 queries at most, and 3 when the source gives its first figures."""
    bounds = Bounds.of(source.bounds)
    held = difference.unchanged + len(difference.changed) + len(difference.vanished)
    earlier = holding().filter(edition__source=source) if difference.new else Observation.objects.none()
    anything = bool(held) or earlier.exists()
    missing = _missing(earlier, difference.new) if anything else []
    new_far = _far_new(earlier, difference.new, bounds) if anything else []
    changed_far = [
        place
        for place, ((value,), one) in enumerate(zip(difference.changed.each("value"), difference.before, strict=True))
        if is_far(one.value, value, bounds.factor)
    ]
    vanished = [_vanished(row) for row in difference.vanished[:MOST_KEPT]] + missing
    shared = shared_figures(source, (difference.new, difference.changed), keys)
    new_alarms, changed_alarms = _alarms(len(difference.new), {place for one in shared for place in one.places})
    new_alarms.update(dict.fromkeys(new_far, FACTOR))
    changed_alarms.update(dict.fromkeys(changed_far, FACTOR))
    counts = Counts(
        held=held,
        new=len(difference.new),
        changed=len(difference.changed),
        vanished=len(difference.vanished),
        factor=len(new_far) + len(changed_far),
        areas_missing=len(missing),
    )
    # Without a figure of this publication there is nothing to count shares of, but predecessors there may be.
    reasons = outside(counts if held else replace(counts, held=int(anything), new=0), bounds, missing=_names(missing))
    # Where a person decides about every file anyway, that is reason enough.
    if difference.new and not anything and source.automatic and not is_shipped(source):
        reasons.insert(0, Outside(FIRST, len(difference.new), 0))
    reasons += [Outside(ELSEWHERE, one.count, 0, names=(one.title,)) for one in shared]
    kept = [
        *_kept(len(difference.new), new_alarms, lambda place: _of_row(difference.new[place], DifferenceKind.NEW)),
        *_kept(len(difference.changed), changed_alarms, lambda place: _changed(difference, place)),
        *vanished[:MOST_KEPT],
    ]
    return Weighed(tuple(reasons), tuple(kept))


def _alarms(new: int, shared: Iterable[int]) -> tuple[dict[int, str], dict[int, str]]:
    """The alarm at each place of the new rows and of the changed ones, which are counted on from them."""
    ordered = sorted(shared)
    fresh = {place: ELSEWHERE for place in ordered if place < new}
    return fresh, {place - new: ELSEWHERE for place in ordered if place >= new}


def _kept(count: int, alarms: Mapping[int, str], change_at: Callable[[int], Change]) -> list[Change]:
    """Those that raise an alarm first, the far ones before all. A row is made into a change only when it is kept: there
    may be a million."""
    others = (place for place in range(count) if place not in alarms)
    first = sorted(alarms, key=lambda place: (alarms[place] != FACTOR, place))
    kept = [replace(change_at(place), alarm=alarms[place]) for place in first[:MOST_KEPT]]
    return kept + [change_at(place) for place in islice(others, MOST_KEPT - len(kept))]


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


def _far_new(earlier: QuerySet[Observation], rows: Figures, bounds: Bounds) -> list[int]:
    """The places of the new figures that are far from the newest one before them in their series."""
    wanted: dict[tuple[str, str, str], date] = {}
    for indicator, area, breakdown, ends in rows.each("indicator", "area", "breakdown", "period_end"):
        series = indicator, area, breakdown
        wanted[series] = min(ends, wanted.get(series, ends))
    before = predecessors(wanted, _series(earlier, rows.distinct("indicator")))
    found = enumerate(rows.each("indicator", "area", "breakdown", "value"))
    return [place for place, (*series, value) in found if is_far(before.get(tuple(series)), value, bounds.factor)]


def _series(
    earlier: QuerySet[Observation], indicators: set[str]
) -> Iterator[tuple[tuple[str, str, str], date, Decimal | None]]:
    names = ("indicator__code", "area__code", "breakdown", "period_end", "value")
    found = earlier.filter(indicator__code__in=indicators).order_by().values_list(*names)
    for indicator, area, breakdown, ends, value in found.iterator():
        yield (indicator, area, breakdown), ends, value


def _changed(difference: Difference, place: int) -> Change:
    before = difference.before[place]
    change = _of_row(difference.changed[place], DifferenceKind.CHANGED)
    return replace(change, before=before.value, before_flag=before.flag)


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


def _missing(earlier: QuerySet[Observation], rows: Figures) -> list[Change]:
    """Municipalities that had a row in the newest period and have none in a newer one that came."""
    ends = dict(Area.objects.filter(kind=MUNICIPALITY).values_list("code", "valid_to"))
    names = ("indicator", "breakdown", "area", "period", "period_end")
    came = {row for row in rows.each(*names) if row[2] in ends}
    if not came:
        return []
    newest: dict[str, tuple[date, str]] = {}
    for indicator, _, _, period, day in came:
        newest[indicator] = max((day, period), newest.get(indicator, (day, period)))
    held = (
        ((series[0], series[2]), series[1], day)
        for series, day, _ in _series(earlier, set(newest))
        if series[1] in ends
    )
    return [
        Change(str(DifferenceKind.VANISHED), indicator, area, newest[indicator][1], alarm=AREA_MISSING)
        for indicator, area in missing_areas(held, (((one[0], one[1]), one[2], one[4]) for one in came))
        if not _has_ended(ends[area], newest[indicator][0])
    ]


def _has_ended(last_day: date | None, period_end: date) -> bool:
    return last_day is not None and last_day < period_end


def _names(missing: Iterable[Change]) -> list[str]:
    codes = {one.area for one in missing}
    return list(Area.objects.filter(code__in=codes).values_list("name", flat=True)) if codes else []


def fingerprint(difference: Difference) -> str:
    """SHA-256 of the whole difference: what is approved is what was looked at."""
    names = ("edition", "indicator", "area", "period", "breakdown", "value", "flag", "reason", "method")
    lines = [f"n|{'|'.join(map(str, row))}" for row in difference.new.each(*names)]
    for (*key, value, flag, reason, method), before in zip(
        difference.changed.each(*names), difference.before, strict=True
    ):
        lines.append(f"c|{'|'.join(key)}|{before.pk}|{value}|{flag}|{reason}|{method}")
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
