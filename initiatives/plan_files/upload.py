"""The door between an upload and the readers of files: the only place pages call them from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from initiatives.calculations.plan_draft import PlanDraft
from initiatives.models import Body
from initiatives.plan_files.bodies import known_bodies
from initiatives.plan_files.reading import FileRefused, read_plan_file, read_plan_text, refusal_message


class UploadRefused(Exception):
    """The file cannot be read as a plan. Its text is the sentence for the person; nothing of the file is kept."""


@dataclass(frozen=True)
class ReadUpload:
    draft: PlanDraft
    sha256: str
    as_of: date
    filename: str = ""


def read_upload(
    *, body: Body, content: bytes | None, filename: str, text: str, as_of: date | None, today: date
) -> ReadUpload:
    """The plan in the file, or in the text when there is no file. as_of: None for the file's own date, else today.

    Raises UploadRefused.
    """
    day = as_of or today
    draft = _read(body, content, filename, text, day)
    named = _day(draft.as_of)
    if as_of is None and named is not None and named != day:
        day = named  # the names of bodies, and years that are left out, are those of the file's own day
        draft = _read(body, content, filename, text, day)
    print_of = hashlib.sha256(content if content is not None else text.encode()).hexdigest()
    return ReadUpload(draft, print_of, day, filename if content is not None else "")


def _read(body: Body, content: bytes | None, filename: str, text: str, day: date) -> PlanDraft:
    bodies = known_bodies(body, day)
    try:
        if content is None:
            return read_plan_text(text, as_of=day, bodies=bodies)
        return read_plan_file(content, filename, as_of=day, bodies=bodies)
    except FileRefused as refused:
        raise UploadRefused(refusal_message(refused)) from refused


def _day(words: str) -> date | None:
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None
