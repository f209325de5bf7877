"""Which areas stand beside each other on a page: the chosen one, what it lies in, or the few that lie in it.

A cluster of three municipalities is shown as its three columns. A region of nineteen is one column, and its municipalities
are counted. The whole country is its regions.
"""

from __future__ import annotations

from dataclasses import dataclass

from sundhedsaftale.presenters.frame import COUNTRY, NAMED_MUNICIPALITIES, AreaInView, AreaRef


@dataclass(frozen=True)
class Columns:
    """`shown` get a column each; `crowd` are counted together; `own` is the chosen area's own place among all of them."""

    own: AreaRef
    shown: tuple[AreaRef, ...]
    crowd: tuple[AreaRef, ...] = ()

    @property
    def pks(self) -> set[int]:
        return {self.own.pk, *(ref.pk for ref in self.shown), *(ref.pk for ref in self.crowd)}


def columns_for(area: AreaInView) -> Columns:
    own = AreaRef(area.area)
    if area.code == COUNTRY:
        return Columns(own, tuple(member for member in area.members if member.kind == "region"))
    regions = tuple(container for container in area.containers if container.kind == "region")
    if area.kind == "municipality":
        return Columns(own, (own, *regions))
    municipalities = area.municipalities
    if municipalities and len(municipalities) <= NAMED_MUNICIPALITIES:
        return Columns(own, municipalities)
    return Columns(own, (own,) if area.kind == "region" else regions, municipalities)
