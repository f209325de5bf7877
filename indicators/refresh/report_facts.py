"""What the report's tables are read against, from the database: names, goals, the newest period of each indicator, and
what earlier publications gave for the same figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext

from indicators.calculations.report_names import Earlier, ReportFacts, ReportIndicator, Sheet, indicator_key
from indicators.calculations.report_tables import Choice, ReadReport, Reasons, read_periods, read_report
from indicators.calculations.report_text import squeezed
from indicators.calculations.table_mapping import area_key
from indicators.models import Flag, Indicator, Observation, TableMapping
from indicators.refresh.names import Named, known_names, named
from sundhedsaftale.lib.danish import format_number


@dataclass(frozen=True)
class Pasted:
    """What a text holds, and what its words were read against. wrong: lines of the rows' own periods that say none."""

    report: ReadReport
    facts: ReportFacts
    wrong: tuple[int, ...] = ()


def report_reasons() -> Reasons:
    """Kept with the figures, so in the site's language: to be called under it."""
    return Reasons(
        not_measured=gettext("The indicator has never been measured for this kind of area."),
        without_figures=gettext("The indicator stands in the report without figures."),
        suppressed=gettext("The table shows no figure. The source's rule: %(rule)s"),
        unexplained=gettext("The table shows no figure and does not say why."),
        corrected=gettext("Corrected: it was %(value)s in %(edition)s."),
    )


def read_pasted(text: str, mapping: TableMapping, known: Named | None = None) -> Pasted:
    """The text as the steward's choices say: the same for whoever previews it and for the worker that stores it."""
    framework = mapping.layout.get("framework", "")
    facts = report_facts(framework=framework, before=mapping.published_on, without=mapping.source_id, known=known)
    periods, wrong = read_periods(mapping.layout.get("periods", ""), facts)
    with translation.override(settings.LANGUAGE_CODE):
        reasons = report_reasons()
    choice = Choice(mapping.layout.get("period", ""), periods)
    return Pasted(read_report(text, choice, facts, reasons), facts, tuple(wrong))


def said_of(mapping: TableMapping) -> dict[str, Any]:
    """All that decides how a text of the source is read, as plain data."""
    return {**mapping.layout, "published_on": mapping.published_on}


def report_facts(
    *, framework: str = "", before: str = "", without: int | None = None, known: Named | None = None
) -> ReportFacts:
    """4 queries, one more with `before`, three less with `known`. framework: the one whose report it is, "" for every one.
    before: figures of editions published before that day are what a figure may be a correction of; "" for none. without:
    the source that is read, for a report pasted in pieces is not to be read by its own first piece."""
    known = known or named()
    ours = [one for one in known.indicators if _is_of(framework, one)]
    newest = _newest(ours, without)
    indicators = {one.code: _indicator(one, newest) for one in ours}
    periods = Counter(sheet.period for one in indicators.values() for sheet in one.sheets.values() if sheet.period)
    return ReportFacts(
        names=known_names(known),
        indicators=indicators,
        printed=_printed(ours),
        goals={squeezed(one.goal.name): one.goal.name for one in ours},
        kinds={one.code: one.kind for one in known.areas},
        area_names={one.code: one.name for one in known.areas},
        usual=periods.most_common(1)[0][0] if periods else "",
        aliases=frozenset(area_key(alias) for one in known.areas for alias in one.aliases),
        regions_of={one.code: one.regions for one in known.areas if one.regions},
        earlier=_earlier(ours, before) if before else {},
    )


def _is_of(framework: str, one: Indicator) -> bool:
    """An indicator that only points at another one (same_as) is never what a table means."""
    return one.same_as_id is None and framework in ("", one.goal.framework.slug)


def _indicator(one: Indicator, newest: Mapping[tuple[int, str], tuple[str, bool, bool]]) -> ReportIndicator:
    nothing = ("", False, False)
    return ReportIndicator(
        code=one.code,
        name=one.name,
        unit=one.unit,
        goal=one.goal.name,
        suppression=one.suppression,
        sheets={
            level.area_kind_id: Sheet(level.decimals, level.method, *newest.get((one.pk, level.area_kind_id), nothing))
            for level in one.levels.all()
        },
    )


def _newest(ours: Sequence[Indicator], without: int | None) -> dict[tuple[int, str], tuple[str, bool, bool]]:
    """(indicator, kind of area) -> (newest period of the level's own length and method, carried over, never measured)."""
    names = (
        *("indicator_id", "area__kind_id", "period", "period_start", "period_end", "method", "carried_over"),
        "edition__published_on",
    )
    found = (
        Observation.objects.filter(indicator__in=ours, breakdown="", edition__withdrawn_at__isnull=True)
        .exclude(edition__source=without)
        .order_by()
        .values_list(*names)
        .annotate(
            all=Count("pk"),
            absent=Count("pk", filter=Q(flag=Flag.NOT_MEASURED)),
        )
    )
    levels = {
        (one.pk, level.area_kind_id): (level.period_months, level.method) for one in ours for level in one.levels.all()
    }
    best: dict[tuple[int, str], tuple[tuple[str, str], str, bool, bool]] = {}
    for indicator, kind, period, start, end, method, carried, published, everything, absent in found:
        months, own_method = levels.get((indicator, kind), (None, ""))
        covered = (end.year - start.year) * 12 + end.month - start.month + 1
        if method != own_method or months not in (None, covered):
            continue
        held = best.get((indicator, kind))
        newness = (end.isoformat(), published)
        if held is None or newness > held[0]:
            best[indicator, kind] = (newness, period, carried, everything == absent)
    return {key: (period, carried, absent) for key, (_, period, carried, absent) in best.items()}


def _printed(ours: Sequence[Indicator]) -> dict[str, str]:
    codes: dict[str, set[str]] = defaultdict(set)
    for one in ours:
        names = (one.name, one.official_name, *(level.published_name for level in one.levels.all()))
        for name in filter(None, names):
            codes[indicator_key(name)].add(one.code)
    return {key: next(iter(found)) for key, found in codes.items() if len(found) == 1}


def _earlier(ours: Sequence[Indicator], before: str) -> dict[tuple[str, str, str], Earlier]:
    """The newest figure published before that day, for each indicator, area and period."""
    decimals = {one.code: one.decimals for one in ours}
    rows = (
        Observation.objects.filter(edition__published_on__gt="", edition__published_on__lt=before, breakdown="")
        .filter(indicator__in=ours, edition__withdrawn_at__isnull=True, value__isnull=False)
        .order_by("edition__published_on", "edition__received_at", "pk")
        .values_list("indicator__code", "area__code", "period", "value", "printed", "edition__title")
    )
    return {
        (indicator, area, period): Earlier(value, printed or format_number(value, decimals[indicator]), title)
        for indicator, area, period, value, printed, title in rows
        if value is not None
    }
