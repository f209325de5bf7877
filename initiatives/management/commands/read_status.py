"""manage.py read_status [--json]: what the reader suggests for a status cell given on standard input."""

from __future__ import annotations

import json
import sys
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from initiatives.actions.free_text import refuse_cpr
from initiatives.calculations.status_reader import ReadPeriod, StatusReading, read_status


class Command(BaseCommand):
    help = "Read a status cell from standard input and print what it says. Nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            default=None,
            metavar="YYYY-MM-DD",
            help="The day the words speak of; a season without a year is read as of that year.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Bytes, because the terminal's own encoding may not know æ, ø and å.
        stream = getattr(sys.stdin, "buffer", None)
        text = stream.read().decode("utf-8-sig", errors="replace") if stream else sys.stdin.read()
        try:
            refuse_cpr(text=text)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        found = as_dict(read_status(text, today=options["as_of"]))
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for key, value in found.items():
            self.stdout.write(f"{key}: {json.dumps(value, ensure_ascii=False)}")


def as_dict(reading: StatusReading) -> dict[str, Any]:
    """state and cause as codes or null, periods in the words of the text or null, milestones as {title, when}."""
    return {
        "state": reading.state,
        "planned": _words(reading.planned),
        "started": _words(reading.started),
        "since": _words(reading.since),
        "new_date": _words(reading.new_date),
        "cause": reading.cause,
        "milestones": [{"title": milestone.title, "when": milestone.when.words} for milestone in reading.milestones],
        "flags": list(reading.flags),
    }


def _words(period: ReadPeriod | None) -> str | None:
    return period.words if period else None
