"""What the report's tables are read against, from the database: names, goals, the newest period of each indicator, and
what earlier publications gave for the same figures."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.conf import settings
from django.db.models import Count, Q
from django.utils import translation
from django.utils.translation import gettext

from indicators.calculations.report_names import Earlier, ReportFacts, ReportIndicator, Sheet, indicator_key
from indicators.calculations.report_tables import Choice, ReadReport, Reasons, read_periods, read_report
from indicators.calculations.report_text import squeezed
from indicators.calculations.table_mapping import area_key
from indicators.models import Area, AreaAlias, AreaMembership, Flag, Goal, Indicator, Observation, TableMapping
from indicators.refresh.names import known_names
from sundhedsaftale.lib.danish import format_number


def report_reasons() -> Reasons:
    """Kept with the figures, so in the site's language: to be called under it."""
    return Reasons(
        not_measured=gettext("The indicator has never been measured for this kind of area."),
        without_figures=gettext("The indicator stands in the report without figures."),
        suppressed=gettext("The table shows no figure. The source's rule: %(rule)s"),
        unexplained=gettext("The table shows no figure and does not say why."),
        corrected=gettext("Corrected: it was %(value)s in %(edition)s."),
    )


def read_pasted(text: str, mapping: TableMapping) -> ReadReport:
    """The text as the steward's choices say: the same for whoever previews it and for the worker that stores it."""
    layout = mapping.layout
    facts = report_facts(framework=layout.get("framework", ""), before=mapping.published_on, without=mapping.source_id)
    periods, _wrong = read_periods(layout.get("periods", ""), facts)
    with translation.override(settings.LANGUAGE_CODE):
        reasons = report_reasons()
    return read_report(text, Choice(layout.get("period", ""), periods), facts, reasons)


def report_facts(*, framework: str = "", before: str = "", without: int | None = None) -> ReportFacts:
    """About 12 queries. framework: the one whose report it is, "" for every one. before: figures of editions published
    before that day are what a figure may be a correction of; "" for none. without: the source that is read, for a report
    pasted in pieces is not to be read by its own first piece."""
    areas = list(Area.objects.order_by("pk").values_list("code", "kind_id", "name"))
    newest = _newest(without)
    indicators = _indicators(framework, newest)
    goals = Goal.objects.filter(indicators__code__in=indicators).distinct().values_list("name", flat=True)
    periods = Counter(sheet.period for one in indicators.values() for sheet in one.sheets.values() if sheet.period)
    return ReportFacts(
        names=known_names(),
        indicators=indicators,
        printed=_printed(framework),
        goals={squeezed(name): name for name in goals},
        kinds={code: kind for code, kind, _ in areas},
        area_names={code: name for code, _, name in areas},
        usual=periods.most_common(1)[0][0] if periods else "",
        aliases=frozenset(area_key(alias) for alias in AreaAlias.objects.values_list("alias", flat=True)),
        regions_of=_regions_of(),
        earlier=_earlier(before) if before else {},
    )


def _of(framework: str) -> Q:
    """An indicator that only points at another one (same_as) is never what a table means."""
    own = Q(same_as__isnull=True)
    return own & Q(goal__framework__slug=framework) if framework else own


def _indicators(framework: str, newest: dict[tuple[int, str], tuple[str, bool, bool]]) -> dict[str, ReportIndicator]:
    found = Indicator.objects.filter(_of(framework)).select_related("goal").prefetch_related("levels").order_by("pk")
    return {
        one.code: ReportIndicator(
            code=one.code,
            name=one.name,
            unit=one.unit,
            goal=one.goal.name,
            suppression=one.suppression,
            sheets={
                level.area_kind_id: Sheet(
                    level.decimals, level.method, *newest.get((one.pk, level.area_kind_id), ("", False, False))
                )
                for level in one.levels.all()
            },
        )
        for one in found
    }


def _newest(without: int | None) -> dict[tuple[int, str], tuple[str, bool, bool]]:
    """(indicator, kind of area) -> (newest period of the level's own length and method, carried over, never measured)."""
    names = (
        *("indicator_id", "area__kind_id", "period", "period_start", "period_end", "method", "carried_over"),
        "edition__published_on",
    )
    found = (
        Observation.objects.filter(breakdown="", edition__withdrawn_at__isnull=True)
        .exclude(edition__source=without)
        .order_by()
        .values_list(*names)
        .annotate(
            all=Count("pk"),
            absent=Count("pk", filter=Q(flag=Flag.NOT_MEASURED)),
        )
    )
    levels = {
        (indicator, kind): (months, method)
        for indicator, kind, months, method in Indicator.objects.order_by().values_list(
            "pk", "levels__area_kind_id", "levels__period_months", "levels__method"
        )
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


def _printed(framework: str) -> dict[str, str]:
    codes: dict[str, set[str]] = defaultdict(set)
    for one in Indicator.objects.filter(_of(framework)).prefetch_related("levels").order_by("pk"):
        names = (one.name, one.official_name, *(level.published_name for level in one.levels.all()))
        for name in filter(None, names):
            codes[indicator_key(name)].add(one.code)
    return {key: next(iter(found)) for key, found in codes.items() if len(found) == 1}


def _regions_of() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    inside = AreaMembership.objects.filter(member__kind="municipality", container__kind="region").order_by()
    for member, container in inside.values_list("member__code", "container__code"):
        found[member].add(container)
    return {code: frozenset(regions) for code, regions in found.items()}


def _earlier(before: str) -> dict[tuple[str, str, str], Earlier]:
    """The newest figure published before that day, for each indicator, area and period."""
    rows = (
        Observation.objects.filter(edition__published_on__gt="", edition__published_on__lt=before, breakdown="")
        .filter(edition__withdrawn_at__isnull=True, value__isnull=False)
        .select_related("edition", "indicator", "area")
        .order_by("edition__published_on", "edition__received_at", "pk")
    )
    return {
        (row.indicator.code, row.area.code, row.period): Earlier(row.value, _text(row), row.edition.title)
        for row in rows
        if row.value is not None
    }


def _text(row: Observation) -> str:
    return row.printed or format_number(row.value, row.indicator.decimals)
