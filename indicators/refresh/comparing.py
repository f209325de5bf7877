"""The file beside what its source gave before: which figures are new, which are others, and which have vanished."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from indicators.calculations.figure_rows import FigureRow
from indicators.copying import can_copy
from indicators.models import Area, DataSource, Flag, Indicator, Observation
from indicators.refresh import comparing_whole
from indicators.refresh.checking import Figures
from indicators.refresh.columns import Column
from indicators.refresh.incoming import CONTENT, Keys
from indicators.refresh.standing import holding_of

_Key = tuple[str, int, int, str, str]  # edition slug, indicator, area, period, breakdown


class Before(NamedTuple):
    """What stood where a figure now is another one."""

    pk: int
    value: Decimal | None
    flag: str
    method: str = ""


@dataclass
class Difference:
    """The file beside what the source gave before. before: what stood, for each of the changed ones, in their order.
    vanished: figures the file no longer has, oldest first."""

    new: Figures
    changed: Figures
    before: Sequence[Before] = ()
    unchanged: int = 0
    vanished: list[Observation] = field(default_factory=list)

    @property
    def pairs(self) -> Iterator[tuple[FigureRow, Before]]:
        return zip(self.changed, self.before, strict=True)


def fetched_keys() -> Keys:
    """2 queries."""
    return Keys(
        dict(Indicator.objects.order_by().values_list("code", "pk")),
        dict(Area.objects.order_by().values_list("code", "pk")),
    )


def compare(source: DataSource, rows: Figures, keys: Keys) -> Difference:
    """What is new, what differs and what has vanished since the source's last edition of each publication."""
    return compare_in_the_database(source, rows, keys) if can_copy() else compare_one_by_one(source, rows, keys)


def compare_one_by_one(source: DataSource, rows: Figures, keys: Keys) -> Difference:
    stored = holding_of(source).select_related("edition", "indicator", "area")
    # The newest version of each figure is the last one: versions are only ever added.
    newest: dict[_Key, Observation] = {
        (row.edition.slug, row.indicator_id, row.area_id, row.period, row.breakdown): row
        for row in stored.order_by("pk")
    }
    new: list[int] = []
    changed: list[int] = []
    before: list[Before] = []
    for place, row in enumerate(rows):
        held = newest.pop((row.edition, *keys.of(row)), None)
        if held is None:
            new.append(place)
        elif _differs(row, held):
            changed.append(place)
            before.append(Before(held.pk, held.value, held.flag, held.method))
    unchanged = len(rows) - len(new) - len(changed)
    vanished = sorted(newest.values(), key=lambda one: one.pk)
    return Difference(rows.take(new), rows.take(changed), before, unchanged, vanished)


def compare_in_the_database(source: DataSource, rows: Figures, keys: Keys) -> Difference:
    """The same, without holding in memory what is held: the database says what is not the same in every cell."""
    held = holding_of(source)
    if not held.exists():
        return Difference(rows, rows.take([]))
    new: list[int] = []
    changed: list[int] = []
    before: list[Before] = []
    vanished: list[int] = []
    flags = rows.fields["flag"]
    values = rows.fields["value"]
    for place, pk, value, flag, method, is_other in comparing_whole.unlike(held, rows, keys):
        if pk is None:
            assert place is not None
            new.append(place)
        elif place is None:
            vanished.append(pk)
        elif is_other or flag_beside(flags.at(place), values.at(place), value, flag) != flag:
            changed.append(place)
            before.append(Before(pk, value, flag, method))
    unchanged = len(rows) - len(new) - len(changed)
    return Difference(rows.take(new), rows.take(changed), before, unchanged, comparing_whole.fetched(vanished))


def _differs(row: FigureRow, held: Observation) -> bool:
    flag = flag_beside(row.flag, row.value, held.value, held.flag)
    return flag != held.flag or any(getattr(row, name) != getattr(held, name) for name in CONTENT)


def flag_beside(flag: str, value: Decimal | None, before: Decimal | None, flag_before: str) -> str:
    """A figure that was published and now is another one is corrected, and stays so in later editions.

    A provisional figure that becomes final is not: it was announced.
    """
    plain = (Flag.OK.value, Flag.CORRECTED.value)
    if flag != Flag.OK or before is None or flag_before not in plain:
        return flag
    return flag_before if value == before else Flag.CORRECTED.value


def as_stored(difference: Difference) -> Figures:
    """The changed figures with the flag they get beside what stood before."""
    if not difference.before:
        return difference.changed
    fields: Mapping[str, Column] = difference.changed.fields
    flags, values, methods = (fields[name].each() for name in ("flag", "value", "method"))
    # A figure made by another method is another figure: neither of the two was wrong.
    found = [
        flag_beside(flag, value, one.value, one.flag) if method == one.method else flag
        for flag, value, method, one in zip(flags, values, methods, difference.before, strict=True)
    ]
    return difference.changed.replaced("flag", Column.of(found))
