"""Accepted rows into the database: what is new or differs, as new rows of a new edition; nothing is overwritten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from indicators.actions.assessments import assess, lights_now
from indicators.actions.catalogue.content import EditionFacts
from indicators.calculations.figure_rows import FigureRow
from indicators.models import Area, DataSource, Edition, Flag, Indicator, Observation
from indicators.refresh.standing import holding_of

_Key = tuple[str, int, int, str, str]  # edition slug, indicator, area, period, breakdown
_CONTENT = (
    "value",
    "printed",
    "reason",
    "footnotes",
    "method",
    "carried_over",
    "published_level",
    "published_development",
    "published_basis",
)


class VerificationFailed(Exception):
    """What was stored does not add up; the transaction must be rolled back."""


@dataclass
class Difference:
    """The file beside what the source gave before. vanished: figures the file no longer has."""

    new: list[FigureRow] = field(default_factory=list)
    changed: list[tuple[FigureRow, Observation]] = field(default_factory=list)
    unchanged: int = 0
    vanished: list[Observation] = field(default_factory=list)


@dataclass(frozen=True)
class Keys:
    """Primary keys by code."""

    indicators: Mapping[str, int]
    areas: Mapping[str, int]

    @classmethod
    def fetched(cls) -> Keys:
        """2 queries."""
        return cls(
            dict(Indicator.objects.order_by().values_list("code", "pk")),
            dict(Area.objects.order_by().values_list("code", "pk")),
        )

    def of(self, row: FigureRow) -> _Key:
        return row.edition, self.indicators[row.indicator], self.areas[row.area], row.period, row.breakdown


def compare(source: DataSource, rows: Sequence[FigureRow], keys: Keys) -> Difference:
    """What is new, what differs and what has vanished since the source's last edition of each publication."""
    stored = holding_of(source).select_related("edition", "indicator", "area")
    # The newest version of each figure is the last one: versions are only ever added.
    newest: dict[_Key, Observation] = {
        (row.edition.slug, row.indicator_id, row.area_id, row.period, row.breakdown): row
        for row in stored.order_by("pk")
    }
    difference = Difference()
    for row in rows:
        before = newest.pop(keys.of(row), None)
        if before is None:
            difference.new.append(row)
        elif _differs(row, before):
            difference.changed.append((row, before))
        else:
            difference.unchanged += 1
    difference.vanished = list(newest.values())
    return difference


def _differs(row: FigureRow, before: Observation) -> bool:
    return _flag(row, before) != before.flag or any(getattr(row, name) != getattr(before, name) for name in _CONTENT)


def _flag(row: FigureRow, before: Observation | None) -> str:
    """A figure that was published and now is another one is corrected, and stays so in later editions.

    A provisional figure that becomes final is not: it was announced.
    """
    plain = (Flag.OK.value, Flag.CORRECTED.value)
    if before is None or row.flag != Flag.OK or before.value is None or before.flag not in plain:
        return row.flag
    return before.flag if row.value == before.value else Flag.CORRECTED.value


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
    rows: list[tuple[FigureRow, Observation | None]] = [(row, None) for row in difference.new]
    rows += difference.changed
    made = _editions(source, sorted({row.edition for row, _ in rows}), editions, fingerprint=fingerprint, now=now)
    fresh = [_observation(row, before, made[row.edition], keys) for row, before in rows]
    affected = {observation.indicator_id for observation in fresh}
    was = lights_now(affected)
    count = Observation.objects.current().filter(indicator_id__in=affected).count()
    replaced = _settle(fresh, affected)
    Observation.objects.filter(pk__in=replaced).update(is_current=False)
    Observation.objects.bulk_create(fresh, batch_size=500)
    lights_changed = assess(indicator_ids=affected, before=was).lights_changed
    _verify(affected, at_least=count)
    return max(made.values(), key=lambda edition: edition.published_on), lights_changed


def _editions(
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


def _observation(row: FigureRow, before: Observation | None, edition: Edition, keys: Keys) -> Observation:
    return Observation(
        indicator_id=keys.indicators[row.indicator],
        area_id=keys.areas[row.area],
        period=row.period,
        period_start=row.period_start,
        period_end=row.period_end,
        breakdown=row.breakdown,
        flag=_flag(row, before),
        edition=edition,
        **{name: getattr(row, name) for name in _CONTENT},
    )


def _settle(fresh: Sequence[Observation], affected: set[int]) -> list[int]:
    """Say of each fresh row whether it counts, and return the stored rows that no longer do.

    Two publications may give the same figure: the one published last counts, whichever is read last. A newer version
    of the same publication always replaces the older one.
    """
    current: dict[tuple[int, int, str, str], Observation] = {
        (row.indicator_id, row.area_id, row.period, row.breakdown): row
        for row in Observation.objects.current().filter(indicator_id__in=affected).select_related("edition")
    }
    replaced: list[int] = []
    for row in sorted(fresh, key=lambda one: one.edition.published_on):
        key = (row.indicator_id, row.area_id, row.period, row.breakdown)
        other = current.get(key)
        row.is_current = other is None or _outranks(row.edition, other.edition)
        if not row.is_current:
            continue
        if other is not None:
            other.is_current = False
            if other.pk is not None:
                replaced.append(other.pk)
        current[key] = row
    return replaced


def _outranks(edition: Edition, other: Edition) -> bool:
    same = (edition.source_id, edition.slug) == (other.source_id, other.slug)
    return same or edition.published_on >= other.published_on


def _verify(affected: set[int], *, at_least: int) -> None:
    current = Observation.objects.current().filter(indicator_id__in=affected)
    if current.count() < at_least:
        raise VerificationFailed("fewer figures than before")
    if current.filter(assessment__isnull=True).exists():
        raise VerificationFailed("a figure without an assessment")
