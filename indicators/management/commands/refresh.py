"""Fetch one source's figures, from the command line."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.actions.assessments import assess, indicators_with_figures
from indicators.models import DataSource, RunState
from indicators.refresh.running import AlreadyRunning, describe, refresh_source
from sundhedsaftale.lib.danish import nearest


class Command(BaseCommand):
    help = "Fetch the figures of a source, and store what is new. Without a name: all sources, one after the other."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default="", help="the source, for example nationale_maal")
        parser.add_argument("--path", type=Path, help="read this file instead of the source's own")
        parser.add_argument("--reassess", action="store_true", help="compute all lights again, without fetching")

    def handle(self, *args: Any, **options: Any) -> None:
        name, path = options["name"], options["path"]
        if options["reassess"]:
            done = assess(indicator_ids=indicators_with_figures())
            self.stdout.write(f"{done.looked_at} figures looked at, {done.lights_changed} lights changed.")
            return
        names = list(DataSource.objects.exclude(file="").values_list("name", flat=True))
        if name and not DataSource.objects.filter(name=name).exists():
            near = ", ".join(nearest(name, names) or names) or "none; run load_catalogue first"
            raise CommandError(f"There is no source {name}. Sources: {near}.")
        if path and not name:
            raise CommandError("Name the source that the file belongs to.")
        failed = [one for one in ([name] if name else names) if not self._refreshed(one, path)]
        if failed:
            raise CommandError(f"Not fetched: {', '.join(failed)}. The figures of before stay as they are.")

    def _refreshed(self, name: str, path: Path | None) -> bool:
        try:
            run = refresh_source(name, path=path)
        except AlreadyRunning:
            self.stdout.write(f"{name}: is being fetched by somebody else right now.")
            return False
        self.stdout.write(f"{name}: {describe(run)}")
        return run.state in (RunState.STORED, RunState.UNCHANGED)
