"""All areas of one kind on a day, and what the figures of those without one of their own are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indicators.models import Area, AreaKind, AreaMembership, Indicator
from indicators.presenters.computed import populations_of
from indicators.presenters.figures import kind_plural
from sundhedsaftale.lib.danish import format_date
from sundhedsaftale.presenters.area_parts import (
    MADE_OF_MUNICIPALITIES,
    Computing,
    Relations,
    begins_late,
    is_valid,
    mergers,
)
from sundhedsaftale.presenters.frame import AreaInView

#: Kinds that can be listed one against another, and what each is called in an address.
SLUGS = {"region": "region", "cluster": "klynge", "health_council": "sundhedsraad", "municipality": "kommune"}
KINDS = tuple(SLUGS)


def kind_of_slug(slug: str) -> str:
    """The kind of area an address asks for; "" when it asks for none we know."""
    return next((kind for kind, known in SLUGS.items() if known == slug), "")


def kinds_with_figures(measured: Iterable[str]) -> list[str]:
    """The kinds that can be listed: those the source measures, and those that are made of municipalities it measures."""
    found = set(measured) & set(KINDS)
    if "municipality" in found:
        found |= set(MADE_OF_MUNICIPALITIES)
    return [kind for kind in KINDS if kind in found]


@dataclass(frozen=True)
class KindOnDay:
    """day: the one the areas are of; another than the one looked at when no area of the kind is there on that one."""

    areas: tuple[Area, ...]
    day: date
    looked_at: date

    def sentence(self, kind: AreaKind) -> str:
        """Said when the areas are not those of the day looked at; else ""."""
        if self.day == self.looked_at:
            return ""
        words = {"kinds": kind_plural(kind), "day": format_date(self.day, get_language() or "da")}
        return _("%(kinds)s are shown as on %(day)s: none is there on the day looked at.") % words


def areas_of_kind(kind: str, day: date) -> KindOnDay:
    """One query. Health councils before they begin are those of their first day; clusters that have ended, of their last."""
    every = list(Area.objects.of_kind(kind).select_related("kind").order_by("sort_key", "pk"))
    found = [one for one in every if is_valid(one, day)]
    if found or kind not in MADE_OF_MUNICIPALITIES:
        return KindOnDay(tuple(found), day, day)
    first_days = [one.valid_from for one in every if one.valid_from is not None and one.valid_from > day]
    last_days = [one.valid_to for one in every if one.valid_to is not None and one.valid_to < day]
    nearest = min(first_days, default=max(last_days, default=day))
    return KindOnDay(tuple(one for one in every if is_valid(one, nearest)), nearest, day)


def kind_computing(area: AreaInView, found: KindOnDay, kind: str, indicators: Sequence[Indicator]) -> Computing:
    """At most two queries: what lies in the areas, or the regions that merge, 1; populations 1 where they weigh anything."""
    memberships: tuple[AreaMembership, ...] = ()
    merged = kind == "region" and any(begins_late(one) for one in found.areas)
    if kind in MADE_OF_MUNICIPALITIES:
        rows = AreaMembership.objects.filter(container__kind_id=kind, member__kind_id="municipality")
        memberships = tuple(rows.select_related("member__kind", "container__kind").order_by("pk"))
    made = Computing(area, found.day, Relations(memberships, mergers() if merged else ()))
    put_together = [each for each in found.areas if made.relations.is_computed_kind(each)]
    parts = {one.area.pk: one.area for each in put_together for one in made.parts_of(each)}
    return replace(made, populations=populations_of(parts.values(), indicators) if parts else {})
