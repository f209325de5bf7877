"""Bringing the database in line with the catalogue: new rows are added, others changed, nothing is deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import models, transaction

from indicators.actions.assessments import assess
from indicators.actions.catalogue.area_values import combining_rows, population_rows
from indicators.actions.catalogue.content import Catalogue, Row
from indicators.actions.catalogue.definitions import read_catalogue
from indicators.actions.catalogue.reading import FOLDER
from indicators.actions.versions import changes_pages
from indicators.models import (
    Area,
    AreaAlias,
    AreaKind,
    AreaMembership,
    AreaSuccession,
    DataSource,
    Footnote,
    Framework,
    Goal,
    Indicator,
    IndicatorCombining,
    IndicatorLevel,
    Population,
    PublishedCount,
)


@dataclass
class Summary:
    """How many rows were new, changed, as before, and are in the database but no longer in the catalogue."""

    new: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)
    gone: Counter[str] = field(default_factory=Counter)
    lights_changed: int = 0

    @property
    def touched(self) -> int:
        return self.new.total() + self.changed.total()


@changes_pages
def load_catalogue(*, by: Any, folder: Path = FOLDER) -> Summary:
    """Read, check and store the whole catalogue, or nothing of it. `by` is None for the command line.

    Raises CatalogueError, with file and line of every problem, before the first row is written. Rows that are no longer
    in the catalogue are counted and left: an area ends with a date, and an indicator's old figures stay readable.
    """
    catalogue = read_catalogue(folder)
    summary = Summary()
    with transaction.atomic():
        areas = _areas(catalogue, summary)
        goals = _frameworks(catalogue, summary)
        changed = _indicators(catalogue, summary, goals)
        _sync(DataSource, ("name",), catalogue.sources, summary)
        counts = [{**row, "goal_id": goals[row["goal"]].pk if row["goal"] else None} for row in catalogue.counts]
        _sync(PublishedCount, ("edition_slug", "goal_id"), _without(counts, "goal"), summary)
        _relations(catalogue, summary, areas)
        by_code = {indicator.code: indicator for indicator in Indicator.objects.only("code")}
        _sync(IndicatorCombining, ("indicator_id",), combining_rows(catalogue, by_code), summary)
        _sync(Population, ("area_id", "age_group", "year"), population_rows(catalogue, areas), summary)
        if changed:
            # A changed direction or number of decimals changes lights of figures that have not changed.
            summary.lights_changed = assess(indicator_ids=changed).lights_changed
    return summary


def _areas(catalogue: Catalogue, summary: Summary) -> Mapping[str, Area]:
    _sync(AreaKind, ("code",), catalogue.kinds, summary)
    rows = [{**row, "kind_id": row["kind"]} for row in catalogue.areas]
    return {key[0]: area for key, area in _sync(Area, ("code",), _without(rows, "kind"), summary).items()}


def _relations(catalogue: Catalogue, summary: Summary, areas: Mapping[str, Area]) -> None:
    aliases = [{**row, "area_id": areas[row["area"]].pk} for row in catalogue.aliases]
    _sync(AreaAlias, ("alias",), _without(aliases, "area"), summary)
    memberships = [
        {**row, "member_id": areas[row["member"]].pk, "container_id": areas[row["container"]].pk}
        for row in catalogue.memberships
    ]
    _sync(
        AreaMembership,
        ("member_id", "container_id", "valid_from"),
        _without(memberships, "member", "container"),
        summary,
    )
    successions = [
        {**row, "predecessor_id": areas[row["predecessor"]].pk, "successor_id": areas[row["successor"]].pk}
        for row in catalogue.successions
    ]
    _sync(
        AreaSuccession,
        ("predecessor_id", "successor_id"),
        _without(successions, "predecessor", "successor"),
        summary,
    )


def _frameworks(catalogue: Catalogue, summary: Summary) -> Mapping[str, Goal]:
    """The goals by slug."""
    frameworks = _sync(Framework, ("slug",), catalogue.frameworks, summary)
    goals = [{**row, "framework_id": frameworks[row["framework"],].pk} for row in catalogue.goals]
    stored = _sync(Goal, ("slug",), _without(goals, "framework"), summary)
    notes = [{**row, "framework_id": frameworks[row["framework"],].pk} for row in catalogue.footnotes]
    _sync(Footnote, ("framework_id", "number"), _without(notes, "framework"), summary)
    return {key[0]: goal for key, goal in stored.items()}


def _indicators(catalogue: Catalogue, summary: Summary, goals: Mapping[str, Goal]) -> set[int]:
    """Store indicators and their levels; the primary keys of those whose lights may now be others."""
    rows = [{**row, "goal_id": goals[row["goal"]].pk} for row in catalogue.indicators]
    changed: set[int] = set()
    by_code = _sync(Indicator, ("code",), _without(rows, "goal", "same_as"), summary, changed=changed)
    for row in catalogue.indicators:
        indicator = by_code[row["code"],]
        other = by_code[row["same_as"],].pk if row["same_as"] else None
        if indicator.same_as_id != other:
            indicator.same_as_id = other
            indicator.save(update_fields=["same_as"])
    levels = [
        {**row, "indicator_id": by_code[row["indicator"],].pk, "area_kind_id": row["area_kind"]}
        for row in catalogue.levels
    ]
    changed_levels: set[int] = set()
    stored = _sync(
        IndicatorLevel,
        ("indicator_id", "area_kind_id"),
        _without(levels, "indicator", "area_kind", "footnotes"),
        summary,
        changed=changed_levels,
    )
    _footnotes_of_levels(levels, stored)
    changed |= {level.indicator_id for level in stored.values() if level.pk in changed_levels}
    return changed


def _footnotes_of_levels(rows: Sequence[Row], stored: Mapping[tuple[Any, ...], IndicatorLevel]) -> None:
    notes = {
        (framework, number): pk
        for framework, number, pk in Footnote.objects.values_list("framework__slug", "number", "pk")
    }
    through = IndicatorLevel.footnotes.through
    wanted = {
        (stored[row["indicator_id"], row["area_kind_id"]].pk, notes[note]) for row in rows for note in row["footnotes"]
    }
    present = {(link.indicatorlevel_id, link.footnote_id): link.pk for link in through.objects.all()}
    ours = {level.pk for level in stored.values()}
    # A link table, not a noun: a note that no longer belongs to a level leaves only the link.
    through.objects.filter(
        pk__in=[pk for pair, pk in present.items() if pair[0] in ours and pair not in wanted]
    ).delete()
    through.objects.bulk_create(
        through(indicatorlevel_id=level, footnote_id=note) for level, note in sorted(wanted - present.keys())
    )


def _without(rows: Iterable[Row], *names: str) -> list[Row]:
    return [{key: value for key, value in row.items() if key not in names} for row in rows]


def _sync(
    model: type[models.Model],
    keys: tuple[str, ...],
    rows: Iterable[Row],
    summary: Summary,
    *,
    changed: set[Any] | None = None,
) -> dict[tuple[Any, ...], Any]:
    """Store the rows, and return every object of the catalogue by its key. 1 query when nothing differs.

    `changed` is filled with the primary keys of objects that were there and now differ.
    """
    name = str(model._meta.model_name)
    there = {tuple(getattr(thing, key) for key in keys): thing for thing in model._default_manager.all()}
    result: dict[tuple[Any, ...], Any] = {}
    new: list[models.Model] = []
    differing: list[models.Model] = []
    fields: set[str] = set()
    for row in rows:
        key = tuple(row[part] for part in keys)
        thing = there.get(key)
        if thing is None:
            thing = model(**row)
            new.append(thing)
        else:
            others = {part: value for part, value in row.items() if getattr(thing, part) != value}
            for part, value in others.items():
                setattr(thing, part, value)
            if others:
                differing.append(thing)
                fields |= others.keys()
        result[key] = thing
    model._default_manager.bulk_create(new)
    if differing:
        model._default_manager.bulk_update(differing, sorted(fields), batch_size=100)
    if changed is not None:
        changed |= {thing.pk for thing in differing}
    summary.new[name] += len(new)
    summary.changed[name] += len(differing)
    summary.same[name] += len(result) - len(new) - len(differing)
    summary.gone[name] += len(there.keys() - result.keys())
    return result
