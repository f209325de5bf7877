"""Figures of a file that another source gives too. Which of them is shown, the date of publication decides: a person looks.

What the catalogue ships was written together, so shipped sources are not held against each other; against everything that
came by hand or over the network they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import QuerySet

from indicators.copying import can_copy
from indicators.models import DataSource, Observation
from indicators.refresh.checking import Figures
from indicators.refresh.incoming import KEY, TABLE, Keys, lay_out
from indicators.refresh.standing import holding

MOST_PLACES = 300  # of the rows, for each of the other sources
_WHO = ("edition__source_id", "edition__source__title")


@dataclass(frozen=True)
class Shared:
    """What one other source gives too. count: figures; places: of their rows, the first ones, counted over all groups."""

    title: str
    count: int
    places: tuple[int, ...]


def is_shipped(source: DataSource) -> bool:
    """Whether the catalogue holds the source's figures: then whoever made the release has seen them."""
    return bool(source.file)


def shared_figures(source: DataSource, groups: Sequence[Figures], keys: Keys) -> list[Shared]:
    """Of each other source with the same indicator, area, period and breakdown in an edition in force; by its title.

    2 queries, and on PostgreSQL those that lay out the keys: one question for a million rows.
    """
    indicators = {keys.indicators[code] for rows in groups for code in rows.distinct("indicator")}
    others = holding().filter(indicator__in=indicators).exclude(edition__source=source)
    if is_shipped(source):
        others = others.filter(edition__source__file="")
    if not others.exists():
        return []
    ask = _asked_in_the_database if can_copy() else _asked_one_by_one
    return ask(others, groups, keys)


def _asked_in_the_database(others: QuerySet[Observation], groups: Sequence[Figures], keys: Keys) -> list[Shared]:
    names = (*_WHO, *KEY)
    stood_sql, parameters = others.order_by().values_list(*names).query.sql_with_params()
    key = ", ".join(KEY)
    sql = (
        f"WITH stood (who, title, {key}) AS ({stood_sql}), "  # noqa: S608  # nosec B608: our own names, values apart
        f"too AS (SELECT DISTINCT who, title, place, {key} FROM {TABLE} came JOIN stood USING ({key})) "
        f"SELECT title, count(DISTINCT ({key})), (array_agg(place ORDER BY place))[1:{MOST_PLACES}] "
        'FROM too GROUP BY who, title ORDER BY title COLLATE "C", who'
    )
    with transaction.atomic():
        lay_out(*groups, keys=keys, names=KEY)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return [Shared(title, count, tuple(places)) for title, count, places in cursor.fetchall()]


def _asked_one_by_one(others: QuerySet[Observation], groups: Sequence[Figures], keys: Keys) -> list[Shared]:
    places: dict[tuple[int, int, str, str], list[int]] = defaultdict(list)
    for place, row in enumerate(row for rows in groups for row in rows):
        places[keys.of(row)].append(place)
    found: dict[tuple[str, int], set[tuple[int, int, str, str]]] = defaultdict(set)
    for who, title, *key in others.order_by().values_list(*_WHO, *KEY).iterator():
        if tuple(key) in places:
            found[title, who].add((key[0], key[1], key[2], key[3]))
    return [
        Shared(title, len(some), tuple(sorted(place for key in some for place in places[key])[:MOST_PLACES]))
        for (title, _), some in sorted(found.items())
    ]
