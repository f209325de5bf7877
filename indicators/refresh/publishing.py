"""A difference that has been weighed: stored, or held back until a person has decided. Each in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext

from indicators.actions.assessments import assess, lights_now
from indicators.actions.catalogue.content import EditionFacts
from indicators.actions.versions import bump_version
from indicators.calculations.figure_bounds import Outside
from indicators.models import DataSource, Edition, Observation, RefreshRun, Retirement, RunState
from indicators.refresh import storing
from indicators.refresh.claims import beat, finish
from indicators.refresh.comparing import Difference
from indicators.refresh.deciding import Weighed, fingerprint, keep
from indicators.refresh.incoming import Keys
from indicators.refresh.reasons import as_stored
from indicators.refresh.standing import keys_of, settle


@dataclass(frozen=True)
class Candidate:
    """A file that was read and compared: everything storing it needs."""

    source: DataSource
    difference: Difference
    weighed: Weighed
    editions: Mapping[str, EditionFacts]
    keys: Keys

    @property
    def is_empty(self) -> bool:
        difference = self.difference
        return not (difference.new or difference.changed or difference.vanished)

    @property
    def counts(self) -> dict[str, int]:
        return {
            "rows_new": len(self.difference.new),
            "rows_changed": len(self.difference.changed),
            "rows_unchanged": self.difference.unchanged,
            "rows_vanished": len(self.difference.vanished),
        }


def publish(run: RefreshRun, candidate: Candidate) -> RefreshRun:
    """Store it whole, or nothing of it. What a person let go stays as history."""
    with transaction.atomic():
        edition, lights_changed = _stored(run, candidate)
        lights_changed += _retire(candidate.difference.vanished, edition)
        keep(run, candidate.weighed.rows)
        # In the same transaction: a run that was taken for dead meanwhile stores nothing.
        beat(run, now=timezone.now(), edition=edition, lights_changed=lights_changed, **candidate.counts)
        overtake(run)
        bump_version()
        return finish(run, RunState.STORED, now=timezone.now(), message="")


def hold(run: RefreshRun, candidate: Candidate, reasons: Sequence[Outside], *, message: str = "") -> RefreshRun:
    """Nothing is stored; the run waits with its reasons, in place of an older one of the source that waits."""
    with transaction.atomic():
        keep(run, candidate.weighed.rows)
        facts: dict[str, Any] = {"reasons": [as_stored(reason) for reason in reasons], **candidate.counts}
        beat(run, now=timezone.now(), difference_fingerprint=fingerprint(candidate.difference), **facts)
        overtake(run)
        text = message or gettext(
            "The file waits for a data steward's approval. The figures of before stay as they are."
        )
        return finish(run, RunState.WAITING, now=timezone.now(), message=text, decided_at=None, decided_by=None)


def only_try(run: RefreshRun, candidate: Candidate, reasons: Sequence[Outside]) -> RefreshRun:
    """Keep what the file would change, and leave everything else as it is."""
    with transaction.atomic():
        keep(run, candidate.weighed.rows)
        beat(run, now=timezone.now(), reasons=[as_stored(reason) for reason in reasons], **candidate.counts)
        message = gettext("Tried only: nothing was stored.")
        return finish(run, RunState.DRY_RUN, now=timezone.now(), message=message)


def overtake(run: RefreshRun) -> None:
    """A file of the source that still waits was compared with figures that no longer are the newest."""
    older = RefreshRun.objects.filter(source=run.source_id, state=RunState.WAITING).exclude(pk=run.pk)
    older.update(state=RunState.SUPERSEDED, message=gettext("A newer file has come. Nothing of this one was stored."))


def _stored(run: RefreshRun, candidate: Candidate) -> tuple[Edition, int]:
    received = run.decided_at or run.started_at
    if candidate.difference.new or candidate.difference.changed:
        return storing.store(
            candidate.source,
            candidate.difference,
            candidate.editions,
            candidate.keys,
            fingerprint=run.fingerprint,
            now=received,
        )
    # The file only lacks figures. That is an edition too: it can be rolled back, and its fingerprint is the newest.
    slug = candidate.difference.vanished[-1].edition.slug
    facts = {slug: _facts_of(candidate.difference.vanished[-1].edition), **candidate.editions}
    made = storing.make_editions(candidate.source, [slug], facts, fingerprint=run.fingerprint, now=received)
    return made[slug], 0


def _facts_of(edition: Edition) -> EditionFacts:
    names = ("slug", "title", "published_on", "source_url", "terms", "note")
    return EditionFacts(source=edition.source.name, **{name: getattr(edition, name) for name in names})


def _retire(vanished: Sequence[Observation], edition: Edition) -> int:
    """Let the figures go, every version of them that the source gave; lights that changed by it."""
    if not vanished:
        return 0
    affected = {row.indicator_id for row in vanished}
    was = lights_now(affected)
    gone = {(row.edition.slug, row.indicator_id, row.area_id, row.period, row.breakdown) for row in vanished}
    versions = Observation.objects.filter(
        edition__source=edition.source_id, indicator_id__in=affected, period__in={row.period for row in vanished}
    ).exclude(edition=edition)
    names = ("edition__slug", "indicator_id", "area_id", "period", "breakdown")
    pks = [pk for pk, *key in versions.order_by().values_list("pk", *names) if tuple(key) in gone]
    Retirement.objects.bulk_create([Retirement(observation_id=pk, edition=edition) for pk in pks], batch_size=500)
    settle(keys_of([edition]))
    return assess(indicator_ids=affected, before=was).lights_changed
