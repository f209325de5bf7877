"""One indicator: the answer, where the areas lie, the table, how it moved, why fields are blank, its definition."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Indicator
from indicators.presenters.computed import Computed
from indicators.presenters.figures import figure_view, join_unit, missing_of, number_text, period_label
from indicators.presenters.lights import direction_sentence
from indicators.presenters.observations import Figure
from initiatives.presenters.links import (
    LinkedInitiative,
    LinkedItem,
    work_for_indicator,
)
from sundhedsaftale.lib.danish import join_words, number_word
from sundhedsaftale.lib.viewed import Viewed
from sundhedsaftale.presenters.area_parts import Seen
from sundhedsaftale.presenters.figure_tables import age_of
from sundhedsaftale.presenters.frame import AreaInView, full_name
from sundhedsaftale.presenters.indicator_charts import BreakRow, Charts, charts
from sundhedsaftale.presenters.indicator_data import IndicatorData, find_indicator, indicator_data
from sundhedsaftale.presenters.indicator_distance import DistanceView, distance_view
from sundhedsaftale.presenters.indicator_facts import (
    Blank,
    Fact,
    blanks,
    facts,
    footnotes,
    hidden_municipalities,
    same_as,
)
from sundhedsaftale.presenters.indicator_moved import area_breaks, moved_plan
from sundhedsaftale.presenters.indicator_tables import (
    BreakdownTable,
    Group,
    Row,
    VersionRow,
    area_groups,
    area_rows,
    breakdown_tables,
    shared_period,
    version_rows,
)
from sundhedsaftale.presenters.indicator_targets import TargetsView, targets_view

__all__ = ["find_indicator", "indicator_page"]


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
    seen: Seen
    charts: Charts
    breaks: tuple[BreakRow, ...]
    distance: DistanceView
    targets: TargetsView
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
    other_ways: tuple[tuple[str, str], ...]  # (words, url); none when no area has a figure


def indicator_page(
    indicator: Indicator, area: AreaInView, query: str = "", *, look: Viewed, may: Collection[int] = ()
) -> IndicatorPage:
    """At most eight queries: the figures and facts 3 to 5, targets 1, items and initiatives 1 to 2.

    may: the bodies the reader may set targets for.
    """
    data = indicator_data(indicator, area, look)
    groups = area_groups(data, query)
    lead, rest = _answer(data)
    distance = distance_view(data)
    targets = targets_view(data, may=may, today=timezone.localdate())
    shown = [*data.figures.values(), *data.municipalities, *data.breakdowns]
    country = data.country
    items, initiatives = work_for_indicator(indicator, today=timezone.localdate())
    return IndicatorPage(
        name=indicator.name,
        code=indicator.code,
        kicker=f"{indicator.goal.framework.name} · {indicator.goal.number}. {indicator.goal.name}",
        goal_name=indicator.goal.name,
        goal_url=reverse("goal", args=[indicator.goal.slug]) + query,
        goal_list_name=_("Goals"),
        lead=_tidy(lead),
        rest=_tidy(rest),
        as_of=" ".join(part for part in (age_of(shown), direction_sentence(indicator.direction)) if part),
        seen=data.seen,
        charts=charts(data, distance.plans, moved_plan(data, targets.aims)),
        breaks=area_breaks(data),
        distance=distance,
        targets=targets,
        groups=groups,
        period=shared_period(groups),
        unit_caption=f"{indicator.name}, {indicator.unit}" if indicator.unit else indicator.name,
        figure_word=_("Figure"),
        country_name=area.country.name,
        ranked=any(row.rank for group in groups for row in group.rows),
        all_municipalities=area_rows(data.municipalities, data, query),
        breakdowns=breakdown_tables(data),
        versions=version_rows(data),
        one_period=period_label(country.observation.period) if country else "",
        blanks=blanks(data, groups),
        hidden=hidden_municipalities(data),
        facts=facts(data),
        footnotes=footnotes(data),
        same_as=same_as(indicator, query),
        items=items,
        initiatives=initiatives,
        age=age_of(shown),
        other_ways=_other_ways(data, query) if groups else (),
    )


def _other_ways(data: IndicatorData, query: str) -> tuple[tuple[str, str], ...]:
    """(words, url) of the other pages with the same figures; the map is there when municipalities are measured."""
    ways = [(_("The areas in order"), "indicator_ranking"), (_("Map of the municipalities"), "indicator_map")]
    ways.append((_("A small curve for each area"), "indicator_curves"))
    shown = [way for way in ways if way[1] != "indicator_map" or data.municipalities]
    return tuple((words, reverse(name, args=[data.indicator.code]) + query) for words, name in shown)


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
    made = data.computed(data.columns.own.area)
    if made is not None and made.text:
        return _computed_answer(data, made)
    reason = own.observation.reason if own is not None else ""
    if not data.figures and data.breakdowns:
        names = sorted({figure.area.name for figure in data.breakdowns if figure.area.pk != area.country.pk})
        where = join_words(names, get_language() or "da")
        return _("There is no figure for %(area)s.") % {"area": area.name}, _("It is held for %(where)s.") % {
            "where": where
        }
    lead = _("There is no figure for %(area)s.") % {"area": area.name}
    reason = reason or data.cell(data.columns.own.area).reason or missing_of(data.columns.own.area)[1]
    if data.country is not None and data.country.observation.value is not None:
        return lead, f"{reason} " + _("%(country)s: %(value)s.") % {
            "country": area.country.name,
            "value": _with_unit(data.country, data),
        }
    return lead, reason


def _computed_answer(data: IndicatorData, made: Computed) -> tuple[str, str]:
    words = {"area": full_name(data.area.area), "value": made.with_unit, "period": made.period_label}
    return _("%(area)s: %(value)s (%(period)s), computed.") % words, f"{made.made} {made.missing}".strip()


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


def _tidy(text: str) -> str:
    """A unit may end in a full stop of its own ("pct."), and so does the sentence."""
    return text.replace("..", ".")
