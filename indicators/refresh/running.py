"""A refresh: claim, fetch, read, part, compare, store, finish. Command, button and schedule call the same function.

Nothing is ever half loaded. One refused row refuses the whole file: a report is published as a whole, and half of it
would show areas beside each other that were not published together. The figures of before stay as they are.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext

from indicators.actions.catalogue.content import EditionFacts
from indicators.actions.catalogue.definitions import edition_facts
from indicators.actions.catalogue.reading import FOLDER
from indicators.actions.versions import bump_version
from indicators.calculations.figure_rows import IndicatorFacts, Known, Rejected, missing_columns, part_rows
from indicators.models import Area, DataSource, Edition, Indicator, RefreshRun, RejectedRow, RunState
from indicators.refresh.claims import AlreadyRunning, LostClaim, beat, claim, finish
from indicators.refresh.editions import declared_editions
from indicators.refresh.reading import Content, NotReadable, TryAgain, fetch, keep_raw, read_table
from indicators.refresh.refusals import refusal_sentence
from indicators.refresh.storing import Difference, Keys, compare, store

__all__ = ["AlreadyRunning", "describe", "refresh_source"]

log = logging.getLogger(__name__)

MOST_REJECTED = 200  # rows kept per run; the count says how many there were


def refresh_source(
    name: str,
    *,
    by: Any = None,
    path: Path | None = None,
    now: datetime | None = None,
    folder: Path = FOLDER,
) -> RefreshRun:
    """Fetch the source's figures and store what is new. Returns the finished run; its state says how it went.

    by: the user, None for the schedule and the command line. path: another file than the source's own. folder: the
    catalogue that names the source's file and the editions. Raises DataSource.DoesNotExist for an unknown name and
    AlreadyRunning when somebody else is at it. Errors of the file end in the run (REFUSED with rows, FAILED with a
    message); any other error is raised after the run is closed as failed.
    """
    source = DataSource.objects.get(name=name)
    run = claim(source, by=by, now=now or timezone.now())
    try:
        with translation.override(settings.LANGUAGE_CODE):
            return _work(source, run, path, folder)
    except LostClaim:
        log.warning("The refresh of %s was taken over by another.", name)
        run.refresh_from_db()
        return run
    except Exception:
        with translation.override(settings.LANGUAGE_CODE):
            message = gettext("The run failed. The log says why. The figures of before stay as they are.")
        finish(run, RunState.FAILED, now=timezone.now(), message=message)
        raise


def _work(source: DataSource, run: RefreshRun, path: Path | None, folder: Path) -> RefreshRun:
    try:
        content = fetch(source, path=path, folder=folder)
    except (NotReadable, TryAgain) as error:
        return finish(run, RunState.FAILED, now=timezone.now(), message=_file_problem(error.code))
    if content.fingerprint == _last_fingerprint(source):
        return finish(run, RunState.UNCHANGED, now=timezone.now(), fingerprint=content.fingerprint)
    try:
        kept = keep_raw(source, content, now=run.started_at)
        beat(run, now=timezone.now(), step="reading", fingerprint=content.fingerprint, raw_file=kept.name)
        table = read_table(source, kept.path)
    except NotReadable as error:
        return _refuse(run, source, error.all_rejected)
    beat(run, now=timezone.now(), step="checking", rows_read=len(table.rows))
    editions = {**edition_facts(folder), **declared_editions(source)}
    rejected = missing_columns(table.columns)
    if not rejected:
        accepted, rejected = part_rows(table.rows, known(source, editions))
    if rejected:
        return _refuse(run, source, rejected)
    keys = Keys.fetched()
    difference = compare(source, accepted, keys)
    if difference.vanished:
        gone = [Rejected(0, "", "vanished", where) for where in difference.vanished]
        return _refuse(run, source, gone, rows_vanished=len(gone))
    beat(run, now=timezone.now(), step="storing")
    return _store(source, run, difference, editions, keys, content)


def _store(
    source: DataSource,
    run: RefreshRun,
    difference: Difference,
    editions: dict[str, EditionFacts],
    keys: Keys,
    content: Content,
) -> RefreshRun:
    counts = {
        "rows_new": len(difference.new),
        "rows_changed": len(difference.changed),
        "rows_unchanged": difference.unchanged,
    }
    if not difference.new and not difference.changed:
        return finish(run, RunState.UNCHANGED, now=timezone.now(), **counts)
    with transaction.atomic():
        edition, lights_changed = store(
            source, difference, editions, keys, fingerprint=content.fingerprint, now=run.started_at
        )
        # In the same transaction: a run that was taken for dead meanwhile stores nothing.
        beat(run, now=timezone.now(), edition=edition, lights_changed=lights_changed, **counts)
        bump_version()
        return finish(run, RunState.STORED, now=timezone.now())


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


def _file_problem(code: str) -> str:
    if code == "too_large":
        return gettext("The file is far larger than any file of figures. It was not read.")
    return gettext("The file is not where the source says. Check the source's file name.")


def _last_fingerprint(source: DataSource) -> str:
    newest = Edition.objects.filter(source=source).order_by("-received_at", "-pk").first()
    return newest.fingerprint if newest else ""


def known(source: DataSource, editions: dict[str, EditionFacts]) -> Known:
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


def describe(run: RefreshRun) -> str:
    """One line for the command line."""
    counts = f"{run.rows_new} new, {run.rows_changed} changed, {run.rows_unchanged} as before"
    if run.state == RunState.STORED:
        return f"stored: {counts}; {run.lights_changed} lights changed."
    if run.state == RunState.UNCHANGED:
        return "nothing new: the figures are the same as last time."
    if run.state == RunState.REFUSED:
        places = [f"  {row.place}: {row.reason}" for row in run.rejected.all()[:20]]
        return f"refused, nothing stored ({run.rows_rejected} rows):\n" + "\n".join(places)
    return f"{run.state}. {run.message}".strip()
