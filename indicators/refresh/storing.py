"""Accepted rows into the database: what is new or differs, as new rows of a new edition; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from indicators.actions.assessments import assess, lights_now
from indicators.actions.catalogue.content import EditionFacts
from indicators.copying import MANY, can_copy, count_anew
from indicators.models import Assessment, DataSource, Edition, Indicator, Observation
from indicators.refresh.checking import Figures
from indicators.refresh.comparing import Difference, as_stored
from indicators.refresh.incoming import COLUMNS, KEY, Keys
from indicators.refresh.storing_whole import insert_whole


class VerificationFailed(Exception):
    """What was stored does not add up; the transaction must be rolled back."""


def store(
    source: DataSource,
    difference: Difference,
    editions: Mapping[str, EditionFacts],
    keys: Keys,
    *,
    fingerprint: str,
    now: datetime,
) -> tuple[Edition, int]:
    """Insert, flip, assess and verify. Returns (the newest edition, lights changed). To be called in a transaction.

    Raises VerificationFailed.
    """
    groups = [difference.new, as_stored(difference)]
    slugs = {slug for rows in groups for slug in rows.distinct("edition")}
    affected = {keys.indicators[code] for rows in groups for code in rows.distinct("indicator")}
    # Another source may have figures of the same indicators: its country is our comparator, and one of two waits.
    list(Indicator.objects.filter(pk__in=affected).order_by("pk").select_for_update(no_key=True).values_list("pk"))
    made = make_editions(source, sorted(slugs), editions, fingerprint=fingerprint, now=now)
    # Two publications may give the same figure: the one published last counts, so it is stored last.
    in_order = sorted(made.values(), key=lambda edition: (edition.published_on, edition.slug))
    was = lights_now(affected)
    count = Observation.objects.current().filter(indicator_id__in=affected).count()
    insert = insert_whole if can_copy() else insert_one_by_one
    insert(in_order, groups, keys)
    if sum(map(len, groups)) >= MANY:
        count_anew(Observation, Assessment)
    lights_changed = assess(indicator_ids=affected, before=was).lights_changed
    _verify(affected, at_least=count)
    return in_order[-1], lights_changed


def make_editions(
    source: DataSource,
    slugs: Sequence[str],
    facts: Mapping[str, EditionFacts],
    *,
    fingerprint: str,
    now: datetime,
) -> dict[str, Edition]:
    return {
        slug: Edition.objects.create(
            source=source,
            slug=slug,
            title=facts[slug].title,
            published_on=facts[slug].published_on,
            source_url=facts[slug].source_url,
            terms=facts[slug].terms,
            note=facts[slug].note,
            fingerprint=fingerprint,
            received_at=now,
        )
        for slug in slugs
    }


def insert_one_by_one(editions: Sequence[Edition], groups: Sequence[Figures], keys: Keys) -> None:
    """The rows as figures of their editions, each said to count or not.

    Of two publications with the same figure the one published last counts, whichever is read last. A newer version of the
    same publication always replaces the older one.
    """
    made = {edition.slug: edition for edition in editions}
    fresh = [
        Observation(
            **dict(zip(KEY, keys.of(row), strict=True)),
            edition=made[row.edition],
            **{name: getattr(row, name) for name in COLUMNS if name not in KEY},
        )
        for rows in groups
        for row in rows
    ]
    fresh.sort(key=lambda one: editions.index(one.edition))
    affected = {row.indicator_id for row in fresh}
    current = {
        _key(row): row
        for row in Observation.objects.current().filter(indicator_id__in=affected).select_related("edition")
    }
    replaced: list[int] = []
    for row in fresh:
        other = current.get(_key(row))
        row.is_current = other is None or _outranks(row.edition, other.edition)
        if not row.is_current:
            continue
        if other is not None:
            other.is_current = False
            if other.pk is not None:
                replaced.append(other.pk)
        current[_key(row)] = row
    for start in range(0, len(replaced), 500):
        Observation.objects.filter(pk__in=replaced[start : start + 500]).update(is_current=False)
    Observation.objects.bulk_create(fresh, batch_size=500)


def _key(row: Observation) -> tuple[int, int, str, str]:
    return row.indicator_id, row.area_id, row.period, row.breakdown


def _outranks(edition: Edition, other: Edition) -> bool:
    same = (edition.source_id, edition.slug) == (other.source_id, other.slug)
    return same or edition.published_on >= other.published_on


def _verify(affected: set[int], *, at_least: int) -> None:
    current = Observation.objects.current().filter(indicator_id__in=affected)
    if current.count() < at_least:
        raise VerificationFailed("fewer figures than before")
    if current.filter(assessment__isnull=True).exists():
        raise VerificationFailed("a figure without an assessment")
