"""A question within a question that is answered first."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, Func, QuerySet, Subquery


class _Keys(Subquery):
    # A question that can find nothing is not asked, and nor is the one around it.
    empty_result_set_value = NotImplemented


class OneOf(Func):
    """key IN (the primary keys the query set finds). PostgreSQL makes an array of them first and looks each up by index.

    Joined, as it would have it, its plan hangs on a guess of how many there are. Among ten million figures it guessed so
    many that it read all of an indicator for the few of the regions, and every light for those of nineteen areas.
    """

    template = "%(expressions)s"
    arg_joiner = " IN "
    output_field = BooleanField()

    def __init__(self, key: str, found: QuerySet[Any]) -> None:
        super().__init__(key, _Keys(found.order_by().values("pk")))

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, template="%(expressions)s)", arg_joiner=" = ANY (ARRAY", **context)
