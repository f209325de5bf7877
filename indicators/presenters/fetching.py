"""Figures with all that a page prints around them: one query, and each area, edition and comparator made once."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from indicators.models import Area, AreaKind, Assessment, Edition, Observation
from indicators.models.figures import ObservationQuerySet
from indicators.models.one_of import OneOf

M = TypeVar("M", bound=Model)
_Row = tuple[Any, ...]


class _Part:
    """The columns of one model in a joined row. path: to it from the observation. Its primary key comes first.

    Without `only` these are all of its columns; an object that has some of them asks the database for the others.
    """

    def __init__(self, model: type[Model], path: str, *only: str, after: _Part | None = None) -> None:
        columns = [field.attname for field in model._meta.concrete_fields]
        self.columns = [name for name in columns if name in only] if only else columns
        self.names = [f"{path}{name}" for name in self.columns]
        self.start: int = after.end if after else 0
        self.end: int = self.start + len(self.columns)


_COMPARED = ("id", "indicator_id", "area_id", "period", "value")  # what the arithmetic prints of it
_FIGURE = _Part(Observation, "")
_AREA = _Part(Area, "area__", after=_FIGURE)
_KIND = _Part(AreaKind, "area__kind__", after=_AREA)
_EDITION = _Part(Edition, "edition__", after=_KIND)
_LIGHTS = _Part(Assessment, "assessment__", after=_EDITION)
_LEVEL = _Part(Observation, "assessment__level_comparator__", *_COMPARED, after=_LIGHTS)
_LEVEL_AREA = _Part(
    Area, "assessment__level_comparator__area__", "id", "code", "kind_id", "name", "sort_key", after=_LEVEL
)
_LEVEL_KIND = _Part(AreaKind, "assessment__level_comparator__area__kind__", after=_LEVEL_AREA)
_EARLIER = _Part(Observation, "assessment__development_comparator__", *_COMPARED, after=_LEVEL_KIND)  # of the same area
_NAMES = [name for part in (_FIGURE, _AREA, _KIND, _EDITION, _LIGHTS) for name in part.names]
_NAMES_COMPARED = [*_NAMES, *(name for part in (_LEVEL, _LEVEL_AREA, _LEVEL_KIND, _EARLIER) for name in part.names)]


def fetched(found: ObservationQuerySet, *order: str, compared: bool = True) -> list[Observation]:
    """The observations with area, kind, edition, lights and, if `compared`, what these compare with. One query.

    What several rows have in common is one object: by select_related each row gets its own, and making them took up to
    four times as long as the SQL.
    """
    made = _Made(found.db)
    rows = _joined(compared).using(found.db).filter(OneOf("pk", found)).order_by(*order)
    return [made.observation(row) for row in rows]


@cache
def _joined(compared: bool) -> QuerySet[Observation, _Row]:
    """Looking up a hundred names is half of what a small question costs, so it is done once."""
    return Observation.objects.values_list(*(_NAMES_COMPARED if compared else _NAMES))


class _Made:
    """The objects of one answer."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.shared: dict[tuple[_Part, Any], Any] = {}

    def observation(self, row: _Row) -> Observation:
        figure = self._new(Observation, _FIGURE, row)
        _relate(figure, area=self._area(_AREA, _KIND, row), edition=self._once(Edition, _EDITION, row))
        lights = self._new(Assessment, _LIGHTS, row) if row[_LIGHTS.start] is not None else None
        _relate(figure, assessment=lights)
        if lights is not None:
            _relate(lights, observation=figure)
            if len(row) > _LIGHTS.end:
                self._compare(lights, figure, row)
        return figure

    def _compare(self, lights: Assessment, figure: Observation, row: _Row) -> None:
        if lights.level_comparator_id is not None:
            beside = self._once(Observation, _LEVEL, row)
            _relate(beside, area=self._area(_LEVEL_AREA, _LEVEL_KIND, row))
            _relate(lights, level_comparator=beside)
        if lights.development_comparator_id is not None:
            earlier = self._new(Observation, _EARLIER, row)
            _relate(earlier, area=figure.area)
            _relate(lights, development_comparator=earlier)

    def _area(self, part: _Part, kind: _Part, row: _Row) -> Area:
        area = self._once(Area, part, row)
        _relate(area, kind=self._once(AreaKind, kind, row))
        return area

    def _once(self, model: type[M], part: _Part, row: _Row) -> M:
        key = part, row[part.start]
        found: M | None = self.shared.get(key)
        if found is None:
            found = self.shared[key] = self._new(model, part, row)
        return found

    def _new(self, model: type[M], part: _Part, row: _Row) -> M:
        return model.from_db(self.database, part.columns, row[part.start : part.end])


def _relate(one: Model, **related: Model | None) -> None:
    """As select_related leaves it: looked up already, so that nobody asks the database."""
    one._state.fields_cache.update(related)
