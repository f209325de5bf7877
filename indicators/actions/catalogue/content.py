"""What a read catalogue holds, before it is stored: plain rows, codes instead of keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from indicators.calculations.figure_rows import IndicatorFacts, Known

Row = dict[str, Any]


@dataclass(frozen=True)
class EditionFacts:
    """What is known of a publication before any figure of it has been received."""

    slug: str
    source: str
    title: str
    published_on: str
    source_url: str
    terms: str
    note: str


@dataclass
class Catalogue:
    """Plain rows per noun; codes stand where the database has keys."""

    kinds: list[Row] = field(default_factory=list)
    areas: list[Row] = field(default_factory=list)
    aliases: list[Row] = field(default_factory=list)
    memberships: list[Row] = field(default_factory=list)
    successions: list[Row] = field(default_factory=list)
    frameworks: list[Row] = field(default_factory=list)
    goals: list[Row] = field(default_factory=list)
    footnotes: list[Row] = field(default_factory=list)
    indicators: list[Row] = field(default_factory=list)
    levels: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    counts: list[Row] = field(default_factory=list)
    combining: list[Row] = field(default_factory=list)
    populations: list[Row] = field(default_factory=list)
    editions: dict[str, EditionFacts] = field(default_factory=dict)

    def known(self, edition: str) -> Known:
        """What the rows of a source's file may refer to."""
        kinds: dict[str, set[str]] = {row["code"]: set() for row in self.indicators}
        for level in self.levels:
            kinds[level["indicator"]].add(level["area_kind"])
        facts = {
            row["code"]: IndicatorFacts(
                unit=row["unit"],
                kinds=frozenset(kinds[row["code"]]),
                breakdowns=frozenset(entry["code"] for entry in row["breakdowns"]),
            )
            for row in self.indicators
        }
        areas = {row["code"]: row["kind"] for row in self.areas}
        return Known(facts, areas, frozenset(self.editions), edition)
