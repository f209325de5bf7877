"""Choosing an area: all of them by kind, dated, and the few that a search finds."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Area, AreaAlias, AreaMembership
from indicators.presenters.figures import kind_name, kind_plural
from sundhedsaftale.lib.danish import format_date, nearest, normalised
from sundhedsaftale.lib.viewed import Viewed

LONGEST_SEARCH = 80


@dataclass(frozen=True)
class AreaLine:
    code: str
    name: str
    url: str
    inside: str  # the region it lies in; "" for regions and the country
    dated: str  # "begins 1 January 2027", "ended 30 June 2022"; "" when it simply is
    confirmation: str


@dataclass(frozen=True)
class AreaGroup:
    kind: str
    title: str
    note: str  # said once above the lines when it is true of all of them
    lines: tuple[AreaLine, ...]


@dataclass(frozen=True)
class AreaSearch:
    words: str
    hits: tuple[AreaLine, ...]
    nearest: tuple[AreaLine, ...]  # only when there is no hit


def area_groups(look: Viewed) -> tuple[AreaGroup, ...]:
    """Every area by kind, in the zoom order; on another day than today only those of that day. Two queries."""
    areas = list((Area.objects.valid_on(look.day) if look.is_other_day else Area.objects.all()).select_related("kind"))
    lines = _lines(areas, look)
    by_kind: dict[str, list[Area]] = defaultdict(list)
    for area in areas:
        by_kind[area.kind_id].append(area)
    groups = []
    for kind, members in by_kind.items():
        shared = {lines[area.pk].dated for area in members}
        note = shared.pop() if len(shared) == 1 else ""
        groups.append(
            AreaGroup(
                kind=kind,
                title=kind_plural(members[0].kind) if len(members) > 1 else kind_name(members[0].kind),
                note=note,
                lines=tuple(_without_note(lines[area.pk], note) for area in members),
            )
        )
    return tuple(groups)


def search_areas(words: str, look: Viewed) -> AreaSearch:
    """Areas whose name, code or known other spelling holds the words; the nearest names when none does. Three queries."""
    words = words.strip()[:LONGEST_SEARCH]
    wanted = normalised(words)
    areas = {area.pk: area for area in Area.objects.select_related("kind")}
    spellings: dict[str, list[int]] = defaultdict(list)
    for area in areas.values():
        spellings[area.name].append(area.pk)
    for alias, area_pk in AreaAlias.objects.values_list("alias", "area_id"):
        spellings[alias].append(area_pk)
    lines = _lines(list(areas.values()), look)
    found = {
        area_pk
        for spelling, area_pks in spellings.items()
        for area_pk in area_pks
        if wanted and (f" {wanted}" in f" {normalised(spelling)}" or words == areas[area_pk].code)
    }
    hits = tuple(lines[area_pk] for area_pk in areas if area_pk in found)
    near = [] if hits else [area_pk for spelling in nearest(words, spellings, 4) for area_pk in spellings[spelling]]
    return AreaSearch(words, hits, tuple(lines[area_pk] for area_pk in dict.fromkeys(near)))


def _lines(areas: list[Area], look: Viewed) -> dict[int, AreaLine]:
    regions = _region_names(look.day)
    return {
        area.pk: AreaLine(
            code=area.code,
            name=area.name,
            url=reverse("area", args=[area.code]) + look.query(),
            inside=regions.get(area.pk, "") if area.kind_id not in ("country", "region") else "",
            dated=dated(area.valid_from, area.valid_to, look.day),
            confirmation=confirmation_note(area.confirmation) if area.kind_id == "cluster" else "",
        )
        for area in areas
    }


def _region_names(today: date) -> dict[int, str]:
    """area id -> the region it lies in that day, or the one it will lie in when it has not begun."""
    rows = (
        AreaMembership.objects.filter(container__kind_id="region")
        .order_by("valid_from")
        .values_list("member_id", "container__name", "valid_from", "valid_to")
    )
    names: dict[int, str] = {}
    for member, region, valid_from, valid_to in rows:
        holds = (valid_from or today) <= today <= (valid_to or today)
        if holds or member not in names:
            names[member] = region
    return names


def _without_note(line: AreaLine, note: str) -> AreaLine:
    return replace(line, dated="") if note else line


def dated(valid_from: date | None, valid_to: date | None, today: date) -> str:
    """What a reader must know of an area that is not simply there; "" for one that is, with no end in sight."""
    language = get_language() or "da"
    if valid_from is not None and valid_from > today:
        return _("Begins %(day)s") % {"day": format_date(valid_from, language)}
    if valid_to is not None and valid_to < today:
        return _("Ended %(day)s") % {"day": format_date(valid_to, language)}
    if valid_to is not None:
        return _("Until %(day)s") % {"day": format_date(valid_to, language)}
    return ""


def confirmation_note(confirmation: str) -> str:
    """How sure the catalogue is that the municipalities belong there; "" when it is confirmed or says nothing."""
    if confirmation == "partly":
        return _("Partly confirmed")
    if confirmation == "unconfirmed":
        return _("Not confirmed")
    if confirmation.startswith("secondary source"):
        return _("From a secondary source")
    return ""
