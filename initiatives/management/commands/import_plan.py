"""manage.py import_plan FILE --body NAME --title T: read a plan from a file, show what was read, and store it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from initiatives.calculations.plan_draft import DraftItem, PlanDraft
from initiatives.calculations.plan_table import day_of
from initiatives.models import Body
from initiatives.plan_files.bodies import find_body, known_bodies
from initiatives.plan_files.limits import MOST_BYTES
from initiatives.plan_files.reading import draft_from, open_plan_file
from initiatives.plan_files.refusals import FileRefused, refusal_message

_GUESSED = ("state", "planned", "started", "since", "new_date", "cause")


class Command(BaseCommand):
    help = "Read a plan from a .docx, .xlsx, .csv, .txt or .pdf file and store it. With --dry-run nothing is stored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--body", required=True, metavar="NAME", help="The plan's body: its slug, name or an alias."
        )
        parser.add_argument("--title", required=True, help="What the plan is called.")
        parser.add_argument(
            "--as-of",
            type=date.fromisoformat,
            default=None,
            metavar="YYYY-MM-DD",
            help="The day the plan speaks of. Without it: the date found in the file, else today.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Only read; store nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object with items and issues.")

    def handle(self, *args: Any, **options: Any) -> None:
        body = find_body(options["body"])
        if body is None:
            raise CommandError(f"{options['body']!r} names no body, or several. Give a slug, a name or an alias.")
        content = _content(options["file"])
        try:
            document = open_plan_file(content, options["file"].name)
            as_of = options["as_of"] or day_of(document) or timezone.localdate()
            draft = draft_from(document, as_of=as_of, bodies=known_bodies(body))
        except FileRefused as error:
            raise CommandError(refusal_message(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(as_rows(draft), ensure_ascii=False, indent=2))
        else:
            self._print(draft)
        if not options["dry_run"]:
            store(draft, content=content, body=body, title=options["title"], as_of=as_of, filename=options["file"].name)

    def _print(self, draft: PlanDraft) -> None:
        for item in draft.items:
            state = item.guesses["state"].value if "state" in item.guesses else "-"
            self.stdout.write(f"{item.number}. {item.title}: {', '.join(item.owners) or '-'}; {state}")
        for issue in draft.issues:
            self.stdout.write(f"{issue.severity}: {issue.code} {issue.place} {dict(issue.values)}")


def _content(path: Path) -> bytes:
    """The file's bytes, not many more than may be read."""
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def store(draft: PlanDraft, *, content: bytes, body: Body, title: str, as_of: date, filename: str) -> None:
    """The one place where the command stores: through the import action, once that is there."""
    raise CommandError("Plans cannot be stored yet. Run it with --dry-run.")


def as_rows(draft: PlanDraft) -> dict[str, Any]:
    """Plain values for JSON, in the keys the status reader uses."""
    names = dict(Body.objects.values_list("slug", "name"))
    return {
        "items": [_item(item, names) for item in draft.items],
        "issues": [
            {
                "code": issue.code,
                "severity": issue.severity,
                "table": issue.place.table,
                "row": issue.place.row,
                "sheet": issue.place.sheet or None,
                "page": issue.place.page,
                "values": dict(issue.values),
            }
            for issue in draft.issues
        ],
    }


def _item(item: DraftItem, names: dict[str, str]) -> dict[str, Any]:
    owners = zip(item.owners, item.owner_guesses, strict=True)
    guessed = {key: item.guesses[key].value if key in item.guesses else None for key in _GUESSED}
    return {
        "number": item.number,
        "section_number": item.section_number,
        "section": item.section,
        "sub_section": item.sub_section,
        "title": item.title,
        "content": item.content,
        "owners": [names.get(guess.value, written) for written, guess in owners],
        "owners_as_written": list(item.owners),
        "status_text": item.status_text,
        **guessed,
        "milestones": [{"title": step.title, "date": step.when.words} for step in item.milestones],
        "flags": list(item.flags),
        "key": item.key,
        "table": item.place.table,
        "row": item.place.row,
    }
