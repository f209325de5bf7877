"""The lights of figures, computed once when figures or rules change, so that pages only read them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from indicators.actions.versions import changes_pages
from indicators.calculations.lights import RULE_VERSION, Cell, Verdict, assess_development, assess_level
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


@dataclass(frozen=True)
class Assessed:
    """How many current figures were looked at, how many assessments were written, how many keys got another light."""

    looked_at: int
    written: int
    lights_changed: int


def lights_now(indicator_ids: Iterable[int]) -> _Lights:
    """(level, development) of every current figure, keyed by indicator, area, period and breakdown."""
    rows = Assessment.objects.filter(
        observation__is_current=True, observation__indicator_id__in=set(indicator_ids)
    ).values_list(
        "observation__indicator_id",
        "observation__area_id",
        "observation__period",
        "observation__breakdown",
        "level_light",
        "development_light",
    )
    return {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in rows}


@changes_pages
def assess(*, indicator_ids: Iterable[int], before: _Lights | None = None) -> Assessed:
    """Compute the double light of every current figure of the indicators, and store those that differ.

    All figures of an indicator and not only the changed ones: a corrected country moves the light of every area.
    `before`: the lights as they were before figures were flipped, to count what changed; else as they are stored now.
    """
    ids = set(indicator_ids)
    was = lights_now(ids) if before is None else before
    levels = {(row.indicator_id, row.area_kind_id): row for row in IndicatorLevel.objects.filter(indicator_id__in=ids)}
    counts = [_assess_indicator(one, levels, was) for one in Indicator.objects.filter(pk__in=ids).order_by("pk")]
    return Assessed(*(sum(count) for count in zip(*counts, strict=True))) if counts else Assessed(0, 0, 0)


def _assess_indicator(indicator: Indicator, levels: _Levels, was: _Lights) -> tuple[int, int, int]:
    """Figures are only ever compared within their indicator: one at a time, so that a million need not be held at once."""
    current = list(Observation.objects.current().filter(indicator=indicator).select_related("area", "assessment"))
    country = {_comparison_key(row): row for row in current if row.area.kind_id == COUNTRY}
    by_key = {_key(row): row for row in current}
    new: list[Assessment] = []
    differing: list[Assessment] = []
    changed = 0
    for row in current:
        level = levels.get((row.indicator_id, row.area.kind_id))
        computed = _assess_one(row, indicator, level, country, by_key)
        stored: Assessment | None = getattr(row, "assessment", None)
        if stored is None:
            new.append(computed)
        elif any(getattr(stored, name) != getattr(computed, name) for name in _FIELDS):
            computed.pk = stored.pk
            differing.append(computed)
        lights = (computed.level_light, computed.development_light)
        changed += was.get(_key(row), lights) != lights
    Assessment.objects.bulk_create(new, batch_size=500)
    Assessment.objects.bulk_update(differing, [name.removesuffix("_id") for name in _FIELDS], batch_size=200)
    return len(current), len(new) + len(differing), changed


def _key(row: Observation) -> _Key:
    return row.indicator_id, row.area_id, row.period, row.breakdown


def _comparison_key(row: Observation) -> tuple[int, str, str]:
    return row.indicator_id, row.period, row.breakdown


def _cell(row: Observation | None) -> Cell | None:
    if row is None:
        return None
    return Cell(value=row.value, flag=row.flag, method=row.method, carried_over=row.carried_over)


def _assess_one(
    row: Observation,
    indicator: Indicator,
    level: IndicatorLevel | None,
    country: dict[tuple[int, str, str], Observation],
    by_key: dict[_Key, Observation],
) -> Assessment:
    is_country = row.area.kind_id == COUNTRY
    comparator = None if is_country else country.get(_comparison_key(row))
    years = level.comparison_years if level else None
    previous = _previous(row, years, by_key)
    decimals = level.decimals if level else indicator.decimals
    cell = _cell(row)
    assert cell is not None
    beside = assess_level(
        cell,
        _cell(comparator),
        direction=indicator.direction,
        decimals=decimals,
        # Without a fact sheet nobody has declared that the figure may be compared with the country's.
        comparable=level is not None and level.level_comparable,
        is_comparator=is_country,
    )
    since = assess_development(
        cell, _cell(previous), direction=indicator.direction, decimals=decimals, comparison_years=years
    )
    return _assessment(row, beside, comparator, since, previous)


def _previous(row: Observation, years: int | None, by_key: dict[_Key, Observation]) -> Observation | None:
    if years is None:
        return None
    try:
        period = shift_observation_period(row.period, -years)
    except PeriodError:
        return None
    return by_key.get((row.indicator_id, row.area_id, period, row.breakdown))


def _assessment(
    row: Observation,
    beside: Verdict,
    comparator: Observation | None,
    since: Verdict,
    previous: Observation | None,
) -> Assessment:
    return Assessment(
        observation_id=row.pk,  # not the row: that would put this unsaved assessment into its cache
        level_light=beside.light,
        level_reason=str(beside.reason),
        level_change_pct=beside.change_pct,
        level_comparator=comparator,
        level_rounding_uncertain=beside.rounding_uncertain,
        development_light=since.light,
        development_reason=str(since.reason),
        development_change_pct=since.change_pct,
        development_comparator=previous,
        development_rounding_uncertain=since.rounding_uncertain,
        rule_version=RULE_VERSION,
    )


def indicators_with_figures() -> list[int]:
    """The primary keys of all indicators that have a current figure, for `refresh --reassess`."""
    return list(Observation.objects.current().order_by().values_list("indicator_id", flat=True).distinct())
