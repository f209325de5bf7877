"""The measurements of an area in time, published ones and computed ones, as curves and tables want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from django.utils.translation import gettext as _

from indicators.charts.base import Point, Series
from indicators.models import Area, Indicator
from indicators.presenters.computed import Computed, PartOf, Populations, computed
from indicators.presenters.figures import blank_word, missing_of, number_text, period_label
from indicators.presenters.observations import Figure, Key
from sundhedsaftale.presenters.indicator_charts import middle, tick

SeriesByArea = Mapping[int, Sequence[Figure]]


@dataclass(frozen=True)
class Reading:
    """One measurement. value is None where there is none; then `blank` says what stands there and `reason` why.

    made: what a computed one is made of and without whom; None for a published one.
    """

    period: str
    first_day: date
    last_day: date
    value: Decimal | None
    decimals: int
    method: str
    blank: str
    reason: str
    edition: str = ""
    made: Computed | None = None

    @property
    def text(self) -> str:
        return number_text(self.value, self.decimals)

    @property
    def label(self) -> str:
        return period_label(self.period)

    @property
    def at(self) -> float:
        return middle(self.first_day, self.last_day)


def published(figure: Figure) -> Reading:
    row = figure.observation
    blank = "" if row.value is not None else blank_word(row.flag)
    reason = "" if row.value is not None else row.reason
    return Reading(
        row.period,
        row.period_start,
        row.period_end,
        row.value,
        figure.decimals,
        row.method,
        blank,
        reason,
        row.edition.title,
    )


def computed_readings(
    indicator: Indicator, area: Area, parts: Sequence[PartOf], series: SeriesByArea, populations: Populations
) -> list[Reading]:
    """One for each period the area has no row of and any of its parts has a figure of, oldest first. No queries.

    series: of the area and of its parts. A period that cannot be computed is a blank with its reason.
    """
    known = {figure.observation.period for figure in series.get(area.pk, ())}
    by_period: dict[str, dict[Key, Figure]] = {}
    for one in parts:
        for figure in series.get(one.area.pk, ()):
            if figure.observation.period not in known:
                by_period.setdefault(figure.observation.period, {})[indicator.pk, one.area.pk] = figure
    found = []
    for period, figures in by_period.items():
        if all(figure.observation.value is None for figure in figures.values()):
            continue
        made = computed(indicator, area, parts, figures, populations)
        row = next(iter(figures.values())).observation
        blank = "" if made.text else missing_of(area)[0]
        why = "" if made.text else " ".join(part for part in (made.reason, made.missing) if part)
        method, edition = made.result.method, made.edition
        days = (row.period_start, row.period_end)
        found.append(Reading(period, *days, made.value, made.decimals, method, blank, why, edition, made))
    return sorted(found, key=lambda reading: (reading.last_day, reading.period))


def all_readings(
    indicator: Indicator, area: Area, parts: Sequence[PartOf], series: SeriesByArea, populations: Populations
) -> list[Reading]:
    """Published and computed ones together, oldest first."""
    found = [published(figure) for figure in series.get(area.pk, ())]
    if parts:
        found += computed_readings(indicator, area, parts, series, populations)
    return sorted(found, key=lambda reading: (reading.last_day, reading.period))


def measured(rows: Sequence[Reading]) -> list[Reading]:
    return [row for row in rows if row.value is not None]


def alike(rows: Sequence[Reading]) -> bool:
    """Whether they can be held against each other: one method, and all of them published or all computed."""
    return len({(row.method, row.made is None) for row in rows}) <= 1


def breaks(rows: Sequence[Reading]) -> set[int]:
    """The places of the measurements a new piece of curve begins with: after a blank, after another method, where
    computed ones and published ones meet, and after a gap of more than one and a half of the series' shortest step."""
    held = [row.at for row in rows if row.value is not None]
    shortest = min((later - earlier for earlier, later in pairwise(held)), default=0.0)
    return {
        place
        for place, (before, row) in enumerate(pairwise(rows), start=1)
        if before.value is None or not alike([before, row]) or row.at - before.at > 1.5 * shortest
    }


def curve(name: str, rows: Sequence[Reading], *, computed_ones: bool = False) -> Series:
    """The measured points, in the pieces that may be joined; the published ones or the computed ones."""
    begins, segment, points = breaks(rows), 0, []
    for place, row in enumerate(rows):
        segment += place in begins
        if row.value is not None and (row.made is not None) == computed_ones:
            points.append(
                Point(row.at, tick(row.period, row.first_day, row.last_day), float(row.value), row.text, segment)
            )
    return Series(name, tuple(points), own=True, computed=computed_ones)


def what_made(rows: Sequence[Reading]) -> str:
    """What the newest computed one is made of, and for each period who is not counted in; "" when none is computed."""
    found = [(row, row.made) for row in rows if row.made is not None and row.value is not None]
    if not found:
        return ""
    left_out: dict[str, list[str]] = {}
    for row, made in found:
        if made.missing:
            left_out.setdefault(made.missing, []).append(row.label)
    missing = [
        said
        if len(periods) == len(found)
        else _("%(periods)s: %(said)s") % {"periods": ", ".join(periods), "said": said}
        for said, periods in left_out.items()
    ]
    return " ".join([found[-1][1].made, *missing])
