"""Every change counts the data version up, in its own transaction: pages kept from before are then never shown again."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction
from django.db.models import F

from indicators.models import DataVersion

P = ParamSpec("P")
R = TypeVar("R")


def bump_version() -> None:
    """Count up. Last in a transaction: the row stays locked until it ends, and other writers wait for it."""
    if not DataVersion.objects.filter(pk=1).update(number=F("number") + 1):
        DataVersion.objects.get_or_create(pk=1, defaults={"number": 1})


def current_version() -> int:
    """The version now; one query. 0 before the first change."""
    return DataVersion.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def changes_pages(action: Callable[P, R]) -> Callable[P, R]:
    """An action: one transaction, and the pages kept from before are out of date when it has been committed."""

    @wraps(action)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic():
            result = action(*args, **kwargs)
            bump_version()
        return result

    wrapped.changes_pages = True  # type: ignore[attr-defined]  # a test looks for actions without it
    return wrapped
