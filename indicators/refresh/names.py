"""What the words of a table may mean, from the database: areas by code, name or alias, indicators by code or name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from indicators.calculations.figure_rows import IndicatorFacts
from indicators.calculations.table_mapping import Names, area_key
from indicators.models import Area, Indicator
from sundhedsaftale.lib.danish import normalised


@dataclass(frozen=True)
class NamedArea:
    """aliases: other spellings that were met in sources. regions: codes of those a municipality is or has been part of."""

    code: str
    kind: str
    name: str
    official_name: str
    aliases: tuple[str, ...]
    regions: frozenset[str]


@dataclass(frozen=True)
class Named:
    """Every area, the larger first, and every indicator with `levels` and `goal.framework` fetched."""

    areas: Sequence[NamedArea]
    indicators: Sequence[Indicator]


def named() -> Named:
    """3 queries; the indicators in the order of the goals. An area comes once for each pair of a spelling and an area it is
    part of: few rows, and one question."""
    facts: dict[str, tuple[str, str, str]] = {}
    aliases: dict[str, dict[str, None]] = defaultdict(dict)
    regions: dict[str, set[str]] = defaultdict(set)
    columns = ("code", "kind_id", "name", "official_name", "aliases__alias")
    inside = ("memberships__container__code", "memberships__container__kind_id")
    rows = Area.objects.order_by("kind__rank", "sort_key", "pk", "aliases__pk").values_list(*columns, *inside)
    for code, kind, name, official_name, alias, container, container_kind in rows:
        facts[code] = (kind, name, official_name)
        if alias:
            aliases[code][alias] = None
        if container_kind == "region" and kind == "municipality":
            regions[code].add(container)
    areas = [NamedArea(code, *own, tuple(aliases[code]), frozenset(regions[code])) for code, own in facts.items()]
    found = Indicator.objects.order_by("goal__number", "position", "pk")
    indicators = found.select_related("goal__framework").prefetch_related("levels")
    return Named(areas, list(indicators))


def known_names(known: Named | None = None) -> Names:
    """3 queries, and none when `known` is given. A name that two areas or two indicators share names neither: only their
    codes do."""
    known = known or named()
    spellings = [(area_key(words), one.code) for one in known.areas for words in (one.name, one.official_name) if words]
    by_alias = {area_key(alias): one.code for one in known.areas for alias in one.aliases}
    found = {**_unambiguous(spellings), **by_alias, **{one.code: one.code for one in known.areas}}
    words = [
        (normalised(name), one.code)
        for one in known.indicators
        for name in {one.name, one.official_name, *(level.published_name for level in one.levels.all())}
        if name
    ]
    facts = {
        one.code: IndicatorFacts(
            unit=one.unit,
            kinds=frozenset(level.area_kind_id for level in one.levels.all()),
            breakdowns=frozenset(entry["code"] for entry in one.breakdowns),
        )
        for one in known.indicators
    }
    names = tuple(dict.fromkeys(one.name for one in known.areas))
    return Names(found, _unambiguous(words), facts, names, tuple(one.name for one in known.indicators))


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for words, code in pairs:
        found.setdefault(words, set()).add(code)
    return {words: next(iter(codes)) for words, codes in found.items() if len(codes) == 1}
