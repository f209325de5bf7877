"""One indicator: the answer, where the areas lie, the table, how it moved, why fields are blank, and how it is defined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.calculations.lights import NoLight
from indicators.models import Direction, Indicator
from indicators.presenters.figures import (
    FigureView,
    breakdown_name,
    figure_view,
    join_unit,
    kind_plural,
    missing_words,
    number_text,
    period_label,
    published_words,
)
from indicators.presenters.lights import (
    DEVELOPMENT,
    LEVEL,
    development_arithmetic,
    direction_sentence,
    level_arithmetic,
    published_sentence,
)
from indicators.presenters.observations import Figure
from initiatives.presenters.links import (
    LinkedInitiative,
    LinkedItem,
    initiatives_for_indicator,
    items_for_indicator,
)
from sundhedsaftale.lib.danish import format_signed_pct, join_words, number_word
from sundhedsaftale.presenters.figure_tables import age_of
from sundhedsaftale.presenters.frame import AreaInView, AreaRef, full_name
from sundhedsaftale.presenters.indicator_charts import Charts, charts, near_pks
from sundhedsaftale.presenters.indicator_data import IndicatorData, find_indicator, indicator_data

__all__ = ["find_indicator", "indicator_page"]


@dataclass(frozen=True)
class Row:
    name: str
    kinds: str  # "municipalities": what such areas are called together
    url: str
    cell: FigureView
    own: bool
    rank: str  # "no. 33 of 98"; "" where areas are not ranked
    sums: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class VersionRow:
    """A figure that is not the one in the table: replaced, from elsewhere, or of another kind of period."""

    area: str
    period: str
    text: str
    why: str
    edition: str


@dataclass(frozen=True)
class BreakdownRow:
    name: str
    before: str
    now: FigureView
    country: str
    sums: tuple[str, ...]


@dataclass(frozen=True)
class BreakdownTable:
    area: str
    period: str
    before: str  # the period of the earlier column; "" when there is none
    rows: tuple[BreakdownRow, ...]
    lit: bool  # whether any row has a light: a table of counts has none


@dataclass(frozen=True)
class Blank:
    where: str
    says: str
    why: str


@dataclass(frozen=True)
class Fact:
    term: str
    text: str


@dataclass(frozen=True)
class IndicatorPage:
    name: str
    code: str
    kicker: str
    goal_name: str
    goal_url: str
    goal_list_name: str
    lead: str
    rest: str
    as_of: str
    charts: Charts
    groups: tuple[Group, ...]
    period: str
    unit_caption: str
    figure_word: str
    country_name: str
    ranked: bool
    all_municipalities: tuple[Row, ...]
    breakdowns: tuple[BreakdownTable, ...]
    versions: tuple[VersionRow, ...]
    one_period: str
    blanks: tuple[Blank, ...]
    hidden: tuple[Blank, ...]
    facts: tuple[Fact, ...]
    footnotes: tuple[tuple[int, str], ...]
    same_as: tuple[str, str]  # (name of its framework, url); ("", "") when it is its own
    items: tuple[LinkedItem, ...]
    initiatives: tuple[LinkedInitiative, ...]
    age: str


def indicator_page(indicator: Indicator, area: AreaInView, query: str = "") -> IndicatorPage:
    """Seven queries: the figures and facts 4, items 2, initiatives 1."""
    data = indicator_data(indicator, area)
    groups = _groups(data, query)
    lead, rest = _answer(data)
    shown = [figure for figure in (*data.figures.values(), *data.municipalities, *data.breakdowns)]
    country = data.country
    return IndicatorPage(
        name=indicator.name,
        code=indicator.code,
        kicker=f"{indicator.goal.framework.name} · {indicator.goal.number}. {indicator.goal.name}",
        goal_name=indicator.goal.name,
        goal_url=reverse("goal", args=[indicator.goal.slug]) + query,
        goal_list_name=_("Goals"),
        lead=lead,
        rest=rest,
        as_of=" ".join(part for part in (age_of(shown), direction_sentence(indicator.direction)) if part),
        charts=charts(data),
        groups=groups,
        period=_shared_period(groups),
        unit_caption=f"{indicator.name}, {indicator.unit}" if indicator.unit else indicator.name,
        figure_word=_("Figure"),
        country_name=area.country.name,
        ranked=indicator.direction != Direction.NONE,
        all_municipalities=_rows(data.municipalities, data, query),
        breakdowns=_breakdowns(data),
        versions=_versions(data),
        one_period=period_label(country.observation.period) if country else "",
        blanks=_blanks(data, groups),
        hidden=_hidden(data),
        facts=_facts(data),
        footnotes=_footnotes(data),
        same_as=_same_as(indicator, query),
        items=items_for_indicator(indicator),
        initiatives=initiatives_for_indicator(indicator),
        age=age_of(shown),
    )


# --- The answer -------------------------------------------------------------------------------------------------------


def _answer(data: IndicatorData) -> tuple[str, str]:
    area = data.area
    own = data.figure(data.columns.own.pk)
    if own is not None and own.observation.value is not None:
        return _country_answer(data, own) if area.is_country else _own_answer(data, own)
    few = [data.figure(ref.pk) for ref in data.columns.shown if ref.kind == "municipality"]
    measured = [figure for figure in few if figure is not None and figure.observation.value is not None]
    if len(measured) > 1:
        return _few_answer(data, measured)
    reason = own.observation.reason if own is not None else ""
    if not data.figures and data.breakdowns:
        names = sorted({figure.area.name for figure in data.breakdowns if figure.area.pk != area.country.pk})
        where = join_words(names, get_language() or "da")
        return _("There is no figure for %(area)s.") % {"area": area.name}, _("It is held for %(where)s.") % {"where": where}
    lead = _("There is no figure for %(area)s.") % {"area": area.name}
    reason = reason or missing_words(data.columns.own.area.kind)[1]
    if data.country is not None and data.country.observation.value is not None:
        return lead, f"{reason} " + _("%(country)s: %(value)s.") % {
            "country": area.country.name,
            "value": _with_unit(data.country, data),
        }
    return lead, reason


def _country_answer(data: IndicatorData, own: Figure) -> tuple[str, str]:
    words = {"area": own.area.name, "value": _with_unit(own, data), "period": period_label(own.observation.period)}
    lead = _("%(area)s: %(value)s (%(period)s).") % words
    view = figure_view(own, area=own.area, indicator=data.indicator)
    if not view.development.none:
        return lead, _("Development: %(word)s.") % {"word": view.development.word.lower()}
    return lead, view.development.reason


def _own_answer(data: IndicatorData, own: Figure) -> tuple[str, str]:
    view = figure_view(own, area=own.area, indicator=data.indicator)
    words = {"area": full_name(own.area), "value": _with_unit(own, data)}
    comparator = own.assessment.level_comparator if own.assessment else None
    if comparator is None or comparator.value is None or view.level.none:
        return _("%(area)s: %(value)s.") % words, view.level.reason
    words["country"] = number_text(comparator.value, own.decimals)
    words["word"] = view.level.word.lower()
    return (
        _("%(area)s: %(value)s against %(country)s in the whole country.") % words,
        _("That is %(word)s.") % words,
    )


def _few_answer(data: IndicatorData, few: Sequence[Figure]) -> tuple[str, str]:
    """ "Alle tre kommuner i Midtklyngen ligger under landets 56,4." when it is true of all of them, else how many."""
    language = get_language() or "da"
    ordered = sorted(few, key=lambda figure: (figure.observation.value or 0, figure.area.sort_key))
    low, high = ordered[0], ordered[-1]
    words = {
        "count": number_word(len(few), language),
        "area": data.area.name,
        "low": _text(low),
        "lowest": low.area.name,
        "high": _text(high),
        "highest": high.area.name,
    }
    rest = _("Lowest is %(lowest)s with %(low)s, highest %(highest)s with %(high)s.") % words
    codes = [figure_view(figure, area=figure.area, indicator=data.indicator).level.code for figure in few]
    better, worse = codes.count("green"), codes.count("red")
    if better == len(few):
        return _("All %(count)s municipalities of %(area)s are better than the country.") % words, rest
    if worse == len(few):
        return _("All %(count)s municipalities of %(area)s are worse than the country.") % words, rest
    if not better and not worse:
        return _("The %(count)s municipalities of %(area)s range from %(low)s to %(high)s.") % words, rest
    words |= {"better": number_word(better, language), "worse": number_word(worse, language)}
    lead = _("Of the %(count)s municipalities of %(area)s, %(better)s are better than the country and %(worse)s worse.")
    return lead % words, rest


def _text(figure: Figure) -> str:
    return number_text(figure.observation.value, figure.decimals)


def _with_unit(figure: Figure, data: IndicatorData) -> str:
    return join_unit(_text(figure), data.indicator.unit)


# --- The table --------------------------------------------------------------------------------------------------------


def _groups(data: IndicatorData, query: str) -> tuple[Group, ...]:
    """The reader's own areas, the regions, and the country."""
    groups = []
    own = [ref for ref in data.columns.shown if ref.kind != "region" or ref.pk == data.columns.own.pk]
    if not data.area.is_country:
        refs = list(dict.fromkeys([*own, AreaRef(data.columns.own.area)]))
        refs = [ref for ref in refs if ref.kind not in ("region", "country")]
        if refs:
            groups.append(Group(data.area.name, tuple(_row(data.figure(ref.pk), ref, data, query) for ref in refs)))
    regions = data.of_kind("region")
    if regions:
        groups.append(Group(kind_plural(regions[0].area.kind), _rows(regions, data, query)))
    others = [figure for kind in ("cluster", "health_council") for figure in data.of_kind(kind)]
    if others and data.columns.own.pk not in {figure.area.pk for figure in others}:
        groups.append(Group(kind_plural(others[0].area.kind), _rows(others, data, query)))
    if data.country is not None:
        groups.append(Group("", _rows([data.country], data, query)))
    return tuple(groups)


def _rows(figures: Sequence[Figure], data: IndicatorData, query: str) -> tuple[Row, ...]:
    ranks = _ranks(figures, data)
    return tuple(
        _row(figure, AreaRef(figure.area), data, query, rank=ranks.get(figure.area.pk, "")) for figure in figures
    )


def _row(figure: Figure | None, ref: AreaRef, data: IndicatorData, query: str, rank: str = "") -> Row:
    cell = figure_view(figure, area=ref.area, indicator=data.indicator)
    if not rank and figure is not None and ref.kind == "municipality":
        rank = _ranks(data.municipalities, data).get(ref.pk, "")
    change = figure.assessment.level_change_pct if figure is not None and figure.assessment else None
    if change is not None and not cell.level.none:
        said = format_signed_pct(change, 1, get_language() or "da")
        cell = replace(cell, level=replace(cell.level, notes=(said, *cell.level.notes)))
    return Row(
        name=full_name(ref.area),
        kinds=kind_plural(ref.area.kind).lower() if ref.kind != "country" else ref.name,
        url=reverse("area", args=[ref.code]),
        cell=cell,
        own=ref.pk in near_pks(data),
        rank=rank,
        sums=_sums(figure),
    )


def _sums(figure: Figure | None) -> tuple[str, ...]:
    """The arithmetic of both lights and the source's own, each on a line; nothing where there is no figure."""
    if figure is None or figure.observation.value is None or figure.assessment is None:
        return ()
    assessment = figure.assessment
    lines = []
    if assessment.level_light or assessment.level_change_pct is not None:
        lines.append(level_arithmetic(figure))
    if assessment.development_light or assessment.development_change_pct is not None:
        lines.append(development_arithmetic(figure))
    lines += [published_sentence(LEVEL, figure), published_sentence(DEVELOPMENT, figure)]
    return tuple(line for line in lines if line)


def _ranks(figures: Sequence[Figure], data: IndicatorData) -> dict[int, str]:
    """area -> "no. 33 of 98": equal figures share a place. Only areas of one kind and one period are ranked."""
    if data.indicator.direction == Direction.NONE or len(figures) < 3:
        return {}
    values = [
        (figure.area.pk, figure.observation.value) for figure in figures if figure.observation.value is not None
    ]
    if len({figure.observation.period for figure in figures if figure.observation.value is not None}) > 1:
        return {}
    higher = data.indicator.direction == Direction.HIGHER
    ordered = sorted((value for _, value in values), reverse=higher)
    place = {value: index + 1 for index, value in reversed(list(enumerate(ordered)))}
    return {
        pk: _("no. %(place)d of %(count)d") % {"place": place[value], "count": len(values)} for pk, value in values
    }


def _shared_period(groups: Sequence[Group]) -> str:
    periods = {row.cell.period_label for group in groups for row in group.rows if row.cell.text}
    return periods.pop() if len(periods) == 1 else ""


# --- Breakdowns -------------------------------------------------------------------------------------------------------


def _breakdowns(data: IndicatorData) -> tuple[BreakdownTable, ...]:
    """One table for each area that has them, the country as a column: groups by prior contact, sector, age."""
    by_area: dict[int, dict[str, list[Figure]]] = defaultdict(lambda: defaultdict(list))
    for figure in data.breakdowns:
        by_area[figure.area.pk][figure.observation.breakdown].append(figure)
    country = by_area.get(data.area.country.pk, {})
    tables = []
    for pk, groups in by_area.items():
        if pk == data.area.country.pk and len(by_area) > 1:
            continue
        tables.append(_breakdown_table(data, groups, {} if pk == data.area.country.pk else country))
    return tuple(sorted(tables, key=lambda table: table.area != data.area.name))


def _breakdown_table(
    data: IndicatorData, groups: dict[str, list[Figure]], country: dict[str, list[Figure]]
) -> BreakdownTable:
    order = {entry["code"]: index for index, entry in enumerate(data.indicator.breakdowns)}
    newest = max(figure.observation.period_end for figures in groups.values() for figure in figures)
    rows, periods, befores = [], set(), set()
    for code in sorted(groups, key=lambda code: (order.get(code, 99), code)):
        now = next((figure for figure in groups[code] if figure.observation.period_end == newest), groups[code][0])
        earlier = [figure for figure in groups[code] if figure.observation.period_end < now.observation.period_end]
        beside = [figure for figure in country.get(code, []) if figure.observation.period == now.observation.period]
        periods.add(period_label(now.observation.period))
        befores |= {period_label(figure.observation.period) for figure in earlier[:1]}
        rows.append(
            BreakdownRow(
                name=breakdown_name(data.indicator, code),
                before=_text(earlier[0]) if earlier else "",
                now=figure_view(now, area=now.area, indicator=data.indicator),
                country=_text(beside[0]) if beside else "",
                sums=_sums(now),
            )
        )
    first = next(iter(groups.values()))[0]
    return BreakdownTable(
        area=first.area.name,
        period=join_words(sorted(periods), get_language() or "da"),
        before=befores.pop() if len(befores) == 1 else "",
        rows=tuple(rows),
        lit=any(not row.now.level.none or not row.now.development.none for row in rows),
    )


# --- Other versions ---------------------------------------------------------------------------------------------------


def _versions(data: IndicatorData) -> tuple[VersionRow, ...]:
    """Every figure the page does not otherwise print: replaced by a correction, from elsewhere, of another period."""
    rows = []
    shown = {figure.observation.pk for figure in data.figures.values()}
    older = [figure for figures in data.series.values() for figure in figures if figure.observation.pk not in shown]
    for figure in (*data.others, *older):
        row = figure.observation
        when = published_words(row.edition.published_on)
        rows.append(
            VersionRow(
                area=full_name(figure.area),
                period=period_label(row.period),
                text=_text(figure) or row.reason,
                why=_why(figure),
                edition=f"{row.edition.title} ({when})" if when else row.edition.title,
            )
        )
    return tuple(sorted(rows, key=lambda row: row.area != data.area.country.name))


def _why(figure: Figure) -> str:
    row = figure.observation
    if not row.is_current:
        return _("Replaced by a later figure.")
    if row.reason:
        return row.reason
    if figure.level is not None and row.method != figure.level.method:
        return _("Made by another method.")
    if figure.level is not None and figure.level.period_months is not None:
        return _("An earlier period, or one of another length.")
    return _("An earlier period.")


# --- Why blank --------------------------------------------------------------------------------------------------------


def _blanks(data: IndicatorData, groups: Sequence[Group]) -> tuple[Blank, ...]:
    """One line for each reason on the page, naming the areas it is true of."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for group in groups:
        for row in group.rows:
            if row.cell.blank:
                found[row.cell.blank, row.cell.reason].append(row)
            else:
                for light, kind in ((row.cell.development, _("Development")), (row.cell.level, _("Level"))):
                    if light.none and light.reason_code != NoLight.IS_COMPARATOR:
                        found[f"{kind}: {light.word}", light.reason].append(row)
    blanks = [Blank(_listed(rows), says, why) for (says, why), rows in found.items()]
    kinds = {level.area_kind_id for level in data.levels}
    for ref in data.area.containers:
        if ref.kind not in kinds and ref.kind in ("cluster", "health_council", "region"):
            says, why = missing_words(ref.area.kind)
            blanks.append(Blank(ref.name, says, why))
    return tuple(dict.fromkeys(blanks))


def _hidden(data: IndicatorData) -> tuple[Blank, ...]:
    """The municipalities without a figure, one line for each reason."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for figure in data.municipalities:
        if figure.observation.value is None:
            view = figure_view(figure, area=figure.area, indicator=data.indicator)
            found[view.blank, view.reason].append(figure.area.name)
    language = get_language() or "da"
    return tuple(Blank(join_words(names, language), says, why) for (says, why), names in found.items())


def _listed(rows: Sequence[Row]) -> str:
    """The names of a few areas; of many, what kinds of area they are."""
    names = list(dict.fromkeys(row.name for row in rows))
    if len(names) > 4:
        names = list(dict.fromkeys(row.kinds for row in rows))
    text = join_words(names, get_language() or "da")
    return text[:1].upper() + text[1:]


# --- Definition -------------------------------------------------------------------------------------------------------


def _facts(data: IndicatorData) -> tuple[Fact, ...]:
    indicator = data.indicator
    link_says = _("A link says what is worked for, not that it works.")
    rows = [
        Fact(_("Official name"), indicator.official_name),
        Fact(_("What is measured"), indicator.definition),
        Fact(_("Numerator"), indicator.numerator),
        Fact(_("Denominator"), indicator.denominator),
        Fact(_("Wanted direction"), direction_sentence(indicator.direction)),
        Fact(_("Adjusted for age and sex"), f"{indicator.get_standardised_display()}. {indicator.standardised_note}".strip()),
        Fact(_("Compared with"), _compared(data)),
        *(
            Fact(_("For %(kind)s") % {"kind": kind_plural(level.area_kind).lower()}, level.level_note)
            for level in data.levels
            if level.level_note
        ),
        *(
            Fact(_("Development, %(kind)s") % {"kind": kind_plural(level.area_kind).lower()}, level.no_development_reason)
            for level in data.levels
            if level.no_development_reason
        ),
        Fact(_("Updated"), _cadence(indicator)),
        Fact(_("Withheld when"), indicator.suppression),
        Fact(_("What it cannot tell"), f"{indicator.cannot_tell} {link_says}".strip()),
    ]
    return tuple(dict.fromkeys(row for row in rows if row.text))


def _compared(data: IndicatorData) -> str:
    """What each level is compared with, with the number: the tables of regions and municipalities can differ."""
    lines = []
    for level in data.levels:
        if level.area_kind_id == "country":
            continue
        kind = kind_plural(level.area_kind)
        figures = data.of_kind(level.area_kind_id)
        comparator = next(
            (f.assessment.level_comparator for f in figures if f.assessment and f.assessment.level_comparator), None
        )
        if comparator is not None and comparator.value is not None:
            words = {
                "kind": kind,
                "country": data.area.country.name,
                "period": period_label(comparator.period),
                "value": number_text(comparator.value, level.decimals),
            }
            lines.append(_("%(kind)s: %(country)s, %(period)s, %(value)s.") % words)
        elif not level.level_comparable:
            lines.append(_("%(kind)s: not compared.") % {"kind": kind})
    return " ".join(lines)


def _cadence(indicator: Indicator) -> str:
    words = {
        "yearly": _("Once a year"),
        "quarterly": _("Every quarter"),
        "monthly": _("Every month"),
        "once": _("Once, and not again"),
    }
    said = words.get(indicator.cadence, "")
    return " ".join(part for part in (f"{said}." if said else "", indicator.cadence_note) if part)


def _footnotes(data: IndicatorData) -> tuple[tuple[int, str], ...]:
    notes = {note.number: note.text for level in data.levels for note in level.footnotes.all()}
    return tuple(sorted(notes.items()))


def _same_as(indicator: Indicator, query: str) -> tuple[str, str]:
    if indicator.same_as is None:
        return "", ""
    return indicator.same_as.goal.framework.name, reverse("indicator", args=[indicator.same_as.code]) + query
