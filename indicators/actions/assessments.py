"""The lights of figures, computed once when figures or rules change, so that pages only read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from indicators.actions.versions import changes_pages
from indicators.calculations import lights_whole
from indicators.calculations.lights import RULE_VERSION, Cell, Verdict, assess_development, assess_level
from indicators.copying import MANY, can_copy, copied_rows, copy_lines, count_anew
from indicators.models import Assessment, Indicator, IndicatorLevel, Observation
from sundhedsaftale.lib.periods import PeriodError, shift_observation_period

COUNTRY = "country"

_FIELDS = (
    "level_light",
    "level_reason",
    "level_change_pct",
    "level_comparator_id",
    "level_rounding_uncertain",
    "development_light",
    "development_reason",
    "development_change_pct",
    "development_comparator_id",
    "development_rounding_uncertain",
    "rule_version",
)
_Key = tuple[int, int, str, str]
_Lights = dict[_Key, tuple[str, str]]
_Levels = dict[tuple[int, str], IndicatorLevel]  # by indicator and kind of area
_Row = tuple[Any, ...]  # the observation's primary key and _FIELDS


@dataclass(frozen=True)
class Assessed:
    """How many current figures were looked at, how many assessments were written, how many keys got another light."""

    looked_at: int
    written: int
    lights_changed: int


def lights_now(indicator_ids: Iterable[int]) -> _Lights:
    """(level, development) of every current figure, keyed by indicator, area, period and breakdown."""
    rows = Assessment.objects.filter(observation__is_current=True, observation__indicator_id__in=set(indicator_ids))
    names = ("indicator_id", "area_id", "period", "breakdown")
    found = rows.values_list(*(f"observation__{name}" for name in names), "level_light", "development_light")
    # Each different number and text is kept once: there may be a million figures and hardly any different texts.
    once: dict[Any, Any] = {}
    lights: _Lights = {}
    for *key, level, development in found.iterator(chunk_size=5000):
        indicator, area, period, breakdown = (once.setdefault(part, part) for part in key)
        lights[indicator, area, period, breakdown] = once.setdefault((level, development), (level, development))
    return lights


@changes_pages
def assess(*, indicator_ids: Iterable[int], before: _Lights | None = None) -> Assessed:
    """Compute the double light of every current figure of the indicators, and store those that differ.

    All figures of an indicator and not only the changed ones: a corrected country moves the light of every area.
    `before`: the lights as they were before figures were flipped, to count what changed; else as they are stored now.
    """
    ids = set(indicator_ids)
    was = lights_now(ids) if before is None else before
    levels = {(row.indicator_id, row.area_kind_id): row for row in IndicatorLevel.objects.filter(indicator_id__in=ids)}
    looked_at = written = changed = 0
    known = 0  # of those written, how many PostgreSQL has counted
    for indicator in Indicator.objects.filter(pk__in=ids).order_by("pk"):
        some = _assess_indicator(indicator, levels, was)
        looked_at, written, changed = looked_at + some[0], written + some[1], changed + some[2]
        if written - known >= max(MANY, known):
            count_anew(Assessment)
            known = written
    return Assessed(looked_at, written, changed)


def _assess_indicator(indicator: Indicator, levels: _Levels, was: _Lights) -> tuple[int, int, int]:
    """Figures are only ever compared within their indicator: one at a time, so that a million need not be held at once."""
    current = [_Figure.of(row) for row in _rows_of(indicator)]
    country = {row.key[2:]: row for row in current if row.kind == COUNTRY}
    by_key = {row.key: row for row in current}
    new: list[_Row] = []
    differing: list[_Row] = []
    changed = 0
    for row in current:
        level = levels.get((indicator.pk, row.kind))
        computed = _assess_one(row, indicator, level, country, by_key)
        if row.stored is None:
            new.append((row.pk, *computed))
        elif row.stored != computed:
            differing.append((row.pk, *computed))
        lights = (computed[0], computed[5])
        changed += was.get(row.key, lights) != lights
    _write(new, differing)
    return len(current), len(new) + len(differing), changed


class _Figure:
    """A current figure, what the rule needs of it, and the assessment it has. Plain: there may be a million of them."""

    __slots__ = ("cell", "key", "kind", "pk", "stored")

    def __init__(self, pk: int, key: _Key, kind: str, cell: Cell, stored: tuple[Any, ...] | None) -> None:
        self.pk, self.key, self.kind, self.cell, self.stored = pk, key, kind, cell, stored

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> _Figure:
        pk, indicator, area, period, breakdown, kind, value, flag, method, carried_over, *stored = row
        is_assessed = stored[-1] is not None
        cell = Cell(value, flag, method, carried_over)
        return cls(pk, (indicator, area, period, breakdown), kind, cell, tuple(stored) if is_assessed else None)


def _rows_of(indicator: Indicator) -> Iterable[tuple[Any, ...]]:
    names = ("pk", "indicator_id", "area_id", "period", "breakdown", "area__kind_id")
    cell = ("value", "flag", "method", "carried_over")
    stored = (f"assessment__{name}" for name in _FIELDS)
    current = Observation.objects.current().filter(indicator=indicator).order_by()
    return current.values_list(*names, *cell, *stored).iterator(chunk_size=5000)


def _assess_one(
    row: _Figure,
    indicator: Indicator,
    level: IndicatorLevel | None,
    country: dict[tuple[str, str], _Figure],
    by_key: dict[_Key, _Figure],
) -> tuple[Any, ...]:
    """What is stored of the figure's double light, in the order of _FIELDS."""
    is_country = row.kind == COUNTRY
    comparator = None if is_country else country.get(row.key[2:])
    years = level.comparison_years if level else None
    previous = _previous(row, years, by_key)
    decimals = level.decimals if level else indicator.decimals
    beside = assess_level(
        row.cell,
        comparator.cell if comparator else None,
        direction=indicator.direction,
        decimals=decimals,
        # Without a fact sheet nobody has declared that the figure may be compared with the country's.
        comparable=level is not None and level.level_comparable,
        is_comparator=is_country,
        compare=lights_whole.compare,
    )
    since = assess_development(
        row.cell,
        previous.cell if previous else None,
        direction=indicator.direction,
        decimals=decimals,
        comparison_years=years,
        compare=lights_whole.compare,
    )
    return *_stored(beside, comparator), *_stored(since, previous), RULE_VERSION


def _stored(verdict: Verdict, other: _Figure | None) -> tuple[Any, ...]:
    return (
        verdict.light,
        str(verdict.reason),
        verdict.change_pct,
        other.pk if other else None,
        verdict.rounding_uncertain,
    )


def _previous(row: _Figure, years: int | None, by_key: dict[_Key, _Figure]) -> _Figure | None:
    if years is None:
        return None
    indicator, area, period, breakdown = row.key
    earlier = _earlier(period, years)
    return by_key.get((indicator, area, earlier, breakdown)) if earlier else None


@lru_cache(maxsize=1024)
def _earlier(period: str, years: int) -> str:
    """The same period so many years before; "" when there is none."""
    try:
        return shift_observation_period(period, -years)
    except PeriodError:
        return ""


def _write(new: Sequence[_Row], differing: Sequence[_Row]) -> None:
    """On PostgreSQL many at once: those that differ are taken out and written with the new ones."""
    if can_copy():
        table = Assessment._meta.db_table
        if differing:
            with connection.cursor() as cursor:
                gone = [row[0] for row in differing]
                cursor.execute(f"DELETE FROM {table} WHERE observation_id = ANY(%s)", [gone])  # noqa: S608  # nosec B608
        if new or differing:
            copy_lines(table, ("observation_id", *_FIELDS), copied_rows([*new, *differing]))
        return
    Assessment.objects.bulk_create([_assessment(row) for row in new], batch_size=500)
    pks = dict(Assessment.objects.in_bulk([row[0] for row in differing], field_name="observation_id"))
    changed = [_assessment(row) for row in differing]
    for one in changed:
        one.pk = pks[one.observation_id].pk
    Assessment.objects.bulk_update(changed, [name.removesuffix("_id") for name in _FIELDS], batch_size=200)


def _assessment(row: _Row) -> Assessment:
    return Assessment(observation_id=row[0], **dict(zip(_FIELDS, row[1:], strict=True)))


def indicators_with_figures() -> list[int]:
    """The primary keys of all indicators that have a current figure, for `refresh --reassess`."""
    return list(Observation.objects.current().order_by().values_list("indicator_id", flat=True).distinct())
