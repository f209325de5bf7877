from __future__ import annotations

from datetime import date

from django.db.models import Q


def valid_on(day: date) -> Q:
    """The rows of a dated table that count on that day; an unknown start or end is open, and both ends are included."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=day)
    not_over = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    return begun & not_over
