"""What the words of the report's tables may mean, as the catalogue knows it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from indicators.calculations.report_text import squeezed
from indicators.calculations.table_mapping import Names, period_code

#: Headings that are misspelt in the text of the 2024 report, squeezed, and what they mean. Nothing is read by likeness.
SCANNED_WRONG = {
    "middelleveetidar": "middellevetidar",
    "fuldfoertungdomsuddannelseblandtungemedpsykiskelidelsepct": (
        "fuldfoertungdomsuddannelseblandtungemedpsykiskelidelserpct"
    ),
    "fuldoertungdomsuddannelseblandtungemedpsykiskelidelserpct": (
        "fuldfoertungdomsuddannelseblandtungemedpsykiskelidelserpct"
    ),
}
_BRACKETS = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True)
class Sheet:
    """An indicator at one kind of area. period: of its newest figure; not_measured: it had none and never has."""

    decimals: int
    method: str = ""
    period: str = ""
    carried_over: bool = False
    not_measured: bool = False


@dataclass(frozen=True)
class ReportIndicator:
    code: str
    name: str
    unit: str
    goal: str
    sheets: Mapping[str, Sheet]
    suppression: str = ""


@dataclass(frozen=True)
class Earlier:
    """A figure that an earlier publication gave for the same indicator, area and period."""

    value: Decimal
    text: str
    edition: str


@dataclass(frozen=True)
class ReportFacts:
    """printed: squeezed name -> indicator; goals: squeezed name -> name. usual: the period most newest figures are of."""

    names: Names
    indicators: Mapping[str, ReportIndicator]
    printed: Mapping[str, str]
    goals: Mapping[str, str]
    kinds: Mapping[str, str]
    area_names: Mapping[str, str]
    usual: str
    aliases: frozenset[str] = frozenset()
    regions_of: Mapping[str, frozenset[str]] = field(default_factory=dict)
    earlier: Mapping[tuple[str, str, str], Earlier] = field(default_factory=dict)

    def by_name(self, words: str) -> str | None:
        """By code, else by a name it is published under; never by likeness."""
        plain = words.strip()
        key = indicator_key(plain)
        return plain if plain in self.indicators else self.printed.get(SCANNED_WRONG.get(key, key))

    def members(self, region: str) -> set[str]:
        return {code for code, regions in self.regions_of.items() if region in regions}

    def is_genitive(self, code: str, key: str) -> bool:
        """ "Nordfyns": the name without its last letter means the same area."""
        return key.endswith("s") and self.names.areas.get(key[:-1]) == code


def without_period(words: str) -> tuple[str, str]:
    """(the name, the period in brackets in it or ""): "Medicin, pct. (marts 2024)"."""
    period = ""
    for inside in _BRACKETS.findall(words):
        code = period_code(inside)
        if code:
            period, words = code, words.replace(f"({inside})", " ")
    return " ".join(words.split()), period


def indicator_key(words: str) -> str:
    return squeezed(without_period(words)[0])
