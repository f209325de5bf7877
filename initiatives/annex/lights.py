"""The frozen lights in words: never colour alone, and a reason where there is no light or no figure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from initiatives.annex import words
from initiatives.models import SnapshotLight
from sundhedsaftale.lib.danish import NBSP, format_number


@dataclass(frozen=True, slots=True)
class LightRow:
    """One figure with both lights. value is None with `shown` saying why; codes are green, yellow, red or ""."""

    goal: str
    indicator: str
    area: str
    period: str
    value: Decimal | None
    decimals: int
    unit: str
    shown: str
    development: str
    level: str
    development_code: str
    level_code: str
    edition: str
    rule_version: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of words.LIGHT_COLUMNS; goal and area are said above the rows."""
        return (self.indicator, self.period, self.shown, self.development, self.level)


@dataclass(frozen=True, slots=True)
class LightGroup:
    """The figures under one goal."""

    goal: str
    rows: tuple[LightRow, ...]


def light_rows(lights: Iterable[SnapshotLight]) -> tuple[LightRow, ...]:
    return tuple(_light_row(light) for light in lights)


def by_goal(rows: Iterable[LightRow]) -> tuple[LightGroup, ...]:
    return tuple(LightGroup(goal, tuple(group)) for goal, group in groupby(rows, key=lambda row: row.goal))


def _light_row(light: SnapshotLight) -> LightRow:
    return LightRow(
        goal=f"{light.goal_number}. {light.goal_name}" if light.goal_number else light.goal_name,
        indicator=light.indicator_name,
        area=light.area_name,
        period=words.period_label(light.period),
        value=light.value,
        decimals=light.decimals,
        unit=light.unit,
        shown=_shown(light),
        development=_word(words.DEVELOPMENT, light.development_light, light.development_reason, light),
        level=_word(words.LEVEL, light.level_light, light.level_reason, light),
        development_code=light.development_light,
        level_code=light.level_light,
        edition=light.edition_title,
        rule_version=light.rule_version,
    )


def _shown(light: SnapshotLight) -> str:
    if light.value is None:
        return light.reason or words.NO_LIGHT["no_number"]
    unit = f"{NBSP}{light.unit}" if light.unit else ""
    return format_number(light.value, light.decimals, "da") + unit


def _word(names: dict[str, str], code: str, reason: str, light: SnapshotLight) -> str:
    if not code:
        return words.NO_LIGHT.get(reason, words.NO_LIGHT_ELSE)
    return f"{names[code]} ({words.ROUNDING})" if light.rounding_uncertain else names[code]
