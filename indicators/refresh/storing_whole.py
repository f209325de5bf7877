"""storing.insert_one_by_one for a million rows: the same rows, said to count or not by PostgreSQL, an edition at a time."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from indicators.models import Edition
from indicators.refresh.checking import Figures
from indicators.refresh.incoming import COLUMNS, KEY, TABLE, Keys, lay_out

_SAME = " AND ".join(f"stood.{name} = came.{name}" for name in KEY)
_COUNTS_NO_LONGER = f"""
UPDATE indicators_observation stood SET is_current = false
FROM {TABLE} came, indicators_edition edition
WHERE came.slug = %(slug)s AND stood.is_current AND {_SAME} AND edition.id = stood.edition_id
AND (edition.source_id = %(source)s AND edition.slug = %(slug)s OR edition.published_on COLLATE "C" <= %(published)s)
"""  # noqa: S608  # nosec B608: our own names, values apart
_COUNTS_UNLESS_ANOTHER_DOES = f"""
INSERT INTO indicators_observation (edition_id, is_current, {", ".join(COLUMNS)})
SELECT %(edition)s, stood.id IS NULL, {", ".join(f"came.{name}" for name in COLUMNS)}
FROM {TABLE} came LEFT JOIN indicators_observation stood ON stood.is_current AND {_SAME}
WHERE came.slug = %(slug)s
"""  # noqa: S608  # nosec B608: as above


def insert_whole(editions: Sequence[Edition], groups: Sequence[Figures], keys: Keys) -> None:
    lay_out(*groups, keys=keys)
    with connection.cursor() as cursor:
        for edition in editions:
            values: dict[str, int | str] = {
                "edition": edition.pk,
                "source": edition.source_id,
                "slug": edition.slug,
                "published": edition.published_on,
            }
            cursor.execute(_COUNTS_NO_LONGER, values)
            cursor.execute(_COUNTS_UNLESS_ANOTHER_DOES, values)
