"""A refresh: claim, fetch, read, part, compare, weigh, store or hold, finish. Command, button and schedule call the same.

Nothing is ever half loaded. One refused row refuses the whole file: a report is published as a whole, and half of it
would show areas beside each other that were not published together. A file whose rows can be read, but that changes more
than its source's bounds allow, waits for a person. Either way the figures of before stay as they are.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from indicators.actions.catalogue.definitions import edition_facts
from indicators.actions.catalogue.reading import FOLDER
from indicators.calculations.figure_bounds import Outside
from indicators.calculations.figure_rows import IndicatorFacts, Known, Rejected, missing_columns
from indicators.calculations.retries import next_try
from indicators.models import Area, DataSource, Indicator, RefreshRun, RejectedRow, RunState
from indicators.refresh import seen_before
from indicators.refresh.checking import part_table
from indicators.refresh.claims import AlreadyRunning, LostClaim, beat, claim, finish, resume
from indicators.refresh.comparing import compare, fetched_keys
from indicators.refresh.deciding import fingerprint, weigh
from indicators.refresh.editions import declared_editions
from indicators.refresh.publishing import Candidate, hold, only_try, overtake, publish
from indicators.refresh.pulse import pulse
from indicators.refresh.reading import Content, NotReadable, TryAgain, declaration_of, fetch, keep_raw, read_table
from indicators.refresh.refusals import refusal_sentence

__all__ = ["AlreadyRunning", "publish_approved", "refresh_source"]

log = logging.getLogger(__name__)

MOST_REJECTED = 200  # rows kept per run; the count says how many there were


def refresh_source(
    name: str,
    *,
    by: Any = None,
    path: Path | None = None,
    now: datetime | None = None,
    folder: Path = FOLDER,
    dry_run: bool = False,
    attempt: int = 0,
) -> RefreshRun:
    """Fetch the source's figures and store what is new. Returns the finished run; its state says how it went.

    by: the user, None for the schedule and the command line. path: another file than the source's own. folder: the
    catalogue that names the source's file and the editions. dry_run: only say what would change. attempt: which one of
    the row this is, when whoever calls tries again by itself at the run's `next_try_at`; else 0.

    Raises DataSource.DoesNotExist for an unknown name and AlreadyRunning when somebody else is at it. Errors of the file
    end in the run (REFUSED with rows, FAILED with a message, WAITING with reasons); any other error is raised after the
    run is closed as failed.
    """
    source = DataSource.objects.get(name=name)
    run = claim(source, by=by, now=now or timezone.now(), attempt=attempt)
    return _guarded(run, lambda: _work(source, run, path, folder, dry_run=dry_run))


def publish_approved(pk: int, *, folder: Path = FOLDER, now: datetime | None = None) -> RefreshRun:
    """Store what a steward has approved: the kept file is read again and compared with the figures of this moment.

    When the difference is no longer the one that was approved, the run waits again with the new one. Calling it twice,
    or for a run that is not approved, does nothing. Raises AlreadyRunning while another run of the source lives.
    """
    run = RefreshRun.objects.select_related("source").get(pk=pk)
    if not resume(run, now=now or timezone.now()):
        run.refresh_from_db()
        return run
    return _guarded(run, lambda: _publish_approved(run.source, run, folder))


def _guarded(run: RefreshRun, work: Callable[[], RefreshRun]) -> RefreshRun:
    """The work under a steady sign of life, in the site's language, and the run closed whatever happens."""
    try:
        with translation.override(settings.LANGUAGE_CODE), pulse(run):
            return work()
    except LostClaim:
        log.warning("Run %s was taken over by another.", run.pk)
        run.refresh_from_db()
        return run
    except Exception:
        with translation.override(settings.LANGUAGE_CODE):
            message = gettext("The run failed. The log says why. The figures of before stay as they are.")
        finish(run, RunState.FAILED, now=timezone.now(), message=message)
        raise


def _work(source: DataSource, run: RefreshRun, path: Path | None, folder: Path, *, dry_run: bool) -> RefreshRun:
    try:
        content = fetch(source, path=path, folder=folder)
        declaration = declaration_of(source)
        beat(run, now=timezone.now(), fingerprint=content.fingerprint, declaration=declaration)
    except NotReadable as error:
        return finish(run, RunState.FAILED, now=timezone.now(), message=_file_problem(error.code, error.details))
    except TryAgain as error:
        return _fail_for_now(run, error)
    known_file = seen_before.look(source, content.fingerprint, declaration, except_run=run.pk)
    if known_file.is_held:
        with transaction.atomic():
            overtake(run)
            return finish(run, RunState.UNCHANGED, now=timezone.now())
    if known_file.note and not dry_run and (run.by_id is None or known_file.is_waiting):
        return finish(run, RunState.UNCHANGED, now=timezone.now(), message=known_file.note)
    candidate = _candidate(source, run, content, folder)
    if candidate is None:
        run.refresh_from_db()
        return run
    return _decide(run, candidate, known_file.reasons, dry_run=dry_run)


def _decide(run: RefreshRun, candidate: Candidate, more: list[Outside], *, dry_run: bool) -> RefreshRun:
    reasons = [*more, *candidate.weighed.reasons]
    if not candidate.source.automatic:
        reasons.append(Outside("not_automatic", 0, 0))
    if dry_run:
        return only_try(run, candidate, reasons)
    if candidate.is_empty:
        with transaction.atomic():
            overtake(run)
            return finish(run, RunState.UNCHANGED, now=timezone.now(), **candidate.counts)
    if RefreshRun.objects.filter(source=run.source_id, state=RunState.APPROVED).exists():
        # Approved while this one was reading. Whoever comes second compares with what the first has stored.
        message = gettext("Another file of the source was approved meanwhile. Fetch again when it has been stored.")
        return finish(run, RunState.FAILED, now=timezone.now(), message=message)
    if reasons:
        return hold(run, candidate, reasons)
    beat(run, now=timezone.now(), step="storing")
    return publish(run, candidate)


def _candidate(source: DataSource, run: RefreshRun, content: Content, folder: Path) -> Candidate | None:
    """The file kept, read and compared; None when it was refused, and then the run says so."""
    try:
        kept = keep_raw(source, content, now=run.started_at)
        beat(run, now=timezone.now(), step="reading", raw_file=kept.name)
    except NotReadable as error:
        _refuse(run, source, error.all_rejected)
        return None
    return _compared(source, run, kept.path, folder)


def _compared(source: DataSource, run: RefreshRun, path: Path, folder: Path) -> Candidate | None:
    try:
        table = read_table(source, path)
    except NotReadable as error:
        _refuse(run, source, error.all_rejected)
        return None
    beat(run, now=timezone.now(), step="checking", rows_read=len(table.rows))
    editions = {**edition_facts(folder), **declared_editions(source)}
    rejected = missing_columns(table.columns)
    if not rejected:
        accepted, rejected = part_table(table.rows, known(source, editions))
    if rejected:
        _refuse(run, source, rejected)
        return None
    beat(run, now=timezone.now(), step="comparing")
    keys = fetched_keys()
    difference = compare(source, accepted, keys)
    if table.is_part:
        difference.vanished = []
    weighed = weigh(source, difference, keys)
    return Candidate(source, difference, replace(weighed, reasons=(*weighed.reasons, *table.traps)), editions, keys)


def _publish_approved(source: DataSource, run: RefreshRun, folder: Path) -> RefreshRun:
    path = Path(settings.VAR_DIR) / run.raw_file
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != run.fingerprint:
        message = gettext("The kept file is gone or is another one. Nothing was stored. Fetch the figures again.")
        return finish(run, RunState.FAILED, now=timezone.now(), message=message)
    candidate = _compared(source, run, path, folder)
    if candidate is None:
        run.refresh_from_db()
        return run
    if candidate.is_empty:
        return finish(run, RunState.UNCHANGED, now=timezone.now(), message="", **candidate.counts)
    if fingerprint(candidate.difference) != run.difference_fingerprint:
        reasons = [Outside("other_difference", 0, 0), *candidate.weighed.reasons]
        return hold(run, candidate, reasons, message=gettext("Approved, but not stored: look at the difference again."))
    beat(run, now=timezone.now(), step="storing")
    return publish(run, candidate)


def _fail_for_now(run: RefreshRun, error: TryAgain) -> RefreshRun:
    """The source may answer in a minute. Whoever called tries again at the time noted, if it does so by itself."""
    now = timezone.now()
    again: timedelta | None = next_try(run.attempt)
    message = _file_problem(error.code, error.details)
    return finish(run, RunState.FAILED, now=now, message=message, next_try_at=now + again if again else None)


def _refuse(run: RefreshRun, source: DataSource, rejected: Iterable[Rejected], **facts: Any) -> RefreshRun:
    found = list(rejected)
    with transaction.atomic():
        beat(run, now=timezone.now(), rows_rejected=len(found), **facts)
        RejectedRow.objects.bulk_create(
            RejectedRow(
                run=run,
                place=_place(source, one)[:120],
                code=one.code,
                details=one.details[:300],
                reason=refusal_sentence(one.code, one.details),
            )
            for one in found[:MOST_REJECTED]
        )
        message = gettext("The file was refused as a whole. The figures of before stay as they are.")
        return finish(run, RunState.REFUSED, now=timezone.now(), message=message)


def _place(source: DataSource, rejected: Rejected) -> str:
    """ "nationale_maal_2024.csv:12, value": the declared file's name, never the name of a file somebody handed in."""
    name = Path(source.file).name or source.name
    line = f"{name}:{rejected.line}" if rejected.line else name
    return f"{line}, {rejected.column}" if rejected.column else line


def _file_problem(code: str, details: str = "") -> str:
    if code == "too_large":
        return gettext("The file is far larger than any file of figures. It was not read.")
    if code == "file_missing":
        return gettext("The file is not where the source says. Check the source's file name.")
    return refusal_sentence(code, details)


def known(source: DataSource, editions: Iterable[str]) -> Known:
    """What the source's rows may refer to, from the database. 3 queries."""
    facts = {
        indicator.code: IndicatorFacts(
            unit=indicator.unit,
            kinds=frozenset(level.area_kind_id for level in indicator.levels.all()),
            breakdowns=frozenset(entry["code"] for entry in indicator.breakdowns),
        )
        for indicator in Indicator.objects.order_by().prefetch_related("levels")
    }
    areas = dict(Area.objects.order_by().values_list("code", "kind_id"))
    return Known(facts, areas, frozenset(editions), source.edition_slug)
