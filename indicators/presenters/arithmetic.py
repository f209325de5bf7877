"""The arithmetic a light opens: the sum itself, what it was compared with, decimals, rounding, notes, the source's light.

The one place where the colours are named in words: they are what the rule says.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import get_language, gettext, ngettext, pgettext

from indicators.calculations.lights import GREEN, LIMIT_PCT, RED, YELLOW, possible_changes
from indicators.models import Area, Assessment, Direction, Observation
from indicators.presenters.lights import LEVEL, period_words, published_sentence, reason_sentence
from indicators.presenters.observations import Figure, Notes
from sundhedsaftale.lib.danish import format_number, format_signed_pct, is_english

_STORED_DECIMALS = 6


@dataclass(frozen=True)
class Sum:
    """What one light opens. `line` is the sum; `facts` are (term, text) of everything it rests on."""

    title: str
    line: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Judged:
    """One of the two lights of an assessment, its fields under one name."""

    light: str
    reason: str
    change: Decimal | None
    other: Observation | None
    area: Area | None
    doubtful: bool

    @classmethod
    def of(cls, figure: Figure, assessment: Assessment, kind: str) -> _Judged:
        if kind == LEVEL:
            beside = assessment.level_comparator
            return cls(
                assessment.level_light,
                assessment.level_reason,
                assessment.level_change_pct,
                beside,
                beside.area if beside is not None else None,
                assessment.level_rounding_uncertain,
            )
        return cls(
            assessment.development_light,
            assessment.development_reason,
            assessment.development_change_pct,
            assessment.development_comparator,
            figure.area,  # the same area's, some time ago
            assessment.development_rounding_uncertain,
        )


def light_sum(kind: str, figure: Figure | None, notes: Notes | None = None) -> Sum | None:
    """The arithmetic of a light; None where no light is shown. No queries.

    notes: the source's notes by number, where the page has them; without them the numbers alone are named.
    """
    if figure is None or figure.assessment is None or figure.observation.value is None:
        return None
    judged = _Judged.of(figure, figure.assessment, kind)
    row = figure.observation
    published = row.published_level if kind == LEVEL else row.published_development
    if not judged.light and not published:
        return None
    facts = [
        (gettext("Compared with"), _compared_with(judged)),
        (gettext("Limit"), _limit() if judged.light else ""),
        (gettext("Decimals"), _decimals(figure, judged.other)),
        (gettext("Rounding"), _rounding(figure, judged)),
        (gettext("Notes in the source"), _notes(figure, notes or {})),
        (gettext("The source’s light"), published_sentence(kind, figure) or gettext("We do not know it.")),
        (gettext("Rule"), gettext("version %(version)s") % {"version": figure.assessment.rule_version}),
    ]
    title = gettext("Level") if kind == LEVEL else gettext("Development")
    return Sum(title, sum_line(kind, figure), tuple(fact for fact in facts if fact[1]))


def sum_line(kind: str, figure: Figure | None) -> str:
    """ "11,4 mod 11,0 (Hele landet, 2023) = +3,6 pct.; lavere er bedre → rød", or why there is no sum; "" without both."""
    if figure is None or figure.assessment is None or figure.observation.value is None:
        return ""
    judged = _Judged.of(figure, figure.assessment, kind)
    reason = reason_sentence(kind, judged.reason, figure) if judged.reason else ""
    if judged.other is None or judged.area is None or judged.other.value is None:
        return reason
    language = get_language() or "da"
    words = {
        "value": _printed(figure.observation.value, figure.decimals),
        "other": _printed(judged.other.value, figure.decimals),
        "area": judged.area.name,
        "period": period_words(judged.other.period),
        "direction": _direction(figure.indicator.direction),
        "colour": _colour(judged.light),
        "change": change_text(judged.change, language) if judged.change is not None else gettext("more than we store"),
    }
    if not judged.light:
        return gettext("%(value)s beside %(other)s (%(area)s, %(period)s) gives no light.") % words + f" {reason}"
    return (
        gettext("%(value)s against %(other)s (%(area)s, %(period)s) = %(change)s; %(direction)s → %(colour)s") % words
    )


def change_text(change: Decimal, language: str) -> str:
    """One decimal, and more where one would make an edge of what is not: +1,04 pct. is past 1 pct. and says so."""
    decimals = 1
    while decimals < _STORED_DECIMALS:
        step = Decimal(1).scaleb(-decimals)
        if abs(change.quantize(step)) != LIMIT_PCT or abs(change) == LIMIT_PCT:
            break
        decimals += 1
    return format_signed_pct(change, decimals, language)


def _printed(value: Decimal, decimals: int) -> str:
    """As many decimals as the indicator carries, and all of them when the value has more: nothing counted is hidden."""
    more = max(decimals, -int(value.normalize().as_tuple().exponent))
    return format_number(value, more, get_language() or "da")


def _direction(direction: str) -> str:
    words = {
        Direction.HIGHER.value: gettext("higher is better"),
        Direction.LOWER.value: gettext("lower is better"),
    }
    return words.get(direction, gettext("no wanted direction"))


def _colour(light: str) -> str:
    words = {
        GREEN: pgettext("colour of a light", "green"),
        YELLOW: pgettext("colour of a light", "yellow"),
        RED: pgettext("colour of a light", "red"),
    }
    return words.get(light, "")


def _compared_with(judged: _Judged) -> str:
    other, area = judged.other, judged.area
    if other is None or area is None:
        return ""
    kind = area.kind
    words = {
        "area": area.name,
        "kind": (kind.name_en if is_english(get_language() or "da") else kind.name).lower(),
        "period": period_words(other.period),
    }
    return gettext("%(area)s (%(kind)s), %(period)s") % words


def _limit() -> str:
    return gettext(
        "Within 1 pct. either way, the limits included, is yellow. Counted in per cent, not percentage points."
    )


def _decimals(figure: Figure, other: Observation | None) -> str:
    values = [figure.observation.value, other.value if other is not None else None]
    if any(value is not None and value != round(value, figure.decimals) for value in values):
        return gettext("All the decimals we hold are used.")
    count = figure.decimals
    if not count:
        return gettext("The printed figures are used; they have no decimals.")
    return ngettext(
        "The printed figures are used; they have %(count)d decimal.",
        "The printed figures are used; they have %(count)d decimals.",
        count,
    ) % {"count": count}


def _rounding(figure: Figure, judged: _Judged) -> str:
    if not judged.light or judged.other is None or judged.other.value is None or figure.observation.value is None:
        return ""
    if judged.other.value == 0:
        return gettext("From 0 to 0 there is nothing to round.")
    bounds = possible_changes(figure.observation.value, judged.other.value, figure.decimals)
    if bounds is None:
        return gettext("May differ because of rounding: before rounding, the change can be anything.")
    language = get_language() or "da"
    words = {"low": change_text(bounds[0], language), "high": change_text(bounds[1], language)}
    if judged.doubtful:
        return gettext("May differ because of rounding: before it, the change lies from %(low)s to %(high)s") % words
    return gettext("Before rounding, the change lies from %(low)s to %(high)s The light is the same.") % words


def _notes(figure: Figure, texts: Notes) -> str:
    if not figure.notes:
        return ""
    framework = figure.indicator.goal.framework_id
    said = [(number, texts.get((framework, number), "")) for number in figure.notes]
    return " ".join(f"{number}: {text}" if text else str(number) for number, text in said)
