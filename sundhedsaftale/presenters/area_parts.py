"""What lies in an area on a day, what came before it, and what its figure is computed from when it has none of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Max
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Area, AreaMembership, AreaSuccession, Indicator, Observation
from indicators.presenters.computed import Computed, PartOf, Populations, computed, computed_view, populations_of
from indicators.presenters.figures import FIRST_REGIONS, FigureView, figure_view
from indicators.presenters.observations import Figure, Key
from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.lib.viewed import NOW, THEN, Viewed
from sundhedsaftale.presenters.frame import AreaInView, AreaRef, area_on

#: Kinds that are made of municipalities and rarely have figures of their own.
MADE_OF_MUNICIPALITIES = ("cluster", "health_council")


def is_valid(row: Area | AreaMembership, day: date) -> bool:
    """Both ends included; what is unknown is open."""
    return (row.valid_from or day) <= day <= (row.valid_to or day)


def day_within(area: Area, day: date) -> date:
    """The day itself, or the area's own first or last day when it is not there that day."""
    if area.valid_to is not None and area.valid_to < day:
        return area.valid_to
    return area.valid_from if area.valid_from is not None and area.valid_from > day else day


def all_members(area: AreaInView) -> list[Area]:
    """Whatever ever lay in it."""
    return [one.member for one in area.memberships if one.container_id == area.pk]


@dataclass(frozen=True)
class Relations:
    """Memberships and successions around the area, whatever their dates. Two queries, made before the figures."""

    memberships: tuple[AreaMembership, ...] = ()
    successions: tuple[AreaSuccession, ...] = ()

    def members_of(self, container: int, day: date) -> tuple[AreaRef, ...]:
        found = [one for one in self.memberships if one.container_id == container and is_valid(one, day)]
        found.sort(key=lambda one: (one.member.kind.rank, one.member.sort_key))
        return tuple(AreaRef(one.member, one.confirmation) for one in found)

    def is_whole(self, member: int, kind: str, day: date) -> bool:
        """Whether it lies in one area of the kind only, as far as the catalogue knows."""
        containers = {
            one.container_id
            for one in self.memberships
            if one.member_id == member and one.container.kind_id == kind and is_valid(one, day)
        }
        return len(containers) <= 1

    def predecessors_of(self, area: int) -> tuple[Area, ...]:
        return tuple(one.predecessor for one in self.successions if one.successor_id == area)

    def successors_of(self, area: int) -> tuple[Area, ...]:
        return tuple(one.successor for one in self.successions if one.predecessor_id == area)

    def areas(self) -> Iterable[Area]:
        for membership in self.memberships:
            yield membership.member
        for succession in self.successions:
            yield from (succession.predecessor, succession.successor)

    def merged_from(self, area: Area) -> tuple[Area, ...]:
        """The regions a region comes after; of any other area nothing."""
        return tuple(one for one in self.predecessors_of(area.pk) if one.kind_id == area.kind_id == "region")

    def is_computed_kind(self, area: Area) -> bool:
        return area.kind_id in MADE_OF_MUNICIPALITIES or bool(self.merged_from(area))

    def parts_of(self, area: Area, seen: AreaInView, day: date) -> tuple[PartOf, ...]:
        """What a figure for the area would be computed from: the regions it comes after, else its municipalities.

        An area that is not there that day has the parts of its own first or last day.
        """
        if before := self.merged_from(area):
            return tuple(PartOf(one) for one in before)
        day = day_within(area, day)
        members = seen.members_on(day) if area.pk == seen.pk else self.members_of(area.pk, day)
        return tuple(
            PartOf(ref.area, self.is_whole(ref.pk, area.kind_id, day)) for ref in members if ref.kind == "municipality"
        )


# --- The day the areas of a page are of -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Division:
    label: str
    url: str
    current: bool


@dataclass(frozen=True)
class Seen:
    """The area with its neighbours of `day`: the one looked at, or in the division of the time that of the figures."""

    area: AreaInView
    day: date
    says: str
    divisions: tuple[Division, ...]


def seen_in_division(area: AreaInView, look: Viewed, indicators: Iterable[Indicator]) -> Seen:
    """One query in the division of the time, none in the present one."""
    return seen_of_day(area, look, _day_of_figures(area, look, indicators) if look.then else look.day)


def seen_of_day(area: AreaInView, look: Viewed, day: date) -> Seen:
    """No query. day: the one looked at, or in the division of the time that of the figures."""
    says = division_sentence(look, day)
    own_day = day_within(area.area, day)
    if own_day != day:
        words = {"area": area.name, "day": format_date(own_day, get_language() or "da")}
        says += " " + _("%(area)s was not there that day and is shown as on %(day)s.") % words
    return Seen(area_on(area, day) if look.then else area, day, says, divisions(look))


def divisions(look: Viewed) -> tuple[Division, ...]:
    return (
        Division(_("Present division"), look.with_division(NOW), not look.then),
        Division(_("Division of the time"), look.with_division(THEN), look.then),
    )


def division_sentence(look: Viewed, day: date) -> str:
    words = {"day": format_date(day, get_language() or "da")}
    if look.then:
        return _("Division of the time: areas as on %(day)s, the last day of the figures’ period.") % words
    if look.is_other_day:
        return _("Present division: areas as on %(day)s.") % words
    return _("Present division: the areas of today.")


def around(area: AreaInView) -> set[int]:
    """The area, and whatever ever lay in it or it lay in; never the country."""
    return {area.pk, *(pk for one in area.memberships for pk in (one.member_id, one.container_id))} - {area.country.pk}


def commonest_day(newest: Iterable[date], otherwise: date) -> date:
    """The last day of the newest period most of the figures are of."""
    ends = Counter(newest)
    return max(ends, key=lambda day: (ends[day], day), default=otherwise)


def _day_of_figures(area: AreaInView, look: Viewed, indicators: Iterable[Indicator]) -> date:
    newest = (
        Observation.objects.current()
        .whole()
        .filter(indicator_id__in={one.same_as_id or one.pk for one in indicators})
        .filter(area_id__in=around(area) or {area.pk}, value__isnull=False)
        .order_by()
        .values("indicator_id", "area_id")
        .annotate(last=Max("period_end"))
    )
    return commonest_day((row["last"] for row in newest), look.day)


# --- Computed figures -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Computing:
    """Computes what the source has no figure of. `merged`: the regions that come after others."""

    seen: AreaInView
    day: date
    relations: Relations = field(default_factory=Relations)
    populations: Populations = field(default_factory=dict)

    def part_areas(self) -> list[Area]:
        """Whose figures must be fetched for it."""
        found = {one.pk: one for area in self.merged for one in self.relations.merged_from(area)}
        if self.seen.kind in MADE_OF_MUNICIPALITIES:
            found |= {one.pk: one for one in all_members(self.seen) if one.kind_id == "municipality"}
        return list(found.values())

    @property
    def merged(self) -> tuple[Area, ...]:
        found = {one.successor_id: one.successor for one in self.relations.successions}
        return tuple(area for area in found.values() if self.relations.merged_from(area))

    def of(self, indicator: Indicator, area: Area, figures: Mapping[Key, Figure]) -> Computed | None:
        """None where the source speaks of the area itself, and for kinds of area that are not computed."""
        if (indicator.pk, area.pk) in figures or not self.relations.is_computed_kind(area):
            return None
        return computed(indicator, area, self.parts_of(area), figures, self.populations)

    def parts_of(self, area: Area) -> tuple[PartOf, ...]:
        """Of the area in view, of regions that come after others, and of areas whose memberships are among the relations."""
        day = day_within(area, self.day)
        here = [row for row in self.seen.memberships if row.container_id == area.pk and is_valid(row, day)]
        elsewhere = {row.member_id for row in here if getattr(row, "shared", False)}
        found = self.relations.parts_of(area, self.seen, self.day)
        return tuple(replace(one, whole=one.whole and one.area.pk not in elsewhere) for one in found)

    def cell(
        self, indicator: Indicator, area: Area, figures: Mapping[Key, Figure], *, short: bool = False
    ) -> FigureView:
        """The area's figure as published, else as computed, else the blank with its reason."""
        if found := self.of(indicator, area, figures):
            return computed_view(found, area)
        return figure_view(figures.get((indicator.pk, area.pk)), area=area, indicator=indicator, short=short)


def computing(seen: Seen, indicators: Iterable[Indicator]) -> Computing:
    """At most two queries: regions that merge 1 (for areas in or of one), populations 1 (where they weigh anything)."""
    area = seen.area
    relations = Relations((), mergers() if _near_a_merger(area) else ())
    made = Computing(area, seen.day, relations)
    parts = made.part_areas()
    return Computing(area, seen.day, relations, populations_of(parts, indicators) if parts else {})


def _near_a_merger(area: AreaInView) -> bool:
    """Whether it is, holds or lies in a region that ends or begins: for the others nothing has to be asked."""
    around = {area.area, *(one for row in area.memberships for one in (row.member, row.container))}
    return any(one.kind_id == "region" and (one.valid_to or begins_late(one)) for one in around)


def begins_late(area: Area) -> bool:
    return area.valid_from is not None and area.valid_from > FIRST_REGIONS


def mergers() -> tuple[AreaSuccession, ...]:
    found = AreaSuccession.objects.filter(successor__kind_id="region", predecessor__kind_id="region")
    return tuple(found.select_related("predecessor__kind", "successor__kind").order_by("on", "predecessor__sort_key"))
