"""The figures beside a plan: each indicator it is linked to, in the whole country, the body's area and its member areas."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet

from indicators.calculations.lights import NoLight
from indicators.models import Area, AreaMembership, Indicator
from indicators.models.dated import valid_on
from indicators.presenters.lights import DEVELOPMENT, LEVEL, reason_sentence
from indicators.presenters.observations import Figure, latest
from initiatives.models import Contribution, Meeting, SnapshotLight

COUNTRY = "country"

Said = Callable[[str, str, Figure], str]


def gather_lights(links: QuerySet[Contribution], meeting: Meeting) -> list[SnapshotLight]:
    """The newest figures that are current now, by goal, indicator and area. Four queries.

    An indicator without any figure in an area has no row: the page says so from the absence.
    """
    indicators = linked_indicators(links)
    if not indicators:
        return []
    areas = areas_beside(meeting)
    figures = latest(indicators, areas, compared=False)
    found = [
        (indicator, figure)
        for indicator in indicators
        for area in areas
        if (figure := figures.get((indicator.pk, area.pk))) is not None
    ]
    said = _sayer()
    return [_light(indicator, figure, position, said) for position, (indicator, figure) in enumerate(found, start=1)]


def linked_indicators(links: QuerySet[Contribution]) -> list[Indicator]:
    """Those the items name, and all of a goal an item names."""
    named = Q(pk__in=links.filter(indicator__isnull=False).values("indicator"))
    of_goals = Q(goal__in=links.filter(goal__isnull=False).values("goal"))
    rows = Indicator.objects.filter(named | of_goals).select_related("goal__framework")
    # Sorted here and not by the databases, which do not agree on where a hyphen goes.
    return sorted(
        rows,
        key=lambda row: (row.goal.framework.position, row.goal.framework.slug, row.goal.number, row.position, row.code),
    )


def areas_beside(meeting: Meeting) -> list[Area]:
    """The country, the body's own area, and the areas that were in it on the day of the meeting, in the order of zoom."""
    members = AreaMembership.objects.filter(valid_on(meeting.day), container=meeting.body.area_id)
    inside = Q(pk__in=members.values("member")) & valid_on(meeting.day)
    rows = Area.objects.filter(Q(kind=COUNTRY) | Q(pk=meeting.body.area_id) | inside)
    own = meeting.body.area_id
    return sorted(
        rows.select_related("kind"),
        key=lambda area: (area.kind_id != COUNTRY, area.pk != own, area.kind.rank, area.sort_key, area.code),
    )


def _light(indicator: Indicator, figure: Figure, position: int, said: Said) -> SnapshotLight:
    row, edition, sums = figure.observation, figure.observation.edition, figure.assessment
    # A figure that came without lights: there was nothing to judge, or another had taken its place.
    why = "" if sums else str(NoLight.NO_NUMBER if row.value is None else NoLight.SUPERSEDED)
    level_reason = sums.level_reason if sums else why
    development_reason = sums.development_reason if sums else why
    return SnapshotLight(
        position=position,
        goal_number=str(indicator.goal.number),
        goal_name=indicator.goal.name,
        indicator_code=indicator.code,
        indicator_name=indicator.name,
        unit=indicator.unit,
        decimals=figure.decimals,
        area_code=row.area.code,
        area_name=row.area.name,
        period=row.period,
        value=row.value,
        flag=str(row.flag),
        reason=row.reason,
        edition_slug=edition.slug,
        edition_title=edition.title,
        edition_fingerprint=edition.fingerprint,
        level_light=str(sums.level_light) if sums else "",
        level_reason=level_reason,
        level_said=said(LEVEL, level_reason, figure),
        level_published=str(row.published_level),
        development_light=str(sums.development_light) if sums else "",
        development_reason=development_reason,
        development_said=said(DEVELOPMENT, development_reason, figure),
        development_published=str(row.published_development),
        rounding_uncertain=bool(sums and (sums.level_rounding_uncertain or sums.development_rounding_uncertain)),
        rule_version=sums.rule_version if sums else "",
    )


def _sayer() -> Said:
    """The sentence that says why there is no light; hundreds of figures share a few of them."""
    known: dict[tuple[object, ...], str] = {}

    def said(kind: str, reason: str, figure: Figure) -> str:
        if not reason:
            return ""
        row = figure.observation
        key = (kind, reason, row.period, row.value is None, row.reason, figure.level.pk if figure.level else None)
        if key not in known:
            known[key] = reason_sentence(kind, reason, figure)
        return known[key]

    return said
