"""How many live where, handed over by a steward: what estimates for clusters, councils and merged regions weigh with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from indicators.actions.versions import changes_pages
from indicators.calculations.population_rows import PopulationRow
from indicators.models import Area, Population


@dataclass(frozen=True)
class Stored:
    """How many numbers were new, were there with another number or source, and were there already."""

    new: int
    changed: int
    same: int


@changes_pages
def store_populations(*, rows: Sequence[PopulationRow], by: Any) -> Stored:
    """All of them or none. A number that is there already for the area, age group and year is replaced.

    Three queries whatever the number of rows. `by` is None for the command line.
    """
    with transaction.atomic():
        areas = dict(Area.objects.filter(code__in={row.area for row in rows}).values_list("code", "pk"))
        years, groups = {row.year for row in rows}, {row.age_group for row in rows}
        # Locked, so that two files handed over at once leave one of the two numbers and never an error.
        list(Area.objects.select_for_update().filter(pk__in=areas.values()).order_by("pk").values_list("pk"))
        there = {
            (one.area_id, one.age_group, one.year): one
            for one in Population.objects.filter(area_id__in=areas.values(), age_group__in=groups, year__in=years)
        }
        new, changed = [], []
        for row in rows:
            known = there.get((areas[row.area], row.age_group, row.year))
            if known is None:
                new.append(
                    Population(
                        area_id=areas[row.area],
                        age_group=row.age_group,
                        year=row.year,
                        people=row.people,
                        source=row.source,
                    )
                )
            elif (known.people, known.source) != (row.people, row.source):
                known.people, known.source = row.people, row.source
                changed.append(known)
        Population.objects.bulk_create(new)
        Population.objects.bulk_update(changed, ["people", "source"], batch_size=500)
    return Stored(len(new), len(changed), len(rows) - len(new) - len(changed))
