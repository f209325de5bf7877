"""Frozen figures and lights as a page prints them, made from the frozen rows alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from indicators.calculations.lights import GREEN, RED, YELLOW, NoLight
from indicators.models import Assessment, Indicator, Observation
from indicators.presenters.figures import blank_word, flag_word, join_unit, number_text, period_label
from indicators.presenters.lights import LEVEL, LightView, development_light, level_light, no_light, plain_light
from indicators.presenters.observations import Figure
from initiatives.models import Snapshot, SnapshotLight
from initiatives.presenters.wording import language

SHARED = 3  # a reason that stands in so many cells of an indicator is said once


@dataclass(frozen=True, slots=True)
class FrozenFigure:
    """One cell. Either `text` is filled or `blank` is, with its `reason`. edition: "" when the whole page has one."""

    area: str
    own: bool
    text: str
    blank: str
    reason: str
    flag_word: str
    period: str
    edition: str
    doubtful: bool
    development: LightView
    level: LightView


@dataclass(frozen=True, slots=True)
class FrozenIndicator:
    """notes: the reasons that several of its cells share, said once and left out of the cells."""

    name: str
    unit: str
    notes: tuple[str, ...]
    figures: tuple[FrozenFigure, ...]


@dataclass(frozen=True, slots=True)
class LightCount:
    """What `_figures/tally.html` prints: each light that occurs, and how often."""

    entries: tuple[tuple[LightView, int], ...]


@dataclass(frozen=True, slots=True)
class FrozenGoal:
    """lights: the levels of the body's own area, or of the country when it has none there."""

    title: str
    indicators: tuple[FrozenIndicator, ...]
    lights: LightCount
    doubtful: bool


@dataclass(frozen=True, slots=True)
class FrozenFigures:
    """edition and rule: said once when all figures share them, else ""."""

    goals: tuple[FrozenGoal, ...]
    count: int
    edition: str
    rule: str
    tally_of: str
    own_area_missing: str


def frozen_figures(snapshot: Snapshot, lights: Iterable[SnapshotLight]) -> FrozenFigures:
    rows = sorted(lights, key=lambda row: row.position)
    editions = {row.edition_title for row in rows}
    rules = {row.rule_version for row in rows if row.rule_version}
    shared = editions.pop() if len(editions) == 1 else ""
    own = snapshot.area_code if any(row.area_code == snapshot.area_code for row in rows) else ""
    shown = own or (rows[0].area_code if rows else "")
    goals = []
    for (number, name), group in groupby(rows, lambda row: (row.goal_number, row.goal_name)):
        members = list(group)
        title = f"{number}. {name}" if number else name
        summed = _count(_level(row).code for row in members if row.area_code == shown)
        doubtful = any(row.rounding_uncertain for row in members)
        goals.append(FrozenGoal(title, _indicators(members, own, shared), summed, doubtful))
    return FrozenFigures(
        goals=tuple(goals),
        count=len(rows),
        edition=shared,
        rule=rules.pop() if len(rules) == 1 else "",
        tally_of=next((row.area_name for row in rows if row.area_code == shown), ""),
        own_area_missing=snapshot.area_name if rows and snapshot.area_code and not own else "",
    )


def _indicators(rows: list[SnapshotLight], own: str, edition: str) -> tuple[FrozenIndicator, ...]:
    found = []
    for (_, name, unit), group in groupby(rows, lambda row: (row.indicator_code, row.indicator_name, row.unit)):
        figures = [_figure(row, own, edition) for row in group]
        reasons = Counter(light.reason for figure in figures for light in (figure.development, figure.level))
        notes = tuple(text for text, times in reasons.items() if text and times >= SHARED)
        found.append(FrozenIndicator(name, unit, notes, tuple(_without(figure, notes) for figure in figures)))
    return tuple(found)


def _without(figure: FrozenFigure, notes: tuple[str, ...]) -> FrozenFigure:
    """The cell without the reasons that are said above it."""

    def quiet(light: LightView) -> LightView:
        return replace(light, reason="") if light.reason in notes else light

    return replace(figure, development=quiet(figure.development), level=quiet(figure.level)) if notes else figure


def _figure(row: SnapshotLight, own: str, shared: str) -> FrozenFigure:
    there = row.value is not None
    return FrozenFigure(
        area=row.area_name,
        own=bool(own) and row.area_code == own,
        text=join_unit(number_text(row.value, row.decimals), row.unit),
        blank="" if there else blank_word(row.flag),
        reason="" if there else row.reason,
        flag_word=flag_word(row.flag) if there else "",
        period=period_label(row.period),
        edition="" if shared else row.edition_title,
        doubtful=row.rounding_uncertain,
        development=_development(row),
        level=_level(row),
    )


def _count(codes: Iterable[str]) -> LightCount:
    found = Counter(codes)
    lights = ((plain_light(LEVEL, code, short=True), found[code]) for code in (GREEN, YELLOW, RED, ""))
    return LightCount(tuple((light, count) for light, count in lights if count))


def _level(row: SnapshotLight) -> LightView:
    return _light(LEVEL, row.level_light, row.level_reason, row.level_said, row.level_published, language())


def _development(row: SnapshotLight) -> LightView:
    return _light(
        "development",
        row.development_light,
        row.development_reason,
        row.development_said,
        row.development_published,
        language(),
    )


@lru_cache(maxsize=2048)
def _light(kind: str, code: str, reason: str, said: str, published: str, language_code: str) -> LightView:
    """The same words as on the live pages; the reason as it was said on the day. Many figures share one."""
    known = reason in set(NoLight)
    if not code and not published:
        # A reason this program does not know, or none at all, is still no light.
        none = no_light(kind, reason) if known else plain_light(kind, "")
        return replace(none, reason=said)
    reason = reason if known else str(NoLight.NO_NUMBER)  # only its sentence is asked for, and that stands in `said`
    figure = Figure(Observation(published_level=published, published_development=published), Indicator(), None)
    sums = {"level_light": code, "level_reason": reason, "development_light": code, "development_reason": reason}
    Assessment(observation=figure.observation, **sums)  # in memory; the observation now knows its lights
    light = level_light(figure) if kind == LEVEL else development_light(figure)
    return replace(light, reason=said)
