"""The page of populations: what is held, which age groups are wanted, and what is wrong with a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.actions.populations import Stored
from indicators.calculations.population_rows import (
    AREA,
    GROUP,
    LONGEST_SOURCE,
    MOST_PEOPLE,
    PEOPLE,
    YEAR,
    PopulationProblem,
)
from indicators.models import IndicatorCombining, Observation, Population
from indicators.presenters.figures import number_text

MOST_PROBLEMS = 20


@dataclass(frozen=True)
class HeldView:
    """One age group of one year. sources: as they were written, joined."""

    group: str
    year: int
    areas: int
    source: str


@dataclass(frozen=True)
class WantedView:
    """An age group that figures are weighed with. years: of the municipal figures that wait for it, "2021, 2023"."""

    group: str
    indicators: str
    years: str


@dataclass(frozen=True)
class PopulationsPage:
    held: tuple[HeldView, ...]
    wanted: tuple[WantedView, ...]


def populations_page() -> PopulationsPage:
    """Three queries."""
    rows = Population.objects.order_by("age_group", "-year").values("age_group", "year")
    held = [
        HeldView(
            group_words(row["age_group"]),
            row["year"],
            row["areas"],
            row["first"] if row["first"] == row["last"] else _("%(one)s, and others") % {"one": row["first"]},
        )
        for row in rows.annotate(areas=Count("area"), first=Min("source"), last=Max("source"))
    ]
    rules = list(IndicatorCombining.objects.exclude(age_group="").select_related("indicator").order_by("age_group"))
    figures = Observation.objects.current().whole().filter(area__kind_id="municipality", value__isnull=False)
    pairs = (
        figures.filter(indicator_id__in={rule.indicator_id for rule in rules})
        .order_by()
        .values_list("indicator_id", "period_end__year")
        .distinct()
    )
    years: dict[int, set[int]] = {}
    for indicator, year in pairs:
        years.setdefault(indicator, set()).add(year)
    groups: dict[str, list[IndicatorCombining]] = {}
    for rule in rules:
        if rule.indicator_id in years:
            groups.setdefault(rule.age_group, []).append(rule)
    wanted = [
        WantedView(
            group_words(group),
            "; ".join(rule.indicator.name for rule in found),
            ", ".join(str(year) for year in sorted({year for rule in found for year in years[rule.indicator_id]})),
        )
        for group, found in groups.items()
    ]
    return PopulationsPage(tuple(held), tuple(wanted))


def group_words(code: str) -> str:
    """ "65 years and over (65-plus)", "everybody (0-plus)": in words, and as a file may write it."""
    first, _dash, last = code.partition("-")
    if code == "0-plus":
        words = _("everybody")
    elif last == "plus":
        words = _("%(age)s years and over") % {"age": first}
    else:
        words = _("%(first)s to %(last)s years") % {"first": first, "last": last}
    return f"{words} ({code})"


def problem_sentences(problems: Sequence[PopulationProblem]) -> list[str]:
    """One sentence for each, with its line; of very many the first and how many more."""
    said = [problem_sentence(one) for one in problems[:MOST_PROBLEMS]]
    more = len(problems) - len(said)
    if more:
        said.append(ngettext("And %(count)d line more.", "And %(count)d lines more.", more) % {"count": more})
    return said


def problem_sentence(problem: PopulationProblem) -> str:
    sentences = {
        "no_rows": _("The file holds no rows."),
        "unknown_area": _("The area is not known. Nearest: %(near)s.") % {"near": problem.details}
        if problem.details
        else _("The area is not known."),
        "not_an_age_group": _("The age group is not one we can read. Write for example 65-plus, 16-24 or 0-plus."),
        "not_a_year": _("The year is not one we can read. Write for example 2023."),
        "no_source": _("There is no source. Name the table and the day the people were counted."),
        "long_source": _("The source is longer than %(most)d characters.") % {"most": LONGEST_SOURCE},
        "not_people": _("The number of people must be a whole number above 0."),
        "too_many_people": _("The number of people is above %(most)s.")
        % {"most": number_text(Decimal(MOST_PEOPLE), 0)},
        "twice": _("The area, age group and year stand in line %(line)s too.") % {"line": problem.details},
        "column_missing": _("A column is missing: %(column)s.") % {"column": _column(problem.details)},
    }
    place = _("Line %(line)d: ") % {"line": problem.line} if problem.line else ""
    return f"{place}{sentences[problem.code]}"


def stored_sentence(stored: Stored) -> str:
    words = {"new": stored.new, "changed": stored.changed, "same": stored.same}
    return _("Populations: %(new)d new, %(changed)d changed, %(same)d as before.") % words


def _column(role: str) -> str:
    words = {
        AREA: _("area_code (the code or name of the area)"),
        GROUP: _("age_group"),
        YEAR: _("year"),
        PEOPLE: _("people"),
    }
    return words.get(role, "")
