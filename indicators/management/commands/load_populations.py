"""How many live where, from a file: what estimates for areas without figures of their own are weighed with."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from indicators.actions.populations import store_populations
from indicators.presenters.populations import problem_sentences, stored_sentence
from indicators.refresh.population_files import FileNotTaken, read_population_file


class Command(BaseCommand):
    help = "Store a CSV or xlsx file with the columns area_code, age_group, year, people and source."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", default="", help="the source of the rows that name none")
        parser.add_argument("--dry-run", action="store_true", help="only read and check; nothing is stored")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            table = read_population_file(path.read_bytes(), path.name, source=options["source"])
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
        except FileNotTaken as error:
            raise CommandError(f"Nothing was stored. {error}") from None
        if table.problems:
            raise CommandError("Nothing was stored.\n" + "\n".join(problem_sentences(table.problems)))
        if options["dry_run"]:
            self.stdout.write(f"{len(table.rows)} rows can be stored; nothing was.")
            return
        self.stdout.write(stored_sentence(store_populations(rows=table.rows, by=None)))
