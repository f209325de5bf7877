"""Figures of areas that have none of their own, in words: computed from what, without whom, or why not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext

from indicators.calculations.area_values import (
    AreaValue,
    How,
    Measure,
    Missing,
    Part,
    WhyMissing,
    WhyNot,
    area_value,
    per_of,
)
from indicators.calculations.lights import NoLight
from indicators.models import Area, Flag, Indicator, IndicatorCombining, Population
from indicators.presenters.figures import FigureView, join_unit, missing_of, number_text, period_label
from indicators.presenters.lights import DEVELOPMENT, LEVEL, no_light
from indicators.presenters.observations import Figure, Key
from sundhedsaftale.lib.danish import join_words

NAMED_PARTS = 4
COMPUTED = "computed"  # the flag of a figure no source has published

#: (area, age group) -> year -> people
Populations = Mapping[tuple[int, str], Mapping[int, int]]


@dataclass(frozen=True)
class PartOf:
    """An area's part. whole: it lies in no other area of that kind the same day."""

    area: Area
    whole: bool = True


@dataclass(frozen=True)
class Computed:
    """Either `text` is filled, and `made` says from what, or `reason` says why there is none.

    missing: the parts that are not counted in, named with their reason; "" when all of them are. estimate: weighted with
    populations, so it is no exact figure.
    """

    name: str
    code: str
    unit: str
    value: Decimal | None
    text: str
    with_unit: str
    period_label: str
    made: str
    missing: str
    estimate: bool
    reason: str
    edition: str  # the newest one a part that is counted in comes from
    result: AreaValue
    decimals: int = 0
    part_keys: frozenset[int] = frozenset()  # the areas that are counted in
    first_day: date | None = None  # of the period of the parts that are counted in
    last_day: date | None = None


def combining_of(indicator: Indicator) -> IndicatorCombining | None:
    """Needs "combining" fetched, and for an indicator that is another's "same_as__combining" too."""
    source = indicator.same_as or indicator
    return getattr(source, "combining", None)


def populations_of(areas: Iterable[Area], indicators: Iterable[Indicator]) -> Populations:
    """One query; none when no indicator is weighed with anybody."""
    groups = {rule.age_group for one in indicators if (rule := combining_of(one)) and rule.age_group}
    if not groups:
        return {}
    found: dict[tuple[int, str], dict[int, int]] = {}
    rows = Population.objects.filter(area_id__in={area.pk for area in areas}, age_group__in=groups)
    for area, group, year, people in rows.values_list("area_id", "age_group", "year", "people"):
        found.setdefault((area, group), {})[year] = people
    return found


def computed(
    indicator: Indicator,
    area: Area,
    parts: Sequence[PartOf],
    figures: Mapping[Key, Figure],
    populations: Populations,
) -> Computed:
    """No queries. An official figure is taken as it is."""
    rule = combining_of(indicator)
    group = rule.age_group if rule else ""
    own = figures.get((indicator.pk, area.pk))
    result = area_value(
        _part(own, PartOf(area), {}) if own is not None else None,
        [
            _part(figures.get((indicator.pk, one.area.pk)), one, populations.get((one.area.pk, group), {}))
            for one in parts
        ],
        Measure(rule.kind if rule else "", per_of(indicator.unit)),
    )
    decimals = _decimals(indicator, parts, figures)
    text = number_text(result.value, decimals)
    names = {one.area.code: one.area.name for one in parts}
    used = _used(result, indicator, parts, figures)
    return Computed(
        name=indicator.name,
        code=indicator.code,
        unit=indicator.unit,
        value=result.value,
        text=text,
        with_unit=join_unit(text, indicator.unit),
        period_label=period_label(result.period) if result.period else "",
        made=_made(result, names),
        missing=_missing(result.missing, names)
        if result.value is not None or result.why_not == WhyNot.TOO_FEW_PARTS
        else "",
        estimate=result.how == How.WEIGHTED,
        reason=why_not_sentence(result, own),
        edition=_edition(used),
        result=result,
        decimals=decimals,
        part_keys=frozenset(figure.area.pk for figure in used),
        first_day=min((figure.observation.period_start for figure in used), default=None),
        last_day=max((figure.observation.period_end for figure in used), default=None),
    )


def computed_view(found: Computed, area: Area) -> FigureView:
    """The computed figure where a published one would stand: marked, with what it is made of, and without lights."""
    blank, why = missing_of(area)
    gone = " ".join(part for part in (found.reason or why, found.missing) if part)
    reason = NoLight.COMPUTED if found.text else NoLight.NO_NUMBER
    return FigureView(
        area_code=area.code,
        area_name=area.name,
        text=found.text,
        with_unit=found.with_unit,
        value=found.value,
        period=found.result.period if found.text else "",
        period_label=found.period_label if found.text else "",
        blank="" if found.text else blank,
        reason="" if found.text else gone,
        flag=COMPUTED if found.text else Flag.NOT_MEASURED.value,
        flag_word=gettext("Computed") if found.text else "",
        note=" ".join(part for part in (found.made, found.missing) if part) if found.text else "",
        footnotes=(),
        breakdown="",
        edition=found.edition if found.text else "",
        level=no_light(LEVEL, reason),
        development=no_light(DEVELOPMENT, reason),
    )


def _used(
    result: AreaValue, indicator: Indicator, parts: Sequence[PartOf], figures: Mapping[Key, Figure]
) -> list[Figure]:
    """The figures that are counted in."""
    return [
        figure
        for one in parts
        if one.area.code in result.parts and (figure := figures.get((indicator.pk, one.area.pk))) is not None
    ]


def _edition(used: Sequence[Figure]) -> str:
    newest = max(
        (figure.observation.edition for figure in used),
        key=lambda edition: (edition.published_on, edition.pk),
        default=None,
    )
    return newest.title if newest is not None else ""


def _part(figure: Figure | None, one: PartOf, people: Mapping[int, int]) -> Part:
    if figure is None:
        return Part(one.area.code, whole=one.whole)
    row = figure.observation
    number = people.get(row.period_end.year)
    return Part(
        code=one.area.code,
        value=row.value,
        period=row.period,
        method=row.method,
        flag=row.flag,
        numerator=row.numerator,
        denominator=row.denominator,
        population=None if number is None else Decimal(number),
        whole=one.whole,
    )


def _decimals(indicator: Indicator, parts: Sequence[PartOf], figures: Mapping[Key, Figure]) -> int:
    found = [figure for one in parts if (figure := figures.get((indicator.pk, one.area.pk))) is not None]
    return found[0].decimals if found else indicator.decimals


# --- Words ------------------------------------------------------------------------------------------------------------


def _made(result: AreaValue, names: Mapping[str, str]) -> str:
    if result.how not in (How.COUNTED, How.WEIGHTED):
        return ""
    words = {"parts": parts_text([names[code] for code in result.parts])}
    if result.how == How.COUNTED:
        return gettext("Computed from the counts of %(parts)s.") % words
    return gettext("Computed from %(parts)s, weighted with how many live there. An estimate.") % words


def parts_text(names: Sequence[str]) -> str:
    """ "Hovedstaden og Sjælland", or "9 municipalities" when they are too many to name."""
    if len(names) <= NAMED_PARTS:
        return join_words(names, get_language() or "da")
    return ngettext("%(count)d municipality", "%(count)d municipalities", len(names)) % {"count": len(names)}


def _missing(missing: Sequence[Missing], names: Mapping[str, str]) -> str:
    """ "Not counted in: Læsø (withheld) and København (lies elsewhere too)."; "" when nobody is missing."""
    if not missing:
        return ""
    said = [f"{names.get(one.code, one.code)} ({missing_word(one.why)})" for one in missing]
    return gettext("Not counted in: %(names)s.") % {"names": join_words(said, get_language() or "da")}


def missing_word(why: str) -> str:
    words = {
        WhyMissing.NO_FIGURE: gettext("no figure"),
        WhyMissing.WITHHELD: gettext("withheld"),
        WhyMissing.OTHER_PERIOD: gettext("another period"),
        WhyMissing.OTHER_METHOD: gettext("another method"),
        WhyMissing.ELSEWHERE_TOO: gettext("lies in two areas"),
        WhyMissing.NO_COUNTS: gettext("we hold no counts"),
    }
    return words[WhyMissing(why)]


def why_not_sentence(result: AreaValue, own: Figure | None = None) -> str:
    if not result.why_not:
        return ""
    sentences = {
        WhyNot.OFFICIAL_BLANK: own.observation.reason if own is not None else "",
        WhyNot.MEDIAN: gettext("It is a median, and medians of parts cannot be put together."),
        WhyNot.LIFE_EXPECTANCY: gettext("It is a life expectancy, and those of parts cannot be put together."),
        WhyNot.NOT_DECLARED: gettext("The source does not say how the figure is made, so we do not compute it."),
        WhyNot.PARTS_UNKNOWN: gettext("We do not know which municipalities it is made of."),
        WhyNot.PARTS_NOT_MEASURED: gettext("No part of it has a figure."),
        WhyNot.NO_COUNTS: gettext(
            "We hold neither the counts behind the figures nor the populations to weigh them with. "
            "A plain average would be wrong."
        ),
        WhyNot.STANDARDISED: gettext(
            "The figures are standardised, and we hold no populations to weigh them with. A plain average would be wrong."
        ),
        WhyNot.TOO_FEW_PARTS: gettext("Half of its parts or more cannot be counted in."),
    }
    return sentences[WhyNot(result.why_not)]
