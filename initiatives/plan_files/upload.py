"""The door between an upload and the readers of files: the only place pages call them from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from initiatives.calculations.plan_draft import PlanDraft
from initiatives.calculations.plan_table import day_of
from initiatives.models import Body
from initiatives.plan_files.bodies import known_bodies
from initiatives.plan_files.limits import MOST_PDF_PAGES
from initiatives.plan_files.pdf import OnPage, glance_at_pdf
from initiatives.plan_files.reading import PDF, draft_from, open_plan_file, open_plan_text
from initiatives.plan_files.refusals import FileRefused, refusal_message
from initiatives.plan_files.scanning import refuse_cpr_numbers

#: Pages of a PDF that are read while one waits: a page takes about a sixth of a second.
SHORT_PDF = 6


class UploadRefused(Exception):
    """The file cannot be read as a plan. Its text is the sentence for the person; nothing of the file is kept."""


@dataclass(frozen=True)
class ReadUpload:
    draft: PlanDraft
    sha256: str
    as_of: date
    filename: str = ""


def takes_long(content: bytes, filename: str) -> bool:
    """Whether reading it takes longer than somebody should wait for a page. Raises UploadRefused.

    Only then is a file stored on its way, so its words are searched for CPR numbers before that.
    """
    if not filename.lower().endswith(PDF) or not content.startswith(b"%PDF-"):
        return False
    try:
        refuse_cpr_numbers([({"part": "name"}, filename)])
        return SHORT_PDF < glance_at_pdf(content) <= MOST_PDF_PAGES
    except FileRefused as refused:
        raise UploadRefused(refusal_message(refused)) from refused


def read_upload(
    *,
    body: Body,
    content: bytes | None,
    filename: str,
    text: str,
    as_of: date | None,
    today: date,
    on_page: OnPage | None = None,
) -> ReadUpload:
    """The plan in the file, or in the text when there is no file. as_of: None for the file's own date, else today.

    Raises UploadRefused. on_page: see `open_plan_file`.
    """
    try:
        document = open_plan_text(text) if content is None else open_plan_file(content, filename, on_page=on_page)
        # The names of bodies, and years that are left out, are those of the day the file speaks of.
        day = as_of or day_of(document) or today
        draft = draft_from(document, as_of=day, bodies=known_bodies(body))
    except FileRefused as refused:
        raise UploadRefused(refusal_message(refused)) from refused
    print_of = hashlib.sha256(content if content is not None else text.encode()).hexdigest()
    return ReadUpload(draft, print_of, day, filename if content is not None else "")
