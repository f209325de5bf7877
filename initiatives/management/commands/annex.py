"""manage.py annex SNAPSHOT --format docx|pdf|xlsx --out FILE: the annex of a snapshot as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from initiatives.actions.annexes import make_annex, request_annex
from initiatives.models import AnnexFile, AnnexFormat, AnnexState, Plan, Snapshot

LATEST = "latest:"


class Command(BaseCommand):
    help = "Write the annex of a snapshot to a file. The file is kept, and is the same as the one on the page."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("snapshot", help=f"The number of the snapshot, or {LATEST}<slug of a plan>.")
        parser.add_argument("--format", required=True, choices=AnnexFormat.values)
        parser.add_argument("--out", required=True, type=Path, help="The file to write. An old one is replaced.")

    def handle(self, *args: Any, **options: Any) -> None:
        snapshot = find_snapshot(options["snapshot"])
        target: Path = options["out"]
        if not target.parent.is_dir():
            raise CommandError(f"The folder {target.parent} does not exist. Make it first.")
        row = request_annex(snapshot=snapshot, format=options["format"], by=None)
        make_annex(row.pk)
        row = AnnexFile.objects.get(pk=row.pk)
        if row.state == AnnexState.FAILED:
            raise CommandError(row.error)
        if row.state != AnnexState.READY or row.content is None:
            raise CommandError("Somebody else is making this file right now. Try again in a moment.")
        try:
            target.write_bytes(bytes(row.content))
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{target}: {row.sha256}")


def find_snapshot(name: str) -> Snapshot:
    """By its number, or the latest of a plan. Raises CommandError with what there is instead."""
    snapshots = Snapshot.objects.select_related("meeting__body")
    if name.startswith(LATEST):
        slug = name.removeprefix(LATEST)
        if not Plan.objects.filter(slug=slug).exists():
            raise CommandError(f"There is no plan {slug!r}.")
        found = snapshots.filter(plan__slug=slug).order_by("-meeting_day", "-version", "-pk").first()
        if found is None:
            raise CommandError(f"The plan {slug!r} has not been frozen yet.")
        return found
    found = snapshots.filter(pk=name).first() if name.isdecimal() and len(name) < 19 else None
    if found is None:
        raise CommandError(f"There is no snapshot {name!r}. Give its number, or {LATEST}<slug of a plan>.")
    return found
