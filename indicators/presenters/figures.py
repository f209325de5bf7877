"""One figure as a page prints it: number, unit, period, blank with its reason, and its two lights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language, gettext

from indicators.calculations.lights import GREEN, RED, YELLOW, NoLight
from indicators.models import Area, AreaKind, Edition, Flag, Indicator
from indicators.presenters import lights
from indicators.presenters.arithmetic import sum_line
from indicators.presenters.lights import DEVELOPMENT, LEVEL, LightView
from indicators.presenters.observations import Figure
from sundhedsaftale.lib.danish import NBSP, format_date, format_number, is_english
from sundhedsaftale.lib.periods import PeriodError, month_name, observation_period_label

FIRST_REGIONS = date(2007, 1, 1)


@dataclass(frozen=True)
class FigureView:
    """One cell. Either `text` is filled or `blank` is; a blank always has a `reason`.

    text: "11,5"; with_unit: "11,5 pct."; value: the number itself, for charts and sorting.
    blank: the short word for the cell. reason: the whole sentence for beside it.
    flag_word: "Corrected" or "Provisional"; note: what the source says of a figure that is there.
    """

    area_code: str
    area_name: str
    text: str
    with_unit: str
    value: Decimal | None
    period: str
    period_label: str
    blank: str
    reason: str
    flag: str
    flag_word: str
    note: str
    footnotes: tuple[int, ...]
    breakdown: str
    edition: str
    level: LightView
    development: LightView
    level_line: str = ""  # the sum behind the level light, for narrow cells


def figure_view(figure: Figure | None, *, area: Area, indicator: Indicator, short: bool = False) -> FigureView:
    """The cell of an area. `figure` is None when nothing was ever published for it; then the cell says that."""
    if figure is None:
        return missing_view(area=area, indicator=indicator)
    row = figure.observation
    text = number_text(row.value, figure.decimals)
    return FigureView(
        area_code=row.area.code,
        area_name=row.area.name,
        text=text,
        with_unit=join_unit(text, figure.indicator.unit),
        value=row.value,
        period=row.period,
        period_label=period_label(row.period),
        blank="" if row.value is not None else blank_word(row.flag),
        reason="" if row.value is not None else row.reason,
        flag=row.flag,
        flag_word=flag_word(row.flag) if row.value is not None else "",
        note=row.reason if row.value is not None else "",
        footnotes=figure.notes,
        breakdown=breakdown_name(figure.indicator, row.breakdown),
        edition=row.edition.title,
        level=lights.level_light(figure, short=short),
        development=lights.development_light(figure, short=short),
        level_line=sum_line(LEVEL, figure) if short else "",
    )


def missing_view(*, area: Area, indicator: Indicator) -> FigureView:
    """The cell of an area for which the source has no row at all. Needs `area.kind` to be fetched."""
    blank, reason = missing_of(area)
    return FigureView(
        area_code=area.code,
        area_name=area.name,
        text="",
        with_unit="",
        value=None,
        period="",
        period_label="",
        blank=blank,
        reason=reason,
        flag=Flag.NOT_MEASURED.value,
        flag_word="",
        note="",
        footnotes=(),
        breakdown="",
        edition="",
        level=lights.no_light(LEVEL, NoLight.NO_NUMBER),
        development=lights.no_light(DEVELOPMENT, NoLight.NO_NUMBER),
    )


def missing_of(area: Area) -> tuple[str, str]:
    """Short word and whole reason for a cell that no source has: (word, reason). Needs `area.kind` to be fetched.

    A region that began after the regions of 2007 is waiting for its first figures.
    """
    if area.kind_id == "region" and area.valid_from is not None and area.valid_from > FIRST_REGIONS:
        words = {"day": format_date(area.valid_from, get_language() or "da")}
        return gettext("No figure yet"), gettext(
            "The region begins on %(day)s. There are no official figures for it yet."
        ) % words
    if area.kind_id == "cluster":
        return gettext("No figure for the cluster"), gettext(
            "There is no official figure for clusters. A plain average of the municipalities would be wrong."
        )
    if area.kind_id == "health_council":
        return gettext("No figure for the council"), gettext(
            "The health councils begin in 2027 and have no figures yet."
        )
    plural = kind_plural(area.kind)
    words = {"kind": plural[:1].lower() + plural[1:]}
    return gettext("Not measured for %(kind)s") % words, gettext("The source has no figures for %(kind)s.") % words


def kind_plural(kind: AreaKind) -> str:
    return kind.name_plural_en if is_english(get_language() or "da") else kind.name_plural


def kind_name(kind: AreaKind) -> str:
    return kind.name_en if is_english(get_language() or "da") else kind.name


# --- Words and numbers ------------------------------------------------------------------------------------------------


def number_text(value: Decimal | None, decimals: int) -> str:
    """ "1.234,5" in Danish and "1,234.5" in English; "" for None."""
    return format_number(value, decimals, get_language() or "da")


def join_unit(text: str, unit: str) -> str:
    """ "11,5 pct.": the number and the first word of the unit stay on one line. No unit, no space."""
    return f"{text}{NBSP}{unit}" if text and unit else text


def difference_unit(indicator: Indicator) -> str:
    """What a difference between two figures is counted in: figures in per cent lie percentage points apart."""
    return gettext("percentage points") if indicator.unit == "pct." else indicator.unit


def period_label(code: str) -> str:
    """ "2023", "marts 2024", "2019–2023"; the code itself when it is none of ours."""
    try:
        return observation_period_label(code, get_language() or "da")
    except PeriodError:
        return code


def blank_word(flag: str) -> str:
    words = {
        Flag.SUPPRESSED.value: gettext("Withheld"),
        Flag.NOT_MEASURED.value: gettext("Not measured here"),
        Flag.NOT_PUBLISHED.value: gettext("Published without figures"),
        Flag.NOT_COMPARABLE.value: gettext("Not comparable"),
    }
    return words.get(flag, gettext("No figure"))


def flag_word(flag: str) -> str:
    """The word beside a figure that is there but not plain; "" for a plain one."""
    words = {
        Flag.CORRECTED.value: gettext("Corrected"),
        Flag.PROVISIONAL.value: gettext("Provisional"),
        Flag.NOT_COMPARABLE.value: gettext("Not comparable"),
    }
    return words.get(flag, "")


def breakdown_name(indicator: Indicator, code: str) -> str:
    """What the breakdown is called; "" for the figure of everybody."""
    names = {entry["code"]: entry["name"] for entry in indicator.breakdowns}
    return names.get(code, code)


def published_words(published_on: str) -> str:
    """ "november 2024" for "2024-11", "7. november 2023" for "2023-11-07"; "" when the day is not known at all."""
    language = get_language() or "da"
    parts = [int(part) for part in published_on.split("-") if part.isdigit()]
    if len(parts) == 3:
        return format_date(date(*parts), language)
    return f"{month_name(parts[1], language)} {parts[0]}" if len(parts) == 2 else published_on


def age_of_figures(editions: Iterable[Edition]) -> str:
    """ "Figures: Nationale mål ... 2024 (november 2024)." for the foot of a page; "" without editions."""
    newest = max(editions, key=lambda edition: (edition.published_on, edition.pk), default=None)
    if newest is None:
        return ""
    words = {"title": newest.title, "when": published_words(newest.published_on)}
    return gettext("Figures: %(title)s (%(when)s).") % words if words["when"] else f"{newest.title}."


# --- Tallies ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """How many cells have which light. `published` counts, among the others, the source's own lights."""

    green: int
    yellow: int
    red: int
    none: int
    published: int = 0

    @property
    def lit(self) -> int:
        return self.green + self.yellow + self.red


@dataclass(frozen=True)
class DoubleTally:
    """Both lights of a set of figures; both_red are worse and worsening, both_green better and improving."""

    level: Tally
    development: Tally
    both_red: tuple[Figure, ...]
    both_green: tuple[Figure, ...]


def tally(views: Iterable[LightView]) -> Tally:
    found = list(views)
    count = Counter(view.code for view in found)
    published = sum(view.published for view in found)
    return Tally(count[GREEN], count[YELLOW], count[RED], count[""], published)


def double_tally(figures: Iterable[Figure]) -> DoubleTally:
    """Tallies over figures. The two lists hold no withheld and no direction-less figures: these have no light."""
    found = list(figures)
    pairs = [(figure, lights.level_light(figure), lights.development_light(figure)) for figure in found]
    return DoubleTally(
        level=tally(level for _, level, _ in pairs),
        development=tally(development for _, _, development in pairs),
        both_red=tuple(f for f, level, development in pairs if level.code == development.code == RED),
        both_green=tuple(f for f, level, development in pairs if level.code == development.code == GREEN),
    )
