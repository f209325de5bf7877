"""The lights in words: what stands in the cell, why there is none, and what the source shows. The sum: arithmetic.py.

A light is never colour alone: every view carries a shape (the icon) and a word, and every missing light its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import get_language, gettext, pgettext

from indicators.calculations.lights import GREEN, NO_DIRECTION, RED, YELLOW, NoLight
from indicators.models import Direction
from indicators.presenters.observations import Figure
from sundhedsaftale.lib.periods import PeriodError, observation_period_label, shift_observation_period

LEVEL = "level"
DEVELOPMENT = "development"

_ICONS = {
    (LEVEL, GREEN): "icons/light-level-better.svg",
    (LEVEL, YELLOW): "icons/light-level-same.svg",
    (LEVEL, RED): "icons/light-level-worse.svg",
    (DEVELOPMENT, GREEN): "icons/light-dev-better.svg",
    (DEVELOPMENT, YELLOW): "icons/light-dev-same.svg",
    (DEVELOPMENT, RED): "icons/light-dev-worse.svg",
}
_NO_ICON = "icons/light-none.svg"


@dataclass(frozen=True)
class LightView:
    """What `_components/light.html` prints, and what stands beside it.

    code: green, yellow, red or "". reason: the whole sentence when there is no light. published: the light is the
    source's own and not computed by us. doubtful: with all decimals it could have been another.
    """

    kind: str
    code: str
    word: str
    icon_path: str
    hidden: str = ""
    none: bool = False
    notes: tuple[str, ...] = ()
    reason_code: str = ""
    reason: str = ""
    published: bool = False
    doubtful: bool = False


# --- The light in the cell --------------------------------------------------------------------------------------------


def level_light(figure: Figure | None, *, short: bool = False) -> LightView:
    """The figure beside the country's. `short` is for narrow cells: the rest of the words is there, but not seen."""
    if figure is None or figure.assessment is None:
        return no_light(LEVEL, _unjudged(figure), figure)
    assessment = figure.assessment
    computed = _computed(LEVEL, assessment.level_light, doubtful=assessment.level_rounding_uncertain, short=short)
    return _beside_published(
        LEVEL, figure, computed, assessment.level_reason, figure.observation.published_level, short=short
    )


def development_light(figure: Figure | None, *, short: bool = False) -> LightView:
    """The figure beside the same area's earlier one."""
    if figure is None or figure.assessment is None:
        return no_light(DEVELOPMENT, _unjudged(figure), figure)
    assessment = figure.assessment
    doubtful = assessment.development_rounding_uncertain
    computed = _computed(DEVELOPMENT, assessment.development_light, doubtful=doubtful, short=short)
    return _beside_published(
        DEVELOPMENT,
        figure,
        computed,
        assessment.development_reason,
        figure.observation.published_development,
        short=short,
    )


def plain_light(kind: str, code: str, *, short: bool = False) -> LightView:
    """A light by itself, for legends and tallies. `code` "" is the dashed ring."""
    found = _computed(kind, code, doubtful=False, short=short)
    return found or LightView(kind, "", gettext("No light"), _NO_ICON, none=True)


def no_light(kind: str, reason_code: str, figure: Figure | None = None) -> LightView:
    """The dashed ring with the short word for the cell and the sentence for beside it."""
    return LightView(
        kind,
        "",
        _short_word(reason_code, figure),
        _NO_ICON,
        none=True,
        reason_code=str(reason_code),
        reason=reason_sentence(kind, reason_code, figure),
    )


def _unjudged(figure: Figure | None) -> NoLight:
    """Why there is no assessment: no figure, or a version that another had replaced when lights were computed."""
    return NoLight.NO_NUMBER if figure is None or figure.observation.value is None else NoLight.SUPERSEDED


def _computed(kind: str, code: str, *, doubtful: bool, short: bool) -> LightView | None:
    if not code:
        return None
    word, hidden = light_word(kind, code, short=short)
    notes = (gettext("May differ because of rounding"),) if doubtful else ()
    return LightView(kind, code, word, _ICONS[kind, code], hidden=hidden, notes=notes, doubtful=doubtful)


def _beside_published(
    kind: str, figure: Figure, computed: LightView | None, reason_code: str, published: str, *, short: bool
) -> LightView:
    """The computed light; where there is none, the source's own with that said. A difference is never silent."""
    if computed and published and published != computed.code:
        note = gettext("The source shows: %(word)s") % {"word": light_word(kind, published, short=False)[0]}
        return replace(computed, notes=(*computed.notes, note))
    if computed:
        return computed
    if not published:
        return no_light(kind, reason_code, figure)
    light = plain_light(kind, published, short=short)
    notes: tuple[str, ...] = (gettext("The source's own light"),)
    if reason_code == NoLight.COMPARATOR_OTHER_KIND:
        notes = (gettext("Published, methods differ"),)
    reason = reason_sentence(kind, reason_code, figure)
    return replace(light, notes=notes, published=True, reason_code=reason_code, reason=reason)


def light_word(kind: str, code: str, *, short: bool) -> tuple[str, str]:
    """The word and, in narrow cells, the part of it that is only read aloud."""
    if kind == DEVELOPMENT:
        words = {GREEN: gettext("Improving"), YELLOW: gettext("Unchanged"), RED: gettext("Worsening")}
        return words[code], ""
    if code == YELLOW:
        return gettext("As the country"), ""
    if short:
        words = {GREEN: pgettext("level light", "Better"), RED: pgettext("level light", "Worse")}
        return words[code], gettext("than the country")
    words = {GREEN: gettext("Better than the country"), RED: gettext("Worse than the country")}
    return words[code], ""


# --- Why there is none ------------------------------------------------------------------------------------------------


def _short_word(reason_code: str, figure: Figure | None) -> str:
    if reason_code == NoLight.PREVIOUS_MISSING and figure is not None:
        previous = _previous_period(figure)
        if previous.isdigit():
            return gettext("%(year)s figures missing") % {"year": previous}
        return gettext("Earlier figures missing")
    words = {
        NoLight.SUPPRESSED: gettext("Cannot be shown"),
        NoLight.NOT_MEASURED: gettext("Not measured here"),
        NoLight.NO_NUMBER: gettext("No figure"),
        NoLight.NOT_UPDATED: gettext("Not updated"),
        NoLight.METHOD_BREAK: gettext("Not compared"),
        NoLight.NOT_COMPARABLE: gettext("Not compared"),
        NoLight.COMPARATOR_OTHER_KIND: gettext("Not compared"),
        NoLight.COMPARATOR_MISSING: gettext("No figure for the country"),
        NoLight.PREVIOUS_MISSING: gettext("Earlier figures missing"),
        NoLight.DIRECTION_NOT_DECLARED: gettext("No light"),
        NoLight.CANNOT_COMPUTE: gettext("Cannot be computed"),
        NoLight.IS_COMPARATOR: gettext("Others are compared with this"),
        NoLight.COMPUTED: gettext("No light"),
        NoLight.SUPERSEDED: gettext("No light"),
    }
    return words.get(NoLight(reason_code), gettext("No light"))


def reason_sentence(kind: str, reason_code: str, figure: Figure | None) -> str:
    """The whole reason: what the source says of this very cell where it says something, else the rule in words."""
    code = NoLight(reason_code)
    said = _said_by_the_source(kind, code, figure)
    if said:
        return said
    period = period_words(figure.observation.period) if figure else ""
    previous = period_words(_previous_period(figure)) if figure else ""
    sentences = {
        NoLight.SUPPRESSED: gettext("The figure is withheld because it builds on too few people."),
        NoLight.NOT_MEASURED: gettext("The indicator is not measured here."),
        NoLight.NO_NUMBER: gettext("There is no figure to judge."),
        NoLight.NOT_UPDATED: gettext("The figure is for %(period)s and has not been updated since.")
        % {"period": period},
        NoLight.METHOD_BREAK: gettext("The method was changed, so the figure cannot be compared with earlier ones."),
        NoLight.NOT_COMPARABLE: gettext("The source does not allow this comparison."),
        NoLight.COMPARATOR_OTHER_KIND: gettext("The country's figure is made by another method."),
        NoLight.COMPARATOR_MISSING: gettext("There is no figure for the country for %(period)s.") % {"period": period},
        NoLight.PREVIOUS_MISSING: gettext("We have no figure for %(period)s to compare with.") % {"period": previous},
        NoLight.DIRECTION_NOT_DECLARED: gettext("No wanted direction is declared, so there is no light."),
        NoLight.CANNOT_COMPUTE: gettext("A change from 0 cannot be computed in per cent."),
        NoLight.IS_COMPARATOR: gettext("The country is what the other areas are compared with."),
        NoLight.COMPUTED: gettext("A computed figure is given no light."),
        NoLight.SUPERSEDED: gettext("Another version of the figure counts now."),
    }
    return sentences[code]


def _said_by_the_source(kind: str, code: NoLight, figure: Figure | None) -> str:
    if figure is None:
        return ""
    if figure.observation.value is None:
        return figure.observation.reason
    if figure.level is None:
        return ""
    if kind == DEVELOPMENT and code in (NoLight.METHOD_BREAK, NoLight.NOT_UPDATED):
        return figure.level.no_development_reason
    if kind == LEVEL and code in (NoLight.COMPARATOR_OTHER_KIND, NoLight.NOT_COMPARABLE):
        return figure.level.level_note
    return ""


def _previous_period(figure: Figure) -> str:
    years = figure.level.comparison_years if figure.level else None
    try:
        return shift_observation_period(figure.observation.period, -(years or 1))
    except PeriodError:
        return ""


def period_words(code: str) -> str:
    try:
        return observation_period_label(code, get_language() or "da")
    except PeriodError:
        return code


# --- What stands beside a light ---------------------------------------------------------------------------------------


def direction_sentence(direction: str) -> str:
    """ "Lower is better." """
    sentences = {
        Direction.HIGHER.value: gettext("Higher is better."),
        Direction.LOWER.value: gettext("Lower is better."),
        NO_DIRECTION: gettext("No wanted direction is declared."),
    }
    return sentences[direction]


def published_sentence(kind: str, figure: Figure) -> str:
    """What the source itself shows, beside what we compute; "" when its light is not known.

    The basis says how the colour is known, because the text we have has lost the colours.
    """
    row, assessment = figure.observation, figure.assessment
    published = row.published_level if kind == LEVEL else row.published_development
    if not published:
        return ""
    computed = ""
    if assessment is not None:
        computed = assessment.level_light if kind == LEVEL else assessment.development_light
    words = {"published": light_word(kind, published, short=False)[0]}
    if not computed:
        sentence = gettext("The source shows: %(published)s. We cannot compute a light ourselves.") % words
    elif computed == published:
        sentence = gettext("The source shows the same light.")
    else:
        words["computed"] = light_word(kind, computed, short=False)[0]
        sentence = gettext("The source shows: %(published)s. From the printed figures we get: %(computed)s.") % words
    return f"{sentence} {row.published_basis}".strip()
