"""The catalogue from its files into the database; sources that never gave a figure are fetched too."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.actions.catalogue import CatalogueError, Summary, load_catalogue
from indicators.actions.catalogue.reading import FOLDER
from indicators.models import DataSource, RunState
from indicators.refresh.describing import describe
from indicators.refresh.running import AlreadyRunning, refresh_source


class Command(BaseCommand):
    help = "Load goals, indicators and areas from the catalogue's files. Running it again changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--path", type=Path, default=FOLDER, help="another folder with the same files")
        parser.add_argument("--without-figures", action="store_true", help="do not fetch figures from new sources")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(options["path"])
        try:
            summary = load_catalogue(by=None, folder=folder)
        except CatalogueError as error:
            raise CommandError(f"Nothing was loaded. {len(error.problems)} to put right:\n{error}") from None
        self.stdout.write(_told(summary))
        if options["without_figures"]:
            return
        for source in DataSource.objects.filter(editions__isnull=True).exclude(file=""):
            self._fetch(source, folder)

    def _fetch(self, source: DataSource, folder: Path) -> None:
        try:
            run = refresh_source(source.name, folder=folder)
        except AlreadyRunning:
            self.stdout.write(f"{source.name}: is being fetched already.")
            return
        self.stdout.write(f"{source.name}: {describe(run)}")
        if run.state not in (RunState.STORED, RunState.UNCHANGED):
            raise CommandError(f"{source.name} could not be fetched.")


def _told(summary: Summary) -> str:
    if not summary.touched:
        same = summary.same.total()
        return f"The catalogue is loaded already: {same} rows, nothing changed." + _gone(summary)
    lines = [
        f"  {name}: {summary.new[name]} new, {summary.changed[name]} changed, {summary.same[name]} as before"
        for name in sorted(summary.new)
        if summary.new[name] or summary.changed[name]
    ]
    lights = f"\n{summary.lights_changed} lights changed." if summary.lights_changed else ""
    return "The catalogue is loaded:\n" + "\n".join(lines) + lights + _gone(summary)


def _gone(summary: Summary) -> str:
    gone = [f"{number} {name}" for name, number in sorted(summary.gone.items()) if number]
    return f"\nNo longer in the catalogue, and left as they are: {', '.join(gone)}." if gone else ""
