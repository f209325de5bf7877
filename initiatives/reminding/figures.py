"""Indicators whose next figures should have come by now. Two queries."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

from indicators.calculations.figures_due import CADENCE_MONTHS, figures_missed_on, published_day
from indicators.models import Edition, Indicator, Observation
from initiatives.calculations.reminder_rules import FIGURES_AGAIN_DAYS, NO_FIGURES, Series
from initiatives.reminding.people import Audience
from initiatives.reminding.subjects import Subject, Thing


def indicator_subjects(last: date, stewards: tuple[int, ...], only: Collection[int] | None = None) -> list[Subject]:
    """To the data stewards. An indicator without any figures is not late: nothing says when they were to come."""
    wanted = Indicator.objects.filter(cadence__in=CADENCE_MONTHS)
    if only is not None:
        wanted = wanted.filter(pk__in=only)
    newest = (
        Observation.objects.current()
        .filter(indicator=OuterRef("pk"), value__isnull=False)
        .order_by("-period_end", "-edition__received_at", "-edition_id")
        .values("edition_id")[:1]
    )
    rows = list(wanted.annotate(newest=Subquery(newest)).values_list("pk", "code", "name", "cadence", "newest"))
    editions = _editions({row[4] for row in rows if row[4] is not None})
    found = []
    for pk, code, name, cadence, edition in rows:
        if edition is None:
            continue
        published, announced = editions[edition]
        first = figures_missed_on(cadence, published, announced=announced)
        if first is not None and first <= last:
            rule = Series(NO_FIGURES, first, FIGURES_AGAIN_DAYS)
            thing = Thing(name, "", ("indicator", (code,)))
            found.append(Subject("indicator", pk, rule, thing, Audience(stewards), since=published))
    return found


def _editions(wanted: set[int]) -> dict[int, tuple[date, date | None]]:
    """edition -> the day it was published (or came to us), and the day its source has named for the next one."""
    rows = Edition.objects.filter(pk__in=wanted).annotate(next=F("source__next_expected"))
    return {
        edition.pk: (
            published_day(edition.published_on) or timezone.localtime(edition.received_at).date(),
            edition.next,
        )
        for edition in rows
    }
