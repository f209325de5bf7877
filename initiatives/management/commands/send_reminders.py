"""manage.py send_reminders [--now ISO]: queue what is due and send what waits."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from initiatives.actions.digests import queue_digests
from initiatives.actions.reminders import is_sending_time, queue_due, send_pending


class Command(BaseCommand):
    help = "Queue the reminders that are due and send what waits in the outbox. Running it again sends nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", default="", metavar="ISO", help="Act as if it were this moment, for example 2026-11-23T08:00."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = moment(options["now"]) if options["now"] else timezone.now()
        queued = queue_due(now=now)
        digests = queue_digests(now=now)
        count = send_pending(now=now)
        if not is_sending_time(now):
            self.stdout.write("Nothing is sent before 08:00 or on a day that is no working day.")
        if digests:
            self.stdout.write(f"news for {digests} people")
        self.stdout.write(
            f"queued {queued}, sent {count.sent}, waiting {count.waiting}, uncertain {count.uncertain}, "
            f"refused {count.refused}"
        )


def moment(words: str) -> datetime:
    """A moment from its ISO form; without a zone it is Danish local time, and a date alone is 09:00."""
    try:
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise CommandError(f"{words!r} is no moment. Write for example --now 2026-11-23T08:00.") from error
    if "T" not in words and " " not in words.strip():
        found = found.replace(hour=9)
    return found if found.tzinfo else timezone.make_aware(found)
