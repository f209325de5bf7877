"""What the words of a table may mean, from the database: areas by code, name or alias, indicators by code or name."""

from __future__ import annotations

from collections.abc import Iterable

from indicators.calculations.figure_rows import IndicatorFacts
from indicators.calculations.table_mapping import Names, area_key
from indicators.models import Area, AreaAlias, Indicator
from sundhedsaftale.lib.danish import normalised


def known_names() -> Names:
    """4 queries; the indicators in the order of the goals. A name that two areas or two indicators share names neither: only
    their codes do."""
    areas = list(Area.objects.order_by("kind__rank", "sort_key").values_list("code", "name", "official_name"))
    aliases = list(AreaAlias.objects.order_by("pk").values_list("alias", "area__code"))
    spellings = [(area_key(words), code) for code, *both in areas for words in both if words]
    by_alias = {area_key(alias): code for alias, code in aliases}
    found = {**_unambiguous(spellings), **by_alias, **{code: code for code, _, _ in areas}}
    indicators = list(Indicator.objects.order_by("goal__number", "position", "pk").prefetch_related("levels"))
    words = [
        (normalised(name), one.code)
        for one in indicators
        for name in {one.name, one.official_name, *(level.published_name for level in one.levels.all())}
        if name
    ]
    facts = {
        one.code: IndicatorFacts(
            unit=one.unit,
            kinds=frozenset(level.area_kind_id for level in one.levels.all()),
            breakdowns=frozenset(entry["code"] for entry in one.breakdowns),
        )
        for one in indicators
    }
    names = tuple(dict.fromkeys(name for _, name, _ in areas))
    return Names(found, _unambiguous(words), facts, names, tuple(one.name for one in indicators))


def _unambiguous(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, set[str]] = {}
    for words, code in pairs:
        found.setdefault(words, set()).add(code)
    return {words: next(iter(codes)) for words, codes in found.items() if len(codes) == 1}
