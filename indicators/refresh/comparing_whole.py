"""A file compared with what its source gave before by PostgreSQL itself: what is the same in every cell stays there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.db import connection, transaction
from django.db.models import QuerySet

from indicators.models import Observation
from indicators.refresh.checking import Figures
from indicators.refresh.incoming import CONTENT, KEY, TABLE, Keys, lay_out

_Unlike = tuple[int | None, int | None, Decimal | None, str, str, bool]
_AT_ONCE = 5_000


def unlike(held: QuerySet[Observation], rows: Figures, keys: Keys) -> Iterator[_Unlike]:
    """(place, pk, value, flag, method, other) of every figure that the file and the source do not have alike, in the file's
    order.

    place: of the row, None for a figure that has vanished. pk, value, flag, method: of the newest version held, None for a
    figure that is new. other: whether anything but the flag is another one.
    """
    names = ("edition__slug", *KEY)
    # The newest version of each figure is the last one: versions are only ever added.
    newest = held.order_by(*names, "-pk").distinct(*names).values_list(*names, "pk", "flag", *CONTENT)
    newest_sql, parameters = newest.query.sql_with_params()
    key, content = ", ".join(("slug", *KEY)), ", ".join(CONTENT)
    came, stood = (", ".join(f"{one}.{name}" for name in CONTENT) for one in ("came", "stood"))
    is_other = f"(({came}) IS DISTINCT FROM ({stood}))"
    sql = (
        f"WITH stood ({key}, pk, flag, {content}) AS ({newest_sql}) "  # noqa: S608  # nosec B608: our own names, values apart
        f"SELECT came.place, stood.pk, stood.value, stood.flag, stood.method, {is_other} "
        f"FROM {TABLE} came FULL JOIN stood USING ({key}) "
        f"WHERE came.place IS NULL OR stood.pk IS NULL OR came.flag <> stood.flag OR {is_other} "
        "ORDER BY came.place, stood.pk"
    )
    with transaction.atomic():
        lay_out(rows, keys=keys)
        with connection.chunked_cursor() as cursor:
            cursor.execute(sql, parameters)
            while found := cursor.fetchmany(_AT_ONCE):
                yield from found


def fetched(pks: Sequence[int]) -> list[Observation]:
    """The figures of the keys, oldest first."""
    ordered = sorted(pks)
    found: list[Observation] = []
    for start in range(0, len(ordered), _AT_ONCE):
        some = Observation.objects.filter(pk__in=ordered[start : start + _AT_ONCE]).order_by("pk")
        found += some.select_related("edition", "indicator", "area")
    return found
