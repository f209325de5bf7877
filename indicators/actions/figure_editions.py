"""A step back to the edition before, and forward again. Both are runs, so that the list of runs tells the whole story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.actions.assessments import assess, lights_now
from indicators.actions.figure_runs import checked_note
from indicators.actions.versions import changes_pages
from indicators.models import Edition, RefreshRun, RunState
from indicators.refresh.claims import AlreadyRunning, claim, finish
from indicators.refresh.standing import keys_of, newest_retrieval, settle


@changes_pages
def roll_back_edition(*, edition: Edition, by: Any, note: str = "", now: datetime | None = None) -> RefreshRun:
    """Withdraw a source's newest retrieval: the figures before it are current again. Returns the run that says so.

    Nothing is deleted. Everything the source gave in the same file goes with it. The same file is not stored again by
    itself; a person can bring the edition back, or fetch and approve. Raises ValidationError when it is not the newest in
    force, when nothing stands before it, and while the source is being fetched.
    """
    moment = now or timezone.now()
    run = _claimed(edition, "rolling_back", by=by, note=note, now=moment)
    retrieval = _retrieval(edition)
    if not retrieval or newest_retrieval(edition.source_id) != edition.received_at:
        raise ValidationError(_("This edition is not the newest one in force. Only that one can be rolled back."))
    before = newest_retrieval(edition.source_id, before=edition.received_at)
    if before is None:
        raise ValidationError(_("The source has no earlier edition to go back to."))
    # A file that waits was compared with what is about to be withdrawn: it must be looked at anew.
    waiting = RefreshRun.objects.filter(source=edition.source_id, state=RunState.WAITING)
    waiting.update(state=RunState.SUPERSEDED, message=_("The edition it was compared with has been rolled back."))
    return _turned(run, retrieval, RunState.ROLLED_BACK, withdrawn_at=moment, withdrawn_to=before)


@changes_pages
def bring_back_edition(*, edition: Edition, by: Any, note: str = "", now: datetime | None = None) -> RefreshRun:
    """Undo a rollback, while nothing else has come since. Raises ValidationError otherwise."""
    run = _claimed(edition, "bringing_back", by=by, note=note, now=now or timezone.now())
    edition.refresh_from_db()
    if edition.withdrawn_at is None:
        raise ValidationError(_("This edition is in force already."))
    if newest_retrieval(edition.source_id) != edition.withdrawn_to:
        raise ValidationError(_("Other figures have come since. Fetch the source again instead."))
    waiting = RefreshRun.objects.filter(source=edition.source_id, state=RunState.WAITING)
    waiting.update(state=RunState.SUPERSEDED, message=_("An edition has been brought back since."))
    retrieval = list(Edition.objects.filter(source=edition.source_id, received_at=edition.received_at))
    return _turned(run, retrieval, RunState.BROUGHT_BACK, withdrawn_at=None, withdrawn_to=None)


def _claimed(edition: Edition, step: str, *, by: Any, note: str, now: datetime) -> RefreshRun:
    text = checked_note(note)
    try:
        return claim(
            edition.source,
            by=by,
            now=now,
            step=step,
            edition=edition,
            fingerprint=edition.fingerprint,
            decided_by=by,
            decided_at=now,
            decision_note=text,
        )
    except AlreadyRunning:
        raise ValidationError(_("The source is being fetched right now. Try again when the run is over.")) from None


def _retrieval(edition: Edition) -> list[Edition]:
    found = Edition.objects.filter(source=edition.source_id, received_at=edition.received_at, withdrawn_at__isnull=True)
    return list(found)


def _turned(
    run: RefreshRun,
    retrieval: Sequence[Edition],
    state: RunState,
    *,
    withdrawn_at: datetime | None,
    withdrawn_to: datetime | None,
) -> RefreshRun:
    keys = keys_of(retrieval)
    affected = {key[0] for key in keys}
    was = lights_now(affected)
    Edition.objects.filter(pk__in=[one.pk for one in retrieval]).update(
        withdrawn_at=withdrawn_at, withdrawn_to=withdrawn_to
    )
    changed = settle(keys)
    lights_changed = assess(indicator_ids=affected, before=was).lights_changed
    return finish(run, state, now=timezone.now(), rows_changed=changed, lights_changed=lights_changed)
