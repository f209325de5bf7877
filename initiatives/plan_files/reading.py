"""A stand-in for the readers of files: pasted text with tabs between the columns, a heading in its first line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from initiatives.calculations.plan_draft import (
    ERROR,
    DraftIssue,
    DraftItem,
    DraftMilestone,
    Guess,
    Place,
    PlanDraft,
)
from initiatives.calculations.status_reader import read_status
from initiatives.plan_files.bodies import KnownBody


class FileRefused(Exception):
    """The file cannot be read as a plan; nothing of it is kept."""


def refusal_message(error: FileRefused) -> str:
    return _("No table is found.") + f" {error}"


def read_plan_file(content: bytes, filename: str, *, as_of: date, bodies: Sequence[KnownBody]) -> PlanDraft:
    try:
        return read_plan_text(content.decode("utf-8"), as_of=as_of, bodies=bodies)
    except UnicodeDecodeError as error:
        raise FileRefused(filename) from error


def read_plan_text(text: str, *, as_of: date, bodies: Sequence[KnownBody]) -> PlanDraft:
    lines = [line.split("\t") for line in text.splitlines() if line.strip()]
    if not lines or "Status" not in lines[0]:
        raise FileRefused("")
    names = {name.casefold(): body.slug for body in bodies for name in (body.name, *body.aliases)}
    items: list[DraftItem] = []
    issues: list[DraftIssue] = []
    section = ""
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) == 1:
            section = cells[0]
            continue
        title, _dot, content = cells[0].partition(". ")
        owners = tuple(name.strip() for name in cells[1].split(",") if name.strip())
        status = cells[2].replace("\\n", "\n") if len(cells) > 2 else ""
        place = Place(table=1, row=number)
        reading = read_status(status, today=as_of)
        values, sources = reading.as_dict(), reading.sources(status)
        for name in owners:
            if name.casefold() not in names:
                issues.append(DraftIssue("owner_unknown", ERROR, place, {"owner": name, "candidates": ""}))
        items.append(
            DraftItem(
                number=len(items) + 1,
                title=title,
                section=section,
                content=content,
                owners=owners,
                owner_guesses=tuple(Guess(names.get(name.casefold(), ""), name) for name in owners),
                status_text=status,
                guesses={
                    key: Guess(str(values[key]), read.words, read.confidence, read.start, read.end)
                    for key, read in sources.items()
                    if not key.startswith("milestones.")
                },
                milestones=tuple(
                    DraftMilestone(
                        step.title, Guess(step.when.words, step.when.words, "likely", step.when.start, step.when.end)
                    )
                    for step in reading.milestones
                ),
                flags=reading.flags,
                place=place,
            )
        )
    if not items:
        raise FileRefused("")
    return PlanDraft("text", tuple(items), tuple(issues))
