"""Fetch one source's figures, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from indicators.actions.assessments import assess, indicators_with_figures
from indicators.actions.catalogue import CatalogueError
from indicators.actions.catalogue.source_definitions import READERS, read_definition
from indicators.actions.figure_runs import approve_run
from indicators.models import DataSource, RefreshRun, RunState
from indicators.presenters.table_notes import table_notes, table_standings
from indicators.refresh.describing import describe
from indicators.refresh.reading import NotReadable, TryAgain, look
from indicators.refresh.refusals import refusal_sentence
from indicators.refresh.running import AlreadyRunning, publish_approved, refresh_source
from sundhedsaftale.lib.danish import nearest


class Command(BaseCommand):
    help = "Fetch the figures of a source, and store what is new. Without a name: all sources, one after the other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="the source, for example nationale_maal")
        parser.add_argument("--path", type=Path, help="read this file instead of the source's own")
        parser.add_argument("--check", action="store_true", help="check the definitions of sources, without fetching")
        parser.add_argument(
            "--verify",
            action="store_true",
            help="ask the source what its table is and hold that against the definition, without fetching figures; "
            "from then on it is fetched by itself",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say what would change; nothing is stored")
        parser.add_argument(
            "--approve", action="store_true", help="store the file of the source that waits for approval"
        )
        parser.add_argument("--reassess", action="store_true", help="compute all lights again, without fetching")

    def handle(self, *args: Any, **options: Any) -> None:
        name, path = options["name"], options["path"]
        if options["reassess"]:
            done = assess(indicator_ids=indicators_with_figures())
            self.stdout.write(f"{done.looked_at} figures looked at, {done.lights_changed} lights changed.")
            return
        # Without a name, those whose file is at hand: others are fetched over the network, when somebody names them.
        every = dict(DataSource.objects.values_list("name", "file"))
        names = [one for one, file in every.items() if file]
        if name and name not in every:
            near = ", ".join(nearest(name, every) or every) or "none; run load_catalogue first"
            raise CommandError(f"There is no source {name}. Sources: {near}.")
        if options["check"]:
            self._check([name] if name else list(every))
            return
        if (path or options["approve"] or options["verify"]) and not name:
            raise CommandError("Name the source.")
        if options["verify"]:
            self._verify(DataSource.objects.get(name=name))
            return
        if options["approve"]:
            self._approve(name)
            return
        dry = options["dry_run"]
        failed = [one for one in ([name] if name else names) if not self._refreshed(one, path, dry_run=dry)]
        if failed:
            raise CommandError(f"Not stored: {', '.join(failed)}. The figures of before stay as they are.")

    def _check(self, names: list[str]) -> None:
        problems = []
        for source in DataSource.objects.filter(name__in=names, reader__in=READERS):
            try:
                definition = read_definition(source.name, source.reader)
            except CatalogueError as error:
                problems += [str(problem) for problem in error.problems]
                continue
            state = "verified" if definition.verified else "not verified against the table"
            self.stdout.write(f"{source.name}: the definition can be used ({state}).")
        if problems:
            raise CommandError("\n".join(problems))

    def _verify(self, source: DataSource) -> None:
        """The same question the fetching begins with; its answer is kept, and the data page tells it."""
        try:
            look(source)
        except (NotReadable, TryAgain) as error:
            # Every trouble of the table, the one that ended it first; of a source that did not answer only that.
            notes = table_notes([source]).get(source.pk, ()) if isinstance(error, NotReadable) else ()
            lines = dict.fromkeys((refusal_sentence(error.code, error.details), *notes))
            raise CommandError("\n".join((f"{source.name} could not be verified.", *lines))) from None
        standing = table_standings([source])[source.pk]
        every = source.fetch_every_days
        rhythm = (
            f"It is fetched every {every} days from now on."
            if every
            else "It has no fetch_every_days: nobody fetches it."
        )
        self.stdout.write("\n".join((f"{source.name}: {standing.verified}", *standing.notes, rhythm)))

    def _refreshed(self, name: str, path: Path | None, *, dry_run: bool) -> bool:
        try:
            run = refresh_source(name, path=path, dry_run=dry_run)
        except AlreadyRunning:
            self.stdout.write(f"{name}: is being fetched by somebody else right now.")
            return False
        self.stdout.write(f"{name}: {describe(run)}")
        for note in table_notes([run.source]).get(run.source_id, ()):
            self.stdout.write(f"  {note}")
        return run.state in (RunState.STORED, RunState.UNCHANGED, RunState.DRY_RUN)

    def _approve(self, name: str) -> None:
        """Whoever has the server's command line may decide; the run says that nobody signed in did."""
        run = RefreshRun.objects.filter(source__name=name, state=RunState.WAITING).first()
        if run is None:
            raise CommandError(f"No file of {name} waits for approval.")
        try:
            approve_run(run=run, by=None, seen=run.difference_fingerprint)
            run = publish_approved(run.pk)
        except (ValidationError, AlreadyRunning) as error:
            raise CommandError(f"{name} was not stored: {' '.join(getattr(error, 'messages', [str(error)]))}") from None
        self.stdout.write(f"{name}: {describe(run)}")
        if run.state not in (RunState.STORED, RunState.UNCHANGED):
            raise CommandError(f"Not stored: {name}. The figures of before stay as they are.")
