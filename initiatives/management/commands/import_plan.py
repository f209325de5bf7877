"""manage.py import_plan FILE --body NAME --title T: read a plan from a file, show what was read, and store it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from initiatives.actions.plan_imports import confirm_import, start_import
from initiatives.calculations.import_checks import RowIssue
from initiatives.calculations.plan_draft import DraftItem, PlanDraft
from initiatives.models import Body, ImportState, Plan, PlanImport, PlanKind
from initiatives.plan_files.bodies import find_body
from initiatives.plan_files.limits import MOST_BYTES
from initiatives.plan_files.preview import load_preview
from initiatives.plan_files.refusals import place_words
from initiatives.plan_files.scanning import place_values
from initiatives.plan_files.upload import ReadUpload, UploadRefused, read_upload
from initiatives.presenters.import_wording import issue_text

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
        parser.add_argument("--kind", default="handleplan", metavar="CODE", help="The kind of a new plan.")
        parser.add_argument(
            "--plan", metavar="SLUG", help="The plan the file is a newer version of; without it: a new one."
        )
        parser.add_argument(
            "--again", action="store_true", help="Store a file that has been imported before once more."
        )
        parser.add_argument("--dry-run", action="store_true", help="Only read; store nothing.")
        parser.add_argument("--json", action="store_true", help="Print one JSON object with items and issues.")

    def handle(self, *args: Any, **options: Any) -> None:
        body = find_body(options["body"])
        if body is None:
            raise CommandError(f"{options['body']!r} names no body, or several. Give a slug, a name or an alias.")
        read = _read(options["file"], body, options["as_of"])
        if options["json"]:
            self.stdout.write(json.dumps(as_rows(read.draft), ensure_ascii=False, indent=2))
        else:
            self._print(read.draft)
        if not options["dry_run"]:
            self._store(read, body, options)

    def _store(self, read: ReadUpload, body: Body, options: dict[str, Any]) -> None:
        """A file is stored once: a second run says where it went, and changes nothing."""
        plan, kind = _target(options["plan"], options["kind"])
        with transaction.atomic():
            Body.objects.select_for_update().get(pk=body.pk)  # of two runs at once, the second sees the first
            known = None if options["again"] else _stored_before(read, body, plan)
            stored = known or _stored(read, body=body, plan=plan, kind=kind, title=options["title"])
        if known is None:
            self.stderr.write(f"Stored as /planer/{stored.slug}/.")
        else:
            self.stderr.write(
                f"The file has been imported before, as /planer/{known.slug}/. Nothing is stored; "
                "--again stores it once more, --plan SLUG reads it as a newer version of that plan."
            )

    def _print(self, draft: PlanDraft) -> None:
        for item in draft.items:
            state = item.guesses["state"].value if "state" in item.guesses else "-"
            self.stdout.write(f"{item.number}. {item.title}: {', '.join(item.owners) or '-'}; {state}")
        for issue in draft.issues:
            self.stdout.write(f"{issue.severity}: {issue.code} {issue.place} {dict(issue.values)}")


def _read(path: Path, body: Body, as_of: date | None) -> ReadUpload:
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_BYTES + 1)  # not many more than may be read
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return read_upload(
            body=body, content=content, filename=path.name, text="", as_of=as_of, today=timezone.localdate()
        )
    except UploadRefused as error:
        raise CommandError(str(error)) from error


def _target(slug: str | None, code: str) -> tuple[Plan | None, PlanKind]:
    """The plan the file is a newer version of, if any, and the kind of plan it is."""
    plan = Plan.objects.filter(slug=slug).select_related("kind").first() if slug else None
    kind = plan.kind if plan else PlanKind.objects.filter(code=code).first()
    if (slug and plan is None) or kind is None:
        raise CommandError(f"There is no plan {slug!r}." if slug else f"There is no kind of plan {code!r}.")
    return plan, kind


def _stored_before(read: ReadUpload, body: Body, plan: Plan | None) -> Plan | None:
    """The plan that the same file made, or last changed, before."""
    imports = PlanImport.objects.filter(body=body, sha256=read.sha256, plan=plan, state=ImportState.CONFIRMED)
    last = imports.select_related("result").first()
    return last.result if last is not None else None


def _stored(read: ReadUpload, *, body: Body, plan: Plan | None, kind: PlanKind, title: str) -> Plan:
    """Started and confirmed in one go: what a person would have to mend first is told, and nothing is stored."""
    try:
        with transaction.atomic():
            started = start_import(
                body=body, plan=plan, kind=kind, title=title, as_of=read.as_of, draft=read.draft,
                filename=read.filename, sha256=read.sha256, by=None,
            )  # fmt: skip
            wrong = load_preview(started).errors
            if wrong:
                raise CommandError("\n".join(["Nothing is stored. Mend this first:", *map(_problem, wrong)]))
            return confirm_import(plan_import=started, revision=started.revision, by=None)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def _problem(found: RowIssue) -> str:
    place = place_words(place_values(found.issue.place))
    return f"{place}: {issue_text(found.issue)}"


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
