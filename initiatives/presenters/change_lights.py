"""The lights beside a plan that turned between two moments, and why some cannot be compared."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indicators.calculations.lights import NoLight
from indicators.presenters.figures import period_label
from indicators.presenters.lights import LightView, no_light, plain_light
from initiatives.calculations import changes as rules
from initiatives.calculations.changes import LightChanges, LostLight, TurnedLight
from initiatives.presenters.change_sides import Side


@dataclass(frozen=True, slots=True)
class TurnedLine:
    indicator: str
    area: str
    url: str
    was: LightView
    now: LightView
    note: str


@dataclass(frozen=True, slots=True)
class LightSection:
    """answer: the sentence. reasons: why some cannot be compared."""

    answer: str
    lines: tuple[TurnedLine, ...]
    reasons: tuple[str, ...]


def light_section(lights: LightChanges | None, sides: tuple[Side, Side]) -> LightSection:
    if lights is None:
        text = _("Lights are kept in frozen versions only. Choose two of them, or a version and today.")
        return LightSection(text, (), ())
    turned = tuple(_turned_line(light) for light in lights.turned)
    return LightSection(_lights_answer(lights), turned, _lost_reasons(lights, *sides))


def _lights_answer(lights: LightChanges) -> str:
    if not lights.compared and not lights.lost:
        return _("No lights were frozen beside the plan.")
    if not lights.compared:
        return _("No light can be compared.")
    words = {"m": lights.compared, "n": len(lights.turned)}
    if not lights.turned:
        return (
            ngettext(
                "The light that can be compared stands as before.",
                "None of the %(m)s lights that can be compared has turned.",
                lights.compared,
            )
            % words
        )
    return (
        ngettext(
            "%(n)s of the %(m)s lights that can be compared has turned.",
            "%(n)s of the %(m)s lights that can be compared have turned.",
            len(lights.turned),
        )
        % words
    )


def _turned_line(light: TurnedLight) -> TurnedLine:
    before, after = light.before, light.after
    editions = [after.edition] if before.edition == after.edition else [before.edition, after.edition]
    periods = [before.period] if before.period == after.period else [before.period, after.period]
    parts = [" → ".join(period_label(period) for period in periods), " → ".join(editions)]
    if light.other_rule:
        parts.append(_("the rule for lights was changed in between"))
    elif len(editions) == len(periods) == 1:
        parts.append(_("the figure itself was corrected"))
    return TurnedLine(
        indicator=after.indicator_name,
        area=after.area_name,
        url=reverse("indicator", args=[after.indicator]),
        was=plain_light(light.kind, light.was),
        now=plain_light(light.kind, light.now),
        note=" · ".join(part for part in parts if part),
    )


def _lost_reasons(lights: LightChanges, before: Side, after: Side) -> tuple[str, ...]:
    """ "12 lys kan ikke sammenlignes, fordi det ene mangler i dag: 2022-tal mangler." """
    found = []
    for reason, on_before, count in rules.by_reason(lights.lost):
        words = {"n": count, "side": before.label if on_before else after.label, "reason": _why(lights.lost, reason)}
        text = ngettext(
            "%(n)s light cannot be compared, because there is none for %(side)s: %(reason)s",
            "%(n)s lights cannot be compared, because there are none for %(side)s: %(reason)s",
            count,
        )
        found.append(text % words)
    return tuple(found)


def _why(lost: tuple[LostLight, ...], reason: str) -> str:
    if reason not in list(NoLight):
        return _("the figure is not there.")
    kind = next(light.kind for light in lost if light.reason == reason)
    return no_light(kind, reason).reason
