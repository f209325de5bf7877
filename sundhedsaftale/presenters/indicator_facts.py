"""Why fields of an indicator's page are blank, and how the indicator is defined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.calculations.lights import NoLight
from indicators.models import AreaKind, Indicator
from indicators.presenters.figures import figure_view, kind_plural, missing_of, number_text, period_label
from indicators.presenters.lights import direction_sentence
from sundhedsaftale.lib.danish import join_words
from sundhedsaftale.presenters.indicator_data import IndicatorData
from sundhedsaftale.presenters.indicator_tables import Group, Row


@dataclass(frozen=True)
class Blank:
    where: str
    says: str
    why: str


@dataclass(frozen=True)
class Fact:
    term: str
    text: str


def blanks(data: IndicatorData, groups: Sequence[Group]) -> tuple[Blank, ...]:
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
            says, why = missing_of(ref.area)
            blanks.append(Blank(ref.name, says, why))
    return tuple(dict.fromkeys(blanks))


def hidden_municipalities(data: IndicatorData) -> tuple[Blank, ...]:
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


def facts(data: IndicatorData) -> tuple[Fact, ...]:
    indicator = data.indicator
    link_says = _("A link says what is worked for, not that it works.")
    rows = [
        Fact(_("Official name"), indicator.official_name),
        Fact(_("What is measured"), indicator.definition),
        Fact(_("Numerator"), indicator.numerator),
        Fact(_("Denominator"), indicator.denominator),
        Fact(_("Wanted direction"), direction_sentence(indicator.direction)),
        Fact(
            _("Adjusted for age and sex"),
            f"{indicator.get_standardised_display()}. {indicator.standardised_note}".strip(),
        ),
        Fact(_("Compared with"), _compared(data)),
        *_of_levels(data, _("For %(kind)s"), "level_note"),
        *_of_levels(data, _("Development, %(kind)s"), "no_development_reason"),
        Fact(_("Updated"), _cadence(indicator)),
        Fact(_("Withheld when"), indicator.suppression),
        Fact(_("What it cannot tell"), f"{indicator.cannot_tell} {link_says}".strip()),
    ]
    return tuple(dict.fromkeys(row for row in rows if row.text))


def _of_levels(data: IndicatorData, term: str, field: str) -> list[Fact]:
    """One line for each thing that is said, naming the kinds of area it is said of."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for level in data.levels:
        if said := getattr(level, field):
            kinds[said].append(_kind(level.area_kind, data))
    language = get_language() or "da"
    return [Fact(term % {"kind": join_words(names, language)}, said) for said, names in kinds.items()]


def _kind(kind: AreaKind, data: IndicatorData) -> str:
    name = data.area.country.name if kind.code == "country" else kind_plural(kind)
    return name[:1].lower() + name[1:]


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


def footnotes(data: IndicatorData) -> tuple[tuple[int, str], ...]:
    return tuple(sorted((number, text) for (_framework, number), text in data.notes.items()))


def same_as(indicator: Indicator, query: str) -> tuple[str, str]:
    if indicator.same_as is None:
        return "", ""
    return indicator.same_as.goal.framework.name, reverse("indicator", args=[indicator.same_as.code]) + query
